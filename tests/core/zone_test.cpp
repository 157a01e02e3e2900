// SP.4: clocks of a place, as a fixed offset or a table of changes.
#include "dealtrail/core/zone.hpp"

#include <chrono>
#include <limits>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

#include "support/refusal.hpp"

namespace dealtrail {
namespace {

constexpr std::int64_t hour_us = 3600 * us_per_second;
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

std::int64_t clock(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
  using namespace std::chrono;
  return to_us(sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}} + hours{hour} +
               minutes{minute});
}

// Moscow: UTC+3 in winter until 2011-03-26T23:00Z, then +4 all year, +3 again from 2014-10-25T22:00Z (IANA tz
// database).
Zone moscow() {
  return Zone::from_transitions("Europe/Moscow",
                                {{clock(2011, 3, 26, 23), 4 * 3600}, {clock(2014, 10, 25, 22), 3 * 3600}}, 3 * 3600);
}

// Samoa crossed the date line and had no 2011-12-30: UTC-10 until 2011-12-30T10:00Z, then +14 (IANA tz database).
Zone apia() { return Zone::from_transitions("Pacific/Apia", {{clock(2011, 12, 30, 10), 14 * 3600}}, -10 * 3600); }

TEST(ZoneTest, IsUtcUntilTold) {
  const Zone zone;
  EXPECT_EQ(zone.name(), "UTC");
  EXPECT_EQ(zone.offset_at(from_us(0)), 0);
  EXPECT_EQ(zone.to_local(from_us(17)), 17);
  EXPECT_EQ(to_us(zone.to_utc(17)), 17);
  EXPECT_EQ(zone, Zone::fixed(0));
}

TEST(ZoneTest, FixedOffsetsNameThemselves) {
  EXPECT_EQ(Zone::fixed(3 * 3600).name(), "+03:00");
  EXPECT_EQ(Zone::fixed(-(3 * 3600 + 1800)).name(), "-03:30");
  EXPECT_EQ(Zone::fixed(5 * 3600 + 53 * 60 + 28).name(), "+05:53:28");
  EXPECT_EQ(Zone::fixed(3600, "office").name(), "office");
  EXPECT_EQ(Zone::fixed(3 * 3600).to_local(from_us(0)), 3 * hour_us);
  EXPECT_EQ(to_us(Zone::fixed(3 * 3600).to_utc(0)), -3 * hour_us);
}

TEST(ZoneTest, ChangesHoldFromTheirMoment) {
  const Zone zone = moscow();
  EXPECT_EQ(zone.offset_at(from_us(clock(2011, 3, 26, 23) - 1)), 3 * 3600);
  EXPECT_EQ(zone.offset_at(from_us(clock(2011, 3, 26, 23))), 4 * 3600);
  EXPECT_EQ(zone.offset_at(from_us(clock(2014, 10, 25, 22) - 1)), 4 * 3600);
  EXPECT_EQ(zone.offset_at(from_us(clock(2014, 10, 25, 22))), 3 * 3600);
  EXPECT_EQ(zone.to_local(from_us(clock(2026, 3, 14, 7))), clock(2026, 3, 14, 10));
}

TEST(ZoneTest, SkippedTimeIsReadWithTheOffsetBefore) {
  // 2011-03-27 02:00 became 03:00, so 02:30 - 3 h = 23:30Z, which clocks show as 03:30.
  const Timestamp at = moscow().to_utc(clock(2011, 3, 27, 2, 30));
  EXPECT_EQ(to_us(at), clock(2011, 3, 26, 23, 30));
  EXPECT_EQ(moscow().to_local(at), clock(2011, 3, 27, 3, 30));
  EXPECT_EQ(to_us(moscow().first_moment(clock(2011, 3, 27, 2, 30))), clock(2011, 3, 26, 23));
}

TEST(ZoneTest, TimeShownTwiceIsTheFirst) {
  // 2014-10-26 02:00 became 01:00; 01:30 was shown at 21:30Z and at 22:30Z.
  EXPECT_EQ(to_us(moscow().to_utc(clock(2014, 10, 26, 1, 30))), clock(2014, 10, 25, 21, 30));
  EXPECT_EQ(to_us(moscow().first_moment(clock(2014, 10, 26, 1, 30))), clock(2014, 10, 25, 21, 30));
  EXPECT_EQ(to_us(moscow().to_utc(clock(2014, 10, 26, 2))), clock(2014, 10, 25, 23));
  EXPECT_EQ(to_us(moscow().to_utc(clock(2014, 10, 26, 0, 59))), clock(2014, 10, 25, 20, 59));
}

TEST(ZoneTest, ADayMayBeMissing) {
  EXPECT_EQ(to_us(apia().first_moment(clock(2011, 12, 30))), clock(2011, 12, 30, 10));
  EXPECT_EQ(to_us(apia().first_moment(clock(2011, 12, 31))), clock(2011, 12, 30, 10));
  EXPECT_EQ(to_us(apia().to_utc(clock(2011, 12, 30))), clock(2011, 12, 30, 10));
}

