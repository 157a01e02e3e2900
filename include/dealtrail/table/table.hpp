#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/table/arrow.hpp"
#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/schema.hpp"

namespace dealtrail {

class TableBuilder;

namespace detail {

struct TableColumn;  // detail/table_columns.hpp
struct TableData;
struct TableDraft;  // detail/table.ipp
struct DraftColumn;

}  // namespace detail

/// A result: named columns of equal length, and `meta`, the options it was computed with, in order.
/// Immutable; a copy shares the columns and costs one counter. Columns are text, integer (int64), real (float64),
/// boolean, time (microseconds UTC) and decimal (money and other exact numbers), each with nulls where there is no
/// value. Made by a TableBuilder; leaves as an Arrow stream without copying a buffer.
class Table {
 public:
  /// No columns, no rows.
  Table();

  [[nodiscard]] std::int64_t rows() const noexcept;
  [[nodiscard]] const Schema& schema() const& noexcept;
  const Schema& schema() && = delete;
  [[nodiscard]] std::span<const ColumnInfo> columns() const& noexcept;
  std::span<const ColumnInfo> columns() && = delete;
  [[nodiscard]] std::span<const std::pair<std::string, std::string>> meta() const& noexcept;
  std::span<const std::pair<std::string, std::string>> meta() && = delete;
  /// The value of one key of `meta`, nullopt when it is not there.
  [[nodiscard]] std::optional<std::string_view> meta(std::string_view key) const&;
  std::optional<std::string_view> meta(std::string_view) && = delete;

  /// Any cell; text borrows from the table.
  /// @throws Error invalid_argument for a row or a column number that is not there, missing_column for such a name.
  [[nodiscard]] Datum at(std::int64_t row, std::size_t column) const&;
  [[nodiscard]] Datum at(std::int64_t row, std::string_view column) const&;
  Datum at(std::int64_t, std::size_t) && = delete;
  Datum at(std::int64_t, std::string_view) && = delete;

  /// A cell by type, nullopt where there is no value. `Column` is a number or a name.
  /// @throws Error type_mismatch if the column is of another type, else as `at`.
  template <class Column>
  [[nodiscard]] std::optional<std::string_view> text_at(std::int64_t row, const Column& column) const& {
    return text_cell(row, place_of(column));
  }
  template <class Column>
  std::optional<std::string_view> text_at(std::int64_t, const Column&) && = delete;
  template <class Column>
  [[nodiscard]] std::optional<std::int64_t> integer_at(std::int64_t row, const Column& column) const {
    return integer_cell(row, place_of(column));
  }
  template <class Column>
  [[nodiscard]] std::optional<double> real_at(std::int64_t row, const Column& column) const {
    return real_cell(row, place_of(column));
  }
  template <class Column>
  [[nodiscard]] std::optional<bool> boolean_at(std::int64_t row, const Column& column) const {
    return boolean_cell(row, place_of(column));
  }
  template <class Column>
  [[nodiscard]] std::optional<Timestamp> time_at(std::int64_t row, const Column& column) const {
    return time_cell(row, place_of(column));
  }
  template <class Column>
  [[nodiscard]] std::optional<Decimal> decimal_at(std::int64_t row, const Column& column) const {
    return decimal_cell(row, place_of(column));
  }
  /// A decimal cell as a whole number of its last digit: the minor units of money. @throws Error overflow beyond int64.
  template <class Column>
  [[nodiscard]] std::optional<std::int64_t> minor_at(std::int64_t row, const Column& column) const {
    return minor_cell(row, place_of(column));
  }
  /// A money cell with the currency that its column names. @throws Error type_mismatch if the column's unit is no
  /// currency.
  template <class Column>
  [[nodiscard]] std::optional<Money> money_at(std::int64_t row, const Column& column) const {
    return money_cell(row, place_of(column));
  }

  /// The row whose text in `column` is `key`, nullopt when there is none. O(rows).
  /// @throws Error missing_column, type_mismatch.
  [[nodiscard]] std::optional<std::int64_t> find_row(std::string_view column, std::string_view key) const;

  /// The table as an Arrow stream of one batch, written to `out` (what it held before is overwritten, not released).
  /// Buffers are shared, not copied: the table lives on until the last exported struct is released. May be called any
  /// number of times and from several threads. Text leaves as `U`, money as decimal128(38, scale), time as
  /// timestamp[us, UTC]; the schema's metadata carries `meta` as JSON text under "dealtrail", each column's unit under
  /// "unit".
  void to_stream(ArrowArrayStream* out) const;
  [[nodiscard]] OwnedStream to_stream() const;

  /// Same columns, units, cells and meta, in the same order. NaN equals itself.
  template <std::same_as<Table> Other>
  friend bool operator==(const Table& lhs, const Other& rhs) {
    return lhs.same_as(rhs);
  }

 private:
  friend class TableBuilder;
  explicit Table(std::shared_ptr<const detail::TableData> data) noexcept : data_(std::move(data)) {}

