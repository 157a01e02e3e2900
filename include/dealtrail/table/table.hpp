#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
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

namespace dealtrail {

template <class>
class BasicTableBuilder;
using TableBuilder = BasicTableBuilder<void>;

/// A result: named columns of equal length, and `meta`, the options it was computed with, in order.
/// Immutable; a copy shares the columns and costs one counter. Columns are text, integer (int64), real (float64),
/// boolean, time (microseconds UTC) and decimal (money and other exact numbers), each with nulls where there is no
/// value. Made by a TableBuilder; leaves as an Arrow stream without copying a buffer.
class Table {
 public:
  /// No columns, no rows.
  Table() : data_(std::make_shared<const detail::TableData>()) {}

  [[nodiscard]] std::int64_t rows() const noexcept { return data_->rows; }
  [[nodiscard]] const Schema& schema() const& noexcept { return data_->schema; }
  const Schema& schema() && = delete;
  [[nodiscard]] std::span<const ColumnInfo> columns() const& noexcept { return data_->schema.columns(); }
  std::span<const ColumnInfo> columns() && = delete;
  [[nodiscard]] std::span<const std::pair<std::string, std::string>> meta() const& noexcept { return data_->meta; }
  std::span<const std::pair<std::string, std::string>> meta() && = delete;
  /// The value of one key of `meta`, nullopt when it is not there.
  [[nodiscard]] std::optional<std::string_view> meta(std::string_view key) const& {
    for (const auto& [name, value] : data_->meta) {
      if (name == key) return value;
    }
    return std::nullopt;
  }
  std::optional<std::string_view> meta(std::string_view) && = delete;

  /// Any cell; text borrows from the table.
  /// @throws Error invalid_argument for a row or a column number that is not there, missing_column for such a name.
  template <class = void>
  [[nodiscard]] Datum at(std::int64_t row, std::size_t column) const& {
    return checked(row, column).cell(row);
  }
  template <class = void>
  [[nodiscard]] Datum at(std::int64_t row, std::string_view column) const& {
    return at(row, schema().index_of(column));
  }
  Datum at(std::int64_t, std::size_t) && = delete;
  Datum at(std::int64_t, std::string_view) && = delete;

  /// A cell by type, nullopt where there is no value. `Column` is a number or a name.
  /// @throws Error type_mismatch if the column is of another type, else as `at`.
  template <class Column>
  [[nodiscard]] std::optional<std::string_view> text_at(std::int64_t row, const Column& column) const& {
    const Datum cell = typed(row, column, ColumnType::text);
    return cell.is_null() ? std::nullopt : std::optional{cell.as_text()};
  }
  template <class Column>
  std::optional<std::string_view> text_at(std::int64_t, const Column&) && = delete;
  template <class Column>
  [[nodiscard]] std::optional<std::int64_t> integer_at(std::int64_t row, const Column& column) const {
    const Datum cell = typed(row, column, ColumnType::integer);
    return cell.is_null() ? std::nullopt : std::optional{cell.as_integer()};
  }
  template <class Column>
  [[nodiscard]] std::optional<double> real_at(std::int64_t row, const Column& column) const {
    const Datum cell = typed(row, column, ColumnType::real);
    return cell.is_null() ? std::nullopt : std::optional{cell.as_real()};
  }
  template <class Column>
  [[nodiscard]] std::optional<bool> boolean_at(std::int64_t row, const Column& column) const {
    const Datum cell = typed(row, column, ColumnType::boolean);
    return cell.is_null() ? std::nullopt : std::optional{cell.as_boolean()};
  }
  template <class Column>
  [[nodiscard]] std::optional<Timestamp> time_at(std::int64_t row, const Column& column) const {
    const Datum cell = typed(row, column, ColumnType::time);
    return cell.is_null() ? std::nullopt : std::optional{from_us(cell.as_time_us())};
  }
  template <class Column>
  [[nodiscard]] std::optional<Decimal> decimal_at(std::int64_t row, const Column& column) const {
    const Datum cell = typed(row, column, ColumnType::decimal);
    return cell.is_null() ? std::nullopt : std::optional{cell.as_decimal()};
  }
  /// A decimal cell as a whole number of its last digit: the minor units of money. @throws Error overflow beyond int64.
  template <class Column>
  [[nodiscard]] std::optional<std::int64_t> minor_at(std::int64_t row, const Column& column) const {
    const auto value = decimal_at(row, column);
    if (!value) return std::nullopt;
    if (value->mantissa < std::numeric_limits<std::int64_t>::min() ||
        value->mantissa > std::numeric_limits<std::int64_t>::max()) {
      throw Error(ErrorCode::overflow, "a decimal does not fit in int64", {schema().table(), {}, row});
    }
    return static_cast<std::int64_t>(value->mantissa);
  }
  /// A money cell with the currency that its column names. @throws Error type_mismatch if the column's unit is no
  /// currency.
  template <class Column>
  [[nodiscard]] std::optional<Money> money_at(std::int64_t row, const Column& column) const {
    const ColumnInfo& info = columns()[index_of(column)];
    const auto currency = Currency::find(info.unit);
    if (!currency) {
      throw Error(ErrorCode::type_mismatch, "a column is not money: its unit is \"" + info.unit + "\"",
                  {schema().table(), info.name, -1});
    }
    const auto minor = minor_at(row, column);
    return minor ? std::optional{Money{*minor, *currency}} : std::nullopt;
  }

