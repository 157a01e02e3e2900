// IN.6: letters that nobody sees.
#include "dealtrail/core/invisible.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "dealtrail/core/detail/punycode.hpp"

namespace dealtrail {
namespace {

TEST(InvisibleTest, LettersAreRemovedAndBlanksBecomePlain) {
  EXPECT_EQ(without_invisible("\u200banna\u00ad@x\u200e\ufeff"), "anna@x");
  EXPECT_EQ(without_invisible("\u202aanna\u202c\u2060\u061c\u180e\u2066"), "anna");
  EXPECT_EQ(without_invisible("\u00a0Сумма\u202fруб\u3000"), "Сумма руб");
  EXPECT_EQ(without_invisible(" a "), " a ");
  EXPECT_EQ(without_invisible("\u00a0"), "");
  EXPECT_EQ(without_invisible("a\u00a0\u200b"), "a");
  EXPECT_EQ(without_invisible("№ – “é”"), "№ – “é”");
}

TEST(InvisibleTest, IsSeenAtAnyPlace) {
  const std::string plain(20, 'x');
  EXPECT_FALSE(has_invisible(plain));
  EXPECT_FALSE(has_invisible("Анна Петрова, № 5 – “é”"));
  for (std::size_t at = 0; at <= plain.size(); ++at) {
    for (const std::string_view letter : {"\u200b", "\u00a0", "\ufeff", "\u2069", "\u3000"}) {
      std::string text = plain;
      text.insert(at, letter);
      EXPECT_TRUE(has_invisible(text)) << at;
      if (letter != "\u00a0" && letter != "\u3000") {
        EXPECT_EQ(without_invisible(text), plain);
      }
    }
  }
}

// IN.7: the samples of RFC 3492, section 7.1, and what is no punycode.
TEST(InvisibleTest, PunycodeIsItsLetters) {
  EXPECT_EQ(detail::from_punycode("b1abfaaepdrnnbgefbadotcwatmq2g4l"), "почемужеонинеговорятпорусски");
  EXPECT_EQ(detail::from_punycode("porqunopuedensimplementehablarenespaol-fmd56a"),
            "porquénopuedensimplementehablarenespañol");
  EXPECT_EQ(detail::from_punycode("ihqwcrb4cv8a8dqg056pqjye"), "他们为什么不说中文");
  EXPECT_EQ(detail::host_in_letters("mail.xn--e1afmkfd.xn--p1ai"), "mail.пример.рф");
  EXPECT_EQ(detail::host_in_letters("xn--.example"), "xn--.example");
  for (const std::string_view wrong : {"", "9999999999", "E1", "abc-", "e1afmkf!"})
    EXPECT_FALSE(detail::from_punycode(wrong).has_value()) << wrong;
}

}  // namespace
}  // namespace dealtrail
