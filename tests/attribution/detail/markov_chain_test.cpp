// AT.2, AT.6: chains solved densely and by iteration, and what they become without a group, exactly and to first order.
#include "dealtrail/attribution/detail/markov_chain.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/attribution/markov.hpp"
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

}  // namespace
}  // namespace dealtrail
