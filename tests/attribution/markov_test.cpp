// AT.2, AT.4, AT.6: removal effects in a Markov chain against published cases and a chain solved anew for each channel;
// what cannot be told and what is refused.
#include "dealtrail/attribution/markov.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/table/csv.hpp"
#include "dealtrail/table/text.hpp"

#include "attribution/credited.hpp"
#include "attribution/random_touches.hpp"
#include "support/refusal.hpp"
#include "support/touch_rows.hpp"

namespace dealtrail {
namespace {

using attribution::markov;
using attribution::MarkovOptions;
using attribution::Removal;
using testing::credited;
using testing::journeys_of;
using testing::PathRow;
using testing::random_touches;
using testing::refusal_code;
using testing::TouchRow;

constexpr double near = 1e-9;
constexpr CreditOptions point{.intervals = false};

struct Expected {
  std::string channel;
  double score;
  double conversions;
};
void expect_near(const Credit& made, const std::vector<Expected>& expected) {
  ASSERT_EQ(made.channels.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(made.channels[i].channel, expected[i].channel);
    EXPECT_NEAR(made.channels[i].score.value(), expected[i].score, near) << expected[i].channel;
    EXPECT_NEAR(to_conversions(made.channels[i].conversions.value()), expected[i].conversions, near)
        << expected[i].channel;
  }
}

// T1. Source: analyzecore, part 1, and the readme of jerednel/markov-chain-attribution.
TEST(Markov, T1) {
  const Journeys journeys = journeys_of(std::vector<PathRow>{{"C1>C2>C3"}, {"C1", 0, 1}, {"C2>C3", 0, 1}});
  expect_near(markov(journeys), {{"C1", 0.5, 0.2}, {"C2", 1, 0.4}, {"C3", 1, 0.4}});
}

// T2. Input: pychattr. P = 1; B is on half of the conversions.
TEST(Markov, T2) {
  const Journeys journeys = journeys_of(std::vector<PathRow>{{"A>B>A>B>B>A"}, {"A>B>B>A>A"}, {"A>A"}});
  expect_near(markov(journeys), {{"A", 1, 2}, {"B", 0.5, 1}});
  EXPECT_EQ(to_csv(transition_matrix(MarkovState{journeys})),
            "from,to,probability,weight\r\n(start),A,1,3\r\nA,B,0.5,3\r\nA,(conversion),0.5,3\r\nB,A,1,3\r\n");
}

// T3. Input: serhiipuzyrov.com.
TEST(Markov, T3) {
  const Journeys journeys = journeys_of(std::vector<PathRow>{{"google", 2, 1}, {"mailing"}, {"google>mailing"}});
  expect_near(markov(journeys), {{"google", 0.75, 2.4}, {"mailing", 0.5, 1.6}});
}

// T4. Source: the readme of do-attribution.
TEST(Markov, T4) {
  const Journeys journeys = journeys_of(std::vector<PathRow>{{"Email>Social"},
                                                             {"Search>Email"},
                                                             {"Social"},
                                                             {"Email>Search", 0, 1},
                                                             {"Search>Social>Email"},
                                                             {"Direct"},
                                                             {"Email>Social", 0, 1},
                                                             {"Search>Email>Social"},
                                                             {"Social>Email"},
                                                             {"Search", 0, 1}});
  const std::array scores{1.0 / 7, 23.0 / 35, 9.0 / 28, 43.0 / 77};
  const double sum = std::accumulate(scores.begin(), scores.end(), 0.0);
  expect_near(markov(journeys), {{"Direct", scores[0], 7 * scores[0] / sum},
                                 {"Email", scores[1], 7 * scores[1] / sum},
                                 {"Search", scores[2], 7 * scores[2] / sum},
                                 {"Social", scores[3], 7 * scores[3] / sum}});
}

// T5. Input: the tests of marketing-attribution-models.
TEST(Markov, T5) {
  std::vector<PathRow> rows;
  for (const char* path : {"A", "A>B", "A>B>C", "B", "B>A", "B>C>A", "C", "C>A", "C>B>A"})
    rows.push_back({path, 1, 0, 3});
  expect_near(
      markov(journeys_of(rows)),
      {{"A", 2.0 / 3, 3.547717842323651}, {"B", 8.0 / 15, 2.838174273858921}, {"C", 28.0 / 57, 2.614107883817427}});
  expect_near(markov(journeys_of(rows), {.order = 2}),
              {{"A", 13.0 / 18, 9 * 13.0 / 35}, {"B", 2.0 / 3, 9 * 12.0 / 35}, {"C", 5.0 / 9, 9 * 10.0 / 35}});
}

const std::vector<PathRow> own_six{{"A>B>C", 3, 7, 300}, {"B>A", 2, 8, 100},     {"A", 1, 9, 20},
                                   {"C>C>B", 4, 6, 100}, {"B>C>A>B", 1, 1, 500}, {"C", 0, 5, 0}};

// T8: value and journeys that did not convert, at three orders.
TEST(Markov, T8) {
  const Journeys journeys = journeys_of(own_six);
  struct Case {
    int order;
    std::array<double, 3> conversions;
    std::array<double, 3> values;
  };
  const std::vector<Case> cases{{1, {3.363075482, 4.439187776, 3.197736742}, {246.8765768, 457.5133369, 315.6100863}},
                                {2, {3.021126761, 4.647887324, 3.330985915}, {377.082153, 433.427762, 209.490085}},
                                {3, {3.08, 4.4, 3.52}, {332.7659574, 361.7021277, 325.5319149}}};
  for (const Case& one : cases) {
    SCOPED_TRACE(one.order);
    const Credit made = markov(journeys, {.order = one.order});
    ASSERT_EQ(made.channels.size(), 3U);
    std::int64_t value = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(to_conversions(*made.channels[i].conversions), one.conversions[i], 5e-10);
      EXPECT_NEAR(*made.channels[i].value_share * 1020, one.values[i], 6e-8);
      value += *made.channels[i].value;
    }
    EXPECT_EQ(value, 1020'00);
  }
  expect_near(markov(journeys), {{"A", 0.5064935064935065, 3.3630754821},
                                 {"B", 0.6685606060606061, 4.4391877762},
                                 {"C", 0.4815927873779113, 3.1977367415}});
  auto without_nulls = own_six;
  for (PathRow& row : without_nulls) row.nulls = 0;
  const Credit ignored = markov(journeys_of(without_nulls));
  EXPECT_NEAR(to_conversions(*ignored.channels[0].conversions), 3.304104478, 5e-10);
  EXPECT_NEAR(to_conversions(*ignored.channels[1].conversions), 4.248134328, 5e-10);
  EXPECT_NEAR(to_conversions(*ignored.channels[2].conversions), 3.447761194, 5e-10);
}

// ---- a slow chain: windows as texts, solved by elimination for each channel anew

using Path = std::vector<std::string>;
struct SlowRow {
  Path path;
  double conversions;
  double nulls;
  double value;
};

std::vector<Path> windows_of(const Path& path, std::size_t order) {
  std::vector<Path> windows;
  const std::size_t size = std::min(order, path.size());
  for (std::size_t at = 0; at + size <= path.size(); ++at) {
    Path window(path.begin() + static_cast<std::ptrdiff_t>(at), path.begin() + static_cast<std::ptrdiff_t>(at + size));
    if (windows.empty() || windows.back() != window) windows.push_back(window);
  }
  return windows;
}

// The chance of a conversion and the mean value from the start; states with the removed channel lose everybody.
std::pair<double, double> slow_chain(const std::vector<SlowRow>& rows, std::size_t order, const std::string& removed) {
  std::map<Path, std::size_t> places{{Path{}, 0}};
  for (const SlowRow& row : rows) {
    for (const Path& window : windows_of(row.path, order)) places.try_emplace(window, places.size());
  }
  const std::size_t size = places.size();
  std::vector<std::vector<long double>> counts(size, std::vector<long double>(size + 3));
  for (const SlowRow& row : rows) {
    std::size_t at = 0;
    for (const Path& window : windows_of(row.path, order)) {
      counts[at][places[window]] += row.conversions + row.nulls;
      at = places[window];
    }
    counts[at][size] += row.conversions;
    counts[at][size + 1] += row.nulls;
    if (row.conversions > 0) counts[at][size + 2] += row.value;
  }
  // (I - Q) x = r for both right sides.
  std::vector<std::vector<long double>> system(size, std::vector<long double>(size + 2));
  for (const auto& [window, at] : places) {
    const long double all = std::accumulate(counts[at].begin(), counts[at].end() - 1, 0.0L);
    const bool gone = std::find(window.begin(), window.end(), removed) != window.end();
    system[at][at] = 1;
    if (gone || all == 0) continue;
    for (std::size_t to = 0; to < size; ++to) system[at][to] -= counts[at][to] / all;
    system[at][size] = counts[at][size] / all;
    system[at][size + 1] = counts[at][size + 2] / all;
  }
  for (std::size_t column = 0; column < size; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column; row < size; ++row) {
      if (std::fabs(system[row][column]) > std::fabs(system[pivot][column])) pivot = row;
    }
    std::swap(system[pivot], system[column]);
    for (std::size_t row = 0; row < size; ++row) {
      if (row == column || system[row][column] == 0) continue;
      const long double factor = system[row][column] / system[column][column];
      for (std::size_t at = column; at < size + 2; ++at) system[row][at] -= factor * system[column][at];
    }
  }
  return {static_cast<double>(system[0][size] / system[0][0]), static_cast<double>(system[0][size + 1] / system[0][0])};
}

std::vector<SlowRow> random_rows(Random& random, std::size_t channels, std::size_t rows) {
  std::vector<SlowRow> made;
  for (std::size_t i = 0; i < rows; ++i) {
    SlowRow row{{}, static_cast<double>(random.uniform_int(0, 3)), static_cast<double>(random.uniform_int(0, 9)), 0};
    for (std::int64_t left = random.uniform_int(1, 7); left > 0; --left)
      row.path.push_back("c" + std::to_string(100 + random.index(channels)));
    if (row.conversions > 0) row.value = static_cast<double>(random.uniform_int(0, 500));
    if (row.conversions + row.nulls > 0) made.push_back(row);
  }
  return made;
}
Journeys journeys_of_slow(const std::vector<SlowRow>& rows) {
  std::vector<PathRow> paths;
  for (const SlowRow& row : rows) {
    std::string path;
    for (const std::string& channel : row.path) path += (path.empty() ? "" : ">") + channel;
    paths.push_back({path, static_cast<std::int64_t>(row.conversions), static_cast<std::int64_t>(row.nulls),
                     static_cast<std::int64_t>(row.value)});
  }
  return journeys_of(paths);
}

TEST(Markov, IsTheChainSolvedAnewForEachChannel) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    Random random{seed};
    const auto rows = random_rows(random, 2 + seed % 5, 3 + seed);
    const int order = 1 + static_cast<int>(seed % 4);
    const Journeys journeys = journeys_of_slow(rows);
    const Credit made = markov(journeys, {.order = order}, point);
    const auto [all, all_value] = slow_chain(rows, static_cast<std::size_t>(order), "");
    double conversions = 0;
    double journeys_made = 0;
    double value = 0;
    for (const SlowRow& row : rows) {
      conversions += row.conversions;
      journeys_made += row.conversions + row.nulls;
      value += row.value;
    }
    EXPECT_NEAR(all, conversions / journeys_made, near);  // the chain converts as often as the journeys did
    EXPECT_NEAR(all_value, value / journeys_made, near * (1 + value));
    if (conversions == 0 || value == 0) continue;
    double sum = 0;
    std::vector<double> value_scores;
    for (const ChannelCredit& one : made.channels) {
      const auto [rest, rest_value] = slow_chain(rows, static_cast<std::size_t>(order), one.channel);
      EXPECT_NEAR(one.score.value(), 1 - rest / all, near) << one.channel;
      sum += 1 - rest / all;
      value_scores.push_back(1 - rest_value / all_value);
    }
    const double value_sum = std::accumulate(value_scores.begin(), value_scores.end(), 0.0);
    for (std::size_t i = 0; i < value_scores.size(); ++i) {
      EXPECT_NEAR(*made.channels[i].share, *made.channels[i].score / sum, near);
      EXPECT_NEAR(*made.channels[i].value_share, value_scores[i] / value_sum, near);
    }
  }
}

