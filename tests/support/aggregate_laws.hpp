#pragma once

// SP.6, law 4: what every state promises. A state joins with one line, at global scope of its own test:
//
//   DEALTRAIL_AGGREGATE_LAWS(ConversionState, static_cast<std::uint8_t>(random.uniform_int(0, 1)));
//
// The expression makes one row from `random`; State::update takes a span of such rows. Equality is exact: integers
// only.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/aggregate/aggregate.hpp"
#include "dealtrail/core/random.hpp"

#include "support/refusal.hpp"

namespace dealtrail::testing {

/// Specialised by DEALTRAIL_AGGREGATE_LAWS: one random row of a state's input.
template <class State>
struct AggregateSample;

template <Aggregate State>
class AggregateLaws : public ::testing::Test {
 protected:
  using Row = decltype(AggregateSample<State>::row(std::declval<Random&>()));
  static constexpr std::uint64_t rounds = 50;

  static std::vector<Row> rows(Random& random) {
    std::vector<Row> made;
    for (std::int64_t left = random.uniform_int(0, 60); left > 0; --left)
      made.push_back(AggregateSample<State>::row(random));
    return made;
  }
  static State state_of(const std::vector<Row>& rows) {
    State state;
    update(state, std::span<const Row>(rows));
    return state;
  }
  // A state that reads rows of another shape says how in its sample.
  static void update(State& state, std::span<const Row> rows) {
    if constexpr (requires { AggregateSample<State>::update(state, rows); }) {
      AggregateSample<State>::update(state, rows);
    } else {
      state.update(rows);
    }
  }
  static State state(Random& random) { return state_of(rows(random)); }
};

TYPED_TEST_SUITE_P(AggregateLaws);

TYPED_TEST_P(AggregateLaws, MergeIsAssociativeAndCommutative) {
  for (std::uint64_t seed = 0; seed < this->rounds; ++seed) {
    SCOPED_TRACE(seed);
    Random random{seed};
    const TypeParam a = this->state(random), b = this->state(random), c = this->state(random);
    EXPECT_EQ(merged(merged(a, b), c), merged(a, merged(b, c)));
    EXPECT_EQ(merged(a, b), merged(b, a));
    EXPECT_EQ(merged(a, b).to_bytes(), merged(b, a).to_bytes());
  }
}

TYPED_TEST_P(AggregateLaws, EmptyIsNeutralAndHasNoValue) {
  const TypeParam empty{};
  for (std::uint64_t seed = 0; seed < this->rounds; ++seed) {
    Random random{seed};
    const TypeParam a = this->state(random);
    EXPECT_EQ(merged(a, empty), a);
    EXPECT_EQ(merged(empty, a), a);
  }
  EXPECT_EQ(merged(empty, empty), empty);
  EXPECT_EQ(this->state_of({}), empty);
  if constexpr (requires { empty.finish().has_value(); }) {
    EXPECT_FALSE(empty.finish().has_value());
  }
}

TYPED_TEST_P(AggregateLaws, AStateMayBeMergedWithItself) {
  Random random{1};
  TypeParam state = this->state(random);
  const TypeParam copy = state;
  state.merge(state);
  EXPECT_EQ(state, merged(copy, copy));
  if constexpr (LiveAggregate<TypeParam>) {
    state.subtract(state);
    EXPECT_EQ(state, TypeParam{});
  }
}

TYPED_TEST_P(AggregateLaws, BytesAreCanonicalAndComeBack) {
  for (std::uint64_t seed = 0; seed < this->rounds; ++seed) {
    SCOPED_TRACE(seed);
    Random random{seed};
    const TypeParam a = this->state(random), b = this->state(random);
    EXPECT_EQ(TypeParam::from_bytes(a.to_bytes()), a);
    EXPECT_EQ(TypeParam::from_bytes(a.to_bytes()).to_bytes(), a.to_bytes());
    EXPECT_EQ(a == b, a.to_bytes() == b.to_bytes());
  }
  EXPECT_EQ(TypeParam::from_bytes(TypeParam{}.to_bytes()), TypeParam{});
}

TYPED_TEST_P(AggregateLaws, BytesThatAreCutLengthenedOrFlippedAreRefused) {
  Random random{2};
  const std::string bytes = this->state(random).to_bytes();
  const auto code = [](const std::string& broken) {
    return refusal_code([&] { static_cast<void>(TypeParam::from_bytes(broken)); });
  };
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ASSERT_EQ(code(bytes.substr(0, length)), ErrorCode::corrupt_data) << "cut at " << length;
  }
  ASSERT_EQ(code(bytes + '\0'), ErrorCode::corrupt_data);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    ASSERT_EQ(code(flipped), ErrorCode::corrupt_data) << "bit " << bit;
  }
}

