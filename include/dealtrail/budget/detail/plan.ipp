#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/budget/detail/dual_bound.hpp"
#include "dealtrail/budget/detail/plan_rows.hpp"
#include "dealtrail/budget/detail/search.hpp"
#include "dealtrail/budget/detail/stop_where_flat.hpp"
#include "dealtrail/budget/detail/tighten.hpp"
#include "dealtrail/budget/plan.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail::budget {
namespace detail {

[[nodiscard]] inline std::string shown_number(double number) {
  char buffer[40];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr};
}

inline void add_problem_meta(TableBuilder& builder, const Problem& problem) {
  builder.meta("goal", std::string{to_string(problem.goal)});
  builder.meta("currency", std::string{problem.currency.code()});
  if (problem.budget != no_limit) builder.meta("budget", to_decimal_text(problem.budget, problem.places));
  if (problem.goal != Goal::most_response) builder.meta("target", shown_number(problem.target));
}

// The sum of the minimums, those of groups from the inside out: minor units.
[[nodiscard]] inline double least_money(const Problem& problem) {
  std::vector<double> low(problem.groups.size() + 1, 0);
  for (const ProblemChannel& channel : problem.channels)
    low[static_cast<std::size_t>(channel.group + std::int64_t{1})] += static_cast<double>(channel.least);
  for (std::size_t g = problem.groups.size(); g-- > 0;) {
    low[static_cast<std::size_t>(problem.groups[g].parent + std::int64_t{1})] +=
        std::max(low[g + 1], static_cast<double>(problem.groups[g].least));
  }
  return low[0];
}

// The money that budgets are chosen around: that of the plan, else of today, else what halves the responses.
[[nodiscard]] inline double usual_money(const Plan& plan) {
  if (plan.spent > 0) return static_cast<double>(plan.spent);
  double today = 0;
  for (const PlanRow& row : plan.rows) today += static_cast<double>(row.today.value_or(0));
  if (today > 0) return today;
  double halves = 0;
  for (const ProblemChannel& channel : plan.certificate.problem.channels) {
    const Curve& curve = channel.curve;
    const double end = curve.points().empty() ? curve.fee() + curve.unit() : curve.points().back().money;
    halves += end * major_per_minor(plan.certificate.problem.places);
  }
  return std::min(halves, 4e18);
}

}  // namespace detail

DEALTRAIL_INLINE Table Plan::table() const {
  TableBuilder builder{"plan"};
  detail::add_problem_meta(builder, certificate.problem);
  builder.meta("bound", detail::shown_number(bound));
  builder.meta("gap", detail::shown_number(gap));
  const Currency& currency = certificate.problem.currency;
  ColumnBuilder& key = builder.text("key");
  ColumnBuilder& today = builder.money("today", currency);
  ColumnBuilder& proposed = builder.money("proposed", currency);
  ColumnBuilder& change = builder.money("change", currency);
  ColumnBuilder& response_before = builder.real("response_today");
  ColumnBuilder& response_after = builder.real("response");
  ColumnBuilder& marginal = builder.real("marginal_return");
  ColumnBuilder& limit = builder.text("limit");
  ColumnBuilder& gain = builder.real("limit_gain");
  const bool explained = std::any_of(rows.begin(), rows.end(), [](const PlanRow& row) { return !row.why.empty(); });
  ColumnBuilder* why = explained ? &builder.text("why") : nullptr;
  const auto explain = [&](const std::string& text) {
    if (why != nullptr) why->append_text(text.empty() ? std::nullopt : std::optional<std::string_view>{text});
  };
  std::int64_t spent_today = 0;
  bool known = true;
  for (const PlanRow& row : rows) {
    key.append_text(row.name);
    today.append_minor(row.today);
    proposed.append_minor(row.proposed);
    change.append_minor(row.today.has_value() ? std::optional{row.proposed - *row.today} : std::nullopt);
    response_before.append_real(row.response_today);
    response_after.append_real(row.response);
    marginal.append_real(row.marginal_return);
    limit.append_text(row.limit.empty() ? std::nullopt : std::optional<std::string_view>{row.limit});
    gain.append_real(row.limit_gain);
    explain(row.why);
    known = known && row.today.has_value();
    if (row.today.has_value()) spent_today = checked_add(spent_today, *row.today);
  }
  key.append_text("(total)");
  today.append_minor(known ? std::optional{spent_today} : std::nullopt);
  proposed.append_minor(spent);
  change.append_minor(known ? std::optional{spent - spent_today} : std::nullopt);
  response_before.append_real(response_today);
  response_after.append_real(response);
  marginal.append_real(shadow_price);
  limit.append_null();
  gain.append_null();
  explain({});
  return builder.finish();
}