// T10: how the same journeys are written down changes nothing.
TEST(Markov, OrderAndSplittingOfRowsAndNamesChangeNothing) {
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    SCOPED_TRACE(seed);
    Random random{seed};
    auto rows = random_rows(random, 5, 30);
    const int order = 1 + static_cast<int>(seed % 3);
    const MarkovState whole{journeys_of_slow(rows), order, point};
    auto split_rows = rows;
    for (SlowRow& row : rows) {
      if (row.conversions == 0 || row.nulls == 0) continue;
      split_rows.push_back({row.path, 0, row.nulls, 0});
      for (SlowRow& one : split_rows) {
        if (&one != &split_rows.back() && one.path == row.path && one.nulls == row.nulls &&
            one.conversions == row.conversions) {
          one.nulls = 0;
          break;
        }
      }
    }
    random.shuffle(split_rows);
    EXPECT_EQ((MarkovState{journeys_of_slow(split_rows), order, point}.to_bytes()), whole.to_bytes());
    // Names in the opposite order.
    auto renamed = rows;
    for (SlowRow& row : renamed) {
      for (std::string& name : row.path) name = "x" + std::to_string(999 - std::stoi(name.substr(1)));
    }
    const Credit before = whole.finish().value();
    const Credit after = MarkovState(journeys_of_slow(renamed), order, point).finish().value();
    for (std::size_t i = 0; i < before.channels.size(); ++i)
      EXPECT_NEAR(before.channels[i].share.value_or(-1),
                  after.channels[before.channels.size() - 1 - i].share.value_or(-1), near);
    // Touches that repeat the one before them.
    if (order != 1) continue;
    auto repeated = rows;
    for (SlowRow& row : repeated) row.path.insert(row.path.begin(), 2, row.path.front());
    EXPECT_EQ((MarkovState{journeys_of_slow(repeated), order, point}.to_bytes()), whole.to_bytes());
  }
}

