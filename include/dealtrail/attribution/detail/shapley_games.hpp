#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "dealtrail/attribution/detail/channel_sets.hpp"
#include "dealtrail/core/detail/parallel.hpp"
#include "dealtrail/core/random.hpp"

// Shapley values of games, and what leaving out a group of subjects changes in them.
namespace dealtrail::detail {

// What joining counts: `one(s)` = s! (n-s-1)! / n! for a set of s others. Two sets in the middle of many players are so
// many that the weight underflows to 0, as it should.
class ShapleyWeights {
 public:
  explicit ShapleyWeights(std::size_t players) : joining_(players) {
    if (players == 0) return;
    joining_.front() = joining_.back() = 1 / static_cast<double>(players);
    for (std::size_t others = 1; 2 * others < players; ++others) {
      joining_[others] = joining_[others - 1] * static_cast<double>(others) / static_cast<double>(players - others);
      joining_[players - 1 - others] = joining_[others];
    }
  }
  // v of a set of `size` counts with - outside(size) for those who are not in it ...
  [[nodiscard]] double outside(std::size_t size) const noexcept { return size < joining_.size() ? joining_[size] : 0; }
  // ... and for its members with inside(size) - outside(size): so much more than for the others.
  [[nodiscard]] double more_inside(std::size_t size) const noexcept {
    return (size > 0 ? joining_[size - 1] : 0) + outside(size);
  }

