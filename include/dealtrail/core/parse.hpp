#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "dealtrail/core/detail/scan.hpp"
#include "dealtrail/core/encoding.hpp"
#include "dealtrail/core/parse_number.hpp"
#include "dealtrail/core/parse_time.hpp"

namespace dealtrail {

namespace detail {

// Small letter of an ASCII or Russian one-or-two-byte letter run, compared without allocating.
[[nodiscard]] constexpr bool same_word(std::string_view text, std::string_view lower) noexcept {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    const bool ascii_capital = letter >= 'A' && letter <= 'Z';
    if ((ascii_capital ? static_cast<char>(letter + ('a' - 'A')) : letter) != lower[i]) return false;
  }
  return true;
}

}  // namespace detail

/// Yes or no as CRMs write it: Y/N, yes/no, true/false, t/f, 1/0, on/off, да/нет, д/н; any case, spaces around.
/// Nothing for anything else, also for an empty text: no value is not "no".
[[nodiscard]] constexpr std::optional<bool> parse_boolean(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 11> yes{"y", "yes", "true", "1", "t", "on", "да", "Да", "ДА", "д", "Д"};
  constexpr std::array<std::string_view, 11> no{"n", "no", "false", "0", "f", "off", "нет", "Нет", "НЕТ", "н", "Н"};
  text = detail::trimmed(text);
  for (const std::string_view word : yes) {
    if (detail::same_word(text, word)) return true;
  }
  for (const std::string_view word : no) {
    if (detail::same_word(text, word)) return false;
  }
  return std::nullopt;
}

}  // namespace dealtrail
