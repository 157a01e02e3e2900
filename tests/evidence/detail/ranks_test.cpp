// Ranks with intervals: the number of successes equals the sum over all outcomes.
#include "dealtrail/evidence/detail/ranks.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

namespace dealtrail::evidence::detail {
namespace {

TEST(RanksTest, NumbersOfSuccessesEqualTheSumOverAllOutcomes) {
  Random random{5};
  for (int problem = 0; problem < 300; ++problem) {
    const auto n = static_cast<std::size_t>(random.uniform_int(0, 9));
    std::vector<double> chances;
    for (std::size_t i = 0; i < n; ++i) chances.push_back(random.uniform_real());
    std::vector<double> wanted(n + 1, 0);
    for (std::size_t outcome = 0; outcome < (std::size_t{1} << n); ++outcome) {
      double chance = 1;
      std::size_t successes = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const bool success = (outcome >> i & 1) != 0;
        chance *= success ? chances[i] : 1 - chances[i];
        successes += success ? 1 : 0;
      }
      wanted[successes] += chance;
    }
    const std::vector<double> counts = number_of_successes(chances);
    ASSERT_EQ(counts.size(), wanted.size());
    for (std::size_t k = 0; k <= n; ++k) EXPECT_NEAR(counts[k], wanted[k], 1e-14);
  }
}

TEST(RanksTest, ManyOpenOnesAreNormal) {
  const std::vector<double> counts = number_of_successes(std::vector<double>(400, 0.5));
  double sum = 0;
  for (std::size_t k = 0; k <= 210; ++k) sum += counts[k];
  EXPECT_NEAR(sum, 0.8533, 0.001);  // binomial: 0.85332
}

TEST(RanksTest, KnownValuesHaveTheirRanksAndEqualOnesHaveAll) {
  const auto known = [](double value) { return Mixture{Family::rate, {{1, 1e6, 1e6 / value}}}; };
  const std::vector<RankInterval> apart = rank_intervals({known(2), known(9), known(5)});
  EXPECT_EQ(apart[0].low, 3);
  EXPECT_EQ(apart[1].high, 1);
  EXPECT_EQ(apart[2].low, 2);
  EXPECT_EQ(apart[2].high, 2);
  const std::vector<RankInterval> equal = rank_intervals({known(2), known(2), known(2)});
  EXPECT_EQ(equal[0].low, 1);
  EXPECT_EQ(equal[0].high, 3);
  EXPECT_TRUE(rank_intervals({}).empty());
}

}  // namespace
}  // namespace dealtrail::evidence::detail
