// AT.7, law 8: what each touch got adds up to what its channel has, for every rule model.
#include "dealtrail/attribution/credits.hpp"

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/attribution/first_touch.hpp"
#include "dealtrail/attribution/last_touch.hpp"
#include "dealtrail/attribution/linear.hpp"
#include "dealtrail/attribution/milestones.hpp"
#include "dealtrail/attribution/participation.hpp"
#include "dealtrail/attribution/position_based.hpp"
#include "dealtrail/attribution/time_decay.hpp"
#include "dealtrail/core/random.hpp"

#include "attribution/random_touches.hpp"
#include "attribution/story.hpp"
#include "support/facts.hpp"
#include "support/refusal.hpp"
#include "support/touch_rows.hpp"

namespace dealtrail {
namespace {

using attribution::credits;
using testing::column;
using testing::journeys_of;
using testing::PathRow;
using testing::refusal_code;
using testing::story;
using testing::TouchRow;

using Cells = std::vector<std::string>;

// T11: value 100, touches 1 to 5, first = 1, lead = 3, deal = 5: W is 30, 5, 30, 5, 30.
TEST(Credits, WByTouch) {
  const Table table = credits(story(5, "2026-03-03", "2026-03-05"), attribution::w_shaped_rule());
  EXPECT_EQ(column(table, "channel"), (Cells{"1", "2", "3", "4", "5"}));
  const std::vector<std::int64_t> expected{30'00, 5'00, 30'00, 5'00, 30'00};
  for (std::int64_t row = 0; row < 5; ++row) {
    EXPECT_EQ(table.minor_at(row, "value"), expected[static_cast<std::size_t>(row)]);
    EXPECT_EQ(table.integer_at(row, "place"), row + 1);
    EXPECT_NEAR(*table.real_at(row, "conversions"), static_cast<double>(*table.minor_at(row, "value")) / 100'00, 1e-14);
  }
  EXPECT_EQ(column(table, "fact"), Cells(5, "deal"));
  EXPECT_EQ(column(table, "subject"), Cells(5, "ann"));
}

// By hand: a rouble by linear over three touches is 34, 33, 33 kopecks; participation gives all at the first of a
// channel.
TEST(Credits, EveryTouchOfAConvertingJourneyHasARow) {
  const Journeys journeys = journeys_of(std::vector<PathRow>{{"a>b>a", 2, 5, 1}, {"b", 0, 9, 0}, {"", 3, 1, 7}});
  const Table linear = credits(journeys, attribution::linear_rule());
  EXPECT_EQ(column(linear, "channel"), (Cells{"(unattributed)", "a", "b", "a"}));
  EXPECT_EQ(linear.minor_at(0, "value"), 7'00);
  EXPECT_EQ(linear.real_at(0, "conversions"), 3);
  EXPECT_EQ(linear.minor_at(1, "value"), 34);
  EXPECT_EQ(linear.minor_at(3, "value"), 33);
  EXPECT_TRUE(linear.at(0, "place").is_null());
  EXPECT_TRUE(linear.at(1, "at").is_null());
  const Table full = credits(journeys, attribution::participation_rule());
  EXPECT_EQ(full.real_at(1, "conversions"), 2);
  EXPECT_EQ(full.minor_at(2, "value"), 1'00);
  EXPECT_EQ(full.real_at(3, "conversions"), 0);
  const Table first = credits(journeys, attribution::first_touch_rule());
  EXPECT_EQ(first.minor_at(1, "value"), 1'00);
  EXPECT_EQ(first.minor_at(3, "value"), 0);
}

TEST(Credits, OfOneChannel) {
  const Journeys journeys = journeys_of(std::vector<TouchRow>{
      {"s", 1, "a", 0, 0}, {"s", 2, "b", 1, 10}, {"t", 1, "b", 1, 4}, {"u", 1, "c", 0, 0}, {"v", 1, "a", 0, 0}});
  const Table of_b = credits(journeys, attribution::linear_rule(), {.channel = "b"});
  EXPECT_EQ(column(of_b, "subject"), (Cells{"s", "t"}));
  EXPECT_EQ(of_b.integer_at(0, "journey"), 0);
  EXPECT_EQ(of_b.integer_at(0, "place"), 2);
  EXPECT_EQ(of_b.minor_at(0, "value"), 5'00);
  EXPECT_EQ(of_b.integer_at(1, "journey"), 1);
  EXPECT_EQ(credits(journeys, attribution::linear_rule(), {.channel = "c"}).rows(), 0);
  EXPECT_EQ(credits(journeys, attribution::linear_rule(), {.channel = "(unattributed)"}).rows(), 0);
  EXPECT_EQ(credits(Journeys{}, attribution::linear_rule()).rows(), 0);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(credits(journeys, attribution::linear_rule(), {.channel = "d"})); }),
            ErrorCode::unknown_name);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(credits(journeys, attribution::w_shaped_rule())); }),
            ErrorCode::invalid_argument);
}

struct Sum {
  CreditUnits units = 0;
  std::int64_t value = 0;
};

// Doubles hold units of up to 32 conversions exactly, so a row gives its units back.
void expect_adding_up(const Journeys& journeys, const CreditRule& rule) {
  const Table table = credits(journeys, rule);
  std::map<std::string, Sum> sums;
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    Sum& sum = sums[std::string{*table.text_at(row, "channel")}];
    sum.units += static_cast<CreditUnits>(std::ldexp(*table.real_at(row, "conversions"), 48));
    if (journeys.has_values()) sum.value += *table.minor_at(row, "value");
  }
  const Credit expected = credit(journeys, rule);
  for (const ChannelCredit& one : expected.channels) {
    ASSERT_TRUE(sums[one.channel].units == *one.conversions) << rule.model << ' ' << one.channel;
    ASSERT_EQ(sums[one.channel].value, *one.value) << rule.model << ' ' << one.channel;
    sums.erase(one.channel);
  }
  ASSERT_TRUE(sums["(unattributed)"].units == expected.unattributed_conversions) << rule.model;
  ASSERT_EQ(sums["(unattributed)"].value, expected.unattributed_value) << rule.model;
  ASSERT_EQ(sums.size(), 1U) << rule.model;
}

std::vector<CreditRule> rules() {
  return {attribution::first_touch_rule(),
          attribution::last_touch_rule({}),
          attribution::last_touch_rule({"c101", "a"}),
          attribution::linear_rule(),
          attribution::position_based_rule(),
          attribution::position_based_rule(attribution::j_shaped),
          attribution::milestones_rule({{"first", 0.5}, {"last", 0.3}}),
          attribution::participation_rule()};
}

TEST(Credits, AddUpToTheModelOnThousandsOfSets) {
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random{seed};
    const Journeys journeys =
        journeys_of(testing::random_touches(random, random.uniform_int(1, 12), 1 + random.index(6)));
    for (const CreditRule& rule : rules()) expect_adding_up(journeys, rule);
    expect_adding_up(journeys, attribution::time_decay_rule(1e-9));
    if (HasFatalFailure()) return;
  }
}

// A row of paths stands for many, is dealt to groups for intervals, and is one row a touch here.
TEST(Credits, AddUpToTheModelOnPathRows) {
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random{seed};
    std::vector<PathRow> rows;
    for (std::int64_t left = random.uniform_int(1, 6); left > 0; --left) {
      std::string path;
      for (std::int64_t touch = random.uniform_int(0, 5); touch > 0; --touch)
        path += std::string(path.empty() ? "" : ">") + static_cast<char>('a' + random.index(4));
      rows.push_back({path, random.uniform_int(0, 5), random.uniform_int(0, 3), random.uniform_int(-3, 1'000)});
    }
    const Journeys journeys = journeys_of(rows);
    for (const CreditRule& rule : rules()) expect_adding_up(journeys, rule);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace dealtrail
