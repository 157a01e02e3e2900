#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/table/table.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {

/// Which event, seen when.
struct PaceOptions {
  std::string event{};               // empty: every event to come, sessions and cancelled ones apart
  std::optional<Timestamp> as_of{};  // none: every fact counts, and now is the latest activity
  std::int64_t longest_days = 366;   // how far before the start a curve may begin
};

/// Before the day (M1.12): where registrations for an event stand against its past editions at the same time before
/// their start, what that leads to, and what is missing to the goal. A row per event, by start, then id.
///
/// Columns: docs/answers/pace.md. Counts are exact; a rate without past editions is null, and `reason` says why. Past
/// editions: events over by now that began before this one and had registrations; those of its `series`, else those
/// alike (mode, and what the event says of product, brand and city), else all: `basis` says which. Of a past edition
/// only what was known at the same time before its start is compared: `registrations_then` is its card's
/// `registrations` as of that moment.
/// Ranges hold every past edition, the 95 % interval of all of them together (`wilson`) and the chance in the event's
/// own count.
/// @throws Error unknown_name when no such event is present, invalid_argument for a longest_days that is not 0 to
/// 36500. O(facts).
[[nodiscard]] Table pace(const Trail& trail, const PaceOptions& options = {});

/// The past editions that `pace` compares one event with, by start: a row each, with what was known at the same time
/// before the start, what became of it, and its rates. Empty where there are none; meta `basis` and `reason` as in
/// `pace`. @throws Error as `pace`, and invalid_argument without an event.
[[nodiscard]] Table pace_editions(const Trail& trail, const PaceOptions& options);

/// The registrations of one event by whole days to go, from the first one of it or a past edition to its start, beside
/// the median, lowest and highest of the past editions: for a chart. What lies after now is null; empty for an
/// event without a start. @throws Error as `pace_editions`.
[[nodiscard]] Table pace_curve(const Trail& trail, const PaceOptions& options);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/answers/detail/pace.ipp"
#endif
