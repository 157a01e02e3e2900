// SP.7, "Bad input": what the door takes, what it refuses, and how it says so.
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/cards/postings.hpp"
#include "dealtrail/table/stream.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::finding;
using testing::refusal_code;
using testing::refusal_of;
using testing::rub;
using testing::utc;

TableInput input(const Table& table) { return read_all(table.to_stream()); }

// The one problem of a put of one draft into a batch.
std::string problem(Trail& trail, const Draft& draft) {
  auto batch = trail.batch();
  const bool kept = batch.put(draft);
  const PutReport report = batch.finish();
  const auto problems = report.problems();
  EXPECT_EQ(report.of(draft.kind()).left_out, kept ? 0 : 1);
  if (!problems.empty()) {
    EXPECT_EQ(problems.front().left_out, !kept);
  }
  return problems.empty() ? "" : problems.front().code + " " + problems.front().column;
}

std::string problem_of(Kind kind, std::vector<std::pair<std::size_t, Datum>> cells) {
  Trail trail{RUB};
  Draft draft{kind};
  draft.id = "x";
  for (const auto& [field, datum] : cells) draft.set(field, datum);
  const std::string before = trail.snapshot();
  const std::string found = problem(trail, draft);
  if (trail.size() == 0) {
    EXPECT_EQ(trail.snapshot(), before);
  }
  return found;
}

std::string problem_of_cost(std::size_t field, Datum value) {
  return problem_of(Kind::costs,
                    {{fields::costs::kind, Datum::text("venue")}, {fields::costs::at, Datum::time(0)}, {field, value}});
}

TEST(TrailDoorTest, ANeededFieldIsNeeded) {
  Trail trail{RUB};
  const Error error = refusal_of([&] { trail.put(Draft{Kind::channels}); });
  EXPECT_EQ(error.code(), ErrorCode::null_value);
  EXPECT_EQ(error.where().table, "channels");
  EXPECT_EQ(error.where().column, "name");
  EXPECT_FALSE(error.hint().empty());
  EXPECT_EQ(trail.size(), 0U);
  // An empty link, choice or text was not given, in a typed fact and in a draft.
  EXPECT_EQ(refusal_code([&] { trail.put(Registration{.id = "r", .at = utc("2026-01-01")}); }), ErrorCode::null_value);
  EXPECT_EQ(refusal_code([&] { trail.put(Touch{.id = "t", .at = utc("2026-01-01")}); }), ErrorCode::null_value);
  EXPECT_EQ(refusal_code([&] { trail.put(Channel{.id = "c"}); }), ErrorCode::null_value);
  Draft nameless{Kind::channels};
  nameless.id = "c";
  nameless.set(fields::channels::name, Datum::text(""));
  EXPECT_EQ(refusal_code([&] { trail.put(nameless); }), ErrorCode::null_value);
}

TEST(TrailDoorTest, AStubMayLackNeededFields) {
  Trail trail{RUB};
  Draft draft{Kind::deals};
  draft.id = "d";
  draft.stub = true;
  trail.put(draft);
  EXPECT_TRUE(trail.contains(Kind::deals, "d"));
  EXPECT_EQ(trail.card("(undated)", "month").deals, 1);
}

