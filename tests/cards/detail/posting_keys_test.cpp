// SP.7: cards by any column: own columns of a CRM, and the manager who owned the deal at that time.
#include "dealtrail/cards/posting_keys.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::count_of;
using testing::minor_of;
using testing::rub;
using testing::utc;

void put_own(Trail& trail, const Draft& filled, std::string_view name, std::string_view value) {
  Draft draft = filled;
  draft.set_own(name, Datum::text(value));
  trail.put(draft);
}

TEST(TrailCardsByTest, AnOwnColumnCutsCardsLikeABuiltInOne) {
  Trail trail{RUB};
  trail.declare(Kind::deals, "town", FieldType::text);
  trail.declare(Kind::registrations, "town", FieldType::text);
  trail.declare(Kind::announcements, "town", FieldType::text);
  Draft draft;
  const Announcement announcement{.id = "a", .channel = "c"};
  fill(draft, announcement);
  put_own(trail, draft, "town", "Omsk");
  const Registration registration{.id = "r", .event = "e", .at = utc("2026-01-01")};
  fill(draft, registration);
  put_own(trail, draft, "town", "Perm");
  const Deal own{.id = "own", .registration = "r", .announcement = "a", .created_at = utc("2026-01-02")};
  fill(draft, own);
  put_own(trail, draft, "town", "Tver");
  trail.put(Deal{.id = "by registration", .registration = "r", .announcement = "a", .created_at = utc("2026-01-02")});
  trail.put(Deal{.id = "by announcement", .announcement = "a", .created_at = utc("2026-01-02")});
  trail.put(Deal{.id = "nowhere", .created_at = utc("2026-01-02")});
  const Table cards = trail.cards({.by = "town"});
  EXPECT_EQ(column(cards, "key"), (std::vector<std::string>{"Omsk", "Perm", "Tver", "(unattributed)", "(total)"}));
  for (const char* town : {"Omsk", "Perm", "Tver", "(unattributed)"})
    EXPECT_EQ(count_of(cards, town, "deals"), 1) << town;
  EXPECT_EQ(count_of(cards, "(total)", "deals"), 4);
  EXPECT_EQ(count_of(cards, "Perm", "registrations"), 1);
  EXPECT_EQ(cards.meta("computed"), "scan");
}

TEST(TrailCardsByTest, FieldsOfTheEventTheCompanyAndTheChannelServe) {
  Trail trail{RUB};
  trail.put(Channel{.id = "c", .name = "C", .venue_kind = "portal"});
  trail.put(Event{.id = "e", .name = "E", .city = "Kazan"});
  trail.put(Company{.id = "romashka", .region = "Volga"});
  trail.put(Announcement{.id = "a", .channel = "c", .event = "e", .format = "post"});
  trail.put(
      Deal{.id = "d", .company = "romashka", .announcement = "a", .pipeline = "b2b", .created_at = utc("2026-01-02")});
  for (const auto& [by, key] : {std::pair{"city", "Kazan"},
                                {"region", "Volga"},
                                {"venue_kind", "portal"},
                                {"format", "post"},
                                {"pipeline", "b2b"},
                                {"company", "romashka"}}) {
    EXPECT_EQ(count_of(trail.cards({.by = by}), key, "deals"), 1) << by;
  }
}

