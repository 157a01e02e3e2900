#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/table/arrow.hpp"
#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/detail/export.hpp"
#include "dealtrail/table/detail/table_columns.hpp"
#include "dealtrail/table/schema.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

namespace detail {

// A column that is being filled, and its face.
struct DraftColumn {
  explicit DraftColumn(ColumnInfo info) {
    if (info.type == ColumnType::text) column.offsets.push_back(0);
    column.info = std::move(info);
  }
  DraftColumn(const DraftColumn&) = delete;
  DraftColumn& operator=(const DraftColumn&) = delete;

  TableColumn column{};
  ColumnBuilder builder{column};
};

struct TableDraft {
  std::string table{};
  std::vector<std::unique_ptr<DraftColumn>> columns{};
  std::vector<std::pair<std::string, std::string>> meta{};
};

inline void expect_type(const TableColumn& column, ColumnType type) {
  if (column.info.type == type) return;
  throw Error(ErrorCode::type_mismatch,
              "a column is " + std::string(to_string(column.info.type)) + ", not " + std::string(to_string(type)),
              {{}, column.info.name, column.rows});
}

inline void count_value(TableColumn& column) {
  if (column.null_count != 0) column.validity.append(true);
  ++column.rows;
}

[[noreturn]] inline void fail_digits(const TableColumn& column) {
  throw Error(ErrorCode::overflow, "a number has more than 38 digits", {{}, column.info.name, column.rows});
}

// The mantissa at the column's scale.
[[nodiscard]] inline Int128 rescaled(Decimal value, const TableColumn& column) {
  constexpr Int128 billion = 1'000'000'000;
  constexpr Int128 limit = billion * billion * billion * billion * 100;  // 10^38
  for (; value.scale > column.info.scale; --value.scale) {
    if (value.mantissa % 10 != 0) {
      throw Error(ErrorCode::invalid_argument, "a number has more digits than its column: " + to_text(value),
                  {{}, column.info.name, column.rows}, "round it first, or give the column a greater scale");
    }
    value.mantissa /= 10;
  }
  for (; value.scale < column.info.scale && value.mantissa != 0; ++value.scale) {
    if (value.mantissa >= limit / 10 || value.mantissa <= -limit / 10) fail_digits(column);
    value.mantissa *= 10;
  }
  if (value.mantissa >= limit || value.mantissa <= -limit) fail_digits(column);
  return value.mantissa;
}

}  // namespace detail

DEALTRAIL_INLINE Table::Table() : data_(std::make_shared<const detail::TableData>()) {}

DEALTRAIL_INLINE std::int64_t Table::rows() const noexcept { return data_->rows; }
DEALTRAIL_INLINE const Schema& Table::schema() const& noexcept { return data_->schema; }
DEALTRAIL_INLINE std::span<const ColumnInfo> Table::columns() const& noexcept { return data_->schema.columns(); }
DEALTRAIL_INLINE std::span<const std::pair<std::string, std::string>> Table::meta() const& noexcept {
  return data_->meta;
}
DEALTRAIL_INLINE std::optional<std::string_view> Table::meta(std::string_view key) const& {
  for (const auto& [name, value] : data_->meta) {
    if (name == key) return value;
  }
  return std::nullopt;
}

DEALTRAIL_INLINE Datum Table::at(std::int64_t row, std::size_t column) const& { return checked(row, column).cell(row); }
DEALTRAIL_INLINE Datum Table::at(std::int64_t row, std::string_view column) const& {
  return at(row, schema().index_of(column));
}

