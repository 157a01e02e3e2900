// SP.4: one error type with a stable code and the place.
#include "dealtrail/core/error.hpp"

#include <set>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

TEST(ErrorTest, TextHoldsTheMessageThePlaceAndTheCure) {
  const Error error(ErrorCode::null_value, "a null where none may be", {"deals", "id", 7}, "give every deal an id");
  EXPECT_STREQ(error.what(), "a null where none may be [deals.id row 7]; give every deal an id");
  EXPECT_EQ(error.code(), ErrorCode::null_value);
  EXPECT_EQ(error.where(), (Where{"deals", "id", 7}));
  EXPECT_EQ(error.hint(), "give every deal an id");
}

TEST(ErrorTest, PartsThatAreNotKnownAreLeftOut) {
  const auto text = [](Where where, std::string hint = {}) {
    return std::string(Error(ErrorCode::io_error, "m", std::move(where), std::move(hint)).what());
  };
  EXPECT_EQ(text({}), "m");
  EXPECT_EQ(text({}, "h"), "m; h");
  EXPECT_EQ(text({"t", "", -1}), "m [t]");
  EXPECT_EQ(text({"", "c", -1}), "m [c]");
  EXPECT_EQ(text({"t", "c", -1}), "m [t.c]");
  EXPECT_EQ(text({"t", "", 0}), "m [t row 0]");
  EXPECT_EQ(text({"", "", 3}), "m [row 3]");
}

TEST(ErrorTest, EveryCodeHasItsOwnName) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::limit_exceeded); ++code) {
    names.insert(to_string(static_cast<ErrorCode>(code)));
  }
  EXPECT_EQ(names.size(), 13U);
  EXPECT_EQ(names.count("unknown"), 0U);
  EXPECT_EQ(to_string(ErrorCode::exhausted_stream), "exhausted_stream");
  EXPECT_EQ(to_string(static_cast<ErrorCode>(200)), "unknown");
}

TEST(ErrorTest, IsCaughtAsARuntimeErrorAndSurvivesACopy) {
  std::string text;
  try {
    const Error first(ErrorCode::overflow, "too large");
    throw Error(first);
  } catch (const std::runtime_error& error) {
    text = error.what();
  }
  EXPECT_EQ(text, "too large");
}

}  // namespace
}  // namespace dealtrail
