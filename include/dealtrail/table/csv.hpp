#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dealtrail/core/config.hpp"
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

// Puts lines of the table into `text`, the head and those from `row` on: all that are left, or some 64 KB. Returns
// whether more are left.
[[nodiscard]] bool append_csv(std::string& text, const Table& table, std::int64_t& row, const CsvOptions& options);
// Throws that a stream takes no more.
[[noreturn]] void fail_csv(const Table& table);

}  // namespace detail

/// Writes a table as CSV by RFC 4180: a head, CRLF, quotes where needed; UTF-8. Numbers have a decimal point and all
/// their digits, reals the shortest text that reads back the same, times ISO 8601 in UTC. No value is an empty cell, an
/// empty text `""`. Text cells (and column names) that begin with = + - @ (full-width ones too), tab, CR, LF or NUL get
/// an apostrophe before them, so that no spreadsheet runs them; numbers stay numbers. Memory: one row at a time.
/// `out`: a std::ostream, or what has its `write`.
/// @throws Error invalid_argument for a separator that is a quote or a line end, io_error if the stream fails.
template <class Stream>
void write_csv(const Table& table, Stream& out, const CsvOptions& options = {}) {
  std::string text;
  std::int64_t row = -1;
  for (bool more = true; more;) {
    more = detail::append_csv(text, table, row, options);
    out.write(text.data(), static_cast<std::ptrdiff_t>(text.size()));
    if (!out) detail::fail_csv(table);
    text.clear();
  }
}

/// The same as one string.
[[nodiscard]] std::string to_csv(const Table& table, const CsvOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/table/detail/csv.ipp>
#endif