DEALTRAIL_INLINE std::optional<std::string_view> Table::text_cell(std::int64_t row, std::size_t column) const {
  const Datum cell = typed(row, column, ColumnType::text);
  return cell.is_null() ? std::nullopt : std::optional{cell.as_text()};
}
DEALTRAIL_INLINE std::optional<std::int64_t> Table::integer_cell(std::int64_t row, std::size_t column) const {
  const Datum cell = typed(row, column, ColumnType::integer);
  return cell.is_null() ? std::nullopt : std::optional{cell.as_integer()};
}
DEALTRAIL_INLINE std::optional<double> Table::real_cell(std::int64_t row, std::size_t column) const {
  const Datum cell = typed(row, column, ColumnType::real);
  return cell.is_null() ? std::nullopt : std::optional{cell.as_real()};
}
DEALTRAIL_INLINE std::optional<bool> Table::boolean_cell(std::int64_t row, std::size_t column) const {
  const Datum cell = typed(row, column, ColumnType::boolean);
  return cell.is_null() ? std::nullopt : std::optional{cell.as_boolean()};
}
DEALTRAIL_INLINE std::optional<Timestamp> Table::time_cell(std::int64_t row, std::size_t column) const {
  const Datum cell = typed(row, column, ColumnType::time);
  return cell.is_null() ? std::nullopt : std::optional{from_us(cell.as_time_us())};
}
DEALTRAIL_INLINE std::optional<Decimal> Table::decimal_cell(std::int64_t row, std::size_t column) const {
  const Datum cell = typed(row, column, ColumnType::decimal);
  return cell.is_null() ? std::nullopt : std::optional{cell.as_decimal()};
}
DEALTRAIL_INLINE std::optional<std::int64_t> Table::minor_cell(std::int64_t row, std::size_t column) const {
  const auto value = decimal_cell(row, column);
  if (!value) return std::nullopt;
  if (value->mantissa < std::numeric_limits<std::int64_t>::min() ||
      value->mantissa > std::numeric_limits<std::int64_t>::max()) {
    throw Error(ErrorCode::overflow, "a decimal does not fit in int64", {schema().table(), {}, row});
  }
  return static_cast<std::int64_t>(value->mantissa);
}
DEALTRAIL_INLINE std::optional<Money> Table::money_cell(std::int64_t row, std::size_t column) const {
  const ColumnInfo& info = column_at(column).info;
  const auto currency = Currency::find(info.unit);
  if (!currency) {
    throw Error(ErrorCode::type_mismatch, "a column is not money: its unit is \"" + info.unit + "\"",
                {schema().table(), info.name, -1});
  }
  const auto minor = minor_cell(row, column);
  return minor ? std::optional{Money{*minor, *currency}} : std::nullopt;
}

DEALTRAIL_INLINE std::optional<std::int64_t> Table::find_row(std::string_view column, std::string_view key) const {
  const std::size_t index = schema().index_of(column);
  for (std::int64_t row = 0; row < rows(); ++row) {
    const Datum cell = typed(row, index, ColumnType::text);
    if (!cell.is_null() && cell.as_text() == key) return row;
  }
  return std::nullopt;
}

DEALTRAIL_INLINE void Table::to_stream(ArrowArrayStream* out) const { detail::export_stream(data_, out); }
DEALTRAIL_INLINE OwnedStream Table::to_stream() const {
  OwnedStream stream;
  to_stream(stream.address());
  return stream;
}

DEALTRAIL_INLINE bool Table::same_as(const Table& other) const {
  return data_ == other.data_ || (data_->rows == other.data_->rows && data_->meta == other.data_->meta &&
                                  data_->columns == other.data_->columns);
}

DEALTRAIL_INLINE const detail::TableColumn& Table::column_at(std::size_t column) const {
  if (column < data_->columns.size()) return data_->columns[column];
  throw Error(ErrorCode::invalid_argument,
              "a column is out of range: " + std::to_string(column) + " of " + std::to_string(data_->columns.size()),
              {schema().table(), {}, -1});
}
DEALTRAIL_INLINE const detail::TableColumn& Table::checked(std::int64_t row, std::size_t column) const {
  const detail::TableColumn& found = column_at(column);
  if (row < 0 || row >= found.rows) {
    throw Error(ErrorCode::invalid_argument,
                "a row is out of range: " + std::to_string(row) + " of " + std::to_string(found.rows),
                {schema().table(), found.info.name, -1});
  }
  return found;
}
DEALTRAIL_INLINE Datum Table::typed(std::int64_t row, std::size_t column, ColumnType wanted) const {
  const detail::TableColumn& found = checked(row, column);
  if (found.info.type != wanted) {
    throw Error(ErrorCode::type_mismatch,
                "a column is " + std::string(to_string(found.info.type)) + ", not " + std::string(to_string(wanted)),
                {schema().table(), found.info.name, -1});
  }
  return found.cell(row);
}

