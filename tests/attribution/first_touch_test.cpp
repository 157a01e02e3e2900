// AT.1: all to the first touch.
#include "dealtrail/attribution/first_touch.hpp"

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

TEST(FirstTouch, TakesAll) {
  EXPECT_EQ(credited(attribution::first_touch(journeys_of(six))),
            "A 4 = 320.00, B 3 = 600.00, C 4 = 100.00, (unattributed) 0 = 0.00");
}

TEST(FirstTouch, AConversionWithoutTouchesIsNobodys) {
  EXPECT_EQ(credited(attribution::first_touch(journeys_of(std::vector<PathRow>{{"", 2, 0, 7}, {"A", 1, 0, 3}}))),
            "A 1 = 3.00, (unattributed) 2 = 7.00");
}

}  // namespace
}  // namespace dealtrail
