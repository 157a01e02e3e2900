// PF.1, M0.3: the same person under another spelling of the phone is one person; what must not be joined is not; why.
#include "dealtrail/answers/identities.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/facts.hpp"
#include "support/refusal.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::finding;
using testing::live_is_batch;
using testing::refusal_code;
using testing::utc;

using Cells = std::vector<std::string>;

struct Contact {
  std::string who;
  std::string kind;
  std::string value;
  std::optional<Timestamp> from{};
  std::optional<Timestamp> until{};
};

void put_contacts(Trail& trail, const std::vector<Contact>& contacts, Kind of = Kind::people) {
  int number = 0;
  for (const Contact& contact : contacts) {
    ContactPoint point{.id = contact.who + std::to_string(++number), .kind = contact.kind, .value = contact.value};
    (of == Kind::people ? point.person : point.company) = contact.who;
    point.from = contact.from;
    point.until = contact.until;
    trail.put(point);
  }
}

// "a b|c": members of each cluster.
std::string clusters(const Trail& trail, Kind kind = Kind::people) {
  const Table table = identities(trail, kind);
  std::string text;
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    const bool first = table.text_at(row, "member") == table.text_at(row, "cluster");
    text += (row == 0 ? "" : first ? "|" : " ") + std::string{*table.text_at(row, "member")};
  }
  return text;
}

// "reason key count ids" of each row.
Cells review(const Trail& trail, Kind kind = Kind::people) {
  const Table table = identity_review(trail, kind);
  Cells rows;
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    rows.push_back(
        std::string{*table.text_at(row, "reason")} + " " + std::string{table.text_at(row, "key").value_or("-")} + " " +
        std::to_string(*table.integer_at(row, "count")) + " " + std::string{*table.text_at(row, "first_ids")});
  }
  return rows;
}

std::string reason(const Trail& trail, std::string_view one, std::string_view other, Kind kind = Kind::people) {
  std::string all;
  for (const std::string& cell : column(explain_identity(trail, kind, one, other), "reason"))
    all += (all.empty() ? "" : " ") + cell;
  return all;
}

TEST(IdentityTest, AnotherSpellingOfThePhoneIsTheSamePersonInTheCards) {
  Trail trail{RUB};
  trail.put(Event{.id = "expo", .name = "Expo", .starts_at = utc("2026-04-01")});
  for (const char* who : {"anna", "form 7"}) {
    trail.put(Registration{.id = who, .event = "expo", .person = who, .at = utc("2026-03-11")});
    trail.put(Attendance{.id = who, .registration = who, .at = utc("2026-04-01T11:00")});
    trail.put(Deal{.id = who, .person = who, .outcome = "won", .created_at = utc("2026-05-01")});
  }
  const auto counts = [&] {
    EXPECT_TRUE(live_is_batch(trail));
    const Card card = trail.card("(total)");
    return std::to_string(card.registrations) + std::to_string(card.attended.value_or(-1)) +
           std::to_string(card.new_faces.value_or(-1)) + std::to_string(card.new_customers);
  };
  EXPECT_EQ(counts(), "2222");
  put_contacts(trail, {{"anna", "phone", "+7 916 123-45-67"}, {"form 7", "phone", "8 (916) 1234567 доб. 2"}});
  EXPECT_EQ(counts(), "1111");
  EXPECT_EQ(trail.timeline(Kind::people, "anna").rows(), trail.timeline(Kind::people, "form 7").rows());
  trail.put(Person{.id = "anna", .name = "Анна Петрова"});
  EXPECT_EQ(counts(), "1111");
  trail.put(Person{.id = "form 7", .name = "Иван Петров"});  // a colleague at the same desk
  EXPECT_EQ(counts(), "2222");
  trail.put(Person{.id = "form 7", .name = "А. Петрова"});
  EXPECT_EQ(counts(), "1111");
  trail.remove(Kind::people, "anna");  // known by the id all the same, and it comes back
  EXPECT_EQ(counts(), "1111");
  trail.put(Person{.id = "anna", .name = "Борис"});
  EXPECT_EQ(counts(), "2222");
  trail.remove(Kind::people, "anna");
  trail.remove(Kind::contact_points, "anna1");
  EXPECT_EQ(counts(), "2222");
}

