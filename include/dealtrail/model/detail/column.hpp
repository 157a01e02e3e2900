#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "dealtrail/model/detail/interner.hpp"
#include "dealtrail/model/kinds.hpp"

namespace dealtrail::detail {

/// A cell as it is stored: a number whose meaning its column knows. Text and links are slots, reals are their bits.
using Stored = std::int64_t;
inline constexpr Stored null_cell = std::numeric_limits<std::int64_t>::min();

/// Whether one time comes before another; one that is not there comes last.
[[nodiscard]] constexpr bool sooner(Stored lhs, Stored rhs) noexcept {
  return lhs != null_cell && (rhs == null_cell || lhs < rhs);
}

[[nodiscard]] constexpr bool is_narrow(FieldType type) noexcept {
  return type == FieldType::text || type == FieldType::link || type == FieldType::choice || type == FieldType::boolean;
}

// Makes `place` a place of the vector, with as many more filled ahead: filling one at a time would cost a call for each
// row.
template <class T>
void make_room(std::vector<T>& values, Slot place, const T& nothing) {
  if (place >= values.size()) values.resize(std::max(place + std::size_t{1}, values.size() * 2), nothing);
}

// One column of one kind. Slots, choices and booleans take four bytes, the rest eight; a column never written takes
// none.
template <class = void>
class BasicColumn {
 public:
  explicit BasicColumn(FieldType type) : type_(type), narrow_(is_narrow(type)) {}

  [[nodiscard]] FieldType type() const noexcept { return type_; }

  [[nodiscard]] Stored get(Slot row) const noexcept {
    if (narrow_) {
      if (row >= slots_.size()) return null_cell;
      const std::uint32_t value = slots_[row];
      return value == no_slot ? null_cell : static_cast<Stored>(value);
    }
    return row < numbers_.size() ? numbers_[row] : null_cell;
  }

  /// Asks for the memory that `get` of this row will read.
  void prefetch(Slot row) const noexcept {
    if (narrow_) {
      if (row < slots_.size()) __builtin_prefetch(&slots_[row]);
    } else {
      if (row < numbers_.size()) __builtin_prefetch(&numbers_[row]);
    }
  }

  void set(Slot row, Stored value) {
    if (narrow_) {
      if (row >= slots_.size()) {
        if (value == null_cell) return;
        make_room(slots_, row, no_slot);
      }
      slots_[row] = value == null_cell ? no_slot : static_cast<std::uint32_t>(value);
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
using Column = BasicColumn<>;

// Rows that hold the same target, as doubly linked lists threaded through the rows: O(1) to join and leave.
template <class = void>
class BasicLinkIndex {
 public:
  [[nodiscard]] Slot first(Slot target) const noexcept { return target < first_.size() ? first_[target] : no_slot; }
  [[nodiscard]] Slot next(Slot row) const noexcept { return rows_[row].next; }

  void link(Slot row, Slot target) {
    if (target >= first_.size()) make_room(first_, target, no_slot);
    if (row >= rows_.size()) make_room(rows_, row, Ends{});
    const Slot head = first_[target];
    rows_[row] = {no_slot, head};
    if (head != no_slot) rows_[head].previous = row;
    first_[target] = row;
  }

  /// Asks for the memory that `first` of this target will read; when that is here, what `link` will read besides; and
  /// `next` of this row.
  void prefetch(Slot target) const noexcept {
    if (target < first_.size()) __builtin_prefetch(&first_[target]);
  }
  void prefetch_first(Slot target) const noexcept { prefetch_next(first(target)); }
  void prefetch_next(Slot row) const noexcept {
    if (row < rows_.size()) __builtin_prefetch(&rows_[row]);
  }

  void unlink(Slot row, Slot target) noexcept {
    const Ends ends = rows_[row];
    if (ends.previous == no_slot) {
      first_[target] = ends.next;
    } else {
      rows_[ends.previous].next = ends.next;
    }
    if (ends.next != no_slot) rows_[ends.next].previous = ends.previous;
  }

  /// Calls `visit(row)` for each row of `target`; the rows come in no promised order.
  template <class Visit>
  void for_each(Slot target, Visit&& visit) const {
    for (Slot row = first(target); row != no_slot; row = next(row)) visit(row);
  }

 private:
  struct Ends {
    Slot previous = no_slot;
    Slot next = no_slot;
  };
  std::vector<Slot> first_;
  std::vector<Ends> rows_;
};
using LinkIndex = BasicLinkIndex<>;

}  // namespace dealtrail::detail
