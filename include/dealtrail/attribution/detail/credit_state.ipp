#pragma once

#include <algorithm>
#include <deque>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/aggregate/aggregate.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/attribution/detail/exact_values.hpp"
#include "dealtrail/attribution/detail/group_split.hpp"
#include "dealtrail/attribution/detail/jackknife.hpp"
#include "dealtrail/attribution/detail/journey_parts.hpp"
#include "dealtrail/attribution/detail/state_bytes.hpp"
#include "dealtrail/attribution/detail/subject_groups.hpp"
#include "dealtrail/attribution/detail/touch_weights.hpp"
#include "dealtrail/core/detail/currency_words.hpp"
#include "dealtrail/core/detail/parallel.hpp"
#include "dealtrail/core/detail/state_bytes.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/core/split.hpp"

namespace dealtrail {

namespace detail {

// Credits the journeys of one group by several rules, to accumulators that lie close together. Which channel was in
// which journey is the same for all rules, and counted once.
class GroupCredit {
 public:
  using Cell = CreditState::Cell;

  GroupCredit(const Journeys& journeys, std::span<const CreditRule> rules, const std::deque<TouchWeights>& weights)
      : journeys_(journeys), there_(journeys.channels().size()) {
    for (std::size_t rule = 0; rule < rules.size(); ++rule)
      rules_.push_back({JourneyParts(journeys, rules[rule], weights[rule]), std::vector<Credited>(there_.size())});
  }

  // Journeys that stand for themselves.
  void add(std::size_t begin, std::size_t end) {
    std::int64_t bits = 0;  // of the values
    for (std::size_t journey = begin; journey < end; ++journey) {
      const std::int64_t conversions = journeys_.conversions(journey);
      const std::int64_t value = journeys_.value_minor(journey);
      const auto path = journeys_.path(journey);
      total_.add(conversions, value);
      bits |= value ^ (value >> 63);
      for (const std::uint32_t channel : path) {
        There& there = there_[channel];
        const std::int64_t first = there.last_journey != journey + 1 ? 1 : 0;
        there.last_journey = journey + 1;
        there.journeys += first;
        there.converting += conversions & -first;
      }
      if (path.empty()) {
        unattributed_.add(conversions, value);
      } else if (conversions != 0 || value != 0) {
        for (Rule& rule : rules_) {
          rule.parts.divide(journey, path, [&](std::size_t touch, std::int64_t units) {
            Credited& to = rule.credited[path[touch]];
            to.conversions += static_cast<CreditUnits>(units) * conversions;
            to.value += static_cast<CreditUnits>(units) * value;
          });
        }
      }
    }
    if (!fits_exact(static_cast<std::uint64_t>(bits), end - begin)) refuse_value();
  }

  [[nodiscard]] Cell cell(std::size_t rule, std::size_t channel) const noexcept {
    const There& there = there_[channel];
    const Credited& credited = rules_[rule].credited[channel];
    return {there.journeys, there.converting, credited.conversions, credited.value};
  }
  [[nodiscard]] Cell total() const noexcept { return total_.cell(); }
  [[nodiscard]] Cell unattributed() const noexcept { return unattributed_.cell(); }
  void clear() {
    std::fill(there_.begin(), there_.end(), There{});
    for (Rule& rule : rules_) std::fill(rule.credited.begin(), rule.credited.end(), Credited{});
    total_ = unattributed_ = {};
  }

 private:
  struct There {
    std::int64_t journeys = 0;
    std::int64_t converting = 0;
    std::uint64_t last_journey = 0;  // that the channel was in, counted from 1
  };
  struct Credited {
    CreditUnits conversions = 0;
    CreditUnits value = 0;
  };
  // Of everybody, or of nobody.
  struct Whole {
    std::int64_t journeys = 0;
    std::int64_t conversions = 0;
    int128 value = 0;  // minor units

    void add(std::int64_t more, std::int64_t worth) noexcept {
      journeys += 1;
      conversions += more;
      value += worth;
    }
    [[nodiscard]] Cell cell() const noexcept {
      return {journeys, conversions, static_cast<CreditUnits>(conversions) * units_per_conversion,
              value * units_per_conversion};
    }
  };
  struct Rule {
    JourneyParts parts;
    std::vector<Credited> credited;
  };

