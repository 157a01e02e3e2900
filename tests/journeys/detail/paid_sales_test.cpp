// IN.15: journeys to `paid`: a sale is worth what came in for it less what went back.
#include <gtest/gtest.h>

#include "dealtrail/journeys/journeys.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::rub;
using testing::utc;

void sell(Trail& trail, const char* id, std::int64_t roubles, const char* parent = nullptr) {
  trail.put(Deal{.id = id,
                 .person = "ann",
                 .parent = parent == nullptr ? std::string{} : parent,
                 .outcome = "won",
                 .created_at = utc("2026-03-01"),
                 .closed_at = utc(roubles < 0 ? "2026-04-10" : "2026-03-01"),
                 .amount = rub(roubles)});
}

void pay(Trail& trail, const char* id, const char* deal, const char* kind, std::int64_t roubles, const char* at) {
  trail.put(Payment{.id = id, .deal = deal, .at = utc(at), .kind = kind, .amount = rub(roubles)});
}

std::string paid(const Trail& trail) {
  const Table made = journeys(trail, {.to = "paid"}).table();
  std::string text;
  for (std::int64_t row = 0; row < made.rows(); ++row)
    text += (text.empty() ? "" : " ") + std::to_string(made.minor_at(row, "value").value_or(0) / 100);
  return text;
}
std::string problems(const Trail& trail) {
  std::string text;
  const Table found = journeys(trail, {.to = "paid"}).problems();
  for (std::int64_t row = 0; row < found.rows(); ++row) {
    text += text.empty() ? "" : " ";
    text += std::string{*found.text_at(row, "code")} + ":" + std::string{*found.text_at(row, "first_rows")};
  }
  return text;
}

TEST(PaidSalesTest, RefundsAndCreditNotesLowerTheirSale) {
  Trail trail{RUB};
  trail.put(Person{.id = "ann", .name = "Ann"});
  sell(trail, "big", 100);
  pay(trail, "p1", "big", "sale", 100, "2026-03-02");
  EXPECT_EQ(paid(trail), "100");
  pay(trail, "p2", "big", "refund", -10, "2026-04-01");
  EXPECT_EQ(paid(trail), "90");
  pay(trail, "p3", "big", "refund", 5, "2026-04-01");  // written above zero
  EXPECT_EQ(paid(trail), "85");
  sell(trail, "small", 20);
  pay(trail, "p4", "small", "sale", 20, "2026-03-03");
  sell(trail, "note", -30);  // of the only sale of at least 30
  EXPECT_EQ(paid(trail), "55 20");
  pay(trail, "p5", "note", "refund", -30, "2026-04-11");  // the same money once
  EXPECT_EQ(paid(trail), "55 20");
  EXPECT_EQ(problems(trail), "");
  sell(trail, "named", -1, "small");
  EXPECT_EQ(paid(trail), "55 19");
}

TEST(PaidSalesTest, ARefundOfNobodyKnowsWhatIsTold) {
  Trail trail{RUB};
  trail.put(Person{.id = "ann", .name = "Ann"});
  sell(trail, "one", 50);
  sell(trail, "two", 50);
  pay(trail, "p1", "one", "sale", 50, "2026-03-02");
  sell(trail, "note", -30);  // of one or two?
  EXPECT_EQ(paid(trail), "50");
  EXPECT_EQ(problems(trail), "refund_without_sale:note");
  trail.remove(Kind::deals, "note");
  pay(trail, "p2", "two", "refund", -30, "2026-03-02");
  EXPECT_EQ(problems(trail), "refund_without_payment:two");
  sell(trail, "claim", 1, "gone");
  pay(trail, "p3", "claim", "refund", -1, "2026-03-02");
  EXPECT_EQ(problems(trail), "no_sale:p3 refund_without_payment:two");
}

TEST(PaidSalesTest, WhatComesAfterTheTimeIsNotThere) {
  Trail trail{RUB};
  trail.put(Person{.id = "ann", .name = "Ann"});
  sell(trail, "big", 100);
  pay(trail, "p1", "big", "sale", 100, "2026-03-02");
  sell(trail, "note", -30);
  const Table made = journeys(trail, {.to = "paid", .as_of = utc("2026-04-09")}).table();
  EXPECT_EQ(made.minor_at(0, "value"), 10'000);
}

}  // namespace
}  // namespace dealtrail
