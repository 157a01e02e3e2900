// Stage funnels: random histories against a slow model, and what a snapshot alone can say.
#include "dealtrail/funnel/stages.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <tuple>
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
using testing::utc;

const std::vector<std::string> names{"NEW", "TALK", "OFFER", "DEAL", "WON", "LOST"};

struct Place {
  int hour = 0;
  int pipeline = 0;
  int stage = 0;
  int manager = 0;
};
using Way = std::vector<Place>;

int below(Random& random, int count) { return static_cast<int>(random.uniform_int(0, count - 1)); }

Way walked(Random& random) {
  Way way{{below(random, 1000), below(random, 2), below(random, 4), below(random, 3)}};
  for (int left = below(random, 7); left > 0; --left) {
    Place next = way.back();
    next.hour += 1 + below(random, 200);
    if (below(random, 4) > 0) next.stage = below(random, 6);
    if (below(random, 6) == 0) next.pipeline = 1 - next.pipeline;
    if (below(random, 4) == 0) next.manager = below(random, 3);
    way.push_back(next);
  }
  return way;
}

Timestamp moment(int hour) { return utc("2026-01-01") + std::chrono::hours{hour}; }

void put_way(Trail& trail, const std::string& id, const Way& way) {
  const Place& last = way.back();
  Deal deal{.id = id};
  deal.created_at = moment(way.front().hour);
  deal.pipeline = "p" + std::to_string(last.pipeline);
  deal.stage = names[static_cast<std::size_t>(last.stage)];
  deal.manager = "m" + std::to_string(last.manager);
  deal.outcome = last.stage == 4 ? "won" : last.stage == 5 ? "lost" : "open";
  trail.put(deal);
  for (std::size_t i = 0; i < way.size(); ++i) {
    const bool moves = i == 0 || way[i].stage != way[i - 1].stage || way[i].pipeline != way[i - 1].pipeline;
    if (moves) {
      Move move{.id = id + "s" + std::to_string(i)};
      move.deal = id;
      move.field = "stage";
      move.pipeline = "p" + std::to_string(way[i].pipeline);
      move.to = names[static_cast<std::size_t>(way[i].stage)];
      move.at = moment(way[i].hour);
      trail.put(move);
    }
    if (i > 0 && way[i].manager != way[i - 1].manager) {
      Move move{.id = id + "m" + std::to_string(i)};
      move.deal = id;
      move.field = "manager";
      move.from = "m" + std::to_string(way[i - 1].manager);
      move.to = "m" + std::to_string(way[i].manager);
      move.at = moment(way[i].hour);
      trail.put(move);
    }
  }
}

struct Slow {
  std::int64_t entered = 0, forward = 0, back = 0, lost = 0, elsewhere = 0, skipped = 0, open = 0, closed = 0;
  std::vector<std::int64_t> hours{};
  std::map<std::size_t, int> deals{};  // and the stage where each stands
};
using SlowRows = std::map<std::tuple<int, int, int>, Slow>;  // manager (-1: all), pipeline, stage

SlowRows slowly(const std::vector<Way>& ways, bool by_manager, bool then, std::optional<int> without) {
  SlowRows rows;
  for (std::size_t deal = 0; deal < ways.size(); ++deal) {
    Way stays;
    for (const Place& place : ways[deal]) {
      if (stays.empty() || stays.back().stage != place.stage || stays.back().pipeline != place.pipeline)
        stays.push_back(place);
    }
    const Place& now = ways[deal].back();
    for (std::size_t i = 0; i < stays.size(); ++i) {
      const int manager = then ? stays[i].manager : now.manager;
      if (without == manager) continue;
      const int key = by_manager ? manager : -1;
      Slow& row = rows[{key, stays[i].pipeline, stays[i].stage}];
      ++row.entered;
      row.deals[deal] = now.stage;
      if (i + 1 == stays.size()) {
        ++(now.stage < 4 ? row.open : row.closed);
        continue;
      }
      const Place& next = stays[i + 1];
      row.hours.push_back(next.hour - stays[i].hour);
      if (next.pipeline != stays[i].pipeline) {
        ++row.elsewhere;
      } else if (next.stage == 5) {
        ++row.lost;
      } else if (next.stage < stays[i].stage) {
        ++row.back;
      } else {
        ++row.forward;
        for (int over = stays[i].stage + 1; over < std::min(next.stage, 4); ++over)
          ++rows[{key, stays[i].pipeline, over}].skipped;
      }
    }
  }
  return rows;
}

