// SP.7: what a card says, and the ways to cut and read cards.
#include "dealtrail/cards/card.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::count_of;
using testing::minor_of;
using testing::real_of;
using testing::refusal_code;
using testing::rub;
using testing::utc;

// One announcement of 1 000.00, three leads (one junk, one qualified), two deals, one won at 3 000.00 with a cost of 1
// 800.00.
Trail story() {
  Trail trail{RUB};
  trail.put(Channel{.id = "tg", .name = "Telegram", .state = "test"});
  trail.put(Channel{.id = "idle", .name = "Idle"});
  trail.put(Partner{.id = "media", .name = "Media"});
  trail.put(Event{.id = "expo", .name = "Expo", .starts_at = utc("2026-03-20"), .status = "held"});
  trail.put(Announcement{.id = "a",
                         .channel = "tg",
                         .event = "expo",
                         .partner = "media",
                         .published_at = utc("2026-03-01"),
                         .creative = "Come!"});
  trail.put(Invoice{.id = "i", .amount = rub(1'000), .issued_at = utc("2026-02-10"), .approved_at = utc("2026-04-02")});
  trail.put(InvoiceLine{.id = "l", .invoice = "i", .announcement = "a"});
  trail.put(Lead{.id = "l1",
                 .announcement = "a",
                 .outcome = "junk",
                 .qualified_at = utc("2026-03-05"),
                 .created_at = utc("2026-03-04")});
  trail.put(Lead{.id = "l2", .announcement = "a", .qualified_at = utc("2026-04-05"), .created_at = utc("2026-03-04")});
  trail.put(Lead{.id = "l3", .announcement = "a", .created_at = utc("2026-03-04")});
  trail.put(Registration{.id = "r", .event = "expo", .person = "p", .announcement = "a", .at = utc("2026-03-10")});
  trail.put(Attendance{.id = "t", .registration = "r", .at = utc("2026-03-20T10:00")});
  trail.put(Deal{.id = "d1",
                 .person = "p",
                 .registration = "r",
                 .outcome = "won",
                 .created_at = utc("2026-03-21"),
                 .closed_at = utc("2026-04-10"),
                 .amount = rub(3'000),
                 .cost = rub(1'800)});
  trail.put(Deal{.id = "d2", .lead = "l2", .created_at = utc("2026-04-21"), .amount = rub(9'999)});
  return trail;
}

TEST(CardTest, AnEmptyOneHasZeroCountsAndNoRatios) {
  const Card card;
  EXPECT_EQ(card.deals, 0);
  EXPECT_FALSE(card.cost.has_value());
  EXPECT_FALSE(card.roas.has_value());
}

TEST(CardTest, SaysWhatAChannelCostAndBrought) {
  const Trail trail = story();
  const Card card = trail.card("tg");
  EXPECT_EQ(card.key, "tg");
  EXPECT_EQ(card.name, "Telegram");
  EXPECT_EQ(card.state, "test");
  EXPECT_EQ(card.announcements, 1);
  EXPECT_EQ(card.cost, rub(1'000));
  EXPECT_EQ(card.leads, 3);
  EXPECT_EQ(card.leads_not_junk, 2);
  EXPECT_EQ(card.leads_qualified, 1);
  EXPECT_EQ(card.registrations, 1);
  EXPECT_EQ(card.attended, 1);
  EXPECT_EQ(card.walk_ins, 0);
  EXPECT_EQ(card.new_faces, 1);
  EXPECT_EQ(card.deals, 2);
  EXPECT_EQ(card.won, 1);
  EXPECT_EQ(card.new_customers, 1);
  EXPECT_EQ(card.amount_won, rub(3'000));
  EXPECT_EQ(card.margin, rub(1'200));
  EXPECT_EQ(card.margin_known, 1.0);
  EXPECT_EQ(card.cost_per_announcement, 1'000.0);
  EXPECT_EQ(card.cost_per_lead, 1'000.0 / 3);
  EXPECT_EQ(card.cost_per_lead_not_junk, 500.0);
  EXPECT_EQ(card.cost_per_lead_qualified, 1'000.0);
  EXPECT_EQ(card.cost_per_registration, 1'000.0);
  EXPECT_EQ(card.cost_per_attendee, 1'000.0);
  EXPECT_EQ(card.cost_per_new_face, 1'000.0);
  EXPECT_EQ(card.cost_per_deal, 500.0);
  EXPECT_EQ(card.cac, 1'000.0);
  EXPECT_EQ(card.show_rate, 1.0);
  EXPECT_EQ(card.roi_revenue, 2.0);  // (3 000 − 1 000) / 1 000
  EXPECT_EQ(card.roi_margin, 0.2);   // (1 200 − 1 000) / 1 000
  EXPECT_EQ(card.roas, 3.0);
  EXPECT_EQ(card.open, 1);
}

// Law 5: no value is not zero.
TEST(CardTest, AChannelWithoutFactsHasACardWithoutRatios) {
  const Card card = story().card("idle");
  EXPECT_EQ(card.cost, std::nullopt);  // no cost row at any date: not known
  EXPECT_EQ(card.margin, std::nullopt);
  EXPECT_EQ(card.margin_known, std::nullopt);
  EXPECT_EQ(card.cost_per_lead, std::nullopt);
  EXPECT_EQ(card.show_rate, std::nullopt);
  EXPECT_EQ(card.roi_margin, std::nullopt);
}

// M1.2: placed free or by barter is a state of its own, never "cost 0" that would beat every channel that is paid for.
TEST(CardTest, AFreePlacementHasNoCostPerAnything) {
  Trail trail{RUB};
  trail.put(Channel{.id = "club", .name = "Club", .paid = "barter"});
  trail.put(Announcement{.id = "free", .channel = "club", .published_at = utc("2026-03-01")});
  trail.put(Announcement{.id = "bought", .channel = "club", .published_at = utc("2026-03-01"), .paid = "paid"});
  EXPECT_EQ(trail.card("club").cost, rub(0));
  EXPECT_EQ(trail.card("club").cost_per_announcement, std::nullopt);
  EXPECT_EQ(trail.card("free", "announcement").cost_per_announcement, std::nullopt);  // as its channel
  EXPECT_EQ(trail.card("bought", "announcement").cost_per_announcement, 0.0);
  // What was spent all the same is a cost again: 30 over two announcements.
  trail.put(Cost{.id = "k", .kind = "print", .channel = "club", .amount = rub(30), .at = utc("2026-03-01")});
  EXPECT_EQ(trail.card("club").cost_per_announcement, 15.0);
}

TEST(CardTest, AMarginOfZeroIsKnown) {
  Trail trail{RUB};
  trail.put(Deal{.id = "d", .outcome = "won", .created_at = utc("2026-01-01"), .amount = rub(5), .cost = rub(5)});
  EXPECT_EQ(trail.card("(total)").margin, rub(0));
  trail.put(Deal{.id = "d", .outcome = "won", .created_at = utc("2026-01-01"), .amount = rub(5)});
  EXPECT_EQ(trail.card("(total)").margin, std::nullopt);
  EXPECT_EQ(trail.card("(total)").margin_known, 0.0);
}

TEST(CardTest, EachOfTheFiveKeysHasLiveCards) {
  const Trail trail = story();
  EXPECT_EQ(trail.card("a", "announcement").name, "Come!");
  EXPECT_EQ(trail.card("a", "announcement").state, "out");
  EXPECT_EQ(trail.card("expo", "event").deals, 2);
  EXPECT_EQ(trail.card("expo", "event").state, "held");
  EXPECT_EQ(trail.card("media", "partner").cost, rub(1'000));
  EXPECT_EQ(trail.card("2026-03", "month").deals, 1);
  EXPECT_EQ(trail.card("2026-04", "month").amount_won, rub(3'000));
  EXPECT_EQ(trail.card("(undated)", "month").deals, 0);
  EXPECT_EQ(trail.card("(total)", "month").deals, 2);
  EXPECT_EQ(trail.card("(unattributed)").deals, 0);
}

TEST(CardTest, AKeyWithoutARowIsRefused) {
  const Trail trail = story();
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.card("vk")); }), ErrorCode::unknown_name);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.card("")); }), ErrorCode::unknown_name);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.card("2026-01", "month")); }), ErrorCode::unknown_name);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.card("2026", "month")); }), ErrorCode::unknown_name);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.card("(unattributed)", "month")); }), ErrorCode::unknown_name);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.card("tg", "city")); }), ErrorCode::unknown_name);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.cards({.by = "nonsense"})); }), ErrorCode::unknown_name);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.cards({.by = ""})); }), ErrorCode::unknown_name);
}

