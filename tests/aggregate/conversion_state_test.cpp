// SP.6: trials and wins.
#include "dealtrail/aggregate/conversion_state.hpp"

#include <array>
#include <limits>

#include <gtest/gtest.h>

#include "support/aggregate_laws.hpp"

DEALTRAIL_AGGREGATE_LAWS(ConversionState, static_cast<std::uint8_t>(random.uniform_int(0, 1) * 255));

namespace dealtrail {
namespace {

constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

TEST(ConversionStateTest, CountsTrialsAndWins) {
  ConversionState state;
  state.update(std::array<std::uint8_t, 4>{0, 1, 0, 2});
  EXPECT_EQ(state, (ConversionState{4, 2}));
  EXPECT_EQ(state.finish(), wilson(2, 4));
}

TEST(ConversionStateTest, CountsNeverWrap) {
  ConversionState state{greatest, greatest};
  const ConversionState before = state;
  EXPECT_EQ(testing::refusal_code([&] { state.merge({1, 0}); }), ErrorCode::overflow);
  EXPECT_EQ(testing::refusal_code([&] { state.update(std::array<std::uint8_t, 1>{1}); }), ErrorCode::overflow);
  EXPECT_EQ(state, before);
}

TEST(ConversionStateTest, TakesAwayOnlyWhatMayHaveBeenThere) {
  ConversionState state{5, 2};
  EXPECT_EQ(testing::refusal_code([&] { state.subtract({3, 3}); }), ErrorCode::invalid_argument);  // three wins of two
  EXPECT_EQ(testing::refusal_code([&] { state.subtract({4, 0}); }),
            ErrorCode::invalid_argument);  // four losses of three
  EXPECT_EQ(state, (ConversionState{5, 2}));
}

TEST(ConversionStateTest, BytesAreFixed) {
  const std::string bytes = ConversionState{5, 2}.to_bytes();
  EXPECT_EQ(bytes.substr(0, 20), std::string("CNV1\5\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0", 20));
  EXPECT_EQ(bytes.size(), 24U);
}

TEST(ConversionStateTest, ImpossibleCountsAreRefusedEvenWithAGoodChecksum) {
  for (const auto& [trials, wins] : {std::pair<std::int64_t, std::int64_t>{1, 2}, {-1, -1}, {5, -1}}) {
    const std::string bytes = ConversionState{trials, wins}.to_bytes();
    EXPECT_EQ(testing::refusal_code([&] { return ConversionState::from_bytes(bytes); }), ErrorCode::corrupt_data);
  }
}

}  // namespace
}  // namespace dealtrail
