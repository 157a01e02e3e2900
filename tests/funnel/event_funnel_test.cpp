// Funnels over events against brute force over all choices of events, and the cases where conventions differ.
#include "dealtrail/funnel/event_funnel.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

#include "support/event_rows.hpp"
#include "support/refusal.hpp"

namespace dealtrail {
namespace {

using dealtrail::testing::event_table;
using dealtrail::testing::EventRow;
using dealtrail::testing::refusal_code;
using dealtrail::testing::SubjectForm;

constexpr std::int64_t second = 1'000'000;

EventStep step(const std::string& names, bool optional = false) {
  EventStep made{.name = names, .optional = optional};
  for (const char name : names) made.any.emplace_back(1, name);
  return made;
}
std::vector<EventStep> steps_of(const std::vector<std::string>& names) {
  std::vector<EventStep> made;
  for (const std::string& one : names) made.push_back(step(one));
  return made;
}

// The events of one subject in the order of the table: "a0 b4 a5" are a at 0 s, b at 4 s, a at 5 s.
std::vector<EventRow> rows_of(const std::string& subject, const std::string& text) {
  std::vector<EventRow> rows;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find(' ', at);
    if (end == std::string::npos) end = text.size();
    rows.push_back({.subject = subject,
                    .at = std::stoll(text.substr(at + 1, end - at - 1)) * second,
                    .event = text.substr(at, 1)});
    at = end + 1;
  }
  return rows;
}

// How far a subject came: the steps of one attempt with their times.
struct Slow {
  int reach = -1;  // the highest step
  std::int64_t start = 0;
  std::array<std::int64_t, 8> at{};
};

// Tries every choice of events for every step.
class BruteForce {
 public:
  BruteForce(const EventFunnelOptions& options, std::vector<EventRow> events)
      : options_(options), events_(std::move(events)) {}

  Slow found() {
    if (options_.order == EventOrder::strict) return strict();
    std::vector<std::int64_t> entries;
    for (const EventRow& row : events_)
      if (options_.order == EventOrder::any ? any_step(row) : is(row, 0)) entries.push_back(*row.at);
    std::sort(entries.begin(), entries.end());
    if (entries.empty()) return {};
    if (options_.entry == FunnelEntry::first) return attempt(entries.front());
    if (options_.entry == FunnelEntry::latest) return attempt(entries.back());
    Slow best;
    for (const std::int64_t entry : entries) {
      const Slow one = attempt(entry);
      if (one.reach >= best.reach) best = one;
    }
    return best;
  }

  bool is_excluded(const Slow& attempt) const {
    for (const EventExclusion& one : options_.exclude) {
      if (attempt.reach < static_cast<int>(one.from) - 1) continue;
      for (const EventRow& row : events_) {
        if (std::find(one.any.begin(), one.any.end(), *row.event) == one.any.end()) continue;
        const bool reached = attempt.reach >= static_cast<int>(one.to) - 1;
        const bool before = reached ? *row.at < attempt.at[one.to - 1]
                                    : !options_.window_us || *row.at <= attempt.start + *options_.window_us;
        if (*row.at > attempt.at[one.from - 1] && before) return true;
      }
    }
    return false;
  }

 private:
  bool is(const EventRow& row, std::size_t step) const {
    const auto& any = options_.steps[step].any;
    return std::find(any.begin(), any.end(), *row.event) != any.end();
  }
  bool any_step(const EventRow& row) const {
    for (std::size_t k = 0; k < options_.steps.size(); ++k)
      if (is(row, k)) return true;
    return false;
  }

  Slow attempt(std::int64_t start) {
    Slow best{.reach = -1, .start = start};
    best.at.fill(std::numeric_limits<std::int64_t>::max());
    used_.assign(events_.size(), false);
    start_ = start;
    if (options_.order == EventOrder::any) {
      fill_any(0, 0, start, best);
    } else {
      for (std::size_t i = 0; i < events_.size(); ++i) {
        if (*events_[i].at != start || !is(events_[i], 0)) continue;
        used_[i] = true;
        follow(1, start, {start}, best);
        used_[i] = false;
      }
    }
    return best;
  }
  bool in_window(std::int64_t at) const { return !options_.window_us || at <= start_ + *options_.window_us; }

