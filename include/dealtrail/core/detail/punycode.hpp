#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace dealtrail::detail {

inline void append_utf8(std::string& text, std::uint32_t code) {
  const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

// The letters of what follows xn-- in a label of a host; nothing when it is not punycode of letters beyond ASCII.
// Source: RFC 3492, section 6.2.
[[nodiscard]] inline std::optional<std::string> from_punycode(std::string_view label) {
  constexpr std::uint32_t base = 36;
  constexpr std::uint32_t t_min = 1;
  constexpr std::uint32_t t_max = 26;
  constexpr std::size_t longest = 63;
  if (label.empty() || label.size() > longest) return std::nullopt;
  std::u32string letters;
  const std::size_t hyphen = label.rfind('-');
  if (hyphen != std::string_view::npos) {
    for (const char letter : label.substr(0, hyphen)) letters.push_back(static_cast<unsigned char>(letter));
    label.remove_prefix(hyphen + 1);
  }
  std::uint32_t code = 128;
  std::uint32_t bias = 72;
  std::uint32_t place = 0;
  bool first = true;
  while (!label.empty()) {
    const std::uint32_t before = place;
    std::uint64_t weight = 1;
    for (std::uint32_t k = base;; k += base) {
      if (label.empty()) return std::nullopt;
      const char c = label.front();
      label.remove_prefix(1);
      const bool small = c >= 'a' && c <= 'z';
      if (!small && !(c >= '0' && c <= '9')) return std::nullopt;
      const auto digit = static_cast<std::uint32_t>(small ? c - 'a' : c - '0' + 26);
      const std::uint64_t grown = place + digit * weight;
      if (grown > std::numeric_limits<std::uint32_t>::max() / 2) return std::nullopt;
      place = static_cast<std::uint32_t>(grown);
      const std::uint32_t threshold = k <= bias ? t_min : std::min(k - bias, t_max);
      if (digit < threshold) break;
      weight *= base - threshold;
      if (weight > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    }
    const auto size = static_cast<std::uint32_t>(letters.size() + 1);
    std::uint32_t delta = first ? (place - before) / 700 : (place - before) / 2;
    first = false;
    delta += delta / size;
    std::uint32_t steps = 0;
    for (; delta > (base - t_min) * t_max / 2; steps += base) delta /= base - t_min;
    bias = steps + (base - t_min + 1) * delta / (delta + 38);
    code += place / size;
    place %= size;
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return std::nullopt;
    letters.insert(letters.begin() + place, static_cast<char32_t>(code));
    ++place;
  }
  if (first) return std::nullopt;
  std::string text;
  for (const char32_t letter : letters) append_utf8(text, letter);
  return text;
}

// A host with each xn-- label in its letters; a label that cannot be read stays. `host` is in small letters.
[[nodiscard]] inline std::string host_in_letters(std::string_view host) {
  constexpr std::string_view mark = "xn--";
  if (host.find(mark) == std::string_view::npos) return std::string{host};
  std::string shown;
  while (true) {
    const std::size_t end = std::min(host.find('.'), host.size());
    const std::string_view label = host.substr(0, end);
    const auto letters =
        label.starts_with(mark) ? from_punycode(label.substr(mark.size())) : std::optional<std::string>{};
    shown += letters.has_value() ? *letters : std::string{label};
    if (end == host.size()) return shown;
    shown += '.';
    host.remove_prefix(end + 1);
  }
}

}  // namespace dealtrail::detail
