// SP.7: one whole fact on its way in, when the kind is known only at run time.
#include "dealtrail/facts/draft.hpp"

#include <limits>
#include <optional>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::cost_of;
using testing::finding;
using testing::refusal_code;
using testing::rub;
using testing::utc;

TEST(DraftTest, FieldsThatAreNotSetAreNull) {
  const Draft draft{Kind::deals};
  EXPECT_EQ(draft.kind(), Kind::deals);
  EXPECT_TRUE(draft.id.empty());
  EXPECT_FALSE(draft.version.has_value());
  EXPECT_FALSE(draft.stub);
  EXPECT_TRUE(draft.own().empty());
  for (std::size_t field = 0; field < fields_of(Kind::deals).size(); ++field) EXPECT_TRUE(draft[field].is_null());
}

TEST(DraftTest, ClearForgetsEverythingOfTheLastRow) {
  Draft draft{Kind::deals};
  draft.id = "d";
  draft.version = 1;
  draft.stub = true;
  draft.source = "crm";
  draft.money_currency = USD;
  draft.set_minor(fields::deals::amount, 5);
  draft.set_own("city", Datum::text("Perm"));
  draft.clear(Kind::channels);
  EXPECT_EQ(draft.kind(), Kind::channels);
  EXPECT_TRUE(draft.id.empty());
  EXPECT_FALSE(draft.version.has_value());
  EXPECT_FALSE(draft.stub);
  EXPECT_TRUE(draft.source.empty());
  EXPECT_TRUE(draft.money_currency.empty());
  EXPECT_TRUE(draft.own().empty());
  for (std::size_t field = 0; field < fields_of(Kind::channels).size(); ++field) {
    EXPECT_TRUE(draft[field].is_null());
    EXPECT_FALSE(draft.is_minor(field));
  }
}

