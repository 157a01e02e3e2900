// AT.1: the same to each touch.
#include "dealtrail/attribution/linear.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "attribution/credited.hpp"
#include "support/refusal.hpp"
#include "support/touch_rows.hpp"

namespace dealtrail {
namespace {

using testing::credited;
using testing::journeys_of;
using testing::PathRow;
using testing::refusal_code;
using testing::TouchRow;

// The six rows of the specification's T8, with value and journeys that did not convert.
const std::vector<PathRow> six{{"A>B>C", 3, 7, 300}, {"B>A", 2, 8, 100},     {"A", 1, 9, 20},
                               {"C>C>B", 4, 6, 100}, {"B>C>A>B", 1, 1, 500}, {"C", 0, 5, 0}};

TEST(Linear, DividesEachJourneyEqually) {
  // By hand: A 3/3 + 2/2 + 1 + 1/4, B 1 + 1 + 4/3 + 2/4, C 1 + 8/3 + 1/4.
  EXPECT_EQ(credited(attribution::linear(journeys_of(six))),
            "A 3.25 = 295.00, B 3.833333 = 433.33, C 3.916667 = 291.67, (unattributed) 0 = 0.00");
}

// By hand: a rouble over three channels is 33 and a third kopecks each. The odd unit of 2^-48 is the first touch's, so
// its remainder is the greatest.
TEST(Linear, TheOddKopeckIsGivenOnce) {
  EXPECT_EQ(credited(attribution::linear(
                journeys_of(std::vector<TouchRow>{{"s", 1, "a", 0, 0}, {"s", 2, "b", 0, 0}, {"s", 3, "c", 1, 1}}))),
            "a 0.333333 = 0.34, b 0.333333 = 0.33, c 0.333333 = 0.33, (unattributed) 0 = 0.00");
}

// IN.14: 1 000 journeys A > B > C worth a minor unit each: 334, 333, 333, not 1 000, 0, 0.
TEST(Linear, MoneyDoesNotLeanToTheFirstTouches) {
  TableBuilder builder{"touches"};
  ColumnBuilder& subject = builder.integer("subject");
  ColumnBuilder& at = builder.time("at");
  ColumnBuilder& channel = builder.text("channel");
  ColumnBuilder& won = builder.boolean("won");
  ColumnBuilder& value = builder.money("value", JPY);
  for (std::int64_t who = 0; who < 1000; ++who) {
    for (const std::int64_t touch : {0, 1, 2}) {
      subject.append_integer(who);
      at.append_time(from_us(touch));
      channel.append_text(std::string(1, static_cast<char>('A' + touch)));
      won.append_boolean(touch == 2);
      value.append_minor(touch == 2 ? std::optional<std::int64_t>{1} : std::nullopt);
    }
  }
  const Table table = builder.finish();
  for (const std::size_t threads : {1U, 3U}) {
    const Credit made =
        attribution::linear(Journeys::from_touches(read_all(table.to_stream(), "touches"),
                                                   {.converted = "won", .value = "value", .currency = JPY}),
                            {.threads = threads});
    ASSERT_EQ(made.channels.size(), 3U);
    EXPECT_EQ(made.channels[0].value, 334);
    EXPECT_EQ(made.channels[1].value, 333);
    EXPECT_EQ(made.channels[2].value, 333);
    EXPECT_EQ(made.total_value, 1000);
  }
}

}  // namespace
}  // namespace dealtrail
