#pragma once

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "dealtrail/core/error.hpp"
#include "dealtrail/facts/lookback.hpp"
#include "dealtrail/journeys/detail/journey_owners.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail::detail {

// What journeys of a Trail cannot be asked for.
inline void check_journey_options(const TrailJourneyOptions& options) {
  const auto one_of = [](std::string_view what, std::string_view name, std::span<const std::string_view> names,
                         const char* hint) {
    if (std::find(names.begin(), names.end(), name) != names.end()) return;
    throw Error(ErrorCode::unknown_name,
                "no such " + std::string{what} + ": \"" + std::string{name.substr(0, 64)} + "\"", {}, hint);
  };
  constexpr std::array<std::string_view, 4> tos{"attended", "deal_created", "won", "paid"};
  constexpr std::array<std::string_view, 3> subjects{"person", "company", "deal"};
  constexpr std::string_view milestone = "milestone:";
  if (!options.to.starts_with(milestone) || options.to.size() == milestone.size())
    one_of("conversion", options.to, tos, "attended, deal_created, won, paid or milestone:<kind>");
  constexpr std::array<std::string_view, 5> values{"amount", "margin", "amount_won_known", "amount_won_left_out",
                                                   "won_unvalued"};
  one_of("value", options.value, values, "amount, margin, amount_won_known, amount_won_left_out or won_unvalued");
  if (options.value != "amount" && options.to != "won")
    throw Error(ErrorCode::invalid_argument, "only deals won have a " + options.value, {}, "to won");
  one_of("subject", options.subject, subjects, "person, company or deal");
  constexpr const char* all_kinds =
      "impression, click, call, form, chat, visit, registration, attendance, lead or deal";
  for (const std::string& kind : options.kinds) one_of("kind of touch", kind, touch_kinds, all_kinds);
  if (options.to == "attended" && options.subject == "deal")
    throw Error(ErrorCode::invalid_argument, "a deal attends nothing", {}, "subject person or company");
  if (options.lookback_days) check_lookback_days(*options.lookback_days);
  std::set<std::string_view> told;
  for (const auto& [kind, days] : options.lookback_days_of) {
    one_of("kind of touch", kind, touch_kinds, all_kinds);
    check_lookback_days(days);
    if (!told.insert(kind).second)
      throw Error(ErrorCode::invalid_argument, "a kind of touch has two look-backs: " + kind);
  }
}

}  // namespace dealtrail::detail
