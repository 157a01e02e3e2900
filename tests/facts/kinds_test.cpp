// SP.7: the one declaration of every kind of fact, and what is known of it at run time.
#include "dealtrail/facts/kinds.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

// The first column of design §4, in its order; payout_lines, programmes and companies share a line there.
constexpr std::string_view all_kinds[] = {"channels",
                                          "events",
                                          "announcements",
                                          "announcement_events",
                                          "source_keys",
                                          "invoices",
                                          "invoice_lines",
                                          "costs",
                                          "placement_reports",
                                          "people",
                                          "companies",
                                          "contact_points",
                                          "partners",
                                          "programmes",
                                          "managers",
                                          "roles",
                                          "invitations",
                                          "touches",
                                          "registrations",
                                          "attendances",
                                          "signals",
                                          "activities",
                                          "leads",
                                          "deals",
                                          "moves",
                                          "milestones",
                                          "payments",
                                          "identity_links",
                                          "exchange_rates",
                                          "period_closes",
                                          "payout_lines",
                                          "plans"};

template <class Visit>
void for_each_declared_field(Visit&& visit) {
  for (const KindInfo& kind : kinds) {
    for (const FieldInfo& field : kind.fields) visit(kind, field);
  }
}

TEST(KindsTest, EveryKindOfTheDesignIsThereAndNoOther) {
  EXPECT_EQ(kind_count, 32U);
  EXPECT_EQ(std::size(all_kinds), kind_count);
  for (const std::string_view name : all_kinds) {
    const auto kind = find_kind(name);
    ASSERT_TRUE(kind.has_value()) << name;
    EXPECT_EQ(kind_name(*kind), name);
  }
}

TEST(KindsTest, UnknownNamesAreNothing) {
  EXPECT_FALSE(find_kind("").has_value());
  EXPECT_FALSE(find_kind("Deals").has_value());
  EXPECT_FALSE(find_kind("deal").has_value());
  EXPECT_EQ(currency_field(Kind::deals), find_field(Kind::deals, "currency"));
  EXPECT_EQ(currency_field(Kind::people), std::nullopt);
  EXPECT_FALSE(find_field(Kind::deals, "").has_value());
  EXPECT_FALSE(find_field(Kind::deals, "id").has_value());  // id and version are of every kind, declared of none
  EXPECT_FALSE(find_field(Kind::deals, "venue_kind").has_value());
}

TEST(KindsTest, NamesOfKindsAndStructsAreDifferent) {
  std::set<std::string_view> names;
  std::set<std::string_view> structs;
  for (const KindInfo& kind : kinds) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_TRUE(structs.insert(kind.struct_name).second) << kind.struct_name;
    EXPECT_FALSE(kind.meaning.empty()) << kind.name;
    EXPECT_FALSE(kind.fields.empty()) << kind.name;
  }
}

TEST(KindsTest, FieldNamesAreDifferentPlainWords) {
  for (const KindInfo& kind : kinds) {
    std::set<std::string_view> names{"id", "version", "stub"};  // those are of every kind
    for (const FieldInfo& field : kind.fields) {
      EXPECT_TRUE(names.insert(field.name).second) << kind.name << '.' << field.name;
      EXPECT_TRUE(
          std::all_of(field.name.begin(), field.name.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; }))
          << kind.name << '.' << field.name;
      EXPECT_FALSE(field.meaning.empty()) << kind.name << '.' << field.name;
    }
  }
}

TEST(KindsTest, FieldsAreFoundByNameAndByIndex) {
  for (const KindInfo& kind : kinds) {
    const Kind of = *find_kind(kind.name);
    for (std::size_t i = 0; i < kind.fields.size(); ++i) EXPECT_EQ(find_field(of, kind.fields[i].name), i);
  }
  EXPECT_EQ(find_field(Kind::deals, "amount"), std::size_t{fields::deals::amount});
  EXPECT_EQ(find_field(Kind::moves, "to"), std::size_t{fields::moves::to});
}

TEST(KindsTest, OnlyChoicesHaveValuesAndTheyAreDifferentWords) {
  for_each_declared_field([](const KindInfo& kind, const FieldInfo& field) {
    SCOPED_TRACE(std::string{kind.name} + '.' + std::string{field.name});
    if (field.type != FieldType::choice) {
      EXPECT_TRUE(field.choices.empty());
      EXPECT_NE(field.need, Need::defaulted);  // only a choice has a first value that stands for "not said"
      return;
    }
    std::set<std::string_view> values;
    for (std::int64_t place = 0; !choice_text(field.choices, place).empty(); ++place) {
      const auto value = choice_text(field.choices, place);
      EXPECT_TRUE(values.insert(value).second) << value;
      EXPECT_EQ(find_choice(field.choices, value), place);
    }
    EXPECT_GE(values.size(), 2U);
    EXPECT_LE(values.size(), 64U);
  });
}

TEST(KindsTest, ALinkIsNamedAfterItsTarget) {
  // Design §4: links hold the other fact's id. Where the name is not the target's, the meaning of the field tells why.
  const std::set<std::string_view> own_words{"parent",     "series",   "of_deal", "of_company", "of_lead",
                                             "of_partner", "of_event", "person",  "company",    "responsible"};
  for_each_declared_field([&](const KindInfo& kind, const FieldInfo& field) {
    if (field.type != FieldType::link || own_words.contains(field.name)) return;
    const std::string_view target = kind_name(field.target);
    EXPECT_TRUE(target.starts_with(field.name)) << kind.name << '.' << field.name << " -> " << target;
  });
  EXPECT_EQ(fields_of(Kind::deals)[fields::deals::parent].target, Kind::deals);
  EXPECT_EQ(fields_of(Kind::events)[fields::events::series].target, Kind::events);
  EXPECT_EQ(fields_of(Kind::roles)[fields::roles::of_lead].target, Kind::leads);
  for (const std::string_view name : {"person", "company"}) {
    for_each_declared_field([&](const KindInfo&, const FieldInfo& field) {
      if (field.name == name) {
        EXPECT_EQ(field.target, name == "person" ? Kind::people : Kind::companies);
      }
    });
  }
}

