#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/detail/int128.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail {

/// Sum of two whole numbers.
/// @throws Error overflow if it does not fit in 64 bits.
[[nodiscard]] inline std::int64_t checked_add(std::int64_t left, std::int64_t right) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(left, right, &sum)) {
    throw Error(ErrorCode::overflow,
                "sum does not fit in 64 bits: " + std::to_string(left) + " + " + std::to_string(right));
  }
  return sum;
}

/// Product of two whole numbers.
/// @throws Error overflow if it does not fit in 64 bits.
[[nodiscard]] inline std::int64_t checked_multiply(std::int64_t left, std::int64_t right) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(left, right, &product)) {
    throw Error(ErrorCode::overflow,
                "product does not fit in 64 bits: " + std::to_string(left) + " * " + std::to_string(right));
  }
  return product;
}

/// Exact amount: a whole number of minor units (kopecks, cents) in one currency.
/// Different currencies never mix: `+` and `-` throw currency_mismatch, `==` is false; no currency is a currency of its
/// own.
/// @throws Error overflow where a result does not fit in 64 bits; nothing ever wraps.
struct Money {
  std::int64_t minor = 0;
  Currency currency;

  friend constexpr bool operator==(const Money&, const Money&) noexcept = default;
  friend Money operator+(const Money& left, const Money& right);
  friend Money operator-(const Money& left, const Money& right);
  friend Money operator-(const Money& amount);
  Money& operator+=(const Money& other) { return *this = *this + other; }
  Money& operator-=(const Money& other) { return *this = *this - other; }
};

/// "1204.50" of 120450 minor units with 2 decimals; "-0.05", "7" with 0 decimals. All of int64 is printed exactly.
/// @throws Error invalid_argument if decimals is outside 0…18.
[[nodiscard]] inline std::string to_decimal_text(std::int64_t minor, int decimals) {
  if (decimals < 0 || decimals > 18) {
    throw Error(ErrorCode::invalid_argument, "decimals outside 0 to 18: " + std::to_string(decimals));
  }
  const auto magnitude = minor < 0 ? 0 - static_cast<std::uint64_t>(minor) : static_cast<std::uint64_t>(minor);
  std::string digits = std::to_string(magnitude);
  const auto places = static_cast<std::size_t>(decimals);
  if (places > 0) {
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  if (minor < 0) digits.insert(0, 1, '-');
  return digits;
}

/// "1204.50 RUB"; an amount without a currency is printed with 2 decimals and no code.
[[nodiscard]] inline std::string to_text(const Money& amount) {
  std::string text = to_decimal_text(amount.minor, decimals(amount.currency));
  if (!amount.currency.empty()) {
    text += ' ';
    text += amount.currency.code();
  }
  return text;
}

namespace detail {

inline void require_same_currency(const Money& left, const Money& right) {
  if (left.currency != right.currency) {
    throw Error(ErrorCode::currency_mismatch, "amounts of two currencies: " + to_text(left) + " and " + to_text(right),
                {}, "convert one of them by a named rate first");
  }
}

}  // namespace detail

inline Money operator+(const Money& left, const Money& right) {
  detail::require_same_currency(left, right);
  return {checked_add(left.minor, right.minor), left.currency};
}
inline Money operator-(const Money& left, const Money& right) {
  detail::require_same_currency(left, right);
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(left.minor, right.minor, &difference)) {
    throw Error(ErrorCode::overflow, "difference does not fit in 64 bits: " + std::to_string(left.minor) + " - " +
                                         std::to_string(right.minor));
  }
  return {difference, left.currency};
}
inline Money operator-(const Money& amount) { return Money{0, amount.currency} - amount; }

/// Exact running sum of minor units in 128 bits: any 2^63 amounts of any size add up without loss, in any order, and a
/// sum that leaves 64 bits on the way may come back. The currency is the caller's. An empty sum is 0.
class MoneySum {
 public:
  constexpr MoneySum() noexcept = default;
  explicit constexpr MoneySum(std::int64_t minor) noexcept : sum_(minor) {}

  constexpr void add(std::int64_t minor) noexcept { sum_ += minor; }
  constexpr void subtract(std::int64_t minor) noexcept { sum_ -= minor; }
  /// Adds another sum. @throws Error overflow if the result does not fit in 128 bits; nothing is changed then.
  constexpr void merge(const MoneySum& other) {
    detail::int128 result = 0;
    if (__builtin_add_overflow(sum_, other.sum_, &result)) fail();
    sum_ = result;
  }
  /// Takes another sum away. @throws Error overflow as above.
  constexpr void subtract(const MoneySum& other) {
    detail::int128 result = 0;
    if (__builtin_sub_overflow(sum_, other.sum_, &result)) fail();
    sum_ = result;
  }

  /// True if the sum fits in 64 bits.
  [[nodiscard]] constexpr bool fits() const noexcept {
    return sum_ >= std::numeric_limits<std::int64_t>::min() && sum_ <= std::numeric_limits<std::int64_t>::max();
  }
  /// The sum in minor units. @throws Error overflow if it does not fit in 64 bits.
  [[nodiscard]] constexpr std::int64_t total() const {
    if (!fits()) {
      throw Error(ErrorCode::overflow, "sum of money does not fit in 64 bits", {},
                  "use a larger minor unit or fewer rows");
    }
    return static_cast<std::int64_t>(sum_);
  }
  /// The sum as an amount. @throws Error overflow as above.
  [[nodiscard]] constexpr Money total(const Currency& currency) const { return {total(), currency}; }
  /// The sum as the nearest double, for ratios only.
  [[nodiscard]] constexpr double approximate() const noexcept { return static_cast<double>(sum_); }
  /// -1, 0 or 1.
  [[nodiscard]] constexpr int sign() const noexcept { return (sum_ > 0) - (sum_ < 0); }

  /// The two halves of the 128 bits (two's complement), for storage; `from_halves` puts them together again.
  [[nodiscard]] constexpr std::int64_t high() const noexcept { return static_cast<std::int64_t>(sum_ >> 64); }
  [[nodiscard]] constexpr std::uint64_t low() const noexcept { return static_cast<std::uint64_t>(sum_); }
  [[nodiscard]] static constexpr MoneySum from_halves(std::int64_t high, std::uint64_t low) noexcept {
    MoneySum sum;
    sum.sum_ =
        static_cast<detail::int128>((static_cast<detail::uint128>(static_cast<std::uint64_t>(high)) << 64) | low);
    return sum;
  }

  friend constexpr bool operator==(const MoneySum&, const MoneySum&) noexcept = default;
  friend constexpr auto operator<=>(const MoneySum&, const MoneySum&) noexcept = default;

 private:
  [[noreturn]] static void fail() { throw Error(ErrorCode::overflow, "sum of money does not fit in 128 bits"); }

  detail::int128 sum_ = 0;
};

}  // namespace dealtrail
