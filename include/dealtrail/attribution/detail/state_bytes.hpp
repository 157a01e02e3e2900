#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/detail/bytes.hpp"
#include "dealtrail/core/detail/currency_words.hpp"
#include "dealtrail/core/detail/int128.hpp"

// What the states of this room write into their bytes.
namespace dealtrail::detail {

inline void append_wide(std::string& bytes, int128 number) {
  append_little_endian(bytes, static_cast<std::uint64_t>(static_cast<uint128>(number)));
  append_little_endian(bytes, static_cast<std::uint64_t>(static_cast<uint128>(number) >> 64U));
}
[[nodiscard]] inline int128 read_wide(ByteReader& from) {
  const auto low = from.read<std::uint64_t>();
  const auto high = from.read<std::uint64_t>();
  return static_cast<int128>(static_cast<uint128>(high) << 64U | low);
}

inline void append_texts(std::string& bytes, const std::vector<std::string>& texts) {
  append_little_endian(bytes, static_cast<std::uint32_t>(texts.size()));
  for (const std::string& text : texts) append_text(bytes, text);
}
[[nodiscard]] inline std::vector<std::string> read_sorted_texts(ByteReader& from) {
  std::vector<std::string> texts;
  const auto count = from.read<std::uint32_t>();
  for (std::uint32_t i = 0; i < count; ++i) {
    texts.push_back(read_text(from));
    if (i > 0 && texts[i] <= texts[i - 1]) from.fail("has names out of order");
  }
  return texts;
}

inline void append_pairs(std::string& bytes, const std::vector<std::pair<std::string, std::string>>& pairs) {
  append_little_endian(bytes, static_cast<std::uint32_t>(pairs.size()));
  for (const auto& [name, value] : pairs) {
    append_text(bytes, name);
    append_text(bytes, value);
  }
}
[[nodiscard]] inline std::vector<std::pair<std::string, std::string>> read_pairs(ByteReader& from) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (auto left = from.read<std::uint32_t>(); left > 0; --left) {
    std::string name = read_text(from);
    pairs.emplace_back(std::move(name), read_text(from));
  }
  return pairs;
}

[[nodiscard]] inline Currency read_currency(ByteReader& from) {
  const auto found = currency_stored(read_text(from));
  if (!found) from.fail("has no currency code where one must be");
  return *found;
}

}  // namespace dealtrail::detail
