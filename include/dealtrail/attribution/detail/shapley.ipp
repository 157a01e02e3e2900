#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/attribution/detail/channel_sets.hpp"
#include "dealtrail/attribution/detail/credit_of_scores.hpp"
#include "dealtrail/attribution/detail/exact_values.hpp"
#include "dealtrail/attribution/detail/jackknife.hpp"
#include "dealtrail/attribution/detail/shapley_games.hpp"
#include "dealtrail/attribution/detail/state_bytes.hpp"
#include "dealtrail/attribution/detail/subject_groups.hpp"
#include "dealtrail/attribution/shapley.hpp"
#include "dealtrail/core/detail/currency_words.hpp"
#include "dealtrail/core/detail/state_bytes.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/split.hpp"

namespace dealtrail {

namespace detail {

// Three digits: enough for how far off something may be.
[[nodiscard]] inline std::string short_text(double number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::general, 3).ptr;
  return {text, end};
}

inline void require_worth(double worth, std::span<const std::uint32_t> players) {
  if (std::isfinite(worth)) return;
  std::string names;
  for (const std::uint32_t player : players) names += (names.empty() ? "" : ", ") + std::to_string(player);
  throw Error(ErrorCode::invalid_argument, "the worth of a set is not a finite number: players " + names,
              {"Shapley", "value_of"}, "give each set a number; 0 if it is worth nothing");
}

// Whether a game of so many players is computed over all its sets.
[[nodiscard]] inline bool is_exact(std::size_t players, const attribution::ShapleyOptions& options) {
  constexpr std::size_t most = 24;
  if (options.exact_up_to > most) {
    throw Error(ErrorCode::invalid_argument, "exact_up_to is out of range: " + std::to_string(options.exact_up_to),
                {"Shapley", "exact_up_to"}, "0 to 24 channels; more are sampled");
  }
  if (players <= options.exact_up_to) return true;
  if (options.samples < 2) {
    throw Error(ErrorCode::invalid_argument, "too few samples: " + std::to_string(options.samples),
                {"Shapley", "samples"}, "2 or more pairs of random orders");
  }
  return false;
}

// The worth of each mask.
[[nodiscard]] inline std::vector<double> worth_of_masks(std::size_t players, const attribution::SetValue& worth) {
  std::vector<double> table(std::size_t{1} << players);
  std::vector<std::uint32_t> set;
  for (std::size_t mask = 0; mask < table.size(); ++mask) {
    set.clear();
    for (std::uint32_t player = 0; player < players; ++player) {
      if ((mask >> player & 1U) != 0) set.push_back(player);
    }
    table[mask] = worth.is_list() ? worth.by_mask()[mask] : worth.of(set);
    require_worth(table[mask], set);
  }
  return table;
}

[[nodiscard]] inline attribution::ShapleyValues sampled_values(std::size_t players, const attribution::SetValue& worth,
                                                               const attribution::ShapleyOptions& options) {
  const OrderPlan plan(players, options.samples);
  SampleSums sums(players);
  std::vector<double> gains(players);
  std::vector<std::uint32_t> set;
  const auto walk = [&](auto first, auto last) {
    set.clear();
    double before = worth.of(set);
    require_worth(before, set);
    for (; first != last; ++first) {
      set.insert(std::lower_bound(set.begin(), set.end(), *first), *first);
      const double now = worth.of(set);
      require_worth(now, set);
      gains[*first] += now - before;
      before = now;
    }
  };
  for (std::size_t number = 0; number < plan.orders(); ++number) {
    std::fill(gains.begin(), gains.end(), 0);
    plan.each_turn(options.seed, number, [&](std::span<const std::uint32_t> order) {
      walk(order.begin(), order.end());
      walk(order.rbegin(), order.rend());
    });
    sums.add(gains, 2 * plan.pairs() / plan.orders());
  }
  return {sums.means(), sums.standard_errors()};
}

// Tells a result that its scores are sampled, and how far off they may be.
inline void note_samples(Credit& credit, std::span<const double> standard_errors,
                         const attribution::ShapleyOptions& options) {
  const std::size_t pairs = OrderPlan(standard_errors.size(), options.samples).pairs();
  credit.parameters.emplace_back("samples", std::to_string(pairs) + " pairs of a random order and its reverse");
  credit.parameters.emplace_back("seed", std::to_string(options.seed));
  if (standard_errors.empty()) return;
  const double greatest = *std::max_element(standard_errors.begin(), standard_errors.end());
  constexpr double normal_95 = 1.6448536269514722;
  credit.parameters.emplace_back("score_standard_error", short_text(greatest) + " at most");
  credit.parameters.emplace_back("score_interval", "90 %: +- " + short_text(normal_95 * greatest) + " at most");
}

}  // namespace detail

