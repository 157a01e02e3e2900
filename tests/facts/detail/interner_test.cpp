// SP.7: texts are kept once and numbered in order of arrival, however often the table grows.
#include "dealtrail/facts/interner.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

namespace dealtrail::detail {
namespace {

TEST(InternerTest, AgreesWithAMapThroughEveryGrowth) {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{7}}) {
    Interner interner(seed);
    std::map<std::string, RowId> expected;
    Random random(seed);
    EXPECT_EQ(interner.find("nobody"), no_row);
    for (int i = 0; i < 20'000; ++i) {
      const std::string text = "text-" + std::to_string(random.uniform_int(0, 12'000));
      const auto [known, is_new] = expected.try_emplace(text, static_cast<RowId>(expected.size()));
      ASSERT_EQ(interner.find(text), is_new ? no_row : known->second);
      ASSERT_EQ(interner.intern(text), known->second);
      ASSERT_EQ(interner.size(), expected.size());
    }
    for (const auto& [text, slot] : expected) {
      ASSERT_EQ(interner.find(text), slot);
      ASSERT_EQ(interner.text(slot), text);
    }
    EXPECT_EQ(interner.find("nobody"), no_row);
  }
}

TEST(InternerTest, TheEmptyTextAndBytesOfAnySortAreTexts) {
  Interner interner;
  const std::string zeros("\0\0", 2);
  EXPECT_EQ(interner.intern(""), 0U);
  EXPECT_EQ(interner.intern(zeros), 1U);
  EXPECT_EQ(interner.intern(std::string_view{zeros}.substr(1)), 2U);
  EXPECT_EQ(interner.text(1), zeros);
  EXPECT_EQ(interner.find(""), 0U);
}

TEST(InternerTest, ATextThatIsTooLongIsRefused) {
  Interner interner;
  EXPECT_THROW(interner.intern(std::string(Interner::longest_text + 1, 'x')), Error);
  EXPECT_EQ(interner.size(), 0U);
}

}  // namespace
}  // namespace dealtrail::detail
