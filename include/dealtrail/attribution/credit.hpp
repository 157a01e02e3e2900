#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/detail/int128.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

/// Parts of conversions as whole numbers: one conversion is 2^48 units, so that parts of parts add up exactly. Rule
/// models count value so, too: a minor unit is 2^48.
using CreditUnits = detail::int128;

inline constexpr std::int64_t units_per_conversion = std::int64_t{1} << 48U;

/// Units as a number of conversions: exact up to 2^53 units, then to the nearest double.
[[nodiscard]] constexpr double to_conversions(CreditUnits units) noexcept {
  return static_cast<double>(units) / static_cast<double>(units_per_conversion);
}

/// The ends of an interval that holds the truth in 90 of 100 such samples.
struct Interval {
  double low = 0;
  double high = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

/// What one channel is credited with. Nothing where the model can say nothing.
struct ChannelCredit {
  std::string channel{};
  std::int64_t journeys = 0;                 // that it was in
  std::int64_t converting = 0;               // of those, converted
  std::optional<CreditUnits> conversions{};  // in units
  std::optional<std::int64_t> value{};       // minor units; less than one from the exact value
  std::optional<double> score{};             // removal effect or Shapley value of conversions; rule models have none
  std::optional<double> share{};             // of the conversions that channels are credited with
  std::optional<double> value_share{};       // of their value
  std::optional<Interval> share_interval{};
  std::optional<Interval> value_interval{};  // minor units
  bool too_few = false;                      // too few conversions behind it for its interval to be believed
};

/// What channels cost, for CPA and ROAS; a channel that no journey has is shown, too.
struct ChannelCost {
  std::string channel{};
  std::int64_t minor = 0;
};

/// Who gets the credit, by one model: a row per channel, exact. Rows and `(unattributed)` add up to the total; a model
/// that credits several channels in full (participation) exceeds it, and its total counts each conversion once.
struct Credit {
  std::string model{};
  std::vector<std::pair<std::string, std::string>> parameters{};
  Currency currency{};
  bool has_values = false;
  std::vector<ChannelCredit> channels{};  // by name
  CreditUnits unattributed_conversions = 0;
  std::int64_t unattributed_value = 0;
  std::int64_t journeys = 0;
  std::int64_t total_conversions = 0;
  std::int64_t total_value = 0;
  std::vector<std::pair<std::string, std::string>> findings{};  // what could not be said, and the hint

  /// The table of this result alone; see credit_table.
  [[nodiscard]] Table table(std::span<const ChannelCost> costs = {}) const;
};

/// Results as one table: for each, a row per channel by name, then `(unattributed)` and `(total)`. Columns: channel,
/// model, conversions (float64), value (money, when the journeys have values), score, share, value_share, share_low,
/// share_high, value_low, value_high (major units), cost, cpa = cost / conversions, roas = value / cost, roi_revenue =
/// (value - cost) / cost, journeys, converting, too_few. Null where there is nothing to say or to divide by; `cost` and
/// what follows from it are null without costs. A channel that has a cost and no journey is shown, with credit 0. Meta:
/// models, their parameters, conventions, findings. O(channels * results).
/// @throws Error invalid_argument for a channel with two costs, currency_mismatch for results in two currencies.
[[nodiscard]] Table credit_table(std::span<const Credit> results, std::span<const ChannelCost> costs = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/attribution/detail/credit.ipp"  // IWYU pragma: keep
#endif
