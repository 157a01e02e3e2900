// Channels whose results are below what was expected.
#include "dealtrail/evidence/overheat.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

#include "evidence/draws.hpp"
#include "support/refusal.hpp"

namespace dealtrail::evidence {
namespace {

using dealtrail::testing::add_channel;
using dealtrail::testing::refusal_code;

std::vector<Placement> channel(const std::string& name,
                               const std::vector<std::pair<std::int64_t, std::int64_t>>& rows) {
  std::vector<Placement> made;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    made.push_back({.channel = name,
                    .id = std::to_string(i),
                    .at = from_us(static_cast<std::int64_t>(i)),
                    .spend_minor = rows[i].first,
                    .count = rows[i].second});
  }
  return made;
}

bool has(const Overheat& row, const std::string& signal) {
  return std::find(row.signals.begin(), row.signals.end(), signal) != row.signals.end();
}

TEST(Overheat, FallingAndBelowItsFirstPlacements) {
  const auto rows =
      channel("tg", {{100, 60}, {100, 58}, {100, 61}, {100, 44}, {100, 35}, {100, 29}, {100, 21}, {100, 15}});
  const Overheat row = overheat(Placements::from_rows(rows, RUB)).rows.at(0);
  EXPECT_TRUE(has(row, "falling"));
  EXPECT_TRUE(has(row, "below_first"));
  EXPECT_FALSE(has(row, "rising_marginal_cost"));
  EXPECT_NEAR(*row.ratio, 144.0 / 500 / (179.0 / 300), 1e-12);
  EXPECT_LT(*row.trend, -0.1);
  EXPECT_EQ(row.elasticity, std::nullopt);  // one size of placement tells nothing of growth
  EXPECT_NE(row.why.find("too little for the growth with spend"), std::string::npos);
}

TEST(Overheat, MarginalCostRisingWithSpend) {
  std::vector<std::pair<std::int64_t, std::int64_t>> sizes;
  for (const std::int64_t spend : {100'00, 900'00, 200'00, 1600'00, 400'00, 1200'00, 300'00, 600'00})
    sizes.emplace_back(spend, std::llround(10 * std::sqrt(static_cast<double>(spend) / 100)));
  const Overheat row = overheat(Placements::from_rows(channel("ads", sizes), RUB)).rows.at(0);
  EXPECT_NEAR(*row.elasticity, 0.5, 0.01);
  EXPECT_TRUE(has(row, "rising_marginal_cost"));
  EXPECT_FALSE(has(row, "falling"));
  // At a power of a half the next result costs twice the average one; the median placement is 500.00 for 223.6.
  EXPECT_NEAR(static_cast<double>(*row.marginal_cost_minor), 2 * 500'00 / 223.6, 6);
}

TEST(Overheat, BelowThePlan) {
  const auto rows = channel("mail", {{100'00, 5}, {100'00, 4}, {100'00, 6}, {100'00, 5}});
  const Placements view = Placements::from_rows(rows, RUB);
  EXPECT_TRUE(has(overheat(view, {.plan = 5}).rows.at(0), "below_plan"));
  EXPECT_FALSE(has(overheat(view, {.plan = 30}).rows.at(0), "below_plan"));
  EXPECT_EQ(overheat(view).rows.at(0).e_plan, std::nullopt);
  EXPECT_EQ(refusal_code([&] { return overheat(view, {.plan = 0}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { return overheat(view, {.first = 0}); }), ErrorCode::invalid_argument);
}

TEST(Overheat, TooFewPlacementsHaveNoSignal) {
  const auto view = Placements::from_rows(channel("a", {{100, 3}, {100, 2}}), RUB);
  const Overheat row = overheat(view).rows.at(0);
  EXPECT_TRUE(row.signals.empty());
  EXPECT_EQ(row.why, "no signal; too little for the trend and the growth with spend");
  EXPECT_EQ(overheat(view).table().rows(), 1);
  EXPECT_TRUE(overheat(Placements{}).rows.empty());
}

TEST(Overheat, SteadyChannelsSeldomHaveASignal) {
  Random random{9};
  int falling = 0;
  int first = 0;
  int channels = 0;
  for (int run = 0; run < 60; ++run) {
    std::vector<Placement> rows;
    for (int i = 0; i < 10; ++i) add_channel(rows, random, std::string(1, static_cast<char>('a' + i)), 8, 12, 1, 2);
    for (const Overheat& row : overheat(Placements::from_rows(rows, RUB)).rows) {
      falling += has(row, "falling") ? 1 : 0;
      first += has(row, "below_first") ? 1 : 0;
      ++channels;
    }
  }
  // Each interval is wrong on this side in one of twenty.
  EXPECT_LT(falling, 0.08 * channels);
  EXPECT_LT(first, 0.08 * channels);
}

}  // namespace
}  // namespace dealtrail::evidence