 private:
  std::vector<double> joining_;
};

inline constexpr std::size_t small_table = 4096;  // numbers that fit the nearest cache

// The number at each mask becomes the sum over the masks inside it.
inline void sum_over_subsets(std::span<double> table) {
  const std::size_t half = table.size() / 2;
  if (table.size() > small_table) {
    sum_over_subsets(table.first(half));
    sum_over_subsets(table.last(half));
    for (std::size_t at = 0; at < half; ++at) table[half + at] += table[at];
    return;
  }
  for (std::size_t bit = 1; bit < table.size(); bit *= 2) {
    for (std::size_t block = 0; block < table.size(); block += 2 * bit) {
      for (std::size_t at = block; at < block + bit; ++at) table[at + bit] += table[at];
    }
  }
}

// The number at each mask becomes the sum over the masks around it.
inline void sum_over_supersets(std::span<double> table) {
  const std::size_t half = table.size() / 2;
  if (table.size() > small_table) {
    sum_over_supersets(table.first(half));
    sum_over_supersets(table.last(half));
    for (std::size_t at = 0; at < half; ++at) table[at] += table[half + at];
    return;
  }
  for (std::size_t bit = 1; bit < table.size(); bit *= 2) {
    for (std::size_t block = 0; block < table.size(); block += 2 * bit) {
      for (std::size_t at = block; at < block + bit; ++at) table[at] += table[at + bit];
    }
  }
}

// Halves added to halves: rounding grows with the logarithm of the length.
[[nodiscard]] inline double pairwise_sum(std::span<const double> numbers) noexcept {
  constexpr std::size_t few = 64;
  if (numbers.size() <= few) return std::accumulate(numbers.begin(), numbers.end(), 0.0);
  const std::size_t half = numbers.size() / 2;
  return pairwise_sum(numbers.first(half)) + pairwise_sum(numbers.subspan(half));
}

// A value that is nothing beside the worth of sets is rounding: 0, so that whoever adds nothing has no negative value.
inline void drop_rounding(std::span<double> values, double greatest_worth) noexcept {
  constexpr double rounding = 1e-12;
  for (double& value : values) {
    if (std::abs(value) <= rounding * greatest_worth) value = 0;
  }
}

// The values of `players` whose sets have the worth at their mask. O(2^n): a player is folded away at a time.
[[nodiscard]] inline std::vector<double> shapley_of_masks(std::size_t players, std::span<const double> worth) {
  const ShapleyWeights weights(players);
  std::vector<double> by_size;
  for (std::size_t size = 0; size <= players; ++size) by_size.push_back(weights.more_inside(size));
  std::vector<double> table(worth.size());
  for (std::size_t mask = 0; mask < table.size(); ++mask)
    table[mask] = by_size[static_cast<std::size_t>(std::popcount(mask))] * worth[mask];
  std::vector<double> values(players);
  for (std::size_t player = players; player-- > 0;) {
    const std::size_t half = std::size_t{1} << player;
    values[player] = pairwise_sum({table.data() + half, half});
    for (std::size_t mask = 0; mask < half; ++mask) table[mask] += table[half + mask];
  }
  // What all lose for the sets that they are not in is the same; it follows from what the values add up to.
  const double all = players == 0 ? 0 : worth.back() - worth.front();
  const double lost = players == 0 ? 0 : (pairwise_sum(values) - all) / static_cast<double>(players);
  for (double& value : values) value -= lost;
  double greatest = 0;
  for (const double one : worth) greatest = std::max(greatest, std::abs(one));
  drop_rounding(values, greatest);
  return values;
}

// Scores of the channels; and what they become without each group, group by group.
struct GameScores {
  std::vector<double> scores{};
  std::vector<double> without_group{};  // groups * channels; empty without groups
};

enum class Numerator : std::uint8_t { conversions, value };
[[nodiscard]] inline double numerator_of(const SetCell& cell, Numerator of) noexcept {
  return of == Numerator::value ? static_cast<double>(cell.value) : static_cast<double>(cell.conversions);
}

[[nodiscard]] inline std::uint64_t mask_of(std::span<const std::uint32_t> set) noexcept {
  std::uint64_t mask = 0;
  for (const std::uint32_t member : set) mask |= std::uint64_t{1} << member;
  return mask;
}

// The worth of a set is the rate of the journeys of exactly this set: only sets that occur count, however many channels
// there are. Without a group a set has another rate, or none: exact.
[[nodiscard]] inline GameScores exact_set_scores(const ChannelSets& sets, Numerator of) {
  const std::size_t channels = sets.channels.size();
  const ShapleyWeights weights(channels);
  GameScores game{.scores = std::vector<double>(channels)};
  if (sets.groups > 1) game.without_group.resize(sets.groups * channels);
  std::vector<double> lost_without(sets.groups, 0);
  double lost = 0;
  double greatest = 0;
  for (std::size_t at = 0; at < sets.size(); ++at) {
    const auto set = sets.set(at);
    if (set.empty()) continue;
    const SetCell all = sets.total(at);
    const double rate = numerator_of(all, of) / static_cast<double>(all.journeys);
    const double more = weights.more_inside(set.size());
    const double outside = weights.outside(set.size());
    for (const std::uint32_t member : set) game.scores[member] += more * rate;
    lost += outside * rate;
    greatest = std::max(greatest, std::abs(rate));
    if (sets.groups == 1) continue;
    for (std::uint64_t cell = sets.cell_first[at]; cell < sets.cell_first[at + 1]; ++cell) {
      const SetCell& part = sets.cells[cell];
      const std::size_t group = sets.cell_group[cell];
      const std::int64_t left = all.journeys - part.journeys;
      const double change =
          (left == 0 ? 0 : (numerator_of(all, of) - numerator_of(part, of)) / static_cast<double>(left)) - rate;
      for (const std::uint32_t member : set) game.without_group[group * channels + member] += more * change;
      lost_without[group] += outside * change;
    }
  }
  for (double& score : game.scores) score -= lost;
  drop_rounding(game.scores, greatest);
  for (std::size_t at = 0; at < game.without_group.size(); ++at)
    game.without_group[at] += game.scores[at % channels] - lost_without[at / channels];
  return game;
}

// The worth of a set is the rate of all journeys inside it. Journeys C(S) / J(S) come from two sums over subsets.
//
// Without a group g it is (C - C_g) / (J - J_g): to the first order v - (C_g - v J_g) / J. A value is linear in v, so
// the change of phi_i is - sum over S of a_i(S) / J(S) (C_g(S) - v(S) J_g(S)), where C_g(S) is a sum over the sets T
// inside S; turned round, each set T that the group has counts with sums over the sets S around it. As a_i(S) = [i in
// S] more_inside - outside, those for all i are read from two tables: at T + i, and at T.
[[nodiscard]] inline GameScores subset_scores(const ChannelSets& sets, Numerator of) {
  const std::size_t channels = sets.channels.size();
  const std::size_t masks = std::size_t{1} << channels;
  std::vector<double> journeys(masks);
  std::vector<double> worth(masks);
  for (std::size_t at = 0; at < sets.size(); ++at) {
    const auto set = sets.set(at);
    if (set.empty()) continue;
    const SetCell all = sets.total(at);
    journeys[mask_of(set)] = static_cast<double>(all.journeys);
    worth[mask_of(set)] = numerator_of(all, of);
  }
  sum_over_subsets(journeys);
  sum_over_subsets(worth);
  for (std::size_t mask = 0; mask < masks; ++mask) worth[mask] = journeys[mask] > 0 ? worth[mask] / journeys[mask] : 0;
  GameScores game{.scores = shapley_of_masks(channels, worth)};
  if (sets.groups == 1) return game;
  const ShapleyWeights weights(channels);
  std::vector<double> inside_by_size;
  std::vector<double> outside_by_size;
  for (std::size_t size = 0; size <= channels; ++size) {
    inside_by_size.push_back(weights.more_inside(size));
    outside_by_size.push_back(weights.outside(size));
  }
  std::vector<double> rate_inside(masks);
  std::vector<double> rate_outside(masks);
  for (std::size_t mask = 0; mask < masks; ++mask) {
    const auto size = static_cast<std::size_t>(std::popcount(mask));
    const double per_journey = journeys[mask] > 0 ? 1 / journeys[mask] : 0;
    const double rate = worth[mask];
    journeys[mask] = inside_by_size[size] * per_journey;
    worth[mask] = outside_by_size[size] * per_journey;
    rate_inside[mask] = journeys[mask] * rate;
    rate_outside[mask] = worth[mask] * rate;
  }
  for (std::vector<double>* table : {&journeys, &worth, &rate_inside, &rate_outside}) sum_over_supersets(*table);
  game.without_group.resize(sets.groups * channels);
  for (std::size_t group = 0; group < sets.groups; ++group)
    std::copy(game.scores.begin(), game.scores.end(),
              game.without_group.begin() + static_cast<std::ptrdiff_t>(group * channels));
  std::vector<double> of_numerator(channels);
  std::vector<double> of_journeys(channels);
  for (std::size_t at = 0; at < sets.size(); ++at) {
    const std::uint64_t mask = mask_of(sets.set(at));
    if (mask == 0) continue;
    for (std::size_t channel = 0; channel < channels; ++channel) {
      const std::uint64_t with = mask | std::uint64_t{1} << channel;
      of_numerator[channel] = journeys[with] - worth[mask];
      of_journeys[channel] = rate_inside[with] - rate_outside[mask];
    }
    for (std::uint64_t cell = sets.cell_first[at]; cell < sets.cell_first[at + 1]; ++cell) {
      const double part = numerator_of(sets.cells[cell], of);
      const auto count = static_cast<double>(sets.cells[cell].journeys);
      double* const to = game.without_group.data() + sets.cell_group[cell] * channels;
      for (std::size_t channel = 0; channel < channels; ++channel)
        to[channel] -= part * of_numerator[channel] - count * of_journeys[channel];
    }
  }
  return game;
}

// Orders of players to walk along, each followed by its reverse. One random order is turned round the circle, so that
// each player comes early, in the middle and late: its first places, where most is gained, are not left to chance.
class OrderPlan {
 public:
  OrderPlan(std::size_t players, std::size_t pairs)
      : turns_(std::max<std::size_t>(std::min(players, pairs / fewest_orders), 1)),
        orders_((pairs + turns_ - 1) / turns_),
        players_(players) {}

