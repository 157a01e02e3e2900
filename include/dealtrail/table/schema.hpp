#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail {

/// What the cells of a column mean to us, whatever their storage is.
enum class ColumnType : std::uint8_t {
  null,     ///< every cell is null
  text,     ///< UTF-8
  integer,  ///< int64
  real,     ///< float64
  boolean,
  time,        ///< microseconds UTC
  local_time,  ///< microseconds of a wall clock without zone
  date,        ///< a day of a wall clock; its cells read as midnight, local_time
  decimal,     ///< exact, `ColumnInfo::scale` digits after the point; money
  unsupported  ///< a storage we do not read; `ColumnInfo::hint` says what to do
};

/// The stable name of a column type, for messages: "text", "integer", "local time", ...
[[nodiscard]] constexpr std::string_view to_string(ColumnType type) noexcept {
  switch (type) {
    case ColumnType::null: return "null";
    case ColumnType::text: return "text";
    case ColumnType::integer: return "integer";
    case ColumnType::real: return "real";
    case ColumnType::boolean: return "boolean";
    case ColumnType::time: return "time";
    case ColumnType::local_time: return "local time";
    case ColumnType::date: return "date";
    case ColumnType::decimal: return "decimal";
    case ColumnType::unsupported: return "unsupported";
  }
  return "unsupported";
}

/// One column by name, type and unit.
struct ColumnInfo {
  std::string name{};
  ColumnType type = ColumnType::null;
  std::int32_t scale = 0;  ///< decimal: digits after the point
  std::string unit{};      ///< results: "RUB", "share", ...; empty when the type says all
  std::string zone{};      ///< tables that come in: the zone of a time column as its producer named it
  std::string hint{};      ///< unsupported: what to do about it
  friend bool operator==(const ColumnInfo&, const ColumnInfo&) = default;
};

/// A column that an algorithm needs, and the types it accepts.
struct RequiredColumn {
  std::string_view name;
  std::initializer_list<ColumnType> types;
};

/// The columns of a table in order. A name may occur twice (some producers allow it) as long as nobody asks for it.
class Schema {
 public:
  Schema() = default;
  /// `table` names the table in messages; may be empty.
  explicit Schema(std::vector<ColumnInfo> columns, std::string table = {});

  [[nodiscard]] const std::string& table() const noexcept { return table_; }
  [[nodiscard]] std::span<const ColumnInfo> columns() const& noexcept;
  std::span<const ColumnInfo> columns() && = delete;
  [[nodiscard]] std::size_t size() const noexcept { return columns_.size(); }
  /// @throws std::out_of_range beyond the last column.
  [[nodiscard]] const ColumnInfo& operator[](std::size_t column) const&;

  /// The place of a column, or nullopt when there is none. O(columns).
  /// @throws Error invalid_argument if two columns bear the name.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;

  /// The place of a column that must be there.
  /// @throws Error missing_column; the hint lists the columns that are there.
  [[nodiscard]] std::size_t index_of(std::string_view name) const;

  /// Checks that every required column is there with a type it accepts (a column of nulls only passes: it has no type).
  /// @throws Error missing_column or type_mismatch for the first one that is not, with what was found and what is
  /// expected.
  void require(std::span<const RequiredColumn> required) const;
  void require(std::initializer_list<RequiredColumn> required) const;

  template <std::same_as<Schema> Other>
  friend bool operator==(const Schema& lhs, const Other& rhs) {
    return lhs.columns_ == rhs.columns_;
  }

 private:
  [[nodiscard]] std::string names_hint() const;

  std::vector<ColumnInfo> columns_;
  std::string table_;
};

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/table/detail/schema.ipp>
#endif
