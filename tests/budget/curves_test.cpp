// Response curves (BE.1): values, slopes, inverses and envelopes against the slow and obvious.
#include "dealtrail/budget/curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "dealtrail/core/error.hpp"

#include "budget/random_problems.hpp"
#include "support/refusal.hpp"

namespace dealtrail::budget {
namespace {

using dealtrail::testing::refusal_code;
using dealtrail::testing::refusal_of;

std::vector<Curve> smooth_curves() {
  return {Curve::log(12, 20'000),
          Curve::power(3, 0.5),
          Curve::exponential(100, 5'000),
          Curve::michaelis_menten(80, 9'000),
          Curve::logistic(50, 4'000),
          Curve::tanh(70, 8'000),
          Curve::hill(100, 6'000, 1),
          Curve::hill(100, 6'000, 0.6),
          Curve::hill(100, 6'000, 1.8),
          Curve::hill(100, 6'000, 4),
          Curve::hill(100, 6'000, 2).with_fee(1'000),
          Curve::log(12, 20'000).with_fee(500).with_base(-3)};
}

TEST(CurvesTest, FormulasAtOneAmount) {
  EXPECT_DOUBLE_EQ(Curve::linear(2).value(3), 6);
  EXPECT_DOUBLE_EQ(Curve::log(2, 3).value(3), 2 * std::log(2.0));
  EXPECT_DOUBLE_EQ(Curve::power(2, 0.5).value(9), 6);
  EXPECT_DOUBLE_EQ(Curve::exponential(2, 3).value(3), 2 * (1 - std::exp(-1.0)));
  EXPECT_DOUBLE_EQ(Curve::michaelis_menten(2, 3).value(3), 1);
  EXPECT_DOUBLE_EQ(Curve::logistic(2, 3).value(3), 2 * (1 - std::exp(-1.0)) / (1 + std::exp(-1.0)));
  EXPECT_DOUBLE_EQ(Curve::tanh(2, 3).value(3), 2 * std::tanh(1.0));
  EXPECT_DOUBLE_EQ(Curve::hill(2, 3, 5).value(3), 1);
  EXPECT_DOUBLE_EQ(Curve::hill(1, 2, 3).value(4), 64.0 / 72);
}

TEST(CurvesTest, AFeeBringsNothingAndABaseIsThereWithoutMoney) {
  const Curve curve = Curve::log(2, 3).with_fee(10).with_base(1);
  EXPECT_DOUBLE_EQ(curve.value(0), 1);
  EXPECT_DOUBLE_EQ(curve.value(10), 1);
  EXPECT_DOUBLE_EQ(curve.value(13), 1 + 2 * std::log(2.0));
  EXPECT_EQ(curve.slope(5), 0);
  EXPECT_DOUBLE_EQ(curve.slope(10), 2.0 / 3);
  const Curve steps = Curve::piecewise({{10, 5}, {20, 8}}).with_fee(4);
  EXPECT_DOUBLE_EQ(steps.value(4), 0);
  EXPECT_DOUBLE_EQ(steps.value(9), 2.5);
}

TEST(CurvesTest, SlopesAreTheDifferencesOfValues) {
  for (const Curve& curve : smooth_curves()) {
    for (const double x : {10.0, 900.0, 1'500.0, 6'000.0, 40'000.0}) {
      const double h = x * 1e-6;
      const double difference = (curve.value(x + h) - curve.value(x - h)) / (2 * h);
      EXPECT_NEAR(curve.slope(x), difference, 1e-6 * std::fabs(difference) + 1e-10) << to_string(curve.kind()) << x;
    }
  }
}

TEST(CurvesTest, TheInverseOfASlopeHasThatSlope) {
  for (const Curve& curve : smooth_curves()) {
    for (const double factor : {1.001, 1.5, 4.0, 100.0}) {
      const double x = curve.inflection() + 300 * factor;
      EXPECT_NEAR(curve.inverse_slope(curve.slope(x)), x, 1e-9 * x) << to_string(curve.kind()) << ' ' << factor;
    }
    EXPECT_EQ(curve.inverse_slope(std::numeric_limits<double>::max()), curve.inflection());
  }
}

TEST(CurvesTest, TheChordOfAHillTouchesWhereItsFormulaSays) {
  for (const double slope : {1.2, 2.0, 3.5}) {
    const Curve curve = Curve::hill(7, 50, slope);
    const double turn = 50 * std::pow((slope - 1) / (slope + 1), 1 / slope);
    EXPECT_DOUBLE_EQ(curve.inflection(), turn);
    const double touch = 50 * std::pow(slope - 1, 1 / slope);
    const double chord = 7 * std::pow(slope - 1, (slope - 1) / slope) / (slope * 50);
    EXPECT_NEAR(curve.slope(touch), chord, 1e-12);
    EXPECT_NEAR(curve.envelope(touch / 3, 0, 1'000), chord * touch / 3, 1e-11);
    EXPECT_NEAR(curve.envelope(touch * 2, 0, 1'000), curve.value(touch * 2), 1e-11);
  }
}

TEST(CurvesTest, AHillBelowSlopeOneIsInfinitelySteepAtZero) {
  const Curve curve = Curve::hill(10, 5, 0.5);
  EXPECT_TRUE(std::isinf(curve.slope(0)));
  EXPECT_EQ(curve.inflection(), 0);
  const double x = curve.inverse_slope(1e6);
  EXPECT_GT(x, 0);
  EXPECT_NEAR(curve.slope(x) / 1e6, 1, 1e-9);
}

TEST(CurvesTest, TiersAreARateCard) {
  const Curve curve =
      Curve::tiers(std::vector<Tier>{{.price = 50, .units = 100}, {.price = 80, .units = 50}, {.price = 100}});
  EXPECT_DOUBLE_EQ(curve.value(2'500), 50);
  EXPECT_DOUBLE_EQ(curve.value(5'000), 100);
  EXPECT_DOUBLE_EQ(curve.value(9'000), 150);
  EXPECT_DOUBLE_EQ(curve.value(10'000), 160);
  EXPECT_DOUBLE_EQ(curve.slope(9'500), 0.01);
}

TEST(CurvesTest, PackagesAreBoughtOrNot) {
  const Curve curve = Curve::packages({{30, 20}, {10, 5}, {25, 4}});
  ASSERT_EQ(curve.points().size(), 3U);  // nothing, 10, 30: the one of 25 is never bought
  EXPECT_EQ(curve.value(9.99), 0);
  EXPECT_EQ(curve.value(10), 5);
  EXPECT_EQ(curve.value(29), 5);
  EXPECT_EQ(curve.value(31), 20);
  EXPECT_EQ(curve.slope(15), 0);
}

// The envelope on a grid: the best chord over the grid, by definition.
TEST(CurvesTest, EnvelopesOfRandomCurvesAreTheLeastConcaveFunctionsAbove) {
  rc::check("envelope", [] {
    const Curve curve = *testing::any_curve();
    constexpr int steps = 60;
    const double least = *rc::gen::element(0.0, 3.0, 12.0);
    const double most = least + *rc::gen::element(10.0, 45.0, 90.0);
    std::vector<double> xs;
    for (int i = 0; i <= steps; ++i) xs.push_back(least + (most - least) * i / steps);
    xs.back() = most;
    for (const CurvePoint& point : curve.points()) {
      if (point.money > least && point.money < most) xs.push_back(point.money);
    }
    std::sort(xs.begin(), xs.end());
    const double scale = std::fabs(curve.value(most)) + std::fabs(curve.value(least)) + 1e-9;
    for (std::size_t i = 0; i < xs.size(); i += 7) {
      double chord = curve.value(xs[i]);
      for (std::size_t j = 0; j < i; ++j) {
        for (std::size_t k = i + 1; k < xs.size(); ++k) {
          const double share = (xs[i] - xs[j]) / (xs[k] - xs[j]);
          chord = std::max(chord, curve.value(xs[j]) + share * (curve.value(xs[k]) - curve.value(xs[j])));
        }
      }
      const double envelope = curve.envelope(xs[i], least, most);
      RC_ASSERT(envelope >= chord - 1e-9 * scale);
      RC_ASSERT(envelope <= chord + 0.06 * scale);  // the grid is coarse
    }
  });
}

TEST(CurvesTest, ValuesNeverFall) {
  rc::check("rises", [] {
    const Curve curve = *testing::any_curve();
    double before = curve.value(0);
    for (double x = 0.5; x < 200; x += 0.5) {
      const double here = curve.value(x);
      RC_ASSERT(here >= before - 1e-12 * std::fabs(before));
      before = here;
    }
  });
}

TEST(CurvesTest, BadParametersAreRefused) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {-1.0, nan, std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(refusal_code([&] { (void)Curve::linear(bad); }), ErrorCode::invalid_argument);
    EXPECT_EQ(refusal_code([&] { (void)Curve::log(1, bad); }), ErrorCode::invalid_argument);
    EXPECT_EQ(refusal_code([&] { (void)Curve::hill(1, 1, bad); }), ErrorCode::invalid_argument);
    EXPECT_EQ(refusal_code([&] { (void)Curve::linear(1).with_fee(bad); }), ErrorCode::invalid_argument);
  }
  EXPECT_EQ(refusal_code([] { (void)Curve::exponential(1, 0); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([] { (void)Curve::power(1, 1.5); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { (void)Curve::linear(1).with_base(nan); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([] { (void)Curve::packages({{1, 1}}).with_fee(2); }), ErrorCode::invalid_argument);
}

TEST(CurvesTest, ARefusedPointNamesItsRow) {
  const Error falls = refusal_of([] { (void)Curve::piecewise({{0, 0}, {10, 5}, {20, 4}}); });
  EXPECT_EQ(falls.where().row, 2);
  EXPECT_EQ(falls.where().column, "response");
  const Error twice = refusal_of([] { (void)Curve::packages({{10, 5}, {10, 6}}); });
  EXPECT_EQ(twice.where().table, "packages");
  const Error tier = refusal_of([] { (void)Curve::tiers(std::vector<Tier>{{.price = 5, .units = 0}}); });
  EXPECT_EQ(tier.where().column, "units");
  const Error open = refusal_of([] { (void)Curve::tiers(std::vector<Tier>{{.price = 5}, {.price = 6}}); });
  EXPECT_EQ(open.where().row, 0);
  EXPECT_FALSE(open.hint().empty());
}

TEST(CurvesTest, ARefusedPointNamesTheRowThatWasGiven) {
  EXPECT_EQ(refusal_of([] { (void)Curve::piecewise({{10, 5}, {20, 4}}); }).where().row, 1);  // (0, 0) is put before
  EXPECT_EQ(refusal_of([] { (void)Curve::packages({{10, 6}, {30, 7}, {5, 1}, {10, 5}}); }).where().row, 3);
}

TEST(CurvesTest, SteepHillsNeverOverflow) {
  for (const double exponent : {30.0, 500.0, 5e4, 1e12, 1e300}) {
    const Curve curve = Curve::hill(100, 50, exponent);
    for (const double x : {0.0, 1e-300, 1e-9, 1.0, 49.0, 49.999999, 50.0, 50.000001, 51.0, 1e9, 1e300}) {
      EXPECT_TRUE(std::isfinite(curve.value(x))) << exponent << ' ' << x;
      EXPECT_TRUE(curve.slope(x) >= 0 && std::isfinite(curve.slope(x))) << exponent << ' ' << x;
    }
    EXPECT_DOUBLE_EQ(curve.value(50), 50);
    EXPECT_DOUBLE_EQ(curve.slope(50), 100 * exponent / 4 / 50);
    EXPECT_TRUE(std::isfinite(curve.inflection()));
  }
  const Curve curve = Curve::hill(100, 50, 40);
  for (const double x : {30.0, 45.0, 55.0, 80.0}) {
    const double h = 1e-6 * x;
    EXPECT_NEAR(curve.slope(x), (curve.value(x + h) - curve.value(x - h)) / (2 * h), 1e-6 * (1 + curve.slope(x)));
  }
}

}  // namespace
}  // namespace dealtrail::budget
