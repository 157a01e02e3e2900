// AT.5: the counts of chains: their laws and bytes, threads, streams.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

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
