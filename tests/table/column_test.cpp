// SP.5: every format that producers send, over batches, slices and offsets; and what is refused.
#include "dealtrail/table/column.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "table/arrow_arrays.hpp"

namespace dealtrail {
namespace {

using test::batch;
using test::booleans;
using test::live_structs;
using test::make_array;
using test::make_schema;
using test::Node;
using test::numbers;
using test::texts;

class ColumnTest : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(live_structs, 0); }
};

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

// A table of one column "c", a batch per node.
TableInput table_of(const std::vector<Node>& chunks) {
  std::vector<OwnedArray> batches;
  for (const Node& chunk : chunks) batches.push_back(make_array(batch({chunk.named("c")})));
  return TableInput::from_batches(make_schema(batch({chunks.front().named("c")})), std::move(batches), "t");
}

std::vector<Datum> cells_of(const ColumnReader& reader) {
  std::vector<Datum> cells;
  for (std::int64_t row = 0; row < reader.rows(); ++row) cells.push_back(reader.read(row));
  std::int64_t expected_row = 0;
  reader.for_each([&](std::int64_t row, const Datum& cell) {
    EXPECT_EQ(row, expected_row++);
    EXPECT_EQ(cell, cells[static_cast<std::size_t>(row)]) << "row " << row;
  });
  EXPECT_EQ(expected_row, reader.rows());
  return cells;
}

// Reads `node` as it is, misaligned, sliced by the child's offset, sliced by the root's, and in three batches.
void expect_cells(const Node& node, const std::vector<Datum>& expected) {
  const auto count = static_cast<std::int64_t>(expected.size());
  ASSERT_EQ(node.length, count);
  {
    const TableInput table = table_of({node});
    EXPECT_EQ(cells_of(ColumnReader{table, "c"}), expected) << node.format;
  }
  {
    Node odd = node;
    odd.misaligned = true;
    const TableInput table = table_of({odd});
    EXPECT_EQ(cells_of(ColumnReader{table, "c"}), expected) << node.format << " misaligned";
  }
  for (std::int64_t from = 0; from <= count; ++from) {
    const std::vector<Datum> tail(expected.begin() + from, expected.end());
    const TableInput sliced = table_of({node.sliced(from, count - from)});
    EXPECT_EQ(cells_of(ColumnReader{sliced, "c"}), tail) << node.format << " from " << from;
    std::vector<OwnedArray> root;
    Node whole = batch({node.named("c")});
    root.push_back(make_array(whole.sliced(from, count - from)));
    const TableInput root_sliced = TableInput::from_batches(make_schema(whole), std::move(root));
    EXPECT_EQ(cells_of(ColumnReader{root_sliced, "c"}), tail) << node.format << " root from " << from;
    const TableInput three = table_of({node.sliced(0, from), node.sliced(from, 0), node.sliced(from, count - from)});
    EXPECT_EQ(cells_of(ColumnReader{three, "c"}), expected) << node.format << " in batches at " << from;
  }
}

template <class Value>
void expect_integers(const char* format) {
  const Value low = std::numeric_limits<Value>::min();
  const Value high = sizeof(Value) == 8 ? static_cast<Value>(std::numeric_limits<std::int64_t>::max())
                                        : std::numeric_limits<Value>::max();
  expect_cells(numbers<Value>(format, {low, 0, 1, 7, high}, {1, 1, 0, 1, 1}),
               {Datum::integer(static_cast<std::int64_t>(low)), Datum::integer(0), Datum::null(), Datum::integer(7),
                Datum::integer(static_cast<std::int64_t>(high))});
}

TEST_F(ColumnTest, IntegersOfAllWidths) {
  expect_integers<std::int8_t>("c");
  expect_integers<std::uint8_t>("C");
  expect_integers<std::int16_t>("s");
  expect_integers<std::uint16_t>("S");
  expect_integers<std::int32_t>("i");
  expect_integers<std::uint32_t>("I");
  expect_integers<std::int64_t>("l");
  expect_integers<std::uint64_t>("L");
}

