#pragma once

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail::attribution {

/// The same to each touch: a channel that was there twice has two parts. Odd units go to the first touches.
[[nodiscard]] inline CreditRule linear_rule() { return {.model = "linear"}; }

/// Credit in equal parts; see `credit` for costs and errors.
[[nodiscard]] inline Credit linear(const Journeys& journeys, const CreditOptions& options = {}) {
  return credit(journeys, linear_rule(), options);
}

}  // namespace dealtrail::attribution