  /// The row whose text in `column` is `key`, nullopt when there is none. O(rows).
  /// @throws Error missing_column, type_mismatch.
  template <class = void>
  [[nodiscard]] std::optional<std::int64_t> find_row(std::string_view column, std::string_view key) const {
    const std::size_t index = schema().index_of(column);
    for (std::int64_t row = 0; row < rows(); ++row) {
      if (text_at(row, index) == key) return row;
    }
    return std::nullopt;
  }

  /// The table as an Arrow stream of one batch, written to `out` (what it held before is overwritten, not released).
  /// Buffers are shared, not copied: the table lives on until the last exported struct is released. May be called any
  /// number of times and from several threads. Text leaves as `U`, money as decimal128(38, scale), time as
  /// timestamp[us, UTC]; the schema's metadata carries `meta` as JSON text under "dealtrail", each column's unit under
  /// "unit".
  template <class = void>
  void to_stream(ArrowArrayStream* out) const {
    detail::export_stream(data_, out);
  }
  template <class = void>
  [[nodiscard]] OwnedStream to_stream() const {
    OwnedStream stream;
    to_stream(stream.address());
    return stream;
  }

  /// Same columns, units, cells and meta, in the same order. NaN equals itself.
  template <std::same_as<Table> Other>
  friend bool operator==(const Table& lhs, const Other& rhs) {
    return lhs.data_ == rhs.data_ || (lhs.data_->rows == rhs.data_->rows && lhs.data_->meta == rhs.data_->meta &&
                                      lhs.data_->columns == rhs.data_->columns);
  }

 private:
  template <class>
  friend class BasicTableBuilder;
  explicit Table(std::shared_ptr<const detail::TableData> data) noexcept : data_(std::move(data)) {}

  [[nodiscard]] std::size_t index_of(std::size_t column) const {
    if (column < data_->columns.size()) return column;
    throw Error(ErrorCode::invalid_argument,
                "a column is out of range: " + std::to_string(column) + " of " + std::to_string(data_->columns.size()),
                {schema().table(), {}, -1});
  }
  [[nodiscard]] std::size_t index_of(std::string_view column) const { return schema().index_of(column); }
  // A column by a number of any type, or by name.
  template <class Column>
  [[nodiscard]] std::size_t place_of(const Column& column) const {
    if constexpr (std::is_integral_v<Column>) {
      return index_of(static_cast<std::size_t>(column));
    } else {
      return index_of(column);
    }
  }

  template <class = void>
  [[nodiscard]] const detail::TableColumn& checked(std::int64_t row, std::size_t column) const {
    const detail::TableColumn& found = data_->columns[index_of(column)];
    if (row < 0 || row >= found.rows) {
      throw Error(ErrorCode::invalid_argument,
                  "a row is out of range: " + std::to_string(row) + " of " + std::to_string(found.rows),
                  {schema().table(), found.info.name, -1});
    }
    return found;
  }

  template <class Column>
  [[nodiscard]] Datum typed(std::int64_t row, const Column& column, ColumnType wanted) const {
    const detail::TableColumn& found = checked(row, place_of(column));
    if (found.info.type != wanted) {
      throw Error(ErrorCode::type_mismatch,
                  "a column is " + std::string(to_string(found.info.type)) + ", not " + std::string(to_string(wanted)),
                  {schema().table(), found.info.name, -1});
    }
    return found.cell(row);
  }

  std::shared_ptr<const detail::TableData> data_;
};

/// One column on its way into a Table; `append_*` adds a cell, nullopt a null. Got from a TableBuilder, valid while it
/// lives. Appending another type than the column's throws Error type_mismatch.
template <class = void>
class BasicColumnBuilder {
 public:
  BasicColumnBuilder(const BasicColumnBuilder&) = delete;
  BasicColumnBuilder& operator=(const BasicColumnBuilder&) = delete;

  [[nodiscard]] std::int64_t rows() const noexcept { return column_.rows; }

