#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/facts/condition.hpp"
#include "dealtrail/table/row_problems.hpp"
#include "dealtrail/table/stream.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

/// One step of a funnel over events: one of several events, on rows that meet a condition.
struct EventStep {
  std::string name{};
  std::vector<std::string> any{};
  Condition where{};      // over the columns of the table
  bool optional = false;  // may be skipped; never the first step
};

/// Events that end an attempt when one happens between two steps; steps count from 1.
struct EventExclusion {
  std::vector<std::string> any{};
  std::size_t from = 1;
  std::size_t to = 2;
};

/// `ordered`: other events may stand between steps. `strict`: steps follow one another directly. `any`: in any order;
/// row k counts who did k of the steps.
enum class EventOrder : std::uint8_t { ordered, strict, any };
inline constexpr detail::EnumNames<3> event_order_names{"ordered", "strict", "any"};

/// Which events of the first step may begin an attempt. `best`: any, the attempt that gets furthest counts, the latest
/// of equals. `first`, `latest`: only that one.
enum class FunnelEntry : std::uint8_t { best, first, latest };
inline constexpr detail::EnumNames<3> funnel_entry_names{"best", "first", "latest"};

struct EventFunnelOptions {
  std::vector<EventStep> steps{};         // 1 to 24
  std::vector<EventExclusion> exclude{};  // up to 8, of ordered funnels
  std::string subject = "subject";        // integer or text
  std::string at = "at";                  // time; local time and date are wall clocks of the zone
  std::string event = "event";            // text or integer
  std::string by{};                       // text or integer; none: one funnel
  std::size_t by_step = 1;                // the step whose event gives the group; 0: the last that was reached
  EventOrder order = EventOrder::ordered;
  FunnelEntry entry = FunnelEntry::best;
  std::optional<std::int64_t> window_us{};  // from the first step, inclusive; none: any time
  std::int64_t grace_us = 0;                // a step may be this much earlier than the one before
  Zone zone{};
  std::size_t threads = 1;
};

/// How far one subject came.
struct EventPath {
  std::uint32_t row = 0;  // of the table: the subject's first
  std::uint32_t group = 0;
  std::uint32_t steps = 0;              // bit k: step k + 1 was reached
  std::optional<std::uint32_t> next{};  // of a subject that left: the row of what it did next
  std::vector<std::int64_t> times{};    // of the steps that were reached, microseconds UTC
  friend bool operator==(const EventPath&, const EventPath&) = default;
};

struct EventFunnel {
  EventFunnelOptions options{};
  std::vector<EventPath> paths{};                    // by row
  std::vector<std::optional<std::string>> groups{};  // sorted, no value last
  std::int64_t subjects = 0;
  std::int64_t excluded = 0;  // subjects whose attempt was ended by an excluded event
  RowProblems problems{};
  std::vector<std::pair<std::string, std::string>> meta{};

  /// by?, step, name, count, rate_first, rate_previous, dropped, median_days, mean_days, p90_days. Rates and times are
  /// from the step before that may not be skipped.
  [[nodiscard]] Table table() const;
  /// Who reached a step (from 1): by?, subject, entered_at, at. `table` is the one the funnel was made of.
  /// @throws Error invalid_argument for a step that is not there.
  [[nodiscard]] Table subjects_of(const TableInput& table, std::size_t step) const;
  /// Who reached the step before and not this one: by?, subject, entered_at, at (of the step before).
  [[nodiscard]] Table dropped(const TableInput& table, std::size_t step) const;
  /// What these did next: event (null: nothing), count; most first.
  [[nodiscard]] Table next(const TableInput& table, std::size_t step) const;
};

/// A funnel over anybody's table of events (M2.5, M4.2): how many subjects took each step, and how long it took. A
/// subject counts once, by its attempt. One event never counts for two steps. Definitions: docs/funnel/event_funnel.md.
/// O(rows log) a subject. Rows without a subject, a time or an event are left out and listed in `problems`, and so is a
/// step that never occurs.
/// @throws Error invalid_argument for steps, windows, grace, exclusions or groups that do not fit together;
///   missing_column, type_mismatch.
[[nodiscard]] EventFunnel event_funnel(const TableInput& table, const EventFunnelOptions& options);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/funnel/detail/event_funnel.ipp"        // IWYU pragma: keep
#include "dealtrail/funnel/detail/event_funnel_table.ipp"  // IWYU pragma: keep
#endif
