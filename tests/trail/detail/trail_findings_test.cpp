// SP.7, law 9: dirty data is a table. Each code provoked once; nothing else is found beside it.
#include <chrono>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::codes;
using testing::column;
using testing::finding;
using testing::Found;
using testing::rub;
using testing::utc;

using Codes = std::vector<std::string>;

Trail clean() {
  Trail trail{RUB};
  trail.put(Channel{.id = "c", .name = "C", .paid = "own"});
  trail.put(Event{.id = "e", .name = "E", .starts_at = utc("2026-04-01"), .ends_at = utc("2026-04-02")});
  trail.put(Announcement{.id = "a", .channel = "c", .event = "e", .published_at = utc("2026-03-01")});
  trail.put(Announcement{.id = "b", .channel = "c", .event = "e", .published_at = utc("2026-03-01")});
  trail.put(Person{.id = "p", .name = "P"});
  trail.put(Deal{.id = "d",
                 .person = "p",
                 .announcement = "a",
                 .created_at = utc("2026-03-05"),
                 .closed_at = utc("2026-03-06"),
                 .amount = rub(1)});
  EXPECT_EQ(codes(trail), Codes{});
  return trail;
}

TEST(TrailFindingsTest, CleanFactsHaveNone) {
  EXPECT_EQ(Trail{RUB}.findings().rows(), 0);
  EXPECT_EQ(clean().findings().rows(), 0);
}

TEST(TrailFindingsTest, EachSaysWhatItIsAndWhatToDo) {
  Trail trail = clean();
  trail.put(Deal{.id = "x", .person = "nobody", .created_at = utc("2026-03-05")});
  const Table found = trail.findings();
  ASSERT_EQ(found.rows(), 1);
  for (const char* name : {"code", "severity", "kind", "column", "first_ids", "message", "hint"})
    EXPECT_FALSE(found.text_at(0, name).value_or("").empty()) << name;
  EXPECT_EQ(found.integer_at(0, "count"), 1);
}

TEST(TrailFindingsTest, EqualVersionConflict) {
  Trail trail = clean();
  trail.put(Channel{.id = "c", .version = 1, .name = "C", .paid = "own"});
  trail.put(Channel{.id = "c", .version = 1, .name = "D", .paid = "own"});
  EXPECT_EQ(codes(trail), Codes{"equal_version_conflict"});
}

// One grouped finding for many rows; the ids are those that are missing, the count that of the rows.
TEST(TrailFindingsTest, BrokenLinksOfOneKindAreOneFindingThatCountsEveryRow) {
  Trail trail = clean();
  for (int i = 0; i < 9; ++i) {
    trail.put(Move{.id = std::to_string(i),
                   .deal = "gone " + std::to_string(i % 7),
                   .field = "stage",
                   .to = "x",
                   .at = utc("2026-03-05")});
  }
  EXPECT_EQ(codes(trail), Codes{"broken_link"});
  const Found found = finding(trail, "broken_link");
  EXPECT_EQ(found.count, 9);  // rows, with seven ids that are missing
  EXPECT_EQ(found.ids, "gone 0, gone 1, gone 2, gone 3, gone 4");
  EXPECT_EQ(found.kind, "moves");
  EXPECT_EQ(found.column, "deal");
}

TEST(TrailFindingsTest, BrokenLinksOfEverySmallNumberAreCounted) {
  Trail trail = clean();
  for (int i = 0; i < 12; ++i) {
    trail.put(Move{.id = std::to_string(i),
                   .deal = "gone " + std::to_string(i),
                   .field = "stage",
                   .to = "x",
                   .at = utc("2026-03-05")});
    EXPECT_EQ(finding(trail, "broken_link").count, i + 1);
  }
}

TEST(TrailFindingsTest, AbsurdTime) {
  Trail trail = clean();
  trail.put(Touch{.id = "t", .announcement = "a", .at = utc("1970-01-01"), .kind = "click"});
  EXPECT_EQ(codes(trail), Codes{"absurd_time"});
  EXPECT_EQ(finding(trail, "absurd_time").column, "at");
}