  [[nodiscard]] std::size_t orders() const noexcept { return orders_; }
  [[nodiscard]] std::size_t pairs() const noexcept { return orders_ * turns_; }

  // Calls `visit(order)` for the turns of one random order: the same ones for any number of threads.
  template <class Visit>
  void each_turn(std::uint64_t seed, std::size_t number, Visit&& visit) const {
    std::vector<std::uint32_t> order(players_);
    std::iota(order.begin(), order.end(), 0U);
    Random random = Random::named(seed, "order " + std::to_string(number));
    random.shuffle(order);
    std::vector<std::uint32_t> turned(players_);
    for (std::size_t turn = 0; turn < turns_; ++turn) {
      const auto middle = order.begin() + static_cast<std::ptrdiff_t>(turn * players_ / turns_);
      std::rotate_copy(order.begin(), middle, order.end(), turned.begin());
      visit(std::span<const std::uint32_t>{turned});
    }
  }

 private:
  static constexpr std::size_t fewest_orders = 16;  // that a standard error can be told from
  std::size_t turns_;
  std::size_t orders_;
  std::size_t players_;
};

// The mean of samples, one player at a time, and how far it may be off.
class SampleSums {
 public:
  explicit SampleSums(std::size_t players) : sum_(players), squares_(players) {}
  // The gains of `walks` walks, added up, are one sample.
  void add(std::span<const double> gains, std::size_t walks) {
    for (std::size_t player = 0; player < sum_.size(); ++player) {
      const double gain = gains[player] / static_cast<double>(walks);
      sum_[player] += gain;
      squares_[player] += gain * gain;
    }
    samples_ += 1;
  }
  void merge(const SampleSums& other) {
    for (std::size_t player = 0; player < sum_.size(); ++player) {
      sum_[player] += other.sum_[player];
      squares_[player] += other.squares_[player];
    }
    samples_ += other.samples_;
  }
  [[nodiscard]] std::vector<double> means() const {
    std::vector<double> means = sum_;
    for (double& mean : means) mean /= samples_;
    return means;
  }
  // Of two samples at least.
  [[nodiscard]] std::vector<double> standard_errors() const {
    std::vector<double> errors;
    for (std::size_t player = 0; player < sum_.size(); ++player) {
      const double mean = sum_[player] / samples_;
      errors.push_back(std::sqrt(std::max(squares_[player] / samples_ - mean * mean, 0.0) / (samples_ - 1)));
    }
    return errors;
  }

