#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "dealtrail/budget/certificate.hpp"

// The bound of weak duality. For prices p of money, the root's first, and every plan x within the limits of a leaf,
//   response(x) - p0 money(x) <= Phi = sum of max over x_i of (f_i(x_i) - p_i x_i) + sum over groups of what their
//   limits cost at the difference of their price to that of the group around them.
// Each maximum is an upper bound that trusts no root finding: on the concave part of a curve the tangent at any point
// lies above the curve.
namespace dealtrail::budget::detail {

inline constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();
inline constexpr double proof_tolerance = 1e-11;
// Prices whose terms are larger than the responses by this factor prove nothing: rounding hides the responses.
inline constexpr double greatest_term_ratio = 1e4;

[[nodiscard]] inline double major_per_minor(int places) noexcept {
  double power = 1;
  for (int i = 0; i < places; ++i) power *= 10;
  return power;
}

/// The limits of every channel in a leaf or node.
struct Box {
  std::vector<std::int64_t> least{};
  std::vector<std::int64_t> most{};
};

[[nodiscard]] inline Box root_box(const Problem& problem) {
  Box box;
  for (const ProblemChannel& channel : problem.channels) {
    box.least.push_back(channel.least);
    box.most.push_back(channel.most);
  }
  return box;
}

/// Two channels that may be exchanged.
[[nodiscard]] inline bool alike(const ProblemChannel& lhs, const ProblemChannel& rhs) {
  return lhs.group == rhs.group && lhs.least == rhs.least && lhs.most == rhs.most &&
         lhs.least_if_used == rhs.least_if_used && lhs.curve == rhs.curve;
}

/// For each channel the next one that is alike, -1 for none.
[[nodiscard]] inline std::vector<std::int32_t> next_alike(const Problem& problem) {
  std::vector<std::int32_t> next(problem.channels.size(), -1);
  if (!problem.in_order) return next;
  for (std::size_t i = 0; i + 1 < next.size(); ++i) {
    if (alike(problem.channels[i], problem.channels[i + 1])) next[i] = static_cast<std::int32_t>(i + 1);
  }
  return next;
}

/// Lowers `most` of a channel, and with it that of the channels after it that are alike and get no more.
inline void lower_most(Box& box, const std::vector<std::int32_t>& next, std::size_t channel, std::int64_t most) {
  for (auto i = static_cast<std::int32_t>(channel); i >= 0; i = next[static_cast<std::size_t>(i)])
    box.most[static_cast<std::size_t>(i)] = std::min(box.most[static_cast<std::size_t>(i)], most);
}
/// Raises `least` of a channel and of the channels before it that are alike.
inline void raise_least(Box& box, const std::vector<std::int32_t>& next, std::size_t channel, std::int64_t least) {
  for (std::size_t i = channel;; --i) {
    box.least[i] = std::max(box.least[i], least);
    if (i == 0 || next[i - 1] != static_cast<std::int32_t>(i)) break;
  }
}

/// True if no plan is within the limits: those of a channel, a group, or the budget, cross.
[[nodiscard]] inline bool box_is_empty(const Problem& problem, const Box& box) {
  std::vector<std::int64_t> low(problem.groups.size() + 1, 0);
  std::vector<std::int64_t> high(problem.groups.size() + 1, 0);
  const auto add = [](std::int64_t& sum, std::int64_t part) {
    sum = sum > no_limit - part ? no_limit : sum + part;  // amounts are never negative
  };
  for (std::size_t i = 0; i < problem.channels.size(); ++i) {
    if (box.least[i] > box.most[i]) return true;
    const auto group = static_cast<std::size_t>(problem.channels[i].group + std::int64_t{1});
    std::int64_t least = box.least[i];
    if (least > 0) least = std::max(least, problem.channels[i].least_if_used);
    if (least > box.most[i]) return true;
    add(low[group], least);
    add(high[group], box.most[i]);
  }
  for (std::size_t g = problem.groups.size(); g-- > 0;) {
    const std::int64_t least = std::max(low[g + 1], problem.groups[g].least);
    const std::int64_t most = std::min(high[g + 1], problem.groups[g].most);
    if (least > most) return true;
    const auto parent = static_cast<std::size_t>(problem.groups[g].parent + std::int64_t{1});
    add(low[parent], least);
    add(high[parent], most);
  }
  return low[0] > problem.budget;
}

/// An upper bound of curve(x) - price x over the x of a channel within its limits in a leaf.
[[nodiscard]] inline double channel_bound(const ProblemChannel& channel, std::int64_t least_minor,
                                          std::int64_t most_minor, double price, double minors) {
  const Curve& curve = channel.curve;
  double top = -std::numeric_limits<double>::infinity();
  const auto look = [&](double x) { top = std::max(top, curve.value(x) - price * x); };
  std::int64_t from = least_minor;
  if (channel.least_if_used > 0) {
    if (from == 0) look(0);
    from = std::max(from, channel.least_if_used);
    if (from > most_minor) return top;
  }
  const double least = static_cast<double>(from) / minors;
  const double most = static_cast<double>(most_minor) / minors;
  if (curve.kind() == CurveKind::packages) {
    for (const CurvePoint& point : curve.points()) {
      const std::int64_t cost = std::llround(point.money * minors);
      if (cost >= from && cost <= most_minor) look(static_cast<double>(cost) / minors);
    }
    return top;
  }
  look(least);
  look(most);
  if (curve.has_corners()) {
    if (curve.kind() == CurveKind::linear && curve.fee() > least && curve.fee() < most) look(curve.fee());
    for (const CurvePoint& point : curve.points()) {
      if (point.money > least && point.money < most) look(point.money);
    }
    return top;
  }
  const double turn = std::max(least, curve.inflection());
  if (turn >= most) return top;
  double x = std::clamp(price > 0 ? curve.inverse_slope(price) : most, turn, most);
  if (!std::isfinite(curve.slope(x))) x = std::min(most, std::max(std::nextafter(x, most), 1e-290));
  const double rise = curve.slope(x) - price;
  const double slack = rise > 0 ? (x < most ? rise * (most - x) : 0) : (x > turn ? rise * (turn - x) : 0);
  return std::max(top, curve.value(x) - price * x + slack);
}

/// The size of what is added and subtracted in a channel's bound.
[[nodiscard]] inline double channel_size(const ProblemChannel& channel, double minors) {
  return std::fabs(channel.curve.value(static_cast<double>(channel.most) / minors));
}

/// Phi of a leaf; for a proof infinite where its prices are too large. `magnitude`, if given, becomes the size of the
/// responses: it does not depend on the prices, so that no choice of prices widens the tolerance.
[[nodiscard]] inline double phi_of(const Problem& problem, const Box& box, std::span<const double> prices,
                                   double* magnitude = nullptr, bool proof = false) {
  const double minors = major_per_minor(problem.places);
  double sum = 0;
  double lost = 0;  // Kahan
  double terms = 0;
  double responses = 0;
  const auto add = [&](double term) {
    terms += std::fabs(term);
    const double next = term - lost;
    const double total = sum + next;
    lost = (total - sum) - next;
    sum = total;
  };
  for (std::size_t i = 0; i < problem.channels.size(); ++i) {
    const ProblemChannel& channel = problem.channels[i];
    add(channel_bound(channel, box.least[i], box.most[i],
                      prices[static_cast<std::size_t>(channel.group + std::int64_t{1})], minors));
    if (magnitude != nullptr) responses += channel_size(channel, minors);
  }
  for (std::size_t g = 0; g < problem.groups.size(); ++g) {
    const ProblemGroup& group = problem.groups[g];
    const double extra = prices[g + 1] - prices[static_cast<std::size_t>(group.parent + std::int64_t{1})];
    if (extra > 0) {
      if (group.most == no_limit) return std::numeric_limits<double>::infinity();
      add(extra * (static_cast<double>(group.most) / minors));
    }
    if (extra < 0) add(extra * (static_cast<double>(group.least) / minors));
  }
  if (magnitude == nullptr) return sum;
  *magnitude = responses;
  if (!proof) return sum;
  // A least budget is divided by its price, so what the price multiplies is no larger than it should be.
  double allowed = responses + std::fabs(problem.target);
  if (problem.goal == Goal::least_budget) {
    for (const ProblemChannel& channel : problem.channels)
      allowed += prices[0] * (static_cast<double>(channel.most) / minors);
  }
  return terms > greatest_term_ratio * allowed ? std::numeric_limits<double>::infinity() : sum;
}

/// True if the goal is to make its value small.
[[nodiscard]] inline bool is_least(Goal goal) noexcept { return goal == Goal::least_budget; }

/// The bound on the goal's value in a leaf: no plan there has a better one. When the prices prove nothing it is
/// infinite, or 0 for the least budget.
[[nodiscard]] inline double leaf_bound(const Problem& problem, const Box& box, std::span<const double> prices,
                                       double* magnitude = nullptr) {
  const double root = prices[0];
  constexpr double infinite = std::numeric_limits<double>::infinity();
  const double useless = is_least(problem.goal) ? 0 : infinite;  // no plan costs less than nothing
  for (const double price : prices) {
    if (!std::isfinite(price)) return useless;
  }
  if (root < 0) return useless;
  double size = 0;
  const bool with_size = magnitude != nullptr || is_least(problem.goal);
  const double phi = phi_of(problem, box, prices, with_size ? &size : nullptr, magnitude != nullptr);
  const double minors = major_per_minor(problem.places);
  const double budget = static_cast<double>(problem.budget) / minors;
  double bound = useless;
  switch (problem.goal) {
    case Goal::most_response:
      if (root == 0 || problem.budget != no_limit) bound = root == 0 ? phi : phi + root * budget;
      break;
    case Goal::marginal_return: {  // the price has the target and, above it, what the cap costs
      const double over = root - problem.target;
      if (over == 0) bound = phi;
      if (over > 0 && problem.budget != no_limit) {
        bound = phi + over * budget;
      }
      break;
    }
    case Goal::target_cpa:
      if (root * problem.target < 1) {
        bound = phi / (1 - root * problem.target);
        size /= 1 - root * problem.target;
      }
      break;
    case Goal::least_budget:
      if (root > 0) {
        // Plans are whole minor units, so the least money is the next whole number of them.
        const double least = std::ceil((problem.target - phi) / root * minors - 1e-4) / minors;
        bound = std::max(0.0, least);
        size = least > 0 ? (size + std::fabs(problem.target)) / root : 0;  // no tolerance for a bound of 0
      } else if (phi + proof_tolerance * (size + std::fabs(problem.target)) < problem.target) {
        bound = infinite;  // no plan reaches the response
      } else {
        size = 0;
      }
      break;
  }
  if (magnitude != nullptr) *magnitude = size;
  return bound;
}

[[nodiscard]] inline double relative_gap(double value, double bound) noexcept {
  if (value == bound) return 0;
  return std::fabs(bound - value) / std::max(std::fabs(bound), std::fabs(value));
}

}  // namespace dealtrail::budget::detail
