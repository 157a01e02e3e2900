// SP.6, law 3: exact sums of one currency.
#include "dealtrail/aggregate/money_sum_state.hpp"

#include <array>
#include <limits>

#include <gtest/gtest.h>

#include "support/aggregate_laws.hpp"

DEALTRAIL_AGGREGATE_LAWS(MoneySumState, Money{random.uniform_int(INT64_MIN, INT64_MAX), RUB});

namespace dealtrail {
namespace {

constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

MoneySumState sum_of(std::initializer_list<Money> amounts) {
  MoneySumState state;
  state.update(std::span(amounts.begin(), amounts.size()));
  return state;
}

TEST(MoneySumStateTest, AZeroSumIsNotNoValue) {
  EXPECT_FALSE(MoneySumState{}.finish());
  EXPECT_EQ(sum_of({{100, RUB}, {-100, RUB}}).finish(), (Money{0, RUB}));
}

// The wrapped negative sum that merging without a check gives in some engines.
TEST(MoneySumStateTest, MergingPast64BitsIsExactAndReadingIsChecked) {
  MoneySumState state = merged(sum_of({{greatest, RUB}}), sum_of({{greatest, RUB}}));
  EXPECT_EQ(testing::refusal_code([&] { return state.finish(); }), ErrorCode::overflow);
  state.merge(sum_of({{-greatest, RUB}}));
  EXPECT_EQ(state.finish(), (Money{greatest, RUB}));
}

TEST(MoneySumStateTest, CurrenciesNeverMix) {
  MoneySumState state = sum_of({{1, RUB}});
  const MoneySumState before = state;
  EXPECT_EQ(testing::refusal_code([&] { state.merge(sum_of({{1, USD}})); }), ErrorCode::currency_mismatch);
  EXPECT_EQ(testing::refusal_code([&] { state.update(std::array{Money{1, RUB}, Money{1, USD}}); }),
            ErrorCode::currency_mismatch);
  EXPECT_EQ(testing::refusal_code([&] { state.update(std::array{Money{1, USD}}); }), ErrorCode::currency_mismatch);
  state.merge(sum_of({{5, RUB}}));
  EXPECT_EQ(testing::refusal_code([&] { state.subtract(sum_of({{1, USD}})); }), ErrorCode::currency_mismatch);
  state.subtract(sum_of({{5, RUB}}));
  EXPECT_EQ(state, before);
}

TEST(MoneySumStateTest, TakesAwayOnlyWhatMayHaveBeenThere) {
  MoneySumState state = sum_of({{5, RUB}, {7, RUB}});
  EXPECT_EQ(testing::refusal_code([&] { state.subtract(sum_of({{5, RUB}, {8, RUB}})); }), ErrorCode::invalid_argument);
  state.subtract(sum_of({{5, RUB}, {7, RUB}}));
  EXPECT_EQ(state, MoneySumState{});
}

TEST(MoneySumStateTest, RowsNeverWrap) {
  MoneySumState state{greatest, MoneySum{1}, RUB};
  const MoneySumState before = state;
  EXPECT_EQ(testing::refusal_code([&] { state.merge(sum_of({{1, RUB}})); }), ErrorCode::overflow);
  EXPECT_EQ(state, before);
  MoneySumState huge{1, MoneySum::from_halves(greatest, ~std::uint64_t{0}), RUB};
  const MoneySumState huge_before = huge;
  EXPECT_EQ(testing::refusal_code([&] { huge.merge(sum_of({{1, RUB}})); }), ErrorCode::overflow);
  EXPECT_EQ(huge, huge_before);
}

TEST(MoneySumStateTest, ImpossibleStatesAreRefusedEvenWithAGoodChecksum) {
  for (const MoneySumState& state :
       {MoneySumState{-1, MoneySum{}, RUB}, MoneySumState{0, MoneySum{1}, {}}, MoneySumState{0, MoneySum{}, RUB}}) {
    EXPECT_EQ(testing::refusal_code([&] { return MoneySumState::from_bytes(state.to_bytes()); }),
              ErrorCode::corrupt_data);
  }
  const std::string small_letters = detail::seal_state("MSM1", std::string(24, '\0') + "rub");
  EXPECT_EQ(testing::refusal_code([&] { return MoneySumState::from_bytes(small_letters); }), ErrorCode::corrupt_data);
}

}  // namespace
}  // namespace dealtrail
