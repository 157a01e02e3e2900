#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"

// Shares of a model as whole billionths: 0.225 is 225 000 000 of them, exactly.
namespace dealtrail::detail {

inline constexpr std::uint64_t billion = 1'000'000'000;

struct Billionths {
  std::uint64_t count = 0;
  [[nodiscard]] std::string text() const {
    std::string digits = to_decimal_text(static_cast<std::int64_t>(count), 9);
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
    return digits;
  }
};

// To the nearest billionth.
[[nodiscard]] inline Billionths billionths(double share, std::string_view name) {
  if (!(share >= 0 && share <= 1)) {
    throw Error(ErrorCode::invalid_argument, "the share of " + std::string{name} + " is out of range", {}, "0 to 1");
  }
  return {static_cast<std::uint64_t>(std::llround(share * static_cast<double>(billion)))};
}

[[nodiscard]] inline std::uint64_t what_is_left(std::uint64_t taken, std::string_view names) {
  if (taken > billion) {
    throw Error(ErrorCode::invalid_argument, "the shares of " + std::string{names} + " are more than 1", {},
                "what they leave goes to the other touches");
  }
  return billion - taken;
}

}  // namespace dealtrail::detail
