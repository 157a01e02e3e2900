#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dealtrail/budget/certificate.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::budget {

/// One channel of a plan. Amounts are minor units, responses and slopes per unit of major money.
struct PlanRow {
  std::string name{};
  std::optional<std::int64_t> today{};
  std::int64_t proposed = 0;
  std::optional<double> response_today{};
  double response = 0;
  std::optional<double> marginal_return{};  // of the next unit of money; none for packages
  std::string limit{};                      // the active one: least, most, fixed, least_if_used; empty for none
  std::optional<double> limit_gain{};       // what one unit of money more room brings
  std::string why{};                        // a sentence of who made the plan; empty for none
};

/// A limit of several channels that is active: the budget, or a group.
struct PlanLimit {
  std::string name{};  // "(budget)" or the group's
  std::string limit{};
  std::int64_t amount = 0;
  double gain = 0;  // what one unit of money more room brings
};

/// Money for each channel, with the proof of how good it is.
struct Plan {
  std::vector<PlanRow> rows{};  // in the order of the channels that were given
  std::vector<PlanLimit> limits{};
  std::int64_t spent = 0;              // minor units, the sum of the rows
  std::optional<std::int64_t> left{};  // of the budget; none without a budget
  double response = 0;
  std::optional<double> response_today{};  // when today's money of every channel is known
  double value = 0;                        // what the goal counts, see Certificate
  double bound = 0;
  double gap = 0;
  bool exact = false;                    // value and bound are equal to 1e-9
  std::optional<double> shadow_price{};  // what one more unit of money brings; none when only packages could take it
  Certificate certificate{};
  std::vector<bool> open_most{};  // by channel of the certificate: no upper limit was given

  /// key, today, proposed, change, response_today, response, marginal_return, limit, limit_gain, and `why` where
  /// a row has one; a row per channel, then `(total)`. O(channels).
  [[nodiscard]] Table table() const;
  /// Checks the certificate without the solver. O(channels) a leaf.
  [[nodiscard]] Verification verify() const { return budget::verify(certificate); }
};

/// The most response for `count` budgets, evenly from the least possible one to `most` (major units; default: twice
/// the money of the plan): budget, value, bound, shadow_price, then the money of each channel. A row per budget. On
/// S-curves a channel may get less as the budget grows. Each row is a search of its own, limited to `node_limit` nodes.
/// @throws Error invalid_argument for no rows, or a greatest budget below the least possible one.
[[nodiscard]] Table frontier(const Plan& plan, std::size_t count = 100, std::optional<double> most = std::nullopt,
                             double gap = 1e-6, std::size_t node_limit = 2'000, const std::function<bool()>& stop = {});

}  // namespace dealtrail::budget

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/budget/detail/plan.ipp"  // IWYU pragma: keep
#endif
