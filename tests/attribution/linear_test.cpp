// AT.1: the same to each touch.
#include "dealtrail/attribution/linear.hpp"

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

TEST(Linear, DividesEachJourneyEqually) {
  // By hand: A 3/3 + 2/2 + 1 + 1/4, B 1 + 1 + 4/3 + 2/4, C 1 + 8/3 + 1/4.
  EXPECT_EQ(credited(attribution::linear(journeys_of(six))),
            "A 3.25 = 295.00, B 3.833333 = 433.33, C 3.916667 = 291.67, (unattributed) 0 = 0.00");
}

TEST(Linear, OddKopecksGoToTheFirstTouches) {
  EXPECT_EQ(credited(attribution::linear(
                journeys_of(std::vector<TouchRow>{{"s", 1, "a", 0, 0}, {"s", 2, "b", 0, 0}, {"s", 3, "c", 1, 1}}))),
            "a 0.333333 = 0.34, b 0.333333 = 0.33, c 0.333333 = 0.33, (unattributed) 0 = 0.00");
}

}  // namespace
}  // namespace dealtrail
