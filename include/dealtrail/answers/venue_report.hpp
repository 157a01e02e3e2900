#pragma once

#include <optional>
#include <string>

#include "dealtrail/core/config.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {

/// Whose cost CPM and cost per click are made of: ours, as cards count it, or what the venue reports.
enum class VenueCost : std::uint8_t { ours, reported };

struct VenueReportOptions {
  std::string by = "announcement";  // or channel
  VenueCost cost = VenueCost::ours;
  std::optional<Timestamp> as_of{};  // none: all reports and facts
  std::optional<Period> period{};    // reports that begin in it, and our facts of it
};

/// Venues' own reports beside our counts (M1.11; docs/sources/sources.md): a row per announcement or channel that a
/// report speaks of, by id, then `(unattributed)` (reports of nothing that is here, or, by announcement, of a channel),
/// then
/// `(total)` of the rows above.
///
/// Columns: key, name, reports, impressions, clicks, registrations_claimed, cost_reported (sums; null where no report
/// says), reach (the greatest of the reports, because people cannot be added; null in the total), clicks_ours (touches
/// of kind click or visit of that source), registrations, attended, cost (ours, by cards; null in `(unattributed)`, and
/// where there are costs and none could be summed: another currency without a rate), difference (claimed − ours),
/// difference_share (of ours), cpm (cost per 1000 impressions), ctr (clicks / impressions), cost_per_click; ratios are
/// null where the denominator is zero or not said, costs per something also where the placement is own or barter and
/// cost nothing; they are in major units. A scan.
/// @throws Error invalid_argument for another `by`.
[[nodiscard]] Table venue_report(const Trail& trail, const VenueReportOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/answers/detail/venue_report.ipp"
#endif
