#pragma once

#include <optional>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/attribution/shapley.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail::attribution {

/// Credit by how conversion rates change when two channels meet: C(i) = p(i) + 1 / (2 (N - 1)) * the sum over other
/// channels j of p(i, j) - p(i) - p(j), where p is conversions / journeys of those that had the channel, or both. Pairs
/// that never met add nothing. `score` is C(i); the total is divided once by the shares of the scores (of value: of
/// value per journey), and where a score is negative or all are 0 there is a finding instead. Journeys without touches
/// are `(unattributed)`. Intervals are delete-one-group jackknife. O(sets * channels in them squared + 128 channels^2);
/// 64 channels^2 bytes. Source: Shao, Li (2011), Data-driven multi-touch attribution models, KDD 11, 258-264.
/// @throws Error limit_exceeded for more than 2048 channels, overflow for sums beyond 64 bits.
[[nodiscard]] Credit shao_li(const Journeys& journeys, const CreditOptions& options = {});
/// The same of a state, which is kept current and merged; nothing without journeys.
[[nodiscard]] std::optional<Credit> shao_li(const ShapleyState& state);

}  // namespace dealtrail::attribution

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/attribution/detail/shao_li.ipp"
#endif
