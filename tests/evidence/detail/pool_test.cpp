// The pool's likelihood and its fits, against published values; the e-value of a drop and its power, against the
// figures that are promised for them.
#include "dealtrail/evidence/detail/pool.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/evidence/detail/drop_test.hpp"

#include "evidence/draws.hpp"
#include "evidence/fit_pool.hpp"

namespace dealtrail::evidence::detail {
namespace {

using testing::count;

constexpr double infinite = std::numeric_limits<double>::infinity();
const double settled = std::log(20.0);

// Claims of 9461 policies, 0 to 7 each (Efron and Hastie, Computer Age Statistical Inference, table 6.1).
std::vector<Observation> policies() {
  std::vector<Observation> data;
  const double counts[] = {7840, 1317, 239, 42, 14, 4, 4, 1};
  for (int y = 0; y < 8; ++y) data.push_back({static_cast<double>(y), 1, counts[y]});
  return data;
}

TEST(Pool, PoliciesOfTheTextbook) {
  const PoolFit fit = fit_pool(Family::rate, policies());
  EXPECT_NEAR(fit.strength, 0.70151, 5e-5);
  EXPECT_NEAR(fit.mean / fit.strength, 0.30556, 5e-5);
  const double wanted[] = {.1642, .3982, .6323, .8663, 1.1004, 1.3344, 1.5685};
  for (int y = 0; y < 7; ++y) {
    const Mixture prior{Family::rate, {{1, fit.strength, fit.strength / fit.mean}}};
    EXPECT_NEAR(prior.with(y, 1).mean(), wanted[y], 5e-5);
  }
}

TEST(Pool, BattersOfTheTextbook) {
  std::vector<Observation> data;
  for (const double hits : {18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7})
    data.push_back({hits, 45});
  const PoolFit fit = fit_pool(Family::share, data);
  const double at_published = log_likelihood(Family::share, data, 210.6 / (210.6 + 582.7), 210.6 + 582.7);
  EXPECT_NEAR(fit.log_likelihood, at_published, 1e-4);
  EXPECT_GE(fit.log_likelihood, at_published);
  EXPECT_NEAR(fit.mean, 0.26543, 1e-3);
}

TEST(Pool, OwnChannelCase) {
  const double exposure[] = {40, 25, 60, 15, 30, 80, 10, 50};
  const double results[] = {120, 60, 210, 30, 105, 200, 38, 140};
  std::vector<Observation> data;
  for (int i = 0; i < 8; ++i) data.push_back({results[i], exposure[i]});
  const PoolFit fit = fit_pool(Family::rate, data);
  EXPECT_NEAR(fit.strength, 51.319, 2e-3);
  EXPECT_NEAR(fit.strength / fit.mean, 17.543, 1e-3);
}

TEST(Pool, LessSpreadThanChanceIsOneCommonRate) {
  std::vector<Observation> data;
  for (const double y : {10, 10, 10, 11, 9, 10}) data.push_back({y, 10});
  const PoolFit fit = fit_pool(Family::rate, data);
  EXPECT_EQ(fit.strength, infinite);
  EXPECT_NEAR(fit.mean, 1, 1e-6);
  const Mixture prior = pooled_prior(Family::rate, data, 1);
  const Mixture posterior = prior.with(10, 10);
  EXPECT_LT(posterior.quantile(0.05), posterior.quantile(0.95) - 0.01);
}

RC_GTEST_PROP(Pool, LikelihoodsAreNeverAboveOneAndReachTheirLimit, (std::uint64_t seed)) {
  Random random{seed};
  const Family family = random.chance(0.5) ? Family::rate : Family::share;
  std::vector<Observation> data;
  const double common = 0.02 + 0.5 * random.uniform_real();
  for (std::int64_t left = random.uniform_int(1, 12); left > 0; --left) {
    const double exposure = static_cast<double>(random.uniform_int(1, 4000));
    const double results = std::fmin(static_cast<double>(count(random, common * exposure)), exposure);
    data.push_back({random.chance(0.3) ? std::floor(common * exposure) : results, exposure});
  }
  const double limit = log_likelihood(family, data, common, infinite);
  RC_ASSERT(limit <= 0);
  for (const double strength : {0.1, 3.0, 1e4, 1e9, 1e13, 1e17})
    RC_ASSERT(log_likelihood(family, data, common, strength) <= 0);
  RC_ASSERT(std::fabs(log_likelihood(family, data, common, 1e18) - limit) < 1e-9);
  RC_ASSERT(std::fabs(log_likelihood(family, data, common, 1e25) - limit) < 1e-9);
}

TEST(DropTest, ClosedFormEqualsItsIntegral) {
  for (const double results : {0.0, 3.0, 20.0, 55.5}) {
    for (const double expected : {1.0, 24.0, 60.0}) {
      const double slow =
          log_integral([&](double r) { return log_ratio_density(r) + results * std::log(r) - (r - 1) * expected; });
      EXPECT_NEAR(log_e_of_rate(results, expected), slow, 1e-9 * (1 + std::fabs(slow)));
    }
  }
}

TEST(DropTest, AnEstimatedBenchmarkBecomesAKnownOne) {
  double before = log_e_of_two_rates(20, 40, 10, 10);
  for (const double more : {1e2, 1e3, 1e5}) {
    const double now = log_e_of_two_rates(20, 40, more, more);
    EXPECT_GT(now, before);
    before = now;
  }
  EXPECT_NEAR(log_e_of_two_rates(20, 40, 1e9, 1e9), log_e_of_rate(20, 40), 1e-5);
  EXPECT_NEAR(log_e_of_two_shares(20, 1000, 4e7, 1e9), log_e_of_share(20, 1000, 0.04), 1e-3);
  EXPECT_NEAR(log_e_of_share(20, 4e6, 1e-5), log_e_of_rate(20, 40), 1e-3);
}

TEST(DropTest, EvidenceFallsWithResults) {
  double before = infinite;
  for (double y = 0; y < 60; ++y) {
    const double now = log_e_of_rate(y, 40);
    EXPECT_LT(now, before);
    before = now;
  }
}

// The share of channels of this rate that pass at one of `looks` looks, 8 expected each.
double passed(double rate, double dispersion, int looks, int runs, std::uint64_t seed) {
  Random random{seed};
  int hits = 0;
  for (int run = 0; run < runs; ++run) {
    double sum = 0;
    for (int look = 1; look <= looks; ++look) {
      sum += static_cast<double>(count(random, 8 * rate, dispersion));
      if (log_e_of_rate(sum / dispersion, 8 * look / dispersion) < settled) continue;
      ++hits;
      break;
    }
  }
  return static_cast<double>(hits) / runs;
}

TEST(DropTest, FalseDropsInThirtyLooksAreBelowFivePercent) {
  EXPECT_NEAR(passed(1, 1, 30, 8000, 1), 0.023, 0.006);
  EXPECT_NEAR(passed(1, 1.5, 30, 8000, 2), 0.022, 0.006);
  EXPECT_NEAR(passed(1, 3, 30, 8000, 3), 0.017, 0.006);
}

TEST(DropTest, PowerIsWhatIsPrinted) {
  const double wanted[][3] = {{0.7, 3, .17},  {0.7, 5, .33}, {0.7, 10, .63},
                              {0.7, 20, .93}, {0.5, 3, .59}, {0.5, 5, .87}};
  for (const auto& [rate, looks, power] : wanted) {
    std::vector<double> expected;
    std::vector<double> most;
    for (int look = 1; look <= static_cast<int>(looks); ++look) {
      expected.push_back(8 * look);
      most.push_back(
          most_results([&](double y) { return log_e_of_rate(y, expected.back()); }, settled, expected.back()));
    }
    const double exact = power_of_drop(expected, most, rate);
    EXPECT_NEAR(exact, power, 0.016) << rate << " after " << looks;
    EXPECT_NEAR(passed(rate, 1, static_cast<int>(looks), 4000, 7), exact, 0.025) << rate << " after " << looks;
  }
}

// Dispersion estimated from `channels` of the same rate, looked at after each of 30 placements.
double passed_with_estimate(int channels, double dispersion, int runs, std::uint64_t seed) {
  Random random{seed};
  const auto size = static_cast<std::size_t>(channels);
  std::vector<double> points(31, 0.0);
  for (int look = 2; look <= 30; ++look)
    points[static_cast<std::size_t>(look)] =
        Mixture{Family::rate, {{1, channels * (look - 1) / 2.0, 0.5}}}.quantile(0.1);
  int hits = 0;
  for (int run = 0; run < runs; ++run) {
    std::vector<double> sums(size, 0);
    std::vector<double> squares(size, 0);
    for (int look = 1; look <= 30; ++look) {
      double chi_square = 0;
      for (std::size_t i = 0; i < size; ++i) {
        const auto y = static_cast<double>(count(random, 8, dispersion));
        sums[i] += y;
        squares[i] += y * y;
        const double mean = sums[i] / look;
        if (mean > 0) chi_square += (squares[i] - look * mean * mean) / mean;
      }
      if (look == 1) continue;
      const double wide = std::fmax(
          1, channels < 5 ? chi_square / points[static_cast<std::size_t>(look)] : chi_square / (channels * (look - 1)));
      if (log_e_of_rate(sums[0] / wide, 8 * look / wide) < settled) continue;
      ++hits;
      break;
    }
  }
  return static_cast<double>(hits) / runs;
}

TEST(DropTest, FalseDropsStayBelowWithAnEstimatedDispersion) {
  for (const double dispersion : {1.5, 3.0}) {
    EXPECT_LT(passed_with_estimate(1, dispersion, 1500, 11), 0.06);
    EXPECT_LT(passed_with_estimate(3, dispersion, 800, 12), 0.05);
    EXPECT_LT(passed_with_estimate(8, dispersion, 400, 13), 0.06);
  }
}

TEST(DropTest, FalseDropsStayBelowWithAnEstimatedBenchmark) {
  Random random{21};
  for (const double known : {40.0, 200.0}) {
    int hits = 0;
    constexpr int runs = 500;
    for (int run = 0; run < runs; ++run) {
      const auto others = static_cast<double>(count(random, known));
      double sum = 0;
      for (int look = 1; look <= 30; ++look) {
        sum += static_cast<double>(count(random, 8));
        if (sum > 8 * look * others / known || log_e_of_two_rates(sum, 8 * look, others, known) < settled) continue;
        ++hits;
        break;
      }
    }
    EXPECT_LT(hits, 0.05 * runs) << known;
  }
}

}  // namespace
}  // namespace dealtrail::evidence::detail
