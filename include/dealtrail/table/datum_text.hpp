#pragma once

#include <string>

#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/detail/cell_text.hpp"

namespace dealtrail {

/// A cell as plain text, as the CSV and JSON writers write it: numbers with a point and without grouping, times as ISO
/// 8601, decimals with all their digits; empty for null. Never fails.
[[nodiscard]] inline std::string to_text(const Datum& cell) { return detail::plain_text(cell); }

}  // namespace dealtrail
