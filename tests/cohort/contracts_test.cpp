// The shifted beta-geometric model against the published cohort, differences and refusals.
#include "dealtrail/cohort/contracts.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/cohort/detail/newton.hpp"

#include "support/refusal.hpp"

namespace dealtrail::cohort {
namespace {

using dealtrail::testing::refusal_code;

TEST(Contracts, ThePublishedHighEndCohort) {
  // Fader and Hardie (2007): years 1 to 7 of 1000 members are fitted, years 8 to 12 are beyond them.
  const std::vector<double> survivors{1000, 869, 743, 653, 593, 551, 517, 491};
  const Contracts found = contracts(survivors, {.horizon = 12});
  EXPECT_NEAR(found.parameters[0].value, 0.668, 5e-4);
  EXPECT_NEAR(found.parameters[1].value, 3.806, 5e-4);
  EXPECT_NEAR(found.log_likelihood, -1611.16, 5e-3);
  EXPECT_FALSE(found.parameters[0].ridge);
  const std::vector<double> percents{85.1, 74.7, 67.0, 61.0, 56.2, 52.2, 48.9, 46.0, 43.6, 41.4, 39.5, 37.8};
  for (std::size_t t = 1; t <= percents.size(); ++t) EXPECT_NEAR(100 * found.survival[t], percents[t - 1], 0.05) << t;
  // Retention rises with age.
  for (std::size_t t = 2; t <= 12; ++t) EXPECT_GT(found.retention[t], found.retention[t - 1]);
  const Table table = found.table();
  EXPECT_EQ(table.rows(), 13);
  EXPECT_EQ(table.real_at(1, "observed"), 0.869);
  EXPECT_EQ(table.real_at(8, "observed"), std::nullopt);
}

TEST(Contracts, NoOtherParametersAreMoreLikely) {
  const std::vector<double> survivors{300, 231, 180, 161, 150};
  const Contracts found = contracts(survivors);
  const auto log_likelihood = [&](double alpha, double beta) {  // by the recursion of the paper
    double chance = alpha / (alpha + beta);
    double survival = 1 - chance;
    double sum = (survivors[0] - survivors[1]) * std::log(chance);
    for (std::size_t t = 2; t < survivors.size(); ++t) {
      const auto i = static_cast<double>(t);
      chance *= (beta + i - 2) / (alpha + beta + i - 1);
      survival -= chance;
      sum += (survivors[t - 1] - survivors[t]) * std::log(chance);
    }
    return sum + survivors.back() * std::log(survival);
  };
  const double alpha = found.parameters[0].value;
  const double beta = found.parameters[1].value;
  EXPECT_NEAR(found.log_likelihood, log_likelihood(alpha, beta), 1e-9);
  for (const double more : {0.99, 1.01}) {
    EXPECT_LT(log_likelihood(alpha * more, beta), found.log_likelihood);
    EXPECT_LT(log_likelihood(alpha, beta * more), found.log_likelihood);
  }
}

TEST(Contracts, MembersThatAreAllAlikeAreARidge) {
  const std::vector<double> halved{1024, 512, 256, 128, 64, 32};
  const Contracts found = contracts(halved);
  EXPECT_TRUE(found.parameters[0].ridge);
  EXPECT_NEAR(found.survival[5], 1.0 / 32, 1e-3);
}

TEST(Contracts, WhatCannotBeToldIsRefused) {
  const auto code = [](std::vector<double> survivors, std::int64_t horizon = 12) {
    return refusal_code([&] { return contracts(survivors, {.horizon = horizon}); });
  };
  EXPECT_EQ(code({100, 50}), ErrorCode::not_converged);
  EXPECT_EQ(code({}), ErrorCode::not_converged);
  EXPECT_EQ(code({100, 100, 100}), ErrorCode::not_converged);
  EXPECT_EQ(code({100, 50, 60}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({100, 50, -1}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({100, 50, 40}, 0), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail::cohort
