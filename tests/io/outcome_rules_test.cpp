#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <dealtrail/io/outcome_rules.hpp>

namespace dealtrail {
namespace {

// M3.4: a deal lost in Claims by defect and refund is won for marketing and a refund for finance.
constexpr std::string_view claims = R"({"rules": [
  {"name": "claims", "view": "marketing", "outcome": "won", "from": "2026-01-01", "until": "2027-01-01T00:00:00+03:00",
   "when": {"all": [{"field": "pipeline", "op": "eq", "value": "5"}, {"field": "lost_reason", "op": "in", "value": ["defect", "refund"]},
                    {"not": {"field": "amount", "op": "lt", "value": 100.50}}, {"any": [{"field": "city", "op": "prefix", "value": "T"}, {"field": "closed_at", "op": "null", "value": false}]}]}},
  {"name": "rest", "outcome": "lost", "when": {"field": "stage", "op": "null"}}]})";

std::string refusal(std::string_view json) {
  try {
    static_cast<void>(parse_outcome_rules(json));
  } catch (const Error& error) {
    return std::string(to_string(error.code())) + " " + error.what();
  }
  return {};
}

TEST(OutcomeRulesTest, RulesAreReadAsTheyAreWritten) {
  const std::vector<std::string> own{"city"};
  const auto rules = parse_outcome_rules(claims, own);
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].name, "claims");
  EXPECT_EQ(rules[0].view, View::marketing);
  EXPECT_EQ(rules[0].outcome, "won");
  EXPECT_EQ(rules[0].from_us, 1'767'225'600'000'000);   // 2026-01-01 UTC
  EXPECT_EQ(rules[0].until_us, 1'798'750'800'000'000);  // 2026-12-31 21:00 UTC
  EXPECT_EQ(rules[1].view, std::nullopt);
  EXPECT_EQ(rules[1].from_us, std::nullopt);
  const auto deal = [](std::string_view field) {
    if (field == "pipeline") return Datum::text("5");
    if (field == "lost_reason") return Datum::text("refund");
    if (field == "amount") return Datum::decimal(10'050, 2);
    if (field == "city") return Datum::text("Tver");
    return Datum{};
  };
  EXPECT_TRUE(rules[0].when.holds(deal));
  EXPECT_TRUE(rules[1].when.holds(deal));
}

TEST(OutcomeRulesTest, WrittenRulesReadBackEqual) {
  const std::vector<std::string> own{"city"};
  const auto rules = parse_outcome_rules(claims, own);
  EXPECT_EQ(parse_outcome_rules(outcome_rules_json(rules), own), rules);
  EXPECT_EQ(outcome_rules_json(parse_outcome_rules(outcome_rules_json(rules), own)), outcome_rules_json(rules));
  EXPECT_EQ(parse_outcome_rules(R"({"rules":[]})"), std::vector<OutcomeRule>{});
  for (const OutcomeRule& rule : rules) EXPECT_EQ(parse_condition(condition_json(rule.when)), rule.when);
}

TEST(OutcomeRulesTest, MistakesNameTheirPlaceAndWhatIsValid) {
  const auto rule = [](const std::string& inside) {
    return refusal(R"({"rules":[{"name":"a","outcome":"won",)" + inside + "}]}");
  };
  EXPECT_NE(
      rule(R"("when":{"field":"stgae","op":"eq","value":"x"})")
          .find(
              "unknown_name outcome rules: unknown field of deals \"stgae\" at /rules/0/when; did you mean \"stage\"?"),
      std::string::npos);
  EXPECT_NE(rule(R"("when":{"field":"stage","op":"equals","value":"x"})")
                .find("valid: eq, ne, in, lt, le, gt, ge, null, prefix"),
            std::string::npos);
  EXPECT_NE(rule(R"("wen":{})").find("did you mean \"when\"?"), std::string::npos);
  EXPECT_NE(rule(R"("when":{"all":[]},"view":"sales")").find("valid: marketing, finance"), std::string::npos);
  EXPECT_NE(rule(R"("when":{"all":[]},"from":"soon")").find("not a time"), std::string::npos);
  EXPECT_NE(rule(R"("when":{"all":[]},"from":"2026-02-01","until":"2026-02-01")").find("from is not before until"),
            std::string::npos);
  EXPECT_NE(rule(R"("when":{"all":{},"x":1})").find("unknown key \"x\""), std::string::npos);
  EXPECT_NE(refusal(R"({"rules":[{"name":"a","outcome":"win","when":{"all":[]}}]})").find("valid: open, won, lost"),
            std::string::npos);
  EXPECT_NE(
      refusal(
          R"({"rules":[{"name":"a","outcome":"won","when":{"all":[]}},{"name":"a","outcome":"won","when":{"all":[]}}]})")
          .find("two rules are called"),
      std::string::npos);
  EXPECT_TRUE(refusal("[]").starts_with("type_mismatch"));
  EXPECT_TRUE(refusal("{").starts_with("parse_error"));
  EXPECT_TRUE(refusal(std::string(100'000, '[')).starts_with("limit_exceeded"));
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += R"({"not":)";
  EXPECT_THROW(static_cast<void>(parse_condition(deep)), Error);
}

TEST(OutcomeRulesTest, ThePublishedSchemaIsThatOfTheReader) {
  std::ifstream file(std::string(DEALTRAIL_TEST_DATA) + "/../../docs/io/condition.schema.json", std::ios::binary);
  ASSERT_TRUE(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), condition_schema());
}

}  // namespace
}  // namespace dealtrail
