#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dealtrail/core/detail/bytes.hpp"
#include "dealtrail/core/detail/int128.hpp"

namespace dealtrail::detail {

// A fixed hash of short texts, as ids and subjects are: on them several times as fast as stable_hash64, and a pass over
// millions of rows takes it several times. Not for hostile texts: whoever
// knows the seed finds some that meet. Products of 64 bits folded into themselves. Source: wyhash, Wang Yi (public
// domain).
[[nodiscard]] inline std::uint64_t text_hash(std::string_view text, std::uint64_t seed = 0) noexcept {
  constexpr std::uint64_t salt = 0xA0761D6478BD642FU;
  constexpr std::uint64_t pepper = 0xE7037ED1A0B428DBU;
  const auto folded = [](std::uint64_t lhs, std::uint64_t rhs) {
    const uint128 product = static_cast<uint128>(lhs) * rhs;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
  };
  const auto eight = [](const char* from) { return load_little_endian<std::uint64_t>(from); };
  const auto four = [](const char* from) { return std::uint64_t{load_little_endian<std::uint32_t>(from)}; };
  const char* const at = text.data();
  const std::size_t size = text.size();
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t state = salt ^ seed;
  if (size > 16) {
    for (std::size_t i = 0; i + 16 < size; i += 16) state = folded(eight(at + i) ^ pepper, eight(at + i + 8) ^ state);
    first = eight(at + size - 16);
    last = eight(at + size - 8);
  } else if (size >= 8) {
    first = eight(at);
    last = eight(at + size - 8);
  } else if (size >= 4) {
    first = four(at);
    last = four(at + size - 4);
  } else {
    for (const char letter : text) first = first << 8U | static_cast<unsigned char>(letter);
  }
  return folded(pepper ^ size, folded(first ^ pepper, last ^ state));
}

// A one-to-one mix, so that equal mixed numbers are equal numbers. Source: splitmix64, Steele, Lea, Flood (2014).
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t number) noexcept {
  number = (number ^ (number >> 30U)) * 0xBF58476D1CE4E5B9U;
  number = (number ^ (number >> 27U)) * 0x94D049BB133111EBU;
  return number ^ (number >> 31U);
}
// The number of a mixed one.
[[nodiscard]] constexpr std::uint64_t unmixed(std::uint64_t number) noexcept {
  number = (number ^ (number >> 31U) ^ (number >> 62U)) * 0x319642B2D24D8EC3U;
  number = (number ^ (number >> 27U) ^ (number >> 54U)) * 0x96DE1B173F119089U;
  return number ^ (number >> 30U) ^ (number >> 60U);
}
static_assert(unmixed(mixed(0x0123456789ABCDEFU)) == 0x0123456789ABCDEFU && unmixed(mixed(~0ULL)) == ~0ULL);

}  // namespace dealtrail::detail
