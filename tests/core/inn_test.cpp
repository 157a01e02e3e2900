// PF.1: taxpayer numbers. The two valid ones are made up; their check digits are worked by hand.
#include "dealtrail/core/inn.hpp"

#include <string>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

// 2·1+4·2+10·3+3·4+5·5+9·6+4·7+6·8+8·9 = 279, mod 11 = 4.
constexpr std::string_view entity = "1234567894";
// d11: 7·1+2·2+4·3+10·4+3·5+5·6+9·7+4·8+6·9+8·0 = 257, mod 11 = 4; d12: 3·1+7·2+2·3+4·4+10·5+3·6+5·7+9·8+4·9+6·0+8·4 =
// 282, mod 11 = 7.
constexpr std::string_view person = "123456789047";

TEST(InnTest, CheckDigits) {
  static_assert(inn_valid(entity));
  EXPECT_TRUE(inn_valid(person));
  EXPECT_EQ(normalise_inn(" 1234 5678 94\n"), "1234567894");
}

TEST(InnTest, AnyOneDigitOfTheseTwoTypedWrongIsFound) {
  for (const std::string_view right : {entity, person}) {
    for (std::size_t place = 0; place < right.size(); ++place) {
      for (char digit = '0'; digit <= '9'; ++digit) {
        std::string typed{right};
        typed[place] = digit;
        EXPECT_EQ(inn_valid(typed), typed == right) << typed;
      }
    }
  }
}

TEST(InnTest, WhatIsNoTaxpayerNumber) {
  for (const char* text : {"", "0000000000", "000000000000", "123456789", "12345678945", "ИНН 1234567894", "123456789O",
                           "1234567895", "773601001"}) {
    EXPECT_EQ(normalise_inn(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace dealtrail
