#pragma once

namespace dealtrail::detail {

// The few functions of <cmath> that headers need, from the compiler itself: <cmath> also brings the Bessel functions
// and their friends, which every file would parse.
[[nodiscard]] constexpr bool is_nan(double value) noexcept { return __builtin_isnan(value) != 0; }
[[nodiscard]] constexpr bool is_finite(double value) noexcept { return __builtin_isfinite(value) != 0; }
[[nodiscard]] constexpr double absolute(double value) noexcept { return __builtin_fabs(value); }
[[nodiscard]] inline double floor_of(double value) noexcept { return __builtin_floor(value); }
[[nodiscard]] inline double nearest(double value) noexcept { return __builtin_nearbyint(value); }
[[nodiscard]] inline double square_root(double value) noexcept { return __builtin_sqrt(value); }
[[nodiscard]] inline double power(double base, int exponent) noexcept { return __builtin_pow(base, exponent); }
[[nodiscard]] inline double scaled_by_two(double value, int exponent) noexcept {
  return __builtin_ldexp(value, exponent);
}

}  // namespace dealtrail::detail