TEST(TrailCardsByTest, ValuesThatAreNoTextAreWrittenOut) {
  Trail trail{RUB};
  trail.put(Cost{.id = "k1", .kind = "venue", .amount = rub(5), .planned = false, .at = utc("2026-01-02")});
  trail.put(Cost{.id = "k2", .kind = "venue", .amount = rub(7), .at = utc("2026-01-02")});
  EXPECT_EQ(minor_of(trail.cards({.by = "planned"}), "false", "cost"), 500);
  EXPECT_EQ(minor_of(trail.cards({.by = "kind"}), "venue", "cost"), 1'200);
}

// Manager = owner at the fact's time by `roles`, else the field.
TEST(TrailCardsByTest, TheManagerIsTheOwnerAtThatTime) {
  Trail trail{RUB};
  for (const char* manager : {"ira", "oleg", "zoya"}) trail.put(Manager{.id = manager, .name = manager});
  trail.put(Deal{.id = "d",
                 .manager = "zoya",
                 .outcome = "won",
                 .created_at = utc("2026-01-10"),
                 .closed_at = utc("2026-03-10"),
                 .amount = rub(9)});
  EXPECT_EQ(count_of(trail.cards({.by = "manager"}), "zoya", "won"), 1);  // no roles: the field
  trail.put(Role{.id = "1", .of_deal = "d", .manager = "ira", .role = "sales", .until = utc("2026-02-01")});
  trail.put(Role{.id = "2", .of_deal = "d", .manager = "oleg", .role = "sales", .from = utc("2026-02-01")});
  const Table cards = trail.cards({.by = "manager"});
  EXPECT_EQ(count_of(cards, "ira", "deals"), 1);  // made while it was Ira's
  EXPECT_EQ(count_of(cards, "oleg", "won"), 1);   // won by Oleg
  EXPECT_EQ(column(cards, "key"), (std::vector<std::string>{"ira", "oleg", "(unattributed)", "(total)"}));
  trail.put(Role{.id = "3", .of_deal = "d", .manager = "zoya", .role = "sales", .from = utc("2026-03-01")});
  EXPECT_EQ(count_of(trail.cards({.by = "manager"}), "zoya", "won"), 1);  // of several the one who came last
  trail.put(Role{.id = "0", .of_deal = "d", .manager = "ira", .role = "sales", .from = utc("2026-03-01")});
  EXPECT_EQ(count_of(trail.cards({.by = "manager"}), "ira", "won"), 1);  // of equals the smaller id
}

// Law 8 for a table by anything: parts of every cell add up to it.
TEST(TrailCardsByTest, ACellByAnyColumnIsTraced) {
  Trail trail{RUB};
  for (int i = 0; i < 6; ++i) {
    trail.put(Deal{.id = std::to_string(i),
                   .pipeline = i % 2 == 0 ? "a" : "b",
                   .outcome = "won",
                   .created_at = utc("2026-01-10"),
                   .amount = rub(i)});
  }
  const Table traced = trail.trace("b", "amount_won", {.by = "pipeline"});
  EXPECT_EQ(column(traced, "id"), (std::vector<std::string>{"1", "3", "5"}));
  EXPECT_EQ(minor_of(trail.cards({.by = "pipeline"}), "b", "amount_won"), 900);
}

}  // namespace
// M0.2: a segment of the company cuts registrations, arrivals and deals alike: arrival -> registration -> person ->
// company.
TEST(PostingKeysTest, ASegmentOfTheCompanyIsFoundThroughRegistrationAndPerson) {
  Trail trail{RUB};
  trail.put(Company{.id = "firm", .segment_potential = "large"});
  trail.put(Person{.id = "anna", .company = "firm"});
  trail.put(Event{.id = "expo", .name = "Expo", .starts_at = utc("2026-03-10")});
  trail.put(Registration{.id = "r", .event = "expo", .person = "anna", .at = utc("2026-03-01")});
  trail.put(Attendance{.id = "a", .registration = "r", .at = utc("2026-03-10")});
  trail.put(Deal{.id = "d", .registration = "r", .outcome = "won", .created_at = utc("2026-03-11"), .amount = rub(9)});
  const Table cards = trail.cards({.by = "segment_potential"});
  EXPECT_EQ(count_of(cards, "large", "registrations"), 1);
  EXPECT_EQ(count_of(cards, "large", "attended"), 1);
  EXPECT_EQ(count_of(cards, "large", "won"), 1);
  EXPECT_EQ(count_of(cards, "(unattributed)", "attended"), 0);
}

}  // namespace dealtrail
