#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/budget/certificate.hpp"
#include "dealtrail/budget/detail/dual_bound.hpp"
#include "dealtrail/budget/detail/plan_check.hpp"

namespace dealtrail::budget {
namespace detail {

// True if no amount that a channel may have lies between the two branches.
[[nodiscard]] inline bool covers(const ProblemChannel& channel, const SplitNode& node, double minors) {
  if (node.right_least <= node.left_most) return true;
  if (channel.curve.kind() == CurveKind::packages) {
    for (const CurvePoint& point : channel.curve.points()) {
      const std::int64_t cost = std::llround(point.money * minors);
      if (cost > node.left_most && cost < node.right_least) return false;
    }
    return true;
  }
  return channel.least_if_used > 0 && node.left_most >= 0 && node.right_least <= channel.least_if_used;
}

[[nodiscard]] inline std::string shape_problem(const Certificate& certificate) {
  const Problem& problem = certificate.problem;
  if (problem.places < 0 || problem.places > 9) return "places are not from 0 to 9";
  if (certificate.spend.size() != problem.channels.size()) return "the plan does not have an amount for each channel";
  if (certificate.nodes.empty()) return "there are no nodes";
  if (!std::isfinite(certificate.value) || !std::isfinite(certificate.bound)) return "value or bound are not finite";
  if (!std::isfinite(problem.target) || problem.target < 0) return "the target is not a number from 0 on";
  const auto groups = static_cast<std::int32_t>(problem.groups.size());
  for (std::int32_t g = 0; g < groups; ++g) {
    const ProblemGroup& group = problem.groups[static_cast<std::size_t>(g)];
    if (group.parent < -1 || group.parent >= g) return "a group stands before the group around it";
    if (group.least < 0) return "a group has a negative limit";
  }
  for (const ProblemChannel& channel : problem.channels) {
    if (channel.group < -1 || channel.group >= groups) return "a channel is in an unknown group";
    if (channel.least < 0 || channel.least_if_used < 0) return "a channel has a negative limit";
  }
  return {};
}

[[nodiscard]] inline std::string leaves_problem(const Certificate& certificate, Verification& result) {
  const Problem& problem = certificate.problem;
  const double minors = major_per_minor(problem.places);
  const std::vector<std::int32_t> next = next_alike(problem);
  const double sign = is_least(problem.goal) ? -1 : 1;
  std::vector<bool> seen(certificate.nodes.size(), false);
  std::vector<std::pair<std::int32_t, Box>> stack;
  stack.emplace_back(0, root_box(problem));
  result.bound = certificate.value;
  while (!stack.empty()) {
    const auto [index, box] = std::move(stack.back());
    stack.pop_back();
    if (index < 0 || static_cast<std::size_t>(index) >= certificate.nodes.size()) return "a branch leads to no node";
    if (seen[static_cast<std::size_t>(index)]) return "a node stands on two branches";
    seen[static_cast<std::size_t>(index)] = true;
    const SplitNode& node = certificate.nodes[static_cast<std::size_t>(index)];
    if (node.channel >= 0) {
      const auto channel = static_cast<std::size_t>(node.channel);
      if (channel >= problem.channels.size()) return "a split of an unknown channel";
      if (!covers(problem.channels[channel], node, minors)) return "a split leaves amounts out";
      Box left = box;
      lower_most(left, next, channel, node.left_most);
      Box right = box;
      raise_least(right, next, channel, node.right_least);
      stack.emplace_back(node.right, std::move(right));
      stack.emplace_back(node.left, std::move(left));
      continue;
    }
    ++result.leaves;
    if (node.empty) {
      if (!box_is_empty(problem, box)) return "a leaf is not empty";
      continue;
    }
    if (node.prices.size() != problem.groups.size() + 1) return "a leaf does not have a price for each group";
    double size = 0;
    const double bound = leaf_bound(problem, box, node.prices, &size);
    const double slack = proof_tolerance * (size + std::fabs(certificate.bound));
    if (!(sign * bound <= sign * certificate.bound + slack)) return "a leaf may have a better plan than the bound";
    if (sign * bound > sign * result.bound) result.bound = bound;
  }
  return {};
}

}  // namespace detail

DEALTRAIL_INLINE Verification verify(const Certificate& certificate) {
  using namespace detail;
  Verification result;
  result.problem = shape_problem(certificate);
  if (!result.problem.empty()) return result;
  const Problem& problem = certificate.problem;
  if (const std::string broken = broken_limit(problem, certificate.spend); !broken.empty()) {
    result.problem = "the plan breaks " + broken;
    return result;
  }
  const PlanSums sums = sums_of(problem, certificate.spend);
  result.value = goal_value(problem, sums);
  const double slack = proof_tolerance * std::max(sums.magnitude, std::fabs(result.value));
  if (!(std::fabs(result.value - certificate.value) <= slack)) {
    result.problem = "the value is not that of the plan";
    return result;
  }
  result.problem = leaves_problem(certificate, result);
  if (!result.problem.empty()) return result;
  const double sign = is_least(problem.goal) ? -1 : 1;
  if (sign * certificate.bound < sign * certificate.value) {
    result.problem = "the bound is worse than the plan";
    return result;
  }
  result.gap = relative_gap(certificate.value, certificate.bound);
  if (!(std::fabs(result.gap - certificate.gap) <= proof_tolerance)) {
    result.problem = "the gap is not that of value and bound";
    return result;
  }
  result.valid = true;
  return result;
}

}  // namespace dealtrail::budget
