#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "dealtrail/facts/amount_cells.hpp"
#include "dealtrail/table/column.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/table/detail/subject_rows.hpp"
#include "dealtrail/table/row_problems.hpp"

// A column of amounts, read in blocks.
namespace dealtrail::cohort::detail {

using dealtrail::detail::CellAmount;
using dealtrail::detail::SubjectBlock;

/// Checks the columns of amounts and finds the currency of both: the one that is given, else none with as many places
/// as both need.
class AmountColumns {
 public:
  AmountColumns(const TableInput& table, const std::string& value, const std::string& margin, Currency currency,
                std::optional<int> places)
      : currency_(currency) {
    for (const auto& [name, column] : {std::pair{&value, &value_}, std::pair{&margin, &margin_}}) {
      if (name->empty()) continue;
      column->emplace(dealtrail::detail::SubjectInput::reader(
          table, *name, {ColumnType::decimal, ColumnType::integer, ColumnType::real, ColumnType::text}));
      const Currency needed = dealtrail::detail::currency_of_values(currency, places, **column, *name);
      if (currency.empty() && decimals(needed) > decimals(currency_)) currency_ = needed;
      if (places) currency_ = needed;
    }
  }
  [[nodiscard]] const std::optional<ColumnReader>& value() const noexcept { return value_; }
  [[nodiscard]] const std::optional<ColumnReader>& margin() const noexcept { return margin_; }
  [[nodiscard]] Currency currency() const noexcept { return currency_; }

 private:
  Currency currency_;
  std::optional<ColumnReader> value_{};
  std::optional<ColumnReader> margin_{};
};

/// The amounts of rows that are kept, in minor units. One that cannot be read counts as none, with a problem; one that
/// is finer than a minor unit is rounded half to even, with a problem.
inline void read_amounts(const ColumnReader& column, Currency currency, const SubjectBlock& block,
                         std::span<const std::uint8_t> keep, std::span<std::int64_t> out, RowProblems& problems) {
  const bool real = column.info().type == ColumnType::real;
  std::array<double, dealtrail::detail::subject_block_rows> reals;
  std::array<std::uint8_t, dealtrail::detail::subject_block_rows> known;
  if (real)
    column.read_reals(block.piece, block.first, std::span{reals}.first(block.count),
                      std::span{known}.first(block.count));
  for (std::size_t i = 0; i < block.count; ++i) {
    out[i] = 0;
    if (keep[i] == 0 || (real && (known[i] == 0 || std::isnan(reals[i])))) continue;
    const std::int64_t row = block.row + static_cast<std::int64_t>(i);
    const Datum cell = real ? Datum::real(reals[i]) : column.read(row);
    if (cell.is_null() || (cell.kind() == DatumKind::text && cell.as_text().empty())) continue;
    const CellAmount read = dealtrail::detail::cell_amount(cell, currency);
    if (read.state == CellAmount::exact || read.state == CellAmount::rounded) out[i] = read.units;
    if (read.state == CellAmount::exact) continue;
    const auto& words = dealtrail::detail::words_of(read.state);
    problems.note({words.code,
                   read.state == CellAmount::rounded ? "info" : "warning",
                   column.info().name,
                   0,
                   {},
                   words.message,
                   words.hint},
                  row, to_text(cell));
  }
}

}  // namespace dealtrail::cohort::detail
