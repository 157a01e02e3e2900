// SP.7, M1.2, M1.3: an approved invoice becomes cost of announcements, by two levels; every kopeck once. Worked by
// hand.
#include "dealtrail/cards/detail/invoice_parts.hpp"

#include <array>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::cost_of;
using testing::finding;
using testing::live_is_batch;
using testing::rub;
using testing::utc;

// Two channels, two events; portal has a1, a2 for expo and a3 for meetup; telegram has t1 for expo.
Trail organiser(TrailOptions options = {}) {
  Trail trail{RUB, std::move(options)};
  trail.put(Channel{.id = "portal", .name = "Portal"});
  trail.put(Channel{.id = "telegram", .name = "Telegram"});
  trail.put(Partner{.id = "media", .name = "Media"});
  trail.put(Partner{.id = "agency", .name = "Agency"});
  trail.put(Event{.id = "expo", .name = "Expo"});
  trail.put(Event{.id = "meetup", .name = "Meetup"});
  trail.put(Announcement{.id = "a1",
                         .channel = "portal",
                         .event = "expo",
                         .partner = "media",
                         .published_at = utc("2026-03-01"),
                         .planned_cost = rub(300),
                         .budget_share = Decimal{2, 1}});
  trail.put(Announcement{.id = "a2",
                         .channel = "portal",
                         .event = "expo",
                         .published_at = utc("2026-03-10"),
                         .planned_cost = rub(100),
                         .budget_share = Decimal{3, 1}});
  trail.put(Announcement{
      .id = "a3", .channel = "portal", .event = "meetup", .published_at = utc("2026-04-05"), .planned_cost = rub(600)});
  trail.put(Announcement{.id = "t1", .channel = "telegram", .event = "expo", .published_at = utc("2026-03-20")});
  return trail;
}

void put_invoice(Trail& trail, std::int64_t kopecks, std::string status = "approved") {
  trail.put(Invoice{.id = "i",
                    .partner = "agency",
                    .amount = Money{kopecks, RUB},
                    .issued_at = utc("2026-02-15"),
                    .approved_at = utc("2026-02-20"),
                    .status = std::move(status)});
}

// a1, a2, a3, t1, then what no announcement has.
using Costs = std::array<std::int64_t, 5>;
Costs costs(const Trail& trail) {
  EXPECT_TRUE(live_is_batch(trail));
  const auto of = [&](const char* key) { return cost_of(trail, key, "announcement"); };
  const Costs result{of("a1"), of("a2"), of("a3"), of("t1"), of("(unattributed)")};
  EXPECT_EQ(std::accumulate(result.begin(), result.end(), std::int64_t{0}), cost_of(trail, "(total)"));
  return result;
}

