#pragma once

#include <cstdint>
#include <optional>

#include "dealtrail/model/detail/events.hpp"
#include "dealtrail/model/detail/fact_store.hpp"
#include "dealtrail/model/detail/posting.hpp"
#include "dealtrail/model/detail/short_list.hpp"

namespace dealtrail::detail {

/// The registrations and arrivals of one person (or one nameless guest), and the visits they make up.
struct VisitFacts {
  ShortList<Slot, 8> registrations;
  ShortList<Slot, 8> arrivals;
};

/// One guest at one event: what is counted of it. Slots are no_slot where there is none, times null.
struct Visit {
  Slot event = no_slot;
  Slot counted = no_slot;         // the registration that counts
  Slot arrival = no_slot;         // the earliest arrival
  Stored arrived_at = null_cell;  // the attended time, when there is an arrival
};

// Earlier first, no time last, then the smaller id.
template <class = void>
[[nodiscard]] inline bool earlier(const FactStore& store, Kind kind, std::size_t at, Slot lhs, Slot rhs) {
  const Stored left = store.get(kind, lhs, at);
  const Stored right = store.get(kind, rhs, at);
  if (left != right) return sooner(left, right);
  return store.id(kind, lhs) < store.id(kind, rhs);
}

template <class = void>
[[nodiscard]] inline Slot event_of_arrival(const FactStore& store, Slot arrival) {
  namespace f = fields::attendances;
  const Slot registration = store.live_link(Kind::attendances, arrival, f::registration);
  return registration != no_slot ? store.link(Kind::registrations, registration, fields::registrations::event)
                                 : store.link(Kind::attendances, arrival, f::event);
}

/// Few people come to more events than this.
using Visits = ShortList<Visit, 8>;

/// Groups facts of one guest by `event_of(fact's event)`; facts for which it gives nothing are passed over.
template <class EventOf>
[[nodiscard]] Visits visits_of(const FactStore& store, const VisitFacts& facts, EventOf&& event_of) {
  Visits visits;
  const auto visit_at = [&](Slot event) -> Visit& {
    for (Visit& visit : visits.all()) {
      if (visit.event == event) return visit;
    }
    visits.push_back({.event = event});
    return visits.all().back();
  };
  for (const Slot registration : facts.registrations.all()) {
    namespace f = fields::registrations;
    const auto event = event_of(store.link(Kind::registrations, registration, f::event));
    if (!event.has_value()) continue;
    Visit& visit = visit_at(*event);
    if (store.get(Kind::registrations, registration, f::status) != choice(Kind::registrations, f::status, "registered"))
      continue;
    if (visit.counted == no_slot || earlier(store, Kind::registrations, f::at, registration, visit.counted))
      visit.counted = registration;
  }
  for (const Slot arrival : facts.arrivals.all()) {
    const auto event = event_of(event_of_arrival(store, arrival));
    if (!event.has_value()) continue;
    Visit& visit = visit_at(*event);
    if (visit.arrival == no_slot ||
        earlier(store, Kind::attendances, fields::attendances::at, arrival, visit.arrival)) {
      visit.arrival = arrival;
    }
  }
  for (Visit& visit : visits.all()) {
    if (visit.arrival == no_slot) continue;
    visit.arrived_at = store.get(Kind::attendances, visit.arrival, fields::attendances::at);
    if (visit.arrived_at == null_cell && store.present(Kind::events, visit.event)) {
      visit.arrived_at = store.get(Kind::events, visit.event, fields::events::starts_at);
    }
    if (visit.arrived_at == null_cell && visit.counted != no_slot) {
      visit.arrived_at = store.get(Kind::registrations, visit.counted, fields::registrations::at);
    }
  }
  return visits;
}

}  // namespace dealtrail::detail
