#pragma once

#include <bit>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <string_view>
#include <utility>

#include "dealtrail/core/detail/int128.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/hash.hpp"

namespace dealtrail {

/// Seeded random numbers: one seed gives the same sequence on every machine, compiler and version (the distributions of
/// <random> do not). A regular value: a copy continues the same sequence. A C++ uniform random bit generator. Not for
/// secrets. Source: xoshiro256** 1.0 and splitmix64 for its seed, Blackman and Vigna (2018); bounded integers by Lemire
/// (2019), unbiased.
class Random {
 public:
  using result_type = std::uint64_t;

  explicit constexpr Random(std::uint64_t seed) noexcept {
    for (std::uint64_t& word : state_) word = splitmix(seed);
  }
  /// A sequence of its own for each name under one seed, so that drawing more of one thing does not change the others.
  [[nodiscard]] static Random named(std::uint64_t seed, std::string_view name) noexcept {
    return Random{stable_hash64(name, seed)};
  }

  [[nodiscard]] static constexpr std::uint64_t min() noexcept { return 0; }
  [[nodiscard]] static constexpr std::uint64_t max() noexcept { return std::numeric_limits<std::uint64_t>::max(); }

  /// The next 64 random bits.
  constexpr std::uint64_t operator()() noexcept {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// A whole number from `least` to `greatest`, both included, each as likely.
  /// @throws Error invalid_argument if greatest < least.
  constexpr std::int64_t uniform_int(std::int64_t least, std::int64_t greatest) {
    if (greatest < least) throw Error(ErrorCode::invalid_argument, "uniform_int needs least <= greatest");
    const std::uint64_t count = static_cast<std::uint64_t>(greatest) - static_cast<std::uint64_t>(least) + 1;
    const std::uint64_t drawn = count == 0 ? (*this)() : below(count);  // 0: all of 64 bits
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(least) + drawn);
  }

  /// A multiple of 2^-53 in [0, 1), each as likely.
  constexpr double uniform_real() noexcept { return static_cast<double>((*this)() >> 11U) * 0x1p-53; }

  /// True with this probability; never for 0 or less, always for 1 or more.
  constexpr bool chance(double probability) noexcept { return uniform_real() < probability; }

  /// A position in 0…count-1. @throws Error invalid_argument if count is 0.
  constexpr std::size_t index(std::size_t count) {
    if (count == 0) throw Error(ErrorCode::invalid_argument, "nothing to pick from");
    return static_cast<std::size_t>(below(count));
  }

  /// One element of a list, each as likely. @throws Error invalid_argument if it is empty.
  template <class Range>
    requires std::random_access_iterator<decltype(std::begin(std::declval<Range&>()))>
  constexpr decltype(auto) pick(Range&& range) {
    return std::begin(range)[static_cast<std::ptrdiff_t>(index(std::size(range)))];
  }

  /// A position with probability in proportion to its weight. O(n).
  /// @throws Error invalid_argument if weights are empty, all zero, or add up to 2^64 or more.
  constexpr std::size_t weighted_index(std::span<const std::uint64_t> weights) {
    std::uint64_t sum = 0;
    for (const std::uint64_t weight : weights) {
      if (__builtin_add_overflow(sum, weight, &sum))
        throw Error(ErrorCode::invalid_argument, "weights add up to 2^64 or more");
    }
    if (sum == 0) throw Error(ErrorCode::invalid_argument, "weighted_index needs a weight above zero");
    std::uint64_t drawn = below(sum);
    std::size_t at = 0;
    while (drawn >= weights[at]) drawn -= weights[at++];
    return at;
  }

  /// Puts a list in random order, each order as likely (Fisher and Yates).
  template <class Range>
    requires std::random_access_iterator<decltype(std::begin(std::declval<Range&>()))>
  constexpr void shuffle(Range&& range) noexcept {
    const auto first = std::begin(range);
    for (auto left = static_cast<std::uint64_t>(std::size(range)); left > 1; --left) {
      const auto chosen = static_cast<std::ptrdiff_t>(below(left));
      std::iter_swap(first + static_cast<std::ptrdiff_t>(left - 1), first + chosen);
    }
  }

  friend constexpr bool operator==(const Random&, const Random&) noexcept = default;

 private:
  static constexpr std::uint64_t splitmix(std::uint64_t& seed) noexcept {
    std::uint64_t mixed = seed += 0x9E3779B97F4A7C15U;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31U);
  }

  // 0…count-1 without bias: the few products that would favour low numbers are drawn again.
  constexpr std::uint64_t below(std::uint64_t count) noexcept {
    auto product = static_cast<detail::uint128>((*this)()) * count;
    if (static_cast<std::uint64_t>(product) < count) {
      const std::uint64_t unfair = (0 - count) % count;
      while (static_cast<std::uint64_t>(product) < unfair) product = static_cast<detail::uint128>((*this)()) * count;
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

  std::uint64_t state_[4]{};
};

}  // namespace dealtrail
