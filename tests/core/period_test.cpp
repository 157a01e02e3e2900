// SP.4: calendar periods with zone.
#include "dealtrail/core/period.hpp"

#include <chrono>
#include <limits>
#include <tuple>

#include <gtest/gtest.h>

#include "support/refusal.hpp"

namespace dealtrail {
namespace {

constexpr std::array all_kinds{PeriodKind::day, PeriodKind::week, PeriodKind::month, PeriodKind::quarter,
                               PeriodKind::year};
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

Timestamp moment(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
  using namespace std::chrono;
  return sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}} + hours{hour} +
         minutes{minute};
}

TEST(PeriodTest, NamesAMomentInEveryKind) {
  const Timestamp at = moment(2026, 3, 14, 12);
  EXPECT_EQ(to_text(period_of(at, PeriodKind::day)), "2026-03-14");
  EXPECT_EQ(to_text(period_of(at, PeriodKind::week)), "2026-W11");
  EXPECT_EQ(to_text(period_of(at, PeriodKind::month)), "2026-03");
  EXPECT_EQ(to_text(period_of(at, PeriodKind::quarter)), "2026-Q1");
  EXPECT_EQ(to_text(period_of(at, PeriodKind::year)), "2026");
}

// IN.8, IN.9: as of a day the whole day counts.
TEST(PeriodTest, ADayEndsWithItsLastMicrosecond) {
  using namespace std::chrono_literals;
  using std::chrono::March;
  const auto microsecond = std::chrono::microseconds{1};
  EXPECT_EQ(end_of_day(2026y / March / 31), moment(2026, 4, 1) - microsecond);
  const Zone moscow = Zone::fixed(3 * 3600);
  EXPECT_EQ(end_of_day(2026y / March / 31, moscow), moment(2026, 3, 31, 21) - microsecond);
  // 24 hours less the one that is skipped on 29 March in Berlin.
  const Zone berlin = Zone::from_transitions("Berlin", {{to_us(moment(2026, 3, 29, 1)), 7200}}, 3600);
  EXPECT_EQ(end_of_day(2026y / March / 29, berlin), moment(2026, 3, 29, 22) - microsecond);
  EXPECT_EQ(end_of_day(2026y / March / 28, berlin), moment(2026, 3, 28, 23) - microsecond);
  EXPECT_EQ(testing::refusal_code([] { static_cast<void>(end_of_day(2026y / March / 32)); }),
            ErrorCode::invalid_argument);
}

// A day is kept as its first moment where a field begins something, as its last where it ends something.
TEST(PeriodTest, TheEndsOfADayAreKnown) {
  const Zone moscow = Zone::fixed(3 * 3600);
  const std::int64_t midnight = to_us(moment(2026, 3, 30, 21));
  for (const auto& [at, begins, ends] : {std::tuple{midnight, true, false}, std::tuple{midnight - 1, false, true},
                                         std::tuple{midnight + 1, false, false}}) {
    EXPECT_EQ(detail::is_day_begin(at, moscow), begins);
    EXPECT_EQ(detail::is_day_end(at, moscow), ends);
  }
  EXPECT_FALSE(detail::is_day_end(midnight - 1, Zone{}));
  EXPECT_FALSE(detail::is_day_end(greatest, Zone{}));
}

TEST(PeriodTest, TheEpochIsOrdinalZeroAndTimeOrdersPeriods) {
  for (const PeriodKind kind : all_kinds) {
    EXPECT_EQ(period_of(from_us(0), kind), (Period{kind, 0}));
    EXPECT_LT(period_of(moment(1969, 1, 1), kind), period_of(from_us(0), kind));
    EXPECT_EQ(next(previous(Period{kind, 5})), (Period{kind, 5}));
  }
  EXPECT_EQ(to_text(Period{PeriodKind::week, 0}), "1970-W01");  // Monday 1969-12-29 to Sunday 1970-01-04
  EXPECT_EQ(begin(Period{PeriodKind::week, 0}), moment(1969, 12, 29));
}