TEST(TrailDoorTest, EachSortOfBadCellHasItsCode) {
  using namespace fields;
  EXPECT_EQ(problem_of(Kind::channels, {{channels::name, Datum::real(1.5)}}), "bad_type name");
  EXPECT_EQ(problem_of(Kind::channels, {{channels::name, Datum::text("\xC3")}}), "bad_text name");
  EXPECT_EQ(problem_of(Kind::channels, {{channels::name, Datum::text("x")}, {channels::state, Datum::text("Working")}}),
            "bad_choice state");
  EXPECT_EQ(problem_of_cost(costs::at, Datum::text("yesterday")), "bad_time at");
  EXPECT_EQ(problem_of_cost(costs::at, Datum::integer(1)), "bad_type at");
  EXPECT_EQ(problem_of_cost(costs::at, Datum::time(std::numeric_limits<std::int64_t>::min())), "overflow at");
  EXPECT_EQ(problem_of_cost(costs::amount, Datum::text("a lot")), "bad_number amount");
  EXPECT_EQ(problem_of_cost(costs::amount, Datum::text("0.005")), "rounded_money amount");
  EXPECT_EQ(problem_of_cost(costs::amount, Datum::real(0.005)), "rounded_money amount");
  EXPECT_EQ(problem_of_cost(costs::amount, Datum::boolean(true)), "bad_type amount");
  EXPECT_EQ(problem_of_cost(costs::amount, Datum::real(1e300)), "overflow amount");
  EXPECT_EQ(problem_of_cost(costs::amount, Datum::integer(std::numeric_limits<std::int64_t>::max())),
            "overflow amount");
  EXPECT_EQ(problem_of_cost(costs::currency, Datum::text("roubles")), "bad_currency currency");
  EXPECT_EQ(problem_of_cost(costs::hours, Datum::text("many")), "bad_number hours");
  EXPECT_EQ(problem_of_cost(costs::planned, Datum::text("perhaps")), "bad_type planned");
  EXPECT_EQ(problem_of_cost(costs::channel, Datum::text("\xFF")), "bad_text channel");
  EXPECT_EQ(problem_of_cost(costs::amount, Datum::real(std::numeric_limits<double>::quiet_NaN())), "");  // no value
}

