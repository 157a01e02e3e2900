#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/attribution/detail/markov_counts.hpp"
#include "dealtrail/attribution/detail/subject_groups.hpp"
#include "dealtrail/attribution/markov.hpp"
#include "dealtrail/core/detail/currency_words.hpp"
#include "dealtrail/core/detail/parallel.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"

namespace dealtrail {

struct MarkovState::Builder {
  // Journeys that stand for themselves, group by group.
  static std::vector<detail::KeyedGroup> of_journeys(const Journeys& journeys, const detail::WindowCode& code,
                                                     std::size_t groups, std::size_t workers) {
    const auto starts = detail::group_starts(journeys, groups);
    const auto& first = journeys.columns().journey_first;
    std::vector<detail::KeyedGroup> counted(groups);
    std::vector<std::optional<detail::ChainCounter>> counters(workers);
    detail::run_tasks(workers, groups, [&](std::size_t worker, std::size_t group) {
      auto& counter = counters[worker];
      if (!counter) counter.emplace(code);
      counter->begin(first[starts[group + 1]] - first[starts[group]]);
      counter->count([&](auto&& add) {
        for (std::size_t journey = starts[group]; journey < starts[group + 1]; ++journey)
          add(journeys.path(journey), journeys.conversions(journey), journeys.nulls(journey),
              journeys.value_minor(journey));
      });
      counted[group] = counter->take();
    });
    return counted;
  }

  // Rows of paths from `row` on, until there are enough; `row` is the first that was not taken.
  static std::vector<detail::KeyedGroup> of_paths(const Journeys& journeys, const detail::WindowCode& code,
                                                  std::size_t groups, std::size_t workers, std::size_t& row) {
    constexpr std::size_t enough = std::size_t{1} << 22U;
    std::vector<detail::DealtPart> parts;
    for (; row < journeys.size() && parts.size() < enough; ++row) detail::deal_row(journeys, row, groups, parts);
    std::vector<std::size_t> first(groups + 1);  // of each group in `by_group`
    for (const detail::DealtPart& part : parts) ++first[part.group + 1];
    for (std::size_t group = 0; group < groups; ++group) first[group + 1] += first[group];
    std::vector<std::uint32_t> by_group(parts.size());
    auto next = first;
    for (std::size_t part = 0; part < parts.size(); ++part)
      by_group[next[parts[part].group]++] = static_cast<std::uint32_t>(part);
    std::vector<detail::KeyedGroup> counted(groups);
    std::vector<std::optional<detail::ChainCounter>> counters(workers);
    detail::run_tasks(workers, groups, [&](std::size_t worker, std::size_t group) {
      auto& counter = counters[worker];
      if (!counter) counter.emplace(code);
      counter->begin((first[group + 1] - first[group]) * 4);
      counter->count([&](auto&& add) {
        for (std::size_t at = first[group]; at < first[group + 1]; ++at) {
          const detail::DealtPart& part = parts[by_group[at]];
          add(journeys.path(part.row), part.conversions, part.nulls, part.value);
        }
      });
      counted[group] = counter->take();
    });
    return counted;
  }

