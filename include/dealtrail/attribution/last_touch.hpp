#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail::attribution {

/// All of a conversion to its last touch that is not of the channels `except` ("last non-direct"); to the last touch
/// when all are. Names that no journey has do nothing.
[[nodiscard]] inline CreditRule last_touch_rule(std::vector<std::string> except = {}) {
  CreditRule rule{.model = "last_touch", .shape = CreditRule::Shape::one_touch, .last = true};
  std::string names;
  for (const std::string& name : except) names += (names.empty() ? "" : ", ") + name;
  if (!names.empty()) rule.parameters.emplace_back("except", names);
  rule.except = std::move(except);
  return rule;
}

/// Credit by the last touch; see `credit` for costs and errors.
[[nodiscard]] inline Credit last_touch(const Journeys& journeys, std::vector<std::string> except = {},
                                       const CreditOptions& options = {}) {
  return credit(journeys, last_touch_rule(std::move(except)), options);
}

}  // namespace dealtrail::attribution
