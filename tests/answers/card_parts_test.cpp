// PF.8: the sums of cards by several keys at once.
#include "dealtrail/answers/card_parts.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/placements/placements.hpp"

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

// What the card of each announcement says that a metric counts.
std::int64_t results_of(const Table& cards, std::int64_t row, const std::string& metric) {
  const auto count = [&](const char* column) { return cards.integer_at(row, column).value_or(0); };  // not known
  if (metric == "cost_per_attendee" || metric == "came") return count("attended") + count("walk_ins");
  if (metric == "cost_per_registration") return count("registrations");
  if (metric == "cost_per_deal") return count("deals");
  if (metric == "cac") return count("new_customers");
  if (metric == "cost_per_new_face") return count("new_faces");
  return metric == "amount_won" ? cards.minor_at(row, "amount_won").value_or(0) : count("won");
}

// The placements of a Trail have the sums of its cards, but for the cost of events at which nobody looked.
TEST(CardPartsTest, PlacementsHaveTheSumsOfCards) {
  std::int64_t compared = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random{seed + 500};
    Trail trail{RUB};
    testing::put_all(trail, testing::random_statements(seed, 250, {.foreign = false}), random);
    const std::optional<Timestamp> as_of =
        seed % 2 == 0 ? std::nullopt : std::optional{from_us(1'767'225'600'000'000 + 75 * us_per_day)};
    const CardsOptions cut{.by = "announcement", .as_of = as_of};
    const Table cards = trail.cards(cut);
    const std::vector<std::string> by{"announcement"};
    const Table parts = card_parts(trail, by, cut);  // they have the cost of events at which nobody looked
    for (const std::string metric : {"cost_per_attendee", "came", "cost_per_registration", "cost_per_deal", "cac",
                                     "cost_per_new_face", "amount_won", "won"}) {
      const Placements view = placements(trail, {.metric = metric, .as_of = as_of});
      std::int64_t left_out = 0;
      for (std::int64_t row = 0; row + 2 < cards.rows(); ++row) {
        const std::string id{*cards.text_at(row, "key")};
        std::size_t at = 0;
        while (at < view.size() && view.id(at) != id) ++at;
        if (at == view.size()) {
          ++left_out;
          continue;
        }
        ++compared;
        EXPECT_EQ(view.count(at), results_of(cards, row, metric)) << metric << ' ' << id;
        std::int64_t spend = cards.minor_at(row, "cost").value_or(0);
        const bool guests = metric == "cost_per_attendee" || metric == "came" || metric == "cost_per_new_face";
        if (const auto part = parts.find_row("announcement", id); guests && !view.open(at) && part.has_value())
          spend -= parts.minor_at(*part, "cost_unseen").value_or(0);
        EXPECT_EQ(view.spend_minor(at).value_or(0), spend) << metric << ' ' << id;
        const bool by_window = (metric == "won" || metric == "cac") && *cards.integer_at(row, "announcements") == 1 &&
                               !(view.at(at) && view.at(at) > (as_of ? as_of : trail.now()));
        EXPECT_TRUE(!by_window || view.open(at) == (*cards.integer_at(row, "open") > 0)) << id;
      }
      EXPECT_EQ(view.left_out(), left_out) << metric;
      EXPECT_EQ(view.rows(), cards.rows() - 2);
    }
  }
  EXPECT_GT(compared, 500);
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
