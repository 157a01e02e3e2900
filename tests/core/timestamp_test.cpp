// SP.4: moments are UTC microseconds.
#include "dealtrail/core/timestamp.hpp"

#include <chrono>
#include <limits>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

static_assert(to_us(from_us(-1)) == -1);
static_assert(to_us(std::chrono::sys_days{std::chrono::year{2026} / 3 / 14}) == 20'526 * us_per_day);

TEST(TimestampTest, HoldsAllOfInt64) {
  for (const std::int64_t us : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(to_us(from_us(us)), us);
  }
  EXPECT_LT(from_us(1), from_us(2));
}

}  // namespace
}  // namespace dealtrail
