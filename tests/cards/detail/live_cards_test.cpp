// Laws 2 and 7: cards stay true while facts change and now moves, forward and back.
#include "dealtrail/cards/live_cards.hpp"

#include <string>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::live_is_batch;
using testing::rub;
using testing::utc;

Trail channel() {
  Trail trail{RUB};
  trail.put(Channel{.id = "c", .name = "C"});
  return trail;
}
void happen(Trail& trail, std::string_view at) {
  trail.put(Move{.id = "now", .deal = "d", .field = "stage", .to = "x", .at = utc(at)});
}

TEST(TrailNowTest, IsTheLatestTimeAtWhichSomethingHappened) {
  Trail trail = channel();
  EXPECT_EQ(trail.now(), std::nullopt);
  trail.put(Event{.id = "e", .name = "E", .starts_at = utc("2027-01-01")});
  trail.put(Invoice{.id = "i", .amount = rub(1), .issued_at = utc("2027-01-01")});
  trail.put(Activity{.id = "a", .kind = "call", .at = utc("2027-01-01"), .due_at = utc("2027-01-01")});
  EXPECT_EQ(trail.now(), std::nullopt);  // planned, due and issued are not happenings
  const auto is = [&](std::string_view at) {
    EXPECT_TRUE(live_is_batch(trail));
    return trail.now() == utc(at);
  };
  trail.put(Touch{.id = "t", .at = utc("2026-01-01"), .kind = "click"});
  EXPECT_TRUE(is("2026-01-01"));
  trail.put(Registration{.id = "r", .event = "e", .at = utc("2026-01-02")});
  EXPECT_TRUE(is("2026-01-02"));
  trail.put(Attendance{.id = "x", .at = utc("2026-01-03")});
  EXPECT_TRUE(is("2026-01-03"));
  trail.put(Signal{.id = "s", .event = "e", .person = "p", .kind = "k", .at = utc("2026-01-04")});
  EXPECT_TRUE(is("2026-01-04"));
  happen(trail, "2026-01-05");
  EXPECT_TRUE(is("2026-01-05"));
  trail.put(Payment{.id = "p", .at = utc("2026-01-06"), .kind = "sale", .amount = rub(1)});
  EXPECT_TRUE(is("2026-01-06"));
  trail.put(Milestone{.id = "m", .kind = "k", .at = utc("2026-01-07")});
  EXPECT_TRUE(is("2026-01-07"));
  trail.put(Activity{.id = "a", .kind = "call", .at = utc("2027-01-01"), .done_at = utc("2026-01-08")});
  EXPECT_TRUE(is("2026-01-08"));
  trail.put(Lead{.id = "l", .created_at = utc("2026-01-09")});
  EXPECT_TRUE(is("2026-01-09"));
  trail.put(Deal{.id = "d", .created_at = utc("2026-01-10"), .expected_close = utc("2027-01-01")});
  EXPECT_TRUE(is("2026-01-10"));
  trail.put(Deal{.id = "d", .created_at = utc("2026-01-10"), .closed_at = utc("2026-01-11")});
  EXPECT_TRUE(is("2026-01-11"));
  trail.remove(Kind::deals, "d");  // and back
  EXPECT_TRUE(is("2026-01-09"));
  trail.put(Lead{.id = "l", .created_at = utc("2025-01-01")});
  EXPECT_TRUE(is("2026-01-08"));
}

TEST(TrailNowTest, TimesThatNobodyCanBelieveDoNotMoveIt) {
  Trail trail = channel();
  happen(trail, "2026-01-01");
  trail.put(Deal{.id = "old", .created_at = utc("1989-12-31T23:59:59")});
  trail.put(Deal{.id = "far", .created_at = utc("2100-01-01")});
  EXPECT_EQ(trail.now(), utc("2026-01-01"));
  EXPECT_EQ(trail.card("(total)").deals, 2);  // whatever their dates
  trail.put(Deal{.id = "edge", .created_at = utc("1990-01-01")});
  trail.put(Deal{.id = "last", .created_at = utc("2099-12-31T23:59:59")});
  EXPECT_EQ(trail.now(), utc("2099-12-31T23:59:59"));
  EXPECT_EQ(testing::finding(trail, "absurd_time", "deals", "created_at").ids, "far, old");
  EXPECT_TRUE(live_is_batch(trail));
}

// IN.8: a fact that is not planned counts, whatever its date; a given as_of leaves out what is later.
TEST(TrailNowTest, AFactDatedAfterTheLastActivityCounts) {
  Trail trail = channel();
  happen(trail, "2026-01-01");
  trail.put(Announcement{.id = "a", .channel = "c", .published_at = utc("2026-02-01")});
  trail.put(Cost{.id = "k", .kind = "marketing", .announcement = "a", .amount = rub(7), .at = utc("2026-02-01")});
  trail.put(Invoice{.id = "i", .amount = rub(5), .issued_at = utc("2026-02-02")});
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .announcement = "a"});
  trail.put(
      Cost{.id = "p", .kind = "marketing", .channel = "c", .amount = rub(9), .planned = true, .at = utc("2026-01-01")});
  EXPECT_EQ(trail.card("c").announcements, 1);
  EXPECT_EQ(trail.card("c").cost, rub(12));
  EXPECT_EQ(trail.card("c").open, 1);
  EXPECT_TRUE(live_is_batch(trail));
  const Table then = trail.cards({.as_of = utc("2026-01-31")});
  EXPECT_EQ(testing::count_of(then, "c", "announcements"), 0);
  EXPECT_EQ(testing::minor_of(then, "c", "cost"), 0);
  happen(trail, "2026-03-01");
  EXPECT_EQ(trail.card("c").cost, rub(12));
  EXPECT_TRUE(live_is_batch(trail));
}

