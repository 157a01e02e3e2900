// SP.7, law 1: a Trail as bytes and back; damaged bytes are refused, never believed and never a crash.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/hash.hpp"

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::refusal_code;
using testing::rub;
using testing::utc;

Trail full() {
  Trail trail{RUB,
              {.zone = Zone::from_transitions("Somewhere", {{0, 3'600}, {1'000'000'000, 7'200}}, 0),
               .vat = VatBasis::net,
               .lookback_days = 30}};
  trail.declare(Kind::deals, "town", FieldType::text);
  trail.declare(Kind::channels, "score", FieldType::real);
  trail.set_rules(
      {{.name = "claims",
        .view = View::marketing,
        .outcome = "won",
        .when = Condition::all(
            {Condition::test("stage", ConditionOp::prefix, Datum::text("C5")),
             Condition::negation(Condition::null("town")),
             Condition::any({Condition::test("amount", ConditionOp::ge, Datum::decimal(15, 1)),
                             Condition::one_of("id", {Constant(Datum::text("d")), Constant(Datum::integer(5))})})}),
        .from_us = 5,
        .until_us = to_us(utc("2030-01-01"))}});
  trail.put(Channel{.id = "c", .version = 1, .name = "C"});
  trail.put(Channel{.id = "c", .version = 1, .name = "D"});  // in conflict
  trail.put(Announcement{.id = "a", .channel = "c", .event = "late", .published_at = utc("2026-03-01")});
  trail.put(AnnouncementEvent{.id = "x", .announcement = "a", .event = "late", .weight = Decimal{5, 1}});
  trail.remove(Kind::events, "gone", 4);
  trail.remove(Kind::events, "gone too");
  trail.put(Touch{.id = "t",
                  .person = "p",
                  .announcement = "a",
                  .at = utc("2026-03-02"),
                  .kind = "call",
                  .answered = true,
                  .seconds = -3});
  Draft draft{Kind::deals};
  draft.id = "d";
  draft.set(fields::deals::touch, Datum::text("t"));
  draft.set(fields::deals::stage, Datum::text("C5:LOSE"));
  draft.set(fields::deals::outcome, Datum::text("lost"));
  draft.set(fields::deals::created_at, Datum::time(to_us(utc("2026-03-03"))));
  draft.set(fields::deals::amount, Datum::integer(120));
  draft.set(fields::deals::probability, Datum::real(0.5));
  draft.set_own("town", Datum::text("Perm"));
  trail.put(draft);
  Draft stub{Kind::people};
  stub.id = "p";
  stub.stub = true;
  trail.put(stub);
  trail.put(Cost{
      .id = "k", .kind = "venue", .event = "late", .amount = rub(-7), .at = utc("2026-03-05")});  // without a version
  trail.merge(Kind::people, "p", "q", 2);
  return trail;
}

// The same bytes with the check sum put right again: what only a careful reading can refuse.
std::string sealed(std::string bytes) {
  const std::size_t content = bytes.size() - 8;
  const std::uint64_t sum = stable_hash64(std::string_view{bytes}.substr(0, content));
  for (std::size_t i = 0; i < 8; ++i) bytes[content + i] = static_cast<char>(sum >> (8 * i) & 0xFF);
  return bytes;
}

// Refused, or a Trail that can be read and written; true when refused.
bool refused(const std::string& bytes) {
  try {
    const Trail trail = Trail::restore(bytes);
    try {
      static_cast<void>(trail.cards());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::overflow) << error.what();  // amounts that no door would let in
      return false;
    }
    for (const char* by : {"channel", "event", "month"})
      static_cast<void>(trail.cards({.by = by, .view = View::finance}));
    static_cast<void>(trail.findings());
    for (std::size_t k = 0; k < kind_count; ++k) static_cast<void>(trail.table(static_cast<Kind>(k)));
    static_cast<void>(trail.snapshot());
    return false;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::corrupt_data) << error.what();
    return true;
  }
}

// IN.9: earlier versions kept a day that ends something as its midnight, so they are refused and say why.
TEST(TrailSnapshotTest, OfAnEarlierVersionIsRefused) {
  std::string bytes = full().snapshot();
  constexpr std::size_t magic = 10;
  for (const char version : {'\x01', '\x02'}) {
    bytes[magic - 1] = version;
    const Error error = testing::refusal_of([&] { static_cast<void>(Trail::restore(bytes)); });
    EXPECT_EQ(error.code(), ErrorCode::corrupt_data);
    EXPECT_NE(std::string{error.what()}.find("an earlier version"), std::string::npos) << error.what();
  }
  bytes[magic - 1] = '\x04';
  const Error error = testing::refusal_of([&] { static_cast<void>(Trail::restore(bytes)); });
  EXPECT_NE(std::string{error.what()}.find("a later version"), std::string::npos) << error.what();
}

TEST(TrailSnapshotTest, GivesEverythingBack) {
  const Trail trail = full();
  const Trail restored = Trail::restore(trail.snapshot());
  EXPECT_EQ(restored.snapshot(), trail.snapshot());
  EXPECT_EQ(restored.currency(), RUB);
  EXPECT_EQ(restored.options().zone, trail.options().zone);
  EXPECT_EQ(restored.options().vat, VatBasis::net);
  EXPECT_EQ(restored.options().lookback_days, 30);
  EXPECT_EQ(restored.rules(), trail.rules());
  EXPECT_EQ(restored.size(), trail.size());
  EXPECT_EQ(restored.now(), trail.now());
  EXPECT_EQ(restored.findings(), trail.findings());
  EXPECT_EQ(restored.table(Kind::deals), trail.table(Kind::deals));
  for (const char* by : {"channel", "announcement", "event", "partner", "month", "town"})
    EXPECT_EQ(restored.cards({.by = by}), trail.cards({.by = by}));
  EXPECT_EQ(restored.card("c").won, 1);  // by the rule
}

TEST(TrailSnapshotTest, AnEmptyTrailComesBackToo) {
  const Trail trail{JPY};
  const Trail restored = Trail::restore(trail.snapshot());
  EXPECT_EQ(restored.currency(), JPY);
  EXPECT_EQ(restored.size(), 0U);
  EXPECT_EQ(restored.snapshot(), trail.snapshot());
}

TEST(TrailSnapshotTest, CopiesAndSeedsOfTheIdTablesDoNotShow) {
  const Trail trail = full();
  const Trail copy = trail;
  EXPECT_EQ(copy.snapshot(), trail.snapshot());
  EXPECT_EQ(Trail::restore(trail.snapshot(), 0xDEADBEEF).snapshot(), trail.snapshot());
  Trail changed = trail;
  changed.put(Channel{.id = "new", .name = "New"});
  EXPECT_NE(changed.snapshot(), trail.snapshot());
  EXPECT_EQ(copy.snapshot(), trail.snapshot());
  EXPECT_FALSE(trail.contains(Kind::channels, "new"));
}

// Puts, removals, ties and late links after a restore end as they would have without it.
TEST(TrailSnapshotTest, ARestoredTrailGoesOnLiving) {
  Trail trail = full();
  Trail restored = Trail::restore(trail.snapshot());
  for (Trail* one : {&trail, &restored}) {
    one->put(Event{.id = "late", .name = "Late", .starts_at = utc("2026-04-01")});
    one->put(Event{.id = "gone", .version = 4, .name = "Beaten"});
    one->put(Event{.id = "gone too", .version = 0, .name = "Back"});
    one->put(Channel{.id = "c", .version = 1, .name = "Another"});
    one->put(Registration{.id = "r", .event = "late", .person = "q", .touch = "t", .at = utc("2026-03-04")});
    one->put(Attendance{.id = "y", .event = "late", .person = "p", .at = utc("2026-04-01")});
    one->put(SourceKey{.id = "s", .kind = "number", .value = "+7", .channel = "c"});
    one->remove(Kind::announcements, "a", 9);
    one->declare(Kind::deals, "size", FieldType::integer);
    EXPECT_TRUE(testing::live_is_batch(*one));
  }
  EXPECT_EQ(restored.snapshot(), trail.snapshot());
  EXPECT_EQ(restored.cards(), trail.cards());
  EXPECT_EQ(restored.card("(unattributed)").attended, 1);
  EXPECT_EQ(restored.table(Kind::channels), trail.table(Kind::channels));
}

TEST(TrailSnapshotTest, EveryCutIsRefused) {
  const std::string bytes = full().snapshot();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ASSERT_EQ(refusal_code([&] { static_cast<void>(Trail::restore(bytes.substr(0, length))); }),
              ErrorCode::corrupt_data)
        << "cut at " << length;
  }
  EXPECT_EQ(refusal_code([&] { static_cast<void>(Trail::restore(bytes + '\0')); }), ErrorCode::corrupt_data);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(Trail::restore("{\"deals\": []}")); }), ErrorCode::corrupt_data);
}

