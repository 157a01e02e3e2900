// SP.7, M1.4, M1.10: who registered, who came, walk-ins, sessions and new faces.
#include "dealtrail/cards/visits.hpp"

#include <string>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::finding;
using testing::live_is_batch;
using testing::real_of;
using testing::rub;
using testing::utc;

// Two channels with an announcement each, an event of 1 April 10:00 of which attendance was taken.
Trail stage() {
  Trail trail{RUB};
  for (const char* channel : {"one", "two"}) {
    trail.put(Channel{.id = channel, .name = channel});
    trail.put(Announcement{.id = channel, .channel = channel, .event = "expo", .published_at = utc("2026-03-01")});
  }
  trail.put(Event{.id = "expo", .name = "Expo", .starts_at = utc("2026-04-01T10:00"), .attendance = "taken"});
  return trail;
}

// registrations, attended, walk_ins, new_faces of a key
std::string counts(const Trail& trail, std::string_view key, std::string_view by = "channel") {
  EXPECT_TRUE(live_is_batch(trail));
  const Card card = trail.card(key, by);
  const auto text = [](const std::optional<std::int64_t>& came) { return came ? std::to_string(*came) : "-"; };
  return std::to_string(card.registrations) + " " + text(card.attended) + " " + text(card.walk_ins) + " " +
         text(card.new_faces);
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
  trail.put(Event{.id = "expo", .name = "Expo", .attendance = "taken"});  // no start: the registration's time
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
    trail.put(Event{
        .id = session, .name = session, .parent = "expo", .starts_at = utc("2026-04-01T12:00"), .attendance = "taken"});
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

// Show rate is a cohort: of the counted registrations whose event is over by now, the part that came. An event without
// an end is over at the end of the day on which it begins.
TEST(TrailVisitTest, ShowRateKnowsOnlyEventsThatAreOver) {
  Trail trail = stage();
  for (const char* person : {"anna", "boris", "vera", "gleb"}) {
    trail.put(
        Registration{.id = person, .event = "expo", .person = person, .announcement = "one", .at = utc("2026-03-11")});
  }
  EXPECT_EQ(trail.card("one").show_rate, std::nullopt);
  trail.put(Attendance{.id = "t", .registration = "anna", .at = utc("2026-04-01T11:00")});
  EXPECT_EQ(trail.card("one").show_rate, std::nullopt);  // the doors are open
  trail.put(Move{.id = "m", .deal = "d", .field = "stage", .to = "x", .at = utc("2026-04-01T23:59:59")});
  EXPECT_EQ(trail.card("one").show_rate, std::nullopt);
  trail.put(Move{.id = "m", .deal = "d", .field = "stage", .to = "x", .at = utc("2026-04-02")});
  EXPECT_EQ(trail.card("one").show_rate, 0.25);
  EXPECT_EQ(trail.card("(total)").show_rate, 0.25);
  trail.put(
      Event{.id = "expo", .name = "Expo", .starts_at = utc("2026-04-01T10:00"), .ends_at = utc("2026-04-03T18:00")});
  EXPECT_EQ(trail.card("one").show_rate, std::nullopt);
  trail.put(Event{.id = "expo", .name = "Expo", .starts_at = utc("2026-05-01"), .status = "moved"});
  EXPECT_EQ(trail.card("one").attended, 1);
  EXPECT_TRUE(live_is_batch(trail));
}

// IN.12: of an event where attendance was not taken nobody is counted as absent, and what is not known is null.
TEST(TrailVisitTest, WithoutAttendanceNobodyIsAbsent) {
  Trail trail = stage();
  trail.put(Event{.id = "expo", .name = "Expo", .starts_at = utc("2026-04-01T10:00")});
  for (const char* person : {"anna", "boris"}) {
    trail.put(
        Registration{.id = person, .event = "expo", .person = person, .announcement = "one", .at = utc("2026-03-11")});
  }
  trail.put(Move{.id = "m", .deal = "d", .field = "stage", .to = "x", .at = utc("2026-04-02")});
  EXPECT_EQ(counts(trail, "one"), "2 - - -");
  EXPECT_EQ(counts(trail, "two"), "0 0 0 0");  // it has no registration
  EXPECT_EQ(counts(trail, "expo", "event"), "2 - - -");
  EXPECT_EQ(trail.card("(total)").show_rate, std::nullopt);
  EXPECT_EQ(finding(trail, "no_arrivals").ids, "expo");
  const auto say = [&](std::optional<std::string> attendance) {
    trail.put(
        Event{.id = "expo", .name = "Expo", .starts_at = utc("2026-04-01T10:00"), .attendance = std::move(attendance)});
  };
  say("taken");
  EXPECT_EQ(counts(trail, "one"), "2 0 0 0");
  EXPECT_EQ(trail.card("one").show_rate, 0.0);
  EXPECT_EQ(finding(trail, "no_arrivals").count, 0);
  say({});
  trail.put(Attendance{.id = "t", .registration = "anna", .at = utc("2026-04-01T11:00")});
  EXPECT_EQ(counts(trail, "one"), "2 1 0 1");
  EXPECT_EQ(trail.card("one").show_rate, 0.5);
  say("not_taken");
  EXPECT_EQ(counts(trail, "one"), "2 1 0 1");  // who came has come
  EXPECT_EQ(trail.card("one").show_rate, std::nullopt);
  EXPECT_EQ(finding(trail, "arrivals_not_taken").ids, "expo");
  say({});
  trail.remove(Kind::attendances, "t");
  EXPECT_EQ(counts(trail, "one"), "2 - - -");
}

// An arrival at a session is one at its event, but not the other way round.
TEST(TrailVisitTest, AnArrivalAtAnEventIsNoneForItsSessions) {
  Trail trail = stage();
  trail.put(Event{.id = "expo", .name = "Expo", .starts_at = utc("2026-04-01T10:00")});
  for (const char* session : {"morning", "evening"}) {
    trail.put(Event{.id = session, .name = session, .parent = "expo", .starts_at = utc("2026-04-01T12:00")});
    trail.put(Registration{
        .id = session, .event = session, .person = "anna", .announcement = "one", .at = utc("2026-03-11")});
  }
  trail.put(Attendance{.id = "t", .event = "evening", .person = "boris", .at = utc("2026-04-01T18:00")});
  EXPECT_EQ(counts(trail, "evening", "event"), "1 0 1 0");
  EXPECT_EQ(counts(trail, "morning", "event"), "1 - - -");
  EXPECT_EQ(counts(trail, "expo", "event"), "1 0 1 1");
  trail.put(Attendance{.id = "t", .event = "expo", .person = "boris", .at = utc("2026-04-01T18:00")});
  EXPECT_EQ(counts(trail, "evening", "event"), "1 - - -");
  EXPECT_EQ(counts(trail, "expo", "event"), "1 0 1 1");
  EXPECT_EQ(counts(trail, "one"), "1 0 0 0");            // of the event attendance is known
  trail.put(Event{.id = "evening", .name = "evening"});  // an event of its own now
  EXPECT_EQ(counts(trail, "one"), "2 0 0 0");
  EXPECT_EQ(counts(trail, "evening", "event"), "1 - - -");
}

// Attendance is known from its first arrival on, whatever the order in which arrivals become known.
TEST(TrailVisitTest, AttendanceIsKnownByAsOf) {
  Trail trail = stage();
  trail.put(Event{.id = "expo", .name = "Expo", .starts_at = utc("2026-04-01T10:00")});
  trail.put(Registration{.id = "r", .event = "expo", .person = "anna", .announcement = "one", .at = utc("2026-03-11")});
  trail.put(Attendance{.id = "t2", .event = "expo", .person = "gleb", .at = utc("2026-04-03")});
  const auto attended = [&](const char* as_of) {
    return real_of(trail.cards({.as_of = utc(as_of)}), "one", "show_rate");
  };
  EXPECT_EQ(attended("2026-04-03"), 0.0);
  EXPECT_EQ(attended("2026-04-02"), std::nullopt);
  trail.put(Attendance{.id = "t1", .event = "expo", .person = "vera", .at = utc("2026-04-02")});
  EXPECT_EQ(attended("2026-04-02"), 0.0);
  EXPECT_TRUE(live_is_batch(trail));
  trail.remove(Kind::attendances, "t1");
  EXPECT_EQ(attended("2026-04-02"), std::nullopt);
  EXPECT_TRUE(live_is_batch(trail));
}

// Cost that reaches an event without attendance is in no cost of a guest; the trace shows it.
TEST(TrailVisitTest, CostOfEventsWithoutAttendanceIsLeftOut) {
  Trail trail = stage();
  trail.put(Event{.id = "list", .name = "List", .starts_at = utc("2026-04-01T10:00")});
  trail.put(Attendance{.id = "t", .event = "expo", .person = "anna", .at = utc("2026-04-01T11:00")});
  const auto pay = [&](const char* id, std::optional<std::string> event, std::int64_t amount) {
    trail.put(Cost{.id = id, .kind = "x", .event = std::move(event), .amount = rub(amount), .at = utc("2026-03-01")});
  };
  pay("hall", "expo", 100);
  pay("office", {}, 30);
  pay("other hall", "list", 500);
  EXPECT_EQ(trail.card("(total)").cost, rub(630));
  EXPECT_EQ(trail.card("(total)").cost_per_attendee, 130.0);
  EXPECT_EQ(trail.card("(total)").cost_per_new_face, 130.0);
  EXPECT_TRUE(live_is_batch(trail));
  const Table trace = trail.trace("(total)", "cost_per_attendee");
  const auto row = trace.find_row("metric", "cost_unseen");
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(trace.text_at(*row, "id"), "other hall");
  EXPECT_EQ(trace.minor_at(*row, "part"), -50'000);
  trail.put(Attendance{.id = "late", .event = "list", .person = "boris", .at = utc("2026-04-01T11:00")});
  EXPECT_EQ(trail.card("(total)").cost_per_attendee, 315.0);
  EXPECT_TRUE(live_is_batch(trail));
}

// Not admitted is not absent.
TEST(TrailVisitTest, PendingAndDeclinedAreNoRegistrations) {
  Trail trail = stage();
  for (const char* status : {"pending", "declined"}) {
    trail.put(Registration{.id = status,
                           .event = "expo",
                           .person = status,
                           .announcement = "one",
                           .at = utc("2026-03-11"),
                           .status = status});
  }
  EXPECT_EQ(counts(trail, "one"), "0 0 0 0");
}

TEST(TrailVisitTest, TimesThatCannotBeAreFindings) {
  Trail trail = stage();
  trail.put(Registration{.id = "r", .event = "expo", .person = "anna", .at = utc("2026-03-11T10:00")});
  trail.put(Attendance{.id = "t", .registration = "r", .at = utc("2026-03-11T09:00")});
  EXPECT_EQ(finding(trail, "arrival_before_registration").ids, "t");
  trail.put(Attendance{.id = "t", .registration = "r", .at = utc("2026-03-11")});  // known by its day: it may be later
  EXPECT_EQ(finding(trail, "arrival_before_registration").count, 0);
  trail.put(Registration{.id = "late", .event = "expo", .person = "vera", .at = utc("2026-04-02T00:01")});
  EXPECT_EQ(finding(trail, "registration_after_end").ids, "late");
  trail.put(Lead{.id = "l", .created_at = utc("2026-03-03T10:00")});
  trail.put(Touch{.id = "click", .announcement = "one", .at = utc("2026-03-09"), .kind = "click"});
  trail.put(Deal{.id = "d",
                 .lead = "l",
                 .touch = "click",
                 .outcome = "won",
                 .created_at = utc("2026-03-02T10:00"),
                 .closed_at = utc("2026-03-08T10:00")});
  EXPECT_EQ(finding(trail, "deal_before_lead").ids, "d");
  EXPECT_EQ(finding(trail, "touch_after_sale").ids, "d");
}

}  // namespace
}  // namespace dealtrail
