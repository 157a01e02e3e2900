#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace dealtrail {

/// A partial result as a plain value: build it in pieces (a day, a thread, an announcement), merge in any grouping and
/// order, read it at any moment. The laws, proven for each state by tests/support/aggregate_laws.hpp:
/// - merge is associative and commutative, a default-constructed state is neutral;
/// - to_bytes is canonical (equal states, equal bytes, on every machine), from_bytes gives the state back and refuses
/// anything
///   that to_bytes did not write with corrupt_data;
/// - any partition of the rows gives identical bytes;
/// - finish is pure, and an empty state finishes to "no value", never to 0 or NaN.
/// merge throws invalid_argument (or currency_mismatch) when the parameters of the two differ, overflow when a field
/// does not fit; the state is then unchanged.
template <class State>
concept Aggregate = std::regular<State> && requires(State state, const State& other, std::string_view bytes) {
  { state.merge(other) } -> std::same_as<void>;
  { other.to_bytes() } -> std::same_as<std::string>;
  { State::from_bytes(bytes) } -> std::same_as<State>;
  other.finish();
};

/// An aggregate that can also take back what was merged into it, exactly: after merge(x), subtract(x) restores the very
/// bytes. Integers only. Live cards keep these: a fact that changes is taken out as it was and put in as it is.
/// subtract throws invalid_argument for what cannot have been merged (the count would fall below zero); the state is
/// then unchanged.
template <class State>
concept LiveAggregate = Aggregate<State> && requires(State state, const State& other) {
  { state.subtract(other) } -> std::same_as<void>;
};

/// The two states as one.
template <Aggregate State>
[[nodiscard]] State merged(State left, const State& right) {
  left.merge(right);
  return left;
}

/// The state without what `part` had brought.
template <LiveAggregate State>
[[nodiscard]] State subtracted(State whole, const State& part) {
  whole.subtract(part);
  return whole;
}

}  // namespace dealtrail