TEST(TrailSnapshotTest, EveryChangedByteIsRefused) {
  const std::string bytes = full().snapshot();
  for (std::size_t place = 0; place < bytes.size(); ++place) {
    std::string changed = bytes;
    changed[place] = static_cast<char>(changed[place] ^ (1 << place % 8));
    ASSERT_EQ(refusal_code([&] { static_cast<void>(Trail::restore(changed)); }), ErrorCode::corrupt_data)
        << "byte " << place;
  }
}

// Whoever writes a check sum can write anything: it must be refused or be a Trail, never a crash.
TEST(TrailSnapshotTest, ChangedBytesUnderAGoodCheckSumCrashNothing) {
  const std::string bytes = full().snapshot();
  std::size_t refusals = 0;
  for (std::size_t place = 0; place + 8 < bytes.size(); ++place) {
    for (const int mask : {1 << place % 8, place % 4 == 0 ? 0xFF : 0}) {
      if (mask == 0) continue;
      std::string changed = bytes;
      changed[place] = static_cast<char>(changed[place] ^ mask);
      refusals += refused(sealed(std::move(changed))) ? 1 : 0;
      if (HasFailure()) FAIL() << "byte " << place << " mask " << mask;
    }
  }
  EXPECT_GT(refusals, bytes.size() / 2);
}