// first_moment is the least moment at which the clock has reached the reading on the run-up; found here by trying every
// minute.
TEST(ZoneTest, AgreesWithTryingEveryMinute) {
  constexpr std::int64_t minute_us = 60 * us_per_second;
  Random random{5};
  for (int round = 0; round < 20; ++round) {
    std::vector<ZoneTransition> changes;
    std::int64_t at = 0;
    for (int i = 0; i < 6; ++i) {
      at += random.uniform_int(1, 2000) * minute_us;
      changes.push_back({at, static_cast<std::int32_t>(random.uniform_int(-14 * 60, 14 * 60) * 60)});
    }
    const Zone zone =
        Zone::from_transitions("made up", changes, static_cast<std::int32_t>(random.uniform_int(-600, 600) * 60));
    for (int i = 0; i < 40; ++i) {
      const std::int64_t reading = random.uniform_int(-1000, 9000) * minute_us;
      std::optional<std::int64_t> shown;
      for (std::int64_t utc = -3000 * minute_us; utc < 20'000 * minute_us && !shown; utc += minute_us) {
        if (zone.to_local(from_us(utc)) == reading) shown = utc;
      }
      if (shown) {
        ASSERT_EQ(to_us(zone.to_utc(reading)), *shown) << "round " << round;
        ASSERT_EQ(to_us(zone.first_moment(reading)), *shown);
      } else {
        ASSERT_GT(zone.to_local(zone.first_moment(reading)), reading) << "round " << round;
        ASSERT_LT(zone.to_local(from_us(to_us(zone.first_moment(reading)) - 1)), reading);
      }
    }
  }
}

TEST(ZoneTest, TheEndsOfTimeDoNotWrap) {
  const Zone east = Zone::fixed(14 * 3600);
  const Zone west = Zone::fixed(-12 * 3600);
  EXPECT_EQ(east.to_local(from_us(greatest)), greatest);
  EXPECT_EQ(west.to_local(from_us(least)), least);
  EXPECT_EQ(to_us(east.to_utc(least)), least);
  EXPECT_EQ(to_us(west.to_utc(greatest)), greatest);
  EXPECT_EQ(to_us(moscow().to_utc(least)), least);
  EXPECT_EQ(to_us(moscow().first_moment(greatest)), greatest - 3 * hour_us);
  const Zone edges = Zone::from_transitions("edges", {{least, 3600}, {greatest, -3600}}, 0);
  EXPECT_EQ(edges.offset_at(from_us(least)), 3600);
  EXPECT_EQ(edges.offset_at(from_us(greatest)), -3600);
  static_cast<void>(edges.to_utc(least));
  static_cast<void>(edges.to_utc(greatest));
}

TEST(ZoneTest, RefusesOffsetsOfADayAndChangesOutOfOrder) {
  const auto code = [](auto call) { return testing::refusal_code(call); };
  EXPECT_EQ(code([] { return Zone::fixed(86'400); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code([] { return Zone::fixed(-86'400); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code([] { return Zone::fixed(std::numeric_limits<std::int32_t>::min()); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code([] { return Zone::from_transitions("z", {{5, 0}, {5, 1}}, 0); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code([] { return Zone::from_transitions("z", {{5, 0}, {4, 1}}, 0); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code([] { return Zone::from_transitions("z", {{5, 90'000}}, 0); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code([] { return Zone::from_transitions("z", {}, 90'000); }), ErrorCode::invalid_argument);
  EXPECT_EQ(testing::refusal_of([] { return Zone::from_transitions("z", {{5, 0}, {4, 1}}, 0); }).where(),
            (Where{"z", "utc_us", 1}));
}

TEST(ZoneTest, BytesRoundTripAndRefuseAnyCutOrBrokenRule) {
  for (const Zone& zone : {Zone{}, Zone::fixed(-3600), moscow(), apia()}) {
    const std::string bytes = zone.to_bytes();
    EXPECT_EQ(Zone::from_bytes(bytes), zone);
    EXPECT_EQ(Zone::from_bytes(bytes).to_bytes(), bytes);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      EXPECT_EQ(testing::refusal_code([&] { return Zone::from_bytes(bytes.substr(0, length)); }),
                ErrorCode::corrupt_data);
    }
    EXPECT_EQ(testing::refusal_code([&] { return Zone::from_bytes(bytes + "x"); }), ErrorCode::corrupt_data);
  }
  std::string unordered = moscow().to_bytes();
  unordered[unordered.size() - 5] = '\x80';  // the last change becomes the earliest
  EXPECT_EQ(testing::refusal_code([&] { return Zone::from_bytes(unordered); }), ErrorCode::corrupt_data);
  // A count of 2^32 - 1 changes is refused before room is made for them.
  std::string huge = Zone{}.to_bytes();
  huge.replace(huge.size() - 4, 4, "\xFF\xFF\xFF\xFF");
  EXPECT_EQ(testing::refusal_code([&] { return Zone::from_bytes(huge); }), ErrorCode::corrupt_data);
  // UTC in bytes, written out: 3 "UTC", offset 0, no changes.
  EXPECT_EQ(Zone{}.to_bytes(), std::string("\3\0\0\0UTC\0\0\0\0\0\0\0\0", 15));
}

}  // namespace
}  // namespace dealtrail
