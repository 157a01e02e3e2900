#pragma once

#include "dealtrail/core/config.hpp"
#include "dealtrail/evidence/rating.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {

/// Rates the partners or channels of a Trail: evidence::rating of their months, leads, deals, meetings, trainings, cost
/// and payouts. `meta` says what is in no row: deals won of nobody, without a time, an amount or a rate.
/// O(facts + keys^2).
/// @throws Error unknown_name for another metric or `by`; invalid_argument for a certainty outside 0.5 to 1.
[[nodiscard]] evidence::Ratings rating(const Trail& trail, const evidence::RatingOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/answers/detail/trail_rating.ipp"  // IWYU pragma: keep
#endif
