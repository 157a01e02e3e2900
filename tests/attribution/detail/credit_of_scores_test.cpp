// AT.4: scores become shares, and the total is divided by them exactly; what cannot be divided is a finding.
#include "dealtrail/attribution/detail/credit_of_scores.hpp"

#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

namespace dealtrail::detail {
namespace {

Credit credit_of(std::size_t channels, std::int64_t conversions, std::int64_t value) {
  Credit credit{.model = "scores", .currency = RUB, .has_values = true};
  for (std::size_t channel = 0; channel < channels; ++channel)
    credit.channels.push_back({.channel = "c" + std::to_string(1000 + channel), .converting = 20});
  credit.total_conversions = conversions;
  credit.total_value = value;
  return credit;
}

TEST(CreditOfScores, DividesBySharesOfTheSum) {
  Credit credit = credit_of(3, 10, 1001);
  credit.unattributed_conversions = 2 * units_per_conversion;
  credit.unattributed_value = 1;
  fill_by_scores(credit, std::vector{0.5, 1.0, 0.5}, std::vector{1.0, 0.0, 3.0});
  EXPECT_EQ(credit.channels[0].score, 0.5);
  EXPECT_EQ(credit.channels[0].share, 0.25);
  EXPECT_EQ(to_conversions(*credit.channels[1].conversions), 4.0);
  EXPECT_EQ(credit.channels[0].value, 250);
  EXPECT_EQ(credit.channels[1].value, 0);
  EXPECT_EQ(credit.channels[2].value_share, 0.75);
  EXPECT_TRUE(credit.findings.empty());
  EXPECT_TRUE(credit.channels[0].too_few);  // of 2 conversions
}

TEST(CreditOfScores, EveryUnitOnce) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    Random random{seed};
    std::vector<double> scores(1 + random.index(100));
    for (double& score : scores) score = random.chance(0.2) ? 0 : random.uniform_real() * (seed % 2 == 0 ? 1 : 1e-300);
    scores.back() = 1e-3;
    Credit credit = credit_of(scores.size(), random.uniform_int(0, 1'000'000'000'000),
                              random.uniform_int(-1'000'000, std::numeric_limits<std::int64_t>::max()));
    fill_by_scores(credit, scores, scores);
    CreditUnits units = 0;
    std::int64_t value = 0;
    for (const ChannelCredit& one : credit.channels) {
      units += *one.conversions;
      value += *one.value;
    }
    EXPECT_TRUE(units == static_cast<CreditUnits>(credit.total_conversions) * units_per_conversion);
    EXPECT_EQ(value, credit.total_value);
  }
}

TEST(CreditOfScores, WhatCannotBeDividedIsAFinding) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const std::vector<double>& scores : {std::vector{-0.1, 0.5}, std::vector{0.0, 0.0}, std::vector{nan, nan}, {}}) {
    Credit credit = credit_of(2, 3, 100);
    fill_by_scores(credit, scores, scores);
    EXPECT_EQ(credit.findings.size(), 2U);
    EXPECT_FALSE(credit.channels[1].share || credit.channels[1].conversions || credit.channels[1].value ||
                 credit.channels[1].value_share || credit.channels[1].share_interval);
    EXPECT_EQ(credit.channels[1].score.has_value(), !scores.empty() && scores[1] == scores[1]);
  }
  Credit nothing = credit_of(0, 3, 100);
  fill_by_scores(nothing, {}, {});
  EXPECT_TRUE(nothing.findings.empty());
}

// Five groups; the replicates of one channel lie round its share, and those of another do not move.
TEST(CreditOfScores, IntervalsFollowTheReplicates) {
  Credit credit = credit_of(2, 100, 1000);
  ScoreReplicates replicates{.groups = 5};
  for (int group = 0; group < 5; ++group) {
    replicates.conversion_scores.insert(replicates.conversion_scores.end(), {0.5 + 0.01 * (group - 2), 0.5});
    replicates.value_scores.insert(replicates.value_scores.end(), {0.5, 0.5});
    replicates.values.push_back(1000.0 + 10 * (group - 2));
  }
  fill_by_scores(credit, std::vector{0.5, 0.5}, std::vector{0.5, 0.5}, &replicates);
  EXPECT_LT(credit.channels[0].share_interval->low, 0.5);
  EXPECT_GT(credit.channels[0].share_interval->high, 0.5);
  EXPECT_FALSE(credit.channels[0].too_few);
  // By hand, of logarithms of .98 to 1.02: squares .0010003 and t of 4 degrees 2.132, so 2.132 * sqrt(4 / 5 * .0010003)
  // = .06031, and 500 * exp(.06031) = 531.08.
  EXPECT_NEAR(credit.channels[1].value_interval->high, 531.08, 0.05);
  replicates.conversion_scores[0] = -1;  // one that cannot be told makes all intervals so
  Credit other = credit_of(2, 100, 1000);
  fill_by_scores(other, std::vector{0.5, 0.5}, std::vector{0.5, 0.5}, &replicates);
  EXPECT_FALSE(other.channels[0].share_interval.has_value());
  EXPECT_TRUE(other.channels[0].value_interval.has_value());
}

}  // namespace
}  // namespace dealtrail::detail
