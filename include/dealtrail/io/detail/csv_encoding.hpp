#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ios>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "dealtrail/core/encoding.hpp"

// Which encoding delimited text is in, and what becomes of bytes that are no part of a character.
namespace dealtrail::detail {

/// The signs of an encoding in a stretch of bytes.
struct EncodingEvidence {
  std::uint64_t characters = 0;  // of two bytes and more
  std::uint64_t bad = 0;         // bytes that are no part of a character
  [[nodiscard]] bool is_utf8() const noexcept { return characters >= bad; }
};

/// A character that is cut by the end says nothing; `cut` gets its length.
[[nodiscard]] inline EncodingEvidence evidence_of(std::string_view text, std::size_t* cut = nullptr) {
  EncodingEvidence found;
  if (cut != nullptr) *cut = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (text.size() - i >= 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, text.data() + i, 8);
      if ((eight & 0x8080808080808080U) == 0) {
        i += 8;
        continue;
      }
    }
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const std::size_t size = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : (lead & 0xF0U) == 0xE0U      ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
    if (size != 0 && i + size > text.size()) {
      std::size_t next = i + 1;
      while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) ++next;
      if (next == text.size()) {
        if (cut != nullptr) *cut = text.size() - i;
        return found;
      }
    }
    if (size != 0 && i + size <= text.size() && utf8_valid(text.substr(i, size))) {
      ++found.characters;
      i += size;
    } else {
      ++found.bad;
      ++i;
    }
  }
  return found;
}

/// The evidence of a whole text, whose last character cannot be cut by a block.
[[nodiscard]] inline EncodingEvidence evidence_of_all(std::string_view text) {
  std::size_t cut = 0;
  EncodingEvidence found = evidence_of(text, &cut);
  found.bad += cut > 0 ? 1 : 0;
  return found;
}

/// The evidence of a whole file; nothing where it cannot be read twice, as a pipe.
[[nodiscard]] inline std::optional<EncodingEvidence> evidence_of_file(const std::string& path) {
  std::error_code trouble;
  if (!std::filesystem::is_regular_file(path, trouble)) return std::nullopt;
  EncodingEvidence found;
  std::ifstream file(path, std::ios::binary);
  std::string part;
  std::size_t cut = 0;
  constexpr std::size_t step = 1024 * 1024;
  while (file) {
    part.erase(0, part.size() - cut);
    const std::size_t before = part.size();
    part.resize(before + step);
    file.read(part.data() + before, static_cast<std::streamsize>(step));
    part.resize(before + static_cast<std::size_t>(file.gcount()));
    const EncodingEvidence more = evidence_of(part, &cut);
    found.characters += more.characters;
    found.bad += more.bad;
  }
  found.bad += cut > 0 ? 1 : 0;
  return found;
}

/// Puts U+FFFD in the place of each byte that is no part of a character, field by field; how many they were. `ends`:
/// where each field of the row ends.
[[nodiscard]] inline std::uint64_t mend_utf8(std::string& row, std::vector<std::size_t>& ends) {
  std::string mended;
  std::vector<std::size_t> new_ends;
  std::uint64_t bad = 0;
  std::size_t i = 0;
  for (const std::size_t end : ends) {
    while (i < end) {
      const auto lead = static_cast<unsigned char>(row[i]);
      const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
      if (i + size <= end && utf8_valid(std::string_view{row}.substr(i, size))) {
        mended.append(row, i, size);
        i += size;
      } else {
        mended += "\xEF\xBF\xBD";
        ++bad;
        ++i;
      }
    }
    new_ends.push_back(mended.size());
  }
  row = std::move(mended);
  ends = std::move(new_ends);
  return bad;
}

}  // namespace dealtrail::detail
