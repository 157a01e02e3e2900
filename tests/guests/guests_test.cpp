// The view of guests (PF.4, M0.2, M0.4, M0.5, M4.4); the definitions are those of docs/funnel/funnel.md.
#include "dealtrail/guests/guests.hpp"

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/facts.hpp"
#include "support/random_facts.hpp"

namespace dealtrail {
namespace {

using testing::rub;
using testing::utc;

Trail fair() {
  Trail trail{RUB};
  trail.put(Event{.id = "fair", .name = "Fair", .starts_at = utc("2026-03-10T10:00"), .brand = "north"});
  trail.put(Event{.id = "talk", .name = "Talk", .parent = "fair", .starts_at = utc("2026-03-10T12:00")});
  trail.put(Move{.id = "later", .field = "x", .to = "y", .at = utc("2026-03-31")});
  return trail;
}

const Guest* find(const Guests& guests, std::string_view id) {
  for (const Guest& guest : guests.rows) {
    if (guest.guest == id) return &guest;
  }
  return nullptr;
}

TEST(GuestsTest, AnEmptyTrailHasNone) {
  const Trail trail{RUB};
  const Guests none = guests(trail);
  EXPECT_TRUE(none.rows.empty());
  EXPECT_EQ(none.as_of, std::nullopt);
  EXPECT_EQ(none.now, std::nullopt);
  EXPECT_EQ(guests_table(none).rows(), 0);
}

TEST(GuestsTest, ASessionBelongsToItsEventAndIsCountedBesideIt) {
  Trail trail = fair();
  trail.put(Attendance{.id = "a1", .event = "fair", .person = "ann", .at = utc("2026-03-10T10:05")});
  trail.put(Attendance{.id = "a2", .event = "talk", .person = "ann", .at = utc("2026-03-10T12:05")});
  trail.put(
      Signal{.id = "s", .event = "talk", .person = "ann", .kind = "closed_session", .at = utc("2026-03-10T13:00")});
  const Guests all = guests(trail);
  ASSERT_EQ(all.rows.size(), 1U);
  const Guest& ann = all.rows.front();
  EXPECT_EQ(ann.event, "fair");
  EXPECT_TRUE(ann.walk_in);
  EXPECT_EQ(ann.sessions, 1);
  EXPECT_EQ(ann.closed_sessions, 1);
  EXPECT_EQ(ann.signal_kinds, "closed_session");
  EXPECT_EQ(ann.brand, "north");
  EXPECT_EQ(all.keys[ann.key].key, "fair");
}

TEST(GuestsTest, ACompanyIsInvitedThroughItsGuestsAndByItselfWithoutAny) {
  Trail trail = fair();
  trail.put(Person{.id = "ann", .company = "alfa"});
  trail.put(Registration{.id = "r", .event = "fair", .person = "ann", .at = utc("2026-03-01")});
  for (const char* company : {"alfa", "beta"}) {
    trail.put(
        Invitation{.id = company, .event = "fair", .company = company, .segment = "A", .sent_at = utc("2026-02-01")});
  }
  const Guests all = guests(trail, {.by = "segment"});
  ASSERT_EQ(all.rows.size(), 2U);
  EXPECT_TRUE(find(all, "ann")->invited && find(all, "ann")->registered);
  EXPECT_EQ(find(all, "ann")->segment, "A");
  EXPECT_EQ(find(all, "beta")->kind, "company");
  EXPECT_FALSE(given(find(all, "beta")->person));
  EXPECT_EQ(all.keys.size(), 1U);
}

TEST(GuestsTest, ASaleOfACompanyIsThatOfItsGuestWhoCameFirst) {
  Trail trail = fair();
  trail.put(Channel{.id = "mail", .name = "Mail"});
  trail.put(Announcement{.id = "letter", .channel = "mail", .event = "talk"});
  for (const char* person : {"ann", "bob"}) trail.put(Person{.id = person, .company = "alfa"});
  trail.put(Registration{.id = "r", .event = "fair", .person = "ann", .at = utc("2026-03-01")});
  trail.put(Attendance{.id = "a", .event = "fair", .person = "bob", .at = utc("2026-03-10T10:00")});
  trail.put(
      Deal{.id = "d1", .company = "alfa", .announcement = "letter", .created_at = utc("2026-03-12"), .amount = rub(5)});
  trail.put(Deal{.id = "d2", .person = "eve", .created_at = utc("2026-03-12")});
  const Guests all = guests(trail);
  EXPECT_EQ(find(all, "bob")->deals, 1);
  EXPECT_EQ(find(all, "bob")->amount_open, MoneySum{500});
  EXPECT_EQ(find(all, "ann")->deals, 0);
  EXPECT_EQ(all.deals_without_event, 1);
}

TEST(GuestsTest, PromisesAreWhatIsDueAndNotDone) {
  Trail trail = fair();
  trail.put(
      Signal{.id = "s", .event = "fair", .person = "ann", .kind = "offer_request", .at = utc("2026-03-10T13:00")});
  const auto promise = [&](const char* id, const char* due, const char* done) {
    trail.put(Activity{.id = id,
                       .kind = "offer",
                       .signal = "s",
                       .manager = "mia",
                       .at = utc("2026-03-10T14:00"),
                       .due_at = utc(due),
                       .done_at = done == nullptr ? std::nullopt : std::optional{utc(done)}});
  };
  promise("late", "2026-03-12", nullptr);
  promise("kept", "2026-03-12", "2026-03-13");
  promise("not yet", "2026-04-12", nullptr);
  const Guests all = guests(trail);
  ASSERT_EQ(all.promises.size(), 1U);
  EXPECT_EQ(all.promises.front().activity, "late");
  EXPECT_EQ(all.promises.front().manager, "mia");
  EXPECT_EQ(all.rows.front().follow_ups, 3);
  EXPECT_EQ(all.rows.front().offers, 1);
  EXPECT_EQ(all.rows.front().first_offer_at, utc("2026-03-13"));
  // Before it was kept, it was late, too.
  EXPECT_EQ(guests(trail, {.as_of = utc("2026-03-12T12:00")}).promises.size(), 2U);
}

// Law: what registers, arrives and sells is counted by the cards' own code, so that the sums are the same.
TEST(GuestsTest, SumsOverGuestsAreTheCardsOnRandomFacts) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random{seed};
    Trail trail{RUB};
    testing::put_all(trail, testing::random_statements(seed, 250, {.versions = seed % 2 == 0, .removal = 0.05}),
                     random);
    for (const View view : {View::marketing, View::finance}) {
      const Guests all = guests(trail, {.by = "channel", .view = view});
      const Table cards = trail.cards({.view = view});
      std::int64_t registered = 0;
      std::int64_t attended = 0;
      std::int64_t walk_ins = 0;
      std::int64_t tickets = 0;
      std::int64_t tickets_attended = 0;
      std::int64_t deals = all.deals_without_event;
      for (const Guest& guest : all.rows) {
        registered += guest.registered ? 1 : 0;
        attended += guest.attended ? 1 : 0;
        walk_ins += guest.walk_in ? 1 : 0;
        tickets += guest.tickets;
        tickets_attended += guest.tickets_attended;
        deals += guest.deals;
        EXPECT_EQ(guest.deals, guest.open_deals + guest.won + guest.lost);
      }
      EXPECT_EQ(registered, testing::count_of(cards, "(total)", "registrations"));
      EXPECT_EQ(attended, testing::count_of(cards, "(total)", "attended"));
      EXPECT_EQ(walk_ins, testing::count_of(cards, "(total)", "walk_ins"));
      EXPECT_EQ(tickets, testing::count_of(cards, "(total)", "tickets"));
      EXPECT_EQ(tickets_attended, testing::count_of(cards, "(total)", "tickets_attended"));
      EXPECT_EQ(deals, testing::count_of(cards, "(total)", "deals"));
      EXPECT_EQ(guests_table(all).rows(), static_cast<std::int64_t>(all.rows.size()));
    }
  }
}

TEST(GuestsTest, ColumnsAreFoundByNameAndNullIsNull) {
  const Guest guest{.name = "Ann", .signals = 2, .amount_won = MoneySum{12'345}};
  const auto cell = [&](std::string_view name) { return guest_cell(guest, *find_guest_column(name), 2); };
  EXPECT_EQ(cell("name"), Datum::text("Ann"));
  EXPECT_EQ(cell("signals"), Datum::integer(2));
  EXPECT_EQ(cell("amount_won"), Datum::decimal(12'345, 2));
  EXPECT_EQ(cell("came"), Datum::boolean(false));
  EXPECT_TRUE(cell("phone").is_null() && cell("came_at").is_null());
  EXPECT_EQ(find_guest_column("colour"), std::nullopt);
  EXPECT_TRUE(given("") && !given({}));
}

TEST(GuestsTest, AWrongColumnIsRefused) {
  const Trail trail{RUB};
  EXPECT_EQ(testing::refusal_code([&] { (void)guests(trail, {.by = "colour"}); }), ErrorCode::unknown_name);
}

}  // namespace
}  // namespace dealtrail
