#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/money.hpp"
#include "dealtrail/placements/placements.hpp"

namespace dealtrail::detail::placement {

inline constexpr std::size_t first_rows = 5;

// The problems of one table by code, in the order of their first row.
class ProblemList {
 public:
  void add(const PlacementProblem& kind, std::string id, std::string value) {
    const auto found =
        std::find_if(list_.begin(), list_.end(), [&](const PlacementProblem& one) { return one.code == kind.code; });
    PlacementProblem& one = found == list_.end() ? list_.emplace_back(kind) : *found;
    ++one.count;
    if (one.first_ids.size() < first_rows) {
      one.first_ids.push_back(std::move(id));
      one.first_values.push_back(std::move(value));
    }
  }
  [[nodiscard]] std::vector<PlacementProblem> take() { return std::move(list_); }

 private:
  std::vector<PlacementProblem> list_;
};

[[nodiscard]] inline PlacementProblem problem(const char* code, const char* severity, const std::string& column,
                                              const char* message, const char* hint) {
  return {code, severity, column, 0, {}, {}, message, hint};
}

/// Adds the numbers of another row of the same placement.
inline void add_row(Placement& to, const Placement& from) {
  if (from.at && (!to.at || *from.at < *to.at)) to.at = from.at;
  if (from.spend_minor) to.spend_minor = checked_add(to.spend_minor.value_or(0), *from.spend_minor);
  to.count = checked_add(to.count, from.count);
  if (from.trials) to.trials = checked_add(to.trials.value_or(0), *from.trials);
  if (from.exposure) to.exposure = to.exposure.value_or(0) + *from.exposure;
  to.state = std::max(to.state, from.state);
  to.open = to.open || from.open;
}

}  // namespace dealtrail::detail::placement
