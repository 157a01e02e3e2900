#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/facts/condition.hpp"
#include "dealtrail/guests/guests.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

/// One rule, as data: a guest who meets `when` gets these points, and the reason is shown.
struct PriorityRule {
  std::string name{};
  std::int64_t points = 0;                 // may be negative
  Condition when{};                        // over the columns of guests
  std::string reason{};                    // empty: the name
  std::optional<std::int64_t> from_us{};   // by the day of the event: its start, else when the guest came
  std::optional<std::int64_t> until_us{};  // not included
  friend bool operator==(const PriorityRule&, const PriorityRule&) = default;
};

/// A name for guests of so many points and more.
struct PriorityLevel {
  std::string name{};
  std::int64_t from = 0;
  friend bool operator==(const PriorityLevel&, const PriorityLevel&) = default;
};

/// Rules and levels together (M0.5). As JSON: io/priority_rules.hpp.
struct PriorityRules {
  std::vector<PriorityRule> rules{};
  std::vector<PriorityLevel> levels{};
  friend bool operator==(const PriorityRules&, const PriorityRules&) = default;
};

/// The rules that hold when nobody says others: what was marked on the day, open deals, potential, nobody in touch yet.
[[nodiscard]] PriorityRules default_priority_rules();

struct PriorityOptions {
  std::optional<std::string> event{};   // only this topmost event
  std::vector<std::string> managers{};  // only guests of these; empty: all
};

/// The order of follow-up, a list per manager that a CRM can import: guests who came or were marked and have more than
/// 0 points, by manager (null last), points, money at stake (both greatest first), event, guest.
///
/// `points` are the sum over all rules that match, `reasons` theirs in the order of the rules, `level` the highest that
/// the points reach. `at_stake` as in exits. O(guests × rules).
/// @throws Error unknown_name for an event that is not there or a rule over a column that guests do not have, overflow
/// for points beyond 64 bits.
[[nodiscard]] Table priority(const Guests& guests, const PriorityRules& rules, const PriorityOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/funnel/detail/priority.ipp"  // IWYU pragma: keep
#endif
