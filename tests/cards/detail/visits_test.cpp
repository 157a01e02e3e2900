// SP.7, M1.4, M1.10: who registered, who came, walk-ins, sessions and new faces.
#include "dealtrail/cards/visits.hpp"

#include <string>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::finding;
using testing::live_is_batch;
using testing::utc;

// Two channels with an announcement each, an event of 1 April 10:00.
Trail stage() {
  Trail trail{RUB};
  for (const char* channel : {"one", "two"}) {
    trail.put(Channel{.id = channel, .name = channel});
    trail.put(Announcement{.id = channel, .channel = channel, .event = "expo", .published_at = utc("2026-03-01")});
  }
  trail.put(Event{.id = "expo", .name = "Expo", .starts_at = utc("2026-04-01T10:00")});
  return trail;
}

// registrations, attended, walk_ins, new_faces of a key
std::string counts(const Trail& trail, std::string_view key, std::string_view by = "channel") {
  EXPECT_TRUE(live_is_batch(trail));
  const Card card = trail.card(key, by);
  return std::to_string(card.registrations) + " " + std::to_string(card.attended) + " " +
         std::to_string(card.walk_ins) + " " + std::to_string(card.new_faces);
}

TEST(TrailVisitTest, ARegistrationCountsOncePerEventAndPersonAtTheEarliest) {
  Trail trail = stage();
  trail.put(
      Registration{.id = "r2", .event = "expo", .person = "anna", .announcement = "two", .at = utc("2026-03-12")});
  EXPECT_EQ(counts(trail, "two"), "1 0 0 0");
  trail.put(
      Registration{.id = "r1", .event = "expo", .person = "anna", .announcement = "one", .at = utc("2026-03-11")});
  EXPECT_EQ(counts(trail, "one"), "1 0 0 0");  // the earliest gives source and time
  EXPECT_EQ(counts(trail, "two"), "0 0 0 0");
  trail.put(
      Registration{.id = "r1", .event = "expo", .person = "anna", .announcement = "one", .at = utc("2026-03-12")});
  EXPECT_EQ(counts(trail, "one"), "1 0 0 0");  // equal times: the smaller id
  trail.put(Registration{.id = "r1",
                         .event = "expo",
                         .person = "anna",
                         .announcement = "one",
                         .at = utc("2026-03-10"),
                         .status = "cancelled"});
  EXPECT_EQ(counts(trail, "two"), "1 0 0 0");  // cancelled and waitlist are apart
  trail.put(Registration{.id = "r2",
                         .event = "expo",
                         .person = "anna",
                         .announcement = "two",
                         .at = utc("2026-03-12"),
                         .status = "waitlist"});
  EXPECT_EQ(counts(trail, "(total)"), "0 0 0 0");
}

TEST(TrailVisitTest, WithoutAPersonEachRowCounts) {
  Trail trail = stage();
  trail.put(Registration{.id = "r1", .event = "expo", .announcement = "one", .at = utc("2026-03-11")});
  trail.put(Registration{.id = "r2", .event = "expo", .announcement = "one", .at = utc("2026-03-11")});
  trail.put(Attendance{.id = "t", .registration = "r2", .at = utc("2026-04-01T11:00")});
  EXPECT_EQ(counts(trail, "one"), "2 1 0 0");  // somebody unknown is nobody's new face
}

TEST(TrailVisitTest, AttendedIsAtTheEarliestArrival) {
  Trail trail = stage();
  trail.put(Registration{.id = "r", .event = "expo", .person = "anna", .announcement = "one", .at = utc("2026-03-31")});
  trail.put(Attendance{.id = "t2", .registration = "r", .at = utc("2026-05-01")});
  EXPECT_EQ(trail.card("2026-05", "month").attended, 1);
  trail.put(Attendance{.id = "t1", .event = "expo", .person = "anna", .at = utc("2026-04-01T11:00")});
  EXPECT_EQ(trail.card("2026-04", "month").attended, 1);
  EXPECT_EQ(counts(trail, "one"), "1 1 0 1");
  EXPECT_EQ(finding(trail, "repeated_arrival").count, 0);  // two arrivals of one registration only
  trail.put(Attendance{.id = "t3", .registration = "r", .at = utc("2026-05-02")});
  EXPECT_EQ(finding(trail, "repeated_arrival").ids, "r");
}

