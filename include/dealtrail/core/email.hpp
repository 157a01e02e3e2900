#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/letters.hpp"
#include "dealtrail/core/detail/scan.hpp"

namespace dealtrail {

/// How addresses are compared.
struct EmailOptions {
  bool fold_gmail = false;  // a.nna+expo@gmail.com is anna@gmail.com, googlemail.com is gmail.com
};

/// The part after the @ of an address as `normalise_email` gives it.
[[nodiscard]] constexpr std::string_view email_domain(std::string_view normalised) noexcept {
  const std::size_t at = normalised.rfind('@');
  return at == std::string_view::npos ? std::string_view{} : normalised.substr(at + 1);
}

/// An e-mail address in small letters (Latin and Russian), the same for all spellings of it; nothing for what is no
/// address. Spaces around, `mailto:` in front and a dot, comma or semicolon behind are taken off. A domain of other
/// letters stays as written; it is not turned into xn--. O(length).
[[nodiscard]] inline std::optional<std::string> normalise_email(std::string_view text,
                                                                const EmailOptions& options = {}) {
  std::string small = detail::small_letters(detail::trimmed(text));
  std::string_view read = small;
  static_cast<void>(detail::take(read, "mailto:"));
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
  if (!options.fold_gmail || (domain != "gmail.com" && domain != "googlemail.com")) return std::string{read};
  std::string folded{read.substr(0, at)};
  folded.erase(std::min(folded.find('+'), folded.size()));
  std::erase(folded, '.');
  if (folded.empty()) return std::nullopt;
  return folded + "@gmail.com";
}

/// Whether anybody can open a box at this domain, so that it says nothing of a company.
[[nodiscard]] constexpr bool is_free_mail(std::string_view domain) noexcept {
  constexpr std::array<std::string_view, 56> free{
      "mail.ru",        "bk.ru",          "inbox.ru",     "list.ru",        "internet.ru",  "xmail.ru",   "vk.com",
      "yandex.ru",      "ya.ru",          "yandex.com",   "yandex.by",      "yandex.kz",    "yandex.ua",  "narod.ru",
      "rambler.ru",     "lenta.ru",       "ro.ru",        "autorambler.ru", "myrambler.ru", "rambler.ua", "gmail.com",
      "googlemail.com", "hotmail.com",    "hotmail.ru",   "outlook.com",    "outlook.ru",   "live.com",   "live.ru",
      "msn.com",        "yahoo.com",      "ymail.com",    "icloud.com",     "me.com",       "mac.com",    "aol.com",
      "proton.me",      "protonmail.com", "pm.me",        "gmx.com",        "gmx.de",       "gmx.net",    "web.de",
      "mail.com",       "zoho.com",       "tutanota.com", "ukr.net",        "i.ua",         "meta.ua",    "bigmir.net",
      "tut.by",         "mail.kz",        "inbox.lv",     "qip.ru",         "pochta.ru",    "qq.com",     "163.com"};
  return std::find(free.begin(), free.end(), domain) != free.end();
}

}  // namespace dealtrail