DEALTRAIL_INLINE std::int64_t ColumnBuilder::rows() const noexcept { return column_->rows; }

DEALTRAIL_INLINE void ColumnBuilder::append_null() {
  detail::TableColumn& column = *column_;
  switch (column.info.type) {
    case ColumnType::text: column.offsets.push_back(column.offsets.back()); break;
    case ColumnType::real: column.reals.push_back(0); break;
    case ColumnType::boolean: column.bits.append(false); break;
    case ColumnType::decimal: column.decimals.push_back(0); break;
    default: column.integers.push_back(0); break;
  }
  if (column.null_count == 0) column.validity.append(column.rows, true);
  column.validity.append(false);
  ++column.null_count;
  ++column.rows;
}
DEALTRAIL_INLINE void ColumnBuilder::append_text(std::optional<std::string_view> value) {
  detail::expect_type(*column_, ColumnType::text);
  if (!value) return append_null();
  column_->bytes += *value;
  column_->offsets.push_back(static_cast<std::int64_t>(column_->bytes.size()));
  detail::count_value(*column_);
}
DEALTRAIL_INLINE void ColumnBuilder::append_integer(std::optional<std::int64_t> value) {
  detail::expect_type(*column_, ColumnType::integer);
  if (!value) return append_null();
  column_->integers.push_back(*value);
  detail::count_value(*column_);
}
DEALTRAIL_INLINE void ColumnBuilder::append_real(std::optional<double> value) {
  detail::expect_type(*column_, ColumnType::real);
  if (!value) return append_null();
  column_->reals.push_back(*value);
  detail::count_value(*column_);
}
DEALTRAIL_INLINE void ColumnBuilder::append_boolean(std::optional<bool> value) {
  detail::expect_type(*column_, ColumnType::boolean);
  if (!value) return append_null();
  column_->bits.append(*value);
  detail::count_value(*column_);
}
DEALTRAIL_INLINE void ColumnBuilder::append_time(std::optional<Timestamp> value) {
  detail::expect_type(*column_, ColumnType::time);
  if (!value) return append_null();
  column_->integers.push_back(to_us(*value));
  detail::count_value(*column_);
}
DEALTRAIL_INLINE void ColumnBuilder::append_minor(std::optional<std::int64_t> minor) {
  detail::expect_type(*column_, ColumnType::decimal);
  if (!minor) return append_null();
  column_->decimals.push_back(*minor);
  detail::count_value(*column_);
}
DEALTRAIL_INLINE void ColumnBuilder::append_decimal(std::optional<Decimal> value) {
  detail::expect_type(*column_, ColumnType::decimal);
  if (!value) return append_null();
  column_->decimals.push_back(detail::rescaled(*value, *column_));
  detail::count_value(*column_);
}
DEALTRAIL_INLINE void ColumnBuilder::append(const Datum& cell) {
  switch (cell.kind()) {
    case DatumKind::null: return append_null();
    case DatumKind::text: return append_text(cell.as_text());
    case DatumKind::real: return append_real(cell.as_real());
    case DatumKind::boolean: return append_boolean(cell.as_boolean());
    case DatumKind::time:
      append_time(from_us(cell.as_time_us()));
      if (!cell.is_day()) return;
      column_->day_offsets.resize(static_cast<std::size_t>(column_->rows), detail::TableColumn::no_day);
      column_->day_offsets.back() = cell.day_offset_s();
      return;
    case DatumKind::decimal: return append_decimal(cell.as_decimal());
    case DatumKind::local_time: return detail::expect_type(*column_, ColumnType::local_time);
    case DatumKind::integer: break;
  }
  if (column_->info.type == ColumnType::decimal) return append_decimal(Decimal{cell.as_integer(), 0});
  if (column_->info.type == ColumnType::real) return append_real(static_cast<double>(cell.as_integer()));
  append_integer(cell.as_integer());
}

DEALTRAIL_INLINE TableBuilder::TableBuilder(std::string table) { draft().table = std::move(table); }

