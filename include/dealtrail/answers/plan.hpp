#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dealtrail/budget/fit.hpp"
#include "dealtrail/budget/plan.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/evidence/judge.hpp"
#include "dealtrail/facts/outcome.hpp"
#include "dealtrail/table/table.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {

/// What money is planned for: a period, or one event.
struct PlanOptions {
  std::optional<double> budget{};   // major units: of a period; with an event what may come on top of its cost so far
  std::string event{};              // its id; without a budget: the least money that reaches the goal
  std::optional<double> goal{};     // default: the event's own goal of the metric
  std::string metric = "attended";  // guests who came, walk-ins among them; or registrations, another count, amount_won
  PeriodKind every = PeriodKind::month;  // what a budget without an event is for
  View view = View::marketing;
  std::optional<Timestamp> as_of{};  // none: every fact counts, and now is the latest activity
  double gap = 1e-6;
  std::function<bool()> stop{};  // as of budget::allocate
};

/// A channel that a plan leaves as it is, and why.
struct UnplannedChannel {
  std::string key{};
  ChannelState state = ChannelState::working;
  std::int64_t spend_minor = 0;  // of the placements that are over
  std::string reason{};
};

/// A plan made from the history of a Trail. Each row of the plan has its `why`.
struct TrailPlan {
  budget::Plan plan{};
  budget::Fit fit{};
  evidence::Judgement judged{};
  std::vector<UnplannedChannel> unplanned{};  // by key
  std::optional<double> goal{};               // of an event: what is to be reached, what is expected without the plan
  std::optional<double> expected{};

  /// key, state, spend, reason.
  [[nodiscard]] Table unplanned_table() const;
};

/// Where the next money goes (M1.12, M1.9): response curves fitted to the channels' placements, verdicts on channels,
/// and the best allocation, in one call.
///
/// - A budget: the most response in one period; `today` is the channel's average period.
/// - An event: the least money that brings what is missing to the goal (expected as `pace` tells, else as it is now),
/// or
///   with a budget the most guests for it; `today` is what the event cost so far in the channel.
/// - An archived channel gets nothing more, one whose drop is settled no more than today: its rate is too low at the
///   spends that were made, the curve tells what less would bring. One on trial gets at most one more placement of its
///   median spend; others, those with a provisional drop among them, up to twice their greatest spend of a
///   period (event): no curve is trusted further. Channels without a curve are in `unplanned`, their money aside.
///
/// @throws Error invalid_argument without budget and event, for a goal that is not known or out of reach, an event that
/// has begun, is cancelled or full, a history without any curve; unknown_name for an event or a metric; as
/// budget::allocate. O(facts).
[[nodiscard]] TrailPlan plan(const Trail& trail, const PlanOptions& options);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/answers/detail/plan.ipp"  // IWYU pragma: keep
#endif
