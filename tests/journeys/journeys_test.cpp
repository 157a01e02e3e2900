// PF.3: journeys from touches, by hand; merging, bytes; what is refused.
#include "dealtrail/journeys/journeys.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/journeys/partition/touch_partitions.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/refusal.hpp"
#include "support/touch_rows.hpp"
#include "table/arrow_arrays.hpp"

namespace dealtrail {
namespace {

using testing::refusal_code;
using testing::refusal_of;
using testing::table_of;
using testing::TouchRow;
using testing::with_values;

// What a journey says in one line: "mail@1 portal@2 = 10.00".
std::vector<std::string> told(const Journeys& journeys) {
  std::vector<std::string> lines;
  const Table table = journeys.table();
  const Table touches = journeys.touches();
  std::int64_t touch = 0;
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    std::string line{table.text_at(row, "subject").value_or("-")};
    line += ":";
    for (; touch < touches.rows() && touches.integer_at(touch, "journey") == row; ++touch) {
      line += " " + std::string{*touches.text_at(touch, "channel")} + "@" +
              std::to_string(to_us(*touches.time_at(touch, "at")));
    }
    if (table.integer_at(row, "conversions") == 1)
      line += " = " + std::to_string(table.minor_at(row, "value").value_or(0));
    lines.push_back(line);
  }
  return lines;
}

TEST(JourneysTest, ConversionsEndJourneysAndWhatIsLeftIsAJourneyToo) {
  // Ann buys at her second touch and again at her fourth; her fifth leads nowhere. Bob never buys.
  const TableInput table = table_of({{"ann", 1, "mail"},
                                     {"bob", 1, "portal"},
                                     {"ann", 2, "portal", 1, 10},
                                     {"ann", 3, "mail"},
                                     {"ann", 4, "mail", 1, 5},
                                     {"ann", 5, "portal"},
                                     {"bob", 9, "mail"}});
  const Journeys journeys = Journeys::from_touches(table, with_values);
  EXPECT_EQ(told(journeys), (std::vector<std::string>{"ann: mail@1 portal@2 = 1000", "ann: mail@3 mail@4 = 500",
                                                      "ann: portal@5", "bob: portal@1 mail@9"}));
  EXPECT_EQ(journeys.size(), 4U);
  EXPECT_EQ(journeys.subject_count(), 2U);
  EXPECT_EQ(journeys.touch_count(), 7U);
  std::int64_t conversions = 0;
  std::int64_t value = 0;
  for (std::size_t journey = 0; journey < journeys.size(); ++journey) {
    conversions += journeys.conversions(journey);
    value += journeys.value_minor(journey);
    EXPECT_EQ(journeys.weight(journey), 1);
    EXPECT_EQ(journeys.converted_at_us(journey).has_value(), journeys.conversions(journey) == 1);
    EXPECT_EQ(journeys.path(journey).size(), journeys.times_us(journey).size());
  }
  EXPECT_EQ(conversions, 2);
  EXPECT_EQ(value, 1500);
}

// IN.10
TEST(JourneysTest, OfEqualTimesWhatConvertsComesLast) {
  for (const char* name : {"a", "z"}) {
    const TableInput table = table_of({{"ann", 1, "m", 1, 7}, {"ann", 1, name}});
    EXPECT_EQ(told(Journeys::from_touches(table, with_values)),
              (std::vector<std::string>{std::string{"ann: "} + name + "@1 m@1 = 700"}));
  }
  std::vector<TouchRow> many{{"ann", 1, "a", 1, 7}};  // so many that they are sorted as a whole
  many.resize(40, {"ann", 1, "b"});
  EXPECT_TRUE(told(Journeys::from_touches(table_of(many), with_values)).front().ends_with(" a@1 = 700"));
}

TEST(JourneysTest, EqualTimesAreOrderedByConversionThenChannelThenValue) {
  const TableInput table =
      table_of({{"ann", 1, "b", 1, 7}, {"ann", 1, "b", 1, 3}, {"ann", 1, "b"}, {"ann", 1, "a"}, {"ann", 0, "z"}});
  EXPECT_EQ(told(Journeys::from_touches(table, with_values)),
            (std::vector<std::string>{"ann: z@0 a@1 b@1 b@1 = 300", "ann: b@1 = 700"}));
}

TEST(JourneysTest, TouchesBeforeTheWindowAreAJourneyThatDidNotConvert) {
  const TableInput table = table_of({{"ann", 0, "early"},
                                     {"ann", 1, "late"},
                                     {"ann", us_per_day, "edge"},
                                     {"ann", 2 * us_per_day, "end", 1},
                                     {"ann", 9 * us_per_day, "rest"}});
  TouchOptions options = with_values;
  options.lookback_days = 1;
  const std::string day = std::to_string(us_per_day);
  EXPECT_EQ(told(Journeys::from_touches(table, options)),
            (std::vector<std::string>{"ann: early@0 late@1",
                                      "ann: edge@" + day + " end@" + std::to_string(2 * us_per_day) + " = 0",
                                      "ann: rest@" + std::to_string(9 * us_per_day)}));
}

TEST(JourneysTest, RowsThatLackSomethingAreLeftOutAndListed) {
  const TableInput table = table_of({{std::nullopt, 1, "mail"},
                                     {"", 1, "mail"},
                                     {"ann", std::nullopt, "mail"},
                                     {"ann", 1, std::nullopt},
                                     {"ann", 1, ""},
                                     {"ann", 1, "\xFF"},
                                     {"ann", 1, "mail", 0, 4},
                                     {"ann", 2, "portal", 1, 1}});
  const Journeys journeys = Journeys::from_touches(table, with_values);
  EXPECT_EQ(told(journeys), (std::vector<std::string>{"ann: mail@1 portal@2 = 100"}));
  const Table problems = journeys.problems();
  std::vector<std::string> lines;
  for (std::int64_t row = 0; row < problems.rows(); ++row) {
    lines.push_back(std::string{*problems.text_at(row, "code")} + " " +
                    std::to_string(*problems.integer_at(row, "count")) + ": " +
                    std::string{*problems.text_at(row, "first_rows")});
  }
  EXPECT_EQ(lines,
            (std::vector<std::string>{"no_subject 2: row 0, row 1", "no_time 1: row 2", "no_channel 2: row 3, row 4",
                                      "bad_text 1: row 5", "value_without_conversion 1: row 6"}));
  EXPECT_EQ(journeys.rows(), 8);
}

TEST(JourneysTest, PathsAreCountedOnceEachMostConversionsFirst) {
  const TableInput table = table_of({{"a", 1, "x"},
                                     {"a", 2, "y", 1, 1},
                                     {"b", 1, "x"},
                                     {"b", 2, "y", 1, 2},
                                     {"c", 1, "x"},
                                     {"c", 2, "y"},
                                     {"d", 1, "y"},
                                     {"e", 1, "x", 1, 9}});
  const Table paths = Journeys::from_touches(table, with_values).paths(" / ");
  ASSERT_EQ(paths.rows(), 3);
  const auto row = [&](std::int64_t i) {
    return std::string{*paths.text_at(i, "path")} + " " + std::to_string(*paths.integer_at(i, "journeys")) + " " +
           std::to_string(*paths.integer_at(i, "conversions")) + " " + std::to_string(*paths.integer_at(i, "nulls")) +
           " " + std::to_string(*paths.minor_at(i, "value"));
  };
  EXPECT_EQ(row(0), "x / y 3 2 1 300");
  EXPECT_EQ(row(1), "x 1 1 0 900");
  EXPECT_EQ(row(2), "y 1 0 1 0");
  EXPECT_EQ(paths.meta("conversions"), "3");
}

std::vector<TouchRow> random_rows(Random& random, std::size_t count, std::int64_t subjects) {
  std::vector<TouchRow> rows;
  for (std::size_t i = 0; i < count; ++i) {
    const bool converts = random.chance(0.2);
    rows.push_back({"subject " + std::to_string(random.uniform_int(0, subjects - 1)), random.uniform_int(0, 50),
                    std::string(1, static_cast<char>('a' + random.uniform_int(0, 3))), converts ? 1 : 0,
                    converts ? random.uniform_int(0, 3) : 0});
  }
  return rows;
}

TEST(JourneysTest, AnyOrderAnyThreadsAnyTypeOfTextGiveTheSameBytes) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random{seed};
    auto rows = random_rows(random, seed < 15 ? 200 : 20'000, 40);
    TouchOptions options = with_values;
    const std::string bytes = Journeys::from_touches(table_of(rows), options).to_bytes();
    for (const std::string format : {"u", "U", "vu"}) {
      random.shuffle(rows);
      ++options.threads;
      EXPECT_EQ(Journeys::from_touches(table_of(rows, format), options).to_bytes(), bytes) << format;
    }
  }
}