TEST(CardTest, TheTableHasARowPerKeyThenUnattributedThenTotal) {
  const Trail trail = story();
  const Table cards = trail.cards();
  EXPECT_EQ(column(cards, "key"), (std::vector<std::string>{"idle", "tg", "(unattributed)", "(total)"}));
  EXPECT_EQ(column(cards, "state"), (std::vector<std::string>{"working", "test", "-", "-"}));
  std::vector<std::string> names;
  for (const ColumnInfo& info : cards.columns()) names.push_back(info.name);
  EXPECT_EQ(names, (std::vector<std::string>{"key",
                                             "name",
                                             "state",
                                             "announcements",
                                             "cost",
                                             "leads",
                                             "leads_not_junk",
                                             "leads_qualified",
                                             "registrations",
                                             "cancelled",
                                             "tickets",
                                             "attended",
                                             "walk_ins",
                                             "tickets_attended",
                                             "new_faces",
                                             "deals",
                                             "won",
                                             "lost",
                                             "new_customers",
                                             "amount_won",
                                             "paid",
                                             "refunded",
                                             "margin",
                                             "margin_known",
                                             "cost_per_announcement",
                                             "cost_per_lead",
                                             "cost_per_lead_not_junk",
                                             "cost_per_lead_qualified",
                                             "cost_per_registration",
                                             "cost_per_attendee",
                                             "cost_per_new_face",
                                             "cost_per_deal",
                                             "cac",
                                             "show_rate",
                                             "roi_revenue",
                                             "roi_margin",
                                             "roas",
                                             "open"}));  // design §7
  EXPECT_EQ(column(trail.cards({.by = "month"}), "key"),
            (std::vector<std::string>{"2026-03", "2026-04", "(undated)", "(total)"}));
  EXPECT_EQ(column(Trail{RUB}.cards(), "key"), (std::vector<std::string>{"(unattributed)", "(total)"}));
}

