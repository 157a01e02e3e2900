#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <dealtrail/io/detail/dump_gaps.hpp>
#include <dealtrail/io/read_facts.hpp>

#include "io/fact_lines.hpp"

namespace dealtrail {
namespace {

using testing_io::read_text;
using testing_io::Reading;
using Lines = std::vector<std::string>;

const Profile& shop() {
  static const Profile profile = Profile::parse(R"({
    "profile": "shop", "currency": "RUB", "zone": "+03:00", "numbers": {"decimal": ",", "group": ""},
    "times": ["iso", "dd.mm.yyyy[ hh:mm]"],
    "page": {"records": ["result[]", "result.result.*[]"], "errors": ["error", "result.result_error.*"], "next": "next", "total": "total",
             "batch_next": "result.result_next.*", "batch_total": "result.result_total.*", "page": "page", "page_count": "pages"},
    "methods": {
      "orders": {"files": ["*order*"], "puts": [{"put": "deals", "id": "ID", "set": {"amount": "SUM", "created_at": "DATE", "stage": "STAGE"}}]},
      "statuses": {"files": ["*status*"], "notes": "names of stages", "puts": []}
    }})");
  return profile;
}

std::optional<Error> failure(const Profile& profile, const std::string& name, std::string_view text,
                             const ReadOptions& options = {}) {
  try {
    static_cast<void>(read_text(profile, name, text, options));
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

// A folder that is empty at the start and gone at the end.
class Folder {
 public:
  explicit Folder(const std::string& name) : path_(std::filesystem::path(testing::TempDir()) / ("dealtrail_" + name)) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

Reading read_folder(const Profile& profile, const Folder& folder, const ReadOptions& options = {}) {
  Reading result;
  const FactSource source = FactSource::path(folder.path());
  result.report = read_facts(
      {&source, 1}, profile, [&](const Draft& draft) { result.lines.push_back(testing_io::line_of(draft)); }, options);
  return result;
}

// PF: what is not there is told by the load, without failing.
TEST(ReadFactsTest, FilesThatAreNotThereAreNamed) {
  const Folder folder("lacking");
  folder.write("order.0.json", R"({"result":[{"ID":1}]})");
  folder.write("order.50.json", R"({"result":[]})");
  folder.write("order.150.json", R"({"result":[{"ID":2}]})");
  folder.write("notes/readme.md", "text");
  folder.write("truth.json", "{}");
  const auto reading = read_folder(shop(), folder);
  EXPECT_EQ(reading.lines.size(), 2U);
  std::map<std::string, std::vector<std::string>> first;
  for (const ReadProblem& each : reading.report.problems) first[each.code] = each.first_ids;
  EXPECT_EQ(first["empty_file"], Lines{"order.50.json"});
  EXPECT_EQ(first["page_gap"], Lines{"order.100.json"});
  EXPECT_EQ(first["unknown_file"], (Lines{"notes/readme.md", "truth.json"}));
  EXPECT_EQ(first.count("method_without_file"), 0U);  // statuses put nothing
  EXPECT_FALSE(reading.report.incomplete());

  const Profile more = Profile::parse(R"({"profile": "shop", "page": {"records": ["result[]"]}, "methods": {
    "orders": {"files": ["*order*"], "puts": [{"put": "deals", "id": "ID"}]},
    "old orders": {"files": ["*archive*"], "puts": [{"put": "deals", "id": "ID"}]},
    "clients": {"files": ["*client*"], "puts": [{"put": "people", "id": "ID"}, {"put": "deals", "id": "ID"}]}}})");
  const auto lacking = read_folder(more, folder);
  const auto found = std::find_if(lacking.report.problems.begin(), lacking.report.problems.end(),
                                  [](const ReadProblem& each) { return each.code == "method_without_file"; });
  ASSERT_NE(found, lacking.report.problems.end());
  EXPECT_EQ(found->count, 2U);
  EXPECT_EQ(found->first_ids, (Lines{"clients", "old orders"}));  // first what nothing else gives
  EXPECT_NE(found->message.find("no file gives facts of people;"), std::string::npos) << found->message;
  EXPECT_FALSE(lacking.report.incomplete());
  // A file by itself, and a method that is said, are not meant to be all.
  EXPECT_EQ(read_text(more, "order.json", R"({"result":[{"ID":1}]})").problem("method_without_file"), "");
  EXPECT_EQ(read_folder(more, folder, {.as = "orders"}).problem("method_without_file"), "");
}

TEST(ReadFactsTest, NumbersOfFileNamesThatLackSome) {
  using detail::missing_pages;
  EXPECT_EQ(missing_pages({"a/d-1.json", "a/d-2.json", "a/d-4.json", "a/e-3.json"}), Lines{"a/d-3.json"});
  EXPECT_EQ(missing_pages({"d.1.json", "d.3.json"}), Lines{"d.2.json"});
  EXPECT_EQ(missing_pages({"d_002.csv", "d_003.csv"}), Lines{"d_001.csv"});
  EXPECT_EQ(missing_pages({"d.50.json", "d.100.json"}), Lines{"d.0.json"});
  EXPECT_EQ(missing_pages({"d.0", "d.100", "d.200"}), Lines{});  // pages of 100
  EXPECT_EQ(missing_pages({"calls_2023.csv", "calls_2025.csv"}), Lines{});
  EXPECT_EQ(missing_pages({"list_1040.json", "list_1042.json", "list_1046.json"}), Lines{});
  EXPECT_EQ(missing_pages({"day_20260228.json", "day_20260301.json"}), Lines{});
  EXPECT_EQ(missing_pages({"d.7.json", "d.json", "2026-03-deals.jsonl", "x99999999999999999999.json"}), Lines{});
}

// SP.9: the same profile reads JSON, CSV and tables.
TEST(ReadFactsTest, JsonAndCsvGiveTheSameFacts) {
  const auto csv =
      read_text(shop(), "orders.csv", "\xEF\xBB\xBFID;SUM;DATE;STAGE;Сверх\n1;1 204,50;01.01.2026;new;x\n");
  const auto json =
      read_text(shop(), "orders.json", R"({"result":[{"ID":1,"SUM":"1204,50","DATE":"2026-01-01","STAGE":"new"}]})");
  ASSERT_EQ(csv.lines.size(), 1U);
  EXPECT_EQ(csv.lines, json.lines);
  EXPECT_TRUE(csv.lines[0].starts_with("deals shop:1")) << csv.lines[0];
  EXPECT_NE(csv.lines[0].find("amount=1204.50"), std::string::npos);
  EXPECT_NE(csv.lines[0].find("created_at=local:1767225600000000"), std::string::npos);
  ASSERT_EQ(csv.report.columns_not_read.size(), 1U);
  EXPECT_EQ(csv.report.columns_not_read[0].column, "Сверх");
}

TEST(ReadFactsTest, ATableGivesTheSameFacts) {
  TableBuilder builder{"orders"};
  auto& id = builder.integer("ID");
  auto& sum = builder.text("SUM");
  auto& stage = builder.text("STAGE");
  for (int i = 0; i < 3; ++i) {
    id.append_integer(i);
    sum.append_text(std::to_string(i) + ",25");
    stage.append_text(i == 1 ? std::optional<std::string_view>{} : std::optional<std::string_view>{"new"});
  }
  const Table table = builder.finish();
  TableReader reader(table.to_stream());
  const auto input = reader.next();
  ASSERT_TRUE(input.has_value());
  Lines lines;
  const FactSource source = FactSource::table("anything", *input);
  const auto report = read_facts(
      {&source, 1}, shop(), [&](const Draft& draft) { lines.push_back(testing_io::line_of(draft)); }, {.as = "orders"});
  // Id 0 is "no id" like "0".
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_NE(lines[0].find("amount=1.25"), std::string::npos) << lines[0];
  EXPECT_EQ(lines[0].find("stage"), std::string::npos);
  EXPECT_EQ(report.files.at(0).records, 3U);
}

TEST(ReadFactsTest, AFolderIsReadInNaturalOrderAndWhatDoesNotFitIsListed) {
  const Folder folder("folder");
  folder.write("order-10.json", R"({"result":[{"ID":3}],"total":3})");
  folder.write("order-2.json", R"({"result":[{"ID":2}],"next":2,"total":3})");
  folder.write("order-1.json", R"({"result":[{"ID":1}],"next":1,"total":3})");
  folder.write("sub/order-0.json", "");
  folder.write("status.json", R"({"result":[]})");
  folder.write("readme.md", "text");
  folder.write(".git/order.json", "not even json");
  const auto reading = read_folder(shop(), folder);
  ASSERT_EQ(reading.lines.size(), 3U);
  EXPECT_EQ(reading.lines[2], "deals shop:3");
  EXPECT_EQ(reading.problem("truncated_dump"), "");
  std::map<std::string, std::string> states;
  for (const FileReport& file : reading.report.files)
    states[file.file] = std::string(to_string(file.state)) + " " + file.reason;
  EXPECT_EQ(states.size(), 6U);
  EXPECT_EQ(states["order-1.json"], "read ");
  EXPECT_EQ(states["sub/order-0.json"], "empty an empty answer");
  EXPECT_EQ(states["status.json"], "unused names of stages");
  EXPECT_EQ(states["readme.md"], "refused no method of profile shop has a pattern for this name");
  EXPECT_EQ(reading.report.methods_table().rows(), 3);
  EXPECT_EQ(reading.report.files_table().rows(), 6);
}

TEST(ReadFactsTest, ATruncatedDumpIsFound) {
  EXPECT_EQ(read_text(shop(), "order.json", R"({"result":[{"ID":1}],"total":3})").problem("truncated_dump"),
            ". x2 'total 3, 1 different records'");
  EXPECT_EQ(read_text(shop(), "order.json", R"({"result":[{"ID":1}],"next":50})").problem("truncated_dump"), ". x1");
  EXPECT_EQ(read_text(shop(), "order.json", R"({"result":[{"ID":1}],"page":1,"pages":"2"})").problem("truncated_dump"),
            ". x1");
  EXPECT_EQ(
      read_text(shop(), "order.json", R"([{"result":[{"ID":1}],"page":1,"pages":2},{"result":[],"page":2,"pages":2}])")
          .problem("truncated_dump"),
      "");
  EXPECT_EQ(read_text(shop(), "order.json", R"({"result":[{"ID":1}],"total":0})").problem("truncated_dump"), "");
  // Two dumps one after another are counted apart.
  EXPECT_EQ(read_text(shop(), "order.json", R"([{"result":[{"ID":1}],"total":1},{"result":[{"ID":2}],"total":4}])")
                .problem("truncated_dump"),
            ". x3 'total 4, 1 different records'");
  // Commands of a batch follow one another as pages do.
  EXPECT_EQ(read_text(shop(), "order.json",
                      R"([{"result":[{"ID":1}],"total":3,"next":1},{"result":{"result":{"a":[{"ID":2}],"b":[{"ID":3}]},
     "result_next":{"a":2},"result_total":{"a":3,"b":3}}}])")
                .problem("truncated_dump"),
            "");
  EXPECT_TRUE(read_text(shop(), "order.json", R"({"result":[{"ID":1}],"next":50})").report.incomplete());
}

