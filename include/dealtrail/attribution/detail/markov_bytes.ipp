#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/attribution/detail/state_bytes.hpp"
#include "dealtrail/attribution/detail/subject_groups.hpp"
#include "dealtrail/attribution/markov.hpp"
#include "dealtrail/core/detail/state_bytes.hpp"

// Bytes of the counts of a chain, and what bytes cannot be such counts.
namespace dealtrail {

// What cannot be counts of journeys. In each group as many journeys leave a state as come to it, and each state is
// reached from the start: so each state leads to an end, and the chain can be solved.
DEALTRAIL_INLINE std::string_view MarkovState::trouble() const {
  const auto order = static_cast<std::size_t>(order_);
  if (order < 1 || order > 4) return "has an order that cannot be";
  if (windows_.empty() || windows_.front() != detail::MarkovWindow{}) return "has no start";
  if (presence_.size() != channels_.size()) return "has channels without counts";
  const auto length = [](const detail::MarkovWindow& window) {
    const auto first = std::find_if(window.begin(), window.end(), [](std::uint32_t channel) { return channel != 0; });
    return static_cast<std::size_t>(window.end() - first);
  };
  std::vector<bool> named(channels_.size());
  for (std::size_t at = 1; at < windows_.size(); ++at) {
    const detail::MarkovWindow& window = windows_[at];
    if (window <= windows_[at - 1] || length(window) > order) return "has states out of order";
    for (std::size_t place = window.size() - length(window); place < window.size(); ++place) {
      if (window[place] == 0 || window[place] > channels_.size()) return "has states of no channel";
      named[window[place] - 1] = true;
    }
  }
  if (std::find(named.begin(), named.end(), false) != named.end()) return "has channels in no state";
  detail::MarkovTotals everybody;
  std::vector<bool> used(windows_.size());
  std::vector<std::int64_t> balance(windows_.size());
  std::vector<std::size_t> first(windows_.size() + 1);
  std::vector<bool> reached(windows_.size());
  std::vector<std::uint32_t> waiting;
  for (const detail::MarkovGroup& group : groups_) {
    std::fill(balance.begin(), balance.end(), 0);
    std::fill(first.begin(), first.end(), 0);
    std::int64_t started = 0;
    for (std::size_t at = 0; at < group.steps.size(); ++at) {
      const detail::MarkovStep& step = group.steps[at];
      if (step.weight <= 0 || step.from >= windows_.size() || step.to >= windows_.size() || step.to == 0)
        return "has steps that cannot be";
      if (at > 0 && std::pair{step.from, step.to} <= std::pair{group.steps[at - 1].from, group.steps[at - 1].to})
        return "has steps out of order";
      const detail::MarkovWindow& from = windows_[step.from];
      const detail::MarkovWindow& to = windows_[step.to];
      if (step.from == 0) {
        if (__builtin_add_overflow(started, step.weight, &started)) return "has more steps than can be counted";
      } else {
        const std::size_t begin = from.size() - order;
        if (step.from == step.to || length(from) != order || length(to) != order ||
            !std::equal(from.begin() + static_cast<std::ptrdiff_t>(begin) + 1, from.end(),
                        to.begin() + static_cast<std::ptrdiff_t>(begin))) {
          return "has steps that cannot be";
        }
      }
      if (__builtin_add_overflow(balance[step.to], step.weight, &balance[step.to]))
        return "has more steps than can be counted";
      used[step.to] = true;
      ++first[step.from + 1];
    }
    for (std::size_t window = 0; window < windows_.size(); ++window) first[window + 1] += first[window];
    std::int64_t converted = 0;
    std::int64_t ended = 0;
    for (std::size_t at = 0; at < group.ends.size(); ++at) {
      const detail::MarkovEnd& end = group.ends[at];
      if (end.window == 0 || end.window >= windows_.size() || end.conversions < 0 || end.nulls < 0 ||
          (end.conversions == 0 && end.nulls == 0) || (end.conversions == 0 && end.value != 0) ||
          (at > 0 && end.window <= group.ends[at - 1].window)) {
        return "has ends that cannot be";
      }
      if (__builtin_add_overflow(converted, end.conversions, &converted) ||
          __builtin_add_overflow(ended, end.conversions, &ended) || __builtin_add_overflow(ended, end.nulls, &ended)) {
        return "has more journeys than can be counted";
      }
      balance[end.window] -= end.conversions;
      if (__builtin_sub_overflow(balance[end.window], end.nulls, &balance[end.window])) return "has too many ends";
    }
    for (const detail::MarkovStep& step : group.steps) {
      if (step.from != 0 && __builtin_sub_overflow(balance[step.from], step.weight, &balance[step.from]))
        return "has too many steps";
    }
    if (std::any_of(balance.begin(), balance.end(), [](std::int64_t left) { return left != 0; }))
      return "has journeys that begin or end nowhere";
    for (const detail::MarkovTotals* totals : {&group.all, &group.unattributed}) {
      if (totals->journeys < 0 || totals->conversions < 0 || totals->conversions > totals->journeys)
        return "has totals that cannot be";
      if (totals->journeys == 0 && totals->value != 0) return "has value of no journey";
    }
    if (group.all.journeys - group.unattributed.journeys != started || started != ended ||
        group.all.conversions - group.unattributed.conversions != converted) {
      return "has totals that do not fit";
    }
    if (__builtin_add_overflow(everybody.journeys, group.all.journeys, &everybody.journeys))
      return "has more journeys than can be counted";
    // From the start, every step must be reached.
    std::fill(reached.begin(), reached.end(), false);
    reached[0] = true;
    waiting.assign(1, 0);
    std::size_t taken = 0;
    while (!waiting.empty()) {
      const std::uint32_t from = waiting.back();
      waiting.pop_back();
      for (std::size_t at = first[from]; at < first[from + 1]; ++at, ++taken) {
        if (reached[group.steps[at].to]) continue;
        reached[group.steps[at].to] = true;
        waiting.push_back(group.steps[at].to);
      }
    }
    if (taken != group.steps.size()) return "has steps that nobody comes to";
  }
  for (std::size_t at = 1; at < used.size(); ++at) {
    if (!used[at]) return "has states of nobody";
  }
  for (const detail::MarkovPresence& one : presence_) {
    if (one.journeys <= 0 || one.converting < 0 || one.converting > one.journeys || one.journeys > everybody.journeys) {
      return "has channels that cannot be";
    }
  }
  return {};
}

DEALTRAIL_INLINE std::string MarkovState::to_bytes() const {
  std::string fields;
  detail::append_little_endian(fields, static_cast<std::uint8_t>(order_));
  detail::append_little_endian(fields, static_cast<std::uint8_t>(has_values_ ? 1 : 0));
  detail::append_text(fields, detail::stored_currency(currency_));
  detail::append_little_endian(fields, static_cast<std::uint8_t>(groups_.size()));
  detail::append_texts(fields, channels_);
  for (const detail::MarkovPresence& one : presence_) {
    detail::append_little_endian(fields, one.journeys);
    detail::append_little_endian(fields, one.converting);
  }
  detail::append_little_endian(fields, static_cast<std::uint32_t>(windows_.size()));
  for (const detail::MarkovWindow& window : windows_) {
    for (std::size_t place = window.size() - static_cast<std::size_t>(order_); place < window.size(); ++place)
      detail::append_little_endian(fields, window[place]);
  }
  for (const detail::MarkovGroup& group : groups_) {
    for (const detail::MarkovTotals* totals : {&group.all, &group.unattributed}) {
      detail::append_little_endian(fields, totals->journeys);
      detail::append_little_endian(fields, totals->conversions);
      detail::append_wide(fields, totals->value);
    }
    detail::append_little_endian(fields, static_cast<std::uint64_t>(group.steps.size()));
    for (const detail::MarkovStep& step : group.steps) {
      detail::append_little_endian(fields, step.from);
      detail::append_little_endian(fields, step.to);
      detail::append_little_endian(fields, step.weight);
    }
    detail::append_little_endian(fields, static_cast<std::uint64_t>(group.ends.size()));
    for (const detail::MarkovEnd& end : group.ends) {
      detail::append_little_endian(fields, end.window);
      detail::append_little_endian(fields, end.conversions);
      detail::append_little_endian(fields, end.nulls);
      detail::append_wide(fields, end.value);
    }
  }
  return detail::seal_state("MKV1", fields);
}

DEALTRAIL_INLINE MarkovState MarkovState::from_bytes(std::string_view bytes) {
  auto reader = detail::open_state("MKV1", bytes, "markov state");
  MarkovState state;
  state.order_ = reader.read<std::uint8_t>();
  if (state.order_ > 4) reader.fail("has an order that cannot be");
  const auto flags = reader.read<std::uint8_t>();
  if (flags > 1) reader.fail("has flags that are none");
  state.has_values_ = flags == 1;
  state.currency_ = detail::read_currency(reader);
  const auto groups = reader.read<std::uint8_t>();
  if (groups != 0 && groups != 1 && groups != detail::interval_groups)
    reader.fail("has a number of groups that cannot be");
  state.channels_ = detail::read_sorted_texts(reader);
  for (std::size_t channel = 0; channel < state.channels_.size(); ++channel) {
    detail::MarkovPresence one;
    one.journeys = reader.read<std::int64_t>();
    one.converting = reader.read<std::int64_t>();
    state.presence_.push_back(one);
  }
  for (auto left = reader.read<std::uint32_t>(); left > 0; --left) {
    detail::MarkovWindow window{};
    for (std::size_t place = window.size() - static_cast<std::size_t>(state.order_); place < window.size(); ++place)
      window[place] = reader.read<std::uint32_t>();
    if (!state.windows_.empty() && window <= state.windows_.back()) reader.fail("has states out of order");
    state.windows_.push_back(window);
  }
  for (std::size_t at = 0; at < groups; ++at) {
    detail::MarkovGroup group;
    for (detail::MarkovTotals* totals : {&group.all, &group.unattributed}) {
      totals->journeys = reader.read<std::int64_t>();
      totals->conversions = reader.read<std::int64_t>();
      totals->value = detail::read_wide(reader);
    }
    for (auto left = reader.read<std::uint64_t>(); left > 0; --left) {
      detail::MarkovStep step;
      step.from = reader.read<std::uint32_t>();
      step.to = reader.read<std::uint32_t>();
      step.weight = reader.read<std::int64_t>();
      group.steps.push_back(step);
    }
    for (auto left = reader.read<std::uint64_t>(); left > 0; --left) {
      detail::MarkovEnd end;
      end.window = reader.read<std::uint32_t>();
      end.conversions = reader.read<std::int64_t>();
      end.nulls = reader.read<std::int64_t>();
      end.value = detail::read_wide(reader);
      group.ends.push_back(end);
    }
    state.groups_.push_back(std::move(group));
  }
  reader.expect_end();
  if (groups == 0) {
    if (!(state == MarkovState{})) reader.fail("has counts without groups");
    return state;
  }
  if (const auto trouble = state.trouble(); !trouble.empty()) reader.fail(trouble);
  MarkovState clean = state;
  clean.drop_unused();
  if (!(clean == state)) reader.fail("has places of nothing");
  return state;
}

}  // namespace dealtrail
