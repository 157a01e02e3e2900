#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/core/currency.hpp"

namespace dealtrail::detail {

// What a message calls a currency that may be none.
[[nodiscard]] inline std::string currency_words(Currency currency) {
  if (!currency.empty()) return std::string{currency.code()};
  return currency.places() == 2 ? "no currency" : "no currency with " + std::to_string(currency.places()) + " places";
}

// The text of a currency in the bytes of a state: its code, "" for none, ".4" for none with four places.
[[nodiscard]] inline std::string stored_currency(Currency currency) {
  if (!currency.empty()) return std::string{currency.code()};
  return currency.places() == 2 ? std::string{} : "." + std::to_string(currency.places());
}

[[nodiscard]] inline std::optional<Currency> currency_stored(std::string_view text) noexcept {
  if (text.empty()) return Currency{};
  if (text.size() == 2 && text[0] == '.' && text[1] >= '0' && text[1] <= '9' && text[1] != '2')
    return Currency::none(text[1] - '0');
  return Currency::find(text);
}

}  // namespace dealtrail::detail
