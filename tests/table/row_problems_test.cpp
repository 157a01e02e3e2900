// Problems of the rows of a table: counted, with the smallest rows, in any order.
#include "dealtrail/table/row_problems.hpp"

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

const RowProblem lost{"no_time", "error", "at", 0, {}, "rows without a time are left out", "fill it"};
const RowProblem odd{"bad_number", "warning", "value", 0, {}, "amounts that cannot be read", "write numbers"};

TEST(RowProblems, KeepTheFiveSmallestRows) {
  RowProblems problems;
  for (const std::int64_t row : {9, 3, 7, 1, 8, 2, 6}) problems.note(lost, row, "v" + std::to_string(row));
  ASSERT_EQ(problems.list().size(), 1U);
  EXPECT_EQ(problems.list()[0].count, 7);
  const Table table = problems.table();
  EXPECT_EQ(table.text_at(0, "first_rows"), "row 1, row 2, row 3, row 6, row 7");
  EXPECT_EQ(table.text_at(0, "first_values"), "v1, v2, v3, v6, v7");
}

TEST(RowProblems, MergeInAnyOrderToTheSame) {
  RowProblems one;
  RowProblems other;
  one.note(odd, 4, "x");
  one.note(lost, 9);
  other.note(lost, 2);
  other.note_count(odd, 3);
  RowProblems left = one;
  left.merge(other);
  RowProblems right = other;
  right.merge(one);
  EXPECT_EQ(left.table(), right.table());
  const Table table = left.table();
  EXPECT_EQ(table.text_at(0, "code"), "no_time");  // errors first
  EXPECT_EQ(left.left_out(), 2);
  EXPECT_EQ(left.list()[1].count, 4);
  other.note_count(odd, 0);
  EXPECT_EQ(RowProblems{}.table().rows(), 0);
}

}  // namespace
}  // namespace dealtrail
