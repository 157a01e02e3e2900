// The order of follow-up by rules that are data (PF.4, M0.5) over guests filled by hand.
#include "dealtrail/funnel/priority.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::utc;
using Texts = std::vector<std::string>;

Guests of(std::vector<Guest> rows) {
  Guests guests;
  guests.currency = RUB;
  guests.now = utc("2026-03-31");
  guests.rows = std::move(rows);
  return guests;
}

Guest guest(std::string_view id, std::int64_t offers_asked = 0) {
  return {.event = "e",
          .starts_at = utc("2026-03-10"),
          .guest = id,
          .came = true,
          .signals = offers_asked,
          .offer_requests = offers_asked};
}

Condition at_least(const char* name, std::int64_t count) {
  return Condition::test(name, ConditionOp::ge, Datum::integer(count));
}

TEST(PriorityTest, PointsAddUpAndReasonsAreShownInTheOrderOfTheRules) {
  Guest ann = guest("ann", 1);
  ann.closed_sessions = 1;
  const Table table = priority(of({guest("nobody"), ann}), default_priority_rules());
  ASSERT_EQ(table.rows(), 1);
  EXPECT_EQ(table.integer_at(0, "points"), 80);  // 50 for the offer, 20 for the session, 10: nobody in touch
  EXPECT_EQ(table.text_at(0, "level"), "high");
  EXPECT_EQ(table.text_at(0, "reasons"), "asked for an offer; was in a closed session; nobody has been in touch since");
}

TEST(PriorityTest, RulesAreData) {
  PriorityRules rules;
  rules.rules = {{.name = "rich", .points = 7, .when = at_least("amount_open", 100)},
                 {.name = "all", .points = 1, .when = {}, .reason = "came"}};
  rules.levels = {{.name = "first", .from = 5}, {.name = "rest", .from = 1}};
  Guest poor = guest("poor");
  poor.open_deals = 1;
  poor.amount_open = MoneySum{9'999};  // 99.99: conditions see money in major units
  Guest rich = poor;
  rich.guest = "rich";
  rich.amount_open = MoneySum{10'000};
  const Table table = priority(of({poor, rich}), rules);
  EXPECT_EQ(column(table, "guest"), (Texts{"rich", "poor"}));
  EXPECT_EQ(column(table, "level"), (Texts{"first", "rest"}));
  EXPECT_EQ(column(table, "reasons"), (Texts{"rich; came", "came"}));
}

TEST(PriorityTest, ARuleHoldsByTheDayOfTheEvent) {
  PriorityRules rules;
  rules.rules = {{.name = "old", .points = 1, .until_us = to_us(utc("2026-03-10"))},
                 {.name = "new", .points = 2, .from_us = to_us(utc("2026-03-10"))}};
  EXPECT_EQ(column(priority(of({guest("ann")}), rules), "reasons"), (Texts{"new"}));
  Guest undated = guest("ann");
  undated.starts_at = std::nullopt;
  EXPECT_EQ(priority(of({undated}), rules).rows(), 0);
  undated.came_at = utc("2026-03-09");
  EXPECT_EQ(column(priority(of({undated}), rules), "reasons"), (Texts{"old"}));
}

TEST(PriorityTest, WhoNeitherCameNorWasMarkedAndWhoHasNoPointsIsNotOnTheList) {
  PriorityRules rules;
  rules.rules = {{.name = "all", .points = 1}, {.name = "served", .points = -1, .when = at_least("offers", 1)}};
  Guest absent = guest("absent");
  absent.came = false;
  Guest served = guest("served");
  served.offers = 1;
  EXPECT_EQ(column(priority(of({absent, guest("ann"), served}), rules), "guest"), (Texts{"ann"}));
}

TEST(PriorityTest, AListForEachManagerTheGreatestFirst) {
  Guest one = guest("one", 1);
  Guest two = guest("two", 1);
  two.closed_sessions = 1;
  Guest three = guest("three", 1);
  one.manager = two.manager = "mia";
  EXPECT_EQ(column(priority(of({three, one, two}), default_priority_rules()), "guest"), (Texts{"two", "one", "three"}));
  EXPECT_EQ(priority(of({three, one, two}), default_priority_rules(), {.managers = {"mia"}}).rows(), 2);
  EXPECT_EQ(priority(of({three, one, two}), default_priority_rules(), {.event = "f"}).rows(), 0);
}

TEST(PriorityTest, ARuleOverNoColumnAndTooManyPointsAreRefused) {
  PriorityRules rules;
  rules.rules = {{.name = "wrong", .points = 1, .when = at_least("colour", 1)}};
  EXPECT_EQ(testing::refusal_code([&] { (void)priority(of({}), rules); }), ErrorCode::unknown_name);
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  rules.rules = {{.name = "much", .points = most}, {.name = "more", .points = 1}};
  EXPECT_EQ(testing::refusal_code([&] { (void)priority(of({guest("ann")}), rules); }), ErrorCode::overflow);
}

}  // namespace
}  // namespace dealtrail