// IN.4: one total on all pages, and as many different ids.
TEST(ReadFactsTest, ADumpIsWholeWhenItsDifferentIdsAreItsTotal) {
  const auto problem = [](std::string_view text) {
    return read_text(shop(), "order.json", text).problem("truncated_dump");
  };
  EXPECT_EQ(problem(R"([{"result":[{"ID":1},{"ID":2}],"total":3,"next":2},{"result":[{"ID":2}],"total":3}])"),
            ". x1 'total 3, 2 different records'");
  EXPECT_EQ(problem(R"([{"result":[{"ID":1},{"ID":2}],"total":4,"next":2},{"result":[{"ID":3}],"total":3}])"),
            ". x1 'total 4, then 3'");
  EXPECT_EQ(problem(R"({"result":[{"ID":1},{"ID":2}],"total":1})"), ". x1 'total 1, 2 different records'");
  EXPECT_EQ(problem(R"([{"result":[{"ID":1},{"ID":2}],"total":3,"next":2},{"result":[{"ID":3}],"total":3}])"), "");
  using Methods = std::vector<std::string>;
  EXPECT_EQ(read_text(shop(), "order.json", R"({"result":[{"ID":1}],"total":1})").report.unproven, Methods{});
  EXPECT_EQ(read_text(shop(), "order.json", R"({"result":[{"ID":1}]})").report.unproven, Methods{"orders"});
  EXPECT_EQ(read_text(shop(), "order.csv", "ID\n1\n").report.unproven, Methods{"orders"});
}

