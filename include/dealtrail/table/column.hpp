#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/detail/chunk.hpp"
#include "dealtrail/table/detail/copies.hpp"
#include "dealtrail/table/detail/format.hpp"
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
class ColumnReader {
 public:
  /// @throws Error type_mismatch for a storage we do not read (the hint says what to cast it to), corrupt_data for a
  ///   column without its buffers, std::out_of_range beyond the last column.
  ColumnReader(const TableInput& table, std::size_t column);
  /// By name. @throws Error missing_column, with the names that are there.
  ColumnReader(const TableInput& table, std::string_view column);
  ColumnReader(TableInput&&, std::size_t) = delete;
  ColumnReader(TableInput&&, std::string_view) = delete;

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
  [[nodiscard]] ColumnValues<std::int64_t> integers() const;
  /// All numbers of a real column, or of an integer one whose numbers a double holds exactly (up to 2^53).
  /// Borrowed if it is float64 in one aligned batch. @throws Error as `integers`.
  [[nodiscard]] ColumnValues<double> reals() const;
  /// All moments of a column with a zone, microseconds UTC. Borrowed if it is timestamp[us] in one aligned batch.
  /// @throws Error as `integers`.
  [[nodiscard]] ColumnValues<std::int64_t> times_us() const;

  /// Stretches of rows that are read in bulk: the batches that have rows, so all columns of a table have the same ones.
  [[nodiscard]] std::size_t piece_count() const noexcept;
  [[nodiscard]] std::int64_t piece_rows(std::size_t piece) const noexcept;

  /// False only where every row of the piece has a value: then nobody need look.
  [[nodiscard]] bool may_have_nulls(std::size_t piece) const noexcept;

  /// Bulk reading, for passes over millions of rows: the cells from row `first` of a piece on, as many as `out` has
  /// room for. `known[i]` is 0 where there is no value (`out[i]` is anything then). One call a few thousand rows; about
  /// a nanosecond a cell. @throws Error as `read`; the column must be of the type that the name says.
  void read_integers(std::size_t piece, std::int64_t first, std::span<std::int64_t> out,
                     std::span<std::uint8_t> known) const;
  /// Floating-point numbers as doubles.
  void read_reals(std::size_t piece, std::int64_t first, std::span<double> out, std::span<std::uint8_t> known) const;
  /// 0 or 1 for each cell of a boolean column.
  void read_booleans(std::size_t piece, std::int64_t first, std::span<std::uint8_t> out,
                     std::span<std::uint8_t> known) const;
  /// Moments, wall clocks and days as microseconds.
  void read_times_us(std::size_t piece, std::int64_t first, std::span<std::int64_t> out,
                     std::span<std::uint8_t> known) const;
  /// Texts, borrowed from the table; `data()` is null where there is no value.
  void read_texts(std::size_t piece, std::int64_t first, std::span<std::string_view> out) const;
  /// Codes of a dictionary column, -1 where there is no value; what they stand for is in `dictionary_texts`.
  void read_codes(std::size_t piece, std::int64_t first, std::span<std::int64_t> out) const;
  /// The texts of a piece's dictionary by code; `data()` is null for a value that is null.
  [[nodiscard]] std::vector<std::string_view> dictionary_texts(std::size_t piece) const;

 private:
  [[nodiscard]] bool plain(ColumnType type) const noexcept;
  [[nodiscard]] detail::CellPlace place(std::int64_t row) const noexcept {
    return {table_, info_.name, first_row_ + row};
  }
  [[nodiscard]] const detail::Chunk& chunk_of(std::int64_t row) const {
    if (row < 0 || row >= rows_) fail_row(row);
    if (chunks_.size() == 1) return chunks_.front();
    const auto after =
        std::upper_bound(chunks_.begin(), chunks_.end(), row,
                         [](std::int64_t wanted, const detail::Chunk& chunk) { return wanted < chunk.first_row; });
    return *(after - 1);
  }
  template <class Take>
  void each_cell(std::size_t piece, std::int64_t first, std::span<std::uint8_t> known, Take take) const;
  template <class Value, class Convert>
  [[nodiscard]] ColumnValues<Value> values(detail::Storage wanted, Convert convert) const;
  void expect(bool fits, const std::string& wanted) const;
  [[noreturn]] void fail_row(std::int64_t row) const;
  [[noreturn]] void fail_null(std::int64_t row) const;

  ColumnInfo info_;
  std::string table_;
  std::int64_t first_row_ = 0;
  std::int64_t rows_ = 0;
  detail::Format format_;
  bool is_dictionary_ = false;
  std::vector<detail::Chunk> chunks_;
};

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/table/detail/column.ipp>
#endif
