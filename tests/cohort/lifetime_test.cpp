// Models of lifetime value: published figures, slow integrals, derivatives, simulated customers, refusals.
#include "dealtrail/cohort/lifetime.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/cohort/detail/history_groups.hpp"
#include "dealtrail/cohort/detail/purchase_likelihood.hpp"
#include "dealtrail/cohort/detail/purchase_model.hpp"
#include "dealtrail/cohort/detail/spend_model.hpp"
#include "dealtrail/cohort/detail/spend_ranges.hpp"
#include "dealtrail/core/random.hpp"

#include "support/made_customers.hpp"
#include "support/refusal.hpp"

namespace dealtrail::cohort {
namespace {

using dealtrail::testing::draw;
using dealtrail::testing::Made;
using dealtrail::testing::refusal_code;
using detail::HistoryGroup;
using detail::PurchaseModel;

constexpr PurchaseModel published{0.2425945, 4.4136019, 0.7929199, 2.4258881, false};

Summary base_of(const std::vector<Made>& customers, double age) {
  Summary base;
  base.of_numbers = true;
  base.unit = "week";
  for (const Made& one : customers) {
    base.numbers.push_back(static_cast<std::int64_t>(base.numbers.size()));
    base.frequency.push_back(one.repeats);
    base.recency.push_back(one.recency);
    base.age.push_back(age);
    base.monetary.push_back(one.repeats > 0 ? std::optional{one.monetary} : std::nullopt);
  }
  return base;
}

template <class Function>
double integral(const Function& f, int pieces) {  // over 0 to 1, midpoints
  double sum = 0;
  for (int i = 0; i < pieces; ++i) sum += f((i + 0.5) / pieces);
  return sum / pieces;
}

// The likelihood of one history as its definition says: over all rates and all chances to leave.
double slow_log_likelihood(const PurchaseModel& model, const HistoryGroup& of) {
  const double x = static_cast<double>(of.repeats);
  const double whole = integral(
      [&](double u) {
        const double rate = u / (1 - u) / model.alpha * model.r;
        const double prior = std::exp(model.r * std::log(model.alpha) + (model.r - 1) * std::log(rate) -
                                      model.alpha * rate - std::lgamma(model.r));
        const double inner = integral(
            [&](double p) {
              const double beta =
                  std::exp((model.a - 1) * std::log(p) + (model.b - 1) * std::log1p(-p) - std::lgamma(model.a) -
                           std::lgamma(model.b) + std::lgamma(model.a + model.b));
              const double n = model.chances(of.repeats);
              const double stays = std::pow(1 - p, n) * std::exp(-rate * of.age);
              const double leaves = n > 0 ? p * std::pow(1 - p, n - 1) * std::exp(-rate * of.recency) : 0;
              return beta * (stays + leaves);
            },
            600);
        return prior * std::pow(rate, x) * inner / model.alpha * model.r / ((1 - u) * (1 - u));
      },
      1000);
  return std::log(whole);
}

TEST(Lifetime, PublishedExpectationsOfNewcomers) {
  // Fader, Hardie and Lee (2005) and their implementation note.
  const std::vector<std::pair<double, double>> points{{0.1429, 0.0078},  {1, 0.0532},  {3, 0.1506},
                                                      {31.8571, 1.0405}, {32, 1.0437}, {78, 1.858}};
  for (const auto& [span, wanted] : points) EXPECT_NEAR(published.expected_of_new(span), wanted, 6e-4) << span;
}

TEST(Lifetime, PublishedExpectationsOfACustomer) {
  const HistoryGroup customer{2, 30.43, 38.86, 1};
  EXPECT_NEAR(published.expected(customer, 39), 1.226, 6e-4);
  EXPECT_NEAR(published.p_alive(customer), 0.7266, 5e-5);
  EXPECT_EQ(published.p_alive({0, 0, 38.86, 1}), 1);
  PurchaseModel modified = published;
  modified.modified = true;
  EXPECT_LT(modified.p_alive({0, 0, 38.86, 1}), 1);
  std::vector<double> chances;
  detail::purchase_chances({0.243, 4.414, 0.793, 2.426, false}, {}, 39, chances);
  EXPECT_NEAR(chances[0], 0.5737864, 5e-7);
}

TEST(Lifetime, ExpectationIsTheMeanOfTheChances) {
  Random random{3};
  std::vector<double> chances;
  for (int i = 0; i < 300; ++i) {
    PurchaseModel model;
    model.r = 0.05 + 3 * random.uniform_real();
    model.alpha = 0.5 + 20 * random.uniform_real();
    model.a = i % 10 == 0 ? 1 : 0.1 + 3 * random.uniform_real();  // a = 1 and a + b = 1 are no special cases
    model.b = i % 15 == 0 ? 1 - model.a * 0.5 : 0.2 + 3 * random.uniform_real();
    if (model.b <= 0) model.b = 0.5;
    model.modified = random.chance(0.5);
    HistoryGroup of;
    of.repeats = random.uniform_int(0, 9);
    of.age = 60 * random.uniform_real();
    of.recency = of.repeats == 0 ? 0 : of.age * random.uniform_real();
    const double span = 0.1 + 40 * random.uniform_real();
    detail::purchase_chances(model, of, span, chances);
    double sum = 0;
    double mean = 0;
    for (std::size_t y = 0; y < chances.size(); ++y) {
      sum += chances[y];
      mean += chances[y] * static_cast<double>(y);
    }
    EXPECT_NEAR(sum, 1, 2e-8);
    EXPECT_NEAR(model.expected(of, span), mean, 1e-5 * (1 + mean)) << i;
    EXPECT_NEAR(model.expected_by_purchases(of, span), model.expected(of, span), 1e-9 * (1 + mean)) << i;
  }
}

TEST(Lifetime, ExpectationsOnARidgeAreFinite) {
  // With a and b so large nobody differs: each purchase ends it with a chance of a / (a + b).
  const PurchaseModel ridge{1, 12, 46'798, 325'509, true};
  PurchaseModel near = ridge;
  near.a /= 2'000;
  near.b /= 2'000;
  const HistoryGroup of{2, 30, 39, 1};
  const double found = ridge.expected(of, 26);
  EXPECT_TRUE(std::isfinite(found));
  EXPECT_NEAR(found, near.expected_by_purchases(of, 26), 0.01);
}

TEST(Lifetime, LikelihoodEqualsASlowIntegral) {
  for (const bool modified : {false, true}) {
    const PurchaseModel model{1.7, 5, 1.6, 2.2, modified};
    for (const HistoryGroup& of : {HistoryGroup{0, 0, 20, 1}, HistoryGroup{1, 3, 20, 1}, HistoryGroup{4, 17, 20, 1}}) {
      const std::vector<HistoryGroup> groups{of};
      const double found = detail::PurchaseLikelihood{groups, modified}({model.r, model.alpha, model.a, model.b}).value;
      EXPECT_NEAR(found, slow_log_likelihood(model, of), 1e-4) << of.repeats << modified;
    }
  }
}

template <std::size_t N, class Function>
void expect_derivatives(const Function& likelihood, const detail::Vector<N>& at) {
  const auto here = likelihood(at);
  for (std::size_t i = 0; i < N; ++i) {
    detail::Vector<N> up = at;
    detail::Vector<N> down = at;
    const double h = 1e-5 * at[i];
    up[i] += h;
    down[i] -= h;
    const auto above = likelihood(up);
    const auto below = likelihood(down);
    const double slope = (above.value - below.value) / (2 * h);
    EXPECT_NEAR(here.gradient[i], slope, 1e-5 * (1 + std::fabs(slope))) << i;
    for (std::size_t j = 0; j < N; ++j) {
      const double bend = (above.gradient[j] - below.gradient[j]) / (2 * h);
      EXPECT_NEAR(here.hessian[i][j], bend, 1e-5 * (1 + std::fabs(bend))) << i << j;
    }
  }
}

TEST(Lifetime, DerivativesEqualDifferences) {
  const std::vector<HistoryGroup> groups{{0, 0, 20, 3}, {1, 3, 20, 1}, {4, 17, 20, 2}, {2, 9, 12, 5}};
  for (const bool modified : {false, true})
    expect_derivatives<4>(detail::PurchaseLikelihood{groups, modified}, {0.8, 5, 0.9, 2.2});
  const std::vector<detail::Spend> spends{{1, 20, 2}, {1, 45, 1}, {3, 31, 1}};
  expect_derivatives<3>([&](const detail::Vector<3>& at) { return detail::spend_likelihood(spends, at); },
                        {6, 3.5, 16});
}

TEST(Lifetime, FindsTheParametersOfSimulatedCustomers) {
  for (const bool modified : {false, true}) {
    Random random{17};
    const PurchaseModel truth{0.6, 4, 0.8, 2.5, modified};
    std::vector<Made> customers;
    for (int i = 0; i < 20'000; ++i) customers.push_back(draw(random, truth, 6, 4, 15, 52, 0.001));
    const Lifetime found = lifetime(
        base_of(customers, 52),
        {.model = modified ? PurchasesModel::mbg_nbd : PurchasesModel::bg_nbd, .horizon = 26, .intervals = false});
    const std::vector<double> wanted{truth.r, truth.alpha, truth.a, truth.b, 6, 4, 15};
    ASSERT_EQ(found.parameters.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const LifetimeParameter& one = found.parameters[i];
      ASSERT_TRUE(one.se.has_value());
      EXPECT_LT(std::fabs(one.value - wanted[i]), 4 * *one.se) << one.name << " " << one.value << " ± " << *one.se;
      EXPECT_FALSE(one.ridge) << one.name;
    }
  }
}

TEST(Lifetime, IntervalsOfValueCoverNineOfTen) {
  Random random{29};
  int covered = 0;
  int customers = 0;
  for (int run = 0; run < 4; ++run) {
    const PurchaseModel truth{1.2, 5, 0.6, 4, run % 2 == 1};
    std::vector<Made> made;
    for (int i = 0; i < 1'500; ++i) made.push_back(draw(random, truth, 5, 4, 20, 40, 40));
    const Lifetime found = lifetime(
        base_of(made, 40), {.model = truth.modified ? PurchasesModel::mbg_nbd : PurchasesModel::bg_nbd, .horizon = 40});
    for (std::size_t i = 0; i < made.size(); ++i) {
      const double paid = made[i].later_spend;
      covered += paid >= *found.clv_low[i] && paid <= *found.clv_high[i] * (1 + 1e-4) ? 1 : 0;
      ++customers;
    }
  }
  const double share = static_cast<double>(covered) / customers;
  EXPECT_GT(share, 0.87);
  EXPECT_LT(share, 0.93);
}

// The chance that spend comes to at most `scales`, as its definition says: over the number of purchases.
double chance_below(const detail::SpendModel& spend, const std::vector<double>& chances, std::int64_t repeats,
                    double scales) {
  double chance = chances[0];
  for (std::size_t y = 1; y < chances.size(); ++y) chance += chances[y] * spend.chance_of_at_most(scales, y, repeats);
  return chance;
}

TEST(Lifetime, RangesOfSpendAreQuantilesOfTheirDefinition) {
  Random random{41};
  for (int model_number = 0; model_number < 40; ++model_number) {
    detail::SpendModel spend;
    spend.p = std::exp(-2 + 6 * random.uniform_real());
    spend.q = std::exp(0.1 + 4 * random.uniform_real());
    const std::int64_t repeats = model_number % 4 == 0 ? 0 : random.uniform_int(1, 30);
    detail::SpendRanges ranges{spend, repeats};
    for (int group = 0; group < 15; ++group) {
      PurchaseModel purchases;
      purchases.r = 0.2 + 3 * random.uniform_real();
      purchases.alpha = 2 + 10 * random.uniform_real();
      purchases.a = 0.2 + random.uniform_real();
      purchases.b = 1 + 3 * random.uniform_real();
      const HistoryGroup of{repeats, repeats > 0 ? 30.0 : 0.0, 30 + 5 * random.uniform_real(), 1, 0};
      std::vector<double> chances;
      detail::purchase_chances(purchases, of, 5 + 60 * random.uniform_real(), chances);
      const detail::SpendRange found = ranges.of(chances);
      const bool open = chances[0] >= 0.05;
      if (open) {
        EXPECT_EQ(found.low, 0);
      } else {
        EXPECT_NEAR(chance_below(spend, chances, repeats, found.low), 0.05, 2e-6);
      }
      if (chances[0] >= 0.9) {
        EXPECT_EQ(found.high, 0);
      } else {
        EXPECT_NEAR(chance_below(spend, chances, repeats, found.high), open ? 0.9 : 0.95, 6e-6);
      }
    }
  }
}

TEST(Lifetime, ATailWithoutEndHasNoValue) {
  detail::SpendRanges ranges{{2, 1e-3, 1}, 0};  // spend of newcomers has no mean and hardly a quantile
  const std::vector<double> chances{0.01, 0.5, 0.49};
  EXPECT_EQ(ranges.of(chances).high, HUGE_VAL);
}

TEST(Lifetime, TotalsOfSimulatedCustomersAreAsExpected) {
  Random random{31};
  const PurchaseModel truth{0.9, 6, 0.8, 3, false};
  std::vector<Made> made;
  for (int i = 0; i < 20'000; ++i) made.push_back(draw(random, truth, 6, 4, 15, 30, 26));
  const Lifetime found = lifetime(base_of(made, 30), {.horizon = 26, .intervals = false});
  double expected = 0;
  double bought = 0;
  double value = 0;
  double paid = 0;
  for (std::size_t i = 0; i < made.size(); ++i) {
    expected += found.expected[i];
    bought += static_cast<double>(made[i].later);
    value += found.clv[i].value_or(0);
    paid += made[i].later_spend;
  }
  EXPECT_NEAR(expected / bought, 1, 0.03);
  EXPECT_NEAR(value / paid, 1, 0.04);
}

TEST(Lifetime, EqualCustomersAreFittedAsOne) {
  Random random{7};
  std::vector<Made> customers;
  for (int i = 0; i < 500; ++i) customers.push_back(draw(random, published, 6, 4, 15, 39, 1));
  for (Made& one : customers) one.recency = std::floor(one.recency);
  std::vector<Made> twice = customers;
  twice.insert(twice.end(), customers.begin(), customers.end());
  const auto once_groups = detail::history_groups(base_of(customers, 39));
  const auto twice_groups = detail::history_groups(base_of(twice, 39));
  ASSERT_EQ(once_groups.groups.size(), twice_groups.groups.size());
  EXPECT_LT(once_groups.groups.size(), 300U);
  double all = 0;
  for (std::size_t i = 0; i < once_groups.groups.size(); ++i) {
    EXPECT_EQ(twice_groups.groups[i].customers, 2 * once_groups.groups[i].customers);
    all += once_groups.groups[i].customers;
  }
  EXPECT_EQ(all, 500);
  const LifetimeOptions options{.spend = SpendingModel::none};
  const Lifetime one = lifetime(base_of(customers, 39), options);
  const Lifetime two = lifetime(base_of(twice, 39), options);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(one.parameters[i].value, two.parameters[i].value, 1e-5 * one.parameters[i].value);
    EXPECT_NEAR(*one.parameters[i].se, *two.parameters[i].se * std::sqrt(2.0), 1e-4 * *one.parameters[i].se);
  }
  EXPECT_NEAR(two.log_likelihood, 2 * one.log_likelihood, 1e-6);
}

TEST(Lifetime, DiscountMarginAndHorizon) {
  Random random{8};
  std::vector<Made> customers;
  for (int i = 0; i < 800; ++i) customers.push_back(draw(random, published, 6, 4, 15, 39, 1));
  const Summary base = base_of(customers, 39);
  const Lifetime plain = lifetime(base, {.horizon = 10});
  const Lifetime margin = lifetime(base, {.horizon = 10, .margin = 0.3});
  const Lifetime discounted = lifetime(base, {.horizon = 10, .discount = 0.05});
  const auto model = PurchaseModel{plain.parameters[0].value, plain.parameters[1].value, plain.parameters[2].value,
                                   plain.parameters[3].value, false};
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_NEAR(*margin.clv[i], 0.3 * *plain.clv[i], 1e-9 * *plain.clv[i]);
    const HistoryGroup of{base.frequency[i], base.recency[i], base.age[i], 1};
    double sum = 0;
    for (int t = 1; t <= 10; ++t) sum += (model.expected(of, t) - model.expected(of, t - 1)) / std::pow(1.05, t);
    const double spend = *plain.expected_spend(base.frequency[i], base.monetary[i].value_or(0));
    EXPECT_NEAR(*discounted.clv[i], sum * spend, 1e-9 * (1 + sum * spend));
    EXPECT_LE(*plain.clv_low[i], *plain.clv_high[i]);
  }
  const Table table = plain.table();
  EXPECT_EQ(table.rows(), 800);
  EXPECT_EQ(plain.parameters_table().rows(), 7);
}

TEST(Lifetime, AModelIsUsedOnAnotherBaseOfTheSameUnit) {
  Random random{9};
  std::vector<Made> customers;
  for (int i = 0; i < 600; ++i) customers.push_back(draw(random, published, 6, 4, 15, 39, 1));
  const Summary base = base_of(customers, 39);
  const Lifetime fitted = lifetime(base, {.horizon = 10});
  const Lifetime same = fitted.predict(base);
  EXPECT_EQ(lifetime(base, {.horizon = 10, .threads = 3}).clv_high, fitted.clv_high);
  EXPECT_EQ(same.expected, fitted.expected);
  EXPECT_EQ(same.clv, fitted.clv);
  Summary days = base;
  days.unit = "day";
  EXPECT_EQ(refusal_code([&] { return fitted.predict(days); }), ErrorCode::invalid_argument);
  Summary no_spend = base;
  no_spend.monetary.clear();
  EXPECT_EQ(refusal_code([&] { return fitted.predict(no_spend); }), ErrorCode::missing_column);
}

TEST(Lifetime, ARidgeIsReported) {
  // Everybody buys at one rate and nobody leaves: r and alpha grow without end, a and b are open.
  Random random{10};
  std::vector<Made> customers;
  for (int i = 0; i < 400; ++i) {
    Made one;
    for (double at = -std::log(1 - random.uniform_real()) * 5; at < 40; at -= std::log(1 - random.uniform_real()) * 5) {
      ++one.repeats;
      one.recency = at;
    }
    customers.push_back(one);
  }
  const Lifetime found = lifetime(base_of(customers, 40), {.spend = SpendingModel::none, .horizon = 10});
  EXPECT_TRUE(found.parameters[2].ridge || found.parameters[3].ridge);
  double expected = 0;
  for (const double one : found.expected) {
    EXPECT_TRUE(std::isfinite(one));
    expected += one;
  }
  EXPECT_NEAR(expected / 400, 2, 0.2);  // predictions hold on a ridge
}

TEST(Lifetime, ALongRidgeIsFollowedToItsEdge) {
  // One chance to leave for all: a and b grow together. The likelihood climbs to that of the chance alone.
  Random random{12};
  const double leave = 0.2;
  std::vector<Made> customers;
  for (int i = 0; i < 20'000; ++i) {
    Made one;
    const double rate = dealtrail::testing::gamma_draw(random, 1.5) / 6;
    for (double at = -std::log(1 - random.uniform_real()) / rate; at < 40;
         at -= std::log(1 - random.uniform_real()) / rate) {
      ++one.repeats;
      one.recency = std::floor(at);
      if (random.chance(leave)) break;
    }
    customers.push_back(one);
  }
  const Lifetime found = lifetime(base_of(customers, 40), {.spend = SpendingModel::none, .horizon = 10});
  EXPECT_TRUE(found.parameters[3].ridge);
  const double a = found.parameters[2].value;
  const double b = found.parameters[3].value;
  EXPECT_GT(b, 50);
  EXPECT_NEAR(a / (a + b), leave, 0.02);
  int steps = 0;
  for (const auto& [key, text] : found.meta)
    if (key == "steps") steps = std::stoi(text);
  EXPECT_GT(steps, 0);
  EXPECT_LT(steps, 40);
  for (const double one : found.expected) EXPECT_TRUE(std::isfinite(one));
}

TEST(Lifetime, ManyThreadsFitTheSame) {
  Random random{14};
  std::vector<Made> customers;
  for (int i = 0; i < 30'000; ++i) customers.push_back(draw(random, published, 6, 4, 15, 39, 1));
  const Summary base = base_of(customers, 39);
  const Lifetime one = lifetime(base, {.horizon = 10, .intervals = false});
  const Lifetime many = lifetime(base, {.horizon = 10, .intervals = false, .threads = 5});
  EXPECT_EQ(one.log_likelihood, many.log_likelihood);
  for (std::size_t i = 0; i < one.parameters.size(); ++i) EXPECT_EQ(one.parameters[i].value, many.parameters[i].value);
  EXPECT_EQ(one.clv, many.clv);
}

TEST(Lifetime, WhatCannotBeToldIsRefused) {
  const auto base = [](std::vector<std::int64_t> frequency, double recency, double age) {
    Summary made;
    made.of_numbers = true;
    for (const std::int64_t one : frequency) {
      made.numbers.push_back(static_cast<std::int64_t>(made.numbers.size()));
      made.frequency.push_back(one);
      made.recency.push_back(one > 0 ? recency : 0);
      made.age.push_back(age);
    }
    return made;
  };
  EXPECT_EQ(refusal_code([&] { return lifetime(base({0, 0, 0}, 0, 10)); }), ErrorCode::not_converged);
  EXPECT_EQ(refusal_code([&] { return lifetime(base({0, 0}, 0, 0)); }), ErrorCode::not_converged);
  EXPECT_EQ(refusal_code([&] { return lifetime(base({3}, 5, 10)); }), ErrorCode::not_converged);
  EXPECT_EQ(refusal_code([&] { return lifetime(base({}, 0, 10)); }), ErrorCode::not_converged);
  const Summary fine = base({0, 1, 2, 5}, 5, 10);
  EXPECT_EQ(refusal_code([&] { return lifetime(fine, {.horizon = 0}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { return lifetime(fine, {.discount = -0.1}); }), ErrorCode::invalid_argument);
  Summary alike = base({0, 1, 2, 5}, 5, 10);
  alike.monetary = {std::nullopt, 10.0, 10.0, 10.0};
  EXPECT_EQ(refusal_code([&] { return lifetime(alike); }), ErrorCode::not_converged);
  EXPECT_EQ(lifetime(alike, {.spend = SpendingModel::none}).table().rows(), 4);
}

}  // namespace
}  // namespace dealtrail::cohort
