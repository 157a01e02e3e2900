#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/real.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/table/arrow.hpp"
#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/detail/format.hpp"

namespace dealtrail::detail {

// Buffers of other producers need not be aligned.
template <class Value>
[[nodiscard]] inline Value load(const void* buffer, std::int64_t index) noexcept {
  Value value;
  std::memcpy(&value, static_cast<const char*>(buffer) + index * static_cast<std::int64_t>(sizeof(Value)),
              sizeof(Value));
  return value;
}

[[nodiscard]] inline bool bit_at(const unsigned char* bitmap, std::int64_t index) noexcept {
  return ((bitmap[index >> 3] >> (index & 7)) & 1) != 0;
}

[[nodiscard]] inline double half_to_double(std::uint16_t half) noexcept {
  const int exponent = (half >> 10) & 0x1f;
  const int fraction = half & 0x3ff;
  double magnitude = 0;
  if (exponent == 0) {
    magnitude = scaled_by_two(fraction, -24);
  } else if (exponent == 31) {
    magnitude = fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  } else {
    magnitude = scaled_by_two(fraction + 1024, exponent - 25);
  }
  return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

// One column of one batch: borrowed buffers, checked as far as the interface allows (it does not say how long they
// are).
struct Chunk {
  const unsigned char* validity = nullptr;  // null: no nulls
  const void* values = nullptr;             // buffers[1]
  const char* bytes = nullptr;              // utf8: buffers[2]
  const void* const* views = nullptr;       // utf8_view: its data buffers
  const void* view_sizes = nullptr;         // utf8_view: int64 sizes of them
  std::int64_t view_count = 0;
  std::int64_t first_byte = 0;  // utf8: bounds of the offsets
  std::int64_t last_byte = 0;
  std::int64_t offset = 0;
  std::int64_t length = 0;
  std::int64_t first_row = 0;
  Storage index = Storage::unsupported;  // dictionary: how its codes are stored
  std::unique_ptr<Chunk> dictionary{};

  [[nodiscard]] bool is_null(std::int64_t row) const noexcept {
    return validity != nullptr && !bit_at(validity, offset + row);
  }
};

// `row` is for messages: counted from the first row of the table.
struct CellPlace {
  const std::string& table;
  const std::string& column;
  std::int64_t row;
};

[[noreturn]] inline void cell_error(ErrorCode code, const std::string& message, const CellPlace& place,
                                    const char* hint = "") {
  throw Error(code, message, {place.table, place.column, place.row}, hint);
}

template <class Offset>
[[nodiscard]] inline std::string_view text_cell(const Chunk& chunk, std::int64_t at, const CellPlace& place) {
  const std::int64_t begin = load<Offset>(chunk.values, at);
  const std::int64_t end = load<Offset>(chunk.values, at + 1);
  if (begin < chunk.first_byte || end < begin || end > chunk.last_byte) {
    cell_error(ErrorCode::corrupt_data, "a text lies outside its buffer", place);
  }
  return {chunk.bytes + begin, static_cast<std::size_t>(end - begin)};
}

[[nodiscard]] inline std::string_view view_cell(const Chunk& chunk, std::int64_t at, const CellPlace& place) {
  constexpr std::int32_t longest_inline = 12;
  const char* view = static_cast<const char*>(chunk.values) + at * 16;
  const auto length = load<std::int32_t>(view, 0);
  if (length < 0) cell_error(ErrorCode::corrupt_data, "a text view has a negative length", place);
  if (length <= longest_inline) return {view + 4, static_cast<std::size_t>(length)};
  const std::int64_t buffer = load<std::int32_t>(view, 2);
  const std::int64_t begin = load<std::int32_t>(view, 3);
  if (buffer < 0 || buffer >= chunk.view_count || chunk.views[buffer] == nullptr || begin < 0 ||
      begin + length > load<std::int64_t>(chunk.view_sizes, buffer)) {
    cell_error(ErrorCode::corrupt_data, "a text view points outside its buffers", place);
  }
  return {static_cast<const char*>(chunk.views[buffer]) + begin, static_cast<std::size_t>(length)};
}

[[nodiscard]] inline std::int64_t integer_cell(const void* values, Storage storage, std::int64_t at,
                                               const CellPlace& place) {
  switch (storage) {
    case Storage::int8: return load<std::int8_t>(values, at);
    case Storage::uint8: return load<std::uint8_t>(values, at);
    case Storage::int16: return load<std::int16_t>(values, at);
    case Storage::uint16: return load<std::uint16_t>(values, at);
    case Storage::int32: return load<std::int32_t>(values, at);
    case Storage::uint32: return load<std::uint32_t>(values, at);
    case Storage::uint64: {
      const auto value = load<std::uint64_t>(values, at);
      if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        cell_error(ErrorCode::overflow, "a whole number does not fit in int64: " + std::to_string(value), place,
                   "cast an identifier to string");
      }
      return static_cast<std::int64_t>(value);
    }
    default: return load<std::int64_t>(values, at);
  }
}

// Stored time to microseconds; finer units are rounded down, so order is kept.
[[nodiscard]] inline std::int64_t to_microseconds(std::int64_t value, std::int64_t unit, const CellPlace& place) {
  if (unit < 0) {
    const std::int64_t quotient = value / -unit;
    return value % -unit < 0 ? quotient - 1 : quotient;
  }
  std::int64_t us = 0;
  if (__builtin_mul_overflow(value, unit, &us)) {
    cell_error(ErrorCode::overflow,
               "a time is out of range: " + std::to_string(value) + " units of " + std::to_string(unit) + " us", place,
               "microseconds in 64 bits reach from year -290308 to 294247");
  }
  return us;
}

[[nodiscard]] inline Datum chunk_cell(const Chunk& chunk, const Format& format, std::int64_t row,
                                      const CellPlace& place) {
  if (chunk.is_null(row)) return Datum::null();
  const std::int64_t at = chunk.offset + row;
  if (chunk.dictionary != nullptr) {
    const std::int64_t code = integer_cell(chunk.values, chunk.index, at, place);
    const Chunk& dictionary = *chunk.dictionary;
    if (code < 0 || code >= dictionary.length) {
      cell_error(
          ErrorCode::corrupt_data,
          "a dictionary code is out of range: " + std::to_string(code) + " of " + std::to_string(dictionary.length),
          place);
    }
    return chunk_cell(dictionary, format, code, place);
  }
  switch (format.storage) {
    case Storage::none:
    case Storage::unsupported: return Datum::null();
    case Storage::bit: return Datum::boolean(bit_at(static_cast<const unsigned char*>(chunk.values), at));
    case Storage::float16: return Datum::real(half_to_double(load<std::uint16_t>(chunk.values, at)));
    case Storage::float32: return Datum::real(static_cast<double>(load<float>(chunk.values, at)));
    case Storage::float64: return Datum::real(load<double>(chunk.values, at));
    case Storage::utf8: return Datum::text(text_cell<std::int32_t>(chunk, at, place));
    case Storage::large_utf8: return Datum::text(text_cell<std::int64_t>(chunk, at, place));
    case Storage::utf8_view: return Datum::text(view_cell(chunk, at, place));
    case Storage::decimal32: return Datum::decimal(load<std::int32_t>(chunk.values, at), format.scale);
    case Storage::decimal64: return Datum::decimal(load<std::int64_t>(chunk.values, at), format.scale);
    case Storage::decimal128: return Datum::decimal(load<Int128>(chunk.values, at), format.scale);
    default: break;
  }
  const std::int64_t value = integer_cell(chunk.values, format.storage, at, place);
  switch (format.type) {
    case ColumnType::time: return Datum::time(to_microseconds(value, format.unit, place));
    case ColumnType::local_time: return Datum::local_time(to_microseconds(value, format.unit, place));
    case ColumnType::date: return Datum::day(to_microseconds(value, format.unit, place));
    default: return Datum::integer(value);
  }
}

}  // namespace dealtrail::detail
