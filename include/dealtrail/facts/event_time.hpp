// engine
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "dealtrail/core/timestamp.hpp"
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
