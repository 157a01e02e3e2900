#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/detail/utf8.hpp"

namespace dealtrail::detail {

// The shortest text that reads back as the same double.
[[nodiscard]] inline std::string real_text(double value) {
  if (std::isnan(value)) return "NaN";
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

// For people: at most `digits` after the point, no trailing zeros; very large and very small numbers by their exponent.
[[nodiscard]] inline std::string short_real_text(double value, int digits) {
  if (!std::isfinite(value)) return real_text(value);
  const double magnitude = std::fabs(value);
  std::array<char, 64> buffer{};
  constexpr double largest_plain = 1e15;
  const bool plain = magnitude == 0 || (magnitude < largest_plain && magnitude >= std::pow(10.0, -digits));
  const auto end = plain ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, digits).ptr
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

// "2026-03-14", `separator`, "10:00:00", and ".250000" if there is a fraction. Any year (chrono's stop at 32767).
// Days to calendar after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
[[nodiscard]] inline std::string time_text(std::int64_t us, char separator) {
  constexpr std::int64_t day_us = 86'400'000'000;
  std::int64_t days = us / day_us;
  std::int64_t rest = us % day_us;
  if (rest < 0) {
    rest += day_us;
    --days;
  }
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  std::string text;
  if (year < 0) text += '-';
  append_padded(text, year < 0 ? -year : year, 4);
  text += '-';
  append_padded(text, month, 2);
  text += '-';
  append_padded(text, day, 2);
  text += separator;
  append_padded(text, rest / 3'600'000'000, 2);
  text += ':';
  append_padded(text, rest / 60'000'000 % 60, 2);
  text += ':';
  append_padded(text, rest / 1'000'000 % 60, 2);
  if (rest % 1'000'000 != 0) {
    text += '.';
    append_padded(text, rest % 1'000'000, 6);
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
