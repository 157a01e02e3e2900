#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "dealtrail/core/config.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

/// How rows stand in JSON.
enum class JsonLayout : std::uint8_t {
  array,  ///< one array of objects
  lines   ///< JSON Lines: an object per line
};

namespace detail {

// Puts rows of the table into `text`, from `row` on (-1: and what stands before the first): all that are left and the
// end, or some 64 KB. Returns whether more are left.
[[nodiscard]] bool append_json(std::string& text, const Table& table, std::int64_t& row, JsonLayout layout);
// Throws that a stream takes no more.
[[noreturn]] void fail_json(const Table& table);

}  // namespace detail

/// Writes a table as JSON, an object per row, keys in the order of the columns; always valid UTF-8. Numbers are numbers
/// with all their digits (money 1204.50, int64 beyond 2^53 too: read them with a parser that keeps them), times ISO
/// 8601 text in UTC; no value, NaN and infinities are null. Memory: one row at a time.
/// `out`: a std::ostream, or what has its `write`.
/// @throws Error io_error if the stream fails.
template <class Stream>
void write_json(const Table& table, Stream& out, JsonLayout layout = JsonLayout::array) {
  std::string text;
  std::int64_t row = -1;
  for (bool more = true; more;) {
    more = detail::append_json(text, table, row, layout);
    out.write(text.data(), static_cast<std::ptrdiff_t>(text.size()));
    if (!out) detail::fail_json(table);
    text.clear();
  }
}

/// The same as one string.
[[nodiscard]] std::string to_json(const Table& table, JsonLayout layout = JsonLayout::array);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/table/detail/json.ipp>
#endif
