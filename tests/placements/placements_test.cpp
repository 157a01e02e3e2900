// The view of placements: what is read, what is left out and listed, and in which order it stands.
#include "dealtrail/placements/placements.hpp"

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/table/table.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/facts.hpp"
#include "support/random_facts.hpp"
#include "support/refusal.hpp"

namespace dealtrail {
namespace {

using testing::refusal_code;
using testing::refusal_of;

struct Row {
  std::optional<std::string> channel{};
  std::optional<std::string> id{};
  std::optional<double> spend{};
  std::optional<double> count{};
  std::optional<std::string> state{};
  std::optional<std::int64_t> day{};
  bool open = false;
};

TableInput table_of(const std::vector<Row>& rows) {
  TableBuilder builder{"placements"};
  ColumnBuilder& channel = builder.text("channel");
  ColumnBuilder& id = builder.text("id");
  ColumnBuilder& spend = builder.real("spend");
  ColumnBuilder& count = builder.real("count");
  ColumnBuilder& state = builder.text("state");
  ColumnBuilder& at = builder.time("at");
  ColumnBuilder& open = builder.boolean("open");
  for (const Row& row : rows) {
    channel.append_text(row.channel);
    id.append_text(row.id);
    spend.append_real(row.spend);
    count.append_real(row.count);
    state.append_text(row.state);
    at.append_time(row.day ? std::optional{from_us(*row.day * us_per_day)} : std::nullopt);
    open.append_boolean(row.open);
  }
  return read_all(builder.finish().to_stream(), "placements");
}

const PlacementOptions all{.placement = "id", .at = "at", .state = "state", .open = "open", .currency = RUB};

std::string codes(const Placements& view) {
  std::string line;
  for (const PlacementProblem& one : view.problems()) {
    line += (line.empty() ? "" : ", ") + one.code + " " + std::to_string(one.count);
  }
  return line;
}

TEST(Placements, StandByChannelTimeAndId) {
  const TableInput table = table_of({{"tg", "b", 100.5, 4, "test", 2}, {"tg", "a", 0, 3, {}, 1}, {"ads", "x", 7, 0}});
  const Placements view = Placements::from_table(table, all);
  ASSERT_EQ(view.channel_count(), 2U);
  EXPECT_EQ(view.channels()[0], "ads");
  EXPECT_EQ(view.id(1), "a");
  EXPECT_EQ(view.spend_minor(1), 0);
  EXPECT_EQ(view.spend_minor(2), 10'050);
  EXPECT_EQ(view.count(2), 4);
  EXPECT_EQ(view.state(1), ChannelState::test);
  EXPECT_EQ(view.at(0), std::nullopt);
  EXPECT_EQ(codes(view), "states_differ 1");
  EXPECT_EQ(view.table().rows(), 3);
}

TEST(Placements, NothingVanishes) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const TableInput table = table_of({{{}, "p1", 1, 1},
                                     {"tg", "p2", -5, 1},
                                     {"tg", "p3", 5, -1},
                                     {"tg", "p4", 5, nan},
                                     {"tg", "p5", 5, 1.5},
                                     {"tg", "p6", nan, 2},
                                     {"tg", "p7", 0.001, 2},
                                     {"tg", "p8", 5, 2, "gone"}});
  const Placements view = Placements::from_table(table, all);
  EXPECT_EQ(codes(view), "bad_count 3, inexact_money 1, negative_spend 1, no_channel 1, bad_state 1, no_spend 1");
  EXPECT_EQ(view.rows(), 8);
  EXPECT_EQ(view.left_out(), 6);
  EXPECT_EQ(view.size(), 2U);
  EXPECT_EQ(view.spend_minor(0), std::nullopt);
  const Table problems = view.problems_table();
  EXPECT_EQ(problems.text_at(0, "first_ids"), "p3 (row 2), p4 (row 3), p5 (row 4)");
  EXPECT_EQ(problems.text_at(2, "first_values"), "-5");
}

TEST(Placements, RowsOfOnePlacementAreOne) {
  const TableInput table =
      table_of({{"tg", "p", 5, 1, {}, 3}, {"tg", "p", 5, 1, {}, 3}, {"tg", "p", 6, 2, {}, 4}, {"ads", "p", 5, 1}});
  const Placements view = Placements::from_table(table, all);
  EXPECT_EQ(codes(view), "repeated_row 1, placement_in_parts 1");
  ASSERT_EQ(view.size(), 2U);
  EXPECT_EQ(view.spend_minor(1), 1'100);
  EXPECT_EQ(view.count(1), 3);
  EXPECT_EQ(view.at(1), from_us(3 * us_per_day));
}

TEST(Placements, AMissingOrWrongColumnIsNamed) {
  const TableInput table = table_of({{"tg", "p", 5, 1}});
  EXPECT_EQ(refusal_code([&] { return Placements::from_table(table, {.channel = "venue"}); }),
            ErrorCode::missing_column);
  EXPECT_EQ(refusal_code([&] { return Placements::from_table(table, {.spend = "state", .trials = "channel"}); }),
            ErrorCode::type_mismatch);
  EXPECT_EQ(refusal_code([&] { return Placements::from_table(table, {.count = ""}); }), ErrorCode::invalid_argument);
}

TEST(Placements, NothingIsAnAnswerToo) {
  EXPECT_EQ(Placements{}.size(), 0U);
  EXPECT_EQ(Placements::from_table(table_of({})).channel_count(), 0U);
  EXPECT_EQ(Placements{}.table().rows(), 0);
}

TEST(Placements, SumsBeyond64BitsAreRefused) {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(refusal_code([&] {
              return Placements::from_rows({{.channel = "a", .id = "p", .spend_minor = most},
                                            {.channel = "a", .id = "p", .spend_minor = most, .count = 1}});
            }),
            ErrorCode::overflow);
}

RC_GTEST_PROP(Placements, AnyOrderGivesTheSameView, (std::uint64_t seed)) {
  Random random{seed};
  std::vector<Placement> rows;
  for (std::int64_t left = random.uniform_int(0, 30); left > 0; --left) {
    rows.push_back({.channel = std::string(1, static_cast<char>('a' + random.uniform_int(0, 3))),
                    .id = std::to_string(random.uniform_int(0, 9)),
                    .at = random.chance(0.8) ? std::optional{from_us(random.uniform_int(0, 5))} : std::nullopt,
                    .spend_minor = random.uniform_int(0, 3),
                    .count = random.uniform_int(0, 2),
                    .state = static_cast<ChannelState>(random.uniform_int(0, 2)),
                    .open = random.chance(0.2)});
  }
  const Placements one = Placements::from_rows(rows, RUB);
  random.shuffle(rows);
  const Placements other = Placements::from_rows(rows, RUB);
  RC_ASSERT(one.table() == other.table());
}

// Of one letter for two events of which one has attendance, that event's half of the cost is what its guests cost; an
// event that says that attendance was taken counts without arrivals; and one is over with the day on which it begins.
TEST(Placements, OfATrailTakeTheCostOfGuestsWhereSomebodyLooked) {
  Trail trail{RUB};
  trail.put(Channel{.id = "mail", .name = "Mail"});
  trail.put(Event{.id = "seen", .name = "Seen", .starts_at = testing::utc("2026-03-10T10:00"), .attendance = "taken"});
  trail.put(Event{.id = "unseen", .name = "Unseen", .starts_at = testing::utc("2026-03-10T10:00")});
  const auto march = testing::utc("2026-03-01");
  trail.put(Announcement{.id = "a", .channel = "mail", .event = "seen", .published_at = march, .status = "out"});
  trail.put(Announcement{.id = "b", .channel = "mail", .published_at = march, .status = "out"});
  trail.put(AnnouncementEvent{.id = "b1", .announcement = "b", .event = "seen"});
  trail.put(AnnouncementEvent{.id = "b2", .announcement = "b", .event = "unseen"});
  trail.put(Cost{.id = "ca", .kind = "marketing", .announcement = "a", .amount = testing::rub(100), .at = march});
  trail.put(Cost{.id = "cb", .kind = "marketing", .announcement = "b", .amount = testing::rub(300), .at = march});
  trail.put(Registration{.id = "r", .event = "seen", .announcement = "a", .at = testing::utc("2026-03-10T14:00")});
  const Placements guests = placements(trail);
  ASSERT_EQ(guests.size(), 2U);
  EXPECT_EQ(guests.spend_minor(0), 10'000);
  EXPECT_EQ(guests.count(0), 0);
  EXPECT_TRUE(guests.open(0));  // at 14:00 of its day
  EXPECT_EQ(guests.spend_minor(1), 30'000);
  trail.put(Touch{.id = "t", .at = testing::utc("2026-03-11"), .kind = "visit"});
  const Placements over = placements(trail);
  EXPECT_FALSE(over.open(0) || over.open(1));
  EXPECT_EQ(over.spend_minor(1), 15'000);
  EXPECT_EQ(placements(trail, {.metric = "cost_per_registration"}).spend_minor(1), 30'000);
}

TEST(Placements, OfATrailKnowFreeOpenAndUnknown) {
  Trail trail{RUB};
  trail.put(Channel{.id = "tg", .name = "Telegram", .state = "test"});
  trail.put(Channel{.id = "own", .name = "Our letters", .paid = "own"});
  trail.put(Event{.id = "past", .name = "Past", .starts_at = testing::utc("2026-03-10")});
  trail.put(Event{.id = "next", .name = "Next", .starts_at = testing::utc("2026-09-10")});
  trail.put(Event{.id = "unnoted", .name = "Nobody at the door", .starts_at = testing::utc("2026-03-12")});
  const auto announce = [&](const char* id, const char* channel, const char* event, const char* status = "out") {
    trail.put(Announcement{.id = id,
                           .channel = channel,
                           .event = event,
                           .published_at = testing::utc("2026-03-01"),
                           .creative = "picture",
                           .status = status});
  };
  announce("a", "tg", "past");
  announce("b", "tg", "next");
  announce("c", "tg", "unnoted");
  announce("d", "own", "past");
  announce("e", "tg", "past", "planned");
  trail.put(Invoice{.id = "i", .amount = testing::rub(300), .issued_at = testing::utc("2026-03-01")});
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .announcement = "a"});
  trail.put(Registration{.id = "r", .event = "past", .announcement = "a", .at = testing::utc("2026-03-02")});
  trail.put(Attendance{.id = "s", .registration = "r", .at = testing::utc("2026-03-10T12:00")});
  trail.put(Registration{.id = "x", .event = "past", .at = testing::utc("2026-03-02")});
  trail.put(Attendance{.id = "y", .registration = "x", .at = testing::utc("2026-03-13T12:00")});
  const Placements view = placements(trail);
  ASSERT_EQ(view.size(), 3U);
  EXPECT_EQ(view.channels()[0], "own");
  EXPECT_EQ(view.spend_minor(0), 0);
  EXPECT_EQ(view.id(1), "a");
  EXPECT_EQ(view.spend_minor(1), 30'000);
  EXPECT_EQ(view.count(1), 1);
  EXPECT_FALSE(view.open(1));
  EXPECT_EQ(view.id(2), "b");
  EXPECT_TRUE(view.open(2));
  EXPECT_EQ(view.spend_minor(2), std::nullopt);
  EXPECT_EQ(view.state(1), ChannelState::test);
  EXPECT_EQ(codes(view), "no_announcement 1, no_attendance 1, no_spend 1, not_out 1");
  EXPECT_EQ(view.problems()[0].first_values[0], "cost 0.00, results 1");
  const Placements shares = placements(trail, {.metric = "show_rate", .by = "creative"});
  ASSERT_EQ(shares.channel_count(), 1U);
  EXPECT_EQ(shares.channels()[0], "picture");
  EXPECT_TRUE(shares.has_trials());
  EXPECT_EQ(refusal_code([&] { return placements(trail, {.metric = "cost"}); }), ErrorCode::unknown_name);
  EXPECT_EQ(refusal_code([&] { return placements(trail, {.by = "colour"}); }), ErrorCode::unknown_name);
  EXPECT_EQ(placements(trail, {.period = find_period("2026-04")}).size(), 0U);
}

}  // namespace
}  // namespace dealtrail
