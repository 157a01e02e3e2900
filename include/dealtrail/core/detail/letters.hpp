#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dealtrail::detail {

[[nodiscard]] constexpr char small_ascii(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

// Small letters for Latin A-Z and Russian А-Я, Ё of a UTF-8 text; everything else stays as it is.
[[nodiscard]] inline std::string small_letters(std::string_view text) {
  std::string small{text};
  for (std::size_t i = 0; i < small.size(); ++i) {
    small[i] = small_ascii(small[i]);
    if (small[i] != '\xD0' || i + 1 == small.size()) continue;
    const auto next = static_cast<unsigned char>(small[i + 1]);
    if (next >= 0x90 && next <= 0x9F) {  // А-П
      small[i + 1] = static_cast<char>(next + 0x20);
    } else if (next >= 0xA0 && next <= 0xAF) {  // Р-Я
      small[i] = '\xD1';
      small[i + 1] = static_cast<char>(next - 0x20);
    } else if (next == 0x81) {  // Ё
      small[i] = '\xD1';
      small[i + 1] = '\x91';
    }
    ++i;
  }
  return small;
}

}  // namespace dealtrail::detail
