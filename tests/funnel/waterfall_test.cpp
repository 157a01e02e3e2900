// The waterfall of open amounts: bars against a slow model of simulated deals, from moves and between two Trails.
#include "dealtrail/funnel/waterfall.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/histories/histories.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/facts.hpp"
#include "support/refusal.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::refusal_of;
using testing::rub;
using testing::utc;

constexpr std::size_t bar_count = waterfall_bar_names.size();

std::int64_t minor(const Table& table, std::string_view bar) {
  const auto row = table.find_row("bar", bar);
  return table.minor_at(*row, "amount").value_or(-1);
}

std::map<std::string, std::optional<std::int64_t>> bars(const Table& table) {
  std::map<std::string, std::optional<std::int64_t>> found;
  for (std::int64_t row = 0; row < table.rows(); ++row)
    found[std::string{*table.text_at(row, "bar")}] = table.minor_at(row, "amount");
  return found;
}

// One deal as it lived: its fields at every moment, told from the front.
struct Life {
  struct State {
    int manager = 0, pipeline = 0, stage = 0;  // stage 4: won, 5: lost
    std::optional<int> closes{};               // day
    std::int64_t roubles = 0;
    [[nodiscard]] bool open() const { return stage < 4; }
  };
  struct Step {
    int hour = 0;
    DealField field = DealField::stage;
    State after{};
  };
  std::string id{};
  int made = 0;  // hour
  State first{};
  std::vector<Step> steps{};
  bool deleted = false;

  [[nodiscard]] State at(int hour) const {
    State state = first;
    for (const Step& step : steps) {
      if (step.hour <= hour) state = step.after;
    }
    return state;
  }
};

constexpr int hours = 24 * 60;

int below(Random& random, int count) { return static_cast<int>(random.uniform_int(0, count - 1)); }