// ISO 8601 week dates as the standard's well-known examples give them: the week belongs to the year of its Thursday.
TEST(PeriodTest, IsoWeeksAroundNewYear) {
  const auto week = [](int year, unsigned month, unsigned day) {
    return to_text(period_of(moment(year, month, day), PeriodKind::week));
  };
  EXPECT_EQ(week(2005, 1, 1), "2004-W53");
  EXPECT_EQ(week(2005, 1, 2), "2004-W53");
  EXPECT_EQ(week(2005, 12, 31), "2005-W52");
  EXPECT_EQ(week(2006, 1, 1), "2005-W52");
  EXPECT_EQ(week(2007, 1, 1), "2007-W01");
  EXPECT_EQ(week(2007, 12, 31), "2008-W01");
  EXPECT_EQ(week(2008, 12, 28), "2008-W52");
  EXPECT_EQ(week(2008, 12, 29), "2009-W01");
  EXPECT_EQ(week(2009, 12, 31), "2009-W53");
  EXPECT_EQ(week(2010, 1, 3), "2009-W53");
  EXPECT_EQ(week(2010, 1, 4), "2010-W01");
}

// Walks the calendar day by day with the rules themselves: month lengths, Mondays, the first Thursday of a year.
TEST(PeriodTest, EveryDayFromYear1To9999) {
  const Zone utc;
  std::int64_t day = detail::days_from_civil(1, 1, 1);
  ASSERT_EQ(day, -719'162);  // 1970-01-01 is ordinal 719 163 in Python's datetime, whose day 1 is 0001-01-01
  int year = 1;
  unsigned month = 1;
  unsigned of_month = 1;
  int weekday = 0;  // 0001-01-01 was a Monday in the proleptic calendar
  int week_year = 1;
  int week = 1;
  while (year <= 9999) {
    const Timestamp at = from_us(day * us_per_day + us_per_day - 1);
    const Period today = period_of(at, PeriodKind::day, utc);
    const auto date = detail::civil_from_days(day);
    const bool right = today.ordinal == day && date.year == year && date.month == month && date.day == of_month &&
                       detail::days_from_civil(year, month, of_month) == day;
    if (!right) FAIL() << "day " << day;  // one check for the 3.6 million days
    if (of_month == 1 || weekday == 0) {
      const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
      const auto four = [&](int number) {
        return std::string(number < 1000 ? 4 - std::to_string(number).size() : 0, '0') + std::to_string(number);
      };
      ASSERT_EQ(to_text(today),
                four(year) + "-" + two(static_cast<int>(month)) + "-" + two(static_cast<int>(of_month)));
      ASSERT_EQ(period_of(at, PeriodKind::month).ordinal, (year - 1970) * 12 + static_cast<int>(month) - 1);
      ASSERT_EQ(to_text(period_of(at, PeriodKind::week)), four(week_year) + "-W" + two(week));
      for (const PeriodKind kind : all_kinds) {
        if (of_month != 1) break;
        const Period period = period_of(at, kind);
        ASSERT_EQ(find_period(to_text(period)), period) << to_text(period);
        ASSERT_LE(begin(period), at);
        ASSERT_GT(end(period), at);
      }
    }
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    const unsigned lengths[] = {31, leap ? 29U : 28U, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    ++day;
    if (++of_month > lengths[month - 1]) {
      of_month = 1;
      if (++month > 12) {
        month = 1;
        ++year;
      }
    }
    weekday = (weekday + 1) % 7;
    if (weekday == 0) {
      // The Thursday of the week that begins today decides its year.
      const int thursday_year = month == 12 && of_month + 3 > 31 ? year + 1 : year;
      week = thursday_year == week_year ? week + 1 : 1;
      week_year = thursday_year;
    }
  }
}

TEST(PeriodTest, BeginsAndEndsOnTheClockOfTheZone) {
  const Zone moscow = Zone::fixed(3 * 3600);
  const Period march = parse_period("2026-03");
  EXPECT_EQ(begin(march, moscow), moment(2026, 2, 28, 21));
  EXPECT_EQ(end(march, moscow), moment(2026, 3, 31, 21));
  EXPECT_EQ(period_of(moment(2026, 2, 28, 21), PeriodKind::month, moscow), march);
  EXPECT_EQ(period_of(moment(2026, 3, 31, 20, 59), PeriodKind::month, moscow), march);
  EXPECT_EQ(to_text(period_of(moment(2026, 3, 31, 21), PeriodKind::quarter, moscow)), "2026-Q2");
}

// The offset at the begin of a period need not be the one at its end: New York in March 2026 (IANA tz database).
TEST(PeriodTest, AMonthInWhichClocksChangeIsAnHourShorter) {
  const Zone new_york =
      Zone::from_transitions("America/New_York", {{to_us(moment(2026, 3, 8, 7)), -4 * 3600}}, -5 * 3600);
  const Period march = parse_period("2026-03");
  EXPECT_EQ(begin(march, new_york), moment(2026, 3, 1, 5));
  EXPECT_EQ(end(march, new_york), moment(2026, 4, 1, 4));
  EXPECT_EQ(end(march, new_york) - begin(march, new_york), std::chrono::hours{31 * 24 - 1});
}

// Where clocks jump over midnight the day begins at the jump: Cairo, 2024-04-26, 00:00 became 01:00 (IANA tz database).
TEST(PeriodTest, ADayWithoutMidnightBeginsAtTheJump) {
  const Zone cairo = Zone::from_transitions("Africa/Cairo", {{to_us(moment(2024, 4, 25, 22)), 3 * 3600}}, 2 * 3600);
  const Period day = parse_period("2024-04-26");
  EXPECT_EQ(begin(day, cairo), moment(2024, 4, 25, 22));
  EXPECT_EQ(period_of(begin(day, cairo), PeriodKind::day, cairo), day);
  EXPECT_EQ(period_of(from_us(to_us(begin(day, cairo)) - 1), PeriodKind::day, cairo), previous(day));
  // A jump from 23:30 to 00:30: still the jump, not 00:00 read with the old offset.
  const Zone odd = Zone::from_transitions("odd", {{to_us(moment(2024, 4, 25, 21, 30)), 3 * 3600}}, 2 * 3600);
  EXPECT_EQ(begin(day, odd), moment(2024, 4, 25, 21, 30));
}

TEST(PeriodTest, ASkippedDayIsEmpty) {
  const Zone apia = Zone::from_transitions("Pacific/Apia", {{to_us(moment(2011, 12, 30, 10)), 14 * 3600}}, -10 * 3600);
  const Period skipped = parse_period("2011-12-30");
  EXPECT_EQ(begin(skipped, apia), end(skipped, apia));
  EXPECT_EQ(begin(next(skipped), apia), end(skipped, apia));
  EXPECT_EQ(end(previous(skipped), apia), begin(skipped, apia));
}

TEST(PeriodTest, EndsOfTimeHavePeriodsToo) {
  for (const PeriodKind kind : all_kinds) {
    for (const std::int64_t us : {least, greatest}) {
      const Period period = period_of(from_us(us), kind, Zone::fixed(3600));
      EXPECT_EQ(find_period(to_text(period)), period) << to_text(period);
      EXPECT_LE(begin(period), from_us(us));
      EXPECT_GE(end(period), from_us(us));
    }
    const Period last{kind, std::numeric_limits<std::int32_t>::max()};
    const Period first{kind, std::numeric_limits<std::int32_t>::min()};
    EXPECT_EQ(next(last), last);
    EXPECT_EQ(previous(first), first);
    EXPECT_EQ(end(last), Timestamp::max());
    EXPECT_EQ(begin(first), Timestamp::min());
  }
  EXPECT_EQ(to_text(period_of(from_us(greatest), PeriodKind::month)), "+294247-01");
  EXPECT_EQ(to_text(period_of(from_us(least), PeriodKind::day)), "-290308-12-21");
}

TEST(PeriodTest, ReadsWhatItWrites) {
  for (const std::string_view text :
       {"2026-03-14", "2020-W53", "2026-12", "2026-Q4", "0001", "9999-12-31", "0000-02-29", "-0001-Q1", "+10000-W01"}) {
    EXPECT_EQ(to_text(parse_period(text)), text);
  }
}

TEST(PeriodTest, RefusesEverythingElse) {
  for (const std::string_view text :
       {"",           "-",          "26",         "202",       "20266",       "2026-",    "2026-0",
        "2026-00",    "2026-13",    "2026-3",     "2026-W",    "2026-W0",     "2026-W00", "2026-W54",
        "2026-W54x",  "2025-W53",   "2026-w11",   "2026-Q0",   "2026-Q5",     "2026-Q",   "2026-Q11",
        "2026-02-29", "2026-02-30", "2026-02-00", "2026-02-1", "2026-02-011", "2026/02",  " 2026",
        "2026 ",      "+2026",      "-0000",      "-00001",    "+009999",     "+9999999", "2026-03-14T00:00"}) {
    EXPECT_FALSE(find_period(text)) << text;
    EXPECT_EQ(testing::refusal_code([&] { return parse_period(text); }), ErrorCode::parse_error) << text;
  }
}

TEST(PeriodTest, TheErrorQuotesTheTextAndListsTheForms) {
  EXPECT_STREQ(testing::refusal_of([] { return parse_period("March"); }).what(),
               "not a period: \"March\"; expected a day 2026-03-14, an ISO week 2026-W11, a month 2026-03, a quarter "
               "2026-Q1 or a year 2026, or two of them, both included: 2026-02-20..2026-03-20");
  EXPECT_LT(std::string(testing::refusal_of([] { return parse_period(std::string(100'000, '1')); }).what()).size(),
            300U);
}

TEST(PeriodTest, KindsHaveNames) {
  for (const PeriodKind kind : all_kinds) EXPECT_EQ(find_period_kind(to_string(kind)), kind);
  EXPECT_FALSE(find_period_kind("decade"));
  EXPECT_EQ(to_string(static_cast<PeriodKind>(9)), "unknown");
}

// IN.15: days in a row, by any two periods or up to now.
TEST(PeriodTest, DaysInARowAreAPeriod) {
  const Period days = parse_period("2026-02-20..2026-03-20");
  EXPECT_EQ(days.days, 29);
  EXPECT_EQ(to_text(days), "2026-02-20..2026-03-20");
  EXPECT_EQ(begin(days), begin(parse_period("2026-02-20")));
  EXPECT_EQ(end(days), end(parse_period("2026-03-20")));
  EXPECT_EQ(to_text(next(days)), "2026-03-21..2026-04-18");
  EXPECT_EQ(previous(next(days)), days);
  EXPECT_EQ(to_text(parse_period("2026-01..2026-Q2")), "2026-01-01..2026-06-30");
  EXPECT_EQ(parse_period("2026-03-01..2026-03-01"), parse_period("2026-03-01"));
  for (const char* text : {"..", "2026..", "..2026", "2026-03..2026-02", "2026..2026..2026", "2026 .. 2027"})
    EXPECT_FALSE(find_period(text).has_value()) << text;
}

TEST(PeriodTest, LastDaysEndWithTheDayOfNow) {
  const Timestamp now = begin(parse_period("2026-03-20")) + std::chrono::hours{23};
  EXPECT_EQ(to_text(parse_period("last 30 days", now)), "2026-02-19..2026-03-20");
  EXPECT_EQ(to_text(parse_period("last 1 days", now)), "2026-03-20");
  EXPECT_EQ(to_text(parse_period("last 2 days", now, Zone::fixed(3 * 3600, "MSK"))), "2026-03-20..2026-03-21");
  EXPECT_EQ(parse_period("2026-03", now), parse_period("2026-03"));
  for (const char* text : {"last 0 days", "last -1 days", "last days", "last 99999 days", "last  days"})
    EXPECT_THROW((void)parse_period(text, now), Error) << text;
  EXPECT_THROW((void)parse_period("last 30 days", std::nullopt), Error);
}

}  // namespace
}  // namespace dealtrail
