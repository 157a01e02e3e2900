#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/civil.hpp"
#include "dealtrail/core/detail/period_text.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/core/zone.hpp"

namespace dealtrail {

namespace detail {

// The first moment of a day; days that a Timestamp cannot name end at its ends.
[[nodiscard]] inline Timestamp day_begin(std::int64_t day, const Zone& zone) noexcept {
  std::int64_t local_us = 0;
  if (__builtin_mul_overflow(day, us_per_day, &local_us)) {
    return from_us(day < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max());
  }
  return zone.first_moment(local_us);
}

}  // namespace detail

DEALTRAIL_INLINE Period period_of(Timestamp at, PeriodKind kind, const Zone& zone) noexcept {
  return {kind, detail::ordinal_of_day(detail::floor_divide(zone.to_local(at), us_per_day), kind)};
}

DEALTRAIL_INLINE Timestamp begin(const Period& period, const Zone& zone) noexcept {
  return detail::day_begin(detail::first_day(period), zone);
}

DEALTRAIL_INLINE Timestamp end(const Period& period, const Zone& zone) noexcept {
  if (period.days > 1) return detail::day_begin(std::int64_t{period.ordinal} + period.days, zone);
  if (period.ordinal == std::numeric_limits<std::int32_t>::max()) return Timestamp::max();
  return begin(next(period), zone);
}

DEALTRAIL_INLINE Timestamp end_of_day(std::chrono::year_month_day day, const Zone& zone) {
  if (!day.ok()) throw Error(ErrorCode::invalid_argument, "end_of_day: a day that is not in the calendar");
  return detail::end_of_day(std::chrono::sys_days{day}.time_since_epoch().count(), zone);
}

DEALTRAIL_INLINE Timestamp detail::end_of_day(std::int64_t day, const Zone& zone) noexcept {
  const Timestamp next = day_begin(day == std::numeric_limits<std::int64_t>::max() ? day : day + 1, zone);
  return next == Timestamp::min() || next == Timestamp::max() ? next : next - std::chrono::microseconds{1};
}

DEALTRAIL_INLINE std::string to_text(const Period& period) {
  if (period.days > 1) {
    const std::int64_t last = std::int64_t{period.ordinal} + period.days - 1;
    return to_text(Period{PeriodKind::day, period.ordinal}) + ".." +
           to_text(Period{PeriodKind::day, static_cast<std::int32_t>(last)});
  }
  std::string text;
  std::int64_t day = detail::first_day(period);
  if (period.kind == PeriodKind::week) day += 3;  // an ISO week belongs to the year of its Thursday
  const auto date = detail::civil_from_days(day);
  detail::append_year(text, date.year);
  switch (period.kind) {
    case PeriodKind::day:
      text += '-';
      detail::append_padded(text, date.month, 2);
      text += '-';
      detail::append_padded(text, date.day, 2);
      break;
    case PeriodKind::week:
      text += "-W";
      detail::append_padded(text, (day - detail::days_from_civil(date.year, 1, 1)) / 7 + 1, 2);
      break;
    case PeriodKind::month:
      text += '-';
      detail::append_padded(text, date.month, 2);
      break;
    case PeriodKind::quarter:
      text += "-Q";
      text += std::to_string((date.month - 1) / 3 + 1);
      break;
    case PeriodKind::year: break;
  }
  return text;
}

DEALTRAIL_INLINE Period parse_period(std::string_view text) {
  if (const auto period = find_period(text)) return *period;
  const std::string shown = std::string(text.substr(0, 40)) + (text.size() > 40 ? "..." : "");
  throw Error(ErrorCode::parse_error, "not a period: \"" + shown + "\"", {},
              "expected a day 2026-03-14, an ISO week 2026-W11, a month 2026-03, a quarter 2026-Q1 or a year 2026, "
              "or two of them, both included: 2026-02-20..2026-03-20");
}

DEALTRAIL_INLINE Period parse_period(std::string_view text, std::optional<Timestamp> now, const Zone& zone) {
  constexpr std::string_view before = "last ";
  constexpr std::string_view after = " days";
  constexpr std::int64_t most_days = 36'600;
  if (!text.starts_with(before) || !text.ends_with(after) || text.size() <= before.size() + after.size())
    return parse_period(text);
  std::string_view number = text.substr(before.size(), text.size() - before.size() - after.size());
  const std::int64_t days = number.size() > 5 ? 0 : detail::take_number(number, number.size());
  if (days < 1 || days > most_days) return parse_period(text);
  if (!now.has_value())
    throw Error(ErrorCode::invalid_argument, "days before now, and nothing has happened", {}, "give as_of");
  Period last = period_of(*now, PeriodKind::day, zone);
  last.ordinal -= static_cast<std::int32_t>(days - 1);
  last.days = static_cast<std::int32_t>(days);
  return last;
}

}  // namespace dealtrail
