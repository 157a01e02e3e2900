#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/detail/jackknife.hpp"
#include "dealtrail/core/detail/int128.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/split.hpp"

// From scores (removal effects, Shapley values) to credit: models that score channels divide the total once, by the
// share of each score in their sum.
namespace dealtrail::detail {

// What the scores become when one group of subjects is left out, for each group that has journeys and is not all of
// them. Scores lie group by group, each in the order of the channels.
struct ScoreReplicates {
  std::size_t groups = 0;
  std::vector<double> conversion_scores{};  // groups * channels
  std::vector<double> value_scores{};       // groups * channels; empty without values
  std::vector<double> values{};  // what channels are credited with, minor units, scaled up to all journeys; by group
};

// Each score as a part of their sum; empty where there are no scores, one is negative or not a number, or the sum is 0.
[[nodiscard]] inline std::vector<double> shares_of(std::span<const double> scores) {
  double sum = 0;
  for (const double score : scores) {
    if (!(score >= 0)) return {};
    sum += score;
  }
  if (!(sum > 0 && sum <= std::numeric_limits<double>::max())) return {};
  std::vector<double> shares;
  shares.reserve(scores.size());
  for (const double score : scores) shares.push_back(score / sum);
  return shares;
}

// `total` divided by shares, exactly: they become whole weights of up to 2^53.
[[nodiscard]] inline std::vector<std::int64_t> split_by_shares(std::int64_t total, std::span<const double> shares) {
  const double greatest = *std::max_element(shares.begin(), shares.end());
  std::vector<std::uint64_t> weights;
  weights.reserve(shares.size());
  for (const double share : shares)
    weights.push_back(static_cast<std::uint64_t>(std::llround(share / greatest * 0x1p53)));
  std::vector<std::int64_t> parts(shares.size());
  split_into(total, weights, parts);
  return parts;
}

// The shares of each replicate, group by group; empty if one has none.
[[nodiscard]] inline std::vector<double> shares_without_one(std::span<const double> scores, std::size_t channels) {
  std::vector<double> all;
  all.reserve(scores.size());
  for (std::size_t first = 0; first < scores.size(); first += channels) {
    const auto shares = shares_of(scores.subspan(first, channels));
    if (shares.empty()) return {};
    all.insert(all.end(), shares.begin(), shares.end());
  }
  return all;
}

// Fills score, share, value_share, conversions, value, the intervals and too_few of every channel, and the findings.
// `credit` has its totals, what is unattributed, and its channels with name, journeys and converting. Scores are in the
// order of the channels; an empty span says that there is none to tell (nobody converted, no value), and so does one
// that is not a number. Where a score is negative or all are 0 nothing is divided, and a finding says so.
inline void fill_by_scores(Credit& credit, std::span<const double> conversion_scores,
                           std::span<const double> value_scores, const ScoreReplicates* replicates = nullptr) {
  const std::size_t channels = credit.channels.size();
  const auto find = [&credit](std::string_view of, std::span<const double> scores) {
    const bool negative = std::any_of(scores.begin(), scores.end(), [](double score) { return score < 0; });
    credit.findings.emplace_back("the " + std::string{of} + " cannot be divided by " + credit.model + ": " +
                                     (negative ? "a channel has a negative score" : "no channel has a score above 0"),
                                 negative ? "look at the scores alone, or take a model without negative ones"
                                          : "no conversions or no value stand behind them");
  };
  // Of what is left out one group at a time, the figures of one channel.
  const auto of_channel = [&](std::span<const double> all, std::size_t channel) {
    std::vector<double> one;
    for (std::size_t at = channel; at < all.size(); at += channels) one.push_back(all[at]);
    return one;
  };
  const auto shares = shares_of(conversion_scores);
  if (channels > 0 && shares.empty()) find("conversions", conversion_scores);
  for (std::size_t channel = 0; channel < channels; ++channel) {
    ChannelCredit& one = credit.channels[channel];
    one.too_few = says_too_little(one);
    if (!conversion_scores.empty() && conversion_scores[channel] == conversion_scores[channel])
      one.score = conversion_scores[channel];
  }
  if (!shares.empty()) {
    const CreditUnits attributed =
        static_cast<CreditUnits>(credit.total_conversions) * units_per_conversion - credit.unattributed_conversions;
    const auto conversions = static_cast<std::int64_t>(attributed / units_per_conversion);
    const auto parts = split_by_shares(units_per_conversion, shares);
    const auto others =
        replicates == nullptr ? std::vector<double>{} : shares_without_one(replicates->conversion_scores, channels);
    for (std::size_t channel = 0; channel < channels; ++channel) {
      ChannelCredit& one = credit.channels[channel];
      one.share = shares[channel];
      one.conversions = static_cast<CreditUnits>(parts[channel]) * conversions;
      one.too_few = says_too_little(one);
      if (!others.empty()) one.share_interval = jackknife_share(shares[channel], of_channel(others, channel));
    }
  }
  if (!credit.has_values) return;
  const auto value_shares = shares_of(value_scores);
  if (channels > 0 && value_shares.empty()) find("value", value_scores);
  if (value_shares.empty()) return;
  std::int64_t attributed = 0;
  if (__builtin_sub_overflow(credit.total_value, credit.unattributed_value, &attributed))
    throw Error(ErrorCode::overflow, "a sum of values does not fit in 64 bits");
  const auto parts = split_by_shares(attributed, value_shares);
  const auto others =
      replicates == nullptr ? std::vector<double>{} : shares_without_one(replicates->value_scores, channels);
  for (std::size_t channel = 0; channel < channels; ++channel) {
    ChannelCredit& one = credit.channels[channel];
    one.value_share = value_shares[channel];
    one.value = parts[channel];
    if (others.empty()) continue;
    std::vector<double> values = of_channel(others, channel);
    for (std::size_t group = 0; group < values.size(); ++group) values[group] *= replicates->values[group];
    one.value_interval = jackknife_value(value_shares[channel] * static_cast<double>(attributed), values);
  }
}

}  // namespace dealtrail::detail
