#pragma once

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/joined.hpp"
#include "dealtrail/table/row_problems.hpp"

namespace dealtrail {

namespace detail {

inline constexpr std::size_t most_first_rows = 5;

[[nodiscard]] inline auto order_of(const RowProblem& problem) {
  const int rank = problem.severity == "error" ? 0 : problem.severity == "warning" ? 1 : 2;
  return std::tuple{rank, std::string_view{problem.code}, std::string_view{problem.column}};
}

inline void add_first(RowProblem& problem, std::int64_t row, std::string_view value) {
  auto& first = problem.first;
  if (first.size() == most_first_rows && row >= first.back().first) return;
  const auto after = std::upper_bound(first.begin(), first.end(), row,
                                      [](std::int64_t wanted, const auto& one) { return wanted < one.first; });
  first.insert(after, {row, std::string{value}});
  if (first.size() > most_first_rows) first.pop_back();
}

}  // namespace detail

DEALTRAIL_INLINE RowProblem& RowProblems::entry(const RowProblem& kind) {
  const auto wanted = detail::order_of(kind);
  const auto found = std::partition_point(list_.begin(), list_.end(),
                                          [&](const RowProblem& one) { return detail::order_of(one) < wanted; });
  if (found != list_.end() && detail::order_of(*found) == wanted) return *found;
  RowProblem& made = *list_.insert(found, kind);
  made.count = 0;
  made.first.clear();
  return made;
}

DEALTRAIL_INLINE void RowProblems::note(const RowProblem& kind, std::int64_t row, std::string_view value) {
  RowProblem& problem = entry(kind);
  ++problem.count;
  detail::add_first(problem, row, value);
}

DEALTRAIL_INLINE void RowProblems::note_count(const RowProblem& kind, std::int64_t count) {
  if (count > 0) entry(kind).count += count;
}

DEALTRAIL_INLINE void RowProblems::merge(const RowProblems& other) {
  for (const RowProblem& theirs : other.list_) {
    RowProblem& ours = entry(theirs);
    ours.count += theirs.count;
    for (const auto& [row, value] : theirs.first) detail::add_first(ours, row, value);
  }
}

DEALTRAIL_INLINE std::int64_t RowProblems::left_out() const noexcept {
  std::int64_t rows = 0;
  for (const RowProblem& problem : list_) rows += problem.severity == "error" ? problem.count : 0;
  return rows;
}

DEALTRAIL_INLINE Table RowProblems::table() const {
  TableBuilder builder{"problems"};
  ColumnBuilder& code = builder.text("code");
  ColumnBuilder& severity = builder.text("severity");
  ColumnBuilder& column = builder.text("column");
  ColumnBuilder& count = builder.integer("count");
  ColumnBuilder& rows = builder.text("first_rows");
  ColumnBuilder& values = builder.text("first_values");
  ColumnBuilder& message = builder.text("message");
  ColumnBuilder& hint = builder.text("hint");
  for (const RowProblem& problem : list_) {
    std::vector<std::string> row_texts;
    std::vector<std::string> value_texts;
    for (const auto& [row, value] : problem.first) {
      row_texts.push_back("row " + std::to_string(row));
      if (!value.empty()) value_texts.push_back(value);
    }
    code.append_text(problem.code);
    severity.append_text(problem.severity);
    column.append_text(problem.column);
    count.append_integer(problem.count);
    rows.append_text(detail::joined(row_texts));
    values.append_text(detail::joined(value_texts));
    message.append_text(problem.message);
    hint.append_text(problem.hint);
  }
  return builder.finish();
}

}  // namespace dealtrail
