#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/budget/allocate.hpp"
#include "dealtrail/budget/detail/dual_bound.hpp"
#include "dealtrail/budget/detail/make_problem.hpp"
#include "dealtrail/budget/detail/plan_rows.hpp"
#include "dealtrail/budget/detail/reach.hpp"
#include "dealtrail/budget/detail/search.hpp"
#include "dealtrail/budget/detail/stop_where_flat.hpp"
#include "dealtrail/budget/detail/tighten.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail::budget {
namespace detail {

[[noreturn]] inline void fail_unreached(const Reach& reach, const Problem& problem, const AllocateOptions& options) {
  if (options.roi.has_value()) {
    throw Error(ErrorCode::invalid_argument,
                "no plan reaches the ROI " + std::to_string(*options.roi) + ": the greatest one is " +
                    std::to_string(options.value.value_or(0) / reach.least_average_cost() - 1),
                {"allocate", "roi", -1}, "lower the target, or lower the minimums");
  }
  if (problem.goal == Goal::target_cpa) {
    throw Error(ErrorCode::invalid_argument,
                "no plan reaches the average cost " + std::to_string(problem.target) + ": the least one is " +
                    std::to_string(reach.least_average_cost()),
                {"allocate", "cpa", -1}, "raise the target cost, or lower the minimums");
  }
  if (problem.goal == Goal::least_budget) {
    throw Error(ErrorCode::invalid_argument,
                "no plan within the limits reaches the response " + std::to_string(problem.target),
                {"allocate", "response", -1}, "lower the response, or raise the upper limits");
  }
  throw Error(ErrorCode::invalid_argument, "no plan within the limits was found: packages and minimums do not fit them",
              {"allocate", "groups", -1}, "widen the limits of groups with packages, or raise the limit of the search");
}

// What one unit of money more room brings, where that is more than nothing.
inline void set_limit(PlanRow& row, const Made& made, std::size_t i, std::int64_t spend, bool fixed,
                      const PlanSlopes& slopes) {
  const ProblemChannel& channel = made.problem.channels[i];
  const std::int32_t scope = channel.group >= 0 ? slopes.scope[static_cast<std::size_t>(channel.group)] : -1;
  const std::optional<double>& around = scope >= 0 ? slopes.groups[static_cast<std::size_t>(scope)] : slopes.shadow;
  if (fixed) {
    row.limit = "fixed";
    if (row.marginal_return.has_value() && around.has_value()) row.limit_gain = *row.marginal_return - *around;
  } else if (spend == channel.most && !made.open_most[i]) {
    row.limit = "most";
    if (row.marginal_return.has_value()) row.limit_gain = std::max(0.0, *row.marginal_return - around.value_or(0));
  } else if (spend == channel.least && spend > 0) {
    row.limit = "least";
    if (row.marginal_return.has_value() && around.has_value())
      row.limit_gain = std::max(0.0, *around - *row.marginal_return);
  } else if (spend > 0 && spend == channel.least_if_used) {
    row.limit = "least_if_used";
    if (row.marginal_return.has_value() && around.has_value())
      row.limit_gain = std::max(0.0, *around - *row.marginal_return);
  }
}

inline void set_limits(Plan& plan, const PlanSlopes& slopes) {
  const Problem& problem = plan.certificate.problem;
  if (plan.left == 0 && plan.shadow_price.value_or(0) > 0)
    plan.limits.push_back({"(budget)", "most", problem.budget, *plan.shadow_price});
  for (std::size_t g = 0; g < problem.groups.size(); ++g) {
    const ProblemGroup& group = problem.groups[g];
    const std::int32_t outer = group.parent >= 0 ? slopes.scope[static_cast<std::size_t>(group.parent)] : -1;
    const double around = (outer >= 0 ? slopes.groups[static_cast<std::size_t>(outer)] : slopes.shadow).value_or(0);
    if (group.most != no_limit && slopes.totals[g] >= group.most) {
      plan.limits.push_back({group.name, "most", group.most, std::max(0.0, slopes.groups[g].value_or(0) - around)});
    } else if (group.least > 0 && slopes.totals[g] <= group.least) {
      double inside = 0;
      for (std::size_t i = 0; i < problem.channels.size(); ++i) {
        std::int32_t at = problem.channels[i].group;
        while (at >= 0 && at != static_cast<std::int32_t>(g)) at = problem.groups[static_cast<std::size_t>(at)].parent;
        if (at >= 0 && plan.certificate.spend[i] > problem.channels[i].least)
          inside = std::max(inside, slopes.channels[i].value_or(0));
      }
      plan.limits.push_back({group.name, "least", group.least, std::max(0.0, around - inside)});
    }
  }
}

[[nodiscard]] inline Plan plan_of(const Made& made, Certificate certificate, std::span<const Channel> channels) {
  Plan plan;
  plan.certificate = std::move(certificate);
  plan.open_most = made.open_most;
  const Problem& problem = plan.certificate.problem;
  const double minors = major_per_minor(problem.places);
  PlanSlopes slopes = slopes_of(plan.certificate);
  // Equal slopes differ by rounding to minor units; the shadow price is that of the money as a whole.
  plan.shadow_price = slopes.shadow;
  plan.rows.resize(channels.size());
  bool all_today = true;
  double response_today = 0;
  for (std::size_t i = 0; i < problem.channels.size(); ++i) {
    PlanRow& row = plan.rows[made.given[i]];
    const ProblemChannel& channel = problem.channels[i];
    row.name = channel.name;
    row.today = made.today[i];
    row.proposed = plan.certificate.spend[i];
    row.response = channel.curve.value(static_cast<double>(row.proposed) / minors);
    if (row.today.has_value()) row.response_today = channel.curve.value(static_cast<double>(*row.today) / minors);
    all_today = all_today && row.today.has_value();
    response_today += row.response_today.value_or(0);
    row.marginal_return = slopes.channels[i];
    set_limit(row, made, i, row.proposed, channels[made.given[i]].fixed.has_value(), slopes);
    plan.spent = checked_add(plan.spent, row.proposed);
  }
  const PlanSums sums = sums_of(problem, plan.certificate.spend);
  plan.response = sums.response;
  if (all_today) plan.response_today = response_today;
  if (problem.budget != no_limit) plan.left = problem.budget - plan.spent;
  plan.value = plan.certificate.value;
  plan.bound = plan.certificate.bound;
  plan.gap = plan.certificate.gap;
  plan.exact = plan.gap <= 1e-9;
  const bool jumps = std::any_of(problem.channels.begin(), problem.channels.end(), [](const ProblemChannel& channel) {
    return channel.curve.kind() == CurveKind::packages || channel.least_if_used > 0;
  });
  if (problem.goal == Goal::most_response && plan.left.value_or(0) > 0 && slopes.shadow.value_or(jumps ? 1 : 0) <= 0)
    plan.shadow_price = 0;
  set_limits(plan, slopes);
  return plan;
}

}  // namespace detail

