// AT.9: a look-back per kind of touch, of a table of touches, by hand.
#include "dealtrail/journeys/touch_windows.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/timestamp.hpp"

#include "support/refusal.hpp"
#include "support/touch_rows.hpp"
#include "table/arrow_arrays.hpp"

namespace dealtrail {
namespace {

using testing::refusal_code;

struct KindedRow {
  std::int64_t day;
  std::optional<std::string> channel;
  std::optional<std::string> kind;
  int converted = 0;
};

// Touches of one subject, `skip` rows of each batch beyond its beginning.
TableInput table_of(const std::vector<std::vector<KindedRow>>& batches, std::int64_t skip = 0) {
  std::vector<OwnedArray> arrays;
  OwnedSchema schema;
  for (const auto& rows : batches) {
    std::vector<std::optional<std::string>> subjects;
    std::vector<std::int64_t> times;
    std::vector<std::optional<std::string>> channels;
    std::vector<std::optional<std::string>> kinds;
    std::vector<int> converted;
    for (const KindedRow& row : rows) {
      subjects.emplace_back("ann");
      times.push_back(row.day * us_per_day);
      channels.push_back(row.channel);
      kinds.push_back(row.kind);
      converted.push_back(row.converted);
    }
    test::Node whole = test::batch({test::texts("u", kinds).named("kind"), test::texts("vu", channels).named("channel"),
                                    test::texts("u", subjects).named("subject"),
                                    test::numbers<std::int64_t>("tsu:UTC", times).named("at"),
                                    test::booleans(converted).named("won")});
    whole.offset = skip;
    whole.length -= skip;
    arrays.push_back(test::make_array(whole));
    schema = test::make_schema(whole);
  }
  return TableInput::from_batches(std::move(schema), std::move(arrays), "touches");
}

std::string told(const Journeys& journeys) {
  std::string text;
  for (std::size_t journey = 0; journey < journeys.size(); ++journey) {
    for (const std::uint32_t channel : journeys.path(journey)) text += journeys.channels()[channel] + ' ';
    text += journeys.conversions(journey) == 1 ? "yes; " : "no; ";
  }
  return text;
}

// The view of day 1 is forgotten at day 10, its click is not; the call of day 2 is of no kind that has days.
const std::vector<KindedRow> rows{{1, "banner", "view"}, {1, "search", "click"},   {2, "phone", "call"},
                                  {9, "banner", "view"}, {10, "mail", "click", 1}, {11, "mail", std::nullopt}};
const TouchOptions options{.converted = "won"};

TEST(TouchWindowsTest, EachTouchIsAsOldAsItsKindMayBe) {
  const TouchWindows windows{.lookback_days_of = {{"view", 1}, {"click", 9}}};
  const Journeys journeys = journeys_in_windows(table_of({rows}), options, windows);
  EXPECT_EQ(told(journeys), "banner no; search phone banner mail yes; mail no; ");
  EXPECT_EQ(journeys.channels().size(), 4U);
  EXPECT_EQ(journeys.columns().options[1].second, "click 9, view 1, other none");
  EXPECT_EQ(Journeys::from_bytes(journeys.to_bytes()), journeys);
  TouchOptions three = options;
  three.lookback_days = 3;
  const Journeys forgotten = journeys_in_windows(table_of({rows}), three, {.lookback_days_of = {{"click", 30}}});
  EXPECT_EQ(told(forgotten), "banner phone no; search banner mail yes; mail no; ");
}

TEST(TouchWindowsTest, BatchesThatBeginInTheMiddleAreReadFromThere) {
  const TouchWindows windows{.lookback_days_of = {{"view", 1}}};
  std::vector<KindedRow> first{{99, "never", "view", 1}, {99, "seen", "view"}};
  std::vector<KindedRow> second = first;
  first.insert(first.end(), rows.begin(), rows.begin() + 3);
  second.insert(second.end(), rows.begin() + 3, rows.end());
  EXPECT_EQ(journeys_in_windows(table_of({first, second}, 2), options, windows),
            journeys_in_windows(table_of({rows}), options, windows));
}

TEST(TouchWindowsTest, RowsThatLackSomethingAreListedAsEver) {
  const std::vector<KindedRow> poor{{1, std::nullopt, "view"}, {1, "", "view"}, {1, "\xFF", "view"}, {1, "a", "view"}};
  const Journeys journeys = journeys_in_windows(table_of({poor}), options, {.lookback_days_of = {{"view", 1}}});
  const Table problems = journeys.problems();
  ASSERT_EQ(problems.rows(), 2);
  EXPECT_EQ(problems.text_at(0, "first_rows"), "row 0, row 1");
  EXPECT_EQ(problems.text_at(1, "code"), "bad_text");
  EXPECT_EQ(problems.text_at(1, "first_rows"), "row 2");
  EXPECT_EQ(told(journeys), "a no; ");
}

TEST(TouchWindowsTest, MistakesAreErrors) {
  const TableInput table = table_of({rows});
  const auto code = [&](const TouchOptions& asked, const TouchWindows& windows) {
    return refusal_code([&] { static_cast<void>(journeys_in_windows(table, asked, windows)); });
  };
  EXPECT_EQ(code(options, {.lookback_days_of = {{"view", 1}, {"view", 2}}}), ErrorCode::invalid_argument);
  EXPECT_EQ(code(options, {.lookback_days_of = {{"view", 40'000}}}), ErrorCode::invalid_argument);
  EXPECT_EQ(code(options, {.kind = "how"}), ErrorCode::missing_column);
  EXPECT_EQ(code(options, {.kind = "at"}), ErrorCode::type_mismatch);
  EXPECT_EQ(code({.subject = "channel"}, {}), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