TEST(Markov, IntervalsLieRoundTheShare) {
  Random random{14};
  const Journeys journeys = journeys_of(random_touches(random, 4000, 9));
  for (const int order : {1, 2}) {  // exact and first order
    const Credit made = markov(journeys, {.order = order});
    for (const ChannelCredit& one : made.channels) {
      ASSERT_TRUE(one.share_interval.has_value());
      EXPECT_LT(one.share_interval->low, *one.share);
      EXPECT_GT(one.share_interval->high, *one.share);
      EXPECT_LT(one.share_interval->high - one.share_interval->low, 0.05);
      EXPECT_LT(one.value_interval->low, static_cast<double>(*one.value));
      EXPECT_GT(one.value_interval->high, static_cast<double>(*one.value));
    }
  }
}

// AT.4: rows and (unattributed) are the total, as whole numbers.
TEST(Markov, EveryUnitOnce) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random{seed};
    const Journeys journeys = journeys_of(random_touches(random, 150, 7));
    for (const Removal removal : {Removal::redirect_to_null, Removal::fail}) {
      const Credit made = markov(journeys, {.order = 1 + static_cast<int>(seed % 3), .removal = removal}, point);
      CreditUnits units = made.unattributed_conversions;
      std::int64_t value = made.unattributed_value;
      for (const ChannelCredit& one : made.channels) {
        units += one.conversions.value();
        value += one.value.value();
      }
      EXPECT_TRUE(units == static_cast<CreditUnits>(made.total_conversions) * units_per_conversion);
      EXPECT_EQ(value, made.total_value);
    }
  }
}

