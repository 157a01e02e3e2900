#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/scan.hpp"

namespace dealtrail {

namespace detail {

// The check digit of a Russian taxpayer number over the digits before it.
[[nodiscard]] constexpr char inn_check_digit(std::string_view digits, std::span<const int> weights) noexcept {
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * (digits[i] - '0');
  return static_cast<char>('0' + sum % 11 % 10);
}

}  // namespace detail

/// Whether these are the ten digits (a legal entity) or twelve (a person, a sole trader) of a Russian taxpayer number
/// (INN) whose check digits are right. All zeros are refused. A key, not a proof: a digit typed wrong is mostly, not
/// always, found. Source: the weights published by the Federal Tax Service.
[[nodiscard]] constexpr bool inn_valid(std::string_view digits) noexcept {
  constexpr std::array<int, 11> weights{3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8};
  const std::span<const int> all{weights};
  bool zeros = true;
  for (const char digit : digits) {
    if (!detail::is_digit(digit)) return false;
    zeros = zeros && digit == '0';
  }
  if (zeros) return false;
  if (digits.size() == 10) return detail::inn_check_digit(digits, all.subspan(2)) == digits[9];
  return digits.size() == 12 && detail::inn_check_digit(digits, all.subspan(1)) == digits[10] &&
         detail::inn_check_digit(digits, all) == digits[11];
}

/// The digits of a valid INN, spaces taken out; nothing for anything else. Digits are never added: a number that lost
/// its leading zero in a spreadsheet gives nothing.
[[nodiscard]] std::optional<std::string> normalise_inn(std::string_view text);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/core/detail/inn.ipp>
#endif
