#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dealtrail/core/detail/real.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/detail/cell_text.hpp"
#include "dealtrail/table/json.hpp"
#include "dealtrail/table/schema.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

namespace detail {

DEALTRAIL_INLINE bool append_json(std::string& text, const Table& table, std::int64_t& row, JsonLayout layout) {
  constexpr std::size_t enough = std::size_t{1} << 16U;
  const bool array = layout == JsonLayout::array;
  std::vector<std::string> keys;
  for (const ColumnInfo& column : table.columns()) {
    std::string key;
    append_json_string(key, column.name);
    keys.push_back(key + ": ");
  }
  if (row < 0) {
    if (array) text += '[';
    row = 0;
  }
  while (row < table.rows() && text.size() < enough) {
    if (array) text += row == 0 ? "\n" : ",\n";
    text += '{';
    for (std::size_t column = 0; column < keys.size(); ++column) {
      if (column > 0) text += ", ";
      text += keys[column];
      const Datum cell = table.at(row, column);
      const DatumKind kind = cell.kind();
      if (cell.is_null() || (kind == DatumKind::real && !is_finite(cell.as_real()))) {
        text += "null";
      } else if (kind == DatumKind::text) {
        append_json_string(text, cell.as_text());
      } else if (kind == DatumKind::time || kind == DatumKind::local_time) {
        append_json_string(text, plain_text(cell));
      } else {
        text += plain_text(cell);
      }
    }
    text += array ? "}" : "}\n";
    ++row;
  }
  if (row < table.rows()) return true;
  if (array) text += table.rows() == 0 ? "]\n" : "\n]\n";
  return false;
}

DEALTRAIL_INLINE void fail_json(const Table& table) {
  throw Error(ErrorCode::io_error, "cannot write JSON", {table.schema().table(), {}, -1});
}

}  // namespace detail

DEALTRAIL_INLINE std::string to_json(const Table& table, JsonLayout layout) {
  std::string text;
  std::string some;
  std::int64_t row = -1;
  for (bool more = true; more;) {
    more = detail::append_json(some, table, row, layout);
    text += some;
    some.clear();
  }
  return text;
}

}  // namespace dealtrail