// IN.7: words for "none" make nobody one; they are counted in a finding with their values.
TEST(IdentityTest, PlaceholdersIdentifyNobody) {
  Trail trail{RUB};
  for (const char* value : {"(not set)", "undefined", "null", "None", "NaN", "0", "-", "[object Object]"}) {
    put_contacts(trail, {{"a", "client_id", value}, {"b", "client_id", value}});
    EXPECT_EQ(clusters(trail), "") << value;
  }
  put_contacts(trail, {{"a", "email", "noreply@firma.ru"}, {"b", "email", "NoReply@firma.ru"}});
  put_contacts(trail, {{"c", "telegram", "@none"}, {"d", "telegram", "none"}, {"c", "email", "@"}});
  EXPECT_EQ(clusters(trail), "");
  const auto found = finding(trail, "placeholder_contact", "contact_points", "email");
  EXPECT_EQ(found.count, 2);
  EXPECT_EQ(found.ids, "NoReply@firma.ru, noreply@firma.ru");
  EXPECT_EQ(finding(trail, "invalid_contact").count, 1);
}

// IN.7: two extensions of a switchboard are two people, unless their names say that they are one.
TEST(IdentityTest, TwoExtensionsAreTwoPeople) {
  Trail trail{RUB};
  put_contacts(trail, {{"a", "phone", "+7 812 999-93-31#4048"}, {"b", "phone", "+7 812 999-93-31 доб. 4049"}});
  EXPECT_EQ(clusters(trail), "");
  EXPECT_EQ(review(trail), (Cells{"other_extension +78129999331 2 a, b"}));
  EXPECT_EQ(reason(trail, "a", "b"), "other_extension");
  put_contacts(trail, {{"c", "phone", "8 812 9999331"}});  // could be either's
  EXPECT_EQ(clusters(trail), "");
  trail.put(Person{.id = "a", .name = "Анна Петрова"});
  trail.put(Person{.id = "b", .name = "Петрова А."});
  EXPECT_EQ(clusters(trail), "a b c");
  trail.put(Person{.id = "b", .name = "Иван Петров"});
  EXPECT_EQ(clusters(trail), "a|b");
  trail.put(ContactPoint{.id = "d", .person = "d", .kind = "phone", .value = "8129999331, 4048"});
  EXPECT_EQ(clusters(trail), "a d|b");
}

// IN.6: two phones or addresses in a cell are two contacts, which come and go with their row.
TEST(IdentityTest, SeveralContactsInOneCell) {
  for (const char* cell :
       {"8 916 123-45-67, 8 926 765-43-21", "89161234567; +7 926 765 43 21", "89161234567/89267654321",
        "89161234567\n89267654321", "89161234567 89267654321", "+79161234567|89267654321, 12"}) {
    SCOPED_TRACE(cell);
    Trail trail{RUB};
    trail.put(ContactPoint{.id = "1", .person = "b", .kind = "phone", .value = cell});
    put_contacts(trail, {{"a", "phone", "9161234567"}, {"c", "phone", "9267654321"}});
    EXPECT_EQ(clusters(trail), "a b c");
    trail.put(ContactPoint{.id = "1", .person = "b", .kind = "phone", .value = "9161234567"});
    EXPECT_EQ(clusters(trail), "a b");
    trail.put(ContactPoint{.id = "1", .person = "b", .kind = "phone", .value = cell});
    EXPECT_EQ(clusters(trail), "a b c");
    trail.remove(Kind::contact_points, "1");
    EXPECT_EQ(clusters(trail), "");
  }
  Trail trail{RUB};
  put_contacts(trail, {{"a", "email", "anna@x.example, ANNA@y.example"}, {"b", "email", "anna@y.example"}});
  EXPECT_EQ(clusters(trail), "a b");
  EXPECT_EQ(finding(trail, "invalid_contact").count, 0);
}

