#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dealtrail/core/error.hpp"
#include "dealtrail/table/csv.hpp"
#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/detail/cell_text.hpp"
#include "dealtrail/table/schema.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

namespace detail {

[[nodiscard]] inline bool looks_like_formula(std::string_view text) noexcept {
  constexpr std::string_view starts{"=+-@\t\r\n\0", 8};
  if (text.empty()) return false;
  if (starts.find(text[0]) != std::string_view::npos) return true;
  const std::string_view wide = text.substr(0, 3);  // full-width = + - @, which some spreadsheets read alike
  return wide == "\xEF\xBC\x9D" || wide == "\xEF\xBC\x8B" || wide == "\xEF\xBC\x8D" || wide == "\xEF\xBC\xA0";
}

inline void append_csv_text(std::string& out, std::string_view text, const CsvOptions& options) {
  const bool escape = options.formulas == FormulaText::escape && looks_like_formula(text);
  const bool quote = text.empty() || text.front() == ' ' || text.back() == ' ' ||
                     text.find_first_of("\"\r\n\t") != std::string_view::npos ||
                     text.find(options.separator) != std::string_view::npos ||
                     (!options.null_text.empty() && text == options.null_text);
  if (quote) out += '"';
  if (escape) out += '\'';
  for (const char letter : text) {
    if (letter == '"') out += '"';
    out += letter;
  }
  if (quote) out += '"';
}

DEALTRAIL_INLINE bool append_csv(std::string& text, const Table& table, std::int64_t& row, const CsvOptions& options) {
  constexpr std::size_t enough = std::size_t{1} << 16U;
  const Schema& schema = table.schema();
  if (row < 0) {
    if (options.separator == '"' || options.separator == '\r' || options.separator == '\n' ||
        options.separator == '\0') {
      throw Error(ErrorCode::invalid_argument, "a CSV separator cannot be a quote or a line end", {},
                  "use ',', ';' or a tab");
    }
    if (options.byte_order_mark) text += "\xEF\xBB\xBF";
    for (std::size_t column = 0; column < schema.size(); ++column) {
      if (column > 0) text += options.separator;
      append_csv_text(text, schema[column].name, options);
    }
    text += "\r\n";
    row = 0;
  }
  while (row < table.rows() && text.size() < enough) {
    for (std::size_t column = 0; column < schema.size(); ++column) {
      if (column > 0) text += options.separator;
      const Datum cell = table.at(row, column);
      if (cell.is_null()) {
        text += options.null_text;
      } else if (cell.kind() == DatumKind::text) {
        append_csv_text(text, cell.as_text(), options);
      } else {
        text += plain_text(cell);
      }
    }
    text += "\r\n";
    ++row;
  }
  return row < table.rows();
}

DEALTRAIL_INLINE void fail_csv(const Table& table) {
  throw Error(ErrorCode::io_error, "cannot write CSV", {table.schema().table(), {}, -1});
}

}  // namespace detail

DEALTRAIL_INLINE std::string to_csv(const Table& table, const CsvOptions& options) {
  std::string text;
  std::string some;
  std::int64_t row = -1;
  for (bool more = true; more;) {
    more = detail::append_csv(some, table, row, options);
    text += some;
    some.clear();
  }
  return text;
}

}  // namespace dealtrail
