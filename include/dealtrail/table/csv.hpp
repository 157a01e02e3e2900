#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "dealtrail/core/error.hpp"
#include "dealtrail/table/detail/cell_text.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

/// What to do with text that a spreadsheet would run as a formula.
enum class FormulaText : std::uint8_t {
  escape,  ///< put an apostrophe before it (the default: an export is opened by people)
  keep     ///< write it as it is, for machines
};

/// How a table is written as CSV.
struct CsvOptions {
  char separator = ',';  ///< also ';' or a tab
  FormulaText formulas = FormulaText::escape;
  bool byte_order_mark = false;  ///< Excel reads UTF-8 by it
  std::string_view null_text{};
};

namespace detail {

template <class = void>
[[nodiscard]] inline bool looks_like_formula(std::string_view text) noexcept {
  constexpr std::string_view starts{"=+-@\t\r\n\0", 8};
  if (text.empty()) return false;
  if (starts.find(text[0]) != std::string_view::npos) return true;
  const std::string_view wide = text.substr(0, 3);  // full-width = + - @, which some spreadsheets read alike
  return wide == "\xEF\xBC\x9D" || wide == "\xEF\xBC\x8B" || wide == "\xEF\xBC\x8D" || wide == "\xEF\xBC\xA0";
}

template <class = void>
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

}  // namespace detail

/// Writes a table as CSV by RFC 4180: a head, CRLF, quotes where needed; UTF-8. Numbers have a decimal point and all
/// their digits, reals the shortest text that reads back the same, times ISO 8601 in UTC. No value is an empty cell, an
/// empty text `""`. Text cells (and column names) that begin with = + - @ (full-width ones too), tab, CR, LF or NUL get
/// an apostrophe before them, so that no spreadsheet runs them; numbers stay numbers. Memory: one row at a time.
/// `out`: a std::ostream, or what has its `write`.
/// @throws Error invalid_argument for a separator that is a quote or a line end, io_error if the stream fails.
template <class Stream>
void write_csv(const Table& table, Stream& out, const CsvOptions& options = {}) {
  if (options.separator == '"' || options.separator == '\r' || options.separator == '\n' || options.separator == '\0') {
    throw Error(ErrorCode::invalid_argument, "a CSV separator cannot be a quote or a line end", {},
                "use ',', ';' or a tab");
  }
  const Schema& schema = table.schema();
  std::string buffer = options.byte_order_mark ? "\xEF\xBB\xBF" : "";
  constexpr std::size_t flush_at = std::size_t{1} << 16;
  const auto flush = [&] {
    out.write(buffer.data(), static_cast<std::ptrdiff_t>(buffer.size()));
    buffer.clear();
    if (!out) throw Error(ErrorCode::io_error, "cannot write CSV", {schema.table(), {}, -1});
  };
  for (std::size_t column = 0; column < schema.size(); ++column) {
    if (column > 0) buffer += options.separator;
    detail::append_csv_text(buffer, schema[column].name, options);
  }
  buffer += "\r\n";
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    for (std::size_t column = 0; column < schema.size(); ++column) {
      if (column > 0) buffer += options.separator;
      const Datum cell = table.at(row, column);
      if (cell.is_null()) {
        buffer += options.null_text;
      } else if (cell.kind() == DatumKind::text) {
        detail::append_csv_text(buffer, cell.as_text(), options);
      } else {
        buffer += detail::plain_text(cell);
      }
    }
    buffer += "\r\n";
    if (buffer.size() >= flush_at) flush();
  }
  flush();
}

/// The same as one string.
template <class = void>
[[nodiscard]] std::string to_csv(const Table& table, const CsvOptions& options = {}) {
  detail::TextSink out;
  write_csv(table, out, options);
  return std::move(out.text);
}

}  // namespace dealtrail
