#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "dealtrail/table/detail/chunk.hpp"
#include "dealtrail/table/detail/format.hpp"

// Many cells of one chunk at once: the storage is looked at once a block, not once a cell.
namespace dealtrail::detail {

// Whether each of the rows from `first` on has a value.
inline void known_block(const Chunk& chunk, std::int64_t first, std::span<std::uint8_t> known) noexcept {
  if (chunk.validity == nullptr) {
    if (!known.empty()) std::memset(known.data(), 1, known.size());
    return;
  }
  for (std::size_t i = 0; i < known.size(); ++i) {
    known[i] = bit_at(chunk.validity, chunk.offset + first + static_cast<std::int64_t>(i)) ? 1 : 0;
  }
}

template <class Cell>
inline void widen_block(const Chunk& chunk, std::int64_t first, std::span<std::int64_t> out) noexcept {
  const char* from =
      static_cast<const char*>(chunk.values) + (chunk.offset + first) * static_cast<std::int64_t>(sizeof(Cell));
  if constexpr (sizeof(Cell) == sizeof(std::int64_t)) {
    if (!out.empty()) std::memcpy(out.data(), from, out.size() * sizeof(std::int64_t));
  } else {
    for (std::size_t i = 0; i < out.size(); ++i) {
      Cell value;
      std::memcpy(&value, from + i * sizeof(Cell), sizeof(Cell));
      // NOLINTNEXTLINE(bugprone-signed-char-misuse): a byte is a small number here, no character
      out[i] = static_cast<std::int64_t>(value);
    }
  }
}

// Whole numbers as they are stored; a uint64 above int64 comes out negative. What stands where there is no value is
// any number.
inline void stored_block(const Chunk& chunk, Storage storage, std::int64_t first,
                         std::span<std::int64_t> out) noexcept {
  switch (storage) {
    case Storage::int8: return widen_block<std::int8_t>(chunk, first, out);
    case Storage::uint8: return widen_block<std::uint8_t>(chunk, first, out);
    case Storage::int16: return widen_block<std::int16_t>(chunk, first, out);
    case Storage::uint16: return widen_block<std::uint16_t>(chunk, first, out);
    case Storage::int32: return widen_block<std::int32_t>(chunk, first, out);
    case Storage::uint32: return widen_block<std::uint32_t>(chunk, first, out);
    default: return widen_block<std::int64_t>(chunk, first, out);
  }
}

// Numbers of 4 or 8 bytes as doubles; false for another storage.
inline bool real_block(const Chunk& chunk, Storage storage, std::int64_t first, std::span<double> out) noexcept {
  const auto widen = [&]<class Cell>(Cell) {
    const char* from =
        static_cast<const char*>(chunk.values) + (chunk.offset + first) * static_cast<std::int64_t>(sizeof(Cell));
    for (std::size_t i = 0; i < out.size(); ++i) {
      Cell value;
      std::memcpy(&value, from + i * sizeof(Cell), sizeof(Cell));
      out[i] = static_cast<double>(value);
    }
    return true;
  };
  return storage == Storage::float64 ? widen(double{}) : storage == Storage::float32 && widen(float{});
}

// Texts without nulls: where one ends the next begins.
template <class Offset>
inline void text_run(const Chunk& chunk, std::int64_t first, std::span<std::string_view> out, const CellPlace& place) {
  const std::int64_t at = chunk.offset + first;
  std::int64_t begin = load<Offset>(chunk.values, at);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t end = load<Offset>(chunk.values, at + static_cast<std::int64_t>(i) + 1);
    if (begin < chunk.first_byte || end < begin || end > chunk.last_byte) {
      cell_error(ErrorCode::corrupt_data, "a text lies outside its buffer",
                 {place.table, place.column, place.row + static_cast<std::int64_t>(i)});
    }
    out[i] = {chunk.bytes + begin, static_cast<std::size_t>(end - begin)};
    begin = end;
  }
}

inline void text_block(const Chunk& chunk, const Format& format, std::int64_t first, std::span<std::string_view> out,
                       const CellPlace& place) {
  if (out.empty()) return;
  if (chunk.validity == nullptr && format.storage == Storage::utf8)
    return text_run<std::int32_t>(chunk, first, out, place);
  if (chunk.validity == nullptr && format.storage == Storage::large_utf8)
    return text_run<std::int64_t>(chunk, first, out, place);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t row = first + static_cast<std::int64_t>(i);
    out[i] = {};
    if (chunk.is_null(row)) continue;
    const CellPlace cell{place.table, place.column, place.row + static_cast<std::int64_t>(i)};
    const std::int64_t at = chunk.offset + row;
    switch (format.storage) {
      case Storage::utf8: out[i] = text_cell<std::int32_t>(chunk, at, cell); break;
      case Storage::large_utf8: out[i] = text_cell<std::int64_t>(chunk, at, cell); break;
      default: out[i] = view_cell(chunk, at, cell);
    }
  }
}

}  // namespace dealtrail::detail
