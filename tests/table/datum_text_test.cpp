#include "dealtrail/table/datum_text.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace {

using dealtrail::Datum;
using dealtrail::to_text;

// SP.5: what machines read back, so nothing is grouped, shortened or translated.
TEST(DatumTextTest, EverySortOfCellIsWrittenOut) {
  EXPECT_EQ(to_text(Datum::null()), "");
  EXPECT_EQ(to_text(Datum::text("Афиша; \"A\"")), "Афиша; \"A\"");
  EXPECT_EQ(to_text(Datum::integer(std::numeric_limits<std::int64_t>::min())), "-9223372036854775808");
  EXPECT_EQ(to_text(Datum::real(0.1)), "0.1");
  EXPECT_EQ(to_text(Datum::boolean(true)), "true");
  EXPECT_EQ(to_text(Datum::decimal(-120'450, 2)), "-1204.50");
  // 86 400 s after the epoch, and the same on a wall clock.
  EXPECT_EQ(to_text(Datum::time(86'400'000'000)), "1970-01-02T00:00:00Z");
  EXPECT_EQ(to_text(Datum::local_time(86'400'000'000)), "1970-01-02T00:00:00");
}

}  // namespace
