// SP.4: currencies with their decimals.
#include "dealtrail/core/currency.hpp"

#include <type_traits>

#include <gtest/gtest.h>

#include "support/refusal.hpp"

namespace dealtrail {
namespace {

static_assert(sizeof(Currency) == 3 && std::is_trivially_copyable_v<Currency>);
static_assert(decimals(JPY) == 0 && decimals(RUB) == 2 && decimals(KWD) == 3 && decimals(Currency{"CLF"}) == 4);
static_assert(Currency{}.empty() && !RUB.empty());

TEST(CurrencyTest, ReadsACode) {
  EXPECT_EQ(Currency::from_code("RUB"), RUB);
  EXPECT_EQ(Currency::from_code("XYZ").code(), "XYZ");  // a CRM's own code
  EXPECT_EQ(RUB.code(), "RUB");
  EXPECT_EQ(Currency{}.code(), "");
}

TEST(CurrencyTest, RefusesWhatIsNotThreeCapitalLetters) {
  for (const std::string_view code : {"", "RU", "RUBL", "rub", "R B", "R1B", "\xD0\xA0\xD0", "руб"}) {
    EXPECT_EQ(testing::refusal_code([&] { return Currency::from_code(code); }), ErrorCode::invalid_argument) << code;
    EXPECT_FALSE(Currency::find(code)) << code;
  }
  const auto error = testing::refusal_of([] { return Currency::from_code("rub"); });
  EXPECT_STREQ(error.what(), "not a currency code: \"rub\"; expected three capital letters of ISO 4217, such as RUB");
}

TEST(CurrencyTest, IsOrderedByLettersNoneFirst) {
  EXPECT_LT(Currency{}, EUR);
  EXPECT_LT(EUR, RUB);
  EXPECT_LT(RUB, USD);
  EXPECT_NE(Currency{}, RUB);
}

TEST(CurrencyTest, UnknownAndNoneHaveTwoDecimals) {
  EXPECT_EQ(decimals(Currency{}), 2);
  EXPECT_EQ(decimals(Currency::from_code("XYZ")), 2);
  EXPECT_EQ(decimals(Currency::from_code("XAU")), 2);
}

TEST(CurrencyTest, KnowsTheListedOnes) {
  EXPECT_TRUE(is_iso_4217(RUB));
  EXPECT_TRUE(is_iso_4217(Currency{"ZWG"}));
  EXPECT_FALSE(is_iso_4217(Currency{"SKU"}));
  EXPECT_FALSE(is_iso_4217(Currency{}));
}

}  // namespace
}  // namespace dealtrail
