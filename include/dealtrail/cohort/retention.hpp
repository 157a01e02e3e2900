#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/table/row_problems.hpp"
#include "dealtrail/table/stream.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::cohort {

/// `on`: active in exactly that period. `on_or_after`: active in that period or a later one. `bracket`: active in one
/// of several periods together.
enum class RetentionKind : std::uint8_t { on, on_or_after, bracket };
inline constexpr dealtrail::detail::EnumNames<3> retention_kind_names{"on", "on_or_after", "bracket"};

/// `calendar`: periods begin with the calendar's. `rolling`: each subject's own periods begin at its birth.
enum class RetentionClock : std::uint8_t { calendar, rolling };
inline constexpr dealtrail::detail::EnumNames<2> retention_clock_names{"calendar", "rolling"};

/// Which columns are read, and how. An empty name: the table has no such column.
struct RetentionOptions {
  std::string subject = "subject";  // integer or text
  std::string at = "at";            // time; local time and date are wall clocks of the zone
  std::string value{};              // amount in major units; a refund is negative
  std::string margin{};             // likewise
  std::string birth{};              // time; the earliest of a subject's rows; none: the subject's first row
  std::string by{};                 // text or integer; a subject has the one of its earliest row
  PeriodKind every = PeriodKind::week;
  RetentionKind kind = RetentionKind::on;
  RetentionClock clock = RetentionClock::calendar;
  std::vector<std::int64_t> brackets{1, 3, 7, 14};  // lengths in periods, after period 0
  std::optional<Timestamp> end{};  // the first moment that is not observed; none: just after the latest row
  Zone zone{};
  Currency currency{};
  std::optional<int> places{};  // of amounts without a currency; none: as many as the columns have
  std::size_t threads = 1;
};

/// One cohort in one of its periods.
struct RetentionCell {
  std::size_t group = 0;
  Period cohort{};
  std::int64_t size = 0;    // subjects born in the cohort
  std::int64_t period = 0;  // periods after birth; of a bracket its first
  std::int64_t active = 0;
  std::int64_t events = 0;  // rows
  std::int64_t value_minor = 0;
  std::int64_t cumulative_minor = 0;
  std::int64_t margin_minor = 0;
  std::int64_t cumulative_margin_minor = 0;
  bool complete = false;  // every member was observed to the end of the period
  friend bool operator==(const RetentionCell&, const RetentionCell&) = default;
};

struct Retention {
  std::vector<RetentionCell> cells{};                // by group, cohort, period
  std::vector<std::optional<std::string>> groups{};  // sorted, no value last; one without a value if there is no `by`
  std::string by{};
  bool has_value = false;
  bool has_margin = false;
  Currency currency{};
  RowProblems problems{};
  std::vector<std::pair<std::string, std::string>> meta{};

  /// by?, cohort, size, period, active, events, rate, then with amounts value, value_per_member, cumulative, then
  /// with margins margin, cumulative_margin, then complete.
  [[nodiscard]] Table table() const;
  /// Each period over all cohorts that were observed to its end: by?, period, cohorts, size, active, rate, then with
  /// amounts value, value_per_member, cumulative_per_member. Rates are sums over sums, so large cohorts weigh more.
  [[nodiscard]] Table average() const;
  /// A row per cohort, a column per period: by?, cohort, size, "0", "1", ...; no value where the period has not begun.
  /// @throws Error unknown_name for a column of `table` that is no figure of a cell.
  [[nodiscard]] Table pivot(std::string_view column) const;
};

/// Retention of cohorts over anybody's table (M4.6): a row is something that a subject did at a time. A cohort is the
/// subjects born in one calendar period; a cell counts those of them who were active some periods later. Definitions:
/// docs/cohort/retention.md. O(rows + cells). Rows without a subject or a time are left out and listed in `problems`.
/// @throws Error missing_column, type_mismatch; invalid_argument for brackets that are empty or below 1; overflow for
///   sums beyond 64 bits; limit_exceeded for more than 20 million cells.
[[nodiscard]] Retention retention(const TableInput& table, const RetentionOptions& options = {});

}  // namespace dealtrail::cohort

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/cohort/detail/retention.ipp"        // IWYU pragma: keep
#include "dealtrail/cohort/detail/retention_table.ipp"  // IWYU pragma: keep
#endif
