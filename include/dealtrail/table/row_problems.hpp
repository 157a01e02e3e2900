#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

/// One kind of problem found in the rows of a table that came in: its count and its first rows with their values.
struct RowProblem {
  std::string code{};
  std::string severity{};  // error: a row is left out; warning: a row counts in part; info
  std::string column{};
  std::int64_t count = 0;
  std::vector<std::pair<std::int64_t, std::string>> first{};  // the five smallest rows; a value may be empty
  std::string message{};
  std::string hint{};
};

/// The problems of one table. Lists merge in any order to the same list: rows are the smallest ones, codes are sorted.
class RowProblems {
 public:
  /// Counts one row of a kind of problem.
  void note(const RowProblem& kind, std::int64_t row, std::string_view value = {});
  /// Counts what is no row, such as subjects.
  void note_count(const RowProblem& kind, std::int64_t count);
  void merge(const RowProblems& other);

  /// Errors first, then by code.
  [[nodiscard]] const std::vector<RowProblem>& list() const& noexcept { return list_; }
  const std::vector<RowProblem>& list() && = delete;
  /// Rows that are left out: the counts of errors.
  [[nodiscard]] std::int64_t left_out() const noexcept;
  /// code, severity, column, count, first_rows, first_values, message, hint.
  [[nodiscard]] Table table() const;

 private:
  [[nodiscard]] RowProblem& entry(const RowProblem& kind);

  std::vector<RowProblem> list_{};
};

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/table/detail/row_problems.ipp"  // IWYU pragma: keep
#endif
