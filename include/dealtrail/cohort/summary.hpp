#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/table/row_problems.hpp"
#include "dealtrail/table/stream.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::cohort {

/// Which columns of a table of purchases are read, and how. An empty name: the table has no such column.
struct SummaryOptions {
  std::string customer = "customer";  // integer or text
  std::string at = "at";              // time; local time and date are wall clocks of the zone
  std::string amount{};               // in major units; a refund is negative
  std::optional<Timestamp> end{};     // the first moment that is not observed; none: after the latest row's day
  PeriodKind unit = PeriodKind::week;
  Zone zone{};
  Currency currency{};
  std::optional<int> places{};
  std::size_t threads = 1;
};

/// Purchases of customers in four figures: what models of lifetime value read. By customer, columns of equal length.
struct Summary {
  bool of_numbers = false;  // customers are numbers, else texts
  std::vector<std::int64_t> numbers{};
  std::vector<std::string> texts{};
  std::vector<std::int64_t> frequency{};          // days with a purchase after the first
  std::vector<double> recency{};                  // from the first to the last purchase, in units
  std::vector<double> age{};                      // T: from the first purchase to the end, in units
  std::vector<std::optional<double>> monetary{};  // mean of a repeat day in major units; empty: no amounts
  std::string unit{};                             // "day", "week", "month", ...; empty: not known
  RowProblems problems{};
  std::vector<std::pair<std::string, std::string>> meta{};

  [[nodiscard]] std::size_t size() const noexcept { return frequency.size(); }
  /// customer, frequency, recency, T, monetary.
  [[nodiscard]] Table table() const;

  /// Reads a summary that anybody made: columns customer, frequency, recency, T and, where it is there, monetary. Rows
  /// that cannot be such (negative, recency beyond T, a recency without a repeat, no customer) are left out and listed.
  /// @throws Error missing_column, type_mismatch.
  [[nodiscard]] static Summary from_table(const TableInput& table, std::string unit = {});
};

/// Days of a unit: 1, 7, 30.4375 (month), 91.3125, 365.25.
[[nodiscard]] constexpr double days_of(PeriodKind unit) noexcept {
  switch (unit) {
    case PeriodKind::day: return 1;
    case PeriodKind::week: return 7;
    case PeriodKind::month: return 30.4375;
    case PeriodKind::quarter: return 91.3125;
    case PeriodKind::year: break;
  }
  return 365.25;
}

/// Summarises purchases by customer: orders of one day are one purchase, refunds are taken off the orders of their day,
/// and a day that comes to 0 or less is no purchase. O(rows log).
/// @throws Error missing_column, type_mismatch.
[[nodiscard]] Summary summary(const TableInput& table, const SummaryOptions& options = {});

}  // namespace dealtrail::cohort

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/cohort/detail/summary.ipp"  // IWYU pragma: keep
#endif
