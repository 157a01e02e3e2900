// The funnel over guests filled by hand (PF.4, M0.6, M1.5, M4.4): a calculator needs no Trail.
#include "dealtrail/funnel/funnel.hpp"

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::count_of;
using testing::minor_of;
using testing::real_of;
using testing::utc;

// Event e: ann invited, registered, came, marked, won 10.00; bob invited and registered; cat walked in and bought
// without a mark. Event f (April): dan was invited.
Guests four() {
  Guests guests;
  guests.currency = RUB;
  guests.events = {"e", "f"};
  guests.keys = {{.key = "e", .name = "East", .starts_at = utc("2026-03-10"), .event = true, .goal_attended = 4},
                 {.key = "f", .starts_at = utc("2026-04-10"), .event = true, .goal_attended = 1, .goal_revenue = 0}};
  const auto march = utc("2026-03-10");
  guests.rows = {
      {.event = "e",
       .starts_at = march,
       .begun = true,
       .over = true,
       .attendance_taken = true,
       .manager = "mia",
       .invited = true,
       .registered = true,
       .tickets = 4,
       .came = true,
       .attended = true,
       .tickets_attended = 3,
       .signals = 1,
       .deals = 2,
       .won = 1,
       .amount_won = MoneySum{1'000},
       .key = 0},
      {.event = "e",
       .starts_at = march,
       .begun = true,
       .over = true,
       .attendance_taken = true,
       .manager = "max",
       .manager_left = true,
       .invited = true,
       .registered = true,
       .tickets = 1,
       .key = 0},
      {.event = "e",
       .starts_at = march,
       .begun = true,
       .over = true,
       .attendance_taken = true,
       .came = true,
       .walk_in = true,
       .tickets_attended = 1,
       .deals = 1,
       .key = 0},
      {.event = "f", .starts_at = utc("2026-04-10"), .invited = true, .key = 1},
  };
  return guests;
}

TEST(FunnelTest, AnyOrderCountsWhoeverDidAStep) {
  const Table table = funnel(four());
  EXPECT_EQ(testing::column(table, "key"), (std::vector<std::string>{"e", "f", "(unattributed)", "(total)"}));
  EXPECT_EQ(count_of(table, "e", "guests"), 3);
  EXPECT_EQ(count_of(table, "e", "came"), 2);
  EXPECT_EQ(count_of(table, "e", "walk_ins"), 1);
  EXPECT_EQ(count_of(table, "e", "deal_guests"), 2);
  EXPECT_EQ(count_of(table, "e", "deals"), 3);
  EXPECT_EQ(minor_of(table, "e", "amount_won"), 1'000);
  EXPECT_EQ(count_of(table, "(total)", "invited"), 3);
}

// Seats stand beside guests: ann had four tickets and came with two others, cat walked in.
TEST(FunnelTest, TicketsStandBesideGuests) {
  const Table table = funnel(four());
  EXPECT_EQ(count_of(table, "e", "tickets"), 5);
  EXPECT_EQ(count_of(table, "e", "tickets_attended"), 4);
  const Table strict = funnel(four(), {.order = StepOrder::strict, .first = FunnelStep::registered});
  EXPECT_EQ(count_of(strict, "e", "tickets"), 5);
  EXPECT_EQ(count_of(strict, "e", "tickets_attended"), 3);  // cat did not register
}

// Nobody is absent where nobody looked: who came is null, in the totals only where that is so of all.
TEST(FunnelTest, WhoCameIsNotKnownWhereNobodyLooked) {
  Guests guests = four();
  guests.rows[3].registered = guests.rows[3].begun = guests.rows[3].over = true;  // dan, to f
  const Table table = funnel(guests);
  for (const char* figure : {"came", "attended", "walk_ins", "tickets_attended"}) {
    EXPECT_EQ(table.integer_at(*table.find_row("key", "f"), figure), std::nullopt) << figure;
    EXPECT_EQ(count_of(table, "(total)", figure), count_of(table, "e", figure)) << figure;
  }
  EXPECT_EQ(real_of(table, "f", "came_rate"), std::nullopt);
  EXPECT_EQ(real_of(table, "(total)", "came_rate"), real_of(table, "e", "came_rate"));
}

TEST(FunnelTest, RatesAreOfTheStepBeforeAndNullWithoutIt) {
  const Table table = funnel(four());
  EXPECT_EQ(real_of(table, "e", "registered_rate"), 1.0);
  EXPECT_EQ(real_of(table, "e", "came_rate"), 0.5);  // ann of ann and bob; cat did not register
  EXPECT_EQ(real_of(table, "e", "deal_rate"), 1.0);  // ann of ann; cat was not marked
  EXPECT_EQ(real_of(table, "e", "came_of_all"), 2.0 / 3.0);
  EXPECT_EQ(real_of(table, "f", "came_rate"), std::nullopt);
  EXPECT_EQ(real_of(table, "(unattributed)", "came_of_all"), std::nullopt);
  EXPECT_EQ(real_of(table, "(total)", "registered_rate"), 2.0 / 3.0);
}

// Nobody can have come to what has not begun: null in its row, and not in the totals.
TEST(FunnelTest, RatesOfComingAreOfEventsThatHaveBegun) {
  Guests guests = four();
  guests.rows[3].registered = true;  // dan, to f in April
  const Table table = funnel(guests);
  for (const char* rate : {"came_rate", "came_of_all", "interested_of_all"}) {
    EXPECT_EQ(real_of(table, "f", rate), std::nullopt) << rate;
    EXPECT_EQ(real_of(table, "(total)", rate), real_of(table, "e", rate)) << rate;
  }
  EXPECT_EQ(real_of(table, "f", "registered_rate"), 1.0);
}

TEST(FunnelTest, AStrictChainKeepsOnlyThoseWhoDidAll) {
  const Table table = funnel(four(), {.order = StepOrder::strict, .first = FunnelStep::came});
  EXPECT_EQ(count_of(table, "e", "guests"), 2);
  EXPECT_EQ(count_of(table, "e", "invited"), 0);
  EXPECT_EQ(count_of(table, "e", "deal_guests"), 1);
  EXPECT_EQ(count_of(table, "e", "deals"), 2);
  EXPECT_EQ(real_of(table, "e", "interested_of_all"), 0.5);
}

TEST(FunnelTest, GoalsStandBesideAndAddUp) {
  const Table table = funnel(four());
  EXPECT_EQ(count_of(table, "e", "goal_came"), 4);
  EXPECT_EQ(real_of(table, "e", "came_done"), 0.5);
  EXPECT_EQ(real_of(table, "f", "revenue_done"), std::nullopt);  // a goal of nothing
  EXPECT_EQ(count_of(table, "(total)", "goal_came"), 5);
  EXPECT_EQ(real_of(table, "(total)", "came_done"), 0.4);
}

TEST(FunnelTest, FiltersLeaveGuestsOutOfTheTotalToo) {
  EXPECT_EQ(count_of(funnel(four(), {.event = "e"}), "(total)", "guests"), 3);
  EXPECT_EQ(count_of(funnel(four(), {.period = parse_period("2026-04")}), "(total)", "guests"), 1);
  EXPECT_EQ(count_of(funnel(four(), {.managers = {"mia"}}), "(total)", "guests"), 1);
  EXPECT_EQ(count_of(funnel(four(), {.exclude_managers = {"mia"}}), "(total)", "guests"), 3);
  EXPECT_EQ(count_of(funnel(four(), {.exclude_left = true}), "(total)", "guests"), 3);
}

TEST(FunnelTest, AnEventThatIsNotThereIsRefused) {
  EXPECT_EQ(testing::refusal_code([] { (void)funnel(four(), {.event = "g"}); }), ErrorCode::unknown_name);
}

TEST(FunnelTest, WithoutGuestsThereIsNothingToDivideBy) {
  Guests none;
  none.currency = RUB;
  const Table table = funnel(none);
  EXPECT_EQ(testing::column(table, "key"), (std::vector<std::string>{"(unattributed)", "(total)"}));
  EXPECT_EQ(real_of(table, "(total)", "won_rate"), std::nullopt);
  EXPECT_EQ(minor_of(table, "(total)", "amount_won"), 0);
}

TEST(FunnelStepTest, NamesAreReadBack) {
  for (const std::string_view name : funnel_step_names) EXPECT_EQ(to_string(*find_funnel_step(name)), name);
  EXPECT_EQ(find_funnel_step("bought"), std::nullopt);
}

}  // namespace
}  // namespace dealtrail
