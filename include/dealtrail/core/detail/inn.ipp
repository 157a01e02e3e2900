#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/scan.hpp"
#include "dealtrail/core/inn.hpp"

namespace dealtrail {

DEALTRAIL_INLINE std::optional<std::string> normalise_inn(std::string_view text) {
  std::string digits;
  while (!text.empty()) {
    if (const std::size_t space = detail::space_at_front(text)) {
      text.remove_prefix(space);
      continue;
    }
    digits.push_back(text.front());
    text.remove_prefix(1);
  }
  if (!inn_valid(digits)) return std::nullopt;
  return digits;
}

}  // namespace dealtrail