TEST(KindsTest, ChoicesArePlacesInTheirList) {
  EXPECT_EQ(find_choice("a/bc/d", "bc"), 1);
  EXPECT_EQ(find_choice("a/bc/d", "d"), 2);
  EXPECT_FALSE(find_choice("a/bc/d", "b").has_value());
  EXPECT_FALSE(find_choice("a/bc/d", "bc/d").has_value());
  EXPECT_FALSE(find_choice("a/bc/d", "").has_value());
  EXPECT_FALSE(find_choice("", "").has_value());
  EXPECT_EQ(choice_text("a/bc/d", 0), "a");
  EXPECT_EQ(choice_text("a/bc/d", 2), "d");
  EXPECT_EQ(choice_text("a/bc/d", 3), "");
  static_assert(choice(Kind::deals, fields::deals::outcome, "won") == 1);
}

TEST(KindsTest, TypesHaveNamesThatAreFound) {
  for (const FieldType type :
       {FieldType::text, FieldType::integer, FieldType::real, FieldType::boolean, FieldType::time, FieldType::money,
        FieldType::decimal, FieldType::choice, FieldType::link}) {
    EXPECT_EQ(find_field_type(to_string(type)), type);
  }
  EXPECT_FALSE(find_field_type("string").has_value());
}

struct Expected {
  std::string_view name;
  FieldType type;
  Need need;
  std::string_view more = {};  // choices, or the target of a link
};

void expect_declared(Kind kind, const std::vector<Expected>& expected) {
  const auto found = fields_of(kind);
  ASSERT_EQ(found.size(), expected.size()) << kind_name(kind);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    SCOPED_TRACE(std::string{kind_name(kind)} + '.' + std::string{expected[i].name});
    EXPECT_EQ(found[i].name, expected[i].name);
    EXPECT_EQ(to_string(found[i].type), to_string(expected[i].type));
    EXPECT_EQ(found[i].need, expected[i].need);
    if (found[i].type == FieldType::choice) {
      EXPECT_EQ(found[i].choices, expected[i].more);
    }
    if (found[i].type == FieldType::link) {
      EXPECT_EQ(kind_name(found[i].target), expected[i].more);
    }
  }
}

// Design §4, word for word: no mark = needed, `?` = may be null, a closed state, paid, mode, status or split has a
// default.
TEST(KindsTest, ChannelsAreAsTheDesignHasThem) {
  using enum FieldType;
  expect_declared(Kind::channels, {{"name", text, Need::needed},
                                   {"venue_kind", text, Need::optional},
                                   {"audience", text, Need::optional},
                                   {"state", choice, Need::defaulted, "working/test/archived"},
                                   {"paid", choice, Need::defaulted, "paid/own/barter"}});
}

TEST(KindsTest, InvoicesAndTheirLinesAreAsTheDesignHasThem) {
  using enum FieldType;
  expect_declared(Kind::invoices, {{"partner", link, Need::optional, "partners"},
                                   {"amount", money, Need::needed},
                                   {"currency", text, Need::optional},
                                   {"vat", money, Need::optional},
                                   {"issued_at", time, Need::needed},
                                   {"approved_at", time, Need::optional},
                                   {"status", choice, Need::defaulted, "approved/draft/cancelled"}});
  expect_declared(Kind::invoice_lines, {{"invoice", link, Need::needed, "invoices"},
                                        {"announcement", link, Need::optional, "announcements"},
                                        {"channel", link, Need::optional, "channels"},
                                        {"event", link, Need::optional, "events"},
                                        {"amount", money, Need::optional},
                                        {"weight", decimal, Need::optional},
                                        {"split", choice, Need::defaulted, "equal/planned_cost/budget_share"},
                                        {"service_from", time, Need::optional},
                                        {"service_until", time, Need::optional},
                                        {"brand", text, Need::optional},
                                        {"currency", text, Need::optional}});
}

TEST(KindsTest, RegistrationsAndAttendancesAreAsTheDesignHasThem) {
  using enum FieldType;
  expect_declared(Kind::registrations,
                  {{"event", link, Need::needed, "events"},
                   {"person", link, Need::optional, "people"},
                   {"company", link, Need::optional, "companies"},
                   {"touch", link, Need::optional, "touches"},
                   {"announcement", link, Need::optional, "announcements"},
                   {"channel", link, Need::optional, "channels"},
                   {"at", time, Need::needed},
                   {"status", choice, Need::defaulted, "registered/cancelled/waitlist/pending/declined"},
                   {"ticket", text, Need::optional},
                   {"price", money, Need::optional},
                   {"quantity", integer, Need::optional}});
  expect_declared(Kind::attendances, {{"registration", link, Need::optional, "registrations"},
                                      {"event", link, Need::optional, "events"},
                                      {"person", link, Need::optional, "people"},
                                      {"at", time, Need::optional},
                                      {"how", choice, Need::optional, "qr/link/manual/online/walk_in"},
                                      {"minutes", integer, Need::optional},
                                      {"quantity", integer, Need::optional}});
}

}  // namespace
}  // namespace dealtrail
