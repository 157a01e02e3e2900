#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "dealtrail/model/detail/fact_store.hpp"
#include "dealtrail/model/detail/rates.hpp"

namespace dealtrail::detail {

/// The topmost present ancestor of an event; events in a circle of parents are topmost themselves. `event` itself when absent.
[[nodiscard]] inline Slot topmost(const FactStore& store, Slot event) {
  if (!store.present(Kind::events, event)) return event;
  Slot parent = store.live_link(Kind::events, event, fields::events::parent);
  if (parent == no_slot) return event;
  std::vector<Slot> path{event};
  while (parent != no_slot) {
    if (std::find(path.begin(), path.end(), parent) != path.end()) return parent;
    path.push_back(parent);
    parent = store.live_link(Kind::events, parent, fields::events::parent);
  }
  return path.back();
}

/// The events an announcement serves with their weights, by event id. One without any event serves no_slot.
struct EventShares {
  std::vector<std::pair<Slot, std::uint64_t>> shares;

  [[nodiscard]] std::vector<std::uint64_t> weights() const {
    std::vector<std::uint64_t> result;
    for (const auto& share : shares) result.push_back(share.second);
    return result;
  }
};

[[nodiscard]] inline EventShares single_event(Slot event) { return {{{event, 1}}}; }

[[nodiscard]] inline EventShares events_of(const FactStore& store, Slot announcement) {
  if (announcement == no_slot) return single_event(no_slot);
  EventShares result;
  namespace f = fields::announcement_events;
  store.for_each_child(Kind::announcement_events, f::announcement, announcement, [&](Slot row) {
    const Stored weight = store.get(Kind::announcement_events, row, f::weight);
    const Slot event = store.link(Kind::announcement_events, row, f::event);
    const auto value = static_cast<std::uint64_t>(weight == null_cell ? decimal_unit : std::max<Stored>(weight, 0));
    const auto same = std::find_if(result.shares.begin(), result.shares.end(), [&](const auto& share) { return share.first == event; });
    if (same == result.shares.end()) {
      result.shares.emplace_back(event, value);
    } else {
      same->second += value;
    }
  });
  if (result.shares.empty()) return single_event(store.link(Kind::announcements, announcement, fields::announcements::event));
  std::sort(result.shares.begin(), result.shares.end(), [&](const auto& lhs, const auto& rhs) {
    if (lhs.first == no_slot || rhs.first == no_slot) return lhs.first != no_slot && rhs.first == no_slot;
    return store.id(Kind::events, lhs.first) < store.id(Kind::events, rhs.first);
  });
  if (std::all_of(result.shares.begin(), result.shares.end(), [](const auto& share) { return share.second == 0; })) {
    for (auto& share : result.shares) share.second = 1;
  }
  return result;
}

}  // namespace dealtrail::detail
