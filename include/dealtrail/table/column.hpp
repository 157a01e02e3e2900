#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/detail/blocks.hpp"
#include "dealtrail/table/detail/chunk.hpp"
#include "dealtrail/table/detail/copies.hpp"
#include "dealtrail/table/schema.hpp"
#include "dealtrail/table/stream.hpp"

namespace dealtrail {

/// The numbers of one column as one plain array without nulls: borrowed from the table that came in where its memory
/// allows that (one batch, the same type, aligned), else copied once. `borrowed()` tells which.
template <class Value>
class ColumnValues {
 public:
  explicit ColumnValues(std::span<const Value> borrowed) noexcept : borrowed_(borrowed) {}
  explicit ColumnValues(std::vector<Value> copied) noexcept : copied_(std::move(copied)), is_copy_(true) {}

  [[nodiscard]] std::span<const Value> view() const& noexcept {
    return is_copy_ ? std::span<const Value>{copied_} : borrowed_;
  }
  std::span<const Value> view() && = delete;
  [[nodiscard]] bool borrowed() const noexcept { return !is_copy_; }

 private:
  std::span<const Value> borrowed_{};
  std::vector<Value> copied_{};
  bool is_copy_ = false;
};

/// Reads one column of a table that came in, over all its batches. Checked once here: the type is one that we read,
/// every batch has its buffers. Borrows from the TableInput, which must outlive it; const use from many threads is
/// safe.
///
/// What a cell reads as: `u U vu` text; `c C s S i I l L` integer; `e f g` real (NaN is a real, not null); `b` boolean;
/// `ts*` with a zone time, without one local_time; `tdD tdm` local_time (midnight); `d:p,s[,32|64|128]` decimal with
/// all its digits; a dictionary as its values; `n` null. Nanoseconds are rounded down to microseconds. Text is not
/// checked to be UTF-8 here.
template <class = void>
class BasicColumnReader {
 public:
  /// @throws Error type_mismatch for a storage we do not read (the hint says what to cast it to), corrupt_data for a
  ///   column without its buffers, std::out_of_range beyond the last column.
  BasicColumnReader(const TableInput& table, std::size_t column)
      : info_(table.schema()[column]),
        table_(table.schema().table()),
        first_row_(table.first_row()),
        rows_(table.rows()) {
    const ArrowSchema& schema = *table.arrow_schema().children[column];
    if (info_.type == ColumnType::unsupported) {
      throw Error(ErrorCode::type_mismatch, "a column is of a type that is not read", {table_, info_.name, -1},
                  info_.cure);
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
  /// By name. @throws Error missing_column, with the names that are there.
  BasicColumnReader(const TableInput& table, std::string_view column)
      : BasicColumnReader(table, table.schema().index_of(column)) {}
  BasicColumnReader(TableInput&&, std::size_t) = delete;
  BasicColumnReader(TableInput&&, std::string_view) = delete;

  [[nodiscard]] const ColumnInfo& info() const& noexcept { return info_; }
  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }
  /// True if the producer sent codes and a list of values (categories, enums).
  [[nodiscard]] bool is_dictionary() const noexcept { return is_dictionary_; }

  /// One cell. Text borrows from the table. O(log batches), no allocation.
  /// @throws Error overflow (a uint64 above int64, a time beyond microseconds) or corrupt_data (a text or a code
  /// outside its
  ///   buffer), each with column and row; invalid_argument for a row that is not there.
  [[nodiscard]] Datum read(std::int64_t row) const {
    const detail::Chunk& chunk = chunk_of(row);
    return detail::chunk_cell(chunk, format_, row - chunk.first_row, place(row));
  }
  [[nodiscard]] bool is_null(std::int64_t row) const { return read(row).is_null(); }

  /// Calls `visit(row, Datum)` for every row in order. The fastest way through a column. @throws Error as `read`.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const detail::Chunk& chunk : chunks_) {
      for (std::int64_t i = 0; i < chunk.length; ++i) {
        const std::int64_t row = chunk.first_row + i;
        visit(row, detail::chunk_cell(chunk, format_, i, place(row)));
      }
    }
  }

