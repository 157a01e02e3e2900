// SP.7: two cards of one person or company are one; verdicts, contradictions, taking a merge back.
#include "dealtrail/identity/clusters.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::finding;
using testing::live_is_batch;
using testing::rub;
using testing::utc;

Trail two_cards() {
  Trail trail{RUB};
  trail.put(Event{.id = "expo", .name = "Expo", .starts_at = utc("2026-04-01")});
  for (const char* person : {"anna", "a.petrova"}) {
    trail.put(Registration{.id = person, .event = "expo", .person = person, .at = utc("2026-03-11")});
    trail.put(Attendance{.id = person, .registration = person, .at = utc("2026-04-01T11:00")});
    trail.put(
        Deal{.id = person, .person = person, .outcome = "won", .created_at = utc("2026-05-01"), .amount = rub(10)});
  }
  return trail;
}

// registrations attended new_faces new_customers won
std::string counts(const Trail& trail) {
  EXPECT_TRUE(live_is_batch(trail));
  const Card card = trail.card("(total)");
  return std::to_string(card.registrations) + " " + std::to_string(card.attended.value_or(-1)) + " " +
         std::to_string(card.new_faces.value_or(-1)) + " " + std::to_string(card.new_customers) + " " +
         std::to_string(card.won);
}

TEST(TrailClusterTest, TwoCardsOfOnePersonCountOnce) {
  Trail trail = two_cards();
  EXPECT_EQ(counts(trail), "2 2 2 2 2");
  trail.merge(Kind::people, "anna", "a.petrova");
  EXPECT_EQ(counts(trail), "1 1 1 1 2");  // deals are deals; the customer is one
}

TEST(TrailClusterTest, AVerdictDifferentTakesAMergeBack) {
  Trail trail = two_cards();
  trail.merge(Kind::people, "anna", "a.petrova");
  trail.put(IdentityLink{.id = "no", .kind = "people", .one = "anna", .other = "a.petrova", .verdict = "different"});
  EXPECT_EQ(counts(trail), "2 2 2 2 2");
  EXPECT_EQ(finding(trail, "identity_contradiction").ids, "a.petrova / anna");
  trail.remove(Kind::identity_links, "no");
  EXPECT_EQ(counts(trail), "1 1 1 1 2");
  EXPECT_EQ(finding(trail, "identity_contradiction").count, 0);
}

TEST(TrailClusterTest, RemovingTheLinkTakesAMergeBack) {
  Trail trail = two_cards();
  trail.put(IdentityLink{
      .id = "yes", .version = 1, .kind = "people", .one = "anna", .other = "a.petrova", .verdict = "same"});
  EXPECT_EQ(counts(trail), "1 1 1 1 2");
  trail.put(IdentityLink{.id = "again", .kind = "people", .one = "a.petrova", .other = "anna", .verdict = "same"});
  trail.remove(Kind::identity_links, "yes", 1);
  EXPECT_EQ(counts(trail), "1 1 1 1 2");  // another link still says so
  trail.put(IdentityLink{.id = "again", .kind = "companies", .one = "a.petrova", .other = "anna", .verdict = "same"});
  EXPECT_EQ(counts(trail), "2 2 2 2 2");  // companies of those ids are no people
}

TEST(TrailClusterTest, PeopleAreKnownByTheirIdsPresentOrNot) {
  Trail trail = two_cards();
  trail.merge(Kind::people, "anna", "0 nobody knows");
  trail.merge(Kind::people, "0 nobody knows", "a.petrova");  // joined through a card that never comes
  EXPECT_EQ(counts(trail), "1 1 1 1 2");
  trail.put(Person{.id = "anna", .name = "Anna"});
  trail.remove(Kind::people, "anna");
  EXPECT_EQ(counts(trail), "1 1 1 1 2");
}

TEST(TrailClusterTest, ALinkWithItselfSaysNothing) {
  Trail trail = two_cards();
  trail.put(IdentityLink{.id = "x", .kind = "people", .one = "anna", .other = "anna", .verdict = "different"});
  trail.put(IdentityLink{.id = "y", .kind = "people", .one = "anna", .other = "anna", .verdict = "same"});
  EXPECT_EQ(counts(trail), "2 2 2 2 2");
  EXPECT_EQ(finding(trail, "identity_contradiction").count, 0);
}

