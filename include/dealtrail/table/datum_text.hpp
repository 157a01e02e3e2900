#pragma once

#include <string>

#include "dealtrail/core/config.hpp"
#include "dealtrail/table/datum.hpp"

namespace dealtrail {

/// A cell as plain text, as the CSV and JSON writers write it: numbers with a point and without grouping, times as ISO
/// 8601, decimals with all their digits; empty for null. Never fails.
[[nodiscard]] std::string to_text(const Datum& cell);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/table/detail/datum_text.ipp>
#endif
