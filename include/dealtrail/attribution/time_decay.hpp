#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail::attribution {

/// Half as much to a touch for each half-life that it is older: 2^(-age / half_life), by whole numbers. Ages may count
/// from the conversion or from the last touch: the shares are the same.
/// @throws Error invalid_argument for a half-life that is not between a microsecond and 100 years.
[[nodiscard]] inline CreditRule time_decay_rule(double half_life_days = 7) {
  constexpr double us_of_day = 86'400e6;
  constexpr double most_days = 36'500;
  if (!(half_life_days * us_of_day >= 1 && half_life_days <= most_days)) {
    throw Error(ErrorCode::invalid_argument, "the half-life is out of range", {}, "above 0, up to 36500 days");
  }
  const auto half_life = static_cast<std::int64_t>(std::llround(half_life_days * us_of_day));
  return {.model = "time_decay",
          .parameters = {{"half_life", std::to_string(half_life) + " us"}},
          .shape = CreditRule::Shape::decay,
          .half_life_us = half_life};
}

/// Credit by age; needs the times of touches. See `credit` for costs and errors.
[[nodiscard]] inline Credit time_decay(const Journeys& journeys, double half_life_days = 7,
                                       const CreditOptions& options = {}) {
  return credit(journeys, time_decay_rule(half_life_days), options);
}

}  // namespace dealtrail::attribution
