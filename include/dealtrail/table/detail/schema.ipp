#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/names.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/table/schema.hpp"

namespace dealtrail {

namespace detail {

// "did you mean ...? " when a column's name is close to a wrong one.
[[nodiscard]] inline std::string closest_column(std::string_view wrong, std::span<const ColumnInfo> columns) {
  std::vector<std::string_view> names;
  for (const ColumnInfo& column : columns) names.emplace_back(column.name);
  const std::string_view closest = closest_name(wrong, names);
  return closest.empty() ? std::string{} : "did you mean \"" + std::string(closest) + "\"? ";
}

}  // namespace detail

DEALTRAIL_INLINE Schema::Schema(std::vector<ColumnInfo> columns, std::string table)
    : columns_(std::move(columns)), table_(std::move(table)) {}

DEALTRAIL_INLINE std::span<const ColumnInfo> Schema::columns() const& noexcept { return columns_; }
DEALTRAIL_INLINE const ColumnInfo& Schema::operator[](std::size_t column) const& { return columns_.at(column); }

DEALTRAIL_INLINE std::optional<std::size_t> Schema::find(std::string_view name) const {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].name != name) continue;
    if (found) {
      throw Error(ErrorCode::invalid_argument, "two columns have the same name", {table_, std::string(name)},
                  "rename one of them");
    }
    found = i;
  }
  return found;
}

DEALTRAIL_INLINE std::size_t Schema::index_of(std::string_view name) const {
  if (const auto found = find(name)) return *found;
  throw Error(ErrorCode::missing_column, "a column is missing", {table_, std::string(name)},
              detail::closest_column(name, columns_) + names_hint());
}

DEALTRAIL_INLINE void Schema::require(std::span<const RequiredColumn> required) const {
  for (const RequiredColumn& wanted : required) {
    const ColumnInfo& column = columns_[index_of(wanted.name)];
    bool fits = column.type == ColumnType::null;
    std::string expected;
    for (const ColumnType type : wanted.types) {
      fits = fits || type == column.type;
      if (!expected.empty()) expected += " or ";
      expected += to_string(type);
    }
    if (fits) continue;
    throw Error(ErrorCode::type_mismatch,
                "a column is of another type: found " + std::string(to_string(column.type)) + ", expected " + expected,
                {table_, column.name}, column.hint);
  }
}
DEALTRAIL_INLINE void Schema::require(std::initializer_list<RequiredColumn> required) const {
  require(std::span<const RequiredColumn>{required.begin(), required.size()});
}

DEALTRAIL_INLINE std::string Schema::names_hint() const {
  constexpr std::size_t most = 30;
  if (columns_.empty()) return "the table has no columns";
  std::string hint = "columns here: ";
  for (std::size_t i = 0; i < columns_.size() && i < most; ++i) {
    if (i > 0) hint += ", ";
    hint += columns_[i].name;
  }
  if (columns_.size() > most) hint += ", ... " + std::to_string(columns_.size() - most) + " more";
  return hint;
}

}  // namespace dealtrail
