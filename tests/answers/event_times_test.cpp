// M1.12 (PF.5): registrations of an event in time are its cards as of each moment.
#include "dealtrail/answers/event_times.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::rub;
using testing::utc;

Trail fair() {
  Trail trail{RUB};
  trail.put(Channel{.id = "tg", .name = "Telegram"});
  trail.put(Event{.id = "fair", .name = "Fair", .starts_at = utc("2026-03-20")});
  trail.put(Event{.id = "talk", .name = "Talk", .parent = "fair"});
  trail.put(Announcement{.id = "post", .channel = "tg", .event = "fair", .published_at = utc("2026-03-01")});
  trail.put(Registration{.id = "r1", .event = "fair", .person = "anna", .at = utc("2026-03-09")});
  trail.put(Registration{.id = "r2", .event = "fair", .person = "anna", .at = utc("2026-03-04")});
  trail.put(Registration{.id = "r3", .event = "talk", .person = "boris", .at = utc("2026-03-06")});
  trail.put(Registration{.id = "r4", .event = "fair", .at = utc("2026-03-06"), .status = "cancelled"});
  trail.put(Cost{.id = "c1", .kind = "marketing", .announcement = "post", .amount = rub(300), .at = utc("2026-03-01")});
  trail.put(Cost{.id = "c2", .kind = "venue", .event = "fair", .amount = rub(900), .at = utc("2026-03-02")});
  return trail;
}

TEST(EventTimesTest, RegistrationsAsTheCardCountsThemInOrderOfTime) {
  const auto times = event_times(fair());
  ASSERT_EQ(times.size(), 2U);
  const EventTimes& whole = times.at("fair");
  EXPECT_EQ(whole.registered_us, (std::vector<std::int64_t>{to_us(utc("2026-03-04")), to_us(utc("2026-03-06"))}));
  EXPECT_EQ(whole.registrations(), 2);
  EXPECT_EQ(whole.known(to_us(utc("2026-03-05"))), 1);
  EXPECT_EQ(times.at("talk").registrations(), 1);
}

TEST(EventTimesTest, ARegistrationWithoutATimeIsKnownAlways) {
  Trail trail = fair();
  Draft stub{Kind::registrations};
  stub.id = "r5";
  stub.stub = true;
  stub.set(*find_field(Kind::registrations, "event"), Datum::text("fair"));
  trail.put(stub);
  const auto times = event_times(trail);
  EXPECT_EQ(times.at("fair").undated, 1);
  EXPECT_EQ(times.at("fair").known(0), 1);
}

TEST(EventTimesTest, PromotionIsTheCostThatComesThroughAChannel) {
  EXPECT_EQ(event_times(fair()).at("fair").promotion.total(), rub(300).minor);
}

TEST(EventTimesTest, KnownThenIsTheCardOfThatMoment) {
  const Trail trail = fair();
  const auto times = event_times(trail);
  for (const std::string_view day : {"2026-03-01", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-30"}) {
    const Table cards = trail.cards({.by = "event", .as_of = utc(day)});
    for (const auto& [id, of_event] : times)
      EXPECT_EQ(of_event.known(to_us(utc(day))), testing::count_of(cards, id, "registrations")) << id << " " << day;
  }
}

}  // namespace
}  // namespace dealtrail
