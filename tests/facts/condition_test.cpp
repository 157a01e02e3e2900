#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <dealtrail/facts/condition.hpp>

namespace dealtrail {
namespace {

// SP.7, SP.9: outcome rules, bonus rules and profiles share this one language.
class Row {
 public:
  explicit Row(std::map<std::string, Datum, std::less<>> cells) : cells_(std::move(cells)) {}
  Datum operator()(std::string_view field) const {
    const auto found = cells_.find(field);
    return found == cells_.end() ? Datum{} : found->second;
  }

 private:
  std::map<std::string, Datum, std::less<>> cells_;
};

const Row& deal() {
  static const Row row{{{"stage", Datum::text("C5:WON")},
                        {"amount", Datum::decimal(12'850'000, 2)},
                        {"probability", Datum::real(0.1)},
                        {"type", Datum::text("1042")},
                        {"closed", Datum::boolean(true)},
                        {"at", Datum::time(1'000)},
                        {"seen", Datum::local_time(1'000)},
                        {"count", Datum::integer(5)},
                        {"answer", Datum::text("N")},
                        {"lost_reason", Datum{}}}};
  return row;
}

bool test(std::string field, ConditionOp op, Datum value) {
  return Condition::test(std::move(field), op, value).holds(deal());
}

TEST(ConditionTest, TextIsComparedAsBytes) {
  EXPECT_TRUE(test("stage", ConditionOp::eq, Datum::text("C5:WON")));
  EXPECT_FALSE(test("stage", ConditionOp::eq, Datum::text("c5:won")));
  EXPECT_TRUE(test("stage", ConditionOp::ne, Datum::text("C5:LOSE")));
  EXPECT_TRUE(test("stage", ConditionOp::prefix, Datum::text("C5:")));
  EXPECT_TRUE(test("stage", ConditionOp::prefix, Datum::text("")));
  EXPECT_FALSE(test("stage", ConditionOp::prefix, Datum::text("C5:WON!")));
  EXPECT_TRUE(test("stage", ConditionOp::lt, Datum::text("C5:WOO")));
}

TEST(ConditionTest, NumbersAreComparedByValueWhateverTheirSort) {
  EXPECT_TRUE(test("amount", ConditionOp::eq, Datum::integer(128'500)));
  EXPECT_TRUE(test("amount", ConditionOp::eq, Datum::decimal(1285, -2)));
  EXPECT_TRUE(test("amount", ConditionOp::gt, Datum::decimal(12'849'999, 2)));
  EXPECT_TRUE(test("amount", ConditionOp::ge, Datum::text("128500.000")));
  EXPECT_TRUE(test("probability", ConditionOp::eq, Datum::decimal(1, 1)));
  EXPECT_TRUE(test("probability", ConditionOp::lt, Datum::decimal(10'000'000'000'000'001, 17)));
  EXPECT_TRUE(test("type", ConditionOp::eq, Datum::integer(1042)));
  EXPECT_TRUE(test("type", ConditionOp::ge, Datum::integer(999)));
  EXPECT_TRUE(test("count", ConditionOp::eq, Datum::text("5")));
  EXPECT_TRUE(test("stage", ConditionOp::ne, Datum::integer(5)));  // a text that is no number equals none
  EXPECT_FALSE(test("stage", ConditionOp::lt, Datum::integer(5)));
  EXPECT_FALSE(test("stage", ConditionOp::ge, Datum::integer(5)));
}

TEST(ConditionTest, WhatHasNoValueMeetsNoTest) {
  for (const ConditionOp op : {ConditionOp::eq, ConditionOp::ne, ConditionOp::lt, ConditionOp::le, ConditionOp::gt,
                               ConditionOp::ge, ConditionOp::prefix}) {
    EXPECT_FALSE(test("lost_reason", op, Datum::text("")));
    EXPECT_FALSE(test("no such field", op, Datum::text("x")));
  }
  EXPECT_TRUE(Condition::null("lost_reason").holds(deal()));
  EXPECT_FALSE(Condition::null("lost_reason", false).holds(deal()));
  EXPECT_TRUE(Condition::null("stage", false).holds(deal()));
  EXPECT_TRUE(Condition::negation(Condition::test("lost_reason", ConditionOp::eq, Datum::text("x"))).holds(deal()));
}

TEST(ConditionTest, MomentsClocksAndBooleansKeepToThemselves) {
  EXPECT_TRUE(test("at", ConditionOp::lt, Datum::time(1'001)));
  EXPECT_FALSE(test("at", ConditionOp::lt, Datum::local_time(1'001)));
  EXPECT_TRUE(test("seen", ConditionOp::eq, Datum::local_time(1'000)));
  EXPECT_FALSE(test("at", ConditionOp::eq, Datum::integer(1'000)));
  EXPECT_TRUE(test("at", ConditionOp::ge, Datum::text("1970-01-01")));
  EXPECT_TRUE(test("at", ConditionOp::lt, Datum::text("1970-01-01T03:00:01+03:00")));
  EXPECT_TRUE(test("seen", ConditionOp::lt, Datum::text("1970-01-01 00:00:01")));
  EXPECT_FALSE(test("seen", ConditionOp::lt, Datum::text("1970-01-01T00:00:01Z")));
  EXPECT_TRUE(test("answer", ConditionOp::eq, Datum::boolean(false)));
  EXPECT_TRUE(test("closed", ConditionOp::eq, Datum::boolean(true)));
  EXPECT_TRUE(test("closed", ConditionOp::ne, Datum::boolean(false)));
  EXPECT_FALSE(test("closed", ConditionOp::eq, Datum::integer(1)));
}

TEST(ConditionTest, NotANumberEqualsNothing) {
  const Row row{{{"x", Datum::real(std::numeric_limits<double>::quiet_NaN())}}};
  EXPECT_FALSE(Condition::test("x", ConditionOp::eq, Datum::real(1)).holds(row));
  EXPECT_FALSE(Condition::test("x", ConditionOp::lt, Datum::real(1)).holds(row));
  EXPECT_TRUE(Condition::test("x", ConditionOp::ne, Datum::real(1)).holds(row));
  EXPECT_FALSE(Condition::null("x").holds(row));
}

TEST(ConditionTest, AllAnyAndNotJoin) {
  const auto won = Condition::test("stage", ConditionOp::prefix, Datum::text("C5:"));
  const auto cheap = Condition::test("amount", ConditionOp::lt, Datum::integer(10));
  EXPECT_FALSE(Condition::all({won, cheap}).holds(deal()));
  EXPECT_TRUE(Condition::any({cheap, won}).holds(deal()));
  EXPECT_TRUE(Condition::all({won, Condition::negation(cheap)}).holds(deal()));
  EXPECT_TRUE(Condition{}.holds(deal()));
  EXPECT_TRUE(Condition{}.always());
  EXPECT_FALSE(Condition::any({}).holds(deal()));
  const auto list = Condition::one_of("type", {Constant(Datum::text("7")), Constant(Datum::integer(1042))});
  EXPECT_TRUE(list.holds(deal()));
  EXPECT_FALSE(Condition::one_of("type", {}).holds(deal()));
}

TEST(ConditionTest, BoundFieldsAreAskedByNumber) {
  auto condition = Condition::all(
      {Condition::test("b", ConditionOp::eq, Datum::integer(2)), Condition::negation(Condition::null("a"))});
  std::vector<std::string> names;
  condition.for_each_field([&](std::string_view name) { names.emplace_back(name); });
  EXPECT_EQ(names, (std::vector<std::string>{"b", "a"}));
  condition.bind([](std::string_view name) { return name == "a" ? 0U : 1U; });
  const std::vector<Datum> row{Datum::text("x"), Datum::integer(2)};
  EXPECT_TRUE(condition.holds([&](std::uint32_t number) { return row[number]; }));
}

TEST(ConditionTest, ACopyOwnsItsText) {
  std::optional<Condition> copy;
  {
    std::string text = "a text that is longer than any small buffer of a string";
    copy = Condition::test("x", ConditionOp::eq, Datum::text(text));
    text.assign(text.size(), '?');
  }
  const Row row{{{"x", Datum::text("a text that is longer than any small buffer of a string")}}};
  const Condition moved = std::move(*copy);
  EXPECT_TRUE(moved.holds(row));
}

TEST(ConditionTest, MistakesAreRefusedWithTheirOperator) {
  const auto code = [](auto&& make) {
    try {
      static_cast<void>(make());
    } catch (const Error& error) {
      return std::optional(error.code());
    }
    return std::optional<ErrorCode>{};
  };
  EXPECT_EQ(code([] { return Condition::test("a", ConditionOp::eq, Datum{}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code([] { return Condition::test("a", ConditionOp::prefix, Datum::integer(1)); }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(code([] { return Condition::test("a", ConditionOp::lt, Datum::boolean(true)); }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(code([] { return Condition::test("a", ConditionOp::in, Datum::integer(1)); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code([] { return Condition::test("", ConditionOp::eq, Datum::integer(1)); }), ErrorCode::invalid_argument);
}

// Against integers: any two decimals on a common scale that fits compare as their mantissas do.
TEST(ConditionTest, DecimalsOfDifferentScalesCompareAsTheirValues) {
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 rng{seed};
    const auto pick = [&](std::int64_t low, std::int64_t high) {
      return low + static_cast<std::int64_t>(rng() % static_cast<std::uint64_t>(high - low + 1));
    };
    const std::int64_t a = pick(-2'000, 2'000);
    const std::int64_t b = pick(-2'000, 2'000);
    const auto a_scale = static_cast<std::int32_t>(pick(-6, 6));
    const auto b_scale = static_cast<std::int32_t>(pick(-6, 6));
    Int128 left = a;
    Int128 right = b;
    for (std::int32_t i = a_scale; i < 6; ++i) left *= 10;
    for (std::int32_t i = b_scale; i < 6; ++i) right *= 10;
    EXPECT_EQ(detail::compare(Decimal{a, a_scale}, Decimal{b, b_scale}), left <=> right);
  }
  const Int128 huge = (Int128{1} << 126);
  EXPECT_EQ(detail::compare(Decimal{huge, 38}, Decimal{huge, -38}), std::strong_ordering::less);
  EXPECT_EQ(detail::compare(Decimal{-huge, 38}, Decimal{-huge, -38}), std::strong_ordering::greater);
}

}  // namespace
}  // namespace dealtrail
