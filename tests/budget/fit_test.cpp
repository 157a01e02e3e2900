// Fitted curves (BE.4): what is known is found, what is not is refused, and intervals hold the truth as often as said.
#include "dealtrail/budget/fit.hpp"

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/budget/allocate.hpp"
#include "dealtrail/core/random.hpp"

#include "support/refusal.hpp"

namespace dealtrail::budget {
namespace {

using dealtrail::testing::refusal_code;

double normal(Random& random) {
  const double first = 1 - random.uniform_real();
  const double second = random.uniform_real();
  return std::sqrt(-2 * std::log(first)) * std::cos(6.283185307179586 * second);
}

std::int64_t poisson(Random& random, double mean) {
  if (mean > 500) return std::llround(std::max(0.0, mean + std::sqrt(mean) * normal(random)));
  const double least = std::exp(-mean);
  std::int64_t count = 0;
  for (double product = random.uniform_real(); product > least; product *= random.uniform_real()) ++count;
  return count;
}

struct Truth {
  double at_median = 0;
  double exponent = 0;
};

struct World {
  std::vector<Placement> rows{};
  std::map<std::string, std::pair<double, double>> curves{};  // ln results at 20 000, exponent
};

// Channels with their own level and exponent; each result is multiplied with noise of that size beyond Poisson.
World world(std::uint64_t seed, int channels, int placements, double level, double noise) {
  Random random{seed};
  World made;
  for (int c = 0; c < channels; ++c) {
    const std::string name = "channel " + std::to_string(100 + c);
    const double height = level + 0.6 * normal(random);
    const double exponent = 1 / (1 + std::exp(-(0.7 + 0.5 * normal(random))));
    made.curves[name] = {height, exponent};
    for (int p = 0; p < placements; ++p) {
      const double money = 20'000 * std::exp(0.7 * normal(random));
      const double cents = std::round(money * 100);
      const double shock = noise > 0 ? std::exp(noise * normal(random) - noise * noise / 2) : 1;
      const double mean = std::exp(height + exponent * std::log(cents / 2e6)) * shock;
      made.rows.push_back({.channel = name,
                           .id = std::to_string(p),
                           .spend_minor = static_cast<std::int64_t>(cents),
                           .count = poisson(random, mean)});
    }
  }
  return made;
}

TEST(FitTest, ManyPlacementsGiveTheTrueCurve) {
  const World made = world(1, 4, 400, 4, 0);
  const Fit found = fit(Placements::from_rows(made.rows, RUB));
  ASSERT_EQ(found.rows.size(), 4U);
  EXPECT_LT(found.dispersion, 1.15);
  for (const FittedCurve& row : found.rows) {
    const auto& [height, exponent] = made.curves.at(row.key);
    ASSERT_TRUE(row.identified) << row.reason;
    EXPECT_NEAR(*row.exponent, exponent, 0.03);
    EXPECT_NEAR(*row.scale * std::pow(20'000, *row.exponent), std::exp(height), 0.03 * std::exp(height));
    EXPECT_GT(*row.weight_own, 0.99);
    EXPECT_GT(*row.weight_own_exponent, 0.9);
  }
}

TEST(FitTest, NinetyPercentIntervalsHoldTheTruthNineTimesOfTen) {
  double curves = 0;
  double exponents = 0;
  double levels = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const World made = world(seed + 50, 10, 3 + static_cast<int>(seed % 6), 2 + static_cast<double>(seed % 3), 0.3);
    const Fit found = fit(Placements::from_rows(made.rows, RUB));
    for (const FittedCurve& row : found.rows) {
      const auto& [height, exponent] = made.curves.at(row.key);
      const double money = std::log(static_cast<double>(*row.spend_median_minor) / 2e6);
      const double truth = std::exp(height + exponent * money);
      curves += 1;
      exponents += *row.exponent_low <= exponent && exponent <= *row.exponent_high ? 1 : 0;
      levels += *row.response_low <= truth && truth <= *row.response_high ? 1 : 0;
    }
  }
  RecordProperty("exponents", std::to_string(exponents / curves));
  RecordProperty("levels", std::to_string(levels / curves));
  EXPECT_GE(exponents / curves, 0.87);
  EXPECT_LE(exponents / curves, 0.95);
  EXPECT_GE(levels / curves, 0.86);
  EXPECT_LE(levels / curves, 0.94);
}

TEST(FitTest, AChannelWithFewPlacementsBorrowsAndSaysHowMuch) {
  World made = world(7, 8, 12, 3, 0.2);
  made.rows.push_back({.channel = "few", .id = "a", .spend_minor = 2'000'000, .count = 30});
  made.rows.push_back({.channel = "few", .id = "b", .spend_minor = 2'100'000, .count = 27});
  const Fit found = fit(Placements::from_rows(made.rows, RUB));
  const FittedCurve& few = found.rows.back();
  ASSERT_EQ(few.key, "few");
  EXPECT_TRUE(few.identified) << few.reason;
  EXPECT_LT(*few.weight_own_exponent, 0.1);
  EXPECT_GT(*few.weight_own, 0.5);
  for (std::size_t i = 0; i + 1 < found.rows.size(); ++i)
    EXPECT_GT(*found.rows[i].weight_own_exponent, *few.weight_own_exponent);
}

TEST(FitTest, WhatTheHistoryLeavesOpenIsRefusedWithAReason) {
  const auto only = [](std::vector<Placement> rows) {
    const Fit found = fit(Placements::from_rows(std::move(rows), RUB));
    EXPECT_TRUE(found.curves().empty());
    EXPECT_EQ(found.draws(3, 1).rows(), 0);
    return found.rows.front().reason;
  };
  const auto row = [](std::int64_t spend, std::int64_t count, const char* id) {
    return Placement{.channel = "tg", .id = id, .spend_minor = spend, .count = count};
  };
  EXPECT_NE(only({row(100'000, 10, "a"), row(100'000, 12, "b"), row(100'000, 9, "c")})
                .find("spends were 1000.00 to 1000.00; vary them more"),
            std::string::npos);
  EXPECT_EQ(only({row(0, 10, "a")}), "no placement has a known spend above 0");
  EXPECT_EQ(only({row(100, 0, "a"), row(200, 0, "b")}), "no channel has a result");
  Placement young = row(100, 3, "a");
  young.open = true;
  EXPECT_EQ(only({young}), "no placement with spend is over yet");
  EXPECT_TRUE(fit(Placements{}).rows.empty());
  EXPECT_EQ(refusal_code([] { (void)fit(Placements{}, {.response_unit = 0}); }), ErrorCode::invalid_argument);
}

TEST(FitTest, UnitsAndOrderChangeNothing) {
  World made = world(9, 5, 6, 3, 0.3);
  const Fit one = fit(Placements::from_rows(made.rows, RUB));
  std::vector<Placement> rows = made.rows;
  Random random{3};
  random.shuffle(rows);
  const Fit shuffled = fit(Placements::from_rows(rows, RUB));
  EXPECT_EQ(one.table(), shuffled.table());
  for (Placement& row : rows) *row.spend_minor *= 1'000;
  const Fit dear = fit(Placements::from_rows(rows, RUB));
  const Fit amounts = fit(Placements::from_rows(made.rows, RUB), {.response_unit = 100});
  for (std::size_t i = 0; i < one.rows.size(); ++i) {
    EXPECT_NEAR(*one.rows[i].exponent_high, *dear.rows[i].exponent_high, 1e-6);
    EXPECT_NEAR(*one.rows[i].response_high, *dear.rows[i].response_high, 1e-5 * *dear.rows[i].response_high);
    EXPECT_NEAR(*one.rows[i].response_low, *amounts.rows[i].response_low * 100, 1e-6 * *one.rows[i].response_low);
  }
}

TEST(FitTest, PeriodsAddUpThePlacementsOfAChannel) {
  const auto row = [](std::int64_t day, std::int64_t spend, std::int64_t count, const char* id) {
    return Placement{.channel = "tg", .id = id, .at = from_us(day * us_per_day), .spend_minor = spend, .count = count};
  };
  Placement undated = row(0, 100, 1, "z");
  undated.at.reset();
  const Fit found =
      fit(Placements::from_rows({row(1, 100, 5, "a"), row(2, 50, 2, "b"), row(40, 900, 20, "c"), undated}, RUB),
          {.every = PeriodKind::month});
  EXPECT_EQ(found.rows[0].placements, 2);
  EXPECT_EQ(found.rows[0].apart, 1);
  EXPECT_EQ(found.rows[0].spend_low_minor, 150);
  EXPECT_EQ(found.rows[0].spend_high_minor, 900);
  EXPECT_EQ(found.rows[0].response, 27);
}

TEST(FitTest, DrawsAreSeededAndSpreadAsTheIntervals) {
  const Fit found = fit(Placements::from_rows(world(21, 6, 8, 3, 0.3).rows, RUB));
  const Table draws = found.draws(4'000, 5);
  EXPECT_EQ(draws, found.draws(4'000, 5));
  EXPECT_NE(draws, found.draws(4'000, 6));
  std::map<std::string, std::pair<int, int>> inside;
  std::map<std::string, int> drawn;
  for (std::int64_t i = 0; i < draws.rows(); ++i) ++drawn[std::string{*draws.text_at(i, "key")}];
  for (std::int64_t i = 0; i < draws.rows(); ++i) {
    const std::string key{*draws.text_at(i, "key")};
    for (const FittedCurve& row : found.rows) {
      if (row.key != key) continue;
      const double exponent = *draws.real_at(i, "exponent");
      const double money = static_cast<double>(*row.spend_median_minor) / 100;
      const double response = *draws.real_at(i, "scale") * std::pow(money, exponent);
      inside[key].first += *row.exponent_low <= exponent && exponent <= *row.exponent_high ? 1 : 0;
      inside[key].second += *row.response_low <= response && response <= *row.response_high ? 1 : 0;
    }
  }
  for (const auto& [key, counts] : inside) {
    EXPECT_EQ(drawn[key], 4'000);
    EXPECT_NEAR(counts.first / 4'000.0, 0.9, 0.02) << key;
    EXPECT_NEAR(counts.second / 4'000.0, 0.9, 0.02) << key;
  }
}

TEST(FitTest, FittedCurvesCanBeAllocated) {
  const Fit found = fit(Placements::from_rows(world(30, 6, 20, 3, 0.2).rows, RUB));
  std::vector<Channel> channels;
  for (const auto& [key, curve] : found.curves()) channels.push_back({.name = key, .curve = curve});
  ASSERT_GE(channels.size(), 5U);
  const Plan plan = allocate(channels, {.budget = 100'000, .currency = RUB});
  EXPECT_TRUE(plan.verify().valid);
  EXPECT_EQ(plan.spent, 10'000'000);
}

}  // namespace
}  // namespace dealtrail::budget
