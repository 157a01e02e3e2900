#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/table/stream.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::reconcile {

/// Why two tables differ at a key. In this order: the first reason that holds is given.
enum class Reason : std::uint8_t {
  none,
  blank_key,         // a row without a key matches nothing
  test_sale,         // the key or the status has a test word
  refund,            // money went back on one side alone
  only_a,            // the key is in the first table alone
  only_b,            // the key is in the second table alone
  currency,          // an amount is in another currency than the sums
  missing,           // one side has no value
  duplicate,         // one side has the same amount several times, the other once
  factor_100,        // one side counts in major units, the other in minor ones
  vat,               // one side is with VAT, the other without
  commission,        // one side is a fixed share of the other
  unexplained,       // amounts differ, and nothing above holds
  within_tolerance,  // amounts differ by no more than the tolerance
  one_to_many,       // equal sums of another number of rows, at other times
  time_zone,         // equal amounts, moved over midnight by a quarter of an hour or a multiple, up to 14 hours
  date_shift,        // equal amounts on other days
  status_conflict,   // the statuses differ
  value,             // another column differs
};
inline constexpr dealtrail::detail::EnumNames<19> reason_names{"",
                                                               "blank_key",
                                                               "test_sale",
                                                               "refund",
                                                               "only_a",
                                                               "only_b",
                                                               "currency",
                                                               "missing",
                                                               "duplicate",
                                                               "factor_100",
                                                               "vat",
                                                               "commission",
                                                               "unexplained",
                                                               "within_tolerance",
                                                               "one_to_many",
                                                               "time_zone",
                                                               "date_shift",
                                                               "status_conflict",
                                                               "value"};
[[nodiscard]] constexpr std::string_view to_string(Reason reason) noexcept {
  return dealtrail::detail::enum_name(reason_names, reason);
}

/// One column: its name in the first and in the second table. Empty names: not given.
struct ColumnPair {
  std::string a{};
  std::string b{};
  [[nodiscard]] bool empty() const noexcept { return a.empty() && b.empty(); }
};

/// A VAT rate and the days on which it is in force, counted from 1970-01-01; `until` is the first day without it.
struct VatRate {
  std::int32_t basis_points = 0;
  std::int64_t from = std::numeric_limits<std::int64_t>::min();
  std::int64_t until = std::numeric_limits<std::int64_t>::max();
};

/// 10 %; 18 % until 2018, 20 % from 2019 to 2025, 22 % from 2026; 5 % and 7 % of the simplified system from 2025.
/// Source: Tax Code of the Russian Federation, article 164.
[[nodiscard]] std::vector<VatRate> vat_rates_of_russia();

struct ReconcileOptions {
  std::vector<ColumnPair> on{};  // the key: one column or several
  ColumnPair amount{};
  ColumnPair at{};
  ColumnPair status{};
  ColumnPair by{};
  PeriodKind every = PeriodKind::month;
  Decimal tolerance{};  // amounts are equal up to tolerance (major units) + relative * |b|
  Decimal relative{};
  std::array<std::string, 2> names{"a", "b"};
  std::vector<std::pair<std::string, std::string>> prefer{};  // column, name of the table that is right
  Zone zone{};                                                // of days and periods, and of times without a zone
  Currency currency{};           // of the sums; none: that of the amounts, and two currencies are refused
  ColumnPair currency_column{};  // codes beside the amounts
  std::vector<VatRate> vat_rates = vat_rates_of_russia();
  std::vector<std::int32_t> commission{};  // shares in basis points, beside those that three keys or more show
  std::vector<std::pair<std::string, std::string>> same_status{};  // a status, and the one that it equals
  std::vector<std::string> test_words{"test", "demo", "тест", "тестовый", "тестовая", "тестовое", "тестовые"};
  std::vector<std::string> refund_words{"refund", "refunded", "возврат", "возвращено", "возвращена", "возвращен"};
};

/// Two tables side by side. Keys are in the order of the first table, then of the second. Amounts are exact.
struct Reconciliation {
  Table matched{};       // a key of both: rows_a, rows_b, sums a and b, difference, reason, differences (columns)
  Table only_a{};        // rows whose key is in the first table alone or blank: row, at, by, status, amount, reason
  Table only_b{};        // as only_a
  Table duplicates_a{};  // rows whose key repeats in the first table
  Table duplicates_b{};  // as duplicates_a
  Table differences{};   // key, column, a, b, difference, reason
  Table lines{};         // key, by, period, a, b, difference, reason: they add up to the difference of the sums
  Table sums{};          // by, period, a, b, difference, explained (sum of the lines), unexplained
  Table corrections{};   // what `prefer` decides: key, column, system to correct, from, to
  Table reasons{};       // reason, keys, lines, difference
  Table problems{};      // what could not be read or matched
  std::string summary{};
};

/// Compares two tables by key. Sums per key are compared first, so one deal may be many payments; columns other than
/// the amount are compared where the key has one row on each side. Every difference of the sums by period and `by` is
/// listed in `lines`, to the minor unit. O(rows) with one hash index of keys.
/// @throws Error invalid_argument without a key or for a negative tolerance; missing_column; currency_mismatch for two
///   currencies without `currency`; unknown_name for a column or table of `prefer`; overflow beyond 2^61 minor units.
[[nodiscard]] Reconciliation reconcile(const TableInput& a, const TableInput& b, const ReconcileOptions& options);

}  // namespace dealtrail::reconcile

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/reconcile/detail/reconcile.ipp"         // IWYU pragma: keep
#include "dealtrail/reconcile/detail/reconcile_tables.ipp"  // IWYU pragma: keep
#endif
