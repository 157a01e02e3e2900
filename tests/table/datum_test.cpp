// SP.5: one cell of any table.
#include "dealtrail/table/datum.hpp"

#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

TEST(DatumTest, DefaultIsNull) {
  EXPECT_TRUE(Datum{}.is_null());
  EXPECT_EQ(Datum{}, Datum::null());
}

TEST(DatumTest, GivesBackWhatWasPutIn) {
  const std::string bytes = "канал";
  EXPECT_EQ(Datum::text(bytes).as_text(), bytes);
  EXPECT_EQ(Datum::text(bytes).as_text().data(), bytes.data());  // borrowed, not copied
  EXPECT_EQ(Datum::integer(-7).as_integer(), -7);
  EXPECT_EQ(Datum::real(0.25).as_real(), 0.25);
  EXPECT_TRUE(Datum::boolean(true).as_boolean());
  EXPECT_FALSE(Datum::boolean(false).as_boolean());
  EXPECT_EQ(Datum::time(5).as_time_us(), 5);
  EXPECT_EQ(Datum::local_time(-5).as_local_time_us(), -5);
}

TEST(DatumTest, DateIsTheMidnightOfItsWallClock) {
  EXPECT_EQ(Datum::date(1).kind(), DatumKind::local_time);
  EXPECT_EQ(Datum::date(1).as_local_time_us(), 86'400'000'000);
  EXPECT_EQ(Datum::date(-1).as_local_time_us(), -86'400'000'000);
}

TEST(DatumTest, DateOutOfRangeIsOverflow) {
  try {
    (void)Datum::date(std::numeric_limits<std::int32_t>::max());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::overflow);
  }
}

TEST(DatumTest, DecimalKeepsAllOf128Bits) {
  const Int128 wide = (static_cast<Int128>(1) << 100) + 12345;
  for (const Int128 mantissa : {wide, -wide, Int128{0}, Int128{-1}, Int128{120450}}) {
    EXPECT_TRUE(Datum::decimal(mantissa, 2).as_decimal() == (Decimal{mantissa, 2}));
  }
  EXPECT_EQ(Datum::decimal(Int128{15}, -3).as_decimal().scale, -3);
}

TEST(DatumTest, NotANumberIsNotNull) {
  const Datum nan = Datum::real(std::nan(""));
  EXPECT_FALSE(nan.is_null());
  EXPECT_EQ(nan, nan);
  EXPECT_NE(nan, Datum::null());
}

TEST(DatumTest, EqualityNeedsTheSameKindAndWords) {
  EXPECT_NE(Datum::integer(1), Datum::boolean(true));
  EXPECT_NE(Datum::time(1), Datum::local_time(1));
  EXPECT_NE(Datum::decimal(15, 1), Datum::decimal(150, 2));
  EXPECT_EQ(Datum::text("a"), Datum::text(std::string("a")));
  EXPECT_NE(Datum::real(0.0), Datum::real(-0.0));
}

TEST(DatumTest, ReadingAnotherKindIsRefused) {
  try {
    (void)Datum::integer(1).as_text();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::type_mismatch);
    EXPECT_NE(std::string(error.what()).find("integer, not text"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace dealtrail