  void follow(std::size_t next, std::int64_t before, std::vector<std::int64_t> times, Slow& best) {
    const int reach = static_cast<int>(next) - 1;
    best.reach = std::max(best.reach, reach);
    for (std::size_t k = 0; k < times.size(); ++k) best.at[k] = std::min(best.at[k], times[k]);
    for (std::size_t k = next; k < options_.steps.size(); ++k) {
      for (std::size_t i = 0; i < events_.size(); ++i) {
        if (used_[i] || !is(events_[i], k) || *events_[i].at < before - options_.grace_us || !in_window(*events_[i].at))
          continue;
        used_[i] = true;
        auto longer = times;
        longer.resize(k, std::numeric_limits<std::int64_t>::max());
        longer.push_back(*events_[i].at);
        follow(k + 1, *events_[i].at, longer, best);
        used_[i] = false;
      }
      if (!options_.steps[k].optional) break;
    }
  }

  // Bit k: k + 1 steps done; the time is the least at which so many can be.
  void fill_any(std::size_t step, int done, std::int64_t latest, Slow& best) {
    if (done > 0) {
      best.reach = std::max(best.reach, done - 1);
      best.at[static_cast<std::size_t>(done) - 1] = std::min(best.at[static_cast<std::size_t>(done) - 1], latest);
    }
    if (step == options_.steps.size()) return;
    fill_any(step + 1, done, latest, best);
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (used_[i] || !is(events_[i], step) || *events_[i].at < start_ || !in_window(*events_[i].at)) continue;
      used_[i] = true;
      fill_any(step + 1, done + 1, std::max(latest, *events_[i].at), best);
      used_[i] = false;
    }
  }

  // Events of one time in the order of the first step that they can be, then of all that they can be.
  Slow strict() const {
    const auto bits = [&](const EventRow& row) {
      unsigned made = 0;
      for (std::size_t k = 0; k < options_.steps.size(); ++k) made |= is(row, k) ? 1U << k : 0;
      return made;
    };
    std::vector<EventRow> sorted = events_;
    std::stable_sort(sorted.begin(), sorted.end(), [&](const EventRow& l, const EventRow& r) {
      const auto first = [&](const EventRow& row) { return bits(row) == 0 ? 64 : __builtin_ctz(bits(row)); };
      return std::tuple{*l.at, first(l), bits(l)} < std::tuple{*r.at, first(r), bits(r)};
    });
    Slow best;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (!is(sorted[i], 0)) continue;
      Slow one{.reach = -1, .start = *sorted[i].at};
      for (std::size_t k = 0; k < options_.steps.size() && i + k < sorted.size(); ++k) {
        const EventRow& row = sorted[i + k];
        if (!is(row, k) || (options_.window_us && *row.at > one.start + *options_.window_us)) break;
        one.reach = static_cast<int>(k);
        one.at[k] = *row.at;
      }
      if (options_.entry == FunnelEntry::first) return one;
      if (options_.entry == FunnelEntry::latest || one.reach >= best.reach) best = one;
    }
    return best;
  }

  const EventFunnelOptions& options_;
  std::vector<EventRow> events_;
  std::vector<bool> used_{};
  std::int64_t start_ = 0;
};

class EventFunnelEntry : public ::testing::TestWithParam<FunnelEntry> {};