DEALTRAIL_INLINE Table frontier(const Plan& plan, std::size_t count, std::optional<double> most, double gap,
                                std::size_t node_limit, const std::function<bool()>& stop) {
  using namespace detail;
  if (count == 0 || count > 1'000'000) {
    throw Error(ErrorCode::invalid_argument, "expected 1 to 1000000 budgets, found " + std::to_string(count),
                {"frontier", "count", -1});
  }
  Problem problem = plan.certificate.problem;
  const double minors = major_per_minor(problem.places);
  problem.goal = Goal::most_response;
  problem.target = 0;
  problem.budget = no_limit;
  const double least = detail::least_money(problem) / minors;
  const double top = most.value_or(std::max(2 * detail::usual_money(plan) / minors, least));
  if (!std::isfinite(top) || top < least || top * minors > 9e18) {
    throw Error(ErrorCode::invalid_argument,
                "expected a greatest budget from " + shown_number(least) + " on, found " + shown_number(top),
                {"frontier", "most", -1});
  }
  const Problem base = problem;
  TableBuilder builder{"frontier"};
  add_problem_meta(builder, problem);
  ColumnBuilder& budgets = builder.money("budget", problem.currency);
  ColumnBuilder& values = builder.real("value");
  ColumnBuilder& bounds = builder.real("bound");
  ColumnBuilder& shadows = builder.real("shadow_price");
  std::vector<ColumnBuilder*> columns;
  for (const PlanRow& row : plan.rows) columns.push_back(&builder.money(row.name, problem.currency));
  std::vector<std::int64_t> before;
  for (std::size_t k = 0; k < count; ++k) {
    const double share = count == 1 ? 1 : static_cast<double>(k) / static_cast<double>(count - 1);
    problem = base;
    problem.budget = std::llround((least + (top - least) * share) * minors);
    for (std::size_t i = 0; i < problem.channels.size(); ++i) {
      if (plan.open_most[i]) problem.channels[i].most = std::max(problem.channels[i].least, problem.budget);
    }
    std::vector<bool> open = plan.open_most;
    stop_where_flat(problem, open);
    tighten(problem);
    Search search(problem, {.gap = gap, .node_limit = node_limit, .stop = stop});
    const Searched searched = search.run({before});  // a plan of a smaller budget is one of this budget
    budgets.append_minor(problem.budget);
    if (!searched.found) {
      values.append_null();
      bounds.append_null();
      shadows.append_null();
      for (ColumnBuilder* column : columns) column->append_null();
      continue;
    }
    const Certificate& certificate = searched.certificate;
    before = certificate.spend;
    values.append_real(certificate.value);
    bounds.append_real(certificate.bound);
    shadows.append_real(slopes_of(certificate).shadow);
    for (std::size_t i = 0; i < plan.rows.size(); ++i) {
      for (std::size_t j = 0; j < problem.channels.size(); ++j) {
        if (problem.channels[j].name == plan.rows[i].name) columns[i]->append_minor(certificate.spend[j]);
      }
    }
  }
  return builder.finish();
}

}  // namespace dealtrail::budget
