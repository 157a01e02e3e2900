#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dealtrail/table/detail/utf8.hpp"
#include "dealtrail/table/table.hpp"
#include "dealtrail/table/text.hpp"

namespace dealtrail {

/// How a table is shown as HTML.
struct HtmlOptions {
  std::int64_t max_rows = 50;        ///< rows shown; the rest is "... N more"
  std::string_view null_text = "–";  ///< shown where there is no value
  bool group_thousands = true;       ///< "1 204 500.25"
  int real_digits = 4;               ///< digits after the point of a real, 0 to 17
};

namespace detail {

// Safe as element content and inside a quoted attribute. Bytes that are no UTF-8 and control characters become U+FFFD.
template <class = void>
inline void append_html(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    const bool layout = point.value == '\n' || point.value == '\t' || point.value == '\r';
    if (!point.valid || (is_control(point.value) && !layout)) {
      out += replacement_character;
    } else if (point.value == '&') {
      out += "&amp;";
    } else if (point.value == '<') {
      out += "&lt;";
    } else if (point.value == '>') {
      out += "&gt;";
    } else if (point.value == '"') {
      out += "&quot;";
    } else if (point.value == '\'') {
      out += "&#39;";
    } else {
      out += text.substr(0, point.size);
    }
    text.remove_prefix(point.size);
  }
}

}  // namespace detail

/// A table as an HTML fragment for a notebook or a report: one `<table class="dealtrail">`, numbers to the right, then
/// a line
/// "... N more" where rows are left out. All text is escaped; no script, no link, no style sheet. The fragment itself
/// is ASCII plus the table's own UTF-8.
template <class = void>
[[nodiscard]] inline std::string to_html(const Table& table, const HtmlOptions& options = {}) {
  const Schema& schema = table.schema();
  const std::int64_t rows = std::clamp<std::int64_t>(options.max_rows, 0, table.rows());
  const TextOptions cell_options{
      .null_text = options.null_text, .group_thousands = options.group_thousands, .real_digits = options.real_digits};
  std::string html = "<table class=\"dealtrail\">\n<thead><tr>";
  const auto append_cell = [&](std::string_view tag, std::size_t column, std::string_view text) {
    html += '<';
    html += tag;
    html +=
        detail::is_number_type(schema[column].type) ? " style=\"text-align:right\">" : " style=\"text-align:left\">";
    detail::append_html(html, text);
    html += "</";
    html += tag;
    html += '>';
  };
  for (std::size_t column = 0; column < schema.size(); ++column) append_cell("th", column, schema[column].name);
  html += "</tr></thead>\n<tbody>\n";
  for (std::int64_t row = 0; row < rows; ++row) {
    html += "<tr>";
    for (std::size_t column = 0; column < schema.size(); ++column) {
      append_cell("td", column, detail::people_text(table.at(row, column), cell_options));
    }
    html += "</tr>\n";
  }
  html += "</tbody>\n</table>\n";
  if (table.rows() > rows) html += "<p>... " + std::to_string(table.rows() - rows) + " more</p>\n";
  return html;
}

}  // namespace dealtrail