TEST_P(EventFunnelEntry, EqualsBruteForceOnRandomEvents) {
  for (std::uint64_t seed = 0; seed < 2'500; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random{seed};
    EventFunnelOptions options{.entry = GetParam()};
    options.order = static_cast<EventOrder>(random.index(3));
    const bool ordered = options.order == EventOrder::ordered;
    const std::vector<std::vector<std::string>> shapes{{"a", "b", "c"},  {"a", "a"},           {"a", "b", "a", "b"},
                                                       {"a", "a", "b"},  {"a", "ab", "b"},     {"ab", "b", "a"},
                                                       {"a", "bc", "d"}, {"a", "b", "c", "d"}, {"ab", "ab", "c"}};
    options.steps = steps_of(random.pick(shapes));
    if (random.chance(0.6)) options.window_us = random.uniform_int(1, 8) * second;
    if (ordered && random.chance(0.3) && options.steps.size() > 2)
      options.steps[1 + random.index(options.steps.size() - 1)].optional = true;
    const bool skips =
        std::any_of(options.steps.begin(), options.steps.end(), [](const EventStep& one) { return one.optional; });
    if (ordered && !skips && random.chance(0.3)) options.exclude.push_back({{"x"}, 1, options.steps.size()});
    if (ordered && !skips && random.chance(0.3) && options.steps.size() == 2) options.grace_us = 2 * second;
    if (ordered && !skips && random.chance(0.3) && options.steps[0].name == "a" && options.steps[1].name == "b")
      options.grace_us = random.uniform_int(1, 3) * second;
    bool repeated = false;
    for (std::size_t k = 1; k < options.steps.size(); ++k)
      for (std::size_t j = 0; j < k; ++j) repeated = repeated || options.steps[k].name == options.steps[j].name;
    if (options.grace_us > 0 && repeated) options.exclude.clear();
    std::map<std::string, std::vector<EventRow>> of;
    std::vector<EventRow> rows;
    const std::int64_t count = random.uniform_int(0, 30);
    const std::int64_t times = random.pick(std::vector<std::int64_t>{3, 12});
    for (std::int64_t i = 0; i < count; ++i) {
      EventRow row;
      row.subject = std::to_string(random.uniform_int(0, 4));
      row.at = random.uniform_int(0, times) * second;
      row.event = std::string(1, random.pick(std::string{"aabbcdx"}));
      if (of[*row.subject].size() >= 8) continue;
      of[*row.subject].push_back(row);
      rows.push_back(row);
    }
    options.threads = static_cast<std::size_t>(random.uniform_int(1, 2));
    const TableInput table = event_table(rows, random.chance(0.5) ? SubjectForm::text : SubjectForm::number,
                                         static_cast<std::size_t>(random.uniform_int(1, 3)));
    const EventFunnel found = event_funnel(table, options);
    std::map<std::string, const EventPath*> paths;
    for (const EventPath& path : found.paths) paths[*rows[path.row].subject] = &path;
    EXPECT_EQ(paths.size(), found.paths.size());
    std::int64_t excluded = 0;
    for (const auto& [name, events] : of) {
      BruteForce slow{options, events};
      const Slow wanted = slow.found();
      const auto path = paths.find(name);
      if (wanted.reach < 0 || slow.is_excluded(wanted)) {
        excluded += wanted.reach < 0 ? 0 : 1;
        EXPECT_EQ(path, paths.end()) << name;
        continue;
      }
      ASSERT_NE(path, paths.end()) << name;
      EXPECT_EQ(static_cast<int>(std::bit_width(path->second->steps)) - 1, wanted.reach) << name;
      if (options.order != EventOrder::any) {
        EXPECT_EQ(path->second->times.front(), wanted.start) << name;
      }
      // With grace and repeated steps an early event may be left to either step: only the reach is one.
      if (skips || (options.grace_us > 0 && repeated)) continue;
      for (int k = 0; k <= wanted.reach; ++k)
        EXPECT_EQ(path->second->times[static_cast<std::size_t>(k)], wanted.at[static_cast<std::size_t>(k)])
            << name << k;
    }
    EXPECT_EQ(found.excluded, excluded);
    EXPECT_EQ(found.subjects, static_cast<std::int64_t>(of.size()));
  }
}

INSTANTIATE_TEST_SUITE_P(All, EventFunnelEntry,
                         ::testing::Values(FunnelEntry::best, FunnelEntry::first, FunnelEntry::latest));

std::vector<std::int64_t> counts_of(const std::string& events, const EventFunnelOptions& options) {
  const TableInput table = event_table(rows_of("ann", events));
  const Table shown = event_funnel(table, options).table();
  std::vector<std::int64_t> counts;
  for (std::int64_t row = 0; row < shown.rows(); ++row) counts.push_back(*shown.integer_at(row, "count"));
  return counts;
}

using Counts = std::vector<std::int64_t>;

TEST(EventFunnel, TheLatestStartIsKeptForEachStep) {
  const EventFunnelOptions options{.steps = steps_of({"a", "b", "c"}), .window_us = 8 * second};
  EXPECT_EQ(counts_of("a0 b4 a5 c8", options), (Counts{1, 1, 1}));
  EventFunnelOptions latest = options;
  latest.entry = FunnelEntry::latest;
  EXPECT_EQ(counts_of("a0 b4 a5 c8", latest), (Counts{1, 0, 0}));
}

