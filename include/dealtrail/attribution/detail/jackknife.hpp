#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>

#include "dealtrail/attribution/credit.hpp"

namespace dealtrail::detail {

// The point of Student's t that 95 % lie below, of `freedom` degrees. Source: the expansion in 1/freedom of
// Abramowitz and Stegun (1964), 26.7.5, four terms: to 1e-3 from 3 degrees on.
[[nodiscard]] inline double t_95(double freedom) noexcept {
  constexpr double x = 1.6448536269514722;
  constexpr double x3 = x * x * x;
  constexpr double x5 = x3 * x * x;
  constexpr double x7 = x5 * x * x;
  constexpr double g1 = (x3 + x) / 4;
  constexpr double g2 = (5 * x5 + 16 * x3 + 3 * x) / 96;
  constexpr double g3 = (3 * x7 + 19 * x5 + 17 * x3 - 15 * x) / 384;
  return x + g1 / freedom + g2 / (freedom * freedom) + g3 / (freedom * freedom * freedom);
}

// The interval of 90 % round `value` by what it becomes when one group is left out, for each group that has journeys.
// Nothing for fewer than four groups. Source: delete-a-group jackknife, Kott (2001), Journal of Official Statistics 17,
// 521-526.
[[nodiscard]] inline std::optional<Interval> jackknife(double value, std::span<const double> without_one) {
  constexpr std::size_t fewest = 4;
  if (without_one.size() < fewest) return std::nullopt;
  const auto groups = static_cast<double>(without_one.size());
  double mean = 0;
  for (const double other : without_one) mean += other / groups;
  double squares = 0;
  for (const double other : without_one) squares += (other - mean) * (other - mean);
  const double half = t_95(groups - 1) * std::sqrt((groups - 1) / groups * squares);
  return Interval{value - half, value + half};
}

// The interval of a share: within 0 and 1.
[[nodiscard]] inline std::optional<Interval> jackknife_share(double share, std::span<const double> without_one) {
  auto interval = jackknife(share, without_one);
  if (interval) *interval = {std::max(interval->low, 0.0), std::min(interval->high, 1.0)};
  return interval;
}

// Fewer converting journeys than this behind a channel say too little of its share for the interval to hold.
inline constexpr std::int64_t fewest_converting = 20;

}  // namespace dealtrail::detail
