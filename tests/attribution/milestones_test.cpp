// AT.1: shares for the touches at milestones.
#include "dealtrail/attribution/milestones.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "attribution/credited.hpp"
#include "attribution/story.hpp"
#include "support/refusal.hpp"
#include "support/touch_rows.hpp"

namespace dealtrail {
namespace {

using testing::credited;
using testing::journeys_of;
using testing::PathRow;
using testing::refusal_code;
using testing::story;

// T11: value 100, touches 1 to 5, first = 1, lead = 3, deal = 5; with a closing touch 6 for the full path.
TEST(Milestones, WAndFullPath) {
  EXPECT_EQ(credited(attribution::w_shaped(story(5, "2026-03-03", "2026-03-05"))),
            "1 0.3 = 30.00, 2 0.05 = 5.00, 3 0.3 = 30.00, 4 0.05 = 5.00, 5 0.3 = 30.00, (unattributed) 0 = 0.00");
  EXPECT_EQ(credited(attribution::full_path(story(6, "2026-03-03", "2026-03-05"))),
            "1 0.225 = 22.50, 2 0.05 = 5.00, 3 0.225 = 22.50, 4 0.05 = 5.00, 5 0.225 = 22.50, 6 0.225 = 22.50, "
            "(unattributed) 0 = 0.00");
  EXPECT_EQ(credited(attribution::u_shaped(story(3, "2026-03-02T12:00", "2026-03-05"))),
            "1 0.4 = 40.00, 2 0.4 = 40.00, 3 0.2 = 20.00, (unattributed) 0 = 0.00");
}

TEST(Milestones, ATouchAtSeveralAddsTheirShares) {
  // First, lead and deal are all at touch 1: 90 % of it, 10 % to the other.
  EXPECT_EQ(credited(attribution::w_shaped(story(2, "2026-03-01", "2026-03-01T12:00"))),
            "1 0.9 = 90.00, 2 0.1 = 10.00, (unattributed) 0 = 0.00");
}

TEST(Milestones, WithoutOtherTouchesTheSharesAreScaledUp) {
  EXPECT_EQ(credited(attribution::w_shaped(story(3, "2026-03-02", "2026-03-03"))),
            "1 0.333333 = 33.34, 2 0.333333 = 33.33, 3 0.333333 = 33.33, (unattributed) 0 = 0.00");
}

TEST(Milestones, OneThatWasNotReachedHasNoShare) {
  // First 30 and deal 30 scaled with the rest of 10: 3/7, 3/7, 1/7.
  EXPECT_EQ(credited(attribution::w_shaped(story(3, "", "2026-03-02"))),
            "1 0.428571 = 42.86, 2 0.428571 = 42.86, 3 0.142857 = 14.28, (unattributed) 0 = 0.00");
}

TEST(Milestones, SharesAndNamesAreChecked) {
  const auto refused = [](const std::vector<attribution::MilestoneShare>& shares) {
    return refusal_code([&] { static_cast<void>(attribution::milestones_rule(shares)); });
  };
  EXPECT_EQ(refused({}), ErrorCode::invalid_argument);
  EXPECT_EQ(refused({{"first", 0.7}, {"last", 0.7}}), ErrorCode::invalid_argument);
  EXPECT_EQ(refused({{"first", 0.1}, {"first", 0.1}}), ErrorCode::invalid_argument);
  const Journeys paths = journeys_of(std::vector<PathRow>{{"a>b", 1, 0, 10}});
  EXPECT_EQ(refusal_code([&] { static_cast<void>(attribution::w_shaped(paths)); }), ErrorCode::invalid_argument);
  EXPECT_EQ(credited(attribution::milestones(paths, {{"first", 0.9}, {"last", 0.1}})),
            "a 0.9 = 9.00, b 0.1 = 1.00, (unattributed) 0 = 0.00");
}

}  // namespace
}  // namespace dealtrail