// The other removals, by hand. Conversions 3 of 6 journeys; A is on 2 conversions, B on 2.
TEST(Markov, OtherRemovalsAreSharesOfJourneys) {
  const Journeys journeys = journeys_of(std::vector<PathRow>{{"A", 1, 1}, {"A>B", 1, 0}, {"B", 1, 2}});
  expect_near(markov(journeys, {.removal = Removal::fail}), {{"A", 2.0 / 3, 1.5}, {"B", 2.0 / 3, 1.5}});
  // Without A four journeys are left, one converts: 1/4 against 1/2. Without B three, one converts: 1/3.
  expect_near(markov(journeys, {.removal = Removal::fail_refit}),
              {{"A", 0.5, 3 * 0.5 / (0.5 + 1.0 / 3)}, {"B", 1.0 / 3, 3 * (1.0 / 3) / (0.5 + 1.0 / 3)}});
  // Cut out of the journeys: without A four journeys, two convert; without B three, two convert: that is more.
  const Credit detour = markov(journeys, {.removal = Removal::detour});
  EXPECT_NEAR(*detour.channels[0].score, 0, near);
  EXPECT_NEAR(*detour.channels[1].score, 1 - (2.0 / 3) / 0.5, near);
  EXPECT_FALSE(detour.channels[0].share.has_value());
  ASSERT_FALSE(detour.findings.empty());
  EXPECT_NE(detour.findings.front().first.find("negative"), std::string::npos);
  // Order 2: of A > B > A only windows with A and with B, of B > B > A one without A.
  const Journeys longer = journeys_of(std::vector<PathRow>{{"A>B>A", 1, 0}, {"B>B>A", 1, 0}});
  const Credit refit = markov(longer, {.order = 2, .removal = Removal::fail_refit});
  EXPECT_NEAR(*refit.channels[0].score, 1, near);  // one is left and fails
  EXPECT_NEAR(*refit.channels[1].score, 1, near);  // nothing is left
}

