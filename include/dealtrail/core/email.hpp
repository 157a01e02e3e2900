#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/core/config.hpp"

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
/// address. Invisible letters, spaces around, `mailto:` in front (and then what follows a ?) and a dot, comma or
/// semicolon behind are taken off. A domain written as xn-- is the one of its letters (RFC 3492). O(length).
[[nodiscard]] std::optional<std::string> normalise_email(std::string_view text, const EmailOptions& options = {});

/// Whether anybody can open a box at this domain, so that it says nothing of a company.
[[nodiscard]] constexpr bool is_free_mail(std::string_view domain) noexcept {
  constexpr std::string_view free =
      " mail.ru bk.ru inbox.ru list.ru internet.ru xmail.ru vk.com yandex.ru ya.ru yandex.com yandex.by "
      "yandex.kz yandex.ua narod.ru rambler.ru lenta.ru ro.ru autorambler.ru myrambler.ru rambler.ua "
      "gmail.com googlemail.com hotmail.com hotmail.ru outlook.com outlook.ru live.com live.ru msn.com "
      "yahoo.com ymail.com icloud.com me.com mac.com aol.com proton.me protonmail.com pm.me gmx.com gmx.de "
      "gmx.net web.de mail.com zoho.com tutanota.com ukr.net i.ua meta.ua bigmir.net tut.by mail.kz "
      "inbox.lv qip.ru pochta.ru qq.com 163.com ";
  if (domain.empty() || domain.find(' ') != std::string_view::npos) return false;
  for (std::size_t at = free.find(domain); at != std::string_view::npos; at = free.find(domain, at + 1)) {
    if (free[at - 1] == ' ' && free[at + domain.size()] == ' ') return true;
  }
  return false;
}

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/core/detail/email.ipp>
#endif
