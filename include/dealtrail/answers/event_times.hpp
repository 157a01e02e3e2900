#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {

/// Two figures of an event's card in time: when its registrations were made, and the part of its cost that promotes it.
struct EventTimes {
  std::vector<std::int64_t> registered_us{};  // of the counted registrations, in order; those without a time are below
  std::int64_t undated = 0;                   // counted registrations without a time
  MoneySum promotion{};                       // cost that reaches the event through a channel or announcement

  [[nodiscard]] std::int64_t registrations() const noexcept {
    return static_cast<std::int64_t>(registered_us.size()) + undated;
  }
  /// Registrations known at a moment: those until then, and those without a time. O(log).
  [[nodiscard]] std::int64_t known(std::int64_t at_us) const noexcept;
};

/// By id, every event that has a posting of these; a session beside the event above it, as in `cards` by event.
/// `registrations()` is that column of its card, `known(t)` that of its card as of t. One scan: O(facts).
[[nodiscard]] std::map<std::string, EventTimes, std::less<>> event_times(const Trail& trail,
                                                                         const CardsOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/answers/detail/event_times.ipp"
#endif
