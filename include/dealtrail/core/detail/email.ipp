#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/letters.hpp"
#include "dealtrail/core/detail/punycode.hpp"
#include "dealtrail/core/detail/scan.hpp"
#include "dealtrail/core/email.hpp"
#include "dealtrail/core/invisible.hpp"

namespace dealtrail {

DEALTRAIL_INLINE std::optional<std::string> normalise_email(std::string_view text, const EmailOptions& options) {
  std::string small = detail::small_letters(detail::trimmed(without_invisible(text)));
  std::string_view read = small;
  // The address of a link ends where its subject and other fields begin.
  if (detail::take(read, "mailto:")) read = read.substr(0, read.find('?'));
  read = detail::trimmed(read);
  while (!read.empty() && (read.back() == '.' || read.back() == ',' || read.back() == ';')) read.remove_suffix(1);
  constexpr std::size_t longest = 254;  // RFC 5321 with its erratum 1690
  const std::size_t at = read.find('@');
  if (read.size() > longest || at == 0 || at == std::string_view::npos) return std::nullopt;
  const std::string_view domain = read.substr(at + 1);
  if (domain.find('.') == std::string_view::npos || domain.front() == '.' || domain.back() == '.') return std::nullopt;
  if (domain.find("..") != std::string_view::npos) return std::nullopt;
  constexpr std::string_view never = " \t\r\n,;:<>()[]\"\\";
  const auto stray = [&](char letter) {
    return never.find(letter) != std::string_view::npos || static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F;
  };
  if (std::any_of(read.begin(), read.end(), stray) || domain.find('@') != std::string_view::npos) return std::nullopt;
  if (!options.fold_gmail || (domain != "gmail.com" && domain != "googlemail.com")) {
    std::string letters = detail::small_letters(detail::host_in_letters(domain));
    if (letters == domain || std::any_of(letters.begin(), letters.end(), stray) ||
        letters.find('@') != std::string::npos)
      return std::string{read};
    return std::string{read.substr(0, at + 1)} + letters;
  }
  std::string folded{read.substr(0, at)};
  folded.erase(std::min(folded.find('+'), folded.size()));
  std::erase(folded, '.');
  if (folded.empty()) return std::nullopt;
  return folded + "@gmail.com";
}

}  // namespace dealtrail