 private:
  std::vector<double> sum_;
  std::vector<double> squares_;
  double samples_ = 0;
};

struct SampledScores {
  GameScores conversions{};
  GameScores value{};
  std::vector<double> standard_errors{};  // of conversions
};

// Rates of all journeys inside a set, along random orders of the channels and their reverses: a set is complete where
// its last channel joins, so one pass over the sets gives all rates of an order, and of its reverse.
class SampledRates {
 public:
  explicit SampledRates(const ChannelSets& sets)
      : sets_(sets),
        channels_(sets.channels.size()),
        groups_(sets.groups),
        sums_(channels_),
        value_scores_(channels_),
        without_(groups_ > 1 ? groups_ * channels_ : 0),
        value_without_(without_.size()),
        place_(channels_),
        forward_(channels_ * groups_),
        backward_(channels_ * groups_) {}

  // All turns of one random order, and their reverses.
  void add_order(const OrderPlan& plan, std::uint64_t seed, std::size_t number) {
    gains_.assign(channels_, 0);
    plan.each_turn(seed, number, [&](std::span<const std::uint32_t> order) { add_pair(order); });
    sums_.add(gains_, 2 * plan.pairs() / plan.orders());
  }

  void merge(const SampledRates& other) {
    const auto add = [](std::vector<double>& to, const std::vector<double>& from) {
      for (std::size_t at = 0; at < to.size(); ++at) to[at] += from[at];
    };
    sums_.merge(other.sums_);
    add(value_scores_, other.value_scores_);
    add(without_, other.without_);
    add(value_without_, other.value_without_);
  }

  [[nodiscard]] SampledScores finish(std::size_t pairs) const {
    const auto mean = [&](std::vector<double> sums) {
      for (double& sum : sums) sum /= 2 * static_cast<double>(pairs);
      return sums;
    };
    return {{sums_.means(), mean(without_)}, {mean(value_scores_), mean(value_without_)}, sums_.standard_errors()};
  }

