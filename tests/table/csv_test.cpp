// SP.5: tables as CSV (RFC 4180), safe to open in a spreadsheet.
#include "dealtrail/table/csv.hpp"

#include <cmath>
#include <ostream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

TEST(CsvTest, EveryTypeAsItReadsBack) {
  TableBuilder builder;
  builder.text("key").append_text("tg");
  builder.integer("n").append_integer(-7);
  builder.real("x").append_real(0.1);
  builder.boolean("b").append_boolean(true);
  builder.time("at").append_time(from_us(1'500'000));
  builder.money("cost", RUB).append_minor(-120'450);
  builder.text("null").append_null();
  builder.text("empty").append_text("");
  builder.real("nan").append_real(std::nan(""));
  EXPECT_EQ(to_csv(builder.finish()),
            "key,n,x,b,at,cost,null,empty,nan\r\n"
            "tg,-7,0.1,true,1970-01-01T00:00:01.500000Z,-1204.50,,\"\",NaN\r\n");
}

TEST(CsvTest, QuotesWhereNeeded) {
  TableBuilder builder;
  ColumnBuilder& name = builder.text("a,b");
  for (const char* text :
       {"plain", "with,comma", "with \"quotes\"", "two\nlines", "two\r\nlines", " space", "semi;colon"})
    name.append_text(text);
  const Table table = builder.finish();
  EXPECT_EQ(to_csv(table),
            "\"a,b\"\r\nplain\r\n\"with,comma\"\r\n\"with \"\"quotes\"\"\"\r\n\"two\nlines\"\r\n\"two\r\nlines\"\r\n\" "
            "space\"\r\nsemi;colon\r\n");
  EXPECT_NE(to_csv(table, {.separator = ';'}).find("\r\n\"semi;colon\"\r\n"), std::string::npos);
  EXPECT_NE(to_csv(table, {.separator = ';'}).find("\r\nwith,comma\r\n"), std::string::npos);
}

TEST(CsvTest, FormulasAreEscapedInTextOnly) {
  const std::string nul("\0x", 2);
  TableBuilder builder;
  ColumnBuilder& name = builder.text("=1+1");
  ColumnBuilder& number = builder.integer("n");
  for (const std::string& text :
       {std::string("=cmd|'/c calc'!A0"), std::string("+7 495"), std::string("-1"), std::string("@x"),
        std::string("\tx"), std::string("\rx"), nul, std::string("a=b"), std::string("＝1")}) {
    name.append_text(text);
    number.append_integer(-5);
  }
  const Table table = builder.finish();
  EXPECT_EQ(to_csv(table),
            "'=1+1,n\r\n'=cmd|'/c calc'!A0,-5\r\n'+7 495,-5\r\n'-1,-5\r\n'@x,-5\r\n\"'\tx\",-5\r\n\"'\rx\",-5\r\n'" +
                nul + ",-5\r\na=b,-5\r\n'＝1,-5\r\n");
  EXPECT_NE(to_csv(table, {.formulas = FormulaText::keep}).find("\r\n+7 495,-5\r\n"), std::string::npos);
}

TEST(CsvTest, ByteOrderMarkAndNullText) {
  TableBuilder builder;
  ColumnBuilder& a = builder.text("a");
  a.append_null();
  a.append_text("NA");
  EXPECT_EQ(to_csv(builder.finish(), {.byte_order_mark = true, .null_text = "NA"}),
            "\xEF\xBB\xBF"
            "a\r\nNA\r\n\"NA\"\r\n");
}

TEST(CsvTest, EmptyTables) {
  EXPECT_EQ(to_csv(Table{}), "\r\n");
  TableBuilder builder;
  builder.text("a");
  builder.text("b");
  EXPECT_EQ(to_csv(builder.finish()), "a,b\r\n");
}

TEST(CsvTest, ManyRowsAreWrittenInPieces) {
  TableBuilder builder;
  std::vector<std::int64_t> values(50'000, 123'456);
  builder.integers("n", std::move(values));
  EXPECT_EQ(to_csv(builder.finish()).size(), 3U + 50'000U * 8U);
}

TEST(CsvTest, Refusals) {
  for (const char separator : {'"', '\n', '\r', '\0'}) {
    try {
      (void)to_csv(Table{}, {.separator = separator});
      FAIL() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    }
  }
  std::ostringstream broken;
  broken.setstate(std::ios::badbit);
  try {
    write_csv(Table{}, broken);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io_error);
  }
}

}  // namespace
}  // namespace dealtrail