  // Windows as places in the list of all that occur.
  static void place(MarkovState& state, const detail::WindowCode& code, std::span<const detail::KeyedGroup> counted) {
    std::vector<std::uint64_t> keys{0};
    const unsigned key_bits = code.bits * code.order;
    constexpr std::uint32_t absent = static_cast<std::uint32_t>(-1);
    std::vector<std::uint32_t> places;
    if (key_bits <= 22) {
      places.assign(std::size_t{1} << key_bits, absent);
      places[0] = 0;
      for (const detail::KeyedGroup& group : counted) {
        for (const auto& end : group.ends) places[end.window] = 0;
        for (const auto& step : group.steps) places[step.key >> code.bits] = places[step.key & code.mask()] = 0;
      }
      for (std::size_t key = 1; key < places.size(); ++key) {
        if (places[key] == absent) continue;
        places[key] = static_cast<std::uint32_t>(keys.size());
        keys.push_back(key);
      }
    } else {
      for (const detail::KeyedGroup& group : counted) {
        const std::size_t before = keys.size();
        for (const auto& end : group.ends) keys.push_back(end.window);
        for (const auto& step : group.steps) keys.push_back(step.key & code.mask());
        std::sort(keys.begin() + static_cast<std::ptrdiff_t>(before), keys.end());
        keys.erase(std::unique(keys.begin() + static_cast<std::ptrdiff_t>(before), keys.end()), keys.end());
      }
      std::sort(keys.begin(), keys.end());
      keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    }
    const auto place_of = [&](std::uint64_t key) {
      if (!places.empty()) return places[key];
      return static_cast<std::uint32_t>(std::lower_bound(keys.begin(), keys.end(), key) - keys.begin());
    };
    state.windows_.reserve(keys.size());
    for (const std::uint64_t key : keys) state.windows_.push_back(code.window(key));
    state.groups_.resize(counted.size());
    for (std::size_t group = 0; group < counted.size(); ++group) {
      const detail::KeyedGroup& from = counted[group];
      detail::MarkovGroup& to = state.groups_[group];
      to.all = from.all;
      to.unattributed = from.unattributed;
      to.steps.reserve(from.steps.size() + from.ends.size());
      for (const auto& [window, cell] : from.ends) {
        const std::uint32_t place = place_of(window);
        if (cell.starts != 0) to.steps.push_back({0, place, static_cast<std::int64_t>(cell.starts)});
        if (cell.conversions != 0 || cell.nulls != 0) {
          to.ends.push_back(
              {place, static_cast<std::int64_t>(cell.conversions), static_cast<std::int64_t>(cell.nulls), cell.value});
        }
      }
      for (const auto& [key, weight] : from.steps)
        to.steps.push_back({place_of(key >> code.bits), place_of(key & code.mask()), weight});
    }
  }
};

DEALTRAIL_INLINE MarkovState::MarkovState(const Journeys& journeys, int order, const CreditOptions& options) {
  if (order < 1 || order > 4)
    throw Error(ErrorCode::invalid_argument, "the order of a chain is 1 to 4, not " + std::to_string(order));
  if (journeys.size() == 0) return;
  const detail::WindowCode code(journeys.channels().size(), order);
  detail::require_countable(journeys);
  const std::size_t groups = options.intervals ? detail::interval_groups : 1;
  const std::size_t workers = std::max<std::size_t>(options.threads, 1);
  order_ = order;
  currency_ = journeys.currency();
  has_values_ = journeys.has_values();
  channels_.assign(journeys.channels().begin(), journeys.channels().end());
  presence_.resize(channels_.size());
  if (detail::deals_to_groups(journeys)) {
    MarkovState empty = *this;
    std::size_t row = 0;
    Builder::place(*this, code, Builder::of_paths(journeys, code, groups, workers, row));
    while (row < journeys.size()) {
      MarkovState more = empty;
      Builder::place(more, code, Builder::of_paths(journeys, code, groups, workers, row));
      *this = combined(more, false);
    }
  } else {
    Builder::place(*this, code, Builder::of_journeys(journeys, code, groups, workers));
  }
  // Each worker counts a part of its own.
  std::vector<std::vector<detail::MarkovPresence>> parts(workers);
  detail::run_workers(workers, [&](std::size_t worker) {
    std::vector<std::uint64_t> seen;
    parts[worker].resize(channels_.size());
    detail::count_presence(journeys, journeys.size() * worker / workers, journeys.size() * (worker + 1) / workers,
                           parts[worker], seen);
  });
  for (const auto& part : parts) {
    for (std::size_t channel = 0; channel < channels_.size(); ++channel) {
      presence_[channel].journeys += part[channel].journeys;
      presence_[channel].converting += part[channel].converting;
    }
  }
  drop_unused();
}

// Channels and windows of nothing leave no trace, so that equal contents are equal bytes.
DEALTRAIL_INLINE void MarkovState::drop_unused() {
  const auto nobody = [](const detail::MarkovGroup& group) { return group == detail::MarkovGroup{}; };
  if (std::all_of(groups_.begin(), groups_.end(), nobody)) {
    *this = {};
    return;
  }
  std::vector<std::uint32_t> places(windows_.size());
  for (const detail::MarkovGroup& group : groups_) {
    for (const detail::MarkovStep& step : group.steps) places[step.to] = 1;
  }
  places[0] = 1;
  if (std::find(places.begin(), places.end(), 0U) != places.end()) {
    std::vector<detail::MarkovWindow> windows;
    for (std::size_t window = 0; window < windows_.size(); ++window) {
      if (places[window] == 0) continue;
      places[window] = static_cast<std::uint32_t>(windows.size());
      windows.push_back(windows_[window]);
    }
    windows_ = std::move(windows);
    for (detail::MarkovGroup& group : groups_) {
      for (detail::MarkovStep& step : group.steps) {
        step.from = places[step.from];
        step.to = places[step.to];
      }
      for (detail::MarkovEnd& end : group.ends) end.window = places[end.window];
    }
  }
  std::vector<std::uint32_t> channel_of(channels_.size() + 1);
  std::uint32_t kept = 0;
  for (std::size_t channel = 0; channel < channels_.size(); ++channel) {
    if (presence_[channel].journeys == 0) continue;
    if (kept != channel) channels_[kept] = std::move(channels_[channel]);
    presence_[kept] = presence_[channel];
    channel_of[channel + 1] = ++kept;
  }
  if (kept == channels_.size()) return;
  channels_.resize(kept);
  presence_.resize(kept);
  for (detail::MarkovWindow& window : windows_) {
    for (std::uint32_t& channel : window) channel = channel_of[channel];
  }
}

DEALTRAIL_INLINE void MarkovState::require_same(const MarkovState& other) const {
  if (currency_ != other.currency_) {
    throw Error(ErrorCode::currency_mismatch, "a chain with values in " + detail::currency_words(currency_) +
                                                  " was given one in " + detail::currency_words(other.currency_));
  }
  if (order_ != other.order_ || groups_.size() != other.groups_.size() || has_values_ != other.has_values_) {
    throw Error(ErrorCode::invalid_argument,
                "a chain of order " + std::to_string(order_) + " was given one of order " +
                    std::to_string(other.order_) + ", or the two differ in groups or in having values",
                {}, "states of one order with the same options can be joined");
  }
}

// Both in one, or what is left of this without the other; counts may be below zero then.
DEALTRAIL_INLINE MarkovState MarkovState::combined(const MarkovState& other, bool take_away) const {
  const auto join = [take_away](std::int64_t& to, std::int64_t from) {
    to = checked_add(to, take_away ? -from : from);
  };
  const auto join_totals = [&](detail::MarkovTotals& to, const detail::MarkovTotals& from) {
    join(to.journeys, from.journeys);
    join(to.conversions, from.conversions);
    to.value += take_away ? -from.value : from.value;
  };
  MarkovState both;
  both.order_ = order_;
  both.currency_ = currency_;
  both.has_values_ = has_values_;
  std::set_union(channels_.begin(), channels_.end(), other.channels_.begin(), other.channels_.end(),
                 std::back_inserter(both.channels_));
  both.presence_.resize(both.channels_.size());
  // The windows of one state with the places that its channels have in both; their order stays.
  const auto moved = [&](const MarkovState& state, bool minus) {
    std::vector<std::uint32_t> place(state.channels_.size() + 1);
    for (std::size_t channel = 0; channel < state.channels_.size(); ++channel) {
      const auto at = std::lower_bound(both.channels_.begin(), both.channels_.end(), state.channels_[channel]);
      const auto to = static_cast<std::size_t>(at - both.channels_.begin());
      place[channel + 1] = static_cast<std::uint32_t>(to + 1);
      auto& presence = both.presence_[to];
      const auto& from = state.presence_[channel];
      presence.journeys = checked_add(presence.journeys, minus ? -from.journeys : from.journeys);
      presence.converting = checked_add(presence.converting, minus ? -from.converting : from.converting);
    }
    auto windows = state.windows_;
    for (detail::MarkovWindow& window : windows) {
      for (std::uint32_t& channel : window) channel = place[channel];
    }
    return windows;
  };
  const auto mine = moved(*this, false);
  const auto theirs = moved(other, take_away);
  std::set_union(mine.begin(), mine.end(), theirs.begin(), theirs.end(), std::back_inserter(both.windows_));
  const auto places = [&](const std::vector<detail::MarkovWindow>& windows) {
    std::vector<std::uint32_t> place;
    std::size_t at = 0;
    for (const detail::MarkovWindow& window : windows) {
      while (both.windows_[at] != window) ++at;
      place.push_back(static_cast<std::uint32_t>(at));
    }
    return place;
  };
  const auto my_place = places(mine);
  const auto their_place = places(theirs);
  both.groups_.resize(groups_.size());
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    const detail::MarkovGroup& left = groups_[group];
    const detail::MarkovGroup& right = other.groups_[group];
    detail::MarkovGroup& to = both.groups_[group];
    to.all = left.all;
    to.unattributed = left.unattributed;
    join_totals(to.all, right.all);
    join_totals(to.unattributed, right.unattributed);
    to.steps.reserve(left.steps.size() + right.steps.size());
    std::size_t i = 0;
    for (const detail::MarkovStep& theirs_step : right.steps) {
      const std::pair key{their_place[theirs_step.from], their_place[theirs_step.to]};
      const auto my_key = [&] { return std::pair{my_place[left.steps[i].from], my_place[left.steps[i].to]}; };
      for (; i < left.steps.size() && my_key() < key; ++i)
        to.steps.push_back({my_key().first, my_key().second, left.steps[i].weight});
      detail::MarkovStep step{key.first, key.second, 0};
      if (i < left.steps.size() && my_key() == key) step.weight = left.steps[i++].weight;
      join(step.weight, theirs_step.weight);
      if (step.weight != 0) to.steps.push_back(step);
    }
    for (; i < left.steps.size(); ++i)
      to.steps.push_back({my_place[left.steps[i].from], my_place[left.steps[i].to], left.steps[i].weight});
    i = 0;
    for (const detail::MarkovEnd& theirs_end : right.ends) {
      const std::uint32_t key = their_place[theirs_end.window];
      const auto mine_at = [&] {
        detail::MarkovEnd end = left.ends[i];
        end.window = my_place[end.window];
        return end;
      };
      for (; i < left.ends.size() && mine_at().window < key; ++i) to.ends.push_back(mine_at());
      detail::MarkovEnd end{.window = key};
      if (i < left.ends.size() && mine_at().window == key) {
        end = mine_at();
        ++i;
      }
      join(end.conversions, theirs_end.conversions);
      join(end.nulls, theirs_end.nulls);
      end.value += take_away ? -theirs_end.value : theirs_end.value;
      if (end != detail::MarkovEnd{.window = key}) to.ends.push_back(end);
    }
    for (; i < left.ends.size(); ++i) {
      to.ends.push_back(left.ends[i]);
      to.ends.back().window = my_place[left.ends[i].window];
    }
  }
  return both;
}

DEALTRAIL_INLINE void MarkovState::merge(const MarkovState& other) {
  if (other.groups_.empty()) return;
  if (groups_.empty()) {
    *this = other;
    return;
  }
  require_same(other);
  *this = combined(other, false);
}

DEALTRAIL_INLINE void MarkovState::subtract(const MarkovState& other) {
  if (other.groups_.empty()) return;
  const auto refuse = [] {
    throw Error(ErrorCode::invalid_argument, "takes away more journeys than there are", {"markov state", "journeys"});
  };
  if (groups_.empty()) refuse();
  require_same(other);
  MarkovState left = combined(other, true);
  const auto negative = [](const auto& one) { return one.journeys < 0; };
  if (std::any_of(left.presence_.begin(), left.presence_.end(), negative)) refuse();
  left.drop_unused();
  if (!left.groups_.empty() && !left.trouble().empty()) refuse();
  *this = std::move(left);
}

}  // namespace dealtrail
