#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/cohort/retention.hpp"
#include "dealtrail/core/detail/names.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail::cohort {

namespace detail {

[[nodiscard]] inline std::optional<double> part_of(std::int64_t count, std::int64_t all) {
  if (all == 0) return std::nullopt;
  return static_cast<double>(count) / static_cast<double>(all);
}
// Minor units per member, in major units.
[[nodiscard]] inline std::optional<double> per_member(double minor, std::int64_t size, Currency currency) {
  if (size == 0) return std::nullopt;
  for (int i = 0; i < decimals(currency); ++i) minor /= 10;
  return minor / static_cast<double>(size);
}

inline constexpr std::array<std::string_view, 9> pivot_columns{
    "rate", "active", "events", "value", "value_per_member", "cumulative", "margin", "cumulative_margin", "complete"};

inline void append_figure(ColumnBuilder& to, const Retention& of, const RetentionCell& cell, std::string_view column) {
  if (column == "rate") return to.append_real(part_of(cell.active, cell.size));
  if (column == "active") return to.append_integer(cell.active);
  if (column == "events") return to.append_integer(cell.events);
  if (column == "value") return to.append_minor(cell.value_minor);
  if (column == "value_per_member")
    return to.append_real(per_member(static_cast<double>(cell.value_minor), cell.size, of.currency));
  if (column == "cumulative") return to.append_minor(cell.cumulative_minor);
  if (column == "margin") return to.append_minor(cell.margin_minor);
  if (column == "cumulative_margin") return to.append_minor(cell.cumulative_margin_minor);
  to.append_boolean(cell.complete);
}

inline ColumnBuilder& figure_column(TableBuilder& builder, const Retention& of, std::string_view column,
                                    std::string name) {
  if (column == "rate") return builder.real(std::move(name), "ratio");
  if (column == "value_per_member") return builder.real(std::move(name), std::string{of.currency.code()});
  if (column == "active" || column == "events") return builder.integer(std::move(name));
  if (column == "complete") return builder.boolean(std::move(name));
  return builder.money(std::move(name), of.currency);
}

[[nodiscard]] inline std::vector<std::string_view> figures_of(const Retention& of) {
  std::vector<std::string_view> shown{"active", "events", "rate"};
  if (of.has_value) shown.insert(shown.end(), {"value", "value_per_member", "cumulative"});
  if (of.has_margin) shown.insert(shown.end(), {"margin", "cumulative_margin"});
  shown.emplace_back("complete");
  return shown;
}

}  // namespace detail

DEALTRAIL_INLINE Table Retention::table() const {
  TableBuilder builder{"retention"};
  if (!by.empty()) {
    ColumnBuilder& group = builder.text(by);
    for (const RetentionCell& cell : cells) group.append_text(groups[cell.group]);
  }
  ColumnBuilder& cohort = builder.text("cohort");
  ColumnBuilder& size = builder.integer("size");
  ColumnBuilder& period = builder.integer("period");
  for (const RetentionCell& cell : cells) {
    cohort.append_text(to_text(cell.cohort));
    size.append_integer(cell.size);
    period.append_integer(cell.period);
  }
  for (const std::string_view figure : detail::figures_of(*this)) {
    ColumnBuilder& column = detail::figure_column(builder, *this, figure, std::string{figure});
    for (const RetentionCell& cell : cells) detail::append_figure(column, *this, cell, figure);
  }
  for (const auto& [key, text] : meta) builder.meta(key, text);
  return builder.finish();
}

