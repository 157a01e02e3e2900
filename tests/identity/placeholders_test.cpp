// IN.7: words for "none" identify nobody, and the list is data.
#include "dealtrail/identity/placeholders.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

TEST(PlaceholdersTest, TheListIsSortedSmallAndWithoutRepeats) {
  const auto before = [](const Placeholder& lhs, const Placeholder& rhs) {
    return std::tie(lhs.kind, lhs.value) >= std::tie(rhs.kind, rhs.value);
  };
  EXPECT_EQ(std::adjacent_find(placeholders.begin(), placeholders.end(), before), placeholders.end());
  for (const Placeholder& one : placeholders) EXPECT_EQ(detail::small_letters(one.value), one.value);
}

TEST(PlaceholdersTest, WordsAndMailboxesInAnyLettersAndBlanks) {
  for (const std::string_view text : {"(not set)", "Undefined", "NULL", "None", "NaN", "0", "-", "[object Object]",
                                      " Нет ", "noreply@firma.ru", "None@x.example", "TEST@x.example"})
    EXPECT_TRUE(is_placeholder(text)) << text;
  for (const std::string_view text :
       {"", "10", "anna@x.example", "testov@x.example", "noreply", "@", "none@", "1.0", "mail@firma.ru"})
    EXPECT_FALSE(is_placeholder(text)) << text;
}

}  // namespace
}  // namespace dealtrail
