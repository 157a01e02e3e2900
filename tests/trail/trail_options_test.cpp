// SP.7: what figures are stated in.
#include "dealtrail/trail/trail_options.hpp"

#include <string>

#include <gtest/gtest.h>

#include "dealtrail/trail/trail.hpp"

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::refusal_code;

TEST(TrailOptionsTest, TravelInASnapshot) {
  const TrailOptions stated{.zone = Zone::fixed(180), .vat = VatBasis::net, .lookback_days = 30, .max_per_key = 2};
  const Trail restored = Trail::restore(Trail{EUR, stated}.snapshot());
  EXPECT_EQ(restored.currency(), EUR);
  EXPECT_EQ(restored.options().zone, stated.zone);
  EXPECT_EQ(restored.options().vat, VatBasis::net);
  EXPECT_EQ(restored.options().lookback_days, 30);
  EXPECT_EQ(restored.options().max_per_key, 2);
  EXPECT_EQ(Trail{RUB}.options().lookback_days, 90);
}

TEST(TrailOptionsTest, OptionsThatCannotBeAreRefused) {
  EXPECT_EQ(refusal_code([] { Trail{Currency{}}; }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([] { Trail(RUB, {.lookback_days = -1}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([] { Trail(RUB, {.lookback_days = 36'501}); }), ErrorCode::invalid_argument);
  EXPECT_NO_THROW(Trail(RUB, {.lookback_days = 0}));
}

}  // namespace
}  // namespace dealtrail
