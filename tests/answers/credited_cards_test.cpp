// AT.7: cards whose guests and deals are credited by a model.
#include "dealtrail/answers/credited_cards.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/attribution/first_touch.hpp"
#include "dealtrail/attribution/linear.hpp"
#include "dealtrail/attribution/participation.hpp"

#include "support/facts.hpp"
#include "support/refusal.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::minor_of;
using testing::real_of;
using testing::refusal_code;
using testing::rub;
using testing::utc;

// Ann: portal on the 1st, mail on the 2nd, registers by mail and comes on the 10th; a deal of 100 that cost 40, won.
Trail ann() {
  Trail trail{RUB};
  for (const char* channel : {"mail", "portal", "radio"}) {
    const std::string id{channel};
    trail.put(Channel{.id = id, .name = id});
    trail.put(Announcement{.id = "a-" + id, .channel = id, .event = "day", .published_at = utc("2026-02-20")});
  }
  trail.put(Event{.id = "day", .name = "Day", .starts_at = utc("2026-03-10")});
  trail.put(
      Cost{.id = "c", .kind = "marketing", .announcement = "a-portal", .amount = rub(20), .at = utc("2026-02-20")});
  trail.put(Touch{.id = "t1", .person = "ann", .announcement = "a-portal", .at = utc("2026-03-01"), .kind = "click"});
  trail.put(Touch{.id = "t2", .person = "ann", .announcement = "a-mail", .at = utc("2026-03-02"), .kind = "form"});
  trail.put(Registration{.id = "r", .event = "day", .person = "ann", .touch = "t2", .at = utc("2026-03-02")});
  trail.put(Attendance{.id = "s", .registration = "r", .at = utc("2026-03-10T10:00")});
  Deal deal{.id = "d",
            .person = "ann",
            .registration = "r",
            .outcome = "won",
            .created_at = utc("2026-03-12"),
            .closed_at = utc("2026-03-20")};
  deal.amount = rub(100);
  deal.cost = rub(40);
  trail.put(deal);
  return trail;
}

// By hand: attended is shared by portal and mail, one touch each before she came; the deal by portal, mail, mail (the
// arrival is a touch of mail): a third to portal, two thirds to mail.
TEST(CreditedCards, AreSharedByWhoTouched) {
  const Table cards = credited_cards(ann(), attribution::linear_rule());
  EXPECT_EQ(column(cards, "key"), (std::vector<std::string>{"mail", "portal", "radio", "(unattributed)", "(total)"}));
  EXPECT_EQ(real_of(cards, "mail", "attended"), 0.5);
  EXPECT_EQ(real_of(cards, "portal", "attended"), 0.5);
  EXPECT_NEAR(*real_of(cards, "portal", "deals"), 1.0 / 3, 1e-12);
  EXPECT_EQ(minor_of(cards, "mail", "amount_won"), 66'67);
  EXPECT_EQ(minor_of(cards, "portal", "amount_won"), 33'33);
  EXPECT_EQ(minor_of(cards, "mail", "margin"), 40'00);
  EXPECT_EQ(minor_of(cards, "portal", "margin"), 20'00);
  EXPECT_EQ(minor_of(cards, "radio", "margin"), std::nullopt);
  EXPECT_EQ(real_of(cards, "portal", "cost_per_attendee"), 40);
  EXPECT_NEAR(*real_of(cards, "portal", "cost_per_deal"), 60, 1e-9);
  EXPECT_NEAR(*real_of(cards, "portal", "roas"), 33.33 / 20, 1e-12);
  EXPECT_EQ(minor_of(cards, "(total)", "amount_won"), 100'00);
  EXPECT_EQ(cards.meta("credit"), "linear");
  const Table first = credited_cards(ann(), attribution::first_touch_rule(), {.cards = {.by = "announcement"}});
  EXPECT_EQ(real_of(first, "a-portal", "won"), 1);
  EXPECT_EQ(real_of(first, "a-mail", "won"), 0);
}

TEST(CreditedCards, ByAModelOfOnesOwn) {
  const auto full = [](const Journeys& all) { return attribution::participation(all); };
  const Table cards = credited_cards(ann(), full);
  EXPECT_EQ(minor_of(cards, "mail", "amount_won"), 100'00);
  EXPECT_EQ(minor_of(cards, "portal", "amount_won"), 100'00);
  EXPECT_EQ(minor_of(cards, "(total)", "amount_won"), 100'00);
}

TEST(CreditedCards, MistakesAreErrors) {
  const Trail trail = ann();
  const auto code = [&](const CreditedCardsOptions& options) {
    return refusal_code([&] { static_cast<void>(credited_cards(trail, attribution::linear_rule(), options)); });
  };
  EXPECT_EQ(code({.cards = {.by = "month"}}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.cards = {.by = "weather"}}), ErrorCode::unknown_name);
  EXPECT_EQ(code({.cards = {.clock = Clock::placement}}), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(credited_cards(trail, std::span<const Credit>{})); }),
            ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
