#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/attribution/detail/exact_values.hpp"
#include "dealtrail/attribution/shapley.hpp"
#include "dealtrail/core/detail/int128.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

namespace detail {

struct PositionPart {
  CreditUnits conversions = 0;
  CreditUnits value = 0;  // a minor unit is 2^48
};

// Parts of channels by position: the first ones in a row, later ones as they come.
class PositionParts {
 public:
  explicit PositionParts(std::size_t channels) : channels_(channels), near_(channels * nearest) {}

  [[nodiscard]] PositionPart& at(std::size_t channel, std::size_t position) {
    return position < nearest ? near_[position * channels_ + channel] : far_[{channel, position}];
  }
  // By channel, then position: those that have something.
  template <class Visit>
  void each(Visit&& visit) const {
    auto far = far_.begin();
    const auto give = [&](std::size_t channel, std::size_t position, const PositionPart& part) {
      if (part.conversions != 0 || part.value != 0) visit(channel, position, part);
    };
    for (std::size_t channel = 0; channel < channels_; ++channel) {
      for (std::size_t position = 0; position < nearest; ++position)
        give(channel, position, near_[position * channels_ + channel]);
      for (; far != far_.end() && far->first.first == channel; ++far) give(channel, far->first.second, far->second);
    }
  }

 private:
  static constexpr std::size_t nearest = 64;
  std::size_t channels_;
  std::vector<PositionPart> near_;
  std::map<std::pair<std::size_t, std::size_t>, PositionPart> far_{};
};

// Whole units, none below 0, in `count` equal parts, odd ones to the first: part `at`.
[[nodiscard]] inline std::int64_t equal_part(std::int64_t total, std::size_t count, std::size_t at) noexcept {
  const auto parts = static_cast<std::int64_t>(count);
  const std::int64_t odd = total % parts;
  return total / parts + (static_cast<std::int64_t>(at) < odd ? 1 : 0);
}

// Divides journeys: among their channels by name, then each part among the touches of the channel in order of time.
[[nodiscard]] inline PositionParts parts_by_position(const Journeys& journeys) {
  PositionParts parts(journeys.channels().size());
  std::vector<std::uint32_t> set;
  std::vector<std::size_t> place(journeys.channels().size());
  std::vector<std::size_t> times(journeys.channels().size());
  std::vector<std::size_t> seen(journeys.channels().size());
  for (std::size_t journey = 0; journey < journeys.size(); ++journey) {
    const std::int64_t conversions = journeys.conversions(journey);
    const std::int64_t value = journeys.value_minor(journey);
    const auto path = journeys.path(journey);
    if (path.empty() || (conversions == 0 && value == 0)) continue;
    set.assign(path.begin(), path.end());
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    for (std::size_t at = 0; at < set.size(); ++at) {
      place[set[at]] = at;
      times[set[at]] = seen[set[at]] = 0;
    }
    for (const std::uint32_t channel : path) ++times[channel];
    for (std::size_t position = 0; position < path.size(); ++position) {
      const std::uint32_t channel = path[position];
      const std::size_t nth = seen[channel]++;
      const CreditUnits part =
          equal_part(equal_part(units_per_conversion, set.size(), place[channel]), times[channel], nth);
      PositionPart& to = parts.at(channel, position);
      to.conversions += part * conversions;
      add_exact(to.value, part * value);
    }
  }
  return parts;
}

}  // namespace detail

namespace attribution {

DEALTRAIL_INLINE Table shapley_by_position(const Journeys& journeys) {
  struct Whole {
    CreditUnits conversions = 0;
    detail::int128 value = 0;  // minor units
  };
  Whole total;
  Whole lost;
  for (std::size_t journey = 0; journey < journeys.size(); ++journey) {
    const CreditUnits units = static_cast<CreditUnits>(journeys.conversions(journey)) * units_per_conversion;
    total.conversions += units;
    total.value += journeys.value_minor(journey);
    if (journeys.touches_of(journey) != 0) continue;
    lost.conversions += units;
    lost.value += journeys.value_minor(journey);
  }
  const double attributed = to_conversions(total.conversions - lost.conversions);
  TableBuilder builder{"shapley_by_position"};
  ColumnBuilder& channels = builder.text("channel");
  ColumnBuilder& positions = builder.integer("position");
  ColumnBuilder& conversions = builder.real("conversions");
  ColumnBuilder& shares = builder.real("share");
  ColumnBuilder* const values = journeys.has_values() ? &builder.money("value", journeys.currency()) : nullptr;
  const auto add = [&](std::string_view channel, std::optional<std::int64_t> position, CreditUnits part,
                       std::int64_t value, bool shared) {
    channels.append_text(channel);
    positions.append_integer(position);
    conversions.append_real(to_conversions(part));
    shares.append_real(shared && attributed != 0 ? std::optional{to_conversions(part) / attributed} : std::nullopt);
    if (values != nullptr) values->append_minor(value);
  };
  const auto parts = detail::parts_by_position(journeys);
  std::vector<CreditUnits> exact;
  parts.each([&](std::size_t, std::size_t, const detail::PositionPart& part) { exact.push_back(part.value); });
  const auto whole = detail::whole_values(exact);
  auto value = whole.begin();
  parts.each([&](std::size_t channel, std::size_t position, const detail::PositionPart& part) {
    add(journeys.channels()[channel], static_cast<std::int64_t>(position) + 1, part.conversions, *value++, true);
  });
  add("(unattributed)", std::nullopt, lost.conversions, detail::minor_of(lost.value), false);
  add("(total)", std::nullopt, total.conversions, detail::minor_of(total.value), false);
  builder.meta("model", "shapley");
  builder.meta("game", "ordered");
  builder.meta("share", "of the conversions that channels are credited with");
  return builder.finish();
}

}  // namespace attribution

}  // namespace dealtrail
