#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/table/arrow.hpp"
#include "dealtrail/table/column.hpp"
#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/detail/blocks.hpp"
#include "dealtrail/table/detail/chunk.hpp"
#include "dealtrail/table/detail/copies.hpp"
#include "dealtrail/table/detail/format.hpp"
#include "dealtrail/table/detail/make_chunk.hpp"
#include "dealtrail/table/detail/parse_format.hpp"
#include "dealtrail/table/schema.hpp"
#include "dealtrail/table/stream.hpp"

namespace dealtrail {

template <class Take>
void ColumnReader::each_cell(std::size_t piece, std::int64_t first, std::span<std::uint8_t> known, Take take) const {
  for (std::size_t i = 0; i < known.size(); ++i) {
    const Datum cell = read(chunks_[piece].first_row + first + static_cast<std::int64_t>(i));
    known[i] = cell.is_null() ? 0 : 1;
    if (known[i] != 0) take(i, cell);
  }
}

template <class Value, class Convert>
ColumnValues<Value> ColumnReader::values(detail::Storage wanted, Convert convert) const {
  if (rows_ == 0) return ColumnValues<Value>{std::span<const Value>{}};
  const detail::Chunk& first = chunks_.front();
  if (chunks_.size() == 1 && !is_dictionary_ && format_.storage == wanted) {
    const auto address =
        reinterpret_cast<std::uintptr_t>(first.values) + static_cast<std::uintptr_t>(first.offset) * sizeof(Value);
    if (address % alignof(Value) == 0) {
      for (std::int64_t i = 0; first.validity != nullptr && i < rows_; ++i) {
        if (first.is_null(i)) fail_null(i);
      }
      return ColumnValues<Value>{std::span<const Value>{static_cast<const Value*>(first.values) + first.offset,
                                                        static_cast<std::size_t>(rows_)}};
    }
  }
  detail::note_buffer_copy();
  std::vector<Value> copied;
  copied.reserve(static_cast<std::size_t>(rows_));
  for_each([&](std::int64_t row, const Datum& cell) {
    if (cell.is_null()) fail_null(row);
    copied.push_back(convert(cell, place(row)));
  });
  return ColumnValues<Value>{std::move(copied)};
}

DEALTRAIL_INLINE bool ColumnReader::plain(ColumnType type) const noexcept {
  return !is_dictionary_ && info_.type == type && format_.storage != detail::Storage::none;
}

DEALTRAIL_INLINE void ColumnReader::expect(bool fits, const std::string& wanted) const {
  if (fits || info_.type == ColumnType::null) return;
  throw Error(ErrorCode::type_mismatch,
              "a column is of another type: found " + std::string(to_string(info_.type)) + ", expected " + wanted,
              {table_, info_.name, -1}, "cast it to " + wanted);
}
DEALTRAIL_INLINE void ColumnReader::fail_row(std::int64_t row) const {
  throw Error(ErrorCode::invalid_argument,
              "a row is out of range: " + std::to_string(row) + " of " + std::to_string(rows_),
              {table_, info_.name, -1});
}
DEALTRAIL_INLINE void ColumnReader::fail_null(std::int64_t row) const {
  detail::cell_error(ErrorCode::null_value, "a value is missing", place(row), "fill it or drop the row");
}

DEALTRAIL_INLINE ColumnReader::ColumnReader(const TableInput& table, std::size_t column)
    : info_(table.schema()[column]),
      table_(table.schema().table()),
      first_row_(table.first_row()),
      rows_(table.rows()) {
  const ArrowSchema& schema = *table.arrow_schema().children[column];
  if (info_.type == ColumnType::unsupported) {
    throw Error(ErrorCode::type_mismatch, "a column is of a type that is not read", {table_, info_.name, -1},
                info_.hint);
  }
  const detail::Format outer = detail::parse_format(schema.format);
  is_dictionary_ = schema.dictionary != nullptr;
  format_ = is_dictionary_ ? detail::parse_format(schema.dictionary->format) : outer;
  chunks_.reserve(table.batch_count());
  std::int64_t row = 0;
  for (const OwnedArray& owned : table.batches()) {
    const ArrowArray& batch = owned.view();
    if (batch.length == 0) continue;
    const ArrowArray& array = *batch.children[column];
    auto chunk = detail::make_chunk(array, outer.storage, batch.offset, batch.length, table_, info_.name);
    if (is_dictionary_) {
      if (array.dictionary == nullptr || array.dictionary->release == nullptr || array.dictionary->length < 0 ||
          array.dictionary->offset < 0) {
        throw Error(ErrorCode::corrupt_data, "an Arrow dictionary column lacks its dictionary",
                    {table_, info_.name, -1});
      }
      chunk.index = outer.storage;
      chunk.dictionary = std::make_unique<detail::Chunk>(
          detail::make_chunk(*array.dictionary, format_.storage, 0, array.dictionary->length, table_, info_.name));
    }
    chunk.first_row = row;
    row += batch.length;
    chunks_.push_back(std::move(chunk));
  }
}
DEALTRAIL_INLINE ColumnReader::ColumnReader(const TableInput& table, std::string_view column)
    : ColumnReader(table, table.schema().index_of(column)) {}

DEALTRAIL_INLINE ColumnValues<std::int64_t> ColumnReader::integers() const {
  expect(info_.type == ColumnType::integer, "integer");
  return values<std::int64_t>(detail::Storage::int64,
                              [](const Datum& cell, const detail::CellPlace&) { return cell.as_integer(); });
}
DEALTRAIL_INLINE ColumnValues<double> ColumnReader::reals() const {
  expect(info_.type == ColumnType::real || info_.type == ColumnType::integer, "real");
  return values<double>(detail::Storage::float64, [](const Datum& cell, const detail::CellPlace& at) {
    if (cell.kind() == DatumKind::real) return cell.as_real();
    constexpr std::int64_t exact = std::int64_t{1} << 53;
    if (cell.as_integer() > exact || cell.as_integer() < -exact) {
      detail::cell_error(ErrorCode::overflow,
                         "a whole number does not fit a double exactly: " + std::to_string(cell.as_integer()), at);
    }
    return static_cast<double>(cell.as_integer());
  });
}
DEALTRAIL_INLINE ColumnValues<std::int64_t> ColumnReader::times_us() const {
  expect(info_.type == ColumnType::time, "time (a timestamp with a zone)");
  const auto wanted = format_.unit == 1 ? detail::Storage::int64 : detail::Storage::unsupported;
  return values<std::int64_t>(wanted, [](const Datum& cell, const detail::CellPlace&) { return cell.as_time_us(); });
}
DEALTRAIL_INLINE std::size_t ColumnReader::piece_count() const noexcept { return chunks_.size(); }
DEALTRAIL_INLINE std::int64_t ColumnReader::piece_rows(std::size_t piece) const noexcept {
  return chunks_[piece].length;
}
DEALTRAIL_INLINE bool ColumnReader::may_have_nulls(std::size_t piece) const noexcept {
  return chunks_[piece].validity != nullptr || is_dictionary_ || format_.storage == detail::Storage::none;
}
DEALTRAIL_INLINE void ColumnReader::read_integers(std::size_t piece, std::int64_t first, std::span<std::int64_t> out,
                                                  std::span<std::uint8_t> known) const {
  if (!plain(ColumnType::integer)) {
    return each_cell(piece, first, known, [&](std::size_t i, const Datum& cell) { out[i] = cell.as_integer(); });
  }
  const detail::Chunk& chunk = chunks_[piece];
  detail::known_block(chunk, first, known);
  detail::stored_block(chunk, format_.storage, first, out);
  if (format_.storage != detail::Storage::uint64) return;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (known[i] != 0 && out[i] < 0) static_cast<void>(read(chunk.first_row + first + static_cast<std::int64_t>(i)));
  }
}
DEALTRAIL_INLINE void ColumnReader::read_reals(std::size_t piece, std::int64_t first, std::span<double> out,
                                               std::span<std::uint8_t> known) const {
  if (!plain(ColumnType::real) || !detail::real_block(chunks_[piece], format_.storage, first, out)) {
    return each_cell(piece, first, known, [&](std::size_t i, const Datum& cell) { out[i] = cell.as_real(); });
  }
  detail::known_block(chunks_[piece], first, known);
}
DEALTRAIL_INLINE void ColumnReader::read_booleans(std::size_t piece, std::int64_t first, std::span<std::uint8_t> out,
                                                  std::span<std::uint8_t> known) const {
  if (!plain(ColumnType::boolean)) {
    return each_cell(piece, first, known,
                     [&](std::size_t i, const Datum& cell) { out[i] = cell.as_boolean() ? 1 : 0; });
  }
  const detail::Chunk& chunk = chunks_[piece];
  detail::known_block(chunk, first, known);
  const auto* bits = static_cast<const unsigned char*>(chunk.values);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = detail::bit_at(bits, chunk.offset + first + static_cast<std::int64_t>(i)) ? 1 : 0;
}
DEALTRAIL_INLINE void ColumnReader::read_times_us(std::size_t piece, std::int64_t first, std::span<std::int64_t> out,
                                                  std::span<std::uint8_t> known) const {
  if (is_dictionary_ || format_.storage == detail::Storage::none) {
    return each_cell(piece, first, known, [&](std::size_t i, const Datum& cell) {
      out[i] = cell.kind() == DatumKind::time ? cell.as_time_us() : cell.as_local_time_us();
    });
  }
  const detail::Chunk& chunk = chunks_[piece];
  detail::known_block(chunk, first, known);
  detail::stored_block(chunk, format_.storage, first, out);
  if (format_.unit == 1) return;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (known[i] == 0) continue;
    out[i] =
        detail::to_microseconds(out[i], format_.unit, place(chunk.first_row + first + static_cast<std::int64_t>(i)));
  }
}
DEALTRAIL_INLINE void ColumnReader::read_texts(std::size_t piece, std::int64_t first,
                                               std::span<std::string_view> out) const {
  const detail::Chunk& chunk = chunks_[piece];
  if (plain(ColumnType::text)) {
    return detail::text_block(chunk, format_, first, out, place(chunk.first_row + first));
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Datum cell = read(chunk.first_row + first + static_cast<std::int64_t>(i));
    out[i] = cell.is_null() ? std::string_view{} : cell.as_text();
  }
}
DEALTRAIL_INLINE void ColumnReader::read_codes(std::size_t piece, std::int64_t first,
                                               std::span<std::int64_t> out) const {
  const detail::Chunk& chunk = chunks_[piece];
  detail::stored_block(chunk, chunk.index, first, out);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t row = first + static_cast<std::int64_t>(i);
    if (chunk.is_null(row)) {
      out[i] = -1;
    } else if (out[i] < 0 || out[i] >= chunk.dictionary->length) {
      static_cast<void>(read(chunk.first_row + row));  // throws with its place
    }
  }
}
DEALTRAIL_INLINE std::vector<std::string_view> ColumnReader::dictionary_texts(std::size_t piece) const {
  const detail::Chunk& values = *chunks_[piece].dictionary;
  std::vector<std::string_view> texts(static_cast<std::size_t>(values.length));
  for (std::int64_t code = 0; code < values.length; ++code) {
    const Datum cell = detail::chunk_cell(values, format_, code, place(-1 - first_row_));
    if (!cell.is_null()) texts[static_cast<std::size_t>(code)] = cell.as_text();
  }
  return texts;
}

}  // namespace dealtrail