// IN.8: what is dated more than a month after the last activity counts, and is told with its sum.
TEST(TrailFindingsTest, FarAhead) {
  Trail trail = clean();
  const Timestamp now = *trail.now();
  const auto days = [&](int count) { return now + std::chrono::hours{24 * count}; };
  const auto cost = [&](std::string id, int ahead, bool planned = false) {
    trail.put(Cost{
        .id = std::move(id), .kind = "x", .channel = "c", .amount = rub(40), .planned = planned, .at = days(ahead)});
  };
  cost("near", 31);
  EXPECT_EQ(codes(trail), Codes{});
  cost("plan", 400, true);
  trail.put(Invoice{.id = "draft", .amount = rub(7), .issued_at = days(400), .status = "draft"});
  trail.put(
      Announcement{.id = "later", .channel = "c", .published_at = days(400), .status = "planned", .promo_code = "L"});
  EXPECT_EQ(codes(trail), Codes{});
  cost("far", 32);
  cost("farther", 4000);
  EXPECT_EQ(codes(trail), Codes{"far_ahead"});
  EXPECT_EQ(finding(trail, "far_ahead").ids, "far, farther");
  EXPECT_EQ(finding(trail, "far_ahead").column, "at");
  const Table found = trail.findings();
  EXPECT_TRUE(found.text_at(0, "message")->ends_with("in all 80.00 RUB")) << *found.text_at(0, "message");
  trail.put(Invitation{.id = "i", .event = "e", .person = "p", .sent_at = days(32)});
  EXPECT_EQ(finding(trail, "far_ahead", "invitations").count, 1);
}

TEST(TrailFindingsTest, NoSubject) {
  Trail trail = clean();
  trail.put(Move{.id = "m", .field = "stage", .to = "x", .at = utc("2026-03-05")});
  trail.put(Role{.id = "r", .person = "p", .role = "contact"});  // who, but not of what
  trail.put(SourceKey{.id = "k", .kind = "form", .value = "f"});
  trail.put(Milestone{.id = "s", .kind = "first_sale", .at = utc("2026-03-05")});
  trail.put(Payment{.id = "y", .at = utc("2026-03-05"), .kind = "sale", .amount = rub(1)});
  trail.put(ContactPoint{.id = "q", .kind = "phone", .value = "+79161234567"});
  trail.put(Invitation{.id = "i", .event = "e", .sent_at = utc("2026-03-05")});
  EXPECT_EQ(codes(trail), Codes(7, "no_subject"));
  trail.put(Payment{.id = "y", .deal = "d", .at = utc("2026-03-05"), .kind = "sale", .amount = rub(1)});
  EXPECT_EQ(codes(trail), Codes(6, "no_subject"));
}

// What a portal loaded without a profile of its processes looks like.
TEST(TrailFindingsTest, NoChannels) {
  Trail trail{RUB};
  EXPECT_EQ(codes(trail), Codes{});
  trail.put(Deal{.id = "d", .created_at = utc("2026-03-01")});
  EXPECT_EQ(codes(trail), Codes{"no_channels"});
  trail.put(Channel{.id = "tg", .name = "Telegram"});
  EXPECT_EQ(codes(trail), Codes{});
}

TEST(TrailFindingsTest, Circle) {
  Trail trail = clean();
  trail.put(Event{.id = "f", .name = "F", .parent = "f"});
  EXPECT_EQ(codes(trail), Codes{"circle"});
  EXPECT_EQ(finding(trail, "circle").severity, "error");
}

TEST(TrailFindingsTest, IdentityContradiction) {
  Trail trail = clean();
  for (const char* verdict : {"same", "different"}) {
    trail.put(IdentityLink{.id = verdict, .kind = "companies", .one = "x", .other = "y", .verdict = verdict});
  }
  EXPECT_EQ(codes(trail), Codes{"identity_contradiction"});
  EXPECT_EQ(finding(trail, "identity_contradiction").ids, "x / y");
}

