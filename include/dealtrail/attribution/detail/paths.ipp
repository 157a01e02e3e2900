#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "dealtrail/attribution/paths.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/core/timestamp.hpp"

namespace dealtrail {

namespace detail {

// Conversions and their value, added up with care.
struct PathCount {
  std::int64_t journeys = 0;
  std::int64_t conversions = 0;
  std::int64_t value = 0;
  void add(const Journeys& of, std::size_t journey) {
    journeys = checked_add(journeys, of.weight(journey));
    conversions = checked_add(conversions, of.conversions(journey));
    value = checked_add(value, of.value_minor(journey));
  }
};

[[nodiscard]] inline std::optional<double> path_ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? std::nullopt : std::optional{static_cast<double>(part) / static_cast<double>(whole)};
}

struct ChannelParts {
  PathCount only{};
  PathCount first{};
  PathCount middle{};
  PathCount last{};
  PathCount assisted{};
  PathCount closed{};
};

}  // namespace detail

namespace attribution {

DEALTRAIL_INLINE Table assisted(const Journeys& journeys) {
  std::vector<detail::ChannelParts> parts(journeys.channels().size());
  std::vector<std::size_t> middle_of(parts.size());    // the journey, from 1, that the channel was last counted in
  std::vector<std::size_t> assisted_of(parts.size());  // likewise
  for (std::size_t journey = 0; journey < journeys.size(); ++journey) {
    const auto path = journeys.path(journey);
    if (journeys.conversions(journey) == 0 || path.empty()) continue;
    const auto closing = path.back();
    parts[closing].closed.add(journeys, journey);
    if (path.size() == 1) {
      parts[closing].only.add(journeys, journey);
      continue;
    }
    parts[path.front()].first.add(journeys, journey);
    parts[closing].last.add(journeys, journey);
    for (std::size_t touch = 0; touch + 1 < path.size(); ++touch) {
      const auto channel = path[touch];
      if (touch > 0 && middle_of[channel] != journey + 1) {
        middle_of[channel] = journey + 1;
        parts[channel].middle.add(journeys, journey);
      }
      if (channel != closing && assisted_of[channel] != journey + 1) {
        assisted_of[channel] = journey + 1;
        parts[channel].assisted.add(journeys, journey);
      }
    }
  }
  TableBuilder builder{"assisted"};
  ColumnBuilder& name = builder.text("channel");
  ColumnBuilder& only = builder.integer("only");
  ColumnBuilder& first = builder.integer("first");
  ColumnBuilder& middle = builder.integer("middle");
  ColumnBuilder& last = builder.integer("last");
  ColumnBuilder& helped = builder.integer("assisted");
  ColumnBuilder* const helped_value =
      journeys.has_values() ? &builder.money("assisted_value", journeys.currency()) : nullptr;
  ColumnBuilder& closed = builder.integer("closed");
  ColumnBuilder* const closed_value =
      journeys.has_values() ? &builder.money("closed_value", journeys.currency()) : nullptr;
  ColumnBuilder& ratio = builder.real("assisted_per_closed");
  for (std::size_t channel = 0; channel < parts.size(); ++channel) {
    const detail::ChannelParts& one = parts[channel];
    name.append_text(journeys.channels()[channel]);
    only.append_integer(one.only.conversions);
    first.append_integer(one.first.conversions);
    middle.append_integer(one.middle.conversions);
    last.append_integer(one.last.conversions);
    helped.append_integer(one.assisted.conversions);
    closed.append_integer(one.closed.conversions);
    if (helped_value != nullptr) {
      helped_value->append_minor(one.assisted.value);
      closed_value->append_minor(one.closed.value);
    }
    ratio.append_real(detail::path_ratio(one.assisted.conversions, one.closed.conversions));
  }
  builder.meta("assisted", "conversions it was there for, when another channel was last");
  builder.meta("closed", "conversions it was the last or the only touch of");
  return builder.finish();
}

DEALTRAIL_INLINE Table path_length(const Journeys& journeys) {
  std::map<std::size_t, detail::PathCount> lengths;
  for (std::size_t journey = 0; journey < journeys.size(); ++journey)
    lengths[journeys.touches_of(journey)].add(journeys, journey);
  TableBuilder builder{"path_length"};
  ColumnBuilder& touches = builder.integer("touches");
  ColumnBuilder& count = builder.integer("journeys");
  ColumnBuilder& conversions = builder.integer("conversions");
  ColumnBuilder& rate = builder.real("conversion_rate");
  ColumnBuilder* const value = journeys.has_values() ? &builder.money("value", journeys.currency()) : nullptr;
  for (const auto& [length, counted] : lengths) {
    touches.append_integer(static_cast<std::int64_t>(length));
    count.append_integer(counted.journeys);
    conversions.append_integer(counted.conversions);
    rate.append_real(detail::path_ratio(counted.conversions, counted.journeys));
    if (value != nullptr) value->append_minor(counted.value);
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table time_lag(const Journeys& journeys) {
  if (!journeys.has_times() && journeys.size() > 0) {
    throw Error(ErrorCode::invalid_argument, "time_lag needs the times of touches", {},
                "make the journeys of touches, not of paths");
  }
  std::map<std::int64_t, detail::PathCount> lags;
  std::int64_t all = 0;
  for (std::size_t journey = 0; journey < journeys.size(); ++journey) {
    const auto converted_at = journeys.converted_at_us(journey);
    if (!converted_at || journeys.touches_of(journey) == 0) continue;
    // The first touch is not later, so the difference fits without a sign even where both are far from 1970.
    const auto lag =
        static_cast<std::uint64_t>(*converted_at) - static_cast<std::uint64_t>(journeys.times_us(journey).front());
    lags[static_cast<std::int64_t>(lag / static_cast<std::uint64_t>(us_per_day))].add(journeys, journey);
    all = checked_add(all, journeys.conversions(journey));
  }
  TableBuilder builder{"time_lag"};
  ColumnBuilder& days = builder.integer("days");
  ColumnBuilder& conversions = builder.integer("conversions");
  ColumnBuilder* const value = journeys.has_values() ? &builder.money("value", journeys.currency()) : nullptr;
  ColumnBuilder& share = builder.real("cumulative_share");
  std::int64_t so_far = 0;
  for (const auto& [lag, counted] : lags) {
    so_far += counted.conversions;
    days.append_integer(lag);
    conversions.append_integer(counted.conversions);
    if (value != nullptr) value->append_minor(counted.value);
    share.append_real(detail::path_ratio(so_far, all));
  }
  return builder.finish();
}

}  // namespace attribution

}  // namespace dealtrail