TEST(TrailVisitTest, AnArrivalWithoutATimeIsAtTheEventsStart) {
  Trail trail = stage();
  trail.put(Registration{.id = "r", .event = "expo", .person = "anna", .announcement = "one", .at = utc("2026-03-31")});
  trail.put(Attendance{.id = "t", .registration = "r"});
  EXPECT_EQ(counts(trail, "one"), "1 1 0 1");  // though the start is later than all that happened (IN.8)
  const auto attended = [&](std::string_view at) {
    return testing::count_of(trail.cards({.as_of = utc(at)}), "one", "attended");
  };
  EXPECT_EQ(attended("2026-04-01T09:59"), 0);
  EXPECT_EQ(attended("2026-04-01T10:00"), 1);
  EXPECT_EQ(trail.card("2026-04", "month").attended, 1);
  trail.put(Event{.id = "expo", .name = "Expo"});  // no start: the registration's time
  EXPECT_EQ(trail.card("2026-03", "month").attended, 1);
}

// An arrival whose (event, person) has no counted registration, once, on its own source.
TEST(TrailVisitTest, AWalkInIsAnArrivalWithoutACountedRegistration) {
  Trail trail = stage();
  trail.put(Attendance{.id = "t1", .event = "expo", .person = "boris", .at = utc("2026-04-01T10:30")});
  trail.put(Attendance{.id = "t2", .event = "expo", .person = "boris", .at = utc("2026-04-01T12:30")});
  EXPECT_EQ(counts(trail, "(unattributed)"), "0 0 1 1");
  trail.put(Attendance{.id = "t3", .event = "expo", .at = utc("2026-04-01T10:30")});  // nameless guests are each one
  trail.put(Attendance{.id = "t4", .event = "expo", .at = utc("2026-04-01T10:30")});
  EXPECT_EQ(counts(trail, "(unattributed)"), "0 0 3 1");
  trail.put(Registration{
      .id = "r", .event = "expo", .person = "boris", .announcement = "one", .at = utc("2026-05-01")});  // late paper
  EXPECT_EQ(counts(trail, "one"), "1 1 0 1");
  EXPECT_EQ(counts(trail, "(unattributed)"), "0 0 2 0");
}

TEST(TrailVisitTest, ACancelledGuestWhoCameIsAWalkInOfHisRegistrationsSource) {
  Trail trail = stage();
  trail.put(Registration{.id = "r",
                         .event = "expo",
                         .person = "anna",
                         .announcement = "two",
                         .at = utc("2026-03-11"),
                         .status = "cancelled"});
  trail.put(Attendance{.id = "t", .registration = "r", .at = utc("2026-04-01T11:00")});
  EXPECT_EQ(counts(trail, "two"), "0 0 1 1");
  EXPECT_EQ(counts(trail, "expo", "event"), "0 0 1 1");
}

TEST(TrailVisitTest, AnArrivalOfAnUnknownRegistrationStandsByItsOwnPerson) {
  Trail trail = stage();
  trail.put(
      Attendance{.id = "t", .registration = "r", .event = "expo", .person = "anna", .at = utc("2026-04-01T11:00")});
  EXPECT_EQ(counts(trail, "(unattributed)"), "0 0 1 1");
  EXPECT_EQ(finding(trail, "broken_link", "attendances", "registration").ids, "r");
  trail.put(Registration{.id = "r", .event = "expo", .person = "anna", .announcement = "one", .at = utc("2026-03-11")});
  EXPECT_EQ(counts(trail, "one"), "1 1 0 1");
  EXPECT_EQ(counts(trail, "(unattributed)"), "0 0 0 0");
  trail.remove(Kind::registrations, "r");
  EXPECT_EQ(counts(trail, "(unattributed)"), "0 0 1 1");
}

