// AT.3, AT.4, AT.5, AT.6: Shapley values of named games, by hand and by the published cases T4, T6, T8 of the oracle;
// the axioms; merging, bytes, groups; what is refused.
#include "dealtrail/attribution/shapley.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

#include "attribution/credited.hpp"
#include "attribution/random_touches.hpp"
#include "support/aggregate_laws.hpp"
#include "support/refusal.hpp"
#include "support/touch_rows.hpp"

namespace dealtrail::testing {

using attribution::ShapleyState;

// One row of the law tests is a subject with all touches.
template <>
struct AggregateSample<ShapleyState> {
  static std::vector<TouchRow> row(Random& random) { return random_subject(random); }
  static void update(ShapleyState& state, std::span<const std::vector<TouchRow>> rows) {
    state.merge(ShapleyState{journeys_of_subjects(rows)});
  }
};
INSTANTIATE_TYPED_TEST_SUITE_P(ShapleyState, AggregateLaws, ShapleyState);

}  // namespace dealtrail::testing

namespace dealtrail::attribution {
namespace {

using testing::credited;
using testing::journeys_of;
using testing::PathRow;
using testing::refusal_code;
using testing::TouchRow;

constexpr double tolerance = 1e-9;
constexpr ShapleyGame every_game[] = {ShapleyGame::equal_split, ShapleyGame::exact_set_rate, ShapleyGame::subset_rate};

std::vector<double> scores(const Credit& credit) {
  std::vector<double> scores;
  for (const ChannelCredit& one : credit.channels) scores.push_back(one.score.value_or(-1e300));
  return scores;
}

void expect_near(const std::vector<double>& made, const std::vector<double>& expected, double within = tolerance) {
  ASSERT_EQ(made.size(), expected.size());
  for (std::size_t at = 0; at < made.size(); ++at) EXPECT_NEAR(made[at], expected[at], within) << at;
}

// The README case of do-attribution: ten paths, one journey each.
Journeys readme_paths() {
  return journeys_of(std::vector<PathRow>{{"Email>Social", 1},
                                          {"Search>Email", 1},
                                          {"Social", 1},
                                          {"Email>Search", 0, 1},
                                          {"Search>Social>Email", 1},
                                          {"Direct", 1},
                                          {"Email>Social", 0, 1},
                                          {"Search>Email>Social", 1},
                                          {"Social>Email", 1},
                                          {"Search", 0, 1}});
}

// Six rows with value and nulls.
const std::vector<PathRow> six_rows = {{"A>B>C", 3, 7, 300}, {"B>A", 2, 8, 100},     {"A", 1, 9, 20},
                                       {"C>C>B", 4, 6, 100}, {"B>C>A>B", 1, 1, 500}, {"C", 0, 5, 0}};

// T4: the published figures are those of a worth of conversions, not of rates: Direct -.5833, Email .25, Search -.0833,
// Social .4167. They add up to 0 (nobody had all four channels), so nothing can be divided.
TEST(Shapley, ConversionsOfExactSetsOfThePublishedCase) {
  const Journeys journeys = readme_paths();
  // Direct 1, Email 2, Search 4, Social 8.
  std::vector<double> conversions(16);
  conversions[1] = 1;
  conversions[2 + 4] = 1;
  conversions[8] = 1;
  conversions[2 + 8] = 2;
  conversions[2 + 4 + 8] = 2;
  const Credit made = shapley(journeys, conversions);
  expect_near(scores(made), {-7.0 / 12, 0.25, -1.0 / 12, 5.0 / 12});
  EXPECT_EQ(credited(made), "Direct - = -, Email - = -, Search - = -, Social - = -, (unattributed) 0 = 0.00");
  EXPECT_EQ(made.findings.size(), 2U);
}

// By hand for Direct, of which the sets Direct 1, Social 1, Email + Social 2/3, Email + Search 1/2 and all but Direct 1
// have rates: 1/4 - 1/12 - 1/12 (2/3 + 1/2) - 1/4.
TEST(Shapley, ExactSetRateMayBeNegative) {
  const Credit made = shapley(readme_paths(), {.game = ShapleyGame::exact_set_rate});
  expect_near(scores(made), {-13.0 / 72, 1.0 / 72, -7.0 / 72, 19.0 / 72});
  EXPECT_EQ(made.findings.size(), 2U);
  for (const ChannelCredit& one : made.channels)
    EXPECT_FALSE(one.conversions || one.share || one.share_interval || one.value_share);
}

// T6: the README game of marketing-attribution-models; O is player 0, F 1, D 2.
TEST(Shapley, AnyGameFromAListOrAFunction) {
  const std::vector<double> worth{0, 7, 6, 15, 4, 7, 9, 19};
  expect_near(shapley_values(3, worth).values, {23.0 / 3, 49.0 / 6, 19.0 / 6});
  const auto function = [&](std::span<const std::uint32_t> players) {
    std::size_t mask = 0;
    for (const std::uint32_t player : players) mask |= std::size_t{1} << player;
    return worth[mask];
  };
  expect_near(shapley_values(3, function).values, {23.0 / 3, 49.0 / 6, 19.0 / 6});
  const ShapleyValues sampled = shapley_values(3, function, {.exact_up_to = 2, .samples = 4000});
  EXPECT_NEAR(std::accumulate(sampled.values.begin(), sampled.values.end(), 0.0), 19, tolerance);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(sampled.values[i], shapley_values(3, worth).values[i], 4 * sampled.standard_errors[i] + 1e-12);
    EXPECT_LT(sampled.standard_errors[i], 0.005);
  }
}

// T8: all games of one data set.
TEST(Shapley, GamesOfTheSixRows) {
  const Journeys journeys = journeys_of(six_rows);
  expect_near(scores(shapley(journeys)), {10.0 / 3, 13.0 / 3, 10.0 / 3}, 1e-12);
  expect_near(scores(shapley(journeys, {.game = ShapleyGame::exact_set_rate})),
              {.04444444444, .1944444444, .0944444444});
  // By hand: v(A) .1, v(C) 0, v(AB) 3/20, v(AC) 1/15, v(BC) 4/15, v(ABC) 11/47.
  const double ab = 3.0 / 20;
  const double ac = 1.0 / 15;
  const double bc = 4.0 / 15;
  const double abc = 11.0 / 47;
  const std::vector<double> by_hand{0.1 / 3 + ab / 6 + (ac - 0) / 6 + (abc - bc) / 3,
                                    (ab - 0.1) / 6 + bc / 6 + (abc - ac) / 3, (ac - 0.1) / 6 + bc / 6 + (abc - ab) / 3};
  expect_near(by_hand, {.0585697, .1085697, .0669031}, 5e-8);
  const Credit rate = shapley(journeys, {.game = ShapleyGame::subset_rate});
  expect_near(scores(rate), by_hand);
  EXPECT_NEAR(*rate.channels[1].share, by_hand[1] / abc, tolerance);
  EXPECT_EQ(rate.total_conversions, 11);
  EXPECT_EQ(*rate.channels[0].value + *rate.channels[1].value + *rate.channels[2].value, 1020'00);
}

// T8: [P] 2, 1, .3333, 0 | 1.1667, 1, 2, .1667 | 1, 1.3333, 1, 0. Places that have nothing have no row.
TEST(Shapley, ByPosition) {
  const Table table = shapley_by_position(journeys_of(six_rows));
  const std::vector<std::pair<std::string, double>> expected{
      {"A1", 2}, {"A2", 1},       {"A3", 1.0 / 3}, {"B1", 7.0 / 6}, {"B2", 1},
      {"B3", 2}, {"B4", 1.0 / 6}, {"C1", 1},       {"C2", 4.0 / 3}, {"C3", 1}};
  ASSERT_EQ(table.rows(), 12);
  for (std::int64_t row = 0; row < 10; ++row) {
    const auto& [cell, conversions] = expected[static_cast<std::size_t>(row)];
    EXPECT_EQ(std::string{*table.text_at(row, "channel")} + std::to_string(*table.integer_at(row, "position")), cell);
    EXPECT_NEAR(*table.real_at(row, "conversions"), conversions, 1e-12);
    EXPECT_NEAR(*table.real_at(row, "share"), conversions / 11, 1e-12);
  }
  EXPECT_EQ(table.text_at(10, "channel"), "(unattributed)");
  EXPECT_EQ(table.real_at(11, "conversions"), 11.0);
  EXPECT_FALSE(table.integer_at(11, "position").has_value());
}

// Values of a random game by the definition: the mean gain over all orders.
std::vector<double> by_all_orders(std::size_t players, const std::vector<double>& worth) {
  std::vector<std::size_t> order(players);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<double> values(players);
  double orders = 0;
  do {
    std::size_t mask = 0;
    for (const std::size_t player : order) {
      values[player] += worth[mask | std::size_t{1} << player] - worth[mask];
      mask |= std::size_t{1} << player;
    }
    ++orders;
  } while (std::next_permutation(order.begin(), order.end()));
  for (double& value : values) value /= orders;
  return values;
}

TEST(Shapley, AnyGameIsTheMeanOverAllOrders) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    Random random{seed};
    const std::size_t players = 1 + random.index(6);
    std::vector<double> worth(std::size_t{1} << players);
    for (double& one : worth) one = random.uniform_real() * 10 - 5;
    const auto values = shapley_values(players, worth).values;
    expect_near(values, by_all_orders(players, worth));
    EXPECT_NEAR(std::accumulate(values.begin(), values.end(), 0.0), worth.back() - worth.front(), 1e-12);
  }
}

