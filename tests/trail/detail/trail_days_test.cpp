// IN.9: a date without a time is that day; as an end it comes after the day's facts, as a beginning before them.
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "dealtrail/core/period.hpp"
#include "dealtrail/table/text.hpp"

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using namespace std::chrono_literals;
using testing::finding;
using testing::rub;
using testing::utc;

constexpr auto march = std::chrono::March;
const Zone moscow = Zone::fixed(3 * 3600, "Europe/Moscow");

Trail in_moscow() {
  Trail trail{RUB, {.zone = moscow}};
  trail.put(Channel{.id = "c", .name = "C"});
  trail.put(Announcement{.id = "a", .channel = "c"});
  return trail;
}

// One field of a kind given as a day, in both forms that a day has, with what the kind needs besides.
Timestamp kept(Kind kind, std::size_t field, bool as_text) {
  Trail trail = in_moscow();
  Draft draft{kind};
  draft.id = "x";
  const auto all = fields_of(kind);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].need != Need::needed || i == field) continue;
    switch (all[i].type) {
      case FieldType::time: draft.set(i, Datum::time(0)); break;
      case FieldType::choice: draft.set(i, Datum::text(choice_text(all[i].choices, 0))); break;
      case FieldType::money:
      case FieldType::decimal: draft.set(i, Datum::integer(1)); break;
      default: draft.set(i, Datum::text(all[i].name == "currency" ? "USD" : "t")); break;
    }
  }
  draft.set(field, as_text ? Datum::text("2026-03-20") : Datum::date(20'532));
  trail.put(draft);
  const Table rows = trail.table(kind);
  return rows.time_at(rows.find_row("id", "x").value(), all[field].name).value();
}

TEST(TrailDaysTest, EachTimeFieldSaysWhichEndOfADayItIs) {
  int ends = 0;
  for (std::size_t k = 0; k < kind_count; ++k) {
    const Kind kind = static_cast<Kind>(k);
    for (std::size_t field = 0; field < fields_of(kind).size(); ++field) {
      const FieldInfo& info = fields_of(kind)[field];
      if (info.type != FieldType::time) continue;
      const bool end = info.day == DayEdge::end;
      ends += end ? 1 : 0;
      for (const bool as_text : {true, false}) {
        EXPECT_EQ(kept(kind, field, as_text), end ? end_of_day(2026y / march / 20, moscow) : utc("2026-03-19T21:00"))
            << kind_name(kind) << '.' << info.name;
      }
    }
  }
  EXPECT_EQ(ends, 16);
}

TEST(TrailDaysTest, AMidnightThatIsWrittenIsAMoment) {
  Trail trail = in_moscow();
  for (const char* text : {"2026-03-20T00:00", "2026-03-20T00:00:00+03:00", "2026-03-19T24:00"}) {
    Draft draft{Kind::deals};
    draft.id = "d";
    draft.set(fields::deals::created_at, Datum::text("2026-03-01"));
    draft.set(fields::deals::closed_at, Datum::text(text));
    trail.put(draft);
    EXPECT_EQ(trail.table(Kind::deals).time_at(0, "closed_at"), utc("2026-03-19T21:00")) << text;
  }
}

TEST(TrailDaysTest, ADayIsShownAsADate) {
  Trail trail = in_moscow();
  trail.put(Person{.id = "p", .name = "P"});
  trail.put(Deal{.id = "d",
                 .person = "p",
                 .announcement = "a",
                 .outcome = "won",
                 .created_at = utc("2026-03-01T10:00"),
                 .closed_at = end_of_day(2026y / march / 20, moscow),
                 .amount = rub(1)});
  trail.put(
      Deal{.id = "e", .person = "p", .created_at = utc("2026-03-01T10:00"), .closed_at = utc("2026-03-20T20:59")});
  const std::string shown = to_text(trail.table(Kind::deals));
  EXPECT_NE(shown.find("2026-03-20  "), std::string::npos) << shown;
  EXPECT_NE(shown.find("2026-03-20 20:59:00"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("999999"), std::string::npos) << shown;
  EXPECT_EQ(to_text(trail.timeline(Kind::people, "p")).find("999999"), std::string::npos);
  EXPECT_EQ(to_text(trail.trace("c", "won")).find("999999"), std::string::npos);
  EXPECT_EQ(trail.table(Kind::deals).time_at(0, "closed_at"), utc("2026-03-20T20:59:59.999999"));
}

TEST(TrailDaysTest, AnArrivalWithoutATimeComesAtTheEndOfADayAndAtTheStartOfAMoment) {
  Trail trail = in_moscow();
  trail.put(Event{.id = "day", .name = "D", .starts_at = utc("2026-03-19T21:00")});
  trail.put(Event{.id = "hour", .name = "H", .starts_at = utc("2026-03-20T07:00")});
  for (const std::string event : {"day", "hour"}) {
    trail.put(Registration{.id = event, .event = event, .person = event, .announcement = "a", .at = utc("2026-03-01")});
    trail.put(Attendance{.id = event, .registration = event});
  }
  const Table parts = trail.trace("(total)", "attended");
  EXPECT_EQ(parts.time_at(0, "at"), utc("2026-03-20T07:00"));
  EXPECT_EQ(parts.time_at(1, "at"), end_of_day(2026y / march / 20, moscow));
}

// A sale by day belongs to whoever had it on that day, the last one too.
TEST(TrailDaysTest, ARoleUntilADayHoldsOnThatDay) {
  Trail trail = in_moscow();
  trail.put(Manager{.id = "old", .name = "Old"});
  trail.put(Manager{.id = "new", .name = "New"});
  trail.put(Deal{.id = "d",
                 .announcement = "a",
                 .outcome = "won",
                 .created_at = utc("2026-03-01"),
                 .closed_at = end_of_day(2026y / march / 20, moscow),
                 .amount = rub(1)});
  trail.put(Role{
      .id = "1", .of_deal = "d", .manager = "old", .role = "sales", .until = end_of_day(2026y / march / 20, moscow)});
  trail.put(Role{.id = "2", .of_deal = "d", .manager = "new", .role = "sales", .from = utc("2026-03-20T21:00")});
  EXPECT_EQ(testing::count_of(trail.cards({.by = "manager"}), "old", "won"), 1);
}

TEST(TrailDaysTest, TimesAreComparedByDayWhereOneIsOnlyADay) {
  const auto found = [](std::string_view created, std::string_view closed) {
    Trail trail = in_moscow();
    Draft draft{Kind::deals};
    draft.id = "d";
    draft.set(fields::deals::created_at, Datum::text(created));
    draft.set(fields::deals::closed_at, Datum::text(closed));
    trail.put(draft);
    return finding(trail, "closed_before_created").count;
  };
  EXPECT_EQ(found("2026-03-20T15:00", "2026-03-20"), 0);
  EXPECT_EQ(found("2026-03-20T15:00", "2026-03-20T00:00"), 0);  // as a source that has only days writes it
  EXPECT_EQ(found("2026-03-20", "2026-03-20T10:00"), 0);
  EXPECT_EQ(found("2026-03-20T15:00", "2026-03-20T14:59"), 1);
  EXPECT_EQ(found("2026-03-20T00:01", "2026-03-19"), 1);
  EXPECT_EQ(found("2026-03-21", "2026-03-20T23:59"), 1);
}

TEST(TrailDaysTest, ASnapshotKeepsDays) {
  Trail trail = in_moscow();
  trail.put(Event{.id = "e", .name = "E", .ends_at = end_of_day(2026y / march / 20, moscow)});
  const Trail restored = Trail::restore(trail.snapshot());
  EXPECT_EQ(to_text(restored.table(Kind::events)), to_text(trail.table(Kind::events)));
}

}  // namespace
}  // namespace dealtrail
