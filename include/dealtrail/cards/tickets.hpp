// engine
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "dealtrail/cards/visits.hpp"

namespace dealtrail::detail {

/// The tickets of one visit, among the facts of its guest: `had(registration, tickets, at)` for each registered row
/// that counts, then `came(arrival, tickets, at)` for each arrival. Rows of one guest count again only with another
/// ticket or a quantity. Of a registration no more come than it has; a guest without one is one, or what is said.
template <class EventOf, class Had, class Came>
void tickets_of(const FactStore& store, const Zone& zone, const VisitFacts& facts, const Visit& visit,
                EventOf&& event_of, Had&& had, Came&& came) {
  namespace r = fields::registrations;
  namespace a = fields::attendances;
  const auto cell = [&](RowId row, std::size_t field) { return store.get(Kind::registrations, row, field); };
  struct Row {
    RowId slot;
    std::int64_t left;
  };
  ShortList<Row, 8> rows;
  ShortList<RowId, 8> order;
  for (const RowId slot : facts.registrations.all()) {
    if (event_of(store.link(Kind::registrations, slot, r::event)) != std::optional{visit.event}) continue;
    if (cell(slot, r::status) == choice(Kind::registrations, r::status, "registered")) order.push_back(slot);
  }
  std::sort(order.all().begin(), order.all().end(),
            [&](RowId lhs, RowId rhs) { return earlier(store, Kind::registrations, r::at, lhs, rhs); });
  for (const RowId slot : order.all()) {
    const Cell quantity = cell(slot, r::quantity);
    const Cell sort = cell(slot, r::ticket);
    bool counts = slot == visit.counted || quantity != null_cell;
    if (!counts && sort != null_cell) {
      counts = true;
      for (const RowId other : order.all()) {
        if (other == slot) break;
        if (cell(other, r::ticket) == sort) counts = false;
      }
    }
    if (!counts) continue;
    rows.push_back({slot, quantity == null_cell ? 1 : std::max<std::int64_t>(quantity, 0)});
    had(slot, rows.all().back().left, cell(slot, r::at));
  }
  if (visit.arrival == no_row) return;
  ShortList<RowId, 8> arrivals;
  for (const RowId slot : facts.arrivals.all()) {
    if (event_of(event_of_arrival(store, slot)) == std::optional{visit.event}) arrivals.push_back(slot);
  }
  std::sort(arrivals.all().begin(), arrivals.all().end(),
            [&](RowId lhs, RowId rhs) { return earlier(store, Kind::attendances, a::at, lhs, rhs); });
  const auto row_of = [&](RowId registration) {
    return std::find_if(rows.all().begin(), rows.all().end(), [&](const Row& one) { return one.slot == registration; });
  };
  for (const RowId slot : arrivals.all()) {
    const Cell said = store.get(Kind::attendances, slot, a::quantity);
    std::int64_t let_in = said == null_cell ? 1 : std::max<std::int64_t>(said, 0);
    if (rows.all().empty()) {
      if (slot != visit.arrival && said == null_cell) continue;  // the first arrival has the guest itself
    } else {
      auto row = row_of(store.live_link(Kind::attendances, slot, a::registration));
      if (row == rows.all().end()) row = row_of(visit.counted);
      let_in = std::min(let_in, row->left);
      row->left -= let_in;
    }
    Cell at = store.get(Kind::attendances, slot, a::at);
    if (at == null_cell) at = timeless_at(store, visit.event, zone);
    if (at == null_cell && visit.counted != no_row) at = cell(visit.counted, r::at);
    came(slot, let_in, at);
  }
}

}  // namespace dealtrail::detail