// The axioms that name the value, at sizes where all orders cannot be walked.
TEST(Shapley, SymmetryDummyAdditivity) {
  Random random{3};
  const std::size_t players = 12;
  const std::size_t sets = std::size_t{1} << players;
  std::vector<double> one(sets);
  std::vector<double> other(sets);
  for (std::size_t mask = 0; mask < sets; ++mask) {
    const std::size_t known = mask & 0x3FFU;  // player 10 adds 2.5 to any set, player 11 nothing
    one[mask] = known == mask ? random.uniform_real() : one[known] + ((mask & 0x400U) != 0 ? 2.5 : 0);
    const std::size_t pair = (mask & 3U) == 2 ? mask ^ 3U : mask;  // players 0 and 1 are alike
    other[mask] = pair == mask ? random.uniform_real() : other[pair];
  }
  const auto first = shapley_values(players, one).values;
  EXPECT_NEAR(first[10], 2.5, tolerance);
  EXPECT_NEAR(first[11], 0, tolerance);
  const auto second = shapley_values(players, other).values;
  EXPECT_NEAR(second[0], second[1], tolerance);
  std::vector<double> both(sets);
  std::transform(one.begin(), one.end(), other.begin(), both.begin(), [](double a, double b) { return a + 3 * b; });
  const auto sum = shapley_values(players, both).values;
  for (std::size_t i = 0; i < players; ++i) EXPECT_NEAR(sum[i], first[i] + 3 * second[i], tolerance);
}

