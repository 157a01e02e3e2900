// AT.2, AT.6: chains solved densely and by iteration, and what they become without a group, exactly and to first order.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/attribution/markov.hpp"
#include "dealtrail/attribution/markov/chain.hpp"
#include "dealtrail/attribution/markov/leave_one_out.hpp"
#include "dealtrail/core/random.hpp"

#include "attribution/random_touches.hpp"
#include "support/touch_rows.hpp"

namespace dealtrail {
namespace {

using testing::journeys_of;
using testing::random_touches;

// AT.6: up to 64 states each group is left out exactly, beyond to first order; both are nearly the same. Chains beyond
// 2000 states are iterated, and give what the dense solution gives.
TEST(MarkovChain, ShortCutsAreNearlyTheSame) {
  Random random{13};
  for (const int order : {1, 2}) {
    const MarkovState state{journeys_of(random_touches(random, 3000, 6)), order};
    const detail::MarkovChain chain = detail::chain_of(state.groups(), state.windows().size());
    std::vector<std::vector<std::uint32_t>> states_of(state.channels().size());
    for (std::uint32_t at = 1; at < state.windows().size(); ++at) {
      for (const std::uint32_t channel : state.windows()[at]) {
        if (channel == 0) continue;
        auto& of = states_of[channel - 1];
        if (of.empty() || of.back() != at) of.push_back(at);
      }
    }
    detail::ChannelPaths dense_paths;
    detail::ChannelPaths sparse_paths;
    const auto dense = detail::through_channels(chain, states_of, true, &dense_paths);
    const auto sparse = detail::through_channels(chain, states_of, true, &sparse_paths, 0);
    for (std::size_t i = 0; i < dense.conversions.size(); ++i) {
      EXPECT_NEAR(dense.conversions[i], sparse.conversions[i], 1e-13);
      EXPECT_NEAR(dense.values[i], sparse.values[i], 1e-13 * dense.values[i]);
    }
    for (std::size_t i = 0; i < dense_paths.after.size(); ++i) {
      EXPECT_NEAR(dense_paths.after[i], sparse_paths.after[i], 1e-6);
      EXPECT_NEAR(dense_paths.conversions_by[i], sparse_paths.conversions_by[i], 1e-6);
    }
    double worst = 0;
    double spread = 0;
    double value_worst = 0;
    double value_spread = 0;
    for (const detail::MarkovGroup& group : state.groups()) {
      const auto rest = detail::chain_without(chain, group);
      const auto anew = detail::through_channels(rest, states_of, true, nullptr);
      const auto near_by = detail::through_without(chain, dense, dense_paths, group, true);
      for (std::size_t i = 0; i < dense.conversions.size(); ++i) {
        worst = std::max(worst, std::fabs(anew.conversions[i] - near_by.conversions[i]));
        spread = std::max(spread, std::fabs(anew.conversions[i] - dense.conversions[i]));
        value_worst = std::max(value_worst, std::fabs(anew.values[i] - near_by.values[i]));
        value_spread = std::max(value_spread, std::fabs(anew.values[i] - dense.values[i]));
      }
    }
    EXPECT_LT(worst, spread * 0.05);
    EXPECT_LT(value_worst, value_spread * 0.05);
  }
}

// AT.6: more than 64 states: the sum over steps and states, of however wide registers, is what the formula says.
TEST(MarkovChain, WithoutAGroupIsTheSumOverItsSteps) {
  Random random{17};
  for (const std::size_t channels : {70U, 96U, 131U}) {
    const MarkovState state{journeys_of(random_touches(random, 2000, channels))};
    const std::size_t states = state.windows().size();
    const detail::MarkovChain chain = detail::chain_of(state.groups(), states);
    std::vector<std::vector<std::uint32_t>> states_of(channels);
    for (std::uint32_t at = 1; at < states; ++at) states_of[state.windows()[at].back() - 1].push_back(at);
    detail::ChannelPaths paths;
    const auto whole = detail::through_channels(chain, states_of, true, &paths);
    for (std::size_t at = 0; at < state.groups().size(); at += 40) {
      const detail::MarkovGroup& group = state.groups()[at];
      const auto without = detail::through_without(chain, whole, paths, group, true);
      for (std::size_t channel = 0; channel < channels; ++channel) {
        const auto cell = [&](std::size_t of) {
          constexpr std::size_t strip = detail::ChannelPaths::strip;
          return (channel / strip * states + of) * strip + channel % strip;
        };
        std::vector<double> change(states);
        std::vector<double> all(states);
        std::vector<double> left(states);
        for (const auto& step : group.steps) {
          const auto weight = static_cast<double>(step.weight);
          all[step.from] += weight * (paths.conversions[step.from] - paths.conversions[step.to]);
          change[step.from] += weight * (static_cast<double>(paths.conversions_by[cell(step.from)]) -
                                         static_cast<double>(paths.conversions_by[cell(step.to)]));
          left[step.from] += weight;
        }
        for (const auto& end : group.ends) {
          const auto weight = static_cast<double>(end.conversions + end.nulls);
          all[end.window] += weight * paths.conversions[end.window] - static_cast<double>(end.conversions);
          change[end.window] += weight * static_cast<double>(paths.conversions_by[cell(end.window)]);
          left[end.window] += weight;
        }
        double sum = whole.conversions[channel];
        for (std::size_t of = 0; of < states; ++of) {
          const double rest = static_cast<double>(chain.leaving[of]) - left[of];
          if (left[of] == 0 || rest == 0) continue;
          const auto after = static_cast<double>(paths.after[cell(of)]);
          sum += (after * all[of] + (paths.visits[of] - after) * change[of]) / rest;
        }
        EXPECT_NEAR(without.conversions[channel], sum, 1e-6);
      }
    }
  }
}

// Products and sums are rounded alike, whatever the width.
TEST(MarkovChain, WideRegistersGiveTheSameSums) {
  Random random{19};
  constexpr std::size_t strip = detail::ChannelPaths::strip;
  std::vector<float> rows(50 * strip);
  for (float& one : rows) one = static_cast<float>(random.uniform_real() - 0.3);
  for (const std::size_t count : {0U, 1U, 7U, 400U}) {
    std::vector<detail::RemovedStep> steps;
    while (steps.size() < count) {
      steps.push_back({static_cast<std::uint32_t>(random.index(50) * strip),
                       static_cast<float>(random.uniform_int(-1'000'000, 3'000'000))});
    }
    std::array<float, strip> plain{};
    std::array<float, strip> widest{};
    detail::strip_of_steps(rows.data(), steps, plain.data());
    detail::widest_strip_work().take(rows.data(), steps, widest.data());
    EXPECT_EQ(plain, widest);
  }
}

}  // namespace
}  // namespace dealtrail
