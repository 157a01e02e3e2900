// IN.13, IN.15: tickets, payments, refunds, lost deals, cost that is not known.
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "dealtrail/cards/postings.hpp"

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::finding;
using testing::live_is_batch;
using testing::minor_of;
using testing::rub;
using testing::utc;

// Two channels with an announcement each.
Trail stage() {
  Trail trail{RUB};
  for (const char* channel : {"one", "two"}) {
    trail.put(Channel{.id = channel, .name = channel});
    trail.put(Announcement{.id = channel, .channel = channel, .published_at = utc("2026-03-01")});
  }
  return trail;
}

void sell(Trail& trail, const char* id, const char* announcement, std::optional<Money> amount, const char* at) {
  trail.put(Deal{.id = id,
                 .person = "anna",
                 .announcement = announcement,
                 .outcome = "won",
                 .created_at = utc(at),
                 .closed_at = utc(at),
                 .amount = amount});
}
void pay(Trail& trail, const char* id, std::optional<std::string> deal, const char* kind, Money amount,
         const char* at) {
  trail.put(Payment{.id = id, .deal = std::move(deal), .at = utc(at), .kind = kind, .amount = amount});
}

TEST(TrailMoneyMovedTest, PaymentsStandAtTheirOwnDateOnTheSourceOfTheirDeal) {
  Trail trail = stage();
  pay(trail, "p1", "d", "prepayment", rub(30), "2026-03-05");
  EXPECT_EQ(trail.card("(unattributed)").paid, rub(30));  // its deal is not here yet
  sell(trail, "d", "one", rub(100), "2026-03-06");
  pay(trail, "p2", "d", "sale", rub(70), "2026-04-05");
  EXPECT_EQ(trail.card("one").paid, rub(100));
  EXPECT_EQ(trail.card("one").refunded, rub(0));
  EXPECT_EQ(trail.card("2026-04", "month").paid, rub(70));
  EXPECT_TRUE(live_is_batch(trail));
  trail.put(Payment{.id = "p3", .company = "firm", .at = utc("2026-04-06"), .kind = "sponsor", .amount = rub(5)});
  trail.put(Payment{.id = "p4", .at = utc("2026-04-06"), .kind = "ticket", .amount = rub(2)});
  EXPECT_EQ(trail.card("(unattributed)").paid, rub(7));
  EXPECT_TRUE(live_is_batch(trail));
  trail.remove(Kind::deals, "d");
  EXPECT_EQ(trail.card("(unattributed)").paid, rub(107));
  EXPECT_TRUE(live_is_batch(trail));
}

TEST(TrailMoneyMovedTest, ARefundIsOfTheSaleItNames) {
  Trail trail = stage();
  sell(trail, "d", "one", rub(100), "2026-03-06");
  pay(trail, "p", "d", "sale", rub(100), "2026-03-06");
  pay(trail, "back", "d", "refund", rub(-60), "2026-05-01");
  pay(trail, "written above zero", "d", "refund", rub(5), "2026-05-01");
  EXPECT_EQ(trail.card("one").paid, rub(100));
  EXPECT_EQ(trail.card("one").refunded, rub(65));
  EXPECT_EQ(trail.card("2026-05", "month").refunded, rub(65));
  EXPECT_EQ(trail.card("one").amount_won, rub(100));
  EXPECT_EQ(finding(trail, "refund_without_sale").count, 0);
}

// A credit note is no deal: it takes back the sale it names, else the only earlier one of at least its amount.
TEST(TrailMoneyMovedTest, ACreditNoteIsARefund) {
  Trail trail = stage();
  sell(trail, "small", "two", rub(10), "2026-03-05");
  sell(trail, "d", "one", rub(100), "2026-03-06");
  sell(trail, "note", "two", rub(-60), "2026-04-01");
  const Card total = trail.card("(total)");
  EXPECT_EQ(total.deals, 2);
  EXPECT_EQ(total.won, 2);
  EXPECT_EQ(total.amount_won, rub(110));
  EXPECT_EQ(trail.card("one").refunded, rub(60));
  pay(trail, "p", "note", "refund", rub(-60), "2026-04-02");  // the same money: once
  EXPECT_EQ(trail.card("(total)").refunded, rub(60));
  EXPECT_EQ(trail.card("one").refunded, rub(60));
  EXPECT_TRUE(live_is_batch(trail));
  sell(trail, "another", "two", rub(80), "2026-03-07");  // two earlier sales: which of them is not known
  EXPECT_EQ(trail.card("(unattributed)").refunded, rub(60));
  EXPECT_EQ(finding(trail, "refund_without_sale", "payments").ids, "p");
  EXPECT_TRUE(live_is_batch(trail));
  trail.put(Deal{.id = "note",
                 .person = "anna",
                 .parent = "another",
                 .outcome = "won",
                 .created_at = utc("2026-04-01"),
                 .amount = rub(-60)});
  EXPECT_EQ(trail.card("two").refunded, rub(60));
  trail.put(Announcement{.id = "two", .channel = "one", .published_at = utc("2026-03-01")});
  EXPECT_EQ(trail.card("one").refunded, rub(60));
  EXPECT_TRUE(live_is_batch(trail));
}