TEST(TrailFindingsTest, AmbiguousAndBadSourceKeys) {
  Trail trail = clean();
  trail.put(SourceKey{.id = "1", .kind = "form", .value = "f", .announcement = "a"});
  trail.put(SourceKey{.id = "2", .kind = "form", .value = "f", .announcement = "b"});
  trail.put(Touch{.id = "t", .form = "f", .at = utc("2026-03-05"), .kind = "form"});
  EXPECT_EQ(codes(trail), (Codes{"overlapping_keys", "ambiguous_source_key"}));
  trail.remove(Kind::source_keys, "2");
  trail.put(SourceKey{.id = "3", .kind = "utm", .value = "campaign=may", .announcement = "a"});
  EXPECT_EQ(codes(trail), Codes{"bad_source_key"});
}

TEST(TrailFindingsTest, DisagreeingSources) {
  Trail trail = clean();
  trail.put(Touch{.id = "t", .announcement = "b", .at = utc("2026-03-05"), .kind = "form"});
  trail.put(
      Registration{.id = "r", .event = "e", .person = "p", .touch = "t", .announcement = "a", .at = utc("2026-03-05")});
  EXPECT_EQ(codes(trail), Codes{"disagreeing_sources"});
  EXPECT_EQ(finding(trail, "disagreeing_sources").kind, "registrations");
  trail.put(
      Registration{.id = "r", .event = "e", .person = "p", .touch = "t", .announcement = "b", .at = utc("2026-03-05")});
  EXPECT_EQ(codes(trail), Codes{});
}

TEST(TrailFindingsTest, InvoicesThatCannotBePlaced) {
  Trail trail = clean();
  trail.put(Invoice{.id = "i", .amount = rub(10), .issued_at = utc("2026-03-05")});
  EXPECT_EQ(codes(trail), Codes{"unplaced_invoice"});
  trail.put(InvoiceLine{.id = "l", .invoice = "i"});
  EXPECT_EQ(codes(trail), Codes{"unplaced_line"});
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .channel = "c", .split = "budget_share"});
  EXPECT_EQ(codes(trail), Codes{"split_keys_zero"});
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .channel = "c", .amount = rub(11)});
  EXPECT_EQ(codes(trail), Codes{"invoice_over_lines"});
  trail.put(Invoice{.id = "i", .amount = rub(10), .issued_at = utc("2026-03-05"), .status = "draft"});
  EXPECT_EQ(codes(trail), Codes{});
}

TEST(TrailFindingsTest, MoneyThatCannotBeSummedOrIsOdd) {
  Trail trail = clean();
  trail.put(Deal{.id = "x", .announcement = "a", .created_at = utc("2026-03-05"), .amount = Money{1, USD}});
  EXPECT_EQ(codes(trail), Codes{"foreign_currency"});
  trail.remove(Kind::deals, "x");
  trail.put(Payment{.id = "y", .deal = "d", .at = utc("2026-03-05"), .kind = "refund", .amount = rub(1)});
  EXPECT_EQ(codes(trail), Codes{"positive_refund"});
  trail.put(Payment{.id = "y", .deal = "d", .at = utc("2026-03-05"), .kind = "refund", .amount = rub(-1)});
  EXPECT_EQ(codes(trail), Codes{});
}

TEST(TrailFindingsTest, VatUnknownOnlyWhereNetFiguresAreAskedFor) {
  Trail trail{RUB, {.vat = VatBasis::net}};
  trail.put(Channel{.id = "c", .name = "C", .paid = "own"});
  trail.put(Deal{.id = "x", .created_at = utc("2026-03-05"), .amount = rub(120)});
  EXPECT_EQ(codes(trail), Codes{"vat_unknown"});
  trail.put(Deal{.id = "x", .outcome = "won", .created_at = utc("2026-03-05"), .amount = rub(120), .vat = rub(20)});
  EXPECT_EQ(codes(trail), Codes{});
  EXPECT_EQ(trail.card("(total)").amount_won, rub(100));
}