TYPED_TEST_P(AggregateLaws, AnyPartitionGivesIdenticalBytes) {
  for (std::uint64_t seed = 0; seed < this->rounds; ++seed) {
    SCOPED_TRACE(seed);
    Random random{seed};
    auto rows = this->rows(random);
    const std::string whole = this->state_of(rows).to_bytes();
    for (const std::size_t shards : {1U, 2U, 7U, 64U}) {
      random.shuffle(rows);
      std::vector<TypeParam> states(shards);
      std::vector<decltype(rows)> parts(shards);
      for (const auto& row : rows) parts[random.index(shards)].push_back(row);
      for (std::size_t i = 0; i < shards; ++i) {
        if (random.chance(0.5)) {
          states[i] = this->state_of(parts[i]);
        } else {  // one row at a time
          for (const auto& row : parts[i]) this->update(states[i], std::span<const typename TestFixture::Row>(&row, 1));
        }
      }
      while (states.size() > 1) {  // merge any two, until one is left
        random.shuffle(states);
        const TypeParam taken = TypeParam::from_bytes(states.back().to_bytes());
        states.pop_back();
        states.back().merge(taken);
      }
      EXPECT_EQ(states.front().to_bytes(), whole) << shards << " shards";
    }
  }
}

TYPED_TEST_P(AggregateLaws, SubtractIsTheInverseOfMerge) {
  if constexpr (LiveAggregate<TypeParam>) {
    for (std::uint64_t seed = 0; seed < this->rounds; ++seed) {
      SCOPED_TRACE(seed);
      Random random{seed};
      const TypeParam a = this->state(random), b = this->state(random), c = this->state(random);
      EXPECT_EQ(subtracted(merged(a, b), b).to_bytes(), a.to_bytes());
      EXPECT_EQ(subtracted(merged(a, b), a).to_bytes(), b.to_bytes());
      EXPECT_EQ(subtracted(merged(merged(a, b), c), b), merged(a, c));
      EXPECT_EQ(subtracted(a, TypeParam{}), a);
      EXPECT_EQ(subtracted(a, a), TypeParam{});
    }
  }
}

TYPED_TEST_P(AggregateLaws, MoreCannotBeTakenThanWasPut) {
  if constexpr (LiveAggregate<TypeParam>) {
    Random random{3};
    TypeParam state = this->state(random);
    const TypeParam before = state;
    const TypeParam more = merged(state, this->state_of({AggregateSample<TypeParam>::row(random)}));
    EXPECT_EQ(refusal_code([&] { state.subtract(more); }), ErrorCode::invalid_argument);
    EXPECT_EQ(state, before);
  }
}

REGISTER_TYPED_TEST_SUITE_P(AggregateLaws, MergeIsAssociativeAndCommutative, EmptyIsNeutralAndHasNoValue,
                            AStateMayBeMergedWithItself, BytesAreCanonicalAndComeBack,
                            BytesThatAreCutLengthenedOrFlippedAreRefused, AnyPartitionGivesIdenticalBytes,
                            SubtractIsTheInverseOfMerge, MoreCannotBeTakenThanWasPut);

}  // namespace dealtrail::testing

/// Enrols a state of namespace dealtrail; `...` is one row made from `random`, a dealtrail::Random.
#define DEALTRAIL_AGGREGATE_LAWS(State, ...)                                 \
  namespace dealtrail::testing {                                             \
  template <>                                                                \
  struct AggregateSample<State> {                                            \
    static auto row([[maybe_unused]] Random& random) { return __VA_ARGS__; } \
  };                                                                         \
  INSTANTIATE_TYPED_TEST_SUITE_P(State, AggregateLaws, State);               \
  }                                                                          \
  static_assert(true)
