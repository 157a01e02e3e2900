#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "dealtrail/budget/certificate.hpp"
#include "dealtrail/budget/detail/dual_bound.hpp"
#include "dealtrail/budget/detail/plan_check.hpp"

// A plan in whole minor units from one in real numbers: every channel and every group gets the whole number below or
// above its amount, so limits in whole numbers hold, and the sum is exact (largest remainder, ties to the first).
namespace dealtrail::budget::detail {

class Rounding {
 public:
  explicit Rounding(const Problem& problem) : problem_(problem), minors_(major_per_minor(problem.places)) {}

  /// Amounts between two packages, or below a minimum if used, go down, or up when `up`; then all are rounded, and the
  /// goal is repaired by single minor units. May break a limit: the caller checks.
  [[nodiscard]] std::vector<std::int64_t> whole(std::span<const double> money, bool up) const {
    const std::size_t n = problem_.channels.size();
    std::vector<Part> parts(n);
    for (std::size_t i = 0; i < n; ++i) parts[i] = part_of(i, money[i], up);
    std::vector<Part> groups(problem_.groups.size() + 1);
    for (std::size_t i = 0; i < n; ++i)
      join(groups[static_cast<std::size_t>(problem_.channels[i].group + std::int64_t{1})], parts[i]);
    for (std::size_t g = problem_.groups.size(); g-- > 0;)
      join(groups[static_cast<std::size_t>(problem_.groups[g].parent + std::int64_t{1})], groups[g + 1]);
    std::vector<std::vector<Part*>> inside(groups.size());
    for (std::size_t g = 0; g < problem_.groups.size(); ++g)
      inside[static_cast<std::size_t>(problem_.groups[g].parent + std::int64_t{1})].push_back(&groups[g + 1]);
    for (std::size_t i = 0; i < n; ++i)
      inside[static_cast<std::size_t>(problem_.channels[i].group + std::int64_t{1})].push_back(&parts[i]);
    for (std::size_t g = 0; g < groups.size(); ++g) {
      snap(groups[g]);
      if (g == 0) groups[0].given = groups[0].floor + (up && groups[0].rest > 0 ? 1 : 0);
      deal_out(inside[g], groups[g].given);
    }
    std::vector<std::int64_t> spend(n);
    for (std::size_t i = 0; i < n; ++i) spend[i] = parts[i].given;
    repair(spend);
    return spend;
  }

 private:
  struct Part {
    std::int64_t floor = 0;
    double rest = 0;  // what is left of the amount, 0 to below 1; of groups the sum until `snap`
    bool fixed = false;
    std::int64_t given = 0;
  };

  [[nodiscard]] Part part_of(std::size_t i, double money, bool up) const {
    const ProblemChannel& channel = problem_.channels[i];
    double amount = money * minors_;
    Part part;
    if (channel.curve.kind() == CurveKind::packages) {
      std::int64_t below = 0;
      std::int64_t above = channel.most;
      bool found = false;
      for (const CurvePoint& point : channel.curve.points()) {
        const std::int64_t cost = std::llround(point.money * minors_);
        if (static_cast<double>(cost) <= amount + 1e-6 + 1e-12 * amount) {
          below = cost;
          found = static_cast<double>(cost) >= amount - 1e-6 - 1e-12 * amount;
        } else {
          above = cost;
          break;
        }
      }
      part.floor = up && !found && above <= channel.most ? above : below;
      part.fixed = true;
      return part;
    }
    amount = std::clamp(amount, static_cast<double>(channel.least), static_cast<double>(channel.most));
    if (channel.least_if_used > 0 && amount > 0 && amount < static_cast<double>(channel.least_if_used)) {
      const bool near = amount > static_cast<double>(channel.least_if_used) - 1;
      part.floor = up || near ? channel.least_if_used : 0;
      part.fixed = true;
      return part;
    }
    const double down = std::floor(amount);
    part.floor = static_cast<std::int64_t>(down);
    part.rest = amount - down;
    const double slack = 1e-6 + 1e-15 * amount;
    if (part.rest > 1 - slack) ++part.floor, part.rest = 0;
    if (part.rest < slack) part.rest = 0;
    if (part.floor >= channel.most) part.floor = channel.most, part.rest = 0;
    part.fixed = part.rest == 0;
    return part;
  }
  static void join(Part& sum, const Part& part) {
    sum.floor += part.floor;
    sum.rest += part.rest;
  }
  static void snap(Part& sum) {
    const double whole = std::floor(sum.rest + 1e-4);
    sum.floor += static_cast<std::int64_t>(whole);
    sum.rest = std::max(0.0, sum.rest - whole);
    if (sum.rest < 1e-4) sum.rest = 0;
  }

  static void deal_out(std::vector<Part*>& parts, std::int64_t total) {
    std::vector<std::pair<double, Part*>> open;
    for (Part* part : parts) {
      Part snapped = *part;
      snap(snapped);
      part->given = snapped.floor;
      total -= snapped.floor;
      if (snapped.rest > 0) open.emplace_back(snapped.rest, part);
    }
    std::stable_sort(open.begin(), open.end(), [](const auto& lhs, const auto& rhs) { return lhs.first > rhs.first; });
    for (auto& [rest, part] : open) {
      if (total <= 0) break;
      ++part->given;
      --total;
    }
  }

  // A response just below its target gets minor units where they bring most; an average cost just above it loses them
  // where they bring least.
  void repair(std::vector<std::int64_t>& spend) const {
    if (problem_.goal != Goal::least_budget && problem_.goal != Goal::target_cpa) return;
    const std::int64_t unit = problem_.goal == Goal::least_budget ? 1 : -1;
    for (std::size_t step = 0; step < problem_.channels.size() + 8; ++step) {
      if (reaches_goal(problem_, sums_of(problem_, spend))) return;
      std::size_t best = problem_.channels.size();
      double best_slope = 0;
      for (std::size_t i = 0; i < problem_.channels.size(); ++i) {
        const ProblemChannel& channel = problem_.channels[i];
        if (channel.curve.kind() == CurveKind::packages || spend[i] == 0) continue;
        const std::int64_t next = spend[i] + unit;
        if (next < std::max(channel.least, channel.least_if_used) || next > channel.most) continue;
        const double slope = channel.curve.slope(static_cast<double>(spend[i]) / minors_);
        if (best == problem_.channels.size() || (unit > 0 ? slope > best_slope : slope < best_slope)) {
          best = i;
          best_slope = slope;
        }
      }
      if (best == problem_.channels.size()) return;
      spend[best] += unit;
    }
  }

  const Problem& problem_;
  double minors_ = 100;
};

}  // namespace dealtrail::budget::detail
