#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dealtrail/attribution/markov/groups.hpp"
#include "dealtrail/core/detail/parallel.hpp"

// The chain that counts make, and what is lost of it when channels are removed.
namespace dealtrail::detail {

// Sums over groups. State 0 is the start; a state is left as often as it is entered.
struct MarkovChain {
  std::vector<MarkovStep> steps{};      // by (from, to)
  std::vector<std::size_t> first{};     // of each state, and one more
  std::vector<std::int64_t> leaving{};  // how often each state is left, the start: how many journeys there are
  std::vector<std::int64_t> conversions{};
  std::vector<double> values{};

  [[nodiscard]] std::size_t states() const noexcept { return leaving.size(); }
};

[[nodiscard]] inline MarkovChain chain_of(std::span<const MarkovGroup> groups, std::size_t states,
                                          std::size_t threads = 1) {
  MarkovChain chain;
  chain.first.resize(states + 1);
  chain.leaving.resize(states);
  chain.conversions.resize(states);
  chain.values.resize(states);
  std::size_t steps = 0;
  for (const MarkovGroup& group : groups) steps += group.steps.size();
  const auto add = [&chain](std::size_t from, std::size_t to, std::int64_t weight) {
    chain.steps.push_back({static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to), weight});
    chain.leaving[from] += weight;
  };
  if (states * states <= 2 * steps) {  // most steps that there can be are there: a place for each
    std::vector<std::int64_t> weights(states * states);
    run_workers(threads, [&](std::size_t worker) {  // each has rows of its own
      const auto before = [](const MarkovStep& step, std::size_t from) { return step.from < from; };
      const std::size_t end = states * (worker + 1) / threads;
      for (const MarkovGroup& group : groups) {
        auto step = std::lower_bound(group.steps.begin(), group.steps.end(), states * worker / threads, before);
        for (; step != group.steps.end() && step->from < end; ++step)
          weights[step->from * states + step->to] += step->weight;
      }
    });
    for (std::size_t from = 0; from < states; ++from) {
      chain.first[from] = chain.steps.size();
      for (std::size_t to = 0; to < states; ++to) {
        if (weights[from * states + to] != 0) add(from, to, weights[from * states + to]);
      }
    }
  } else {  // steps are gathered by where they begin; then each state's are added up in a row
    std::vector<std::size_t> begin(states + 1);
    for (const MarkovGroup& group : groups) {
      for (const MarkovStep& step : group.steps) ++begin[step.from + 1];
    }
    for (std::size_t state = 0; state < states; ++state) begin[state + 1] += begin[state];
    std::vector<MarkovStep> gathered(steps);
    for (const MarkovGroup& group : groups) {
      for (const MarkovStep& step : group.steps) gathered[begin[step.from]++] = step;
    }
    std::vector<std::int64_t> row(states);
    std::vector<std::uint32_t> there;
    std::size_t at = 0;
    for (std::size_t from = 0; from < states; ++from) {
      there.clear();
      for (; at < begin[from]; ++at) {
        const MarkovStep& step = gathered[at];
        if (row[step.to] == 0) there.push_back(step.to);
        row[step.to] += step.weight;
      }
      std::sort(there.begin(), there.end());
      chain.first[from] = chain.steps.size();
      for (const std::uint32_t to : there) {
        add(from, to, row[to]);
        row[to] = 0;
      }
    }
  }
  chain.first[states] = chain.steps.size();
  std::vector<int128> values(states);
  for (const MarkovGroup& group : groups) {
    for (const MarkovEnd& end : group.ends) {
      chain.leaving[end.window] += end.conversions + end.nulls;
      chain.conversions[end.window] += end.conversions;
      values[end.window] += end.value;
    }
  }
  for (std::size_t state = 0; state < states; ++state) chain.values[state] = static_cast<double>(values[state]);
  return chain;
}

// The chain without one of the groups that made it. Steps of nobody stay, with weight 0.
[[nodiscard]] inline MarkovChain chain_without(MarkovChain chain, const MarkovGroup& group) {
  std::size_t at = 0;
  for (const MarkovStep& step : group.steps) {
    at = std::max(at, chain.first[step.from]);
    while (chain.steps[at].to != step.to) ++at;
    chain.steps[at].weight -= step.weight;
    chain.leaving[step.from] -= step.weight;
  }
  for (const MarkovEnd& end : group.ends) {
    chain.leaving[end.window] -= end.conversions + end.nulls;
    chain.conversions[end.window] -= end.conversions;
    chain.values[end.window] -= static_cast<double>(end.value);
  }
  return chain;
}

// What goes through each channel, per journey: conversions, and their value.
struct ThroughChannels {
  std::vector<double> conversions{};
  std::vector<double> values{};
};

// What the derivative of ThroughChannels needs. Channels lie in strips of 32, so that what is read of all states at a
// time stays near: [(channel / 32 * states + state) * 32 + channel % 32].
struct ChannelPaths {
  static constexpr std::size_t strip = 32;

  std::vector<double> visits{};       // of each state, per journey
  std::vector<double> conversions{};  // that follow from each state; of the start: all
  std::vector<double> values{};
  std::vector<float> after{};           // visits of each state from the first touch of the channel on
  std::vector<float> conversions_by{};  // that follow from each state through the channel
  std::vector<float> values_by{};
};

// `states_of` are the states that each channel is in, in order. `paths`: filled, too, unless nullptr. Chains of more
// than `dense_up_to` states are solved by iteration.
[[nodiscard]] ThroughChannels through_channels(const MarkovChain& chain,
                                               std::span<const std::vector<std::uint32_t>> states_of, bool has_values,
                                               ChannelPaths* paths, std::size_t dense_up_to = 2000);

// What goes through each channel when a group is left out, to first order of what it changes.
[[nodiscard]] ThroughChannels through_without(const MarkovChain& chain, const ThroughChannels& whole,
                                              const ChannelPaths& paths, const MarkovGroup& group, bool has_values);

}  // namespace dealtrail::detail
