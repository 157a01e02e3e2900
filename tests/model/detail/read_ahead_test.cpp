// SP.7, SP.5: a table put at once is the same as its rows put one by one, whatever its cells hold.
#include "dealtrail/model/detail/read_ahead.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/model/trail.hpp"
#include "dealtrail/table/text.hpp"

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

}  // namespace
}  // namespace dealtrail
