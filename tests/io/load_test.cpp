#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <dealtrail/io/load.hpp>

namespace dealtrail {
namespace {

const Profile& crm() {
  static const Profile profile = Profile::parse(R"({
    "profile": "crm", "currency": "RUB",
    "page": {"records": "result[]", "errors": "error", "next": "next", "total": "total"},
    "declare": {"deals": {"city": "text"}},
    "methods": {
      "deals": {"files": ["*deals*"], "puts": [
        {"put": "deals", "id": "ID", "version": "V", "set": {"created_at": "AT", "amount": "SUM", "person": "P"}, "own": {"city": "CITY"}},
        {"put": "people", "id": "P", "stub": true}]},
      "notes": {"files": ["*notes*"], "puts": [{"put": "activities", "set": {"kind": {"const": "call"}, "at": "AT", "deal": "D"}}]}
    }})");
  return profile;
}

std::string page(int from, int until, const std::string& extra = "") {
  std::string text = R"({"result":[)";
  for (int i = from; i < until; ++i) {
    text += (i == from ? R"({"ID":")" : R"(,{"ID":")") + std::to_string(i) +
            R"(","V":1,"AT":"2026-01-01T00:00:00Z","SUM":"10.50","P":"7","CITY":"Tver"})";
  }
  return text + "]" + extra + "}";
}

LoadReport load_text(Trail& trail, const std::string& name, std::string_view text, const LoadOptions& options = {}) {
  const FactSource source = FactSource::text(name, text);
  return load(trail, {&source, 1}, crm(), options);
}

std::optional<ErrorCode> code_of(Trail& trail, const std::string& name, std::string_view text,
                                 const LoadOptions& options = {}) {
  try {
    static_cast<void>(load_text(trail, name, text, options));
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

// SP.10: rows read, put, left out and why.
TEST(LoadTest, TheReportCountsEveryRow) {
  Trail trail{RUB};
  const auto report = load_text(
      trail, "deals.json", R"({"result":[{"ID":"1","AT":"2026-01-01","SUM":"10.50","CITY":"Tver"},{"ID":"2"},{"SUM":5},
      {"ID":"3","AT":"yesterday","SUM":"1.005"}]})");
  EXPECT_EQ(report.read.files.at(0).records, 4U);
  EXPECT_EQ(report.put.of(Kind::deals).read, 3);
  EXPECT_EQ(report.put.of(Kind::deals).put, 1);
  EXPECT_EQ(report.put.of(Kind::deals).left_out, 2);
  EXPECT_EQ(trail.size(Kind::deals), 1U);
  const Table problems = report.problems_table();
  std::vector<std::string> codes;
  for (std::int64_t row = 0; row < problems.rows(); ++row) codes.emplace_back(problems.at(row, "code").as_text());
  EXPECT_NE(std::find(codes.begin(), codes.end(), "missing_id"), codes.end());
  EXPECT_NE(std::find(codes.begin(), codes.end(), "unreadable_value"), codes.end());
  EXPECT_NE(std::find(codes.begin(), codes.end(), "missing_field"), codes.end());
  const Table deals = trail.table(Kind::deals);
  EXPECT_EQ(deals.at(0, "city").as_text(), "Tver");
}

TEST(LoadTest, TheSameFileAgainChangesNothing) {
  Trail trail{RUB};
  static_cast<void>(load_text(trail, "deals.json", page(1, 21)));
  static_cast<void>(
      load_text(trail, "notes.json",
                R"({"result":[{"AT":"2026-01-01","D":"1"},{"AT":"2026-01-01","D":"1"},{"AT":"2026-01-02","D":"1"}]})"));
  EXPECT_EQ(trail.size(Kind::activities), 3U);
  const std::string before = trail.snapshot();
  static_cast<void>(load_text(trail, "deals.json", page(1, 21)));
  static_cast<void>(
      load_text(trail, "notes.json",
                R"({"result":[{"AT":"2026-01-01","D":"1"},{"AT":"2026-01-01","D":"1"},{"AT":"2026-01-02","D":"1"}]})"));
  EXPECT_EQ(trail.snapshot(), before);
}

