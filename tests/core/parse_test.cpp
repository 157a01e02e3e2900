// SP.4, crm.md coercions: yes and no.
#include "dealtrail/core/parse.hpp"

#include <string>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

static_assert(parse_boolean("Y") == true && parse_boolean("N") == false);

TEST(ParseBooleanTest, TheWordsOfRealExports) {
  for (const std::string_view text :
       {"Y", "y", "yes", "Yes", "YES", "true", "True", "TRUE", "1", "t", "on", "Да", "да", "ДА", " Y ", "\u00A0да"}) {
    EXPECT_EQ(parse_boolean(text), true) << text;
  }
  for (const std::string_view text :
       {"N", "n", "no", "No", "NO", "false", "False", "FALSE", "0", "f", "off", "Нет", "нет", "НЕТ", " N "}) {
    EXPECT_EQ(parse_boolean(text), false) << text;
  }
}

TEST(ParseBooleanTest, NothingElseIsAnAnswer) {
  for (const std::string_view text :
       {"", " ", "2", "-1", "10", "ye", "yess", "null", "[]", "да!", "\xD0", "\xC4\xE0"}) {
    EXPECT_FALSE(parse_boolean(text)) << text;
  }
  EXPECT_FALSE(parse_boolean(std::string(100'000, 'y')));
}

}  // namespace
}  // namespace dealtrail
