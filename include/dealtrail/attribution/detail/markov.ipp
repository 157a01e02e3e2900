#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/attribution/detail/credit_of_scores.hpp"
#include "dealtrail/attribution/markov.hpp"
#include "dealtrail/attribution/markov/chain.hpp"
#include "dealtrail/attribution/markov/counts.hpp"
#include "dealtrail/attribution/markov/removal.hpp"
#include "dealtrail/core/detail/parallel.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail {

namespace detail {

// A part of a whole that is not below 0: rounding is no sign of anything.
inline void as_parts(std::vector<double>& parts, double whole, bool never_negative) {
  for (double& part : parts) {
    if (never_negative) part = std::max(part, 0.0);
    part /= whole;
    if (never_negative && whole > 0) part = std::min(part, 1.0);
  }
}

// The states that each channel is in.
[[nodiscard]] inline std::vector<std::vector<std::uint32_t>> states_by_channel(std::span<const MarkovWindow> windows,
                                                                               std::size_t channels) {
  std::vector<std::vector<std::uint32_t>> states(channels);
  for (std::size_t state = 1; state < windows.size(); ++state) {
    for (const std::uint32_t channel : windows[state]) {
      if (channel == 0) continue;
      auto& of = states[channel - 1];
      if (of.empty() || of.back() != state) of.push_back(static_cast<std::uint32_t>(state));
    }
  }
  return states;
}

// Whether the journeys say too little of the states that an order makes.
[[nodiscard]] inline std::optional<std::pair<std::string, std::string>> too_high_an_order(const MarkovChain& chain,
                                                                                          int order) {
  if (order < 2) return std::nullopt;
  constexpr std::int64_t rare = 10;
  double in_rare = 0;
  double in_all = 0;
  for (std::size_t state = 1; state < chain.states(); ++state) {
    const auto leaving = static_cast<double>(chain.leaving[state]);
    in_all += leaving;
    if (chain.leaving[state] < rare) in_rare += leaving;
  }
  if (in_rare * 10 <= in_all) return std::nullopt;
  return std::pair{"the journeys cannot carry order " + std::to_string(order) + ": " +
                       std::to_string(std::lround(in_rare / in_all * 100)) +
                       " % of the touches are in states that occur fewer than ten times",
                   std::string{"take a lower order; choose_order compares them"}};
}

}  // namespace detail

DEALTRAIL_INLINE std::optional<Credit> MarkovState::finish(std::size_t threads) const {
  if (groups_.empty()) return std::nullopt;
  constexpr std::size_t solved_anew = 64;
  detail::MarkovTotals all;
  detail::MarkovTotals lost;
  bool refunds = false;
  for (const detail::MarkovGroup& group : groups_) {
    all.journeys += group.all.journeys;
    all.conversions += group.all.conversions;
    all.value += group.all.value;
    lost.conversions += group.unattributed.conversions;
    lost.value += group.unattributed.value;
  }
  Credit credit = detail::credit_of_totals(all, lost, currency_, has_values_);
  credit.model = "markov";
  credit.parameters = {{"order", std::to_string(order_)}, {"removal", "redirect_to_null"}};
  for (std::size_t channel = 0; channel < channels_.size(); ++channel) {
    credit.channels.push_back({.channel = channels_[channel],
                               .journeys = presence_[channel].journeys,
                               .converting = presence_[channel].converting});
  }
  if (channels_.empty()) return credit;
  const detail::MarkovChain chain = detail::chain_of(groups_, windows_.size(), std::max<std::size_t>(threads, 1));
  for (const double value : chain.values) refunds = refunds || value < 0;
  if (auto finding = detail::too_high_an_order(chain, order_)) credit.findings.push_back(*std::move(finding));
  const auto states_of = detail::states_by_channel(windows_, channels_.size());
  const bool anew = windows_.size() <= solved_anew + 1;
  const bool intervals = groups_.size() > 1;
  detail::ChannelPaths paths;
  const auto whole = detail::through_channels(chain, states_of, has_values_, intervals && !anew ? &paths : nullptr);

  // What goes through channels, as parts of all that there is; nothing where there is nothing.
  const auto scores = [&](const detail::MarkovChain& of, const detail::ThroughChannels& through) {
    detail::ThroughChannels made = through;
    const auto journeys = static_cast<double>(of.leaving[0]);
    double conversions = 0;
    double value = 0;
    for (std::size_t state = 1; state < of.states(); ++state) {
      conversions += static_cast<double>(of.conversions[state]);
      value += of.values[state];
    }
    detail::as_parts(made.conversions, conversions / journeys, true);
    if (conversions == 0) made.conversions.clear();
    detail::as_parts(made.values, value / journeys, !refunds);
    if (value == 0) made.values.clear();
    return made;
  };
  const detail::ThroughChannels score = scores(chain, whole);
  detail::ScoreReplicates replicates;
  if (intervals) {
    std::vector<const detail::MarkovGroup*> left_out;
    for (const detail::MarkovGroup& group : groups_) {
      if (group.all.journeys != 0 && group.all.journeys != all.journeys) left_out.push_back(&group);
    }
    const std::size_t values = has_values_ ? channels_.size() : 0;
    replicates.groups = left_out.size();
    replicates.conversion_scores.resize(left_out.size() * channels_.size());
    replicates.value_scores.resize(left_out.size() * values);
    for (const detail::MarkovGroup* const group : left_out)
      replicates.values.push_back(detail::value_without(all, lost, group->all, group->unattributed));
    detail::run_tasks(threads, left_out.size(), [&](std::size_t, std::size_t at) {
      const detail::MarkovGroup& group = *left_out[at];
      detail::ThroughChannels through;
      if (group.steps.empty()) {
        through = whole;
      } else if (anew) {
        const auto rest = detail::chain_without(chain, group);
        if (rest.leaving[0] > 0) through = detail::through_channels(rest, states_of, has_values_, nullptr);
      } else {
        through = detail::through_without(chain, whole, paths, group, has_values_);
      }
      through.conversions.resize(channels_.size());  // 0 if nobody is left
      through.values.resize(values);
      const auto place = [at](std::vector<double>& to, std::size_t size) {
        return to.begin() + static_cast<std::ptrdiff_t>(at * size);
      };
      std::transform(through.conversions.begin(), through.conversions.end(),
                     place(replicates.conversion_scores, channels_.size()),
                     [](double one) { return std::max(one, 0.0); });
      std::transform(through.values.begin(), through.values.end(), place(replicates.value_scores, values),
                     [refunds](double one) { return refunds ? one : std::max(one, 0.0); });
    });
  }
  detail::fill_by_scores(credit, score.conversions, score.values, intervals ? &replicates : nullptr);
  return credit;
}

