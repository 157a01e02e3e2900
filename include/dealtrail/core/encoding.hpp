#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/scan.hpp"

namespace dealtrail {

/// True if the text is UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF, nothing cut.
/// O(n), 32 plain ASCII bytes at a step.
[[nodiscard]] inline bool utf8_valid(std::string_view text) noexcept {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const stop = at + text.size();
  const auto continues = [](unsigned char byte) { return (byte & 0xC0U) == 0x80U; };
  while (at != stop) {
    if (stop - at >= 32 && detail::is_ascii<32>(at)) {
      at += 32;
      continue;
    }
    if (stop - at >= 8 && detail::is_ascii<8>(at)) {
      at += 8;
      continue;
    }
    const unsigned char lead = *at;
    if (lead < 0x80) {
      ++at;
      continue;
    }
    const auto left = stop - at;
    if (lead >= 0xC2 && lead <= 0xDF) {
      if (left < 2 || !continues(at[1])) return false;
      at += 2;
    } else if ((lead & 0xF0U) == 0xE0U) {
      if (left < 3 || !continues(at[1]) || !continues(at[2])) return false;
      if ((lead == 0xE0 && at[1] < 0xA0) || (lead == 0xED && at[1] > 0x9F)) return false;
      at += 3;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      if (left < 4 || !continues(at[1]) || !continues(at[2]) || !continues(at[3])) return false;
      if ((lead == 0xF0 && at[1] < 0x90) || (lead == 0xF4 && at[1] > 0x8F)) return false;
      at += 4;
    } else {
      return false;
    }
  }
  return true;
}

namespace detail {

// Upper half of windows-1251. Source: the WHATWG Encoding Standard, index windows-1251 (0x98 maps to U+0098 there).
inline constexpr std::array<std::uint16_t, 64> cp1251_from_80{
    0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021, 0x20AC, 0x2030, 0x0409, 0x2039, 0x040A,
    0x040C, 0x040B, 0x040F, 0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x0098, 0x2122,
    0x0459, 0x203A, 0x045A, 0x045C, 0x045B, 0x045F, 0x00A0, 0x040E, 0x045E, 0x0408, 0x00A4, 0x0490, 0x00A6,
    0x00A7, 0x0401, 0x00A9, 0x0404, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x0407, 0x00B0, 0x00B1, 0x0406, 0x0456,
    0x0491, 0x00B5, 0x00B6, 0x00B7, 0x0451, 0x2116, 0x0454, 0x00BB, 0x0458, 0x0405, 0x0455, 0x0457};

}  // namespace detail

/// UTF-8 of a text in CP1251 (windows-1251), as Russian Excel saves CSV. Every byte has a character, so this cannot
/// fail.
[[nodiscard]] inline std::string cp1251_to_utf8(std::string_view text) {
  std::string utf8;
  utf8.reserve(text.size() + text.size() / 2);
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x80) {
      utf8 += letter;
      continue;
    }
    const unsigned code = byte >= 0xC0 ? 0x0410U + (byte - 0xC0U) : detail::cp1251_from_80[byte - 0x80U];
    if (code < 0x800) {
      utf8 += static_cast<char>(0xC0U | (code >> 6U));
    } else {
      utf8 += static_cast<char>(0xE0U | (code >> 12U));
      utf8 += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    }
    utf8 += static_cast<char>(0x80U | (code & 0x3FU));
  }
  return utf8;
}

}  // namespace dealtrail
