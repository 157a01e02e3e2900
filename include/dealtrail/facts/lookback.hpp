// engine
#pragma once

#include <cstdint>
#include <string>

#include "dealtrail/core/error.hpp"

namespace dealtrail::detail {

// A look-back is of no day to a hundred years.
inline void check_lookback_days(std::int64_t days) {
  constexpr std::int64_t longest_days = 36'500;
  if (days < 0 || days > longest_days)
    throw Error(ErrorCode::invalid_argument, "lookback_days out of range: " + std::to_string(days), {}, "0 to 36500");
}

}  // namespace dealtrail::detail
