#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <dealtrail/io/csv.hpp>

namespace dealtrail {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(CsvReader& reader) {
  Rows rows;
  while (reader.next()) rows.emplace_back(reader.fields().begin(), reader.fields().end());
  return rows;
}

Rows read(std::string_view text, CsvFormat options = {}) {
  CsvReader reader("test", text, std::move(options));
  return rows_of(reader);
}

std::vector<std::string> names(std::string_view text, CsvFormat options = {}) {
  return CsvReader("test", text, std::move(options)).names();
}

ErrorCode code_of(std::string_view text, CsvFormat options = {}) {
  try {
    static_cast<void>(read(text, std::move(options)));
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return ErrorCode::invalid_argument;
}

// SP.10: RFC 4180, sections 2.1 to 2.7.
TEST(CsvTest, RowsOfTheStandard) {
  EXPECT_EQ(read("a,b,c\nx,y,z\r\nzzz,yyy,xxx"), (Rows{{"x", "y", "z"}, {"zzz", "yyy", "xxx"}}));
  EXPECT_EQ(read("a,b,c\n\"aaa\",\"b \r\nbb\",\"c\"\"cc\"\n"), (Rows{{"aaa", "b \r\nbb", "c\"cc"}}));
  EXPECT_EQ(read("a,b\n,\n\"\",\n"), (Rows{{"", ""}, {"", ""}}));
  EXPECT_EQ(read("a,b\nit is 5\" wide,x\n"), (Rows{{"it is 5\" wide", "x"}}));
  EXPECT_EQ(read("a\n\n\nx\n\n"), (Rows{{"x"}}));
  EXPECT_EQ(read("a\rx\ry"), (Rows{{"x"}, {"y"}}));
  EXPECT_EQ(read("a,b\n1\n1,2,3\n"), (Rows{{"1"}, {"1", "2", "3"}}));
  EXPECT_EQ(read(""), Rows{});
  EXPECT_EQ(read("a,b"), Rows{});
  EXPECT_EQ(read(std::string_view("a\nx\0y\n", 6)), (Rows{{std::string("x\0y", 3)}}));
}

TEST(CsvTest, TheDelimiterIsTheMostFrequentOneOfTheFirstRow) {
  EXPECT_EQ(read("ID;Сумма, руб;Дата\n1;1 204,50;2\n"), (Rows{{"1", "1 204,50", "2"}}));
  EXPECT_EQ(read("a\tb\n1,5\t2\n"), (Rows{{"1,5", "2"}}));
  EXPECT_EQ(read("a|b\n1|2\n"), (Rows{{"1", "2"}}));
  EXPECT_EQ(read("\"a;b;c\",d\n1,2\n"), (Rows{{"1", "2"}}));
  EXPECT_EQ(read("a\n1;2\n"), (Rows{{"1;2"}}));
  EXPECT_EQ(read("a;b\n1,2\n", {.delimiter = ','}), (Rows{{"1", "2"}}));
}

TEST(CsvTest, HeadersBecomeUniqueNames) {
  EXPECT_EQ(names("Воронка;Стадия;Воронка;Воронка\n"),
            (std::vector<std::string>{"Воронка", "Стадия", "Воронка#2", "Воронка#3"}));
  EXPECT_EQ(names("a,a#2,a\n"), (std::vector<std::string>{"a", "a#2", "a#3"}));
  EXPECT_EQ(names("\xEF\xBB\xBFid, name ,\n"), (std::vector<std::string>{"id", "name", "column#3"}));
  EXPECT_EQ(names("1;2\n", {.header = false}), (std::vector<std::string>{"column#1", "column#2"}));
  EXPECT_EQ(read("1;2\n3;4\n", {.header = false}), (Rows{{"1", "2"}, {"3", "4"}}));
  EXPECT_EQ(read("1;2\n", {.header = false, .names = {"x", "y"}}), (Rows{{"1", "2"}}));
  // Ten thousand equal names stay fast and unique.
  std::string header = "x";
  for (int i = 1; i < 10'000; ++i) header += ",x";
  EXPECT_EQ(names(header).back(), "x#10000");
}

TEST(CsvTest, Cp1251IsToldFromUtf8) {
  // "Имя;Сумма" and "Окна" in CP1251.
  const std::string cp1251 = "\xC8\xEC\xFF;\xD1\xF3\xEC\xEC\xE0\n\xCE\xEA\xED\xE0;5\n";
  CsvReader reader("test", cp1251);
  EXPECT_EQ(reader.names(), (std::vector<std::string>{"Имя", "Сумма"}));
  EXPECT_EQ(reader.encoding(), CsvEncoding::cp1251);
  EXPECT_EQ(rows_of(reader), (Rows{{"Окна", "5"}}));
  CsvReader utf8("test", "Имя\nОкна\n");
  EXPECT_EQ(rows_of(utf8), (Rows{{"Окна"}}));
  EXPECT_EQ(utf8.encoding(), CsvEncoding::utf8);
  // Letters that come late decide then, and a block may cut one of them.
  for (std::size_t block = 1; block < 12; ++block) {
    SCOPED_TRACE(block);
    EXPECT_EQ(read("id\n1\n2\n\xCE\xEA\xED\xE0\n", {.block_size = 64}), (Rows{{"1"}, {"2"}, {"Окна"}}));
    EXPECT_EQ(read("id\n1\nОкна\n", {.encoding = CsvEncoding::utf8, .block_size = block}), (Rows{{"1"}, {"Окна"}}));
  }
  EXPECT_EQ(read("a\n\xCE\n", {.encoding = CsvEncoding::cp1251}), (Rows{{"О"}}));
}

// IN.6: a bad byte here and there is no other encoding; the whole file decides, and a cut letter says nothing.
TEST(CsvTest, AnIsolatedBadByteLeavesAFileUtf8) {
  CsvReader reader("test", "id,name\n1,Анна\n2,\xD0\n3,Вера\n");
  EXPECT_EQ(reader.encoding(), CsvEncoding::detect);
  std::vector<std::uint64_t> bad;
  Rows rows;
  while (reader.next()) {
    rows.emplace_back(reader.fields().begin(), reader.fields().end());
    bad.push_back(reader.bad_bytes());
  }
  EXPECT_EQ(reader.encoding(), CsvEncoding::utf8);
  EXPECT_EQ(rows, (Rows{{"1", "Анна"}, {"2", "\uFFFD"}, {"3", "Вера"}}));
  EXPECT_EQ(bad, (std::vector<std::uint64_t>{0, 1, 0}));
  EXPECT_EQ(read("a\n\xD0x\nЖ\n"), (Rows{{"\uFFFDx"}, {"Ж"}}));  // the bad byte comes first
}

TEST(CsvTest, ALetterAcrossABlockIsNoEvidence) {
  const std::string letters = "Ж\nАнна\n";
  for (std::size_t before = 0; before < 8; ++before) {
    const std::string text = "name\n" + std::string(before, 'x') + letters;
    for (std::size_t block = 5; block < 16; ++block)
      EXPECT_EQ(read(text, {.block_size = block}), (Rows{{std::string(before, 'x') + "Ж"}, {"Анна"}})) << block;
  }
  const std::string path = testing::TempDir() + "dealtrail_csv_cut.csv";
  std::ofstream(path, std::ios::binary) << "name\n" << std::string(64 - 6, 'x') << letters;
  CsvReader reader(path, {.block_size = 64});
  EXPECT_EQ(rows_of(reader), (Rows{{std::string(64 - 6, 'x') + "Ж"}, {"Анна"}}));
  std::remove(path.c_str());
}

TEST(CsvTest, ALineSepNamesTheDelimiter) {
  for (const std::string mark : {"", "\xEF\xBB\xBF"}) {
    EXPECT_EQ(read(mark + "sep=;\r\nid;a\r\n1;2,5\r\n"), (Rows{{"1", "2,5"}}));
    EXPECT_EQ(read(mark + "\"SEP=|\"\nid|a\n1|2\n"), (Rows{{"1", "2"}}));
  }
  EXPECT_EQ(names("sep=\tx\n"), (std::vector<std::string>{"sep=", "x"}));
}

TEST(CsvTest, TitlesAboveTheHeaderAndATotalBelow) {
  const std::string text =
      "Отчёт, март;;\nПериод: 01.03.2026;;\n\nid;\u00a0Дата ;Сумма\u200b\n1;14.03.2026;1 204,50\nИтого:;;1 204,50\n\n";
  CsvFormat format;
  format.wanted = {"id", "Дата", "Сумма"};
  CsvReader reader("test", text, format);
  EXPECT_EQ(reader.names(), (std::vector<std::string>{"id", "Дата", "Сумма"}));
  EXPECT_EQ(reader.title_rows(), 2U);
  EXPECT_EQ(reader.titles(), (std::vector<std::string>{"Отчёт, март", "Период: 01.03.2026"}));
  ASSERT_TRUE(reader.next());
  EXPECT_FALSE(reader.is_total());
  EXPECT_EQ(reader.line(), 5U);
  ASSERT_TRUE(reader.next());
  EXPECT_TRUE(reader.is_total());
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(names(text, {.skip_rows = 2}), (std::vector<std::string>{"id", "Дата", "Сумма"}));
  EXPECT_EQ(names(text, {.header_at = "Сумма"}), (std::vector<std::string>{"id", "Дата", "Сумма"}));
  EXPECT_EQ(code_of(text, {.header_at = "Цена"}), ErrorCode::missing_column);
  // Where no row looks like the header the first one is it, and no row is lost.
  format.wanted = {"x", "y"};
  EXPECT_EQ(read("a,b\n1,2\n3,4\n", format), (Rows{{"1", "2"}, {"3", "4"}}));
  std::string many = "a\n";
  for (int i = 0; i < 100; ++i) many += std::to_string(i) + "\n";
  EXPECT_EQ(read(many, format).size(), 100U);
  // A title with a delimiter of its own does not decide.
  format.wanted = {"id", "Сумма"};
  EXPECT_EQ(read("Отчёт, март, 2026, весь\nid;Сумма\n1;2,5\n", format), (Rows{{"1", "2,5"}}));
}

TEST(CsvTest, WhatIsNotDelimitedTextIsRefusedWithItsLine) {
  EXPECT_EQ(code_of("a\n\"x\n\ny"), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of("a\n\"x\"y\n"), ErrorCode::parse_error);
  EXPECT_EQ(code_of(std::string_view("\xFF\xFE"
                                     "a\0",
                                     4)),
            ErrorCode::parse_error);
  EXPECT_EQ(code_of("a\n" + std::string(CsvReader::max_field + 1, 'x')), ErrorCode::limit_exceeded);
  EXPECT_EQ(code_of("a\n" + std::string(CsvReader::max_columns + 1, ',')), ErrorCode::limit_exceeded);
  try {
    static_cast<void>(read("a,b\n1,\"two\nlines\"\n3,\"x\" y\n"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("on line 4 of test"), std::string::npos) << error.what();
  }
}

TEST(CsvTest, LinesAreCountedThroughQuotesAndEveryLineEnd) {
  CsvReader reader("test", "a\r\n\"x\r\ny\"\r\n\rz\n");
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.line(), 2U);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.line(), 5U);
  EXPECT_FALSE(reader.next());
}

// The slow obvious reader: the whole text in memory, one character at a time, one state.
std::optional<Rows> slow(std::string_view text, char delimiter) {
  Rows rows;
  std::vector<std::string> row;
  std::string field;
  enum class State { start, plain, quoted, closed } state = State::start;
  const auto end_field = [&] {
    row.push_back(field);
    field.clear();
    state = State::start;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (state == State::quoted) {
      if (c != '"')
        field += c;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        field += text[++i];
      else
        state = State::closed;
    } else if (c == delimiter) {
      end_field();
    } else if (c == '\n' || c == '\r') {
      if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
      if (state == State::start && row.empty()) continue;
      end_field();
      rows.push_back(row);
      row.clear();
    } else if (state == State::closed) {
      return std::nullopt;
    } else if (c == '"' && state == State::start) {
      state = State::quoted;
    } else {
      field += c;
      state = State::plain;
    }
  }
  if (state == State::quoted) return std::nullopt;
  if (state != State::start || !row.empty()) {
    end_field();
    rows.push_back(row);
  }
  return rows;
}

TEST(CsvTest, AgreesWithTheSlowReaderOnRandomText) {
  constexpr std::array<std::string_view, 11> letters{"a", "b", ";", ",", "\"", "\"", "\n", "\r", "\t", " ", "я"};
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    std::mt19937_64 rng{seed};
    std::string text;
    for (std::size_t size = rng() % 40; text.size() < size;) text += letters[rng() % letters.size()];
    CsvFormat options{
        .delimiter = ';', .encoding = CsvEncoding::utf8, .header = false, .names = {"x"}, .block_size = 1 + rng() % 9};
    std::optional<Rows> fast;
    try {
      fast = read(text, options);
    } catch (const Error&) {
    }
    ASSERT_EQ(fast, slow(text, ';')) << "seed " << seed << ": " << testing::PrintToString(text);
    refused += fast.has_value() ? 0 : 1;
  }
  EXPECT_GT(refused, 1'000);
}

TEST(CsvTest, WhatIsWrittenWithQuotesIsReadBack) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 rng{seed};
    constexpr std::array<std::string_view, 10> letters{"a", "b", ";", ",", "\"", "\n", "\r", "\t", " ", "я"};
    Rows rows(1 + rng() % 20, std::vector<std::string>(1 + rng() % 6));
    std::string text;
    for (auto& row : rows) {
      for (auto& field : row) {
        for (std::size_t size = rng() % 12; field.size() < size;) field += letters[rng() % letters.size()];
        text += '"';
        for (const char c : field) text += c == '"' ? std::string("\"\"") : std::string(1, c);
        text += &field == &row.back() ? "\"\r\n" : "\",";
      }
    }
    EXPECT_EQ(read(text, {.delimiter = ',', .encoding = CsvEncoding::utf8, .header = false, .names = {"x"}}), rows);
  }
}

TEST(CsvTest, AHundredThousandRowsOfAFile) {
  const std::string path = testing::TempDir() + "dealtrail_csv_test.csv";
  {
    std::ofstream file(path, std::ios::binary);
    file << "\xEF\xBB\xBFid;name;amount\r\n";
    for (int i = 0; i < 100'000; ++i) file << i << ";\"Окна; ЖК " << i << "\";" << i << ",50\r\n";
  }
  CsvReader reader(path);
  std::int64_t sum = 0;
  std::int64_t rows = 0;
  while (reader.next()) {
    ASSERT_EQ(reader.fields().size(), 3U);
    ASSERT_EQ(reader.line(), static_cast<std::uint64_t>(rows) + 2);
    ASSERT_EQ(reader.fields()[1], "Окна; ЖК " + std::string(reader.fields()[0]));
    sum += std::stoll(std::string(reader.fields()[0]));
    ++rows;
  }
  EXPECT_EQ(rows, 100'000);
  EXPECT_EQ(sum, 4'999'950'000);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace dealtrail
