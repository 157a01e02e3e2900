// SP.7, M3.4: outcome rules are data, and belong to a view.
#include "dealtrail/facts/outcome.hpp"

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::count_of;
using testing::minor_of;
using testing::refusal_code;
using testing::rub;
using testing::utc;

Condition is(std::string field, std::string_view value) {
  return Condition::test(std::move(field), ConditionOp::eq, Datum::text(value));
}

// "A deal lost in Claims by defect and refund": won for marketing, for finance it is a refund.
OutcomeRule claims_rule() {
  return {.name = "claims",
          .view = View::marketing,
          .outcome = "won",
          .when = Condition::all({is("pipeline", "claims"), is("lost_reason", "defect")})};
}

Trail with_deals() {
  Trail trail{RUB};
  trail.put(Channel{.id = "tg", .name = "Telegram"});
  trail.put(Announcement{.id = "a", .channel = "tg", .published_at = utc("2026-01-01")});
  trail.put(Deal{.id = "plain",
                 .announcement = "a",
                 .pipeline = "sales",
                 .outcome = "won",
                 .created_at = utc("2026-01-05"),
                 .amount = rub(100)});
  trail.put(Deal{.id = "refund",
                 .announcement = "a",
                 .pipeline = "claims",
                 .outcome = "lost",
                 .lost_reason = "defect",
                 .created_at = utc("2026-01-06"),
                 .closed_at = utc("2026-02-01"),
                 .amount = rub(40)});
  trail.put(Deal{.id = "late",
                 .announcement = "a",
                 .pipeline = "claims",
                 .outcome = "lost",
                 .lost_reason = "price",
                 .created_at = utc("2026-01-07")});
  return trail;
}

TEST(OutcomeTest, ViewsHaveNames) {
  for (const View view : {View::marketing, View::finance}) EXPECT_EQ(find_view(to_string(view)), view);
  EXPECT_FALSE(find_view("sales").has_value());
}

TEST(OutcomeTest, WithoutRulesTheSourcesWordStands) {
  const Trail trail = with_deals();
  EXPECT_EQ(trail.card("tg").won, 1);
  EXPECT_EQ(trail.card("tg").deals, 3);
  EXPECT_EQ(trail.card("tg").amount_won, rub(100));
}

