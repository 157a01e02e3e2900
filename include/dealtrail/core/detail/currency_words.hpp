#pragma once

#include <string>

#include "dealtrail/core/currency.hpp"

namespace dealtrail::detail {

// What a message calls a currency that may be none.
[[nodiscard]] inline std::string currency_words(Currency currency) {
  return currency.empty() ? "no currency" : std::string{currency.code()};
}

}  // namespace dealtrail::detail
