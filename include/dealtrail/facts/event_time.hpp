// engine
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include "dealtrail/facts/fact_store.hpp"

namespace dealtrail::detail {

/// The times at which something happened: as_of is the latest of them. Never a planned, due or expected time.
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

inline constexpr std::int64_t first_credible_us = 631'152'000'000'000;   // 1990-01-01 UTC
inline constexpr std::int64_t last_credible_us = 4'102'444'800'000'000;  // 2100-01-01 UTC, not included

[[nodiscard]] constexpr bool is_plausible(Cell at) noexcept { return at >= first_credible_us && at < last_credible_us; }

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
