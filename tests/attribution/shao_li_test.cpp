// AT.3: the score of Shao and Li by hand; states, one channel, none.
#include "dealtrail/attribution/shao_li.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/refusal.hpp"
#include "support/touch_rows.hpp"

namespace dealtrail {
namespace {

using attribution::shao_li;
using attribution::ShapleyState;
using testing::journeys_of;
using testing::PathRow;
using testing::refusal_code;

// Rates: a 3/6, b 4/8, both 2/4. Each score is 1/2 + (1/2 - 1/2 - 1/2) / 2 = 1/4.
const std::vector<PathRow> rows{{"a>b>a", 2, 2, 10}, {"a", 1, 1, 4}, {"b", 2, 2, 6}, {"", 1, 0, 3}};

TEST(ShaoLiTest, ARateAndHalfOfWhatThePairAddsToBoth) {
  const Credit credit = shao_li(journeys_of(rows));
  ASSERT_EQ(credit.channels.size(), 2U);
  EXPECT_EQ(credit.model, "shao_li");
  EXPECT_DOUBLE_EQ(credit.channels[0].score.value(), 0.25);
  EXPECT_DOUBLE_EQ(credit.channels[1].score.value(), 0.25);
  EXPECT_EQ(to_conversions(credit.channels[0].conversions.value()), 2.5);
  // By value: a 14/6, b 16/8, both 10/4: a 14/6 - 11/12, b 2 - 11/12, in minor units.
  EXPECT_NEAR(credit.channels[0].value_share.value(), (14.0 / 6 - 11.0 / 12) / (14.0 / 6 + 2 - 22.0 / 12), 1e-12);
  EXPECT_EQ(credit.channels[0].value.value() + credit.channels[1].value.value(), 2000);
  EXPECT_EQ(credit.unattributed_value, 300);
  EXPECT_EQ(to_conversions(credit.unattributed_conversions), 1);
}

TEST(ShaoLiTest, PairsThatNeverMetAddNothingAndOneChannelHasItsRate) {
  const Credit apart = shao_li(journeys_of(std::vector<PathRow>{{"a", 1, 3}, {"b", 1, 1}}));
  EXPECT_DOUBLE_EQ(apart.channels[0].score.value(), 0.25);
  EXPECT_DOUBLE_EQ(apart.channels[1].score.value(), 0.5);
  const Credit alone = shao_li(journeys_of(std::vector<PathRow>{{"a>a", 1, 3}}));
  EXPECT_DOUBLE_EQ(alone.channels[0].score.value(), 0.25);
  EXPECT_DOUBLE_EQ(alone.channels[0].share.value(), 1);
}

TEST(ShaoLiTest, ANegativeScoreIsAFinding) {
  // c converts alone only: with either of the others never, so their rates are lost.
  const Credit credit =
      shao_li(journeys_of(std::vector<PathRow>{{"a>c", 0, 9}, {"a", 1, 20}, {"c", 9, 0}, {"b>a", 0, 9}, {"b", 9, 0}}));
  EXPECT_LT(credit.channels[0].score.value(), 0);
  EXPECT_EQ(credit.channels[0].share, std::nullopt);
  ASSERT_FALSE(credit.findings.empty());
  EXPECT_NE(credit.findings[0].first.find("negative score"), std::string::npos);
}

TEST(ShaoLiTest, StatesThatWereMergedSayTheSame) {
  const std::vector<PathRow> first{rows.begin(), rows.begin() + 2};
  const std::vector<PathRow> second{rows.begin() + 2, rows.end()};
  ShapleyState merged{journeys_of(first)};
  merged.merge(ShapleyState{journeys_of(second)});
  const Credit credit = shao_li(merged).value();
  const Credit whole = shao_li(journeys_of(rows));
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(credit.channels[i].score, whole.channels[i].score);
    EXPECT_EQ(credit.channels[i].value, whole.channels[i].value);
    EXPECT_EQ(credit.channels[i].share_interval, whole.channels[i].share_interval);
  }
  EXPECT_FALSE(shao_li(ShapleyState{}).has_value());
  EXPECT_TRUE(shao_li(Journeys{}).channels.empty());
}

TEST(ShaoLiTest, MoreChannelsThanPairsCanBeCountedOfAreRefused) {
  std::vector<PathRow> many;
  for (int i = 0; i < 2049; ++i) many.push_back({"c" + std::to_string(i), 1});
  const Journeys journeys = journeys_of(many);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(shao_li(journeys)); }), ErrorCode::limit_exceeded);
}

}  // namespace
}  // namespace dealtrail
