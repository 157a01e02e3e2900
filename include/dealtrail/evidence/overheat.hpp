#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/placements/placements.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::evidence {

struct OverheatOptions {
  std::string metric = "cost_per_attendee";
  std::string by = "channel";
  std::int64_t first = 3;        // the placements that later ones are compared with
  std::optional<double> plan{};  // expected cost of one result in major units (share: share; without spend: results per
                                 // placement); none: not compared with a plan
};

/// How one channel's results changed over its placements.
struct Overheat {
  std::string key{};
  ChannelState state = ChannelState::working;
  std::string basis{};
  std::int64_t placements = 0;  // judged: over, with spend where money is the basis
  std::int64_t spend_minor = 0;
  std::int64_t count = 0;
  std::optional<std::int64_t> cost_first_minor{};  // spend / count of the first placements
  std::optional<std::int64_t> cost_later_minor{};  // of the later ones
  std::optional<double> ratio{};                   // rate of the later over that of the first; 90 % interval
  std::optional<double> ratio_low{};
  std::optional<double> ratio_high{};
  std::optional<double> e_first{};  // evidence that the later are below the first; valid at every look
  std::optional<double> trend{};    // relative change of the rate from one placement to the next; 90 % interval
  std::optional<double> trend_low{};
  std::optional<double> trend_high{};
  std::optional<double> elasticity{};  // results grow as spend to this power; below 1: each next one costs more
  std::optional<double> elasticity_low{};
  std::optional<double> elasticity_high{};
  std::optional<std::int64_t> marginal_cost_minor{};  // of one more result, at the median spend
  std::optional<double> e_plan{};                     // evidence that the rate is below the plan
  std::vector<std::string> signals{};                 // below_plan, below_first, falling, rising_marginal_cost
  std::string why{};
};

struct Overheating {
  std::vector<Overheat> rows{};  // by key
  Currency currency{};
  std::vector<std::pair<std::string, std::string>> meta{};

  /// A row per channel, columns as the fields of Overheat; `signals` as one text, null where there are none.
  [[nodiscard]] Table table() const;
};

/// Finds channels whose results are below what was expected (M1.7): marginal cost rising with spend, results falling
/// over placements, below the plan or below the channel's own first placements. Each signal has its own test: 90 %
/// intervals of log-linear Poisson regressions and of a ratio of two counts, with the over-dispersion of the pool; an
/// e-value of 20 for the plan. With few placements most channels have no signal, and `why` tells what was not testable.
/// A channel whose spend rises with time cannot tell "falling" from "dearer": both are shown. Definitions:
/// docs/evidence/overheat.md. O(placements).
/// @throws Error invalid_argument for a plan that is not a number above 0 or `first` below 1.
[[nodiscard]] Overheating overheat(const Placements& placements, const OverheatOptions& options = {});

}  // namespace dealtrail::evidence

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/evidence/detail/overheat.ipp"  // IWYU pragma: keep
#endif
