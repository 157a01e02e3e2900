// AT.1: all to the last touch, but for channels that are passed over.
#include "dealtrail/attribution/last_touch.hpp"

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

TEST(LastTouch, TakesAll) {
  EXPECT_EQ(credited(attribution::last_touch(journeys_of(six))),
            "A 3 = 120.00, B 5 = 600.00, C 3 = 300.00, (unattributed) 0 = 0.00");
}

TEST(LastTouch, PassesOverWhatIsExceptedUnlessItIsAlone) {
  const Credit credit = attribution::last_touch(journeys_of(six), {"A", "C", "nobody"});
  EXPECT_EQ(credited(credit), "A 1 = 20.00, B 10 = 1000.00, C 0 = 0.00, (unattributed) 0 = 0.00");
  EXPECT_EQ(credit.parameters.at(0).second, "A, C, nobody");
}

}  // namespace
}  // namespace dealtrail
