#pragma once

#include <optional>
#include <string>

#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/journeys/journeys.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::attribution {

/// Whose credits are listed.
struct CreditsOptions {
  std::optional<std::string> channel{};  // only this channel's, or those of "(unattributed)"; none: everybody's
};

/// What each touch got of each conversion, by a rule: the trace of a rule model (law 8). A row per touch of each
/// converting journey, those that got nothing among them; a conversion without touches is one row of the channel
/// "(unattributed)". Columns: journey (its number in `Journeys::table`), subject, place (of the touch, from 1),
/// channel, at, conversions (float64: units of 2^-48 over 2^48, exact up to 32 conversions a row), value (a decimal of
/// 15 places in major units, when the journeys have values), converted_at, and for journeys of a Trail `fact`, what
/// converted.
///
/// The rows of a journey add up to its value, all rows to the total, but of participation, which credits a channel in
/// full at its first touch. The rows of one channel add up to its row of the model: a row "(rounding)" at the end has
/// what makes whole minor units of them, less than one, unless that is nothing. Of path rows, a row is what all
/// journeys that went that way got together. Empty when nothing converted. O(touches).
/// @throws Error invalid_argument if the rule needs milestones or times and the journeys have none, unknown_name for a
/// channel that no journey has.
[[nodiscard]] Table credits(const Journeys& journeys, const CreditRule& rule, const CreditsOptions& options = {});

}  // namespace dealtrail::attribution

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/attribution/detail/credits.ipp"  // IWYU pragma: keep
#endif
