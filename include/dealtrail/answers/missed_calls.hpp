#pragma once

#include <optional>

#include "dealtrail/core/config.hpp"
#include "dealtrail/facts/outcome.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {

/// Which requests `missed_calls` lists.
enum class MissedState : std::uint8_t { all, waiting };  // waiting: those that nobody has answered yet

struct MissedCallsOptions {
  std::optional<Timestamp> as_of{};  // none: every touch counts, and now is the latest activity
  MissedState state = MissedState::all;
  View view = View::marketing;  // of the won amounts
};

/// Requests that were not answered at once (M3.1; docs/sources/sources.md): calls with `answered` false, forms and
/// chats whose `answered` is not true, up to now, by time, then id. A row each:
///
/// touch, kind, person, phone, client_id, at, answered_at (the next contact with them; null: none yet), answered_by
/// (the touch or activity), minutes_waited (to answered_at, else to now), called_back, channel, announcement, brand,
/// pipeline (of its source), manager (the touch's), won_of_channel, leads_of_channel, won_per_lead: what requests of
/// that channel bring on average: its won amount over all its leads, those without a channel together; null without
/// leads, in major units. Both amounts are null where won deals have amounts and none could be summed: another currency
/// without a rate.
///
/// A contact is an answered call, form or chat, or an activity: at its done_at, or, when it is no task and has neither
/// done_at nor due_at, at its `at`. It is with them when it shares the person (cluster), the phone, the client_id, or a
/// person to whom contact_points give that phone; an activity also when its lead, or its deal or that deal's lead, came
/// by this touch, or it or they name the person. O(facts + contacts log contacts).
[[nodiscard]] Table missed_calls(const Trail& trail, const MissedCallsOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/answers/detail/missed_calls.ipp"
#endif
