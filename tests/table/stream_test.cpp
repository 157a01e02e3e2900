// SP.5: a table comes in as an Arrow stream.
#include "dealtrail/table/stream.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "table/arrow_arrays.hpp"

namespace dealtrail {
namespace {

using test::batch;
using test::live_structs;
using test::make_array;
using test::make_schema;
using test::make_stream;
using test::Node;
using test::numbers;
using test::texts;

class TableStreamTest : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(live_structs, 0) << "a struct was not released, or twice"; }
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

Node two_columns(std::vector<std::int64_t> ids) {
  std::vector<std::optional<std::string>> names(ids.size(), "x");
  return batch({numbers("l", ids).named("id"), texts("u", names).named("name")});
}

std::vector<OwnedArray> arrays(const std::vector<Node>& nodes) {
  std::vector<OwnedArray> result;
  for (const Node& node : nodes) result.push_back(make_array(node));
  return result;
}

TEST_F(TableStreamTest, ReadsAllBatches) {
  const TableInput table =
      read_all(make_stream(two_columns({}), {two_columns({1, 2}), two_columns({}), two_columns({3})}), "deals");
  EXPECT_EQ(table.rows(), 3);
  EXPECT_EQ(table.batch_count(), 3U);
  EXPECT_EQ(table.schema().size(), 2U);
  EXPECT_EQ(table.schema()[0].type, ColumnType::integer);
  EXPECT_EQ(table.schema()[1].type, ColumnType::text);
  EXPECT_EQ(table.schema().table(), "deals");
}

TEST_F(TableStreamTest, StreamsWithoutBatchesCanBeTold) {
  EXPECT_EQ(read_all(make_stream(two_columns({}), {two_columns({})})).batch_count(), 1U);
  const TableInput nothing = read_all(make_stream(two_columns({}), {}));
  EXPECT_EQ(nothing.batch_count(), 0U);  // an empty table, or a reader that was read before
  EXPECT_EQ(nothing.rows(), 0);
  EXPECT_EQ(nothing.schema().size(), 2U);
  EXPECT_EQ(TableInput{}.rows(), 0);
}

TEST_F(TableStreamTest, BatchByBatchCountsRowsOn) {
  TableReader reader{make_stream(two_columns({}), {two_columns({1, 2}), two_columns({3})})};
  EXPECT_EQ(reader.schema().size(), 2U);
  const auto first = reader.next();
  const auto second = reader.next();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->first_row(), 0);
  EXPECT_EQ(second->first_row(), 2);
  EXPECT_EQ(second->rows(), 1);
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.next());
}

TEST_F(TableStreamTest, BatchesOutliveTheirReader) {
  std::optional<TableInput> kept;
  {
    TableReader reader{make_stream(two_columns({}), {two_columns({1, 2})})};
    kept = reader.next();
  }
  EXPECT_EQ(kept->rows(), 2);
  EXPECT_STREQ(kept->arrow_schema().children[0]->name, "id");
}

TEST_F(TableStreamTest, AReleasedStreamIsExhausted) {
  const Error error = error_of([] { (void)read_all(OwnedStream{}, "deals"); });
  EXPECT_EQ(error.code(), ErrorCode::exhausted_stream);
  EXPECT_EQ(error.where().table, "deals");
}

TEST_F(TableStreamTest, AnExportedStreamCannotBeReadTwice) {
  ArrowArrayStream raw{};
  make_stream(two_columns({}), {two_columns({1})}).move_to(&raw);
  EXPECT_EQ(read_all(OwnedStream::take(&raw)).rows(), 1);
  EXPECT_EQ(error_of([&] { (void)read_all(OwnedStream::take(&raw)); }).code(), ErrorCode::exhausted_stream);
}