  // A column by a number of any type, or by name.
  template <class Column>
  [[nodiscard]] std::size_t place_of(const Column& column) const {
    if constexpr (std::is_integral_v<Column>) {
      return static_cast<std::size_t>(column);
    } else {
      return schema().index_of(column);
    }
  }
  [[nodiscard]] std::optional<std::string_view> text_cell(std::int64_t row, std::size_t column) const;
  [[nodiscard]] std::optional<std::int64_t> integer_cell(std::int64_t row, std::size_t column) const;
  [[nodiscard]] std::optional<double> real_cell(std::int64_t row, std::size_t column) const;
  [[nodiscard]] std::optional<bool> boolean_cell(std::int64_t row, std::size_t column) const;
  [[nodiscard]] std::optional<Timestamp> time_cell(std::int64_t row, std::size_t column) const;
  [[nodiscard]] std::optional<Decimal> decimal_cell(std::int64_t row, std::size_t column) const;
  [[nodiscard]] std::optional<std::int64_t> minor_cell(std::int64_t row, std::size_t column) const;
  [[nodiscard]] std::optional<Money> money_cell(std::int64_t row, std::size_t column) const;
  [[nodiscard]] const detail::TableColumn& column_at(std::size_t column) const;
  [[nodiscard]] const detail::TableColumn& checked(std::int64_t row, std::size_t column) const;
  [[nodiscard]] Datum typed(std::int64_t row, std::size_t column, ColumnType wanted) const;
  [[nodiscard]] bool same_as(const Table& other) const;

  std::shared_ptr<const detail::TableData> data_;
};

/// One column on its way into a Table; `append_*` adds a cell, nullopt a null. Got from a TableBuilder, valid while it
/// lives. Appending another type than the column's throws Error type_mismatch.
class ColumnBuilder {
 public:
  ColumnBuilder(const ColumnBuilder&) = delete;
  ColumnBuilder& operator=(const ColumnBuilder&) = delete;

  [[nodiscard]] std::int64_t rows() const noexcept;

  void append_null();
  void append_text(std::optional<std::string_view> value);
  void append_integer(std::optional<std::int64_t> value);
  void append_real(std::optional<double> value);
  void append_boolean(std::optional<bool> value);
  void append_time(std::optional<Timestamp> value);
  /// Money as its minor units: the column's scale says where the point is.
  void append_minor(std::optional<std::int64_t> minor);
  /// Any exact number. @throws Error invalid_argument if it has more digits after the point than the column, overflow
  /// beyond 38 digits.
  void append_decimal(std::optional<Decimal> value);
  /// Any cell of a fitting kind; a whole number fits real and decimal columns too.
  void append(const Datum& cell);

 private:
  friend struct detail::DraftColumn;
  explicit ColumnBuilder(detail::TableColumn& column) noexcept : column_(&column) {}

  detail::TableColumn* column_;
};

/// Builds a Table: name the columns in order, fill them, finish.
/// ```
/// TableBuilder builder;
/// ColumnBuilder& key = builder.text("key");
/// ColumnBuilder& cost = builder.money("cost", RUB);
/// key.append_text("telegram"); cost.append_minor(120'450);
/// Table table = builder.finish();
/// ```
class TableBuilder {
 public:
  /// `table` names the result in messages; may be empty.
  explicit TableBuilder(std::string table = {});
  TableBuilder(TableBuilder&&) noexcept = default;
  TableBuilder& operator=(TableBuilder&&) noexcept = default;
  TableBuilder(const TableBuilder&) = delete;
  TableBuilder& operator=(const TableBuilder&) = delete;
  ~TableBuilder() = default;

  ColumnBuilder& text(std::string name);
  ColumnBuilder& integer(std::string name, std::string unit = {});
  ColumnBuilder& real(std::string name, std::string unit = {});
  ColumnBuilder& boolean(std::string name);
  ColumnBuilder& time(std::string name);
  /// Exact numbers with `scale` digits after the point, 0 to 38. @throws Error invalid_argument for another scale.
  ColumnBuilder& decimal(std::string name, std::int32_t scale, std::string unit = {});
  /// Money in minor units of `currency`, whose code becomes the column's unit.
  ColumnBuilder& money(std::string name, const Currency& currency);

  /// Whole columns without nulls; the vector is moved in, not copied.
  void integers(std::string name, std::vector<std::int64_t> values, std::string unit = {});
  void reals(std::string name, std::vector<double> values, std::string unit = {});

  /// Adds a key to `meta`, or replaces its value.
  void meta(std::string key, std::string value);

  /// The table; the builder is empty afterwards and its column builders are gone.
  /// @throws Error invalid_argument if the columns are of different lengths (nothing is lost then).
  [[nodiscard]] Table finish();

 private:
  detail::TableDraft& draft();
  ColumnBuilder& add(ColumnInfo info);

  std::shared_ptr<detail::TableDraft> draft_;
};

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/table/detail/table.ipp>
#endif