TEST(IdentityTest, EachKeyJoinsAndIsNamed) {
  Trail trail{RUB};
  put_contacts(trail, {{"a", "phone", "89161234567"},
                       {"b", "phone", "+79161234567"},
                       {"b", "email", "Anna@Example.com"},
                       {"c", "email", "anna@example.com"},
                       {"c", "telegram", "@Anna_P"},
                       {"d", "telegram", "t.me/anna_p"},
                       {"d", "client_id", " 17.4 "},
                       {"e", "client_id", "17.4"}});
  trail.merge(Kind::people, "e", "f");
  trail.put(Person{.id = "f", .inn = "123456789047"});
  trail.put(Person{.id = "g", .inn = "1234 5678 9047"});
  trail.put(Person{.id = "h", .inn = "1234567894"});  // a legal entity's: no person's
  trail.put(Person{.id = "i", .inn = "1234567894"});
  EXPECT_EQ(clusters(trail), "a b c d e f g|h|i");
  const Table table = explain_identity(trail, Kind::people, "a", "g");
  EXPECT_EQ(table.meta("same"), "true");
  EXPECT_EQ(column(table, "other"), (Cells{"b", "c", "d", "e", "f", "g"}));
  EXPECT_EQ(column(table, "key_kind"), (Cells{"phone", "email", "telegram", "client_id", "verdict", "inn"}));
  EXPECT_EQ(column(table, "key"), (Cells{"+79161234567", "anna@example.com", "anna_p", "17.4", "-", "123456789047"}));
  const Table all = identities(trail, Kind::people);
  EXPECT_EQ(column(all, "key_kind"),
            (Cells{"phone", "phone", "email", "telegram", "verdict", "verdict", "inn", "-", "-"}));
  EXPECT_EQ(all.integer_at(0, "size"), 7);
  EXPECT_EQ(reason(trail, "h", "i"), "no_shared_key");
  EXPECT_EQ(reason(trail, "h", "h"), "");
}

TEST(IdentityTest, AKeyOfTooManyIdentifiesNobody) {
  Trail trail{RUB, {.max_per_key = 3}};
  for (const char* who : {"a", "b", "c"}) put_contacts(trail, {{who, "phone", "8 495 111-22-33"}});
  put_contacts(trail, {{"a", "email", "a@b.ru"}, {"b", "email", "a@b.ru"}, {"a", "phone", "84951112233"}});
  EXPECT_EQ(clusters(trail), "a b c");
  put_contacts(trail, {{"d", "phone", "+74951112233"}});
  EXPECT_EQ(clusters(trail), "a b");
  EXPECT_EQ(review(trail), Cells{"crowded_key +74951112233 4 a, b, c, d"});
  EXPECT_EQ(reason(trail, "a", "c"), "crowded_key");
  EXPECT_EQ(finding(trail, "crowded_key").ids, "+74951112233");
  trail.remove(Kind::contact_points, "b1");
  EXPECT_EQ(clusters(trail), "a b c d");
}

