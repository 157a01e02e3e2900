#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

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
  [[nodiscard]] std::string hex() const {
    constexpr std::string_view letters = "0123456789abcdef";
    std::string text;
    text.reserve(32);
    for (const std::uint8_t byte : bytes) {
      text += letters[byte >> 4U];
      text += letters[byte & 15U];
    }
    return text;
  }
  friend bool operator==(const Digest128&, const Digest128&) = default;
  friend auto operator<=>(const Digest128&, const Digest128&) = default;
};

/// 128-bit digest of content, fed in pieces of any size: the pieces do not change it. Fixed for ever, so content ids
/// stay the same. Nobody can make two contents with one digest on purpose (about 2^64 tries). In Python:
/// hashlib.blake2b(content, digest_size=16). Source: RFC 7693, BLAKE2b with nn = 16, no key.
class StableHasher128 {
 public:
  StableHasher128() noexcept : state_(start) { state_[0] ^= 0x01010000U ^ 16U; }

  void update(std::string_view piece) noexcept {
    while (!piece.empty()) {
      if (held_ == block_size) {  // the last block is compressed by digest(), with its mark
        compress(block_.data(), block_size, false);
        held_ = 0;
      }
      const std::size_t taken = std::min(piece.size(), block_size - held_);
      std::memcpy(block_.data() + held_, piece.data(), taken);
      held_ += taken;
      piece.remove_prefix(taken);
    }
  }

  /// The digest of everything so far; more may follow.
  [[nodiscard]] Digest128 digest() const noexcept {
    StableHasher128 last = *this;
    std::fill(last.block_.begin() + static_cast<std::ptrdiff_t>(held_), last.block_.end(), '\0');
    last.compress(last.block_.data(), held_, true);
    Digest128 result;
    for (std::size_t i = 0; i < result.bytes.size(); ++i) {
      result.bytes[i] = static_cast<std::uint8_t>(last.state_[i / 8] >> (i % 8 * 8));
    }
    return result;
  }

 private:
  static constexpr std::size_t block_size = 128;
  static constexpr std::array<std::uint64_t, 8> start{0x6A09E667F3BCC908U, 0xBB67AE8584CAA73BU, 0x3C6EF372FE94F82BU,
                                                      0xA54FF53A5F1D36F1U, 0x510E527FADE682D1U, 0x9B05688C2B3E6C1FU,
                                                      0x1F83D9ABFB41BD6BU, 0x5BE0CD19137E2179U};
  static constexpr std::array<std::array<std::uint8_t, 16>, 10> schedule{{
      {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
      {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
      {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
      {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
      {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
      {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
      {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
      {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
      {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
      {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
  }};

  void compress(const char* block, std::size_t count, bool last) noexcept {
    length_ += count;  // contents of 2^64 bytes and more do not occur, so the high half of the counter stays 0
    std::array<std::uint64_t, 16> words;
    for (std::size_t i = 0; i < 16; ++i) words[i] = detail::load_little_endian<std::uint64_t>(block + i * 8);
    std::array<std::uint64_t, 16> v;
    std::copy(state_.begin(), state_.end(), v.begin());
    std::copy(start.begin(), start.end(), v.begin() + 8);
    v[12] ^= length_;
    if (last) v[14] = ~v[14];
    // Inlined and unrolled, all positions are constants: about 1.5 times as fast as loops over positions.
    const auto mix = [&v](std::size_t a, std::size_t b, std::size_t c, std::size_t d, std::uint64_t x, std::uint64_t y)
                         __attribute__((always_inline)) {
                           v[a] += v[b] + x;
                           v[d] = std::rotr(v[d] ^ v[a], 32);
                           v[c] += v[d];
                           v[b] = std::rotr(v[b] ^ v[c], 24);
                           v[a] += v[b] + y;
                           v[d] = std::rotr(v[d] ^ v[a], 16);
                           v[c] += v[d];
                           v[b] = std::rotr(v[b] ^ v[c], 63);
                         };
#pragma GCC unroll 12
    for (std::size_t round = 0; round < 12; ++round) {
      const auto& order = schedule[round % 10];
      mix(0, 4, 8, 12, words[order[0]], words[order[1]]);
      mix(1, 5, 9, 13, words[order[2]], words[order[3]]);
      mix(2, 6, 10, 14, words[order[4]], words[order[5]]);
      mix(3, 7, 11, 15, words[order[6]], words[order[7]]);
      mix(0, 5, 10, 15, words[order[8]], words[order[9]]);
      mix(1, 6, 11, 12, words[order[10]], words[order[11]]);
      mix(2, 7, 8, 13, words[order[12]], words[order[13]]);
      mix(3, 4, 9, 14, words[order[14]], words[order[15]]);
    }
    for (std::size_t i = 0; i < 8; ++i) state_[i] ^= v[i] ^ v[i + 8];
  }

  std::array<std::uint64_t, 8> state_;
  std::array<char, block_size> block_{};
  std::size_t held_ = 0;
  std::uint64_t length_ = 0;
};

/// The digest of one text, as StableHasher128 gives it.
[[nodiscard]] inline Digest128 stable_hash128(std::string_view text) noexcept {
  StableHasher128 hasher;
  hasher.update(text);
  return hasher.digest();
}

}  // namespace dealtrail
