// Falling clients: worked cases, a slow model on random histories, a simulated base, refusals.
#include "dealtrail/cohort/falling.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/cohort/detail/falling_signals.hpp"
#include "dealtrail/core/random.hpp"

#include "support/made_clients.hpp"
#include "support/refusal.hpp"
#include "table/arrow_arrays.hpp"

namespace dealtrail::cohort {
namespace {

using dealtrail::testing::MadeClients;
using dealtrail::testing::MadePurchase;
using dealtrail::testing::refusal_code;
using detail::ClientPurchase;
using detail::no_day;

// Columns customer, at (date), amount (whole units), event, event_at (date; null without an event).
TableInput table_of(const std::vector<MadePurchase>& purchases) {
  std::vector<std::int64_t> clients;
  std::vector<std::int32_t> days;
  std::vector<std::int64_t> amounts;
  std::vector<std::int64_t> events;
  std::vector<int> has_event;
  std::vector<std::int32_t> event_days;
  for (const MadePurchase& one : purchases) {
    clients.push_back(one.client);
    days.push_back(static_cast<std::int32_t>(one.day));
    amounts.push_back(one.amount);
    events.push_back(one.event);
    has_event.push_back(one.event >= 0 ? 1 : 0);
    event_days.push_back(static_cast<std::int32_t>(one.event_day));
  }
  const test::Node whole = test::batch({test::numbers<std::int64_t>("l", clients).named("customer"),
                                        test::numbers<std::int32_t>("tdD", days).named("at"),
                                        test::numbers<std::int64_t>("l", amounts).named("amount"),
                                        test::numbers<std::int64_t>("l", events, has_event).named("event"),
                                        test::numbers<std::int32_t>("tdD", event_days, has_event).named("event_at")});
  std::vector<OwnedArray> made;
  made.push_back(test::make_array(whole));
  return TableInput::from_batches(test::make_schema(whole), std::move(made), "purchases");
}

// One purchase every `step` days from `first` to `last`, both included.
std::vector<MadePurchase> steady(std::int64_t client, std::int64_t first, std::int64_t last, std::int64_t step,
                                 std::int64_t amount) {
  std::vector<MadePurchase> made;
  for (std::int64_t day = first; day <= last; day += step) made.push_back({client, day, amount, -1, 0});
  return made;
}

void append(std::vector<MadePurchase>& to, const std::vector<MadePurchase>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

TEST(Falling, AClientWhoStoppedIsCalled) {
  std::vector<MadePurchase> purchases = steady(1, 0, 699, 3, 100);  // goes on
  append(purchases, steady(2, 0, 640, 3, 50));                      // stopped two months ago
  append(purchases, steady(3, 650, 699, 3, 900));                   // new
  const Falling found = falling(table_of(purchases), {.amount = "amount"});
  ASSERT_EQ(found.numbers, (std::vector<std::int64_t>{2}));
  const FallingClient& one = found.clients[0];
  EXPECT_TRUE(one.past && one.silence && one.cusum);
  EXPECT_EQ(one.last, 0);
  EXPECT_EQ(one.usual, 14 * 5'000);  // 42 days, every third
  EXPECT_EQ(one.silent_days, 60);
  EXPECT_EQ(one.longest_days, 7);
  EXPECT_EQ(one.at_stake(), 70'000);
  const Table table = found.table();
  EXPECT_EQ(table.text_at(0, "signals"), "past, silence, cusum");
  EXPECT_EQ(table.minor_at(0, "last"), 0);
  EXPECT_EQ(*table.real_at(0, "change"), -1);
  EXPECT_NE(table.text_at(0, "reason")->find("past: 0.00 of 700.00 that is usual"), std::string::npos);
  ASSERT_EQ(found.problems.list().size(), 1U);
  EXPECT_EQ(found.problems.list()[0].code, "short_history");
  EXPECT_EQ(found.problems.list()[0].count, 1);
}

TEST(Falling, ADipThatLastYearHadIsNone) {
  // Buys every day but in a summer of 80 days, this year as last.
  std::vector<MadePurchase> purchases;
  const auto summer = [](std::int64_t day) { return day % 364 >= 270; };
  for (std::int64_t day = 0; day < 364 + 330; ++day)
    if (!summer(day) || day % 9 == 0) purchases.push_back({1, day, 100, -1, 0});
  append(purchases, steady(2, 0, 693, 1, 100));
  const Falling found = falling(table_of(purchases), {.alive = 0});
  for (const FallingClient& one : found.clients) EXPECT_FALSE(one.past || one.cusum);
  std::vector<MadePurchase> again = purchases;
  std::erase_if(again, [&](const MadePurchase& one) { return one.client == 1 && one.day < 364 && summer(one.day); });
  for (std::int64_t day = 0; day < 364; ++day)
    if (summer(day)) again.push_back({1, day, 100, -1, 0});  // last year's summer was as usual
  const Falling fell = falling(table_of(again), {.alive = 0});
  ASSERT_EQ(fell.clients.size(), 1U);
  EXPECT_TRUE(fell.clients[0].past && fell.clients[0].cusum);
  EXPECT_TRUE(fell.clients[0].last_year.has_value());
}

// An organiser: an event every 60 days, ten tickets a day in the twenty days before it.
std::vector<MadePurchase> organiser(std::int64_t client, std::int64_t end_day, std::int64_t tickets_of_last) {
  std::vector<MadePurchase> made;
  for (std::int64_t day = 60; day < end_day + 20; day += 60) {
    for (std::int64_t before = 20; before > 0; --before) {
      if (day - before >= end_day) continue;
      const std::int64_t tickets = day + 60 >= end_day + 20 ? tickets_of_last : 10;
      if (tickets > 0) made.push_back({client, day - before, tickets * 10, day, day});
    }
  }
  return made;
}

TEST(Falling, OrganisersAreComparedAtTheSameDaysToGo) {
  // The last event is on day 600, the end is 590: 10 of 20 days are sold.
  for (const std::int64_t tickets : {10, 9, 2}) {
    std::vector<MadePurchase> purchases = organiser(1, 590, tickets);
    append(purchases, steady(2, 0, 589, 1, 10));
    const Falling found = falling(table_of(purchases), {.amount = "amount", .event = "event", .event_at = "event_at"});
    ASSERT_EQ(found.clients.size(), tickets == 2 ? 1U : 0U) << tickets;
    if (tickets != 2) continue;
    const FallingClient& one = found.clients[0];
    EXPECT_TRUE(one.bursts && one.past && !one.silence);
    EXPECT_EQ(one.last, 2 * 10 * 10 * 100);  // the event on day 540 is no more of the window
    EXPECT_EQ(one.usual, 100'000);
  }
  // A pause between two events is no silence; no event at all is.
  std::vector<MadePurchase> purchases = organiser(1, 560, 10);
  std::erase_if(purchases, [](const MadePurchase& one) { return one.event_day > 540; });
  append(purchases, steady(2, 0, 559, 1, 10));
  const FallingOptions options{.amount = "amount", .event = "event", .event_at = "event_at"};
  EXPECT_TRUE(falling(table_of(purchases), options).clients.empty());
  std::vector<MadePurchase> stopped = organiser(1, 800, 10);
  std::erase_if(stopped, [](const MadePurchase& one) { return one.event_day > 600; });
  append(stopped, steady(2, 0, 799, 1, 10));
  const Falling found = falling(table_of(stopped), options);
  ASSERT_EQ(found.clients.size(), 1U);
  EXPECT_TRUE(found.clients[0].past && found.clients[0].silence && found.clients[0].cusum);
}

TEST(Falling, RefundsLowerSumsAndAreNoPurchases) {
  std::vector<MadePurchase> purchases = steady(1, 0, 640, 3, 100);
  append(purchases, steady(2, 0, 699, 3, 100));
  purchases.push_back({1, 695, -40, -1, 0});
  const Falling found = falling(table_of(purchases), {.amount = "amount"});
  ASSERT_EQ(found.numbers, (std::vector<std::int64_t>{1}));
  EXPECT_EQ(found.clients[0].last, -4'000);
  EXPECT_EQ(found.clients[0].silent_days, 699 - 639);
}

// The definitions, read from the rows each time.
struct SlowModel {
  const FallingOptions& options;
  const std::vector<ClientPurchase>& rows;
  std::int64_t end;

  [[nodiscard]] double between(std::int64_t from, std::int64_t until) const {  // days
    double sum = 0;
    for (const ClientPurchase& one : rows)
      if (one.day >= from && one.day < until) sum += static_cast<double>(one.amount);
    return sum;
  }
  [[nodiscard]] double weeks(std::int64_t newest, std::int64_t count) const {
    return between(end - 7 * (newest + count), end - 7 * newest);
  }
  [[nodiscard]] static double variation(const std::vector<double>& sums) {
    if (sums.size() < 4) return 0;
    double mean = 0;
    for (const double one : sums) mean += one;
    mean /= static_cast<double>(sums.size());
    double squares = 0;
    for (const double one : sums) squares += (one - mean) * (one - mean);
    return squares / static_cast<double>(sums.size() - 1) / mean;
  }
  [[nodiscard]] static double middle(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  }
  [[nodiscard]] double compound() const {
    double sum = 0;
    double squares = 0;
    for (const ClientPurchase& one : rows) {
      if (one.day >= end - 7 * options.watch_weeks) continue;
      sum += static_cast<double>(one.amount);
      squares += static_cast<double>(one.amount) * static_cast<double>(one.amount);
    }
    return squares / sum;
  }

  [[nodiscard]] std::optional<FallingClient> told() const {
    FallingClient found;
    std::int64_t of_events = 0;
    std::map<std::int64_t, bool> days;
    for (const ClientPurchase& one : rows) {
      of_events += one.event_day != no_day ? 1 : 0;
      days[one.day] = true;
    }
    found.bursts = 2 * of_events > static_cast<std::int64_t>(rows.size());
    std::vector<std::pair<double, double>> watched;  // what was, what should have been
    double last = 0;
    double usual = 0;
    double bar = 0;
    double spread = 0;
    double error = 0;
    const std::int64_t begin = end - 7 * options.watch_weeks;
    if (!found.bursts) {
      const std::int64_t all = (end - days.begin()->first) / 7;
      const std::int64_t before = all - options.watch_weeks;
      std::int64_t bought = 0;
      for (const auto& [day, there] : days) bought += day < begin && day >= end - 7 * all ? 1 : 0;
      if (before < options.least_weeks || bought < options.least_purchases) return std::nullopt;
      std::vector<double> single;
      std::vector<double> windows;
      for (std::int64_t week = options.watch_weeks; week < all; ++week) single.push_back(weeks(week, 1));
      for (std::int64_t week = options.watch_weeks; week + options.window_weeks <= all; week += options.window_weeks)
        windows.push_back(weeks(week, options.window_weeks));
      const double mean = weeks(options.watch_weeks, before) / static_cast<double>(before);
      if (!(mean > 0)) return std::nullopt;
      spread = std::max({compound(), variation(single), variation(windows)});
      usual = windows.size() >= 2 ? middle(windows) : mean * static_cast<double>(options.window_weeks);
      last = weeks(0, options.window_weeks);
      bar = usual;
      if (all >= 52 + options.window_weeks) bar = std::min(bar, weeks(52, options.window_weeks));
      error = static_cast<double>(options.window_weeks) / static_cast<double>(before);
      for (std::int64_t week = options.watch_weeks - 1; week >= 0; --week) {
        double wanted = mean;
        if (all >= 55 + options.watch_weeks) wanted = std::min(wanted, weeks(week + 50, 5) / 5);
        watched.emplace_back(weeks(week, 1), wanted);
      }
    } else {
      std::map<std::pair<std::int64_t, std::uint64_t>, bool> events;
      for (const ClientPurchase& one : rows)
        if (one.event_day != no_day) events[{one.event_day, one.event}] = true;
      const auto sold = [&](const std::pair<std::int64_t, std::uint64_t>& event, std::int64_t to_go) {
        double sum = 0;
        for (const ClientPurchase& one : rows) {
          if (one.event_day == event.first && one.event == event.second && event.first - one.day >= to_go)
            sum += static_cast<double>(one.amount);
        }
        return sum;
      };
      std::vector<std::pair<std::int64_t, std::uint64_t>> earlier;
      std::vector<std::pair<std::int64_t, std::uint64_t>> later;
      for (const auto& [event, there] : events) (event.first < begin ? earlier : later).push_back(event);
      if (static_cast<std::int64_t>(earlier.size()) < options.least_events) return std::nullopt;
      std::vector<double> totals;
      double mean = 0;
      for (const auto& event : earlier) {
        totals.push_back(sold(event, -100'000));
        mean += totals.back() / static_cast<double>(earlier.size());
      }
      spread = std::max(compound(), variation(totals));
      double compared = 0;
      bool any = false;
      for (const auto& event : later) any = any || event.first >= end - 7 * options.window_weeks;
      for (const auto& event : later) {
        std::vector<double> then;
        double average = 0;
        for (const auto& one : earlier) {
          then.push_back(sold(one, event.first - end + 1));
          average += then.back() / static_cast<double>(earlier.size());
        }
        if (!any || event.first >= end - 7 * options.window_weeks) {
          last += sold(event, -100'000);
          usual += middle(then);
          ++compared;
        }
        if (average > 0) watched.emplace_back(sold(event, -100'000), average);
      }
      error = compared / static_cast<double>(earlier.size());
      if (later.empty()) {
        usual = mean * static_cast<double>(earlier.size() * 7) * static_cast<double>(options.watch_weeks) /
                static_cast<double>(std::max<std::int64_t>(1, begin - days.begin()->first));
        watched.emplace_back(0, usual);
        error = 1.0 / static_cast<double>(earlier.size());
      }
      bar = usual;
    }
    found.last = std::llround(last);
    found.usual = std::llround(usual);
    const double z = (bar - last) / std::sqrt(spread * bar * (1 + error));
    found.past = bar > 0 && last <= (1 - options.drop) * bar && 0.5 * std::erfc(z / std::sqrt(2.0)) < options.level;
    double sum = 0;
    for (const auto& [was, wanted] : watched) sum = std::max(0.0, sum + (wanted / 2 - was * std::log(2.0)) / spread);
    found.cusum = sum > std::log(options.run_length);
    std::vector<std::int64_t> gaps;
    for (auto day = std::next(days.begin()); day != days.end(); ++day)
      gaps.push_back(day->first - std::prev(day)->first);
    std::sort(gaps.begin(), gaps.end());
    found.silent_days = end - 1 - days.rbegin()->first;
    if (gaps.empty()) return found;
    const std::int64_t rare = gaps[static_cast<std::size_t>(std::ceil(static_cast<double>(gaps.size()) * 0.95)) - 1];
    found.longest_days = std::max({gaps.back(), rare + rare / 2, std::int64_t{7}});
    found.silence = gaps.size() >= 5 && found.silent_days > found.longest_days;
    return found;
  }
};

TEST(Falling, EqualsASlowModelOnRandomHistories) {
  int judged = 0;
  std::map<std::string, int> seen;
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random{seed};
    FallingOptions options;
    options.window_weeks = random.uniform_int(1, 9);
    options.watch_weeks = random.uniform_int(2, 20);
    options.least_weeks = random.uniform_int(2, 15);
    options.least_purchases = random.uniform_int(2, 8);
    options.run_length = 20;
    const std::int64_t end = 10'000;
    const std::int64_t length = random.uniform_int(30, 900);
    const bool bursts = random.chance(0.4);
    std::vector<ClientPurchase> rows;
    const std::int64_t stop = random.chance(0.5) ? random.uniform_int(1, 60) : 0;
    const std::int64_t fall_day = random.chance(0.5) ? end - random.uniform_int(20, 150) : end;
    std::int64_t event_day = end - length + 10;
    std::uint64_t event = 0;
    for (std::int64_t day = end - length; day < end - stop; ++day) {
      if (day > event_day) {
        event_day += random.uniform_int(5, 70);
        ++event;
      }
      if (!random.chance(0.25)) continue;
      const std::int64_t amount = random.uniform_int(1, day < fall_day ? 40 : 4);
      const bool of_event = bursts && random.chance(0.9);
      rows.push_back({day, amount, of_event ? event : 0, of_event ? event_day : no_day});
    }
    if (rows.empty()) continue;
    detail::FallingSignals signals{options, end};
    const auto found = signals.of(rows);
    const auto wanted = SlowModel{options, rows, end}.told();
    ASSERT_EQ(found.has_value(), wanted.has_value());
    if (!found) continue;
    ++judged;
    EXPECT_EQ(found->bursts, wanted->bursts);
    EXPECT_EQ(found->past, wanted->past);
    EXPECT_EQ(found->silence, wanted->silence);
    EXPECT_EQ(found->cusum, wanted->cusum);
    EXPECT_EQ(found->last, wanted->last);
    EXPECT_EQ(found->usual, wanted->usual);
    EXPECT_EQ(found->silent_days, wanted->silent_days);
    EXPECT_EQ(found->longest_days, wanted->longest_days);
    const std::string kind = found->bursts ? "bursts " : "steady ";
    if (found->past) ++seen[kind + "past"];
    if (found->silence) ++seen[kind + "silence"];
    if (found->cusum) ++seen[kind + "cusum"];
  }
  EXPECT_GT(judged, 1'000);
  for (const char* kind :
       {"steady past", "steady silence", "steady cusum", "bursts past", "bursts silence", "bursts cusum"})
    EXPECT_GT(seen[kind], 20) << kind;
}

TEST(Falling, FindsThoseWhoFellInASimulatedBase) {
  double hits = 0;
  double listed = 0;
  double fell = 0;
  double hits_of_month = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const MadeClients made = dealtrail::testing::made_clients(seed, 2'000);
    const Falling found = falling(
        table_of(made.purchases),
        {.amount = "amount", .event = "event", .event_at = "event_at", .threads = static_cast<std::size_t>(seed)});
    for (const std::uint8_t one : made.falls) fell += one;
    listed += static_cast<double>(found.numbers.size());
    for (const std::int64_t client : found.numbers) hits += made.falls[static_cast<std::size_t>(client)];
    // The rule of thumb: this month over the usual month, the lowest first, a list of equal length.
    std::map<std::int64_t, std::pair<double, double>> months;
    std::map<std::int64_t, std::int64_t> first;
    for (const MadePurchase& one : made.purchases) {
      auto& [now, before] = months[one.client];
      (one.day >= made.end_day - 30 ? now : before) += static_cast<double>(one.amount);
      const auto at = first.emplace(one.client, one.day).first;
      at->second = std::min(at->second, one.day);
    }
    std::vector<std::pair<double, std::int64_t>> ranked;
    for (const auto& [client, sums] : months) {
      const double usual = sums.second / static_cast<double>(made.end_day - 30 - first[client]) * 30;
      ranked.emplace_back(sums.first / usual, client);
    }
    std::sort(ranked.begin(), ranked.end());
    for (std::size_t i = 0; i < found.numbers.size(); ++i)
      hits_of_month += made.falls[static_cast<std::size_t>(ranked[i].second)];
  }
  RecordProperty("precision", std::to_string(hits / listed));
  RecordProperty("recall", std::to_string(hits / fell));
  RecordProperty("precision_of_month", std::to_string(hits_of_month / listed));
  EXPECT_GE(hits / listed, 0.7);
  EXPECT_GE(hits / fell, 0.6);
  EXPECT_GT(hits / listed, hits_of_month / listed + 0.1);
}

TEST(Falling, AnyOrderAndAnyThreads) {
  MadeClients made = dealtrail::testing::made_clients(9, 300);
  FallingOptions options{.amount = "amount", .event = "event", .event_at = "event_at"};
  const Table one = falling(table_of(made.purchases), options).table();
  Random random{1};
  random.shuffle(made.purchases);
  options.threads = 4;
  const Falling many = falling(table_of(made.purchases), options);
  EXPECT_GT(one.rows(), 10);
  EXPECT_TRUE(one == many.table());
  for (std::size_t i = 1; i < many.clients.size(); ++i)
    EXPECT_GE(many.clients[i - 1].at_stake(), many.clients[i].at_stake());
}

TEST(Falling, WhatCannotBeToldAndRefusals) {
  const Falling empty = falling(table_of({}));
  EXPECT_EQ(empty.table().rows(), 0);
  const Falling once = falling(table_of({{1, 10, 5, -1, 0}, {2, 700, 5, -1, 0}}), {.amount = "amount"});
  EXPECT_TRUE(once.clients.empty());
  EXPECT_EQ(once.problems.list()[0].code, "no_p_alive");
  EXPECT_EQ(once.problems.list()[1].code, "short_history");
  EXPECT_EQ(once.problems.list()[1].count, 2);
  std::vector<MadePurchase> refunds = steady(1, 0, 600, 3, -100);
  EXPECT_TRUE(falling(table_of(refunds), {.amount = "amount"}).clients.empty());
  const TableInput table = table_of(steady(1, 0, 600, 3, 1));
  const Falling cut = falling(table, {.end = from_us(300 * us_per_day)});
  EXPECT_EQ(cut.problems.list()[0].code, "after_end");
  EXPECT_EQ(refusal_code([&] { return falling(table, {.client = "who"}); }), ErrorCode::missing_column);
  EXPECT_EQ(refusal_code([&] { return falling(table, {.at = "amount"}); }), ErrorCode::type_mismatch);
  EXPECT_EQ(refusal_code([&] { return falling(table, {.event = "event"}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { return falling(table, {.window_weeks = 0}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { return falling(table, {.least_signals = 4}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { return falling(table, {.drop = 1}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { return falling(table, {.level = 0}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { return falling(table, {.run_length = 1}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { return falling(table, {.alive = 2}); }), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail::cohort
