#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"

// Values of rule models: exact, in units of 2^-48 minor unit, until a result is told in whole minor units.
namespace dealtrail::detail {

inline constexpr int unit_bits = std::countr_zero(static_cast<std::uint64_t>(units_per_conversion));

[[noreturn]] inline void refuse_value() { throw Error(ErrorCode::overflow, "a sum of values does not fit in 64 bits"); }

inline void add_exact(CreditUnits& to, CreditUnits more) {
  if (__builtin_add_overflow(to, more, &to)) refuse_value();
}

// Whether so many values, each of at most so many bits, add up within 128 bits as exact ones.
[[nodiscard]] inline bool fits_exact(std::uint64_t bits_of_values, std::size_t count) noexcept {
  constexpr int room = 126 - unit_bits;
  return static_cast<int>(std::bit_width(bits_of_values)) + static_cast<int>(std::bit_width(count)) <= room;
}

[[nodiscard]] inline std::int64_t minor_of_exact(CreditUnits exact) {
  const CreditUnits whole = exact >> unit_bits;
  if (whole > std::numeric_limits<std::int64_t>::max() || whole < std::numeric_limits<std::int64_t>::min())
    refuse_value();
  return static_cast<std::int64_t>(whole);
}

// Exact values as decimals of 15 places: what is written of a part. Half a unit of the last place goes up.
class ExactDecimals {
 public:
  static constexpr int places = 15;
  explicit ExactDecimals(int decimals_of_minor) noexcept : per_minor_(power_of_ten(places - decimals_of_minor)) {}

  [[nodiscard]] Decimal of(CreditUnits exact) const noexcept {
    const CreditUnits whole = exact >> unit_bits;
    const CreditUnits rest = exact - whole * units_per_conversion;
    return {whole * per_minor_ + ((rest * per_minor_ + units_per_conversion / 2) >> unit_bits), places};
  }
  [[nodiscard]] Decimal of_minor(std::int64_t minor) const noexcept { return {minor * per_minor_, places}; }

 private:
  Int128 per_minor_;
};

// Whole minor units by largest remainder, ties to the lower place: each less than one from its exact value, and what
// adds up to whole minor units does so still. The parts of -x are minus the parts of x.
[[nodiscard]] inline std::vector<std::int64_t> whole_values(std::span<const CreditUnits> exact) {
  CreditUnits sum = 0;
  for (const CreditUnits one : exact) add_exact(sum, one);
  const int sign = sum < 0 ? -1 : 1;
  std::vector<std::int64_t> whole;
  std::vector<std::size_t> places;  // of those that are not whole
  CreditUnits odd = 0;
  const auto remainder = [&](std::size_t place) { return exact[place] * sign & (units_per_conversion - 1); };
  for (std::size_t place = 0; place < exact.size(); ++place) {
    whole.push_back(minor_of_exact(exact[place] * sign));
    if (remainder(place) == 0) continue;
    odd += remainder(place);
    places.push_back(place);
  }
  const auto more = places.begin() + static_cast<std::ptrdiff_t>(odd / units_per_conversion);
  std::nth_element(places.begin(), more, places.end(), [&](std::size_t lhs, std::size_t rhs) {
    return remainder(lhs) != remainder(rhs) ? remainder(lhs) > remainder(rhs) : lhs < rhs;
  });
  for (auto place = places.begin(); place != more; ++place) whole[*place] = checked_add(whole[*place], 1);
  for (std::int64_t& one : whole) one *= sign;
  return whole;
}

}  // namespace dealtrail::detail
