// SP.5: results: built once, read by type, exported without a copy.
#include "dealtrail/table/table.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <deque>
#include <limits>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/table/column.hpp"

namespace dealtrail {
namespace {

template <class Action>
Error error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return Error{ErrorCode::not_converged, ""};
}

Table cards() {
  TableBuilder builder{"cards"};
  ColumnBuilder& key = builder.text("key");
  ColumnBuilder& attended = builder.integer("attended");
  ColumnBuilder& show_rate = builder.real("show_rate", "share");
  ColumnBuilder& open = builder.boolean("open");
  ColumnBuilder& first_at = builder.time("first_at");
  ColumnBuilder& cost = builder.money("cost", RUB);
  key.append_text("telegram");
  attended.append_integer(41);
  show_rate.append_real(0.5);
  open.append_boolean(true);
  first_at.append_time(from_us(1'000'000));
  cost.append_minor(120'450);
  key.append_text("портал");
  attended.append_null();
  show_rate.append_real(std::nullopt);
  open.append_boolean(std::nullopt);
  first_at.append_time(std::nullopt);
  cost.append_minor(std::nullopt);
  key.append_text(std::nullopt);
  attended.append_integer(0);
  show_rate.append_real(0.0);
  open.append_boolean(false);
  first_at.append_time(from_us(-1));
  cost.append_minor(std::numeric_limits<std::int64_t>::min());
  builder.meta("view", "marketing");
  builder.meta("as_of", "2026-03-14T00:00:00Z");
  return builder.finish();
}

TEST(TableTest, GivesCellsByType) {
  const Table table = cards();
  ASSERT_EQ(table.rows(), 3);
  EXPECT_EQ(table.text_at(0, "key"), "telegram");
  EXPECT_EQ(table.text_at(2, 0), std::nullopt);
  EXPECT_EQ(table.integer_at(0, "attended"), 41);
  EXPECT_EQ(table.integer_at(1, "attended"), std::nullopt);
  EXPECT_EQ(table.integer_at(2, "attended"), 0);  // no value is not zero
  EXPECT_EQ(table.real_at(0, "show_rate"), 0.5);
  EXPECT_EQ(table.boolean_at(0, "open"), true);
  EXPECT_EQ(table.boolean_at(1, "open"), std::nullopt);
  EXPECT_EQ(table.time_at(2, "first_at"), from_us(-1));
  EXPECT_EQ(table.minor_at(0, "cost"), 120'450);
  EXPECT_EQ(table.money_at(0, "cost"), (Money{120'450, RUB}));
  EXPECT_EQ(table.money_at(1, "cost"), std::nullopt);
  EXPECT_EQ(table.minor_at(2, "cost"), std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(table.decimal_at(0, "cost") == (Decimal{120'450, 2}));
  EXPECT_EQ(table.find_row("key", "портал"), 1);
  EXPECT_EQ(table.find_row("key", "radio"), std::nullopt);
}

TEST(TableTest, NamesItsColumnsAndOptions) {
  const Table table = cards();
  EXPECT_EQ(table.columns().size(), 6U);
  EXPECT_EQ(table.columns()[5], (ColumnInfo{.name = "cost", .type = ColumnType::decimal, .scale = 2, .unit = "RUB"}));
  EXPECT_EQ(table.meta().size(), 2U);
  EXPECT_EQ(table.meta()[0].first, "view");
  EXPECT_EQ(table.meta("as_of"), "2026-03-14T00:00:00Z");
  EXPECT_EQ(table.meta("zone"), std::nullopt);
}

TEST(TableTest, MetaKeysAreReplacedInPlace) {
  TableBuilder builder;
  builder.meta("a", "1");
  builder.meta("b", "2");
  builder.meta("a", "3");
  const Table table = builder.finish();
  ASSERT_EQ(table.meta().size(), 2U);
  EXPECT_EQ(table.meta()[0], (std::pair<std::string, std::string>{"a", "3"}));
}

TEST(TableTest, RefusesWhatIsNotThere) {
  const Table table = cards();
  EXPECT_EQ(error_of([&] { (void)table.at(3, 0); }).code(), ErrorCode::invalid_argument);
  EXPECT_EQ(error_of([&] { (void)table.at(-1, 0); }).code(), ErrorCode::invalid_argument);
  EXPECT_EQ(error_of([&] { (void)table.at(0, 6); }).code(), ErrorCode::invalid_argument);
  EXPECT_EQ(error_of([&] { (void)table.integer_at(0, "cost"); }).code(), ErrorCode::type_mismatch);
  EXPECT_EQ(error_of([&] { (void)table.integer_at(0, "radio"); }).code(), ErrorCode::missing_column);
  EXPECT_EQ(error_of([&] { (void)table.money_at(0, "attended"); }).code(), ErrorCode::type_mismatch);
}

TEST(TableTest, ColumnsTakeTheirOwnTypeOnly) {
  TableBuilder builder;
  ColumnBuilder& number = builder.integer("n");
  for (const Datum& cell : {Datum::text("1"), Datum::real(1.0), Datum::boolean(true), Datum::time(1),
                            Datum::local_time(1), Datum::decimal(1, 0)}) {
    EXPECT_EQ(error_of([&] { number.append(cell); }).code(), ErrorCode::type_mismatch) << to_string(cell.kind());
  }
  EXPECT_EQ(number.rows(), 0);
  ColumnBuilder& words = builder.text("t");
  EXPECT_EQ(error_of([&] { words.append_integer(1); }).code(), ErrorCode::type_mismatch);
}

TEST(TableTest, DatumsAreTakenAsTheyAre) {
  TableBuilder builder;
  ColumnBuilder& text = builder.text("t");
  ColumnBuilder& integer = builder.integer("i");
  ColumnBuilder& real = builder.real("r");
  ColumnBuilder& boolean = builder.boolean("b");
  ColumnBuilder& time = builder.time("at");
  ColumnBuilder& decimal = builder.decimal("d", 3);
  text.append(Datum::text("a"));
  integer.append(Datum::integer(1));
  real.append(Datum::integer(2));
  boolean.append(Datum::boolean(true));
  time.append(Datum::time(3));
  decimal.append(Datum::decimal(-15, 1));
  for (ColumnBuilder* column : {&text, &integer, &real, &boolean, &time, &decimal}) column->append(Datum::null());
  const Table table = builder.finish();
  EXPECT_EQ(table.text_at(0, "t"), "a");
  EXPECT_EQ(table.real_at(0, "r"), 2.0);
  EXPECT_TRUE(table.decimal_at(0, "d") == (Decimal{-1'500, 3}));
  for (std::size_t column = 0; column < 6; ++column) EXPECT_TRUE(table.at(1, column).is_null());
}

TEST(TableTest, DecimalsAreRescaledExactlyOrRefused) {
  TableBuilder builder;
  ColumnBuilder& rate = builder.decimal("rate", 2);
  rate.append_decimal(Decimal{15'000, 4});
  rate.append(Datum::integer(7));
  rate.append_decimal(Decimal{12, -3});
  rate.append_decimal(Decimal{0, 99});
  EXPECT_EQ(error_of([&] { rate.append_decimal(Decimal{1, 3}); }).code(), ErrorCode::invalid_argument);
  const Int128 wide = static_cast<Int128>(1'000'000'000'000'000'000) * 1'000'000'000'000'000'000 * 10;  // 10^37
  EXPECT_EQ(error_of([&] { rate.append_decimal(Decimal{wide, 0}); }).code(), ErrorCode::overflow);
  EXPECT_EQ(error_of([&] { rate.append_decimal(Decimal{-wide * 10, 2}); }).code(), ErrorCode::overflow);
  const Table table = builder.finish();
  ASSERT_EQ(table.rows(), 4);
  EXPECT_EQ(table.minor_at(0, 0), 150);
  EXPECT_EQ(table.minor_at(1, 0), 700);
  EXPECT_EQ(table.minor_at(2, 0), 1'200'000);
  EXPECT_EQ(table.minor_at(3, 0), 0);
  EXPECT_EQ(error_of([] { TableBuilder().decimal("d", 39); }).code(), ErrorCode::invalid_argument);
}

TEST(TableTest, ColumnsOfDifferentLengthsAreRefused) {
  TableBuilder builder{"cards"};
  builder.text("a").append_text("x");
  builder.text("b");
  const Error error = error_of([&] { (void)builder.finish(); });
  EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
  EXPECT_EQ(error.where().column, "b");
}

TEST(TableTest, EmptyTables) {
  EXPECT_EQ(Table{}.rows(), 0);
  const TableInput nothing = read_all(Table{}.to_stream());
  EXPECT_EQ(nothing.schema().size(), 0U);
  TableBuilder builder;
  builder.text("a");
  builder.boolean("b");
  builder.money("c", JPY);
  const TableInput input = read_all(builder.finish().to_stream());
  EXPECT_EQ(input.rows(), 0);
  EXPECT_EQ(input.batch_count(), 1U);  // our empty tables are not mistaken for readers that were read before
  EXPECT_EQ(input.schema().size(), 3U);
  EXPECT_EQ((ColumnReader{input, "a"}.rows()), 0);
}

TEST(TableTest, EqualityIsOfCellsUnitsAndMeta) {
  EXPECT_EQ(cards(), cards());
  EXPECT_EQ(Table{}, Table{});
  EXPECT_FALSE(cards() == Table{});
  const auto of = [](double value, const std::string& unit, const std::string& view) {
    TableBuilder builder;
    builder.real("x", unit).append_real(value);
    builder.meta("view", view);
    return builder.finish();
  };
  EXPECT_EQ(of(std::nan(""), "u", "a"), of(std::nan(""), "u", "a"));
  EXPECT_FALSE(of(1, "u", "a") == of(2, "u", "a"));
  EXPECT_FALSE(of(1, "u", "a") == of(1, "v", "a"));
  EXPECT_FALSE(of(1, "u", "a") == of(1, "u", "b"));
}

// Random columns of all types, lengths around the edges of a byte, with and without nulls: what leaves comes back.
TEST(TableTest, RoundTripThroughAStream) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 random{seed};
    const std::size_t rows = random() % 20;
    const bool with_nulls = random() % 2 == 0;
    TableBuilder builder;
    const std::vector<ColumnBuilder*> columns{&builder.text("t"),    &builder.integer("i"), &builder.real("r"),
                                              &builder.boolean("b"), &builder.time("at"),   &builder.money("m", KWD)};
    std::vector<std::vector<Datum>> expected(columns.size());
    std::deque<std::string> texts;
    for (std::size_t row = 0; row < rows; ++row) {
      const auto bits = static_cast<std::int64_t>(random());
      const std::string& text = texts.emplace_back(random() % 30, static_cast<char>('a' + random() % 26));
      const Datum cells[] = {Datum::text(text),        Datum::integer(bits), Datum::real(std::bit_cast<double>(bits)),
                             Datum::boolean(bits < 0), Datum::time(bits),    Datum::decimal(bits, 3)};
      for (std::size_t column = 0; column < columns.size(); ++column) {
        expected[column].push_back(with_nulls && random() % 3 == 0 ? Datum::null() : cells[column]);
        columns[column]->append(expected[column].back());
      }
    }
    const Table table = builder.finish();
    const TableInput input = read_all(table.to_stream());
    ASSERT_EQ(input.rows(), static_cast<std::int64_t>(rows));
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const ColumnReader reader{input, column};
      EXPECT_EQ(reader.info().name, table.columns()[column].name);
      EXPECT_EQ(reader.info().type, table.columns()[column].type);
      EXPECT_EQ(reader.info().scale, table.columns()[column].scale);
      for (std::int64_t row = 0; row < table.rows(); ++row) {
        const Datum& cell = expected[column][static_cast<std::size_t>(row)];
        EXPECT_EQ(table.at(row, column), cell);
        EXPECT_EQ(reader.read(row), cell);
      }
    }
  }
}

TEST(TableTest, ExportSharesBuffers) {
#ifdef DEALTRAIL_COUNT_COPIES
  const auto copies_before = detail::buffer_copies.load();
#endif
  std::vector<std::int64_t> values{1, 2, 3};
  const std::int64_t* address = values.data();
  TableBuilder builder;
  builder.integers("n", std::move(values));
  builder.reals("x", {0.5, 1.5, 2.5});
  const Table table = builder.finish();
  const TableInput first = read_all(table.to_stream());
  const TableInput second = read_all(table.to_stream());
  const auto moved_in = ColumnReader{first, "n"}.integers();
  const auto again = ColumnReader{second, "n"}.integers();
  EXPECT_EQ(moved_in.view().data(), address);  // from the vector that was moved in to the array that left
  EXPECT_EQ(again.view().data(), address);
  EXPECT_EQ((std::vector(again.view().begin(), again.view().end())), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_TRUE((ColumnReader{second, "x"}.reals().borrowed()));
#ifdef DEALTRAIL_COUNT_COPIES
  EXPECT_EQ(detail::buffer_copies.load(), copies_before);
#endif
}

TEST(TableTest, ExportOutlivesTheTable) {
  TableInput input;
  {
    const Table table = cards();
    input = read_all(table.to_stream());
  }
  EXPECT_EQ((ColumnReader{input, "key"}.read(1)), Datum::text("портал"));
}

TEST(TableTest, AColumnMovedOutOfItsBatchLivesOn) {
  OwnedArray column;
  {
    OwnedStream stream = cards().to_stream();
    OwnedArray batch;
    ASSERT_EQ(stream.view().get_next(stream.address(), batch.address()), 0);
    column = OwnedArray::take(batch.address()->children[1]);
  }
  EXPECT_EQ(static_cast<const std::int64_t*>(column.view().buffers[1])[0], 41);
}

TEST(TableTest, AStreamEndsAndStaysAtItsEnd) {
  OwnedStream stream = cards().to_stream();
  for (int i = 0; i < 3; ++i) {
    OwnedArray batch;
    ASSERT_EQ(stream.view().get_next(stream.address(), batch.address()), 0);
    EXPECT_EQ(batch.released(), i > 0);
  }
  EXPECT_EQ(stream.view().get_last_error(stream.address()), nullptr);
}

TEST(TableTest, ManyThreadsMayExport) {
  const Table table = cards();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&table] {
      for (int j = 0; j < 50; ++j) EXPECT_EQ(read_all(table.to_stream()).rows(), 3);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// Arrow's packed metadata: int32 count, then int32 length and bytes of each key and value.
std::string metadata_value(const char* metadata, const std::string& wanted) {
  if (metadata == nullptr) return {};
  const auto number = [&] {
    std::int32_t value = 0;
    std::memcpy(&value, metadata, sizeof(value));
    metadata += sizeof(value);
    return value;
  };
  const auto text = [&] {
    const auto size = static_cast<std::size_t>(number());
    std::string value(metadata, size);
    metadata += size;
    return value;
  };
  for (std::int32_t left = number(); left > 0; --left) {
    const std::string key = text();
    const std::string value = text();
    if (key == wanted) return value;
  }
  return {};
}

TEST(TableTest, TheSchemaCarriesMetaAndUnits) {
  TableBuilder builder;
  builder.money("cost", RUB);
  builder.text("key");
  builder.meta("view", "finance \"net\"");
  builder.meta("zone", "line\nbreak \x01 \xFF");
  const TableInput input = read_all(builder.finish().to_stream());
  const ArrowSchema& schema = input.arrow_schema();
  EXPECT_EQ(metadata_value(schema.metadata, "dealtrail"),
            "{\"view\": \"finance \\\"net\\\"\", \"zone\": \"line\\nbreak \\u0001 \xEF\xBF\xBD\"}");
  EXPECT_STREQ(schema.children[0]->format, "d:38,2");
  EXPECT_EQ(metadata_value(schema.children[0]->metadata, "unit"), "RUB");
  EXPECT_EQ(schema.children[1]->metadata, nullptr);
  EXPECT_EQ(schema.children[1]->flags & ARROW_FLAG_NULLABLE, ARROW_FLAG_NULLABLE);
}

}  // namespace
}  // namespace dealtrail
