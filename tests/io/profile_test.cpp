#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <dealtrail/io/profile.hpp>

#include "io/fact_lines.hpp"

namespace dealtrail {
namespace {

using testing_io::read_text;
using Lines = std::vector<std::string>;

std::string with_put(const std::string& put) {
  return R"({"profile":"p","source":"s","currency":"RUB","zone":"+03:00","methods":{"m":{"puts":[)" + put + R"(]}}})";
}

Lines lines(const std::string& put, std::string_view record) {
  return read_text(Profile::parse(with_put(put)), "x.json", record, {.as = "m"}).lines;
}

// The value of deals.city... of one text expression over one record.
std::string value(const std::string& expression, std::string_view record, const std::string& field = "stage") {
  const Lines all =
      lines(R"({"put":"deals","id":{"const":"1"},"set":{")" + field + R"(":)" + expression + "}}", record);
  if (all.size() != 1) return "no fact";
  const std::string start = " | " + field + "=";
  const std::size_t at = all[0].find(start);
  if (at == std::string::npos) return "null";
  return all[0].substr(at + start.size());
}

struct Refused {
  ErrorCode code;
  std::string text;
};

Refused refused(const std::string& json) {
  try {
    static_cast<void>(Profile::parse(json));
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  ADD_FAILURE() << "accepted: " << json;
  return {ErrorCode::invalid_argument, ""};
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// SP.9: every operator of the closed language.
TEST(ProfileTest, ColumnsConstantsAndEmptyValues) {
  EXPECT_EQ(value(R"("A")", R"({"A":"x"})"), "x");
  EXPECT_EQ(value(R"({"column":"A"})", R"({"A":7})"), "7");
  EXPECT_EQ(value(R"("A")", R"({"A":12.50})"), "12.50");
  EXPECT_EQ(value(R"("A")", R"({"A":""})"), "null");
  EXPECT_EQ(value(R"("A")", R"({"A":null})"), "null");
  EXPECT_EQ(value(R"("A")", R"({"A":false})"), "null");
  EXPECT_EQ(value(R"("A")", R"({"A":[]})"), "null");
  EXPECT_EQ(value(R"("A")", R"({"B":1})"), "null");
  EXPECT_EQ(value(R"({"column":"A","empty":["-","n/a"]})", R"({"A":"n/a"})"), "null");
  EXPECT_EQ(value(R"({"const":"x"})", R"({})"), "x");
  EXPECT_EQ(value(R"("A.b[1].c")", R"({"A":{"b":[{"c":1},{"c":2}]}})"), "2");
  EXPECT_EQ(
      value(R"("f[code=UTM].values[0].value")", R"({"f":[{"code":"X"},{"code":"UTM","values":[{"value":"afisha"}]}]})"),
      "afisha");
  EXPECT_EQ(value(R"("a\\.b")", R"({"a.b":"dot"})"), "dot");
  EXPECT_EQ(value(R"("a.b")", R"({"a.b":"whole name first"})"), "whole name first");
  EXPECT_EQ(value(R"("A")", R"({"A":["one","two"]})"), "one");
  EXPECT_EQ(value(R"("#")", R"({"A":1})"), "0");
}

TEST(ProfileTest, TextOperators) {
  EXPECT_EQ(value(R"({"concat":["A","B","C"],"sep":" "})", R"({"A":"x","C":"z"})"), "x z");
  EXPECT_EQ(value(R"({"concat":["A","B"],"all":true})", R"({"A":"x"})"), "null");
  EXPECT_EQ(value(R"({"concat":[{"const":"deal"},"A"],"sep":":"})", R"({})"), "null");
  EXPECT_EQ(value(R"({"concat":[{"const":"deal"},"A"],"sep":":"})", R"({"A":5})"), "deal:5");
  EXPECT_EQ(value(R"({"slug":"A"})", R"({"A":"  Ёлка: ДК «Заря» № 5 — Tver! "})"), "ёлка-дк-заря-5-tver");
  EXPECT_EQ(value(R"({"slug":"A"})", R"({"A":"«»"})"), "null");
  EXPECT_EQ(value(R"({"coalesce":["A","B",{"const":"z"}]})", R"({"B":"b"})"), "b");
  EXPECT_EQ(value(R"(["A","B",{"const":"z"}])", R"({"A":"","B":false})"), "z");
}

TEST(ProfileTest, MapsTakeExactKeysThenPatternsThenElse) {
  const std::string map = R"({"map":"A","with":{"C1:*":"one","*:WON":"won","C1:WON":"both","X":null}})";
  EXPECT_EQ(value(map, R"({"A":"C1:WON"})"), "both");
  EXPECT_EQ(value(map, R"({"A":"C1:NEW"})"), "one");
  EXPECT_EQ(value(map, R"({"A":"C2:WON"})"), "won");
  EXPECT_EQ(value(map, R"({"A":"X"})"), "null");
  EXPECT_EQ(value(R"({"map":"A","with":{"1":"yes","*":"rest","2":"two"}})", R"({"A":2})"), "two");
  EXPECT_EQ(value(R"({"map":"A","with":{"1":"yes"},"else":"A"})", R"({"A":"q"})"), "q");
  const auto profile =
      Profile::parse(with_put(R"({"put":"deals","id":"ID","set":{"stage":{"map":"A","with":{"1":"yes"}}}})"));
  const auto reading =
      read_text(profile, "x.json", R"([{"ID":1,"A":"q"},{"ID":2,"A":"r"},{"ID":3,"A":"q"},{"ID":4}])", {.as = "m"});
  EXPECT_EQ(reading.problem("unmapped_value"), "deals.A x3 'q' 'r'");
}

TEST(ProfileTest, MoneyAndNumbersAreExact) {
  EXPECT_EQ(value(R"("A")", R"({"A":"19999.99"})", "amount"), "19999.99 | currency=RUB");
  EXPECT_EQ(value(R"({"money":"A","group":","})", R"({"A":"1,204.50"})", "amount"), "1204.50 | currency=RUB");
  EXPECT_EQ(value(R"("A")", R"({"A":"1,204.50"})", "amount"), "null");  // IN.17
  EXPECT_EQ(value(R"("A")", R"x({"A":"(15.00)"})x", "amount"), "-15.00 | currency=RUB");
  EXPECT_EQ(value(R"({"money":"A","decimal":","})", R"({"A":"1 204,50"})", "amount"), "1204.50 | currency=RUB");
  EXPECT_EQ(value(R"({"money":"A","unit":"minor"})", R"({"A":"123450"})", "amount"), "1234.50 | currency=RUB");
  EXPECT_EQ(value(R"({"money":"A","unit":"minor","currency":"C"})", R"({"A":500,"C":"JPY"})", "amount"),
            "500 | currency=RUB");
  EXPECT_EQ(value(R"({"mul":[{"money":"P"},{"add":[{"number":"W"},{"number":"D"}]}]})",
                  R"({"P":"82.35","W":"2.0","D":"5.0"})", "amount"),
            "576.45 | currency=RUB");
  EXPECT_EQ(value(R"({"mul":["P","Q"]})", R"({"P":"0.1","Q":0.3})", "amount"), "0.03 | currency=RUB");
  EXPECT_EQ(value(R"({"add":["P","Q"]})", R"({"P":"0.1"})", "amount"), "null");
  const auto huge =
      read_text(Profile::parse(with_put(R"({"put":"deals","id":"ID","set":{"amount":{"mul":["A","A","A"]}}})")),
                "x.json", R"({"ID":1,"A":"99999999999999999999"})", {.as = "m"});
  EXPECT_EQ(huge.problem("unreadable_value"), "deals.A x1 '99999999999999999999'");
  const auto wrong = read_text(Profile::parse(with_put(R"({"put":"deals","id":"ID","set":{"amount":"A"}})")), "x.json",
                               R"({"ID":1,"A":"12,50 kg"})", {.as = "m"});
  EXPECT_EQ(wrong.problem("unreadable_value"), "deals.A x1 '12,50 kg'");
}

// IN.2: a currency inside an amount goes with it; the profile's is for amounts that name none.
TEST(ProfileTest, ACurrencyInsideAnAmountIsKept) {
  EXPECT_EQ(value(R"("A")", R"({"A":"5 USD"})", "amount"), "5 USD");
  EXPECT_EQ(value(R"({"money":"A","decimal":","})", R"({"A":"1 204,50 €"})", "amount"), "1204.50 EUR");
  EXPECT_EQ(value(R"("A")", R"({"A":"$5"})", "amount"), "5 $ | currency=RUB");
  EXPECT_EQ(value(R"({"mul":["A",{"const":2}]})", R"({"A":"5 USD"})", "amount"), "10 USD");
  EXPECT_EQ(value(R"({"add":["A","B"]})", R"({"A":"5 USD","B":"5 EUR"})", "amount"), "null");
}

// IN.2: millionths, and rounding that the profile asks for.
TEST(ProfileTest, UnitsOfAMillionthAndRounding) {
  EXPECT_EQ(value(R"({"money":"A","unit":"micro"})", R"({"A":69960488})", "amount"), "69.960488 | currency=RUB");
  EXPECT_EQ(value(R"({"money":"A","unit":"micro","round":2})", R"({"A":69960488})", "amount"), "69.96 | currency=RUB");
  EXPECT_EQ(value(R"({"number":"A","round":1})", R"({"A":"0.25"})", "amount"), "0.2 | currency=RUB");
  EXPECT_EQ(value(R"({"mul":["A","A"],"round":0})", R"({"A":"1.5"})", "amount"), "2 | currency=RUB");
  EXPECT_THROW(static_cast<void>(
                   Profile::parse(with_put(R"({"put":"deals","id":"ID","set":{"amount":{"money":"A","round":10}}})"))),
               Error);
}

TEST(ProfileTest, TimesKeepTheirOffsetOrTakeTheZone) {
  EXPECT_EQ(value(R"("A")", R"({"A":"1970-01-01T03:00:01+03:00"})", "created_at"), "utc:1000000");
  EXPECT_EQ(value(R"("A")", R"({"A":"1970-01-01 03:00:01"})", "created_at"), "utc:1000000");
  EXPECT_EQ(value(R"({"time":"A","zone":"UTC"})", R"({"A":"1970-01-01 00:00:01"})", "created_at"), "utc:1000000");
  EXPECT_EQ(value(R"({"time":"A","format":"unix_ms"})", R"({"A":1000})", "created_at"), "utc:1000000");
  EXPECT_EQ(value(R"({"time":"A","format":"unix_s"})", R"({"A":"1"})", "created_at"), "utc:1000000");
  EXPECT_EQ(
      value(R"({"time":"A","format":["iso","dd.mm.yyyy hh:mm[:ss]"]})", R"({"A":"02.01.1970 03:00"})", "created_at"),
      "utc:86400000000");
  const Profile trail = Profile::parse(
      R"({"profile":"p","methods":{"m":{"puts":[{"put":"events","id":"ID","set":{"name":"N","starts_at":"A"}}]}}})");
  EXPECT_EQ(read_text(trail, "x.json", R"({"ID":1,"N":"x","A":"1970-01-01 00:00:01"})", {.as = "m"}).lines,
            Lines{"events p:1 | name=x | starts_at=local:1000000"});
}

// IN.9: a day is what is written, whatever the time of day, the offset and the profile's zone; the Trail knows which
// moment of it.
TEST(ProfileTest, ADayIsWhatIsWritten) {
  const std::string second = "local:86400000000";
  for (const char* expression : {R"({"date":"A"})", R"({"column":"A","day":true})"}) {
    EXPECT_EQ(value(expression, R"({"A":"1970-01-02T01:30:00+03:00"})", "created_at"), second);
    EXPECT_EQ(value(expression, R"({"A":"1970-01-02T03:00:00+03:00"})", "created_at"), second);
    EXPECT_EQ(value(expression, R"({"A":"1970-01-02T23:59:59Z"})", "created_at"), second);
    EXPECT_EQ(value(expression, R"({"A":"1970-01-02 10:00"})", "created_at"), second);
    EXPECT_EQ(value(expression, R"({"A":"1970-01-02"})", "created_at"), second);
    EXPECT_EQ(value(expression, R"({"A":""})", "created_at"), "null");
  }
  EXPECT_EQ(value(R"("A")", R"({"A":"1970-01-02"})", "created_at"), second);
  EXPECT_EQ(value(R"({"column":"A","day":false})", R"({"A":"1970-01-02T03:00:00+03:00"})", "created_at"),
            "utc:86400000000");
  EXPECT_EQ(value(R"({"date":"A","format":"dd.mm.yyyy"})", R"({"A":"02.01.1970"})", "created_at"), second);
  EXPECT_EQ(value(R"({"date":"A","format":"unix_s"})", R"({"A":86400})", "created_at"), second);
}

TEST(ProfileTest, AConditionMayStandOnAnExpressionAPutAndAMethod) {
  EXPECT_EQ(value(R"({"column":"A","when":{"field":"C","op":"eq","value":"Y"}})", R"({"A":"x","C":"Y"})"), "x");
  EXPECT_EQ(value(R"({"column":"A","when":{"field":"C","op":"eq","value":"Y"}})", R"({"A":"x","C":"N"})"), "null");
  const Profile profile =
      Profile::parse(R"({"profile":"p","methods":{"m":{"when":{"field":"T","op":"ne","value":"junk"},"puts":[
    {"put":"events","id":"ID","when":{"field":"T","op":"eq","value":1042},"set":{"name":"N"}},
    {"put":"channels","id":"ID","when":{"any":[{"field":"T","op":"in","value":[1,2]},{"not":{"field":"N","op":"null","value":false}}]},"set":{"name":{"const":"c"}}}]}}})");
  const auto reading = read_text(
      profile, "x.json",
      R"([{"ID":1,"T":"1042","N":"a"},{"ID":2,"T":2,"N":"b"},{"ID":3,"T":"junk"},{"ID":4,"T":9,"N":""},{"ID":5}])",
      {.as = "m"});
  EXPECT_EQ(reading.lines, (Lines{"events p:1 | name=a", "channels p:2 | name=c", "channels p:4 | name=c"}));
  EXPECT_EQ(reading.report.files.at(0).skipped, 2U);
}

TEST(ProfileTest, IdsAndLinksGetThePrefix) {
  const std::string put =
      R"({"put":"deals","id":"ID","version":"V","set":{"person":"P","company":{"column":"K","prefix":false},"lead":{"column":"L","prefix":"other:"}}})";
  EXPECT_EQ(lines(put, R"({"ID":"410","P":"84","K":"erp:9","L":77,"V":"2026-01-01T00:00:00Z"})"),
            Lines{"deals s:410 v1767225600000000 | person=s:84 | company=erp:9 | lead=other:77"});
  EXPECT_EQ(lines(put, R"({"ID":1,"P":"0","K":0,"L":"","V":"17"})"), Lines{"deals s:1 v17"});
  EXPECT_EQ(lines(R"({"put":"deals","id":"ID"})", R"([{"ID":"0"},{"ID":null},{}])"), Lines{});
  EXPECT_EQ(lines(R"({"put":"deals"})", R"({"ID":"0"})"), Lines{"deals "});
}

TEST(ProfileTest, ForEachPutsOncePerElement) {
  const std::string put =
      R"({"put":"contact_points","for_each":"PHONE","id":{"concat":["^ID","#"],"sep":":"},"set":{"person":"^ID","kind":{"const":"phone"},"value":"VALUE"}})";
  EXPECT_EQ(lines(put, R"({"ID":"5","PHONE":[{"VALUE":"+7900"},{"VALUE":"+7901"}]})"),
            (Lines{"contact_points s:5:0 | person=s:5 | kind=phone | value=+7900",
                   "contact_points s:5:1 | person=s:5 | kind=phone | value=+7901"}));
  EXPECT_EQ(lines(put, R"({"ID":"5","PHONE":[]})"), Lines{});
  EXPECT_EQ(lines(put, R"({"ID":"5"})"), Lines{});
  EXPECT_EQ(lines(R"({"put":"people","for_each":"contactIds","id":".","stub":true})", R"({"contactIds":[84,85]})"),
            (Lines{"people s:84 stub", "people s:85 stub"}));
}

// IN.7: a text that is a list is taken apart, as the profile says, or at semicolons with a problem.
TEST(ProfileTest, ForEachTakesATextApart) {
  const std::string of = R"({"put":"people","for_each":"merged","id":".","stub":true)";
  EXPECT_EQ(lines(of + "}", R"({"ID":"1","merged":"411; 412;"})"), (Lines{"people s:411 stub", "people s:412 stub"}));
  EXPECT_EQ(lines(of + "}", R"({"merged":"411"})"), Lines{"people s:411 stub"});
  EXPECT_EQ(lines(of + R"(,"split":","})", R"({"merged":"411,412"})"),
            (Lines{"people s:411 stub", "people s:412 stub"}));
  EXPECT_EQ(lines(of + R"(,"split":""})", R"({"merged":"411;412"})"), Lines{"people s:411;412 stub"});
  EXPECT_EQ(lines(of + R"(,"split":"; "})", R"({"merged":["411; 412","413"]})"),
            (Lines{"people s:411; 412 stub", "people s:413 stub"}));
  const std::string link =
      R"({"put":"identity_links","for_each":"m","split":"|","id":{"concat":["^ID",{"const":":"},"."]},"set":{"kind":{"const":"people"},"one":"^ID","other":".","verdict":{"const":"same"}}})";
  EXPECT_EQ(lines(link, R"({"ID":"1","m":"2|3"})"),
            (Lines{"identity_links s:1:2 | kind=people | one=1 | other=2 | verdict=same",
                   "identity_links s:1:3 | kind=people | one=1 | other=3 | verdict=same"}));
}

// IN.7: the three letters of a checksum make no other id; what only looks like one stays.
TEST(ProfileTest, FifteenAndEighteenLettersOfSalesforceAreOneId) {
  const std::string put = R"({"put":"deals","id":"ID","set":{"person":"P"}})";
  EXPECT_EQ(lines(put, R"({"ID":"0060x000001AbCd","P":"0030x000001AbCdAAK"})"),
            Lines{"deals s:0060x000001AbCd | person=s:0030x000001AbCd"});
  EXPECT_EQ(lines(put, R"({"ID":"0030x000001AbCdAAJ","P":"0030x000001AbC-AAK"})"),
            Lines{"deals s:0030x000001AbCdAAJ | person=s:0030x000001AbC-AAK"});
}

TEST(ProfileTest, TwoSpellingsAreOneColumn) {
  const Profile profile = Profile::parse(
      R"({"profile":"p","spellings":"snake_camel","methods":{"m":{"puts":[{"put":"deals","id":"ID","set":{"stage":"UF_CRM_13_17","person":"contactId"}}]}}})");
  const auto read = [&](std::string_view record) { return read_text(profile, "x.json", record, {.as = "m"}).lines; };
  EXPECT_EQ(read(R"({"id":1,"ufCrm13_17":"a","CONTACT_ID":7})"), Lines{"deals p:1 | person=p:7 | stage=a"});
  EXPECT_EQ(read(R"({"ID":1,"UF_CRM_13_17":"exact","ufCrm13_17":"other"})"), Lines{"deals p:1 | stage=exact"});
  EXPECT_EQ(read(R"({"ID":1,"ufCrm13_17":"other","UF_CRM_13_17":"exact"})"), Lines{"deals p:1 | stage=exact"});
  EXPECT_EQ(read(R"({"ID":1,"UF_CRM_1_317":"another field"})"), Lines{"deals p:1"});
}

TEST(ProfileTest, OwnColumnsAndDefaults) {
  const Profile profile =
      Profile::parse(R"({"profile":"p","declare":{"deals":{"score":"integer"}},"methods":{"m":{"puts":[
    {"put":"deals","id":"ID","set":{"outcome":"O"},"defaults":{"outcome":"open","stage":"new"},"own":{"city":"C","score":"S"}}]}}})");
  EXPECT_EQ(read_text(profile, "x.json", R"({"ID":1,"C":"Tver","S":"5"})", {.as = "m"}).lines,
            Lines{"deals p:1 | stage=new | outcome=open | own.city=Tver | own.score=5"});
  ASSERT_EQ(profile.data().own.size(), 2U);
}