TEST_F(ColumnTest, UnsignedAboveInt64IsAnOverflowWithItsPlace) {
  const TableInput table = table_of({numbers<std::uint64_t>("L", {1, std::uint64_t{1} << 63})});
  const ColumnReader reader{table, "c"};
  EXPECT_EQ(reader.read(0), Datum::integer(1));
  const Error error = error_of([&] { (void)reader.read(1); });
  EXPECT_EQ(error.code(), ErrorCode::overflow);
  EXPECT_EQ(error.where(), (Where{"t", "c", 1}));
  EXPECT_NE(std::string(error.what()).find("9223372036854775808"), std::string::npos) << error.what();
}

TEST_F(ColumnTest, RealsKeepNaNApartFromNull) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  expect_cells(numbers<double>("g", {0.1, nan, 0.0, -infinite}, {1, 1, 0, 1}),
               {Datum::real(0.1), Datum::real(nan), Datum::null(), Datum::real(-infinite)});
  expect_cells(numbers<float>("f", {0.5F, -2.0F}), {Datum::real(0.5), Datum::real(-2.0)});
}

TEST_F(ColumnTest, HalfFloats) {
  // IEEE 754 binary16: 1.0, -2.0, the largest 65504, the smallest subnormal 2^-24, infinity, -0.0.
  expect_cells(numbers<std::uint16_t>("e", {0x3C00, 0xC000, 0x7BFF, 0x0001, 0x7C00, 0x8000}),
               {Datum::real(1.0), Datum::real(-2.0), Datum::real(65504.0), Datum::real(std::ldexp(1.0, -24)),
                Datum::real(std::numeric_limits<double>::infinity()), Datum::real(-0.0)});
  const TableInput table = table_of({numbers<std::uint16_t>("e", {0x7E00})});
  EXPECT_TRUE(std::isnan((ColumnReader{table, "c"}.read(0).as_real())));
}

TEST_F(ColumnTest, BooleansAreBits) {
  const std::vector<int> values{1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0};
  const std::vector<int> valid{1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1};
  std::vector<Datum> expected;
  for (std::size_t i = 0; i < values.size(); ++i) {
    expected.push_back(valid[i] != 0 ? Datum::boolean(values[i] != 0) : Datum::null());
  }
  expect_cells(booleans(values, valid), expected);
}

TEST_F(ColumnTest, TextsOfAllThreeKinds) {
  const std::string borderline = "twelve bytes";
  const std::string longer = "more than twelve bytes: портал мероприятий";
  for (const char* format : {"u", "U", "vu"}) {
    expect_cells(texts(format, {"tg", std::nullopt, "", borderline, longer, "Афиша"}),
                 {Datum::text("tg"), Datum::null(), Datum::text(""), Datum::text(borderline), Datum::text(longer),
                  Datum::text("Афиша")});
    expect_cells(texts(format, {"", ""}), {Datum::text(""), Datum::text("")});
    expect_cells(texts(format, {}), {});
  }
}

TEST_F(ColumnTest, TextBorrowsFromTheTable) {
  const TableInput table = table_of({texts("u", {"a text"})});
  const ColumnReader reader{table, "c"};
  const char* bytes = static_cast<const char*>(table.batches()[0].view().children[0]->buffers[2]);
  EXPECT_EQ(reader.read(0).as_text().data(), bytes);
}

TEST_F(ColumnTest, EmptyTextsMayLackTheirBytes) {
  Node node = texts("u", {"", ""});
  node.buffers[2] = std::nullopt;
  expect_cells(node, {Datum::text(""), Datum::text("")});
}

TEST_F(ColumnTest, EmptyColumnsMayLackTheirBuffers) {
  for (const char* format : {"u", "U", "l", "b"}) {
    Node node{format};
    node.buffers = {std::nullopt, std::nullopt, std::nullopt};
    expect_cells(node, {});
  }
}