// One deal that stays in each stage of each pipeline, so that every stage is known by its outcome; of a manager of its
// own.
void add_anchors(Trail& trail, std::vector<Way>& ways) {
  for (int pipeline = 0; pipeline < 2; ++pipeline) {
    for (int stage = 0; stage < 6; ++stage) {
      ways.push_back({{0, pipeline, stage, 0}});
      put_way(trail, "anchor" + std::to_string(pipeline * 6 + stage), ways.back());
    }
  }
}

TEST(Stages, EqualTheSlowModelOnARandomThousandOfHistories) {
  Random random{4};
  std::array<std::int64_t, 5> seen{};
  for (int world = 0; world < 1000; ++world) {
    std::vector<Way> ways;
    Trail trail{RUB};
    for (int i = 0; i < 6; ++i) {
      ways.push_back(walked(random));
      put_way(trail, "d" + std::to_string(i), ways.back());
    }
    add_anchors(trail, ways);
    const bool by_manager = below(random, 2) == 0;
    const bool then = below(random, 2) == 0;
    const std::optional<int> without = below(random, 3) == 0 ? std::optional{1} : std::nullopt;
    StagesOptions options{.owner = then ? StageOwner::then : StageOwner::now, .order = names};
    const bool known = std::any_of(ways.begin(), ways.end(), [](const Way& way) {
      return std::any_of(way.begin(), way.end(), [](const Place& place) { return place.manager == 1; });
    });
    if (without.has_value() && known) options.exclude_managers = {"m1"};
    const Stages found = stages(histories(trail, {.by = by_manager ? "manager" : ""}), options);
    const SlowRows slow = slowly(ways, by_manager, then, without);
    ASSERT_EQ(found.rows.size(), slow.size());
    const Table table = found.table();
    for (std::size_t i = 0; i < found.rows.size(); ++i) {
      const StageRow& row = found.rows[i];
      const int key = by_manager ? row.key.back() - '0' : -1;
      const auto stage = static_cast<int>(std::find(names.begin(), names.end(), row.stage) - names.begin());
      const auto at = slow.find({key, row.pipeline.back() - '0', stage});
      ASSERT_NE(at, slow.end());
      const Slow& model = at->second;
      ASSERT_EQ(row.entered, model.entered);
      ASSERT_EQ(row.left_forward, model.forward);
      ASSERT_EQ(row.left_back, model.back);
      ASSERT_EQ(row.left_lost, model.lost);
      ASSERT_EQ(row.left_elsewhere, model.elsewhere);
      ASSERT_EQ(row.skipped, model.skipped);
      ASSERT_EQ(row.open_now, model.open);
      ASSERT_EQ(row.closed_here, model.closed);
      ASSERT_EQ(row.entered,
                row.left_forward + row.left_back + row.left_lost + row.left_elsewhere + row.open_now + row.closed_here);
      std::vector<std::int64_t> hours = model.hours;
      std::sort(hours.begin(), hours.end());
      const auto median = table.real_at(static_cast<std::int64_t>(i), "median_days");
      ASSERT_EQ(median.has_value(), !hours.empty());
      if (!hours.empty()) {
        const std::size_t middle = hours.size() / 2;
        const double twice = static_cast<double>(hours[middle] + hours[(hours.size() - 1) / 2]);
        ASSERT_NEAR(*median, twice / 48, 1e-9);
      }
      std::int64_t won = 0;
      std::int64_t closed = 0;
      for (const auto& [deal, stands] : model.deals) {
        won += stands == 4 ? 1 : 0;
        closed += stands >= 4 ? 1 : 0;
      }
      const auto rate = table.real_at(static_cast<std::int64_t>(i), "conversion_won");
      ASSERT_EQ(rate.has_value(), closed > 0 && stage < 4);
      if (rate.has_value()) {
        ASSERT_DOUBLE_EQ(*rate, static_cast<double>(won) / static_cast<double>(closed));
      }
      seen[0] += model.skipped, seen[1] += model.back, seen[2] += model.lost, seen[3] += model.elsewhere;
      seen[4] += model.forward;
    }
  }
  for (const std::int64_t count : seen) EXPECT_GT(count, 500);
}

