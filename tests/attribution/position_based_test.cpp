// AT.1: shares of the ends and the middle; the two rules for two touches.
#include "dealtrail/attribution/position_based.hpp"

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

TEST(PositionBased, GivesTheEndsTheirShares) {
  const auto journey = journeys_of(std::vector<PathRow>{{"a>b>c>d", 1, 0, 100}});
  EXPECT_EQ(credited(attribution::position_based(journey)),
            "a 0.4 = 40.00, b 0.1 = 10.00, c 0.1 = 10.00, d 0.4 = 40.00, (unattributed) 0 = 0.00");
  EXPECT_EQ(credited(attribution::position_based(journey, attribution::j_shaped)),
            "a 0.2 = 20.00, b 0.1 = 10.00, c 0.1 = 10.00, d 0.6 = 60.00, (unattributed) 0 = 0.00");
  EXPECT_EQ(credited(attribution::position_based(journey, {.first = 0, .last = 0})),
            "a 0 = 0.00, b 0.5 = 50.00, c 0.5 = 50.00, d 0 = 0.00, (unattributed) 0 = 0.00");
}

// Adobe's J and inverse J: 25/75 and 75/25 of two touches; halving the middle gives 30/70.
TEST(PositionBased, OfTwoTouches) {
  const auto journey = journeys_of(std::vector<PathRow>{{"a>b", 1, 0, 100}, {"c", 1, 0, 1}});
  EXPECT_EQ(credited(attribution::position_based(journey, attribution::j_shaped)),
            "a 0.25 = 25.00, b 0.75 = 75.00, c 1 = 1.00, (unattributed) 0 = 0.00");
  EXPECT_EQ(credited(attribution::position_based(journey, attribution::inverse_j_shaped)),
            "a 0.75 = 75.00, b 0.25 = 25.00, c 1 = 1.00, (unattributed) 0 = 0.00");
  EXPECT_EQ(credited(attribution::position_based(journey, {.first = 0.2, .last = 0.6})),
            "a 0.3 = 30.00, b 0.7 = 70.00, c 1 = 1.00, (unattributed) 0 = 0.00");
  EXPECT_EQ(credited(attribution::position_based(journey, {.first = 0, .last = 0})),
            "a 0.5 = 50.00, b 0.5 = 50.00, c 1 = 1.00, (unattributed) 0 = 0.00");
}

// T7: J on the path paid > social > email > display.
TEST(PositionBased, AdobesExample) {
  EXPECT_EQ(credited(attribution::position_based(
                journeys_of(std::vector<PathRow>{{"paid>social>email>display", 1, 0, 50}}), attribution::j_shaped)),
            "display 0.6 = 30.00, email 0.1 = 5.00, paid 0.2 = 10.00, social 0.1 = 5.00, (unattributed) 0 = 0.00");
}

TEST(PositionBased, SharesAreChecked) {
  for (const attribution::PositionBased& wrong :
       {attribution::PositionBased{.first = 0.7, .last = 0.7}, attribution::PositionBased{.first = -0.1},
        attribution::PositionBased{.last = 1.1}}) {
    EXPECT_EQ(refusal_code([&] { static_cast<void>(attribution::position_based_rule(wrong)); }),
              ErrorCode::invalid_argument);
  }
  EXPECT_EQ(attribution::position_based_rule({.first = 0.225, .last = 0.5}).parameters.at(0).second, "0.225");
}

}  // namespace
}  // namespace dealtrail
