#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>

#include "dealtrail/core/detail/roots.hpp"

namespace dealtrail::evidence::detail {

using dealtrail::detail::root_between;

/// Poisson regression of one slope: results are expected at weight * exp(a + slope * z).
struct LogLinear {
  double slope = 0;
  double level = 0;        // a
  double information = 0;  // of the slope; its variance is dispersion / information
  double chi_square = 0;   // Pearson, of the residuals
};

/// The most likely slope. The level is eliminated, which leaves one monotone equation. Nothing where it has no root:
/// without results, with one value of z, or with all results at one end.
[[nodiscard]] inline std::optional<LogLinear> fit_log_linear(std::span<const double> results,
                                                             std::span<const double> weight,
                                                             std::span<const double> z) {
  double all = 0;
  double all_z = 0;
  double least = 0;
  double most = 0;
  for (std::size_t i = 0; i < results.size(); ++i) {
    all += results[i];
    all_z += results[i] * z[i];
    least = i == 0 ? z[i] : std::fmin(least, z[i]);
    most = i == 0 ? z[i] : std::fmax(most, z[i]);
  }
  const double range = most - least;
  if (!(all > 0) || !(range > 1e-9)) return std::nullopt;
  const double target = all_z / all;
  if (!(target > least + 1e-9 * range) || !(target < most - 1e-9 * range)) return std::nullopt;
  struct Moments {
    double sum = 0;
    double mean = 0;
    double variance = 0;
  };
  const auto moments = [&](double slope) {
    Moments found;
    double first = 0;
    double second = 0;
    for (std::size_t i = 0; i < z.size(); ++i) {
      const double off = z[i] - target;
      const double w = weight[i] * std::exp(slope * off);
      found.sum += w;
      first += w * off;
      second += w * off * off;
    }
    found.mean = first / found.sum;
    found.variance = second / found.sum - found.mean * found.mean;
    return found;
  };
  const auto off = [&](double slope) { return moments(slope).mean; };
  double low = -1 / range;
  double high = 1 / range;
  for (int i = 0; i < 9 && off(low) > 0; ++i) low *= 2;
  for (int i = 0; i < 9 && off(high) < 0; ++i) high *= 2;
  if (off(low) > 0 || off(high) < 0) return std::nullopt;
  LogLinear fit;
  fit.slope = root_between(off, low, high, 1e-12);
  const Moments at = moments(fit.slope);
  fit.level = std::log(all / at.sum) - fit.slope * target;
  fit.information = all * at.variance;
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double expected = weight[i] * std::exp(fit.level + fit.slope * z[i]);
    const double left = results[i] - expected;
    if (expected > 0) fit.chi_square += left * left / expected;
  }
  return fit;
}

}  // namespace dealtrail::evidence::detail
