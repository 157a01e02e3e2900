// Bulk reading gives what reading cell by cell gives: every storage, from any place of any piece.
#include "dealtrail/table/detail/blocks.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/table/column.hpp"

#include "support/refusal.hpp"
#include "table/arrow_arrays.hpp"

namespace dealtrail {
namespace {

using test::Node;

TableInput table_of(const std::vector<Node>& chunks) {
  std::vector<OwnedArray> batches;
  for (const Node& chunk : chunks) batches.push_back(test::make_array(test::batch({chunk.named("c")})));
  return TableInput::from_batches(test::make_schema(test::batch({chunks.front().named("c")})), std::move(batches), "t");
}

void expect_texts(const ColumnReader& reader, std::size_t piece, std::int64_t first, std::int64_t row,
                  std::size_t count) {
  std::vector<std::string_view> texts(count);
  reader.read_texts(piece, first, texts);
  for (std::size_t i = 0; i < count; ++i) {
    const Datum cell = reader.read(row + static_cast<std::int64_t>(i));
    EXPECT_EQ(texts[i].data() == nullptr, cell.is_null());
    EXPECT_EQ(texts[i], cell.is_null() ? std::string_view{} : cell.as_text());
  }
  if (!reader.is_dictionary() || reader.info().type != ColumnType::text) return;
  const auto values = reader.dictionary_texts(piece);
  std::vector<std::int64_t> codes(count);
  reader.read_codes(piece, first, codes);
  for (std::size_t i = 0; i < count; ++i)
    EXPECT_EQ(texts[i], codes[i] < 0 ? std::string_view{} : values[static_cast<std::size_t>(codes[i])]);
}

void expect_numbers(const ColumnReader& reader, std::size_t piece, std::int64_t first, std::int64_t row,
                    std::size_t count) {
  std::vector<std::int64_t> numbers(count);
  std::vector<std::uint8_t> known(count);
  if (reader.info().type == ColumnType::real) {
    std::vector<double> reals(count);
    reader.read_reals(piece, first, reals, known);
    for (std::size_t i = 0; i < count; ++i) {
      const Datum cell = reader.read(row + static_cast<std::int64_t>(i));
      EXPECT_EQ(known[i] == 0, cell.is_null());
      EXPECT_EQ(cell.is_null() ? cell : Datum::real(reals[i]), cell);
    }
    return;
  }
  if (reader.info().type == ColumnType::integer) {
    reader.read_integers(piece, first, numbers, known);
  } else {
    reader.read_times_us(piece, first, numbers, known);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Datum cell = reader.read(row + static_cast<std::int64_t>(i));
    EXPECT_EQ(known[i] == 0, cell.is_null());
    switch (cell.kind()) {
      case DatumKind::integer: EXPECT_EQ(numbers[i], cell.as_integer()); break;
      case DatumKind::time: EXPECT_EQ(numbers[i], cell.as_time_us()); break;
      case DatumKind::local_time: EXPECT_EQ(numbers[i], cell.as_local_time_us()); break;
      default: EXPECT_TRUE(cell.is_null());
    }
  }
}

// As it is, misaligned, and in three batches of which one is empty.
void expect_same(const Node& node, bool is_text) {
  Node odd = node;
  odd.misaligned = true;
  for (std::int64_t cut = 0; cut <= node.length; ++cut) {
    const TableInput table = table_of({node.sliced(0, cut), odd.sliced(cut, 0), odd.sliced(cut, node.length - cut)});
    const ColumnReader reader{table, "c"};
    std::int64_t begin = 0;
    for (std::size_t piece = 0; piece < reader.piece_count(); ++piece) {
      const std::int64_t rows = reader.piece_rows(piece);
      for (std::int64_t first = 0; first < rows; ++first) {
        const auto count = static_cast<std::size_t>(rows - first);
        if (is_text) {
          expect_texts(reader, piece, first, begin + first, count);
        } else {
          expect_numbers(reader, piece, first, begin + first, count);
        }
      }
      begin += rows;
    }
    EXPECT_EQ(begin, node.length);
  }
}

template <class Value>
Node extremes(const std::string& format) {
  const Value high = sizeof(Value) == 8 ? static_cast<Value>(std::numeric_limits<std::int64_t>::max())
                                        : std::numeric_limits<Value>::max();
  return test::numbers<Value>(format, {std::numeric_limits<Value>::min(), 0, 1, 7, high}, {1, 1, 0, 1, 1});
}

TEST(BlocksTest, Integers) {
  expect_same(extremes<std::int8_t>("c"), false);
  expect_same(extremes<std::uint8_t>("C"), false);
  expect_same(extremes<std::int16_t>("s"), false);
  expect_same(extremes<std::uint16_t>("S"), false);
  expect_same(extremes<std::int32_t>("i"), false);
  expect_same(extremes<std::uint32_t>("I"), false);
  expect_same(extremes<std::int64_t>("l"), false);
  expect_same(extremes<std::uint64_t>("L"), false);
  expect_same(test::dictionary<std::int8_t>("c", {1, 0, 1}, extremes<std::int32_t>("i"), {1, 0, 1}), false);
}

TEST(BlocksTest, Reals) {
  expect_same(test::numbers<double>("g", {-0.5, 0, 1e300, 7}, {1, 1, 0, 1}), false);
  expect_same(test::numbers<float>("f", {-0.25F, 0, 3e38F}, {1, 1, 0}), false);
  expect_same(test::numbers<std::uint16_t>("e", {0x3C00, 0xC000, 0}, {1, 1, 0}), false);  // half floats 1, -2
  expect_same(test::dictionary<std::int8_t>("c", {1, 0, 1}, test::numbers<double>("g", {1.5, 2})), false);
}

TEST(BlocksTest, UnsignedAboveInt64IsAnOverflowWithItsRow) {
  const std::uint64_t large = 1ULL << 63U;
  const TableInput table = table_of({test::numbers<std::uint64_t>("L", {1, large, large}, {1, 0, 1})});
  const ColumnReader reader{table, "c"};
  std::vector<std::int64_t> numbers(3);
  std::vector<std::uint8_t> known(3);
  const Error error = testing::refusal_of([&] { reader.read_integers(0, 0, numbers, known); });
  EXPECT_EQ(error.code(), ErrorCode::overflow);
  EXPECT_EQ(error.where(), (Where{"t", "c", 2}));
}

TEST(BlocksTest, Times) {
  for (const char* format : {"tss:", "tsm:UTC", "tsu:UTC", "tsu:", "tsn:UTC"})
    expect_same(test::numbers<std::int64_t>(format, {-1500, 0, 1, 1'700'000'000, 5}, {1, 1, 0, 1, 1}), false);
  expect_same(test::numbers<std::int32_t>("tdD", {-1, 0, 20'000}, {1, 0, 1}), false);
  const Node days = test::numbers<std::int32_t>("tdD", {-1, 20'000});
  expect_same(test::dictionary<std::int8_t>("c", {1, 0, 1}, days, {1, 0, 1}), false);
  const TableInput table = table_of({test::numbers<std::int64_t>("tss:", {0, 1LL << 60}, {1, 1})});
  const ColumnReader reader{table, "c"};
  std::vector<std::int64_t> numbers(2);
  std::vector<std::uint8_t> known(2);
  EXPECT_EQ(testing::refusal_of([&] { reader.read_times_us(0, 0, numbers, known); }).where(), (Where{"t", "c", 1}));
}

TEST(BlocksTest, Texts) {
  const std::vector<std::optional<std::string>> texts{"a", "", std::nullopt, "a text of more than twelve bytes", "é"};
  for (const char* format : {"u", "U", "vu"}) {
    expect_same(test::texts(format, texts), true);
    expect_same(test::dictionary<std::int16_t>("s", {4, 3, 0, 2, 1}, test::texts(format, texts), {1, 1, 0, 1, 1}),
                true);
  }
  expect_same(test::nulls(3), true);
}

TEST(BlocksTest, CodesOutsideTheDictionaryAreRefusedWithTheirRow) {
  const TableInput table = table_of({test::dictionary<std::int8_t>("c", {0, 9, -1}, test::texts("u", {"a"}))});
  const ColumnReader reader{table, "c"};
  std::vector<std::int64_t> codes(3);
  const Error error = testing::refusal_of([&] { reader.read_codes(0, 0, codes); });
  EXPECT_EQ(error.code(), ErrorCode::corrupt_data);
  EXPECT_EQ(error.where().row, 1);
}

}  // namespace
}  // namespace dealtrail
