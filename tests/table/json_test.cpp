// SP.5: tables as JSON rows.
#include "dealtrail/table/json.hpp"

#include <cmath>
#include <limits>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

Table sample() {
  TableBuilder builder;
  ColumnBuilder& key = builder.text("k\"ey");
  ColumnBuilder& n = builder.integer("n");
  ColumnBuilder& x = builder.real("x");
  ColumnBuilder& b = builder.boolean("b");
  ColumnBuilder& at = builder.time("at");
  ColumnBuilder& cost = builder.money("cost", RUB);
  key.append_text("канал \\ \"a\"\n\x02");
  n.append_integer(std::numeric_limits<std::int64_t>::max());
  x.append_real(0.1);
  b.append_boolean(false);
  at.append_time(from_us(0));
  cost.append_minor(-5);
  for (ColumnBuilder* column : {&key, &n, &b, &at, &cost}) column->append_null();
  x.append_real(std::nan(""));
  return builder.finish();
}

TEST(JsonTest, AnArrayOfRows) {
  EXPECT_EQ(to_json(sample()),
            "[\n"
            "{\"k\\\"ey\": \"канал \\\\ \\\"a\\\"\\n\\u0002\", \"n\": 9223372036854775807, \"x\": 0.1, \"b\": false, "
            "\"at\": \"1970-01-01T00:00:00Z\", \"cost\": -0.05},\n"
            "{\"k\\\"ey\": null, \"n\": null, \"x\": null, \"b\": null, \"at\": null, \"cost\": null}\n"
            "]\n");
}

TEST(JsonTest, JsonLines) {
  TableBuilder builder;
  ColumnBuilder& n = builder.integer("n");
  n.append_integer(1);
  n.append_integer(2);
  EXPECT_EQ(to_json(builder.finish(), JsonLayout::lines), "{\"n\": 1}\n{\"n\": 2}\n");
}

TEST(JsonTest, EmptyTables) {
  EXPECT_EQ(to_json(Table{}), "[]\n");
  EXPECT_EQ(to_json(Table{}, JsonLayout::lines), "");
}

TEST(JsonTest, InfinitiesAndBrokenTextStayValidJson) {
  TableBuilder builder;
  builder.real("x").append_real(-std::numeric_limits<double>::infinity());
  builder.text("t").append_text("\xFF\xD0");
  EXPECT_EQ(to_json(builder.finish(), JsonLayout::lines), "{\"x\": null, \"t\": \"\xEF\xBF\xBD\xEF\xBF\xBD\"}\n");
}

TEST(JsonTest, AFailingStreamIsAnError) {
  std::ostringstream broken;
  broken.setstate(std::ios::badbit);
  try {
    write_json(Table{}, broken);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io_error);
  }
}

}  // namespace
}  // namespace dealtrail