// Texts of sixteen bytes that begin with what the hash mixes in: the hash of all of them is one.
TEST(JourneysTest, SubjectsWhoseHashesMeetAreToldApart) {
  const std::string meeting = "\xDB\x28\xB4\xA0\xD1\x7E\x03\xE7";
  const std::string apart = "subject ";
  ASSERT_EQ(detail::text_hash(meeting + "10000001"), detail::text_hash(meeting + "10000002"));
  Random random{4};
  std::vector<TouchRow> rows = random_rows(random, 6000, 900);
  for (TouchRow& row : rows) row.subject = std::to_string(10'000'000 + std::stoi(row.subject->substr(8)));
  const auto with = [&](const std::string& prefix) {
    auto named = rows;
    for (TouchRow& row : named) row.subject = prefix + *row.subject;
    auto lines = told(Journeys::from_touches(table_of(named), with_values));
    for (std::string& line : lines) line = line.substr(prefix.size());
    std::sort(lines.begin(), lines.end());
    return lines;
  };
  EXPECT_EQ(with(meeting), with(apart));
}

// The first bits of their hashes are equal, so that all rows go to one place; subjects are in the order of the hash.
TEST(JourneysTest, SubjectsWhoseHashesCrowdAreInOrderToo) {
  constexpr std::uint64_t subjects = 3000;
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t touch = 0; touch < 4 * subjects; ++touch) hashes.push_back(touch % subjects);
  Random random{5};
  random.shuffle(hashes);
  TableBuilder builder{"touches"};
  ColumnBuilder& subject = builder.integer("subject");
  ColumnBuilder& at = builder.time("at");
  ColumnBuilder& channel = builder.text("channel");
  std::vector<std::vector<std::int64_t>> times(subjects);
  for (const std::uint64_t hash : hashes) {
    times[hash].push_back(random.uniform_int(0, 1000));
    subject.append_integer(static_cast<std::int64_t>(detail::unmixed(hash)));
    at.append_time(from_us(times[hash].back()));
    channel.append_text("mail");
  }
  const Journeys journeys = Journeys::from_touches(read_all(builder.finish().to_stream(), "touches"));
  ASSERT_EQ(journeys.size(), subjects);
  for (std::uint64_t hash = 0; hash < subjects; ++hash) {
    EXPECT_EQ(journeys.columns().subject_numbers[hash], static_cast<std::int64_t>(detail::unmixed(hash)));
    std::sort(times[hash].begin(), times[hash].end());
    const auto made = journeys.times_us(hash);
    EXPECT_TRUE(std::equal(made.begin(), made.end(), times[hash].begin(), times[hash].end())) << hash;
  }
}