  /// All numbers of an integer column. Borrowed if it is int64 in one aligned batch.
  /// @throws Error null_value naming the first row that has none, type_mismatch for another type, overflow as `read`.
  [[nodiscard]] ColumnValues<std::int64_t> integers() const {
    expect(info_.type == ColumnType::integer, "integer");
    return values<std::int64_t>(detail::Storage::int64,
                                [](const Datum& cell, const detail::CellPlace&) { return cell.as_integer(); });
  }
  /// All numbers of a real column, or of an integer one whose numbers a double holds exactly (up to 2^53).
  /// Borrowed if it is float64 in one aligned batch. @throws Error as `integers`.
  [[nodiscard]] ColumnValues<double> reals() const {
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
  /// All moments of a column with a zone, microseconds UTC. Borrowed if it is timestamp[us] in one aligned batch.
  /// @throws Error as `integers`.
  [[nodiscard]] ColumnValues<std::int64_t> times_us() const {
    expect(info_.type == ColumnType::time, "time (a timestamp with a zone)");
    const auto wanted = format_.unit == 1 ? detail::Storage::int64 : detail::Storage::unsupported;
    return values<std::int64_t>(wanted, [](const Datum& cell, const detail::CellPlace&) { return cell.as_time_us(); });
  }

  /// Stretches of rows that are read in bulk: the batches that have rows, so all columns of a table have the same ones.
  [[nodiscard]] std::size_t piece_count() const noexcept { return chunks_.size(); }
  [[nodiscard]] std::int64_t piece_rows(std::size_t piece) const noexcept { return chunks_[piece].length; }

  /// False only where every row of the piece has a value: then nobody need look.
  [[nodiscard]] bool may_have_nulls(std::size_t piece) const noexcept {
    return chunks_[piece].validity != nullptr || is_dictionary_ || format_.storage == detail::Storage::none;
  }

  /// Bulk reading, for passes over millions of rows: the cells from row `first` of a piece on, as many as `out` has
  /// room for. `known[i]` is 0 where there is no value (`out[i]` is anything then). One call a few thousand rows; about
  /// a nanosecond a cell. @throws Error as `read`; the column must be of the type that the name says.
  void read_integers(std::size_t piece, std::int64_t first, std::span<std::int64_t> out,
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
  /// Floating-point numbers as doubles.
  void read_reals(std::size_t piece, std::int64_t first, std::span<double> out, std::span<std::uint8_t> known) const {
    if (!plain(ColumnType::real) || !detail::real_block(chunks_[piece], format_.storage, first, out)) {
      return each_cell(piece, first, known, [&](std::size_t i, const Datum& cell) { out[i] = cell.as_real(); });
    }
    detail::known_block(chunks_[piece], first, known);
  }
  /// 0 or 1 for each cell of a boolean column.
  void read_booleans(std::size_t piece, std::int64_t first, std::span<std::uint8_t> out,
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
  /// Moments, wall clocks and days as microseconds.
  void read_times_us(std::size_t piece, std::int64_t first, std::span<std::int64_t> out,
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
  /// Texts, borrowed from the table; `data()` is null where there is no value.
  void read_texts(std::size_t piece, std::int64_t first, std::span<std::string_view> out) const {
    const detail::Chunk& chunk = chunks_[piece];
    if (plain(ColumnType::text)) {
      return detail::text_block(chunk, format_, first, out, place(chunk.first_row + first));
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
      const Datum cell = read(chunk.first_row + first + static_cast<std::int64_t>(i));
      out[i] = cell.is_null() ? std::string_view{} : cell.as_text();
    }
  }
  /// Codes of a dictionary column, -1 where there is no value; what they stand for is in `dictionary_texts`.
  void read_codes(std::size_t piece, std::int64_t first, std::span<std::int64_t> out) const {
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
  /// The texts of a piece's dictionary by code; `data()` is null for a value that is null.
  [[nodiscard]] std::vector<std::string_view> dictionary_texts(std::size_t piece) const {
    const detail::Chunk& values = *chunks_[piece].dictionary;
    std::vector<std::string_view> texts(static_cast<std::size_t>(values.length));
    for (std::int64_t code = 0; code < values.length; ++code) {
      const Datum cell = detail::chunk_cell(values, format_, code, place(-1 - first_row_));
      if (!cell.is_null()) texts[static_cast<std::size_t>(code)] = cell.as_text();
    }
    return texts;
  }

 private:
  [[nodiscard]] bool plain(ColumnType type) const noexcept {
    return !is_dictionary_ && info_.type == type && format_.storage != detail::Storage::none;
  }
  template <class Take>
  void each_cell(std::size_t piece, std::int64_t first, std::span<std::uint8_t> known, Take take) const {
    for (std::size_t i = 0; i < known.size(); ++i) {
      const Datum cell = read(chunks_[piece].first_row + first + static_cast<std::int64_t>(i));
      known[i] = cell.is_null() ? 0 : 1;
      if (known[i] != 0) take(i, cell);
    }
  }

  [[nodiscard]] detail::CellPlace place(std::int64_t row) const noexcept {
    return {table_, info_.name, first_row_ + row};
  }

  [[nodiscard]] const detail::Chunk& chunk_of(std::int64_t row) const {
    if (row < 0 || row >= rows_) {
      throw Error(ErrorCode::invalid_argument,
                  "a row is out of range: " + std::to_string(row) + " of " + std::to_string(rows_),
                  {table_, info_.name, -1});
    }
    if (chunks_.size() == 1) return chunks_.front();
    const auto after =
        std::upper_bound(chunks_.begin(), chunks_.end(), row,
                         [](std::int64_t wanted, const detail::Chunk& chunk) { return wanted < chunk.first_row; });
    return *(after - 1);
  }

  void expect(bool fits, const std::string& wanted) const {
    if (fits || info_.type == ColumnType::null) return;
    throw Error(ErrorCode::type_mismatch,
                "a column is of another type: found " + std::string(to_string(info_.type)) + ", expected " + wanted,
                {table_, info_.name, -1}, "cast it to " + wanted);
  }

  [[noreturn]] void fail_null(std::int64_t row) const {
    detail::cell_error(ErrorCode::null_value, "a value is missing", place(row), "fill it or drop the row");
  }

  template <class Value, class Convert>
  [[nodiscard]] ColumnValues<Value> values(detail::Storage wanted, Convert convert) const {
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

  ColumnInfo info_;
  std::string table_;
  std::int64_t first_row_ = 0;
  std::int64_t rows_ = 0;
  detail::Format format_;
  bool is_dictionary_ = false;
  std::vector<detail::Chunk> chunks_;
};
using ColumnReader = BasicColumnReader<>;

}  // namespace dealtrail
