// Plans (BE.3): the table, slopes and limits, and the frontier.
#include "dealtrail/budget/plan.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/budget/allocate.hpp"
#include "dealtrail/core/error.hpp"

#include "budget/random_problems.hpp"
#include "support/refusal.hpp"

namespace dealtrail::budget {
namespace {

using dealtrail::testing::refusal_code;

std::vector<Channel> three() {
  return {{.name = "b", .curve = Curve::michaelis_menten(3e5, 5e4), .today = 40'000},
          {.name = "a", .curve = Curve::michaelis_menten(1e5, 2e4), .today = 30'000},
          {.name = "c", .curve = Curve::packages({{10'000, 25'000}}), .today = 0}};
}

TEST(PlanTest, TheTableHasARowPerChannelInTheGivenOrderAndATotal) {
  const Plan plan = allocate(three(), {.budget = 70'000, .currency = RUB});
  const Table table = plan.table();
  ASSERT_EQ(table.rows(), 4);
  EXPECT_EQ(table.text_at(0, "key"), "b");
  EXPECT_EQ(table.text_at(3, "key"), "(total)");
  EXPECT_EQ(table.minor_at(3, "today"), 7'000'000);
  EXPECT_EQ(table.minor_at(3, "proposed"), 7'000'000);
  EXPECT_EQ(table.minor_at(3, "change"), 0);
  EXPECT_EQ(table.minor_at(2, "proposed"), 1'000'000);
  EXPECT_EQ(table.real_at(2, "marginal_return"), std::nullopt);
  EXPECT_EQ(table.minor_at(0, "change"), *table.minor_at(0, "proposed") - 4'000'000);
  EXPECT_GT(*table.real_at(3, "response"), *table.real_at(3, "response_today"));
  EXPECT_EQ(table.meta("currency"), "RUB");
}

TEST(PlanTest, TheShadowPriceIsTheSlopeOfTheBestValue) {
  const Plan plan = allocate(three(), {.budget = 70'000});
  const Plan more = allocate(three(), {.budget = 70'100});
  const Plan less = allocate(three(), {.budget = 69'900});
  EXPECT_NEAR((more.value - less.value) / 200, plan.shadow_price.value(), 1e-5);
  ASSERT_EQ(plan.limits.size(), 1U);
  EXPECT_EQ(plan.limits[0].name, "(budget)");
  EXPECT_EQ(plan.limits[0].gain, plan.shadow_price);
}

TEST(PlanTest, ALimitSaysWhatMoreRoomBrings) {
  std::vector<Channel> channels = three();
  channels[0].most = 30'000;
  const Plan plan = allocate(channels, {.budget = 70'000});
  channels[0].most = 30'100;
  const Plan wider = allocate(channels, {.budget = 70'000});
  EXPECT_EQ(plan.rows[0].limit, "most");
  EXPECT_NEAR((wider.value - plan.value) / 100, plan.rows[0].limit_gain.value(), 0.01);

  const auto grouped = [](double most) {
    return allocate(three(), {.budget = 70'000, .groups = {{.name = "pair", .members = {"a", "b"}, .most = most}}});
  };
  const Plan pair = grouped(50'000);
  ASSERT_EQ(pair.limits.size(), 1U);
  EXPECT_EQ(pair.limits[0].name, "pair");
  EXPECT_NEAR((grouped(50'100).value - pair.value) / 100, pair.limits[0].gain, 0.01);
}

TEST(PlanTest, TheFrontierRisesAndEachRowIsABestPlan) {
  const Plan plan = allocate(three(), {.budget = 70'000});
  const Table table = frontier(plan, 15);
  ASSERT_EQ(table.rows(), 15);
  EXPECT_EQ(table.minor_at(0, "budget"), 0);
  EXPECT_EQ(table.minor_at(14, "budget"), 14'000'000);
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    const double budget = static_cast<double>(*table.minor_at(row, "budget")) / 100;
    const Plan one = allocate(three(), {.budget = budget});
    EXPECT_NEAR(*table.real_at(row, "value"), one.value, 2e-6 * one.value);
    EXPECT_GE(*table.real_at(row, "bound"), *table.real_at(row, "value"));
    const std::int64_t sum = *table.minor_at(row, "a") + *table.minor_at(row, "b") + *table.minor_at(row, "c");
    EXPECT_LE(sum, *table.minor_at(row, "budget"));
    if (row > 0) {
      EXPECT_GE(*table.real_at(row, "value"), *table.real_at(row - 1, "value"));
    }
  }
  EXPECT_EQ(refusal_code([&] { (void)frontier(plan, 0); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { (void)frontier(plan, 5, -1.0); }), ErrorCode::invalid_argument);
}

TEST(PlanTest, OnAnSCurveAChannelMayGetLessAsTheBudgetGrows) {
  const std::vector<Channel> channels{{.name = "s", .curve = Curve::hill(140, 75, 3)},
                                      {.name = "l", .curve = Curve::hill(70, 60, 1)}};
  const Table table = frontier(allocate(channels, {.budget = 100}), 60);
  bool less = false;
  for (std::int64_t row = 1; row < table.rows(); ++row)
    less = less || *table.minor_at(row, "l") < *table.minor_at(row - 1, "l");
  EXPECT_TRUE(less);
}

TEST(PlanTest, AFrontierOfAPlanWithoutMoneyHasBudgetsAndNestedMinimumsAreItsStart) {
  const auto budgets = [](const Plan& plan) {
    const Table table = frontier(plan, 3);
    return std::vector{*table.minor_at(0, "budget"), *table.minor_at(1, "budget"), *table.minor_at(2, "budget")};
  };
  // No money: twice what is spent today, else twice the money that halves the curves.
  EXPECT_EQ(budgets(allocate(three(), {.budget = 0})), (std::vector<std::int64_t>{0, 7'000'000, 14'000'000}));
  std::vector<Channel> channels = three();
  for (Channel& channel : channels) channel.today.reset();
  EXPECT_EQ(budgets(allocate(channels, {.budget = 0})), (std::vector<std::int64_t>{0, 8'000'000, 16'000'000}));
  channels[1].least = 10;
  const AllocateOptions options{.budget = 1'000,
                                .groups = {{.name = "inner", .members = {"b"}, .least = 200},
                                           {.name = "outer", .members = {"a", "b"}, .least = 100}}};
  EXPECT_EQ(budgets(allocate(channels, options))[0], 21'000);
}

}  // namespace
}  // namespace dealtrail::budget