// IN.5: a column that the profile names and the header lacks, with the closest one; a name that stands twice.
TEST(ReadFactsTest, AHeaderThatLacksAColumnIsAProblem) {
  const auto reading = read_text(shop(), "order.csv", "ID;SUMM;DATE;STAGE;DATE\n1;5;01.02.2026;new;02.02.2026\n");
  EXPECT_EQ(reading.problem("column_not_there"), ".SUM x1 'SUMM'");
  EXPECT_EQ(reading.problem("repeated_column"), ".DATE x1");
  for (const ReadProblem& problem : reading.report.problems) {
    if (problem.code != "column_not_there") continue;
    EXPECT_EQ(problem.severity(), "warning");
    EXPECT_EQ(problem.hint.rfind("did you mean \"SUMM\"? ", 0), 0U) << problem.hint;
    EXPECT_EQ(problem.first_ids, Lines{"order.csv"});
  }
  EXPECT_EQ(read_text(shop(), "order.csv", "ID;SUM;DATE;STAGE\n").problem("column_not_there"), "");
  // Of alternatives one is enough; parts of elements are no columns; a nested name is there with its first part.
  const Profile either = Profile::parse(R"({"profile": "p", "methods": {"m": {"files": ["*"], "puts": [
    {"put": "people", "id": "id", "set": {"name": {"coalesce": ["name", "title", {"const": "-"}]}, "region": "a.b"}},
    {"put": "contact_points", "for_each": "phones", "set": {"value": "VALUE", "person": "^id", "kind": "^sort"}}]}}})");
  const auto one = read_text(either, "p.csv", "id,title,phones,a\n1,x,,\n");
  EXPECT_EQ(one.problem("column_not_there"), ".sort x1");
}

