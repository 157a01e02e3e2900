#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <dealtrail/io/json_records.hpp>

namespace dealtrail {
namespace {

using detail::Envelope;
using detail::PathRole;

Envelope bitrix() {
  Envelope envelope;
  const auto add = [&](PathRole role, std::string_view text) {
    envelope.paths.push_back(detail::parse_page_path(role, text).value());
  };
  for (const char* path :
       {"result[]", "result.items[]", "result.result.*[]", "result.result.*.items[]", "result.result.*", "result"})
    add(PathRole::record, path);
  for (const char* path : {"error", "error_description", "result.result_error.*"}) add(PathRole::error, path);
  add(PathRole::next, "next");
  add(PathRole::total, "total");
  add(PathRole::batch_next, "result.result_next.*");
  add(PathRole::batch_total, "result.result_total.*");
  return envelope;
}

Envelope plain() {
  Envelope envelope;
  for (const char* path : {"[]", "."})
    envelope.paths.push_back(detail::parse_page_path(PathRole::record, path).value());
  return envelope;
}

struct Seen {
  std::vector<std::string> ids{};
  std::vector<std::string> commands{};
  std::vector<detail::PageReport> pages{};
  std::uint64_t values = 0;
};

Seen read(const Envelope& envelope, std::string_view text, std::size_t block = detail::BlockReader::block_size) {
  Seen seen;
  detail::KeyTable keys;
  const std::uint32_t id = keys.want("ID");
  detail::PageEvents events(
      envelope, keys,
      [&](const detail::Record& record, std::string_view command) {
        const std::uint32_t node = record.field(id);
        const Datum value = node == detail::no_index ? Datum{} : record[node].value;
        seen.ids.push_back(value.kind() == DatumKind::text      ? std::string(value.as_text())
                           : value.kind() == DatumKind::integer ? std::to_string(value.as_integer())
                                                                : std::string("-"));
        seen.commands.emplace_back(command);
        seen.values += record.nodes().size();
      },
      [&](detail::PageReport& page) { seen.pages.push_back(page); });
  detail::BlockReader bytes("page.json", text, block);
  read_json_records(bytes, events);
  return seen;
}

std::optional<ErrorCode> code_of(std::string_view text, const Envelope& envelope = bitrix()) {
  try {
    static_cast<void>(read(envelope, text));
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

using Texts = std::vector<std::string>;

// SP.10: the envelopes of crm.md 1.1, one reader for all.
TEST(JsonRecordsTest, APageOfEachShape) {
  EXPECT_EQ(read(bitrix(), R"({"result":[{"ID":"1"},{"ID":2}],"next":50,"total":61})").ids, (Texts{"1", "2"}));
  EXPECT_EQ(read(bitrix(), R"({"result":{"items":[{"ID":1}]},"total":1})").ids, Texts{"1"});
  EXPECT_EQ(read(bitrix(), R"({"result":{"ID":"9","TAGS":[{"ID":"inner"}]}})").ids, Texts{"9"});
  EXPECT_EQ(read(bitrix(), R"({"result":[]})").ids, Texts{});
  EXPECT_TRUE(read(bitrix(), R"({"result":[]})").pages.at(0).found);
  EXPECT_EQ(read(plain(), R"([{"ID":1},{"ID":2}])").ids, (Texts{"1", "2"}));
  EXPECT_EQ(read(plain(), R"({"ID":1})").ids, Texts{"1"});
}

TEST(JsonRecordsTest, APageTellsWhetherMoreFollow) {
  const auto page = read(bitrix(), R"({"result":[{"ID":"1"}],"next":50,"total":"61"})").pages.at(0);
  ASSERT_EQ(page.commands.size(), 1U);
  EXPECT_TRUE(page.commands[0].next);
  EXPECT_EQ(page.commands[0].total, 61);
  EXPECT_EQ(page.commands[0].records, 1U);
}

TEST(JsonRecordsTest, ABatchHasCommandsAndErrors) {
  const auto seen = read(bitrix(), R"({"result":{"result":{"a":[{"ID":1}],"b":{"items":[{"ID":2}]},"c":{"ID":3}},
    "result_error":{"d":{"error":"","error_description":"Access denied."}},"result_total":{"a":7},"result_next":{"a":50}}})");
  EXPECT_EQ(seen.ids, (Texts{"1", "2", "3"}));
  EXPECT_EQ(seen.commands, (Texts{"a", "b", "c"}));
  auto page = seen.pages.at(0);
  EXPECT_EQ(page.command("a").total, 7);
  EXPECT_TRUE(page.command("a").next);
  EXPECT_EQ(page.command("d").error, "Access denied.");
}

TEST(JsonRecordsTest, EmptyMapsAreWrittenAsLists) {
  const auto seen = read(bitrix(), R"({"result":{"result":[],"result_error":[],"result_total":[],"result_next":[]}})");
  EXPECT_EQ(seen.ids, Texts{});
  EXPECT_TRUE(seen.pages.at(0).found);
  // A batch of one with a number for a name, as PHP writes it.
  EXPECT_EQ(read(bitrix(), R"({"result":{"result":[[{"ID":"5"}]],"result_error":[]}})").ids, Texts{"5"});
}

TEST(JsonRecordsTest, AFileIsAPageAListOfPagesOrLines) {
  constexpr std::string_view one = R"({"result":[{"ID":"1"}]})";
  constexpr std::string_view two = R"({"result":[{"ID":"2"}]})";
  EXPECT_EQ(read(bitrix(), "[" + std::string(one) + "," + std::string(two) + "]").ids, (Texts{"1", "2"}));
  EXPECT_EQ(read(bitrix(), std::string(one) + "\n" + std::string(two) + "\r\n\n").ids, (Texts{"1", "2"}));
  EXPECT_EQ(read(plain(), "{\"ID\":1}\n{\"ID\":2}\n").ids, (Texts{"1", "2"}));
  EXPECT_EQ(read(plain(), "\xEF\xBB\xBF{\"ID\":1}").ids, Texts{"1"});
  EXPECT_TRUE(read(bitrix(), "").pages.empty());
  EXPECT_TRUE(read(bitrix(), " \n ").pages.empty());
}

TEST(JsonRecordsTest, APageOfAnotherSystemHasNoRecords) {
  const auto seen = read(bitrix(), R"({"_page":1,"_embedded":{"leads":[{"ID":1}]}})");
  EXPECT_TRUE(seen.ids.empty());
  EXPECT_FALSE(seen.pages.at(0).found);
  EXPECT_EQ(seen.pages.at(0).names, (Texts{"_page", "_embedded"}));
  EXPECT_FALSE(read(bitrix(), R"({"result":1})").pages.at(0).found);
  EXPECT_EQ(read(bitrix(), R"({"result":[1,[2],"x",null]})").pages.at(0).not_records, 2U);
}

TEST(JsonRecordsTest, NumbersKeepTheirDigits) {
  detail::KeyTable keys;
  const std::uint32_t amount = keys.want("a");
  std::vector<std::string> seen;
  detail::PageEvents events(
      plain(), keys,
      [&](const detail::Record& record, std::string_view) {
        const Datum value = record[record.field(amount)].value;
        seen.push_back(value.kind() == DatumKind::integer   ? std::to_string(value.as_integer())
                       : value.kind() == DatumKind::decimal ? to_text(value.as_decimal())
                                                            : std::string(to_string(value.kind())));
      },
      [](detail::PageReport&) {});
  constexpr std::string_view text =
      R"([{"a":0.1},{"a":12.50},{"a":-7},{"a":18446744073709551615},{"a":1e2},{"a":9007199254740993.25},{"a":true}])";
  detail::BlockReader bytes("numbers", text);
  read_json_records(bytes, events);
  EXPECT_EQ(seen, (Texts{"0.1", "12.50", "-7", "18446744073709551615", "100", "9007199254740993.25", "boolean"}));
}

// Bad input: an Error with a stable code, the file and the byte; never a crash.
TEST(JsonRecordsTest, BadInputIsRefusedWithItsPlace) {
  EXPECT_EQ(code_of(std::string(10'000, '[')), ErrorCode::limit_exceeded);
  std::string deep = R"({"result":[)";
  for (int i = 0; i < 10'000; ++i) deep += R"({"a":)";
  EXPECT_EQ(code_of(deep), ErrorCode::limit_exceeded);
  EXPECT_EQ(code_of(R"({"result":[{"ID":"1"},{"ID":"2")"), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of(R"({"result":[{"ID":"1)"), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of(R"({"result":[{"ID":1e400}]})"), ErrorCode::parse_error);
  EXPECT_EQ(code_of(R"({"result":[{"ID":"\ud800"}]})"), ErrorCode::parse_error);
  EXPECT_EQ(code_of("{\"result\":[{\"ID\":\"\xFF\"}]}"), ErrorCode::parse_error);
  EXPECT_EQ(code_of(std::string_view("{\"result\":[{\"ID\":\"\0\"}]}", 23)), ErrorCode::parse_error);
  EXPECT_EQ(code_of("{\"result\":[]} trailing"), ErrorCode::parse_error);
  EXPECT_EQ(code_of("ID;NAME\n1;x\n"), ErrorCode::parse_error);
  try {
    static_cast<void>(read(bitrix(), R"({"result":[{"ID":"1"},{"ID":)"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("at byte 28 of page.json"), std::string::npos) << error.what();
  }
}

TEST(JsonRecordsTest, AGiantTokenIsRefusedWhileItIsRead) {
  const std::string text =
      R"({"result":[{"ID":")" + std::string(detail::BlockReader::max_token + 600'000, 'x') + R"("}]})";
  EXPECT_EQ(code_of(text), ErrorCode::limit_exceeded);
}

TEST(JsonRecordsTest, HostileNamesStayBounded) {
  std::string text = R"({"result":[)";
  for (int i = 0; i < 2'000; ++i) {
    text += i == 0 ? "{" : ",{";
    for (int j = 0; j < 50; ++j) text += "\"k" + std::to_string(i * 50 + j) + "\":1,";
    text += "\"ID\":\"" + std::to_string(i) + "\"}";
  }
  text += "]}";
  detail::KeyTable keys;
  detail::PageEvents events(bitrix(), keys, [](const detail::Record&, std::string_view) {}, [](detail::PageReport&) {});
  detail::BlockReader bytes("names", text);
  read_json_records(bytes, events);
  EXPECT_LE(keys.size(), detail::KeyTable::max_names);
}

TEST(JsonRecordsTest, TheSameRecordsWhateverTheBlocks) {
  const std::string text = R"([{"result":[{"ID":"я1","x":{"y":[1,2.5,null]}},{"ID":"\u044f2"}],"next":2},
    {"result":{"result":{"a":[{"ID":"3"}]},"result_error":[]}}])";
  const auto whole = read(bitrix(), text);
  EXPECT_EQ(whole.ids, (Texts{"я1", "я2", "3"}));
  for (std::size_t block = 1; block < 40; ++block) {
    const auto cut = read(bitrix(), text, block);
    EXPECT_EQ(cut.ids, whole.ids) << block;
    EXPECT_EQ(cut.values, whole.values) << block;
  }
}

// A small fuzz run over a corpus of real shapes: whatever the bytes, the reader ends with records or with an Error.
TEST(JsonRecordsTest, AnyBytesEndInRecordsOrAnError) {
  const std::vector<std::string> corpus{
      R"({"result":[{"ID":"1","PHONE":[{"VALUE":"+7"}]},{"ID":"2"}],"next":50,"total":61})",
      R"({"result":{"result":{"a":[{"ID":1}],"b":{"items":[]}},"result_error":{"c":{"error":"x"}},"result_total":[],"result_next":{"a":5}}})",
      R"([{"result":{"items":[{"id":1,"ufCrm13_1":"0.4","a":[[],{},""]}]},"total":3},{"error":"E","error_description":""}])",
      "{\"ID\":1}\n{\"ID\":2}\n",
  };
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    std::mt19937_64 rng{seed};
    std::string text = corpus[rng() % corpus.size()];
    for (std::uint64_t change = 1 + rng() % 4; change > 0; --change) {
      const std::size_t at = rng() % text.size();
      constexpr std::string_view bytes = "{}[]\",:0e-.\\u\xD0\x8F\n tn";
      switch (rng() % 4) {
        case 0: text[at] = bytes[rng() % bytes.size()]; break;
        case 1: text.erase(at, 1 + rng() % 8); break;
        case 2: text.insert(at, text.substr(rng() % text.size(), rng() % 20)); break;
        default: text.resize(at); break;
      }
      if (text.empty()) text = "x";
    }
    try {
      static_cast<void>(read(rng() % 2 == 0 ? bitrix() : plain(), text, 1 + rng() % 64));
    } catch (const Error& error) {
      ++refused;
      ASSERT_FALSE(std::string(error.what()).empty());
    }
  }
  EXPECT_GT(refused, 5'000);
  EXPECT_LT(refused, 20'000);
}

}  // namespace
}  // namespace dealtrail