DEALTRAIL_INLINE Table Retention::average() const {
  struct Sums {
    std::int64_t period = 0;
    std::int64_t cohorts = 0;
    std::int64_t size = 0;
    std::int64_t active = 0;
    double value = 0;
    double cumulative = 0;
  };
  TableBuilder builder{"average retention"};
  ColumnBuilder* group = by.empty() ? nullptr : &builder.text(by);
  ColumnBuilder& period = builder.integer("period");
  ColumnBuilder& cohorts = builder.integer("cohorts");
  ColumnBuilder& size = builder.integer("size");
  ColumnBuilder& active = builder.integer("active");
  ColumnBuilder& rate = builder.real("rate", "ratio");
  ColumnBuilder* per_member = has_value ? &builder.real("value_per_member", std::string{currency.code()}) : nullptr;
  ColumnBuilder* cumulative =
      has_value ? &builder.real("cumulative_per_member", std::string{currency.code()}) : nullptr;
  for (std::size_t begin = 0; begin < cells.size();) {
    std::size_t end = begin;
    std::vector<Sums> sums;  // by period, of one group
    for (; end < cells.size() && cells[end].group == cells[begin].group; ++end) {
      const RetentionCell& cell = cells[end];
      const auto found = std::lower_bound(sums.begin(), sums.end(), cell.period,
                                          [](const Sums& one, std::int64_t wanted) { return one.period < wanted; });
      Sums& to = found != sums.end() && found->period == cell.period ? *found : *sums.insert(found, Sums{cell.period});
      if (!cell.complete) continue;
      ++to.cohorts;
      to.size += cell.size;
      to.active += cell.active;
      to.value += static_cast<double>(cell.value_minor);
      to.cumulative += static_cast<double>(cell.cumulative_minor);
    }
    for (const Sums& one : sums) {
      if (group != nullptr) group->append_text(groups[cells[begin].group]);
      period.append_integer(one.period);
      cohorts.append_integer(one.cohorts);
      size.append_integer(one.size);
      active.append_integer(one.active);
      rate.append_real(detail::part_of(one.active, one.size));
      if (per_member == nullptr) continue;
      per_member->append_real(detail::per_member(one.value, one.size, currency));
      cumulative->append_real(detail::per_member(one.cumulative, one.size, currency));
    }
    begin = end;
  }
  for (const auto& [key, text] : meta) builder.meta(key, text);
  return builder.finish();
}

DEALTRAIL_INLINE Table Retention::pivot(std::string_view column) const {
  const std::vector<std::string_view> figures = detail::figures_of(*this);
  if (std::find(figures.begin(), figures.end(), column) == figures.end()) {
    throw Error(ErrorCode::unknown_name, "no figure of cohorts: \"" + std::string{column.substr(0, 64)} + "\"",
                {"retention", {}, -1}, dealtrail::detail::valid_names(column, figures));
  }
  std::vector<std::int64_t> periods;
  for (const RetentionCell& cell : cells) periods.push_back(cell.period);
  std::sort(periods.begin(), periods.end());
  periods.erase(std::unique(periods.begin(), periods.end()), periods.end());
  TableBuilder builder{"retention"};
  ColumnBuilder* group = by.empty() ? nullptr : &builder.text(by);
  ColumnBuilder& cohort = builder.text("cohort");
  ColumnBuilder& size = builder.integer("size");
  std::vector<ColumnBuilder*> columns;
  for (const std::int64_t period : periods)
    columns.push_back(&detail::figure_column(builder, *this, column, std::to_string(period)));
  for (std::size_t begin = 0; begin < cells.size();) {
    const RetentionCell& first = cells[begin];
    if (group != nullptr) group->append_text(groups[first.group]);
    cohort.append_text(to_text(first.cohort));
    size.append_integer(first.size);
    std::size_t at = begin;
    for (std::size_t i = 0; i < periods.size(); ++i) {
      const bool here = at < cells.size() && cells[at].group == first.group && cells[at].cohort == first.cohort &&
                        cells[at].period == periods[i];
      if (here) {
        detail::append_figure(*columns[i], *this, cells[at++], column);
      } else {
        columns[i]->append_null();
      }
    }
    begin = at;
  }
  builder.meta("figure", std::string{column});
  for (const auto& [key, text] : meta) builder.meta(key, text);
  return builder.finish();
}

}  // namespace dealtrail::cohort
