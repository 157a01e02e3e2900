#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dealtrail/core/config.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

/// How a table is shown as text.
struct TextOptions {
  std::int64_t max_rows = 20;        ///< rows shown; the rest is "... N more"
  std::size_t max_width = 0;         ///< terminal columns of a line, 0: as wide as it needs
  std::string_view null_text = "–";  ///< shown where there is no value
  bool group_thousands = true;       ///< "1 204 500.25"
  int real_digits = 4;               ///< digits after the point of a real, 0 to 17; trailing zeros are dropped
};

/// A table as lines of aligned text for a terminal: a head, a rule, a line per row, numbers to the right, money with
/// all its decimals, decimals of more than nine places as reals, times in UTC. Ends with "... N more" where rows or
/// columns are left out. Widths count terminal columns, so Cyrillic and East Asian text aligns. Hostile text cannot act
/// on the terminal. No line ends with a space; the text ends with a line end. A table without columns gives "(no
/// columns)".
[[nodiscard]] std::string to_text(const Table& table, const TextOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/table/detail/text.ipp>
#endif
