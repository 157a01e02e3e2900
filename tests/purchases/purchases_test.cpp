// Purchases of a Trail: a worked case, refunds kopeck by kopeck, what is left out.
#include "dealtrail/purchases/purchases.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::rub;
using testing::utc;

std::string codes(const Purchases& of) {
  std::string text;
  for (const RowProblem& one : of.problems.list())
    text += (text.empty() ? "" : ", ") + one.code + " " + std::to_string(one.count);
  return text;
}

// "customer order amount" of each row.
std::vector<std::string> told(const Purchases& of) {
  std::vector<std::string> lines;
  for (const Purchase& one : of.rows) {
    lines.push_back(one.customer + " " + one.order + " " +
                    (one.amount_minor ? std::to_string(*one.amount_minor) : "-"));
  }
  return lines;
}

Trail worked() {
  Trail trail{RUB};
  trail.put(Channel{.id = "tg", .name = "Telegram"});
  trail.put(Event{.id = "fair", .name = "Fair", .starts_at = utc("2026-04-01")});
  trail.put(Company{.id = "acme"});
  trail.put(Company{.id = "acme-2"});
  trail.merge(Kind::companies, "acme", "acme-2");
  trail.put(Person{.id = "ann", .company = "bird"});
  trail.put(Company{.id = "bird"});
  trail.put(Deal{.id = "d1",
                 .company = "acme",
                 .channel = "tg",
                 .outcome = "won",
                 .created_at = utc("2026-03-01"),
                 .closed_at = utc("2026-03-05"),
                 .amount = rub(1000),
                 .cost = rub(400)});
  trail.put(Deal{.id = "d2",
                 .company = "acme-2",
                 .outcome = "won",
                 .created_at = utc("2026-03-02"),
                 .closed_at = utc("2026-03-09"),
                 .amount = rub(500)});
  trail.put(Deal{.id = "d3",
                 .person = "ann",
                 .outcome = "won",
                 .created_at = utc("2026-03-02"),
                 .closed_at = utc("2026-03-12"),
                 .amount = rub(70)});
  trail.put(Deal{.id = "d4", .outcome = "won", .created_at = utc("2026-03-02"), .amount = rub(70)});
  trail.put(Deal{.id = "d5", .company = "acme", .outcome = "lost", .created_at = utc("2026-03-02"), .amount = rub(9)});
  trail.put(Deal{.id = "d6",
                 .company = "acme",
                 .parent = "d1",
                 .outcome = "won",
                 .created_at = utc("2026-03-20"),
                 .amount = rub(100)});
  trail.put(Deal{.id = "d7", .company = "bird", .outcome = "won", .created_at = utc("2026-03-14")});
  const auto pay = [&](const char* id, const char* deal, const char* company, const char* event, const char* at,
                       std::int64_t amount) {
    Payment one{.id = id, .at = utc(at), .kind = amount < 0 ? "refund" : "sale", .amount = rub(amount)};
    if (*deal != '\0') one.deal = deal;
    if (*company != '\0') one.company = company;
    if (*event != '\0') one.event = event;
    trail.put(one);
  };
  pay("p1", "d1", "", "", "2026-03-05", 600);
  pay("p2", "d1", "", "", "2026-03-08", 400);
  pay("p3", "d1", "", "", "2026-03-30", -450);
  pay("p4", "d2", "", "", "2026-03-10", -500);
  pay("p5", "", "bird", "fair", "2026-03-11", 30);
  pay("p6", "", "acme", "fair", "2026-03-12", 20);
  pay("p7", "", "bird", "fair", "2026-03-13", -10);
  pay("p8", "", "bird", "", "2026-03-14", -10);
  return trail;
}

