// The view of histories: what a deal was at every moment, read from moves.
#include "dealtrail/histories/histories.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/trail/trail.hpp"

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::rub;
using testing::utc;

Move stage_of(std::string id, std::string deal, std::string to, std::string_view at) {
  Move move{.id = std::move(id)};
  move.deal = std::move(deal);
  move.field = "stage";
  move.pipeline = "sales";
  move.to = std::move(to);
  move.at = utc(at);
  return move;
}

Deal deal_of(std::string id, std::string stage, std::string outcome) {
  Deal deal{.id = std::move(id)};
  deal.pipeline = "sales";
  deal.stage = std::move(stage);
  deal.outcome = std::move(outcome);
  deal.created_at = utc("2026-01-01");
  deal.amount = rub(100);
  return deal;
}

TEST(Histories, ADealLostAndTakenUpAgainClosesTwice) {
  Trail trail{RUB};
  trail.put(deal_of("x", "LOST", "lost"));
  Deal won = deal_of("a", "WON", "won");
  won.closed_at = utc("2026-01-20");
  trail.put(won);
  trail.put(stage_of("3", "a", "TALK", "2026-01-09"));
  trail.put(stage_of("4", "a", "WON", "2026-01-19"));
  trail.put(stage_of("1", "a", "NEW", "2026-01-01"));
  trail.put(stage_of("2", "a", "LOST", "2026-01-05"));
  const Histories view = histories(trail);
  ASSERT_EQ(view.deals.size(), 2U);
  EXPECT_EQ(view.deals[0].created.stage, "NEW");
  std::vector<std::string> told;
  for (std::size_t i = view.deals[0].first; i < view.deals[0].last; ++i) {
    const DealChange& change = view.changes[i];
    told.push_back(std::string{to_string(change.field)} + " " + std::string{change.text} +
                   (change.number.has_value() ? std::to_string(*change.number) : ""));
  }
  EXPECT_EQ(told,
            (std::vector<std::string>{"stage LOST", "outcome 2", "stage TALK", "outcome 0", "stage WON", "outcome 1"}));
  EXPECT_TRUE(view.has(DealField::pipeline));
  EXPECT_FALSE(view.has(DealField::amount));
  EXPECT_EQ(column(view.problems.table(), "code"), (std::vector<std::string>{"no_closed_at"}));
  EXPECT_EQ(histories_table(view).rows(), 6 + 1 + 6 + 6);
}

TEST(Histories, MovesOfOneTimeStandByFieldAndId) {
  Trail trail{RUB};
  trail.put(deal_of("a", "TALK", "open"));
  trail.put(stage_of("2", "a", "TALK", "2026-01-09"));
  trail.put(stage_of("1", "a", "NEW", "2026-01-09"));
  const Histories view = histories(trail);
  EXPECT_EQ(view.changes.at(view.deals[0].last - 1).text, "TALK");
  EXPECT_EQ(view.problems.table().rows(), 0);
}

TEST(Histories, ClaimsAreApart) {
  Trail trail{RUB};
  trail.put(deal_of("a", "TALK", "open"));
  Deal claim = deal_of("b", "TALK", "open");
  claim.parent = "a";
  trail.put(claim);
  const Histories view = histories(trail);
  EXPECT_EQ(view.deals.size(), 1U);
  EXPECT_EQ(view.claims, 1);
}

}  // namespace
}  // namespace dealtrail