// A channel's number takes more than a byte, a subject's text more than 254 bytes.
TEST(JourneysTest, ManyChannelsAndLongSubjects) {
  std::vector<TouchRow> rows;
  for (int i = 0; i < 600; ++i) {
    rows.push_back({"s" + std::string(static_cast<std::size_t>(i), 'x'), i, "channel " + std::to_string(1000 + i),
                    i % 2, i % 2 == 0 ? 0 : i});
  }
  const Journeys journeys = Journeys::from_touches(table_of(rows), with_values);
  ASSERT_EQ(journeys.size(), rows.size());
  auto lines = told(journeys);
  std::sort(lines.begin(), lines.end(), [](const auto& lhs, const auto& rhs) { return lhs.find(':') < rhs.find(':'); });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::string line = *rows[i].subject + ": channel " + std::to_string(1000 + i) + "@" + std::to_string(i);
    if (i % 2 == 1) line += " = " + std::to_string(100 * i);
    EXPECT_EQ(lines[i], line);
  }
}

TEST(JourneysTest, ShardsMergeToTheSameBytesAndEmptyIsNeutral) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random{seed};
    const auto rows = random_rows(random, 300, 25);
    const Journeys whole = Journeys::from_touches(table_of(rows), with_values);
    std::vector<std::vector<TouchRow>> parts(4);
    for (const TouchRow& row : rows) parts[static_cast<unsigned char>(row.subject->back()) % 4U].push_back(row);
    std::vector<Journeys> states;
    for (const auto& part : parts) states.push_back(Journeys::from_touches(table_of(part), with_values));
    random.shuffle(states);
    Journeys merged;
    for (const Journeys& state : states) merged.merge(state);
    merged.merge(Journeys{});
    EXPECT_EQ(merged.to_bytes(), whole.to_bytes());
    EXPECT_EQ(Journeys::from_bytes(merged.to_bytes()), whole);
    Journeys paths;
    for (const Journeys& state : states) paths.merge(state.by_path());
    EXPECT_EQ(paths, whole.by_path());
  }
}