TEST(LoadTest, AFailedLoadLeavesTheTrailAsItWas) {
  Trail trail{RUB};
  static_cast<void>(load_text(trail, "deals.json", page(1, 11)));
  const std::string before = trail.snapshot();
  const std::string longer = page(5, 400);
  EXPECT_EQ(code_of(trail, "deals.json", std::string_view(longer).substr(0, longer.size() - 2)),
            ErrorCode::corrupt_data);
  EXPECT_EQ(trail.snapshot(), before);
  EXPECT_EQ(code_of(trail, "deals.json", page(5, 40) + "}"), ErrorCode::parse_error);
  EXPECT_EQ(trail.snapshot(), before);
  EXPECT_EQ(code_of(trail, "deals.json", R"({"data":[]})"), ErrorCode::invalid_argument);
  EXPECT_EQ(trail.snapshot(), before);
}

// M5.5: what vanished from the source is removed, a shrinkage beyond the limit stops the load.
TEST(LoadTest, AFullLoadRemovesWhatVanished) {
  Trail trail{RUB};
  static_cast<void>(load_text(trail, "deals.json", page(1, 21)));
  Draft other(Kind::deals);
  other.id = "elsewhere:1";
  other.set(fields::deals::created_at, Datum::time(0));
  trail.put(other);
  const auto report = load_text(trail, "deals.json", page(3, 22), {.full = true});
  ASSERT_EQ(report.removed.size(), 1U);
  EXPECT_EQ(report.removed[0].before, 20U);
  EXPECT_EQ(report.removed[0].removed, 2U);
  EXPECT_EQ(report.removed[0].first_ids, (std::vector<std::string>{"crm:1", "crm:2"}));
  EXPECT_EQ(trail.size(Kind::deals), 20U);  // 19 of the source, one from elsewhere
  EXPECT_FALSE(trail.contains(Kind::deals, "crm:1"));
  EXPECT_TRUE(trail.contains(Kind::deals, "elsewhere:1"));
  EXPECT_TRUE(trail.contains(Kind::people, "crm:7"));  // a stub speaks of no whole table
  EXPECT_EQ(report.removed_table().rows(), 1);
}

TEST(LoadTest, AFullLoadThatIsNotWholeOrShrinksTooMuchIsRefused) {
  Trail trail{RUB};
  static_cast<void>(load_text(trail, "deals.json", page(1, 21)));
  const std::string before = trail.snapshot();
  EXPECT_EQ(code_of(trail, "deals.json", page(1, 16), {.full = true}), ErrorCode::limit_exceeded);
  EXPECT_EQ(code_of(trail, "deals.json", page(1, 21, R"(,"total":25)"), {.full = true}), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of(trail, "deals.json", page(1, 21, R"(,"next":50)"), {.full = true}), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of(trail, "deals.json", page(1, 21, R"(,"error":"timeout")"), {.full = true}),
            ErrorCode::corrupt_data);
  EXPECT_EQ(code_of(trail, "deals.json", page(1, 21), {.full = true, .max_shrinkage = 1.5}),
            ErrorCode::invalid_argument);
  EXPECT_EQ(trail.snapshot(), before);
  static_cast<void>(load_text(trail, "deals.json", page(1, 6), {.full = true, .max_shrinkage = 0.75}));
  EXPECT_EQ(trail.size(Kind::deals), 5U);
}

TEST(LoadTest, ARenamedSourceIsAnotherSource) {
  Trail trail{RUB};
  static_cast<void>(load_text(trail, "deals.json", page(1, 4)));
  static_cast<void>(load_text(trail, "deals.json", page(1, 4), {.source = "second"}));
  EXPECT_EQ(trail.size(Kind::deals), 6U);
  EXPECT_TRUE(trail.contains(Kind::deals, "second:2"));
}

}  // namespace
}  // namespace dealtrail
