#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/evidence/detail/channel_data.hpp"
#include "dealtrail/evidence/repeatability.hpp"

namespace dealtrail::evidence {

namespace detail {

// Reliability under each strength that the pool leaves open: its mean and the middle 90 %.
inline void fill_reliability(Repeatable& row, const Mixture& prior, const Observation& own) {
  std::vector<std::pair<double, double>> values;  // value, weight
  double mean = 0;
  for (const Part& part : prior.parts()) {
    const double strength = prior.family() == Family::rate ? part.b : part.a + part.b;
    values.emplace_back(own.exposure / (own.exposure + strength), part.weight);
    mean += part.weight * values.back().first;
  }
  std::sort(values.begin(), values.end());
  const auto quantile = [&](double chance) {
    double sum = 0;
    for (const auto& [value, weight] : values) {
      sum += weight;
      if (sum >= chance) return value;
    }
    return values.back().first;
  };
  row.reliability = mean;
  row.reliability_low = std::min(quantile(0.05), mean);
  row.reliability_high = std::max(quantile(0.95), mean);
}

inline void fill_consistency(Repeatable& row, const PoolOfChannels& pool, const ChannelData& one) {
  double results = 0;
  double exposure = 0;
  for (const ChannelData* other : pool.channels()) {
    if (other == &one) continue;
    results += other->all_results();
    exposure += other->all_exposure();
  }
  if (!(exposure > 0) || !(results > 0)) return;
  const double others = results / exposure;
  const bool better = one.all_results() >= others * one.all_exposure();
  row.side = better ? "better" : "worse";
  for (std::size_t i = 0; i < one.results.size(); ++i)
    row.same_side += (one.results[i] >= others * one.exposure[i]) == better ? 1 : 0;
  const auto same = static_cast<double>(row.same_side);
  const auto all = static_cast<double>(one.results.size());
  const Mixture share{Family::share, {{1, same + 0.5, all - same + 0.5}}};
  row.consistency = same / all;
  row.consistency_low = std::min(share.quantile(0.05), *row.consistency);
  row.consistency_high = std::max(share.quantile(0.95), *row.consistency);
}

}  // namespace detail

DEALTRAIL_INLINE Repeatabilities repeatability(const Placements& placements, const RepeatabilityOptions& options) {
  using namespace detail;
  const std::vector<ChannelData> data = channel_data(placements);
  Repeatabilities result;
  result.currency = placements.currency();
  result.meta = {{"metric", options.metric}, {"by", options.by}, {"interval", "90 %"}};
  for (const ChannelData& one : data) {
    Repeatable row;
    row.key = placements.channels()[one.channel];
    row.state = placements.state(one.channel);
    row.basis = to_string(one.basis);
    row.placements = static_cast<std::int64_t>(one.results.size());
    row.spend_minor = one.spend_sum.total();
    row.count = one.count_sum;
    result.rows.push_back(std::move(row));
  }
  constexpr std::array<std::array<Basis, 2>, 3> units{
      {{Basis::money, Basis::money}, {Basis::share, Basis::share}, {Basis::placement, Basis::exposure}}};
  for (const auto& unit : units) {
    std::vector<const ChannelData*> members;
    for (const ChannelData& one : data) {
      if ((one.basis == unit[0] || one.basis == unit[1]) && !one.empty()) members.push_back(&one);
    }
    if (members.empty()) continue;
    const PoolOfChannels pool{members, std::nullopt};
    if (!pool.known()) continue;
    const Mixture prior = pool.prior();
    for (const ChannelData* one : members) {
      Repeatable& row = result.rows[one->channel];
      fill_reliability(row, prior, pool.observation(*one, pool.dispersion()));
      fill_consistency(row, pool, *one);
      if (!row.consistency) continue;
      row.score = *row.reliability * *row.consistency;
      row.score_low = *row.reliability_low * *row.consistency_low;
      row.score_high = *row.reliability_high * *row.consistency_high;
    }
  }
  result.meta.emplace_back("rows", std::to_string(placements.rows()));
  result.meta.emplace_back("left_out", std::to_string(placements.left_out()));
  return result;
}

DEALTRAIL_INLINE Table Repeatabilities::table() const {
  TableBuilder builder{"repeatability"};
  const auto texts = [&](const char* name, auto&& value) {
    ColumnBuilder& column = builder.text(name);
    for (const Repeatable& row : rows) column.append_text(value(row));
  };
  const auto reals = [&](const char* name, auto member) {
    ColumnBuilder& column = builder.real(name, "ratio");
    for (const Repeatable& row : rows) column.append_real(row.*member);
  };
  const auto integers = [&](const char* name, auto member) {
    ColumnBuilder& column = builder.integer(name);
    for (const Repeatable& row : rows) column.append_integer(row.*member);
  };
  texts("key", [](const Repeatable& row) { return std::string_view{row.key}; });
  texts("state", [](const Repeatable& row) { return to_string(row.state); });
  texts("basis", [](const Repeatable& row) { return std::string_view{row.basis}; });
  integers("placements", &Repeatable::placements);
  ColumnBuilder& spend = builder.money("spend", currency);
  for (const Repeatable& row : rows) spend.append_minor(row.spend_minor);
  integers("count", &Repeatable::count);
  reals("reliability", &Repeatable::reliability);
  reals("reliability_low", &Repeatable::reliability_low);
  reals("reliability_high", &Repeatable::reliability_high);
  texts("side", [](const Repeatable& row) {
    return row.side.empty() ? std::nullopt : std::optional<std::string_view>{row.side};
  });
  integers("same_side", &Repeatable::same_side);
  reals("consistency", &Repeatable::consistency);
  reals("consistency_low", &Repeatable::consistency_low);
  reals("consistency_high", &Repeatable::consistency_high);
  reals("score", &Repeatable::score);
  reals("score_low", &Repeatable::score_low);
  reals("score_high", &Repeatable::score_high);
  for (const auto& [key, value] : meta) builder.meta(key, value);
  return builder.finish();
}

}  // namespace dealtrail::evidence
