// engine
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <unordered_set>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/civil.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/facts/rates.hpp"

namespace dealtrail::detail {

/// The topmost present ancestor of an event; events in a circle of parents are topmost themselves, and an event below
/// one has the first that it reaches. `event` itself when absent. O(ancestors), no memory. Source: Brent (1980), BIT
/// 20, 176-184, for the circle.
[[nodiscard]] inline RowId topmost(const FactStore& store, RowId event) {
  if (!store.present(Kind::events, event)) return event;
  const auto above = [&](RowId one) { return store.live_link(Kind::events, one, fields::events::parent); };
  RowId fast = above(event);
  if (fast == no_row) return event;
  RowId slow = event;
  std::size_t length = 1;  // of the circle, at the end
  for (std::size_t power = 1; fast != slow; ++length) {
    if (length == power) {
      slow = fast;
      power *= 2;
      length = 0;
    }
    const RowId parent = above(fast);
    if (parent == no_row) return fast;
    fast = parent;
  }
  slow = fast = event;
  for (std::size_t i = 0; i < length; ++i) fast = above(fast);
  while (slow != fast) {
    slow = above(slow);
    fast = above(fast);
  }
  return slow;
}

/// The events an announcement serves with their weights, by event id. One without any event serves no_slot.
class EventShares {
 public:
  using Share = std::pair<RowId, std::uint64_t>;

  explicit EventShares(RowId event) : single_{event, 1} {}
  explicit EventShares(std::vector<Share> several) : several_(std::move(several)) {}

  /// Never empty. Nearly always one event: then nothing is allocated.
  [[nodiscard]] std::span<const Share> all() const& noexcept {
    return several_.empty() ? std::span<const Share>{&single_, 1} : std::span<const Share>{several_};
  }
  std::span<const Share> all() && = delete;

 private:
  Share single_{no_row, 1};
  std::vector<Share> several_;
};

[[nodiscard]] inline EventShares events_of(const FactStore& store, RowId announcement) {
  if (announcement == no_row) return EventShares{no_row};
  namespace f = fields::announcement_events;
  // Weights add up in 128 bits and are brought back to 64 together, so that their proportions stay.
  std::vector<std::pair<RowId, Int128>> sums;
  Int128 largest = 0;
  store.for_each_child(Kind::announcement_events, f::announcement, announcement, [&](RowId row) {
    const Cell weight = store.get(Kind::announcement_events, row, f::weight);
    const RowId event = store.link(Kind::announcement_events, row, f::event);
    const Int128 value = weight == null_cell ? decimal_unit : std::max<Cell>(weight, 0);
    auto same = std::find_if(sums.begin(), sums.end(), [&](const auto& sum) { return sum.first == event; });
    if (same == sums.end()) same = sums.insert(sums.end(), {event, 0});
    same->second += value;
    largest = std::max(largest, same->second);
  });
  int shift = 0;
  while ((largest >> shift) > std::numeric_limits<std::int64_t>::max()) ++shift;
  std::vector<EventShares::Share> shares;
  for (const auto& [event, sum] : sums) shares.emplace_back(event, static_cast<std::uint64_t>(sum >> shift));
  if (shares.empty()) return EventShares{store.link(Kind::announcements, announcement, fields::announcements::event)};
  std::sort(shares.begin(), shares.end(), [&](const auto& lhs, const auto& rhs) {
    if (lhs.first == no_row || rhs.first == no_row) return lhs.first != no_row && rhs.first == no_row;
    return store.id(Kind::events, lhs.first) < store.id(Kind::events, rhs.first);
  });
  if (std::all_of(shares.begin(), shares.end(), [](const auto& share) { return share.second == 0; })) {
    for (auto& share : shares) share.second = 1;
  }
  return EventShares{std::move(shares)};
}

/// When an event is over: at its end, else at the end of the day on which it begins; null when it has no date or is
/// absent.
[[nodiscard]] inline Cell over_at(const FactStore& store, RowId event, const Zone& zone) {
  if (!store.present(Kind::events, event)) return null_cell;
  const Cell ends = store.get(Kind::events, event, fields::events::ends_at);
  const Cell starts = store.get(Kind::events, event, fields::events::starts_at);
  if (ends != null_cell || starts == null_cell) return ends;
  return to_us(end_of_day(floor_divide(zone.to_local(from_us(starts)), us_per_day), zone));
}

/// An event and all that have it above them; parents may run in a circle. O(size of the family).
[[nodiscard]] inline std::vector<RowId> family_of(const FactStore& store, RowId event) {
  std::vector<RowId> family{event};
  std::unordered_set<RowId> known{event};
  for (std::size_t i = 0; i < family.size(); ++i) {
    store.for_each_child(Kind::events, fields::events::parent, family[i], [&](RowId child) {
      if (known.insert(child).second) family.push_back(child);
    });
  }
  return family;
}

}  // namespace dealtrail::detail