TEST(TrailMoneyMovedTest, LostDealsAndCancelledGuestsHaveColumns) {
  Trail trail = stage();
  trail.put(Deal{.id = "d",
                 .announcement = "one",
                 .outcome = "lost",
                 .created_at = utc("2026-03-06"),
                 .closed_at = utc("2026-04-06")});
  EXPECT_EQ(trail.card("one").lost, 1);
  EXPECT_EQ(trail.card("2026-04", "month").lost, 1);
  trail.put(Event{.id = "expo", .name = "Expo"});
  const auto put = [&](const char* id, const char* announcement, const char* status) {
    trail.put(Registration{.id = id,
                           .event = "expo",
                           .person = "anna",
                           .announcement = announcement,
                           .at = utc("2026-03-11"),
                           .status = status});
  };
  put("r1", "two", "cancelled");
  put("r2", "one", "cancelled");
  EXPECT_EQ(trail.card("two").cancelled, 1);
  EXPECT_EQ(trail.card("(total)").cancelled, 1);  // one guest
  put("r2", "one", "registered");
  EXPECT_EQ(trail.card("(total)").cancelled, 0);
  EXPECT_TRUE(live_is_batch(trail));
}

// No value is not 0: of deals won that do not say their amount, and of a channel whose cost nobody has stated.
TEST(TrailMoneyMovedTest, WhatIsNotKnownIsNull) {
  Trail trail = stage();
  sell(trail, "d", "one", {}, "2026-03-06");
  EXPECT_EQ(trail.card("one").amount_won, std::nullopt);
  EXPECT_EQ(finding(trail, "won_without_amount").ids, "d");
  sell(trail, "e", "one", rub(7), "2026-03-06");
  EXPECT_EQ(trail.card("one").amount_won, rub(7));
  EXPECT_EQ(trail.card("one").cost, std::nullopt);
  EXPECT_EQ(trail.card("one").cost_per_deal, std::nullopt);
  EXPECT_EQ(finding(trail, "no_cost").ids, "one, two");
  EXPECT_EQ(trail.card("(total)").cost, rub(0));
  trail.put(Cost{.id = "c", .kind = "x", .announcement = "one", .amount = rub(10), .at = utc("2026-02-01")});
  EXPECT_EQ(trail.card("one").cost, rub(10));
  EXPECT_EQ(minor_of(trail.cards({.period = parse_period("2026-03")}), "one", "cost"), 0);  // of other dates it is
  EXPECT_EQ(minor_of(trail.cards({.period = parse_period("2026-03")}), "two", "cost"), std::nullopt);
  trail.put(Channel{.id = "two", .name = "two", .paid = "own"});
  EXPECT_EQ(trail.card("two").cost, rub(0));
  EXPECT_EQ(finding(trail, "no_cost").count, 0);
}

// Tickets are those of registered rows; of one person again with another ticket or a quantity.
TEST(TrailMoneyMovedTest, TicketsStandBesideGuests) {
  Trail trail = stage();
  trail.put(Event{.id = "e", .name = "E", .starts_at = utc("2026-06-20T10:00")});
  const auto tickets = [&] {
    EXPECT_TRUE(live_is_batch(trail));
    const Card card = trail.card("e", "event");
    return std::to_string(card.registrations) + " " + std::to_string(card.tickets) + " " +
           std::to_string(card.attended.value_or(-1)) + " " + std::to_string(card.tickets_attended.value_or(-1));
  };
  const auto scan = [&](const char* id, const char* registration, std::optional<std::int64_t> quantity = {}) {
    trail.put(Attendance{.id = id, .registration = registration, .at = utc("2026-06-20T10:05"), .quantity = quantity});
  };
  for (const char* id : {"t1", "t2", "t3", "t4"}) {
    trail.put(Registration{.id = id, .event = "e", .person = "buyer", .at = utc("2026-05-02"), .ticket = id});
    scan(id, id);
  }
  EXPECT_EQ(tickets(), "1 4 1 4");
  scan("again", "t1");
  EXPECT_EQ(tickets(), "1 4 1 4");  // a code scanned twice is one ticket
  trail.put(Registration{.id = "same", .event = "e", .person = "buyer", .at = utc("2026-05-03"), .ticket = "t1"});
  EXPECT_EQ(tickets(), "1 4 1 4");
  trail.put(Registration{.id = "six", .event = "e", .person = "gleb", .at = utc("2026-05-02"), .quantity = 6});
  scan("some", "six", 4);
  EXPECT_EQ(tickets(), "2 10 2 8");
  scan("rest", "six", 4);
  EXPECT_EQ(tickets(), "2 10 2 10");
  trail.put(Attendance{.id = "w", .event = "e", .person = "vera", .at = utc("2026-06-20T11:00"), .quantity = 3});
  EXPECT_EQ(tickets(), "2 10 2 13");
}

TEST(TrailMoneyMovedTest, CardsAreCutByColumnsOfManagers) {
  Trail trail = stage();
  trail.put(Manager{.id = "m", .name = "Mia", .team = "North"});
  trail.put(Deal{.id = "d", .manager = "m", .outcome = "won", .created_at = utc("2026-03-06"), .amount = rub(5)});
  pay(trail, "p", "d", "sale", rub(5), "2026-03-06");
  const Table cards = trail.cards({.by = "team"});
  EXPECT_EQ(column(cards, "key"), (std::vector<std::string>{"North", "(unattributed)", "(total)"}));
  EXPECT_EQ(minor_of(cards, "North", "amount_won"), 500);
  EXPECT_EQ(minor_of(cards, "North", "paid"), 500);
}

}  // namespace
}  // namespace dealtrail
