// SP.4, crm.md coercions: times in the forms that exports have.
#include "dealtrail/core/parse_time.hpp"

#include <chrono>
#include <limits>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

#include "support/refusal.hpp"

namespace dealtrail {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

std::int64_t utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0, int second = 0) {
  using namespace std::chrono;
  return to_us(sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}} + hours{hour} +
               minutes{minute} + seconds{second});
}
std::optional<std::int64_t> us_of(std::string_view text, const TimeFormat& format = {}) {
  const auto at = parse_time(text, format);
  return at ? std::optional(to_us(*at)) : std::nullopt;
}

TEST(ParseIsoTest, WithAnOffset) {
  EXPECT_EQ(us_of("2026-03-02T10:00:00+03:00"), utc(2026, 3, 2, 7));
  EXPECT_EQ(us_of("2026-03-02T10:00:00Z"), utc(2026, 3, 2, 10));
  EXPECT_EQ(us_of("2026-03-02t10:00:00z"), utc(2026, 3, 2, 10));
  EXPECT_EQ(us_of("2026-03-02T10:00-0530"), utc(2026, 3, 2, 15, 30));
  EXPECT_EQ(us_of("2026-03-02 10:00:00+03"), utc(2026, 3, 2, 7));
  EXPECT_EQ(us_of("2026-03-02 10:00:00 +0300"), utc(2026, 3, 2, 7));
  EXPECT_EQ(us_of("2026-03-02T10:00:00-00:00"), utc(2026, 3, 2, 10));
  EXPECT_EQ(us_of(" 2026-03-02T10:00:00Z\n"), utc(2026, 3, 2, 10));
}

