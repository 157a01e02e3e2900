#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "dealtrail/core/detail/beta_functions.hpp"
#include "dealtrail/core/detail/gamma_functions.hpp"
#include "dealtrail/core/detail/roots.hpp"

// Evidence that a channel is worse than a benchmark, valid at every look: an e-value. Its expectation is at most 1 for
// every rate at or above the benchmark, however often one looks, so that it passes 1 / alpha with a chance of at most
// alpha (Ville 1939). The alternative is a mixture over the ratio r of the channel's rate to the benchmark: Gamma of
// shape 11 and mean 0.7, cut at 1. Counts are those of a Poisson process; over-dispersed ones are divided by their
// dispersion before they come here, as are their exposures.
namespace dealtrail::evidence::detail {

using dealtrail::detail::incomplete_gamma;
using dealtrail::detail::log_gamma;
using dealtrail::detail::peak_between;
using dealtrail::detail::poisson_term;
using dealtrail::detail::root_between;

inline constexpr double ratio_shape = 11;
inline constexpr double ratio_rate = 11 / 0.7;

// ln of the density of r at 0 < r < 1.
[[nodiscard]] inline double log_ratio_density(double r) noexcept {
  static const double constant = ratio_shape * std::log(ratio_rate) - log_gamma(ratio_shape) -
                                 std::log(incomplete_gamma(ratio_shape, ratio_rate).lower);
  return constant + (ratio_shape - 1) * std::log(r) - ratio_rate * r;
}

// ln of the integral of exp(f) over (0, 1), f with one peak: 16-point Gauss-Legendre rules on 8 pieces of the interval
// where f is within 42 of its peak.
template <class Function>
[[nodiscard]] double log_integral(const Function& f) {
  constexpr std::array<double, 8> nodes{0.0950125098376374402, 0.2816035507792589132, 0.4580167776572273863,
                                        0.6178762444026437484, 0.7554044083550030339, 0.8656312023878317439,
                                        0.9445750230732325761, 0.9894009349916499326};
  constexpr std::array<double, 8> weights{0.1894506104550684963, 0.1826034150449235889, 0.1691565193950025382,
                                          0.1495959888165767321, 0.1246289712555338720, 0.0951585116824927848,
                                          0.0622535239386478929, 0.0271524594117540949};
  constexpr double least = 1e-12;
  const double peak = peak_between(f, least, 1 - 1e-15, 70);
  const double top = f(peak);
  if (top == -std::numeric_limits<double>::infinity()) return top;
  const auto inside = [&](double r) { return f(r) - top + 42; };
  const double low = inside(least) > 0 ? least : root_between(inside, least, peak, 1e-6);
  const double high = inside(1 - 1e-15) > 0 ? 1 - 1e-15 : root_between(inside, peak, 1 - 1e-15, 1e-6);
  constexpr int pieces = 8;
  double sum = 0;
  for (int piece = 0; piece < pieces; ++piece) {
    const double half = (high - low) / (2 * pieces);
    const double middle = low + half * (2 * piece + 1);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      sum += half * weights[i] *
             (std::exp(f(middle - half * nodes[i]) - top) + std::exp(f(middle + half * nodes[i]) - top));
    }
  }
  return top + std::log(sum);
}

/// ln e of `results` where the benchmark, known exactly, expects `expected`. Closed form.
[[nodiscard]] inline double log_e_of_rate(double results, double expected) noexcept {
  static const double log_cut = std::log(incomplete_gamma(ratio_shape, ratio_rate).lower);
  const double lower = incomplete_gamma(ratio_shape + results, ratio_rate + expected).lower;
  if (!(lower > 0)) return -std::numeric_limits<double>::infinity();
  return expected - ratio_shape * std::log1p(expected / ratio_rate) - results * std::log(ratio_rate + expected) +
         log_gamma(ratio_shape + results) - log_gamma(ratio_shape) + std::log(lower) - log_cut;
}

/// ln e of `results` of `exposure` where the benchmark is itself an estimate, `other_results` of `other_exposure`: the
/// likelihood given the sum of both counts, which is binomial and knows only the ratio.
[[nodiscard]] inline double log_e_of_two_rates(double results, double exposure, double other_results,
                                               double other_exposure) {
  const double whole = exposure + other_exposure;
  const double part = exposure / whole;
  return log_integral([&](double r) {
    return log_ratio_density(r) + results * std::log(r) - (results + other_results) * std::log1p((r - 1) * part);
  });
}