DEALTRAIL_INLINE Table transition_matrix(const MarkovState& state) {
  TableBuilder builder("transition_matrix");
  ColumnBuilder& from = builder.text("from");
  ColumnBuilder& to = builder.text("to");
  ColumnBuilder& probability = builder.real("probability");
  ColumnBuilder& weight = builder.integer("weight");
  builder.meta("order", std::to_string(state.order()));
  builder.meta("self_loops", "merged: a state that follows itself is counted once");
  if (state.groups().empty()) return builder.finish();
  const detail::MarkovChain chain = detail::chain_of(state.groups(), state.windows().size());
  std::vector<std::int64_t> nulls(chain.states());
  for (const detail::MarkovGroup& group : state.groups()) {
    for (const detail::MarkovEnd& end : group.ends) nulls[end.window] += end.nulls;
  }
  std::vector<std::string> names{"(start)"};
  for (std::size_t window = 1; window < chain.states(); ++window) {
    std::string name;
    for (const std::uint32_t channel : state.windows()[window]) {
      if (channel == 0) continue;
      if (!name.empty()) name += " > ";
      name += state.channels()[channel - 1];
    }
    names.push_back(std::move(name));
  }
  for (std::size_t window = 0; window < chain.states(); ++window) {
    const auto add = [&](std::string_view name, std::int64_t count) {
      if (count == 0) return;
      from.append_text(names[window]);
      to.append_text(name);
      probability.append_real(static_cast<double>(count) / static_cast<double>(chain.leaving[window]));
      weight.append_integer(count);
    };
    for (std::size_t at = chain.first[window]; at < chain.first[window + 1]; ++at)
      add(names[chain.steps[at].to], chain.steps[at].weight);
    add("(conversion)", chain.conversions[window]);
    add("(null)", nulls[window]);
  }
  return builder.finish();
}

