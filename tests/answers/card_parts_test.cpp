// PF.8: the sums of cards by several keys at once.
#include "dealtrail/answers/card_parts.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"
#include "support/random_facts.hpp"

namespace dealtrail {
namespace {

using testing::refusal_code;
using testing::rub;
using testing::utc;

TEST(CardPartsTest, ARowForEachCombinationThatHasSomething) {
  Trail trail{RUB};
  trail.put(Channel{.id = "tg", .name = "Telegram"});
  trail.put(Announcement{.id = "a", .channel = "tg", .published_at = utc("2026-03-01"), .brand = "North"});
  trail.put(Cost{.id = "c", .kind = "marketing", .announcement = "a", .amount = rub(500), .at = utc("2026-03-02")});
  trail.put(Deal{.id = "d", .announcement = "a", .brand = "South", .created_at = utc("2026-04-01")});
  const std::vector<std::string> by{"month", "channel", "brand"};
  const Table parts = card_parts(trail, by);
  ASSERT_EQ(parts.rows(), 2);
  EXPECT_EQ(parts.text_at(0, "month"), "2026-03");
  EXPECT_EQ(parts.text_at(0, "channel"), "tg");
  EXPECT_EQ(parts.text_at(0, "brand"), "North");
  EXPECT_EQ(parts.minor_at(0, "cost"), 50'000);
  EXPECT_EQ(parts.integer_at(0, "announcements"), 1);
  EXPECT_EQ(parts.text_at(1, "month"), "2026-04");
  EXPECT_EQ(parts.text_at(1, "brand"), "South");
  EXPECT_EQ(parts.integer_at(1, "deals"), 1);
  EXPECT_EQ(parts.meta("by"), "month, channel, brand");
}

TEST(CardPartsTest, AnEmptyTrailHasNone) {
  const std::vector<std::string> by{"channel"};
  EXPECT_EQ(card_parts(Trail{RUB}, by).rows(), 0);
}

// On made-up histories: rows of one key added up are its card, and all rows the total, whatever else is in `by`.
TEST(CardPartsTest, AddUpToTheCardsOfEveryKey) {
  const std::vector<std::string> by{"month", "channel", "brand", "manager", "event"};
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random{seed};
    Trail trail{RUB};
    testing::put_all(trail, testing::random_statements(seed, 160), random);
    CardsOptions options;
    if (seed % 3 == 1) options.clock = Clock::placement;
    if (seed % 3 == 2) options.view = View::finance;
    const Table parts = card_parts(trail, by, options);
    for (const std::string& key : by) {
      if (key == "event") continue;  // its cards have the rows of sessions, too
      options.by = key;
      const Table cards = trail.cards(options);
      for (const CardColumn& column : card_columns) {
        if (column.sort == ColumnRole::ratio || column.sort == ColumnRole::hidden || column.name == "margin") continue;
        std::map<std::string, std::int64_t> sums;
        for (std::int64_t row = 0; row < parts.rows(); ++row) {
          const std::int64_t value = is_money(column.metric) ? parts.minor_at(row, column.name).value()
                                                             : parts.integer_at(row, column.name).value();
          sums[std::string{*parts.text_at(row, key)}] += value;
          sums["(total)"] += value;
        }
        for (std::int64_t row = 0; row < cards.rows(); ++row) {
          const std::string of{*cards.text_at(row, "key")};
          const std::int64_t expected = is_money(column.metric)
                                            ? cards.minor_at(row, column.name).value_or(0)  // left out, not known
                                            : cards.integer_at(row, column.name).value_or(0);
          ASSERT_EQ(sums[of], expected) << key << " " << of << " " << column.name;
        }
      }
    }
  }
}

TEST(CardPartsTest, RefusesNoKeyAKeyTwiceAndAnUnknownOne) {
  const auto ask = [](const std::vector<std::string>& by) {
    return refusal_code([&] { (void)card_parts(Trail{RUB}, by); });
  };
  EXPECT_EQ(ask({}), ErrorCode::invalid_argument);
  EXPECT_EQ(ask({"channel", "month", "channel"}), ErrorCode::invalid_argument);
  EXPECT_EQ(ask({"colour of the stand"}), ErrorCode::unknown_name);
}

}  // namespace
}  // namespace dealtrail
