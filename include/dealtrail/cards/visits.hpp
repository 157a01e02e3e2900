// engine
#pragma once

#include <cstdint>
#include <optional>

#include "dealtrail/cards/detail/posting.hpp"
#include "dealtrail/cards/events.hpp"
#include "dealtrail/facts/event_time.hpp"
#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/facts/short_list.hpp"

namespace dealtrail::detail {

/// The registrations and arrivals of one person (or one nameless guest), and the visits they make up.
struct VisitFacts {
  ShortList<RowId, 8> registrations;
  ShortList<RowId, 8> arrivals;
};

/// One guest at one event: what is counted of it. Slots are no_slot where there is none, times null.
struct Visit {
  RowId event = no_row;
  RowId counted = no_row;       // the registration that counts
  RowId arrival = no_row;       // the earliest arrival
  RowId cancelled = no_row;     // the earliest registration that was cancelled
  Cell arrived_at = null_cell;  // the attended time, when there is an arrival

  [[nodiscard]] bool is_empty() const noexcept { return counted == no_row && arrival == no_row && cancelled == no_row; }
};

// Earlier first, no time last, then the smaller id.
[[nodiscard]] inline bool earlier(const FactStore& store, Kind kind, std::size_t at, RowId lhs, RowId rhs) {
  const Cell left = store.get(kind, lhs, at);
  const Cell right = store.get(kind, rhs, at);
  if (left != right) return sooner(left, right);
  return store.id(kind, lhs) < store.id(kind, rhs);
}

[[nodiscard]] inline RowId event_of_arrival(const FactStore& store, RowId arrival) {
  namespace f = fields::attendances;
  const RowId registration = store.live_link(Kind::attendances, arrival, f::registration);
  return registration != no_row ? store.link(Kind::registrations, registration, fields::registrations::event)
                                : store.link(Kind::attendances, arrival, f::event);
}

/// When a guest came whose arrival has no time: at the event's start, of an event known by its day at the end of that
/// day; null when it is not known either.
[[nodiscard]] inline Cell timeless_at(const FactStore& store, RowId event, const Zone& zone) {
  if (!store.present(Kind::events, event)) return null_cell;
  return end_of_known_day(store.get(Kind::events, event, fields::events::starts_at), zone);
}

/// Few people come to more events than this.
using Visits = ShortList<Visit, 8>;

/// Groups facts of one guest by `event_of(fact's event)`; facts for which it gives nothing are passed over.
template <class EventOf>
[[nodiscard]] Visits visits_of(const FactStore& store, const Zone& zone, const VisitFacts& facts, EventOf&& event_of) {
  Visits visits;
  const auto visit_at = [&](RowId event) -> Visit& {
    for (Visit& visit : visits.all()) {
      if (visit.event == event) return visit;
    }
    visits.push_back({.event = event});
    return visits.all().back();
  };
  for (const RowId registration : facts.registrations.all()) {
    namespace f = fields::registrations;
    const auto event = event_of(store.link(Kind::registrations, registration, f::event));
    if (!event.has_value()) continue;
    Visit& visit = visit_at(*event);
    const Cell status = store.get(Kind::registrations, registration, f::status);
    if (status == choice(Kind::registrations, f::status, "cancelled") &&
        (visit.cancelled == no_row || earlier(store, Kind::registrations, f::at, registration, visit.cancelled)))
      visit.cancelled = registration;
    if (status != choice(Kind::registrations, f::status, "registered")) continue;
    if (visit.counted == no_row || earlier(store, Kind::registrations, f::at, registration, visit.counted))
      visit.counted = registration;
  }
  for (const RowId arrival : facts.arrivals.all()) {
    const auto event = event_of(event_of_arrival(store, arrival));
    if (!event.has_value()) continue;
    Visit& visit = visit_at(*event);
    if (visit.arrival == no_row || earlier(store, Kind::attendances, fields::attendances::at, arrival, visit.arrival)) {
      visit.arrival = arrival;
    }
  }
  for (Visit& visit : visits.all()) {
    if (visit.arrival == no_row) continue;
    visit.arrived_at = store.get(Kind::attendances, visit.arrival, fields::attendances::at);
    if (visit.arrived_at == null_cell) visit.arrived_at = timeless_at(store, visit.event, zone);
    if (visit.arrived_at == null_cell && visit.counted != no_row) {
      visit.arrived_at = store.get(Kind::registrations, visit.counted, fields::registrations::at);
    }
  }
  return visits;
}

}  // namespace dealtrail::detail
