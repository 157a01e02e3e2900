#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace dealtrail::detail {

inline void append_padded(std::string& text, std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  if (digits.size() < width) text.append(width - digits.size(), '0');
  text += digits;
}

// Four digits as everybody writes them; ISO 8601's signed form for years that need it.
inline void append_year(std::string& text, std::int64_t year) {
  if (year < 0) text += '-';
  if (year > 9999) text += '+';
  append_padded(text, year < 0 ? -year : year, 4);
}

}  // namespace dealtrail::detail
