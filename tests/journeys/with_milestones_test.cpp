// AT.1: milestones of a second table, by hand; what is refused.
#include "dealtrail/journeys/with_milestones.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/timestamp.hpp"

#include "support/refusal.hpp"
#include "support/touch_rows.hpp"
#include "table/arrow_arrays.hpp"

namespace dealtrail {
namespace {

using testing::journeys_of;
using testing::PathRow;
using testing::refusal_code;
using testing::TouchRow;

struct Reached {
  std::optional<std::string> subject;
  std::optional<std::string> kind;
  std::int64_t at = 0;
};

TableInput table_of(const std::vector<Reached>& rows) {
  std::vector<std::optional<std::string>> subjects;
  std::vector<std::optional<std::string>> kinds;
  std::vector<std::int64_t> times;
  for (const Reached& row : rows) {
    subjects.push_back(row.subject);
    kinds.push_back(row.kind);
    times.push_back(row.at);
  }
  const test::Node whole =
      test::batch({test::texts("u", subjects).named("subject"), test::texts("u", kinds).named("kind"),
                   test::numbers<std::int64_t>("tsu:UTC", times).named("at")});
  std::vector<OwnedArray> batches;
  batches.push_back(test::make_array(whole));
  return TableInput::from_batches(test::make_schema(whole), std::move(batches), "milestones");
}

// Ann converts at 4 and at 8; at 9 she is touched for nothing. Bob never converts.
const std::vector<TouchRow> rows{{"ann", 1, "mail"},      {"ann", 4, "portal", 1, 10}, {"ann", 6, "mail"},
                                 {"ann", 8, "sms", 1, 5}, {"ann", 9, "mail"},          {"bob", 3, "mail"}};

TEST(WithMilestonesTest, AConversionHasTheEarliestAfterTheOneBeforeItAndNotAfterItself) {
  const Journeys journeys = with_milestones(journeys_of(rows), table_of({{"ann", "lead_created", 3},
                                                                         {"ann", "lead_created", 2},
                                                                         {"ann", "deal_created", 4},
                                                                         {"ann", "lead_created", 8},
                                                                         {"ann", "deal_created", 9},
                                                                         {"bob", "lead_created", 1}}));
  const Table table = journeys.table();
  ASSERT_EQ(table.rows(), 4);
  EXPECT_EQ(table.time_at(0, "lead_created_at"), from_us(2));
  EXPECT_EQ(table.time_at(0, "deal_created_at"), from_us(4));
  EXPECT_EQ(table.time_at(1, "lead_created_at"), from_us(8));
  EXPECT_EQ(table.time_at(1, "deal_created_at"), std::nullopt);
  EXPECT_EQ(table.time_at(2, "deal_created_at"), std::nullopt);
  EXPECT_EQ(table.time_at(3, "lead_created_at"), std::nullopt);
  EXPECT_EQ(Journeys::from_bytes(journeys.to_bytes()), journeys);
}

TEST(WithMilestonesTest, RowsThatCannotBeUsedAreCounted) {
  const Journeys journeys = with_milestones(
      journeys_of(rows), table_of({{std::nullopt, "won", 1}, {"ann", "", 1}, {"ann", "other", 1}, {"eve", "won", 1}}),
      {.kinds = {"won"}});
  const Table problems = journeys.problems();
  std::string codes;
  for (std::int64_t row = 0; row < problems.rows(); ++row) {
    codes +=
        std::string{*problems.text_at(row, "code")} + ' ' + std::string{*problems.text_at(row, "first_rows")} + "; ";
  }
  EXPECT_EQ(codes,
            "milestone_without_subject row 0; milestone_without_kind row 1; other_milestone row 2; "
            "milestone_of_nobody row 3; ");
}

TEST(WithMilestonesTest, OnlyJourneysOfTouchesAndNamesThatCanBeMilestones) {
  const TableInput none = table_of({});
  const auto code = [&](const Journeys& journeys, std::vector<std::string> kinds) {
    return refusal_code([&] { static_cast<void>(with_milestones(journeys, none, {.kinds = std::move(kinds)})); });
  };
  EXPECT_EQ(code(journeys_of(std::vector<PathRow>{{"a"}}), {"won"}), ErrorCode::invalid_argument);
  EXPECT_EQ(code(Journeys{}, {"won"}), ErrorCode::invalid_argument);
  EXPECT_EQ(code(with_milestones(journeys_of(rows), none), {"won"}), ErrorCode::invalid_argument);
  EXPECT_EQ(code(journeys_of(rows), {}), ErrorCode::invalid_argument);
  EXPECT_EQ(code(journeys_of(rows), {"last"}), ErrorCode::invalid_argument);
  EXPECT_EQ(code(journeys_of(rows), {"won", "won"}), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(with_milestones(journeys_of(rows), none, {.kind = "what"})); }),
            ErrorCode::missing_column);
}

}  // namespace
}  // namespace dealtrail
