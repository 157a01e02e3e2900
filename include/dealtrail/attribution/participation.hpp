#pragma once

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail::attribution {

/// All of a conversion to every channel that touched it: rows add up to more than there is, the total counts each
/// conversion once. The CRM's *influenced* figure is this one.
[[nodiscard]] inline CreditRule participation_rule() {
  return {.model = "participation", .shape = CreditRule::Shape::in_full};
}

/// Credit in full to all who took part; see `credit` for costs and errors.
[[nodiscard]] inline Credit participation(const Journeys& journeys, const CreditOptions& options = {}) {
  return credit(journeys, participation_rule(), options);
}

}  // namespace dealtrail::attribution
