// SP.7: topmost events, events of an announcement and their weights, parents in a circle.
#include "dealtrail/cards/events.hpp"

#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::cost_of;
using testing::finding;
using testing::live_is_batch;
using testing::rub;
using testing::utc;

void put_event(Trail& trail, std::string id, std::optional<std::string> parent = {}) {
  trail.put(Event{.id = id, .name = id, .parent = std::move(parent)});
}

TEST(EventsTest, CostOfASessionCountsInTheTopmostEventAndInItself) {
  Trail trail{RUB};
  put_event(trail, "congress");
  put_event(trail, "day 1", "congress");
  put_event(trail, "panel", "day 1");
  trail.put(Cost{.id = "k", .kind = "venue", .event = "panel", .amount = rub(10), .at = utc("2026-01-01")});
  EXPECT_EQ(cost_of(trail, "congress", "event"), 1'000);
  EXPECT_EQ(cost_of(trail, "day 1", "event"), 0);  // not the events between
  EXPECT_EQ(cost_of(trail, "panel", "event"), 1'000);
  EXPECT_EQ(cost_of(trail, "(total)", "event"), 1'000);
  put_event(trail, "day 1");  // the link is cut: the day is topmost itself
  EXPECT_EQ(cost_of(trail, "congress", "event"), 0);
  EXPECT_EQ(cost_of(trail, "day 1", "event"), 1'000);
  EXPECT_TRUE(live_is_batch(trail));
}

TEST(EventsTest, AnAbsentParentIsNone) {
  Trail trail{RUB};
  put_event(trail, "panel", "congress");
  trail.put(Cost{.id = "k", .kind = "venue", .event = "panel", .amount = rub(10), .at = utc("2026-01-01")});
  EXPECT_EQ(cost_of(trail, "panel", "event"), 1'000);
  EXPECT_EQ(finding(trail, "broken_link").ids, "congress");
  put_event(trail, "congress");
  EXPECT_EQ(cost_of(trail, "congress", "event"), 1'000);
  EXPECT_TRUE(live_is_batch(trail));
}

// IN.19: a chain of parents costs no more than a scan of it, in whichever order it comes.
TEST(EventsTest, AChainOfEightThousandParents) {
  constexpr int length = 8'000;
  Trail trail{RUB};
  trail.put(Cost{.id = "k", .kind = "venue", .event = "e7999", .amount = rub(10), .at = utc("2026-01-01")});
  for (int i = 0; i < length; ++i) {
    const int at = i * 4'801 % length;
    put_event(trail, "e" + std::to_string(at), at == 0 ? std::nullopt : std::optional{"e" + std::to_string(at - 1)});
  }
  EXPECT_EQ(cost_of(trail, "e0", "event"), 1'000);
  EXPECT_EQ(cost_of(trail, "e7999", "event"), 1'000);
  put_event(trail, "e4000");
  EXPECT_EQ(cost_of(trail, "e4000", "event"), 1'000);
  EXPECT_EQ(cost_of(trail, "e0", "event"), 0);
}

// A session below a circle counts at the event of the circle that it reaches first.
TEST(EventsTest, WalksIntoCirclesOfEveryLengthEndAtTheirEntry) {
  for (int tail = 0; tail < 6; ++tail) {
    for (int circle = 1; circle < 7; ++circle) {
      Trail trail{RUB};
      const auto name = [](int i) { return "e" + std::to_string(i); };
      for (int i = 0; i < tail + circle; ++i) put_event(trail, name(i), name(i + 1 < tail + circle ? i + 1 : tail));
      trail.put(Cost{.id = "k", .kind = "venue", .event = name(0), .amount = rub(1), .at = utc("2026-01-01")});
      EXPECT_EQ(cost_of(trail, name(tail), "event"), 100) << tail << ' ' << circle;
    }
  }
}

// "Bad input": links in a circle.
TEST(EventsTest, EventsInACircleAreTopmostThemselves) {
  Trail trail{RUB};
  put_event(trail, "a", "b");
  put_event(trail, "b", "c");
  put_event(trail, "session", "a");
  for (const char* event : {"a", "b", "c", "session"}) {
    trail.put(Cost{.id = event, .kind = "venue", .event = event, .amount = rub(1), .at = utc("2026-01-01")});
  }
  put_event(trail, "c", "a");  // closes it
  for (const char* event : {"b", "c"}) EXPECT_EQ(cost_of(trail, event, "event"), 100);
  EXPECT_EQ(cost_of(trail, "a", "event"), 200);  // its own and its session's
  EXPECT_EQ(cost_of(trail, "session", "event"), 100);
  EXPECT_EQ(cost_of(trail, "(total)", "event"), 400);
  EXPECT_EQ(finding(trail, "circle").ids, "a, b, c");
  EXPECT_TRUE(live_is_batch(trail));
  put_event(trail, "self", "self");
  EXPECT_EQ(finding(trail, "circle").count, 4);
  put_event(trail, "c");  // opens it again
  EXPECT_EQ(cost_of(trail, "c", "event"), 400);
  EXPECT_TRUE(live_is_batch(trail));
}

Trail with_weights(std::initializer_list<std::pair<const char*, std::optional<Decimal>>> rows) {
  Trail trail{RUB};
  trail.put(Channel{.id = "c", .name = "C"});
  put_event(trail, "e");
  put_event(trail, "f");
  trail.put(Announcement{.id = "a", .channel = "c", .event = "f", .published_at = utc("2026-01-01")});
  int number = 0;
  for (const auto& [event, weight] : rows) {
    trail.put(AnnouncementEvent{.id = std::to_string(number++), .announcement = "a", .event = event, .weight = weight});
  }
  trail.put(Cost{.id = "k", .kind = "marketing", .announcement = "a", .amount = rub(4), .at = utc("2026-01-01")});
  return trail;
}

TEST(EventsTest, RowsOfAnnouncementEventsReplaceTheEvent) {
  EXPECT_EQ(cost_of(with_weights({}), "f", "event"), 400);
  const Trail trail = with_weights({{"e", {}}});
  EXPECT_EQ(cost_of(trail, "e", "event"), 400);
  EXPECT_EQ(cost_of(trail, "f", "event"), 0);
}

TEST(EventsTest, WeightsOfOneEventAddUpNullIsOneNegativeIsNone) {
  // e: 1 + 0.5 + 0 = 1.5; f: 0.5
  const Trail trail = with_weights({{"e", {}}, {"f", Decimal{5, 1}}, {"e", Decimal{5, 1}}, {"e", Decimal{-9, 0}}});
  EXPECT_EQ(cost_of(trail, "e", "event"), 300);
  EXPECT_EQ(cost_of(trail, "f", "event"), 100);
}

TEST(EventsTest, WeightsThatAreAllZeroAreEqual) {
  const Trail trail = with_weights({{"e", Decimal{0, 0}}, {"f", Decimal{-1, 0}}});
  EXPECT_EQ(cost_of(trail, "e", "event"), 200);
  EXPECT_EQ(cost_of(trail, "f", "event"), 200);
}

TEST(EventsTest, ThePartOfAnAbsentEventIsUnattributed) {
  const Trail trail = with_weights({{"e", {}}, {"gone", {}}});
  EXPECT_EQ(cost_of(trail, "e", "event"), 200);
  EXPECT_EQ(cost_of(trail, "(unattributed)", "event"), 200);
}

// Three rows of 9·10⁹ (stored × 10⁹) leave 64 bits together: 3/4 is 3/4 all the same.
TEST(EventsTest, WeightsOfOneEventNeverWrap) {
  const Decimal huge{9'000'000'000, 0};
  const Trail trail = with_weights({{"e", huge}, {"e", huge}, {"e", huge}, {"f", huge}});
  EXPECT_EQ(cost_of(trail, "e", "event"), 300);
  EXPECT_EQ(cost_of(trail, "f", "event"), 100);
}

// A count cannot be cut: it goes whole to the heaviest event, of equals to the smaller id.
TEST(EventsTest, ACountGoesWholeToTheHeaviestEvent) {
  Trail trail = with_weights({{"e", Decimal{1, 0}}, {"f", Decimal{2, 0}}});
  trail.put(Lead{.id = "l", .announcement = "a", .created_at = utc("2026-01-02")});
  EXPECT_EQ(trail.card("f", "event").leads, 1);
  EXPECT_EQ(trail.card("e", "event").leads, 0);
  trail.put(AnnouncementEvent{.id = "1", .announcement = "a", .event = "f"});
  EXPECT_EQ(trail.card("e", "event").leads, 1);
  // The announcement itself is one in each event it serves, and one in the total.
  EXPECT_EQ(trail.card("e", "event").announcements, 1);
  EXPECT_EQ(trail.card("f", "event").announcements, 1);
  EXPECT_EQ(trail.card("(total)", "event").announcements, 1);
  EXPECT_TRUE(live_is_batch(trail));
}

}  // namespace
}  // namespace dealtrail
