#pragma once

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail::attribution {

/// All of a conversion to its first touch: who brings people in. The CRM's *sourced* figure is this one.
[[nodiscard]] inline CreditRule first_touch_rule() {
  return {.model = "first_touch", .shape = CreditRule::Shape::one_touch};
}

/// Credit by the first touch; see `credit` for costs and errors.
[[nodiscard]] inline Credit first_touch(const Journeys& journeys, const CreditOptions& options = {}) {
  return credit(journeys, first_touch_rule(), options);
}

}  // namespace dealtrail::attribution
