// SP.7: the Trail as a host uses it. What is in detail has its own tests beside this one, in the folder detail.
#include "dealtrail/trail/trail.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::cost_of;
using testing::count_of;
using testing::live_is_batch;
using testing::minor_of;
using testing::refusal_code;
using testing::rub;
using testing::utc;

// The C++ example of design §7: facts as they happen, the card at any moment.
TEST(TrailTest, FactsAsTheyHappenBecomeALiveCard) {
  Trail trail{RUB};
  trail.put(Channel{.id = "tg", .name = "Telegram"});
  trail.put(Announcement{.id = "post", .channel = "tg", .event = "expo", .published_at = utc("2026-03-01")});
  trail.put(Invoice{.id = "i", .amount = rub(12'000), .issued_at = utc("2026-03-02")});
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .announcement = "post"});
  trail.put(
      Registration{.id = "r-17", .event = "expo", .person = "anna", .announcement = "post", .at = utc("2026-03-05")});
  EXPECT_EQ(trail.card("tg").cost_per_registration, 12'000.0);
  EXPECT_EQ(trail.card("tg").cost_per_attendee, std::nullopt);
  trail.put(Attendance{.id = "scan-17", .registration = "r-17", .at = utc("2026-03-20")});
  EXPECT_EQ(trail.card("tg").cost_per_attendee, 12'000.0);
  trail.put(Deal{
      .id = "d", .registration = "r-17", .outcome = "won", .created_at = utc("2026-03-21"), .amount = rub(48'000)});
  EXPECT_EQ(trail.card("tg").roas, 4.0);
  EXPECT_EQ(trail.size(), 7U);
  EXPECT_EQ(trail.size(Kind::deals), 1U);
  EXPECT_TRUE(trail.contains(Kind::deals, "d"));
  EXPECT_FALSE(trail.contains(Kind::deals, "tg"));
}

TEST(TrailTest, ARefusedPutLeavesTheTrailAsItWas) {
  Trail trail{RUB};
  trail.put(Deal{.id = "d", .outcome = "won", .created_at = utc("2026-01-01"), .amount = rub(5)});
  const std::string before = trail.snapshot();
  EXPECT_EQ(refusal_code([&] { trail.put(Deal{.id = "d", .outcome = "gained", .created_at = utc("2026-01-01")}); }),
            ErrorCode::type_mismatch);
  EXPECT_EQ(refusal_code([&] { trail.put(Deal{.id = "d", .lost_reason = "\xFF", .created_at = utc("2026-01-01")}); }),
            ErrorCode::type_mismatch);
  EXPECT_EQ(
      refusal_code([&] {
        trail.put(Deal{.id = "d", .created_at = utc("2026-01-01"), .amount = Money{(std::int64_t{1} << 61) + 1, RUB}});
      }),
      ErrorCode::overflow);
  EXPECT_EQ(trail.snapshot(), before);
  EXPECT_TRUE(live_is_batch(trail));
}

// A deal may arrive before its registration, its touch, its announcement and its channel.
TEST(TrailTest, FactsComeInAnyOrder) {
  const auto put = [](Trail& trail, int step) {
    switch (step) {
      case 0: trail.put(Channel{.id = "tg", .name = "Telegram", .paid = "own"}); break;
      case 1:
        trail.put(Announcement{.id = "a", .channel = "tg", .event = "e", .published_at = utc("2026-03-01")});
        break;
      case 2: trail.put(Touch{.id = "t", .promo_code = "SPRING", .at = utc("2026-03-02"), .kind = "visit"}); break;
      case 3: trail.put(SourceKey{.id = "k", .kind = "promo_code", .value = "SPRING", .announcement = "a"}); break;
      case 4:
        trail.put(Registration{.id = "r", .event = "e", .person = "p", .touch = "t", .at = utc("2026-03-03")});
        break;
      default:
        trail.put(
            Deal{.id = "d", .registration = "r", .outcome = "won", .created_at = utc("2026-03-04"), .amount = rub(5)});
        break;
    }
  };
  std::vector<int> order{5, 4, 3, 2, 1, 0};
  std::string expected;
  for (int rotation = 0; rotation < 6; ++rotation) {
    Trail trail{RUB};
    for (const int step : order) {
      put(trail, step);
      ASSERT_EQ(trail.card("(total)").deals, trail.contains(Kind::deals, "d") ? 1 : 0);  // never a lost row
    }
    EXPECT_EQ(trail.card("tg").amount_won, rub(5));
    EXPECT_EQ(testing::codes(trail),
              (std::vector<std::string>{"broken_link", "broken_link", "broken_link"}));  // event e twice, person p
    if (expected.empty()) expected = trail.snapshot();
    EXPECT_EQ(trail.snapshot(), expected);
    std::rotate(order.begin(), order.begin() + 1, order.end());
  }
}

// Design §6: a cost of 100.01 from 30 January to 1 February in Moscow: three days, the odd kopecks first.
TEST(TrailCostTest, IsSpreadEvenlyByDay) {
  Trail trail{RUB, {.zone = Zone::fixed(3 * 3600)}};
  trail.put(Cost{.id = "k",
                 .kind = "salary",
                 .amount = Money{10'001, RUB},
                 .at = utc("2026-01-30T09:00"),
                 .until = utc("2026-01-31T21:30")});
  const Table parts = trail.trace("(total)", "cost");
  ASSERT_EQ(parts.rows(), 3);  // 21:30 UTC of the 31st is 1 February in Moscow
  EXPECT_EQ(parts.time_at(0, "at"), utc("2026-01-30T09:00"));
  EXPECT_EQ(parts.time_at(1, "at"), utc("2026-01-30T21:00"));  // the first moment of that local day
  EXPECT_EQ(parts.time_at(2, "at"), utc("2026-01-31T21:00"));
  EXPECT_EQ(parts.minor_at(0, "part"), 3'334);
  EXPECT_EQ(parts.minor_at(1, "part"), 3'334);
  EXPECT_EQ(parts.minor_at(2, "part"), 3'333);
  EXPECT_EQ(cost_of(trail, "2026-02", "month"), 3'333);
}

TEST(TrailCostTest, HoursTimesRateHalvesToEvenAndPlansAreNoCost) {
  Trail trail{RUB};
  trail.put(Cost{.id = "k", .kind = "time", .hours = Decimal{25, 1}, .rate = Money{333, RUB}, .at = utc("2026-01-01")});
  EXPECT_EQ(cost_of(trail, "(total)"), 832);  // 2.5 × 3.33 = 8.325
  trail.put(Cost{.id = "k", .kind = "time", .amount = rub(5), .planned = true, .at = utc("2026-01-01")});
  EXPECT_EQ(cost_of(trail, "(total)"), 0);
  trail.put(Cost{.id = "k", .kind = "time", .at = utc("2026-01-01")});
  EXPECT_EQ(cost_of(trail, "(total)"), 0);
}

TEST(TrailCostTest, ItsOwnLinksTakeThePlaceOfItsAnnouncements) {
  Trail trail{RUB};
  for (const char* channel : {"one", "two"}) trail.put(Channel{.id = channel, .name = channel});
  for (const char* event : {"e", "f"}) trail.put(Event{.id = event, .name = event});
  trail.put(Announcement{.id = "a", .channel = "one", .event = "e"});
  trail.put(Cost{.id = "k", .kind = "x", .announcement = "a", .amount = rub(5), .at = utc("2026-01-01")});
  EXPECT_EQ(cost_of(trail, "one"), 500);
  EXPECT_EQ(cost_of(trail, "e", "event"), 500);
  trail.put(Cost{.id = "k",
                 .kind = "x",
                 .channel = "two",
                 .announcement = "a",
                 .event = "f",
                 .amount = rub(5),
                 .at = utc("2026-01-01")});
  EXPECT_EQ(cost_of(trail, "two"), 500);
  EXPECT_EQ(cost_of(trail, "a", "announcement"), 500);
  EXPECT_EQ(cost_of(trail, "f", "event"), 500);
  trail.put(Cost{.id = "k", .kind = "venue", .event = "f", .amount = rub(5), .at = utc("2026-01-01")});
  EXPECT_EQ(cost_of(trail, "(unattributed)"), 500);  // whole in the event's card, no channel's promotion
  EXPECT_EQ(cost_of(trail, "f", "event"), 500);
  EXPECT_TRUE(live_is_batch(trail));
}

// M1.5: goals of an event beside the facts.
TEST(TrailGoalsTest, GoalsStandBesideFacts) {
  Trail trail{RUB};
  trail.put(Event{.id = "e",
                  .name = "Expo",
                  .starts_at = utc("2026-04-01"),
                  .goal_registrations = 4,
                  .goal_attended = 1,
                  .goal_new = 0,
                  .goal_deals = 2,
                  .goal_revenue = rub(1'000)});
  trail.put(Event{.id = "none", .name = "Without goals"});
  trail.put(Registration{.id = "r", .event = "e", .person = "p", .at = utc("2026-03-01")});
  trail.put(Attendance{.id = "t", .registration = "r", .at = utc("2026-04-01")});
  trail.put(Attendance{.id = "w", .event = "e", .at = utc("2026-04-01")});
  trail.put(
      Deal{.id = "d", .registration = "r", .outcome = "won", .created_at = utc("2026-04-02"), .amount = rub(250)});
  const Table goals = trail.goals();
  EXPECT_EQ(column(goals, "figure"),
            (std::vector<std::string>{"registrations", "came", "new_faces", "deals", "amount_won"}));
  const auto row = [&](std::int64_t at) {
    return std::vector<std::int64_t>{goals.minor_at(at, "goal").value(), goals.minor_at(at, "fact").value(),
                                     goals.minor_at(at, "missing").value()};
  };
  EXPECT_EQ(row(0),
            (std::vector<std::int64_t>{400, 100, 300}));        // exact numbers with the currency's two places: 4, 1, 3
  EXPECT_EQ(row(1), (std::vector<std::int64_t>{100, 200, 0}));  // attended and walk-ins; nothing is missing
  EXPECT_EQ(row(4), (std::vector<std::int64_t>{100'000, 25'000, 75'000}));
  EXPECT_EQ(goals.real_at(0, "done"), 0.25);
  EXPECT_EQ(goals.real_at(2, "done"), std::nullopt);  // of a goal of 0 no share can be told
  EXPECT_EQ(goals.real_at(4, "done"), 0.25);
  EXPECT_EQ(Trail{RUB}.goals().rows(), 0);
}

// Law 8: a ratio traces as numerator and denominator.
TEST(TrailTraceTest, ARatioGivesItsNumeratorAndDenominator) {
  Trail trail{RUB};
  trail.put(Channel{.id = "tg", .name = "Telegram"});
  trail.put(Announcement{.id = "a", .channel = "tg", .event = "e"});
  trail.put(Cost{.id = "k", .kind = "x", .announcement = "a", .amount = rub(30), .at = utc("2026-01-01")});
  trail.put(Registration{.id = "r", .event = "e", .person = "p", .announcement = "a", .at = utc("2026-01-02")});
  trail.put(Attendance{.id = "t", .registration = "r", .at = utc("2026-01-03")});
  const Table traced = trail.trace("tg", "cost_per_attendee");
  EXPECT_EQ(column(traced, "role"), (std::vector<std::string>{"numerator", "denominator"}));
  EXPECT_EQ(column(traced, "id"), (std::vector<std::string>{"k", "t"}));
  EXPECT_EQ(column(traced, "metric"), (std::vector<std::string>{"cost", "attended"}));
  EXPECT_EQ(traced.minor_at(0, "part"), 3'000);
  EXPECT_EQ(traced.meta("key"), "tg");
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.trace("tg", "luck")); }), ErrorCode::unknown_name);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.trace("nobody", "cost")); }), ErrorCode::unknown_name);
}

TEST(TrailDiffTest, TwoPeriodsOfOneTrailAreCompared) {
  Trail trail{RUB};
  trail.put(Deal{.id = "march", .outcome = "won", .created_at = utc("2026-03-04"), .amount = rub(5)});
  trail.put(Deal{.id = "april", .outcome = "won", .created_at = utc("2026-04-04"), .amount = rub(9)});
  const Table diff =
      trail.diff(trail, {.period = parse_period("2026-04")}, CardsOptions{.period = parse_period("2026-03")});
  std::int64_t change = 0;
  for (std::int64_t row = 0; row < diff.rows(); ++row) {
    if (diff.text_at(row, "key") == "(total)" && diff.text_at(row, "metric") == "amount_won")
      change += diff.minor_at(row, "change").value();
  }
  EXPECT_EQ(change, 400);
  EXPECT_EQ(trail.diff(trail).rows(), 0);
}

TEST(TrailDiffTest, WhatCannotBeComparedIsRefused) {
  const Trail trail{RUB};
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.diff(Trail{USD})); }), ErrorCode::currency_mismatch);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.diff(trail, {.by = "channel"}, CardsOptions{.by = "event"})); }),
            ErrorCode::invalid_argument);
}

TEST(TrailTest, MayBeMovedWhileABatchIsOpen) {
  Trail trail{RUB};
  Trail::Batch batch = trail.batch();
  batch.put(Channel{.id = "tg", .name = "Telegram"});
  Trail moved = std::move(trail);
  batch.put(Announcement{.id = "a", .channel = "tg", .published_at = utc("2026-03-01")});
  EXPECT_EQ(batch.finish().total().put, 2);
  EXPECT_EQ(refusal_code([&] { (void)batch.finish(); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { batch.put(Channel{.id = "late", .name = "Late"}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(count_of(moved.cards(), "tg", "announcements"), 1);
  trail = moved;  // NOLINT(bugprone-use-after-move): a new one in its place
  EXPECT_EQ(trail.snapshot(), moved.snapshot());
  Trail& same = trail;
  trail = std::move(same);
  trail.put(Channel{.id = "mail", .name = "Mail"});
  EXPECT_EQ(trail.size(Kind::channels), 2U);
}

TEST(TrailTest, ACopyIsATrailOfItsOwn) {
  Trail trail{RUB};
  trail.put(Channel{.id = "c", .name = "C"});
  Trail copy = trail;
  copy.put(Cost{.id = "k", .kind = "x", .channel = "c", .amount = rub(1), .at = utc("2026-01-01")});
  EXPECT_EQ(cost_of(trail, "c"), 0);
  EXPECT_EQ(cost_of(copy, "c"), 100);
  Trail moved = std::move(copy);
  moved.put(Cost{.id = "k", .kind = "x", .channel = "c", .amount = rub(2), .at = utc("2026-01-01")});
  EXPECT_EQ(cost_of(moved, "c"), 200);
  EXPECT_TRUE(live_is_batch(moved));
}

}  // namespace
}  // namespace dealtrail