  const Journeys& journeys_;
  std::vector<There> there_;
  std::vector<Rule> rules_{};
  Whole total_{};
  Whole unattributed_{};
};

}  // namespace detail

DEALTRAIL_INLINE CreditState::CreditState(const Journeys& journeys, const CreditRule& rule,
                                          const CreditOptions& options)
    : CreditState(std::move(of_each(journeys, {&rule, 1}, options).front())) {}

// Room for the counts of these journeys.
DEALTRAIL_INLINE void CreditState::begin(const Journeys& journeys, const CreditRule& rule, bool intervals) {
  model_ = rule.model;
  parameters_ = rule.parameters;
  in_full_ = rule.shape == CreditRule::Shape::in_full;
  currency_ = journeys.currency();
  has_values_ = journeys.has_values();
  groups_ = intervals ? detail::interval_groups : 1;
  channels_.assign(journeys.channels().begin(), journeys.channels().end());
  cells_.resize(channels_.size() * groups_);
  totals_.resize(groups_);
  unattributed_.resize(groups_);
}

// Adds a row of paths, dealt to the groups.
template <class Dealt, class Parts>
void CreditState::add_row(const Journeys& journeys, std::size_t row, Dealt& dealt, Parts& parts) {
  const auto path = journeys.path(row);
  std::vector<std::uint32_t> there{path.begin(), path.end()};
  std::sort(there.begin(), there.end());
  there.erase(std::unique(there.begin(), there.end()), there.end());
  std::vector<std::pair<std::uint32_t, std::int64_t>> given;  // channel, units of a conversion
  if (!path.empty())
    parts.divide(row, path, [&](std::size_t touch, std::int64_t units) { given.emplace_back(path[touch], units); });
  dealt.share(journeys.value_minor(row),
              [&](std::size_t group, std::int64_t count, std::int64_t converted, std::int64_t value) {
                for (const std::uint32_t channel : there) {
                  cells_[channel * groups_ + group].journeys += count;
                  cells_[channel * groups_ + group].converting += converted;
                }
                const auto add = [&](Cell& to, std::int64_t units) {
                  to.conversions += static_cast<CreditUnits>(units) * converted;
                  detail::add_exact(to.value, static_cast<CreditUnits>(units) * value);
                };
                for (Cell* const all : {&totals_[group], path.empty() ? &unattributed_[group] : nullptr}) {
                  if (all == nullptr) continue;
                  all->journeys += count;
                  all->converting += converted;
                  add(*all, units_per_conversion);
                }
                for (const auto& [channel, units] : given) add(cells_[channel * groups_ + group], units);
              });
}

DEALTRAIL_INLINE std::vector<CreditState> CreditState::of_each(const Journeys& journeys,
                                                               std::span<const CreditRule> rules,
                                                               const CreditOptions& options) {
  std::vector<CreditState> states(rules.size());
  if (journeys.size() == 0) return states;
  std::deque<detail::TouchWeights> weights;  // stay where they are
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    weights.emplace_back(journeys, rules[rule]);
    states[rule].begin(journeys, rules[rule], options.intervals);
  }
  const std::size_t groups = options.intervals ? detail::interval_groups : 1;
  if (detail::deals_to_groups(journeys)) {
    std::vector<detail::JourneyParts> parts;
    for (std::size_t rule = 0; rule < rules.size(); ++rule) parts.emplace_back(journeys, rules[rule], weights[rule]);
    for (std::size_t row = 0; row < journeys.size(); ++row) {
      detail::GroupSplit dealt(journeys, row, groups);
      for (std::size_t rule = 0; rule < rules.size(); ++rule) states[rule].add_row(journeys, row, dealt, parts[rule]);
    }
  } else {
    const auto starts = detail::group_starts(journeys, groups);
    const std::size_t workers = std::max<std::size_t>(options.threads, 1);
    std::vector<std::optional<detail::GroupCredit>> credits(workers);
    detail::run_tasks(workers, groups, [&](std::size_t worker, std::size_t group) {
      auto& credit = credits[worker];
      if (!credit) credit.emplace(journeys, rules, weights);
      credit->clear();
      credit->add(starts[group], starts[group + 1]);
      for (std::size_t rule = 0; rule < rules.size(); ++rule) {
        CreditState& state = states[rule];
        for (std::size_t channel = 0; channel < state.channels_.size(); ++channel)
          state.cells_[channel * groups + group] = credit->cell(rule, channel);
        state.totals_[group] = credit->total();
        state.unattributed_[group] = credit->unattributed();
      }
    });
  }
  for (CreditState& state : states) state.drop_empty();
  return states;
}

