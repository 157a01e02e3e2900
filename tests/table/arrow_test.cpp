// SP.5: owners of Arrow structs.
#include "dealtrail/table/arrow.hpp"

#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

#include "table/arrow_arrays.hpp"

namespace dealtrail {
namespace {

using test::batch;
using test::live_structs;
using test::make_array;
using test::make_schema;
using test::make_stream;
using test::numbers;

static_assert(!std::is_copy_constructible_v<OwnedStream> && !std::is_copy_assignable_v<OwnedStream>);
static_assert(std::is_nothrow_move_constructible_v<OwnedArray> && std::is_nothrow_move_assignable_v<OwnedArray>);

TEST(ArrowTest, OwnerReleasesOnce) {
  {
    OwnedArray array = make_array(numbers<std::int64_t>("l", {1, 2}));
    EXPECT_EQ(live_structs, 1);
    OwnedArray other = std::move(array);
    EXPECT_TRUE(array.released());  // NOLINT(bugprone-use-after-move): the promise of a moved-from owner
    EXPECT_EQ(other.view().length, 2);
    other = make_array(numbers<std::int64_t>("l", {3}));
    EXPECT_EQ(live_structs, 1);
  }
  EXPECT_EQ(live_structs, 0);
}

TEST(ArrowTest, TakingLeavesAReleasedStructBehind) {
  ArrowArrayStream raw{};
  make_stream(batch({}), {}).move_to(&raw);
  const OwnedStream stream = OwnedStream::take(&raw);
  EXPECT_EQ(raw.release, nullptr);
  EXPECT_FALSE(stream.released());
}

TEST(ArrowTest, StreamTakenTwiceIsExhausted) {
  ArrowArrayStream raw{};
  make_stream(batch({}), {}).move_to(&raw);
  const OwnedStream first = OwnedStream::take(&raw);
  try {
    (void)OwnedStream::take(&raw);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::exhausted_stream);
    EXPECT_FALSE(error.hint().empty());
  }
}

TEST(ArrowTest, ReleasedOrMissingStructsAreRefused) {
  ArrowSchema schema{};
  ArrowArray array{};
  const auto code_of = [](auto&& take) {
    try {
      take();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::not_converged;
  };
  EXPECT_EQ(code_of([&] { (void)OwnedSchema::take(&schema); }), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([&] { (void)OwnedArray::take(&array); }), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([&] { (void)OwnedStream::take(nullptr); }), ErrorCode::invalid_argument);
}

TEST(ArrowTest, MoveToGivesAway) {
  ArrowSchema raw{};
  {
    OwnedSchema schema = make_schema(numbers<std::int64_t>("l", {}));
    schema.move_to(&raw);
    EXPECT_TRUE(schema.released());
  }
  EXPECT_EQ(live_structs, 1);
  raw.release(&raw);
  EXPECT_EQ(live_structs, 0);
}

}  // namespace
}  // namespace dealtrail
