#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "dealtrail/cards/postings.hpp"

// The postings of guests: registrations, arrivals, tickets.

namespace dealtrail::detail {

inline void Postings::gather(const Unit& unit, VisitFacts& facts) const {
  if (unit.kind == UnitKind::lone_attendance) {
    if (store_.present(Kind::attendances, unit.slot) && *unit_of(Kind::attendances, unit.slot) == unit)
      facts.arrivals.push_back(unit.slot);
    return;
  }
  if (unit.kind == UnitKind::lone_registration) {
    if (!store_.present(Kind::registrations, unit.slot) || *unit_of(Kind::registrations, unit.slot) != unit) return;
    facts.registrations.push_back(unit.slot);
    gather_arrivals(unit.slot, facts);
    return;
  }
  facts_.people.for_each_member(unit.slot, [&](RowId person) {
    store_.for_each_child(Kind::registrations, fields::registrations::person, person, [&](RowId registration) {
      facts.registrations.push_back(registration);
      gather_arrivals(registration, facts);
    });
    store_.for_each_child(Kind::attendances, fields::attendances::person, person, [&](RowId arrival) {
      if (store_.live_link(Kind::attendances, arrival, fields::attendances::registration) == no_row)
        facts.arrivals.push_back(arrival);
    });
  });
}

inline void Postings::visit_metrics(const Visit& visit, Scope scope, std::vector<Posting>& out) const {
  const Place place = place_of(source_of_visit(visit));
  if (visit.counted == no_row && visit.cancelled != no_row) {
    const Place was = place_of(sources_.of_registration(visit.cancelled));
    const Cell at = store_.get(Kind::registrations, visit.cancelled, fields::registrations::at);
    post(out, {Kind::registrations, visit.cancelled}, Metric::cancelled, 1, clocked(at, was), at, was, visit.event,
         scope);
  }
  if (visit.counted == no_row) {
    if (visit.arrival == no_row) return;
    const Fact fact{Kind::attendances, visit.arrival};
    post(out, fact, Metric::walk_ins, 1, clocked(visit.arrived_at, place), visit.arrived_at, place, visit.event, scope);
    return;
  }
  const Fact registration{Kind::registrations, visit.counted};
  const Cell at = store_.get(Kind::registrations, visit.counted, fields::registrations::at);
  post(out, registration, Metric::registrations, 1, clocked(at, place), at, place, visit.event, scope);
  const Cell known = facts_.arrivals.known_since(store_, visit.event, facts_.zone);
  const Cell over = known == ArrivalIndex::never ? null_cell : over_at(store_, visit.event, facts_.zone);
  if (known != ArrivalIndex::never) {
    post(out, registration, Metric::registrations_seen, 1, clocked(at, place), std::max(at, known), place, visit.event,
         scope);
  }
  const Cell counts_from = std::max({at, known, over});
  if (over != null_cell)
    post(out, registration, Metric::registrations_over, 1, at, counts_from, place, visit.event, scope);
  if (visit.arrival == no_row) return;
  const Fact arrival{Kind::attendances, visit.arrival};
  post(out, arrival, Metric::attended, 1, clocked(visit.arrived_at, place), visit.arrived_at, place, visit.event,
       scope);
  if (over != null_cell) {
    post(out, arrival, Metric::attended_over, 1, at, std::max(counts_from, visit.arrived_at), place, visit.event,
         scope);
  }
}

template <class EventOf>
void Postings::tickets(const VisitFacts& facts, const Visit& visit, EventOf&& event_of, Scope scope,
                       std::vector<Posting>& out) const {
  const Place place = place_of(source_of_visit(visit));
  const auto post_tickets = [&](Fact fact, Metric metric, std::int64_t tickets, Cell at) {
    post(out, fact, metric, tickets, clocked(at, place), at, place, visit.event, scope);
  };
  tickets_of(
      store_, facts_.zone, facts, visit, event_of,
      [&](RowId slot, std::int64_t tickets, Cell at) {
        post_tickets({Kind::registrations, slot}, Metric::tickets, tickets, at);
      },
      [&](RowId slot, std::int64_t tickets, Cell at) {
        post_tickets({Kind::attendances, slot}, Metric::tickets_attended, tickets, at);
      });
}

inline void Postings::visitor(const Unit& unit, std::vector<Posting>& out) const {
  VisitFacts facts;
  gather(unit, facts);
  const auto whole = [&](RowId event) { return std::optional<RowId>{topmost(store_, event)}; };
  const auto visits = visits_of(store_, facts_.zone, facts, whole);
  const Visit* first = nullptr;
  const auto before = [&](const Visit& lhs, const Visit& rhs) {
    if (lhs.arrived_at != rhs.arrived_at) return sooner(lhs.arrived_at, rhs.arrived_at);
    const bool left = store_.present(Kind::events, lhs.event);
    const bool right = store_.present(Kind::events, rhs.event);
    if (left != right) return left;
    if (lhs.event == no_row || rhs.event == no_row) return lhs.event != no_row && rhs.event == no_row;
    return store_.id(Kind::events, lhs.event) < store_.id(Kind::events, rhs.event);
  };
  for (const Visit& visit : visits.all()) {
    if (visit.is_empty()) continue;
    visit_metrics(visit, Scope::everywhere, out);
    tickets(facts, visit, whole, Scope::everywhere, out);
    if (visit.arrival != no_row && (first == nullptr || before(visit, *first))) first = &visit;
  }
  if (first != nullptr && unit.kind == UnitKind::visitor) {
    const Place place = place_of(source_of_visit(*first));
    post(out, {Kind::attendances, first->arrival}, Metric::new_faces, 1, clocked(first->arrived_at, place),
         first->arrived_at, place, first->event, Scope::everywhere);
  }
  const auto session = [&](RowId event) {
    return store_.present(Kind::events, event) && topmost(store_, event) != event ? std::optional<RowId>{event}
                                                                                  : std::nullopt;
  };
  const auto sessions = visits_of(store_, facts_.zone, facts, session);
  for (const Visit& visit : sessions.all()) {
    if (visit.is_empty()) continue;
    visit_metrics(visit, Scope::event_only, out);
    tickets(facts, visit, session, Scope::event_only, out);
  }
}

}  // namespace dealtrail::detail