namespace attribution {

DEALTRAIL_INLINE ShapleyValues shapley_values(std::size_t players, const SetValue& worth,
                                              const ShapleyOptions& options) {
  if (worth.is_list()) {
    if (players >= 48 || worth.by_mask().size() != std::size_t{1} << players) {
      throw Error(ErrorCode::invalid_argument,
                  "a list of worths is " + std::to_string(worth.by_mask().size()) + " long for " +
                      std::to_string(players) + " players",
                  {"Shapley", "value_of"}, "it needs 2^players numbers, the first for nobody");
    }
    return {detail::shapley_of_masks(players, detail::worth_of_masks(players, worth)), {}};
  }
  if (detail::is_exact(players, options))
    return {detail::shapley_of_masks(players, detail::worth_of_masks(players, worth)), {}};
  return detail::sampled_values(players, worth, options);
}

DEALTRAIL_INLINE ShapleyState::ShapleyState(const Journeys& journeys, const CreditOptions& options) {
  if (journeys.size() == 0) return;
  currency_ = journeys.currency();
  has_values_ = journeys.has_values();
  sets_ = detail::count_sets(journeys, options.intervals ? detail::interval_groups : 1, options.threads);
}

DEALTRAIL_INLINE void ShapleyState::require_same(const ShapleyState& other) const {
  if (currency_ != other.currency_) {
    throw Error(ErrorCode::currency_mismatch, "credit in " + detail::currency_words(currency_) + " was given " +
                                                  detail::currency_words(other.currency_));
  }
  if (has_values_ != other.has_values_ || sets_.groups != other.sets_.groups) {
    throw Error(ErrorCode::invalid_argument, "counts of sets were given others that were made with other options", {},
                "states that both have values or not, and groups or not, can be joined");
  }
}

DEALTRAIL_INLINE void ShapleyState::merge(const ShapleyState& other) {
  if (other.sets_.groups == 0) return;
  if (sets_.groups == 0) {
    *this = other;
    return;
  }
  require_same(other);
  sets_ = detail::joined_sets(sets_, other.sets_);
}

DEALTRAIL_INLINE void ShapleyState::subtract(const ShapleyState& other) {
  if (other.sets_.groups == 0) return;
  if (sets_.groups != 0) require_same(other);
  auto left = detail::sets_without(sets_, other.sets_);
  if (left.groups == 0) {
    *this = {};
  } else {
    sets_ = std::move(left);
  }
}

// Everything but what a game says.
DEALTRAIL_INLINE Credit ShapleyState::without_scores(std::string_view game) const {
  Credit credit{.model = "shapley",
                .parameters = {{"game", std::string{game}}},
                .currency = currency_,
                .has_values = has_values_};
  for (const std::string& name : sets_.channels) credit.channels.push_back({.channel = name});
  detail::int128 value = 0;
  for (std::size_t at = 0; at < sets_.size(); ++at) {
    const detail::SetCell all = sets_.total(at);
    credit.journeys = checked_add(credit.journeys, all.journeys);
    credit.total_conversions += all.conversions;
    value += all.value;
    if (sets_.set(at).empty()) {
      credit.unattributed_conversions = static_cast<CreditUnits>(all.conversions) * units_per_conversion;
      credit.unattributed_value = detail::minor_of(all.value);
    }
    for (const std::uint32_t member : sets_.set(at)) {
      credit.channels[member].journeys += all.journeys;
      credit.channels[member].converting += all.conversions;
    }
  }
  credit.total_value = detail::minor_of(value);
  for (ChannelCredit& one : credit.channels) one.too_few = detail::says_too_little(one);
  return credit;
}

// Each set's conversions and value in equal parts to its channels, odd units of 2^-48 to the first by name; value
// becomes whole minor units once.
DEALTRAIL_INLINE void ShapleyState::fill_equal_split(Credit& credit) const {
  const std::size_t channels = sets_.channels.size();
  const std::size_t groups = sets_.groups;
  std::vector<CreditUnits> units(channels, 0);
  std::vector<CreditUnits> exact(channels, 0);  // of the value
  std::vector<double> group_conversions(groups * channels, 0);
  std::vector<double> group_values(groups * channels, 0);
  std::vector<std::int64_t> group_journeys(groups, 0);
  std::vector<std::uint64_t> weights;
  std::vector<std::int64_t> parts;
  for (std::size_t at = 0; at < sets_.size(); ++at) {
    const auto set = sets_.set(at);
    for (std::uint64_t cell = sets_.cell_first[at]; cell < sets_.cell_first[at + 1]; ++cell) {
      const detail::SetCell& one = sets_.cells[cell];
      const std::size_t group = sets_.cell_group[cell];
      group_journeys[group] += one.journeys;
      if (groups == 1 || (one.conversions == 0 && one.value == 0)) continue;
      const auto size = static_cast<double>(set.size());
      for (const std::uint32_t member : set) {
        group_conversions[group * channels + member] += static_cast<double>(one.conversions) / size;
        group_values[group * channels + member] += static_cast<double>(one.value) / size;
      }
    }
    const detail::SetCell all = sets_.total(at);
    if (set.empty() || (all.conversions == 0 && all.value == 0)) continue;
    weights.assign(set.size(), 1);
    parts.resize(set.size());
    split_into(units_per_conversion, weights, parts);
    const std::int64_t value = detail::minor_of(all.value);
    for (std::size_t i = 0; i < set.size(); ++i) {
      units[set[i]] += static_cast<CreditUnits>(parts[i]) * all.conversions;
      detail::add_exact(exact[set[i]], static_cast<CreditUnits>(parts[i]) * value);
    }
  }
  std::vector<std::int64_t> minor(channels, 0);
  if (has_values_) minor = detail::whole_values(exact);
  const auto ratio = [](double part, double whole) { return whole == 0 ? std::nullopt : std::optional{part / whole}; };
  const double attributed = to_conversions(static_cast<CreditUnits>(credit.total_conversions) * units_per_conversion -
                                           credit.unattributed_conversions);
  const auto attributed_value =
      static_cast<double>(static_cast<detail::int128>(credit.total_value) - credit.unattributed_value);
  std::vector<double> shares;
  std::vector<double> values;
  std::vector<double> group_attributed(groups, 0);
  for (std::size_t at = 0; at < group_conversions.size(); ++at)
    group_attributed[at / channels] += group_conversions[at];
  for (std::size_t channel = 0; channel < channels; ++channel) {
    ChannelCredit& one = credit.channels[channel];
    one.conversions = units[channel];
    one.too_few = detail::says_too_little(one);
    one.score = to_conversions(units[channel]);
    one.share = ratio(*one.score, attributed);
    if (has_values_) one.value = minor[channel];
    if (has_values_) one.value_share = ratio(static_cast<double>(*one.value), attributed_value);
    shares.clear();
    values.clear();
    bool known = one.share.has_value();
    for (std::size_t group = 0; group < groups; ++group) {
      if (group_journeys[group] == 0 || group_journeys[group] == credit.journeys) continue;
      const auto share =
          ratio(*one.score - group_conversions[group * channels + channel], attributed - group_attributed[group]);
      known = known && share.has_value();
      shares.push_back(share.value_or(0));
      values.push_back((static_cast<double>(minor[channel]) - group_values[group * channels + channel]) *
                       static_cast<double>(credit.journeys) /
                       static_cast<double>(credit.journeys - group_journeys[group]));
    }
    if (known) one.share_interval = detail::jackknife_share(*one.share, shares);
    if (has_values_) one.value_interval = detail::jackknife_value(static_cast<double>(minor[channel]), values);
  }
}

DEALTRAIL_INLINE std::optional<Credit> ShapleyState::finish(const ShapleyOptions& options) const {
  if (sets_.groups == 0) return std::nullopt;
  Credit credit = without_scores(to_string(options.game));
  if (options.game == ShapleyGame::equal_split) {
    fill_equal_split(credit);
    return credit;
  }
  const std::size_t channels = sets_.channels.size();
  detail::GameScores conversions;
  detail::GameScores value;
  if (options.game == ShapleyGame::exact_set_rate) {
    conversions = detail::exact_set_scores(sets_, detail::Numerator::conversions);
    if (has_values_) value = detail::exact_set_scores(sets_, detail::Numerator::value);
  } else if (detail::is_exact(channels, options)) {
    conversions = detail::subset_scores(sets_, detail::Numerator::conversions);
    if (has_values_) value = detail::subset_scores(sets_, detail::Numerator::value);
  } else {
    auto sampled = detail::sampled_subset_scores(sets_, options.samples, options.seed, options.threads);
    detail::note_samples(credit, sampled.standard_errors, options);
    conversions = std::move(sampled.conversions);
    if (has_values_) value = std::move(sampled.value);
  }
  if (conversions.without_group.empty()) {
    detail::fill_by_scores(credit, conversions.scores, value.scores);
    return credit;
  }
  std::vector<detail::SetCell> by_group(sets_.groups);  // journeys: all of them; value: what channels are credited with
  for (std::size_t at = 0; at < sets_.size(); ++at) {
    for (std::uint64_t cell = sets_.cell_first[at]; cell < sets_.cell_first[at + 1]; ++cell) {
      by_group[sets_.cell_group[cell]].journeys += sets_.cells[cell].journeys;
      if (!sets_.set(at).empty()) by_group[sets_.cell_group[cell]].value += sets_.cells[cell].value;
    }
  }
  const auto attributed =
      static_cast<double>(static_cast<detail::int128>(credit.total_value) - credit.unattributed_value);
  detail::ScoreReplicates replicates;
  // A score that is above zero with all groups and below it without one counts as zero there.
  const auto append = [&](std::vector<double>& to, const std::vector<double>& from, std::size_t group) {
    for (std::size_t at = group * channels; at < (group + 1) * channels; ++at) to.push_back(std::max(from[at], 0.0));
  };
  for (std::size_t group = 0; group < sets_.groups; ++group) {
    const std::int64_t journeys = by_group[group].journeys;
    if (journeys == 0 || journeys == credit.journeys) continue;
    ++replicates.groups;
    append(replicates.conversion_scores, conversions.without_group, group);
    if (has_values_) append(replicates.value_scores, value.without_group, group);
    replicates.values.push_back((attributed - static_cast<double>(by_group[group].value)) *
                                static_cast<double>(credit.journeys) / static_cast<double>(credit.journeys - journeys));
  }
  detail::fill_by_scores(credit, conversions.scores, value.scores, &replicates);
  return credit;
}

DEALTRAIL_INLINE std::optional<Credit> ShapleyState::finish(const SetValue& worth,
                                                            const ShapleyOptions& options) const {
  if (sets_.groups == 0) return std::nullopt;
  Credit credit = without_scores("value_of");
  const ShapleyValues made = shapley_values(sets_.channels.size(), worth, options);
  if (!made.standard_errors.empty()) detail::note_samples(credit, made.standard_errors, options);
  detail::fill_by_scores(credit, made.values, made.values);
  return credit;
}

DEALTRAIL_INLINE std::string ShapleyState::to_bytes() const {
  std::string fields;
  detail::append_little_endian(fields, static_cast<std::uint8_t>(has_values_ ? 1 : 0));
  detail::append_text(fields, detail::stored_currency(currency_));
  detail::append_sets(fields, sets_);
  return detail::seal_state("SHP1", fields);
}

DEALTRAIL_INLINE ShapleyState ShapleyState::from_bytes(std::string_view bytes) {
  auto reader = detail::open_state("SHP1", bytes, "Shapley state");
  ShapleyState state;
  const auto flags = reader.read<std::uint8_t>();
  if (flags > 1) reader.fail("has flags that are none");
  state.has_values_ = flags == 1;
  state.currency_ = detail::read_currency(reader);
  state.sets_ = detail::read_sets(reader);
  reader.expect_end();
  if (state.sets_.groups == 0 && !(state == ShapleyState{})) reader.fail("has a currency of nothing");
  return state;
}

DEALTRAIL_INLINE Credit shapley(const Journeys& journeys, const ShapleyOptions& options) {
  const ShapleyState state(journeys, {.intervals = options.intervals, .threads = options.threads});
  if (auto result = state.finish(options)) return *std::move(result);
  return {.model = "shapley",
          .parameters = {{"game", std::string{to_string(options.game)}}},
          .currency = journeys.currency(),
          .has_values = !journeys.currency().empty()};
}

DEALTRAIL_INLINE Credit shapley(const Journeys& journeys, const SetValue& worth, const ShapleyOptions& options) {
  const ShapleyState state(journeys, {.intervals = false, .threads = options.threads});
  if (auto result = state.finish(worth, options)) return *std::move(result);
  return {.model = "shapley",
          .parameters = {{"game", "value_of"}},
          .currency = journeys.currency(),
          .has_values = !journeys.currency().empty()};
}

}  // namespace attribution

}  // namespace dealtrail
