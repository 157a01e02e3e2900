#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "dealtrail/budget/certificate.hpp"
#include "dealtrail/budget/detail/dual_bound.hpp"

namespace dealtrail::budget::detail {

/// The money beyond which a curve is flat to the last digit; infinite for curves that only slowly become flat.
[[nodiscard]] inline double flat_from(const Curve& curve) noexcept {
  constexpr double digits = 38;  // e^-38 is less than half of the last digit of 1
  switch (curve.kind()) {
    case CurveKind::exponential:
    case CurveKind::logistic: return curve.fee() + digits * curve.unit();
    case CurveKind::tanh: return curve.fee() + digits / 2 * curve.unit();
    default: return std::numeric_limits<double>::infinity();
  }
}

/// Money that cannot be told from nothing by the response is not spent: limits come down to where curves are flat,
/// except within groups that need money. Such a limit is none of the caller's.
inline void stop_where_flat(Problem& problem, std::vector<bool>& open_most) {
  for (std::size_t i = 0; i < problem.channels.size(); ++i) {
    ProblemChannel& channel = problem.channels[i];
    bool needed = false;
    for (std::int32_t g = channel.group; g >= 0; g = problem.groups[static_cast<std::size_t>(g)].parent)
      needed = needed || problem.groups[static_cast<std::size_t>(g)].least > 0;
    const double flat = flat_from(channel.curve) * major_per_minor(problem.places);
    if (needed || !(flat < static_cast<double>(channel.most))) continue;
    const std::int64_t most =
        std::max({channel.least, channel.least_if_used, std::int64_t{std::llround(std::ceil(flat))}});
    if (most >= channel.most) continue;
    channel.most = most;
    open_most[i] = true;
  }
}

}  // namespace dealtrail::budget::detail
