#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "dealtrail/evidence/detail/mixture.hpp"

// What all channels together say of one: how far their true rates lie apart. Results are Poisson (shares: binomial)
// around a channel's own rate, rates are Gamma (Beta) around the pool's mean; `strength` is what that prior is worth in
// expected results (trials), infinite when all rates are one.
//
// The strength is poorly known from a few channels, and its most likely value is often infinite. A point estimate would
// then give intervals of no width, so the strength and the mean are averaged over what the data leave open: a grid of
// relative spreads of true rates (0.02 to 3, half-Cauchy prior of scale 0.5) by three means each, weighted by their
// likelihood. All sums; nothing is drawn.
namespace dealtrail::evidence::detail {

/// The data of one channel, over-dispersion divided out; `times` channels with the same data.
struct Observation {
  double results = 0;
  double exposure = 0;  // rate: results expected at a rate of 1; share: trials
  double times = 1;
};

/// ln likelihood of the counts where the rate has this mean and strength; infinite strength: all rates are one. Never
/// above 0, and without loss of digits at any strength.
[[nodiscard]] inline double log_likelihood(Family family, std::span<const Observation> data, double mean,
                                           double strength) noexcept {
  double sum = 0;
  for (const Observation& one : data) {
    const double y = one.results;
    double part = 0;
    if (family == Family::rate) {
      // Negative binomial of mean x and shape `strength`: its Gamma prior has the same mean per unit of exposure.
      const double x = mean * one.exposure;
      const double loss = std::isinf(strength) ? x : (strength + y) * std::log1p(x / strength);
      part = (y > 0 ? y * std::log(x) : 0) - log_gamma(y + 1) + log_rising(strength, y) - loss;
    } else {
      const double n = one.exposure;
      part = log_gamma(n + 1) - log_gamma(y + 1) - log_gamma(n - y + 1) + (y > 0 ? y * std::log(mean) : 0) +
             (n > y ? (n - y) * std::log1p(-mean) : 0) + log_rising(strength * mean, y) +
             log_rising(strength * (1 - mean), n - y) - log_rising(strength, n);
    }
    sum += one.times * std::min(part, 0.0);
  }
  return sum;
}

namespace pool {

// Means are searched on a scale without ends.
[[nodiscard]] inline double value_of(Family family, double u) noexcept {
  return family == Family::rate ? std::exp(u) : std::min(1 / (1 + std::exp(-u)), 1 - 1e-12);
}
[[nodiscard]] inline double centre_of(Family family, std::span<const Observation> data) noexcept {
  double results = 0.5;
  double exposure = 0.5;
  for (const Observation& one : data) {
    results += one.times * one.results;
    exposure += one.times * (family == Family::rate ? one.exposure : one.exposure - one.results);
  }
  return std::log(results) - std::log(exposure);
}
[[nodiscard]] inline double strength_of(Family family, double mean, double spread) noexcept {
  return family == Family::rate ? 1 / (spread * spread) : (1 - mean) / (mean * spread * spread);
}

}  // namespace pool

/// What the pool says of a channel before its own data: a mixture over spreads and means. `centre` is where the mean is
/// believed before any data, weakly (a factor of e to either side).
[[nodiscard]] inline Mixture pooled_prior(Family family, std::span<const Observation> data, double centre) {
  constexpr int spreads = 18;
  constexpr double least = 0.02;
  constexpr double most = 3;
  constexpr double scale = 0.5;
  // Gauss-Hermite of three points for a normal distribution.
  constexpr std::array<double, 3> points{-1.7320508075688772, 0, 1.7320508075688772};
  constexpr std::array<double, 3> weights{1.0 / 6, 2.0 / 3, 1.0 / 6};
  const double believed = family == Family::rate ? std::log(centre) : std::log(centre) - std::log1p(-centre);
  const double start = pool::centre_of(family, data);
  std::vector<Part> parts;
  std::vector<double> logs;
  for (int i = 0; i < spreads; ++i) {
    const double spread = least * std::pow(most / least, static_cast<double>(i) / (spreads - 1));
    const double typical = std::clamp(pool::value_of(family, start), 1e-6, family == Family::rate ? 1e300 : 1 - 1e-6);
    const double strength = pool::strength_of(family, typical, spread);
    const auto height = [&](double u) {
      return log_likelihood(family, data, pool::value_of(family, u), strength) - 0.5 * (u - believed) * (u - believed);
    };
    const double low = std::min(start, believed) - 3;
    const double high = std::max(start, believed) + 3;
    // Golden section finds the peak to half the digits; one Newton step adds the rest.
    constexpr double h = 1e-2;
    double peak = peak_between(height, low, high, 40);
    const double rise = (height(peak + h) - height(peak - h)) / (2 * h);
    const double bend = std::max(-(height(peak + h) - 2 * height(peak) + height(peak - h)) / (h * h), 1.0);
    peak += std::clamp(rise / bend, -0.1, 0.1);  // never far: the data of channels that differ a lot have no peak here
    const double top = height(peak);
    const double width = 1 / std::sqrt(bend);
    for (std::size_t j = 0; j < points.size(); ++j) {
      const double mean = pool::value_of(family, peak + width * points[j]);
      // Prior of the spread on the logarithmic grid: half-Cauchy times the spread itself.
      const double log_prior = std::log(spread) - std::log1p(spread * spread / (scale * scale));
      logs.push_back(top + std::log(width) + std::log(weights[j]) + log_prior);
      if (family == Family::rate) {
        parts.push_back({1, strength, strength / mean});
      } else {
        parts.push_back({1, strength * mean, strength * (1 - mean)});
      }
    }
  }
  const double top = *std::max_element(logs.begin(), logs.end());
  double sum = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) sum += parts[i].weight = std::exp(logs[i] - top);
  std::vector<Part> kept;
  double kept_sum = 0;
  for (const Part& part : parts) {
    if (part.weight < 1e-4 * sum) continue;
    kept.push_back(part);
    kept_sum += part.weight;
  }
  for (Part& part : kept) part.weight /= kept_sum;
  return {family, std::move(kept)};
}

/// How much wider than chance the results of one channel's placements spread around its own rate: Pearson's chi-square
/// over its degrees of freedom.
struct Dispersion {
  double chi_square = 0;
  double degrees = 0;

  /// The estimate, at least 1; 1 without degrees of freedom.
  [[nodiscard]] double factor() const noexcept { return degrees > 0 ? std::max(1.0, chi_square / degrees) : 1; }
  /// An upper limit that the truth exceeds with a chance of `chance`, at least 1; infinite without degrees of freedom.
  [[nodiscard]] double upper(double chance) const {
    if (!(degrees > 0)) return std::numeric_limits<double>::infinity();
    if (!(chi_square > 0)) return 1;
    const Mixture known{Family::rate, {{1, degrees / 2, 0.5}}};
    return std::max(1.0, chi_square / known.quantile(chance));
  }
};

}  // namespace dealtrail::evidence::detail