std::vector<TouchRow> random_touches(Random& random, std::int64_t subjects, std::size_t channels = 6) {
  std::vector<TouchRow> rows;
  for (std::int64_t subject = 0; subject < subjects; ++subject) {
    for (std::int64_t left = random.uniform_int(1, 6); left > 0; --left) {
      const bool won = random.chance(0.2);
      rows.push_back({"s" + std::to_string(subject), random.uniform_int(0, 1000),
                      std::string(1, static_cast<char>('a' + random.index(channels))), won ? 1 : 0,
                      won ? random.uniform_int(0, 10'000) : 0});
    }
  }
  return rows;
}

// The worth of every mask, asked of the journeys themselves.
std::vector<double> worth_by_scan(const Journeys& journeys, ShapleyGame game, bool value) {
  std::vector<double> worth(std::size_t{1} << journeys.channels().size());
  for (std::size_t mask = 1; mask < worth.size(); ++mask) {
    double had = 0;
    double of = 0;
    for (std::size_t journey = 0; journey < journeys.size(); ++journey) {
      std::size_t set = 0;
      for (const std::uint32_t channel : journeys.path(journey)) set |= std::size_t{1} << channel;
      if (set == 0 || (game == ShapleyGame::exact_set_rate ? set != mask : (set & ~mask) != 0)) continue;
      had += static_cast<double>(value ? journeys.value_minor(journey) : journeys.conversions(journey));
      of += static_cast<double>(journeys.weight(journey));
    }
    worth[mask] = game == ShapleyGame::equal_split ? had : of == 0 ? 0 : had / of;
  }
  return worth;
}

TEST(Shapley, EveryGameIsTheSumOverAllSets) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    Random random{seed};
    const Journeys journeys = journeys_of(random_touches(random, 60, 1 + seed % 7));
    for (const ShapleyGame game : every_game) {
      const Credit made = shapley(journeys, {.game = game});
      const std::size_t players = journeys.channels().size();
      expect_near(scores(made), shapley_values(players, worth_by_scan(journeys, game, false)).values);
      if (!made.channels[0].value_share) continue;
      const auto values = shapley_values(players, worth_by_scan(journeys, game, true)).values;
      const double sum = std::accumulate(values.begin(), values.end(), 0.0);
      for (std::size_t i = 0; i < players; ++i)
        EXPECT_NEAR(*made.channels[i].value_share, values[i] / sum, game == ShapleyGame::equal_split ? 1e-5 : 1e-9);
    }
  }
}

// Law 3: rows and (unattributed) are the total, as whole numbers, in every game that can be divided.
TEST(Shapley, EveryUnitOnce) {
  int divided = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Random random{seed};
    const Journeys journeys = journeys_of(random_touches(random, 300));
    for (const ShapleyGame game : every_game) {
      const Credit made = shapley(journeys, {.game = game});
      if (!made.channels[0].share || !made.channels[0].value_share) continue;
      ++divided;
      CreditUnits units = made.unattributed_conversions;
      std::int64_t value = made.unattributed_value;
      for (const ChannelCredit& one : made.channels) {
        units += *one.conversions;
        value += *one.value;
      }
      EXPECT_TRUE(units == static_cast<CreditUnits>(made.total_conversions) * units_per_conversion);
      EXPECT_EQ(value, made.total_value);
    }
  }
  EXPECT_GT(divided, 50);
}

