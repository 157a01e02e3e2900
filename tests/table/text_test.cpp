// SP.5: tables as text.
#include "dealtrail/table/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "dealtrail/table/detail/cell_text.hpp"

namespace dealtrail {
namespace {

Table cards() {
  TableBuilder builder;
  ColumnBuilder& key = builder.text("канал");
  ColumnBuilder& cost = builder.money("cost", RUB);
  ColumnBuilder& came = builder.integer("came");
  ColumnBuilder& rate = builder.real("show_rate");
  ColumnBuilder& open = builder.boolean("open");
  ColumnBuilder& at = builder.time("at");
  key.append_text("Телеграм");
  cost.append_minor(120'450'000);
  came.append_integer(12'041);
  rate.append_real(1.0 / 3);
  open.append_boolean(true);
  at.append_time(from_us(1'773'482'400'000'000));  // 2026-03-14 10:00:00 UTC
  key.append_text("tg");
  cost.append_minor(-5);
  came.append_null();
  rate.append_null();
  open.append_boolean(false);
  at.append_null();
  return builder.finish();
}

TEST(TextTest, AlignsNumbersRightAndCyrillicByItsWidth) {
  EXPECT_EQ(to_text(cards()),
            "канал             cost    came  show_rate  open   at\n"
            "--------  ------------  ------  ---------  -----  -------------------\n"
            "Телеграм  1 204 500.00  12 041     0.3333  true   2026-03-14 10:00:00\n"
            "tg               -0.05       –          –  false  –\n");
}

TEST(TextTest, OptionsChangeNullsAndThousands) {
  EXPECT_EQ(to_text(cards(), {.null_text = "", .group_thousands = false, .real_digits = 2}),
            "канал           cost   came  show_rate  open   at\n"
            "--------  ----------  -----  ---------  -----  -------------------\n"
            "Телеграм  1204500.00  12041       0.33  true   2026-03-14 10:00:00\n"
            "tg             -0.05                    false\n");
}

TEST(TextTest, PartsOfMoneyAreShownAsReals) {
  TableBuilder builder;
  ColumnBuilder& exact = builder.decimal("exact", 9);
  ColumnBuilder& part = builder.decimal("part", 15, "RUB");
  for (const Int128 mantissa : {Int128{33'333'333'333'333'333}, Int128{30'000'000'000'000'071}, Int128{-71}}) {
    exact.append_decimal(Decimal{mantissa, 9});
    part.append_decimal(Decimal{mantissa, 15});
  }
  EXPECT_EQ(to_text(builder.finish()),
            "               exact        part\n"
            "--------------------  ----------\n"
            "33 333 333.333333333     33.3333\n"
            "30 000 000.000000071          30\n"
            "        -0.000000071  -7.100e-14\n");
}

TEST(TextTest, LeavesOutRowsAndSaysSo) {
  TableBuilder builder;
  ColumnBuilder& n = builder.integer("n");
  for (int i = 0; i < 25; ++i) n.append_integer(i);
  const Table table = builder.finish();
  const std::string text = to_text(table);
  EXPECT_NE(text.find("19\n... 5 more\n"), std::string::npos) << text;
  EXPECT_EQ(to_text(table, {.max_rows = 0}), "n\n-\n... 25 more\n");
  EXPECT_EQ(to_text(table, {.max_rows = 25}).find("more"), std::string::npos);
  EXPECT_EQ(to_text(table, {.max_rows = -3}), "n\n-\n... 25 more\n");
}

TEST(TextTest, EmptyTables) {
  EXPECT_EQ(to_text(Table{}), "(no columns)\n");
  TableBuilder builder;
  builder.text("key");
  EXPECT_EQ(to_text(builder.finish()), "key\n---\n");
}

TEST(TextTest, WideTablesAreCutToTheirWidth) {
  TableBuilder builder;
  builder.text("name").append_text("a very long name of an announcement");
  builder.integer("n").append_integer(7);
  builder.text("second").append_text("also rather long");
  const Table table = builder.finish();
  EXPECT_EQ(to_text(table, {.max_width = 30}),
            "name          n  second\n"
            "------------  -  -------------\n"
            "a very long…  7  also rather …\n");
  // Text columns keep 8; then columns go, from the right.
  EXPECT_EQ(to_text(table, {.max_width = 15}),
            "name      n\n"
            "--------  -\n"
            "a very …  7\n"
            "... 1 more column\n");
  for (std::size_t width = 1; width < 70; ++width) {
    const std::string text = to_text(table, {.max_width = width});
    EXPECT_NE(text.find("a "), std::string::npos) << width << '\n' << text;
  }
}

TEST(TextTest, EastAsianTextTakesTwoColumnsAndMarksNone) {
  TableBuilder builder;
  ColumnBuilder& name = builder.text("name");
  ColumnBuilder& n = builder.text("n");
  for (const char* text : {"東京", "e\xCC\x81t\xC3\xA9", "abcd"}) {
    name.append_text(text);
    n.append_text("1");
  }
  EXPECT_EQ(to_text(builder.finish()),
            "name  n\n"
            "----  -\n"
            "東京  1\n"
            "e\xCC\x81t\xC3\xA9   1\n"
            "abcd  1\n");
}

TEST(TextTest, HostileTextCannotActOnTheTerminal) {
  TableBuilder builder;
  ColumnBuilder& name = builder.text("na\x1B[2Jme");
  name.append_text("a\nb\tc");
  name.append_text("\x1B[31mred\x07");
  name.append_text("broken \xFF utf-8 \xD0");
  name.append_text("right \xE2\x80\xAE to left");
  const std::string text = to_text(builder.finish());
  EXPECT_EQ(text.find('\x1B'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
  EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos);
  EXPECT_NE(text.find("a b c\n"), std::string::npos) << text;
  EXPECT_NE(text.find("broken \xEF\xBF\xBD utf-8 \xEF\xBF\xBD\n"), std::string::npos) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 6);
}

TEST(TextTest, RealsForPeople) {
  const auto shown = [](double value) { return detail::short_real_text(value, 4); };
  EXPECT_EQ(shown(0.0), "0");
  EXPECT_EQ(shown(-0.0), "0");
  EXPECT_EQ(shown(1.5), "1.5");
  EXPECT_EQ(shown(2.0), "2");
  EXPECT_EQ(shown(100.0), "100");
  EXPECT_EQ(shown(-0.25), "-0.25");
  EXPECT_EQ(shown(0.00001), "1.000e-05");
  EXPECT_EQ(shown(1e20), "1.000e+20");
  EXPECT_EQ(shown(123'456'789.123), "123456789.123");
  EXPECT_EQ(shown(std::nan("")), "NaN");
  EXPECT_EQ(shown(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(detail::short_real_text(3.0, 0), "3");
  EXPECT_EQ(detail::short_real_text(0.5, 17), "0.5");
}

TEST(TextTest, ThousandsAreGroupedByThree) {
  const auto grouped = [](std::string text) {
    detail::group_thousands(text);
    return text;
  };
  EXPECT_EQ(grouped("1"), "1");
  EXPECT_EQ(grouped("999"), "999");
  EXPECT_EQ(grouped("1000"), "1 000");
  EXPECT_EQ(grouped("-1234567.8901"), "-1 234 567.8901");
  EXPECT_EQ(grouped("-123"), "-123");
  EXPECT_EQ(grouped("1.000e+20"), "1.000e+20");
  EXPECT_EQ(grouped("NaN"), "NaN");
  EXPECT_EQ(grouped("-inf"), "-inf");
}

TEST(TextTest, DecimalsKeepAllTheirDigits) {
  TableBuilder builder;
  const Int128 wide = static_cast<Int128>(1'000'000'000'000'000'000) * 1'000'000'000;
  builder.decimal("wide", 2).append_decimal(Decimal{-wide, 2});
  EXPECT_EQ(to_text(builder.finish()),
            "                                  wide\n"
            "--------------------------------------\n"
            "-10 000 000 000 000 000 000 000 000.00\n");
}

TEST(TextTest, TimesOfAnyYear) {
  EXPECT_EQ(detail::time_text(0, 'T'), "1970-01-01T00:00:00");
  EXPECT_EQ(detail::time_text(-1, ' '), "1969-12-31 23:59:59.999999");
  EXPECT_EQ(detail::time_text(951'782'400'000'000, ' '), "2000-02-29 00:00:00");
  // The ends of 64-bit microseconds, as documented for std::chrono: -290308-12-21 19:59:05.224192, 294247-01-10
  // 04:00:54.775807.
  EXPECT_EQ(detail::time_text(std::numeric_limits<std::int64_t>::min(), ' '), "-290308-12-21 19:59:05.224192");
  EXPECT_EQ(detail::time_text(std::numeric_limits<std::int64_t>::max(), ' '), "+294247-01-10 04:00:54.775807");
}

TEST(TextTest, OnlyWellFormedUtf8IsText) {
  const auto valid = [](std::string_view text) { return detail::first_code_point(text).valid; };
  EXPECT_TRUE(valid("a"));
  EXPECT_TRUE(valid("\xC2\x80"));
  EXPECT_TRUE(valid("\xED\x9F\xBF"));
  EXPECT_TRUE(valid("\xF4\x8F\xBF\xBF"));
  EXPECT_FALSE(valid("\x80"));
  EXPECT_FALSE(valid("\xC0\x80"));
  EXPECT_FALSE(valid("\xC1\xBF"));
  EXPECT_FALSE(valid("\xE0\x9F\xBF"));      // overlong
  EXPECT_FALSE(valid("\xED\xA0\x80"));      // a surrogate
  EXPECT_FALSE(valid("\xF0\x8F\xBF\xBF"));  // overlong
  EXPECT_FALSE(valid("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_FALSE(valid("\xF5\x80\x80\x80"));
  EXPECT_FALSE(valid("\xD0"));
  EXPECT_FALSE(valid("\xE2\x82"));
}

}  // namespace
}  // namespace dealtrail
