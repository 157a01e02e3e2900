#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "dealtrail/answers/event_times.hpp"
#include "dealtrail/cards/posting_filter.hpp"

namespace dealtrail {

DEALTRAIL_INLINE std::int64_t EventTimes::known(std::int64_t at_us) const noexcept {
  return undated + (std::upper_bound(registered_us.begin(), registered_us.end(), at_us) - registered_us.begin());
}

DEALTRAIL_INLINE std::map<std::string, EventTimes, std::less<>> event_times(const Trail& trail,
                                                                            const CardsOptions& options) {
  using namespace detail;
  const Cell latest = trail.now().has_value() ? to_us(*trail.now()) : null_cell;
  std::vector<EventTimes> of_slot;
  std::vector<bool> has;
  for_each_posting(trail.view(), latest, options, [&](const Posting& posting) {
    const bool registered = posting.metric == Metric::registrations;
    const bool promotes =
        posting.metric == Metric::cost && (posting.channel != no_row || posting.announcement != no_row);
    if ((!registered && !promotes) || posting.event == no_row) return;
    if (posting.event >= of_slot.size()) {
      of_slot.resize(posting.event + std::size_t{1});
      has.resize(of_slot.size());
    }
    EventTimes& times = of_slot[posting.event];
    has[posting.event] = true;
    if (promotes) {
      times.promotion.add(posting.value);
    } else if (posting.at == null_cell) {
      ++times.undated;
    } else {
      times.registered_us.push_back(posting.at);
    }
  });
  std::map<std::string, EventTimes, std::less<>> by_id;
  for (std::size_t slot = 0; slot < of_slot.size(); ++slot) {
    if (!has[slot]) continue;
    std::sort(of_slot[slot].registered_us.begin(), of_slot[slot].registered_us.end());
    by_id.emplace(trail.view().store.id(Kind::events, static_cast<RowId>(slot)), std::move(of_slot[slot]));
  }
  return by_id;
}

}  // namespace dealtrail
