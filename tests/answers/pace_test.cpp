// M1.12 (PF.5): registrations against past editions. Random histories are compared with the oracle in
// tests/python/answers/test_pace.py.
#include "dealtrail/answers/pace.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::refusal_code;
using testing::rub;
using testing::utc;

void register_guests(Trail& trail, const std::string& event, std::string_view at, int count) {
  for (int i = 0; i < count; ++i) {
    const std::string id = event + "@" + std::string{at} + "#" + std::to_string(i);
    trail.put(Registration{.id = id, .event = event, .at = utc(at)});
  }
}

// Past editions of 4 and 10 registrations; ten days before the start there were 2 and 5. Now 6 at ten days before.
Trail two_editions() {
  Trail trail{RUB};
  trail.put(Channel{.id = "tg", .name = "Telegram"});
  trail.put(Event{.id = "2024", .name = "Expo", .starts_at = utc("2024-06-20")});
  trail.put(Event{.id = "2025", .name = "Expo", .series = "2024", .starts_at = utc("2025-06-20")});
  trail.put(Event{.id = "2026",
                  .name = "Expo",
                  .series = "2025",
                  .starts_at = utc("2026-06-20"),
                  .capacity = 100,
                  .goal_registrations = 19});
  register_guests(trail, "2024", "2024-06-01", 2);
  register_guests(trail, "2024", "2024-06-11", 2);
  register_guests(trail, "2025", "2025-05-01", 5);
  register_guests(trail, "2025", "2025-06-19", 5);
  register_guests(trail, "2026", "2026-06-09", 6);
  trail.put(Announcement{.id = "a", .channel = "tg", .event = "2025", .published_at = utc("2025-05-01")});
  trail.put(Cost{.id = "c", .kind = "marketing", .announcement = "a", .amount = rub(140), .at = utc("2025-05-01")});
  trail.put(Attendance{.id = "s", .registration = "2025@2025-05-01#0", .at = utc("2025-06-20")});
  return trail;
}

const PaceOptions ten_days_before{.event = "2026", .as_of = utc("2026-06-10")};

TEST(PaceTest, ComparesWithWhatWasKnownAtTheSameTimeBeforeTheStart) {
  const Table table = pace(two_editions(), ten_days_before);
  ASSERT_EQ(table.rows(), 1);
  EXPECT_EQ(table.text_at(0, "basis"), "series");
  EXPECT_EQ(table.integer_at(0, "days_to_go"), 10);
  EXPECT_EQ(table.integer_at(0, "registrations"), 6);
  EXPECT_EQ(table.real_at(0, "past_median"), 3.5);
  EXPECT_EQ(table.real_at(0, "share"), 0.5);
  EXPECT_EQ(table.real_at(0, "expected_registrations"), 12.0);
  EXPECT_EQ(table.integer_at(0, "missing_now"), 13);
  EXPECT_EQ(table.integer_at(0, "missing_registrations"), 7);
  // 14 registrations from one announcement for 140 roubles: 7 take half of each, and there are no half announcements.
  EXPECT_EQ(table.integer_at(0, "missing_announcements"), 1);
  EXPECT_EQ(table.money_at(0, "missing_cost"), rub(70));
  EXPECT_EQ(table.real_at(0, "cost_per_registration"), 10.0);
  EXPECT_EQ(table.text_at(0, "hall"), "holds");
  EXPECT_EQ(table.text_at(0, "reason"), std::nullopt);
  EXPECT_EQ(table.meta("as_of"), "2026-06-10T00:00:00Z");
}

TEST(PaceTest, EditionsSayWhatWasThenAndWhatBecameOfIt) {
  const Table table = pace_editions(two_editions(), ten_days_before);
  EXPECT_EQ(column(table, "event"), (std::vector<std::string>{"2024", "2025"}));
  EXPECT_EQ(table.integer_at(1, "registrations_then"), 5);
  EXPECT_EQ(table.integer_at(1, "registrations"), 10);
  EXPECT_EQ(table.real_at(1, "show_rate"), 0.1);
  EXPECT_EQ(table.money_at(1, "promotion_cost"), rub(140));
  EXPECT_EQ(table.meta("basis"), "series");
}

TEST(PaceTest, TheCurveRunsToTheStartAndKnowsNothingOfTomorrow) {
  const Table table = pace_curve(two_editions(), ten_days_before);
  ASSERT_EQ(table.rows(), 51);
  EXPECT_EQ(table.integer_at(0, "days_to_go"), 50);
  EXPECT_EQ(table.time_at(50, "at"), utc("2026-06-20"));
  EXPECT_EQ(table.integer_at(40, "registrations"), 6);
  EXPECT_EQ(table.integer_at(41, "registrations"), std::nullopt);
  EXPECT_EQ(table.real_at(50, "past_high"), 10.0);
  EXPECT_EQ(table.real_at(50, "share_low"), 1.0);
}

TEST(PaceTest, ThereIsAReasonForWhatCannotBeSaid) {
  Trail trail = two_editions();
  trail.put(Event{.id = "off", .name = "Off", .starts_at = utc("2026-09-01"), .status = "cancelled"});
  trail.put(Event{.id = "some day", .name = "Some day"});
  const auto reason = [&](std::string event) {
    return column(pace(trail, {.event = std::move(event), .as_of = utc("2026-06-10")}), "reason").at(0);
  };
  EXPECT_EQ(reason("off"), "cancelled");
  EXPECT_EQ(reason("some day"), "no_start");
  EXPECT_EQ(reason("2024"), "no_past_edition");
  EXPECT_EQ(pace_curve(trail, {.event = "some day"}).rows(), 0);
  EXPECT_EQ(column(pace(trail, {.as_of = utc("2026-06-10")}), "event"), (std::vector<std::string>{"2026"}));
}

TEST(PaceTest, RefusesWhatIsNoEvent) {
  const Trail trail = two_editions();
  EXPECT_EQ(refusal_code([&] { (void)pace(trail, {.event = "2030"}); }), ErrorCode::unknown_name);
  EXPECT_EQ(refusal_code([&] { (void)pace_editions(trail, {}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { (void)pace_curve(trail, {.event = "2026", .longest_days = 40'000}); }),
            ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