TEST_F(TableStreamTest, ProducerErrorsKeepTheirWords) {
  const Error rows =
      error_of([] { (void)read_all(make_stream(two_columns({}), {two_columns({1})}, "disk on fire\n")); });
  EXPECT_EQ(rows.code(), ErrorCode::io_error);
  EXPECT_STREQ(rows.what(), "the producer of an Arrow stream failed to give its rows: disk on fire");
  const Error schema = error_of([] { (void)read_all(make_stream(two_columns({}), {}, "no such view", true)); });
  EXPECT_NE(std::string(schema.what()).find("schema: no such view"), std::string::npos) << schema.what();
  const Error silent = error_of([] { (void)read_all(make_stream(two_columns({}), {}, "", true)); });
  EXPECT_NE(std::string(silent.what()).find("error 22"), std::string::npos) << silent.what();
}

TEST_F(TableStreamTest, OnlyAStructMayBeTheRoot) {
  const Error error = error_of([] { (void)read_all(make_stream(numbers<std::int64_t>("l", {}), {})); });
  EXPECT_EQ(error.code(), ErrorCode::type_mismatch);
  EXPECT_NE(std::string(error.what()).find("\"l\""), std::string::npos) << error.what();
}

TEST_F(TableStreamTest, AStreamWithoutCallbacksIsRefused) {
  OwnedStream stream = make_stream(two_columns({}), {});
  stream.address()->get_next = nullptr;
  EXPECT_EQ(error_of([&] { (void)read_all(std::move(stream)); }).code(), ErrorCode::corrupt_data);
}

TEST_F(TableStreamTest, BrokenStructureIsRefused) {
  const auto code_of = [](const auto& twist) {
    Node node = two_columns({1, 2});
    twist(node);
    return error_of([&] { (void)TableInput::from_batches(make_schema(two_columns({})), arrays({node})); }).code();
  };
  EXPECT_EQ(code_of([](Node& node) { node.length = -1; }), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([](Node& node) { node.offset = -1; }), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([](Node& node) { node.offset = std::numeric_limits<std::int64_t>::max(); }),
            ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([](Node& node) { node.length = 3; }), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([](Node& node) { node.offset = 1; }), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([](Node& node) { node.children[1].offset = -4; }), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([](Node& node) { node.children[1].offset = std::numeric_limits<std::int64_t>::max(); }),
            ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([](Node& node) { node.children.pop_back(); }), ErrorCode::corrupt_data);
}

TEST_F(TableStreamTest, ReleasedPartsAreRefused) {
  EXPECT_EQ(error_of([] { (void)TableInput::from_batches(OwnedSchema{}, {}); }).code(), ErrorCode::corrupt_data);
  std::vector<OwnedArray> released(1);
  EXPECT_EQ(error_of([&] { (void)TableInput::from_batches(make_schema(two_columns({})), std::move(released)); }).code(),
            ErrorCode::corrupt_data);
  std::vector<OwnedArray> batches = arrays({two_columns({1})});
  ArrowArray* child = batches[0].address()->children[0];
  child->release(child);
  const Error error =
      error_of([&] { (void)TableInput::from_batches(make_schema(two_columns({})), std::move(batches)); });
  EXPECT_EQ(error.code(), ErrorCode::corrupt_data);
  EXPECT_EQ(error.where().column, "id");
}

TEST_F(TableStreamTest, WholeRowsOfNullAreRefused) {
  Node node = two_columns({1, 2});
  node.buffers = {test::bits_of({1, 0})};
  node.null_count = -1;
  EXPECT_EQ(error_of([&] { (void)TableInput::from_batches(make_schema(two_columns({})), arrays({node})); }).code(),
            ErrorCode::null_value);
  node.buffers = {test::bits_of({1, 1})};  // a bitmap that says that there are none
  EXPECT_EQ(TableInput::from_batches(make_schema(two_columns({})), arrays({node})).rows(), 2);
}

TEST_F(TableStreamTest, UnreadableColumnsAreListedNotRefused) {
  Node lists{"+l", "tags"};
  lists.children = {texts("u", {}).named("item")};
  const TableInput table = read_all(make_stream(batch({numbers<std::int64_t>("l", {}).named("id"), lists}), {}));
  const Schema& schema = table.schema();
  EXPECT_EQ(schema[1].type, ColumnType::unsupported);
  EXPECT_NE(schema[1].hint.find("explode"), std::string::npos) << schema[1].hint;
}

}  // namespace
}  // namespace dealtrail
