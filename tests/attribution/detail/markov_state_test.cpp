// AT.5: the counts of chains: their laws and bytes, threads, streams.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/attribution/detail/group_split.hpp"
#include "dealtrail/attribution/markov.hpp"
#include "dealtrail/core/random.hpp"

#include "attribution/random_touches.hpp"
#include "support/aggregate_laws.hpp"
#include "support/refusal.hpp"
#include "support/touch_rows.hpp"

namespace dealtrail::testing {

// One row of the law tests is a subject with all touches; the order is 2, so that states are windows.
template <>
struct AggregateSample<MarkovState> {
  static std::vector<TouchRow> row(Random& random) { return random_subject(random); }
  static void update(MarkovState& state, std::span<const std::vector<TouchRow>> rows) {
    state.merge(MarkovState{journeys_of_subjects(rows), 2});
  }
};
INSTANTIATE_TYPED_TEST_SUITE_P(MarkovState, AggregateLaws, MarkovState);

}  // namespace dealtrail::testing

namespace dealtrail {
namespace {

using attribution::markov;
using testing::journeys_of;
using testing::random_touches;
using testing::refusal_code;
using testing::TouchRow;

constexpr CreditOptions point{.intervals = false};

TEST(MarkovState, ThreadsGroupsAndTablesDoNotChangeTheCounts) {
  Random random{11};
  for (const std::size_t channels : {6U, 90U}) {
    const Journeys journeys = journeys_of(random_touches(random, 1500, channels));
    for (const int order : {1, 2, 3, 4}) {
      const MarkovState one{journeys, order};
      for (const std::size_t threads : {2U, 5U})
        EXPECT_EQ((MarkovState{journeys, order, {.threads = threads}}.to_bytes()), one.to_bytes());
      if (channels > 6 && order > 2) continue;  // thousands of states
      const Credit whole = markov(journeys, {.order = order}, point);
      const Credit grouped = one.finish().value();
      for (std::size_t i = 0; i < whole.channels.size(); ++i) {
        EXPECT_EQ(grouped.channels[i].conversions, whole.channels[i].conversions);
        EXPECT_EQ(grouped.channels[i].value, whole.channels[i].value);
        EXPECT_EQ(grouped.channels[i].journeys, whole.channels[i].journeys);
      }
    }
  }
}

// AT.5: a stream of subjects in any pieces is the batch; what was merged can be taken back.
TEST(MarkovState, AStreamIsTheBatch) {
  Random random{12};
  const auto rows = random_touches(random, 300, 8);
  const MarkovState batch{journeys_of(rows), 3};
  MarkovState stream;
  for (int piece = 0; piece < 7; ++piece) {
    std::vector<TouchRow> part;
    for (const TouchRow& row : rows) {
      if (std::stoi(row.subject->substr(1)) % 7 == piece) part.push_back(row);
    }
    stream.merge(MarkovState{journeys_of(part), 3});
  }
  EXPECT_EQ(stream.to_bytes(), batch.to_bytes());
}

// What rows of paths bring to each group, row by row and step by step.
using Windows = std::vector<std::uint32_t>;
struct SlowGroup {
  std::map<std::pair<Windows, Windows>, std::int64_t> steps;
  std::map<Windows, std::pair<std::int64_t, std::int64_t>> ends;  // conversions, nulls
  std::map<Windows, std::int64_t> values;
  friend bool operator==(const SlowGroup&, const SlowGroup&) = default;
};
std::vector<SlowGroup> slow_groups(const Journeys& journeys, std::size_t order) {
  std::vector<SlowGroup> groups(detail::interval_groups);
  for (std::size_t row = 0; row < journeys.size(); ++row) {
    detail::GroupSplit(journeys, row, groups.size())
        .share(journeys.value_minor(row),
               [&](std::size_t at, std::int64_t weight, std::int64_t converted, std::int64_t value) {
                 const auto path = journeys.path(row);
                 if (path.empty()) return;
                 Windows window;
                 for (std::size_t touch = 0; touch < path.size(); ++touch) {
                   Windows next = window;
                   next.push_back(path[touch] + 1);
                   if (next.size() > order) next.erase(next.begin());
                   const bool whole = touch + 1 >= std::min(order, path.size());
                   const Windows from = touch < order ? Windows{} : window;
                   if (whole && from != next) groups[at].steps[{from, next}] += weight;
                   window = next;
                 }
                 auto& end = groups[at].ends[window];
                 end.first += converted;
                 end.second += weight - converted;
                 groups[at].values[window] += converted > 0 ? value : 0;
               });
  }
  return groups;
}

// AT.6: whatever rows of paths count, few or very many, each group holds what dealing row by row gives it; by any
// number of threads.
TEST(MarkovState, DealtPathsAreWhatTheirRowsGive) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U, 6U}) {
    Random random{seed};
    const std::size_t channels = std::vector<std::size_t>{2, 40, 300}[seed % 3];
    std::vector<testing::PathRow> rows;
    for (int row = 0; row < 400; ++row) {
      testing::PathRow one{{}, random.uniform_int(0, 3), random.uniform_int(1, 3), 0};
      if (random.chance(0.1)) one.conversions = random.uniform_int(5, 300);
      if (seed > 3 && random.chance(0.1)) one.nulls = std::int64_t{1} << random.uniform_int(10, 40);
      if (seed % 2 == 0 && one.conversions > 0) one.value = random.uniform_int(-5, 1000);
      const bool first = row == 0;  // every channel, so that places of windows are those of channels
      const bool long_one = row == 1 && seed == 3;
      for (std::size_t left = first ? channels : long_one ? 70'000 : random.index(9); left > 0; --left) {
        if (!one.path.empty()) one.path += '>';
        one.path += "c" + std::to_string(1000 + (first ? left - 1 : random.index(channels)));
      }
      rows.push_back(one);
    }
    const Journeys journeys = journeys_of(rows);
    for (const int order : {1, 2, 3}) {
      const MarkovState state{journeys, order, {.threads = 3}};
      ASSERT_EQ(state.channels().size(), channels);
      std::vector<SlowGroup> groups(detail::interval_groups);
      for (std::size_t at = 0; at < groups.size(); ++at) {
        const auto window = [&](std::uint32_t place) {
          Windows digits;
          for (const std::uint32_t digit : state.windows()[place]) {
            if (digit != 0) digits.push_back(digit);
          }
          return digits;
        };
        for (const auto& step : state.groups()[at].steps)
          groups[at].steps[{window(step.from), window(step.to)}] = step.weight;
        for (const auto& end : state.groups()[at].ends) {
          groups[at].ends[window(end.window)] = {end.conversions, end.nulls};
          groups[at].values[window(end.window)] = static_cast<std::int64_t>(end.value);
        }
      }
      EXPECT_TRUE(groups == slow_groups(journeys, static_cast<std::size_t>(order))) << seed << ", order " << order;
      EXPECT_EQ((MarkovState{journeys, order, {.threads = 1}}.to_bytes()), state.to_bytes());
      if (state.windows().size() > 400) continue;
      const auto credit = credit_table(std::vector{state.finish().value()});
      EXPECT_EQ(credit_table(std::vector{state.finish(3).value()}), credit);
    }
  }
}

TEST(MarkovState, StatesOfDifferentOrdersAreNotJoined) {
  const Journeys journeys = journeys_of(std::vector<TouchRow>{{"s", 1, "a", 1, 5}, {"s", 2, "b", 1, 5}});
  MarkovState first{journeys, 1};
  const MarkovState before = first;
  for (const MarkovState& other : {MarkovState{journeys, 2}, MarkovState{journeys, 1, point}}) {
    EXPECT_EQ(refusal_code([&] { first.merge(other); }), ErrorCode::invalid_argument);
    EXPECT_EQ(refusal_code([&] { first.subtract(other); }), ErrorCode::invalid_argument);
  }
  EXPECT_EQ(first, before);
}

}  // namespace
}  // namespace dealtrail
