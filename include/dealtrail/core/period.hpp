#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/civil.hpp"
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/core/detail/scan.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/core/zone.hpp"

namespace dealtrail {

enum class PeriodKind : std::uint8_t { day, week, month, quarter, year };

/// "day", "week", "month", "quarter", "year".
inline constexpr detail::EnumNames<5> period_kind_names{"day", "week", "month", "quarter", "year"};
[[nodiscard]] constexpr std::string_view to_string(PeriodKind kind) noexcept {
  return detail::enum_name(period_kind_names, kind);
}

/// The kind of that name, or nothing.
[[nodiscard]] constexpr std::optional<PeriodKind> find_period_kind(std::string_view name) noexcept {
  return detail::find_enum<PeriodKind>(period_kind_names, name);
}

/// One day, ISO week (Monday to Sunday), month, quarter or year of the Gregorian calendar; `ordinal` counts from the
/// one that holds 1970-01-01, which is 0. Periods of one kind are ordered by time. Days in a row are one period, too.
struct Period {
  PeriodKind kind = PeriodKind::day;
  std::int32_t ordinal = 0;
  std::int32_t days = 1;  // of several days in a row, of which `ordinal` is the first; else 1
  friend constexpr bool operator==(const Period&, const Period&) noexcept = default;
  friend constexpr auto operator<=>(const Period&, const Period&) noexcept = default;
};

/// The period after or before this one. The greatest and the least ordinal stay where they are.
[[nodiscard]] constexpr Period next(Period period) noexcept {
  if (period.ordinal <= std::numeric_limits<std::int32_t>::max() - period.days) period.ordinal += period.days;
  return period;
}
[[nodiscard]] constexpr Period previous(Period period) noexcept {
  if (period.ordinal >= std::numeric_limits<std::int32_t>::min() + period.days) period.ordinal -= period.days;
  return period;
}

namespace detail {

// Week 0 is the one from Monday 1969-12-29, three days before the epoch.
inline constexpr std::int64_t week_zero_monday = -3;

[[nodiscard]] constexpr std::int64_t first_day(const Period& period) noexcept {
  const std::int64_t ordinal = period.ordinal;
  switch (period.kind) {
    case PeriodKind::day: return ordinal;
    case PeriodKind::week: return ordinal * 7 + week_zero_monday;
    case PeriodKind::month:
      return days_from_civil(1970 + floor_divide(ordinal, 12),
                             static_cast<unsigned>(ordinal - floor_divide(ordinal, 12) * 12) + 1, 1);
    case PeriodKind::quarter:
      return days_from_civil(1970 + floor_divide(ordinal, 4),
                             static_cast<unsigned>(ordinal - floor_divide(ordinal, 4) * 4) * 3 + 1, 1);
    case PeriodKind::year: break;
  }
  return days_from_civil(1970 + ordinal, 1, 1);
}

[[nodiscard]] constexpr std::int32_t ordinal_of_day(std::int64_t day, PeriodKind kind) noexcept {
  if (kind == PeriodKind::day) return static_cast<std::int32_t>(day);
  if (kind == PeriodKind::week) return static_cast<std::int32_t>(floor_divide(day - week_zero_monday, 7));
  const CivilDate date = civil_from_days(day);
  const std::int64_t years = date.year - 1970;
  if (kind == PeriodKind::month) return static_cast<std::int32_t>(years * 12 + date.month - 1);
  if (kind == PeriodKind::quarter) return static_cast<std::int32_t>(years * 4 + (date.month - 1) / 3);
  return static_cast<std::int32_t>(years);
}

}  // namespace detail

/// The period whose dates hold this moment on the wall clock of the zone.
[[nodiscard]] Period period_of(Timestamp at, PeriodKind kind, const Zone& zone = {}) noexcept;

/// The first moment of a period: its first day's 00:00 on the wall clock, or the change of the clock that skips it.
/// A period that the zone skipped altogether has begin == end. Beyond what a Timestamp can name, the end of its range.
[[nodiscard]] Timestamp begin(const Period& period, const Zone& zone = {}) noexcept;

/// The first moment after a period: the begin of the next one.
[[nodiscard]] Timestamp end(const Period& period, const Zone& zone = {}) noexcept;

/// The last microsecond of a day on the wall clock of the zone: as of then the whole day counts.
/// @throws Error invalid_argument for a day that is not in the calendar.
[[nodiscard]] Timestamp end_of_day(std::chrono::year_month_day day, const Zone& zone = {});

namespace detail {
/// The same by the number of the day since 1970-01-01.
[[nodiscard]] Timestamp end_of_day(std::int64_t day, const Zone& zone) noexcept;
/// Whether a moment is the first, or the last, of its day: how a day without a time is kept where a field begins, or
/// ends, something.
[[nodiscard]] inline bool is_day_begin(std::int64_t at_us, const Zone& zone) noexcept {
  return zone.to_local(from_us(at_us)) % us_per_day == 0;
}
[[nodiscard]] inline bool is_day_end(std::int64_t at_us, const Zone& zone) noexcept {
  return at_us != std::numeric_limits<std::int64_t>::max() && is_day_begin(at_us + 1, zone);
}
}  // namespace detail

/// "2026-03-14", "2026-W11", "2026-03", "2026-Q1", "2026" or "2026-02-20..2026-03-20"; years before 0 and after 9999
/// carry a sign ("+10000-01").
[[nodiscard]] std::string to_text(const Period& period);

/// The period that `to_text` writes so, or nothing. Nothing else is read: no spaces, no lower case, no shortened
/// numbers. Of `A..B` both are periods of any kind, both included.
[[nodiscard]] constexpr std::optional<Period> find_period(std::string_view text) noexcept {
  if (const std::size_t dots = text.find(".."); dots != std::string_view::npos) {
    const auto from = find_period(text.substr(0, dots));
    const auto to = find_period(text.substr(dots + 2));
    if (!from.has_value() || !to.has_value() || from->days != 1 || to->days != 1) return std::nullopt;
    const std::int64_t first = detail::first_day(*from);
    const std::int64_t days = detail::first_day(next(*to)) - first;
    if (days < 1 || days > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
    return Period{PeriodKind::day, static_cast<std::int32_t>(first), static_cast<std::int32_t>(days)};
  }
  const bool minus = detail::take_char(text, '-');
  const bool plus = !minus && detail::take_char(text, '+');
  std::size_t width = 4;
  if (minus || plus) {
    while (width < 6 && width < text.size() && text[width] >= '0' && text[width] <= '9') ++width;
  }
  const std::int64_t magnitude = detail::take_number(text, width);
  if (magnitude < 0 || (minus && magnitude == 0) || (plus && magnitude <= 9999)) return std::nullopt;
  if (minus && width > 4 && magnitude <= 9999) return std::nullopt;
  const std::int64_t year = minus ? -magnitude : magnitude;
  const auto make = [](PeriodKind kind, std::int64_t day) { return Period{kind, detail::ordinal_of_day(day, kind)}; };
  if (text.empty()) return make(PeriodKind::year, detail::days_from_civil(year, 1, 1));
  if (!detail::take_char(text, '-')) return std::nullopt;
  if (detail::take_char(text, 'W')) {
    const std::int64_t week = detail::take_number(text, 2);
    if (week < 1 || !text.empty()) return std::nullopt;
    // Week 1 holds January 4th; week 53 exists when its Thursday is still in the year.
    const std::int64_t first = detail::ordinal_of_day(detail::days_from_civil(year, 1, 4), PeriodKind::week);
    const Period period{PeriodKind::week, static_cast<std::int32_t>(first + week - 1)};
    if (detail::civil_from_days(detail::first_day(period) + 3).year != year) return std::nullopt;
    return period;
  }
  if (detail::take_char(text, 'Q')) {
    const std::int64_t quarter = detail::take_number(text, 1);
    if (quarter < 1 || quarter > 4 || !text.empty()) return std::nullopt;
    return make(PeriodKind::quarter, detail::days_from_civil(year, static_cast<unsigned>(quarter * 3 - 2), 1));
  }
  const std::int64_t month = detail::take_number(text, 2);
  if (month < 1 || month > 12) return std::nullopt;
  if (text.empty()) return make(PeriodKind::month, detail::days_from_civil(year, static_cast<unsigned>(month), 1));
  if (!detail::take_char(text, '-')) return std::nullopt;
  const std::int64_t day = detail::take_number(text, 2);
  if (day < 1 || day > static_cast<std::int64_t>(detail::days_in_month(year, static_cast<unsigned>(month))) ||
      !text.empty()) {
    return std::nullopt;
  }
  return make(PeriodKind::day, detail::days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day)));
}

/// The period of a text.
/// @throws Error parse_error that quotes the text and lists the forms.
[[nodiscard]] Period parse_period(std::string_view text);

/// The same, and "last 30 days": so many days, of which the last holds `now`.
/// @throws Error parse_error; invalid_argument for days before a `now` that is not known.
[[nodiscard]] Period parse_period(std::string_view text, std::optional<Timestamp> now, const Zone& zone = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/core/detail/period.ipp>
#endif
