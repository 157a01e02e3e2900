// PF.1: one address under all its spellings; free mail.
#include "dealtrail/core/email.hpp"

#include <string>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

std::string email(std::string_view text, EmailOptions options = {}) {
  return normalise_email(text, options).value_or("none");
}

TEST(EmailTest, SpellingsOfOneAddress) {
  for (const char* text :
       {"anna@example.com", " Anna@Example.COM ", "mailto:anna@example.com", "anna@example.com.", "ANNA@EXAMPLE.COM;",
        "\xC2\xA0"
        "anna@example.com\n"}) {
    EXPECT_EQ(email(text), "anna@example.com") << text;
  }
  EXPECT_EQ(email("Анна@Почта.РФ"), "анна@почта.рф");
  EXPECT_EQ(email("a.b+tag@gmail.com"), "a.b+tag@gmail.com");
  EXPECT_EQ(email_domain("анна@почта.рф"), "почта.рф");
}

TEST(EmailTest, GmailIsFoldedWhenAsked) {
  EXPECT_EQ(email("A.nna+expo@GoogleMail.com", {.fold_gmail = true}), "anna@gmail.com");
  EXPECT_EQ(email("a.nna+expo@example.com", {.fold_gmail = true}), "a.nna+expo@example.com");
  EXPECT_EQ(email("+expo@gmail.com", {.fold_gmail = true}), "none");
}

TEST(EmailTest, WhatIsNoAddress) {
  for (const std::string text : {"", "@", "anna", "anna@", "@example.com", "anna@example", "anna@.com", "anna@a..com",
                                 "anna petrova@example.com", "anna@example.com, ivan@example.com", "a@b@example.com",
                                 "Anna <anna@example.com>", "нет"}) {
    EXPECT_EQ(email(text), "none") << text;
  }
  EXPECT_EQ(email(std::string(243, 'a') + "@example.com"), "none");  // 255 bytes
  EXPECT_NE(email(std::string(242, 'a') + "@example.com"), "none");
}

// IN.6, IN.7: what nobody sees, a link's query, and xn-- are no part of an address.
TEST(EmailTest, OneMailboxUnderAllItsSpellings) {
  for (const std::string text :
       {"\u200banna@x.example", "anna@x.example\u200e", "\ufeffanna@x.example", "anna\u00ad@x.example",
        "anna@x.example\u2060", "\u202aanna@x.example\u202c", "anna@x.example\u3000", "mailto:anna@x.example?subject=1",
        "MAILTO:anna@x.example?cc=b@y.example"})
    EXPECT_EQ(email(text), "anna@x.example") << text;
  EXPECT_EQ(email("anna@xn--e1afmkfd.xn--p1ai"), "anna@пример.рф");
  EXPECT_EQ(email("anna@XN--E1AFMKFD.рф"), "anna@пример.рф");
  EXPECT_EQ(email("anna@xn--!!.example"), "anna@xn--!!.example");
  EXPECT_EQ(email("anna?x@example.com"), "anna?x@example.com");  // no link
}

TEST(EmailTest, FreeMailSaysNothingOfACompany) {
  EXPECT_TRUE(is_free_mail("mail.ru"));
  EXPECT_TRUE(is_free_mail("gmail.com"));
  EXPECT_FALSE(is_free_mail("romashka.ru"));
  EXPECT_FALSE(is_free_mail(""));
}

}  // namespace
}  // namespace dealtrail
