// Allocation (BE.2): published figures, traps, and random problems against dynamic programming.
#include "dealtrail/budget/allocate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/error.hpp"
#include "dealtrail/core/random.hpp"

#include "budget/random_problems.hpp"
#include "support/refusal.hpp"

namespace dealtrail::budget {
namespace {

using dealtrail::testing::refusal_code;
using dealtrail::testing::refusal_of;
using testing::between;
using testing::name_of;

double major(std::int64_t minor) { return static_cast<double>(minor) / 100; }

void expect_valid(const Plan& plan) {
  const Verification checked = plan.verify();
  EXPECT_TRUE(checked.valid) << checked.problem;
  std::int64_t sum = 0;
  for (const PlanRow& row : plan.rows) sum += row.proposed;
  EXPECT_EQ(sum, plan.spent);
}

std::vector<Channel> log_curves() {
  const auto curve = [](double alpha, double beta) {
    return Curve::log(beta, 1e-6).with_base(alpha + beta * std::log(1e-6));
  };
  return {{.name = "a", .curve = curve(-9453.72, 8256.21)},
          {.name = "b", .curve = curve(-8312.84, 7764.20)},
          {.name = "c", .curve = curve(-7371.33, 7953.36)}};
}
std::vector<Channel> traps() {
  return {{.name = "a", .curve = Curve::hill(70, 60, 1)},
          {.name = "b", .curve = Curve::hill(140, 75, 3)},
          {.name = "c", .curve = Curve::hill(50, 35, 3)},
          {.name = "d", .curve = Curve::hill(40, 45, 2)}};
}
std::vector<Channel> saturating(double scale = 1, double money = 1) {
  return {{.name = "a", .curve = Curve::michaelis_menten(3e5 * scale, 5e4 * money)},
          {.name = "b", .curve = Curve::michaelis_menten(1e5 * scale, 2e4 * money)},
          {.name = "c", .curve = Curve::michaelis_menten(2e5 * scale, 8e4 * money)}};
}

TEST(AllocateTest, LogCurvesHaveTheirClosedForm) {
  const Plan plan = allocate(log_curves(), {.budget = 100'000});
  EXPECT_NEAR(major(plan.rows[0].proposed), 34438.5134, 0.01);
  EXPECT_NEAR(major(plan.rows[1].proposed), 32386.2288, 0.01);
  EXPECT_NEAR(major(plan.rows[2].proposed), 33175.2578, 0.01);
  EXPECT_NEAR(plan.value, 224540.1500, 1e-3);
  EXPECT_NEAR(plan.shadow_price.value(), 0.2397377, 1e-7);
  EXPECT_EQ(plan.spent, 10'000'000);
  EXPECT_TRUE(plan.exact);
  expect_valid(plan);
}

TEST(AllocateTest, TheTrapOfSCurvesIsSolvedAndProvedAtTheRoot) {
  const Plan plan = allocate(traps(), {.budget = 100});
  EXPECT_NEAR(plan.value, 99.217776, 1e-6);
  EXPECT_NEAR(major(plan.rows[0].proposed), 5.3305, 0.006);
  EXPECT_NEAR(major(plan.rows[1].proposed), 94.6695, 0.006);
  EXPECT_EQ(plan.rows[2].proposed + plan.rows[3].proposed, 0);
  EXPECT_LE(plan.gap, 1e-6);
  EXPECT_EQ(plan.certificate.nodes.size(), 1U);
  EXPECT_NEAR(plan.certificate.nodes[0].prices[0], 0.98405, 1e-4);
  expect_valid(plan);
}

TEST(AllocateTest, SharesDoNotDependOnTheUnitsOfResponsesOrMoney) {
  for (const double scale : {1.0, 1e-5, 1e-9, 1e9}) {
    const Plan plan = allocate(saturating(scale), {.budget = 100'000});
    EXPECT_NEAR(major(plan.rows[0].proposed), 54255.98, 0.011);
    EXPECT_NEAR(major(plan.rows[1].proposed), 18068.90, 0.011);
    EXPECT_NEAR(major(plan.rows[2].proposed), 27675.12, 0.011);
    EXPECT_NEAR(plan.value / scale, 254991.894, 1e-3);
    expect_valid(plan);
  }
  const Plan one = allocate(saturating(1, 1e3), {.budget = 1e8});
  for (const double money : {1e-5, 1.0, 1e9}) {
    const Plan plan = allocate(saturating(1, money), {.budget = 1e5 * money});
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(static_cast<double>(plan.rows[i].proposed) / money, static_cast<double>(one.rows[i].proposed) / 1e3,
                  1.0 / money + 0.01);
    }
  }
}

TEST(AllocateTest, EveryGoalMeetsItsTarget) {
  const Plan least = allocate(saturating(), {.response = 200'000});
  EXPECT_GE(least.response, 200'000 * (1 - 1e-11));
  EXPECT_EQ(least.spent, static_cast<std::int64_t>(std::llround(least.bound * 100)));
  const Plan same = allocate(saturating(), {.budget = major(least.spent)});
  EXPECT_NEAR(same.value, 200'000, 0.1);

  const Plan cpa = allocate(saturating(), {.cpa = 0.3});
  EXPECT_LE(major(cpa.spent) / cpa.response, 0.3 * (1 + 1e-10));
  EXPECT_GE(major(cpa.spent) / cpa.response, 0.3 * (1 - 1e-6));

  const Plan roi = allocate(saturating(), {.roi = 1.0, .value = 1.0});
  EXPECT_NEAR((roi.response - major(roi.spent)) / major(roi.spent), 1.0, 1e-6);

  const Plan marginal = allocate(saturating(), {.marginal_roi = 0.5, .value = 1.0});
  for (const PlanRow& row : marginal.rows) EXPECT_NEAR(row.marginal_return.value(), 1.5, 1e-6);
  EXPECT_NEAR(major(marginal.rows[0].proposed), 5e4, 0.01);
  const Plan capped = allocate(saturating(), {.budget = 50'000, .marginal_roi = 0.5, .value = 1.0});
  EXPECT_EQ(capped.left, 0);
  for (const Plan& plan : {least, cpa, roi, marginal, capped}) expect_valid(plan);
}

// Corners, packages and limits in whole units: the grid of whole units has a best plan.
TEST(AllocateTest, ProblemsOfCornersAndPackagesEqualDynamicProgramming) {
  Random random{11};
  for (int trial = 0; trial < 900; ++trial) {
    std::vector<Channel> channels;
    const auto n = static_cast<std::size_t>(random.uniform_int(1, 6));
    for (std::size_t i = 0; i < n; ++i) {
      Channel channel{.name = name_of(i), .curve = testing::corner_curve(random)};
      const bool packages = channel.curve.kind() == CurveKind::packages;
      if (!packages && random.chance(0.2)) channel.least = static_cast<double>(random.uniform_int(0, 3));
      if (!packages && random.chance(0.3)) channel.most = static_cast<double>(random.uniform_int(4, 20));
      if (!packages && random.chance(0.2)) channel.least_if_used = static_cast<double>(random.uniform_int(2, 4));
      if (channel.least > 0.0 && channel.least_if_used.has_value()) channel.least.reset();
      channels.push_back(std::move(channel));
    }
    const int budget = static_cast<int>(random.uniform_int(18, 40));
    const double expected = testing::best_on_grid(channels, budget, 1);
    const Plan plan = allocate(channels, {.budget = budget, .gap = 0});
    ASSERT_NEAR(plan.value, expected, 1e-9 * expected + 1e-12) << trial;
    ASSERT_LE(plan.gap, 1e-9) << trial;
    expect_valid(plan);
  }
}

TEST(AllocateTest, SmoothProblemsAreNeverBelowAGridAndProveIt) {
  Random random{12};
  for (int trial = 0; trial < 900; ++trial) {
    std::vector<Channel> channels;
    const auto n = static_cast<std::size_t>(random.uniform_int(1, 6));
    for (std::size_t i = 0; i < n; ++i) {
      Channel channel{.name = name_of(i),
                      .curve = random.chance(0.8) ? testing::smooth_curve(random) : testing::corner_curve(random)};
      if (channel.curve.kind() != CurveKind::packages && random.chance(0.2))
        channel.least_if_used = static_cast<double>(random.uniform_int(3, 12));
      channels.push_back(std::move(channel));
    }
    const int budget = static_cast<int>(random.uniform_int(20, 150));
    const double grid = testing::best_on_grid(channels, budget, 1);
    const Plan plan = allocate(channels, {.budget = budget * 1e6 / 1e6});
    ASSERT_GE(plan.value, grid * (1 - 2e-6)) << trial;
    ASSERT_GE(plan.bound, grid * (1 - 1e-12)) << trial;
    ASSERT_LE(plan.gap, 2e-5) << trial;  // amounts of 1 to 100 have 100 to 10 000 minor units
    expect_valid(plan);
  }
}

TEST(AllocateTest, LeastBudgetsEqualDynamicProgramming) {
  Random random{13};
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<Channel> channels;
    const auto n = static_cast<std::size_t>(random.uniform_int(1, 4));
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<CurvePoint> packages;
      for (std::int64_t k = random.uniform_int(1, 3); k > 0; --k)
        packages.push_back(
            {static_cast<double>(packages.size() * 10 + 1) + static_cast<double>(random.uniform_int(0, 8)),
             between(random, 1, 20)});
      channels.push_back({.name = name_of(i), .curve = Curve::packages(packages)});
    }
    const double response = between(random, 1, 0.9 * testing::best_on_grid(channels, 200, 1) + 1);
    const double expected = testing::least_on_grid(channels, 200, 1, response);
    if (std::isinf(expected)) continue;
    const Plan plan = allocate(channels, {.response = response, .gap = 0});
    ASSERT_DOUBLE_EQ(plan.value, expected) << trial;
    ASSERT_EQ(plan.gap, 0) << trial;
    expect_valid(plan);
  }
}

TEST(AllocateTest, ConcaveProblemsCloseToABillionth) {
  Random random{14};
  for (int trial = 0; trial < 500; ++trial) {
    std::vector<Channel> channels;
    const auto n = static_cast<std::size_t>(random.uniform_int(1, 40));
    for (std::size_t i = 0; i < n; ++i) {
      Channel channel{.name = name_of(i), .curve = testing::concave_curve(random, 1'000)};
      // Infinite slopes at 0 want less than a minor unit of some channels.
      while (!std::isfinite(channel.curve.slope(0))) channel.curve = testing::concave_curve(random, 1'000);
      if (random.chance(0.2)) channel.least = between(random, 0, 10'000);
      if (random.chance(0.2)) channel.most = between(random, 10'000, 500'000);
      channels.push_back(std::move(channel));
    }
    const Plan plan = allocate(channels, {.budget = between(random, 500'000, 10'000'000)});
    ASSERT_LE(plan.gap, 1e-9) << trial;
    ASSERT_EQ(plan.certificate.nodes.size(), 1U);
    expect_valid(plan);
  }
}

// Groups against a grid: nested, with lower and upper limits.
TEST(AllocateTest, NestedGroupsAreNeverBelowAGridAndProveIt) {
  Random random{15};
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<Channel> channels;
    for (std::size_t i = 0; i < 4; ++i)
      channels.push_back(
          {.name = name_of(i),
           .curve = random.chance(0.6) ? testing::concave_curve(random) : testing::smooth_curve(random)});
    const int budget = static_cast<int>(random.uniform_int(10, 30));
    const auto number = [&](std::int64_t least, std::int64_t most) {
      return static_cast<int>(random.uniform_int(least, most));
    };
    const int inner_most = number(2, budget);
    const int inner_least = random.chance(0.5) ? number(0, inner_most) : 0;
    const int outer_most = number(inner_least, budget);
    const int outer_least = random.chance(0.5) ? number(0, outer_most) : 0;
    const Group outer{"outer", {name_of(0), name_of(1), name_of(2)}, outer_least, outer_most};
    const Group inner{"inner", {name_of(0), name_of(1)}, inner_least, inner_most};
    const Plan plan = allocate(channels, {.budget = budget, .groups = {inner, outer}});
    double grid = 0;
    for (int a = 0; a <= inner_most; ++a) {
      for (int b = std::max(0, inner_least - a); a + b <= inner_most; ++b) {
        for (int c = std::max(0, outer_least - a - b); a + b + c <= outer_most; ++c) {
          grid = std::max(grid, channels[0].curve.value(a) + channels[1].curve.value(b) + channels[2].curve.value(c) +
                                    channels[3].curve.value(budget - a - b - c));
        }
      }
    }
    ASSERT_GE(plan.value, grid * (1 - 1e-5)) << trial;
    ASSERT_GE(plan.bound, grid * (1 - 1e-12)) << trial;
    ASSERT_LE(plan.gap, 2e-4) << trial;  // minor units are coarse here
    expect_valid(plan);
  }
}

TEST(AllocateTest, TheOrderOfTheChannelsChangesNothing) {
  Random random{16};
  for (int trial = 0; trial < 30; ++trial) {
    std::vector<Channel> channels;
    for (std::size_t i = 0; i < 12; ++i)
      channels.push_back({.name = name_of(i), .curve = testing::smooth_curve(random)});
    const Plan plan = allocate(channels, {.budget = 300});
    std::vector<Channel> shuffled = channels;
    random.shuffle(shuffled);
    const Plan other = allocate(shuffled, {.budget = 300});
    EXPECT_EQ(plan.value, other.value);
    EXPECT_EQ(plan.certificate.spend, other.certificate.spend);
  }
}

TEST(AllocateTest, AlikeChannelsAreOrderedAndDoNotExplodeTheSearch) {
  std::vector<Channel> channels;
  for (std::size_t i = 0; i < 60; ++i) channels.push_back({.name = name_of(i), .curve = Curve::hill(100, 50, 3)});
  const Plan plan = allocate(channels, {.budget = 1'010, .node_limit = 2'000});
  EXPECT_TRUE(plan.certificate.problem.in_order);
  EXPECT_LE(plan.gap, 1e-6);
  expect_valid(plan);
}

TEST(AllocateTest, APlanIsNeverWorseThanTodays) {
  Random random{17};
  for (int trial = 0; trial < 100; ++trial) {
    std::vector<Channel> channels;
    double spent = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      channels.push_back({.name = name_of(i), .curve = testing::smooth_curve(random)});
      channels.back().today = static_cast<double>(random.uniform_int(0, 4'000)) / 100;
      spent += *channels.back().today;
    }
    const Plan plan = allocate(channels, {.budget = spent, .node_limit = 1});
    EXPECT_GE(plan.value, plan.response_today.value() * (1 - 1e-15));
    expect_valid(plan);
  }
}

TEST(AllocateTest, MoneyThatBringsNothingIsLeft) {
  const Plan flat = allocate(std::vector<Channel>{{.name = "a", .curve = Curve::linear(0)}}, {.budget = 100});
  EXPECT_EQ(flat.spent, 0);
  EXPECT_EQ(flat.left, 10'000);
  EXPECT_EQ(flat.shadow_price, 0);
  expect_valid(flat);
  const Plan full =
      allocate(std::vector<Channel>{{.name = "a", .curve = Curve::piecewise({{10, 5}})}}, {.budget = 100});
  EXPECT_EQ(full.spent, 1'000);
  EXPECT_EQ(full.left, 9'000);
  const Plan none = allocate(std::vector<Channel>{{.name = "a", .curve = Curve::log(1, 1)}}, {.budget = 0});
  EXPECT_EQ(none.spent, 0);
  EXPECT_EQ(none.value, 0);
  expect_valid(none);
}

TEST(AllocateTest, LimitsAreKeptAndExplained) {
  std::vector<Channel> channels = saturating();
  channels[0].most = 20'000;
  channels[1].today = 10'000;
  channels[1].least_of_today = 2.5;
  channels[1].most_of_today = 3;
  channels[2].fixed = 5'000;
  const Plan plan = allocate(channels, {.budget = 60'000});
  EXPECT_EQ(plan.rows[0].limit, "most");
  EXPECT_GT(plan.rows[0].limit_gain.value(), 0);
  EXPECT_EQ(plan.rows[1].proposed, 3'000'000);
  EXPECT_EQ(plan.rows[2].limit, "fixed");
  EXPECT_EQ(plan.rows[2].proposed, 500'000);
  EXPECT_EQ(plan.left, 500'000);
  expect_valid(plan);
}

TEST(AllocateTest, BadInputIsRefusedWithTheRow) {
  const auto code = [](std::vector<Channel> channels, const AllocateOptions& options) {
    return refusal_code([&] { (void)allocate(channels, options); });
  };
  const std::vector<Channel> good = saturating();
  EXPECT_EQ(code({}, {.budget = 1}), ErrorCode::invalid_argument);
  EXPECT_EQ(code(good, {}), ErrorCode::invalid_argument);
  EXPECT_EQ(code(good, {.budget = 1, .response = 1}), ErrorCode::invalid_argument);
  EXPECT_EQ(code(good, {.response = 1, .cpa = 1}), ErrorCode::invalid_argument);
  EXPECT_EQ(code(good, {.roi = 1}), ErrorCode::invalid_argument);
  for (const double bad : {-1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
    EXPECT_EQ(code(good, {.budget = bad}), ErrorCode::invalid_argument);
  EXPECT_EQ(code(good, {.budget = 1e30}), ErrorCode::overflow);
  EXPECT_EQ(code(good, {.cpa = 0}), ErrorCode::invalid_argument);
  EXPECT_EQ(code(good, {.budget = 1, .groups = {{.name = "g", .members = {"nobody"}}}}), ErrorCode::unknown_name);
  EXPECT_EQ(
      code(good, {.budget = 1, .groups = {{.name = "g", .members = {"a", "b"}}, {.name = "h", .members = {"b", "c"}}}}),
      ErrorCode::invalid_argument);
  std::vector<Channel> foreign = good;
  foreign[1].currency = USD;
  const Error other = refusal_of([&] { (void)allocate(foreign, {.budget = 1, .currency = RUB}); });
  EXPECT_EQ(other.code(), ErrorCode::currency_mismatch);
  EXPECT_EQ(other.where().row, 1);
  std::vector<Channel> twice = good;
  twice[2].name = "a";
  const Error duplicate = refusal_of([&] { (void)allocate(twice, {.budget = 1}); });
  EXPECT_EQ(duplicate.where().row, 2);
  EXPECT_NE(std::string{duplicate.what()}.find("'a'"), std::string::npos);
}

TEST(AllocateTest, ConflictsSayWhichLimitsAndByHowMuch) {
  const auto text = [](std::vector<Channel> channels, const AllocateOptions& options) {
    return std::string{refusal_of([&] { (void)allocate(channels, options); }).what()};
  };
  std::vector<Channel> channels = saturating();
  channels[0].least = 70;
  channels[1].least = 50;
  EXPECT_NE(text(channels, {.budget = 100}).find("20.00 below the minimums (b 50.00, a 70.00)"), std::string::npos)
      << text(channels, {.budget = 100});
  channels[1].most = 40;
  EXPECT_NE(text(channels, {.budget = 1'000}).find("'b' conflict: at least 50.00, at most 40.00, 10.00"),
            std::string::npos);
  channels[1].most.reset();
  const AllocateOptions grouped{.budget = 1'000, .groups = {{.name = "g", .members = {"a", "b"}, .most = 100}}};
  EXPECT_NE(text(channels, grouped).find("'g' has at most 100.00, its members need 120.00, 20.00 more"),
            std::string::npos);
  EXPECT_NE(text(saturating(), {.response = 1e6}).find("cannot be reached"), std::string::npos);
  EXPECT_NE(text(saturating(), {.cpa = 0.01}).find("the least one is 0.1666"), std::string::npos)
      << text(saturating(), {.cpa = 0.01});
  EXPECT_NE(text({{.name = "s", .curve = Curve::hill(100, 50, 3)}}, {.cpa = 0.5}).find("the least one is 0.94"),
            std::string::npos)
      << text({{.name = "s", .curve = Curve::hill(100, 50, 3)}}, {.cpa = 0.5});
  EXPECT_NE(text({{.name = "l", .curve = Curve::linear(2)}}, {.cpa = 1}).find("'l' reaches the target with any"),
            std::string::npos);
}

TEST(AllocateTest, ASearchThatIsStoppedStatesTheGapThatIsProved) {
  Random random{18};
  std::vector<Channel> channels;
  for (std::size_t i = 0; i < 40; ++i)
    channels.push_back({.name = name_of(i),
                        .curve = Curve::packages({{between(random, 1'000, 1'010), 1'000 + between(random, 0, 1)}})});
  for (Channel& channel : channels) {
    const CurvePoint point = channel.curve.points()[1];
    channel.curve = Curve::packages({{std::round(point.money * 100) / 100, point.response}});
  }
  const Plan plan = allocate(channels, {.budget = 10'500, .gap = 0, .stop = [] { return true; }});
  EXPECT_GT(plan.gap, 0);
  EXPECT_FALSE(plan.exact);
  EXPECT_GE(plan.bound, plan.value);
  expect_valid(plan);
}

TEST(AllocateTest, ARefusedReturnIsTheOneThatWasGiven) {
  const auto text = [](const AllocateOptions& options) {
    return std::string{refusal_of([&] { (void)allocate(saturating(), options); }).what()};
  };
  EXPECT_NE(text({.roi = -2.0, .value = 1.0}).find("found -2.0"), std::string::npos);
  EXPECT_NE(text({.marginal_roi = -1.5, .value = 1.0}).find("found -1.5"), std::string::npos);
  EXPECT_NE(text({.roi = 50.0, .value = 1.0}).find("the ROI 50.000000: the greatest one is 5.0"), std::string::npos)
      << text({.roi = 50.0, .value = 1.0});
}

TEST(AllocateTest, TodaysMoneyBetweenTwoPackagesBuysTheOneBelow) {
  const std::vector<Channel> channels{{.name = "expo", .curve = Curve::packages({{10, 5}, {50, 9}}), .today = 12},
                                      {.name = "log", .curve = Curve::log(1, 10), .today = 3}};
  const Plan plan = allocate(channels, {.budget = 15, .stop = [] { return true; }});
  EXPECT_GE(plan.response, *plan.response_today);
  expect_valid(plan);
}

TEST(AllocateTest, ABudgetFarAboveAllCurvesIsDividedAsTheirTailsAsk) {
  // Far out a Michaelis-Menten curve falls as scale * half / money^2: money by the square root of scale * half.
  const std::vector<double> roots{std::sqrt(3e5 * 5e4), std::sqrt(1e5 * 2e4), std::sqrt(2e5 * 8e4)};
  for (const double budget : {1e9, 1e12, 1e15}) {
    const Plan plan = allocate(saturating(), {.budget = budget});
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(major(plan.rows[i].proposed) / budget, roots[i] / (roots[0] + roots[1] + roots[2]),
                  1e5 / budget + 1e-6)
          << budget << ' ' << i;
    }
    expect_valid(plan);
  }
  // Money beyond all maximums is left, however much it is.
  std::vector<Channel> limited = saturating();
  for (Channel& channel : limited) channel.most = 1'000;
  const Plan plan = allocate(limited, {.budget = 9e15});
  EXPECT_EQ(plan.spent, 300'000);
  EXPECT_EQ(plan.shadow_price, 0);
  expect_valid(plan);
}

TEST(AllocateTest, MoneyThatNoDigitOfTheResponseShowsIsLeft) {
  const std::vector<Channel> channels{{.name = "a", .curve = Curve::exponential(100, 50)},
                                      {.name = "b", .curve = Curve::tanh(200, 30)},
                                      {.name = "c", .curve = Curve::logistic(10, 500)}};
  const Plan plan = allocate(channels, {.budget = 1e5});
  for (const double budget : {1e6, 1e9, 1e12}) {
    const Plan large = allocate(channels, {.budget = budget});
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(large.rows[i].proposed, plan.rows[i].proposed) << budget;
    EXPECT_EQ(large.shadow_price, 0);
    EXPECT_EQ(large.value, 310);
    expect_valid(large);
  }
  EXPECT_LT(plan.spent, 100'000'00);
  // A group that has to be given money gets it.
  const Plan forced =
      allocate(channels, {.budget = 1e6, .groups = {{.name = "g", .members = {"a", "b"}, .least = 5e5}}});
  EXPECT_GE(forced.rows[0].proposed + forced.rows[1].proposed, 50'000'000);
}

}  // namespace
}  // namespace dealtrail::budget
