#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "dealtrail/attribution/detail/channel_sets.hpp"
#include "dealtrail/attribution/detail/credit_of_scores.hpp"
#include "dealtrail/attribution/shao_li.hpp"
#include "dealtrail/core/detail/int128.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail {

namespace detail {

// What the journeys that had two channels came to; those that had one stand where a channel meets itself.
class MetPairs {
 public:
  explicit MetPairs(std::size_t channels) : channels_(channels), cells_(channels * channels) {}

  void clear() { std::fill(cells_.begin(), cells_.end(), Cell{}); }
  void add(std::span<const std::uint32_t> set, const SetCell& counts) {
    for (const std::uint32_t one : set) {
      for (const std::uint32_t other : set) {
        Cell& cell = cells_[one * channels_ + other];
        cell.journeys += counts.journeys;
        cell.conversions += counts.conversions;
        cell.value += counts.value;
      }
    }
  }

  // The score of each channel by conversions or by value, less what `without` counts.
  [[nodiscard]] std::vector<double> scores(bool by_value, const MetPairs* without = nullptr) const {
    const auto rate = [&](std::size_t one, std::size_t other) -> std::optional<double> {
      const std::size_t at = one * channels_ + other;
      const Cell less = without == nullptr ? Cell{} : without->cells_[at];
      const std::int64_t journeys = cells_[at].journeys - less.journeys;
      if (journeys == 0) return std::nullopt;
      const double got = by_value ? static_cast<double>(cells_[at].value - less.value)
                                  : static_cast<double>(cells_[at].conversions - less.conversions);
      return got / static_cast<double>(journeys);
    };
    std::vector<double> alone(channels_);
    for (std::size_t one = 0; one < channels_; ++one) alone[one] = rate(one, one).value_or(0);
    std::vector<double> made = alone;
    for (std::size_t one = 0; one < channels_; ++one) {
      double gained = 0;
      for (std::size_t other = 0; other < channels_; ++other) {
        if (other == one) continue;
        if (const auto both = rate(one, other)) gained += *both - alone[one] - alone[other];
      }
      if (channels_ > 1) made[one] += gained / (2 * static_cast<double>(channels_ - 1));
    }
    return made;
  }

 private:
  struct Cell {
    std::int64_t journeys = 0;
    std::int64_t conversions = 0;
    int128 value = 0;
  };
  std::size_t channels_;
  std::vector<Cell> cells_;
};

class ShaoLi {
 public:
  [[nodiscard]] static std::optional<Credit> of(const attribution::ShapleyState& state) {
    const ChannelSets& sets = state.sets_;
    if (sets.groups == 0) return std::nullopt;
    constexpr std::size_t most = 2048;
    const std::size_t channels = sets.channels.size();
    if (channels > most) {
      throw Error(ErrorCode::limit_exceeded, "too many channels for all their pairs: " + std::to_string(channels),
                  {"shao_li", "channel"}, "2048 or fewer: name the small ones alike");
    }
    Credit credit = state.without_scores({});
    credit.model = "shao_li";
    credit.parameters.clear();
    MetPairs all(channels);
    struct Counted {
      std::size_t set;
      SetCell counts;
    };
    std::vector<std::vector<Counted>> by_group(sets.groups);
    for (std::size_t at = 0; at < sets.size(); ++at) {
      all.add(sets.set(at), sets.total(at));
      for (std::uint64_t cell = sets.cell_first[at]; cell < sets.cell_first[at + 1]; ++cell)
        by_group[sets.cell_group[cell]].push_back({at, sets.cells[cell]});
    }
    const auto attributed = static_cast<double>(static_cast<int128>(credit.total_value) - credit.unattributed_value);
    ScoreReplicates replicates;
    MetPairs group(channels);
    const auto append = [&](std::vector<double>& to, bool by_value) {  // what is below zero without one counts as zero
      for (const double score : all.scores(by_value, &group)) to.push_back(std::max(score, 0.0));
    };
    for (const auto& counted : by_group) {
      group.clear();
      std::int64_t journeys = 0;
      int128 value = 0;  // what channels are credited with
      for (const Counted& one : counted) {
        group.add(sets.set(one.set), one.counts);
        journeys += one.counts.journeys;
        if (!sets.set(one.set).empty()) value += one.counts.value;
      }
      if (journeys == 0 || journeys == credit.journeys) continue;
      ++replicates.groups;
      append(replicates.conversion_scores, false);
      if (credit.has_values) append(replicates.value_scores, true);
      replicates.values.push_back((attributed - static_cast<double>(value)) * static_cast<double>(credit.journeys) /
                                  static_cast<double>(credit.journeys - journeys));
    }
    fill_by_scores(credit, all.scores(false), credit.has_values ? all.scores(true) : std::vector<double>{},
                   replicates.groups > 0 ? &replicates : nullptr);
    return credit;
  }
};

}  // namespace detail

namespace attribution {

DEALTRAIL_INLINE std::optional<Credit> shao_li(const ShapleyState& state) { return detail::ShaoLi::of(state); }

DEALTRAIL_INLINE Credit shao_li(const Journeys& journeys, const CreditOptions& options) {
  if (auto result = detail::ShaoLi::of(ShapleyState{journeys, options})) return *std::move(result);
  return {.model = "shao_li", .currency = journeys.currency(), .has_values = !journeys.currency().empty()};
}

}  // namespace attribution

}  // namespace dealtrail
