// AT.8, M1.6: what converting paths look like.
#include "dealtrail/attribution/paths.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"
#include "support/refusal.hpp"
#include "support/touch_rows.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::journeys_of;
using testing::PathRow;
using testing::refusal_code;
using testing::TouchRow;

using Cells = std::vector<std::string>;

// By hand: portal begins three conversions and closes none; search closes all but the one of mail alone.
TEST(Assisted, ThePartsOfChannels) {
  const Journeys journeys = journeys_of(std::vector<PathRow>{
      {"portal>mail>search", 2, 5, 200}, {"portal>search>mail>search", 1, 0, 50}, {"mail", 4, 9, 40}, {"", 3, 0, 1}});
  const Table table = attribution::assisted(journeys);
  EXPECT_EQ(column(table, "channel"), (Cells{"mail", "portal", "search"}));
  EXPECT_EQ(table.integer_at(0, "only"), 4);
  EXPECT_EQ(table.integer_at(1, "first"), 3);
  EXPECT_EQ(table.integer_at(0, "middle"), 3);
  EXPECT_EQ(table.integer_at(2, "middle"), 1);
  EXPECT_EQ(table.integer_at(2, "last"), 3);
  EXPECT_EQ(table.integer_at(2, "assisted"), 0);  // where it helped it closed, too
  EXPECT_EQ(table.integer_at(1, "assisted"), 3);
  EXPECT_TRUE(table.at(1, "assisted_per_closed").is_null());
  EXPECT_EQ(table.at(0, "assisted_per_closed").as_real(), 0.75);
  EXPECT_EQ(attribution::assisted(Journeys{}).rows(), 0);
}

TEST(PathLength, JourneysByTouches) {
  const Table table = attribution::path_length(
      journeys_of(std::vector<PathRow>{{"a>b", 1, 3, 10}, {"b>b", 1, 0, 5}, {"a", 0, 4, 0}, {"", 1, 0, 1}}));
  ASSERT_EQ(table.rows(), 3);
  EXPECT_EQ(table.integer_at(0, "touches"), 0);
  EXPECT_EQ(table.integer_at(1, "journeys"), 4);
  EXPECT_EQ(table.integer_at(2, "conversions"), 2);
  EXPECT_EQ(table.at(2, "conversion_rate").as_real(), 0.4);
}

TEST(TimeLag, WholeDaysFromTheFirstTouch) {
  constexpr std::int64_t day = 86'400'000'000;
  const Table table = attribution::time_lag(journeys_of(std::vector<TouchRow>{
      {"s", 0, "a", 0, 0}, {"s", 3 * day - 1, "b", 1, 10}, {"t", day, "a", 1, 4}, {"u", day, "a", 0, 0}}));
  ASSERT_EQ(table.rows(), 2);
  EXPECT_EQ(table.integer_at(0, "days"), 0);
  EXPECT_EQ(table.integer_at(1, "days"), 2);
  EXPECT_EQ(table.at(0, "cumulative_share").as_real(), 0.5);
  EXPECT_EQ(table.at(1, "cumulative_share").as_real(), 1);
  const Journeys paths = journeys_of(std::vector<PathRow>{{"a", 1, 0, 0}});
  EXPECT_EQ(refusal_code([&] { static_cast<void>(attribution::time_lag(paths)); }), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
