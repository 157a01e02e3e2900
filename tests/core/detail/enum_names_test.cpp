#include "dealtrail/core/detail/enum_names.hpp"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "support/refusal.hpp"

namespace dealtrail::detail {
namespace {

enum class Colour : std::uint8_t { red, green };
constexpr EnumNames<2> colour_names{"red", "green"};

TEST(EnumNames, EachValueHasItsNameAndBack) {
  static_assert(enum_name(colour_names, Colour::green) == "green");
  static_assert(find_enum<Colour>(colour_names, "red") == Colour::red);
  static_assert(!find_enum<Colour>(colour_names, "Red").has_value());
  EXPECT_EQ(enum_name(colour_names, static_cast<Colour>(7)), "unknown");
}

TEST(EnumNames, AnUnknownNameGetsTheClosestAndAllValidOnes) {
  EXPECT_EQ(parse_enum<Colour>(colour_names, "colour", "green"), Colour::green);
  EXPECT_EQ(testing::refusal_code([] { (void)parse_enum<Colour>(colour_names, "colour", "gren"); }),
            ErrorCode::unknown_name);
  try {
    (void)parse_enum<Colour>(colour_names, "colour", "gren");
  } catch (const Error& error) {
    EXPECT_EQ(std::string{error.what()}, "unknown colour \"gren\"; did you mean \"green\"? valid: red, green");
  }
}

}  // namespace
}  // namespace dealtrail::detail
