// engine
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "dealtrail/cards/card_sums.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/facts/event_time.hpp"

namespace dealtrail::detail {

class Postings;

// Keeps the sums behind the cards true while facts change, by taking a unit's old postings away before a change and
// adding its new ones after it:
//   mark(unit)  before anything that the unit's postings depend on is written: takes them away, once
//   settle()    after the writes: adds the postings of every marked unit anew
// A posting that needs a now waits while its active-from time lies ahead; the unit is computed again when now gets
// there.
class LiveCards {
 public:
  [[nodiscard]] const CardSums& cells() const noexcept { return cells_; }
  [[nodiscard]] Cell now() const noexcept { return now_; }

  /// From here to `settle` nothing is worth marking: everything will be computed anew.
  void mark_all() noexcept { all_ = true; }
  [[nodiscard]] bool all_marked() const noexcept { return all_; }

  void mark(const Postings& postings, Unit unit);

  /// Whether the claims below a deal are still to be marked: true once between two `settle`.
  [[nodiscard]] bool marks_claims_of(RowId deal) { return !all_ && claims_marked_.insert(deal).second; }

  /// Marks a unit that has no postings yet (a cluster that is about to exist).
  void mark_new(Unit unit) {
    if (!all_) note(unit);
  }

  /// A row that happened came or went; null times are nothing.
  void change_happened(Cell before, Cell after) noexcept {
    if (after != null_cell && (latest_ == null_cell || after >= latest_)) {
      latest_ = after;
    } else if (before != null_cell && before == latest_) {
      latest_is_known_ = false;
    }
  }

  void settle(const Postings& postings);

  [[nodiscard]] std::size_t marked() const noexcept { return marked_.size(); }

 private:
  using Pending = std::pair<Cell, Unit>;
  struct Later {
    bool operator()(const Pending& lhs, const Pending& rhs) const noexcept { return lhs.first > rhs.first; }
  };

  template <class T>
  [[nodiscard]] static T& place(std::array<std::vector<T>, unit_kind_count>& all, Unit unit, T nothing) {
    auto& values = all[static_cast<std::size_t>(unit.kind)];
    if (unit.slot >= values.size())
      values.resize(std::max<std::size_t>(unit.slot + std::size_t{1}, values.size() * 2), nothing);
    return values[unit.slot];
  }
  [[nodiscard]] std::uint8_t& flag(Unit unit) { return place(flags_, unit, std::uint8_t{0}); }
  bool note(Unit unit) {
    auto& known = flag(unit);
    if (known != 0) return false;
    known = 1;
    marked_.push_back(unit);
    return true;
  }

  void apply(const Postings& postings, Unit unit, bool add);

  void move_now(const Postings& postings, Cell to);

  void rebuild(const Postings& postings);

  CardSums cells_;
  Cell now_ = null_cell;
  Cell latest_ = null_cell;
  bool latest_is_known_ = true;
  bool all_ = false;
  std::array<std::vector<std::uint8_t>, unit_kind_count> flags_;
  std::vector<Unit> marked_;
  std::set<RowId> claims_marked_;
  std::vector<Pending> pending_;                          // a heap: the earliest first
  std::array<std::vector<Cell>, unit_kind_count> waits_;  // the earliest pending time of each unit
  std::vector<Posting> scratch_;
};

}  // namespace dealtrail::detail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/cards/detail/live_cards.ipp"
#endif