// Units at the door: an integer is roubles, unless it was set in minor units.
TEST(DraftTest, MoneyIsInMajorUnitsUnlessSetInMinorOnes) {
  Trail trail{RUB};
  Draft draft{Kind::costs};
  const auto put = [&](std::string id) {
    draft.id = std::move(id);
    draft.set(fields::costs::kind, Datum::text("venue"));
    draft.set(fields::costs::at, Datum::time(0));
    trail.put(draft);
    draft.clear(Kind::costs);
  };
  draft.set(fields::costs::amount, Datum::integer(7));
  put("major");
  draft.set_minor(fields::costs::amount, 7);
  put("minor");
  draft.set(fields::costs::amount, Datum::text("19 999.99"));
  put("text");
  draft.set(fields::costs::amount, Datum::decimal(12'345, 3));  // 12.345 is no whole number of kopecks
  draft.id = "inexact";
  draft.set(fields::costs::kind, Datum::text("venue"));
  draft.set(fields::costs::at, Datum::time(0));
  EXPECT_EQ(refusal_code([&] { trail.put(draft); }), ErrorCode::type_mismatch);
  const Table costs = trail.table(Kind::costs);
  EXPECT_EQ(testing::column(costs, "id"), (std::vector<std::string>{"major", "minor", "text"}));
  EXPECT_EQ(costs.minor_at(0, "amount"), 700);
  EXPECT_EQ(costs.minor_at(1, "amount"), 7);
  EXPECT_EQ(costs.minor_at(2, "amount"), 1'999'999);
}

TEST(DraftTest, SettingAFieldAgainForgetsThatItWasInMinorUnits) {
  Trail trail{RUB};
  Draft draft{Kind::costs};
  draft.id = "c";
  draft.set(fields::costs::kind, Datum::text("venue"));
  draft.set(fields::costs::at, Datum::time(0));
  draft.set_minor(fields::costs::amount, 5);
  draft.set(fields::costs::amount, Datum::text("7"));
  EXPECT_FALSE(draft.is_minor(fields::costs::amount));
  trail.put(draft);
  EXPECT_EQ(cost_of(trail, "(total)"), 700);
}

TEST(DraftTest, ATypedFactFillsItsFieldsByName) {
  const Touch touch{.id = "t",
                    .version = 4,
                    .utm_source = "afisha",
                    .at = from_us(9),
                    .kind = "call",
                    .answered = false,
                    .seconds = 31};
  Draft draft;
  fill(draft, touch);
  EXPECT_EQ(draft.kind(), Kind::touches);
  EXPECT_EQ(draft.id, "t");
  EXPECT_EQ(draft.version, 4);
  EXPECT_EQ(draft[fields::touches::utm_source].as_text(), "afisha");
  EXPECT_EQ(draft[fields::touches::at].as_time_us(), 9);
  EXPECT_EQ(draft[fields::touches::answered].as_boolean(), false);
  EXPECT_EQ(draft[fields::touches::seconds].as_integer(), 31);
  EXPECT_TRUE(draft[fields::touches::person].is_null());
}

TEST(DraftTest, AmountsOfOneFactAreInOneCurrency) {
  Draft draft;
  const Deal mixed{.id = "d", .created_at = from_us(0), .amount = Money{100, USD}, .cost = Money{50, EUR}};
  EXPECT_EQ(refusal_code([&] { fill(draft, mixed); }), ErrorCode::currency_mismatch);
  const Deal plain{.id = "d", .created_at = from_us(0), .amount = Money{100, USD}, .cost = Money{50, {}}};
  fill(draft, plain);
  EXPECT_EQ(draft.money_currency, USD);
}

// "The currency of its amounts becomes its `currency` field": a dollar never counts as a rouble.
TEST(DraftTest, TheCurrencyOfItsAmountsBecomesTheFactsCurrency) {
  Trail trail{RUB};
  trail.put(Deal{.id = "d", .outcome = "won", .created_at = utc("2026-01-01"), .amount = Money{100, USD}});
  const Table deals = trail.table(Kind::deals);
  EXPECT_EQ(deals.text_at(0, "currency"), "USD");
  EXPECT_EQ(trail.card("(total)").amount_won, std::nullopt);
  EXPECT_EQ(finding(trail, "foreign_currency").ids, "d");
}

// IN.3: null, NaN and the empty text are no id and no version; a whole real is the id without its point.
TEST(DraftTest, AnIdIsReadFromACellOfAnyType) {
  const auto id_of = [](const Datum& cell) {
    Draft draft{Kind::deals};
    draft.set_id(cell);
    return draft.id;
  };
  const double not_a_number = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(id_of(Datum::text("410.0")), "410.0");
  EXPECT_EQ(id_of(Datum::integer(410)), "410");
  EXPECT_EQ(id_of(Datum::real(410.0)), "410");
  EXPECT_EQ(id_of(Datum::decimal(4100, 1)), "410");
  EXPECT_EQ(id_of(Datum::real(-0.0)), "0");
  for (const Datum& blank : {Datum::null(), Datum::text(""), Datum::real(not_a_number)}) {
    Draft draft{Kind::deals};
    draft.set_id(blank);
    EXPECT_EQ(draft.id, "");
    EXPECT_EQ(draft.id_form(), detail::NumberForm::plain);
    draft.set_version(blank);
    EXPECT_EQ(draft.version, std::nullopt);
    EXPECT_FALSE(draft.version_unreadable());
  }
  for (const Datum& wrong : {Datum::real(4.5), Datum::real(9'007'199'254'740'992.0), Datum::boolean(true)}) {
    Draft draft{Kind::deals};
    draft.set_id(wrong);
    draft.set_version(wrong);
    draft.set(fields::deals::created_at, Datum::time(0));
    EXPECT_EQ(draft.id_form(), detail::NumberForm::unreadable);
    EXPECT_TRUE(draft.version_unreadable());
    Trail trail{RUB};
    auto batch = trail.batch();
    EXPECT_FALSE(batch.put(draft));
    const PutReport report = batch.finish();
    EXPECT_EQ(report.problems().at(0).code, "bad_id");
  }
}

// IN.3: a blank cell is no value in a field of any type.
TEST(DraftTest, ABlankCellIsNoValueInEveryField) {
  for (const Datum& blank : {Datum::text(""), Datum::real(std::numeric_limits<double>::quiet_NaN())}) {
    Trail trail{RUB};
    Draft draft{Kind::deals};
    draft.id = "d";
    for (std::size_t field = 0; field < fields_of(Kind::deals).size(); ++field) draft.set(field, blank);
    draft.set(fields::deals::created_at, Datum::time(0));
    trail.put(draft);
    const Table deals = trail.table(Kind::deals);
    for (const ColumnInfo& column : deals.columns()) {
      const bool said = column.name == "id" || column.name == "created_at" || column.name == "stub";
      EXPECT_EQ(deals.at(0, column.name).is_null(), !said) << column.name;
    }
  }
}

}  // namespace
}  // namespace dealtrail
