// AT.9: each subject converts once; what is left out is counted.
#include "dealtrail/journeys/first_conversions.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/journeys/path_transforms.hpp"

#include "support/refusal.hpp"
#include "support/touch_rows.hpp"

namespace dealtrail {
namespace {

using testing::journeys_of;
using testing::PathRow;
using testing::refusal_code;
using testing::TouchRow;

// Ann buys at her second touch and again at her fourth, her fifth leads nowhere; Bob never buys.
const std::vector<TouchRow> rows{{"ann", 1, "mail"},       {"ann", 2, "portal", 1, 10}, {"ann", 3, "sms"},
                                 {"ann", 4, "mail", 1, 5}, {"ann", 5, "portal"},        {"bob", 9, "mail"}};

TEST(FirstConversionsTest, LaterConversionsAndJourneysAreLeftOutAndCounted) {
  const Journeys first = first_conversions(journeys_of(rows));
  const Table table = first.table();
  ASSERT_EQ(table.rows(), 2);
  EXPECT_EQ(table.text_at(0, "path"), "mail > portal");
  EXPECT_EQ(table.minor_at(0, "value"), 1000);
  EXPECT_EQ(table.text_at(1, "subject"), "bob");
  EXPECT_EQ(first.channels().size(), 2U);  // the message led to nothing that counts
  const Table problems = first.problems();
  ASSERT_EQ(problems.rows(), 2);
  EXPECT_EQ(problems.text_at(0, "code"), "repeat_conversion");
  EXPECT_EQ(problems.text_at(1, "code"), "after_first_conversion");
  EXPECT_EQ(problems.integer_at(1, "count"), 1);
  EXPECT_EQ(table.meta("repeat_conversions"), "left out");
  EXPECT_EQ(first_conversions(first), first);
  EXPECT_EQ(Journeys::from_bytes(first.to_bytes()), first);
}

TEST(FirstConversionsTest, WhatLiesBeforeTheWindowOfTheFirstConversionStays) {
  TouchOptions options = testing::with_values;
  options.lookback_days = 1;
  const TableInput table =
      testing::table_of({{"ann", 0, "early"}, {"ann", 2 * us_per_day, "end", 1}, {"ann", 2 * us_per_day, "equal"}});
  const Journeys first = first_conversions(Journeys::from_touches(table, options));
  ASSERT_EQ(first.size(), 2U);  // a touch at the time of the conversion comes before it
  EXPECT_EQ(first.channels().size(), 3U);
}

TEST(FirstConversionsTest, TheTimeOfTheConversionCountsAlsoWhenItsTouchIsGone) {
  const std::vector<std::string> portal{"portal"};
  const Journeys first = first_conversions(exclude(journeys_of(rows), portal));
  const Table table = first.table();
  ASSERT_EQ(table.rows(), 3);  // ann's last journey has no touch that could say when it was
  EXPECT_EQ(table.integer_at(0, "conversions").value() + table.integer_at(1, "conversions").value(), 1);
}

TEST(FirstConversionsTest, NothingStaysNothingAndPathsAreRefused) {
  EXPECT_EQ(first_conversions(Journeys{}), Journeys{});
  EXPECT_EQ(first_conversions(journeys_of(std::vector<TouchRow>{})).size(), 0U);
  const Journeys paths = journeys_of(std::vector<PathRow>{{"a>b"}});
  EXPECT_EQ(refusal_code([&] { static_cast<void>(first_conversions(paths)); }), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
