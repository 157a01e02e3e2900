#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dealtrail/table/detail/people_text.hpp"
#include "dealtrail/table/detail/utf8.hpp"
#include "dealtrail/table/html.hpp"
#include "dealtrail/table/schema.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

namespace detail {

// Safe as element content and inside a quoted attribute. Bytes that are no UTF-8 and control characters become U+FFFD.
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

DEALTRAIL_INLINE std::string to_html(const Table& table, const HtmlOptions& options) {
  const Schema& schema = table.schema();
  const std::int64_t rows = std::clamp<std::int64_t>(options.max_rows, 0, table.rows());
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
      append_cell(
          "td", column,
          detail::people_text(table.at(row, column), options.null_text, options.group_thousands, options.real_digits));
    }
    html += "</tr>\n";
  }
  html += "</tbody>\n</table>\n";
  if (table.rows() > rows) html += "<p>... " + std::to_string(table.rows() - rows) + " more</p>\n";
  return html;
}

}  // namespace dealtrail
