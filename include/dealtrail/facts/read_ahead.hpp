// engine
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "dealtrail/core/encoding.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/invisible.hpp"
#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/table/column.hpp"

namespace dealtrail::detail {

// Turns the ids, links, texts and moments of a table's rows into cells, a block of rows at a time and column by column:
// slots lie anywhere in memory, and so all of a block's are asked for before the first is needed. A cell that the door
// would not take as it stands is left to the door.
class ReadAhead {
 public:
  ReadAhead(FactStore& store, Kind kind) : store_(store), kind_(kind) {}

  /// The column of ids. Readers must outlive this.
  void add_ids(const ColumnReader& reader) {
    if (is_plain_text(reader)) columns_.push_back({&reader, id_field, FieldType::link, kind_});
  }
  /// A column of a field; false when its cells have to be read one by one. A currency is the door's: it says how many
  /// decimals the row's amounts have.
  bool add(const ColumnReader& reader, std::size_t field) {
    const FieldInfo& info = fields_of(kind_)[field];
    if (field == currency_field(kind_)) return false;
    const bool slots = info.type == FieldType::link || info.type == FieldType::text;
    const bool moments = info.type == FieldType::time && reader.info().type == ColumnType::time;
    if (!moments && !(slots && is_plain_text(reader))) return false;
    columns_.push_back({&reader, field, info.type, info.target});
    return true;
  }

  /// Goes to a row; rows are visited in order, each one.
  void come_to(std::int64_t row) {
    if (row >= until_) read_block(row);
    row_ = static_cast<std::size_t>(row - from_);
  }

  /// The row's id as it came, when `cells` knows its slot.
  [[nodiscard]] std::string_view id() const noexcept { return id_texts_[row_]; }

  /// What is known of the row. Valid until the next row.
  [[nodiscard]] CellsAhead cells() const noexcept {
    return {ids_[row_], known_[row_], {cells_.data() + row_ * width(), width()}};
  }

  /// Calls `visit(reader, field)` for each column added whose cell of this row is left to the door.
  template <class Visit>
  void for_each_unknown(Visit&& visit) const {
    for (const Source& column : columns_) {
      if (column.field != id_field && (known_[row_] >> column.field & 1) == 0) visit(*column.reader, column.field);
    }
  }

 private:
  static constexpr std::size_t block = 256;
  static constexpr std::size_t id_field = most_fields;

  struct Source {
    const ColumnReader* reader;
    std::size_t field;
    FieldType type;
    Kind target;
  };

  [[nodiscard]] static bool is_plain_text(const ColumnReader& reader) {
    return reader.info().type == ColumnType::text && !reader.is_dictionary();
  }
  [[nodiscard]] std::size_t width() const noexcept { return fields_of(kind_).size(); }

  void read_block(std::int64_t row) {
    from_ = row;
    until_ = row + static_cast<std::int64_t>(block);
    if (!columns_.empty()) until_ = std::min(until_, columns_.front().reader->rows());
    come_to_piece();
    ids_.fill(no_row);
    known_.fill(0);
    cells_.assign(block * width(), null_cell);
    for (const Source& column : columns_) column.type == FieldType::time ? read_moments(column) : read_slots(column);
  }

  void know(std::size_t row, std::size_t field, Cell cell) noexcept {
    known_[row] |= std::uint64_t{1} << field;
    cells_[row * width() + field] = cell;
  }