TEST(TrailVisitTest, AnArrivalAtNoKnownEventIsAFinding) {
  Trail trail = stage();
  trail.put(Attendance{.id = "t", .event = "gone", .person = "anna", .at = utc("2026-04-01T11:00")});
  trail.put(Attendance{.id = "u", .at = utc("2026-04-01T11:00")});
  EXPECT_EQ(finding(trail, "arrival_without_event").ids, "t, u");
  EXPECT_EQ(counts(trail, "(unattributed)", "event"), "0 0 2 1");
  trail.put(Event{.id = "gone", .name = "Back"});
  EXPECT_EQ(counts(trail, "gone", "event"), "0 0 1 1");
}

// Channels, parents and totals count by the topmost event; a session counts by itself only in its own card.
TEST(TrailVisitTest, SessionsCountOnceInTheirEvent) {
  Trail trail = stage();
  for (const char* session : {"morning", "evening"}) {
    trail.put(Event{.id = session, .name = session, .parent = "expo", .starts_at = utc("2026-04-01T12:00")});
    trail.put(Registration{
        .id = session, .event = session, .person = "anna", .announcement = "one", .at = utc("2026-03-11")});
  }
  trail.put(Attendance{.id = "t", .event = "evening", .person = "anna", .at = utc("2026-04-01T18:00")});
  EXPECT_EQ(counts(trail, "expo", "event"), "1 1 0 1");
  EXPECT_EQ(counts(trail, "morning", "event"), "1 0 0 0");
  EXPECT_EQ(counts(trail, "evening", "event"), "1 1 0 0");  // a new face is the event's, not the session's
  EXPECT_EQ(counts(trail, "one"), "1 1 0 1");
  EXPECT_EQ(counts(trail, "(total)"), "1 1 0 1");
  EXPECT_EQ(counts(trail, "(total)", "event"), "1 1 0 1");
  trail.put(Event{.id = "evening", .name = "evening"});  // an event of its own now
  EXPECT_EQ(counts(trail, "(total)"), "2 1 0 1");
  EXPECT_EQ(counts(trail, "evening", "event"), "1 1 0 1");
}

// M1.10: a known person who comes for the first time at any event.
TEST(TrailVisitTest, ANewFaceIsSeenOnce) {
  Trail trail = stage();
  trail.put(Event{.id = "meetup", .name = "Meetup", .starts_at = utc("2026-02-01")});
  trail.put(Registration{.id = "r", .event = "expo", .person = "anna", .announcement = "one", .at = utc("2026-03-11")});
  trail.put(Attendance{.id = "t", .registration = "r", .at = utc("2026-04-01T11:00")});
  EXPECT_EQ(trail.card("expo", "event").new_faces, 1);
  trail.put(Attendance{
      .id = "earlier", .event = "meetup", .person = "anna", .at = utc("2026-02-01")});  // becomes known later
  EXPECT_EQ(trail.card("expo", "event").new_faces, 0);
  EXPECT_EQ(trail.card("meetup", "event").new_faces, 1);
  EXPECT_EQ(trail.card("(total)").new_faces, 1);
  EXPECT_TRUE(live_is_batch(trail));
}

// Show rate is a cohort: of the counted registrations whose event has begun by as_of, the part that came.
TEST(TrailVisitTest, ShowRateKnowsOnlyEventsThatHaveBegun) {
  Trail trail = stage();
  for (const char* person : {"anna", "boris", "vera", "gleb"}) {
    trail.put(
        Registration{.id = person, .event = "expo", .person = person, .announcement = "one", .at = utc("2026-03-11")});
  }
  EXPECT_EQ(trail.card("one").show_rate, std::nullopt);
  trail.put(Attendance{.id = "t", .registration = "anna", .at = utc("2026-04-01T11:00")});
  EXPECT_EQ(trail.card("one").show_rate, 0.25);
  EXPECT_EQ(trail.card("(total)").show_rate, 0.25);
  trail.put(Event{.id = "expo", .name = "Expo", .starts_at = utc("2026-05-01"), .status = "moved"});
  EXPECT_EQ(trail.card("one").show_rate, std::nullopt);
  EXPECT_EQ(trail.card("one").attended, 1);
  EXPECT_TRUE(live_is_batch(trail));
}

}  // namespace
}  // namespace dealtrail
