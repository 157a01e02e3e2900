// Retention of cohorts against a slow model, and the cases where conventions differ.
#include "dealtrail/cohort/retention.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
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

constexpr std::int64_t hour = 3'600'000'000;
constexpr std::int64_t day = 24 * hour;

std::int64_t at(int year, unsigned month, unsigned date, std::int64_t hours = 0, std::int64_t minutes = 0) {
  const std::chrono::sys_days days = std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{date};
  return days.time_since_epoch().count() * day + hours * hour + minutes * 60'000'000;
}

// The slow model: for each subject and each period, asks every row.
class SlowModel {
 public:
  SlowModel(const std::vector<EventRow>& rows, const RetentionOptions& options) : options_(options) {
    for (const EventRow& row : rows) {
      if (!row.subject || row.subject->empty() || !row.at) continue;
      if (options.end && *row.at >= to_us(*options.end)) continue;
      of_[*row.subject].push_back(row);
      end_ = std::max(end_, *row.at + 1);
    }
    if (options.end) end_ = to_us(*options.end);
  }

  std::map<std::tuple<std::optional<std::string>, std::int32_t, std::int64_t>, RetentionCell> cells() {
    struct Member {
      std::int64_t birth;
      const std::vector<EventRow>* rows;
    };
    std::map<std::pair<std::optional<std::string>, std::int32_t>, std::vector<Member>> cohorts;
    for (const auto& [name, rows] : of_) {
      std::optional<std::int64_t> birth;
      for (const EventRow& row : rows) {
        const auto candidate = options_.birth.empty() ? row.at : row.birth;
        if (candidate && (!birth || *candidate < *birth)) birth = candidate;
      }
      if (!birth || *birth >= end_) continue;
      cohorts[{group_of(rows), ordinal(*birth)}].push_back({*birth, &rows});
    }
    std::map<std::tuple<std::optional<std::string>, std::int32_t, std::int64_t>, RetentionCell> made;
    for (const auto& [key, members] : cohorts) {
      std::int64_t cumulative = 0;
      for (const auto& [begin, last] : buckets(key.second, members)) {
        RetentionCell cell{.cohort = {options_.every, key.second},
                           .size = static_cast<std::int64_t>(members.size()),
                           .period = begin,
                           .complete = true};
        for (const Member& member : members) {
          bool active = false;
          for (const EventRow& row : *member.rows) {
            if (*row.at < member.birth) continue;
            const std::int64_t period = period_of_row(member.birth, *row.at);
            const bool inside = begin <= period && period <= last;
            active = active || (options_.kind == RetentionKind::on_or_after ? period >= begin : inside);
            if (!inside) continue;
            ++cell.events;
            cell.value_minor += row.value * 100;
          }
          cell.active += active ? 1 : 0;
          cell.complete = cell.complete && period_of_row(member.birth, end_) > last;
        }
        cumulative += cell.value_minor;
        cell.cumulative_minor = cumulative;
        made[{key.first, key.second, begin}] = cell;
      }
    }
    return made;
  }

 private:
  template <class Members>
  std::vector<std::pair<std::int64_t, std::int64_t>> buckets(std::int32_t, const Members& members) const {
    std::int64_t reach = 0;
    for (const auto& member : members) reach = std::max(reach, period_of_row(member.birth, end_ - 1));
    std::vector<std::pair<std::int64_t, std::int64_t>> made;
    if (options_.kind != RetentionKind::bracket) {
      for (std::int64_t period = 0; period <= reach; ++period) made.emplace_back(period, period);
      return made;
    }
    std::int64_t begin = 0;
    std::int64_t length = 1;
    for (std::size_t i = 0; begin <= reach; ++i) {
      made.emplace_back(begin, begin + length - 1);
      begin += length;
      if (i == options_.brackets.size()) break;
      length = options_.brackets[i];
    }
    return made;
  }
  std::int32_t ordinal(std::int64_t moment) const {
    return period_of(from_us(moment), options_.every, options_.zone).ordinal;
  }
  std::int64_t period_of_row(std::int64_t birth, std::int64_t moment) const {
    if (options_.clock == RetentionClock::calendar) return ordinal(moment) - ordinal(birth);
    std::int64_t period = 0;
    while (begin_of(birth, period + 1) <= moment) ++period;
    return period;
  }
  // When the period of a subject begins, by adding whole months to the birth and keeping within the month.
  static std::int64_t begin_of(std::int64_t birth, std::int64_t period, PeriodKind every) {
    if (every == PeriodKind::day) return birth + period * day;
    if (every == PeriodKind::week) return birth + period * 7 * day;
    const auto days = std::chrono::floor<std::chrono::days>(from_us(birth));
    const std::chrono::year_month_day date{days};
    const int step = every == PeriodKind::month ? 1 : every == PeriodKind::quarter ? 3 : 12;
    auto moved = date + std::chrono::months{period * step};
    if (!moved.ok()) moved = moved.year() / moved.month() / std::chrono::last;
    return birth + (std::chrono::sys_days{moved} - days).count() * day;
  }
  std::int64_t begin_of(std::int64_t birth, std::int64_t period) const {
    return begin_of(birth, period, options_.every);
  }
  std::optional<std::string> group_of(const std::vector<EventRow>& rows) const {
    if (options_.by.empty()) return std::nullopt;
    std::int64_t first = *rows.front().at;
    for (const EventRow& row : rows) first = std::min(first, *row.at);
    std::optional<std::string> name;
    for (const EventRow& row : rows)
      if (*row.at == first && row.group && !row.group->empty() && (!name || *row.group < *name)) name = row.group;
    return name;
  }