TEST(EventFunnel, OneEventIsOneStep) {
  // As ClickHouse's strict_once counts them.
  EXPECT_EQ(counts_of("a0", {.steps = steps_of({"a", "a"})}), (Counts{1, 0}));
  EXPECT_EQ(counts_of("a0 a0", {.steps = steps_of({"a", "a"})}), (Counts{1, 1}));
  EXPECT_EQ(counts_of("a0 b1 a2", {.steps = steps_of({"a", "b", "a"})}), (Counts{1, 1, 1}));
  EXPECT_EQ(counts_of("a0 b1 a2 b3", {.steps = steps_of({"a", "b", "a", "b"})}), (Counts{1, 1, 1, 1}));
  EXPECT_EQ(counts_of("a0 a1 b1", {.steps = steps_of({"a", "a", "b"})}), (Counts{1, 1, 1}));
}

TEST(EventFunnel, TheWindowIsInclusiveAndEqualTimesAreInTheOrderOfSteps) {
  const EventFunnelOptions options{.steps = steps_of({"a", "b"}), .window_us = 5 * second};
  EXPECT_EQ(counts_of("a0 b5", options), (Counts{1, 1}));
  EXPECT_EQ(counts_of("a0 b6", options), (Counts{1, 0}));
  EXPECT_EQ(counts_of("b3 a3", options), (Counts{1, 1}));
  EventFunnelOptions grace = options;
  EXPECT_EQ(counts_of("b2 a3", options), (Counts{1, 0}));
  grace.grace_us = second;
  EXPECT_EQ(counts_of("b2 a3", grace), (Counts{1, 1}));
  EXPECT_EQ(counts_of("b1 a3", grace), (Counts{1, 0}));
}

TEST(EventFunnel, OnlyTheFurthestAttemptIsExcluded) {
  const EventFunnelOptions options{.steps = steps_of({"a", "b"}), .exclude = {{{"x"}, 1, 2}}};
  EXPECT_EQ(counts_of("a0 x1 b2", options), (Counts{0, 0}));
  EXPECT_EQ(counts_of("a0 x1 a2 b3", options), (Counts{1, 1}));
  EXPECT_EQ(counts_of("a0 b1 x2", options), (Counts{1, 1}));
}

