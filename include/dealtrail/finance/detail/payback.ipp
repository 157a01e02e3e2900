#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/civil.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/finance/detail/rates_of_return.hpp"
#include "dealtrail/finance/payback.hpp"

namespace dealtrail::finance {

namespace detail {

inline constexpr double days_a_year = 365;

[[nodiscard]] inline std::string text_of_day(std::int64_t day) {
  return to_text(Period{PeriodKind::day, static_cast<std::int32_t>(day)});
}

// Begun months between two days: the fewest months after the first that reach the second; the 31st plus a month is the
// last day of a shorter month.
[[nodiscard]] inline std::int64_t begun_months(std::int64_t from, std::int64_t to) noexcept {
  const auto first = dealtrail::detail::civil_from_days(from);
  const auto last = dealtrail::detail::civil_from_days(to);
  const std::int64_t months =
      (last.year - first.year) * 12 + (static_cast<std::int64_t>(last.month) - static_cast<std::int64_t>(first.month));
  const auto length = static_cast<std::int64_t>(dealtrail::detail::days_in_month(last.year, last.month));
  const std::int64_t reached = std::min(static_cast<std::int64_t>(first.day), length);
  return months + (static_cast<std::int64_t>(last.day) > reached ? 1 : 0);
}

[[nodiscard]] inline std::int64_t discounted(std::int64_t minor, double discount, std::int64_t days) {
  if (discount == 0 || days == 0) return minor;
  const double worth = static_cast<double>(minor) * std::pow(1 + discount, -static_cast<double>(days) / days_a_year);
  return static_cast<std::int64_t>(std::nearbyint(worth));
}

inline void check_payback(std::span<const Flow> flows, const PaybackOptions& options) {
  if (!(options.discount >= 0 && options.discount <= 1)) {
    throw Error(ErrorCode::invalid_argument,
                "a discount is a fraction a year from 0 to 1, found " + std::to_string(options.discount),
                {"payback", "discount", -1}, "write 0.1 for 10 % a year");
  }
  constexpr std::int64_t first = dealtrail::detail::days_from_civil(1, 1, 1);
  constexpr std::int64_t last = dealtrail::detail::days_from_civil(9999, 12, 31);
  for (std::size_t i = 0; i < flows.size(); ++i) {
    if (flows[i].day < first || flows[i].day > last) {
      throw Error(ErrorCode::invalid_argument,
                  "a day lies in the years 1 to 9999, found day " + std::to_string(flows[i].day) + " after 1970-01-01",
                  {"payback", "flows", static_cast<std::int64_t>(i)});
    }
  }
}

inline void find_payback(Payback& result) {
  bool below = false;
  for (const PaybackDay& one : result.days) {
    const bool now_below = one.running_discounted < 0;
    if (now_below && result.at && result.reason.empty())
      result.reason = "the running sum is below zero again from " + text_of_day(one.day);
    if (!now_below && below && !result.at) result.at = one.day;
    below = below || now_below;
  }
  if (result.at) {
    result.months = begun_months(result.days.front().day, *result.at);
  } else if (result.days.empty()) {
    result.reason = "there are no flows";
  } else if (below) {
    result.reason = "not within the flows";
  } else {
    result.reason = "the running sum is never below zero";
  }
}

inline void find_rates(Payback& result) {
  std::vector<WeightedFlow> flows;
  for (const PaybackDay& one : result.days) {
    if (one.flow == 0) continue;
    flows.push_back({.years = static_cast<double>(one.day - result.days.front().day) / days_a_year,
                     .weight = static_cast<double>(one.flow)});
  }
  result.sign_changes = sign_changes(flows);
  if (result.sign_changes == 0) {
    result.rates_reason = "the flows do not change sign";
    return;
  }
  if (result.sign_changes > most_sign_changes) {
    result.rates_reason = "the flows change sign " + std::to_string(result.sign_changes) +
                          " times: that many rates may exist, and none is given";
    return;
  }
  const auto logs = roots_of_value(std::move(flows), std::log(1e-4), std::log1p(1e6));
  for (const double log : logs) result.rates.push_back(std::expm1(log));
  if (result.rates.empty()) {
    result.rates_reason = "no rate makes the flows worth nothing";
  } else if (result.rates.size() > 1) {
    result.rates_reason = std::to_string(result.rates.size()) + " rates of return exist: the flows change sign " +
                          std::to_string(result.sign_changes) + " times";
  }
}

}  // namespace detail

DEALTRAIL_INLINE Payback payback(std::span<const Flow> flows, const PaybackOptions& options) {
  detail::check_payback(flows, options);
  std::map<std::int64_t, MoneySum> by_day;
  for (const Flow& one : flows) by_day[one.day].add(one.minor);
  Payback result;
  result.currency = options.currency;
  for (const auto& [day, sum] : by_day) {
    PaybackDay made{.day = day, .flow = sum.total()};
    made.discounted = detail::discounted(made.flow, options.discount, day - by_day.begin()->first);
    const PaybackDay before = result.days.empty() ? PaybackDay{} : result.days.back();
    made.running = checked_add(before.running, made.flow);
    made.running_discounted = checked_add(before.running_discounted, made.discounted);
    result.days.push_back(made);
  }
  detail::find_payback(result);
  detail::find_rates(result);
  std::string discount = std::to_string(options.discount);
  discount.erase(std::max(discount.find_last_not_of('0'), discount.find('.') + 1) + 1);
  result.meta = {{"discount", discount},
                 {"year", "365 days"},
                 {"rounding", "each discounted flow to a minor unit, half to even"},
                 {"flows", std::to_string(flows.size())}};
  return result;
}

DEALTRAIL_INLINE Table Payback::table() const {
  TableBuilder builder{"payback"};
  ColumnBuilder& at_day = builder.text("at");
  ColumnBuilder& flow = builder.money("flow", currency);
  ColumnBuilder& running = builder.money("running", currency);
  ColumnBuilder& worth = builder.money("discounted", currency);
  ColumnBuilder& running_worth = builder.money("running_discounted", currency);
  for (const PaybackDay& one : days) {
    at_day.append_text(detail::text_of_day(one.day));
    flow.append_minor(one.flow);
    running.append_minor(one.running);
    worth.append_minor(one.discounted);
    running_worth.append_minor(one.running_discounted);
  }
  for (const auto& [key, text] : meta) builder.meta(key, text);
  return builder.finish();
}

DEALTRAIL_INLINE Table Payback::summary() const {
  TableBuilder builder{"payback"};
  ColumnBuilder& at_day = builder.text("at");
  ColumnBuilder& begun = builder.integer("months");
  ColumnBuilder& why = builder.text("reason");
  ColumnBuilder& rate = builder.real("rate", "ratio");
  ColumnBuilder& found = builder.integer("rates");
  ColumnBuilder& why_rates = builder.text("rates_reason");
  at_day.append_text(at ? std::optional{detail::text_of_day(*at)} : std::nullopt);
  begun.append_integer(months);
  why.append_text(reason.empty() ? std::nullopt : std::optional{reason});
  rate.append_real(rates.size() == 1 ? std::optional{rates.front()} : std::nullopt);
  found.append_integer(static_cast<std::int64_t>(rates.size()));
  why_rates.append_text(rates_reason.empty() ? std::nullopt : std::optional{rates_reason});
  for (const auto& [key, text] : meta) builder.meta(key, text);
  return builder.finish();
}

}  // namespace dealtrail::finance
