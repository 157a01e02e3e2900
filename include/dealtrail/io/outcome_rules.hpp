#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/facts/outcome.hpp"

namespace dealtrail {

/// Reads outcome rules from JSON (docs/io/outcome_rules.md):
/// `{"rules": [{"name": "claims", "view": "marketing", "outcome": "won", "when": {condition}, "from": "2026-01-01",
/// "until": "2027-01-01"}]}`. `view` missing or null: every view; `from` and `until` are ISO 8601 (UTC without an
/// offset), `until` is not included.
/// @throws Error parse_error, unknown_name (a wrong key, op, view, outcome or field of deals; with its place and the
/// valid names), type_mismatch, invalid_argument (two rules of one name, from not before until). `own` are the declared
/// own columns of deals that rules may name.
[[nodiscard]] std::vector<OutcomeRule> parse_outcome_rules(std::string_view json,
                                                           std::span<const std::string> own = {});

/// The same rules as JSON: reading it back gives equal rules.
[[nodiscard]] std::string outcome_rules_json(std::span<const OutcomeRule> rules);

/// Reads one condition from JSON; fields are not checked. @throws Error as `parse_outcome_rules`.
[[nodiscard]] Condition parse_condition(std::string_view json);
/// The condition as JSON.
[[nodiscard]] std::string condition_json(const Condition& condition);
/// The JSON Schema of conditions, as docs/io/condition.schema.json has it.
[[nodiscard]] std::string condition_schema();

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/io/detail/outcome_rules.ipp"  // IWYU pragma: keep
#endif
