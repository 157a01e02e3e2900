// AT.1: half as much for each half-life.
#include "dealtrail/attribution/time_decay.hpp"

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

constexpr std::int64_t day = 86'400'000'000;

// T7, Adobe's worked example: paid search 9 days before, social 6, email and display on the day; half-life 7 days.
TEST(TimeDecay, AdobesExample) {
  const Credit credit = attribution::time_decay(journeys_of(std::vector<TouchRow>{{"s", 0, "paid", 0, 0},
                                                                                  {"s", 3 * day, "social", 0, 0},
                                                                                  {"s", 9 * day, "display", 0, 0},
                                                                                  {"s", 9 * day, "email", 1, 50}}));
  EXPECT_EQ(credited(credit),
            "display 0.337586 = 16.88, email 0.337586 = 16.88, paid 0.138467 = 6.92, social 0.186362 = 9.32, "
            "(unattributed) 0 = 0.00");
  const double expected[]{16.87927557521324, 16.87927557521324, 6.923333269071791, 9.318115580501724};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(*credit.channels[i].share * 50, expected[i], 1e-12);
}

TEST(TimeDecay, WholeHalfLivesAreExactHalves) {
  EXPECT_EQ(
      credited(attribution::time_decay(
          journeys_of(std::vector<TouchRow>{{"s", 0, "a", 0, 0}, {"s", day, "b", 0, 0}, {"s", 2 * day, "c", 1, 7}}),
          1)),
      "a 0.142857 = 1.00, b 0.285714 = 2.00, c 0.571429 = 4.00, (unattributed) 0 = 0.00");
}

TEST(TimeDecay, ATouchTooOldForAnyPartHasNone) {
  EXPECT_EQ(credited(attribution::time_decay(
                journeys_of(std::vector<TouchRow>{{"s", 0, "a", 0, 0}, {"s", 100 * day, "b", 1, 7}}), 1)),
            "a 0 = 0.00, b 1 = 7.00, (unattributed) 0 = 0.00");
}

TEST(TimeDecay, HalfLivesAreChecked) {
  for (const double wrong : {0.0, -1.0, 40'000.0})
    EXPECT_EQ(refusal_code([&] { static_cast<void>(attribution::time_decay_rule(wrong)); }),
              ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
