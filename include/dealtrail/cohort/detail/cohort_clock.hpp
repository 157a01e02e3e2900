#pragma once

#include <algorithm>
#include <cstdint>

#include "dealtrail/core/detail/civil.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/core/zone.hpp"

// Which period after a birth a moment lies in.
//
// Calendar: the difference of the periods' ordinals, so a week begins on Monday. Rolling days and weeks are spans of 24
// hours; rolling months, quarters and years begin on the birth's day of the month at its time of day, or on the last
// day of a shorter month: births on 31 January have their periods begin on 28 February, 31 March, 30 April.
namespace dealtrail::cohort::detail {

class CohortClock {
 public:
  CohortClock(PeriodKind every, bool rolling, const Zone& zone)
      : every_(every), rolling_(rolling), utc_(zone == Zone{}), zone_(zone) {}

  [[nodiscard]] std::int64_t local(std::int64_t at) const noexcept { return utc_ ? at : zone_.to_local(from_us(at)); }
  [[nodiscard]] std::int32_t ordinal(std::int64_t at) const noexcept {
    return dealtrail::detail::ordinal_of_day(dealtrail::detail::floor_divide(local(at), us_per_day), every_);
  }

  /// The period of `at` after a birth that is not later; its calendar ordinal is `cohort`.
  [[nodiscard]] std::int64_t period(std::int64_t birth, std::int32_t cohort, std::int64_t at) const noexcept {
    if (!rolling_) return std::int64_t{ordinal(at)} - cohort;
    if (const std::int64_t span = fixed_span(); span > 0) return (at - birth) / span;
    const Wall from = wall(birth);
    const Wall to = wall(at);
    const std::int64_t day = std::min(from.day, days_in(to.month));
    const bool before = to.day < day || (to.day == day && to.time < from.time);
    return dealtrail::detail::floor_divide(to.month - from.month - (before ? 1 : 0), months());
  }

  /// Whether `period` has begun before `end` for a subject of this birth.
  [[nodiscard]] bool begun(std::int64_t birth, std::int32_t cohort, std::int64_t period_index, std::int64_t end) const {
    return period(birth, cohort, end - 1) >= period_index;
  }
  /// Whether it is over by `end`.
  [[nodiscard]] bool over(std::int64_t birth, std::int32_t cohort, std::int64_t period_index, std::int64_t end) const {
    return period(birth, cohort, end) > period_index;
  }

 private:
  struct Wall {
    std::int64_t month;  // since year 0
    std::int64_t day;
    std::int64_t time;
  };
  [[nodiscard]] Wall wall(std::int64_t at) const noexcept {
    const std::int64_t shown = local(at);
    const std::int64_t days = dealtrail::detail::floor_divide(shown, us_per_day);
    const auto date = dealtrail::detail::civil_from_days(days);
    return {date.year * 12 + static_cast<std::int64_t>(date.month) - 1, static_cast<std::int64_t>(date.day),
            shown - days * us_per_day};
  }
  [[nodiscard]] static std::int64_t days_in(std::int64_t month) noexcept {
    const std::int64_t year = dealtrail::detail::floor_divide(month, 12);
    return static_cast<std::int64_t>(
        dealtrail::detail::days_in_month(year, static_cast<unsigned>(month - year * 12) + 1));
  }
  [[nodiscard]] std::int64_t fixed_span() const noexcept {
    return every_ == PeriodKind::day ? us_per_day : every_ == PeriodKind::week ? 7 * us_per_day : 0;
  }
  [[nodiscard]] std::int64_t months() const noexcept {
    return every_ == PeriodKind::month ? 1 : every_ == PeriodKind::quarter ? 3 : 12;
  }

  PeriodKind every_;
  bool rolling_;
  bool utc_;
  Zone zone_;
};

}  // namespace dealtrail::cohort::detail