  void append_null() {
    switch (column_.info.type) {
      case ColumnType::text: texts().offsets.push_back(texts().offsets.back()); break;
      case ColumnType::real: slots<double>().push_back(0); break;
      case ColumnType::boolean: bits().append(false); break;
      case ColumnType::decimal: slots<Int128>().push_back(0); break;
      default: slots<std::int64_t>().push_back(0); break;
    }
    if (column_.null_count == 0) column_.validity.append(column_.rows, true);
    column_.validity.append(false);
    ++column_.null_count;
    ++column_.rows;
  }
  void append_text(std::optional<std::string_view> value) {
    expect(ColumnType::text);
    if (!value) return append_null();
    texts().bytes += *value;
    texts().offsets.push_back(static_cast<std::int64_t>(texts().bytes.size()));
    count();
  }
  void append_integer(std::optional<std::int64_t> value) { append_slot(ColumnType::integer, value); }
  void append_real(std::optional<double> value) { append_slot(ColumnType::real, value); }
  void append_boolean(std::optional<bool> value) {
    expect(ColumnType::boolean);
    if (!value) return append_null();
    bits().append(*value);
    count();
  }
  void append_time(std::optional<Timestamp> value) {
    append_slot(ColumnType::time, value ? std::optional{to_us(*value)} : std::nullopt);
  }
  /// Money as its minor units: the column's scale says where the point is.
  void append_minor(std::optional<std::int64_t> minor) {
    append_slot(ColumnType::decimal, minor ? std::optional<Int128>{*minor} : std::nullopt);
  }
  /// Any exact number. @throws Error invalid_argument if it has more digits after the point than the column, overflow
  /// beyond
  ///   38 digits.
  void append_decimal(std::optional<Decimal> value) {
    expect(ColumnType::decimal);
    append_slot(ColumnType::decimal, value ? std::optional{rescaled(*value)} : std::nullopt);
  }
  /// Any cell of a fitting kind; a whole number fits real and decimal columns too.
  void append(const Datum& cell) {
    switch (cell.kind()) {
      case DatumKind::null: return append_null();
      case DatumKind::text: return append_text(cell.as_text());
      case DatumKind::real: return append_real(cell.as_real());
      case DatumKind::boolean: return append_boolean(cell.as_boolean());
      case DatumKind::time: return append_time(from_us(cell.as_time_us()));
      case DatumKind::decimal: return append_decimal(cell.as_decimal());
      case DatumKind::local_time: expect(ColumnType::local_time); return;
      case DatumKind::integer: break;
    }
    if (column_.info.type == ColumnType::decimal) return append_decimal(Decimal{cell.as_integer(), 0});
    if (column_.info.type == ColumnType::real) return append_real(static_cast<double>(cell.as_integer()));
    append_integer(cell.as_integer());
  }

 private:
  template <class>
  friend class BasicTableBuilder;
  explicit BasicColumnBuilder(ColumnInfo info) {
    switch (info.type) {
      case ColumnType::text: column_.values = detail::Texts{}; break;
      case ColumnType::real: column_.values = std::vector<double>{}; break;
      case ColumnType::boolean: column_.values = detail::Bitmap{}; break;
      case ColumnType::decimal: column_.values = std::vector<Int128>{}; break;
      default: column_.values = std::vector<std::int64_t>{}; break;
    }
    column_.info = std::move(info);
  }

  template <class Slot>
  std::vector<Slot>& slots() noexcept {
    return *std::get_if<std::vector<Slot>>(&column_.values);
  }
  detail::Texts& texts() noexcept { return *std::get_if<detail::Texts>(&column_.values); }
  detail::Bitmap& bits() noexcept { return *std::get_if<detail::Bitmap>(&column_.values); }

  template <class Slot>
  void append_slot(ColumnType type, std::optional<Slot> value) {
    expect(type);
    if (!value) return append_null();
    slots<Slot>().push_back(*value);
    count();
  }
  void count() {
    if (column_.null_count != 0) column_.validity.append(true);
    ++column_.rows;
  }
  void expect(ColumnType type) const {
    if (column_.info.type == type) return;
    throw Error(ErrorCode::type_mismatch,
                "a column is " + std::string(to_string(column_.info.type)) + ", not " + std::string(to_string(type)),
                {{}, column_.info.name, column_.rows});
  }
  [[nodiscard]] Int128 rescaled(Decimal value) const {
    constexpr Int128 billion = 1'000'000'000;
    constexpr Int128 limit = billion * billion * billion * billion * 100;  // 10^38
    for (; value.scale > column_.info.scale; --value.scale) {
      if (value.mantissa % 10 != 0) {
        throw Error(ErrorCode::invalid_argument, "a number has more digits than its column: " + to_text(value),
                    {{}, column_.info.name, column_.rows}, "round it first, or give the column a greater scale");
      }
      value.mantissa /= 10;
    }
    for (; value.scale < column_.info.scale && value.mantissa != 0; ++value.scale) {
      if (value.mantissa >= limit / 10 || value.mantissa <= -limit / 10) fail_overflow();
      value.mantissa *= 10;
    }
    if (value.mantissa >= limit || value.mantissa <= -limit) fail_overflow();
    return value.mantissa;
  }
  [[noreturn]] void fail_overflow() const {
    throw Error(ErrorCode::overflow, "a number has more than 38 digits", {{}, column_.info.name, column_.rows});
  }

