#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dealtrail/budget/curves.hpp"
#include "dealtrail/budget/plan.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"

namespace dealtrail::budget {

/// One channel that money can go to. Amounts are major units.
struct Channel {
  std::string name{};
  Curve curve;
  std::optional<double> today{};           // what it gets now
  std::optional<double> least{};           // default 0
  std::optional<double> most{};            // default: no limit of its own
  std::optional<double> least_of_today{};  // relative limits: 0.5 is half of what it gets now
  std::optional<double> most_of_today{};
  std::optional<double> least_if_used{};  // either nothing or at least this
  std::optional<double> fixed{};          // exactly this
  Currency currency{};                    // of the curve's money; none: that of the budget
};

/// Channels with limits of their money together. The members of two groups are nested or have none in common.
struct Group {
  std::string name{};
  std::vector<std::string> members{};  // names of channels
  std::optional<double> least{};
  std::optional<double> most{};
};

/// What to reach, and how. One of the goals; a budget alone is a goal, and it may be a cap for `marginal_roi`.
struct AllocateOptions {
  std::optional<double> budget{};        // the most response for this money
  std::optional<double> response{};      // the least money for this response
  std::optional<double> cpa{};           // the most response whose average cost is at most this
  std::optional<double> roi{};           // the same by (value * response - money) / money; needs `value`
  std::optional<double> marginal_roi{};  // money as long as the next unit of it has this ROI; needs `value`
  std::optional<double> value{};         // money of one unit of response
  std::vector<Group> groups{};
  Currency currency{};
  double gap = 1e-6;                 // relative; the search ends when it is proved
  std::size_t node_limit = 200'000;  // nodes of the split tree
  std::function<bool()> stop{};      // asked before each split; true ends the search with the best plan so far
};

/// The best allocation of money, with its certificate. The price of money (the response of its last unit) is searched
/// at which the answers of all channels meet the goal; curves that are not concave, packages and minimums if used take
/// a branch and bound over concave envelopes until the gap is proved. Money that brings nothing is left. Equal prices:
/// the channel whose name comes first gets the money. A plan for today's money of every channel that keeps all limits
/// is never better. O(n) a price, some ten prices a node; concave problems are one node.
/// Sources: Everett (1963), Operations Research 11, 399-417 (prices); Udell, Boyd (2013), Maximizing a sum of sigmoids.
/// @throws Error invalid_argument for no or several goals, a parameter out of range (the row named), duplicate names,
/// groups that overlap, limits that conflict (which ones and by how much), a goal that cannot be reached (what can),
/// currency_mismatch for a curve in another currency, unknown_name for a member of a group, overflow for amounts beyond
/// 64 bits.
[[nodiscard]] Plan allocate(std::span<const Channel> channels, const AllocateOptions& options);

}  // namespace dealtrail::budget

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/budget/detail/allocate.ipp"  // IWYU pragma: keep
#endif