// A channel's places add up to its equal split as whole units; values to its odd minor units, and all exactly.
TEST(Shapley, PositionsAddUpToTheEqualSplit) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random{seed};
    const Journeys journeys = journeys_of(random_touches(random, 100));
    const Credit whole = shapley(journeys);
    const Table table = shapley_by_position(journeys);
    std::map<std::string, double, std::less<>> conversions;
    std::int64_t value = 0;
    for (std::int64_t row = 0; row + 1 < table.rows(); ++row) {
      conversions[std::string{*table.text_at(row, "channel")}] += *table.real_at(row, "conversions");
      value += static_cast<std::int64_t>(table.at(row, "value").as_decimal().mantissa);
    }
    for (const ChannelCredit& one : whole.channels) EXPECT_NEAR(conversions[one.channel], *one.score, 1e-11);
    EXPECT_EQ(value, whole.total_value);
  }
}

TEST(Shapley, ThreadsAndGroupsDoNotChangeTheFigures) {
  Random random{11};
  const Journeys journeys = journeys_of(random_touches(random, 3000));
  const ShapleyState one{journeys};
  for (const std::size_t threads : {2U, 5U}) EXPECT_EQ((ShapleyState{journeys, {.threads = threads}}), one);
  EXPECT_EQ(ShapleyState::from_bytes(one.to_bytes()), one);
  for (const ShapleyGame game : every_game) {
    const Credit grouped = one.finish({.game = game}).value();
    const Credit whole = shapley(journeys, {.game = game, .intervals = false, .threads = 3});
    ASSERT_EQ(grouped.channels.size(), whole.channels.size());
    for (std::size_t i = 0; i < whole.channels.size(); ++i) {
      EXPECT_EQ(grouped.channels[i].score, whole.channels[i].score);
      EXPECT_EQ(grouped.channels[i].value, whole.channels[i].value);
      EXPECT_EQ(grouped.channels[i].journeys, whole.channels[i].journeys);
      EXPECT_FALSE(whole.channels[i].share_interval.has_value());
    }
  }
}

// Leaving out a group to the first order and for real: intervals of the same width, and those of a rule.
TEST(Shapley, IntervalsAreThoseOfLeavingOutAGroup) {
  Random random{5};
  const Journeys journeys = journeys_of(random_touches(random, 6000, 4));
  const ShapleyState state{journeys};
  const ShapleyOptions first_order{.game = ShapleyGame::subset_rate};
  const ShapleyOptions sampled{.game = ShapleyGame::subset_rate, .exact_up_to = 2, .samples = 300};
  const Credit made = state.finish(first_order).value();
  const Credit walked = state.finish(sampled).value();
  const Credit split = state.finish().value();
  for (std::size_t i = 0; i < 4; ++i) {
    ASSERT_TRUE(made.channels[i].share_interval.has_value());
    const Interval interval = *made.channels[i].share_interval;
    EXPECT_LT(interval.low, *made.channels[i].share);
    EXPECT_GT(interval.high, *made.channels[i].share);
    EXPECT_FALSE(made.channels[i].too_few);
    const Interval other = *walked.channels[i].share_interval;
    EXPECT_NEAR((interval.high - interval.low) / (other.high - other.low), 1, 0.1);
    EXPECT_LT(split.channels[i].share_interval->low, *split.channels[i].share);
    EXPECT_GT(split.channels[i].value_interval->high, static_cast<double>(*split.channels[i].value));
    ASSERT_TRUE(made.channels[i].value_interval.has_value());
  }
}

