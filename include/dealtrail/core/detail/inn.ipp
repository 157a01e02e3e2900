#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/scan.hpp"
#include "dealtrail/core/inn.hpp"
#include "dealtrail/core/invisible.hpp"

namespace dealtrail {

DEALTRAIL_INLINE std::optional<std::string> normalise_inn(std::string_view text) {
  std::string digits;
  for (const char letter : without_invisible(text)) {
    if (detail::space_at_front({&letter, 1}) == 0) digits.push_back(letter);
  }
  if (!inn_valid(digits)) return std::nullopt;
  return digits;
}

}  // namespace dealtrail
