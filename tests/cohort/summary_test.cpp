// Summaries of purchases against a slow model, and what refunds do to them.
#include "dealtrail/cohort/summary.hpp"

#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

#include "support/event_rows.hpp"
#include "support/refusal.hpp"

namespace dealtrail::cohort {
namespace {

using dealtrail::testing::event_table;
using dealtrail::testing::EventRow;
using dealtrail::testing::refusal_code;
using dealtrail::testing::SubjectForm;

constexpr std::int64_t day = 86'400'000'000;
constexpr std::int64_t hour = 3'600'000'000;
constexpr std::int64_t start = 20'454 * day;  // 2026-01-01

struct Figures {
  std::int64_t frequency = 0;
  std::int64_t recency_days = 0;
  std::int64_t age_days = 0;
  std::int64_t repeats = 0;
};

std::map<std::string, Figures> slow_model(const std::vector<EventRow>& rows, bool amounts, std::int64_t offset,
                                          std::optional<std::int64_t> end) {
  std::map<std::string, std::map<std::int64_t, std::int64_t>> days;
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (const EventRow& row : rows) {
    if (!row.subject || !row.at || (end && *row.at >= *end)) continue;
    const auto at =
        static_cast<std::int64_t>(std::floor(static_cast<double>(*row.at + offset) / static_cast<double>(day)));
    days[*row.subject][at] += amounts ? row.value : 1;
    last = std::max(last, at);
  }
  if (end)
    last = static_cast<std::int64_t>(std::floor(static_cast<double>(*end - 1 + offset) / static_cast<double>(day)));
  std::map<std::string, Figures> made;
  for (const auto& [name, nets] : days) {
    std::vector<std::pair<std::int64_t, std::int64_t>> bought;
    for (const auto& [at, net] : nets)
      if (net > 0) bought.emplace_back(at, net);
    if (bought.empty()) continue;
    Figures& of = made[name];
    of.frequency = static_cast<std::int64_t>(bought.size()) - 1;
    of.recency_days = bought.back().first - bought.front().first;
    of.age_days = last - bought.front().first;
    for (std::size_t i = 1; i < bought.size(); ++i) of.repeats += bought[i].second;
  }
  return made;
}

TEST(Summary, EqualsTheSlowModelOnRandomTables) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random{seed};
    SummaryOptions options;
    const bool amounts = random.chance(0.6);
    if (amounts) options.amount = "value";
    options.customer = "subject";
    options.unit = static_cast<PeriodKind>(random.index(5));
    const auto hours = static_cast<std::int32_t>(random.uniform_int(-11, 11));
    options.zone = Zone::fixed(hours * 3600);
    if (random.chance(0.4)) options.end = from_us(start + random.uniform_int(0, 40) * day);
    std::vector<EventRow> rows;
    const std::int64_t count = random.uniform_int(0, 60);
    for (std::int64_t i = 0; i < count; ++i) {
      EventRow row;
      row.subject = std::to_string(random.uniform_int(0, 8));
      if (!random.chance(0.03)) row.at = start + random.uniform_int(0, 40 * 24) * hour;
      row.value = random.uniform_int(-40, 90);
      rows.push_back(row);
    }
    const TableInput table = event_table(rows, random.chance(0.5) ? SubjectForm::text : SubjectForm::number, 2);
    options.threads = static_cast<std::size_t>(random.uniform_int(1, 3));
    const Summary found = summary(table, options);
    const auto expected = slow_model(rows, amounts, std::int64_t{hours} * hour,
                                     options.end ? std::optional{to_us(*options.end)} : std::nullopt);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      const std::string name = found.of_numbers ? std::to_string(found.numbers[i]) : found.texts[i];
      const Figures& wanted = expected.at(name);
      EXPECT_EQ(found.frequency[i], wanted.frequency);
      EXPECT_DOUBLE_EQ(found.recency[i], static_cast<double>(wanted.recency_days) / days_of(options.unit));
      EXPECT_DOUBLE_EQ(found.age[i], static_cast<double>(wanted.age_days) / days_of(options.unit));
      if (!amounts) continue;
      ASSERT_EQ(found.monetary[i].has_value(), wanted.frequency > 0);
      if (wanted.frequency > 0) {
        EXPECT_NEAR(*found.monetary[i], static_cast<double>(wanted.repeats) / static_cast<double>(wanted.frequency),
                    1e-9);
      }
    }
    // A summary that went through a table is the same.
    if (amounts && found.size() > 0) {
      const Table shown = found.table();
      const TableInput again = read_all(shown.to_stream(), "summary");
      const Summary back = Summary::from_table(again, found.unit);
      EXPECT_EQ(back.frequency, found.frequency);
      EXPECT_EQ(back.recency, found.recency);
      EXPECT_EQ(back.age, found.age);
      EXPECT_EQ(back.monetary, found.monetary);
    }
  }
}

TEST(Summary, ARefundAfterTheLastOrderChangesNeitherFrequencyNorRecency) {
  const std::vector<EventRow> orders{{.subject = "a", .at = start, .value = 10},
                                     {.subject = "a", .at = start + 7 * day, .value = 30},
                                     {.subject = "a", .at = start + 7 * day + hour, .value = 20}};
  std::vector<EventRow> refunded = orders;
  refunded.push_back({.subject = "a", .at = start + 12 * day, .value = -30});
  const SummaryOptions options{.customer = "subject", .amount = "value", .end = from_us(start + 14 * day)};
  const TableInput plain = event_table(orders);
  const TableInput with_refund = event_table(refunded);
  const Summary before = summary(plain, options);
  const Summary after = summary(with_refund, options);
  EXPECT_EQ(before.frequency, std::vector<std::int64_t>{1});
  EXPECT_EQ(before.recency, std::vector<double>{1});
  EXPECT_DOUBLE_EQ(before.age[0], 13.0 / 7);
  EXPECT_EQ(before.monetary[0], 50.0);  // two orders of one day are one purchase
  EXPECT_EQ(after.frequency, before.frequency);
  EXPECT_EQ(after.recency, before.recency);
  ASSERT_EQ(after.problems.list().size(), 1U);
  EXPECT_EQ(after.problems.list()[0].code, "no_purchase_day");
}

TEST(Summary, RefundsOnlyAreNoCustomer) {
  const TableInput table =
      event_table({{.subject = "a", .at = start, .value = -10}, {.subject = "b", .at = start, .value = 1}});
  const Summary found = summary(table, {.customer = "subject", .amount = "value"});
  EXPECT_EQ(found.texts, std::vector<std::string>{"b"});
  const Table problems = found.problems.table();
  EXPECT_EQ(problems.text_at(0, "code"), "no_purchase");
  EXPECT_EQ(problems.text_at(0, "first_values"), "a");
  const TableInput empty = event_table({});
  EXPECT_EQ(summary(empty, {.customer = "subject"}).size(), 0U);
  EXPECT_EQ(refusal_code([&] { return summary(empty); }), ErrorCode::missing_column);
}

}  // namespace
}  // namespace dealtrail::cohort
