#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/scan.hpp"

namespace dealtrail {

namespace detail {

enum class Unseen : std::uint8_t { none, letter, blank };

struct UnseenAtFront {
  Unseen sort = Unseen::none;
  std::size_t size = 0;
};

// What nobody sees at the front of a UTF-8 text. Letters: zero-width ones (U+200B to U+200D, U+2060 to U+2064, U+FEFF),
// direction marks (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), soft hyphen (U+00AD), U+180E. Blanks
// beyond ASCII: U+00A0, U+2000 to U+200A, U+202F, U+205F, U+3000. Source: Unicode 15, Default_Ignorable_Code_Point and
// White_Space, the ones that tables and web pages put into addresses.
[[nodiscard]] constexpr UnseenAtFront unseen_at_front(std::string_view text) noexcept {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (text.size() < 2) return {};
  if (byte(0) == 0xC2) {
    if (byte(1) == 0xAD) return {Unseen::letter, 2};
    return byte(1) == 0xA0 ? UnseenAtFront{Unseen::blank, 2} : UnseenAtFront{};
  }
  if (byte(0) == 0xD8 && byte(1) == 0x9C) return {Unseen::letter, 2};
  if (text.size() < 3) return {};
  const unsigned last = byte(2);
  if (byte(0) == 0xE2 && byte(1) == 0x80) {
    if (last <= 0x8A || last == 0xAF) return {Unseen::blank, 3};
    if (last <= 0x8F || (last >= 0xAA && last <= 0xAE)) return {Unseen::letter, 3};
  } else if (byte(0) == 0xE2 && byte(1) == 0x81) {
    if (last == 0x9F) return {Unseen::blank, 3};
    if ((last >= 0xA0 && last <= 0xA4) || (last >= 0xA6 && last <= 0xA9)) return {Unseen::letter, 3};
  } else if (byte(0) == 0xE3 && byte(1) == 0x80 && last == 0x80) {
    return {Unseen::blank, 3};
  } else if ((byte(0) == 0xE1 && byte(1) == 0xA0 && last == 0x8E) ||
             (byte(0) == 0xEF && byte(1) == 0xBB && last == 0xBF)) {
    return {Unseen::letter, 3};
  }
  return {};
}

}  // namespace detail

/// Whether a UTF-8 text has letters that nobody sees, or blanks beyond ASCII. O(length), eight plain ASCII bytes a
/// step.
[[nodiscard]] inline bool has_invisible(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    if (text.size() - i >= 8 && detail::is_ascii<8>(text.data() + i)) {
      i += 8;
      continue;
    }
    if (static_cast<unsigned char>(text[i]) >= 0x80 &&
        detail::unseen_at_front(text.substr(i)).sort != detail::Unseen::none)
      return true;
    ++i;
  }
  return false;
}

/// The text without invisible letters; blanks beyond ASCII are plain ones inside it and are removed at its ends. Plain
/// blanks at the ends stay. O(length).
[[nodiscard]] inline std::string without_invisible(std::string_view text) {
  std::string seen;
  seen.reserve(text.size());
  bool begun = false;
  std::size_t foreign = 0;  // blanks beyond ASCII that end `seen`
  for (std::size_t i = 0; i < text.size();) {
    const auto found = detail::unseen_at_front(text.substr(i));
    if (found.sort == detail::Unseen::letter) {
      i += found.size;
    } else if (found.sort == detail::Unseen::blank) {
      if (begun) {
        seen.push_back(' ');
        ++foreign;
      }
      i += found.size;
    } else {
      begun = true;
      foreign = 0;
      seen.push_back(text[i++]);
    }
  }
  seen.resize(seen.size() - foreign);
  return seen;
}

namespace detail {

/// An id as it is kept: without invisible letters, unless it has no others.
[[nodiscard]] inline std::string plain_id(std::string_view id) {
  std::string seen = without_invisible(id);
  return seen.empty() ? std::string{id} : seen;
}

}  // namespace detail

}  // namespace dealtrail
