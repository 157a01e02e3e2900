// Payback against a slow walk over days, rates of return against polynomials of known roots.
#include "dealtrail/finance/payback.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/detail/civil.hpp"

#include "support/refusal.hpp"

namespace dealtrail::finance {
namespace {

using dealtrail::testing::refusal_code;

constexpr std::int64_t day_of(int year, unsigned month, unsigned day) {
  return dealtrail::detail::days_from_civil(year, month, day);
}

TEST(Payback, AnOutlayThatComesBackInThreeMonths) {
  const std::vector<Flow> flows{
      {day_of(2026, 4, 30), 6'000}, {day_of(2026, 1, 31), -10'000}, {day_of(2026, 3, 1), 6'000}};
  const Payback found = payback(flows, {.currency = RUB});
  EXPECT_EQ(found.at, day_of(2026, 4, 30));
  EXPECT_EQ(found.months, 3);  // 31 January and three months is 30 April
  EXPECT_EQ(found.reason, "");
  ASSERT_EQ(found.rates.size(), 1U);
  const Table table = found.table();
  ASSERT_EQ(table.rows(), 3);
  EXPECT_EQ(table.text_at(1, "at"), "2026-03-01");
  EXPECT_EQ(table.money_at(1, "running"), (Money{-4'000, RUB}));
}

TEST(Payback, SeveralRatesOfReturnAreSaid) {
  const std::vector<Flow> flows{{0, -10'000}, {365, 23'000}, {730, -13'200}};
  const Payback found = payback(flows);
  ASSERT_EQ(found.rates.size(), 2U);
  EXPECT_NEAR(found.rates[0], 0.10, 1e-10);
  EXPECT_NEAR(found.rates[1], 0.20, 1e-10);
  EXPECT_EQ(found.rates_reason, "2 rates of return exist: the flows change sign 2 times");
  EXPECT_EQ(found.at, 365);
  EXPECT_EQ(found.reason, "the running sum is below zero again from 1972-01-01");
}

TEST(Payback, EachReasonWhyThereIsNone) {
  EXPECT_EQ(payback({}).reason, "there are no flows");
  const std::vector<Flow> outlay{{0, -5}, {10, 4}};
  EXPECT_EQ(payback(outlay).reason, "not within the flows");
  EXPECT_EQ(payback(outlay).at, std::nullopt);
  EXPECT_EQ(payback(outlay).months, std::nullopt);
  const std::vector<Flow> income{{0, 5}, {10, -4}};
  EXPECT_EQ(payback(income).reason, "the running sum is never below zero");
  const std::vector<Flow> costs{{0, -5}, {10, -4}};
  EXPECT_EQ(payback(costs).rates_reason, "the flows do not change sign");
  EXPECT_EQ(payback(costs).summary().real_at(0, "rate"), std::nullopt);
  std::vector<Flow> waves;
  for (std::int64_t i = 0; i < 20; ++i) waves.push_back({i * 30, i % 2 == 0 ? -100 - i : 100});
  EXPECT_TRUE(payback(waves).rates.empty());
  EXPECT_EQ(payback(waves).rates_reason,
            "the flows change sign 19 times: that many rates may exist, and none is given");
  // (1 + rate)^2 - (1 + rate) + 1 has no real root.
  const std::vector<Flow> never{{0, 100}, {365, -100}, {730, 100}};
  EXPECT_EQ(payback(never).rates_reason, "no rate makes the flows worth nothing");
  // (1.5 - x)^2: a root that touches zero and does not cross it.
  const std::vector<Flow> touching{{0, 100}, {365, -300}, {730, 225}};
  ASSERT_EQ(payback(touching).rates.size(), 1U);
  EXPECT_NEAR(payback(touching).rates[0], 0.5, 1e-6);
}

TEST(Payback, RefusesWhatCannotBe) {
  const std::vector<Flow> flows{{0, -5}, {10, 6}};
  for (const double discount : {-0.1, 10.0, std::nan("")})
    EXPECT_EQ(refusal_code([&] { (void)payback(flows, {.discount = discount}); }), ErrorCode::invalid_argument);
  const std::vector<Flow> far{{std::int64_t{1} << 40, 1}};
  EXPECT_EQ(refusal_code([&] { (void)payback(far); }), ErrorCode::invalid_argument);
  const std::vector<Flow> large{{0, std::int64_t{1} << 62}, {0, std::int64_t{1} << 62}};
  EXPECT_EQ(refusal_code([&] { (void)payback(large); }), ErrorCode::overflow);
  const std::vector<Flow> later{{0, std::int64_t{1} << 62}, {1, std::int64_t{1} << 62}};
  EXPECT_EQ(refusal_code([&] { (void)payback(later); }), ErrorCode::overflow);
}

// Every day from the first to the last, one after another.
struct SlowPayback {
  std::optional<std::int64_t> at{};
  std::int64_t months = 0;
  std::int64_t end = 0;
};
SlowPayback slow_payback(const std::vector<Flow>& flows, double discount) {
  SlowPayback found;
  std::int64_t first = flows[0].day;
  std::int64_t last = flows[0].day;
  for (const Flow& one : flows) {
    first = std::min(first, one.day);
    last = std::max(last, one.day);
  }
  bool below = false;
  for (std::int64_t day = first; day <= last; ++day) {
    std::int64_t flow = 0;
    for (const Flow& one : flows) flow += one.day == day ? one.minor : 0;
    const double worth = static_cast<double>(flow) / std::pow(1 + discount, static_cast<double>(day - first) / 365);
    found.end += std::llrint(worth);
    if (found.end < 0) below = true;
    if (below && found.end >= 0 && !found.at) found.at = day;
  }
  if (!found.at) return found;
  for (;; ++found.months) {  // the first month that reaches the day
    const auto civil = dealtrail::detail::civil_from_days(first);
    const std::int64_t month = civil.year * 12 + static_cast<std::int64_t>(civil.month) - 1 + found.months;
    const auto of_year = static_cast<unsigned>(month % 12) + 1;
    unsigned day = static_cast<unsigned>(civil.day);
    while (day > static_cast<unsigned>(dealtrail::detail::days_in_month(month / 12, of_year))) --day;
    if (dealtrail::detail::days_from_civil(month / 12, of_year, day) >= *found.at) return found;
  }
}

TEST(Payback, EqualsAWalkOverDays) {
  std::mt19937_64 random{18};
  const auto draw = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  int paid_back = 0;
  for (int round = 0; round < 3'000; ++round) {
    const std::int64_t first = draw(20'000, 20'400);
    const double discount = round % 3 == 0 ? 0 : static_cast<double>(draw(1, 99)) / 100;
    std::vector<Flow> flows{{first, -draw(1, 100'000)}};
    for (std::int64_t i = draw(0, 15); i > 0; --i) {
      const std::int64_t day = first + draw(0, 500);
      flows.push_back({day, draw(-20'000, 30'000)});
    }
    std::shuffle(flows.begin(), flows.end(), random);
    const Payback found = payback(flows, {.discount = discount});
    const SlowPayback slow = slow_payback(flows, discount);
    ASSERT_EQ(found.at, slow.at) << round;
    ASSERT_EQ(found.days.back().running_discounted, slow.end) << round;
    ASSERT_EQ(found.at.has_value(), found.months.has_value());
    if (found.at) {
      ASSERT_EQ(*found.months, slow.months) << round;
      ++paid_back;
    }
    if (discount == 0) {
      ASSERT_EQ(found.days.back().running, found.days.back().running_discounted);
    }
  }
  EXPECT_GT(paid_back, 1'000);
}

TEST(Payback, FindsEveryRateOfPolynomialsOfKnownRoots) {
  std::mt19937_64 random{19};
  for (int round = 0; round < 2'000; ++round) {
    const std::size_t count = 1 + random() % 4;
    std::vector<double> rates;  // apart by 0.1 and more, from -40 %
    double rate = -0.5;
    for (std::size_t i = 0; i < count; ++i) {
      rate += 0.1 + static_cast<double>(random() % 40) / 100;
      rates.push_back(rate);
    }
    std::vector<double> factors{-1e15};  // times (1 - (1 + rate) v), v = 1 / (1 + r) for a year
    for (const double one : rates) {
      factors.push_back(0);
      for (std::size_t i = factors.size() - 1; i > 0; --i) factors[i] -= factors[i - 1] * (1 + one);
    }
    std::vector<Flow> flows;
    for (std::size_t i = 0; i < factors.size(); ++i)
      flows.push_back({static_cast<std::int64_t>(i) * 365, std::llrint(factors[i])});
    const Payback found = payback(flows);
    ASSERT_EQ(found.sign_changes, static_cast<std::int64_t>(count));
    ASSERT_EQ(found.rates.size(), rates.size()) << round;
    for (std::size_t i = 0; i < rates.size(); ++i) ASSERT_NEAR(found.rates[i], rates[i], 1e-7) << round;
    ASSERT_EQ(found.rates_reason.empty(), count == 1);
  }
}

}  // namespace
}  // namespace dealtrail::finance
