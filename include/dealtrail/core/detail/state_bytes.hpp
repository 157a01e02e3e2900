#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/bytes.hpp"
#include "dealtrail/core/hash.hpp"

namespace dealtrail::detail {

// A state travels as four letters that name it and its version, its fields, and 32 bits of their hash, so that bytes of
// another state, cut bytes and flipped bits are refused before a field is believed.
[[nodiscard]] inline std::string seal_state(std::string_view tag, std::string_view fields) {
  std::string bytes{tag};
  bytes += fields;
  append_little_endian(bytes, static_cast<std::uint32_t>(stable_hash64(bytes)));
  return bytes;
}

// A reader of the fields of a sealed state.
[[nodiscard]] inline ByteReader open_state(std::string_view tag, std::string_view bytes, std::string_view what) {
  const ByteReader whole{bytes, what};
  if (bytes.size() < tag.size() + 4) whole.fail("is cut short");
  if (!bytes.starts_with(tag)) whole.fail("is of another kind or version");
  const std::string_view sealed = bytes.substr(0, bytes.size() - 4);
  if (load_little_endian<std::uint32_t>(bytes.data() + sealed.size()) !=
      static_cast<std::uint32_t>(stable_hash64(sealed))) {
    whole.fail("does not match its checksum");
  }
  return {sealed.substr(tag.size()), what};
}

}  // namespace dealtrail::detail
