#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dealtrail/budget/certificate.hpp"
#include "dealtrail/budget/detail/dual_bound.hpp"
#include "dealtrail/core/detail/int128.hpp"

namespace dealtrail::budget::detail {

/// The response and the money of a plan in minor units.
struct PlanSums {
  double response = 0;
  double magnitude = 0;  // sum of the absolute responses
  dealtrail::detail::int128 spent = 0;
};

[[nodiscard]] inline PlanSums sums_of(const Problem& problem, std::span<const std::int64_t> spend) {
  const double minors = major_per_minor(problem.places);
  PlanSums sums;
  double lost = 0;
  for (std::size_t i = 0; i < spend.size(); ++i) {
    const double term = problem.channels[i].curve.value(static_cast<double>(spend[i]) / minors);
    sums.magnitude += std::fabs(term);
    const double next = term - lost;
    const double total = sums.response + next;
    lost = (total - sums.response) - next;
    sums.response = total;
    sums.spent += spend[i];
  }
  return sums;
}

/// What the goal counts.
[[nodiscard]] inline double goal_value(const Problem& problem, const PlanSums& sums) {
  const double money = static_cast<double>(sums.spent) / major_per_minor(problem.places);
  switch (problem.goal) {
    case Goal::least_budget: return money;
    case Goal::marginal_return: return sums.response - problem.target * money;
    default: return sums.response;
  }
}

/// True if the plan reaches what the goal asks for, apart from limits of money.
[[nodiscard]] inline bool reaches_goal(const Problem& problem, const PlanSums& sums) {
  const double money = static_cast<double>(sums.spent) / major_per_minor(problem.places);
  if (problem.goal == Goal::least_budget) return sums.response >= problem.target - proof_tolerance * sums.magnitude;
  if (problem.goal == Goal::target_cpa) {
    return money <= problem.target * (sums.response + proof_tolerance * sums.magnitude);
  }
  return true;
}

/// False for an amount between the prices of two packages: nobody sells it.
[[nodiscard]] inline bool is_for_sale(const ProblemChannel& channel, std::int64_t amount, double minors) {
  if (channel.curve.kind() != CurveKind::packages) return true;
  const auto points = channel.curve.points();
  return std::any_of(points.begin(), points.end(),
                     [&](const CurvePoint& point) { return std::llround(point.money * minors) == amount; });
}

/// The first limit that a plan breaks, empty when it keeps all and reaches the goal.
[[nodiscard]] inline std::string broken_limit(const Problem& problem, std::span<const std::int64_t> spend) {
  const double minors = major_per_minor(problem.places);
  std::vector<dealtrail::detail::int128> totals(problem.groups.size() + 1, 0);
  for (std::size_t i = 0; i < spend.size(); ++i) {
    const ProblemChannel& channel = problem.channels[i];
    if (spend[i] < channel.least || spend[i] > channel.most) return "limits of channel '" + channel.name + "'";
    if (!is_for_sale(channel, spend[i], minors)) return "packages of channel '" + channel.name + "'";
    if (spend[i] > 0 && spend[i] < channel.least_if_used) return "minimum if used of channel '" + channel.name + "'";
    totals[static_cast<std::size_t>(channel.group + std::int64_t{1})] += spend[i];
  }
  for (std::size_t g = problem.groups.size(); g-- > 0;) {
    const ProblemGroup& group = problem.groups[g];
    if (totals[g + 1] < group.least || totals[g + 1] > group.most) return "limits of group '" + group.name + "'";
    totals[static_cast<std::size_t>(group.parent + std::int64_t{1})] += totals[g + 1];
  }
  if (totals[0] > problem.budget) return "the budget";
  const bool has_target = problem.goal == Goal::least_budget || problem.goal == Goal::target_cpa;
  if (has_target && !reaches_goal(problem, sums_of(problem, spend))) return "the goal";
  return {};
}

}  // namespace dealtrail::budget::detail
