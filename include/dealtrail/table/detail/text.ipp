#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/table/detail/people_text.hpp"
#include "dealtrail/table/detail/utf8.hpp"
#include "dealtrail/table/schema.hpp"
#include "dealtrail/table/table.hpp"
#include "dealtrail/table/text.hpp"

namespace dealtrail {

namespace detail {

// A text made safe for a terminal: bytes that are no UTF-8, control and reordering characters become U+FFFD, line ends
// and tabs a space. `width` is how many terminal columns it takes.
struct ShownText {
  std::string text{};
  std::size_t width = 0;
};

inline void append_shown(ShownText& shown, std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (point.value == '\n' || point.value == '\r' || point.value == '\t') {
      shown.text += ' ';
      shown.width += 1;
    } else if (!point.valid || is_control(point.value)) {
      shown.text += replacement_character;
      shown.width += 1;
    } else {
      shown.text += text.substr(0, point.size);
      shown.width += static_cast<std::size_t>(display_width(point.value));
    }
    text.remove_prefix(point.size);
  }
}

// Cuts to `width` terminal columns, the last of them "…".
inline void cut_to(ShownText& shown, std::size_t width) {
  if (shown.width <= width) return;
  ShownText cut;
  std::string_view rest = shown.text;
  while (!rest.empty()) {
    const CodePoint point = first_code_point(rest);
    const auto point_width = static_cast<std::size_t>(display_width(point.value));
    if (cut.width + point_width + 1 > width) break;
    cut.text += rest.substr(0, point.size);
    cut.width += point_width;
    rest.remove_prefix(point.size);
  }
  if (width > 0) {
    cut.text += "…";
    cut.width += 1;
  }
  shown = std::move(cut);
}

// Shrinks the widest text columns until the line fits; returns how many columns fit at all (at least one).
[[nodiscard]] inline std::size_t fit_widths(std::vector<std::size_t>& widths, const Schema& schema,
                                            std::size_t max_width) {
  constexpr std::size_t gap = 2;
  constexpr std::size_t least_text = 8;
  if (max_width == 0 || widths.empty()) return widths.size();
  std::size_t total = gap * (widths.size() - 1);
  for (const std::size_t width : widths) total += width;
  while (total > max_width) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (!is_number_type(schema[i].type) && widths[i] > least_text &&
          (widest == widths.size() || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    if (widest == widths.size()) break;
    --widths[widest];
    --total;
  }
  std::size_t shown = widths.size();
  while (shown > 1 && total > max_width) {
    --shown;
    total -= widths[shown] + gap;
  }
  return shown;
}

}  // namespace detail

DEALTRAIL_INLINE std::string to_text(const Table& table, const TextOptions& options) {
  const Schema& schema = table.schema();
  if (schema.size() == 0) return "(no columns)\n";
  const std::int64_t rows = std::clamp<std::int64_t>(options.max_rows, 0, table.rows());
  std::vector<std::size_t> widths(schema.size());
  std::vector<std::vector<detail::ShownText>> lines(static_cast<std::size_t>(rows) + 1);
  for (std::size_t line = 0; line < lines.size(); ++line) {
    for (std::size_t column = 0; column < schema.size(); ++column) {
      detail::ShownText shown;
      detail::append_shown(
          shown, line == 0 ? schema[column].name
                           : detail::people_text(table.at(static_cast<std::int64_t>(line) - 1, column),
                                                 options.null_text, options.group_thousands, options.real_digits));
      widths[column] = std::max(widths[column], shown.width);
      lines[line].push_back(std::move(shown));
    }
  }
  const std::size_t columns = detail::fit_widths(widths, schema, options.max_width);

  std::string text;
  const auto end_line = [&] {
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  };
  for (std::size_t line = 0; line < lines.size(); ++line) {
    for (std::size_t column = 0; column < columns; ++column) {
      detail::ShownText& shown = lines[line][column];
      detail::cut_to(shown, widths[column]);
      if (column > 0) text += "  ";
      const bool right = detail::is_number_type(schema[column].type);
      if (right) text.append(widths[column] - shown.width, ' ');
      text += shown.text;
      if (!right) text.append(widths[column] - shown.width, ' ');
    }
    end_line();
    if (line > 0) continue;
    for (std::size_t column = 0; column < columns; ++column) {
      if (column > 0) text += "  ";
      text.append(widths[column], '-');
    }
    end_line();
  }
  if (table.rows() > rows) text += "... " + std::to_string(table.rows() - rows) + " more\n";
  if (columns < schema.size()) {
    const std::size_t left_out = schema.size() - columns;
    text += "... " + std::to_string(left_out) + (left_out == 1 ? " more column\n" : " more columns\n");
  }
  return text;
}

}  // namespace dealtrail