DEALTRAIL_INLINE Plan allocate(std::span<const Channel> channels, const AllocateOptions& options) {
  using namespace detail;
  Made made = ProblemMaker(channels, options).make();
  Reach reach(made);
  if (made.problem.goal == Goal::most_response) require_room(made);
  reach.set_limits();
  require_room(made);
  stop_where_flat(made.problem, made.open_most);
  tighten(made.problem);
  for (std::size_t i = 0; i + 1 < made.problem.channels.size(); ++i)
    made.problem.in_order = made.problem.in_order || alike(made.problem.channels[i], made.problem.channels[i + 1]);
  std::vector<std::vector<std::int64_t>> offered;
  std::vector<std::int64_t> today;
  for (std::size_t i = 0; i < made.today.size(); ++i) {
    if (!made.today[i].has_value()) continue;
    today.push_back(*made.today[i]);
    if (made.problem.channels[i].curve.kind() != CurveKind::packages) continue;
    std::int64_t package = 0;  // the greatest one that the money pays
    for (const CurvePoint& point : made.problem.channels[i].curve.points()) {
      const std::int64_t cost = std::llround(point.money * major_per_minor(made.problem.places));
      if (cost <= today.back()) package = cost;
    }
    today.back() = package;
  }
  if (today.size() == channels.size()) offered.push_back(today);
  Searched searched =
      Search(made.problem, {.gap = options.gap, .node_limit = options.node_limit, .stop = options.stop}).run(offered);
  if (!searched.found) fail_unreached(reach, made.problem, options);
  Plan plan = plan_of(made, std::move(searched.certificate), channels);
  if (made.problem.goal == Goal::target_cpa && plan.spent == 0 && !(plan.response > 0))
    fail_unreached(reach, made.problem, options);
  return plan;
}

}  // namespace dealtrail::budget
