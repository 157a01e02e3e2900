#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/detail/credit_of_scores.hpp"
#include "dealtrail/attribution/detail/group_split.hpp"
#include "dealtrail/attribution/detail/subject_groups.hpp"
#include "dealtrail/attribution/markov.hpp"
#include "dealtrail/attribution/markov/counts.hpp"
#include "dealtrail/core/error.hpp"

// Removals that make the chain anew. A chain made of journeys converts as often as they do, so no chain is needed.
namespace dealtrail::detail {

// Totals as a Credit has them.
// @throws Error overflow
[[nodiscard]] inline Credit credit_of_totals(const MarkovTotals& all, const MarkovTotals& lost, Currency currency,
                                             bool has_values) {
  const auto minor = [](int128 sum) {
    if (sum > std::numeric_limits<std::int64_t>::max() || sum < std::numeric_limits<std::int64_t>::min())
      throw Error(ErrorCode::overflow, "a sum of values does not fit in 64 bits");
    return static_cast<std::int64_t>(sum);
  };
  return {.currency = currency,
          .has_values = has_values,
          .unattributed_conversions = static_cast<CreditUnits>(lost.conversions) * units_per_conversion,
          .unattributed_value = minor(lost.value),
          .journeys = all.journeys,
          .total_conversions = all.conversions,
          .total_value = minor(all.value)};
}

// What channels are credited with when a group is left out, scaled up to all journeys.
[[nodiscard]] inline double value_without(const MarkovTotals& all, const MarkovTotals& lost, const MarkovTotals& group,
                                          const MarkovTotals& group_lost) {
  return static_cast<double>((all.value - lost.value) - (group.value - group_lost.value)) *
         static_cast<double>(all.journeys) / static_cast<double>(all.journeys - group.journeys);
}

// Journeys of touches, in one group or all.
struct RemovalCell {
  MarkovTotals with{};     // that the channel is in
  MarkovTotals emptied{};  // of which nothing is left without it
};

inline void add_totals(MarkovTotals& to, const MarkovTotals& from, int sign = 1) {
  to.journeys += sign * from.journeys;
  to.conversions += sign * from.conversions;
  to.value += sign * from.value;
}

class RemovalCounts {
 public:
  RemovalCounts(const Journeys& journeys, const attribution::MarkovOptions& markov, std::size_t groups)
      : channels_(journeys.channels().size()),
        removal_(markov.removal),
        order_(static_cast<std::size_t>(markov.order)),
        cells_(channels_ * groups),
        all_(groups),
        lost_(groups) {
    const auto starts = group_starts(journeys, groups);
    std::vector<DealtPart> parts;
    std::size_t group = 0;
    for (std::size_t journey = 0; journey < journeys.size(); ++journey) {
      look_at(journeys.path(journey));
      if (deals_to_groups(journeys)) {
        parts.clear();
        deal_row(journeys, journey, groups, parts);
        for (const DealtPart& part : parts)
          add(part.group, {part.conversions + part.nulls, part.conversions, part.value});
      } else {
        while (journey >= starts[group + 1]) ++group;
        add(group, {journeys.weight(journey), journeys.conversions(journey), journeys.value_minor(journey)});
      }
    }
  }

  [[nodiscard]] const std::vector<MarkovTotals>& all() const noexcept { return all_; }
  [[nodiscard]] const std::vector<MarkovTotals>& lost() const noexcept { return lost_; }
  [[nodiscard]] const RemovalCell& cell(std::size_t channel, std::size_t group) const noexcept {
    return cells_[group * channels_ + channel];
  }

 private:
  // Which channels a path has, and which of them leave nothing of it when they are removed.
  void look_at(std::span<const std::uint32_t> path) {
    for (const std::uint32_t channel : there_) times_[channel] = 0;
    there_.clear();
    emptying_.clear();
    empty_ = path.empty();
    if (empty_) return;
    times_.resize(channels_);
    for (const std::uint32_t channel : path) {
      if (times_[channel]++ == 0) there_.push_back(channel);
    }
    if (removal_ == attribution::Removal::detour) {
      if (there_.size() == 1) emptying_ = there_;
      return;
    }
    // Every state has the channel: no gap between its touches, or before or after them, is as long as a state.
    const std::size_t window = std::min(order_, path.size());
    for (const std::uint32_t channel : there_) {
      std::size_t gap = 0;
      std::size_t longest = 0;
      for (const std::uint32_t touch : path) {
        gap = touch == channel ? 0 : gap + 1;
        longest = std::max(longest, gap);
      }
      if (longest < window) emptying_.push_back(channel);
    }
  }

  void add(std::size_t group, const MarkovTotals& one) {
    add_totals(all_[group], one);
    if (empty_) add_totals(lost_[group], one);
    for (const std::uint32_t channel : there_) add_totals(cells_[group * channels_ + channel].with, one);
    for (const std::uint32_t channel : emptying_) add_totals(cells_[group * channels_ + channel].emptied, one);
  }

