#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/budget/curves.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"

namespace dealtrail::budget {

/// What a plan is to reach.
enum class Goal : std::uint8_t {
  most_response,   // the most response for a budget
  least_budget,    // the least money for a response
  target_cpa,      // the most response whose average cost is within a target
  marginal_return  // money is spent as long as one unit of it brings a target, the budget is a cap
};
inline constexpr std::array<std::string_view, 4> goal_names{"most_response", "least_budget", "target_cpa",
                                                            "marginal_return"};
[[nodiscard]] constexpr std::string_view to_string(Goal goal) noexcept {
  return goal_names[static_cast<std::size_t>(goal)];
}

/// One channel of a problem: money from `least` to `most`, or none at all when `least_if_used` is above 0. Amounts are
/// whole minor units.
struct ProblemChannel {
  std::string name{};
  Curve curve;
  std::int64_t least = 0;
  std::int64_t most = 0;
  std::int64_t least_if_used = 0;  // with it `least` is 0
  std::int32_t group = -1;         // the innermost group, -1 for none
};

/// Limits of the money of several channels together. Groups are nested or disjoint.
struct ProblemGroup {
  std::string name{};
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();  // the greatest number: no limit
  std::int32_t parent = -1;                                      // stands before its inner groups; -1 for none
};

/// A problem of allocation, checked. Channels of one group, inner groups included, stand side by side.
struct Problem {
  Currency currency{};
  int places = 2;  // a major unit has 10^places minor units
  std::vector<ProblemChannel> channels{};
  std::vector<ProblemGroup> groups{};
  Goal goal = Goal::most_response;
  std::int64_t budget = std::numeric_limits<std::int64_t>::max();  // the greatest number: no budget
  double target =
      0;  // least_budget: response; target_cpa: money of one response; marginal_return: response of one unit
  bool in_order = false;  // equal channels of one group get money in falling order (verified with the rest)
};

/// One node of a split tree. A split divides the choices of one channel; a leaf has a price of money for each group,
/// the prices of money for the whole first, or it is empty: no plan within its limits exists.
struct SplitNode {
  std::int32_t channel = -1;   // of a split; -1 for a leaf
  std::int64_t left_most = 0;  // the left branch has at most this, the right branch at least `right_least`
  std::int64_t right_least = 0;
  std::int32_t left = -1;
  std::int32_t right = -1;
  bool empty = false;
  std::vector<double> prices{};  // response per unit of money
};

/// A plan with the proof of how good it is. The first node is the root.
struct Certificate {
  Problem problem{};
  std::vector<std::int64_t> spend{};  // minor units, by channel
  double value = 0;  // what the goal counts: response, money for least_budget, net response for marginal_return
  double bound = 0;  // no plan is better than this
  double gap = 0;    // |bound - value| / max(|bound|, |value|), 0 when both are equal
  std::vector<SplitNode> nodes{};
};

/// The result of a check. `bound` and `value` are computed anew.
struct Verification {
  bool valid = false;
  std::string problem{};  // why not; empty when valid
  std::int64_t leaves = 0;
  double value = 0;
  double bound = 0;
  double gap = 0;
};

/// Checks a certificate without the solver: the plan keeps all limits in minor units and reaches the goal, its value is
/// right, the leaves cover every choice, and the bound of each leaf by weak duality is not better than the bound that
/// is stated. Tolerance: 1e-11 of the sums. O(channels + groups) a leaf.
[[nodiscard]] Verification verify(const Certificate& certificate);

/// The certificate as a JSON object, numbers with all their digits; verified by docs/budget/verify_certificate.py
/// without the library. Names that are not UTF-8 are written with replacement characters. O(size).
[[nodiscard]] std::string to_json(const Certificate& certificate);

}  // namespace dealtrail::budget

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/budget/detail/certificate.ipp"       // IWYU pragma: keep
#include "dealtrail/budget/detail/certificate_json.ipp"  // IWYU pragma: keep
#endif