  // Calls `visit(piece, first row of it, place in the block, count)` for the pieces of the columns that the block lies
  // in. All columns of a table are cut at the same rows, and blocks go forward.
  template <class Visit>
  void for_each_piece(const ColumnReader& reader, Visit&& visit) const {
    std::size_t piece = piece_;
    std::int64_t begin = piece_begin_;
    for (std::int64_t row = from_; row < until_;) {
      const std::int64_t end = begin + reader.piece_rows(piece);
      const std::int64_t stop = std::min(until_, end);
      if (stop > row) {
        visit(piece, row - begin, static_cast<std::size_t>(row - from_), static_cast<std::size_t>(stop - row));
        row = stop;
      }
      if (row == end) {
        ++piece;
        begin = end;
      }
    }
  }
  void come_to_piece() {
    if (columns_.empty()) return;
    const ColumnReader& reader = *columns_.front().reader;
    while (piece_begin_ + reader.piece_rows(piece_) <= from_) piece_begin_ += reader.piece_rows(piece_++);
  }

  void read_moments(const Source& column) {
    std::array<std::int64_t, block> times;
    std::array<std::uint8_t, block> timed;
    try {
      for_each_piece(*column.reader, [&](std::size_t piece, std::int64_t first, std::size_t at, std::size_t count) {
        column.reader->read_times_us(piece, first, std::span{times}.subspan(at, count),
                                     std::span{timed}.subspan(at, count));
      });
    } catch (const Error&) {
      return;  // the door says which
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(until_ - from_); ++i) {
      if (timed[i] == 0 || times[i] != null_cell) know(i, column.field, timed[i] == 0 ? null_cell : times[i]);
    }
  }

  void read_slots(const Source& column) {
    Interner& interner = column.type == FieldType::text ? store_.texts() : store_.of(column.target).ids;
    std::array<std::string_view, block> texts;
    std::array<Interner::Hash, block> hashes;
    std::array<std::uint16_t, block> rows;  // of the texts
    try {
      for_each_piece(*column.reader, [&](std::size_t piece, std::int64_t first, std::size_t at, std::size_t count) {
        column.reader->read_texts(piece, first, std::span{texts}.subspan(at, count));
      });
    } catch (const Error&) {
      return;
    }
    std::size_t count = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(until_ - from_); ++i) {
      const std::string_view text = texts[i];
      if (text.data() == nullptr && column.field != id_field) know(i, column.field, null_cell);
      if (text.empty() || text.size() > Interner::longest_text || !utf8_valid(text)) continue;
      if (has_invisible(text)) continue;
      texts[count] = text;
      hashes[count] = interner.hash(text);
      interner.prefetch_entry(hashes[count]);
      rows[count++] = static_cast<std::uint16_t>(i);
    }
    for (std::size_t i = 0; i < count; ++i) interner.prefetch_end(hashes[i]);
    for (std::size_t i = 0; i < count; ++i) interner.prefetch_text(hashes[i]);
    std::array<RowId, block> slots;
    for (std::size_t i = 0; i < count; ++i) {
      slots[i] = column.type == FieldType::text ? interner.intern(texts[i], hashes[i])
                                                : store_.slot_of(column.target, texts[i], hashes[i]);
    }
    if (column.field == id_field) {
      for (std::size_t i = 0; i < count; ++i) {
        ids_[rows[i]] = slots[i];
        id_texts_[rows[i]] = texts[i];
      }
      return;
    }
    for (std::size_t i = 0; i < count; ++i) know(rows[i], column.field, slots[i]);
    if (column.type != FieldType::link) return;
    const LinkIndex& links = store_.of(kind_).links[column.field];
    for (std::size_t i = 0; i < count; ++i) links.prefetch(slots[i]);
    for (std::size_t i = 0; i < count; ++i) links.prefetch_first(slots[i]);
  }

  FactStore& store_;
  Kind kind_;
  std::vector<Source> columns_;
  std::size_t piece_ = 0;  // where the block begins, and its first row:
  std::int64_t piece_begin_ = 0;
  std::int64_t from_ = 0;
  std::int64_t until_ = 0;
  std::size_t row_ = 0;
  std::array<RowId, block> ids_{};
  std::array<std::string_view, block> id_texts_{};
  std::array<std::uint64_t, block> known_{};
  std::vector<Cell> cells_;
};

}  // namespace dealtrail::detail
