// AT.1: all to everybody who took part.
#include "dealtrail/attribution/participation.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "attribution/credited.hpp"
#include "support/refusal.hpp"
#include "support/touch_rows.hpp"

namespace dealtrail {
namespace {

using testing::credited;
using testing::journeys_of;
using testing::PathRow;
using testing::refusal_code;
using testing::TouchRow;

// The six rows of the specification's T8, with value and journeys that did not convert.
const std::vector<PathRow> six{{"A>B>C", 3, 7, 300}, {"B>A", 2, 8, 100},     {"A", 1, 9, 20},
                               {"C>C>B", 4, 6, 100}, {"B>C>A>B", 1, 1, 500}, {"C", 0, 5, 0}};

TEST(Participation, CreditsEachChannelInFullAndCountsTheTotalOnce) {
  const Credit credit = attribution::participation(journeys_of(six));
  EXPECT_EQ(credited(credit), "A 7 = 920.00, B 10 = 1000.00, C 8 = 900.00, (unattributed) 0 = 0.00");
  EXPECT_EQ(credit.total_conversions, 11);
  EXPECT_EQ(credit.total_value, 1020'00);
}

}  // namespace
}  // namespace dealtrail