TEST(Purchases, WonDealsByCompanyWithTheirRefunds) {
  const Purchases found = purchases(worked());
  EXPECT_EQ(told(found), (std::vector<std::string>{"acme d1 55000", "bird d3 7000", "bird d7 -"}));
  EXPECT_EQ(found.rows[0].channel, "tg");
  EXPECT_EQ(found.rows[0].at, utc("2026-03-05"));
  EXPECT_EQ(found.rows[0].margin_minor, std::nullopt);  // the refund does not tell its margin
  EXPECT_EQ(found.refunds_minor, 95'000);
  EXPECT_EQ(codes(found), "no_customer 1, claim 1, no_amount 1, refunded_in_full 1");
  EXPECT_EQ(found.problems.left_out(), 1);
  EXPECT_EQ(found.input().rows(), 3);
}

TEST(Purchases, WhatIsLaterDoesNotCount) {
  const Purchases found = purchases(worked(), {.as_of = utc("2026-03-10T00:00")});
  EXPECT_EQ(told(found), (std::vector<std::string>{"acme d1 100000"}));  // d2 is refunded at that very moment
  EXPECT_EQ(found.rows[0].margin_minor, 60'000);
}

TEST(Purchases, PersonsBuyToo) {
  const Purchases found = purchases(worked(), {.customer = PurchaseCustomer::person});
  EXPECT_EQ(told(found), (std::vector<std::string>{"ann d3 7000"}));
  EXPECT_EQ(codes(found), "no_customer 4, claim 1");
}

TEST(Purchases, PaymentsLowerThePaymentBefore) {
  const Purchases found = purchases(worked(), {.source = PurchaseSource::payments});
  EXPECT_EQ(told(found), (std::vector<std::string>{"acme p1 55000", "acme p6 2000", "bird p5 2000"}));
  EXPECT_EQ(found.rows[1].event, "fair");
  EXPECT_EQ(found.rows[1].event_at, utc("2026-04-01"));
  EXPECT_EQ(found.rows[0].channel, "tg");
  EXPECT_EQ(codes(found), "refund_without_order 2, refunded_in_full 1");
  EXPECT_EQ(found.problems.list()[0].first[0].second, "p4: 500.00");
}

TEST(Purchases, CreditNotesLowerTheirSale) {
  Trail trail = worked();
  trail.put(Deal{.id = "n1",
                 .company = "acme",
                 .parent = "d1",
                 .outcome = "won",
                 .created_at = utc("2026-03-21"),
                 .closed_at = utc("2026-03-21"),
                 .amount = rub(-50)});
  trail.put(Deal{.id = "n2",
                 .company = "dove",
                 .outcome = "won",
                 .created_at = utc("2026-03-21"),
                 .closed_at = utc("2026-03-21"),
                 .amount = rub(-3)});
  const Purchases found = purchases(trail);
  EXPECT_EQ(told(found), (std::vector<std::string>{"acme d1 50000", "bird d3 7000", "bird d7 -"}));
  EXPECT_EQ(found.refunds_minor, 100'000);
  EXPECT_NE(codes(found).find("refund_without_order 1"), std::string::npos);
  const Purchases before = purchases(trail, {.as_of = utc("2026-03-20")});
  EXPECT_EQ(told(before)[0], "acme d1 100000");
}

TEST(Purchases, ARefundWrittenAboveZeroIsOneAllTheSame) {
  Trail trail{RUB};
  trail.put(Deal{.id = "d",
                 .company = "acme",
                 .outcome = "won",
                 .created_at = utc("2026-03-01"),
                 .closed_at = utc("2026-03-01"),
                 .amount = rub(100)});
  trail.put(Payment{.id = "p1", .deal = "d", .at = utc("2026-03-02"), .kind = "sale", .amount = rub(100)});
  trail.put(Payment{.id = "p2", .deal = "d", .at = utc("2026-03-03"), .kind = "refund", .amount = rub(30)});
  EXPECT_EQ(told(purchases(trail)), std::vector<std::string>{"acme d 7000"});
  EXPECT_EQ(told(purchases(trail, {.source = PurchaseSource::payments})), std::vector<std::string>{"acme p1 7000"});
}

struct Paid {
  std::string id{};
  std::string order{};
  std::int64_t at = 0;
  std::int64_t amount = 0;
};

TEST(Purchases, RefundsAreTakenOffKopeckByKopeck) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random{seed};
    Trail trail{RUB};
    std::vector<Paid> paid;
    const std::int64_t count = random.uniform_int(1, 14);
    for (std::int64_t i = 0; i < count; ++i) {
      Paid one;
      one.id = "p" + std::to_string(10 + i);
      const std::int64_t order = random.uniform_int(0, 3);
      const std::int64_t day = random.uniform_int(0, 6);
      one.order = std::to_string(order);
      one.at = 1'772'323'200'000'000 + day * us_per_day;
      one.amount = random.chance(0.4) ? -random.uniform_int(1, 60) : random.uniform_int(0, 50);
      paid.push_back(one);
    }
    for (int deal = 0; deal < 2; ++deal) {
      trail.put(Deal{.id = std::to_string(deal),
                     .company = "c" + std::to_string(deal),
                     .created_at = from_us(1'772'323'200'000'000)});
    }
    for (const Paid& one : paid) {
      Payment payment{.id = one.id, .at = from_us(one.at), .kind = "sale", .amount = Money{one.amount, RUB}};
      if (one.order < "2") {
        payment.deal = one.order;
      } else {
        payment.company = "c" + one.order;
        payment.event = "e";
      }
      trail.put(payment);
    }
    // Each kopeck of each refund, in order of time, from the latest payment before it, else from the next after it.
    std::sort(paid.begin(), paid.end(),
              [](const Paid& l, const Paid& r) { return l.at != r.at ? l.at < r.at : l.id < r.id; });
    std::vector<Paid> left = paid;
    std::int64_t without = 0;
    for (std::size_t i = 0; i < paid.size(); ++i) {
      for (std::int64_t kopeck = paid[i].amount; kopeck < 0; ++kopeck) {
        Paid* from = nullptr;
        for (std::size_t k = i; k-- > 0;)
          if (from == nullptr && left[k].order == paid[i].order && left[k].amount > 0) from = &left[k];
        for (std::size_t k = i + 1; k < paid.size(); ++k)
          if (from == nullptr && left[k].order == paid[i].order && left[k].amount > 0) from = &left[k];
        if (from == nullptr) {
          ++without;
        } else {
          --from->amount;
        }
      }
    }
    std::map<std::string, std::int64_t> wanted;
    std::int64_t netted = 0;
    for (std::size_t i = 0; i < paid.size(); ++i) {
      if (paid[i].amount < 0) continue;
      netted += paid[i].amount - left[i].amount;
      if (left[i].amount > 0 || paid[i].amount == 0) wanted[paid[i].id] = left[i].amount;
    }
    const Purchases found = purchases(trail, {.source = PurchaseSource::payments});
    std::map<std::string, std::int64_t> got;
    for (const Purchase& one : found.rows) got[one.order] = one.amount_minor.value_or(-1);
    EXPECT_EQ(got, wanted);
    EXPECT_EQ(found.refunds_minor, netted);
    std::int64_t refunds = 0;
    for (const Paid& one : paid) refunds += std::min<std::int64_t>(0, one.amount);
    EXPECT_EQ(-refunds, netted + without);
  }
}

}  // namespace
}  // namespace dealtrail