TEST(JourneysTest, OneSubjectInTwoShardsKeepsBothItsJourneysInEitherOrder) {
  const Journeys one = Journeys::from_touches(table_of({{"ann", 5, "b", 1, 1}}), with_values);
  const Journeys other = Journeys::from_touches(table_of({{"ann", 3, "a"}}), with_values);
  Journeys left = one;
  left.merge(other);
  Journeys right = other;
  right.merge(one);
  EXPECT_EQ(left, right);
  EXPECT_EQ(told(left), (std::vector<std::string>{"ann: a@3", "ann: b@5 = 100"}));
}

TEST(JourneysTest, BytesThatAreCutLengthenedOrFlippedAreRefused) {
  Random random{4};
  const std::string bytes = Journeys::from_touches(table_of(random_rows(random, 12, 3)), with_values).to_bytes();
  const auto code = [](const std::string& broken) {
    return refusal_code([&] { static_cast<void>(Journeys::from_bytes(broken)); });
  };
  for (std::size_t length = 0; length < bytes.size(); ++length)
    ASSERT_EQ(code(bytes.substr(0, length)), ErrorCode::corrupt_data) << "cut at " << length;
  ASSERT_EQ(code(bytes + '\0'), ErrorCode::corrupt_data);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    ASSERT_EQ(code(flipped), ErrorCode::corrupt_data) << "bit " << bit;
  }
}

// Bytes with a right checksum and wrong content are refused as well, or are other journeys: never a view that is not
// valid.
TEST(JourneysTest, ForgedBytesNeverMakeAnInvalidView) {
  Random random{4};
  const std::string bytes = Journeys::from_touches(table_of(random_rows(random, 12, 3)), with_values).to_bytes();
  for (std::size_t at = 4; at + 4 < bytes.size(); ++at) {
    for (const int change : {1, 0x80, 0xFF}) {
      std::string forged = bytes.substr(0, bytes.size() - 4);
      forged[at] = static_cast<char>(forged[at] ^ change);
      detail::append_little_endian(forged, static_cast<std::uint32_t>(stable_hash64(forged)));
      try {
        const Journeys journeys = Journeys::from_bytes(forged);
        EXPECT_EQ(journeys.to_bytes(), forged);
        EXPECT_GE(journeys.table().rows() + journeys.touches().rows() + journeys.paths().rows(), 0);
      } catch (const Error& error) {
        EXPECT_TRUE(error.code() == ErrorCode::corrupt_data || error.code() == ErrorCode::overflow) << error.what();
      }
    }
  }
}

TEST(JourneysTest, ATextThatIsNoTimeIsAProblemOfItsRow) {
  const Journeys none = Journeys::from_touches(table_of({{"ann", 1, "mail"}}), {.at = "channel"});
  EXPECT_EQ(none.size(), 0U);
  const Table problems = none.problems();
  ASSERT_EQ(problems.rows(), 1);
  EXPECT_EQ(problems.text_at(0, "code"), "bad_time");
  EXPECT_EQ(problems.text_at(0, "column"), "channel");
  EXPECT_EQ(problems.integer_at(0, "count"), 1);
}

