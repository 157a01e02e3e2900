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
  double least = 0;
  for (const ProblemChannel& channel : problem.channels) least += static_cast<double>(channel.least) / minors;
  double in_groups = 0;
  for (const ProblemGroup& group : problem.groups) {
    if (group.parent < 0) in_groups += static_cast<double>(group.least) / minors;
  }
  least = std::max(least, in_groups);
  const double top = most.value_or(std::max(2 * static_cast<double>(plan.spent) / minors, least));
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