/// ln e of `results` of so many `trials` where the benchmark share is known exactly.
[[nodiscard]] inline double log_e_of_share(double results, double trials, double share) {
  const double failures = trials - results;
  if (share >= 1)
    return failures > 0 ? std::numeric_limits<double>::infinity()
                        : log_integral([&](double r) { return log_ratio_density(r) + results * std::log(r); });
  return log_integral([&](double r) {
    return log_ratio_density(r) + results * std::log(r) + failures * (std::log1p(-r * share) - std::log1p(-share));
  });
}

/// ln e of two shares: both likelihoods averaged over what the other data leave open about the benchmark.
[[nodiscard]] inline double log_e_of_two_shares(double results, double trials, double other_results,
                                                double other_trials) {
  const double a = other_results + 0.5;
  const double b = other_trials - other_results + 0.5;
  const double failures = trials - results;
  const double spread = 1 / std::sqrt(a + b);
  const double centre = a / (a + b);
  // Benchmark shares on a grid of the arcsine scale, where their spread is even.
  constexpr int points = 41;
  std::array<double, points> shares{};
  std::array<double, points> log_weights{};
  double top = -std::numeric_limits<double>::infinity();
  const double middle = std::asin(std::sqrt(centre));
  constexpr int half = points / 2;
  for (int i = 0; i < points; ++i) {
    const double angle = std::min(std::max(middle + 3.2 * spread * (i - half) / half, 1e-6), 1.5707);
    const auto at = static_cast<std::size_t>(i);
    shares[at] = std::sin(angle) * std::sin(angle);
    log_weights[at] = (a - 0.5) * std::log(shares[at]) + (b - 0.5) * std::log1p(-shares[at]);
    top = std::max(top, log_weights[at]);
  }
  const auto averaged = [&](double r) {
    double best = -std::numeric_limits<double>::infinity();
    std::array<double, points> terms{};
    for (std::size_t i = 0; i < shares.size(); ++i) {
      terms[i] = log_weights[i] - top + results * std::log(r * shares[i]) + failures * std::log1p(-r * shares[i]);
      best = std::max(best, terms[i]);
    }
    double sum = 0;
    for (const double term : terms) sum += std::exp(term - best);
    return best + std::log(sum);
  };
  const double null = averaged(1);
  return log_integral([&](double r) { return log_ratio_density(r) + averaged(r) - null; });
}

/// The greatest whole number of results that still passes `log_threshold`, -1 if not even 0 does. `log_e(results)`
/// falls.
template <class LogE>
[[nodiscard]] double most_results(const LogE& log_e, double log_threshold, double start) {
  if (log_e(0.0) < log_threshold) return -1;
  double low = 0;
  double high = std::fmax(std::ceil(start), 1);
  while (log_e(high) >= log_threshold) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const double middle = std::floor((low + high) / 2);
    (log_e(middle) >= log_threshold ? low : high) = middle;
  }
  return low;
}

/// The chance that a channel whose rate is `ratio` times the benchmark has passed the threshold at one of the looks:
/// `expected` results by then at the benchmark, rising, and the most results that pass (-1: none). The distribution of
/// counts that have not passed is carried from look to look; beyond 3 000 expected results only the last look counts.
[[nodiscard]] inline double power_of_drop(std::span<const double> expected, std::span<const double> most,
                                          double ratio) {
  if (expected.empty()) return 0;
  const double last = ratio * expected.back();
  if (last > 3000) return most.back() < 0 ? 0 : incomplete_gamma(most.back() + 1, last).upper;
  const auto size = static_cast<std::size_t>(last + 12 * std::sqrt(last) + 40);
  std::vector<double> now(size, 0.0);
  std::vector<double> next(size);
  now[0] = 1;
  double passed = 0;
  double before = 0;
  for (std::size_t look = 0; look < expected.size(); ++look) {
    const double mean = ratio * (expected[look] - before);
    before = expected[look];
    const double reach = mean + 9 * std::sqrt(mean) + 20;
    std::vector<double> chances;
    for (double y = 0; y <= reach; ++y) chances.push_back(poisson_term(y, mean));
    std::fill(next.begin(), next.end(), 0.0);
    for (std::size_t i = 0; i < size; ++i) {
      if (now[i] < 1e-14) continue;
      for (std::size_t step = 0; step < chances.size() && i + step < size; ++step)
        next[i + step] += now[i] * chances[step];
    }
    for (std::size_t i = 0; i < size && static_cast<double>(i) <= most[look]; ++i) {
      passed += next[i];
      next[i] = 0;
    }
    now.swap(next);
  }
  return passed < 1 ? passed : 1;
}

}  // namespace dealtrail::evidence::detail