// 100.00 over two announcements of the pair (portal, expo).
TEST(TrailInvoiceTest, EqualSplitOverAChannelAndEvent) {
  Trail trail = organiser();
  put_invoice(trail, 10'000);
  EXPECT_EQ(costs(trail), (Costs{0, 0, 0, 0, 10'000}));  // no line yet
  EXPECT_EQ(finding(trail, "unplaced_invoice").ids, "i");
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .channel = "portal", .event = "expo"});
  EXPECT_EQ(costs(trail), (Costs{5'000, 5'000, 0, 0, 0}));
  EXPECT_EQ(finding(trail, "unplaced_invoice").count, 0);
  EXPECT_EQ(cost_of(trail, "expo", "event"), 10'000);
  EXPECT_EQ(cost_of(trail, "portal"), 10'000);
  EXPECT_EQ(cost_of(trail, "media", "partner"), 5'000);  // a1's; what is placed goes to the announcement's partner
  EXPECT_EQ(cost_of(trail, "agency", "partner"), 0);
  EXPECT_EQ(cost_of(trail, "2026-03", "month"), 10'000);  // at published_at, not at the invoice's date
}

// 100.01 over three: the odd kopeck to the lowest id.
TEST(TrailInvoiceTest, AChannelWithoutAnEventIsTheWholeChannel) {
  Trail trail = organiser();
  put_invoice(trail, 10'001);
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .channel = "portal"});
  EXPECT_EQ(costs(trail), (Costs{3'334, 3'334, 3'333, 0, 0}));  // 10 001 = 3 · 3 333 + 2: a1 and a2 get one more
}

// planned_cost 300 : 100 : 600 of 100.00.
TEST(TrailInvoiceTest, SplitByPlannedCost) {
  Trail trail = organiser();
  put_invoice(trail, 10'000);
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .channel = "portal", .split = "planned_cost"});
  EXPECT_EQ(costs(trail), (Costs{3'000, 1'000, 6'000, 0, 0}));
}

// budget_share 0.2 : 0.3 : none of 100.00.
TEST(TrailInvoiceTest, SplitByBudgetShare) {
  Trail trail = organiser();
  put_invoice(trail, 10'000);
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .channel = "portal", .split = "budget_share"});
  EXPECT_EQ(costs(trail), (Costs{4'000, 6'000, 0, 0, 0}));
}

TEST(TrailInvoiceTest, KeysThatAreAllZeroSplitEquallyWithAFinding) {
  Trail trail = organiser();
  put_invoice(trail, 10'000);
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .channel = "telegram", .split = "planned_cost"});
  EXPECT_EQ(costs(trail), (Costs{0, 0, 0, 10'000, 0}));
  EXPECT_EQ(finding(trail, "split_keys_zero").ids, "l");
}

// Level one: portal 70.00 said; the rest, 30.00, by weight 1 : 2 over telegram and a3.
TEST(TrailInvoiceTest, LinesWithAnAmountTakeItAndTheOthersShareTheRest) {
  Trail trail = organiser();
  put_invoice(trail, 10'000);
  trail.put(InvoiceLine{.id = "l1", .invoice = "i", .channel = "portal", .event = "expo", .amount = rub(70)});
  trail.put(InvoiceLine{.id = "l2", .invoice = "i", .channel = "telegram"});
  trail.put(InvoiceLine{.id = "l3", .invoice = "i", .announcement = "a3", .weight = Decimal{2, 0}});
  EXPECT_EQ(costs(trail), (Costs{3'500, 3'500, 2'000, 1'000, 0}));
  trail.put(InvoiceLine{.id = "l3", .invoice = "i", .announcement = "a3", .weight = Decimal{-2, 0}});  // negative: 0
  EXPECT_EQ(costs(trail), (Costs{3'500, 3'500, 0, 3'000, 0}));
}

TEST(TrailInvoiceTest, AmountsOverTheInvoiceLeaveANegativeRest) {
  Trail trail = organiser();
  put_invoice(trail, 10'000);
  trail.put(InvoiceLine{.id = "l1", .invoice = "i", .announcement = "a1", .amount = rub(80)});
  trail.put(InvoiceLine{.id = "l2", .invoice = "i", .announcement = "a2", .amount = rub(50)});
  trail.put(InvoiceLine{.id = "l3", .invoice = "i", .announcement = "a3"});
  EXPECT_EQ(costs(trail), (Costs{8'000, 5'000, 0, 0, -3'000}));  // the total is still the invoice's 100.00
  EXPECT_EQ(cost_of(trail, "(total)"), 10'000);
  EXPECT_EQ(cost_of(trail, "agency", "partner"), -3'000);
  EXPECT_EQ(finding(trail, "invoice_over_lines").ids, "i");
}

TEST(TrailInvoiceTest, AmountsBelowTheInvoiceLeaveTheRestUnattributed) {
  Trail trail = organiser();
  put_invoice(trail, 10'000);
  trail.put(InvoiceLine{.id = "l1", .invoice = "i", .announcement = "a1", .amount = rub(80)});
  EXPECT_EQ(costs(trail), (Costs{8'000, 0, 0, 0, 2'000}));
  EXPECT_EQ(finding(trail, "invoice_over_lines").count, 0);
  EXPECT_EQ(cost_of(trail, "2026-02", "month"), 2'000);  // what is not placed is at the invoice's date
}

// Five lines of 2^61 against an invoice of 1.00: their difference cannot be stated in 64 bits, the total must stand all
// the same.
TEST(TrailInvoiceTest, LinesFarOverTheInvoiceStillAddUp) {
  Trail trail = organiser();
  put_invoice(trail, 100);
  for (const char* id : {"l1", "l2", "l3", "l4", "l5"}) {
    trail.put(InvoiceLine{.id = id, .invoice = "i", .announcement = "a1", .amount = Money{std::int64_t{1} << 61, RUB}});
  }
  EXPECT_EQ(cost_of(trail, "(total)"), 100);
  EXPECT_EQ(finding(trail, "invoice_over_lines").ids, "i");
}

TEST(TrailInvoiceTest, CreditNoteTakesTheMoneyBack) {
  Trail trail = organiser();
  put_invoice(trail, 10'001);
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .channel = "portal"});
  trail.put(
      Invoice{.id = "credit", .partner = "agency", .amount = Money{-10'001, RUB}, .issued_at = utc("2026-03-15")});
  trail.put(InvoiceLine{.id = "credit line", .invoice = "credit", .channel = "portal"});
  EXPECT_EQ(costs(trail), (Costs{0, 0, 0, 0, 0}));  // -3 334, -3 334, -3 333: the sign is kept, the parts mirror
  trail.put(InvoiceLine{.id = "credit line", .invoice = "credit", .announcement = "a1", .amount = rub(-120)});
  EXPECT_EQ(costs(trail), (Costs{3'334 - 12'000, 3'334, 3'333, 0, 1'999}));  // its lines exceed it in its own sign
  EXPECT_EQ(finding(trail, "invoice_over_lines").ids, "credit");
}

TEST(TrailInvoiceTest, OnlyAnApprovedInvoiceIsCost) {
  Trail trail = organiser();
  put_invoice(trail, 10'000, "draft");
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .announcement = "a1"});
  EXPECT_EQ(costs(trail), Costs{});
  put_invoice(trail, 10'000);
  EXPECT_EQ(costs(trail), (Costs{10'000, 0, 0, 0, 0}));
  put_invoice(trail, 10'000, "cancelled");
  EXPECT_EQ(costs(trail), Costs{});
  trail.put(Announcement{.id = "x", .channel = "telegram", .planned_cost = rub(1'000)});
  EXPECT_EQ(cost_of(trail, "(total)"), 0);  // planned_cost is never cost
  put_invoice(trail, 10'000);
  trail.remove(Kind::invoices, "i");
  EXPECT_EQ(costs(trail), Costs{});
}

// March was paid for; an announcement of March that becomes known later takes its third, and diff shows it.
TEST(TrailInvoiceTest, ALateAnnouncementInTheServicePeriodSplitsAnew) {
  Trail trail = organiser();
  put_invoice(trail, 9'000);
  trail.put(InvoiceLine{.id = "l",
                        .invoice = "i",
                        .channel = "portal",
                        .service_from = utc("2026-03-01"),
                        .service_until = utc("2026-04-01")});
  EXPECT_EQ(costs(trail), (Costs{4'500, 4'500, 0, 0, 0}));  // a3 is of April
  const Trail before = trail;
  trail.put(Announcement{.id = "a4", .channel = "portal", .published_at = utc("2026-03-31T23:59")});
  EXPECT_EQ(cost_of(trail, "a4", "announcement"), 3'000);
  EXPECT_EQ(cost_of(trail, "a1", "announcement"), 3'000);
  EXPECT_TRUE(live_is_batch(trail));
  const Table diff = trail.diff(before, {.by = "announcement"});
  std::vector<std::pair<std::string, std::int64_t>> moved;
  for (std::int64_t row = 0; row < diff.rows(); ++row) {
    if (diff.text_at(row, "metric") != "cost") continue;
    EXPECT_EQ(diff.text_at(row, "id"), "i");
    moved.emplace_back(diff.text_at(row, "key").value(), diff.minor_at(row, "change").value());
  }
  EXPECT_EQ(moved, (std::vector<std::pair<std::string, std::int64_t>>{{"a1", -1'500}, {"a2", -1'500}, {"a4", 3'000}}));
  trail.put(
      Announcement{.id = "a4", .channel = "portal", .published_at = utc("2026-04-01")});  // the end is not included
  EXPECT_EQ(cost_of(trail, "a4", "announcement"), 0);
  trail.put(Announcement{.id = "a4", .channel = "portal"});  // undated: out of any period
  EXPECT_EQ(costs(trail), (Costs{4'500, 4'500, 0, 0, 0}));
}

TEST(TrailInvoiceTest, ACancelledAnnouncementGivesItsPartBack) {
  Trail trail = organiser();
  put_invoice(trail, 10'000);
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .channel = "portal", .event = "expo"});
  trail.put(Announcement{
      .id = "a1", .channel = "portal", .event = "expo", .published_at = utc("2026-03-01"), .status = "cancelled"});
  EXPECT_EQ(costs(trail), (Costs{0, 10'000, 0, 0, 0}));
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .announcement = "a1"});  // by its name, whatever its status
  EXPECT_EQ(costs(trail), (Costs{10'000, 0, 0, 0, 0}));
}

TEST(TrailInvoiceTest, WhatCannotBePlacedIsUnattributedWithAFinding) {
  Trail trail = organiser();
  put_invoice(trail, 10'000);
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .channel = "telegram", .event = "meetup"});  // no such announcement
  EXPECT_EQ(costs(trail), (Costs{0, 0, 0, 0, 10'000}));
  EXPECT_EQ(cost_of(trail, "telegram"), 10'000);  // the channel and event are known all the same
  EXPECT_EQ(cost_of(trail, "meetup", "event"), 10'000);
  EXPECT_EQ(finding(trail, "unplaced_line").ids, "l");
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .event = "meetup"});  // no channel
  EXPECT_EQ(cost_of(trail, "(unattributed)"), 10'000);
  EXPECT_EQ(cost_of(trail, "meetup", "event"), 10'000);
  trail.put(
      InvoiceLine{.id = "l", .invoice = "i", .announcement = "gone", .channel = "portal"});  // absent: no second guess
  EXPECT_EQ(costs(trail), (Costs{0, 0, 0, 0, 10'000}));
  EXPECT_EQ(cost_of(trail, "portal"), 0);
  EXPECT_EQ(cost_of(trail, "agency", "partner"), 10'000);
  EXPECT_EQ(finding(trail, "broken_link", "invoice_lines", "announcement").ids, "gone");
}

// One announcement for two events by weight 3 : 1, one of them a session of a third.
TEST(TrailInvoiceTest, AnAnnouncementOfSeveralEventsPassesItsMoneyOnByWeight) {
  Trail trail = organiser();
  trail.put(Event{.id = "congress", .name = "Congress"});
  trail.put(Event{.id = "panel", .name = "Panel", .parent = "congress"});
  trail.put(AnnouncementEvent{.id = "x", .announcement = "t1", .event = "expo", .weight = Decimal{3, 0}});
  trail.put(AnnouncementEvent{.id = "y", .announcement = "t1", .event = "panel"});
  put_invoice(trail, 10'001);
  trail.put(InvoiceLine{
      .id = "l", .invoice = "i", .channel = "telegram", .event = "congress"});  // t1 serves it by its session
  EXPECT_EQ(cost_of(trail, "t1", "announcement"), 10'001);
  EXPECT_EQ(cost_of(trail, "expo", "event"), 7'501);      // 7 500.75: the greater remainder
  EXPECT_EQ(cost_of(trail, "congress", "event"), 2'500);  // the topmost event counts
  EXPECT_EQ(cost_of(trail, "panel", "event"), 2'500);     // the session in its own row only
  EXPECT_EQ(cost_of(trail, "(total)", "event"), 10'001);
  EXPECT_TRUE(live_is_batch(trail));
}

// 120.00 with 20.00 of tax: net, the parts of 70 and 50 become 5833 and 4167 of 10 000.
TEST(TrailInvoiceTest, NetFiguresLeaveTheTaxOut) {
  Trail trail = organiser({.vat = VatBasis::net});
  trail.put(Invoice{.id = "i", .amount = rub(120), .vat = rub(20), .issued_at = utc("2026-02-15")});
  trail.put(InvoiceLine{.id = "l1", .invoice = "i", .announcement = "a1", .amount = rub(70)});
  trail.put(InvoiceLine{.id = "l2", .invoice = "i", .announcement = "a2", .amount = rub(50)});
  EXPECT_EQ(costs(trail), (Costs{5'833, 4'167, 0, 0, 0}));  // 5 833.33 and 4 166.67
}

TEST(TrailInvoiceTest, ALinkThatComesLateIsMended) {
  Trail trail{RUB};
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .announcement = "a1"});
  put_invoice(trail, 10'000);
  EXPECT_EQ(cost_of(trail, "(unattributed)"), 10'000);
  trail.put(Announcement{.id = "a1", .channel = "portal", .event = "expo", .published_at = utc("2026-03-01")});
  EXPECT_EQ(cost_of(trail, "a1", "announcement"), 10'000);
  EXPECT_EQ(cost_of(trail, "(unattributed)"), 10'000);  // its channel is not here yet
  trail.put(Channel{.id = "portal", .name = "Portal"});
  EXPECT_EQ(cost_of(trail, "portal"), 10'000);
  EXPECT_EQ(cost_of(trail, "(unattributed)", "event"), 10'000);
  trail.put(Event{.id = "expo", .name = "Expo"});
  EXPECT_EQ(cost_of(trail, "expo", "event"), 10'000);
  EXPECT_TRUE(live_is_batch(trail));
}

// M1.3: see what an approval would do before it is given.
TEST(TrailPreviewTest, ShowsTheChangeAndKeepsNothing) {
  Trail trail = organiser();
  const std::string before = trail.snapshot();
  std::vector<Draft> drafts(2);
  const Invoice invoice{.id = "i", .amount = rub(100), .issued_at = utc("2026-02-15")};
  const InvoiceLine line{.id = "l", .invoice = "i", .channel = "portal", .event = "expo"};
  fill(drafts[0], invoice);
  fill(drafts[1], line);
  const Table diff = trail.preview(drafts);
  EXPECT_EQ(testing::column(diff, "key"), (std::vector<std::string>{"(total)", "(total)", "portal", "portal"}));
  EXPECT_EQ(testing::column(diff, "metric"),  // of the event attendance was not taken
            (std::vector<std::string>{"cost", "cost_unseen", "cost", "cost_unseen"}));
  EXPECT_EQ(diff.minor_at(2, "before"), 0);
  EXPECT_EQ(diff.minor_at(2, "after"), 10'000);
  EXPECT_EQ(diff.minor_at(2, "change"), 10'000);
  EXPECT_EQ(diff.text_at(2, "kind"), "invoices");
  EXPECT_EQ(trail.snapshot(), before);
  EXPECT_EQ(cost_of(trail, "(total)"), 0);
  EXPECT_EQ(trail.preview({}).rows(), 0);
}

}  // namespace
}  // namespace dealtrail
