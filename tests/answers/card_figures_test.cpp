// AT.7: cards in which some sums are given.
#include "dealtrail/answers/card_figures.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"
#include "support/refusal.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::count_of;
using testing::minor_of;
using testing::real_of;
using testing::refusal_code;
using testing::rub;
using testing::utc;

using Cells = std::vector<std::string>;

constexpr detail::int128 one = detail::int128{1} << 48;

// Two channels; tg cost 300 and made both deals of 1000 and 500 by its links, of which the cost of one is known.
Trail two_deals() {
  Trail trail{RUB};
  trail.put(Channel{.id = "mail", .name = "Mail"});
  trail.put(Channel{.id = "tg", .name = "Telegram"});
  trail.put(Announcement{.id = "a", .channel = "tg", .published_at = utc("2026-03-01"), .brand = "north"});
  trail.put(Cost{.id = "c", .kind = "marketing", .announcement = "a", .amount = rub(300), .at = utc("2026-03-01")});
  Deal deal{.id = "d1", .announcement = "a", .outcome = "won", .created_at = utc("2026-03-05")};
  deal.amount = rub(1000);
  deal.cost = rub(400);
  trail.put(deal);
  deal.id = "d2";
  deal.amount = rub(500);
  deal.cost.reset();
  trail.put(deal);
  return trail;
}

TEST(CardFigures, TakeThePlaceOfSumsAndOfRatiosMadeOfThem) {
  const Trail trail = two_deals();
  const std::vector<CardFigure> figures{{"mail", Metric::deals, one / 2},
                                        {"tg", Metric::deals, one},
                                        {"(unattributed)", Metric::deals, one / 2},
                                        {"tg", Metric::amount_won, 600'00}};
  const Table cards = cards_with(trail, figures);
  EXPECT_EQ(column(cards, "key"), (Cells{"mail", "tg", "(unattributed)", "(total)"}));
  EXPECT_EQ(real_of(cards, "mail", "deals"), 0.5);
  EXPECT_EQ(real_of(cards, "tg", "deals"), 1);
  EXPECT_EQ(real_of(cards, "(total)", "deals"), 2);
  EXPECT_EQ(real_of(cards, "tg", "cost_per_deal"), 300);
  EXPECT_EQ(real_of(cards, "(total)", "cost_per_deal"), 150);
  EXPECT_EQ(real_of(cards, "mail", "cost_per_deal"), std::nullopt);  // it has no cost at any date
  EXPECT_EQ(minor_of(cards, "tg", "amount_won"), 600'00);
  EXPECT_EQ(minor_of(cards, "mail", "amount_won"), 0);
  EXPECT_EQ(minor_of(cards, "(total)", "amount_won"), 1500'00);
  EXPECT_EQ(real_of(cards, "tg", "roas"), 2);
  EXPECT_EQ(count_of(cards, "tg", "won"), 2);  // nobody gave it: direct
  EXPECT_EQ(minor_of(cards, "tg", "margin"), 600'00);
  EXPECT_EQ(cards.meta("computed"), "scan");
}

TEST(CardFigures, WhatCannotBeSaidIsNull) {
  const Trail trail = two_deals();
  const std::vector<CardFigure> figures{{"tg", Metric::deals, std::nullopt}, {"tg", Metric::margin, 0}};
  const Table cards = cards_with(trail, figures);
  EXPECT_EQ(real_of(cards, "tg", "deals"), std::nullopt);
  EXPECT_EQ(real_of(cards, "tg", "cost_per_deal"), std::nullopt);
  EXPECT_EQ(real_of(cards, "mail", "deals"), 0);
  EXPECT_EQ(minor_of(cards, "(total)", "margin"), 600'00);
}

TEST(CardFigures, AKeyOfAColumnGetsARow) {
  const Trail trail = two_deals();
  const CardsOptions by_brand{.by = "brand"};
  const std::vector<CardFigure> figures{{"east", Metric::won, one}, {"north", Metric::won, one}};
  EXPECT_EQ(column(cards_with(trail, figures, by_brand), "key"), (Cells{"east", "north", "(unattributed)", "(total)"}));
  const auto code = [&](const CardFigure& figure) {
    return refusal_code([&] { static_cast<void>(cards_with(trail, std::vector{figure})); });
  };
  EXPECT_EQ(code({"east", Metric::won, one}), ErrorCode::unknown_name);
  EXPECT_EQ(code({"(total)", Metric::won, one}), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