TEST(ParseIsoTest, Fractions) {
  EXPECT_EQ(us_of("2026-03-02T10:00:00.5Z"), utc(2026, 3, 2, 10) + 500'000);
  EXPECT_EQ(us_of("2026-03-02T10:00:00,123456Z"), utc(2026, 3, 2, 10) + 123'456);
  EXPECT_EQ(us_of("2026-03-02T10:00:00.123456999Z"), utc(2026, 3, 2, 10) + 123'456);
  EXPECT_EQ(us_of("2026-03-02T10:00:00." + std::string(10'000, '9') + "Z"), utc(2026, 3, 2, 10) + 999'999);
  EXPECT_EQ(us_of("1969-12-31T23:59:59.999999Z"), -1);
}

TEST(ParseIsoTest, WithoutAnOffsetTheZoneOfTheFormatHolds) {
  const TimeFormat moscow = TimeFormat::declared("iso", Zone::fixed(3 * 3600));
  EXPECT_EQ(us_of("2026-03-02T10:00:00"), utc(2026, 3, 2, 10));
  EXPECT_EQ(us_of("2026-03-02T10:00:00", moscow), utc(2026, 3, 2, 7));
  EXPECT_EQ(us_of("2026-03-02T10:00:00Z", moscow), utc(2026, 3, 2, 10));
  EXPECT_EQ(us_of("2026-03-02", moscow), utc(2026, 3, 1, 21));
  EXPECT_EQ(moscow.read("2026-03-02 10:00"), (TimeReading{utc(2026, 3, 2, 10), true}));
  EXPECT_EQ(moscow.read("2026-03-02 10:00Z"), (TimeReading{utc(2026, 3, 2, 10), false}));
}

// IN.9: a date without a time is a day; a midnight that is written is a moment.
TEST(ParseTimeTest, ADateWithoutATimeIsADay) {
  const auto is_day = [](std::string_view text, std::string_view format) {
    const auto reading = TimeFormat::declared(format).read(text);
    EXPECT_TRUE(reading.has_value()) << text;
    return reading.has_value() && reading->day;
  };
  EXPECT_TRUE(is_day("2026-03-02", "iso"));
  EXPECT_TRUE(is_day(" 2026-03-02 ", "iso"));
  EXPECT_FALSE(is_day("2026-03-02T00:00", "iso"));
  EXPECT_FALSE(is_day("2026-03-02T00:00:00+03:00", "iso"));
  EXPECT_FALSE(is_day("2026-03-02T24:00", "iso"));
  EXPECT_FALSE(is_day("1772409600", "unix_s"));
  EXPECT_TRUE(is_day("02.03.2026", "dd.mm.yyyy"));
  EXPECT_TRUE(is_day("02.03.2026", "dd.mm.yyyy[ hh:mm]"));
  EXPECT_FALSE(is_day("02.03.2026 00:00", "dd.mm.yyyy[ hh:mm]"));
}

TEST(ParseIsoTest, MidnightAtTheEndOfADay) {
  EXPECT_EQ(us_of("2026-12-31T24:00:00Z"), utc(2027, 1, 1));
  EXPECT_FALSE(us_of("2026-12-31T24:00:01Z"));
  EXPECT_FALSE(us_of("2026-12-31T24:00:00.000001Z"));
  EXPECT_FALSE(us_of("2026-12-31T24:01Z"));
  EXPECT_FALSE(us_of("2026-12-31T25:00Z"));
}

TEST(ParseIsoTest, TheCalendarFromYear1To9999) {
  EXPECT_EQ(us_of("0001-01-01T00:00:00Z"), utc(1, 1, 1));
  EXPECT_EQ(us_of("9999-12-31T23:59:59Z"), utc(9999, 12, 31, 23, 59, 59));
  EXPECT_EQ(us_of("2024-02-29"), utc(2024, 2, 29));
  EXPECT_EQ(us_of("2000-02-29"), utc(2000, 2, 29));
  for (const std::string_view text :
       {"2026-02-29", "2100-02-29", "1900-02-29", "2026-04-31", "2026-06-31", "2026-09-31", "2026-11-31", "2026-01-32",
        "2026-00-01", "2026-13-01", "2026-01-00", "0000-00-00", "0000-01-01"}) {
    EXPECT_FALSE(us_of(text)) << text;
  }
}

TEST(ParseIsoTest, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      " ",
                                      "2026",
                                      "2026-03",
                                      "2026-3-2",
                                      "26-03-02",
                                      "2026/03/02",
                                      "02.03.2026",
                                      "2026-03-02T",
                                      "2026-03-02T1",
                                      "2026-03-02T10",
                                      "2026-03-02T10:0",
                                      "2026-03-02T10:00:",
                                      "2026-03-02T10:00:0",
                                      "2026-03-02T10:00:00.",
                                      "2026-03-02T10:00:00.Z",
                                      "2026-03-02T10:60",
                                      "2026-03-02T10:00:60Z",
                                      "2026-03-02X10:00",
                                      "2026-03-02T10:00:00+3",
                                      "2026-03-02T10:00:00+24:00",
                                      "2026-03-02T10:00:00+03:60",
                                      "2026-03-02T10:00:00+03:0",
                                      "2026-03-02T10:00:00+03:00x",
                                      "2026-03-02T10:00:00ZZ",
                                      "2026-03-02T10:00:00 MSK",
                                      "2026-03-02T10:00:00  Z",
                                      "-2026-03-02",
                                      "+2026-03-02",
                                      "2026-03-02T-1:00",
                                      "1772445600",
                                      "null",
                                      "\xFF\xFF\xFF\xFF-\xFF\xFF-\xFF\xFF"}) {
    EXPECT_FALSE(us_of(text)) << text;
  }
}

TEST(ParseIsoTest, EqualsTheCalendarOfTheStandardLibraryOnRandomMoments) {
  Random random{3};
  for (int i = 0; i < 50'000; ++i) {
    using namespace std::chrono;
    const std::int64_t at_s = random.uniform_int(-62'135'596'800, 253'402'300'799);  // years 0001 to 9999
    const sys_seconds at{seconds{at_s}};
    const year_month_day date{floor<days>(at)};
    const hh_mm_ss clock{at - floor<days>(at)};
    const auto two = [](long number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    std::string text = std::to_string(static_cast<int>(date.year()));
    text.insert(0, 4 - text.size(), '0');
    text += "-" + two(static_cast<unsigned>(date.month())) + "-" + two(static_cast<unsigned>(date.day())) + "T" +
            two(clock.hours().count()) + ":" + two(clock.minutes().count()) + ":" + two(clock.seconds().count());
    const auto offset_min = random.uniform_int(-14 * 60, 14 * 60);
    const auto magnitude = offset_min < 0 ? -offset_min : offset_min;
    text += (offset_min < 0 ? "-" : "+") + two(magnitude / 60) + ":" + two(magnitude % 60);
    ASSERT_EQ(us_of(text), (at_s - offset_min * 60) * us_per_second) << text;
  }
}

TEST(ParseUnixTest, SecondsAndMilliseconds) {
  const TimeFormat seconds = TimeFormat::declared("unix_s");
  const TimeFormat millis = TimeFormat::declared("unix_ms", Zone::fixed(3600));  // unix time is UTC whatever the zone
  EXPECT_EQ(us_of("1767225600", seconds), utc(2026, 1, 1));
  EXPECT_EQ(us_of("1767225600000", millis), utc(2026, 1, 1));
  EXPECT_EQ(us_of("-1", seconds), -1'000'000);
  EXPECT_EQ(us_of("1.5", seconds), 1'500'000);
  EXPECT_EQ(us_of("1.9999999", seconds), 1'999'999);
  EXPECT_EQ(us_of("-1.0000001", seconds), -1'000'001);  // towards the past
  EXPECT_EQ(us_of("1.5", millis), 1'500);
  EXPECT_EQ(us_of("0", seconds), 0);
  for (const std::string_view text :
       {"", "-", ".", "1.2.3", ".5", "+5", "1e9", "1 000", "2026-01-01", "99999999999999999999"}) {
    EXPECT_FALSE(us_of(text, seconds)) << text;
  }
}

TEST(ParseUnixTest, TheEndsOfInt64) {
  const TimeFormat seconds = TimeFormat::declared("unix_s");
  EXPECT_EQ(us_of("9223372036854.775807", seconds), greatest);
  EXPECT_EQ(us_of("-9223372036854.775808", seconds), least);
  EXPECT_FALSE(us_of("9223372036854.775808", seconds));
  EXPECT_FALSE(us_of("-9223372036854.775809", seconds));
  EXPECT_FALSE(us_of("-9223372036854.7758081", seconds));
  EXPECT_FALSE(us_of("9223372036855", seconds));
  EXPECT_FALSE(us_of(std::string(100'000, '9'), seconds));
}

TEST(ParseUnixTest, NumbersThatCameAsNumbers) {
  EXPECT_EQ(parse_time(std::int64_t{1'767'225'600}, TimeFormat::declared("unix_s")), from_us(utc(2026, 1, 1)));
  EXPECT_EQ(parse_time(std::int64_t{1'767'225'600'000}, TimeFormat::declared("unix_ms")), from_us(utc(2026, 1, 1)));
  EXPECT_FALSE(parse_time(greatest, TimeFormat::declared("unix_s")));
  EXPECT_FALSE(parse_time(least, TimeFormat::declared("unix_ms")));
  EXPECT_FALSE(parse_time(std::int64_t{5}, TimeFormat{}));
}

TEST(ParsePatternTest, TheFormsOfRealExports) {
  const Zone moscow = Zone::fixed(3 * 3600);
  const TimeFormat russian = TimeFormat::declared("dd.mm.yyyy hh:mm[:ss]", moscow);
  EXPECT_EQ(us_of("14.03.2026 10:05", russian), utc(2026, 3, 14, 7, 5));
  EXPECT_EQ(us_of("14.03.2026 10:05:09", russian), utc(2026, 3, 14, 7, 5, 9));
  EXPECT_EQ(us_of(" 14.03.2026 10:05 ", russian), utc(2026, 3, 14, 7, 5));
  const TimeFormat calls = TimeFormat::declared("dd/mm/yyyy hh:mm:ss");
  EXPECT_EQ(us_of("02/03/2026 23:59:59", calls), utc(2026, 3, 2, 23, 59, 59));
  EXPECT_EQ(us_of("14.03.2026", TimeFormat::declared("dd.mm.yyyy[ hh:mm]")), utc(2026, 3, 14));
  EXPECT_EQ(us_of("14.03.2026 10:00", TimeFormat::declared("dd.mm.yyyy[ hh:mm]")), utc(2026, 3, 14, 10));
  EXPECT_EQ(us_of("3/2/2026 9:05", TimeFormat::declared("m/d/yyyy h:mm")), utc(2026, 3, 2, 9, 5));
  EXPECT_EQ(us_of("12/31/2026 19:05", TimeFormat::declared("m/d/yyyy h:mm")), utc(2026, 12, 31, 19, 5));
  EXPECT_EQ(us_of("10:05 14.03.2026", TimeFormat::declared("hh:mm dd.mm.yyyy")), utc(2026, 3, 14, 10, 5));
  EXPECT_EQ(us_of("20260314100500.25", TimeFormat::declared("yyyymmddhhmmss[.f]")), utc(2026, 3, 14, 10, 5) + 250'000);
  EXPECT_EQ(us_of("20260314100500", TimeFormat::declared("yyyymmddhhmmss[.f]")), utc(2026, 3, 14, 10, 5));
  EXPECT_EQ(us_of("2026年03月14日", TimeFormat::declared("yyyy年mm月dd日")), utc(2026, 3, 14));
}

TEST(ParsePatternTest, RefusesWhatDoesNotMatch) {
  const TimeFormat format = TimeFormat::declared("dd.mm.yyyy hh:mm[:ss]");
  for (const std::string_view text :
       {"", "14.03.2026", "14.3.2026 10:00", "14.03.26 10:00", "14/03/2026 10:00",
        "14.03.2026 10:00:", "14.03.2026 10:00:0", "14.03.2026 10:00:00x", "31.02.2026 10:00", "14.13.2026 10:00",
        "14.03.2026 24:01", "00.03.2026 10:00", "14.03.2026 10:60", "14.03.2026 10:00:60", "14.03.0000 10:00"}) {
    EXPECT_FALSE(us_of(text, format)) << text;
  }
  EXPECT_EQ(us_of("14.03.2026 24:00", format), utc(2026, 3, 15));
}

TEST(ParsePatternTest, BadPatternsAreRefusedWithTheReason) {
  const auto text = [](std::string_view pattern) {
    return std::string(testing::refusal_of([&] { return TimeFormat::declared(pattern); }).what());
  };
  EXPECT_EQ(text("dd.mm"),
            "time format \"dd.mm\" lacks yyyy, a month or a day; expected iso, unix_s, unix_ms or a pattern such as "
            "dd.mm.yyyy hh:mm[:ss]");
  EXPECT_NE(text("").find("lacks"), std::string::npos);
  EXPECT_NE(text("[dd.]mm.yyyy").find("lacks"), std::string::npos);
  EXPECT_NE(text("dd.mm.yyyy dd").find("twice"), std::string::npos);
  EXPECT_NE(text("dd.mm.yyyy hh:mm:mm").find("twice"), std::string::npos);
  EXPECT_NE(text("dd.mm.yy").find("not yyyy"), std::string::npos);
  EXPECT_NE(text("dd.mm.yyyy [hh").find("not closed"), std::string::npos);
  EXPECT_NE(text("dd.mm.yyyy [hh[:mm]]").find("pair"), std::string::npos);
  EXPECT_NE(text("dd.mm.yyyy]").find("pair"), std::string::npos);
  EXPECT_EQ(testing::refusal_code([] { return TimeFormat::declared("ISO"); }), ErrorCode::invalid_argument);
}

TEST(ParsePatternTest, FormatsAreValues) {
  EXPECT_EQ(TimeFormat{}, TimeFormat::declared("iso"));
  EXPECT_EQ(TimeFormat::declared("dd.mm.yyyy"), TimeFormat::declared("dd.mm.yyyy"));
  EXPECT_NE(TimeFormat::declared("dd.mm.yyyy"), TimeFormat::declared("dd/mm/yyyy"));
  EXPECT_EQ(TimeFormat::declared("unix_ms").form(), TimeForm::unix_ms);
}

}  // namespace
}  // namespace dealtrail
