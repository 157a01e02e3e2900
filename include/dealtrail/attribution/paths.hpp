#pragma once

#include "dealtrail/core/config.hpp"
#include "dealtrail/journeys/journeys.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::attribution {

/// Which part channels played in converting journeys, a row per channel by name: channel, only (the journey's one
/// touch), first, middle, last (of journeys of two touches or more; a channel may play several parts in one), assisted
/// (it was there, and another channel was last), assisted_value, closed (it was last or only), closed_value,
/// assisted_per_closed (null when it closed none). A channel that begins or helps much and closes little is what last
/// touch hides. Counts are of conversions; values of journeys' whole values. O(touches).
/// @throws Error overflow for sums beyond 64 bits.
[[nodiscard]] Table assisted(const Journeys& journeys);

/// Journeys by number of touches, a row per length from the least: touches, journeys, conversions, conversion_rate,
/// value. Journeys without touches are the row 0. O(journeys).
/// @throws Error overflow for sums beyond 64 bits.
[[nodiscard]] Table path_length(const Journeys& journeys);

/// Conversions by whole days from the first touch to the conversion, a row per number of days: days, conversions,
/// value, cumulative_share (of the conversions of all rows up to this one). Conversions without touches are not there.
/// O(journeys).
/// @throws Error invalid_argument for journeys of paths, which have no times; overflow for sums beyond 64 bits.
[[nodiscard]] Table time_lag(const Journeys& journeys);

}  // namespace dealtrail::attribution

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/attribution/detail/paths.ipp"  // IWYU pragma: keep
#endif