// Beyond 24 channels: sampled, the same by any number of threads, near the truth; sums stay exact.
TEST(Shapley, ManyChannelsAreSampled) {
  Random random{8};
  const Journeys journeys = journeys_of(random_touches(random, 4000, 8));
  const ShapleyState state{journeys};
  const Credit exact = state.finish({.game = ShapleyGame::subset_rate}).value();
  const ShapleyOptions options{.game = ShapleyGame::subset_rate, .exact_up_to = 5, .samples = 1000, .seed = 7};
  const Credit sampled = state.finish(options).value();
  for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(*sampled.channels[i].score, *exact.channels[i].score, 0.0005);
  ShapleyOptions threaded = options;
  threaded.threads = 3;
  EXPECT_EQ(scores(state.finish(threaded).value()), scores(sampled));
  EXPECT_EQ(sampled.parameters.at(1).first, "samples");
  EXPECT_EQ(sampled.parameters.at(3).first, "score_standard_error");
  EXPECT_NEAR(std::accumulate(sampled.channels.begin(), sampled.channels.end(), 0.0,
                              [](double sum, const ChannelCredit& one) { return sum + *one.share; }),
              1, tolerance);
}

// 30, 70 and 1000 channels: sets are kept as masks, then as lists; rows of paths and touches alike.
TEST(Shapley, AnyNumberOfChannels) {
  for (const std::size_t channels : {30U, 70U, 1000U}) {
    SCOPED_TRACE(channels);
    Random random{channels};
    std::vector<TouchRow> touches;
    for (std::size_t subject = 0; subject < 2000; ++subject) {
      for (std::int64_t left = random.uniform_int(1, 4); left > 0; --left) {
        const bool last = left == 1 && random.chance(0.3);
        touches.push_back({"s" + std::to_string(subject), random.uniform_int(0, 1000),
                           "c" + std::to_string(random.index(channels)), last ? 1 : 0, last ? 10 : 0});
      }
    }
    const Journeys journeys = journeys_of(touches);
    const ShapleyState state{journeys, {.threads = 2}};
    EXPECT_EQ(ShapleyState::from_bytes(state.to_bytes()), state);
    ShapleyState halves{journeys_of(std::vector<TouchRow>(touches.begin() + 2500, touches.end()))};
    const ShapleyState half{journeys_of(std::vector<TouchRow>(touches.begin(), touches.begin() + 2500))};
    halves.merge(half);
    EXPECT_EQ(subtracted(halves, half),
              (ShapleyState{journeys_of(std::vector<TouchRow>(touches.begin() + 2500, touches.end()))}));
    const Credit split = state.finish().value();
    double conversions = 0;
    for (const ChannelCredit& one : split.channels) conversions += *one.score;
    EXPECT_NEAR(conversions, static_cast<double>(split.total_conversions), 1e-7);
    const Credit rate = state.finish({.game = ShapleyGame::subset_rate, .samples = 3}).value();
    EXPECT_EQ(rate.channels.size(), journeys.channels().size());
    EXPECT_TRUE(rate.channels[0].score.has_value());
    const Credit exact = state.finish({.game = ShapleyGame::exact_set_rate}).value();
    for (const ChannelCredit& one : exact.channels) EXPECT_TRUE(std::isfinite(*one.score));
  }
}

