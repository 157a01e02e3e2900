#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/journeys/journeys.hpp"
#include "dealtrail/table/stream.hpp"

namespace dealtrail {

/// Which column tells kinds of touch apart, and how long before a conversion touches of each may be.
struct TouchWindows {
  std::string kind = "kind";                                             // text; null: no kind
  std::vector<std::pair<std::string, std::int64_t>> lookback_days_of{};  // others have `lookback_days` of the options
};

/// Journeys of a table of touches, as `Journeys::from_touches`, with a look-back per kind of touch: a view is forgotten
/// sooner than a call. Touches that are further before a conversion than their kind may be are one journey that did not
/// convert. Equal times are ordered by (converted, channel, kind, value), kinds by name and those without a look-back
/// of their own last. Costs two passes more, and four bytes a row for a moment.
/// @throws Error as from_touches; invalid_argument for a look-back out of range, a kind that has two, or a channel that
/// is also another column; limit_exceeded for more than 2^31 pairs of a channel and a kind.
[[nodiscard]] Journeys journeys_in_windows(const TableInput& table, const TouchOptions& options,
                                           const TouchWindows& windows);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/journeys/detail/touch_windows.ipp"
#endif