// IN.19: hours times rate has the range of an amount.
TEST(TrailDoorTest, HoursTimesRateBeyondTheRangeOfAnAmountIsRefused) {
  Trail trail{RUB};
  const auto put = [&](std::int64_t hours, std::int64_t minor) {
    trail.put(Cost{
        .id = "k", .kind = "time", .hours = Decimal{hours, 0}, .rate = Money{minor, RUB}, .at = utc("2026-01-01")});
  };
  put(2, std::int64_t{1} << 60);
  EXPECT_EQ(testing::cost_of(trail, "(total)"), std::int64_t{1} << 61);
  EXPECT_EQ(refusal_code([&] { put(3, std::int64_t{1} << 60); }), ErrorCode::overflow);
  EXPECT_EQ(refusal_code([&] { put(9'000'000'000, std::int64_t{1} << 61); }), ErrorCode::overflow);
  EXPECT_EQ(refusal_code([&] { put(-9'000'000'000, std::int64_t{1} << 61); }), ErrorCode::overflow);
  EXPECT_EQ(testing::cost_of(trail, "(total)"), std::int64_t{1} << 61);
}

// IN.6: letters that nobody sees make no second id, link or key, and are counted.
TEST(TrailDoorTest, InvisibleLettersAreRemovedFromIdsLinksAndKeys) {
  Trail trail{RUB};
  PutReport report;
  {
    Trail::Batch batch = trail.batch();
    Draft channel{Kind::channels};
    channel.id = "\xEF\xBB\xBFtg";
    channel.set(fields::channels::name, Datum::text("Теле\u00adграм"));
    batch.put(channel);
    Draft announcement{Kind::announcements};
    announcement.id = "a\u200b";
    announcement.set(fields::announcements::channel, Datum::text("tg\u00a0"));
    announcement.set(fields::announcements::promo_code, Datum::text("\u2066SPRING\u2069"));
    batch.put(announcement);
    report = batch.finish();
  }
  EXPECT_TRUE(trail.contains(Kind::channels, "tg"));
  EXPECT_EQ(trail.card("tg").announcements, 1);
  const Table channels = trail.table(Kind::channels);
  EXPECT_EQ(channels.text_at(0, "name"), "Теле\u00adграм");  // a name is shown as it is
  const Table announcements = trail.table(Kind::announcements);
  EXPECT_EQ(announcements.text_at(0, "promo_code"), "SPRING");
  ASSERT_EQ(report.problems().size(), 4U);
  for (const PutProblem& problem : report.problems()) {
    EXPECT_EQ(problem.code, "invisible_letters");
    EXPECT_FALSE(problem.left_out);
    EXPECT_EQ(problem.count, 1);
  }
  trail.remove(Kind::channels, "tg\u200b");
  EXPECT_FALSE(trail.contains(Kind::channels, "tg"));
  EXPECT_EQ(refusal_code([&] { trail.put(Channel{.id = "(total)\u200b", .name = "x"}); }), ErrorCode::type_mismatch);
}

TEST(TrailDoorTest, AmountsReachTwoToThe61) {
  constexpr std::int64_t most = std::int64_t{1} << 61;
  Trail trail{RUB};
  const auto put = [&](std::int64_t minor) {
    trail.put(Cost{.id = "k", .kind = "venue", .amount = Money{minor, RUB}, .at = utc("2026-01-01")});
  };
  put(most);
  EXPECT_EQ(testing::cost_of(trail, "(total)"), most);
  put(-most);
  EXPECT_EQ(testing::cost_of(trail, "(total)"), -most);
  EXPECT_EQ(refusal_code([&] { put(most + 1); }), ErrorCode::overflow);
  EXPECT_EQ(refusal_code([&] { put(-most - 1); }), ErrorCode::overflow);
  EXPECT_EQ(testing::cost_of(trail, "(total)"), -most);
}

TEST(TrailDoorTest, MoneyIsReadWithTheDecimalsOfItsRowsCurrency) {
  Trail trail{RUB};
  for (const auto& [code, minor] : {std::pair{"JPY", 5}, std::pair{"USD", 500}, std::pair{"KWD", 5'000}}) {
    Draft draft{Kind::payments};
    draft.id = code;
    draft.set(fields::payments::at, Datum::time(0));
    draft.set(fields::payments::kind, Datum::text("sale"));
    draft.set(fields::payments::currency, Datum::text(code));
    draft.set(fields::payments::amount, Datum::text("5.00"));
    trail.put(draft);
    const auto slot = trail.view().store.find(Kind::payments, code);
    EXPECT_EQ(trail.view().store.get(Kind::payments, slot, fields::payments::amount), minor) << code;
  }
  const Table table = trail.table(Kind::payments);  // with the places of the currency that has most
  for (std::int64_t row = 0; row < 3; ++row) EXPECT_EQ(table.minor_at(row, "amount"), 5'000);
}

// A dollar is never a rouble.
TEST(TrailDoorTest, ForeignMoneyWhereTheKindHasNoCurrencyIsRefused) {
  Trail trail{RUB};
  EXPECT_EQ(refusal_code([&] { trail.put(Announcement{.id = "a", .channel = "c", .planned_cost = Money{100, USD}}); }),
            ErrorCode::currency_mismatch);
  EXPECT_EQ(refusal_code([&] {
              trail.put(Registration{.id = "r", .event = "e", .at = utc("2026-01-01"), .price = Money{100, EUR}});
            }),
            ErrorCode::currency_mismatch);
  EXPECT_NO_THROW(trail.put(Announcement{.id = "a", .channel = "c", .planned_cost = Money{100, RUB}}));
  // A line is in its invoice's currency, which may not be here yet; its decimals are the Trail's.
}

// IN.18: every money field of every kind, with a tag: it is kept in that currency, or refused.
TEST(TrailDoorTest, ATagIsHonouredByEveryKind) {
  for (std::size_t k = 0; k < kind_count; ++k) {
    const auto kind = static_cast<Kind>(k);
    const auto fields = fields_of(kind);
    for (std::size_t money = 0; money < fields.size(); ++money) {
      if (fields[money].type != FieldType::money) continue;
      for (const auto& [tag, minor] : {std::pair{RUB, 12'345}, std::pair{USD, 12'345}, std::pair{JPY, 12'345}}) {
        Trail trail{RUB};
        Draft draft{kind};
        draft.id = "x";
        draft.stub = true;  // needed fields apart
        draft.set_minor(money, minor);
        draft.money_currency = tag;
        const std::string where = std::string{fields[money].name} + " of " + std::string{kind_name(kind)};
        if (!currency_field(kind) && !(tag == RUB)) {
          EXPECT_EQ(refusal_code([&] { trail.put(draft); }), ErrorCode::currency_mismatch) << where;
          continue;
        }
        trail.put(draft);
        const auto& store = trail.view().store;
        const auto row = store.find(kind, "x");
        EXPECT_EQ(store.get(kind, row, money), minor) << where;
        if (!currency_field(kind)) continue;
        EXPECT_EQ(store.text(store.get(kind, row, *currency_field(kind))), tag.code()) << where;
        const Table table = trail.table(kind);
        EXPECT_EQ(to_text(table.decimal_at(0, std::string{fields[money].name}).value()),
                  tag == JPY ? "12345.00" : "123.45")
            << where;
      }
    }
  }
}

// IN.2: float noise is no error; decimal text is never noise.
TEST(TrailDoorTest, FloatNoiseIsTheAmountThatItIsBeside) {
  const auto kept = [](const Datum& amount) {
    Trail trail{RUB};
    Draft draft{Kind::costs};
    draft.id = "x";
    draft.set(fields::costs::kind, Datum::text("venue"));
    draft.set(fields::costs::at, Datum::time(0));
    draft.set(fields::costs::amount, amount);
    const std::string found = problem(trail, draft);
    const auto& store = trail.view().store;
    return found + ":" + std::to_string(store.get(Kind::costs, store.find(Kind::costs, "x"), fields::costs::amount));
  };
  const Decimal noisy{29'949'999'999'999'999, 15};
  EXPECT_EQ(kept(Datum::approximate(noisy)), ":2995");
  EXPECT_EQ(kept(Datum::real(29.949999999999999)), ":2995");
  EXPECT_EQ(kept(Datum::decimal(noisy)), "rounded_money amount:2995");
  EXPECT_EQ(kept(Datum::text("29.949999999999999")), "rounded_money amount:2995");
  EXPECT_EQ(kept(Datum::real(0.1 + 0.2)), ":30");
  EXPECT_EQ(kept(Datum::real(27964.000000000004)), ":2796400");
  EXPECT_EQ(kept(Datum::real(1e-9)), "rounded_money amount:0");  // whole of itself: no noise
  EXPECT_EQ(kept(Datum::real(29.9499)), "rounded_money amount:2995");
  EXPECT_EQ(kept(Datum::real(-0.125)), "rounded_money amount:-12");
  EXPECT_EQ(kept(Datum::text("0.135")), "rounded_money amount:14");
  EXPECT_EQ(kept(Datum::real(90'071'992'547'409.92)), ":9007199254740992");  // 2^53
  EXPECT_EQ(kept(Datum::real(90'071'992'547'410.94)), "overflow amount:" + std::to_string(detail::null_cell));
  EXPECT_EQ(kept(Datum::text("90071992547410.94")), ":9007199254741094");
}

// IN.2: rounding is counted and added up; against the sum of what each amount lost.
TEST(TrailDoorTest, RoundedAmountsAreCountedAndTheirDifferenceAddedUp) {
  Trail trail{RUB};
  auto batch = trail.batch();
  Int128 added = 0;  // in 10^-6
  for (std::int64_t micros = -1'000'000; micros <= 1'000'000; micros += 3'333) {
    Draft draft{Kind::costs};
    draft.id = std::to_string(micros);
    draft.set(fields::costs::kind, Datum::text("venue"));
    draft.set(fields::costs::at, Datum::time(0));
    draft.set(fields::costs::amount, Datum::decimal(micros, 6));
    EXPECT_TRUE(batch.put(draft));
    std::int64_t below = micros / 10'000 * 10'000;
    if (below > micros) below -= 10'000;
    const std::int64_t rest = micros - below;
    const bool up = rest > 5'000 || (rest == 5'000 && below / 10'000 % 2 != 0);
    added += below + (up ? 10'000 : 0) - micros;
  }
  const PutReport report = batch.finish();
  ASSERT_EQ(report.problems().size(), 1U);
  const PutProblem problem = report.problems().front();
  EXPECT_EQ(problem.code, "rounded_money");
  EXPECT_FALSE(problem.left_out);
  EXPECT_EQ(problem.difference, (Decimal{added * 1'000'000, 12}));
  EXPECT_EQ(problem.first_values.size(), 5U);
  EXPECT_NE(problem.message.find("; rounding added "), std::string::npos);
}

// IN.2: an optional number never costs its row, a put without a report refuses.
TEST(TrailDoorTest, AnOptionalNumberThatCannotBeReadIsNoValue) {
  Trail trail{RUB};
  Draft draft{Kind::deals};
  draft.id = "d";
  draft.set(fields::deals::created_at, Datum::time(0));
  draft.set(fields::deals::amount, Datum::text("0,250"));
  EXPECT_EQ(refusal_code([&] { trail.put(draft); }), ErrorCode::type_mismatch);
  EXPECT_EQ(trail.size(), 0U);
  EXPECT_EQ(problem(trail, draft), "bad_number amount");
  const auto& store = trail.view().store;
  EXPECT_EQ(store.get(Kind::deals, store.find(Kind::deals, "d"), fields::deals::amount), detail::null_cell);
  for (const auto& [field, value] :
       {std::pair{fields::deals::probability, "0,250"}, std::pair{fields::deals::vat, "1,204"},
        std::pair{fields::deals::cost, "1,00,000"}}) {
    Draft one{Kind::deals};
    one.id = "d";
    one.set(fields::deals::created_at, Datum::time(0));
    one.set(field, Datum::text(value));
    EXPECT_EQ(problem(trail, one).substr(0, 10), "bad_number") << value;
  }
}

// IN.2: a currency inside an amount is that currency, never the Trail's.
TEST(TrailDoorTest, ACurrencyInsideAnAmountIsThatCurrency) {
  Trail trail{RUB};
  const auto put = [&](std::string id, std::string_view amount, std::string_view currency = {}) {
    Draft draft{Kind::costs};
    draft.id = id;
    draft.set(fields::costs::kind, Datum::text("venue"));
    draft.set(fields::costs::at, Datum::time(0));
    draft.set(fields::costs::amount, Datum::text(amount));
    if (!currency.empty()) draft.set(fields::costs::currency, Datum::text(currency));
    const std::string found = problem(trail, draft);
    const auto& store = trail.view().store;
    const auto row = store.find(Kind::costs, id);
    const auto of = store.get(Kind::costs, row, fields::costs::currency);
    const auto minor = store.get(Kind::costs, row, fields::costs::amount);
    return found + ":" + (minor == detail::null_cell ? "none" : std::to_string(minor)) + " " +
           (of == detail::null_cell ? "" : std::string{store.text(of)});
  };
  EXPECT_EQ(put("a", "100 RUB"), ":10000 ");
  EXPECT_EQ(put("b", "5 USD"), ":500 USD");
  EXPECT_EQ(put("c", "USD 5"), ":500 USD");
  EXPECT_EQ(put("d", "5 €"), ":500 EUR");
  EXPECT_EQ(put("e", "5 KZT"), ":500 KZT");
  EXPECT_EQ(put("f", "5 JPY"), ":5 JPY");
  EXPECT_EQ(put("g", "$5"), "currency_mismatch amount:none ");
  EXPECT_EQ(put("h", "$5", "CAD"), ":500 CAD");
  EXPECT_EQ(put("i", "¥5", "JPY"), ":5 JPY");
  EXPECT_EQ(put("j", "¥5", "USD"), "currency_mismatch amount:none USD");
  EXPECT_EQ(put("k", "5 EUR", "USD"), "currency_mismatch amount:none USD");
  EXPECT_EQ(testing::cost_of(trail, "(total)"), 10'000);
}

// IN.18: on a line the empty text in store means minor units of the invoice's currency; nothing from outside writes it.
TEST(TrailDoorTest, AnEmptyCurrencyIsNotGiven) {
  for (const Kind kind : {Kind::deals, Kind::invoice_lines}) {
    Trail trail{RUB};
    Draft draft{kind};
    draft.id = "x";
    draft.stub = true;
    draft.set(*find_field(kind, "amount"), Datum::text("5"));
    draft.set(*currency_field(kind), Datum::text(""));
    trail.put(draft);
    const auto& store = trail.view().store;
    EXPECT_EQ(store.get(kind, store.find(kind, "x"), *currency_field(kind)), detail::null_cell);
    EXPECT_EQ(store.get(kind, store.find(kind, "x"), *find_field(kind, "amount")), 500);
  }
}

TEST(TrailDoorTest, ATextAmountThatNamesAnotherCurrencyIsRefused) {
  using namespace fields;
  EXPECT_EQ(problem_of_cost(costs::amount, Datum::text("12.00 RUB")), "");
  EXPECT_EQ(problem_of_cost(costs::amount, Datum::text("12.00 USD")), "");  // kept in dollars
  const auto row = [](std::string_view currency, std::string_view amount) {
    return problem_of(Kind::costs, {{costs::kind, Datum::text("venue")},
                                    {costs::at, Datum::time(0)},
                                    {costs::currency, Datum::text(currency)},
                                    {costs::amount, Datum::text(amount)}});
  };
  EXPECT_EQ(row("USD", "12.00 USD"), "");
  EXPECT_EQ(row("USD", "12.00 EUR"), "currency_mismatch amount");
}

TEST(TrailDoorTest, AWallClockIsOfTheTrailsZone) {
  Trail trail{RUB, {.zone = Zone::fixed(3 * 3600)}};
  Draft draft{Kind::costs};
  const auto put = [&](std::string id, Datum at) {
    draft.clear(Kind::costs);
    draft.id = std::move(id);
    draft.set(fields::costs::kind, Datum::text("venue"));
    draft.set(fields::costs::at, at);
    trail.put(draft);
  };
  put("a", Datum::local_time(to_us(utc("2026-01-01T12:00"))));
  put("b", Datum::text("2026-01-01T12:00:00"));
  put("c", Datum::text("2026-01-01T12:00:00Z"));
  put("d", Datum::text("2026-01-01T14:00:00+05:00"));
  const Table table = trail.table(Kind::costs);
  EXPECT_EQ(table.time_at(0, "at"), utc("2026-01-01T09:00"));
  EXPECT_EQ(table.time_at(1, "at"), utc("2026-01-01T09:00"));
  EXPECT_EQ(table.time_at(2, "at"), utc("2026-01-01T12:00"));
  EXPECT_EQ(table.time_at(3, "at"), utc("2026-01-01T09:00"));
}

TEST(TrailDoorTest, IdsOfCardTablesAreReserved) {
  for (const char* id : {"(unattributed)", "(total)", "(undated)"}) {
    Trail trail{RUB};
    Draft draft{Kind::channels};
    draft.id = id;
    draft.set(fields::channels::name, Datum::text("x"));
    EXPECT_EQ(problem(trail, draft), "bad_id id");
    EXPECT_EQ(trail.size(), 0U);
  }
}

TEST(TrailDoorTest, HostileIdsAreJustIds) {
  Trail trail{RUB};
  const std::vector<std::string> ids{std::string(1, '\0'),
                                     std::string("a\0b", 3),
                                     "a",
                                     "\n",
                                     "'; drop table deals; --",
                                     "../../etc",
                                     "<script>",
                                     "\xE2\x80\xAE"
                                     "gnitekram",
                                     "(Total)",
                                     std::string(100'000, 'x'),
                                     "h:0",
                                     "merge:people"};
  for (const std::string& id : ids) {
    trail.put(Channel{.id = id, .name = "n"});
    trail.put(Cost{.id = id, .kind = "venue", .channel = id, .amount = rub(1), .at = utc("2026-01-01")});
  }
  EXPECT_EQ(trail.size(Kind::channels), ids.size());
  for (const std::string& id : ids) EXPECT_EQ(testing::cost_of(trail, id), 100);
  EXPECT_EQ(Trail::restore(trail.snapshot()).snapshot(), trail.snapshot());
  trail.put(Channel{.id = "", .name = "no id"});
  EXPECT_EQ(trail.size(Kind::channels), ids.size() + 1);
  EXPECT_EQ(refusal_code([&] { trail.put(Channel{.id = "\xFF", .name = "n"}); }), ErrorCode::type_mismatch);
}

TEST(TrailRemoveTest, AnIdMustBeOne) {
  Trail trail{RUB};
  const std::string before = trail.snapshot();
  EXPECT_EQ(refusal_code([&] { trail.remove(Kind::deals, ""); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { trail.remove(Kind::deals, "\xFF"); }), ErrorCode::invalid_argument);
  EXPECT_EQ(trail.snapshot(), before);
}

TEST(TrailMergeTest, OnlyTwoPeopleOrTwoCompaniesAreMerged) {
  Trail trail{RUB};
  EXPECT_EQ(refusal_code([&] { trail.merge(Kind::deals, "a", "b"); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { trail.merge(Kind::people, "a", "a"); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { trail.merge(Kind::people, "", "a"); }), ErrorCode::invalid_argument);
  trail.merge(Kind::people, "a", "b", 1);
  trail.merge(Kind::people, "b", "a", 1);  // the same fact
  trail.merge(Kind::companies, "a", "b", 1);
  trail.merge(Kind::people, "a:1:b", "c", 1);  // ids that look like pieces of a merge's own id
  trail.merge(Kind::people, "a", "1:b:c", 1);
  EXPECT_EQ(trail.size(Kind::identity_links), 4U);
}

TEST(TrailDeclareTest, OwnColumnsTravelLikeBuiltInOnes) {
  Trail trail{RUB};
  trail.declare(Kind::deals, "city", FieldType::text);
  trail.declare(Kind::deals, "city", FieldType::text);  // the same again changes nothing
  trail.declare(Kind::deals, "bonus", FieldType::money);
  Draft draft{Kind::deals};
  draft.id = "d";
  draft.set(fields::deals::created_at, Datum::time(0));
  draft.set_own("city", Datum::text("Perm"));
  draft.set_own("bonus", Datum::text("12.50"));
  trail.put(draft);
  const Table deals = trail.table(Kind::deals);
  EXPECT_EQ(deals.text_at(0, "city"), "Perm");
  EXPECT_EQ(deals.minor_at(0, "bonus"), 1250);
  draft.set_own("colour", Datum::text("red"));
  auto batch = trail.batch();
  EXPECT_TRUE(batch.put(draft));  // kept, but the cell is not, and that is said
  EXPECT_EQ(batch.report().problems().at(0).code, "unknown_column");
  EXPECT_FALSE(batch.report().problems().at(0).left_out);
}

TEST(TrailDeclareTest, DeclarationsThatCannotBeAreRefused) {
  Trail trail{RUB};
  trail.declare(Kind::deals, "city", FieldType::text);
  const auto code = [&](std::string_view name, FieldType type) {
    return refusal_code([&] { trail.declare(Kind::deals, name, type); });
  };
  EXPECT_EQ(code("city", FieldType::integer), ErrorCode::invalid_argument);
  EXPECT_EQ(code("amount", FieldType::money), ErrorCode::invalid_argument);
  EXPECT_EQ(code("id", FieldType::text), ErrorCode::invalid_argument);
  EXPECT_EQ(code("version", FieldType::integer), ErrorCode::invalid_argument);
  EXPECT_EQ(code("stub", FieldType::boolean), ErrorCode::invalid_argument);
  EXPECT_EQ(code("", FieldType::text), ErrorCode::invalid_argument);
  EXPECT_EQ(code("\xFF", FieldType::text), ErrorCode::invalid_argument);
  EXPECT_EQ(code("boss", FieldType::link), ErrorCode::invalid_argument);
  EXPECT_EQ(code("mood", FieldType::choice), ErrorCode::invalid_argument);
}

TEST(TrailPutTableTest, RowsThatCannotBeKeptAreListedAndTheOthersKept) {
  TableBuilder builder;
  auto& id = builder.text("id");
  auto& name = builder.text("name");
  auto& state = builder.text("state");
  auto& colour = builder.text("colour");
  for (const auto& [i, n, s] : {std::tuple{"a", "A", "test"}, {"b", "B", "asleep"}, {"c", "", ""}}) {
    id.append_text(i);
    n[0] == '\0' ? name.append_null() : name.append_text(n);
    state.append_text(s);
    colour.append_text("red");
  }
  Trail trail{RUB};
  const PutReport report = trail.put(Kind::channels, input(builder.finish()));
  EXPECT_EQ(report.of(Kind::channels).read, 3);
  EXPECT_EQ(report.of(Kind::channels).put, 1);
  EXPECT_EQ(report.of(Kind::channels).left_out, 2);
  EXPECT_EQ(column(report.problems_table(), "code"),
            (std::vector<std::string>{"bad_choice", "missing_field", "unknown_column"}));
  EXPECT_EQ(column(report.problems_table(), "first_ids"), (std::vector<std::string>{"b", "c", "all rows"}));
  EXPECT_EQ(trail.card("a").state, "test");
}

TEST(TrailPutTableTest, AWrongTableIsAnErrorAndNothingIsKept) {
  Trail trail{RUB};
  const std::string before = trail.snapshot();
  const auto code = [&](TableBuilder& builder, bool stub = false) {
    const Table table = builder.finish();
    const ErrorCode found = refusal_code([&] { trail.put(Kind::channels, input(table), stub); });
    EXPECT_EQ(trail.snapshot(), before);
    return found;
  };
  TableBuilder no_name;
  no_name.text("id").append_text("a");
  EXPECT_EQ(code(no_name), ErrorCode::missing_column);
  for (const char* twice : {"name", "id"}) {
    TableBuilder builder;
    builder.text("id").append_text("a");
    builder.text("name").append_text("b");
    builder.text(twice).append_text("c");
    EXPECT_EQ(code(builder), ErrorCode::invalid_argument) << twice;
  }
  TableBuilder ids_only;
  ids_only.text("id").append_text("a");
  EXPECT_EQ(trail.put(Kind::channels, input(ids_only.finish()), true).total().put, 1);  // as stubs that is enough
}

// Design §4: hash(source, content) + ordinal among equal rows of that put.
TEST(TrailPutTableTest, RowsWithoutIdsAreNumberedByContent) {
  TableBuilder builder;
  auto& kind = builder.text("kind");
  auto& at = builder.time("at");
  auto& amount = builder.integer("amount");
  for (const int roubles : {5, 5, 7}) {
    kind.append_text("taxi");
    at.append_time(utc("2026-01-01"));
    amount.append_integer(roubles);
  }
  const Table table = builder.finish();
  Trail trail{RUB};
  trail.put(Kind::costs, input(table), false, "file.csv");
  EXPECT_EQ(trail.size(Kind::costs), 3U);  // equal rows of one file stay apart
  EXPECT_EQ(testing::cost_of(trail, "(total)"), 1700);
  const std::string once = trail.snapshot();
  trail.put(Kind::costs, input(table), false, "file.csv");  // the same file again adds nothing
  EXPECT_EQ(trail.snapshot(), once);
  trail.put(Kind::costs, input(table), false, "other.csv");
  EXPECT_EQ(trail.size(Kind::costs), 6U);
}

TEST(TrailBatchTest, CardsAreSettledWhenItEnds) {
  Trail trail{RUB};
  {
    auto batch = trail.batch();
    EXPECT_TRUE(batch.put(Channel{.id = "c", .name = "C"}));
    const Cost cost{.id = "k", .kind = "venue", .channel = "c", .amount = rub(3), .at = utc("2026-01-01")};
    Draft draft;
    fill(draft, cost);
    EXPECT_TRUE(batch.put(draft));
    batch.remove(Kind::channels, "unknown", 1);
  }  // a batch that is left without finish settles, too
  EXPECT_EQ(testing::cost_of(trail, "c"), 300);
  EXPECT_TRUE(testing::live_is_batch(trail));
}

}  // namespace
}  // namespace dealtrail
