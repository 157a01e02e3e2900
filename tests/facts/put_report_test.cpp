// SP.7, "Bad input": every row that is not kept is counted with the reason, grouped.
#include "dealtrail/facts/put_report.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

TEST(PutReportTest, AnEmptyOneSaysNothing) {
  const PutReport report;
  EXPECT_EQ(report.total().read, 0);
  EXPECT_TRUE(report.problems().empty());
  EXPECT_EQ(report.counts_table().rows(), 0);
  EXPECT_EQ(report.problems_table().rows(), 0);
}

TEST(PutReportTest, WhatIsReadIsEitherPutOrLeftOut) {
  PutReport report;
  report.count(Kind::deals, true);
  report.count(Kind::deals, true);
  report.count(Kind::deals, false);
  report.count(Kind::channels, true);
  EXPECT_EQ(report.of(Kind::deals).read, 3);
  EXPECT_EQ(report.of(Kind::deals).put, 2);
  EXPECT_EQ(report.of(Kind::deals).left_out, 1);
  EXPECT_EQ(report.of(Kind::events).read, 0);
  EXPECT_EQ(report.total().read, report.total().put + report.total().left_out);
  const Table counts = report.counts_table();
  ASSERT_EQ(counts.rows(), 2);  // kinds without rows are not shown; the others in the order of their declaration
  EXPECT_EQ(counts.text_at(0, "kind"), "channels");
  EXPECT_EQ(counts.text_at(1, "kind"), "deals");
  EXPECT_EQ(counts.integer_at(1, "read"), 3);
  EXPECT_EQ(counts.integer_at(1, "put"), 2);
  EXPECT_EQ(counts.integer_at(1, "left_out"), 1);
}

TEST(PutReportTest, ProblemsAreGroupedAndShowTheFirstFiveIds) {
  PutReport report;
  for (int i = 0; i < 490; ++i)
    report.note("bad_time", Kind::deals, "created_at", "d" + std::to_string(i), "not a time", "mend it");
  report.note("bad_time", Kind::deals, "closed_at", "x", "not a time", "mend it");
  report.note("unknown_column", Kind::deals, "colour", "all rows", "kept out", "declare it", false);
  EXPECT_TRUE(report.has("error"));
  EXPECT_TRUE(report.has("warning"));
  EXPECT_FALSE(report.has("info"));
  const auto problems = report.problems();
  ASSERT_EQ(problems.size(), 3U);  // by kind, code, column
  EXPECT_EQ(problems[0].column, "closed_at");
  EXPECT_EQ(problems[1].column, "created_at");
  EXPECT_EQ(problems[1].count, 490);
  EXPECT_EQ(problems[1].first_ids, (std::vector<std::string>{"d0", "d1", "d2", "d3", "d4"}));
  EXPECT_TRUE(problems[1].left_out);
  EXPECT_FALSE(problems[2].left_out);
  const Table table = report.problems_table();
  EXPECT_EQ(table.text_at(1, "first_ids"), "d0, d1, d2, d3, d4");
  EXPECT_EQ(table.boolean_at(2, "left_out"), false);
  EXPECT_EQ(table.text_at(2, "hint"), "declare it");
}

TEST(PutReportTest, ReportsOfSeveralBatchesAddUp) {
  PutReport one;
  PutReport other;
  for (const char* id : {"a", "b", "c"}) one.note("bad_choice", Kind::channels, "state", id, "m", "c");
  for (const char* id : {"d", "e", "f"}) other.note("bad_choice", Kind::channels, "state", id, "m", "c");
  other.note("missing_field", Kind::channels, "name", "g", "m", "c");
  one.count(Kind::channels, false);
  other.count(Kind::channels, true);
  one.merge(other);
  EXPECT_EQ(one.of(Kind::channels).read, 2);
  ASSERT_EQ(one.problems().size(), 2U);
  EXPECT_EQ(one.problems()[0].count, 6);
  EXPECT_EQ(one.problems()[0].first_ids, (std::vector<std::string>{"a", "b", "c", "d", "e"}));
  EXPECT_EQ(one.problems()[1].code, "missing_field");
}

}  // namespace
}  // namespace dealtrail
