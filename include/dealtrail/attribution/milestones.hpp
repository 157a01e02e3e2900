#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/attribution/detail/shares.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail::attribution {

/// The share of the touch at a milestone: `first`, `last` (the one that closes), or a milestone that the journeys know
/// (`lead_created`, `deal_created`).
struct MilestoneShare {
  std::string name{};
  double share = 0;
};

/// Shares for the touches at milestones, the rest in equal parts to the others. The touch of a milestone is the closest
/// one at or before it; one that is at several adds their shares; a milestone that was not reached, or came before all
/// touches, has none, and the other shares are scaled up. Without other touches the milestones' shares are scaled to 1.
/// @throws Error invalid_argument for no milestones, one that is named twice, a share below 0 or shares above 1.
[[nodiscard]] inline CreditRule milestones_rule(const std::vector<MilestoneShare>& shares,
                                                std::string model = "milestones") {
  if (shares.empty()) throw Error(ErrorCode::invalid_argument, "milestones needs the share of one at least");
  CreditRule rule{.model = std::move(model), .shape = CreditRule::Shape::milestones};
  std::uint64_t taken = 0;
  for (const MilestoneShare& one : shares) {
    const detail::Billionths share = detail::billionths(one.share, one.name);
    for (const CreditRule::Milestone& other : rule.milestones) {
      if (other.name == one.name) throw Error(ErrorCode::invalid_argument, "a milestone is named twice: " + one.name);
    }
    rule.parameters.emplace_back(one.name, share.text());
    rule.milestones.push_back({one.name, share.count});
    taken += share.count;
  }
  rule.rest_share = detail::what_is_left(taken, "milestones");
  return rule;
}

/// 40 % to the first touch, 40 % to the one that made the lead, 20 % to the others.
[[nodiscard]] inline CreditRule u_shaped_rule() {
  return milestones_rule({{"first", 0.4}, {"lead_created", 0.4}}, "u_shaped");
}
/// 30 % each to the first touch, the lead's and the deal's, 10 % to the others.
[[nodiscard]] inline CreditRule w_shaped_rule() {
  return milestones_rule({{"first", 0.3}, {"lead_created", 0.3}, {"deal_created", 0.3}}, "w_shaped");
}
/// 22.5 % each to the first touch, the lead's, the deal's and the closing one, 10 % to the others.
[[nodiscard]] inline CreditRule full_path_rule() {
  return milestones_rule({{"first", 0.225}, {"lead_created", 0.225}, {"deal_created", 0.225}, {"last", 0.225}},
                         "full_path");
}

/// Credit by milestones of one's own; see `credit` for costs and errors.
[[nodiscard]] inline Credit milestones(const Journeys& journeys, const std::vector<MilestoneShare>& shares,
                                       const CreditOptions& options = {}) {
  return credit(journeys, milestones_rule(shares), options);
}
/// Credit by 40 / 40 / 20 over first touch, lead and the others.
[[nodiscard]] inline Credit u_shaped(const Journeys& journeys, const CreditOptions& options = {}) {
  return credit(journeys, u_shaped_rule(), options);
}
/// Credit by 30 / 30 / 30 / 10 over first touch, lead, deal and the others.
[[nodiscard]] inline Credit w_shaped(const Journeys& journeys, const CreditOptions& options = {}) {
  return credit(journeys, w_shaped_rule(), options);
}
/// Credit by 22.5 % for first touch, lead, deal, close, and 10 % for the others.
[[nodiscard]] inline Credit full_path(const Journeys& journeys, const CreditOptions& options = {}) {
  return credit(journeys, full_path_rule(), options);
}

}  // namespace dealtrail::attribution