TEST(IdentityTest, NoKeyAtAllAndOneCardAKey) {
  for (const std::int64_t most : {0, 1}) {
    Trail trail{RUB, {.max_per_key = most}};
    put_contacts(trail, {{"a", "phone", "84951112233"}, {"b", "phone", "84951112233"}});
    trail.put(Company{.id = "x", .inn = "1234567894"});
    trail.put(Company{.id = "y", .inn = "1234567894"});
    trail.merge(Kind::people, "c", "d");
    EXPECT_EQ(clusters(trail), "c d");
    EXPECT_EQ(clusters(trail, Kind::companies), most == 0 ? "x|y" : "x y");
    EXPECT_EQ(Trail::restore(trail.snapshot()).options().max_per_key, most);
  }
  EXPECT_EQ(refusal_code([&] { Trail(RUB, {.max_per_key = -1}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { Trail(RUB, {.max_per_key = 101}); }), ErrorCode::invalid_argument);
}

TEST(IdentityTest, TwoInnsAreTwoCompaniesWhateverSaysOtherwise) {
  Trail trail{RUB};
  trail.put(Company{.id = "x", .name = "Ромашка", .inn = "1234567894"});
  trail.put(Company{.id = "y", .name = "Ромашка", .inn = "7707083893"});
  trail.put(Company{.id = "z", .name = "ООО «Ромашка»"});
  put_contacts(trail, {{"x", "phone", "84951112233"}, {"y", "phone", "84951112233"}, {"z", "phone", "84951112233"}},
               Kind::companies);
  EXPECT_EQ(clusters(trail, Kind::companies), "x z|y");
  EXPECT_EQ(review(trail, Kind::companies), Cells{"two_inns +74951112233 3 x, y, z"});
  EXPECT_EQ(reason(trail, "x", "y", Kind::companies), "two_inns");
  trail.merge(Kind::companies, "x", "y");
  EXPECT_EQ(clusters(trail, Kind::companies), "x z|y");
  EXPECT_EQ(finding(trail, "identity_contradiction").ids, "x / y");
  trail.put(Company{.id = "y", .name = "Ромашка", .inn = "7707083894"});  // a slip of the pen: no INN
  EXPECT_EQ(clusters(trail, Kind::companies), "x y z");
  EXPECT_EQ(finding(trail, "invalid_inn").ids, "y");
}

TEST(IdentityTest, DifferentKeepsWholeClustersApart) {
  Trail trail{RUB};
  put_contacts(trail, {{"a", "phone", "89161234567"}, {"b", "phone", "89161234567"}, {"c", "phone", "89161234567"}});
  for (const char* who : {"a", "c"}) trail.put(Person{.id = who});
  trail.put(IdentityLink{.id = "no", .kind = "people", .one = "c", .other = "a", .verdict = "different"});
  EXPECT_EQ(clusters(trail), "a b|c");
  EXPECT_EQ(reason(trail, "a", "c"), "different");
  EXPECT_EQ(review(trail), Cells{"different +79161234567 3 a, b, c"});
  trail.merge(Kind::people, "b", "c");  // verdicts come first
  EXPECT_EQ(clusters(trail), "a|b c");
  trail.remove(Kind::identity_links, "no");
  EXPECT_EQ(clusters(trail), "a b c");
  EXPECT_TRUE(review(trail).empty());
}

TEST(IdentityTest, NamesThatDisagreeAreTwoPeople) {
  Trail trail{RUB};
  put_contacts(trail, {{"a", "phone", "89161234567"}, {"b", "phone", "89161234567"}, {"c", "phone", "89161234567"}});
  trail.put(Person{.id = "a", .name = "Петрова Анна Сергеевна"});
  trail.put(Person{.id = "c", .name = "Мария Петрова"});
  trail.put(Person{.id = "b"});
  EXPECT_EQ(clusters(trail), "a|b|c");  // without a name b could be either
  EXPECT_EQ(reason(trail, "a", "c"), "names_differ");
  EXPECT_EQ(reason(trail, "a", "b"), "ambiguous_name");
  EXPECT_EQ(review(trail), (Cells{"ambiguous_name +79161234567 3 a, b, c", "names_differ +79161234567 2 a, c"}));
  trail.merge(Kind::people, "a", "c");  // she has two names
  EXPECT_EQ(clusters(trail), "a b c");
  trail.put(Person{.id = "b", .name = "мария петрова"});  // and agrees with one of them
  EXPECT_EQ(clusters(trail), "a b c");
}

TEST(IdentityTest, ANumberThatPassedOnIsOfOneAtATime) {
  Trail trail{RUB};
  put_contacts(trail, {{"a", "phone", "89161234567", {}, utc("2026-02-01")},
                       {"b", "phone", "89161234567", utc("2026-02-01"), {}},
                       {"c", "phone", "89161234567", utc("2026-03-01"), utc("2026-04-01")},
                       {"d", "phone", "89161234567", utc("2026-03-01"), utc("2026-03-01")}});
  for (const char* who : {"a", "d"}) trail.put(Person{.id = who});
  EXPECT_EQ(clusters(trail), "a|b c|d");
  EXPECT_EQ(reason(trail, "a", "b"), "not_at_once");
  put_contacts(trail, {{"a", "phone", "8 916 123 45 67", utc("2026-05-01"), {}}});  // and took it back
  EXPECT_EQ(clusters(trail), "a b c|d");
}

TEST(IdentityTest, FreeMailAndFreeLines) {
  Trail trail{RUB};
  for (const char* who : {"x", "y"}) {
    put_contacts(trail, {{who, "email", "buh@mail.ru"}, {who, "phone", "8 800 555-35-35"}}, Kind::people);
    put_contacts(trail, {{"1" + std::string{who}, "email", "buh@mail.ru"}}, Kind::companies);
    put_contacts(trail, {{"2" + std::string{who}, "email", "buh@romashka.ru"}}, Kind::companies);
    put_contacts(trail, {{"3" + std::string{who}, "phone", "8 800 555-35-35"}}, Kind::companies);
  }
  EXPECT_EQ(clusters(trail), "x y");  // by the address
  EXPECT_EQ(clusters(trail, Kind::companies), "2x 2y|3x 3y");
  EXPECT_EQ(review(trail, Kind::companies), Cells{"free_mail buh@mail.ru 2 1x, 1y"});
  EXPECT_EQ(reason(trail, "1x", "1y", Kind::companies), "free_mail");
  EXPECT_EQ(review(trail), Cells{"business_line +78005553535 2 x, y"});
}

TEST(IdentityTest, WhatIsNoContactIsAFinding) {
  Trail trail{RUB};
  put_contacts(trail, {{"a", "phone", "123"}, {"a", "email", "a@"}, {"b", "phone", "123"}, {"b", "telegram", "b"}});
  EXPECT_EQ(clusters(trail), "");
  EXPECT_EQ(finding(trail, "invalid_contact", {}, "phone").count, 2);
  EXPECT_EQ(finding(trail, "invalid_contact", {}, "email").count, 1);
  EXPECT_EQ(finding(trail, "invalid_contact", {}, "telegram").count, 1);
}

TEST(IdentityTest, AContactOfAPersonIsNotTheCompanys) {
  Trail trail{RUB};
  for (const char* who : {"a", "b"}) {
    trail.put(ContactPoint{.id = who, .person = "anna", .company = who, .kind = "phone", .value = "89161234567"});
  }
  EXPECT_EQ(clusters(trail, Kind::companies), "");
}

TEST(IdentityTest, Refusals) {
  const Trail trail{RUB};
  EXPECT_EQ(refusal_code([&] { static_cast<void>(identities(trail, Kind::deals)); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(identity_review(trail, Kind::events)); }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { static_cast<void>(explain_identity(trail, Kind::people, "a", "b")); }),
            ErrorCode::unknown_name);
  EXPECT_EQ(identities(trail, Kind::people).rows(), 0);
  EXPECT_EQ(identity_review(trail, Kind::companies).rows(), 0);
}

// A million contacts behind one number: put in one batch and one by one at the end, no work for each pair of them.
TEST(IdentityTest, AMillionPeopleBehindOneKey) {
  Trail trail{RUB};
  constexpr int people = 1'000'000;
  {
    auto batch = trail.batch(people);
    for (int i = 0; i < people; ++i) {
      const std::string id = std::to_string(i);
      batch.put(ContactPoint{.id = id, .person = id, .kind = "phone", .value = "8 495 111-22-33"});
    }
  }
  for (int i = 0; i < 1'000; ++i) {
    const std::string id = "late" + std::to_string(i);
    trail.put(ContactPoint{.id = id, .person = id, .kind = "phone", .value = "8 495 111-22-33"});
  }
  const Table table = identity_review(trail, Kind::people);
  ASSERT_EQ(table.rows(), 1);
  EXPECT_EQ(table.integer_at(0, "count"), people + 1'000);
}

}  // namespace
}  // namespace dealtrail