TEST(Shapley, RowsOfPathsAreDealtToGroupsAndAddUp) {
  const Journeys journeys = journeys_of(std::vector<PathRow>{
      {"a>b", 5000, 20'000, 123'457}, {"b", 3, 1, 11}, {"", 7, 0, 5}, {"a>a>c", 4'000'000, 0, 1}, {"c", 0, 9, 0}});
  const Credit dealt = shapley(journeys);
  const Credit whole = shapley(journeys, {.intervals = false});
  EXPECT_EQ(credited(dealt), credited(whole));
  EXPECT_EQ(dealt.unattributed_value, 5'00);
  EXPECT_EQ(dealt.total_conversions, 4'005'010);
  EXPECT_EQ(dealt.channels[0].journeys, 4'025'000);
  const ShapleyState state{journeys};
  EXPECT_EQ(ShapleyState::from_bytes(state.to_bytes()), state);
  EXPECT_EQ(state.size(), 5U);
}

TEST(Shapley, OfNothingOneChannelNoneAndAllConverting) {
  EXPECT_FALSE(ShapleyState{}.finish().has_value());
  EXPECT_EQ(ShapleyState{Journeys{}}, ShapleyState{});
  for (const ShapleyGame game : every_game) {
    EXPECT_EQ(shapley(Journeys{}, {.game = game}).channels.size(), 0U);
    EXPECT_EQ(credited(shapley(journeys_of(std::vector<PathRow>{{"a", 2, 3, 7}}), {.game = game})),
              "a 2 = 7.00, (unattributed) 0 = 0.00");
    EXPECT_EQ(credited(shapley(journeys_of(std::vector<PathRow>{{"", 2, 0, 7}}), {.game = game})),
              "(unattributed) 2 = 7.00");
    const Credit none = shapley(journeys_of(std::vector<PathRow>{{"a>b", 0, 3}, {"b", 0, 1}}), {.game = game});
    EXPECT_FALSE(none.channels[0].share.has_value());
    EXPECT_EQ(none.channels[0].score, 0.0);
    // Everybody converts: any set that has one channel is worth 1, so the game cannot tell them apart.
    const Credit all =
        shapley(journeys_of(std::vector<PathRow>{{"a", 1, 0, 3}, {"b", 1, 0, 3}, {"a>b", 2, 0, 6}}), {.game = game});
    EXPECT_EQ(credited(all), "a 2 = 6.00, b 2 = 6.00, (unattributed) 0 = 0.00") << to_string(game);
  }
  EXPECT_EQ(shapley_by_position(Journeys{}).rows(), 2);
}

// Scores that are 0 but for rounding are 0: three channels that convert alone and never together cannot be told apart.
TEST(Shapley, RoundingIsNoScore) {
  const Journeys journeys = journeys_of(std::vector<PathRow>{
      {"a", 1, 2, 1}, {"b", 1, 2, 1}, {"c", 1, 2, 1}, {"a>b", 0, 3}, {"a>c", 0, 3}, {"b>c", 0, 3}});
  const Credit made = shapley(journeys, {.game = ShapleyGame::exact_set_rate});
  EXPECT_EQ(scores(made), (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(made.findings.size(), 2U);
}

// A worth of one's own: the players are the channels by name; conversions and value are divided by its shares.
TEST(Shapley, OwnWorth) {
  const Journeys journeys = journeys_of(std::vector<PathRow>{{"D>F>O", 19, 0, 100}, {"", 1, 0, 7}});
  const std::vector<double> worth{0, 4, 6, 9, 7, 7, 15, 19};  // D 1, F 2, O 4
  const Credit made = shapley(journeys, worth);
  expect_near(scores(made), {19.0 / 6, 49.0 / 6, 23.0 / 3});
  EXPECT_EQ(made.parameters.at(0).second, "value_of");
  EXPECT_EQ(*made.channels[0].value + *made.channels[1].value + *made.channels[2].value, 100'00);
  EXPECT_NEAR(to_conversions(*made.channels[1].conversions), 49.0 / 6, tolerance);
  EXPECT_FALSE(made.channels[0].share_interval.has_value());
}

TEST(Shapley, RefusesWhatIsNoGame) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto code = [](auto&& call) { return refusal_code([&] { static_cast<void>(call()); }); };
  EXPECT_EQ(code([&] { return shapley_values(2, std::vector<double>{0, 1, 2}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code([&] { return shapley_values(2, std::vector<double>{0, 1, nan, 3}); }), ErrorCode::invalid_argument);
  const auto bad = [&](std::span<const std::uint32_t>) { return nan; };
  EXPECT_EQ(code([&] { return shapley_values(3, bad); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code([&] { return shapley_values(30, bad); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code([&] { return shapley_values(3, bad, {.exact_up_to = 25}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code([&] { return shapley_values(3, bad, {.exact_up_to = 2, .samples = 1}); }),
            ErrorCode::invalid_argument);
  EXPECT_TRUE(shapley_values(0, std::vector<double>{5}).values.empty());
  const Journeys journeys = journeys_of(std::vector<PathRow>{{"a", 1}});
  ShapleyState state{journeys};
  const ShapleyState before = state;
  const ShapleyState whole{journeys, {.intervals = false}};
  EXPECT_EQ(refusal_code([&] { state.merge(whole); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { state.subtract(ShapleyState{journeys_of(std::vector<PathRow>{{"b", 1}})}); }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(state, before);
}

}  // namespace
}  // namespace dealtrail::attribution