// Channels and states of nothing leave no trace, so that equal contents are equal bytes.
DEALTRAIL_INLINE void CreditState::drop_empty() {
  const auto empty = [](std::span<const Cell> cells) {
    return std::all_of(cells.begin(), cells.end(), [](const Cell& one) { return one == Cell{}; });
  };
  if (empty(totals_)) {
    *this = {};
    return;
  }
  std::size_t kept = 0;
  for (std::size_t channel = 0; channel < channels_.size(); ++channel) {
    if (empty({cells_.data() + channel * groups_, groups_})) continue;
    if (kept != channel) {
      channels_[kept] = std::move(channels_[channel]);
      std::copy_n(cells_.begin() + static_cast<std::ptrdiff_t>(channel * groups_), groups_,
                  cells_.begin() + static_cast<std::ptrdiff_t>(kept * groups_));
    }
    ++kept;
  }
  channels_.resize(kept);
  cells_.resize(kept * groups_);
}

DEALTRAIL_INLINE void CreditState::require_same(const CreditState& other) const {
  if (currency_ != other.currency_) {
    throw Error(ErrorCode::currency_mismatch, "credit in " + detail::currency_words(currency_) + " was given " +
                                                  detail::currency_words(other.currency_));
  }
  if (model_ != other.model_ || parameters_ != other.parameters_ || groups_ != other.groups_ ||
      has_values_ != other.has_values_) {
    throw Error(ErrorCode::invalid_argument,
                "credit by " + model_ + " was given credit by " + other.model_ +
                    (model_ != other.model_             ? ""
                     : parameters_ != other.parameters_ ? " with other parameters"
                     : groups_ != other.groups_         ? " with other groups (one with intervals, one without)"
                                                        : ", one with values and one without"),
                {}, "states of one model with the same parameters and options can be joined");
  }
}

template <class Combine>
void CreditState::combine(const CreditState& other, Combine&& with) {
  CreditState both = *this;
  std::vector<std::string> names;
  std::set_union(channels_.begin(), channels_.end(), other.channels_.begin(), other.channels_.end(),
                 std::back_inserter(names));
  both.cells_.assign(names.size() * groups_, {});
  const auto place = [&](const std::string& name) {
    return static_cast<std::size_t>(std::lower_bound(names.begin(), names.end(), name) - names.begin()) * groups_;
  };
  for (std::size_t channel = 0; channel < channels_.size(); ++channel) {
    std::copy_n(cells_.begin() + static_cast<std::ptrdiff_t>(channel * groups_), groups_,
                both.cells_.begin() + static_cast<std::ptrdiff_t>(place(channels_[channel])));
  }
  for (std::size_t channel = 0; channel < other.channels_.size(); ++channel) {
    const std::size_t to = place(other.channels_[channel]);
    for (std::size_t group = 0; group < groups_; ++group) with(both.cells_[to + group], other.cell(channel, group));
  }
  for (std::size_t group = 0; group < groups_; ++group) {
    with(both.totals_[group], other.totals_[group]);
    with(both.unattributed_[group], other.unattributed_[group]);
  }
  both.channels_ = std::move(names);
  both.drop_empty();
  *this = std::move(both);
}

