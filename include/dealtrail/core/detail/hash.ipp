#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/bytes.hpp"
#include "dealtrail/core/hash.hpp"

namespace dealtrail {

namespace detail {

inline constexpr std::uint8_t blake_schedule[10][16]{
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

}  // namespace detail

DEALTRAIL_INLINE std::string Digest128::hex() const {
  constexpr std::string_view letters = "0123456789abcdef";
  std::string text;
  text.reserve(32);
  for (const std::uint8_t byte : bytes) {
    text += letters[byte >> 4U];
    text += letters[byte & 15U];
  }
  return text;
}

DEALTRAIL_INLINE void StableHasher128::update(std::string_view piece) noexcept {
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

DEALTRAIL_INLINE Digest128 StableHasher128::digest() const noexcept {
  StableHasher128 last = *this;
  std::fill(last.block_.begin() + static_cast<std::ptrdiff_t>(held_), last.block_.end(), '\0');
  last.compress(last.block_.data(), held_, true);
  Digest128 result;
  for (std::size_t i = 0; i < result.bytes.size(); ++i) {
    result.bytes[i] = static_cast<std::uint8_t>(last.state_[i / 8] >> (i % 8 * 8));
  }
  return result;
}

DEALTRAIL_INLINE void StableHasher128::compress(const char* block, std::size_t count, bool last) noexcept {
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
    const auto& order = detail::blake_schedule[round % 10];
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

DEALTRAIL_INLINE Digest128 stable_hash128(std::string_view text) noexcept {
  StableHasher128 hasher;
  hasher.update(text);
  return hasher.digest();
}

}  // namespace dealtrail
