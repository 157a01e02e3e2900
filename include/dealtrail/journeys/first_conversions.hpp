#pragma once

#include "dealtrail/core/config.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail {

/// Journeys in which each subject converts once: its first conversion by time (equal times: the first of its journeys;
/// without a time: after all that have one). Its later conversions, and journeys that begin at that time or later, are
/// left out and counted in `problems` (`repeat_conversion`, `after_first_conversion`). Journeys of nobody known are not
/// one subject's and stay. Shards that keep subjects whole may be merged before or after. Twice is once. O(touches).
/// @throws Error invalid_argument for journeys of paths, which have no subjects.
[[nodiscard]] Journeys first_conversions(const Journeys& journeys);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/journeys/detail/first_conversions.ipp"
#endif
