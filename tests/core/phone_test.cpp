// PF.1, M0.3: one number under all its spellings; what is no number is none.
#include "dealtrail/core/phone.hpp"

#include <string>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

namespace dealtrail {
namespace {

std::string phone(std::string_view text) { return normalise_phone(text).value_or("none"); }

TEST(PhoneTest, SpellingsOfOneNumber) {
  for (const char* text : {"+79161234567",
                           "89161234567",
                           "8 (916) 123-45-67",
                           "+7 916 123 45 67",
                           "9161234567",
                           "(916) 123 45 67",
                           "79161234567",
                           "8-916-123-45-67",
                           "+7(916)123-45-67 доб. 12",
                           "8 916 123-45-67, 8 495 765-43-21",
                           "8 916 1234567 ext 4",
                           "8 916 1234567#4",
                           "тел. 8 916 123 45 67",
                           "+7 8 916 123-45-67",
                           "7 8 9161234567",
                           "+8 916 123-45-67",
                           "007 916 123 45 67",
                           "8\xC2\xA0"
                           "916\xC2\xA0"
                           "1234567",
                           "8 916 123-45-67 (Анна)",
                           "8 916 123-45-67 ДОБ 1",
                           "8 916 123 45 67x2",
                           "8 916 123-45-67; 8 495 765-43-21"}) {
    EXPECT_EQ(phone(text), "+79161234567") << text;
  }
}

// 8 800 is a Russian number, not Bangladesh (+880) with an 8 for Russia in front.
TEST(PhoneTest, EightHundredIsAFreeLine) {
  for (const char* text : {"8 800 555-35-35", "88005553535", "+7 800 555 35 35", "8005553535", "+8 800 555-35-35"})
    EXPECT_EQ(phone(text), "+78005553535") << text;
  EXPECT_TRUE(is_business_line("+78005553535"));
  EXPECT_TRUE(is_business_line("+78043330000"));
  EXPECT_FALSE(is_business_line("+79161234567"));
  EXPECT_FALSE(is_business_line("+78121234567"));
}

TEST(PhoneTest, OtherCountriesByPlusOrZeros) {
  EXPECT_EQ(phone("+49 (30) 1234-567"), "+49301234567");
  EXPECT_EQ(phone("00 49 30 1234567"), "+49301234567");
  EXPECT_EQ(phone("8-10-375-29-123-45-67"), "+375291234567");
  EXPECT_EQ(phone("+880 1712 345678"), "+8801712345678");  // Bangladesh, a mobile
  EXPECT_EQ(phone("+84 951 234 567"), "+84951234567");     // Vietnam, though it looks like +8 495 …
  EXPECT_EQ(phone("+7 777 123 45 67"), "+77771234567");    // Kazakhstan
  EXPECT_EQ(phone("+1 (212) 555-0123"), "+12125550123");
  EXPECT_EQ(phone("49301234567"), "none");  // neither + nor 00
  EXPECT_EQ(phone("375291234567"), "none");
  EXPECT_EQ(phone("+0 916 1234567"), "none");
  EXPECT_EQ(phone("+1234567"), "none");           // 7 digits
  EXPECT_EQ(phone("+1234567890123456"), "none");  // 16 digits
  EXPECT_EQ(phone("+123456789012345"), "+123456789012345");
}

// IN.7: a zero in brackets is dialled inside the country only; without brackets nobody can tell, except where numbers
// begin with one.
TEST(PhoneTest, ANationalZeroIsNeverPartOfANumberOfNobody) {
  EXPECT_EQ(phone("+49 (0) 209 22334455"), "+4920922334455");
  EXPECT_EQ(phone("+49(0)209 22334455"), "+4920922334455");
  EXPECT_EQ(phone("+49 ( 0 ) 209 22334455"), "+4920922334455");
  EXPECT_EQ(phone("+44 (0)20 7946 0958"), "+442079460958");
  EXPECT_EQ(phone("0044 (0)20 7946 0958"), "+442079460958");
  EXPECT_EQ(phone("8-10-44 (0)20 7946 0958"), "+442079460958");
  EXPECT_EQ(phone("+380 (0) 44 123-45-67"), "+380441234567");
  EXPECT_EQ(phone("+39 (0) 6 12345678"), "+390612345678");  // Italy
  EXPECT_EQ(phone("+39 06 12345678"), "+390612345678");
  EXPECT_EQ(phone("+225 07 12 34 56 78"), "+2250712345678");
  for (const char* text :
       {"+49 0209 22334455", "0049 0209 22334455", "+49 (0) 0209 22334455", "+4 (0) 920922334455",
        "+7 (0) 916 123-45-67", "+1 (0) 212 555-0123", "8 (0) 916 123-45-67", "+49 (0) 209 (0) 22334455"})
    EXPECT_EQ(phone(text), "none") << text;
}

TEST(PhoneTest, AnExtensionIsWhatStandsBehindTheNumber) {
  for (const char* text : {"+7 812 999-93-31#4048", "8 812 9999331 доб. 4048", "8129999331 ext 4048", "8129999331x4048",
                           "8129999331, 4048", "8129999331 ДОБ. (4048)", "8129999331;4048 и 5"})
    EXPECT_EQ(phone_extension(text), "4048") << text;
  for (const char* text : {"", "8129999331", "8129999331, 8 495 765-43-21", "доб. 4048", "8129999331 доб."})
    EXPECT_EQ(phone_extension(text), "") << text;
}

// A digit lost or doubled must not make the number of a stranger.
TEST(PhoneTest, WhatIsNoNumber) {
  for (const char* text : {"",
                           "-",
                           "нет",
                           "123-45-67",
                           "8916123456",
                           "7916123456",
                           "891612345678",
                           "+7916123456",
                           "+791612345678",
                           "0000000000",
                           "+70000000000",
                           "9999999999",
                           "+7 900 000-00-00",
                           "8 123 456-78-90",
                           "+7 555 123-45-67",
                           "8 916 123-45-67 8 495 765-43-21",
                           "8-800-FLOWERS",
                           "доб. 12",
                           "+",
                           "810",
                           "00"}) {
    EXPECT_EQ(phone(text), "none") << text;
  }
}

TEST(PhoneTest, NormalisingAgainChangesNothing) {
  Random random{1};
  const std::string letters = "+0123456789 ()-#,xдоб7788";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t left = random.index(18); left > 0; --left) text.push_back(letters[random.index(letters.size())]);
    if (const auto once = normalise_phone(text)) {
      EXPECT_EQ(phone(*once), *once) << text;
    }
  }
}

}  // namespace
}  // namespace dealtrail