TEST(Stages, StandInTheOrderInWhichTheDealsWentThroughThem) {
  Trail trail{RUB};
  put_way(trail, "a", {{0, 0, 0, 0}, {24, 0, 1, 0}, {72, 0, 4, 0}});
  put_way(trail, "b", {{0, 0, 0, 0}, {24, 0, 3, 0}, {48, 0, 1, 0}, {96, 0, 3, 0}, {120, 0, 5, 0}});
  put_way(trail, "c", {{0, 0, 0, 0}, {24, 0, 1, 0}, {48, 0, 3, 0}});
  put_way(trail, "d", {{0, 0, 0, 0}, {24, 0, 1, 0}, {48, 0, 3, 0}});
  const Table table = stages(histories(trail)).table();
  EXPECT_EQ(column(table, "stage"), (std::vector<std::string>{"NEW", "TALK", "DEAL", "WON", "LOST"}));
  EXPECT_EQ(table.integer_at(1, "skipped"), 1);
  EXPECT_EQ(table.integer_at(2, "left_back"), 1);
  EXPECT_EQ(table.real_at(1, "conversion_won"), 0.5);
  EXPECT_EQ(table.real_at(0, "median_days"), 1);
}

TEST(Stages, ASnapshotAloneGivesNoRates) {
  Trail trail{RUB};
  Deal deal{.id = "a"};
  deal.created_at = utc("2026-01-01");
  deal.pipeline = "p0";
  deal.stage = "NEW";
  trail.put(deal);
  deal.id = "b";
  deal.outcome = "won";
  trail.put(deal);
  Deal bare{.id = "c"};
  bare.created_at = utc("2026-01-01");
  trail.put(bare);
  const Stages found = stages(histories(trail));
  const Table table = found.table();
  ASSERT_EQ(table.rows(), 1);
  EXPECT_EQ(table.integer_at(0, "entered"), std::nullopt);
  EXPECT_EQ(table.integer_at(0, "open_now"), 1);
  EXPECT_EQ(table.integer_at(0, "closed_here"), 1);
  EXPECT_EQ(table.real_at(0, "conversion_won"), std::nullopt);
  EXPECT_EQ(table.real_at(0, "median_days"), std::nullopt);
  const auto codes = column(found.problems.table(), "code");
  EXPECT_EQ(std::count(codes.begin(), codes.end(), "no_history"), 1);
  EXPECT_EQ(std::count(codes.begin(), codes.end(), "no_stage"), 1);
}

TEST(Stages, DealsThatMovesAloneKnowAreCountedAndToldOf) {
  Trail trail{RUB};
  put_way(trail, "a", {{0, 0, 0, 0}, {24, 0, 1, 0}});
  put_way(trail, "b", {{0, 0, 0, 0}, {24, 0, 1, 0}});
  for (const char* id : {"x", "y"}) {
    Move move{.id = id};
    move.deal = id;
    move.field = "stage";
    move.pipeline = "p0";
    move.to = "NEW";
    move.at = utc("2026-01-03");
    trail.put(move);
  }
  trail.remove(Kind::deals, "b");
  trail.remove(Kind::deals, "y");
  const Histories view = histories(trail);
  const Table table = stages(view).table();
  EXPECT_EQ(column(table, "stage"), (std::vector<std::string>{"NEW", "TALK"}));
  EXPECT_EQ(table.integer_at(0, "entered"), 2);
  EXPECT_EQ(table.integer_at(0, "open_now"), 1);
  EXPECT_EQ(column(view.problems.table(), "first_ids").back(), "x");
}

TEST(Stages, ManagersWhoLeftAreLeftOutAndCounted) {
  Trail trail{RUB};
  Manager gone{.id = "m1"};
  gone.name = "Gone";
  gone.active_until = utc("2026-01-02");
  trail.put(gone);
  put_way(trail, "a", {{0, 0, 0, 1}, {24, 0, 1, 2}, {240, 0, 3, 2}});
  const Stages then = stages(histories(trail), {.exclude_left = true});
  EXPECT_EQ(then.left_out, 1);
  EXPECT_EQ(then.rows.size(), 2U);
  const Stages now = stages(histories(trail), {.owner = StageOwner::now, .exclude_left = true});
  EXPECT_EQ(now.left_out, 0);
}

TEST(Stages, WrongNamesAreRefusedWithTheClosest) {
  Trail trail{RUB};
  put_way(trail, "a", {{0, 0, 0, 1}, {24, 0, 1, 2}});
  const Histories view = histories(trail);
  const Error unknown = refusal_of([&] { return stages(view, {.pipeline = "p7"}); });
  EXPECT_EQ(unknown.code(), ErrorCode::unknown_name);
  EXPECT_NE(std::string{unknown.hint()}.find("p0"), std::string::npos);
  EXPECT_EQ(refusal_of([&] { return stages(view, {.order = {"NEWW"}}); }).code(), ErrorCode::unknown_name);
  EXPECT_EQ(stages(histories(Trail{RUB})).rows.size(), 0U);
}

}  // namespace
}  // namespace dealtrail