TEST(EventFunnel, TableListsAndNext) {
  std::vector<EventRow> rows = rows_of("ann", "a0 b86400 c172800");
  for (const auto& [name, events] : std::vector<std::pair<std::string, std::string>>{
           {"bob", "a0 b259200 x300000 c900000"}, {"cat", "a5 x6 x7"}, {"dan", "a5"}, {"eve", "b1 c2"}})
    for (const EventRow& row : rows_of(name, events)) rows.push_back(row);
  const TableInput table = event_table(rows);
  const EventFunnel found = event_funnel(table, {.steps = steps_of({"a", "b", "c"}), .window_us = 5 * 86'400 * second});
  const Table shown = found.table();
  EXPECT_EQ(shown.integer_at(0, "count"), 4);
  EXPECT_EQ(shown.integer_at(1, "count"), 2);
  EXPECT_EQ(shown.integer_at(2, "count"), 1);
  EXPECT_EQ(shown.real_at(1, "rate_first"), 0.5);
  EXPECT_EQ(shown.real_at(2, "rate_previous"), 0.5);
  EXPECT_EQ(shown.integer_at(1, "dropped"), 2);
  EXPECT_EQ(shown.real_at(0, "rate_previous"), std::nullopt);
  EXPECT_EQ(shown.real_at(1, "median_days"), 2.0);
  EXPECT_EQ(shown.real_at(1, "mean_days"), 2.0);
  EXPECT_NEAR(*shown.real_at(1, "p90_days"), 2.8, 1e-12);
  EXPECT_EQ(shown.meta("entry"), "best");
  const Table reached = found.subjects_of(table, 2);
  ASSERT_EQ(reached.rows(), 2);
  EXPECT_EQ(reached.text_at(1, "subject"), "bob");
  const Table left = found.dropped(table, 2);
  ASSERT_EQ(left.rows(), 2);
  EXPECT_EQ(left.text_at(0, "subject"), "cat");
  const Table next = found.next(table, 2);
  ASSERT_EQ(next.rows(), 2);
  EXPECT_EQ(next.text_at(0, "event"), std::nullopt);
  EXPECT_EQ(next.text_at(1, "event"), "x");
  EXPECT_EQ(refusal_code([&] { return found.dropped(table, 1); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { return found.subjects_of(table, 4); }), ErrorCode::invalid_argument);
}

TEST(EventFunnel, GroupsAreOfANamedStep) {
  std::vector<EventRow> rows = rows_of("ann", "a0 b1");
  rows[0].group = "tg";
  rows[1].group = "mail";
  for (const EventRow& row : rows_of("bob", "a0")) rows.push_back(row);
  const TableInput table = event_table(rows);
  EventFunnelOptions options{.steps = steps_of({"a", "b"}), .by = "group"};
  const EventFunnel by_first = event_funnel(table, options);
  ASSERT_EQ(by_first.groups.size(), 2U);
  EXPECT_EQ(by_first.groups[0], "tg");
  EXPECT_EQ(by_first.groups[1], std::nullopt);
  EXPECT_EQ(by_first.table().rows(), 4);
  options.by_step = 0;
  EXPECT_EQ(event_funnel(table, options).groups[0], "mail");
  options.by_step = 2;
  EXPECT_EQ(event_funnel(table, options).groups[0], "mail");
}

TEST(EventFunnel, ConditionsOverColumnsAndStepsThatNeverOccur) {
  std::vector<EventRow> rows = rows_of("ann", "a0 b1 b3");
  rows[1].value = 10;
  rows[2].value = 500;
  const TableInput table = event_table(rows);
  EventFunnelOptions options{.steps = steps_of({"a", "b"})};
  options.steps[1].where = Condition::test("value", ConditionOp::ge, Datum::integer(100));
  const EventFunnel found = event_funnel(table, options);
  ASSERT_EQ(found.paths.size(), 1U);
  EXPECT_EQ(found.paths[0].times[1], 3 * second);
  EXPECT_TRUE(found.problems.list().empty());
  options.steps[1] = {.name = "buy", .any = {"bb"}};
  const EventFunnel missing = event_funnel(table, options);
  ASSERT_EQ(missing.problems.list().size(), 1U);
  EXPECT_EQ(missing.problems.list()[0].hint, "did you mean \"b\"?");
}

TEST(EventFunnel, RowsThatAreLeftOutAndRefusals) {
  std::vector<EventRow> rows = rows_of("ann", "a0 b1");
  rows.push_back({.subject = std::nullopt, .at = 1, .event = "a"});
  rows.push_back({.subject = "bob", .at = std::nullopt, .event = "a"});
  rows.push_back({.subject = "bob", .at = 1, .event = std::nullopt});
  const TableInput table = event_table(rows);
  const EventFunnel found = event_funnel(table, {.steps = steps_of({"a"})});
  EXPECT_EQ(found.problems.left_out(), 3);
  EXPECT_EQ(found.subjects, 1);
  const auto code = [&](EventFunnelOptions options) {
    return refusal_code([&] { return event_funnel(table, options); });
  };
  EXPECT_EQ(code({}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.steps = {{.name = "none"}}}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.steps = steps_of({"a"}), .window_us = 0}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.steps = {step("a", true)}}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.steps = {step("a"), step("b", true)}, .order = EventOrder::any}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.steps = steps_of({"a", "ab"}), .grace_us = 1}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.steps = steps_of({"a", "b"}), .exclude = {{{"x"}, 2, 2}}}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.steps = steps_of({"a", "b"}), .by_step = 3}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.steps = steps_of({"a"}), .event = "what"}), ErrorCode::missing_column);
  const TableInput empty = event_table({});
  EXPECT_EQ(event_funnel(empty, {.steps = steps_of({"a"})}).table().integer_at(0, "count"), 0);
}

TEST(EventFunnel, ManyRowsGiveTheSameWithAnyNumberOfThreads) {
  Random random{12};
  std::vector<EventRow> rows;
  for (int i = 0; i < 50'000; ++i) {
    EventRow row;
    row.subject = std::to_string(random.uniform_int(0, 6'000));
    row.at = random.uniform_int(0, 500) * second;
    row.event = std::string(1, random.pick(std::string{"abcx"}));
    rows.push_back(row);
  }
  const TableInput text = event_table(rows, SubjectForm::text, 3);
  const TableInput number = event_table(rows, SubjectForm::number);
  EventFunnelOptions options{.steps = steps_of({"a", "b", "c"}), .window_us = 100 * second};
  const EventFunnel one = event_funnel(text, options);
  options.threads = 4;
  EXPECT_EQ(one.paths, event_funnel(text, options).paths);
  EXPECT_EQ(one.paths, event_funnel(number, options).paths);
}

}  // namespace
}  // namespace dealtrail