 private:
  struct Part {
    double journeys = 0;
    double conversions = 0;
    double value = 0;
    void add(const SetCell& cell) noexcept {
      journeys += static_cast<double>(cell.journeys);
      conversions += static_cast<double>(cell.conversions);
      value += static_cast<double>(cell.value);
    }
    void add(const Part& other) noexcept {
      journeys += other.journeys;
      conversions += other.conversions;
      value += other.value;
    }
  };
  struct Rates {
    double conversions = 0;
    double value = 0;
  };
  [[nodiscard]] static Rates rates(const Part& all, const Part& left_out) noexcept {
    const double journeys = all.journeys - left_out.journeys;
    if (!(journeys > 0)) return {};
    return {(all.conversions - left_out.conversions) / journeys, (all.value - left_out.value) / journeys};
  }

  void add_pair(std::span<const std::uint32_t> order) {
    for (std::size_t at = 0; at < channels_; ++at) place_[order[at]] = at;
    std::fill(forward_.begin(), forward_.end(), Part{});
    std::fill(backward_.begin(), backward_.end(), Part{});
    for (std::size_t at = 0; at < sets_.size(); ++at) {
      const auto set = sets_.set(at);
      if (set.empty()) continue;
      std::size_t first = channels_;
      std::size_t last = 0;
      for (const std::uint32_t member : set) {
        first = std::min(first, place_[member]);
        last = std::max(last, place_[member]);
      }
      for (std::uint64_t cell = sets_.cell_first[at]; cell < sets_.cell_first[at + 1]; ++cell) {
        const std::size_t group = sets_.cell_group[cell];
        forward_[last * groups_ + group].add(sets_.cells[cell]);
        backward_[(channels_ - 1 - first) * groups_ + group].add(sets_.cells[cell]);
      }
    }
    walk(forward_, [&](std::size_t at) { return order[at]; });
    walk(backward_, [&](std::size_t at) { return order[channels_ - 1 - at]; });
  }

  // Gives each channel what it adds when it joins.
  template <class ChannelAt>
  void walk(const std::vector<Part>& complete, ChannelAt&& channel_at) {
    Part all;
    Rates before;
    std::vector<Part> of_group(groups_);
    std::vector<Rates> before_without(groups_);
    for (std::size_t at = 0; at < channels_; ++at) {
      const std::size_t channel = channel_at(at);
      for (std::size_t group = 0; group < groups_; ++group) {
        of_group[group].add(complete[at * groups_ + group]);
        all.add(complete[at * groups_ + group]);
      }
      const Rates now = rates(all, {});
      gains_[channel] += now.conversions - before.conversions;
      value_scores_[channel] += now.value - before.value;
      before = now;
      if (without_.empty()) continue;
      for (std::size_t group = 0; group < groups_; ++group) {
        const Rates others = rates(all, of_group[group]);
        without_[group * channels_ + channel] += others.conversions - before_without[group].conversions;
        value_without_[group * channels_ + channel] += others.value - before_without[group].value;
        before_without[group] = others;
      }
    }
  }

  const ChannelSets& sets_;
  std::size_t channels_;
  std::size_t groups_;
  SampleSums sums_;
  std::vector<double> value_scores_;
  std::vector<double> without_;
  std::vector<double> value_without_;
  std::vector<std::size_t> place_;
  std::vector<Part> forward_;   // what is complete at a place of the order, by group
  std::vector<Part> backward_;  // and of its reverse
  std::vector<double> gains_{};
};

[[nodiscard]] inline SampledScores sampled_subset_scores(const ChannelSets& sets, std::size_t pairs, std::uint64_t seed,
                                                         std::size_t threads) {
  constexpr std::size_t blocks = 8;  // fixed, so that sums do not depend on the number of threads
  const OrderPlan plan(sets.channels.size(), pairs);
  std::vector<SampledRates> sums(blocks, SampledRates(sets));
  run_tasks(std::max<std::size_t>(threads, 1), blocks, [&](std::size_t, std::size_t block) {
    for (std::size_t order = block; order < plan.orders(); order += blocks) sums[block].add_order(plan, seed, order);
  });
  for (std::size_t block = 1; block < blocks; ++block) sums[0].merge(sums[block]);
  return sums[0].finish(plan.pairs());
}

}  // namespace dealtrail::detail
