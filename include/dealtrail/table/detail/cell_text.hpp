#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/detail/civil.hpp"
#include "dealtrail/core/detail/period_text.hpp"
#include "dealtrail/core/detail/real.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/detail/utf8.hpp"

namespace dealtrail::detail {

// The shortest text that reads back as the same double.
[[nodiscard]] inline std::string real_text(double value) {
  if (is_nan(value)) return "NaN";
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

// For people: at most `digits` after the point, no trailing zeros; very large and very small numbers by their exponent.
[[nodiscard]] inline std::string short_real_text(double value, int digits) {
  if (!is_finite(value)) return real_text(value);
  const double magnitude = absolute(value);
  std::array<char, 64> buffer{};
  constexpr double largest_plain = 1e15;
  const bool plain = magnitude == 0 || (magnitude < largest_plain && magnitude >= power(10.0, -digits));
  const auto end =
      plain ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, digits).ptr
            : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific, 3).ptr;
  std::string text{buffer.data(), end};
  if (plain && text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  if (text == "-0") text = "0";
  return text;
}

// Groups the whole part of a number by three with a plain space: "1 204 500.25".
inline void group_thousands(std::string& number) {
  const std::size_t begin = number.empty() || number[0] != '-' ? 0 : 1;
  std::size_t end = begin;
  while (end < number.size() && number[end] >= '0' && number[end] <= '9') ++end;
  if (end < number.size() && number[end] != '.') return;
  for (std::size_t at = end; at > begin + 3;) {
    at -= 3;
    number.insert(at, 1, ' ');
  }
}

// "2026-03-14", `separator`, "10:00:00", and ".250000" if there is a fraction. Any year.
[[nodiscard]] inline std::string time_text(std::int64_t us, char separator) {
  const std::int64_t days = floor_divide(us, us_per_day);
  const std::int64_t remainder = us % us_per_day;
  const std::int64_t rest = remainder < 0 ? remainder + us_per_day : remainder;
  const CivilDate date = civil_from_days(days);
  std::string text;
  append_year(text, date.year);
  text += '-';
  append_padded(text, date.month, 2);
  text += '-';
  append_padded(text, date.day, 2);
  text += separator;
  append_padded(text, rest / (3600 * us_per_second), 2);
  text += ':';
  append_padded(text, rest / (60 * us_per_second) % 60, 2);
  text += ':';
  append_padded(text, rest / us_per_second % 60, 2);
  if (rest % us_per_second != 0) {
    text += '.';
    append_padded(text, rest % us_per_second, 6);
  }
  return text;
}

// A JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD, so the result is always valid JSON.
inline void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (!point.valid) {
      out += replacement_character;
    } else if (point.value == '"' || point.value == '\\') {
      out += '\\';
      out += text[0];
    } else if (point.value == '\n') {
      out += "\\n";
    } else if (point.value == '\t') {
      out += "\\t";
    } else if (point.value == '\r') {
      out += "\\r";
    } else if (point.value < 0x20 || point.value == 0x7F) {
      out += "\\u00";
      out += hex[point.value >> 4];
      out += hex[point.value & 15];
    } else {
      out += text.substr(0, point.size);
    }
    text.remove_prefix(point.size);
  }
  out += '"';
}

// The one plain text of a cell that machines read back; null is empty. Text as it is.
[[nodiscard]] inline std::string plain_text(const Datum& cell) {
  switch (cell.kind()) {
    case DatumKind::null: return {};
    case DatumKind::text: return std::string(cell.as_text());
    case DatumKind::integer: return std::to_string(cell.as_integer());
    case DatumKind::real: return real_text(cell.as_real());
    case DatumKind::boolean: return cell.as_boolean() ? "true" : "false";
    case DatumKind::time: return time_text(cell.as_time_us(), 'T') + 'Z';
    case DatumKind::local_time: return time_text(cell.as_local_time_us(), 'T');
    case DatumKind::decimal: return to_text(cell.as_decimal());
  }
  return {};
}

}  // namespace dealtrail::detail