  detail::TableColumn column_;
};
using ColumnBuilder = BasicColumnBuilder<>;

/// Builds a Table: name the columns in order, fill them, finish.
/// ```
/// TableBuilder builder;
/// ColumnBuilder& key = builder.text("key");
/// ColumnBuilder& cost = builder.money("cost", RUB);
/// key.append_text("telegram"); cost.append_minor(120'450);
/// Table table = builder.finish();
/// ```
template <class = void>
class BasicTableBuilder {
 public:
  /// `table` names the result in messages; may be empty.
  explicit BasicTableBuilder(std::string table = {}) : table_(std::move(table)) {}

  ColumnBuilder& text(std::string name) { return add({.name = std::move(name), .type = ColumnType::text}); }
  ColumnBuilder& integer(std::string name, std::string unit = {}) {
    return add({.name = std::move(name), .type = ColumnType::integer, .unit = std::move(unit)});
  }
  ColumnBuilder& real(std::string name, std::string unit = {}) {
    return add({.name = std::move(name), .type = ColumnType::real, .unit = std::move(unit)});
  }
  ColumnBuilder& boolean(std::string name) { return add({.name = std::move(name), .type = ColumnType::boolean}); }
  ColumnBuilder& time(std::string name) {
    return add({.name = std::move(name), .type = ColumnType::time, .zone = "UTC"});
  }
  /// Exact numbers with `scale` digits after the point, 0 to 38. @throws Error invalid_argument for another scale.
  ColumnBuilder& decimal(std::string name, std::int32_t scale, std::string unit = {}) {
    constexpr std::int32_t most_digits = 38;
    if (scale < 0 || scale > most_digits) {
      throw Error(ErrorCode::invalid_argument, "a scale is out of range: " + std::to_string(scale), {table_, name, -1},
                  "0 to 38 digits");
    }
    return add({.name = std::move(name), .type = ColumnType::decimal, .scale = scale, .unit = std::move(unit)});
  }
  /// Money in minor units of `currency`, whose code becomes the column's unit.
  ColumnBuilder& money(std::string name, const Currency& currency) {
    return decimal(std::move(name), decimals(currency), std::string(currency.code()));
  }

  /// Whole columns without nulls; the vector is moved in, not copied.
  void integers(std::string name, std::vector<std::int64_t> values, std::string unit = {}) {
    fill(integer(std::move(name), std::move(unit)), std::move(values));
  }
  void reals(std::string name, std::vector<double> values, std::string unit = {}) {
    fill(real(std::move(name), std::move(unit)), std::move(values));
  }

  /// Adds a key to `meta`, or replaces its value.
  void meta(std::string key, std::string value) {
    for (auto& [name, kept] : meta_) {
      if (name == key) {
        kept = std::move(value);
        return;
      }
    }
    meta_.emplace_back(std::move(key), std::move(value));
  }

  /// The table; the builder is empty afterwards and its column builders are gone.
  /// @throws Error invalid_argument if the columns are of different lengths (nothing is lost then).
  [[nodiscard]] Table finish() {
    auto data = std::make_shared<detail::TableData>();
    if (!columns_.empty()) data->rows = columns_.front()->rows();
    for (const auto& column : columns_) {
      if (column->rows() != data->rows) {
        throw Error(ErrorCode::invalid_argument,
                    "columns are of different lengths: " + std::to_string(data->rows) + " and " +
                        std::to_string(column->rows()),
                    {table_, column->column_.info.name, -1});
      }
    }
    std::vector<ColumnInfo> infos;
    for (const auto& column : columns_) {
      infos.push_back(column->column_.info);
      data->columns.push_back(std::move(column->column_));
    }
    columns_.clear();
    data->schema = Schema{std::move(infos), std::exchange(table_, {})};
    data->meta = std::exchange(meta_, {});
    return Table{std::move(data)};
  }

 private:
  ColumnBuilder& add(ColumnInfo info) {
    columns_.push_back(std::unique_ptr<ColumnBuilder>(new ColumnBuilder(std::move(info))));
    return *columns_.back();
  }
  template <class Value>
  static void fill(ColumnBuilder& column, std::vector<Value> values) {
    column.column_.rows = static_cast<std::int64_t>(values.size());
    column.column_.values = std::move(values);
  }

  std::string table_;
  std::vector<std::unique_ptr<ColumnBuilder>> columns_;
  std::vector<std::pair<std::string, std::string>> meta_;
};
using TableBuilder = BasicTableBuilder<>;

}  // namespace dealtrail
