#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "dealtrail/core/detail/letters.hpp"
#include "dealtrail/core/detail/punycode.hpp"
#include "dealtrail/core/detail/scan.hpp"
#include "dealtrail/core/encoding.hpp"
#include "dealtrail/core/invisible.hpp"
#include "dealtrail/core/phone.hpp"
#include "dealtrail/facts/fact_store.hpp"

namespace dealtrail::detail {

// The forms in which codes, numbers, tags and referrers of keys and touches are compared, whatever way they were
// written.

/// A number as `normalise_phone` gives it; what is no whole number (a short one, a name of a line) stands as it is
/// written.
[[nodiscard]] inline std::string normalised_number(std::string_view text) {
  if (auto number = normalise_phone(text)) return *std::move(number);
  return std::string{text};
}

/// A promo code without blanks, in small letters (Latin and Russian): as people type it. One of nothing but blanks
/// stands as it is written.
[[nodiscard]] inline std::string normalised_code(std::string_view text) {
  const std::string seen = has_invisible(text) ? without_invisible(text) : std::string{text};
  std::string form;
  for (const char letter : seen) {
    if (space_at_front({&letter, 1}) == 0) form.push_back(letter);
  }
  return form.empty() ? std::string{text} : small_letters(form);
}

/// A tag as it was meant, whether it stands decoded or as it was in the link: `%D0%B2` is its letter, and a plus, `%20`
/// and a blank are one. What is no UTF-8 when decoded, or nothing, stands as it is written.
[[nodiscard]] inline std::string normalised_tag(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto digit = [&](char c) { return digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c); };
  std::string form;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t high = text[i] == '%' && i + 2 < text.size() ? digit(text[i + 1]) : std::string_view::npos;
    const std::size_t low = high == std::string_view::npos ? high : digit(text[i + 2]);
    const bool escaped = low != std::string_view::npos;
    const char letter = escaped ? static_cast<char>(high * 16 + low) : text[i];
    if (escaped) i += 2;
    form.push_back(letter == '+' ? ' ' : letter);
  }
  return form.empty() || form.find('\0') != std::string::npos || !utf8_valid(form) ? std::string{text} : form;
}
/// Whether a tag may have another form than itself.
[[nodiscard]] inline bool is_encoded_tag(std::string_view text) noexcept {
  return text.find_first_of("+%") != std::string_view::npos;
}

/// What a pool key covers besides a single number: `+7495111*` (all that begin so) or `+74951112200..+74951112299`
/// (both ends included).
struct NumberSpan {
  std::string low;
  std::string high;  // empty: all that begin with `low`
  [[nodiscard]] bool covers(std::string_view form) const noexcept {
    if (high.empty()) return form.starts_with(low);
    return form.size() == low.size() && form >= low && form <= high &&
           form.find_first_not_of("0123456789", 1) == std::string_view::npos;
  }
};

[[nodiscard]] inline bool is_number_span(std::string_view value) noexcept {
  return value.ends_with('*') || value.find("..") != std::string_view::npos;
}

/// Nothing when the value is not a span of either sort: the ends are numbers of one length, the lower first; a prefix
/// begins with +, 00, 7 or 8.
[[nodiscard]] inline std::optional<NumberSpan> parse_number_span(std::string_view value) {
  if (value.ends_with('*')) {
    std::string low;
    for (const char c : value.substr(0, value.size() - 1)) {
      if ((c >= '0' && c <= '9') || (c == '+' && low.empty())) {
        low.push_back(c);
      } else if (c != ' ' && c != '-' && c != '(' && c != ')') {
        return std::nullopt;
      }
    }
    if (low.starts_with("00")) {
      low = "+" + low.substr(2);
    } else if (low.starts_with('8') || low.starts_with('7')) {
      low = "+7" + low.substr(1);
    }
    if (!low.starts_with('+') || low.size() < 2) return std::nullopt;
    return NumberSpan{low, {}};
  }
  const std::size_t dots = value.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  auto low = normalise_phone(value.substr(0, dots));
  auto high = normalise_phone(value.substr(dots + 2));
  if (!low.has_value() || !high.has_value() || low->size() != high->size() || *low > *high) return std::nullopt;
  return NumberSpan{*std::move(low), *std::move(high)};
}

/// Host and path of a page: without scheme, `www.`, port, final dot of the host, query, fragment and closing slashes,
/// the host in small letters, those of xn-- as they are shown. What has none of it stands as it is written.
[[nodiscard]] inline std::string normalised_referrer(std::string_view text) {
  const std::string seen = has_invisible(text) ? without_invisible(text) : std::string{};
  std::string_view page = seen.empty() ? text : std::string_view{seen};
  if (const std::size_t scheme = page.find("://"); scheme != std::string_view::npos) {
    page.remove_prefix(scheme + 3);
  } else if (page.starts_with("//")) {
    page.remove_prefix(2);
  }
  page = page.substr(0, page.find_first_of("?#"));
  while (page.ends_with('/')) page.remove_suffix(1);
  const std::size_t slash = std::min(page.find('/'), page.size());
  std::string host = small_letters(page.substr(0, slash));
  if (const std::size_t port = host.rfind(':'); port != std::string::npos && port + 1 < host.size() && port > 0) {
    if (host.find_first_not_of("0123456789", port + 1) == std::string::npos && host.find(':') == port) host.erase(port);
  }
  if (host.size() > 1 && host.ends_with('.')) host.pop_back();
  if (host.starts_with("www.")) host.erase(0, 4);
  std::string form = small_letters(host_in_letters(host)) + std::string{page.substr(slash)};
  return form.empty() ? std::string{text} : form;
}

/// The texts of one field of touches in their forms: from text to form, and forms in order, so that those under a
/// prefix or in a span are found.
class KeyNormalizer {
 public:
  /// Takes the form of a text into `store`'s texts.
  template <class Form>
  RowId learn(FactStore& store, RowId text, const Form& form_of) {
    const auto [known, is_new] = by_text_.try_emplace(text, no_row);
    if (!is_new) return known->second;
    std::string form = form_of(store.texts().text(text));
    known->second = store.texts().intern(form);
    in_order_.try_emplace(std::move(form), known->second);
    return known->second;
  }

  /// no_slot for a text that no touch has had.
  [[nodiscard]] RowId of(RowId text) const noexcept {
    const auto known = by_text_.find(text);
    return known == by_text_.end() ? no_row : known->second;
  }

  /// Calls `visit(form slot, form)` from the first form that is not before `low`, as long as `keep(form)` holds.
  template <class Keep, class Visit>
  void for_each_from(std::string_view low, const Keep& keep, Visit&& visit) const {
    for (auto form = in_order_.lower_bound(low); form != in_order_.end() && keep(form->first); ++form) {
      visit(form->second, std::string_view{form->first});
    }
  }

 private:
  std::unordered_map<RowId, RowId> by_text_;
  std::map<std::string, RowId, std::less<>> in_order_;
};

}  // namespace dealtrail::detail
