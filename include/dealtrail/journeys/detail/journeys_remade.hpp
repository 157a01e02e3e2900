#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/journeys/detail/journey_order.hpp"
#include "dealtrail/journeys/journeys.hpp"

// Journeys made of other journeys: the columns that stay, and the canonical order of what came out.
namespace dealtrail::detail {

// The one way from columns to journeys for what stands beside the class.
class JourneysMaker {
 public:
  [[nodiscard]] static Journeys of(JourneyColumns columns) { return Journeys{std::move(columns)}; }
};

// Says in the options what was done, after what was done before.
inline void add_step(JourneyColumns& columns, const std::string& name, const std::string& step) {
  for (auto& [option, value] : columns.options) {
    if (option != name) continue;
    value += "; " + step;
    return;
  }
  columns.options.emplace_back(name, step);
}

// Everything but the touches. When the last touch says the time of the conversion, that time is written down: the
// touch may go.
[[nodiscard]] inline JourneyColumns without_touches(const JourneyColumns& in) {
  JourneyColumns out;
  out.of = in.of;
  out.subject_type = in.subject_type;
  out.currency = in.currency;
  out.options = in.options;
  out.subject_numbers = in.subject_numbers;
  out.subject_texts = in.subject_texts;
  out.subject_first = in.subject_first;
  out.converted = in.converted;
  out.conversions = in.conversions;
  out.nulls = in.nulls;
  out.values = in.values;
  out.converted_at = in.converted_at;
  out.facts = in.facts;
  out.milestones = in.milestones;
  out.milestone_at = in.milestone_at;
  out.rows = in.rows;
  out.problems = in.problems;
  if (in.of == JourneysOf::touches && in.converted_at.empty()) {
    out.converted_at.reserve(in.journeys());
    for (std::size_t journey = 0; journey < in.journeys(); ++journey) {
      out.converted_at.push_back(in.converted[journey] != 0 ? in.touch_at[in.journey_first[journey + 1] - 1]
                                                            : null_cell);
    }
  }
  return out;
}

// Touches whose channel is a code, the place of its name among `names`: only names that occur stay, in their order.
inline void name_channels(JourneyColumns& columns, const std::vector<std::string>& names) {
  std::vector<std::uint8_t> used(names.size());
  for (const std::uint32_t code : columns.touch_channel) used[code] = 1;
  std::vector<std::uint32_t> codes;
  for (std::size_t code = 0; code < names.size(); ++code) {
    if (used[code] != 0) codes.push_back(static_cast<std::uint32_t>(code));
  }
  std::sort(codes.begin(), codes.end(), [&](std::uint32_t lhs, std::uint32_t rhs) { return names[lhs] < names[rhs]; });
  std::vector<std::uint32_t> places(names.size());
  columns.channels.clear();
  for (const std::uint32_t code : codes) {
    places[code] = static_cast<std::uint32_t>(columns.channels.size());
    columns.channels.push_back(names[code]);
  }
  for (std::uint32_t& channel : columns.touch_channel) channel = places[channel];
}

// Puts journeys in the order that all journeys have; paths that are equal now add up.
[[nodiscard]] inline JourneyColumns in_canonical_order(JourneyColumns columns) {
  const std::vector<std::uint32_t> places = same_places(columns.channels.size());
  const bool paths = columns.of == JourneysOf::paths;
  const auto in_order = [&](std::size_t lhs, std::size_t rhs) {
    const JourneyRef left{columns, lhs, places};
    const JourneyRef right{columns, rhs, places};
    return paths ? path_order(left, right) < 0 : journey_order(left, right) < 0;
  };
  bool ordered = true;
  const auto check = [&](std::size_t begin, std::size_t end) {
    for (std::size_t journey = begin + 1; journey < end && ordered; ++journey)
      ordered = paths ? in_order(journey - 1, journey) : !in_order(journey, journey - 1);
  };
  if (paths) check(0, columns.journeys());
  for (std::size_t subject = 0; subject < columns.subjects(); ++subject)
    check(columns.subject_first[subject], columns.subject_first[subject + 1]);
  if (ordered) return columns;

  std::vector<std::size_t> order(columns.journeys());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto sort = [&](std::size_t begin, std::size_t end) {
    std::sort(order.begin() + static_cast<std::ptrdiff_t>(begin), order.begin() + static_cast<std::ptrdiff_t>(end),
              [&](std::size_t lhs, std::size_t rhs) {  // what is equal stays as it was
                return in_order(lhs, rhs) || (lhs < rhs && !in_order(rhs, lhs));
              });
  };
  if (paths) sort(0, order.size());
  for (std::size_t subject = 0; subject < columns.subjects(); ++subject)
    sort(columns.subject_first[subject], columns.subject_first[subject + 1]);
  JourneyColumns out;
  out.of = columns.of;
  out.milestone_at.resize(columns.milestones.size());
  JourneyWriter writer{out};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const JourneyRef one{columns, order[i], places};
    if (paths && i > 0 && path_order({columns, order[i - 1], places}, one) == 0) {
      writer.add_up(one);
    } else {
      writer.add(one);
    }
  }
  out.subject_type = columns.subject_type;
  out.currency = columns.currency;
  out.options = std::move(columns.options);
  out.subject_numbers = std::move(columns.subject_numbers);
  out.subject_texts = std::move(columns.subject_texts);
  out.subject_first = std::move(columns.subject_first);
  out.milestones = std::move(columns.milestones);
  out.rows = columns.rows;
  out.problems = std::move(columns.problems);
  out.channels = std::move(columns.channels);
  return out;
}

}  // namespace dealtrail::detail