TEST(ProfileTest, MethodsAreChosenByFileNames) {
  const Profile profile = Profile::parse(
      R"({"profile":"p","methods":{"deals":{"files":["*crm-deal*"],"puts":[]},"list":{"files":["*crm-deal-list*","calls/*"],"puts":[]},"csv":{"files":"*.csv","puts":[]}}})");
  const auto method = [&](std::string_view file) {
    const auto* found = profile.method_of_file(file);
    return found == nullptr ? std::string("none") : found->name;
  };
  EXPECT_EQ(method("a/b/CRM-Deal-List.1.json"), "list");
  EXPECT_EQ(method("crm-deal-get.json"), "deals");
  EXPECT_EQ(method("calls/1.json"), "list");
  EXPECT_EQ(method("x.CSV"), "csv");
  EXPECT_EQ(method("crm-deal/x.json"), "none");
  EXPECT_EQ(method(""), "none");
}

// Ten lines turn a smart process into events: the rest of the built-in profile stays.
TEST(ProfileTest, ExtendingReplacesAPutAndKeepsTheRest) {
  const Profile base = Profile::find("bitrix24");
  const Profile webinars = Profile::parse(R"({
    "profile": "webinars",
    "extends": "bitrix24",
    "methods": {
      "crm.item.list": {
        "puts": [
          {"put": "events", "id": "id", "set": {"name": "title", "starts_at": "ufCrm11_1712074666"}}
        ]
      }
    }
  })");
  EXPECT_EQ(webinars.name(), "webinars");
  EXPECT_EQ(webinars.source(), "bitrix24");
  EXPECT_EQ(webinars.methods().size(), base.methods().size());
  const auto reading = read_text(
      webinars, "crm_item_list.json",
      R"({"result":{"items":[{"id":1,"title":"Вебинар","UF_CRM_11_1712074666":"2024-04-19T03:00:00+03:00"}]},"total":1})");
  EXPECT_EQ(reading.lines, Lines{"events bitrix24:1 | name=Вебинар | starts_at=utc:1713484800000000"});
}

TEST(ProfileTest, OverDropAndNullChangeTheBase) {
  const auto extended = [](const std::string& methods) {
    return R"({"profile":"x","extends":"bitrix24","methods":)" + methods + "}";
  };
  const Profile base = Profile::find("bitrix24");
  const Profile over = Profile::parse(extended(
      R"({"crm.deal.list":{"puts":[{"put":"deals","over":true,"set":{"lost_reason":"UF_CRM_9","amount":null},"own":{"city":"UF_CITY"}}]}})"));
  const auto size = [](const Profile& profile) {
    for (const auto& put : profile.method("crm.deal.list").puts) {
      if (put.name == "deals") return put.set.size();
    }
    return std::size_t{0};
  };
  EXPECT_GT(size(over), 5U);
  const auto reading = read_text(
      over, "crm-deal-list.json",
      R"({"result":[{"ID":"1","OPPORTUNITY":"5","UF_CRM_9":"price","UF_CITY":"Tver","DATE_CREATE":"2026-01-01T00:00:00Z"}]})");
  ASSERT_FALSE(reading.lines.empty());
  EXPECT_TRUE(has(reading.lines[0], "lost_reason=price")) << reading.lines[0];
  EXPECT_TRUE(has(reading.lines[0], "own.city=Tver"));
  EXPECT_FALSE(has(reading.lines[0], "amount="));
  const Profile dropped =
      Profile::parse(extended(R"({"crm.deal.list":{"puts":[{"put":"deals","drop":true}]},"crm.lead.list":null})"));
  EXPECT_EQ(size(dropped), 0U);
  EXPECT_EQ(dropped.methods().size(), base.methods().size() - 1);
  EXPECT_EQ(refused(extended(R"({"crm.deal.list":{"puts":[{"put":"meals","drop":true}]}})")).code,
            ErrorCode::unknown_name);
  EXPECT_TRUE(has(refused(extended(R"({"crm.deal.lst":null})")).text, "did you mean \"crm.deal.list\"?"));
}

TEST(ProfileTest, MistakesNameTheirPlaceAndWhatIsValid) {
  const auto key = refused(R"({"profile":"p","methods":{"m":{"putz":[]}}})");
  EXPECT_EQ(key.code, ErrorCode::unknown_name);
  EXPECT_TRUE(has(key.text,
                  "profile p: unknown key \"putz\" at /methods/m; did you mean \"puts\"? valid: files, page, csv, "
                  "when, puts, notes"))
      << key.text;
  const auto field = refused(with_put(R"({"put":"deals","set":{"amouns":"A"}})"));
  EXPECT_TRUE(
      has(field.text, "unknown field of deals \"amouns\" at /methods/m/puts/deals/set; did you mean \"amount\"?"))
      << field.text;
  EXPECT_TRUE(has(refused(with_put(R"({"put":"deal"})")).text, "did you mean \"deals\"?"));
  const auto op = refused(with_put(R"({"put":"deals","set":{"stage":{"conct":["A"]}}})"));
  EXPECT_EQ(op.code, ErrorCode::unknown_name);
  EXPECT_TRUE(has(op.text, "/methods/m/puts/deals/set/stage; did you mean \"concat\"?")) << op.text;
  EXPECT_TRUE(
      has(refused(with_put(R"({"put":"deals","set":{"outcome":{"const":"win"}}})")).text, "valid: open, won, lost"));
  EXPECT_TRUE(has(refused(with_put(R"({"put":"deals","when":{"field":"A","op":"like","value":1}})")).text,
                  "valid: eq, ne, in, lt, le, gt, ge, null, prefix"));
  EXPECT_TRUE(has(refused(R"({"profile":"p","extends":"bitrix25"})").text, "did you mean \"bitrix24\"?"));
  EXPECT_EQ(refused(R"({"profile":"p"})").code, ErrorCode::invalid_argument);
  EXPECT_EQ(refused(R"({"profile":7,"methods":{}})").code, ErrorCode::type_mismatch);
  EXPECT_EQ(refused(R"([])").code, ErrorCode::type_mismatch);
  EXPECT_EQ(refused(R"({"profile":)").code, ErrorCode::parse_error);
  EXPECT_EQ(refused(R"({"profile":"p","profile":"q","methods":{}})").code, ErrorCode::invalid_argument);
  EXPECT_EQ(refused(std::string(10'000, '[')).code, ErrorCode::limit_exceeded);
  for (const char* wrong :
       {R"("zone":"Europe/Moscow")", R"("currency":"rub")", R"("times":"dd.mm")", R"("spellings":"any")",
        R"("numbers":{"decimal":",","group":","})", R"("csv":{"delimiter":";;"})", R"("page":{"records":"a..b"})",
        R"("page":{"batch_next":"next"})", R"("maps":{"a":{"b":[]}})", R"("declare":{"deals":{"x":"link"}})",
        R"("declare":{"deals":{"amount":"money"}})"}) {
    SCOPED_TRACE(wrong);
    EXPECT_TRUE(has(refused(std::string(R"({"profile":"p","methods":{},)") + wrong + "}").text, "profile p: "))
        << wrong;
  }
  for (const char* put :
       {R"({"put":"deals","drop":true})", R"({"put":"deals","stub":true})", R"({"put":"deals","id":{"const":null}})",
        R"({"put":"deals","id":{"column":"a."}})", R"({"put":"deals","id":{"column":"A","const":1}})",
        R"({"put":"deals","id":{"column":"A","sep":"x"}})", R"({"put":"deals","id":[]})",
        R"({"put":"deals","id":{"map":"A"}})", R"({"put":"deals","id":{"map":"A","with":"nope"}})",
        R"({"put":"deals","own":{"amount":"A"}})", R"({"put":"deals"},{"put":"deals"})",
        R"({"put":"deals","when":{"field":"A"}})", R"({"put":"deals","when":{"field":"A","op":"lt","value":true}})"}) {
    SCOPED_TRACE(put);
    static_cast<void>(refused(with_put(put)));
  }
  EXPECT_THROW(static_cast<void>(Profile::find("no-such-profile")), Error);
}

// The published schema is the one of the tables that the reader checks against.
TEST(ProfileTest, ThePublishedSchemaIsThatOfTheReader) {
  std::ifstream file(std::string(DEALTRAIL_TEST_DATA) + "/../../docs/io/profile.schema.json", std::ios::binary);
  ASSERT_TRUE(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), Profile::schema());
}

}  // namespace
}  // namespace dealtrail