TEST(Markov, FewJourneysGiveDefinedAnswers) {
  EXPECT_TRUE(markov(Journeys{}).channels.empty());
  EXPECT_FALSE(MarkovState{}.finish().has_value());
  EXPECT_EQ(credited(markov(journeys_of(std::vector<PathRow>{{"a", 1, 0, 5}}))), "a 1 = 5.00, (unattributed) 0 = 0.00");
  EXPECT_EQ(credited(markov(journeys_of(std::vector<PathRow>{{"a>a>a", 2, 0, 5}, {"", 1, 0, 3}}), {.order = 4})),
            "a 2 = 5.00, (unattributed) 1 = 3.00");
  EXPECT_EQ(credited(markov(journeys_of(std::vector<PathRow>{{"", 1, 2, 3}}))), "(unattributed) 1 = 3.00");
  // Nobody converted: there is nothing to divide, and no score.
  const Credit nobody = markov(journeys_of(std::vector<PathRow>{{"a>b", 0, 4}, {"b", 0, 1}}));
  EXPECT_EQ(credited(nobody), "a - = -, b - = -, (unattributed) 0 = 0.00");
  EXPECT_FALSE(nobody.channels[0].score.has_value());
  EXPECT_EQ(nobody.findings.size(), 2U);
  // All converted.
  const Credit all = markov(journeys_of(std::vector<PathRow>{{"a>b", 1}, {"b", 1}}));
  EXPECT_EQ(credited(all), "a 0.666667 = -, b 1.333333 = -, (unattributed) 0 = 0.00");
  EXPECT_EQ(all.findings.size(), 1U);  // no value
}

// Refunds: a channel whose value effect is negative leaves the value undivided; conversions are divided.
TEST(Markov, NegativeValueIsAFinding) {
  const Credit made = markov(journeys_of(std::vector<PathRow>{{"a", 5, 5, 1000}, {"b", 1, 1, -100}}));
  EXPECT_TRUE(made.channels[0].conversions.has_value());
  EXPECT_FALSE(made.channels[0].value.has_value());
  EXPECT_FALSE(made.findings.empty());
}

