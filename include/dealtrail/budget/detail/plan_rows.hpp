#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "dealtrail/budget/certificate.hpp"
#include "dealtrail/budget/detail/dual_bound.hpp"
#include "dealtrail/budget/plan.hpp"

// The slopes at a plan: of each channel, of the money as a whole, and what limits cost.
namespace dealtrail::budget::detail {

struct PlanSlopes {
  std::vector<std::optional<double>> channels{};  // of the next unit of money
  std::optional<double> shadow{};                 // the best of the channels that can get money
  std::vector<std::optional<double>> groups{};    // the same within each group that is at its upper limit
  std::vector<std::int32_t> scope{};              // by group: the full group it is in, itself included, -1 for none
  std::vector<std::int64_t> totals{};             // by group
};

[[nodiscard]] inline PlanSlopes slopes_of(const Certificate& certificate) {
  const Problem& problem = certificate.problem;
  const double minors = major_per_minor(problem.places);
  PlanSlopes slopes;
  slopes.totals.assign(problem.groups.size(), 0);
  slopes.scope.assign(problem.groups.size(), -1);
  slopes.groups.assign(problem.groups.size(), std::nullopt);
  for (std::size_t i = 0; i < problem.channels.size(); ++i) {
    for (std::int32_t g = problem.channels[i].group; g >= 0; g = problem.groups[static_cast<std::size_t>(g)].parent)
      slopes.totals[static_cast<std::size_t>(g)] += certificate.spend[i];
  }
  for (std::size_t g = 0; g < problem.groups.size(); ++g) {
    const ProblemGroup& group = problem.groups[g];
    const bool full = group.most != no_limit && slopes.totals[g] >= group.most;
    slopes.scope[g] = full ? static_cast<std::int32_t>(g)
                           : (group.parent >= 0 ? slopes.scope[static_cast<std::size_t>(group.parent)] : -1);
  }
  for (std::size_t i = 0; i < problem.channels.size(); ++i) {
    const ProblemChannel& channel = problem.channels[i];
    std::optional<double> slope;
    if (channel.curve.kind() != CurveKind::packages) {
      slope = channel.curve.slope(static_cast<double>(certificate.spend[i]) / minors);
      if (!std::isfinite(*slope)) slope.reset();
    }
    slopes.channels.push_back(slope);
    const bool closed =
        certificate.spend[i] >= channel.most || (certificate.spend[i] == 0 && channel.least_if_used > 0);
    if (!slope.has_value() || closed) continue;
    const std::int32_t scope = channel.group >= 0 ? slopes.scope[static_cast<std::size_t>(channel.group)] : -1;
    std::optional<double>& best = scope >= 0 ? slopes.groups[static_cast<std::size_t>(scope)] : slopes.shadow;
    best = std::max(best.value_or(0), *slope);
  }
  return slopes;
}

}  // namespace dealtrail::budget::detail