  std::size_t channels_;
  attribution::Removal removal_;
  std::size_t order_;
  std::vector<RemovalCell> cells_;  // of each group, by channel
  std::vector<MarkovTotals> all_;
  std::vector<MarkovTotals> lost_;
  std::vector<std::uint32_t> times_{};
  std::vector<std::uint32_t> there_{};
  std::vector<std::uint32_t> emptying_{};
  bool empty_ = false;
};

// 1 - rate without the channel / rate, of conversions and of value.
inline void removal_effects(std::span<const RemovalCell> cells, const MarkovTotals& all, attribution::Removal removal,
                            std::vector<double>& conversions, std::vector<double>& values) {
  const auto effect = [&](double with, double emptied, double whole, double emptied_journeys) {
    const auto journeys = static_cast<double>(all.journeys);
    switch (removal) {
      case attribution::Removal::fail: return with / whole;
      case attribution::Removal::fail_refit:
        if (emptied_journeys == journeys) return 1.0;
        return 1 - (whole - with) / whole * (journeys / (journeys - emptied_journeys));
      default:
        if (emptied_journeys == journeys) return 1.0;
        return 1 - (whole - emptied) / whole * (journeys / (journeys - emptied_journeys));
    }
  };
  for (const RemovalCell& cell : cells) {
    const auto gone = static_cast<double>(cell.emptied.journeys);
    if (all.conversions != 0) {
      conversions.push_back(effect(static_cast<double>(cell.with.conversions),
                                   static_cast<double>(cell.emptied.conversions), static_cast<double>(all.conversions),
                                   gone));
    }
    if (all.value != 0) {
      values.push_back(effect(static_cast<double>(cell.with.value), static_cast<double>(cell.emptied.value),
                              static_cast<double>(all.value), gone));
    }
  }
}

[[nodiscard]] inline Credit credit_of_removals(const Journeys& journeys, const attribution::MarkovOptions& markov,
                                               const CreditOptions& options) {
  if (markov.order < 1 || markov.order > 4)
    throw Error(ErrorCode::invalid_argument, "the order of a chain is 1 to 4, not " + std::to_string(markov.order));
  require_countable(journeys);
  const std::size_t groups = options.intervals ? interval_groups : 1;
  const std::size_t channels = journeys.channels().size();
  const RemovalCounts counts(journeys, markov, groups);
  MarkovTotals all;
  MarkovTotals lost;
  std::vector<RemovalCell> cells(channels);
  for (std::size_t group = 0; group < groups; ++group) {
    add_totals(all, counts.all()[group]);
    add_totals(lost, counts.lost()[group]);
    for (std::size_t channel = 0; channel < channels; ++channel) {
      add_totals(cells[channel].with, counts.cell(channel, group).with);
      add_totals(cells[channel].emptied, counts.cell(channel, group).emptied);
    }
  }
  Credit credit = credit_of_totals(all, lost, journeys.currency(), journeys.has_values());
  credit.model = "markov";
  credit.parameters.emplace_back("removal", markov.removal == attribution::Removal::fail         ? "fail"
                                            : markov.removal == attribution::Removal::fail_refit ? "fail_refit"
                                                                                                 : "detour");
  for (std::size_t channel = 0; channel < channels; ++channel) {
    credit.channels.push_back({.channel = journeys.channels()[channel],
                               .journeys = cells[channel].with.journeys,
                               .converting = cells[channel].with.conversions});
  }
  MarkovTotals touched = all;
  add_totals(touched, lost, -1);
  std::vector<double> conversions;
  std::vector<double> values;
  removal_effects(cells, touched, markov.removal, conversions, values);
  ScoreReplicates replicates;
  for (std::size_t group = 0; groups > 1 && group < groups; ++group) {
    const MarkovTotals& out = counts.all()[group];
    if (out.journeys == 0 || out.journeys == all.journeys) continue;
    MarkovTotals rest = touched;
    add_totals(rest, out, -1);
    add_totals(rest, counts.lost()[group]);
    std::vector<RemovalCell> others = cells;
    for (std::size_t channel = 0; channel < channels; ++channel) {
      add_totals(others[channel].with, counts.cell(channel, group).with, -1);
      add_totals(others[channel].emptied, counts.cell(channel, group).emptied, -1);
    }
    ++replicates.groups;
    removal_effects(others, rest, markov.removal, replicates.conversion_scores, replicates.value_scores);
    replicates.conversion_scores.resize(replicates.groups * channels);
    replicates.value_scores.resize(replicates.groups * channels);
    replicates.values.push_back(value_without(all, lost, out, counts.lost()[group]));
  }
  fill_by_scores(credit, conversions, values, groups > 1 ? &replicates : nullptr);
  return credit;
}

}  // namespace dealtrail::detail
