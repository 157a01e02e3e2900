#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/cohort/lifetime.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::cohort {

struct ContractsOptions {
  std::int64_t horizon = 12;  // periods of the table
};

/// A cohort of contracts: how many are still there after each period, observed and by the model.
struct Contracts {
  std::vector<LifetimeParameter> parameters{};  // alpha, beta
  double log_likelihood = 0;
  std::vector<double> observed{};   // survivors of each period, from 0
  std::vector<double> survival{};   // share that is there after period 0, 1, ..., horizon, by the model
  std::vector<double> retention{};  // share of those there at the end of the period before; 1 for period 0
  std::vector<std::pair<std::string, std::string>> meta{};

  [[nodiscard]] Table parameters_table() const;
  /// period, observed (share of the first; null beyond what was observed), survival, retention.
  [[nodiscard]] Table table() const;
};

/// Shifted beta-geometric model of contracts (sBG; Fader and Hardie 2007): each member leaves at the end of a period
/// with a probability of its own, Beta(alpha, beta) over members, so retention rises with age although nobody changes.
/// `survivors` are counts after period 0 (all), 1, 2, ... O(horizon).
/// @throws Error invalid_argument for counts that rise or are negative, or a horizon outside 1 to 10 000; not_converged
///   for fewer than three counts, or when nobody left.
[[nodiscard]] Contracts contracts(std::span<const double> survivors, const ContractsOptions& options = {});

}  // namespace dealtrail::cohort

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/cohort/detail/contracts.ipp"  // IWYU pragma: keep
#endif
