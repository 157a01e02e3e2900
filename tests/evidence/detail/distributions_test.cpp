// Incomplete gamma and beta functions, mixtures and the value of information, against closed forms, published values
// and slow quadrature.
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "dealtrail/core/detail/beta_functions.hpp"
#include "dealtrail/core/detail/gamma_functions.hpp"
#include "dealtrail/core/detail/roots.hpp"
#include "dealtrail/core/random.hpp"
#include "dealtrail/evidence/detail/log_linear.hpp"
#include "dealtrail/evidence/detail/mixture.hpp"

namespace dealtrail::evidence::detail {
namespace {

using namespace dealtrail::detail;

constexpr double infinite = std::numeric_limits<double>::infinity();

// Simpson's rule with many points.
template <class Function>
double integral(const Function& f, double low, double high, int pieces = 20'000) {
  const double step = (high - low) / pieces;
  double sum = f(low) + f(high);
  for (int i = 1; i < pieces; ++i) sum += f(low + step * i) * (i % 2 == 1 ? 4 : 2);
  return sum * step / 3;
}

void expect_close(double found, double wanted, double relative) {
  EXPECT_LE(std::fabs(found - wanted), relative * std::fabs(wanted) + 1e-300) << found << " for " << wanted;
}

TEST(GammaFunctions, DerivativesOfKnownPoints) {
  expect_close(digamma(1), -0.57721566490153286061, 1e-14);
  expect_close(digamma(0.5), -1.9635100260214234794, 1e-14);
  expect_close(trigamma(1), 1.6449340668482264365, 1e-14);
  expect_close(trigamma(0.5), 4.9348022005446793094, 1e-14);
  for (const double a : {0.02, 0.7, 3.3, 12.0, 900.0}) {
    const double h = 1e-4 * a;
    expect_close((log_gamma(a + h) - log_gamma(a - h)) / (2 * h), digamma(a), 1e-6);
    expect_close((digamma(a + h) - digamma(a - h)) / (2 * h), trigamma(a), 1e-6);
  }
}

TEST(GammaFunctions, LogGammaOfKnownPoints) {
  expect_close(log_gamma(0.5), 0.57236494292470008707, 1e-14);
  EXPECT_NEAR(log_gamma(1), 0, 1e-14);
  expect_close(log_gamma(10), 12.801827480081469611, 1e-15);
  expect_close(log_gamma(171), 706.57306224578734715, 1e-15);
  for (const double a : {0.01, 0.3, 3.7, 42.0, 1e5, 1e12}) expect_close(log_gamma(a), std::lgamma(a), 1e-13);
}

TEST(GammaFunctions, ClosedForms) {
  for (const double x : {1e-8, 0.1, 1.0, 5.0, 40.0, 500.0}) {
    expect_close(incomplete_gamma(1, x).lower, -std::expm1(-x), 1e-13);
    expect_close(incomplete_gamma(1, x).upper, std::exp(-x), 1e-13);
    expect_close(incomplete_gamma(0.5, x).lower, std::erf(std::sqrt(x)), 1e-13);
    expect_close(incomplete_gamma(0.5, x).upper, std::erfc(std::sqrt(x)), 1e-12);
  }
  EXPECT_EQ(incomplete_gamma(3, 0).lower, 0);
  EXPECT_EQ(incomplete_gamma(3, infinite).upper, 0);
}

TEST(GammaFunctions, ChiSquareTable) {
  // 95 % points of chi-square as tables print them.
  const double table[][2] = {{1, 3.841458820694124},
                             {2, 5.991464547107979},
                             {10, 18.307038053275146},
                             {30, 43.77297182574219},
                             {100, 124.34211340400407}};
  for (const auto& [degrees, point] : table) {
    EXPECT_NEAR(incomplete_gamma(degrees / 2, point / 2).lower, 0.95, 1e-12) << degrees;
    const Mixture chi{Family::rate, {{1, degrees / 2, 0.5}}};
    expect_close(chi.quantile(0.95), point, 1e-9);
  }
}

TEST(GammaFunctions, PoissonSums) {
  for (const double x : {0.3, 7.0, 80.0}) {
    double term = std::exp(-x);
    double sum = 0;
    for (int k = 0; k < 120; ++k) {
      sum += term;
      expect_close(poisson_term(k, x), term, 1e-11);
      EXPECT_NEAR(incomplete_gamma(k + 1, x).upper, sum, 1e-13);
      term *= x / (k + 1);
    }
  }
}

TEST(GammaFunctions, LargeShapesAgreeAcrossTheBorderOfTheExpansion) {
  for (const double off : {0.9, 0.98, 0.999, 1.0, 1.004, 1.02, 1.1}) {
    const double a = 19'999;  // by series and fraction
    const IncompleteGamma slow = incomplete_gamma(a, a * off);
    const IncompleteGamma fast = uniform_gamma(a, a * off);
    EXPECT_NEAR(slow.lower, fast.lower, 2e-13) << off;
    EXPECT_NEAR(slow.upper, fast.upper, 2e-13) << off;
  }
  EXPECT_NEAR(incomplete_gamma(1e10, 1e10).lower, 0.5 + 1 / (3 * std::sqrt(two_pi * 1e10)), 1e-12);
}

TEST(GammaFunctions, RisingFactorsKeepTheirDigits) {
  for (const double a : {0.2, 3.0, 60.0, 1e4}) {
    for (const double y : {1.0, 5.0, 64.0, 200.0}) {
      double sum = 0;
      for (double j = 0; j < y; ++j) sum += std::log1p(j / a);
      EXPECT_NEAR(log_rising(a, y), sum, 1e-11 * (1 + sum));
    }
  }
  EXPECT_EQ(log_rising(infinite, 12.5), 0);
  EXPECT_NEAR(log_rising(1e15, 1000), 1000 * 999 / 2e15, 1e-12);
  EXPECT_NEAR(log_rising(40, 2.5), std::lgamma(42.5) - std::lgamma(40) - 2.5 * std::log(40), 1e-12);
}

TEST(BetaFunctions, ClosedForms) {
  for (const double x : {1e-6, 0.2, 0.5, 0.97}) {
    for (const double b : {0.5, 3.0, 70.0}) {
      expect_close(incomplete_beta(1, b, x, 1 - x).upper, std::pow(1 - x, b), 1e-12);
      expect_close(incomplete_beta(b, 1, x, 1 - x).lower, std::pow(x, b), 1e-12);
    }
    // Student's t of one degree: I_x(1/2, 1/2) = 2 asin(sqrt x) / pi
    expect_close(incomplete_beta(0.5, 0.5, x, 1 - x).lower, 4 * std::asin(std::sqrt(x)) / two_pi, 1e-13);
  }
}

TEST(BetaFunctions, BinomialSums) {
  const int n = 60;
  const double p = 0.23;
  double term = std::pow(1 - p, n);
  double sum = 0;
  for (int k = 0; k < n; ++k) {
    sum += term;
    EXPECT_NEAR(incomplete_beta(n - k, k + 1, 1 - p, p).lower, sum, 1e-13);
    term *= static_cast<double>(n - k) / (k + 1) * p / (1 - p);
  }
}

TEST(BetaFunctions, QuadratureOfTheDensity) {
  const double cases[][3] = {{2.5, 7.25, 0.3}, {40, 3.5, 0.9}, {350, 900, 0.29}, {3000, 2000, 0.6}};
  for (const auto& one : cases) {
    const double a = one[0];
    const double b = one[1];
    const double x = one[2];
    const auto density = [&](double u) {
      return u <= 0 || u >= 1 ? 0 : std::exp((a - 1) * std::log(u) + (b - 1) * std::log1p(-u) - log_beta(a, b));
    };
    expect_close(incomplete_beta(a, b, x, 1 - x).lower, integral(density, 0, x), 1e-9);
  }
  EXPECT_NEAR(incomplete_beta(5e7, 5e7, 0.5, 0.5).lower, 0.5, 1e-11);
}

TEST(Mixture, TheReadMeCasesOfThePeers) {
  // A/B of 80 of 1200 against 80 of 1500 under Beta(1, 1); rates Gamma(7, 3) against Gamma(5, 4).
  const double better = integral(
      [](double x) {
        const Mixture b{Family::share, {{1, 81, 1121}}};
        return std::exp(80 * std::log(x) + 1420 * std::log1p(-x) - log_beta(81, 1421)) * b.above(x);
      },
      1e-9, 0.3);
  EXPECT_NEAR(better, 0.92779147, 1e-8);
  EXPECT_NEAR(1 - incomplete_beta(7, 5, 3.0 / 7, 4.0 / 7).lower, 0.86135915, 1e-8);
}

TEST(Mixture, OwnChannelCase) {
  const Mixture posterior{Family::rate, {{1, 51.319 + 24, 17.543 + 6}}};
  EXPECT_NEAR(posterior.mean(), 3.1992, 5e-5);
  EXPECT_NEAR(posterior.above(2.912903), 0.777088, 2e-5);
  EXPECT_NEAR(posterior.losses(2.912903).first, 0.042757, 2e-5);
  EXPECT_NEAR(posterior.losses(2.912903).second, 0.329052, 2e-5);
  EXPECT_NEAR(value_of_information(Family::rate, {1, 8, 2.6}, 2, 2.913), 0.201391, 5e-7);
}

TEST(Mixture, LossesEqualTheirIntegrals) {
  const Mixture rate{Family::rate, {{0.3, 2.5, 1.5}, {0.7, 30, 20}}};
  const auto density = [](double x) {
    return x <= 0 ? 0
                  : 0.3 * std::exp(2.5 * std::log(1.5) + 1.5 * std::log(x) - 1.5 * x - log_gamma(2.5)) +
                        0.7 * std::exp(30 * std::log(20) + 29 * std::log(x) - 20 * x - log_gamma(30));
  };
  const double c = 1.4;
  expect_close(rate.losses(c).first, integral([&](double x) { return (c - x) * density(x); }, 0, c), 1e-9);
  expect_close(rate.losses(c).second, integral([&](double x) { return (x - c) * density(x); }, c, 30), 1e-9);
  expect_close(rate.mean(), integral([&](double x) { return x * density(x); }, 0, 30), 1e-9);
  const double mean = rate.mean();
  expect_close(rate.variance(), integral([&](double x) { return (x - mean) * (x - mean) * density(x); }, 0, 30), 1e-8);
  for (const double chance : {0.001, 0.05, 0.5, 0.95, 0.999})
    EXPECT_NEAR(rate.below(rate.quantile(chance)), chance, 1e-9);
}

TEST(Mixture, ValueOfInformationEqualsItsSum) {
  const double c = 2.0;
  for (const double exposure : {0.4, 3.0, 12.5}) {
    const Part now{1, 7.3, 4.1};
    double sum = 0;
    for (int y = 0; y < 400; ++y) {
      const double log_chance = log_gamma(now.a + y) - log_gamma(now.a) - log_gamma(y + 1.0) +
                                now.a * std::log(now.b / (now.b + exposure)) +
                                y * std::log(exposure / (now.b + exposure));
      sum += std::exp(log_chance) * std::fmax((now.a + y) / (now.b + exposure), c);
    }
    EXPECT_NEAR(value_of_information(Family::rate, now, exposure, c), sum - std::fmax(now.a / now.b, c), 1e-11);
  }
  const Part share{1, 4, 16};
  double sum = 0;
  for (int y = 0; y <= 25; ++y) {
    const double log_chance = log_gamma(26) - log_gamma(y + 1.0) - log_gamma(26.0 - y) +
                              log_beta(share.a + y, share.b + 25 - y) - log_beta(share.a, share.b);
    sum += std::exp(log_chance) * std::fmax((share.a + y) / 45, 0.25);
  }
  EXPECT_NEAR(value_of_information(Family::share, share, 25, 0.25), sum - 0.25, 1e-11);
}

TEST(LogLinear, RecoversAnExactSlopeAndRefusesWhatHasNone) {
  const std::vector<double> weight{10, 20, 5, 8};
  const std::vector<double> z{0, 1, 2, 3};
  std::vector<double> results;
  for (std::size_t i = 0; i < z.size(); ++i) results.push_back(weight[i] * std::exp(0.4 - 0.3 * z[i]));
  const auto fit = fit_log_linear(results, weight, z);
  ASSERT_TRUE(fit.has_value());
  EXPECT_NEAR(fit->slope, -0.3, 1e-10);
  EXPECT_NEAR(fit->level, 0.4, 1e-9);
  EXPECT_NEAR(fit->chi_square, 0, 1e-12);
  EXPECT_FALSE(fit_log_linear(std::vector<double>{0, 0, 0}, weight, z).has_value());
  EXPECT_FALSE(fit_log_linear(std::vector<double>{5, 0, 0, 0}, weight, z).has_value());
  EXPECT_FALSE(fit_log_linear(std::vector<double>{5, 4}, weight, std::vector<double>{1, 1}).has_value());
}

RC_GTEST_PROP(Mixture, QuantilesRiseAndLossesAddUp, (std::uint64_t seed)) {
  Random random{seed};
  const Family family = random.chance(0.5) ? Family::rate : Family::share;
  std::vector<Part> parts;
  for (int i = 0; i < 3; ++i)
    parts.push_back({1.0 / 3, std::exp(8 * random.uniform_real() - 2), std::exp(8 * random.uniform_real() - 2)});
  const Mixture mixture{family, parts};
  double before = 0;
  for (const double chance : {0.05, 0.3, 0.7, 0.95}) {
    const double value = mixture.quantile(chance);
    RC_ASSERT(value > before);
    RC_ASSERT(std::fabs(mixture.below(value) - chance) < 1e-7);
    before = value;
  }
  const double c = mixture.mean() * (0.5 + random.uniform_real());
  const auto [shortfall, excess] = mixture.losses(c);
  RC_ASSERT(std::fabs((excess - shortfall) - (mixture.mean() - c)) < 1e-9 * (1 + c));
}

}  // namespace
}  // namespace dealtrail::evidence::detail