TEST_F(ColumnTest, Times) {
  expect_cells(numbers<std::int64_t>("tss:UTC", {-1, 2}), {Datum::time(-1'000'000), Datum::time(2'000'000)});
  expect_cells(numbers<std::int64_t>("tsm:Europe/Moscow", {3}), {Datum::time(3'000)});
  expect_cells(numbers<std::int64_t>("tsu:Etc/UTC", {5, 0}, {1, 0}), {Datum::time(5), Datum::null()});
  expect_cells(numbers<std::int64_t>("tsu:", {5}), {Datum::local_time(5)});
  // Nanoseconds are rounded down, before 1970 too, so that order is kept.
  expect_cells(numbers<std::int64_t>("tsn:UTC", {1'999, 2'000, -1, -1'000, -1'001}),
               {Datum::time(1), Datum::time(2), Datum::time(-1), Datum::time(-1), Datum::time(-2)});
  expect_cells(numbers<std::int64_t>("tsn:", {1'000}), {Datum::local_time(1)});
}

TEST_F(ColumnTest, DatesAreMidnights) {
  expect_cells(numbers<std::int32_t>("tdD", {0, 1, -1}), {Datum::date(0), Datum::date(1), Datum::date(-1)});
  expect_cells(numbers<std::int64_t>("tdm", {86'400'000}), {Datum::date(1)});
}

TEST_F(ColumnTest, TimesOutOfRangeAreOverflows) {
  for (const auto& node : {numbers<std::int64_t>("tss:UTC", {INT64_MAX / 1000}),
                           numbers<std::int64_t>("tdm", {INT64_MIN}), numbers<std::int32_t>("tdD", {INT32_MAX})}) {
    const TableInput table = table_of({node});
    const ColumnReader reader{table, "c"};
    EXPECT_EQ(error_of([&] { (void)reader.read(0); }).code(), ErrorCode::overflow) << node.format;
  }
}

TEST_F(ColumnTest, TheZoneIsToldApartFromNone) {
  const TableInput zoned = table_of({numbers<std::int64_t>("tsu:Europe/Moscow", {})});
  EXPECT_EQ(zoned.schema()[0].type, ColumnType::time);
  EXPECT_EQ(zoned.schema()[0].zone, "Europe/Moscow");
  const TableInput naive = table_of({numbers<std::int64_t>("tsu:", {})});
  EXPECT_EQ(naive.schema()[0].type, ColumnType::local_time);
}

TEST_F(ColumnTest, DecimalsKeepTheirDigits) {
  const Int128 wide = static_cast<Int128>(1'000'000'000'000'000'000) * 1'000'000'000 + 7;
  expect_cells(numbers<Int128>("d:38,2", {120450, -120450, 0, wide}, {1, 1, 0, 1}),
               {Datum::decimal(120450, 2), Datum::decimal(-120450, 2), Datum::null(), Datum::decimal(wide, 2)});
  expect_cells(numbers<Int128>("d:18,2,128", {-wide}), {Datum::decimal(-wide, 2)});
  expect_cells(numbers<std::int64_t>("d:18,4,64", {-1, 15}), {Datum::decimal(-1, 4), Datum::decimal(15, 4)});
  expect_cells(numbers<std::int32_t>("d:9,0,32", {-1}), {Datum::decimal(-1, 0)});
  expect_cells(numbers<Int128>("d:5,-3", {12}), {Datum::decimal(12, -3)});
}

TEST_F(ColumnTest, DictionariesOfTextsWithAnyCodes) {
  const std::vector<Datum> expected{Datum::text("tg"), Datum::text("a much longer channel"), Datum::null(),
                                    Datum::text("tg")};
  const std::vector<int> valid{1, 1, 0, 1};
  for (const char* format : {"u", "U", "vu"}) {
    const Node values = texts(format, {"tg", "a much longer channel"});
    expect_cells(test::dictionary<std::int8_t>("c", {0, 1, 99, 0}, values, valid), expected);
    expect_cells(test::dictionary<std::uint8_t>("C", {0, 1, 0, 0}, values, valid), expected);
    expect_cells(test::dictionary<std::int16_t>("s", {0, 1, 0, 0}, values, valid), expected);
    expect_cells(test::dictionary<std::uint16_t>("S", {0, 1, 0, 0}, values, valid), expected);
    expect_cells(test::dictionary<std::int32_t>("i", {0, 1, 0, 0}, values, valid), expected);
    expect_cells(test::dictionary<std::uint32_t>("I", {0, 1, 0, 0}, values, valid), expected);
    expect_cells(test::dictionary<std::int64_t>("l", {0, 1, 0, 0}, values, valid), expected);
    expect_cells(test::dictionary<std::uint64_t>("L", {0, 1, 0, 0}, values, valid), expected);
  }
}

TEST_F(ColumnTest, DictionariesOfOtherValues) {
  expect_cells(test::dictionary<std::int8_t>("c", {1, 0, 1}, numbers<std::int64_t>("l", {10, 20})),
               {Datum::integer(20), Datum::integer(10), Datum::integer(20)});
  expect_cells(test::dictionary<std::int8_t>("c", {1, 0}, texts("u", {"a", std::nullopt})),
               {Datum::null(), Datum::text("a")});
  expect_cells(test::dictionary<std::int8_t>("c", {0, 1}, texts("u", {"x", "a", "b"}).sliced(1, 2)),
               {Datum::text("a"), Datum::text("b")});
  const TableInput table = table_of({test::dictionary<std::int8_t>("c", {0}, texts("u", {"a"}))});
  EXPECT_TRUE((ColumnReader{table, "c"}.is_dictionary()));
  EXPECT_EQ(table.schema()[0].type, ColumnType::text);
}

TEST_F(ColumnTest, EachBatchHasItsOwnDictionary) {
  const TableInput table = table_of({test::dictionary<std::int8_t>("c", {0, 1}, texts("u", {"a", "b"})),
                                     test::dictionary<std::int8_t>("c", {0, 1}, texts("u", {"b", "a"}))});
  const std::vector<Datum> expected{Datum::text("a"), Datum::text("b"), Datum::text("b"), Datum::text("a")};
  EXPECT_EQ(cells_of(ColumnReader{table, "c"}), expected);
}

TEST_F(ColumnTest, CodesOutsideTheDictionaryAreRefused) {
  for (const std::int8_t code : {std::int8_t{2}, std::int8_t{-1}}) {
    const TableInput table = table_of({test::dictionary<std::int8_t>("c", {0, code}, texts("u", {"a", "b"}))});
    const ColumnReader reader{table, "c"};
    const Error error = error_of([&] { (void)reader.read(1); });
    EXPECT_EQ(error.code(), ErrorCode::corrupt_data);
    EXPECT_EQ(error.where().row, 1);
  }
}

TEST_F(ColumnTest, NullColumns) { expect_cells(test::nulls(3), {Datum::null(), Datum::null(), Datum::null()}); }

TEST_F(ColumnTest, NullCountIsOnlyAHint) {
  Node node = numbers<std::int64_t>("l", {1, 2}, {1, 1});  // a bitmap although nothing is null
  expect_cells(node, {Datum::integer(1), Datum::integer(2)});
  node.null_count = 0;
  expect_cells(node, {Datum::integer(1), Datum::integer(2)});
  node = numbers<std::int64_t>("l", {1, 2});
  node.null_count = -1;  // not counted, and no bitmap
  expect_cells(node, {Datum::integer(1), Datum::integer(2)});
}

TEST_F(ColumnTest, UnreadFormatsNameTheColumnAndACure) {
  const std::vector<std::pair<std::string, std::string>> formats{{"z", "cast to string"},
                                                                 {"Z", "cast to string"},
                                                                 {"vz", "cast to string"},
                                                                 {"w:16", "cast to string"},
                                                                 {"ttu", "time of day"},
                                                                 {"tDu", "duration"},
                                                                 {"tin", "duration"},
                                                                 {"d:76,2,256", "decimal128"},
                                                                 {"d:x", "decimal128"},
                                                                 {"d:38", "decimal128"},
                                                                 {"d:38,2,128,1", "decimal128"},
                                                                 {"d:0,2", "decimal128"},
                                                                 {"+s", "unnest"},
                                                                 {"+l", "explode"},
                                                                 {"+w:3", "explode"},
                                                                 {"+m", "explode"},
                                                                 {"+r", "run-end"},
                                                                 {"?", "cast to string"},
                                                                 {"", "cast to string"},
                                                                 {"tsx:", "cast to string"},
                                                                 {"+ud:0,1", "cast to string"},
                                                                 {"tsu", "cast to string"},
                                                                 {"d:2147483648,0", "decimal128"}};
  for (const auto& [format, hint] : formats) {
    const TableInput table = table_of({Node{format}});
    const Error error = error_of([&] { (void)ColumnReader(table, "c"); });
    EXPECT_EQ(error.code(), ErrorCode::type_mismatch) << format;
    EXPECT_EQ(error.where().column, "c") << format;
    EXPECT_NE(error.hint().find(hint), std::string::npos) << format << ": " << error.hint();
  }
}

TEST_F(ColumnTest, DictionariesThatCannotBeAreRefused) {
  const Node by_text = test::dictionary<double>("g", {0.0}, texts("u", {"a"}));
  const Node nested =
      test::dictionary<std::int8_t>("c", {0}, test::dictionary<std::int8_t>("c", {0}, texts("u", {"a"})));
  const Node binary = test::dictionary<std::int8_t>("c", {0}, Node{"z"});
  for (const Node& node : {by_text, nested, binary}) {
    const TableInput table = table_of({node});
    EXPECT_EQ(error_of([&] { (void)ColumnReader(table, "c"); }).code(), ErrorCode::type_mismatch);
  }
  std::vector<OwnedArray> batches;
  Node bare = test::dictionary<std::int8_t>("c", {0}, texts("u", {"a"})).named("c");
  const Node schema = batch({bare});
  bare.dictionary = nullptr;
  batches.push_back(make_array(batch({bare})));
  const TableInput table = TableInput::from_batches(make_schema(schema), std::move(batches));
  EXPECT_EQ(error_of([&] { (void)ColumnReader(table, "c"); }).code(), ErrorCode::corrupt_data);
}

TEST_F(ColumnTest, ColumnsWithoutTheirBuffersAreRefused) {
  const auto refused = [](const Node& node) {
    const TableInput table = table_of({node});
    const Error error = error_of([&] { (void)ColumnReader(table, "c"); });
    EXPECT_EQ(error.where().column, "c");
    return error.code() == ErrorCode::corrupt_data;
  };
  Node node = numbers<std::int64_t>("l", {1});
  node.buffers.pop_back();
  EXPECT_TRUE(refused(node));
  node = numbers<std::int64_t>("l", {1});
  node.buffers[1] = std::nullopt;
  EXPECT_TRUE(refused(node));
  node = numbers<std::int64_t>("l", {1});
  node.null_count = 1;  // counts a null, has no bitmap
  EXPECT_TRUE(refused(node));
  node = texts("u", {"a"});
  node.buffers.pop_back();
  EXPECT_TRUE(refused(node));
  node = texts("u", {"a"});
  node.buffers[2] = std::nullopt;
  EXPECT_TRUE(refused(node));
  node = texts("vu", {"longer than twelve bytes"});
  node.buffers.back() = std::nullopt;  // the sizes
  EXPECT_TRUE(refused(node));
  node = texts("u", {"a", "b"});
  node.buffers[1] = test::bytes_of<std::int32_t>({-1, 1, 2});
  EXPECT_TRUE(refused(node));
  node.buffers[1] = test::bytes_of<std::int32_t>({2, 1, 1});
  EXPECT_TRUE(refused(node));
}

TEST_F(ColumnTest, TextsOutsideTheirBufferAreRefusedWithTheirRow) {
  Node node = texts("u", {"a", "b", "c"});
  node.buffers[1] = test::bytes_of<std::int32_t>({0, 9, 2, 3});
  const TableInput table = table_of({node});
  const ColumnReader reader{table, "c"};
  for (const std::int64_t row : {0, 1}) {
    const Error error = error_of([&] { (void)reader.read(row); });
    EXPECT_EQ(error.code(), ErrorCode::corrupt_data);
    EXPECT_EQ(error.where().row, row);
  }
  EXPECT_EQ(reader.read(2), Datum::text("c"));
}

TEST_F(ColumnTest, ViewsOutsideTheirBuffersAreRefused) {
  const auto code_of = [](std::int32_t length, std::int32_t buffer, std::int32_t begin) {
    Node node = texts("vu", {"longer than twelve bytes"});
    node.buffers[1] = test::bytes_of<std::int32_t>({length, 0, buffer, begin});
    const TableInput table = table_of({node});
    const ColumnReader reader{table, "c"};
    return error_of([&] { (void)reader.read(0); }).code();
  };
  EXPECT_EQ(code_of(-1, 0, 0), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of(24, 1, 0), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of(24, -1, 0), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of(24, 0, 1), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of(24, 0, -1), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of(std::numeric_limits<std::int32_t>::max(), 0, std::numeric_limits<std::int32_t>::max()),
            ErrorCode::corrupt_data);
}

TEST_F(ColumnTest, RowsThatAreNotThereAreRefused) {
  const TableInput table = table_of({numbers<std::int64_t>("l", {1})});
  const ColumnReader reader{table, "c"};
  EXPECT_EQ(error_of([&] { (void)reader.read(1); }).code(), ErrorCode::invalid_argument);
  EXPECT_EQ(error_of([&] { (void)reader.read(-1); }).code(), ErrorCode::invalid_argument);
  EXPECT_EQ(error_of([&] { (void)ColumnReader(table, "x"); }).code(), ErrorCode::missing_column);
}

TEST_F(ColumnTest, ALaterPieceOfAStreamNamesItsRowsFromTheStart) {
  TableReader stream{test::make_stream(batch({numbers<std::uint64_t>("L", {}).named("c")}),
                                       {batch({numbers<std::uint64_t>("L", {1, 2}).named("c")}),
                                        batch({numbers<std::uint64_t>("L", {3, UINT64_MAX}).named("c")})})};
  (void)stream.next();
  const auto second = stream.next();
  const ColumnReader reader{*second, "c"};
  EXPECT_EQ(error_of([&] { (void)reader.read(1); }).where().row, 3);
}

TEST_F(ColumnTest, NumbersAreBorrowedWithoutACopy) {
#ifdef DEALTRAIL_COUNT_COPIES
  const auto copies_before = detail::buffer_copies.load();
#endif
  const TableInput integers = table_of({numbers<std::int64_t>("l", {9, 1, 2}).sliced(1, 2)});
  const auto whole = ColumnReader{integers, "c"}.integers();
  EXPECT_TRUE(whole.borrowed());
  EXPECT_EQ(whole.view().data(),
            static_cast<const std::int64_t*>(integers.batches()[0].view().children[0]->buffers[1]) + 1);
  EXPECT_EQ(std::vector(whole.view().begin(), whole.view().end()), (std::vector<std::int64_t>{1, 2}));

  const TableInput reals = table_of({numbers<double>("g", {0.5}, {1})});
  EXPECT_TRUE((ColumnReader{reals, "c"}.reals().borrowed()));
  const TableInput times = table_of({numbers<std::int64_t>("tsu:UTC", {5})});
  EXPECT_TRUE((ColumnReader{times, "c"}.times_us().borrowed()));
#ifdef DEALTRAIL_COUNT_COPIES
  EXPECT_EQ(detail::buffer_copies.load(), copies_before);
#endif
}

TEST_F(ColumnTest, NumbersAreCopiedOnceWhereMemoryDoesNotFit) {
#ifdef DEALTRAIL_COUNT_COPIES
  const auto copies_before = detail::buffer_copies.load();
#endif
  const auto copied = [](const std::vector<Node>& nodes) {
    const TableInput table = table_of(nodes);
    const auto values = ColumnReader{table, "c"}.integers();
    EXPECT_FALSE(values.borrowed());
    return std::vector(values.view().begin(), values.view().end());
  };
  EXPECT_EQ(copied({numbers<std::int64_t>("l", {1, 2}), numbers<std::int64_t>("l", {3})}),
            (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(copied({numbers<std::int32_t>("i", {1, 2})}), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(copied({test::dictionary<std::int64_t>("l", {1, 0}, numbers<std::int64_t>("l", {7, 8}))}),
            (std::vector<std::int64_t>{8, 7}));
  Node odd = numbers<std::int64_t>("l", {1, 2});
  odd.misaligned = true;
  EXPECT_EQ(copied({odd}), (std::vector<std::int64_t>{1, 2}));
  const TableInput seconds = table_of({numbers<std::int64_t>("tss:UTC", {5})});
  const auto microseconds = ColumnReader{seconds, "c"}.times_us();
  EXPECT_EQ(microseconds.view()[0], 5'000'000);
  const TableInput whole = table_of({numbers<std::int64_t>("l", {3})});
  const auto doubles = ColumnReader{whole, "c"}.reals();
  EXPECT_EQ(doubles.view()[0], 3.0);
#ifdef DEALTRAIL_COUNT_COPIES
  EXPECT_EQ(detail::buffer_copies.load(), copies_before + 6);
#endif
}

TEST_F(ColumnTest, PlainNumbersHaveNoNulls) {
  for (const auto& nodes : {std::vector{numbers<std::int64_t>("l", {1, 2, 3}, {1, 1, 0})},
                            std::vector{numbers<std::int64_t>("l", {1, 2}), numbers<std::int64_t>("l", {3}, {0})},
                            std::vector{numbers<std::int64_t>("l", {9, 1, 2, 3}, {1, 1, 1, 0}).sliced(1, 3)}}) {
    const TableInput table = table_of(nodes);
    const Error error = error_of([&] { (void)ColumnReader{table, "c"}.integers(); });
    EXPECT_EQ(error.code(), ErrorCode::null_value);
    EXPECT_EQ(error.where(), (Where{"t", "c", 2}));
  }
  const TableInput nothing = table_of({test::nulls(2)});
  EXPECT_EQ(error_of([&] { (void)ColumnReader{nothing, "c"}.integers(); }).code(), ErrorCode::null_value);
  const TableInput empty = table_of({test::nulls(0)});
  const auto none = ColumnReader{empty, "c"}.reals();
  EXPECT_TRUE(none.view().empty());
}

TEST_F(ColumnTest, PlainNumbersOfAnotherTypeAreRefused) {
  const TableInput words = table_of({texts("u", {"a"})});
  const ColumnReader reader{words, "c"};
  EXPECT_EQ(error_of([&] { (void)reader.integers(); }).code(), ErrorCode::type_mismatch);
  EXPECT_EQ(error_of([&] { (void)reader.reals(); }).code(), ErrorCode::type_mismatch);
  EXPECT_EQ(error_of([&] { (void)reader.times_us(); }).code(), ErrorCode::type_mismatch);
  const TableInput naive = table_of({numbers<std::int64_t>("tsu:", {5})});
  EXPECT_EQ(error_of([&] { (void)ColumnReader{naive, "c"}.times_us(); }).code(), ErrorCode::type_mismatch);
  const TableInput large = table_of({numbers<std::int64_t>("l", {(std::int64_t{1} << 53) + 1})});
  EXPECT_EQ(error_of([&] { (void)ColumnReader{large, "c"}.reals(); }).code(), ErrorCode::overflow);
}

// Bytes at random in place of offsets and views: an answer or an Error, never a read outside (run under the
// sanitizers).
TEST_F(ColumnTest, RandomOffsetsAndViewsNeverReadOutside) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random{seed};
    for (const char* format : {"u", "U", "vu"}) {
      Node node = texts(format, {"longer than twelve bytes", "short", std::nullopt, "another one, also long"});
      test::Bytes& bytes = *node.buffers[1];
      const std::size_t hits = 1 + random() % 3;
      for (std::size_t hit = 0; hit < hits; ++hit)
        bytes[random() % bytes.size()] = static_cast<unsigned char>(random() % 32);
      // The last offset says how long the bytes are: the interface gives nothing to check it against.
      const std::size_t width = std::string_view{format} == "u" ? 4 : 8;
      if (std::string_view{format} != "vu") {
        const Node sound = texts(format, {"longer than twelve bytes", "short", std::nullopt, "another one, also long"});
        std::copy(sound.buffers[1]->end() - static_cast<std::ptrdiff_t>(width), sound.buffers[1]->end(),
                  bytes.end() - static_cast<std::ptrdiff_t>(width));
      }
      const TableInput table = table_of({node});
      try {
        const ColumnReader reader{table, "c"};
        std::size_t sum = 0;
        for (std::int64_t row = 0; row < reader.rows(); ++row) {
          const Datum cell = reader.read(row);
          if (!cell.is_null()) {
            for (const char letter : cell.as_text()) sum += static_cast<unsigned char>(letter);
          }
        }
        EXPECT_LT(sum, 100'000U);
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::corrupt_data);
      }
    }
  }
}

}  // namespace
}  // namespace dealtrail