DEALTRAIL_INLINE ColumnBuilder& TableBuilder::text(std::string name) {
  return add({.name = std::move(name), .type = ColumnType::text});
}
DEALTRAIL_INLINE ColumnBuilder& TableBuilder::integer(std::string name, std::string unit) {
  return add({.name = std::move(name), .type = ColumnType::integer, .unit = std::move(unit)});
}
DEALTRAIL_INLINE ColumnBuilder& TableBuilder::real(std::string name, std::string unit) {
  return add({.name = std::move(name), .type = ColumnType::real, .unit = std::move(unit)});
}
DEALTRAIL_INLINE ColumnBuilder& TableBuilder::boolean(std::string name) {
  return add({.name = std::move(name), .type = ColumnType::boolean});
}
DEALTRAIL_INLINE ColumnBuilder& TableBuilder::time(std::string name) {
  return add({.name = std::move(name), .type = ColumnType::time, .zone = "UTC"});
}
DEALTRAIL_INLINE ColumnBuilder& TableBuilder::decimal(std::string name, std::int32_t scale, std::string unit) {
  constexpr std::int32_t most_digits = 38;
  if (scale < 0 || scale > most_digits) {
    throw Error(ErrorCode::invalid_argument, "a scale is out of range: " + std::to_string(scale),
                {draft().table, name, -1}, "0 to 38 digits");
  }
  return add({.name = std::move(name), .type = ColumnType::decimal, .scale = scale, .unit = std::move(unit)});
}
DEALTRAIL_INLINE ColumnBuilder& TableBuilder::money(std::string name, const Currency& currency) {
  return decimal(std::move(name), decimals(currency), std::string(currency.code()));
}

DEALTRAIL_INLINE void TableBuilder::integers(std::string name, std::vector<std::int64_t> values, std::string unit) {
  static_cast<void>(integer(std::move(name), std::move(unit)));
  detail::TableColumn& column = draft().columns.back()->column;
  column.rows = static_cast<std::int64_t>(values.size());
  column.integers = std::move(values);
}
DEALTRAIL_INLINE void TableBuilder::reals(std::string name, std::vector<double> values, std::string unit) {
  static_cast<void>(real(std::move(name), std::move(unit)));
  detail::TableColumn& column = draft().columns.back()->column;
  column.rows = static_cast<std::int64_t>(values.size());
  column.reals = std::move(values);
}

DEALTRAIL_INLINE void TableBuilder::meta(std::string key, std::string value) {
  for (auto& [name, kept] : draft().meta) {
    if (name == key) {
      kept = std::move(value);
      return;
    }
  }
  draft().meta.emplace_back(std::move(key), std::move(value));
}

DEALTRAIL_INLINE Table TableBuilder::finish() {
  detail::TableDraft& made = draft();
  auto data = std::make_shared<detail::TableData>();
  if (!made.columns.empty()) data->rows = made.columns.front()->column.rows;
  for (const auto& draft : made.columns) {
    const detail::TableColumn& column = draft->column;
    if (column.rows != data->rows) {
      throw Error(
          ErrorCode::invalid_argument,
          "columns are of different lengths: " + std::to_string(data->rows) + " and " + std::to_string(column.rows),
          {made.table, column.info.name, -1});
    }
  }
  std::vector<ColumnInfo> infos;
  for (const auto& draft : made.columns) {
    infos.push_back(draft->column.info);
    data->columns.push_back(std::move(draft->column));
  }
  data->schema = Schema{std::move(infos), std::move(made.table)};
  data->meta = std::move(made.meta);
  made = {};
  return Table{std::move(data)};
}

// A builder that was moved away is an empty one.
DEALTRAIL_INLINE detail::TableDraft& TableBuilder::draft() {
  if (draft_ == nullptr) draft_ = std::make_shared<detail::TableDraft>();
  return *draft_;
}
DEALTRAIL_INLINE ColumnBuilder& TableBuilder::add(ColumnInfo info) {
  draft().columns.push_back(std::make_unique<detail::DraftColumn>(std::move(info)));
  return draft().columns.back()->builder;
}

}  // namespace dealtrail
