// engine
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "dealtrail/cards/events.hpp"
#include "dealtrail/cards/visits.hpp"
#include "dealtrail/facts/fact_store.hpp"

namespace dealtrail::detail {

/// Since when attendance of each event is known: its `attendance` says so, or it or an event below it has an arrival.
/// Kept while facts change: `add` and `remove` before an arrival is written, `settle` after all writes.
class ArrivalIndex {
 public:
  /// Attendance of the event was not taken.
  static constexpr Cell never = std::numeric_limits<Cell>::max();

  /// The kinds of fact that it is made of.
  [[nodiscard]] static constexpr bool reads(Kind kind) noexcept {
    return kind == Kind::attendances || kind == Kind::registrations || kind == Kind::events;
  }

  /// When attendance of an event began to be known; null: always, as of no event.
  [[nodiscard]] Cell known_since(const FactStore& store, RowId event, const Zone& zone) const {
    namespace f = fields::events;
    if (event == no_row) return null_cell;
    if (store.present(Kind::events, event)) {
      const Cell said = store.get(Kind::events, event, f::attendance);
      if (said != null_cell) return said == choice(Kind::events, f::attendance, "taken") ? null_cell : never;
    }
    return first_at(store, event, of(store, event), zone);
  }

  /// Whether an arrival at an event, at a time or none, makes attendance of it known sooner than before.
  [[nodiscard]] bool changes_by(const FactStore& store, RowId event, Cell at) const {
    const Arrivals known = of(store, event);
    return at == null_cell ? !known.timeless : at < known.first;
  }
  /// Whether attendance of the event may become known later without such an arrival.
  [[nodiscard]] bool rests_on(const FactStore& store, RowId event, Cell at) const {
    return at == null_cell || at <= of(store, event).first;
  }

  void add(RowId event, Cell at) { place(event).add(at); }
  /// What is known of the event is found anew by `settle`.
  void forget(RowId event) {
    Arrivals& known = place(event);
    if (!known.stale) stale_.push_back(event);
    known.stale = true;
  }
  [[nodiscard]] bool is_forgotten(RowId event) const noexcept {
    return all_stale_ || (event < of_.size() && of_[event].stale);
  }
  void forget_all() noexcept { all_stale_ = true; }

  /// Whether there is an arrival at the event or below it.
  [[nodiscard]] bool any(const FactStore& store, RowId event) const {
    const Arrivals known = of(store, event);
    return known.timeless || known.first != never;
  }

  /// O(what was forgotten and its arrivals); all of it: O(arrivals × events above each).
  void settle(const FactStore& store) {
    if (all_stale_) {
      of_.assign(store.of(Kind::events).slots(), Arrivals{});
      store.for_each_row(Kind::attendances, [&](RowId arrival) {
        const Cell at = store.get(Kind::attendances, arrival, fields::attendances::at);
        const RowId event = event_of_arrival(store, arrival);
        if (event != no_row) for_each_above(store, event, [&](RowId one) { add(one, at); });
      });
    } else {
      for (const RowId event : stale_) of_[event] = counted(store, event);
    }
    stale_.clear();
    all_stale_ = false;
  }

  /// Calls `visit(event)` for an event and all above it, at least once each; parents may run in a circle. Source: Brent
  /// (1980), BIT 20, 176-184.
  template <class Visit>
  static void for_each_above(const FactStore& store, RowId event, Visit&& visit) {
    RowId mark = event;
    std::size_t power = 1;
    std::size_t steps = 0;
    for (RowId one = event; one != no_row;) {
      visit(one);
      if (!store.present(Kind::events, one)) return;
      one = store.live_link(Kind::events, one, fields::events::parent);
      if (one == mark) return;
      if (++steps < power) continue;
      mark = one;
      power *= 2;
      steps = 0;
    }
  }

 private:
  struct Arrivals {
    Cell first = never;     // the earliest of those with a time
    bool timeless = false;  // there are some without
    bool stale = false;

    void add(Cell at) noexcept {
      if (at == null_cell) {
        timeless = true;
      } else {
        first = std::min(first, at);
      }
    }
  };

  [[nodiscard]] Arrivals& place(RowId event) {
    make_room(of_, event, Arrivals{});
    return of_[event];
  }
  [[nodiscard]] Arrivals of(const FactStore& store, RowId event) const {
    if (is_forgotten(event)) return counted(store, event);
    return event < of_.size() ? of_[event] : Arrivals{};
  }
  [[nodiscard]] static Cell first_at(const FactStore& store, RowId event, const Arrivals& arrivals, const Zone& zone) {
    return arrivals.timeless ? std::min(arrivals.first, timeless_at(store, event, zone)) : arrivals.first;
  }

  [[nodiscard]] static Arrivals counted(const FactStore& store, RowId event) {
    Arrivals found;
    const auto note = [&](RowId arrival) { found.add(store.get(Kind::attendances, arrival, fields::attendances::at)); };
    const auto at_event = [&](RowId one) {
      store.for_each_child(Kind::registrations, fields::registrations::event, one, [&](RowId registration) {
        store.for_each_child(Kind::attendances, fields::attendances::registration, registration, note);
      });
      store.for_each_child(Kind::attendances, fields::attendances::event, one, [&](RowId arrival) {
        if (store.live_link(Kind::attendances, arrival, fields::attendances::registration) == no_row) note(arrival);
      });
    };
    if (!store.present(Kind::events, event)) {
      at_event(event);
    } else {
      for (const RowId one : family_of(store, event)) at_event(one);
    }
    return found;
  }

  std::vector<Arrivals> of_;
  std::vector<RowId> stale_;
  bool all_stale_ = true;
};

}  // namespace dealtrail::detail