  const RetentionOptions& options_;
  std::map<std::string, std::vector<EventRow>> of_{};
  std::int64_t end_ = std::numeric_limits<std::int64_t>::min();
};

TEST(Retention, EqualsTheSlowModelOnRandomTables) {
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random{seed};
    RetentionOptions options{.value = "value"};
    options.every = static_cast<PeriodKind>(random.index(5));
    options.kind = static_cast<RetentionKind>(random.index(3));
    options.clock = static_cast<RetentionClock>(random.index(2));
    options.brackets = {random.uniform_int(1, 2), random.uniform_int(1, 4)};
    if (random.chance(0.3)) options.by = "group";
    if (random.chance(0.3)) options.birth = "birth";
    if (random.chance(0.3)) options.zone = Zone::fixed(static_cast<std::int32_t>(random.uniform_int(-10, 10)) * 1800);
    if (options.clock == RetentionClock::rolling && options.every >= PeriodKind::month) options.zone = Zone{};
    const std::int64_t span = random.pick(std::vector<std::int64_t>{3, 40, 500});
    const std::int64_t step = random.pick(std::vector<std::int64_t>{1, hour, day});
    if (random.chance(0.4)) options.end = from_us(at(2026, 1, 1) + random.uniform_int(0, span) * day);
    std::vector<EventRow> rows;
    const std::int64_t count = random.uniform_int(0, 60);
    for (std::int64_t i = 0; i < count; ++i) {
      EventRow row;
      if (!random.chance(0.03)) row.subject = std::to_string(random.uniform_int(0, 9));
      if (!random.chance(0.03)) row.at = at(2026, 1, 1) + random.uniform_int(0, span * day / step) * step;
      if (!random.chance(0.1)) row.group = std::string(1, static_cast<char>('a' + random.uniform_int(0, 2)));
      if (!random.chance(0.6)) row.birth = at(2025, 12, 20) + random.uniform_int(0, 40) * day;
      row.value = random.uniform_int(-5, 90);
      rows.push_back(row);
    }
    const SubjectForm form = random.chance(0.5) ? SubjectForm::text : SubjectForm::number;
    const TableInput table = event_table(rows, form, static_cast<std::size_t>(random.uniform_int(1, 3)));
    options.threads = static_cast<std::size_t>(random.uniform_int(1, 3));
    const Retention found = retention(table, options);
    const auto expected = SlowModel{rows, options}.cells();
    ASSERT_EQ(found.cells.size(), expected.size());
    for (const RetentionCell& cell : found.cells) {
      const auto same = expected.find({found.groups[cell.group], cell.cohort.ordinal, cell.period});
      ASSERT_NE(same, expected.end());
      RetentionCell wanted = same->second;
      wanted.group = cell.group;
      EXPECT_EQ(cell.size, wanted.size);
      EXPECT_EQ(cell.active, wanted.active);
      EXPECT_EQ(cell.events, wanted.events);
      EXPECT_EQ(cell.value_minor, wanted.value_minor);
      EXPECT_EQ(cell.cumulative_minor, wanted.cumulative_minor);
      EXPECT_EQ(cell.complete, wanted.complete);
    }
  }
}