// IN.3: a JSON number 410.0 is the id 410; the text stays as it is.
TEST(ReadFactsTest, AnIdThatIsAWholeRealIsReadAsAWholeNumber) {
  const auto reading =
      read_text(shop(), "order.json", R"({"result":[{"ID":410.0},{"ID":4.1e2},{"ID":"410.0"},{"ID":1.5}]})");
  EXPECT_EQ(reading.lines, (Lines{"deals shop:410", "deals shop:410", "deals shop:410.0", "deals shop:1.5"}));
  EXPECT_EQ(reading.problem("id_as_real"), "deals.ID x1 '410'");
}

// IN.5: files of spreadsheet programs are known by their bytes, whatever they are called.
TEST(ReadFactsTest, AWorkbookIsRefusedByItsBytes) {
  for (const std::string& bytes : {std::string{"PK\x03\x04 and more"}, std::string{"\xD0\xCF\x11\xE0\xA1\xB1"},
                                   std::string{"\n<HTML><table><tr><td>ID</td></tr></table>"}}) {
    const auto error = failure(shop(), "order.csv", bytes);
    ASSERT_TRUE(error.has_value()) << bytes;
    EXPECT_NE(std::string{error->what()}.find("python-calamine"), std::string::npos) << error->what();
  }
}

TEST(ReadFactsTest, ErrorsOfTheSourceAreListedWithTheirText) {
  const auto mixed = read_text(
      shop(), "order.json",
      R"({"result":{"result":{"a":[{"ID":1}]},"result_error":{"b":{"error":"NO","error_description":"denied"}}}})");
  EXPECT_EQ(mixed.lines, Lines{"deals shop:1"});
  EXPECT_EQ(mixed.problem("source_error"), ". x1 'b: NO: denied'");
  const auto error = failure(shop(), "order.json", R"({"error":"expired_token"})");
  ASSERT_TRUE(error.has_value());
  EXPECT_NE(std::string(error->what()).find("the source reports: expired_token"), std::string::npos) << error->what();
}

TEST(ReadFactsTest, NothingToReadIsAnErrorThatListsTheMethods) {
  const auto other = failure(shop(), "order.json", R"({"_embedded":{"leads":[]}})");
  ASSERT_TRUE(other.has_value());
  EXPECT_EQ(other->code(), ErrorCode::invalid_argument);
  EXPECT_NE(std::string(other->what())
                .find("not a page of orders: no records at result[], result.result.*[]; the page has _embedded"),
            std::string::npos)
      << other->what();
  EXPECT_NE(std::string(other->what()).find("methods of profile shop: orders, statuses"), std::string::npos)
      << other->what();
  EXPECT_EQ(failure(shop(), "x.json", "{}")->code(), ErrorCode::invalid_argument);
  EXPECT_EQ(failure(shop(), "order.json", "{", {})->code(), ErrorCode::corrupt_data);
  EXPECT_EQ(failure(shop(), "order.csv", "ID\n\"1")->code(), ErrorCode::corrupt_data);
  EXPECT_EQ(failure(shop(), "x.json", "{}", {.as = "order"})->code(), ErrorCode::unknown_name);
  const FactSource missing = FactSource::path("/no/such/folder");
  EXPECT_THROW(static_cast<void>(read_facts({&missing, 1}, shop(), [](const Draft&) {})), Error);
}

