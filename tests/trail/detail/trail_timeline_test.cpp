// SP.7: the story of one person, company or deal (M5.2), and the facts back as tables.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::refusal_code;
using testing::rub;
using testing::utc;

using Column = std::vector<std::string>;

Trail story() {
  Trail trail{RUB};
  trail.put(Channel{.id = "tg", .name = "Telegram"});
  trail.put(Announcement{.id = "a", .channel = "tg"});
  trail.put(Person{.id = "anna", .company = "romashka"});
  trail.put(Touch{.id = "t", .person = "anna", .announcement = "a", .at = utc("2026-03-01"), .kind = "click"});
  trail.put(Registration{.id = "r", .event = "expo", .person = "anna", .touch = "t", .at = utc("2026-03-02")});
  trail.put(Attendance{.id = "x", .registration = "r", .at = utc("2026-04-01"), .how = "qr"});
  trail.put(Deal{.id = "d",
                 .company = "romashka",
                 .registration = "r",
                 .outcome = "won",
                 .created_at = utc("2026-04-03"),
                 .closed_at = utc("2026-05-01"),
                 .amount = rub(900)});
  trail.put(Move{.id = "m", .deal = "d", .field = "stage", .from = "NEW", .to = "WORK", .at = utc("2026-04-10")});
  trail.put(Payment{.id = "p", .deal = "d", .at = utc("2026-05-05"), .kind = "sale", .amount = rub(400)});
  trail.put(Signal{.id = "s", .event = "expo", .person = "boris", .kind = "offer_request", .at = utc("2026-04-01")});
  return trail;
}

TEST(TrailTimelineTest, TellsADealInOrderOfTimeWithMoney) {
  const Trail trail = story();
  const Table lines = trail.timeline(Kind::deals, "d");
  EXPECT_EQ(column(lines, "id"), (Column{"t", "r", "x", "d", "m", "d", "p"}));
  EXPECT_EQ(column(lines, "what"),
            (Column{"click", "registered, expo", "came, qr, expo", "created", "stage: NEW -> WORK", "won", "sale"}));
  EXPECT_EQ(column(lines, "channel"), (Column{"tg", "tg", "tg", "tg", "-", "tg", "-"}));
  EXPECT_EQ(lines.minor_at(3, "amount"), std::nullopt);
  EXPECT_EQ(lines.minor_at(5, "amount"), 90'000);
  EXPECT_EQ(lines.minor_at(6, "amount"), 40'000);
}

TEST(TrailTimelineTest, ACompanysStoryIsThatOfItsPeopleToo) {
  Trail trail = story();
  EXPECT_EQ(trail.timeline(Kind::companies, "romashka").rows(), 7);
  EXPECT_EQ(trail.timeline(Kind::people, "anna").rows(), 7);
  EXPECT_EQ(column(trail.timeline(Kind::people, "boris"), "id"), (Column{"s"}));
  trail.merge(Kind::people, "anna", "boris");
  EXPECT_EQ(trail.timeline(Kind::people, "boris").rows(), trail.timeline(Kind::people, "anna").rows());
}

TEST(TrailTimelineTest, UndatedFactsComeLastAndCirclesEnd) {
  Trail trail{RUB};
  trail.put(Deal{.id = "one", .parent = "two", .created_at = utc("2026-01-02")});
  trail.put(Deal{.id = "two", .parent = "one", .created_at = utc("2026-01-01")});
  Draft stub{Kind::moves};
  stub.id = "stub";
  stub.stub = true;
  stub.set(fields::moves::deal, Datum::text("one"));
  trail.put(stub);
  EXPECT_EQ(column(trail.timeline(Kind::deals, "one"), "id"), (Column{"two", "one", "stub"}));
}

TEST(TrailTimelineTest, WhatHasNoStoryIsRefused) {
  const Trail trail = story();
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.timeline(Kind::channels, "tg")); }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.timeline(Kind::people, "nobody")); }), ErrorCode::unknown_name);
}

// The answer is of the state, not of the way to it: a Trail and its restored copy say the same.
TEST(TrailTimelineTest, AnIdThatNoFactNamesAnyMoreIsRefused) {
  Trail trail = story();
  trail.remove(Kind::signals, "s");
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.timeline(Kind::people, "boris")); }), ErrorCode::unknown_name);
  const Trail restored = Trail::restore(trail.snapshot());
  EXPECT_EQ(refusal_code([&] { static_cast<void>(restored.timeline(Kind::people, "boris")); }),
            ErrorCode::unknown_name);
}

TEST(TrailTableTest, GivesTheFactsBack) {
  Trail trail{RUB};
  trail.declare(Kind::deals, "town", FieldType::text);
  trail.declare(Kind::deals, "bonus", FieldType::decimal);
  trail.put(Deal{.id = "b",
                 .version = 7,
                 .company = "x",
                 .created_at = utc("2026-01-02"),
                 .probability = 0.25,
                 .amount = rub(1),
                 .sale_kind = "warm"});
  trail.put(Deal{.id = "a", .created_at = utc("2026-01-01")});
  trail.remove(Kind::deals, "c");
  const Table deals = trail.table(Kind::deals);
  EXPECT_EQ(column(deals, "id"), (Column{"a", "b"}));
  EXPECT_EQ(column(deals, "company"), (Column{"-", "x"}));
  EXPECT_EQ(column(deals, "sale_kind"), (Column{"-", "warm"}));
  EXPECT_EQ(deals.integer_at(1, "version"), 7);
  EXPECT_EQ(deals.real_at(1, "probability"), 0.25);
  EXPECT_EQ(deals.minor_at(1, "amount"), 100);
  EXPECT_EQ(deals.time_at(0, "created_at"), utc("2026-01-01"));
  ASSERT_EQ(deals.columns().size(), 3 + fields_of(Kind::deals).size() + 2);
  EXPECT_EQ(deals.columns()[deals.columns().size() - 2].name, "bonus");  // own columns by name
}

// What `table` gives, `put` takes: a Trail made of the tables of another is its equal.
TEST(TrailTableTest, WhatItGivesAPutTakes) {
  const Trail trail = story();
  Trail copy{RUB};
  for (std::size_t k = 0; k < kind_count; ++k) {
    const Kind kind = static_cast<Kind>(k);
    if (trail.size(kind) == 0) continue;
    const PutReport report = copy.put(kind, read_all(trail.table(kind).to_stream()));
    EXPECT_EQ(report.total().left_out, 0) << kind_name(kind);
  }
  EXPECT_EQ(copy.snapshot(), trail.snapshot());
}

}  // namespace
}  // namespace dealtrail