// A cost over days is spread; over more than 3660 calendar days it counts once, at its start, with a finding.
TEST(TrailFindingsTest, AbsurdSpanIsJustWhereACostIsNotSpread) {
  for (const std::int64_t hour : {0, 1, 12, 23}) {
    for (const std::int64_t length_h : {24 * 3659 - 1, 24 * 3659, 24 * 3659 + 2, 24 * 3660 - 1, 24 * 3660}) {
      Trail trail{RUB};
      const Timestamp at = utc("2020-01-01") + std::chrono::hours{hour};
      trail.put(
          Cost{.id = "k", .kind = "x", .amount = rub(4'000), .at = at, .until = at + std::chrono::hours{length_h}});
      const bool spread = trail.trace("(total)", "cost").rows() > 1;
      EXPECT_EQ(finding(trail, "absurd_span").count, spread ? 0 : 1) << hour << ' ' << length_h;
      EXPECT_EQ(testing::cost_of(trail, "(total)"), 400'000);
    }
  }
}

TEST(TrailFindingsTest, Arrivals) {
  Trail trail = clean();
  trail.put(Attendance{.id = "t", .person = "p", .at = utc("2026-04-01")});
  EXPECT_EQ(codes(trail), Codes{"arrival_without_event"});
  trail.put(Registration{.id = "r", .event = "e", .person = "p", .announcement = "a", .at = utc("2026-03-05")});
  trail.put(Attendance{.id = "t", .registration = "r", .at = utc("2026-04-01")});
  trail.put(Attendance{.id = "u", .registration = "r", .at = utc("2026-04-01")});
  EXPECT_EQ(codes(trail), Codes{"repeated_arrival"});
}

TEST(TrailFindingsTest, TimesInTheWrongOrder) {
  Trail trail = clean();
  trail.put(Deal{.id = "x", .created_at = utc("2026-03-05"), .closed_at = utc("2026-03-04")});
  EXPECT_EQ(codes(trail), Codes{"closed_before_created"});
  trail.remove(Kind::deals, "x");
  trail.put(Event{.id = "f", .name = "F", .starts_at = utc("2026-03-05"), .ends_at = utc("2026-03-04")});
  EXPECT_EQ(codes(trail), Codes{"ends_before_start"});
}

// "Absurd dates": the very ends of what an int64 of microseconds can say.
TEST(TrailFindingsTest, TimesAtTheEndsOfTheWorldCrashNothing) {
  constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
  Trail trail{RUB, {.zone = Zone::fixed(3 * 3600)}};
  trail.put(Channel{.id = "c", .name = "C", .paid = "own"});
  for (const std::int64_t us : {-greatest, greatest}) {
    const std::string id = std::to_string(us);
    trail.put(Event{.id = id, .name = "E", .starts_at = from_us(us), .ends_at = from_us(-us)});
    trail.put(Announcement{.id = id, .channel = "c", .event = id, .published_at = from_us(us)});
    trail.put(
        Cost{.id = id, .kind = "x", .announcement = id, .amount = rub(4), .at = from_us(us), .until = from_us(-us)});
    trail.put(Registration{.id = id, .event = id, .person = "p", .at = from_us(us)});
    trail.put(Attendance{.id = id, .registration = id, .at = from_us(us)});
    trail.put(Deal{.id = id,
                   .person = "p",
                   .outcome = "won",
                   .created_at = from_us(us),
                   .closed_at = from_us(-us),
                   .amount = rub(1)});
    trail.put(Lead{.id = id, .person = "p", .created_at = from_us(us)});
  }
  EXPECT_EQ(trail.now(), std::nullopt);
  EXPECT_GT(finding(trail, "absurd_time", "costs", "at").count, 0);
  EXPECT_EQ(finding(trail, "absurd_span").count, 1);
  for (const std::string& month : column(trail.cards({.by = "month"}), "key"))
    EXPECT_NO_THROW(static_cast<void>(trail.card(month, "month"))) << month;
  for (const PeriodKind kind :
       {PeriodKind::day, PeriodKind::week, PeriodKind::month, PeriodKind::quarter, PeriodKind::year}) {
    EXPECT_NO_THROW(static_cast<void>(
        trail.cards({.clock = Clock::placement, .period = period_of(from_us(greatest), kind, Zone{})})));
  }
  EXPECT_EQ(trail.timeline(Kind::people, "p").rows(), 10);
  EXPECT_EQ(Trail::restore(trail.snapshot()).snapshot(), trail.snapshot());
  EXPECT_TRUE(testing::live_is_batch(trail));
}

}  // namespace
}  // namespace dealtrail
