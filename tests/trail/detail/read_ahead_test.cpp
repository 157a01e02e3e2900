// SP.7, SP.5: a table put at once is the same as its rows put one by one, whatever its cells hold.
#include "dealtrail/facts/read_ahead.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/table/text.hpp"
#include "dealtrail/trail/trail.hpp"

#include "table/arrow_arrays.hpp"

namespace dealtrail {
namespace {

// A cell of a text column as exports have them: mostly good, now and then empty, missing, reserved or not UTF-8.
std::optional<std::string> dirty(Random& random, const std::string& prefix, std::int64_t many) {
  switch (random.uniform_int(0, 29)) {
    case 0: return std::nullopt;
    case 1: return "";
    case 2: return "(total)";
    case 3: return "\xFF\xFE";
    default: return prefix + std::to_string(random.uniform_int(0, many));
  }
}

struct Rows {
  std::vector<std::optional<std::string>> id, event, person, ticket, status;
  std::vector<std::optional<std::int64_t>> at;
};

Rows rows_of(std::uint64_t seed, std::int64_t count) {
  Random random(seed);
  Rows rows;
  for (std::int64_t i = 0; i < count; ++i) {
    rows.id.push_back(dirty(random, "registration-", count));
    rows.event.push_back(dirty(random, "event-", 3));
    rows.person.push_back(dirty(random, "person-", count / 3));
    rows.ticket.push_back(dirty(random, "ticket-", 5));
    rows.status.push_back(random.chance(0.1) ? std::optional<std::string>{"waitlist"} : std::nullopt);
    rows.at.push_back(random.chance(0.1) ? std::nullopt : std::optional{1'700'000'000'000'000 + i});
  }
  return rows;
}

Table table_of(const Rows& rows) {
  TableBuilder builder;
  auto& id = builder.text("id");
  auto& event = builder.text("event");
  auto& person = builder.text("person");
  auto& ticket = builder.text("ticket");
  auto& status = builder.text("status");
  auto& at = builder.time("at");
  for (std::size_t i = 0; i < rows.id.size(); ++i) {
    id.append_text(rows.id[i]);
    event.append_text(rows.event[i]);
    person.append_text(rows.person[i]);
    ticket.append_text(rows.ticket[i]);
    status.append_text(rows.status[i]);
    at.append_time(rows.at[i].has_value() ? std::optional{from_us(*rows.at[i])} : std::nullopt);
  }
  return builder.finish();
}

PutReport put_one_by_one(Trail& trail, const Rows& rows) {
  namespace f = fields::registrations;
  auto batch = trail.batch();
  Draft draft;
  const auto set = [&](std::size_t field, const std::optional<std::string>& value) {
    if (value.has_value()) draft.set(field, Datum::text(*value));
  };
  for (std::size_t i = 0; i < rows.id.size(); ++i) {
    draft.clear(Kind::registrations);
    draft.id = rows.id[i].value_or("");
    set(f::event, rows.event[i]);
    set(f::person, rows.person[i]);
    set(f::ticket, rows.ticket[i]);
    set(f::status, rows.status[i]);
    if (rows.at[i].has_value()) draft.set(f::at, Datum::time(*rows.at[i]));
    batch.put(draft);
  }
  return batch.finish();
}

TEST(ReadAheadTest, ATableIsWhatItsRowsAre) {
  std::int64_t left_out = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Rows rows = rows_of(seed, 50 + static_cast<std::int64_t>(seed) * 53);  // less than a block to several
    Trail at_once{RUB};
    const Table table = table_of(rows);
    const TableInput input = read_all(table.to_stream());
    const PutReport report = at_once.put(Kind::registrations, input);
    Trail one_by_one{RUB};
    const PutReport expected = put_one_by_one(one_by_one, rows);
    ASSERT_EQ(at_once.snapshot(), one_by_one.snapshot()) << "seed " << seed;
    ASSERT_EQ(to_text(report.problems_table()), to_text(expected.problems_table())) << "seed " << seed;
    ASSERT_EQ(to_text(report.counts_table()), to_text(expected.counts_table())) << "seed " << seed;
    ASSERT_EQ(to_text(at_once.cards({.by = "event"})), to_text(one_by_one.cards({.by = "event"})));
    left_out += report.total().left_out;
  }
  EXPECT_GT(left_out, 1000);
}

// The row's currency says how many decimals its amounts have, and must be one, in a table as in a row.
TEST(ReadAheadTest, ACurrencyColumnDecidesWhatAmountsAre) {
  namespace f = fields::deals;
  const std::vector<std::pair<std::optional<std::string>, std::string>> rows = {
      {"JPY", "1000"}, {"KWD", "1.234"}, {"EUR", "10.5"},     {"RUB", "7"}, {std::nullopt, "8.25"},
      {"", "9"},       {"JPY", "0.5"},   {"nonsense", "100"}, {"eur", "3"}};
  TableBuilder builder;
  auto& id = builder.text("id");
  auto& currency = builder.text("currency");
  auto& amount = builder.text("amount");
  auto& created_at = builder.time("created_at");
  Trail one_by_one{RUB};
  auto batch = one_by_one.batch();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string name = "deal-" + std::to_string(i);
    id.append_text(name);
    currency.append_text(rows[i].first);
    amount.append_text(rows[i].second);
    created_at.append_time(from_us(1'700'000'000'000'000));
    Draft draft{Kind::deals};
    draft.id = name;
    if (rows[i].first.has_value()) draft.set(f::currency, Datum::text(*rows[i].first));
    draft.set(f::amount, Datum::text(rows[i].second));
    draft.set(f::created_at, Datum::time(1'700'000'000'000'000));
    batch.put(draft);
  }
  const PutReport expected = batch.finish();
  Trail at_once{RUB};
  const PutReport report = at_once.put(Kind::deals, read_all(builder.finish().to_stream()));
  EXPECT_EQ(at_once.snapshot(), one_by_one.snapshot());
  EXPECT_EQ(to_text(report.problems_table()), to_text(expected.problems_table()));
  EXPECT_NE(to_text(report.problems_table()).find("bad_currency"), std::string::npos);
  EXPECT_NE(to_text(at_once.table(Kind::deals)).find("1 000.000  JPY"), std::string::npos);
}

TEST(ReadAheadTest, ATableInManyPiecesIsWhatItsRowsAre) {
  const Rows rows = rows_of(77, 900);
  Trail one_by_one{RUB};
  put_one_by_one(one_by_one, rows);
  const std::vector<int> there(rows.id.size(), 1);
  const auto whole = [&](std::size_t from, std::size_t to) {
    const auto part = [&](const auto& values) {
      return std::decay_t<decltype(values)>(values.begin() + static_cast<std::ptrdiff_t>(from),
                                            values.begin() + static_cast<std::ptrdiff_t>(to));
    };
    std::vector<std::int64_t> times;
    std::vector<int> timed;
    for (std::size_t i = from; i < to; ++i) {
      times.push_back(rows.at[i].value_or(0));
      timed.push_back(rows.at[i].has_value() ? 1 : 0);
    }
    return test::batch({test::texts("u", part(rows.id)).named("id"), test::texts("u", part(rows.event)).named("event"),
                        test::texts("U", part(rows.person)).named("person"),
                        test::texts("vu", part(rows.ticket)).named("ticket"),
                        test::texts("u", part(rows.status)).named("status"),
                        test::numbers<std::int64_t>("tsu:UTC", times, timed).named("at")});
  };
  std::vector<OwnedArray> batches;
  Random random(78);
  for (std::size_t from = 0; from < rows.id.size();) {
    const std::size_t to =
        std::min(rows.id.size(), from + static_cast<std::size_t>(random.uniform_int(0, random.chance(0.5) ? 3 : 300)));
    batches.push_back(test::make_array(whole(from, to)));
    from = to;
  }
  Trail at_once{RUB};
  at_once.put(Kind::registrations,
              TableInput::from_batches(test::make_schema(whole(0, 0)), std::move(batches), "rows"));
  EXPECT_EQ(at_once.snapshot(), one_by_one.snapshot());
}

// A place that is a field of another kind says nothing.
TEST(ReadAheadTest, AFieldThatTheKindDoesNotHaveIsPassedOver) {
  Trail trail{RUB};
  auto batch = trail.batch();
  Draft draft{Kind::channels};
  draft.id = "a";
  draft.set(fields::channels::name, Datum::text("A"));
  draft.set(most_fields - 1, Datum::text("x"));
  batch.put(draft);
  EXPECT_EQ(batch.finish().total().put, 1);
}

}  // namespace
}  // namespace dealtrail
