#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "dealtrail/core/error.hpp"

namespace dealtrail::detail {

// Little-endian, whatever the machine: the bytes of states and snapshots are the same everywhere.
template <std::integral Integer>
void append_little_endian(std::string& bytes, Integer value) {
  auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
  char out[sizeof(Integer)];
  for (char& byte : out) {
    byte = static_cast<char>(bits & 0xffU);
    if constexpr (sizeof(Integer) > 1) bits = static_cast<std::make_unsigned_t<Integer>>(bits >> 8U);
  }
  bytes.append(out, sizeof(Integer));
}

template <std::unsigned_integral Integer>
[[nodiscard]] inline Integer load_little_endian(const char* from) noexcept {
  Integer value = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&value, from, sizeof(Integer));
  } else {
    for (std::size_t at = sizeof(Integer); at-- > 0;) {
      value = static_cast<Integer>((value << 8U) | static_cast<unsigned char>(from[at]));
    }
  }
  return value;
}

// Reads what append_little_endian wrote; every read is checked, so cut or lengthened bytes end in corrupt_data.
class ByteReader {
 public:
  ByteReader(std::string_view bytes, std::string_view what) noexcept : bytes_(bytes), what_(what) {}

  template <std::integral Integer>
  [[nodiscard]] Integer read() {
    using Unsigned = std::make_unsigned_t<Integer>;
    return static_cast<Integer>(load_little_endian<Unsigned>(take(sizeof(Integer)).data()));
  }
  [[nodiscard]] std::string_view take(std::size_t count) {
    if (count > bytes_.size()) fail("is cut short");
    const auto taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  [[nodiscard]] std::size_t left() const noexcept { return bytes_.size(); }
  void expect_end() const {
    if (!bytes_.empty()) fail("has bytes after its end");
  }
  [[noreturn]] void fail(std::string_view trouble) const {
    throw Error(ErrorCode::corrupt_data, "serialized " + std::string(what_) + " " + std::string(trouble));
  }

 private:
  std::string_view bytes_;
  std::string_view what_;
};

// A text with its length before it.
inline void append_text(std::string& bytes, std::string_view text) {
  append_little_endian(bytes, static_cast<std::uint64_t>(text.size()));
  bytes += text;
}
[[nodiscard]] inline std::string read_text(ByteReader& reader) {
  return std::string{reader.take(static_cast<std::size_t>(reader.read<std::uint64_t>()))};
}

}  // namespace dealtrail::detail