TEST(Retention, ManyRowsGiveTheSameWithAnyNumberOfThreads) {
  Random random{5};
  std::vector<EventRow> rows;
  for (int i = 0; i < 60'000; ++i) {
    EventRow row;
    row.subject = std::to_string(random.uniform_int(0, 7'000));
    row.at = at(2026, 1, 1) + random.uniform_int(0, 100) * day;
    row.value = random.uniform_int(0, 9);
    rows.push_back(row);
  }
  const TableInput text = event_table(rows, SubjectForm::text, 3);
  const TableInput number = event_table(rows, SubjectForm::number);
  RetentionOptions options{.value = "value"};
  const Retention one = retention(text, options);
  options.threads = 4;
  EXPECT_EQ(one.cells, retention(text, options).cells);
  EXPECT_EQ(one.cells, retention(number, options).cells);
  const auto expected = SlowModel{rows, options}.cells();
  ASSERT_EQ(one.cells.size(), expected.size());
  for (const RetentionCell& cell : one.cells)
    EXPECT_EQ(cell.active, expected.at({std::nullopt, cell.cohort.ordinal, cell.period}).active);
}

TEST(Retention, WeeksBeginOnMonday) {
  // 2026-03-15 is a Sunday: one minute before midnight is another week than one minute after it.
  const std::vector<EventRow> rows{{"a", at(2026, 3, 15, 23, 59)}, {"b", at(2026, 3, 16, 0, 1)}};
  const TableInput table = event_table(rows);
  const Retention found = retention(table);
  ASSERT_EQ(found.cells.size(), 3U);
  EXPECT_EQ(to_text(found.cells[0].cohort), "2026-W11");
  EXPECT_EQ(to_text(found.cells[2].cohort), "2026-W12");
  // By the clock of a place three hours ahead both are Monday.
  EXPECT_EQ(retention(table, {.zone = Zone::fixed(3 * 3600)}).cells.size(), 1U);
}

TEST(Retention, BirthsOnThe31stKeepThe31st) {
  std::vector<EventRow> rows;
  for (const std::int64_t moment : {at(2026, 1, 31, 10), at(2026, 2, 28, 10), at(2026, 3, 30, 10),
                                    at(2026, 3, 31, 9, 59), at(2026, 3, 31, 10), at(2026, 4, 30, 10)})
    rows.push_back({"a", moment});
  const TableInput table = event_table(rows);
  const Retention found = retention(table, {.every = PeriodKind::month, .clock = RetentionClock::rolling});
  ASSERT_EQ(found.cells.size(), 4U);
  // 30 March and 31 March 09:59 are still of the period that began on 28 February.
  EXPECT_EQ(found.cells[0].events, 1);
  EXPECT_EQ(found.cells[1].events, 3);
  EXPECT_EQ(found.cells[2].events, 1);
  EXPECT_EQ(found.cells[3].events, 1);
  EXPECT_FALSE(found.cells[3].complete);
}

TEST(Retention, OnlyCompleteCellsAreInTheAverage) {
  // Two of the first week, one of the second; the third week ends on Sunday 2026-03-22.
  const std::vector<EventRow> rows{{"a", at(2026, 3, 2)},  {"b", at(2026, 3, 3)},  {"c", at(2026, 3, 9)},
                                   {"a", at(2026, 3, 10)}, {"c", at(2026, 3, 17)}, {"b", at(2026, 3, 18)}};
  const TableInput table = event_table(rows);
  const Retention found = retention(table, {.end = from_us(at(2026, 3, 20))});
  ASSERT_EQ(found.cells.size(), 5U);
  const Table average = found.average();
  // Period 1: 1 of 2 of the first week; that of the second week is not over.
  EXPECT_EQ(average.integer_at(1, "cohorts"), 1);
  EXPECT_EQ(average.real_at(1, "rate"), 0.5);
  EXPECT_EQ(average.integer_at(2, "cohorts"), 0);
  EXPECT_EQ(average.real_at(2, "rate"), std::nullopt);
  const Retention later = retention(table, {.end = from_us(at(2026, 3, 23))});
  EXPECT_NEAR(*later.average().real_at(1, "rate"), 2.0 / 3, 1e-15);
  const Table pivot = later.pivot("rate");
  EXPECT_EQ(pivot.rows(), 2);
  EXPECT_EQ(pivot.real_at(1, "1"), 1.0);
  EXPECT_EQ(pivot.real_at(1, "2"), std::nullopt);
  EXPECT_EQ(refusal_code([&] { return later.pivot("value"); }), ErrorCode::unknown_name);
}

TEST(Retention, ProblemsCountWhatIsLeftOut) {
  const std::vector<EventRow> rows{{"a", at(2026, 3, 2)},
                                   {std::nullopt, at(2026, 3, 2)},
                                   {"a", std::nullopt},
                                   {"", at(2026, 3, 2)},
                                   {"b", at(2026, 4, 2)}};
  const TableInput table = event_table(rows);
  const Retention found = retention(table, {.end = from_us(at(2026, 3, 20))});
  EXPECT_EQ(found.problems.left_out(), 3);
  const Table problems = found.problems.table();
  ASSERT_EQ(problems.rows(), 3);
  EXPECT_EQ(problems.text_at(0, "code"), "no_subject");
  EXPECT_EQ(problems.text_at(0, "first_rows"), "row 1, row 3");
  EXPECT_EQ(problems.text_at(1, "code"), "no_time");
  EXPECT_EQ(problems.text_at(2, "code"), "after_end");
  const TableInput empty = event_table({});
  EXPECT_TRUE(retention(empty).cells.empty());
  EXPECT_EQ(retention(empty).table().rows(), 0);
  EXPECT_EQ(retention(empty).average().rows(), 0);
}

TEST(Retention, Refusals) {
  const TableInput table = event_table({{"a", at(2026, 3, 2)}});
  EXPECT_EQ(refusal_code([&] { return retention(table, {.subject = "who"}); }), ErrorCode::missing_column);
  EXPECT_EQ(refusal_code([&] { return retention(table, {.at = "value"}); }), ErrorCode::type_mismatch);
  EXPECT_EQ(refusal_code([&] { return retention(table, {.kind = RetentionKind::bracket, .brackets = {}}); }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { return retention(table, {.kind = RetentionKind::bracket, .brackets = {0}}); }),
            ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail::cohort
