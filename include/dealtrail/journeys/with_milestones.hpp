#pragma once

#include <string>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/journeys/journeys.hpp"
#include "dealtrail/table/stream.hpp"

namespace dealtrail {

/// Which columns of a table of milestones are read, and which kinds become milestones of journeys.
struct MilestoneColumns {
  std::string subject = "subject";                                 // as in the journeys: integer or text
  std::string kind = "kind";                                       // text
  std::string at = "at";                                           // time, local time (taken as UTC) or date
  std::vector<std::string> kinds{"lead_created", "deal_created"};  // shards that are merged name the same ones
};

/// Journeys of a table of touches that know when their subject reached milestones, so that models by milestones (W
/// shaped, full path) can be used on them. A journey that converts has, of each kind, the earliest milestone of its
/// subject after the subject's conversion before it and not after its own; others have none. Rows without a subject, a
/// kind or a time, of other kinds, and of subjects that no journey is of, are left out and counted in `problems`.
/// Shards may be merged before or after when both tables are dealt out by subject. O((rows + journeys) log).
/// @throws Error invalid_argument for journeys of paths or of a Trail, and for kinds that are none, twice, empty, or
/// called first or last; missing_column, type_mismatch for a column that does not fit.
[[nodiscard]] Journeys with_milestones(const Journeys& journeys, const TableInput& table,
                                       const MilestoneColumns& columns = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/journeys/detail/with_milestones.ipp"
#endif
