#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/attribution/detail/grouped_paths.hpp"
#include "dealtrail/attribution/detail/subject_groups.hpp"
#include "dealtrail/attribution/markov.hpp"
#include "dealtrail/attribution/markov/counts.hpp"
#include "dealtrail/core/detail/currency_words.hpp"
#include "dealtrail/core/detail/parallel.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"

namespace dealtrail {

struct MarkovState::Builder {
  // Journeys that stand for themselves, group by group; of one group: of whatever kind.
  static std::vector<detail::KeyedGroup> of_journeys(const Journeys& journeys, const detail::WindowCode& code,
                                                     std::size_t groups, std::size_t workers) {
    const auto starts = detail::group_starts(journeys, groups);
    const auto& first = journeys.columns().journey_first;
    std::vector<detail::KeyedGroup> counted(groups);
    std::vector<std::optional<detail::ChainCounter<std::uint64_t>>> counters(workers);
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

  // Rows of paths from `row` on, until there are enough; `row` is the first that was not taken. Each worker deals a
  // part of the rows; then groups are counted, each from what all workers dealt to it.
  static std::vector<detail::KeyedGroup> of_paths(const Journeys& journeys, const detail::WindowCode& code,
                                                  std::size_t workers, std::size_t& row) {
    constexpr std::size_t groups = detail::interval_groups;
    constexpr std::size_t enough = std::size_t{1} << 25U;  // words
    const std::size_t begin = row;
    for (std::size_t words = 0; row < journeys.size() && words < enough; ++row) {
      const auto parts = std::min<std::uint64_t>(static_cast<std::uint64_t>(journeys.weight(row)), groups);
      words += parts * detail::GroupedPaths::words_of(journeys.touches_of(row), journeys.conversions(row),
                                                      journeys.nulls(row), journeys.value_minor(row));
    }
    std::vector<detail::WordRoom> room(workers);
    std::vector<std::vector<detail::GroupedPaths>> dealt(workers);
    detail::run_workers(workers, [&](std::size_t worker) {
      auto& mine = dealt[worker];
      mine.resize(groups);
      std::vector<detail::DealtPart> parts;
      const std::size_t end = begin + (row - begin) * (worker + 1) / workers;
      for (std::size_t at = begin + (row - begin) * worker / workers; at < end; ++at) {
        const auto path = journeys.path(at);
        detail::deal_row_to(journeys, at, parts,
                            [&](std::size_t group, std::int64_t conversions, std::int64_t nulls, std::int64_t value) {
                              mine[group].add(room[worker], path, conversions, nulls, value);
                            });
      }
    });
    std::vector<detail::KeyedGroup> counted(groups);
    const auto count = [&](auto& counter, std::size_t group, std::size_t touches) {
      if (!counter) counter.emplace(code);
      counter->begin(touches);
      counter->count([&](auto&& add) {
        for (const auto& of_worker : dealt) of_worker[group].each(add);
      });
      counted[group] = counter->take();
    };
    std::vector<std::optional<detail::ChainCounter<std::uint32_t>>> counters(workers);
    std::vector<std::optional<detail::ChainCounter<std::uint64_t>>> great_counters(workers);
    detail::run_tasks(workers, groups, [&](std::size_t worker, std::size_t group) {
      std::size_t touches = 0;
      std::uint64_t weight = 0;
      for (const auto& of_worker : dealt) {
        touches += of_worker[group].touches();
        weight += of_worker[group].weight();
      }
      if (weight <= std::numeric_limits<std::uint32_t>::max()) {
        count(counters[worker], group, touches);
      } else {
        count(great_counters[worker], group, touches);
      }
    });
    return counted;
  }

  // Windows as places in the list of all that occur.
  static void place(MarkovState& state, const detail::WindowCode& code, std::vector<detail::KeyedGroup> counted,
                    std::size_t workers) {
    std::vector<std::uint64_t> keys;
    const unsigned key_bits = code.bits * code.order;
    if (key_bits <= 22) {
      std::vector<std::uint8_t> there(std::size_t{1} << key_bits);
      for (const detail::KeyedGroup& group : counted) {
        for (const std::uint64_t window : group.windows) there[window] = 1;
      }
      for (std::size_t window = 0; window < there.size(); ++window) {
        if (there[window] != 0) keys.push_back(window);
      }
    } else {
      for (const detail::KeyedGroup& group : counted)
        keys.insert(keys.end(), group.windows.begin(), group.windows.end());
      std::sort(keys.begin(), keys.end());
      keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    }
    state.windows_.reserve(keys.size());
    for (const std::uint64_t key : keys) state.windows_.push_back(code.window(key));
    state.groups_.resize(counted.size());
    detail::run_tasks(workers, counted.size(), [&](std::size_t, std::size_t at) {
      detail::KeyedGroup& from = counted[at];
      detail::MarkovGroup& to = state.groups_[at];
      to = std::move(from.counts);
      if (from.windows == keys) return;
      std::vector<std::uint32_t> places;
      places.reserve(from.windows.size());
      auto place = keys.begin();
      for (const std::uint64_t window : from.windows) {
        place = std::lower_bound(place, keys.end(), window);
        places.push_back(static_cast<std::uint32_t>(place - keys.begin()));
      }
      for (detail::MarkovStep& step : to.steps) {
        step.from = places[step.from];
        step.to = places[step.to];
      }
      for (detail::MarkovEnd& end : to.ends) end.window = places[end.window];
    });
  }
};

DEALTRAIL_INLINE MarkovState::MarkovState(const Journeys& journeys, int order, const CreditOptions& options) {
  if (order < 1 || order > 4)
    throw Error(ErrorCode::invalid_argument, "the order of a chain is 1 to 4, not " + std::to_string(order));
  if (journeys.size() == 0) return;
  const detail::WindowCode code(journeys.channels().size(), order);
  detail::require_countable(journeys);
  const std::size_t groups = options.intervals ? detail::interval_groups : 1;
  constexpr std::size_t worth_a_thread = 64;  // journeys
  const std::size_t workers =
      std::clamp<std::size_t>(options.threads, 1, std::min(journeys.size() / worth_a_thread + 1, detail::most_threads));
  order_ = order;
  currency_ = journeys.currency();
  has_values_ = journeys.has_values();
  channels_.assign(journeys.channels().begin(), journeys.channels().end());
  presence_.resize(channels_.size());
  if (groups > 1 && detail::deals_to_groups(journeys)) {
    MarkovState empty = *this;
    std::size_t row = 0;
    Builder::place(*this, code, Builder::of_paths(journeys, code, workers, row), workers);
    while (row < journeys.size()) {
      MarkovState more = empty;
      Builder::place(more, code, Builder::of_paths(journeys, code, workers, row), workers);
      *this = combined(more, false);
    }
  } else {
    Builder::place(*this, code, Builder::of_journeys(journeys, code, groups, workers), workers);
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
  places[0] = 1;
  std::size_t used = 1;
  for (auto group = groups_.begin(); group != groups_.end() && used < places.size(); ++group) {
    for (const detail::MarkovStep& step : group->steps) used += std::exchange(places[step.to], 1U) == 0 ? 1 : 0;
  }
  if (used < places.size()) {
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
