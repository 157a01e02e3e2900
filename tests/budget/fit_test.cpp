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

struct World {
  std::vector<Placement> rows{};
  std::map<std::string, Curve> curves{};
};

// Power curves, or ones that end; each result is multiplied with noise of that size beyond Poisson.
World world(std::uint64_t seed, int channels, int placements, double level, double noise, bool ends = false) {
  Random random{seed};
  World made;
  for (int c = 0; c < channels; ++c) {
    const std::string name = "channel " + std::to_string(100 + c);
    const double height = level + 0.6 * normal(random);
    const double shape = 0.7 + 0.5 * normal(random);
    const double half = 20'000 * std::exp(shape);
    const double exponent = 1 / (1 + std::exp(-shape));
    const Curve curve = ends ? Curve::michaelis_menten(std::exp(height) * (1 + half / 20'000), half)
                             : Curve::power(std::exp(height - exponent * std::log(20'000)), exponent);
    made.curves.emplace(name, curve);
    for (int p = 0; p < placements; ++p) {
      const double money = 20'000 * std::exp(0.7 * normal(random));
      const double cents = std::round(money * 100);
      const double shock = noise > 0 ? std::exp(noise * normal(random) - noise * noise / 2) : 1;
      const double mean = curve.value(cents / 100) * shock;
      made.rows.push_back({.channel = name,
                           .id = std::to_string(p),
                           .spend_minor = static_cast<std::int64_t>(cents),
                           .count = poisson(random, mean)});
    }
  }
  return made;
}

TEST(FitTest, ManyPlacementsGiveTheTrueCurveOfItsKind) {
  for (const bool ends : {false, true}) {
    const World made = world(1, 4, 400, 4, 0, ends);
    const Fit found = fit(Placements::from_rows(made.rows, RUB));
    ASSERT_EQ(found.rows.size(), 4U);
    EXPECT_LT(found.dispersion, 1.15);
    EXPECT_EQ(found.kind, ends ? CurveKind::michaelis_menten : CurveKind::power);
    for (const auto& [key, curve] : found.curves()) {
      const Curve& truth = made.curves.at(key);
      EXPECT_EQ(curve.kind(), truth.kind());
      for (const double money : {8e3, 2e4, 6e4})
        EXPECT_NEAR(curve.value(money), truth.value(money), 0.05 * truth.value(money));
    }
    for (const FittedCurve& row : found.rows) {
      ASSERT_TRUE(row.identified) << row.reason;
      EXPECT_GT(*row.weight_own, 0.99);
      EXPECT_GT(*row.weight_own_shape, 0.8);
      const double money = static_cast<double>(*row.spend_median_minor) / 100;
      const Curve curve = found.curves()[static_cast<std::size_t>(&row - found.rows.data())].second;
      EXPECT_NEAR(curve.value(money), *row.response_median, 1e-9 * *row.response_median);
      EXPECT_NEAR(curve.slope(money) * money / curve.value(money), *row.elasticity, 1e-9);
    }
  }
}

TEST(FitTest, NinetyPercentIntervalsHoldTheTruthNineTimesOfTen) {
  double curves = 0;
  double elasticities = 0;
  double levels = 0;
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    const World made =
        world(seed + 50, 10, 3 + static_cast<int>(seed % 6), 2 + static_cast<double>(seed % 3), 0.3, seed % 2 == 1);
    const Fit found = fit(Placements::from_rows(made.rows, RUB));
    for (const FittedCurve& row : found.rows) {
      const Curve& truth = made.curves.at(row.key);
      const double money = static_cast<double>(*row.spend_median_minor) / 100;
      const double response = truth.value(money);
      const double elasticity = truth.slope(money) * money / response;
      curves += 1;
      elasticities += *row.elasticity_low <= elasticity && elasticity <= *row.elasticity_high ? 1 : 0;
      levels += *row.response_low <= response && response <= *row.response_high ? 1 : 0;
    }
  }
  RecordProperty("elasticities", std::to_string(elasticities / curves));
  RecordProperty("levels", std::to_string(levels / curves));
  EXPECT_GE(elasticities / curves, 0.86);
  EXPECT_LE(elasticities / curves, 0.95);
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
  EXPECT_LT(*few.weight_own_shape, 0.1);
  EXPECT_GT(*few.weight_own, 0.5);
  for (std::size_t i = 0; i + 1 < found.rows.size(); ++i)
    EXPECT_GT(*found.rows[i].weight_own_shape, *few.weight_own_shape);
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
    EXPECT_NEAR(*one.rows[i].elasticity_high, *dear.rows[i].elasticity_high, 1e-6);
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
      const double money = static_cast<double>(*row.spend_median_minor) / 100;
      const double scale = *draws.real_at(i, "scale");
      const Curve curve = found.kind == CurveKind::power ? Curve::power(scale, *draws.real_at(i, "exponent"))
                                                         : Curve::michaelis_menten(scale, *draws.real_at(i, "half"));
      const double response = curve.value(money);
      const double elasticity = curve.slope(money) * money / response;
      inside[key].first += *row.elasticity_low <= elasticity && elasticity <= *row.elasticity_high ? 1 : 0;
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