namespace attribution {

DEALTRAIL_INLINE Credit markov(const Journeys& journeys, const MarkovOptions& markov, const CreditOptions& options) {
  Credit credit;
  if (markov.removal == Removal::redirect_to_null) {
    if (auto made = MarkovState(journeys, markov.order, options).finish(options.threads)) return *std::move(made);
    credit.currency = journeys.currency();
    credit.parameters.emplace_back("removal", "redirect_to_null");
  } else {
    credit = detail::credit_of_removals(journeys, markov, options);
  }
  // No journeys have a value of 0, as by rules: results of several models stand in one table.
  if (journeys.size() == 0) credit.has_values = !journeys.currency().empty();
  credit.model = "markov";
  credit.parameters.insert(credit.parameters.begin(), {"order", std::to_string(markov.order)});
  return credit;
}

DEALTRAIL_INLINE Table choose_order(const Journeys& journeys, int most, const CreditOptions& options) {
  if (most < 1 || most > 4)
    throw Error(ErrorCode::invalid_argument, "orders are 1 to 4, not up to " + std::to_string(most));
  struct Order {
    std::size_t states = 0;
    double likelihood = 0;
    std::vector<double> by_group{};  // sums of logarithms
  };
  std::vector<Order> orders;
  std::vector<double> weights(detail::interval_groups);  // journeys with touches
  for (int order = 1; order <= most && journeys.size() > 0; ++order) {
    const MarkovState state(journeys, order, {.intervals = true, .threads = options.threads});
    const std::size_t states = state.windows().size();
    if (states == 0) break;
    std::vector<double> converted(states);
    std::vector<double> ended(states);
    double all_converted = 0;
    double all_ended = 0;
    for (const detail::MarkovGroup& group : state.groups()) {
      for (const detail::MarkovEnd& end : group.ends) {
        converted[end.window] += static_cast<double>(end.conversions);
        ended[end.window] += static_cast<double>(end.conversions) + static_cast<double>(end.nulls);
      }
    }
    for (std::size_t window = 0; window < states; ++window) {
      all_converted += converted[window];
      all_ended += ended[window];
    }
    Order one{.states = state.state_count()};
    for (std::size_t at = 0; at < state.groups().size(); ++at) {
      double group_converted = 0;
      double group_ended = 0;
      for (const detail::MarkovEnd& end : state.groups()[at].ends) {
        group_converted += static_cast<double>(end.conversions);
        group_ended += static_cast<double>(end.conversions) + static_cast<double>(end.nulls);
      }
      weights[at] = group_ended;
      // Half a journey of either outcome beside all others, and one journey like all others beside those of a state.
      const double rate = (all_converted - group_converted + 0.5) / (all_ended - group_ended + 1);
      double sum = 0;
      for (const detail::MarkovEnd& end : state.groups()[at].ends) {
        const auto won = static_cast<double>(end.conversions);
        const auto lost = static_cast<double>(end.nulls);
        const double foretold = (converted[end.window] - won + rate) / (ended[end.window] - won - lost + 1);
        if (won > 0) sum += won * std::log(foretold);
        if (lost > 0) sum += lost * std::log1p(-foretold);
      }
      one.by_group.push_back(sum);
      one.likelihood += sum;
    }
    orders.push_back(std::move(one));
  }
  TableBuilder builder("order");
  ColumnBuilder& order = builder.integer("order");
  ColumnBuilder& states = builder.integer("states");
  ColumnBuilder& likelihood = builder.real("log_likelihood");
  ColumnBuilder& worse_by = builder.real("worse_by");
  ColumnBuilder& error = builder.real("standard_error");
  ColumnBuilder& chosen = builder.boolean("chosen");
  builder.meta("log_likelihood", "of a journey's outcome, foretold by its last state from the other groups; the mean");
  builder.meta("chosen", "the lowest order that is no more than one standard error worse than the best");
  std::size_t best = 0;
  for (std::size_t at = 1; at < orders.size(); ++at) {
    if (orders[at].likelihood > orders[best].likelihood) best = at;
  }
  double total = 0;
  double groups = 0;
  for (const double weight : weights) {
    total += weight;
    groups += weight > 0 ? 1 : 0;
  }
  bool found = false;
  for (std::size_t at = 0; at < orders.size(); ++at) {
    // The difference to the best as a ratio of sums over groups.
    const double distance = total > 0 ? (orders[best].likelihood - orders[at].likelihood) / total : 0;
    double squares = 0;
    for (std::size_t group = 0; group < weights.size(); ++group) {
      const double rest = orders[best].by_group[group] - orders[at].by_group[group] - distance * weights[group];
      squares += rest * rest;
    }
    const bool known = groups > 1;
    const double off = known ? std::sqrt(groups / (groups - 1) * squares) / total : 0;
    order.append_integer(static_cast<std::int64_t>(at) + 1);
    states.append_integer(static_cast<std::int64_t>(orders[at].states));
    likelihood.append_real(total > 0 ? std::optional{orders[at].likelihood / total} : std::nullopt);
    worse_by.append_real(total > 0 ? std::optional{distance} : std::nullopt);
    error.append_real(known ? std::optional{off} : std::nullopt);
    const bool take = !found && (distance <= off || at == best);
    found = found || take;
    chosen.append_boolean(take);
  }
  return builder.finish();
}

}  // namespace attribution

}  // namespace dealtrail
