#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dealtrail/core/config.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

/// How a table is shown as HTML.
struct HtmlOptions {
  std::int64_t max_rows = 50;        ///< rows shown; the rest is "... N more"
  std::string_view null_text = "–";  ///< shown where there is no value
  bool group_thousands = true;       ///< "1 204 500.25"
  int real_digits = 4;               ///< digits after the point of a real, 0 to 17
};

/// A table as an HTML fragment for a notebook or a report: one `<table class="dealtrail">`, numbers to the right, then
/// a line
/// "... N more" where rows are left out. All text is escaped; no script, no link, no style sheet. The fragment itself
/// is ASCII plus the table's own UTF-8.
[[nodiscard]] std::string to_html(const Table& table, const HtmlOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/table/detail/html.ipp>
#endif
