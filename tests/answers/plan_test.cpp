// Plans of a Trail (BE.8): fit, verdict and allocation in one call, with the states of channels respected.
#include "dealtrail/answers/plan.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

#include "support/facts.hpp"
#include "support/refusal.hpp"

namespace dealtrail {
namespace {

using testing::refusal_of;
using testing::utc;

std::string month(int number) {
  const int year = 2025 + number / 12;
  const int of_year = number % 12 + 1;
  return std::to_string(year) + (of_year < 10 ? "-0" : "-") + std::to_string(of_year);
}

// A year of monthly events; each channel has an announcement for each, of varying cost. Guests grow as cost^0.6.
Trail history(int months = 14) {
  Trail trail{RUB};
  Random random{11};
  const std::vector<std::pair<std::string, double>> channels{
      {"portal", 0.20}, {"letters", 0.12}, {"radio", 0.05}, {"old", 0.15}, {"new", 0.20}};
  for (const auto& [id, scale] : channels)
    trail.put(Channel{.id = id, .name = id, .state = id == "old" ? "archived" : id == "new" ? "test" : "working"});
  trail.put(Channel{.id = "own", .name = "Our letters", .paid = "own"});
  for (int m = 0; m < months; ++m) {
    const std::string event = "event " + month(m);
    trail.put(Event{.id = event, .name = event, .starts_at = utc(month(m) + "-20")});
    for (const auto& [channel, scale] : channels) {
      const std::string id = channel + " " + month(m);
      const std::int64_t cost = 2'000 + random.uniform_int(0, 30) * 1'000;
      trail.put(Announcement{.id = id, .channel = channel, .event = event, .published_at = utc(month(m) + "-02")});
      trail.put(Invoice{.id = id, .amount = testing::rub(cost), .issued_at = utc(month(m) + "-02")});
      trail.put(InvoiceLine{.id = id, .invoice = id, .announcement = id});
      const double mean = scale * std::pow(static_cast<double>(cost), 0.6);
      const std::int64_t guests = std::llround(mean + std::sqrt(mean) * (random.uniform_real() - 0.5));
      for (std::int64_t g = 0; g < guests; ++g) {
        const std::string guest = id + " " + std::to_string(g);
        trail.put(Registration{.id = guest, .event = event, .announcement = id, .at = utc(month(m) + "-03")});
        trail.put(Attendance{.id = guest, .registration = guest, .at = utc(month(m) + "-20T10:00")});
      }
    }
  }
  // The day after: the last event is over.
  trail.put(Touch{.id = "later", .at = utc(month(months - 1) + "-21"), .kind = "visit"});
  return trail;
}

const budget::PlanRow& row_of(const TrailPlan& made, const std::string& key) {
  for (const budget::PlanRow& row : made.plan.rows) {
    if (row.name == key) return row;
  }
  ADD_FAILURE() << "no row " << key;
  return made.plan.rows.front();
}

TEST(PlanTest, ABudgetIsDividedByWhatChannelsBroughtAndTheirStates) {
  const Trail trail = history();
  const TrailPlan made = plan(trail, {.budget = 60'000});
  EXPECT_TRUE(made.plan.verify().valid);
  EXPECT_LE(made.plan.spent, 6'000'000);
  EXPECT_EQ(row_of(made, "old").proposed, 0);
  EXPECT_EQ(row_of(made, "old").why.find("archived: nothing more"), 0U);
  EXPECT_EQ(row_of(made, "new").why.find("on trial: at most one more placement of"), 0U);
  EXPECT_LE(row_of(made, "new").proposed, 3'200'000);
  EXPECT_GT(row_of(made, "portal").proposed, row_of(made, "letters").proposed);
  EXPECT_GT(row_of(made, "portal").proposed, row_of(made, "radio").proposed);
  for (const budget::PlanRow& row : made.plan.rows) {
    EXPECT_FALSE(row.why.empty());
    EXPECT_GT(row.today.value_or(0), 0);
  }
  const Table table = made.plan.table();
  EXPECT_EQ(table.text_at(0, "why"), made.plan.rows[0].why);
  for (const budget::FittedCurve& curve : made.fit.rows) {
    EXPECT_NEAR(curve.elasticity.value_or(0.6), 0.6, 0.15) << curve.key;
  }
  // Today's money of a channel is what an average month of the history cost.
  std::int64_t spend = 0;
  for (const budget::FittedCurve& curve : made.fit.rows) {
    if (curve.key == "portal") spend = curve.spend_minor;
  }
  EXPECT_EQ(row_of(made, "portal").today, spend / 14);
}

TEST(PlanTest, AnEventGetsTheLeastMoneyThatBringsWhatIsMissing) {
  Trail trail = history();
  trail.put(Event{.id = "next", .name = "Next", .starts_at = utc("2026-03-20"), .goal_attended = 80});
  trail.put(Announcement{.id = "a", .channel = "radio", .event = "next", .published_at = utc("2026-02-22")});
  trail.put(Invoice{.id = "a", .amount = testing::rub(5'000), .issued_at = utc("2026-02-22")});
  trail.put(InvoiceLine{.id = "a", .invoice = "a", .announcement = "a"});
  for (int i = 0; i < 4; ++i)
    trail.put(
        Registration{.id = "n" + std::to_string(i), .event = "next", .announcement = "a", .at = utc("2026-02-23")});
  const TrailPlan made = plan(trail, {.event = "next"});
  EXPECT_EQ(made.goal, 80);
  ASSERT_TRUE(made.expected.has_value());
  EXPECT_LT(*made.expected, 80);
  EXPECT_TRUE(made.plan.verify().valid);
  EXPECT_EQ(row_of(made, "radio").today, 500'000);
  EXPECT_GE(row_of(made, "radio").proposed, 500'000);
  EXPECT_NEAR(made.plan.response - *made.plan.response_today, 80 - *made.expected, 0.01);
  // More money than the least brings more.
  const TrailPlan rich = plan(trail, {.budget = 40'000, .event = "next"});
  EXPECT_LE(rich.plan.spent, 4'500'000);
  const TrailPlan easy = plan(trail, {.event = "next", .goal = 4, .metric = "registrations"});
  EXPECT_EQ(easy.plan.spent, 500'000);
}

TEST(PlanTest, WhatCannotBePlannedIsSaid) {
  Trail trail = history();
  const auto text = [&](const PlanOptions& options) {
    return std::string{refusal_of([&] { (void)plan(trail, options); }).what()};
  };
  EXPECT_NE(text({}).find("expected a budget or an event"), std::string::npos);
  EXPECT_NE(text({.budget = 1, .goal = 3}).find("a goal is that of an event"), std::string::npos);
  EXPECT_NE(text({.event = "event 2025-03"}).find("the event has begun"), std::string::npos);
  trail.put(Event{.id = "next", .name = "Next", .starts_at = utc("2026-03-20"), .capacity = 0});
  EXPECT_NE(text({.event = "next"}).find("has no goal of attended"), std::string::npos);
  EXPECT_NE(text({.event = "next", .goal = 10}).find("the event is full"), std::string::npos);
  trail.put(Event{.id = "next", .name = "Next", .starts_at = utc("2026-03-20")});
  EXPECT_NE(text({.event = "next", .goal = 1e6}).find("the channels bring at most"), std::string::npos);
  EXPECT_NE(text({.budget = 100, .metric = "colour"}).find("no results of placements"), std::string::npos);
  EXPECT_EQ(refusal_of([&] { (void)plan(trail, {.event = "nobody"}); }).code(), ErrorCode::unknown_name);
  const Trail empty{RUB};
  EXPECT_EQ(refusal_of([&] { (void)plan(empty, {.budget = 5}); }).code(), ErrorCode::invalid_argument);
  // A channel without a curve is listed, not planned.
  trail.put(Channel{.id = "expo", .name = "Expo"});
  trail.put(Announcement{.id = "x", .channel = "expo", .event = "event 2025-05", .published_at = utc("2025-05-02")});
  const TrailPlan made = plan(trail, {.budget = 60'000});
  ASSERT_EQ(made.unplanned.size(), 1U);
  EXPECT_EQ(made.unplanned[0].key, "expo");
  EXPECT_FALSE(made.unplanned[0].reason.empty());
  EXPECT_EQ(made.unplanned_table().rows(), 1);
}

}  // namespace
}  // namespace dealtrail