TEST(ReadFactsTest, DirtyRowsAreListedOnce) {
  const auto reading = read_text(
      shop(), "order.csv", "ID,SUM,DATE\n1,x,2026-01-01\n,5,2026-01-01\n3,y,31.02.2026\n4\n5,6,2026-01-01,more\n");
  EXPECT_EQ(reading.problem("missing_id"), "deals.id x1");
  EXPECT_EQ(reading.problem("unreadable_value"), "deals.DATE x1 '31.02.2026'");
  EXPECT_EQ(reading.problem("short_row"), ". x1");
  EXPECT_EQ(reading.problem("long_row"), ". x1");
  EXPECT_EQ(reading.lines.size(), 4U);
  EXPECT_EQ(read_text(shop(), "order.json", R"({"result":[{"ID":1,"ID":2},5,"x"]})").problem("duplicate_key"), ". x1");
  EXPECT_EQ(read_text(shop(), "order.json", R"({"result":[{"ID":1,"ID":2}]})").lines, Lines{"deals shop:2"});
  EXPECT_EQ(read_text(shop(), "order.json", R"({"result":[{"ID":1},5,"x"]})").problem("not_a_record"), ". x2");
  EXPECT_EQ(read_text(shop(), "order.json", R"({"result":[{"ID":1,"STAGE":["a","b"]},{"ID":2,"STAGE":{"a":1}}]})")
                .problem("nested_value"),
            "deals.STAGE x1");
}

// IN.6: what is passed over or mended in a delimited file is listed with lines and values.
TEST(ReadFactsTest, TitlesTotalsAndBadBytesOfADelimitedFileAreListed) {
  const auto reading =
      read_text(shop(), "order.csv", "Заказы;;\nза март;;\nID;SUM;STAGE\n1;2,50;новый\n2;3;\xD0\nИтого;5,50;\n");
  EXPECT_EQ(reading.lines, (Lines{"deals shop:1 | stage=новый | amount=2.50 | currency=RUB",
                                  "deals shop:2 | stage=\uFFFD | amount=3 | currency=RUB"}));
  EXPECT_EQ(reading.problem("title_rows"), ". x2 'Заказы' 'за март'");
  EXPECT_EQ(reading.problem("total_row"), ". x1 'Итого;5,50;'");
  EXPECT_EQ(reading.problem("bad_byte"), ".STAGE x1 '\uFFFD'");
  EXPECT_EQ(read_text(shop(), "order.csv", "sep=;\nID;SUM\n1;2,50\n").lines,
            Lines{"deals shop:1 | amount=2.50 | currency=RUB"});
}

TEST(ReadFactsTest, HostileTextsPassThroughAsTheyAre) {
  const auto reading = read_text(
      shop(), "order.json",
      R"({"result":[{"ID":"=cmd|'/c'!A1","STAGE":"<script>\u0000"},{"ID":" ","STAGE":""},{"ID":"0"},{"ID":"  "}]})");
  ASSERT_EQ(reading.lines.size(), 3U);
  EXPECT_EQ(reading.lines[0], "deals shop:=cmd|'/c'!A1 | stage=<script>" + std::string(1, '\0'));
  EXPECT_EQ(reading.lines[1], "deals shop: ");
}

TEST(ReadFactsTest, TheSourceCanBeRenamed) {
  EXPECT_EQ(read_text(shop(), "order.json", R"({"result":[{"ID":1}]})", {.source = "second"}).lines,
            Lines{"deals second:1"});
}