// A chain p0 – p1 – … – p5: cut anywhere, it falls in two; the order in which it was tied does not matter.
TEST(TrailClusterTest, ChainsFallApartWhereTheyAreCut) {
  constexpr int people = 6;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    dealtrail::Random random{seed};
    Trail trail{RUB};
    const auto name = [](int i) { return "p" + std::to_string(i); };
    std::vector<int> links{0, 1, 2, 3, 4};
    random.shuffle(links);
    for (const int i : links) {
      trail.put(IdentityLink{
          .id = "l" + std::to_string(i), .kind = "people", .one = name(i), .other = name(i + 1), .verdict = "same"});
    }
    for (int i = 0; i < people; ++i)
      trail.put(Deal{.id = name(i), .person = name(i), .outcome = "won", .created_at = utc("2026-05-01")});
    std::int64_t customers = 1;
    EXPECT_EQ(trail.card("(total)").new_customers, customers);
    random.shuffle(links);
    for (const int i : links) {
      trail.remove(Kind::identity_links, "l" + std::to_string(i));
      EXPECT_EQ(trail.card("(total)").new_customers, ++customers);
    }
    EXPECT_TRUE(live_is_batch(trail));
  }
}

// IN.16: two cards share a phone, a verdict joins one of them to a third card without contacts, and the name of that
// third card parts them; in all 720 orders of the six facts, live as restored.
TEST(TrailClusterTest, ANameThatComesLastPartsWhatAVerdictAndAPhoneJoined) {
  for (const bool people : {true, false}) {
    const Kind kind = people ? Kind::people : Kind::companies;
    const auto phone = [&](const char* id, const char* card) {
      ContactPoint point{.id = id, .version = 1, .kind = "phone", .value = "+79161234567"};
      (people ? point.person : point.company) = card;
      return point;
    };
    const auto card = [&](Trail& trail, const char* id, const char* name) {
      people ? trail.put(Person{.id = id, .version = 1, .name = name})
             : trail.put(Company{.id = id, .version = 1, .name = name});
    };
    std::vector<int> order{0, 1, 2, 3, 4, 5};
    do {
      Trail trail{RUB};
      for (const char* one : {"a", "b", "c"}) {
        Deal deal{.id = one, .outcome = "won", .created_at = utc("2026-05-01")};
        (people ? deal.person : deal.company) = one;
        trail.put(deal);
      }
      for (const int fact : order) {
        switch (fact) {
          case 0: trail.put(phone("1", "c")); break;
          case 1: trail.put(phone("2", "a")); break;
          case 2: trail.merge(kind, "b", "c", 1); break;
          case 3: card(trail, "a", "Иван Петров"); break;
          case 4: card(trail, "b", "Анна Сидорова"); break;
          default: trail.put(Event{.id = "e", .version = 1, .name = "E"});
        }
      }
      ASSERT_EQ(trail.card("(total)").new_customers, 2);
      ASSERT_EQ(Trail::restore(trail.snapshot()).card("(total)").new_customers, 2);
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

// A customer is the company, else the person; the first won deal is the earliest by won time, then by id.
TEST(TrailClusterTest, ANewCustomerIsTheFirstWonDealOfItsCompany) {
  Trail trail{RUB};
  trail.put(Channel{.id = "c", .name = "C"});
  trail.put(Announcement{.id = "a", .channel = "c"});
  trail.put(Deal{.id = "d2",
                 .person = "anna",
                 .company = "romashka",
                 .announcement = "a",
                 .outcome = "won",
                 .created_at = utc("2026-01-01"),
                 .closed_at = utc("2026-03-01")});
  trail.put(Deal{.id = "d1",
                 .company = "romashka ltd",
                 .outcome = "won",
                 .created_at = utc("2026-02-01"),
                 .closed_at = utc("2026-02-01")});
  trail.put(Deal{.id = "d3", .outcome = "won", .created_at = utc("2026-02-01")});  // nobody's: a customer of its own
  EXPECT_EQ(trail.card("(total)").new_customers, 3);
  trail.merge(Kind::companies, "romashka", "romashka ltd");
  EXPECT_EQ(trail.card("(total)").new_customers, 2);
  EXPECT_EQ(trail.card("c").new_customers, 0);  // d1 was earlier
  trail.remove(Kind::deals, "d1");
  EXPECT_EQ(trail.card("c").new_customers, 1);
  EXPECT_TRUE(live_is_batch(trail));
}

}  // namespace
}  // namespace dealtrail
