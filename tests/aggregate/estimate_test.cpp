// SP.6: intervals of small samples.
#include "dealtrail/aggregate/estimate.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "support/refusal.hpp"

namespace dealtrail {
namespace {

struct Published {
  std::int64_t wins, trials;
  double low, high;
};

// Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3 (Wilson score without continuity correction),
// 4 digits.
TEST(WilsonTest, PublishedTable) {
  for (const auto& [wins, trials, low, high] : {Published{81, 263, 0.2553, 0.3662}, Published{15, 148, 0.0624, 0.1605},
                                                Published{0, 20, 0.0, 0.1611}, Published{1, 29, 0.0061, 0.1718}}) {
    const auto estimate = wilson(wins, trials).value();
    EXPECT_NEAR(estimate.low, low, 0.00005) << wins << '/' << trials;
    EXPECT_NEAR(estimate.high, high, 0.00005) << wins << '/' << trials;
    EXPECT_DOUBLE_EQ(estimate.value, static_cast<double>(wins) / static_cast<double>(trials));
  }
}

// By hand for 1 of 1, z^2 = 3.841459: centre = (1 + z^2/2) / (1 + z^2), half = z * (z/2) / (1 + z^2), so low = 1 / (1 +
// z^2) = 0.206549.
TEST(WilsonTest, HandWorkedSingleTrial) {
  const auto sure = wilson(1, 1).value();
  EXPECT_NEAR(sure.low, 1 / (1 + 3.841458820694124), 1e-12);
  EXPECT_EQ(sure.high, 1.0);
  const auto never = wilson(0, 1).value();
  EXPECT_EQ(never.low, 0.0);
  EXPECT_NEAR(never.high, 1 - sure.low, 1e-12);
}

TEST(WilsonTest, MirrorsAndStaysInOrder) {
  for (std::int64_t trials = 1; trials <= 200; ++trials) {
    for (std::int64_t wins = 0; wins <= trials; ++wins) {
      const auto estimate = wilson(wins, trials).value();
      const auto mirror = wilson(trials - wins, trials).value();
      ASSERT_NEAR(estimate.low, 1 - mirror.high, 1e-12);
      ASSERT_TRUE(0 <= estimate.low && estimate.low <= estimate.value && estimate.value <= estimate.high &&
                  estimate.high <= 1);
    }
  }
}

TEST(WilsonTest, NoTrialsNoValueAndExtremes) {
  EXPECT_FALSE(wilson(0, 0));
  const auto greatest = std::numeric_limits<std::int64_t>::max();
  const auto half = wilson(greatest / 2, greatest).value();
  EXPECT_NEAR(half.low, 0.5, 1e-8);
  EXPECT_NEAR(half.high, 0.5, 1e-8);
  EXPECT_EQ(wilson(greatest, greatest).value().high, 1.0);
}

TEST(WilsonTest, RefusesImpossibleCounts) {
  EXPECT_EQ(testing::refusal_code([] { return wilson(-1, 5); }), ErrorCode::invalid_argument);
  EXPECT_EQ(testing::refusal_code([] { return wilson(6, 5); }), ErrorCode::invalid_argument);
  EXPECT_EQ(testing::refusal_code([] { return wilson(0, -1); }), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