// SP.10, real sizes: records stream, every one arrives once.
TEST(ReadFactsTest, AHundredThousandRecordsOfPages) {
  std::string text = "[";
  for (int page = 0; page < 2'000; ++page) {
    text += page == 0 ? R"({"result":[)" : R"(,{"result":[)";
    for (int i = 0; i < 50; ++i) {
      text += (i == 0 ? R"({"ID":")" : R"(,{"ID":")") + std::to_string(page * 50 + i + 1) + R"(","SUM":")" +
              std::to_string(i) + R"(,50","STAGE":"C5:WON"})";
    }
    text += R"(],"total":100000)" + std::string(page + 1 < 2'000 ? R"(,"next":1})" : "}");
  }
  text += "]";
  const FactSource source = FactSource::text("orders.json", text);
  std::uint64_t facts = 0;
  std::int64_t cents = 0;
  const auto report = read_facts({&source, 1}, shop(), [&](const Draft& draft) {
    ++facts;
    cents += to_units(draft[fields::deals::amount].as_decimal(), 2).value();
  });
  EXPECT_EQ(facts, 100'000U);
  EXPECT_EQ(cents, 2'000 * (50 * 50 + 100 * (49 * 50 / 2)));
  EXPECT_TRUE(report.problems.empty());
  EXPECT_EQ(report.files.at(0).pages, 2'000U);
}

// The recorded answers of a real portal, where they are: 490 moves, three events by a profile of ten lines.
TEST(ReadFactsTest, TheRecordedPortal) {
  const std::filesystem::path data =
      std::filesystem::path(DEALTRAIL_TEST_DATA) / "../../../shared/data/bitrix24_portal";
  if (!std::filesystem::is_directory(data)) GTEST_SKIP() << "no recorded answers beside the project";
  const Profile webinars =
      Profile::parse(R"({"profile":"webinars","extends":"bitrix24","methods":{"crm.item.list":{"puts":[
    {"put":"events","id":"id","set":{"name":"title","starts_at":"ufCrm11_1712074666"}}]}}})");
  const auto count = [&](const std::string& file, Kind kind) {
    const FactSource source = FactSource::path((data / file).string());
    std::int64_t facts = 0;
    static_cast<void>(read_facts({&source, 1}, webinars,
                                 [&](const Draft& draft) { facts += draft.kind() == kind && !draft.stub ? 1 : 0; }));
    return facts;
  };
  EXPECT_EQ(count("stagehistory.json", Kind::moves), 490);
  EXPECT_EQ(count("crm_item_list.json", Kind::events), 3);
  EXPECT_EQ(count("crm_lead_list_one_page_success.json", Kind::leads), 39);
}

// Each of the documented answers is read, deliberately unused, or refused with a reason.
TEST(ReadFactsTest, TheDocumentedAnswers) {
  const std::filesystem::path data = std::filesystem::path(DEALTRAIL_TEST_DATA) / "../../../shared/data/bitrix24_docs";
  if (!std::filesystem::is_directory(data)) GTEST_SKIP() << "no documented answers beside the project";
  const FactSource source = FactSource::path(data.string());
  const auto report = read_facts({&source, 1}, Profile::find("bitrix24"), [](const Draft&) {});
  std::int64_t json = 0;
  for (const FileReport& file : report.files) {
    json += file.file.ends_with(".json") ? 1 : 0;
    EXPECT_TRUE(file.state == FileReport::State::read || !file.reason.empty()) << file.file;
  }
  EXPECT_EQ(json, 268);
}

// Any bytes under a known name end in facts, a listed refusal or an Error.
TEST(ReadFactsTest, AnyBytesEndInAReportOrAnError) {
  const std::vector<std::string> corpus{
      R"({"result":[{"ID":"1","SUM":"12,50","DATE":"2026-01-01","STAGE":["a"]},{"ID":2,"SUM":{"a":1}}],"next":50,"total":61})",
      "ID;SUM;DATE;STAGE\n1;1 204,50;01.01.2026;new\n\"2\";x;;\n",
      R"({"result":{"result":{"a":[{"ID":1}]},"result_error":{"c":{"error":"x"}}}})",
  };
  for (std::uint64_t seed = 0; seed < 5'000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 rng{seed};
    const std::size_t which = rng() % corpus.size();
    std::string text = corpus[which];
    for (std::uint64_t change = 1 + rng() % 4; change > 0 && !text.empty(); --change) {
      const std::size_t at = rng() % text.size();
      if (rng() % 3 == 0)
        text.erase(at, 1 + rng() % 6);
      else
        text[at] = static_cast<char>(rng() % 256);
    }
    try {
      const auto reading = read_text(shop(), which == 1 ? "order.csv" : "order.json", text);
      std::uint64_t facts = 0;
      for (const FileReport& file : reading.report.files) facts += file.facts;
      EXPECT_EQ(facts, reading.lines.size());
    } catch (const Error& error) {
      EXPECT_FALSE(std::string(error.what()).empty());
    }
  }
}

}  // namespace
}  // namespace dealtrail