DEALTRAIL_INLINE void CreditState::merge(const CreditState& other) {
  if (other.groups_ == 0) return;
  if (groups_ == 0) {
    *this = other;
    return;
  }
  require_same(other);
  combine(CreditState{other}, [](Cell& to, const Cell& from) {
    to.journeys = checked_add(to.journeys, from.journeys);
    to.converting = checked_add(to.converting, from.converting);
    to.conversions += from.conversions;
    detail::add_exact(to.value, from.value);
  });
}

DEALTRAIL_INLINE void CreditState::subtract(const CreditState& other) {
  if (other.groups_ == 0) return;
  const auto refuse = [] {
    throw Error(ErrorCode::invalid_argument, "takes away more credit than there is", {"credit state", "journeys"});
  };
  if (groups_ == 0) refuse();
  require_same(other);
  const bool same = *this == other;
  combine(CreditState{other}, [&](Cell& to, const Cell& from) {
    if (from.journeys > to.journeys || from.converting > to.converting || from.conversions > to.conversions) refuse();
    to.journeys -= from.journeys;
    to.converting -= from.converting;
    to.conversions -= from.conversions;
    if (__builtin_sub_overflow(to.value, from.value, &to.value)) detail::refuse_value();
    if (to.journeys == 0 && to != Cell{}) refuse();
  });
  if (groups_ == 0 && !same) refuse();
}

DEALTRAIL_INLINE std::optional<Credit> CreditState::finish() const {
  if (groups_ == 0) return std::nullopt;
  const auto add_up = [](std::span<const Cell> cells) {
    Cell sum;
    for (const Cell& one : cells) {
      sum.journeys += one.journeys;
      sum.converting += one.converting;
      sum.conversions += one.conversions;
      detail::add_exact(sum.value, one.value);
    }
    return sum;
  };
  const Cell total = add_up(totals_);
  const Cell lost = add_up(unattributed_);
  Credit credit{.model = model_,
                .parameters = parameters_,
                .currency = currency_,
                .has_values = has_values_,
                .unattributed_conversions = lost.conversions,
                .unattributed_value = detail::minor_of_exact(lost.value),
                .journeys = total.journeys,
                .total_conversions = total.converting,
                .total_value = detail::minor_of_exact(total.value)};
  const auto ratio = [](detail::int128 part, detail::int128 whole) {
    return whole == 0 ? std::nullopt : std::optional{static_cast<double>(part) / static_cast<double>(whole)};
  };
  const auto minor = [](CreditUnits exact) {
    return static_cast<double>(exact) / static_cast<double>(units_per_conversion);
  };
  std::vector<CreditUnits> exact;
  std::vector<double> shares;
  std::vector<double> values;
  for (std::size_t channel = 0; channel < channels_.size(); ++channel) {
    const std::span<const Cell> cells{cells_.data() + channel * groups_, groups_};
    const Cell sum = add_up(cells);
    ChannelCredit one{.channel = channels_[channel],
                      .journeys = sum.journeys,
                      .converting = sum.converting,
                      .conversions = sum.conversions,
                      .share = ratio(sum.conversions, total.conversions - lost.conversions)};
    one.too_few = detail::says_too_little(one);
    exact.push_back(sum.value);
    if (has_values_) one.value_share = ratio(sum.value, total.value - lost.value);
    shares.clear();
    values.clear();
    bool known = one.share.has_value();
    for (std::size_t group = 0; group < groups_; ++group) {
      if (totals_[group].journeys == 0 || total.journeys == totals_[group].journeys) continue;
      const auto share =
          ratio(sum.conversions - cells[group].conversions,
                total.conversions - lost.conversions - (totals_[group].conversions - unattributed_[group].conversions));
      known = known && share.has_value();
      shares.push_back(share.value_or(0));
      values.push_back(minor(sum.value - cells[group].value) * static_cast<double>(total.journeys) /
                       static_cast<double>(total.journeys - totals_[group].journeys));
    }
    if (known) one.share_interval = detail::jackknife_share(*one.share, shares);
    if (has_values_) one.value_interval = detail::jackknife_value(minor(sum.value), values);
    credit.channels.push_back(std::move(one));
  }
  if (has_values_) {
    const auto whole = detail::whole_values(exact);
    for (std::size_t channel = 0; channel < whole.size(); ++channel) credit.channels[channel].value = whole[channel];
  }
  return credit;
}

