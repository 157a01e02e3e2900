#pragma once

#include <string>
#include <string_view>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/attribution/detail/shares.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail::attribution {

/// How position_based divides: shares of the first and the last touch, the rest in equal parts to those between. Shares
/// count to a billionth.
struct PositionBased {
  double first = 0.4;
  double last = 0.4;
  /// Of two touches: the middle's share half to each, or the shares of the ends scaled to 1.
  CreditRule::TwoTouches two_touches = CreditRule::TwoTouches::halve_middle;
};

/// The J of suites: 20 % first, 60 % last, 20 % between; two touches 25 and 75 %.
inline constexpr PositionBased j_shaped{0.2, 0.6, CreditRule::TwoTouches::renormalise};
/// The inverse J: 60 % first, 20 % last, 20 % between; two touches 75 and 25 %.
inline constexpr PositionBased inverse_j_shaped{0.6, 0.2, CreditRule::TwoTouches::renormalise};

/// @throws Error invalid_argument for a share below 0, or shares above 1 together.
[[nodiscard]] inline CreditRule position_based_rule(const PositionBased& shares = {}) {
  const detail::Billionths first = detail::billionths(shares.first, "first");
  const detail::Billionths last = detail::billionths(shares.last, "last");
  CreditRule rule{
      .model = "position_based",
      .parameters = {{"first", first.text()},
                     {"last", last.text()},
                     {"two_touches",
                      shares.two_touches == CreditRule::TwoTouches::halve_middle ? "halve_middle" : "renormalise"}},
      .first_share = first.count,
      .last_share = last.count,
      .middle_share = detail::what_is_left(first.count + last.count, "first and last"),
      .two = shares.two_touches};
  return rule;
}

/// Credit by position; see `credit` for costs and errors.
[[nodiscard]] inline Credit position_based(const Journeys& journeys, const PositionBased& shares = {},
                                           const CreditOptions& options = {}) {
  return credit(journeys, position_based_rule(shares), options);
}

}  // namespace dealtrail::attribution
