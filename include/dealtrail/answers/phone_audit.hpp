#pragma once

#include <cstdint>
#include <optional>

#include "dealtrail/core/config.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {

/// As of when numbers are audited, and how long one may be silent.
struct PhoneAuditOptions {
  std::optional<Timestamp> as_of{};  // none: every touch counts, and now is the latest activity
  std::int64_t window_days = 30;     // a number without a call this long before now is silent
};

/// What is wrong with telephone numbers (M3.2; docs/sources/sources.md), a row each, ordered by problem, number, key:
///
/// - `unknown`: it rings, but no key covers it at the time of those calls; key is one that covers it at another time;
/// - `silent`: its announcement (else its channel) has cost, and it was not called in the part of the window in which
///   the key was valid and the announcement was out: [from, until);
/// - `moved`: a key that ended and the next one, which leads elsewhere: key to to_key, at from. Calls are those after
///   the move by callers who had called under the old key;
/// - `double`: two keys that are valid at once, [from, until), and lead elsewhere; such calls are (unattributed).
///
/// Columns: problem, number, key, announcement, channel, to_key, to_announcement, to_channel, from, until (open: null),
/// calls, callers, first_call, last_call, cost. A key is the id of source_keys, null for a phone_number on the
/// announcement. A call is a touch that is no visit and names a dialled_number, not after as_of; a caller is a
/// person (cluster), else a phone, else a client_id, else that call alone. O(facts + calls × keys of their number).
/// @throws Error invalid_argument for a window that is not 1 to 36500 days.
[[nodiscard]] Table phone_audit(const Trail& trail, const PhoneAuditOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/answers/detail/phone_audit.ipp"
#endif
