#pragma once

#include <string>
#include <string_view>

#include "dealtrail/core/config.hpp"
#include "dealtrail/funnel/priority.hpp"

namespace dealtrail {

/// Reads rules of priority from JSON (docs/funnel/priority.md):
/// `{"rules": [{"name": "offer", "points": 50, "reason": "asked for an offer", "when": {condition}, "from":
/// "2026-01-01", "until": "2027-01-01"}], "levels": [{"name": "high", "from": 60}]}`. `levels`, `reason`, `from` and
/// `until` may be missing; times are ISO 8601 (UTC without an offset), `until` is not included.
/// @throws Error parse_error, unknown_name (a wrong key, op or column of guests; with its place and the valid names),
/// type_mismatch, invalid_argument (two rules or levels of one name, from not before until).
[[nodiscard]] PriorityRules parse_priority_rules(std::string_view json);

/// The same rules as JSON: reading it back gives equal rules.
[[nodiscard]] std::string priority_rules_json(const PriorityRules& rules);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/io/detail/priority_rules.ipp"  // IWYU pragma: keep
#endif
