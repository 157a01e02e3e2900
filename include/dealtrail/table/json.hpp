#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/real.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/table/detail/cell_text.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

/// How rows stand in JSON.
enum class JsonLayout : std::uint8_t {
  array,  ///< one array of objects
  lines   ///< JSON Lines: an object per line
};

/// Writes a table as JSON, an object per row, keys in the order of the columns; always valid UTF-8. Numbers are numbers
/// with all their digits (money 1204.50, int64 beyond 2^53 too: read them with a parser that keeps them), times ISO
/// 8601 text in UTC; no value, NaN and infinities are null. Memory: one row at a time.
/// `out`: a std::ostream, or what has its `write`.
/// @throws Error io_error if the stream fails.
template <class Stream>
void write_json(const Table& table, Stream& out, JsonLayout layout = JsonLayout::array) {
  const Schema& schema = table.schema();
  std::vector<std::string> keys;
  for (const ColumnInfo& column : schema.columns()) {
    std::string key;
    detail::append_json_string(key, column.name);
    keys.push_back(key + ": ");
  }
  constexpr std::size_t flush_at = std::size_t{1} << 16;
  std::string buffer;
  const auto flush = [&] {
    out.write(buffer.data(), static_cast<std::ptrdiff_t>(buffer.size()));
    buffer.clear();
    if (!out) throw Error(ErrorCode::io_error, "cannot write JSON", {schema.table(), {}, -1});
  };
  if (layout == JsonLayout::array) buffer += "[";
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    if (layout == JsonLayout::array) buffer += row == 0 ? "\n" : ",\n";
    buffer += '{';
    for (std::size_t column = 0; column < keys.size(); ++column) {
      if (column > 0) buffer += ", ";
      buffer += keys[column];
      const Datum cell = table.at(row, column);
      const DatumKind kind = cell.kind();
      if (cell.is_null() || (kind == DatumKind::real && !detail::is_finite(cell.as_real()))) {
        buffer += "null";
      } else if (kind == DatumKind::text) {
        detail::append_json_string(buffer, cell.as_text());
      } else if (kind == DatumKind::time || kind == DatumKind::local_time) {
        detail::append_json_string(buffer, detail::plain_text(cell));
      } else {
        buffer += detail::plain_text(cell);
      }
    }
    buffer += layout == JsonLayout::array ? "}" : "}\n";
    if (buffer.size() >= flush_at) flush();
  }
  if (layout == JsonLayout::array) buffer += table.rows() == 0 ? "]\n" : "\n]\n";
  flush();
}

/// The same as one string.
template <class = void>
[[nodiscard]] std::string to_json(const Table& table, JsonLayout layout = JsonLayout::array) {
  detail::TextSink out;
  write_json(table, out, layout);
  return std::move(out.text);
}

}  // namespace dealtrail
