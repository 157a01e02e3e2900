// SP.4, SP.5: decimals become money exactly or not at all.
#include "dealtrail/core/decimal.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

static_assert(to_units(Decimal{1250, 2}, 2) == 1250);
static_assert(to_units(Decimal{125, 1}, 2) == 1250);

TEST(DecimalTest, UnitsAreExact) {
  EXPECT_EQ(to_units({12'500, 3}, 2), 1250);
  EXPECT_FALSE(to_units({12'501, 3}, 2));  // a tenth of a kopeck is not money
  EXPECT_EQ(to_units({-12'500, 3}, 2), -1250);
  EXPECT_EQ(to_units({5, -3}, 2), 500'000);
  EXPECT_EQ(to_units({1250, 2}, -1), std::nullopt);
  EXPECT_EQ(to_units({1000, 2}, -1), 1);
  EXPECT_EQ(to_units({0, 1'000'000}, 2), 0);
}

TEST(DecimalTest, WhatDoesNotFitIsNothing) {
  EXPECT_EQ(to_units({greatest, 0}, 0), greatest);
  EXPECT_EQ(to_units({least, 0}, 0), least);
  EXPECT_FALSE(to_units({Int128{greatest} + 1, 0}, 0));
  EXPECT_FALSE(to_units({Int128{least} - 1, 0}, 0));
  EXPECT_FALSE(to_units({greatest, 0}, 1));
  EXPECT_FALSE(to_units({1, 0}, 38));
  EXPECT_FALSE(to_units({1, std::numeric_limits<std::int32_t>::min()}, 2));
  EXPECT_FALSE(to_units({1, std::numeric_limits<std::int32_t>::max()}, 2));
  EXPECT_EQ(to_units({detail::power_of_ten(38), 38}, 0), 1);
}

TEST(DecimalTest, IsPrintedWithAllItsDigits) {
  EXPECT_EQ(to_text(Decimal{1250, 2}), "12.50");
  EXPECT_EQ(to_text(Decimal{-5, 2}), "-0.05");
  EXPECT_EQ(to_text(Decimal{5, -2}), "500");
  EXPECT_EQ(to_text(Decimal{0, 0}), "0");
  EXPECT_EQ(to_text(Decimal{0, -2}), "0");
  const Int128 lowest = -(detail::power_of_ten(38) - 1) - 1;
  EXPECT_EQ(to_text(Decimal{lowest, 0}), "-1" + std::string(38, '0'));
}

}  // namespace
}  // namespace dealtrail