TEST(CardTest, TheTableNamesWhatItWasComputedWith) {
  const Table cards = story().cards();
  for (const auto& [key, value] : {std::pair{"by", "channel"},
                                   {"view", "marketing"},
                                   {"clock", "activity"},
                                   {"currency", "RUB"},
                                   {"zone", "UTC"},
                                   {"vat", "gross"},
                                   {"lookback_days", "90"},
                                   {"period", ""},
                                   {"computed", "live"},
                                   {"revenue", "amount_won"},
                                   {"as_of", ""},
                                   {"now", "2026-04-21T00:00:00Z"}}) {
    EXPECT_EQ(cards.meta(key), value) << key;
  }
  EXPECT_TRUE(cards.meta("source_precedence").has_value());
  EXPECT_TRUE(cards.meta("cost_scope").has_value());
}

// A session names the topmost event, in whose row it counts; a parent that is not there makes no session.
TEST(CardTest, TheTableOfEventsSaysWhatIsAPartOfWhat) {
  Trail trail{RUB};
  trail.put(Event{.id = "expo", .name = "expo"});
  trail.put(Event{.id = "day", .name = "day", .parent = "expo"});
  trail.put(Event{.id = "hour", .name = "hour", .parent = "day"});
  trail.put(Event{.id = "lost", .name = "lost", .parent = "nowhere"});
  for (const Clock clock : {Clock::activity, Clock::placement}) {  // live and a scan
    const Table table = trail.cards({.by = "event", .clock = clock});
    EXPECT_EQ(testing::column(table, "key"),
              (std::vector<std::string>{"day", "expo", "hour", "lost", "(unattributed)", "(total)"}));
    EXPECT_EQ(testing::column(table, "part_of"), (std::vector<std::string>{"expo", "-", "expo", "-", "-", "-"}));
  }
  EXPECT_EQ(trail.card("hour", "event").part_of, "expo");
  EXPECT_EQ(trail.card("expo", "event").part_of, std::nullopt);
  const Table channels = trail.cards();
  for (const ColumnInfo& one : channels.columns()) EXPECT_NE(one.name, "part_of");  // of events alone
}

// A scan of all facts says what the live cards say.
TEST(CardTest, AScanSaysTheSameAsTheLiveCards) {
  const Trail trail = story();
  for (const std::string by : {"channel", "announcement", "event", "partner", "month"}) {
    const Table live = trail.cards({.by = by});
    const Table scan = trail.cards({.by = by, .as_of = trail.now()});
    ASSERT_EQ(live.rows(), scan.rows());
    for (std::int64_t row = 0; row < live.rows(); ++row) {
      for (std::size_t c = 0; c < live.columns().size(); ++c)
        EXPECT_EQ(live.at(row, c), scan.at(row, c)) << by << ' ' << row << ' ' << c;
    }
  }
}