TEST(JourneysTest, MistakesAreErrorsThatNameTheirPlace) {
  const TableInput table = table_of({{"ann", 1, "mail"}});
  const auto code = [&](const TouchOptions& options) {
    return refusal_code([&] { static_cast<void>(Journeys::from_touches(table, options)); });
  };
  EXPECT_EQ(code({.subject = "who"}), ErrorCode::missing_column);
  EXPECT_EQ(code({.subject = "won"}), ErrorCode::type_mismatch);
  EXPECT_EQ(code({.channel = "paid"}), ErrorCode::type_mismatch);
  EXPECT_EQ(code({.value = "paid"}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.lookback_days = -1}), ErrorCode::invalid_argument);
  const Error error = refusal_of([&] { static_cast<void>(Journeys::from_touches(table, {.channel = "at"})); });
  EXPECT_EQ(error.where(), (Where{"touches", "at", -1}));
  Journeys roubles = Journeys::from_touches(table, with_values);
  TouchOptions euros = with_values;
  euros.currency = EUR;
  const Journeys other = Journeys::from_touches(table, euros);
  EXPECT_EQ(refusal_code([&] { roubles.merge(other); }), ErrorCode::currency_mismatch);
  const Journeys without = Journeys::from_touches(table);
  EXPECT_EQ(refusal_code([&] { roubles.merge(without); }), ErrorCode::currency_mismatch);
}

TableInput paths_of(const std::vector<std::optional<std::string>>& paths, const std::vector<std::int64_t>& won,
                    const std::vector<std::int64_t>& lost, const std::vector<std::int64_t>& paid) {
  const test::Node whole = test::batch(
      {test::texts("u", paths).named("path"), test::numbers<std::int64_t>("l", won).named("conversions"),
       test::numbers<std::int64_t>("l", lost).named("nulls"), test::numbers<std::int64_t>("l", paid).named("value")});
  std::vector<OwnedArray> batches;
  batches.push_back(test::make_array(whole));
  return TableInput::from_batches(test::make_schema(whole), std::move(batches), "paths");
}

TEST(JourneysTest, PathRowsAddUpAndAreNeverExpanded) {
  const TableInput table = paths_of({"b > a", " b>a ", ">a>>", std::nullopt, "c"}, {1'000'000'000'000, 2, 0, 3, 0},
                                    {0, 5, 7, 0, 0}, {10, 20, 0, 0, 0});
  const PathOptions options{.nulls = "nulls", .value = "value", .currency = RUB};
  const Journeys journeys = Journeys::from_paths(table, options);
  ASSERT_EQ(journeys.size(), 3U);  // "", "a", "b>a"; the row of no journeys is left out
  EXPECT_EQ(journeys.channels().size(), 2U);
  EXPECT_EQ(journeys.touches_of(0), 0U);
  EXPECT_EQ(journeys.conversions(0), 3);
  EXPECT_EQ(journeys.nulls(1), 7);
  EXPECT_EQ(journeys.conversions(2), 1'000'000'000'002);
  EXPECT_EQ(journeys.weight(2), 1'000'000'000'007);
  EXPECT_EQ(journeys.value_minor(2), 3000);
  EXPECT_FALSE(journeys.has_times());
  EXPECT_TRUE(journeys.times_us(2).empty());
  EXPECT_EQ(journeys.converted_at_us(2), std::nullopt);
  const Table problems = journeys.problems();
  EXPECT_EQ(problems.text_at(0, "code"), "no_journeys");
  Journeys twice = journeys;
  twice.merge(journeys);
  EXPECT_EQ(twice.size(), 3U);
  EXPECT_EQ(twice.value_minor(2), 6000);
  EXPECT_EQ(Journeys::from_bytes(twice.to_bytes()), twice);
  const std::int64_t huge = std::int64_t{1} << 62;
  const TableInput too_many = paths_of({"a", "b"}, {huge, huge}, {0, 0}, {0, 0});
  EXPECT_EQ(refusal_code([&] { static_cast<void>(Journeys::from_paths(too_many)); }), ErrorCode::overflow);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(Journeys::from_paths(table, {.separator = ""})); }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(Journeys::from_paths(table, {.path = "nulls"})); }),
            ErrorCode::type_mismatch);
}

