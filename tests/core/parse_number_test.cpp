// SP.4, IN.2, IN.17, crm.md coercions: money in the forms that exports have, exactly.
#include "dealtrail/core/parse_number.hpp"

#include <limits>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

namespace dealtrail {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
constexpr NumberFormat comma{',', '.'};
constexpr NumberFormat point{'.', ','};
constexpr NumberFormat plain_point{'.', '\0'};

static_assert(parse_decimal("1204.50") == Decimal{120'450, 2});

std::string decimal_text(std::string_view text, const NumberFormat& format = {}) {
  const auto number = parse_decimal(text, format);
  return number ? to_text(*number) : "nothing";
}

TEST(ParseDecimalTest, PlainNumbers) {
  EXPECT_EQ(decimal_text("0"), "0");
  EXPECT_EQ(decimal_text("-0"), "0");
  EXPECT_EQ(decimal_text("19999.99"), "19999.99");
  EXPECT_EQ(decimal_text("-5"), "-5");
  EXPECT_EQ(decimal_text("+5"), "5");
  EXPECT_EQ(decimal_text("007.10"), "7.10");
  EXPECT_EQ(decimal_text("5."), "5");
  EXPECT_EQ(decimal_text(".5"), "0.5");
  EXPECT_EQ(decimal_text("0.05"), "0.05");
  EXPECT_EQ(decimal_text(" \t12\r\n"), "12");
  EXPECT_EQ(decimal_text("12,5", comma), "12.5");
}

TEST(ParseDecimalTest, GroupsOfDigits) {
  EXPECT_EQ(decimal_text("1,204.50", point), "1204.50");
  EXPECT_EQ(decimal_text("1.204,50", comma), "1204.50");
  EXPECT_EQ(decimal_text("1 204,50", comma), "1204.50");
  EXPECT_EQ(decimal_text("1\u00A0204\u00A0500,50", comma), "1204500.50");  // no-break space: Excel
  EXPECT_EQ(decimal_text("1\u202F204,50", comma), "1204.50");              // narrow no-break space: French
  EXPECT_EQ(decimal_text("1\u2009204,50", comma), "1204.50");              // thin space
  EXPECT_EQ(decimal_text("1'204.50"), "1204.50");                          // Swiss
  EXPECT_EQ(decimal_text("1\u2019204.50"), "1204.50");
  EXPECT_EQ(decimal_text("1 204", plain_point), "1204");
}

TEST(ParseDecimalTest, AMarkInTheWrongPlaceIsRefusedNotGuessed) {
  for (const std::string_view text :
       {"12,50", "1,2345", "1234,567", ",123", "1,,234", "1,234,56", "1,234,5", "1 234,567", "1,234 567", "1.2.3",
        "1.234,5", "1 2", "1  204", "12 50", "1,234e5", "1.5,000", "12,34,567.00"}) {
    EXPECT_EQ(decimal_text(text, point), "nothing") << text;
  }
  EXPECT_EQ(decimal_text("1,204", plain_point), "nothing");
  EXPECT_EQ(decimal_text("12.50", comma), "nothing");
}

// IN.17: one rule for every cell of a column, whatever stands in the others.
TEST(ParseDecimalTest, WithoutADeclaredFormatACommaIsRefused) {
  for (const std::string_view text :
       {"0,250", "1,204", "1,204.50", "12,50", "1,00,000", "0,001", "92,151", "-1,000", "1,000,000", "(1,500)", "5,"}) {
    EXPECT_EQ(decimal_text(text), "nothing") << text;
    EXPECT_FALSE(parse_money_text(text)) << text;
    EXPECT_FALSE(parse_integer(text)) << text;
    EXPECT_FALSE(parse_real(text)) << text;
  }
}

// IN.17: groups have three digits and no zero in front, whatever is declared.
TEST(ParseDecimalTest, WhatCannotBeThousandsIsRefused) {
  for (const std::string_view text : {"0,250", "00,250", "000,001", "1,00,000", "12,34,567"})
    EXPECT_EQ(decimal_text(text, point), "nothing") << text;
  EXPECT_EQ(decimal_text("0.250", comma), "nothing");
  EXPECT_EQ(decimal_text("0 250"), "nothing");
  EXPECT_EQ(decimal_text("0,250", comma), "0.250");
  EXPECT_EQ(decimal_text("1,250", point), "1250");
  EXPECT_EQ(decimal_text("1,250", comma), "1.250");
}

// IN.17: every text of digits and marks against the rule written out: a group mark only between a first group of one
// to three digits without a leading zero and groups of exactly three.
TEST(ParseDecimalTest, GroupsAgreeWithTheRuleWrittenOut) {
  constexpr std::string_view letters = "01,.";
  for (std::size_t length = 1; length <= 7; ++length) {
    std::size_t count = 1;
    for (std::size_t i = 0; i < length; ++i) count *= letters.size();
    for (std::size_t code = 0; code < count; ++code) {
      std::string text;
      for (std::size_t rest = code, i = 0; i < length; ++i, rest /= letters.size())
        text += letters[rest % letters.size()];
      const std::size_t mark = text.find('.');
      const std::string whole = text.substr(0, mark);
      const std::string fraction = mark == std::string::npos ? "" : text.substr(mark + 1);
      bool fits = fraction.find_first_of(",.") == std::string::npos && text.find_first_of("01") != std::string::npos;
      std::string digits;
      if (whole.find(',') != std::string::npos) {
        const std::size_t first = whole.find(',');
        fits = fits && first >= 1 && first <= 3 && whole[0] != '0' && (whole.size() - first) % 4 == 0;
        for (std::size_t at = first; at < whole.size(); ++at)
          fits = fits && (whole[at] == ',') == ((at - first) % 4 == 0);
      }
      for (const char letter : whole) {
        if (letter != ',') digits += letter;
      }
      const auto plain = parse_decimal(digits + (mark == std::string::npos ? "" : "." + fraction));
      const auto read = parse_decimal(text, point);
      ASSERT_EQ(read.has_value(), fits) << text;
      if (fits) {
        ASSERT_EQ(read, plain) << text;
      }
    }
  }
}

TEST(ParseDecimalTest, MinusInAllItsForms) {
  EXPECT_EQ(decimal_text("(15.00)"), "-15.00");
  EXPECT_EQ(decimal_text("( 1 500 )"), "-1500");
  EXPECT_EQ(decimal_text("15.00-"), "-15.00");
  EXPECT_EQ(decimal_text("\u221215"), "-15");
  for (const std::string_view text :
       {"--5", "-+5", "(-5)", "-(5)", "-5-", "((5))", "(5", "5)", "()", "-", "+", "( )"}) {
    EXPECT_EQ(decimal_text(text), "nothing") << text;
  }
}

TEST(ParseDecimalTest, ExponentsAreExact) {
  EXPECT_EQ(parse_decimal("1e3"), (Decimal{1000, 0}));
  EXPECT_EQ(parse_decimal("1.50E2"), (Decimal{150, 0}));
  EXPECT_EQ(parse_decimal("1.5e-2"), (Decimal{15, 3}));
  EXPECT_EQ(parse_decimal("0e9999"), (Decimal{}));
  EXPECT_EQ(parse_decimal("1e+37")->mantissa, detail::power_of_ten(37));
  for (const std::string_view text : {"1e", "e3", "1e+", "1e3.5", "1e39", "1e99999", "1e-", "1e 3", "1ee3"}) {
    EXPECT_EQ(decimal_text(text), "nothing") << text;
  }
}

TEST(ParseDecimalTest, ManyDigits) {
  const std::string nines(38, '9');
  EXPECT_EQ(decimal_text(nines), nines);
  EXPECT_EQ(decimal_text("-" + nines), "-" + nines);
  EXPECT_EQ(decimal_text(nines + "9"), "nothing");
  EXPECT_EQ(decimal_text(std::string(1'000'000, '0') + "7"), "7");
  EXPECT_EQ(decimal_text(std::string(1'000'000, '9')), "nothing");
  EXPECT_EQ(parse_money_minor("12." + std::string(1'000'000, '0'), 2), 1200);  // zeros carry nothing
  EXPECT_EQ(decimal_text("0." + std::string(1'000'000, '0') + "1"), "nothing");
  EXPECT_EQ(decimal_text("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(decimal_text("1000000000000000000.000000000000000000"), "1000000000000000000.000000000000000000");
}

TEST(ParseDecimalTest, RefusesWhatIsNoNumber) {
  for (const std::string_view text :
       {"",    " ",     ".",  ",",     "abc",  "12a",   "a12",      "0x10",      "nan",  "NaN", "inf",
        "1/2", "5 RUB", "$5", "1_000", "\xFF", "5\xC2", "\xD9\xA3", "1\xE2\x80", "null", "=1+1"}) {
    EXPECT_EQ(decimal_text(text), "nothing") << text;
  }
  EXPECT_EQ(decimal_text(std::string_view("5\0", 2)), "nothing");
}

TEST(ParseDecimalTest, ReadsBackWhatIsPrinted) {
  Random random{9};
  for (int i = 0; i < 20'000; ++i) {
    const auto high = static_cast<Int128>(random.uniform_int(-1'000'000'000'000, 1'000'000'000'000)) *
                      random.uniform_int(1, greatest);
    const Decimal number{random.chance(0.5) ? high : random.uniform_int(least, greatest),
                         static_cast<std::int32_t>(random.uniform_int(0, 30))};
    const auto read = parse_decimal(to_text(number));
    ASSERT_TRUE(read) << to_text(number);
    ASSERT_EQ(*read, number) << to_text(number);
  }
}

TEST(ParseMoneyTest, TheFormsOfRealExports) {
  EXPECT_EQ(parse_money_minor("19999.99", 2), 1'999'999);
  EXPECT_EQ(parse_money_minor("1 204,50", 2, comma), 120'450);
  EXPECT_EQ(parse_money_minor("$1,204.50", 2, point), 120'450);
  EXPECT_EQ(parse_money_minor("(15.00)", 2), -1500);
  EXPECT_EQ(parse_money_minor("($1,204.50)", 2, point), -120'450);
  EXPECT_EQ(parse_money_minor("$(15)", 2), -1500);
  EXPECT_EQ(parse_money_minor("-$15", 2), -1500);
  EXPECT_EQ(parse_money_minor("$-15", 2), -1500);
  EXPECT_EQ(parse_money_minor("1\u00A0204,50\u00A0\u20BD", 2, comma), 120'450);
  EXPECT_EQ(parse_money_minor("1 204,50 руб.", 2, comma), 120'450);
  EXPECT_EQ(parse_money_minor("1 204 р", 2, comma), 120'400);
  EXPECT_EQ(parse_money_minor("€ 5", 2), 500);
  EXPECT_EQ(parse_money_minor("USD 5.5", 2), 550);
  EXPECT_EQ(parse_money_minor("-5.50 USD", 2), -550);
  EXPECT_EQ(parse_money_minor("5", 0), 5);
  EXPECT_EQ(parse_money_minor("5.125", 3), 5125);
  EXPECT_EQ(parse_money_minor("0.00", 2), 0);
}

TEST(ParseMoneyTest, NeverRounds) {
  EXPECT_FALSE(parse_money_minor("1.005", 2));
  EXPECT_EQ(parse_money_minor("1.0050", 3), 1005);
  EXPECT_EQ(parse_money_minor("1.50000", 2), 150);
  EXPECT_FALSE(parse_money_minor("1.5", 0));
  EXPECT_EQ(parse_money_minor("1.0", 0), 1);
  EXPECT_EQ(parse_money_minor("92233720368547758.07", 2), greatest);
  EXPECT_EQ(parse_money_minor("-92233720368547758.08", 2), least);
  EXPECT_FALSE(parse_money_minor("92233720368547758.08", 2));
  EXPECT_FALSE(parse_money_minor("-92233720368547758.09", 2));
  EXPECT_FALSE(parse_money_minor("1e30", 2));
}

TEST(ParseMoneyTest, RefusesWhatIsNoAmount) {
  for (const std::string_view text :
       {"", "RUB", "$", "$$5", "5 RUB USD", "RUB 5 RUB", "SKU5", "5 pcs", "12,50", "- ", "₽", "5₽5"}) {
    EXPECT_FALSE(parse_money_text(text)) << text;
  }
}

TEST(ParseMoneyTest, ACurrencyInTheTextIsKept) {
  const auto currency = [](std::string_view text) { return parse_money_text(text).value().currency; };
  EXPECT_EQ(currency("5"), Currency{});
  EXPECT_EQ(currency("5 ₽"), RUB);
  EXPECT_EQ(currency("5 руб"), RUB);
  EXPECT_EQ(currency("€5"), EUR);
  EXPECT_EQ(currency("KZT 5"), KZT);
  EXPECT_EQ(currency("US$5"), USD);
  EXPECT_EQ(currency("$5"), Currency{});  // of several countries
  EXPECT_EQ(parse_money("5 ₽", RUB), (Money{500, RUB}));
  EXPECT_EQ(parse_money("$5", USD), (Money{500, USD}));
  EXPECT_EQ(parse_money("5", JPY), (Money{5, JPY}));
  EXPECT_FALSE(parse_money("5 USD", RUB));
  EXPECT_FALSE(parse_money("5.5", JPY));
}

// IN.2: a sign of several currencies is none of them until the row or the Trail has one of them.
TEST(ParseMoneyTest, ASignOfSeveralCurrenciesIsOfTheOneThatTheRowHas) {
  for (const auto& [text, may, may_not] : {std::tuple{"$5", USD, RUB},
                                           {"5 $", Currency{"CAD"}, EUR},
                                           {"¥5", JPY, USD},
                                           {"¥ 5", CNY, RUB},
                                           {"5 kr", Currency{"SEK"}, USD},
                                           {"kr. 5", Currency{"NOK"}, EUR}}) {
    const auto read = parse_money_text(text);
    ASSERT_TRUE(read) << text;
    EXPECT_TRUE(read->names_currency() && read->currency.empty()) << text;
    EXPECT_TRUE(read->may_be(may)) << text;
    EXPECT_FALSE(read->may_be(may_not)) << text;
    EXPECT_FALSE(parse_money(text, may_not)) << text;
    EXPECT_TRUE(parse_money(std::string{"5 "} + std::string{detail::sign_of(read->shared)}, may)) << text;
  }
  EXPECT_TRUE(parse_money_text("5")->may_be(RUB));
  EXPECT_FALSE(parse_money("5 €", RUB));
  EXPECT_FALSE(parse_money("5 KZT", RUB));
  EXPECT_EQ(parse_money("5 Kč", CZK), (Money{500, CZK}));
}

TEST(ParseIntegerTest, WholeNumbersOnly) {
  EXPECT_EQ(parse_integer("42"), 42);
  EXPECT_EQ(parse_integer("-42"), -42);
  EXPECT_EQ(parse_integer("12.0"), 12);
  EXPECT_EQ(parse_integer("1 204"), 1204);
  EXPECT_EQ(parse_integer("9223372036854775807"), greatest);
  EXPECT_EQ(parse_integer("-9223372036854775808"), least);
  EXPECT_FALSE(parse_integer("9223372036854775808"));
  EXPECT_FALSE(parse_integer("12.5"));
  EXPECT_FALSE(parse_integer(""));
  EXPECT_FALSE(parse_integer("5 RUB"));
}

TEST(ParseRealTest, NearestDouble) {
  EXPECT_EQ(parse_real("0.1"), 0.1);
  EXPECT_EQ(parse_real("-1.5e300"), -1.5e300);
  EXPECT_EQ(parse_real("1 204,5", comma), 1204.5);
  EXPECT_EQ(parse_real("0,1", comma), 0.1);
  EXPECT_EQ(parse_real("(0,3)", comma), -0.3);
  EXPECT_EQ(parse_real("0.30000000000000004440892098500626161694526672363281250000000000000001"), 0.30000000000000004);
  EXPECT_EQ(parse_real("1,234", point), 1234.0);
  for (const std::string_view text : {"", "nan", "inf", "-inf", "infinity", "0x1p3", "1e999", "abc", "5 RUB", "--1"}) {
    EXPECT_FALSE(parse_real(text)) << text;
  }
}

}  // namespace
}  // namespace dealtrail
