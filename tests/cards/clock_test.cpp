// SP.7: the three clocks by which figures are grouped (design §6).
#include "dealtrail/cards/clock.hpp"

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

TEST(ClockTest, NamesAreFound) {
  for (const Clock clock : {Clock::activity, Clock::placement, Clock::approval})
    EXPECT_EQ(find_clock(to_string(clock)), clock);
  EXPECT_EQ(to_string(Clock{}), "activity");
}

TEST(ClockTest, OtherNamesAreNone) {
  EXPECT_FALSE(find_clock("").has_value());
  EXPECT_FALSE(find_clock("Activity").has_value());
  EXPECT_FALSE(find_clock("month").has_value());
}

}  // namespace
}  // namespace dealtrail
