// Rules of priority as JSON (PF.4, M0.5).
#include "dealtrail/io/priority_rules.hpp"

#include <gtest/gtest.h>

#include "support/refusal.hpp"

namespace dealtrail {
namespace {

using testing::refusal_code;
using testing::refusal_of;

TEST(PriorityRulesTest, AFileOfRulesIsRead) {
  const PriorityRules rules = parse_priority_rules(R"({
    "notes": "agreed with sales",
    "rules": [
      {"name": "offer", "points": 50, "reason": "asked for an offer", "from": "2026-01-01", "until": "2027-01-01",
       "when": {"field": "offer_requests", "op": "ge", "value": 1}},
      {"name": "abroad", "points": -5, "when": {"not": {"field": "region", "op": "eq", "value": "home"}}}
    ],
    "levels": [{"name": "high", "from": 40}]
  })");
  ASSERT_EQ(rules.rules.size(), 2U);
  EXPECT_EQ(rules.rules[0].points, 50);
  EXPECT_EQ(rules.rules[0].reason, "asked for an offer");
  EXPECT_EQ(rules.rules[0].from_us, 1'767'225'600'000'000);
  EXPECT_EQ(rules.rules[1].points, -5);
  EXPECT_EQ(rules.rules[1].when.shape(), Condition::Shape::negation);
  EXPECT_EQ(rules.levels, (std::vector<PriorityLevel>{{"high", 40}}));
  EXPECT_EQ(parse_priority_rules(priority_rules_json(rules)), rules);
}

TEST(PriorityRulesTest, TheDefaultRulesAreWrittenAndReadBack) {
  const PriorityRules rules = default_priority_rules();
  EXPECT_EQ(parse_priority_rules(priority_rules_json(rules)), rules);
  EXPECT_EQ(parse_priority_rules(R"({"rules": []})"), PriorityRules{});
}

TEST(PriorityRulesTest, AMistakeIsNamedWithItsPlace) {
  const Error error = refusal_of([] {
    (void)parse_priority_rules(
        R"({"rules": [{"name": "a", "points": 1, "when": {"field": "signal", "op": "ge", "value": 1}}]})");
  });
  EXPECT_EQ(error.code(), ErrorCode::unknown_name);
  EXPECT_NE(std::string{error.what()}.find("/rules/0/when"), std::string::npos) << error.what();
  const auto code = [](const char* json) { return refusal_code([&] { (void)parse_priority_rules(json); }); };
  EXPECT_EQ(code("{"), ErrorCode::parse_error);
  EXPECT_EQ(code("[]"), ErrorCode::type_mismatch);
  EXPECT_EQ(code("{}"), ErrorCode::invalid_argument);
  EXPECT_EQ(code(R"({"rules": [], "level": []})"), ErrorCode::unknown_name);
  EXPECT_EQ(code(R"({"rules": [{"name": "a", "when": {"all": []}}]})"), ErrorCode::invalid_argument);
  EXPECT_EQ(code(R"({"rules": [{"name": "a", "points": 1.5, "when": {"all": []}}]})"), ErrorCode::type_mismatch);
  EXPECT_EQ(code(R"({"rules": [{"name": "", "points": 1, "when": {"all": []}}]})"), ErrorCode::invalid_argument);
  EXPECT_EQ(code(R"({"rules": [{"name": "a", "points": 1, "when": {"all": []}, "from": "soon"}]})"),
            ErrorCode::invalid_argument);
  EXPECT_EQ(code(R"({"rules": [{"name": "a", "points": 1, "when": {"all": []}, "from": "2026", "until": "2026"}]})"),
            ErrorCode::invalid_argument);
  EXPECT_EQ(code(R"({"rules": [], "levels": [{"name": "a", "from": 1}, {"name": "a", "from": 2}]})"),
            ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