TEST(TrailSnapshotTest, CutsUnderAGoodCheckSumAreRefused) {
  const std::string bytes = full().snapshot();
  for (std::size_t length = 0; length + 8 < bytes.size(); ++length) {
    const std::string cut = sealed(bytes.substr(0, length) + std::string(8, '\0'));
    ASSERT_EQ(refusal_code([&] { static_cast<void>(Trail::restore(cut)); }), ErrorCode::corrupt_data)
        << "cut at " << length;
  }
}

TEST(TrailSnapshotTest, AKindOrColumnThatIsNotKnownIsRefusedByName) {
  const std::string bytes = full().snapshot();
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string changed = bytes;
    changed.replace(changed.find(from), from.size(), to);
    return testing::refusal_of([&] { static_cast<void>(Trail::restore(sealed(std::move(changed)))); });
  };
  const Error kind = with("signals", "sygnals");
  EXPECT_EQ(kind.code(), ErrorCode::corrupt_data);
  EXPECT_NE(std::string{kind.what()}.find("sygnals"), std::string::npos);
  const Error column = with("venue_kind", "venue_sort");
  EXPECT_EQ(column.code(), ErrorCode::corrupt_data);
  EXPECT_NE(std::string{column.what()}.find("venue_sort"), std::string::npos);
}

}  // namespace
}  // namespace dealtrail
