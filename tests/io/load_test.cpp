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
  const auto report = load_text(trail, "deals.json", page(3, 22), {.full = true, .whole = true});
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
  EXPECT_EQ(code_of(trail, "deals.json", page(1, 16), {.full = true, .whole = true}), ErrorCode::limit_exceeded);
  EXPECT_EQ(code_of(trail, "deals.json", page(1, 21, R"(,"total":25)"), {.full = true}), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of(trail, "deals.json", page(1, 21, R"(,"next":50)"), {.full = true}), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of(trail, "deals.json", page(1, 21, R"(,"error":"timeout")"), {.full = true}),
            ErrorCode::corrupt_data);
  EXPECT_EQ(code_of(trail, "deals.json", page(1, 21), {.full = true, .max_shrinkage = 1.5}),
            ErrorCode::invalid_argument);
  EXPECT_EQ(trail.snapshot(), before);
  static_cast<void>(load_text(trail, "deals.json", page(1, 6), {.full = true, .max_shrinkage = 0.75, .whole = true}));
  EXPECT_EQ(trail.size(Kind::deals), 5U);
}

// IN.4: answers without a total prove nothing; the caller may give his word, which a contradiction beats.
TEST(LoadTest, AFullLoadWithoutATotalNeedsTheWordOfTheCaller) {
  Trail trail{RUB};
  static_cast<void>(load_text(trail, "deals.json", page(1, 21)));
  const std::string before = trail.snapshot();
  EXPECT_EQ(code_of(trail, "deals.json", page(2, 21), {.full = true}), ErrorCode::invalid_argument);
  const std::string rows = "ID;AT\n2;2026-01-01\n";
  EXPECT_EQ(code_of(trail, "deals.csv", rows, {.full = true}), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(trail, "deals.json", page(2, 21, R"(,"total":0)"), {.full = true}), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(trail, "deals.json", page(2, 21, R"(,"total":20)"), {.full = true, .whole = true}),
            ErrorCode::corrupt_data);
  EXPECT_EQ(trail.snapshot(), before);
  const auto report = load_text(trail, "deals.json", page(2, 21, R"(,"total":19)"), {.full = true});
  EXPECT_EQ(report.removed.at(0).removed, 1U);
}

// IN.4: a row is deleted while pages are read, and the next one slips onto a page that was read already.
TEST(LoadTest, ADumpOfAListThatMovedIsNotWhole) {
  Trail trail{RUB};
  static_cast<void>(load_text(trail, "deals.json", page(1, 7, R"(,"total":6)"), {.full = true}));
  const std::string before = trail.snapshot();
  // 2 is deleted after the first page: 4 is never seen, and the totals differ.
  const std::string moved = "[" + page(1, 4, R"(,"total":6,"next":3)") + "," + page(5, 7, R"(,"total":5)") + "]";
  EXPECT_EQ(code_of(trail, "deals.json", moved, {.full = true, .max_shrinkage = 1}), ErrorCode::corrupt_data);
  // 7 is added in front: 3 comes twice, and as many records as the total says.
  const std::string twice = "[" + page(1, 4, R"(,"total":6,"next":3)") + "," + page(3, 6, R"(,"total":6)") + "]";
  EXPECT_EQ(code_of(trail, "deals.json", twice, {.full = true, .max_shrinkage = 1}), ErrorCode::corrupt_data);
  EXPECT_EQ(trail.snapshot(), before);
  const auto report = load_text(trail, "deals.json", twice);
  const Table problems = report.problems_table();
  ASSERT_EQ(problems.rows(), 1);
  EXPECT_EQ(problems.text_at(0, "code"), "truncated_dump");
  EXPECT_EQ(problems.text_at(0, "severity"), "error");
  EXPECT_EQ(problems.text_at(0, "first_values"), "total 6, 5 different records");
}

// IN.4: rows under one id with other content are counted, and what one of them said is shown.
TEST(LoadTest, RowsThatShareAnIdAreAProblem) {
  Trail trail{RUB};
  const auto report = load_text(trail, "deals.csv",
                                "ID,AT,SUM\n-1,2026-01-01,100\n-1,2026-01-01,900\n-1,2026-01-01,900\n2,2026-01-02,1\n");
  EXPECT_EQ(report.put.of(Kind::deals).read, 4);
  EXPECT_EQ(report.put.of(Kind::deals).put, 4);
  EXPECT_EQ(report.put.of(Kind::deals).distinct, 2);
  ASSERT_EQ(report.put.problems().size(), 1U);
  EXPECT_EQ(report.put.problems()[0].code, "repeated_id");
  EXPECT_EQ(report.put.problems()[0].count, 1);  // the third row says what the second does
  EXPECT_EQ(report.put.problems()[0].severity(), "error");
  EXPECT_EQ(report.put.problems()[0].first_ids, (std::vector<std::string>{"crm:-1"}));
  EXPECT_EQ(report.put.problems()[0].first_values, (std::vector<std::string>{"amount: 100.00 / 900.00"}));
  EXPECT_EQ(report.counts_table().integer_at(0, "distinct"), 2);
  // Versions that decide are no trouble, nor is a second load, nor a stub beside its fact.
  const auto decided = load_text(trail, "deals.csv", "ID,V,AT\n5,1,2026-01-01\n5,2,2026-01-03\n");
  EXPECT_TRUE(decided.put.problems().empty());
  const auto again = load_text(trail, "deals.csv", "ID,AT,SUM\n2,2026-01-02,7\n");
  EXPECT_TRUE(again.put.problems().empty());
}

// IN.4: the position is an id of every record, the first too, and of every file of a load.
TEST(LoadTest, APositionNeverLosesARow) {
  const Profile rows = Profile::parse(R"({"profile": "rows", "methods": {"d": {"files": ["*.csv"], "puts": [
    {"put": "deals", "id": "#", "set": {"created_at": "at", "lead": "#"}},
    {"put": "leads", "id": {"coalesce": ["lead", "#"]}, "set": {"created_at": "at"}}]}}})");
  Trail trail{RUB};
  const std::vector<FactSource> files{FactSource::text("1.csv", "at\n2026-01-01\n2026-01-02\n"),
                                      FactSource::text("2.csv", "at\n2026-01-03\n")};
  const auto report = load(trail, files, rows, {});
  EXPECT_EQ(report.put.of(Kind::deals).distinct, 3);
  EXPECT_EQ(report.put.of(Kind::leads).distinct, 3);
  EXPECT_EQ(report.put.total().left_out, 0);
  EXPECT_TRUE(trail.contains(Kind::deals, "rows:0"));
  const Table deals = trail.table(Kind::deals);
  EXPECT_EQ(deals.text_at(0, "lead"), "rows:0");
}

// IN.1: strict keeps nothing when anything is lost; counts of kinds have what reading left out.
TEST(LoadTest, StrictKeepsNothingWhenSomethingIsLost) {
  Trail trail{RUB};
  const std::string rows = "ID,AT\n1,2026-01-01\n,2026-01-02\n";
  const auto refused = load_text(trail, "deals.csv", rows, {.strict = true});
  EXPECT_TRUE(refused.is_lossy());
  EXPECT_EQ(trail.size(), 0U);
  const auto kept = load_text(trail, "deals.csv", rows);
  EXPECT_EQ(kept.counts_of(Kind::deals).read, 2);
  EXPECT_EQ(kept.counts_of(Kind::deals).put, 1);
  EXPECT_EQ(kept.counts_of(Kind::deals).left_out, 1);
  EXPECT_EQ(trail.size(Kind::deals), 1U);
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
