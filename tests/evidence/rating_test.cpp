// A rating of partners (M2.6): fair to small ones, ranks with intervals, the likeliest cause of each ineffective one.
#include "dealtrail/evidence/rating.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

#include "evidence/draws.hpp"
#include "support/facts.hpp"
#include "support/refusal.hpp"

namespace dealtrail::evidence {
namespace {

using dealtrail::testing::count;
using dealtrail::testing::gamma_of_mean_one;
using dealtrail::testing::refusal_of;

// A year: 5 leads a month, of which 40 % become deals of 10 000.
RatingFacts partner(const std::string& key, std::int64_t leads = 60, std::int64_t converted = 24) {
  RatingFacts made{.key = key};
  for (int m = 0; m < 12; ++m) {
    const std::int64_t won = converted / 12 + (m < converted % 12 ? 1 : 0);
    made.months.push_back(1);
    made.won.push_back(won);
    made.revenue_minor.push_back(won * 1'000'000);
  }
  made.leads = made.leads_over = leads;
  made.leads_converted = converted;
  made.meetings = 24;
  made.trainings = 1;
  made.payout_minor = converted * 100'000;
  return made;
}

std::vector<RatingFacts> seven() {
  std::vector<RatingFacts> all;
  for (const char* key : {"a", "b", "c", "d", "e", "f", "g"}) all.push_back(partner(key));
  return all;
}

const Rated& row_of(const Ratings& made, const std::string& key) {
  const auto found = std::find_if(made.rows.begin(), made.rows.end(), [&](const Rated& row) { return row.key == key; });
  EXPECT_NE(found, made.rows.end()) << key;
  return *found;
}

TEST(RatingTest, EachCauseHasItsFigureAndItsCure) {
  std::vector<RatingFacts> all = seven();
  RatingFacts poor = partner("poor leads", 60, 4);
  RatingFacts idle = partner("idle", 10, 4);
  idle.meetings = 1;
  RatingFacts cheap = partner("cheap", 60, 12);
  cheap.payout_minor = 0;
  all.insert(all.end(), {poor, idle, cheap});
  Ratings made = rating(all, RUB);
  EXPECT_EQ(row_of(made, "poor leads").cause, "leads");
  EXPECT_EQ(row_of(made, "poor leads").figure.find("7 % of 60 leads became deals, elsewhere 3"), 0U);
  EXPECT_EQ(row_of(made, "poor leads").cure, "requirements and qualification");
  EXPECT_EQ(row_of(made, "idle").cause, "activity");
  EXPECT_EQ(row_of(made, "idle").figure.find("0.833 leads a month, elsewhere 5; 0.0833 meetings a month"), 0U);
  EXPECT_EQ(row_of(made, "idle").cure, "support and bonuses");
  EXPECT_EQ(row_of(made, "cheap").cause, "terms");
  EXPECT_EQ(row_of(made, "cheap").figure, "commission and bonus are 0 % of revenue, elsewhere 10 %");
  EXPECT_EQ(row_of(made, "cheap").cure, "commission, discounts, simpler payout");
  EXPECT_FALSE(row_of(made, "a").ineffective);
  EXPECT_TRUE(row_of(made, "a").cause.empty());

  // A few without any training, who bring half of what the others bring from the same leads and terms.
  all = seven();
  for (const char* key : {"x", "y", "z"}) {
    all.push_back(partner(key, 60, 24));
    for (std::int64_t& won : all.back().won) won = 1;
    for (std::int64_t& amount : all.back().revenue_minor) amount = 600'000;
    all.back().payout_minor = 12 * 60'000;
    all.back().trainings = 0;
  }
  made = rating(all, RUB);
  EXPECT_EQ(row_of(made, "y").cause, "training");
  EXPECT_EQ(row_of(made, "y").figure, "no training cost or milestone; 7 of 9 others have one");
  EXPECT_EQ(row_of(made, "y").cure, "trainings, knowledge base, consultations");
}

TEST(RatingTest, SmallOnesAreDrawnToThePoolAndTold) {
  std::vector<RatingFacts> all = seven();
  RatingFacts lucky{.key = "lucky", .months = {1}, .won = {5}, .revenue_minor = {5'000'000}, .leads = 5};
  all.push_back(lucky);
  const Ratings made = rating(all, RUB, {.metric = "won_per_month"});
  const Rated& row = row_of(made, "lucky");
  EXPECT_DOUBLE_EQ(*row.value, 5);
  EXPECT_LT(*row.shrunk, 4);
  EXPECT_GT(*row.shrunk, 2);
  EXPECT_LT(*row.weight_own, *row_of(made, "a").weight_own);
  EXPECT_GT(*row.rank_high, 1);
  EXPECT_GT(*row.high - *row.low, *row_of(made, "a").high - *row_of(made, "a").low);
  EXPECT_EQ(made.table().rows(), 8);
}

TEST(RatingTest, OrderAndUnitsOfMoneyChangeNothing) {
  std::vector<RatingFacts> all = seven();
  for (std::size_t i = 0; i < all.size(); ++i) all[i].revenue_minor[i] *= static_cast<std::int64_t>(i + 2);
  const Ratings made = rating(all, RUB);
  std::reverse(all.begin(), all.end());
  for (RatingFacts& one : all) {
    for (std::int64_t& amount : one.revenue_minor) amount *= 1'000'000;
    one.payout_minor *= 1'000'000;
  }
  const Ratings other = rating(all, RUB);
  ASSERT_EQ(made.rows.size(), other.rows.size());
  for (std::size_t i = 0; i < made.rows.size(); ++i) {
    EXPECT_EQ(made.rows[i].key, other.rows[i].key);
    EXPECT_NEAR(*made.rows[i].shrunk * 1e6, *other.rows[i].shrunk, 1e-6 * *other.rows[i].shrunk);
    EXPECT_EQ(made.rows[i].rank_low, other.rows[i].rank_low);
    EXPECT_EQ(made.rows[i].rank_high, other.rows[i].rank_high);
  }
}

TEST(RatingTest, IntervalsOfFiguresAndOfRanksCover) {
  constexpr int worlds = 150;
  constexpr int keys = 12;
  int figures = 0;
  int ranks = 0;
  double wide = 0;
  for (int world = 0; world < worlds; ++world) {
    Random random{static_cast<std::uint64_t>(world)};
    std::vector<double> truth;
    std::vector<RatingFacts> all;
    for (int i = 0; i < keys; ++i) {
      truth.push_back(3 * gamma_of_mean_one(random, 6));
      RatingFacts one{.key = std::string(1, static_cast<char>('a' + i))};
      const std::int64_t months = random.uniform_int(2, 24);
      for (std::int64_t m = 0; m < months; ++m) {
        one.months.push_back(1);
        one.won.push_back(count(random, truth.back()));
        one.revenue_minor.push_back(0);
      }
      all.push_back(std::move(one));
    }
    const Ratings made = rating(all, RUB, {.metric = "won_per_month"});
    for (const Rated& row : made.rows) {
      const double own = truth[static_cast<std::size_t>(row.key[0] - 'a')];
      const auto rank = 1 + std::count_if(truth.begin(), truth.end(), [&](double other) { return other > own; });
      figures += *row.low <= own && own <= *row.high ? 1 : 0;
      ranks += *row.rank_low <= rank && rank <= *row.rank_high ? 1 : 0;
      wide += static_cast<double>(*row.rank_high - *row.rank_low + 1) / (worlds * keys);
    }
  }
  const double all = worlds * keys;
  RecordProperty("figures", std::to_string(figures / all));
  RecordProperty("ranks", std::to_string(ranks / all));
  EXPECT_GE(figures / all, 0.87);
  EXPECT_LE(figures / all, 0.93);
  EXPECT_GE(ranks / all, 0.88);  // ranks are whole: their intervals hold a little more
  EXPECT_LE(ranks / all, 0.97);
  EXPECT_LT(wide, 8);  // of 12: they do tell something
}

TEST(RatingTest, NothingToCompareWithAndRowsThatCannotBe) {
  EXPECT_TRUE(rating(std::vector<RatingFacts>{}, RUB).rows.empty());
  const Ratings one = rating({partner("only")}, RUB);
  EXPECT_EQ(one.rows[0].rank_low, 1);
  EXPECT_EQ(one.rows[0].rank_high, 1);
  EXPECT_EQ(one.rows[0].p_below, std::nullopt);
  EXPECT_FALSE(one.rows[0].ineffective);
  std::vector<RatingFacts> nothing(2);
  nothing[1].key = "b";
  EXPECT_EQ(rating(nothing, RUB).rows[0].value, std::nullopt);
  const auto error_of = [](RatingFacts row) {
    return refusal_of([&] { (void)rating({partner("a"), row}, RUB); }).code();
  };
  EXPECT_EQ(error_of(partner("a")), ErrorCode::invalid_argument);
  RatingFacts bad = partner("b");
  bad.months[0] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(error_of(bad), ErrorCode::invalid_argument);
  bad = partner("b");
  bad.won[0] = -1;
  EXPECT_EQ(error_of(bad), ErrorCode::invalid_argument);
  const auto refused = [](const RatingOptions& options) {
    return refusal_of([&] { (void)rating(seven(), RUB, options); }).code();
  };
  EXPECT_EQ(refused({.metric = "colour"}), ErrorCode::unknown_name);
  EXPECT_EQ(refused({.by = "creative"}), ErrorCode::unknown_name);
  EXPECT_EQ(refused({.certainty = 2}), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail::evidence