// The invoice of 10 February, approved on 2 April, pays for an announcement of 1 March; the deal is won in April.
TEST(CardTest, ClocksMoveFiguresToAnotherTime) {
  const Trail trail = story();
  const auto month = [&](Clock clock, std::string_view key, std::string_view of) {
    return minor_of(trail.cards({.by = "month", .clock = clock}), key, of);
  };
  EXPECT_EQ(month(Clock::activity, "2026-03", "cost"), 100'000);
  EXPECT_EQ(month(Clock::approval, "2026-04", "cost"), 100'000);
  EXPECT_EQ(month(Clock::activity, "2026-04", "amount_won"), 300'000);
  EXPECT_EQ(month(Clock::placement, "2026-03", "amount_won"), 300'000);
  EXPECT_EQ(month(Clock::placement, "2026-03", "cost"), 100'000);
  for (const Clock clock : {Clock::placement, Clock::approval}) {
    EXPECT_EQ(minor_of(trail.cards({.clock = clock}), "tg", "cost"), 100'000);  // the sums stay
    EXPECT_EQ(real_of(trail.cards({.by = "month", .clock = clock}), "(total)", "show_rate"), 1.0);
  }
}

TEST(CardTest, APeriodKeepsWhatLiesInIt) {
  const Trail trail = story();
  const Table march = trail.cards({.period = parse_period("2026-03")});
  EXPECT_EQ(column(march, "key"), (std::vector<std::string>{"idle", "tg", "(unattributed)", "(total)"}));  // rows stay
  EXPECT_EQ(count_of(march, "tg", "deals"), 1);
  EXPECT_EQ(minor_of(march, "tg", "cost"), 100'000);
  EXPECT_EQ(minor_of(march, "tg", "amount_won"), 0);
  EXPECT_EQ(march.meta("period"), "2026-03");
  EXPECT_EQ(count_of(trail.cards({.period = parse_period("2026-Q2")}), "tg", "won"), 1);
  EXPECT_EQ(count_of(trail.cards({.period = parse_period("2026")}), "tg", "leads"), 3);
  EXPECT_EQ(count_of(trail.cards({.period = parse_period("2026-03-04")}), "tg", "leads"), 3);
  EXPECT_EQ(count_of(trail.cards({.period = parse_period("2026-W10")}), "tg", "leads"), 3);  // 2 to 8 March
  EXPECT_EQ(count_of(trail.cards({.period = parse_period("2025")}), "tg", "leads"), 0);
  EXPECT_EQ(column(trail.cards({.by = "month", .period = parse_period("2026-03")}), "key"),
            (std::vector<std::string>{"2026-03", "(undated)", "(total)"}));
}

TEST(CardTest, MonthsAreOfTheTrailsZone) {
  Trail trail{RUB, {.zone = Zone::fixed(3 * 3600, "MSK")}};
  trail.put(Deal{.id = "d", .created_at = utc("2026-03-31T21:30")});  // 00:30 of 1 April in Moscow
  EXPECT_EQ(trail.card("2026-04", "month").deals, 1);
  EXPECT_EQ(count_of(trail.cards({.period = parse_period("2026-03")}), "(total)", "deals"), 0);
  const Table cards = trail.cards();
  EXPECT_EQ(cards.meta("zone"), "MSK");
}

// Overflow is an error at the moment of reading, never a wrap: five amounts of 2^61 are beyond 2^63.
TEST(CardTest, ASumBeyond64BitsIsAnErrorWhenRead) {
  Trail trail{RUB};
  trail.put(Channel{.id = "c", .name = "C"});
  const auto put = [&](int number, std::optional<std::string> channel) {
    trail.put(Cost{.id = std::to_string(number),
                   .kind = "x",
                   .channel = channel,
                   .amount = Money{std::int64_t{1} << 61, RUB},
                   .at = utc("2026-01-01")});
  };
  for (int i = 0; i < 3; ++i) put(i, "c");
  for (int i = 3; i < 5; ++i) put(i, {});
  EXPECT_EQ(trail.card("c").cost, (Money{3 * (std::int64_t{1} << 61), RUB}));
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.card("(total)")); }), ErrorCode::overflow);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(trail.cards()); }), ErrorCode::overflow);
  EXPECT_EQ(trail.trace("(total)", "cost").rows(), 5);  // the parts can still be seen
  trail.remove(Kind::costs, "4");
  trail.remove(Kind::costs, "3");
  EXPECT_EQ(trail.card("(total)").cost, (Money{3 * (std::int64_t{1} << 61), RUB}));
  EXPECT_TRUE(testing::live_is_batch(trail));
}

}  // namespace
}  // namespace dealtrail