struct CreditState::Reader {
  static Cell cell(detail::ByteReader& from) {
    Cell cell;
    cell.journeys = from.read<std::int64_t>();
    cell.converting = from.read<std::int64_t>();
    cell.conversions = detail::read_wide(from);
    cell.value = detail::read_wide(from);
    if (cell.journeys < 0 || cell.converting < 0 || cell.converting > cell.journeys || cell.conversions < 0 ||
        (cell.journeys == 0 && cell != Cell{})) {
      from.fail("has counts that cannot be");
    }
    return cell;
  }
};

DEALTRAIL_INLINE std::string CreditState::to_bytes() const {
  std::string fields;
  detail::append_text(fields, model_);
  detail::append_pairs(fields, parameters_);
  detail::append_little_endian(fields, static_cast<std::uint8_t>((in_full_ ? 1 : 0) | (has_values_ ? 2 : 0)));
  detail::append_text(fields, detail::stored_currency(currency_));
  detail::append_little_endian(fields, static_cast<std::uint8_t>(groups_));
  detail::append_texts(fields, channels_);
  for (const std::vector<Cell>* cells : {&cells_, &totals_, &unattributed_}) {
    for (const Cell& one : *cells) {
      detail::append_little_endian(fields, one.journeys);
      detail::append_little_endian(fields, one.converting);
      detail::append_wide(fields, one.conversions);
      detail::append_wide(fields, one.value);
    }
  }
  return detail::seal_state("CRD2", fields);
}

DEALTRAIL_INLINE CreditState CreditState::from_bytes(std::string_view bytes) {
  auto reader = detail::open_state("CRD2", bytes, "credit state");
  CreditState state;
  state.model_ = detail::read_text(reader);
  state.parameters_ = detail::read_pairs(reader);
  const auto flags = reader.read<std::uint8_t>();
  if (flags > 3) reader.fail("has flags that are none");
  state.in_full_ = (flags & 1U) != 0;
  state.has_values_ = (flags & 2U) != 0;
  state.currency_ = detail::read_currency(reader);
  state.groups_ = reader.read<std::uint8_t>();
  if (state.groups_ != 0 && state.groups_ != 1 && state.groups_ != detail::interval_groups)
    reader.fail("has a number of groups that cannot be");
  state.channels_ = detail::read_sorted_texts(reader);
  constexpr std::size_t cell_bytes = 48;
  if (reader.left() != (state.channels_.size() + 2) * state.groups_ * cell_bytes) reader.fail("is cut short");
  const auto read = [&](std::vector<Cell>& cells, std::size_t count, bool whole) {
    for (; count > 0; --count) {
      cells.push_back(Reader::cell(reader));
      if (whole && cells.back().value % units_per_conversion != 0) reader.fail("has a total that is not whole");
    }
  };
  read(state.cells_, state.channels_.size() * state.groups_, false);
  read(state.totals_, state.groups_, true);
  read(state.unattributed_, state.groups_, true);
  reader.expect_end();
  CreditState clean = state;
  clean.drop_empty();
  if (!(clean == state)) reader.fail("has places of nothing");
  return state;
}

DEALTRAIL_INLINE std::vector<Credit> credit(const Journeys& journeys, std::span<const CreditRule> rules,
                                            const CreditOptions& options) {
  std::vector<Credit> credits;
  for (const CreditState& state : CreditState::of_each(journeys, rules, options)) {
    if (auto result = state.finish()) {
      credits.push_back(*std::move(result));
      continue;
    }
    const CreditRule& rule = rules[credits.size()];
    credits.push_back({.model = rule.model,
                       .parameters = rule.parameters,
                       .currency = journeys.currency(),
                       .has_values = !journeys.currency().empty()});
  }
  return credits;
}

DEALTRAIL_INLINE Credit credit(const Journeys& journeys, const CreditRule& rule, const CreditOptions& options) {
  return std::move(credit(journeys, {&rule, 1}, options).front());
}

}  // namespace dealtrail
