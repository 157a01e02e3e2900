#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace dealtrail::detail {

// Whether the `Bytes` at `at` (a multiple of 8) are all ASCII.
template <std::size_t Bytes>
[[nodiscard]] inline bool is_ascii(const void* at) noexcept {
  std::uint64_t words[Bytes / 8];
  std::memcpy(words, at, Bytes);
  std::uint64_t any = 0;
  for (const std::uint64_t word : words) any |= word;
  return (any & 0x8080808080808080U) == 0;
}

[[nodiscard]] constexpr bool is_digit(char letter) noexcept { return letter >= '0' && letter <= '9'; }

// Length of the space at the front, 0 if there is none: ASCII spaces, and the ones that Excel and people put into
// numbers (no-break U+00A0, figure U+2007, thin U+2009, narrow no-break U+202F).
[[nodiscard]] constexpr std::size_t space_at_front(std::string_view text) noexcept {
  if (text.empty()) return 0;
  const char first = text.front();
  if (first == ' ' || first == '\t' || first == '\r' || first == '\n') return 1;
  if (text.starts_with("\xC2\xA0")) return 2;
  if (text.starts_with("\xE2\x80\x87") || text.starts_with("\xE2\x80\x89") || text.starts_with("\xE2\x80\xAF"))
    return 3;
  return 0;
}

[[nodiscard]] constexpr std::size_t space_at_back(std::string_view text) noexcept {
  for (const std::size_t length : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
    if (text.size() >= length && space_at_front(text.substr(text.size() - length)) == length) return length;
  }
  return 0;
}

[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
  while (const std::size_t length = space_at_front(text)) text.remove_prefix(length);
  while (const std::size_t length = space_at_back(text)) text.remove_suffix(length);
  return text;
}

// Exactly `count` digits at the front are taken and their number is given, else -1 and nothing is taken.
[[nodiscard]] constexpr int take_number(std::string_view& text, std::size_t count) noexcept {
  if (text.size() < count) return -1;
  int number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return -1;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return number;
}

[[nodiscard]] constexpr bool take(std::string_view& text, std::string_view expected) noexcept {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

[[nodiscard]] constexpr bool take_char(std::string_view& text, char expected) noexcept {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

[[nodiscard]] constexpr bool take_back(std::string_view& text, std::string_view expected) noexcept {
  if (!text.ends_with(expected)) return false;
  text.remove_suffix(expected.size());
  return true;
}

}  // namespace dealtrail::detail