std::vector<std::string> names_of(const Journeys& journeys) {
  return {journeys.channels().begin(), journeys.channels().end()};
}

// IN.19: paths out and in again; names of rows of the results are no channels; separators inside names.
TEST(JourneysTest, PathsOfJourneysAreJourneysAgain) {
  const PathOptions options{.nulls = "nulls", .value = "value", .currency = RUB};
  const TableInput table = paths_of({"a", std::nullopt, "a > b", "b\\>c > a", "x\\y > a"}, {5, 4, 1, 2, 1},
                                    {5, 1, 9, 0, 0}, {10, 20, 5, 4, 1});
  const Journeys journeys = Journeys::from_paths(table, options);
  EXPECT_EQ(names_of(journeys), (std::vector<std::string>{"a", "b", "b>c", "x\\y"}));
  const Table written = journeys.paths();
  std::vector<std::optional<std::string>> paths;
  std::vector<std::int64_t> won;
  std::vector<std::int64_t> lost;
  std::vector<std::int64_t> paid;
  for (std::int64_t row = 0; row < written.rows(); ++row) {
    paths.emplace_back(*written.text_at(row, "path"));
    won.push_back(*written.integer_at(row, "conversions"));
    lost.push_back(*written.integer_at(row, "nulls"));
    paid.push_back(*written.minor_at(row, "value") / 100);
  }
  const Journeys again = Journeys::from_paths(paths_of(paths, won, lost, paid), options);
  EXPECT_EQ(again, journeys);
}

TEST(JourneysTest, NamesOfRowsOfTheResultsAreNoChannels) {
  const Journeys paths = Journeys::from_paths(
      paths_of({"a > (total)", "(unattributed) > a", "(unattributed)", "a"}, {1, 1, 3, 1}, {0, 0, 0, 0}, {0, 0, 0, 0}));
  EXPECT_EQ(names_of(paths), (std::vector<std::string>{"a"}));
  EXPECT_EQ(paths.size(), 2U);
  const Table of_paths = paths.problems();
  EXPECT_EQ(of_paths.text_at(0, "code"), "reserved_channel");
  EXPECT_EQ(of_paths.integer_at(0, "count"), 2);
  const Journeys touches =
      Journeys::from_touches(table_of({{"ann", 1, "mail"}, {"ann", 2, "(total)"}, {"bob", 1, "(unattributed)"}}));
  EXPECT_EQ(names_of(touches), (std::vector<std::string>{"mail"}));
  EXPECT_EQ(touches.touch_count(), 1U);
  const Table of_touches = touches.problems();
  EXPECT_EQ(of_touches.text_at(0, "code"), "reserved_channel");
  EXPECT_EQ(of_touches.text_at(0, "first_rows"), "row 1, row 2");
}

