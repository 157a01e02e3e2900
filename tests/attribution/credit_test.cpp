// AT.1: the result as a table, with costs.
#include "dealtrail/attribution/credit.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/attribution/linear.hpp"
#include "dealtrail/table/datum_text.hpp"

#include "support/refusal.hpp"
#include "support/touch_rows.hpp"

namespace dealtrail {
namespace {

using testing::journeys_of;
using testing::PathRow;
using testing::refusal_code;

// The six rows of the specification's T8, with value and journeys that did not convert.
const std::vector<PathRow> six{{"A>B>C", 3, 7, 300}, {"B>A", 2, 8, 100},     {"A", 1, 9, 20},
                               {"C>C>B", 4, 6, 100}, {"B>C>A>B", 1, 1, 500}, {"C", 0, 5, 0}};

TEST(Credit, TableHasCostsAndWhatFollows) {
  const Credit made = attribution::linear(journeys_of(six));
  const std::vector<ChannelCost> costs{{"A", 650'00}, {"idle", 10'00}};
  const Table table = made.table(costs);
  ASSERT_EQ(table.rows(), 6);
  const auto cell = [&](std::string_view column, std::int64_t row) { return to_text(table.at(row, column)); };
  EXPECT_EQ(cell("channel", 0), "A");
  EXPECT_NEAR(table.at(0, "cpa").as_real(), 200, 1e-9);
  EXPECT_EQ(cell("channel", 3), "idle");
  EXPECT_EQ(cell("conversions", 3), "0");
  EXPECT_EQ(cell("cost", 5), "660.00");
  EXPECT_EQ(cell("channel", 4), "(unattributed)");
  EXPECT_EQ(cell("conversions", 5), "11");
}

TEST(Credit, AChannelHasOneCost) {
  const Credit made = attribution::linear(journeys_of(six));
  const std::vector<ChannelCost> costs{{"A", 1}, {"A", 2}};
  EXPECT_EQ(refusal_code([&] { static_cast<void>(made.table(costs)); }), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
