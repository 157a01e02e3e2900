// SP.4, crm.md coercions: money in the forms that exports have, exactly.
#include "dealtrail/core/parse_number.hpp"

#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

namespace dealtrail {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
constexpr NumberFormat comma{',', '.'};
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
  EXPECT_EQ(decimal_text("1,204.50"), "1204.50");
  EXPECT_EQ(decimal_text("1.204,50", comma), "1204.50");
  EXPECT_EQ(decimal_text("1 204,50", comma), "1204.50");
  EXPECT_EQ(decimal_text("1\u00A0204\u00A0500,50", comma), "1204500.50");  // no-break space: Excel
  EXPECT_EQ(decimal_text("1\u202F204,50", comma), "1204.50");              // narrow no-break space: French
  EXPECT_EQ(decimal_text("1\u2009204,50", comma), "1204.50");              // thin space
  EXPECT_EQ(decimal_text("1'204.50"), "1204.50");                          // Swiss
  EXPECT_EQ(decimal_text("1\u2019204.50"), "1204.50");
  EXPECT_EQ(decimal_text("12,34,567.00"), "1234567.00");  // Indian
  EXPECT_EQ(decimal_text("1 204", plain_point), "1204");
}

TEST(ParseDecimalTest, AMarkInTheWrongPlaceIsRefusedNotGuessed) {
  for (const std::string_view text :
       {"12,50", "1,2345", "1234,567", ",123", "1,,234", "1,234,56", "1,234,5", "1 234,567", "1,234 567", "1.2.3",
        "1.234,5", "1 2", "1  204", "12 50", "1,234e5", "1.5,000"}) {
    EXPECT_EQ(decimal_text(text), "nothing") << text;
  }
  EXPECT_EQ(decimal_text("1,204", plain_point), "nothing");
  EXPECT_EQ(decimal_text("12.50", comma), "nothing");
}

TEST(ParseDecimalTest, MinusInAllItsForms) {
  EXPECT_EQ(decimal_text("(15.00)"), "-15.00");
  EXPECT_EQ(decimal_text("( 1,500 )"), "-1500");
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
  EXPECT_EQ(parse_money_minor("$1,204.50", 2), 120'450);
  EXPECT_EQ(parse_money_minor("(15.00)", 2), -1500);
  EXPECT_EQ(parse_money_minor("($1,204.50)", 2), -120'450);
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
  EXPECT_EQ(parse_real("1,234"), 1234.0);
  for (const std::string_view text : {"", "nan", "inf", "-inf", "infinity", "0x1p3", "1e999", "abc", "5 RUB", "--1"}) {
    EXPECT_FALSE(parse_real(text)) << text;
  }
}

}  // namespace
}  // namespace dealtrail