TEST(Markov, LongJourneysAndLargeValues) {
  std::string path = "a";
  for (int i = 1; i < 100'000; ++i) path += i % 2 == 0 ? ">a" : ">b";
  for (const int order : {1, 2, 4}) {
    const Credit made = markov(journeys_of(std::vector<PathRow>{{path, 1, 0, 10}, {"b>c", 1, 8, 5}}), {.order = order});
    ASSERT_EQ(made.channels.size(), 3U);
    EXPECT_NEAR(made.channels[1].score.value(), 1, near);  // all come to b
    // By hand: one in ten begins at a; of those that begin at b, all but 10 of 50 009 visits lead to a.
    if (order == 1) {
      EXPECT_NEAR(made.channels[0].score.value(), 0.1 + 0.9 * 49'999 / 50'009, near);
    }
  }
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1000;  // roubles, of which ten fit
  const Credit large = markov(journeys_of(std::vector<PathRow>{{"a>b", 3, 1, most}, {"b", 1, 1, 1}}));
  EXPECT_EQ(large.channels.at(0).value.value() + large.channels.at(1).value.value(), large.total_value);
  EXPECT_EQ(large.total_value, most * 100 + 100);
  std::vector<PathRow> too_much;
  for (char name = 'a'; name < 'l'; ++name) too_much.push_back({std::string(1, name), 1, 0, most});
  for (const Removal removal : {Removal::redirect_to_null, Removal::fail}) {
    EXPECT_EQ(refusal_code([&] { static_cast<void>(markov(journeys_of(too_much), {.removal = removal})); }),
              ErrorCode::overflow);
  }
  constexpr std::int64_t many = std::numeric_limits<std::int64_t>::max() / 2;
  EXPECT_EQ(refusal_code([&] { MarkovState{journeys_of(std::vector<PathRow>{{"a>b", many, 1}, {"b", many, 1}})}; }),
            ErrorCode::overflow);
}

TEST(Markov, AnOrderThatTheJourneysCannotCarryIsAFinding) {
  Random random{15};
  const Journeys journeys = journeys_of(random_touches(random, 100, 12));
  EXPECT_TRUE(markov(journeys, {.order = 1}).findings.empty());
  const Credit made = markov(journeys, {.order = 3});
  ASSERT_EQ(made.findings.size(), 1U);
  EXPECT_NE(made.findings[0].first.find("cannot carry order 3"), std::string::npos);
}

TEST(Markov, OrdersBeyondFourAreRefused) {
  const Journeys journeys = journeys_of(own_six);
  for (const int order : {-1, 0, 5}) {
    EXPECT_EQ(refusal_code([&] { MarkovState{journeys, order}; }), ErrorCode::invalid_argument);
    EXPECT_EQ(refusal_code([&] { static_cast<void>(markov(journeys, {.order = order, .removal = Removal::fail})); }),
              ErrorCode::invalid_argument);
    EXPECT_EQ(refusal_code([&] { static_cast<void>(attribution::choose_order(journeys, order)); }),
              ErrorCode::invalid_argument);
  }
}

// Outcomes that follow from the last touch alone, from the last two, and from nothing.
TEST(ChooseOrder, FindsWhatOutcomesFollowFrom) {
  for (const int wanted : {1, 2}) {
    Random random{16};
    std::vector<TouchRow> rows;
    for (int subject = 0; subject < 4000; ++subject) {
      std::vector<std::size_t> path;
      for (std::int64_t left = random.uniform_int(2, 5); left > 0; --left) path.push_back(random.index(4));
      const bool likely = wanted == 1 ? path.back() == 0 : path.back() == path[path.size() - 2];
      const bool won = random.chance(likely ? 0.6 : 0.1);
      for (std::size_t at = 0; at < path.size(); ++at)
        rows.push_back({"s" + std::to_string(subject), static_cast<std::int64_t>(at), "c" + std::to_string(path[at]),
                        won && at + 1 == path.size() ? 1 : 0, 0});
    }
    const Table table = attribution::choose_order(journeys_of(rows));
    ASSERT_EQ(table.rows(), 4);
    for (std::int64_t row = 0; row < 4; ++row)
      EXPECT_EQ(table.at(row, "chosen").as_boolean(), row + 1 == wanted) << to_text(table);
  }
  EXPECT_EQ(attribution::choose_order(Journeys{}).rows(), 0);
}

}  // namespace
}  // namespace dealtrail
