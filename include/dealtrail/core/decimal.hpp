#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "dealtrail/core/detail/int128.hpp"

namespace dealtrail {

/// The compiler's 128-bit signed integer: what Arrow's decimal128 holds.
using Int128 = detail::int128;

/// An exact decimal number, mantissa / 10^scale: "12.50" is {1250, 2}. `==` compares the two fields, so {125, 1}
/// differs from it.
struct Decimal {
  Int128 mantissa = 0;
  std::int32_t scale = 0;
  friend constexpr bool operator==(const Decimal&, const Decimal&) noexcept = default;
};

namespace detail {

inline constexpr int max_decimal_digits = 38;  // 10^38 < 2^127

[[nodiscard]] constexpr int128 power_of_ten(int exponent) noexcept {
  int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace detail

/// The number in units of 10^-decimals (minor units of money, for one), if it is exactly a whole number of them that
/// fits in 64 bits. Nothing is ever rounded: 12.5 has no value in whole units. Any scale and decimals, negative ones
/// too.
[[nodiscard]] constexpr std::optional<std::int64_t> to_units(const Decimal& number, int decimals) noexcept {
  if (number.mantissa == 0) return 0;
  const std::int64_t shift = std::int64_t{decimals} - number.scale;
  if (shift > detail::max_decimal_digits || shift < -detail::max_decimal_digits) return std::nullopt;
  Int128 units = number.mantissa;
  if (shift >= 0) {
    if (__builtin_mul_overflow(units, detail::power_of_ten(static_cast<int>(shift)), &units)) return std::nullopt;
  } else {
    const Int128 power = detail::power_of_ten(static_cast<int>(-shift));
    if (units % power != 0) return std::nullopt;
    units /= power;
  }
  if (units < std::numeric_limits<std::int64_t>::min() || units > std::numeric_limits<std::int64_t>::max())
    return std::nullopt;
  return static_cast<std::int64_t>(units);
}

namespace detail {

// The nearest whole number of units of 10^-decimals, half to even; nothing beyond 64 bits.
[[nodiscard]] constexpr std::optional<std::int64_t> to_nearest_units(const Decimal& number, int decimals) noexcept {
  if (const auto exact = to_units(number, decimals)) return exact;
  const std::int64_t shift = std::int64_t{decimals} - number.scale;
  if (shift >= 0) return std::nullopt;        // too large
  if (shift < -max_decimal_digits) return 0;  // 38 digits reach less than half a unit
  const Int128 power = power_of_ten(static_cast<int>(-shift));
  Int128 units = number.mantissa / power;
  const Int128 rest = number.mantissa < 0 ? -(number.mantissa % power) : number.mantissa % power;
  if (rest > power - rest || (rest == power - rest && units % 2 != 0)) units += number.mantissa < 0 ? -1 : 1;
  if (units < std::numeric_limits<std::int64_t>::min() || units > std::numeric_limits<std::int64_t>::max())
    return std::nullopt;
  return static_cast<std::int64_t>(units);
}

// Whether a number that was a binary fraction on its way is `units` of 10^-decimals: the difference is at most 10^-12
// of the number and a hundredth of a unit.
[[nodiscard]] constexpr bool is_float_noise(const Decimal& number, std::int64_t units, int decimals) noexcept {
  const std::int64_t shift = std::int64_t{number.scale} - decimals;
  if (shift < 0 || shift > max_decimal_digits) return false;
  Int128 whole = 0;
  if (__builtin_mul_overflow(Int128{units}, power_of_ten(static_cast<int>(shift)), &whole)) return false;
  const Int128 apart = whole > number.mantissa ? whole - number.mantissa : number.mantissa - whole;
  const Int128 size = number.mantissa < 0 ? -number.mantissa : number.mantissa;
  return apart <= size / 1'000'000'000'000 && apart <= power_of_ten(static_cast<int>(shift)) / 100;
}

}  // namespace detail

/// "12.50" of {1250, 2}: all digits of the scale are printed; a negative scale prints zeros.
[[nodiscard]] inline std::string to_text(const Decimal& number) {
  auto magnitude = number.mantissa < 0 ? 0 - static_cast<detail::uint128>(number.mantissa)
                                       : static_cast<detail::uint128>(number.mantissa);
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(magnitude % 10)));
    magnitude /= 10;
  } while (magnitude != 0);
  if (number.scale < 0 && number.mantissa != 0)
    digits.append(static_cast<std::size_t>(-std::int64_t{number.scale}), '0');
  if (number.scale > 0) {
    const auto places = static_cast<std::size_t>(number.scale);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  if (number.mantissa < 0) digits.insert(0, 1, '-');
  return digits;
}

}  // namespace dealtrail
