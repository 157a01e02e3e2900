// engine
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "dealtrail/facts/interner.hpp"
#include "dealtrail/facts/kinds.hpp"

namespace dealtrail::detail {

/// A cell as it is stored: a number whose meaning its column knows. Text and links are slots, reals are their bits.
using Cell = std::int64_t;
inline constexpr Cell null_cell = std::numeric_limits<std::int64_t>::min();

/// Whether one time comes before another; one that is not there comes last.
[[nodiscard]] constexpr bool sooner(Cell lhs, Cell rhs) noexcept {
  return lhs != null_cell && (rhs == null_cell || lhs < rhs);
}

[[nodiscard]] constexpr bool is_narrow(FieldType type) noexcept {
  return type == FieldType::text || type == FieldType::link || type == FieldType::choice || type == FieldType::boolean;
}

// Makes `place` a place of the vector, with as many more filled ahead: filling one at a time would cost a call for each
// row.
template <class T>
void make_room(std::vector<T>& values, RowId place, const T& nothing) {
  if (place >= values.size()) values.resize(std::max(place + std::size_t{1}, values.size() * 2), nothing);
}

// One column of one kind. Slots, choices and booleans take four bytes, the rest eight; a column never written takes
// none.
class Column {
 public:
  explicit Column(FieldType type) : type_(type), narrow_(is_narrow(type)) {}

  [[nodiscard]] FieldType type() const noexcept { return type_; }

  [[nodiscard]] Cell get(RowId row) const noexcept {
    if (narrow_) {
      if (row >= slots_.size()) return null_cell;
      const std::uint32_t value = slots_[row];
      return value == no_row ? null_cell : static_cast<Cell>(value);
    }
    return row < numbers_.size() ? numbers_[row] : null_cell;
  }

  /// Asks for the memory that `get` of this row will read.
  void prefetch(RowId row) const noexcept {
    if (narrow_) {
      if (row < slots_.size()) __builtin_prefetch(&slots_[row]);
    } else {
      if (row < numbers_.size()) __builtin_prefetch(&numbers_[row]);
    }
  }

  void set(RowId row, Cell value) {
    if (narrow_) {
      if (row >= slots_.size()) {
        if (value == null_cell) return;
        make_room(slots_, row, no_row);
      }
      slots_[row] = value == null_cell ? no_row : static_cast<std::uint32_t>(value);
    } else {
      if (row >= numbers_.size()) {
        if (value == null_cell) return;
        make_room(numbers_, row, null_cell);
      }
      numbers_[row] = value;
    }
  }

 private:
  FieldType type_;
  bool narrow_;
  std::vector<std::uint32_t> slots_;
  std::vector<std::int64_t> numbers_;
};

// Rows that hold the same target, as doubly linked lists threaded through the rows: O(1) to join and leave.
class LinkIndex {
 public:
  [[nodiscard]] RowId first(RowId target) const noexcept { return target < first_.size() ? first_[target] : no_row; }
  [[nodiscard]] RowId next(RowId row) const noexcept { return rows_[row].next; }

  void link(RowId row, RowId target) {
    if (target >= first_.size()) make_room(first_, target, no_row);
    if (row >= rows_.size()) make_room(rows_, row, Ends{});
    const RowId head = first_[target];
    rows_[row] = {no_row, head};
    if (head != no_row) rows_[head].previous = row;
    first_[target] = row;
  }

  /// Asks for the memory that `first` of this target will read; when that is here, what `link` will read besides; and
  /// `next` of this row.
  void prefetch(RowId target) const noexcept {
    if (target < first_.size()) __builtin_prefetch(&first_[target]);
  }
  void prefetch_first(RowId target) const noexcept { prefetch_next(first(target)); }
  void prefetch_next(RowId row) const noexcept {
    if (row < rows_.size()) __builtin_prefetch(&rows_[row]);
  }

  void unlink(RowId row, RowId target) noexcept {
    const Ends ends = rows_[row];
    if (ends.previous == no_row) {
      first_[target] = ends.next;
    } else {
      rows_[ends.previous].next = ends.next;
    }
    if (ends.next != no_row) rows_[ends.next].previous = ends.previous;
  }

  /// Calls `visit(row)` for each row of `target`; the rows come in no promised order.
  template <class Visit>
  void for_each(RowId target, Visit&& visit) const {
    for (RowId row = first(target); row != no_row; row = next(row)) visit(row);
  }

 private:
  struct Ends {
    RowId previous = no_row;
    RowId next = no_row;
  };
  std::vector<RowId> first_;
  std::vector<Ends> rows_;
};

}  // namespace dealtrail::detail