TEST(OutcomeTest, AClaimsRuleMakesTwoViewsOfOneDeal) {
  Trail trail = with_deals();
  trail.set_rules({claims_rule()});
  EXPECT_EQ(trail.card("tg").won, 2);  // the live cards are marketing's
  EXPECT_EQ(trail.card("tg").amount_won, rub(140));
  const Table finance = trail.cards({.view = View::finance});
  EXPECT_EQ(count_of(finance, "tg", "won"), 1);
  EXPECT_EQ(minor_of(finance, "tg", "amount_won"), 10'000);
  EXPECT_EQ(finance.meta("view"), "finance");
  EXPECT_TRUE(testing::live_is_batch(trail));
}

// A claim on a sale (`parent`) is in no column of deals or won, whatever a rule says of it (design §6).
TEST(OutcomeTest, AClaimOnASaleIsNoDealOfItsOwn) {
  Trail trail = with_deals();
  trail.put(Deal{.id = "claim",
                 .parent = "plain",
                 .pipeline = "claims",
                 .outcome = "lost",
                 .lost_reason = "defect",
                 .created_at = utc("2026-03-01"),
                 .amount = rub(100)});
  trail.put(Deal{.id = "lost sale's claim",
                 .parent = "nowhere",
                 .outcome = "won",
                 .created_at = utc("2026-03-01"),
                 .amount = rub(100)});
  trail.set_rules({claims_rule()});
  EXPECT_EQ(trail.card("(total)").deals, 3);
  EXPECT_EQ(trail.card("(total)").won, 2);
  EXPECT_EQ(trail.card("(total)").amount_won, rub(140));
}

TEST(OutcomeTest, TheFirstRuleThatHoldsWins) {
  Trail trail = with_deals();
  trail.set_rules({{.name = "never", .outcome = "lost", .when = is("pipeline", "claims")}, claims_rule()});
  EXPECT_EQ(trail.card("tg").won, 1);
  trail.set_rules({claims_rule(), {.name = "never", .outcome = "lost", .when = is("pipeline", "claims")}});
  EXPECT_EQ(trail.card("tg").won, 2);
  trail.set_rules({});  // they replace the earlier ones
  EXPECT_EQ(trail.card("tg").won, 1);
  EXPECT_TRUE(trail.rules().empty());
}

// A rule's dates are compared with the deal's: closed_at, else its last move, else created_at.
TEST(OutcomeTest, RulesAreChosenByTheDateOfTheDeal) {
  Trail trail{RUB};
  const auto put = [&](std::string id, std::optional<Timestamp> closed) {
    trail.put(Deal{.id = std::move(id), .stage = "X", .created_at = utc("2026-01-10"), .closed_at = closed});
  };
  put("closed", utc("2026-03-01"));  // closed at the very end of the rule: not included
  put("moved", {});                  // last move within
  put("made", {});                   // created before it begins
  trail.put(Move{.id = "m1", .deal = "moved", .field = "stage", .to = "X", .at = utc("2026-02-10")});
  trail.put(Move{.id = "m0", .deal = "moved", .field = "stage", .to = "W", .at = utc("2026-01-10")});
  trail.set_rules({{.name = "february",
                    .outcome = "won",
                    .when = is("stage", "X"),
                    .from_us = to_us(utc("2026-02-01")),
                    .until_us = to_us(utc("2026-03-01"))}});
  EXPECT_EQ(trail.card("(total)").won, 1);
  EXPECT_EQ(trail.card("2026-02", "month").won, 1);
  trail.remove(Kind::moves, "m1");
  EXPECT_EQ(trail.card("(total)").won, 0);
  trail.put(Move{.id = "m2",
                 .deal = "made",
                 .field = "stage",
                 .to = "X",
                 .at = utc("2026-02-01")});  // the first moment of the rule
  EXPECT_EQ(trail.card("(total)").won, 1);
  EXPECT_TRUE(testing::live_is_batch(trail));
}

TEST(OutcomeTest, RulesReadOwnColumnsAmountsAndIds) {
  Trail trail{RUB};
  trail.declare(Kind::deals, "city", FieldType::text);
  Draft draft{Kind::deals};
  draft.id = "d";
  draft.set(fields::deals::created_at, Datum::time(to_us(utc("2026-01-01"))));
  draft.set(fields::deals::amount, Datum::text("128500.50"));
  draft.set_own("city", Datum::text("Perm"));
  trail.put(draft);
  const auto won_by = [&](Condition when) {
    trail.set_rules({{.name = "r", .outcome = "won", .when = std::move(when)}});
    return trail.card("(total)").won == 1;
  };
  EXPECT_TRUE(won_by(is("city", "Perm")));
  EXPECT_FALSE(won_by(is("city", "Omsk")));
  EXPECT_TRUE(won_by(is("id", "d")));
  EXPECT_TRUE(won_by(Condition::test("amount", ConditionOp::ge, Datum::decimal(12'850'050, 2))));  // in major units
  EXPECT_FALSE(won_by(Condition::test("amount", ConditionOp::gt, Datum::decimal(12'850'050, 2))));
  EXPECT_TRUE(won_by(Condition::null("closed_at")));
  EXPECT_TRUE(won_by(Condition{}));  // no test: always
}

TEST(OutcomeTest, RulesThatCannotBeMeantAreRefused) {
  Trail trail = with_deals();
  trail.set_rules({claims_rule()});
  EXPECT_EQ(refusal_code([&] { trail.set_rules({{.name = "x", .outcome = "refund"}}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { trail.set_rules({{.name = "x", .outcome = "won", .when = is("city", "Perm")}}); }),
            ErrorCode::unknown_name);
  EXPECT_EQ(trail.rules().size(), 1U);  // nothing changed
  EXPECT_EQ(trail.card("tg").won, 2);
}

// What set_rules keeps, a snapshot must be able to give back.
TEST(OutcomeTest, RulesThatNoSnapshotCanHoldAreRefused) {
  const auto kept_or_refused = [](OutcomeRule rule) {
    Trail trail{RUB};
    try {
      trail.set_rules({std::move(rule)});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      return;
    }
    EXPECT_EQ(Trail::restore(trail.snapshot()).rules(), trail.rules());
  };
  kept_or_refused({.name = "\xFF", .outcome = "won"});
  kept_or_refused({.name = "x", .outcome = "won", .when = is("stage", "\xFF")});
  kept_or_refused(
      {.name = "x", .outcome = "won", .when = Condition::test("amount", ConditionOp::gt, Datum::decimal(1, 2'000))});
  Condition deep = Condition::null("stage");
  for (int i = 0; i < 80; ++i) deep = Condition::negation(deep);
  kept_or_refused({.name = "x", .outcome = "won", .when = deep});
}

}  // namespace
}  // namespace dealtrail
