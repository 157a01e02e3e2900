#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/letters.hpp"
#include "dealtrail/core/detail/scan.hpp"
#include "dealtrail/core/email.hpp"
#include "dealtrail/core/inn.hpp"
#include "dealtrail/core/invisible.hpp"
#include "dealtrail/core/phone.hpp"
#include "dealtrail/facts/kinds.hpp"
#include "dealtrail/identity/placeholders.hpp"

namespace dealtrail::detail {

/// What may say who somebody is, in the order in which it is believed.
enum class KeyKind : std::uint8_t { inn, phone, email, telegram, client_id };

[[nodiscard]] constexpr std::string_view to_string(KeyKind kind) noexcept {
  switch (kind) {
    case KeyKind::inn: return "inn";
    case KeyKind::phone: return "phone";
    case KeyKind::email: return "email";
    case KeyKind::telegram: return "telegram";
    case KeyKind::client_id: break;
  }
  return "client_id";
}

// A key is kept as one text: the place of its kind as a digit, then the value. Texts so order as kinds do.
[[nodiscard]] constexpr KeyKind kind_of_key(std::string_view key) noexcept {
  return static_cast<KeyKind>(key.front() - '0');
}
[[nodiscard]] constexpr std::string_view value_of_key(std::string_view key) noexcept { return key.substr(1); }

// A Telegram name without @ and address in front; a number is a name, too.
[[nodiscard]] inline std::optional<std::string> normalise_telegram(std::string_view text) {
  std::string small = small_letters(trimmed(text));
  std::string_view name = small;
  constexpr std::string_view address = "t.me/";
  if (const std::size_t place = name.rfind(address); place != std::string_view::npos)
    name.remove_prefix(place + address.size());
  static_cast<void>(take(name, "@"));
  const auto fits = [](char letter) { return is_digit(letter) || (letter >= 'a' && letter <= 'z') || letter == '_'; };
  if (name.size() < 4 || name.size() > 32 || !std::all_of(name.begin(), name.end(), fits)) return std::nullopt;
  return std::string{name};
}

/// The key that a value is; nothing when it is no phone, address, name or number at all, or a placeholder.
[[nodiscard]] inline std::optional<std::string> identity_key(KeyKind kind, std::string_view value) {
  std::string seen;
  if (has_invisible(value)) value = seen = without_invisible(value);
  std::optional<std::string> normal;
  switch (kind) {
    case KeyKind::inn: normal = normalise_inn(value); break;
    case KeyKind::phone: normal = normalise_phone(value); break;
    case KeyKind::email: normal = normalise_email(value); break;
    case KeyKind::telegram: normal = normalise_telegram(value); break;
    case KeyKind::client_id:
      if (const std::string_view id = trimmed(value); !id.empty()) normal = std::string{id};
      break;
  }
  if (!normal.has_value()) return normal;
  const bool words = kind == KeyKind::email || kind == KeyKind::telegram || kind == KeyKind::client_id;
  if (words && is_placeholder(*normal)) return std::nullopt;
  normal->insert(normal->begin(), static_cast<char>('0' + static_cast<int>(kind)));
  return normal;
}

/// One of the contacts that a cell states.
struct StatedContact {
  std::string key;
  std::string extension{};  // of a phone
};

/// The keys of a cell of contacts, each once, in the order in which they are written. Phones and addresses may be
/// several: apart by a comma, semicolon, slash, bar or line end, or by blanks when every word is one of them.
[[nodiscard]] inline std::vector<StatedContact> stated_contacts(KeyKind kind, std::string_view value) {
  std::vector<StatedContact> contacts;
  const auto add = [&](std::string_view part) {
    auto key = identity_key(kind, part);
    if (!key.has_value()) return false;
    const auto same = [&](const StatedContact& one) { return one.key == *key; };
    if (std::none_of(contacts.begin(), contacts.end(), same))
      contacts.push_back({*std::move(key), kind == KeyKind::phone ? phone_extension(part) : std::string{}});
    return true;
  };
  if (kind != KeyKind::phone && kind != KeyKind::email) {
    add(value);
    return contacts;
  }
  constexpr std::string_view marks = ",;/|\r\n";
  if (value.find_first_of(marks) == std::string_view::npos) {
    if (add(value)) return contacts;
    std::string seen;
    if (has_invisible(value)) value = seen = without_invisible(value);
    bool all = true;
    for (std::string_view rest = trimmed(value); !rest.empty();) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      all = all && add(rest.substr(0, end));
      rest = trimmed(rest.substr(end));
    }
    if (!all) contacts.clear();
    return contacts;
  }
  // A part that is no number of its own belongs to the one before it: an extension behind a comma.
  std::string_view before;
  for (std::size_t begin = 0; begin <= value.size();) {
    const std::size_t end = std::min(value.find_first_of(marks, begin), value.size());
    const std::string_view part = value.substr(begin, end - begin);
    if (identity_key(kind, part).has_value()) {
      if (!before.empty()) add(before);
      before = part;
    } else if (!before.empty() && kind == KeyKind::phone) {
      before = value.substr(static_cast<std::size_t>(before.data() - value.data()),
                            end - static_cast<std::size_t>(before.data() - value.data()));
      if (!identity_key(kind, before).has_value()) before = before.substr(0, before.size() - part.size() - 1);
    }
    begin = end + 1;
  }
  if (!before.empty()) add(before);
  if (contacts.empty()) add(value);
  return contacts;
}

/// Why a key, however few hold it, says nothing of cards of this kind; empty when it does.
[[nodiscard]] constexpr std::string_view no_identity(Kind cards, std::string_view key) noexcept {
  if (cards == Kind::companies && kind_of_key(key) == KeyKind::email && is_free_mail(email_domain(key)))
    return "free_mail";
  if (cards == Kind::people && kind_of_key(key) == KeyKind::phone && is_business_line(value_of_key(key)))
    return "business_line";
  return {};
}

}  // namespace dealtrail::detail
