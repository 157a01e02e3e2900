#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

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

// Half the interval of 90 % of a figure by what it becomes when one group is left out, for each group that has
// journeys. Nothing for fewer than four groups. Source: delete-a-group jackknife, Kott (2001), Journal of Official
// Statistics 17, 521-526.
[[nodiscard]] inline std::optional<double> jackknife_half(std::span<const double> without_one) {
  constexpr std::size_t fewest = 4;
  if (without_one.size() < fewest) return std::nullopt;
  const auto groups = static_cast<double>(without_one.size());
  double mean = 0;
  for (const double other : without_one) mean += other / groups;
  double squares = 0;
  for (const double other : without_one) squares += (other - mean) * (other - mean);
  return t_95(groups - 1) * std::sqrt((groups - 1) / groups * squares);
}

// The interval of a share: within 0 and 1.
[[nodiscard]] inline std::optional<Interval> jackknife_share(double share, std::span<const double> without_one) {
  const auto half = jackknife_half(without_one);
  if (!half) return std::nullopt;
  return Interval{std::max(share - *half, 0.0), std::min(share + *half, 1.0)};
}

// The interval of a sum of values. A few large ones make most of it, so that it is far from even round the sum: told on
// the scale of logarithms, unless refunds bring it to 0 or below. What no group brings below 0 does not begin below 0.
[[nodiscard]] inline std::optional<Interval> jackknife_value(double value, std::span<const double> without_one) {
  const bool positive =
      value > 0 && std::all_of(without_one.begin(), without_one.end(), [](double other) { return other > 0; });
  if (!positive) {
    const auto half = jackknife_half(without_one);
    if (!half) return std::nullopt;
    constexpr double rounding = 1;  // a minor unit: parts of groups are not whole
    const bool never_negative = value >= 0 && std::all_of(without_one.begin(), without_one.end(),
                                                          [](double other) { return other >= -rounding; });
    return Interval{never_negative ? std::max(value - *half, 0.0) : value - *half, value + *half};
  }
  std::vector<double> logarithms;
  logarithms.reserve(without_one.size());
  for (const double other : without_one) logarithms.push_back(std::log(other / value));
  const auto half = jackknife_half(logarithms);
  return half ? std::optional{Interval{value * std::exp(-*half), value * std::exp(*half)}} : std::nullopt;
}

// Fewer converting journeys behind a channel, or fewer conversions credited to it, say too little of it for its
// interval to hold.
inline constexpr std::int64_t fewest_converting = 20;
[[nodiscard]] inline bool says_too_little(const ChannelCredit& one) noexcept {
  return one.converting < fewest_converting ||
         (one.conversions && *one.conversions < static_cast<CreditUnits>(fewest_converting) * units_per_conversion);
}

}  // namespace dealtrail::detail