// IN.8: what is spread over days counts to now only, without an as_of too.
TEST(TrailNowTest, ACostSpreadOverDaysCountsToNow) {
  Trail trail = channel();
  trail.put(Cost{.id = "k",
                 .kind = "salary",
                 .channel = "c",
                 .amount = rub(31),
                 .at = utc("2026-03-01"),
                 .until = utc("2026-03-31")});
  EXPECT_EQ(trail.card("c").cost, rub(31));  // nothing happened: there is no now
  happen(trail, "2026-02-28");
  EXPECT_EQ(trail.card("c").cost, rub(0));
  happen(trail, "2026-03-10T12:00");
  EXPECT_EQ(trail.card("c").cost, rub(10));
  EXPECT_TRUE(live_is_batch(trail));
  EXPECT_EQ(testing::minor_of(trail.cards({.as_of = utc("2026-03-05T12:00")}), "c", "cost"), 500);
  EXPECT_EQ(testing::minor_of(trail.cards({.as_of = utc("2026-03-20T12:00")}), "c", "cost"), 2000);
  EXPECT_EQ(testing::finding(trail, "days_to_come", "costs", "until").ids, "k");
  happen(trail, "2026-03-31");
  EXPECT_EQ(trail.card("c").cost, rub(31));
  EXPECT_EQ(testing::finding(trail, "days_to_come", "costs", "until").count, 0);
  happen(trail, "2026-03-02");  // the source moves the date back
  EXPECT_EQ(trail.card("c").cost, rub(2));
  EXPECT_TRUE(live_is_batch(trail));
}

// Young until the later of publication + 90 days and the end of its event.
TEST(TrailNowTest, AnAnnouncementIsOpenWhileItIsYoung) {
  Trail trail = channel();
  trail.put(Event{.id = "e", .name = "E", .starts_at = utc("2026-02-01"), .ends_at = utc("2026-08-01")});
  trail.put(Announcement{.id = "a", .channel = "c", .published_at = utc("2026-01-01")});
  trail.put(Announcement{.id = "b", .channel = "c", .event = "e", .published_at = utc("2026-01-01")});
  happen(trail, "2026-03-31");
  EXPECT_EQ(trail.card("c").open, 2);
  happen(trail, "2026-04-01");  // 90 days
  EXPECT_EQ(trail.card("c").open, 1);
  EXPECT_EQ(trail.card("c").announcements, 2);
  happen(trail, "2026-08-01");
  EXPECT_EQ(trail.card("c").open, 0);
  EXPECT_TRUE(live_is_batch(trail));
  trail.put(Event{.id = "e", .name = "E", .starts_at = utc("2026-02-01"), .ends_at = utc("2026-09-01")});
  EXPECT_EQ(trail.card("c").open, 1);
  EXPECT_TRUE(live_is_batch(trail));
}

TEST(TrailNowTest, MayBeAskedForByHand) {
  Trail trail = channel();
  trail.put(Announcement{.id = "a", .channel = "c", .published_at = utc("2026-02-01")});
  happen(trail, "2026-03-01");
  const auto announcements = [&](std::string_view at) {
    return testing::count_of(trail.cards({.as_of = utc(at)}), "c", "announcements");
  };
  EXPECT_EQ(announcements("2026-01-31"), 0);
  EXPECT_EQ(announcements("2026-02-01"), 1);
  const Table cards = trail.cards({.as_of = utc("2026-01-31")});
  EXPECT_EQ(cards.meta("as_of"), "2026-01-31T00:00:00Z");
  EXPECT_EQ(cards.meta("now"), "2026-01-31T00:00:00Z");
  const Table live = trail.cards();
  EXPECT_EQ(live.meta("as_of"), "");
  EXPECT_EQ(live.meta("now"), "2026-03-01T00:00:00Z");
  EXPECT_EQ(cards.meta("computed"), "scan");
}

// A batch may move now far ahead and back again before it settles.
TEST(TrailNowTest, WaitingFactsSurviveBatchesThatGoBackAndForth) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    dealtrail::Random random{seed};
    Trail trail = channel();
    for (int step = 0; step < 12; ++step) {
      auto batch = trail.batch();
      Draft draft;
      for (std::int64_t left = random.uniform_int(1, 4); left > 0; --left) {
        const Timestamp at = from_us(to_us(utc("2026-01-01")) + random.uniform_int(0, 200) * us_per_day);
        const std::string id = std::to_string(random.uniform_int(0, 3));
        switch (random.index(4)) {
          case 0: {
            const Announcement fact{.id = id, .channel = "c", .event = "e", .published_at = at};
            fill(draft, fact);
            batch.put(draft);
            break;
          }
          case 1: {
            const Event fact{.id = "e", .name = "E", .starts_at = at};
            fill(draft, fact);
            batch.put(draft);
            break;
          }
          case 2: {
            const Registration fact{.id = id, .event = "e", .person = id, .announcement = "1", .at = at};
            fill(draft, fact);
            batch.put(draft);
            break;
          }
          default: batch.remove(random.chance(0.5) ? Kind::registrations : Kind::announcements, id);
        }
      }
      batch.finish();
      ASSERT_TRUE(live_is_batch(trail));
    }
  }
}

}  // namespace
}  // namespace dealtrail
