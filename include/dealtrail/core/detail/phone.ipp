#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/letters.hpp"
#include "dealtrail/core/detail/scan.hpp"
#include "dealtrail/core/phone.hpp"

namespace dealtrail {

namespace detail {

// Whether ten digits after +7 can be a telephone. What is lost or doubled while typing should not look like another
// number: ten digits that begin with 89 or 79 are a mobile that lost its last digit.
[[nodiscard]] constexpr bool in_russian_plan(std::string_view ten) noexcept {
  if (ten.size() != 10) return false;
  if (ten.substr(3) == "0000000") return false;  // nobody has it; forms are full of it
  if (std::all_of(ten.begin(), ten.end(), [&](char digit) { return digit == ten.front(); })) return false;
  const char second = ten[1];
  switch (ten[0]) {
    case '3':
    case '4':
    case '9': return true;
    case '8': return second <= '7';                                                      // 8-800 and places
    case '7': return second != '3' && second < '8' && (second != '4' || ten[2] == '7');  // Kazakhstan
    default: return false;
  }
}

// Where an extension begins: a mark after at least one digit.
[[nodiscard]] inline std::size_t extension_in(std::string_view text) {
  constexpr std::array<std::string_view, 8> marks{"доб", "вн", "ext", "x", "х", "#", ",", ";"};
  bool digits = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    digits = digits || is_digit(text[i]);
    if (!digits) continue;
    for (const std::string_view mark : marks) {
      if (text.substr(i).starts_with(mark)) return i;
    }
  }
  return text.size();
}

}  // namespace detail

DEALTRAIL_INLINE std::optional<std::string> normalise_phone(std::string_view text) {
  const std::string small = detail::small_letters(text);
  const std::string_view read = std::string_view{small}.substr(0, detail::extension_in(small));
  std::string digits;
  bool plus = false;
  for (const char letter : read) {
    if (letter == '+' && digits.empty()) plus = true;
    if (detail::is_digit(letter)) digits.push_back(letter);
  }
  const std::string_view all = digits;
  const auto of_russia = [&](std::string_view ten) -> std::optional<std::string> {
    if (!detail::in_russian_plan(ten)) return std::nullopt;
    return "+7" + std::string{ten};
  };
  const auto abroad = [&](std::string_view number) -> std::optional<std::string> {
    if (number.size() < 8 || number.size() > 15 || number.front() == '0') return std::nullopt;
    if (number.front() != '7') return "+" + std::string{number};
    if (number.size() == 12 && number[1] == '8') return of_russia(number.substr(2));  // +7 8 916 …
    return of_russia(number.substr(1));
  };
  if (plus) {
    // Nobody has +89…, and nobody in Bangladesh +8800…: a Russian who wrote the 8 and the + both.
    if (all.size() == 11 && (all.starts_with("89") || all.starts_with("8800"))) return of_russia(all.substr(1));
    return abroad(all);
  }
  if (all.starts_with("00")) return abroad(all.substr(2));
  if (all.starts_with("810")) return abroad(all.substr(3));
  if (all.size() == 10) return of_russia(all);
  if (all.size() == 11 && (all.front() == '7' || all.front() == '8')) return of_russia(all.substr(1));
  if (all.size() == 12 && all.starts_with("78")) return of_russia(all.substr(2));
  return std::nullopt;
}

}  // namespace dealtrail
