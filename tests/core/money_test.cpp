// SP.4, law 3: every kopeck once; overflow is an error, never a wrap.
#include "dealtrail/core/money.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "support/refusal.hpp"

namespace dealtrail {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

TEST(MoneyTest, AddsAndSubtractsWithinACurrency) {
  Money amount{120'450, RUB};
  EXPECT_EQ(amount + (Money{50, RUB}), (Money{120'500, RUB}));
  EXPECT_EQ(amount - (Money{120'451, RUB}), (Money{-1, RUB}));
  EXPECT_EQ(-amount, (Money{-120'450, RUB}));
  amount += Money{1, RUB};
  amount -= Money{2, RUB};
  EXPECT_EQ(amount, (Money{120'449, RUB}));
}

TEST(MoneyTest, CurrenciesNeverMix) {
  EXPECT_NE((Money{1, RUB}), (Money{1, USD}));
  EXPECT_NE((Money{0, RUB}), Money{});
  EXPECT_EQ(testing::refusal_code([] { return Money{1, RUB} + Money{1, USD}; }), ErrorCode::currency_mismatch);
  EXPECT_EQ(testing::refusal_code([] { return Money{1, RUB} - Money{}; }), ErrorCode::currency_mismatch);
  EXPECT_STREQ(testing::refusal_of([] { return Money{1, RUB} + Money{2, JPY}; }).what(),
               "amounts of two currencies: 0.01 RUB and 2 JPY; convert one of them by a named rate first");
}

TEST(MoneyTest, NothingWraps) {
  const auto code = [](auto call) { return testing::refusal_code(call); };
  EXPECT_EQ(code([] { return Money{greatest, RUB} + Money{1, RUB}; }), ErrorCode::overflow);
  EXPECT_EQ(code([] { return Money{least, RUB} - Money{1, RUB}; }), ErrorCode::overflow);
  EXPECT_EQ(code([] { return -Money{least, RUB}; }), ErrorCode::overflow);
  EXPECT_EQ(code([] { return checked_add(least, -1); }), ErrorCode::overflow);
  EXPECT_EQ(code([] { return checked_multiply(least, -1); }), ErrorCode::overflow);
  EXPECT_EQ(code([] { return checked_multiply(std::int64_t{1} << 32, std::int64_t{1} << 31); }), ErrorCode::overflow);
  EXPECT_EQ(checked_add(least, greatest), -1);
  EXPECT_EQ(checked_multiply(std::int64_t{-1} * (std::int64_t{1} << 32), std::int64_t{1} << 31), least);
}

TEST(MoneyTest, IsPrintedExactly) {
  EXPECT_EQ(to_text(Money{120'450, RUB}), "1204.50 RUB");
  EXPECT_EQ(to_text(Money{-5, RUB}), "-0.05 RUB");
  EXPECT_EQ(to_text(Money{7, JPY}), "7 JPY");
  EXPECT_EQ(to_text(Money{7, KWD}), "0.007 KWD");
  EXPECT_EQ(to_text(Money{7, {}}), "0.07");
  EXPECT_EQ(to_decimal_text(least, 2), "-92233720368547758.08");
  EXPECT_EQ(to_decimal_text(greatest, 0), "9223372036854775807");
  EXPECT_EQ(to_decimal_text(least, 18), "-9.223372036854775808");
  EXPECT_EQ(to_decimal_text(0, 2), "0.00");
  EXPECT_EQ(testing::refusal_code([] { return to_decimal_text(1, 19); }), ErrorCode::invalid_argument);
  EXPECT_EQ(testing::refusal_code([] { return to_decimal_text(1, -1); }), ErrorCode::invalid_argument);
}

TEST(MoneySumTest, ASumMayLeave64BitsAndComeBack) {
  MoneySum sum;
  EXPECT_EQ(sum.total(), 0);
  for (int i = 0; i < 3; ++i) sum.add(greatest);
  EXPECT_FALSE(sum.fits());
  EXPECT_EQ(testing::refusal_code([&] { return sum.total(); }), ErrorCode::overflow);
  EXPECT_EQ(testing::refusal_code([&] { return sum.total(RUB); }), ErrorCode::overflow);
  EXPECT_DOUBLE_EQ(sum.approximate(), 3 * 0x1p63);
  sum.subtract(greatest);
  sum.subtract(greatest);
  EXPECT_EQ(sum.total(RUB), (Money{greatest, RUB}));
}

TEST(MoneySumTest, TheEdgesOf64BitsFit) {
  MoneySum sum{least};
  EXPECT_EQ(sum.total(), least);
  EXPECT_EQ(sum.sign(), -1);
  sum.subtract(1);
  EXPECT_FALSE(sum.fits());
  MoneySum other{greatest};
  EXPECT_EQ(other.total(), greatest);
  EXPECT_EQ(other.sign(), 1);
  other.add(1);
  EXPECT_FALSE(other.fits());
  other.merge(sum);  // 2^63 + (-2^63 - 1)
  EXPECT_EQ(other.total(), -1);
  EXPECT_EQ(MoneySum{}.sign(), 0);
}

TEST(MoneySumTest, MergesAndTakesApart) {
  MoneySum one{5};
  one.merge(MoneySum{-7});
  EXPECT_EQ(one.total(), -2);
  one.subtract(MoneySum{-7});
  EXPECT_EQ(one, MoneySum{5});
  EXPECT_LT(MoneySum{-1}, MoneySum{});
}

TEST(MoneySumTest, HalvesCarryAll128Bits) {
  // -1 is all ones in both halves; 2^64 is one in the high half.
  EXPECT_EQ(MoneySum{-1}.high(), -1);
  EXPECT_EQ(MoneySum{-1}.low(), std::numeric_limits<std::uint64_t>::max());
  MoneySum sum = MoneySum::from_halves(1, 0);
  sum.subtract(greatest);
  sum.subtract(greatest);
  EXPECT_EQ(sum.total(), 2);
  const MoneySum large = MoneySum::from_halves(greatest, 3);
  EXPECT_EQ(MoneySum::from_halves(large.high(), large.low()), large);
}

TEST(MoneySumTest, Beyond128BitsIsAnErrorThatChangesNothing) {
  const MoneySum large = MoneySum::from_halves(greatest, std::numeric_limits<std::uint64_t>::max());
  MoneySum sum = large;
  EXPECT_EQ(testing::refusal_code([&] { sum.merge(MoneySum{1}); }), ErrorCode::overflow);
  EXPECT_EQ(sum, large);
  const MoneySum small = MoneySum::from_halves(least, 0);
  sum = small;
  EXPECT_EQ(testing::refusal_code([&] { sum.subtract(MoneySum{1}); }), ErrorCode::overflow);
  EXPECT_EQ(sum, small);
}

}  // namespace
}  // namespace dealtrail
