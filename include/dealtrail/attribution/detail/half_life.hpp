#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "dealtrail/core/detail/int128.hpp"

namespace dealtrail::detail {

// Powers of one half as whole numbers: 2^62 * 2^-(age / half_life), by our own tables, the same on every machine. Off
// by at most a few units in 2^60.
class HalfLife {
 public:
  explicit HalfLife(std::uint64_t half_life) noexcept : half_life_(half_life) {
    // 2^-(2^-i), by one square root after another; then, for each byte of the fraction, the products of its bits.
    std::array<std::uint64_t, 32> roots{};
    std::uint64_t power = one / 2;
    for (std::uint64_t& root : roots) {
      power = square_root(power);
      root = power;
    }
    for (std::size_t byte = 0; byte < tables_.size(); ++byte) {
      for (std::size_t bits = 0; bits < tables_[byte].size(); ++bits) {
        std::uint64_t product = one;
        for (std::size_t bit = 0; bit < 8; ++bit) {
          if ((bits >> (7 - bit) & 1U) != 0) product = times(product, roots[byte * 8 + bit]);
        }
        tables_[byte][bits] = product;
      }
    }
  }

  [[nodiscard]] std::uint64_t weight(std::uint64_t age) const noexcept {
    const std::uint64_t halves = age / half_life_;
    if (halves > 62) return 0;
    const auto fraction = static_cast<std::uint64_t>((static_cast<uint128>(age % half_life_) << 64U) / half_life_);
    std::uint64_t power = tables_[0][fraction >> 56U];
    power = times(power, tables_[1][fraction >> 48U & 255U]);
    power = times(power, tables_[2][fraction >> 40U & 255U]);
    power = times(power, tables_[3][fraction >> 32U & 255U]);
    constexpr std::uint64_t log_of_two = 2'977'044'472;  // in units of 2^-32
    const std::uint64_t rest = (fraction & 0xFFFF'FFFFU) * log_of_two >> 32U;
    power -= (power >> 32U) * rest >> 32U;  // 2^-x is 1 - x ln 2 for an x below 2^-32
    return power >> halves;
  }

 private:
  static constexpr std::uint64_t one = std::uint64_t{1} << 62U;

  static std::uint64_t times(std::uint64_t lhs, std::uint64_t rhs) noexcept {
    return static_cast<std::uint64_t>((static_cast<uint128>(lhs) * rhs + one / 2) >> 62U);
  }
  // Of a number below 1 in units of 2^-62, bit by bit.
  static std::uint64_t square_root(std::uint64_t number) noexcept {
    const uint128 square = static_cast<uint128>(number) << 62U;
    std::uint64_t root = 0;
    for (std::uint64_t bit = one; bit != 0; bit >>= 1U) {
      const std::uint64_t more = root | bit;
      if (static_cast<uint128>(more) * more <= square) root = more;
    }
    return root;
  }

  std::uint64_t half_life_;
  std::array<std::array<std::uint64_t, 256>, 4> tables_{};
};

}  // namespace dealtrail::detail
