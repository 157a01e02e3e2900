#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/letters.hpp"
#include "dealtrail/core/detail/scan.hpp"
#include "dealtrail/core/invisible.hpp"
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

// How many digits the country has in front of a number. Source: ITU-T E.164, list of assigned country codes.
[[nodiscard]] constexpr std::size_t country_digits(std::string_view number) noexcept {
  constexpr std::string_view of_two =
      " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 "
      "90 91 92 93 94 95 98 ";
  if (number.starts_with('1') || number.starts_with('7')) return 1;
  for (std::size_t at = 0; at + 4 <= of_two.size(); at += 3) {
    if (of_two.substr(at + 1, 2) == number.substr(0, 2)) return 2;
  }
  return 3;
}

// Countries whose numbers begin with a zero that is dialled from abroad, too.
[[nodiscard]] constexpr bool zero_belongs(std::string_view country) noexcept {
  constexpr std::array<std::string_view, 7> countries{"39", "225", "229", "241", "242", "378", "379"};
  return std::find(countries.begin(), countries.end(), country) != countries.end();
}

// The length of a zero in brackets, with blanks in them, at the front; 0 when there is none.
[[nodiscard]] constexpr std::size_t bracketed_zero(std::string_view text) noexcept {
  std::size_t at = 1;
  const auto blanks = [&] {
    while (at < text.size() && text[at] == ' ') ++at;
  };
  if (!text.starts_with('(')) return 0;
  blanks();
  if (at == text.size() || text[at] != '0') return 0;
  ++at;
  blanks();
  return at < text.size() && text[at] == ')' ? at + 1 : 0;
}

}  // namespace detail

DEALTRAIL_INLINE std::optional<std::string> normalise_phone(std::string_view text) {
  const std::string small = detail::small_letters(has_invisible(text) ? without_invisible(text) : std::string{text});
  const std::string_view read = std::string_view{small}.substr(0, detail::extension_in(small));
  std::string digits;
  bool plus = false;
  std::size_t zero_at = 0;  // digits before a zero in brackets
  for (std::size_t i = 0; i < read.size(); ++i) {
    const char letter = read[i];
    if (letter == '+' && digits.empty()) plus = true;
    if (detail::is_digit(letter)) digits.push_back(letter);
    if (const std::size_t length = digits.empty() ? 0 : detail::bracketed_zero(read.substr(i))) {
      if (zero_at != 0) return std::nullopt;
      zero_at = digits.size();
      i += length - 1;
    }
  }
  const std::string_view all = digits;
  const auto of_russia = [&](std::string_view ten) -> std::optional<std::string> {
    if (!detail::in_russian_plan(ten)) return std::nullopt;
    return "+7" + std::string{ten};
  };
  const auto abroad = [&](std::string_view number) -> std::optional<std::string> {
    if (number.size() < 8 || number.size() > 15 || number.front() == '0') return std::nullopt;
    const std::size_t country = detail::country_digits(number);
    const bool belongs = detail::zero_belongs(number.substr(0, country));
    if (zero_at != 0) {
      if (country == 1 || zero_at != all.size() - number.size() + country) return std::nullopt;
      const std::string_view rest = number.substr(country);
      if (rest.starts_with('0')) return std::nullopt;
      return "+" + std::string{number.substr(0, country)} + (belongs ? "0" : "") + std::string{rest};
    }
    if (country > 1 && number[country] == '0' && !belongs) return std::nullopt;
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
  if (zero_at != 0) return std::nullopt;
  if (all.size() == 10) return of_russia(all);
  if (all.size() == 11 && (all.front() == '7' || all.front() == '8')) return of_russia(all.substr(1));
  if (all.size() == 12 && all.starts_with("78")) return of_russia(all.substr(2));
  return std::nullopt;
}

DEALTRAIL_INLINE std::string phone_extension(std::string_view text) {
  const std::string small = detail::small_letters(has_invisible(text) ? without_invisible(text) : std::string{text});
  std::string_view rest = std::string_view{small}.substr(detail::extension_in(small));
  while (!rest.empty() && !detail::is_digit(rest.front())) rest.remove_prefix(1);
  std::string digits;
  for (const char letter : rest) {
    if (detail::is_digit(letter)) {
      digits.push_back(letter);
    } else if (letter != ' ' && letter != '-' && letter != '(' && letter != ')') {
      break;
    }
  }
  constexpr std::size_t longest = 6;  // more is another number
  return digits.size() > longest ? std::string{} : digits;
}

}  // namespace dealtrail
