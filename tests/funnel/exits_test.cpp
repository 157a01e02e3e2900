// The lists of people to call (PF.4, M0.7) over guests filled by hand.
#include "dealtrail/funnel/exits.hpp"

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::utc;
using Texts = std::vector<std::string>;

Guests of(std::vector<Guest> rows) {
  Guests guests;
  guests.currency = RUB;
  guests.now = utc("2026-03-31");
  guests.rows = std::move(rows);
  return guests;
}

// A guest of an event of 10 March that is over.
Guest guest(std::string_view id) {
  return {.event = "e",
          .starts_at = utc("2026-03-10"),
          .begun = true,
          .over = true,
          .attendance_taken = true,
          .kind = "person",
          .guest = id};
}

TEST(ExitsTest, WithoutGuestsThereIsNobodyToCall) { EXPECT_EQ(exits(of({})).rows(), 0); }

TEST(ExitsTest, BeforeTheDayTheInvitedWhoAreWorthItAndNotRegistered) {
  Guest ahead = guest("ann");
  ahead.starts_at = utc("2026-04-03T12:00");
  ahead.begun = ahead.over = false;
  ahead.invited = true;
  ahead.invited_at = utc("2026-03-21");
  ahead.segment = "A";
  Guest waits = ahead;
  waits.guest = "bob";
  waits.status = "waitlist";
  Guest small = ahead;
  small.guest = "cat";
  small.segment = "C";
  Guest off = ahead;
  off.guest = "dan";
  off.event_status = "cancelled";
  const Table table = exits(of({ahead, waits, small, off}), {.segments = {"A"}});
  EXPECT_EQ(column(table, "guest"), (Texts{"ann", "bob"}));
  EXPECT_EQ(column(table, "reason"), (Texts{"invited, not registered; days to the event: 3",
                                            "invited, on the waiting list; days to the event: 3"}));
  EXPECT_EQ(table.integer_at(0, "days"), 10);
  EXPECT_EQ(exits(of({ahead, waits, small, off})).rows(), 3);
}

TEST(ExitsTest, AfterTheDayEachLinkHasItsList) {
  Guest absent = guest("absent");
  absent.registered = true;
  Guest forgotten = guest("forgotten");
  forgotten.came = true;
  Guest listed = guest("listed");
  listed.came = true;
  listed.follow_ups = 1;
  Guest called = guest("called");
  called.came = true;
  called.follow_ups = called.contacts = 1;
  Guest asked = called;
  asked.guest = "asked";
  asked.signals = 1;
  asked.signal_kinds = "offer_request";
  asked.first_signal_at = utc("2026-03-10T15:00");
  Guest served = asked;
  served.guest = "served";
  served.offers = 1;
  const Guests all = of({absent, forgotten, listed, called, asked, served});
  const Table table = exits(all);
  EXPECT_EQ(column(table, "list"), (Texts{"did_not_come", "no_follow_up", "no_contact", "no_contact", "no_offer"}));
  EXPECT_EQ(column(table, "guest"), (Texts{"absent", "forgotten", "forgotten", "listed", "asked"}));
  EXPECT_EQ(table.text_at(4, "reason"), "interested, no offer sent; marks: offer_request");
  EXPECT_EQ(exits(all, {.lists = {ExitList::no_contact}, .days = 22}).rows(), 0);  // 21 days have passed
  EXPECT_EQ(exits(all, {.lists = {ExitList::no_contact}, .days = 21}).rows(), 2);
}

TEST(ExitsTest, WhoHasADealIsNotForgotten) {
  Guest buyer = guest("ann");
  buyer.came = true;
  buyer.deals = buyer.open_deals = 1;
  EXPECT_EQ(exits(of({buyer})).rows(), 0);
}

TEST(ExitsTest, PromisesGoToWhoMadeThem) {
  Guest ann = guest("ann");
  ann.manager = "mia";
  Guests all = of({ann});
  all.promises.push_back(
      {.guest = 0, .activity = "t1", .kind = "offer", .manager = "max", .due_at = utc("2026-03-13")});
  const Table table = exits(all, {.managers = {"max"}});
  ASSERT_EQ(table.rows(), 1);
  EXPECT_EQ(table.text_at(0, "reason"), "promised offer, not done");
  EXPECT_EQ(table.text_at(0, "activity"), "t1");
  EXPECT_EQ(table.integer_at(0, "days"), 18);
  EXPECT_EQ(exits(all, {.managers = {"mia"}}).rows(), 0);
}

TEST(ExitsTest, MoneyAtStakeIsOfOpenDealsElseTheAverageOfTheSegmentElseNotKnown) {
  const auto signal = [](std::string_view id, std::string_view segment) {
    Guest one = guest(id);
    one.signals = 1;
    one.segment = segment;
    return one;
  };
  Guest won = guest("won");
  won.segment = "A";
  won.deals = won.won = 2;
  won.amount_won = MoneySum{25};  // 0.125 on average: half to even gives 0.12
  Guest open = signal("open", "A");
  open.deals = open.open_deals = 1;
  open.amount_open = MoneySum{700};
  const Table table = exits(of({won, signal("average", "A"), open, signal("unknown", "B"), signal("none", {})}),
                            {.lists = {ExitList::no_offer}});
  EXPECT_EQ(column(table, "guest"), (Texts{"open", "average", "unknown", "none"}));
  EXPECT_EQ(column(table, "at_stake_from"), (Texts{"open_deals", "segment_average", "-", "-"}));
  EXPECT_EQ(table.minor_at(0, "at_stake"), 700);
  EXPECT_EQ(table.minor_at(1, "at_stake"), 12);
  EXPECT_EQ(table.minor_at(1, "won_sum"), 25);
  EXPECT_EQ(table.integer_at(1, "won_count"), 2);
  EXPECT_EQ(table.minor_at(2, "at_stake"), std::nullopt);
}

TEST(ExitsTest, AListForEachManagerAndTheRestLast) {
  std::vector<Guest> rows;
  for (const char* manager : {"", "mia", "max"}) {
    Guest one = guest(*manager == '\0' ? "nobody's" : manager);
    one.registered = true;
    if (*manager != '\0') one.manager = manager;
    rows.push_back(one);
  }
  EXPECT_EQ(column(exits(of(rows)), "manager"), (Texts{"max", "mia", "-"}));
}

TEST(ExitsTest, WrongOptionsAreRefused) {
  Guests all = of({guest("ann")});
  all.events = {"e"};
  EXPECT_EQ(testing::refusal_code([&] { (void)exits(all, {.event = "f"}); }), ErrorCode::unknown_name);
  EXPECT_EQ(testing::refusal_code([&] { (void)exits(all, {.days = -1}); }), ErrorCode::invalid_argument);
  for (const std::string_view name : exit_list_names) EXPECT_EQ(to_string(*find_exit_list(name)), name);
  EXPECT_EQ(find_exit_list("gone"), std::nullopt);
}

}  // namespace
}  // namespace dealtrail
