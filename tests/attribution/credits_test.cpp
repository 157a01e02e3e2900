// AT.7, law 8: what each touch got adds up to what its channel has, for every rule model.
#include "dealtrail/attribution/credits.hpp"

#include <cmath>
#include <cstdint>
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

// A cell of 15 places, in units of the last one.
Int128 part(const Table& table, std::int64_t row) {
  const Decimal value = *table.decimal_at(row, "value");
  EXPECT_EQ(value.scale, 15);
  return value.mantissa;
}
constexpr Int128 kopeck = 10'000'000'000'000;  // of 15 places

// T11: value 100, touches 1 to 5, first = 1, lead = 3, deal = 5: W is 30, 5, 30, 5, 30. A share of 0.3 is a whole
// number of 2^-48, so a part is off by less than 100 of those.
TEST(Credits, WByTouch) {
  const Journeys journeys = story(5, "2026-03-03", "2026-03-05");
  const Table table = credits(journeys, attribution::w_shaped_rule());
  EXPECT_EQ(column(table, "channel"), (Cells{"1", "2", "3", "4", "5"}));
  const std::vector<std::int64_t> expected{30'00, 5'00, 30'00, 5'00, 30'00};
  Int128 sum = 0;
  for (std::int64_t row = 0; row < 5; ++row) {
    const Int128 off = part(table, row) - expected[static_cast<std::size_t>(row)] * kopeck;
    EXPECT_TRUE(off <= 356 && off >= -356);  // 100 * 2^-48, of 15 places
    EXPECT_EQ(table.integer_at(row, "place"), row + 1);
    EXPECT_NEAR(*table.real_at(row, "conversions"),
                static_cast<double>(expected[static_cast<std::size_t>(row)]) / 100'00, 1e-14);
    sum += part(table, row);
  }
  EXPECT_TRUE(sum == 100'00 * kopeck);
  EXPECT_EQ(column(table, "fact"), Cells(5, "deal"));
  EXPECT_EQ(column(table, "subject"), Cells(5, "ann"));
}

// By hand: a rouble by linear over three touches is a third each, to 2^-48; participation gives all at the first of a
// channel.
TEST(Credits, EveryTouchOfAConvertingJourneyHasARow) {
  const Journeys journeys = journeys_of(std::vector<PathRow>{{"a>b>a", 2, 5, 1}, {"b", 0, 9, 0}, {"", 3, 1, 7}});
  const Table linear = credits(journeys, attribution::linear_rule());
  EXPECT_EQ(column(linear, "channel"), (Cells{"(unattributed)", "a", "b", "a"}));
  EXPECT_TRUE(part(linear, 0) == 7'00 * kopeck);
  EXPECT_EQ(linear.real_at(0, "conversions"), 3);
  EXPECT_TRUE(part(linear, 1) == 333'333'333'333'336);
  EXPECT_TRUE(part(linear, 1) + part(linear, 2) + part(linear, 3) == 1'00 * kopeck);
  EXPECT_TRUE(linear.at(0, "place").is_null());
  EXPECT_TRUE(linear.at(1, "at").is_null());
  const Table full = credits(journeys, attribution::participation_rule());
  EXPECT_EQ(full.real_at(1, "conversions"), 2);
  EXPECT_TRUE(part(full, 2) == 1'00 * kopeck);
  EXPECT_EQ(full.real_at(3, "conversions"), 0);
  const Table first = credits(journeys, attribution::first_touch_rule());
  EXPECT_TRUE(part(first, 1) == 1'00 * kopeck);
  EXPECT_TRUE(part(first, 3) == 0);
}

// IN.14: the model's row is in whole kopecks; what that adds to the parts of its touches is the last row.
TEST(Credits, OfOneChannelEndWithTheRounding) {
  const Journeys journeys = journeys_of(std::vector<PathRow>{{"a>b>c", 2, 5, 1}});
  const Table of_a = credits(journeys, attribution::linear_rule(), {.channel = "a"});
  EXPECT_EQ(column(of_a, "channel"), (Cells{"a", "(rounding)"}));
  EXPECT_TRUE(part(of_a, 0) + part(of_a, 1) == 34 * kopeck);
  EXPECT_TRUE(part(of_a, 1) > 0 && part(of_a, 1) < kopeck);
  EXPECT_EQ(of_a.real_at(1, "conversions"), 0);
  for (const char* name : {"journey", "place", "at", "converted_at"}) EXPECT_TRUE(of_a.at(1, name).is_null()) << name;
  const Table of_c = credits(journeys, attribution::linear_rule(), {.channel = "c"});
  EXPECT_TRUE(part(of_c, 0) + part(of_c, 1) == 33 * kopeck);
  EXPECT_TRUE(part(of_c, 1) < 0 && part(of_c, 1) > -kopeck);
  EXPECT_EQ(credits(journeys, attribution::first_touch_rule(), {.channel = "a"}).rows(), 1);
}

TEST(Credits, OfOneChannel) {
  const Journeys journeys = journeys_of(std::vector<TouchRow>{
      {"s", 1, "a", 0, 0}, {"s", 2, "b", 1, 10}, {"t", 1, "b", 1, 4}, {"u", 1, "c", 0, 0}, {"v", 1, "a", 0, 0}});
  const Table of_b = credits(journeys, attribution::linear_rule(), {.channel = "b"});
  EXPECT_EQ(column(of_b, "subject"), (Cells{"s", "t"}));
  EXPECT_EQ(of_b.integer_at(0, "journey"), 0);
  EXPECT_EQ(of_b.integer_at(0, "place"), 2);
  EXPECT_TRUE(part(of_b, 0) == 5'00 * kopeck);
  EXPECT_EQ(of_b.integer_at(1, "journey"), 1);
  EXPECT_EQ(credits(journeys, attribution::linear_rule(), {.channel = "c"}).rows(), 0);
  EXPECT_EQ(credits(journeys, attribution::linear_rule(), {.channel = "(unattributed)"}).rows(), 0);
  EXPECT_EQ(credits(Journeys{}, attribution::linear_rule()).rows(), 0);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(credits(journeys, attribution::linear_rule(), {.channel = "d"})); }),
            ErrorCode::unknown_name);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(credits(journeys, attribution::w_shaped_rule())); }),
            ErrorCode::invalid_argument);
}

// Doubles hold units of up to 32 conversions exactly, so a row gives its units back.
void expect_adding_up(const Journeys& journeys, const CreditRule& rule) {
  const Table all = credits(journeys, rule);
  const auto units_of = [](const Table& table, std::int64_t row) {
    return static_cast<CreditUnits>(std::ldexp(*table.real_at(row, "conversions"), 48));
  };
  const Credit expected = credit(journeys, rule);
  Int128 total = 0;
  for (std::int64_t row = 0; row < all.rows(); ++row) {
    if (journeys.has_values()) total += part(all, row);
  }
  const bool in_full = rule.shape == CreditRule::Shape::in_full;
  ASSERT_TRUE(in_full || total == expected.total_value * kopeck) << rule.model;
  const auto expect = [&](const std::string& channel, CreditUnits whole_units, std::int64_t whole_value) {
    const Table own = credits(journeys, rule, {.channel = channel});
    CreditUnits units = 0;
    Int128 value = 0;
    for (std::int64_t row = 0; row < own.rows(); ++row) {
      units += units_of(own, row);
      if (journeys.has_values()) value += part(own, row);
      if (own.text_at(row, "channel") == channel) continue;
      ASSERT_EQ(own.text_at(row, "channel"), "(rounding)");
      ASSERT_EQ(row, own.rows() - 1);
      ASSERT_TRUE(part(own, row) < kopeck && part(own, row) > -kopeck && part(own, row) != 0) << rule.model;
    }
    ASSERT_TRUE(units == whole_units) << rule.model << ' ' << channel;
    ASSERT_TRUE(value == whole_value * kopeck) << rule.model << ' ' << channel;
  };
  if (!expected.channels.empty()) {  // one of them, another one each time
    static std::size_t turn = 0;
    const ChannelCredit& one = expected.channels[turn++ % expected.channels.size()];
    expect(one.channel, *one.conversions, one.value.value_or(0));
    if (::testing::Test::HasFatalFailure()) return;
  }
  expect("(unattributed)", expected.unattributed_conversions, expected.unattributed_value);
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
