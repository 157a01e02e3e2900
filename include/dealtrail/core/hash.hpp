#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/bytes.hpp"

namespace dealtrail {

namespace detail {

inline constexpr std::uint64_t xxh_prime_1 = 0x9E3779B185EBCA87U;
inline constexpr std::uint64_t xxh_prime_2 = 0xC2B2AE3D27D4EB4FU;
inline constexpr std::uint64_t xxh_prime_3 = 0x165667B19E3779F9U;
inline constexpr std::uint64_t xxh_prime_4 = 0x85EBCA77C2B2AE63U;
inline constexpr std::uint64_t xxh_prime_5 = 0x27D4EB2F165667C5U;

[[nodiscard]] constexpr std::uint64_t xxh_round(std::uint64_t lane, std::uint64_t input) noexcept {
  return std::rotl(lane + input * xxh_prime_2, 31) * xxh_prime_1;
}
[[nodiscard]] constexpr std::uint64_t xxh_merge(std::uint64_t hash, std::uint64_t lane) noexcept {
  return (hash ^ xxh_round(0, lane)) * xxh_prime_1 + xxh_prime_4;
}

}  // namespace detail

/// 64 bits that tell strings apart: the same on every machine and in every version of the library, fast, spread evenly.
/// Not for hostile keys by itself: a table that takes them from outside gives a secret seed or does not rely on spread.
/// Source: XXH64 of the xxHash specification 0.1.1 (Yann Collet), which also holds the test values.
[[nodiscard]] inline std::uint64_t stable_hash64(std::string_view text, std::uint64_t seed = 0) noexcept {
  using namespace detail;
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t hash = seed + xxh_prime_5;
  if (left >= 32) {
    std::uint64_t one = seed + xxh_prime_1 + xxh_prime_2;
    std::uint64_t two = seed + xxh_prime_2;
    std::uint64_t three = seed;
    std::uint64_t four = seed - xxh_prime_1;
    for (; left >= 32; left -= 32, at += 32) {
      one = xxh_round(one, load_little_endian<std::uint64_t>(at));
      two = xxh_round(two, load_little_endian<std::uint64_t>(at + 8));
      three = xxh_round(three, load_little_endian<std::uint64_t>(at + 16));
      four = xxh_round(four, load_little_endian<std::uint64_t>(at + 24));
    }
    hash = std::rotl(one, 1) + std::rotl(two, 7) + std::rotl(three, 12) + std::rotl(four, 18);
    hash = xxh_merge(xxh_merge(xxh_merge(xxh_merge(hash, one), two), three), four);
  }
  hash += text.size();
  for (; left >= 8; left -= 8, at += 8) {
    hash = std::rotl(hash ^ xxh_round(0, load_little_endian<std::uint64_t>(at)), 27) * xxh_prime_1 + xxh_prime_4;
  }
  if (left >= 4) {
    hash = std::rotl(hash ^ load_little_endian<std::uint32_t>(at) * xxh_prime_1, 23) * xxh_prime_2 + xxh_prime_3;
    left -= 4;
    at += 4;
  }
  for (; left > 0; --left, ++at) {
    hash = std::rotl(hash ^ static_cast<unsigned char>(*at) * xxh_prime_5, 11) * xxh_prime_1;
  }
  hash = (hash ^ (hash >> 33)) * xxh_prime_2;
  hash = (hash ^ (hash >> 29)) * xxh_prime_3;
  return hash ^ (hash >> 32);
}

/// A 128-bit digest; `hex()` is 32 small letters and digits.
struct Digest128 {
  std::array<std::uint8_t, 16> bytes{};
  [[nodiscard]] std::string hex() const;
  friend bool operator==(const Digest128&, const Digest128&) = default;
  friend std::strong_ordering operator<=>(const Digest128& left, const Digest128& right) noexcept {
    return __builtin_memcmp(&left.bytes, &right.bytes, sizeof(left.bytes)) <=> 0;
  }
};

/// 128-bit digest of content, fed in pieces of any size: the pieces do not change it. Fixed for ever, so content ids
/// stay the same. Nobody can make two contents with one digest on purpose (about 2^64 tries). In Python:
/// hashlib.blake2b(content, digest_size=16). Source: RFC 7693, BLAKE2b with nn = 16, no key.
class StableHasher128 {
 public:
  StableHasher128() noexcept : state_(start) { state_[0] ^= 0x01010000U ^ 16U; }

  void update(std::string_view piece) noexcept;

  /// The digest of everything so far; more may follow.
  [[nodiscard]] Digest128 digest() const noexcept;

 private:
  static constexpr std::size_t block_size = 128;
  static constexpr std::array<std::uint64_t, 8> start{0x6A09E667F3BCC908U, 0xBB67AE8584CAA73BU, 0x3C6EF372FE94F82BU,
                                                      0xA54FF53A5F1D36F1U, 0x510E527FADE682D1U, 0x9B05688C2B3E6C1FU,
                                                      0x1F83D9ABFB41BD6BU, 0x5BE0CD19137E2179U};

  void compress(const char* block, std::size_t count, bool last) noexcept;

  std::array<std::uint64_t, 8> state_;
  std::array<char, block_size> block_{};
  std::size_t held_ = 0;
  std::uint64_t length_ = 0;
};

/// The digest of one text, as StableHasher128 gives it.
[[nodiscard]] Digest128 stable_hash128(std::string_view text) noexcept;

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/core/detail/hash.ipp>
#endif
