// engine
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "dealtrail/core/detail/civil.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::detail {

/// The times at which something happened: now is the latest of them. Never a planned, due or expected time.
inline constexpr std::pair<Kind, std::size_t> happenings[] = {
    {Kind::touches, fields::touches::at},
    {Kind::registrations, fields::registrations::at},
    {Kind::attendances, fields::attendances::at},
    {Kind::signals, fields::signals::at},
    {Kind::moves, fields::moves::at},
    {Kind::payments, fields::payments::at},
    {Kind::milestones, fields::milestones::at},
    {Kind::activities, fields::activities::done_at},
    {Kind::leads, fields::leads::created_at},
    {Kind::deals, fields::deals::created_at},
    {Kind::deals, fields::deals::closed_at},
};

/// The times at which facts count that are no activity: they may lie after now.
inline constexpr std::pair<Kind, std::size_t> other_dates[] = {
    {Kind::costs, fields::costs::at},
    {Kind::invoices, fields::invoices::issued_at},
    {Kind::announcements, fields::announcements::published_at},
    {Kind::placement_reports, fields::placement_reports::at},
    {Kind::invitations, fields::invitations::sent_at},
    {Kind::leads, fields::leads::qualified_at},
};

inline constexpr std::int64_t first_credible_us = 631'152'000'000'000;   // 1990-01-01 UTC
inline constexpr std::int64_t last_credible_us = 4'102'444'800'000'000;  // 2100-01-01 UTC, not included

[[nodiscard]] constexpr bool is_plausible(Cell at) noexcept { return at >= first_credible_us && at < last_credible_us; }

/// A time as people are shown it: the last microsecond of a day is that day.
[[nodiscard]] inline Datum shown_time(Cell at, const Zone& zone) {
  if (at == null_cell) return Datum::null();
  return is_day_end(at, zone) ? Datum::day_end(at, zone.offset_at(from_us(at))) : Datum::time(at);
}

/// The end of the day where only the day is known, which a field that begins something keeps as its first moment.
[[nodiscard]] inline Cell end_of_known_day(Cell at, const Zone& zone) noexcept {
  if (at == null_cell || !is_day_begin(at, zone)) return at;
  return to_us(end_of_day(floor_divide(zone.to_local(from_us(at)), us_per_day), zone));
}

/// Whether a moment lies before an end that is not included; the last microsecond of a day, to which a day as an end is
/// kept, is included. Zones are whole seconds from UTC.
[[nodiscard]] constexpr bool is_before_end(Cell at, Cell until) noexcept {
  return at < until || (at == until && (until + 1) % us_per_second == 0);
}

/// Whether one time lies after another; of two times of which one is only a day, by day.
[[nodiscard]] inline bool is_after(Cell at, Cell other, const Zone& zone) noexcept {
  const auto is_day = [&](Cell time) { return is_day_begin(time, zone) || is_day_end(time, zone); };
  if (!is_day(at) && !is_day(other)) return at > other;
  const auto day = [&](Cell time) { return floor_divide(zone.to_local(from_us(time)), us_per_day); };
  return day(at) > day(other);
}

/// Names as_of, empty where none was given, and now: as_of, else the latest activity.
inline void add_times(TableBuilder& builder, std::optional<Timestamp> as_of, Cell latest) {
  const auto text = [](Cell at) { return at == null_cell ? std::string{} : to_text(Datum::time(at)); };
  builder.meta("as_of", text(as_of.has_value() ? to_us(*as_of) : null_cell));
  builder.meta("now", text(as_of.has_value() ? to_us(*as_of) : latest));
}

/// The latest credible happening of one row; null when it has none.
[[nodiscard]] inline Cell latest_of_row(Kind kind, std::span<const Cell> row) noexcept {
  Cell latest = null_cell;
  for (const auto& [of, field] : happenings) {
    if (of == kind && is_plausible(row[field])) latest = std::max(latest, row[field]);
  }
  return latest;
}

/// The latest credible happening of all rows; null when there is none. O(rows).
[[nodiscard]] inline Cell latest_of_all(const FactStore& store) {
  Cell latest = null_cell;
  for (const auto& happening : happenings) {
    store.for_each_row(happening.first, [&](RowId slot) {
      const Cell at = store.get(happening.first, slot, happening.second);
      if (is_plausible(at)) latest = std::max(latest, at);
    });
  }
  return latest;
}

}  // namespace dealtrail::detail
