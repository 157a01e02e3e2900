#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/budget/curves.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/placements/placements.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::budget {

struct FitOptions {
  std::optional<PeriodKind> every{};  // add up a channel's placements by period of the view's zone; none: each alone
  double response_unit = 1;           // results per unit of response: 100 for amounts in minor units
};

/// What the history of one channel says about its response curve.
struct FittedCurve {
  std::string key{};
  ChannelState state = ChannelState::working;
  std::int64_t placements = 0;   // observations: placements, or periods, that are over and had spend
  std::int64_t open = 0;         // placements whose results may still come: not fitted
  std::int64_t apart = 0;        // placements that are free, of unknown spend, or (by period) without a time
  std::int64_t spend_minor = 0;  // of those fitted, as the next
  double response = 0;
  std::optional<std::int64_t> spend_low_minor{};  // least, median and greatest spend of an observation
  std::optional<std::int64_t> spend_median_minor{};
  std::optional<std::int64_t> spend_high_minor{};
  std::optional<double> scale{};       // of the curve, as Curve::michaelis_menten or Curve::power has it
  std::optional<double> half{};        // michaelis_menten: the money that brings half of `scale`
  std::optional<double> exponent{};    // power
  std::optional<double> elasticity{};  // results grow as money to this power at the median spend; 90 % interval
  std::optional<double> elasticity_low{};
  std::optional<double> elasticity_high{};
  std::optional<double> response_median{};  // expected at the median spend; 90 % interval
  std::optional<double> response_low{};
  std::optional<double> response_high{};
  std::optional<double> weight_own{};        // of the channel's own data in the level; the rest is the pool's
  std::optional<double> weight_own_shape{};  // in the exponent or half
  bool identified = false;
  std::string reason{};  // why not; empty when identified
};

/// One channel's data as they bend the pool's distribution: a quadratic in (level, shape).
struct FitEvidence {
  std::array<double, 3> precision{};  // 11, 12, 22
  std::array<double, 2> pull{};
};

/// One possible spread of the channels' true curves, with what the data then say of their mean.
struct FitComponent {
  double weight = 0;
  std::array<double, 2> spread{};  // standard deviations of level and shape between channels
  std::array<double, 2> mean{};
  std::array<double, 3> mean_covariance{};
  std::vector<FitEvidence> channels{};  // by row of the Fit
};

/// Response curves with partial pooling.
struct Fit {
  std::vector<FittedCurve> rows{};               // by key
  CurveKind kind = CurveKind::michaelis_menten;  // or power: the likelier one for all channels together
  Currency currency{};
  double dispersion = 1;       // variance of results over their mean
  double reference_money = 1;  // major units: where the level of a curve is counted
  double response_unit = 1;
  std::vector<FitComponent> components{};
  std::vector<std::pair<std::string, std::string>> meta{};

  /// A row per channel, columns as the fields of FittedCurve, `kind` before `scale`; money in `currency`.
  [[nodiscard]] Table table() const;
  /// The curves of channels that are identified, by key.
  [[nodiscard]] std::vector<std::pair<std::string, Curve>> curves() const;
  /// `count` joint draws of the curves of identified channels: draw, key, scale, half, exponent. The same seed gives
  /// the same draws. @throws Error invalid_argument for more than 1 000 000 draws.
  [[nodiscard]] Table draws(std::size_t count, std::uint64_t seed) const;
};

/// Fits response curves to placements (spend and results of each). Results are quasi-Poisson around a curve that each
/// next unit of money climbs less: michaelis_menten, which ends, or power, which does not; the likelier one for all
/// channels together. Levels and shapes of channels are normal around those of the pool, so a channel with few
/// placements borrows what it does not know and says how much. The spread between channels is averaged over a grid,
/// over-dispersion is estimated and divided out; nothing is drawn at random. A channel without spend or results, or
/// whose elasticity the history leaves open, has no curve and a reason. Definitions: docs/budget/fit.md.
/// O(grid * observations).
/// @throws Error invalid_argument for a response_unit that is not a number above 0; overflow for sums beyond 64 bits.
/// Source: Gelman, Hill (2007), Data analysis using regression and multilevel models, ch. 12; Tierney, Kadane (1986),
/// JASA 81, 82-86 (Laplace's method).
[[nodiscard]] Fit fit(const Placements& placements, const FitOptions& options = {});

}  // namespace dealtrail::budget

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/budget/detail/fit.ipp"  // IWYU pragma: keep
#endif