TEST(JourneysTest, ATrailGivesJourneysThatAgreeWithItsCards) {
  Trail trail{RUB};
  const auto day = [](std::int64_t number) { return from_us(1'767'225'600'000'000 + number * us_per_day); };
  trail.put(Channel{.id = "mail", .name = "Mail"});
  trail.put(Channel{.id = "portal", .name = "Portal"});
  trail.put(Event{.id = "e", .name = "Day", .starts_at = day(9)});
  trail.put(Announcement{.id = "am", .channel = "mail", .event = "e"});
  trail.put(Announcement{.id = "ap", .channel = "portal", .event = "e"});
  trail.put(Touch{.id = "t1", .person = "ann", .announcement = "ap", .at = day(1), .kind = "click"});
  trail.put(Touch{.id = "t2", .announcement = "am", .at = day(2), .kind = "form"});
  trail.put(Registration{.id = "r", .event = "e", .person = "ann", .touch = "t2", .at = day(2)});
  trail.put(Attendance{.id = "s", .registration = "r"});
  trail.put(Deal{.id = "d",
                 .person = "ann",
                 .outcome = "won",
                 .created_at = day(12),
                 .closed_at = day(20),
                 .amount = Money{12'345, RUB}});
  const auto at = [&](std::int64_t number) { return "@" + std::to_string(to_us(day(number))); };
  // IN.9: of the event only the day is known, so who came is there by its end.
  const std::string came = "@" + std::to_string(to_us(day(10)) - 1);
  EXPECT_EQ(told(journeys(trail)),
            (std::vector<std::string>{"ann: portal" + at(1) + " mail" + at(2) + " mail" + came + " = 12345"}));
  EXPECT_EQ(told(journeys(trail, {.to = "attended"})),
            (std::vector<std::string>{"ann: portal" + at(1) + " mail" + at(2) + " = 0"}));
  EXPECT_EQ(told(journeys(trail, {.subject = "deal", .lookback_days = 12})),
            (std::vector<std::string>{"d: mail" + came + " = 12345"}));
  // AT.9: the click counts for 30 days, the form for one, what has no look-back of its own for 12.
  const Journeys by_kind = journeys(trail, {.lookback_days = 12, .lookback_days_of = {{"form", 1}, {"click", 30}}});
  EXPECT_EQ(told(by_kind),
            (std::vector<std::string>{"ann: portal" + at(1) + " mail" + came + " = 12345", "ann: mail" + at(2)}));
  EXPECT_EQ(by_kind.columns().options[3].second, "click 30, form 1, other 12");
  EXPECT_EQ(told(journeys(trail, {.by = "announcement"})),
            (std::vector<std::string>{"ann: ap" + at(1) + " am" + at(2) + " am" + came + " = 12345"}));
  EXPECT_EQ(told(journeys(trail, {.kinds = {"form"}, .by = "partner"})),
            (std::vector<std::string>{"ann: (no partner)" + at(2) + " = 12345"}));
  const auto code = [&](const TrailJourneyOptions& options) {
    return refusal_code([&] { static_cast<void>(journeys(trail, options)); });
  };
  EXPECT_EQ(code({.lookback_days_of = {{"letter", 1}}}), ErrorCode::unknown_name);
  EXPECT_EQ(code({.lookback_days_of = {{"form", -1}}}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.lookback_days_of = {{"form", 1}, {"form", 2}}}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.to = "sold"}), ErrorCode::unknown_name);
  EXPECT_EQ(code({.subject = "event"}), ErrorCode::unknown_name);
  EXPECT_EQ(code({.kinds = {"letter"}}), ErrorCode::unknown_name);
  EXPECT_EQ(code({.to = "attended", .subject = "deal"}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.by = "month"}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.by = "weather"}), ErrorCode::unknown_name);
}

TEST(JourneysTest, TheDealerTakesAnyNumberOfWorkersForAFewRows) {
  Random random{9};
  const auto rows = random_rows(random, 50, 9);
  const TableInput table = table_of(rows);
  const detail::TouchInput input{.subject = ColumnReader{table, "subject"},
                                 .at = ColumnReader{table, "at"},
                                 .channel = ColumnReader{table, "channel"}};
  const auto dealt = [&](std::size_t workers) {
    detail::RowTroubles troubles;
    const detail::TouchPartitions parts = detail::TouchPartitioner{input, workers}.deal(troubles);
    std::string said;
    for (std::size_t part = 0; part < parts.size(); ++part) {
      detail::for_each_row<false>(parts, part, [&](const detail::TouchRow& row) {
        said += std::to_string(row.at) + ' ' + parts.channels[row.pack >> 1U] + ' ' +
                std::string{detail::text_at(row.subject)} + '\n';
      });
    }
    return said;
  };
  const std::string one = dealt(1);
  EXPECT_EQ(std::count(one.begin(), one.end(), '\n'), static_cast<std::ptrdiff_t>(rows.size()));
  for (const std::size_t workers : {2U, 7U, 64U}) EXPECT_EQ(dealt(workers), one);
}

}  // namespace
}  // namespace dealtrail