Timestamp moment(int hour) { return utc("2026-01-01") + std::chrono::hours{hour}; }
std::string date(int day) { return to_text(Period{PeriodKind::day, 20'454 + day}); }  // day 0: 2026-01-01

// A move cannot say that a value went away: only between two Trails a date is taken back.
Life lived(Random& random, std::size_t number, bool clears = false) {
  Life life;
  life.id = "d" + std::to_string(number);
  life.made = below(random, hours);
  const auto day = [&]() -> std::optional<int> {
    const auto drawn = below(random, 91);
    return drawn == 0 ? std::nullopt : std::optional{drawn};
  };
  life.first.manager = below(random, 3);
  life.first.pipeline = below(random, 2);
  life.first.closes = day();
  life.first.roubles = below(random, 1000);
  Life::State state = life.first;
  int hour = life.made;
  for (int left = below(random, 6); left > 0; --left) {
    hour += 1 + below(random, 300);
    const auto change = [&](DealField field) { life.steps.push_back({hour, field, state}); };
    if (below(random, 4) == 0) {
      state.manager = (state.manager + 1) % 3;
      change(DealField::manager);
    }
    if (below(random, 5) == 0) {
      state.pipeline = 1 - state.pipeline;
      change(DealField::pipeline);
    }
    const int stage = below(random, 6);
    const bool moves = below(random, 2) == 0 && stage != state.stage;
    if (below(random, 3) == 0) {
      const std::optional<int> next = day();
      if (next.has_value() || clears) {
        state.closes = next;
        change(DealField::expected_close);
      }
    }
    if (below(random, 3) == 0) {
      state.roubles = below(random, 1000);
      change(DealField::amount);
    }
    if (moves && (stage < 4 || state.open())) {
      state.stage = stage;
      change(DealField::stage);
    }
  }
  return life;
}

constexpr std::array<const char*, 6> stages{"NEW", "TALK", "OFFER", "DEAL", "WON", "LOST"};

Deal present(const Life& life, const Life::State& state, std::optional<int> closed) {
  Deal deal{.id = life.id};
  deal.manager = "m" + std::to_string(state.manager);
  deal.pipeline = "p" + std::to_string(state.pipeline);
  deal.stage = stages[static_cast<std::size_t>(state.stage)];
  deal.outcome = state.open() ? "open" : state.stage == 4 ? "won" : "lost";
  deal.created_at = moment(life.made);
  if (closed.has_value()) deal.closed_at = moment(*closed);
  if (state.closes.has_value())
    deal.expected_close = utc(date(*state.closes)) + std::chrono::hours{24} - std::chrono::microseconds{1};
  deal.amount = rub(state.roubles);
  return deal;
}

std::optional<int> closing(const Life& life, int until) {
  std::optional<int> closed;
  bool open = true;
  for (const Life::Step& step : life.steps) {
    if (step.hour > until) break;
    if (!step.after.open() && open) closed = step.hour;
    open = step.after.open();
  }
  return open ? std::nullopt : closed;
}

void add_moves(Trail& trail, const Life& life) {
  Life::State before = life.first;
  int number = 0;
  for (const Life::Step& step : life.steps) {
    Move move{.id = life.id + "-" + std::to_string(number++)};
    move.deal = life.id;
    move.at = moment(step.hour);
    move.field = std::string{to_string(step.field)};
    const Life::State& after = step.after;
    const auto day_text = [](std::optional<int> day) { return day.has_value() ? date(*day) : std::string{}; };
    switch (step.field) {
      case DealField::manager:
        move.from = "m" + std::to_string(before.manager), move.to = "m" + std::to_string(after.manager);
        break;
      case DealField::pipeline:
        move.from = "p" + std::to_string(before.pipeline), move.to = "p" + std::to_string(after.pipeline);
        break;
      case DealField::stage:
        move.from = stages[static_cast<std::size_t>(before.stage)];
        move.to = stages[static_cast<std::size_t>(after.stage)];
        break;
      case DealField::expected_close:
        if (before.closes.has_value()) move.from = day_text(before.closes);
        move.to = day_text(after.closes);
        break;
      case DealField::amount:
        move.from = std::to_string(before.roubles), move.to = std::to_string(after.roubles) + ".00";
        break;
      case DealField::outcome: break;
    }
    trail.put(move);
    before = step.after;
  }
}

struct Wanted {
  std::optional<int> pipeline{}, manager{};
  std::optional<int> month{};  // 0: January
};

bool stands(const Life::State& state, const Wanted& wanted) {
  if (!state.open()) return false;
  if (wanted.pipeline.has_value() && state.pipeline != *wanted.pipeline) return false;
  if (wanted.manager.has_value() && state.manager != *wanted.manager) return false;
  if (!wanted.month.has_value()) return true;
  const int first[] = {0, 31, 59, 90};
  return state.closes.has_value() && *state.closes >= first[*wanted.month] && *state.closes < first[*wanted.month + 1];
}

using Bars = std::array<std::int64_t, bar_count>;

// The definition, slowly: each change by itself, in its order.
void tell(Bars& sums, const Life::State& before, const Life::State& after, DealField field, const Wanted& wanted) {
  const auto add = [&](WaterfallBar bar, std::int64_t roubles) {
    sums[static_cast<std::size_t>(bar)] += roubles * 100;
  };
  const bool was = stands(before, wanted);
  const bool is = stands(after, wanted);
  if (was && is && before.roubles < after.roubles) add(WaterfallBar::raised, after.roubles - before.roubles);
  if (was && is && before.roubles > after.roubles) add(WaterfallBar::cut, after.roubles - before.roubles);
  if (was == is) return;
  switch (field) {
    case DealField::expected_close:
      is ? add(WaterfallBar::pulled_in, after.roubles) : add(WaterfallBar::pushed, -before.roubles);
      break;
    case DealField::stage:
    case DealField::outcome:
      is ? add(WaterfallBar::reopened, after.roubles)
         : add(after.stage == 4 ? WaterfallBar::won : WaterfallBar::lost, -before.roubles);
      break;
    default: is ? add(WaterfallBar::moved_in, after.roubles) : add(WaterfallBar::moved_out, -before.roubles); break;
  }
}

Bars slowly(const std::vector<Life>& lives, int start, int end, const Wanted& wanted) {
  Bars sums{};
  const auto add = [&](WaterfallBar bar, const Life::State& state) {
    if (stands(state, wanted)) sums[static_cast<std::size_t>(bar)] += state.roubles * 100;
  };
  for (const Life& life : lives) {
    if (life.made > end) continue;
    if (life.made <= start) add(WaterfallBar::start, life.at(start));
    if (life.made > start) add(WaterfallBar::created, life.first);
    add(WaterfallBar::end, life.at(end));
    Life::State before = life.first;
    for (const Life::Step& step : life.steps) {
      if (step.hour > start && step.hour <= end) tell(sums, before, step.after, step.field, wanted);
      before = step.after;
    }
  }
  return sums;
}

Bars slowly_between(const std::vector<Life>& lives, int start, int end, const Wanted& wanted) {
  Bars sums{};
  const auto add = [&](WaterfallBar bar, const Life::State& state, int sign = 1) {
    if (stands(state, wanted)) sums[static_cast<std::size_t>(bar)] += sign * state.roubles * 100;
  };
  for (const Life& life : lives) {
    const bool was = life.made <= start;
    const bool is = life.made <= end && !life.deleted;
    if (was) add(WaterfallBar::start, life.at(start));
    if (is) add(WaterfallBar::end, life.at(end));
    if (was && !is) add(WaterfallBar::removed, life.at(start), -1);
    if (!was && is) add(WaterfallBar::created, life.at(end));
    if (!was || !is) continue;
    const Life::State now = life.at(end);
    Life::State state = life.at(start);
    Life::State next = state;
    next.manager = now.manager, next.pipeline = now.pipeline;
    tell(sums, state, next, DealField::pipeline, wanted);
    state = next;
    next.closes = now.closes;
    tell(sums, state, next, DealField::expected_close, wanted);
    state = next;
    next.roubles = now.roubles;
    tell(sums, state, next, DealField::amount, wanted);
    state = next;
    next.stage = now.stage;
    tell(sums, state, next, DealField::stage, wanted);
  }
  return sums;
}

void expect_adds_up(const std::map<std::string, std::optional<std::int64_t>>& found) {
  std::int64_t sum = 0;
  for (const auto& [bar, amount] : found) sum += bar == "end" ? 0 : amount.value_or(0);
  EXPECT_EQ(sum, found.at("end").value_or(-1));
}

WaterfallOptions options_of(const Wanted& wanted) {
  WaterfallOptions options;
  if (wanted.month.has_value()) options.closing = Period{PeriodKind::month, 56 * 12 + *wanted.month};
  if (wanted.pipeline.has_value()) options.pipeline = "p" + std::to_string(*wanted.pipeline);
  if (wanted.manager.has_value()) options.manager = "m" + std::to_string(*wanted.manager);
  return options;
}

Wanted drawn(Random& random) {
  Wanted wanted;
  if (below(random, 4) > 0) wanted.month = below(random, 3);
  if (below(random, 3) == 0) wanted.pipeline = below(random, 2);
  if (below(random, 3) == 0) wanted.manager = below(random, 3);
  return wanted;
}

// A Trail of lives and all their moves. A deal of long ago stands in each closing stage, so that what closes is known.
Trail told(const std::vector<Life>& lives) {
  Trail trail{RUB};
  for (const Life& life : lives) {
    trail.put(present(life, life.at(2 * hours + 2000), closing(life, 2 * hours + 2000)));
    add_moves(trail, life);
  }
  for (int pipeline = 0; pipeline < 2; ++pipeline) {
    for (int stage = 4; stage < 6; ++stage) {
      Life anchor{.id = "anchor" + std::to_string(pipeline * 2 + stage), .made = -9};
      anchor.first.stage = stage, anchor.first.pipeline = pipeline;
      trail.put(present(anchor, anchor.first, -8));
    }
  }
  return trail;
}

TEST(Waterfall, PartsOfMovesEqualTheSlowModelOnARandomThousandOfDates) {
  Random random{17};
  Bars seen{};
  for (int world = 0; world < 40; ++world) {
    std::vector<Life> lives;
    for (std::size_t i = 0; i < 30; ++i) lives.push_back(lived(random, i));
    const Trail trail = told(lives);
    const Histories view = histories(trail);
    for (int pair = 0; pair < 25; ++pair) {
      int start = below(random, hours);
      int end = below(random, hours);
      if (end < start) std::swap(start, end);
      const Wanted wanted = drawn(random);
      const Waterfall found = waterfall(view, moment(start), moment(end), options_of(wanted));
      const auto amounts = bars(found.table());
      const Bars slow = slowly(lives, start, end, wanted);
      expect_adds_up(amounts);
      for (std::size_t bar = 0; bar < bar_count; ++bar) {
        seen[bar] += slow[bar];
        const auto amount = amounts.at(std::string{waterfall_bar_names[bar]});
        if (amount.has_value()) {
          ASSERT_EQ(*amount, slow[bar]) << waterfall_bar_names[bar] << " of world " << world;
        }
      }
      ASSERT_EQ(amounts.at("removed"), std::nullopt);
      ASSERT_TRUE(amounts.at("pushed").has_value() && amounts.at("raised").has_value());
    }
  }
  for (std::size_t bar = 0; bar < bar_count; ++bar)
    EXPECT_EQ(seen[bar] == 0, waterfall_bar_names[bar] == "removed") << waterfall_bar_names[bar];
}

TEST(Waterfall, PartsBetweenTwoTrailsEqualTheSlowModel) {
  Random random{18};
  for (int world = 0; world < 1000; ++world) {
    std::vector<Life> lives;
    for (std::size_t i = 0; i < 12; ++i) {
      lives.push_back(lived(random, i, true));
      lives.back().deleted = below(random, 6) == 0;
    }
    int start = below(random, hours);
    int end = below(random, hours);
    if (end < start) std::swap(start, end);
    Wanted wanted = drawn(random);
    wanted.manager = {}, wanted.pipeline = {};
    Trail before{RUB};
    Trail after{RUB};
    for (const Life& life : lives) {
      if (life.made <= start) before.put(present(life, life.at(start), closing(life, start)));
      if (life.made <= end && !life.deleted) after.put(present(life, life.at(end), closing(life, end)));
    }
    const auto amounts = bars(waterfall_between(histories(before), histories(after), options_of(wanted)).table());
    const Bars slow = slowly_between(lives, start, end, wanted);
    expect_adds_up(amounts);
    for (std::size_t bar = 0; bar < bar_count; ++bar)
      ASSERT_EQ(amounts.at(std::string{waterfall_bar_names[bar]}), slow[bar]) << waterfall_bar_names[bar];
  }
}

TEST(Waterfall, GroupsAddUpAndTheDealsOfABarAreItsAmount) {
  Random random{19};
  std::vector<Life> lives;
  for (std::size_t i = 0; i < 60; ++i) lives.push_back(lived(random, i));
  const Trail trail = told(lives);
  for (const char* by : {"manager", "pipeline", "stage", "outcome"}) {
    const Waterfall found = waterfall(histories(trail, {.by = by}), moment(300), moment(1200));
    const Table table = found.table();
    std::map<std::string, std::int64_t> sums;
    for (std::int64_t row = 0; row < table.rows(); ++row) {
      const bool total = table.text_at(row, by) == "(total)";
      const std::string bar{*table.text_at(row, "bar")};
      const std::int64_t amount = table.minor_at(row, "amount").value_or(0);
      if (!total) sums[bar] += amount;
      if (total) {
        EXPECT_EQ(amount, sums[bar]) << by << " " << bar;
      }
    }
    const auto parts = bars(found.table());
    for (std::size_t bar = 0; bar < bar_count; ++bar) {
      const Table deals = found.deals(static_cast<WaterfallBar>(bar));
      std::int64_t sum = 0;
      for (std::int64_t row = 0; row < deals.rows(); ++row) sum += *deals.minor_at(row, "amount");
      EXPECT_EQ(sum, sums[std::string{waterfall_bar_names[bar]}]) << by << " " << waterfall_bar_names[bar];
    }
  }
}

Deal sale(std::string id, std::string_view made, std::int64_t roubles) {
  Deal deal{.id = std::move(id)};
  deal.created_at = utc(made);
  deal.amount = rub(roubles);
  deal.expected_close = utc("2026-03-31");
  return deal;
}

Move move_of(std::string id, std::string deal, std::string_view field, std::optional<std::string> from, std::string to,
             std::string_view at) {
  Move move{.id = std::move(id)};
  move.deal = std::move(deal);
  move.field = std::string{field};
  move.from = std::move(from);
  move.to = std::move(to);
  move.at = utc(at);
  return move;
}

TEST(Waterfall, CutsADealWithTwoCausesAtItsMoves) {
  Trail trail{RUB};
  trail.put(sale("a", "2026-02-01", 150));
  trail.put(move_of("1", "a", "amount", "100", "150", "2026-03-05"));
  trail.put(move_of("2", "a", "expected_close", "2026-03-31", "2026-04-30", "2026-03-09"));
  const WaterfallOptions march{.closing = parse_period("2026-03")};
  const Waterfall found = waterfall(histories(trail), utc("2026-03-01"), utc("2026-03-20"), march);
  const auto amounts = bars(found.table());
  EXPECT_EQ(amounts.at("start"), 10'000);
  EXPECT_EQ(amounts.at("raised"), 5'000);
  EXPECT_EQ(amounts.at("pushed"), -15'000);
  EXPECT_EQ(amounts.at("end"), 0);
  EXPECT_EQ(amounts.at("reopened"), std::nullopt);
  const Table pushed = found.deals(WaterfallBar::pushed);
  ASSERT_EQ(pushed.rows(), 1);
  EXPECT_EQ(pushed.integer_at(0, "pushed_times"), 1);
  EXPECT_EQ(pushed.boolean_at(0, "past_due"), false);
  EXPECT_EQ(pushed.integer_at(0, "still_days"), 11);
  EXPECT_EQ(column(found.problems.table(), "code"),
            (std::vector<std::string>{"differs_from_moves", "no_history", "no_history"}));
}

TEST(Waterfall, ABarWithoutHistoryIsNullAndAFindingSaysSo) {
  Trail trail{RUB};
  trail.put(sale("a", "2026-02-01", 100));
  const WaterfallOptions march{.closing = parse_period("2026-03")};
  const Waterfall found = waterfall(histories(trail), utc("2026-03-01"), utc("2026-03-20"), march);
  const auto amounts = bars(found.table());
  for (const char* bar : {"raised", "cut", "pulled_in", "pushed", "reopened", "removed"})
    EXPECT_EQ(amounts.at(bar), std::nullopt) << bar;
  for (const char* bar : {"new", "won", "lost", "moved_in"}) EXPECT_EQ(amounts.at(bar), 0) << bar;
  EXPECT_EQ(amounts.at("start"), 10'000);
  EXPECT_EQ(found.problems.table().rows(), 6);
}

TEST(Waterfall, BadInputIsToldOf) {
  Trail trail{RUB};
  trail.put(sale("a", "2026-02-01", 100));
  Deal foreign = sale("b", "2026-02-01", 70);
  foreign.amount = Money{7'000, Currency::from_code("USD")};
  foreign.currency = "USD";
  trail.put(foreign);
  Deal bare{.id = "c"};
  bare.created_at = utc("2026-02-01");
  bare.pipeline = "retail";
  trail.put(bare);
  trail.put(move_of("1", "a", "amount", "100", "much", "2026-03-05"));
  trail.put(move_of("2", "a", "expected_close", {}, "2026-03-31", "2026-03-04"));
  trail.put(move_of("3", "a", "expected_close", "2026-05-01", "2026-03-30", "2026-03-05"));
  const Histories view = histories(trail);
  EXPECT_EQ(column(view.problems.table(), "code"),
            (std::vector<std::string>{"differs_from_moves", "no_amount", "no_rate", "bad_value", "broken_chain"}));
  const Waterfall found = waterfall(view, utc("2026-02-01"), utc("2026-03-20"));
  EXPECT_EQ(minor(found.table(), "end"), 10'000);
  const auto end_first = refusal_of([&] { return waterfall(view, utc("2026-03-20"), utc("2026-02-01")); });
  EXPECT_EQ(end_first.code(), ErrorCode::invalid_argument);
  const auto unknown =
      refusal_of([&] { return waterfall(view, utc("2026-02-01"), utc("2026-03-20"), {.pipeline = "retial"}); });
  EXPECT_EQ(unknown.code(), ErrorCode::unknown_name);
  EXPECT_NE(std::string{unknown.hint()}.find("retail"), std::string::npos);
  EXPECT_EQ(refusal_of([&] { return histories(trail, {.by = "brnd"}); }).code(), ErrorCode::unknown_name);
  const Trail dollars{Currency::from_code("USD")};
  EXPECT_EQ(refusal_of([&] { return waterfall_between(view, histories(dollars)); }).code(),
            ErrorCode::currency_mismatch);
  const Waterfall empty = waterfall(histories(dollars), utc("2026-02-01"), utc("2026-03-20"));
  EXPECT_EQ(minor(empty.table(), "end"), 0);
}

}  // namespace
}  // namespace dealtrail
