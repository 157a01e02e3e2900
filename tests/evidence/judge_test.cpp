// Verdicts on channels: definitions, bad input, invariance, calibration by simulation.
#include "dealtrail/evidence/judge.hpp"

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "dealtrail/core/random.hpp"

#include "evidence/draws.hpp"
#include "support/refusal.hpp"

namespace dealtrail::evidence {
namespace {

using dealtrail::testing::add_channel;
using dealtrail::testing::gamma_of_mean_one;
using dealtrail::testing::refusal_code;
using dealtrail::testing::refusal_of;

std::vector<Placement> channel(const std::string& name, std::int64_t spend, const std::vector<std::int64_t>& counts,
                               ChannelState state = ChannelState::working) {
  std::vector<Placement> rows;
  for (std::size_t i = 0; i < counts.size(); ++i)
    rows.push_back(
        {.channel = name, .id = std::to_string(i), .spend_minor = spend, .count = counts[i], .state = state});
  return rows;
}

template <class... More>
std::vector<Placement> rows_of(std::vector<Placement> first, const More&... more) {
  (first.insert(first.end(), more.begin(), more.end()), ...);
  return first;
}

const Judged& row(const Judgement& judgement, const std::string& key) {
  for (const Judged& one : judgement.rows) {
    if (one.key == key) return one;
  }
  throw std::out_of_range(key);
}

// A pool of working channels at 300 roubles a result.
std::vector<Placement> pool() {
  return rows_of(channel("w1", 30'000'00, {98, 104, 101, 95}), channel("w2", 15'000'00, {53, 48, 50}),
                 channel("w3", 60'000'00, {190, 205, 203, 210}), channel("w4", 9'000'00, {33, 27, 30, 31, 28}));
}

TEST(Judge, AGoodABadAndAnUnclearChannel) {
  const auto rows = rows_of(pool(), channel("good", 6'000'00, {40, 38, 41}, ChannelState::test),
                            channel("bad", 6'000'00, {4, 6, 3}, ChannelState::test),
                            channel("unclear", 600'00, {2, 2}, ChannelState::test));
  const Judgement judgement = judge(Placements::from_rows(rows, RUB));
  const Judged& good = row(judgement, "good");
  EXPECT_EQ(good.verdict, Verdict::keep);
  EXPECT_FALSE(good.settled);
  EXPECT_GT(*good.p_better, 0.99);
  EXPECT_EQ(good.cost_per_minor, 151'26);
  EXPECT_LT(*good.cost_low_minor, *good.cost_expected_minor);
  EXPECT_LT(*good.cost_expected_minor, *good.cost_high_minor);
  EXPECT_EQ(good.gain, std::nullopt);  // a pool of seven channels tells no gain
  const Judged& bad = row(judgement, "bad");
  EXPECT_EQ(bad.verdict, Verdict::drop);
  EXPECT_TRUE(bad.settled);
  EXPECT_GE(*bad.e_drop, 20);
  EXPECT_GT(*bad.loss_keep_minor, *bad.loss_drop_minor);
  const Judged& unclear = row(judgement, "unclear");
  EXPECT_EQ(unclear.verdict, Verdict::test_again);
  EXPECT_GT(unclear.placements_more.value_or(99), 0);
  EXPECT_LT(*unclear.weight_own, 0.6);
  EXPECT_GT(*unclear.value_of_one_more_minor, 0);
  EXPECT_NE(unclear.why.find("cannot tell yet"), std::string::npos);
  EXPECT_EQ(judgement.table().rows(), 7);
}

TEST(Judge, OnePlacementIsNoVerdict) {
  const auto rows = rows_of(pool(), channel("new", 6'000'00, {60}, ChannelState::test));
  EXPECT_EQ(row(judge(Placements::from_rows(rows, RUB)), "new").verdict, Verdict::test_again);
}

TEST(Judge, OpenPlacementsAreCountedAndNotJudged) {
  auto rows = rows_of(pool(), channel("young", 6'000'00, {20, 21, 0}, ChannelState::test));
  rows.back().open = true;
  auto closed = rows;
  closed.pop_back();
  const Judged young = row(judge(Placements::from_rows(rows, RUB)), "young");
  const Judged same = row(judge(Placements::from_rows(closed, RUB)), "young");
  EXPECT_EQ(young.open, 1);
  EXPECT_EQ(young.placements, 3);
  EXPECT_EQ(young.count, 41);
  EXPECT_EQ(young.p_better, same.p_better);
  EXPECT_NE(young.why.find("open placements are not judged: 1"), std::string::npos);
  for (Placement& one : rows) one.open = true;
  const Judgement all_open = judge(Placements::from_rows(rows, RUB));
  EXPECT_EQ(row(all_open, "w1").verdict, std::nullopt);
  EXPECT_EQ(row(all_open, "w1").why, "no placement is over yet");
}

TEST(Judge, FreePlacementsAreJudgedPerPlacement) {
  const auto rows = rows_of(pool(), channel("chat", 0, {9, 11, 10}), channel("forum", 0, {8, 12, 9}),
                            channel("wall", 0, {1, 0, 1}, ChannelState::test));
  const Judgement judgement = judge(Placements::from_rows(rows, RUB));
  const Judged& wall = row(judgement, "wall");
  EXPECT_EQ(wall.basis, "placement");
  EXPECT_EQ(wall.verdict, Verdict::drop);
  EXPECT_NEAR(*wall.benchmark_rate, 59.0 / 6, 1e-9);
  EXPECT_EQ(wall.cost_expected_minor, std::nullopt);
  // Lost results are worth what paid working channels pay for one.
  EXPECT_GT(*wall.loss_keep_minor, 1'000'00);
  // One free placement of a paying channel stays apart.
  auto mixed = pool();
  mixed.push_back({.channel = "w1", .id = "gift", .spend_minor = 0, .count = 30});
  EXPECT_EQ(row(judge(Placements::from_rows(mixed, RUB)), "w1").apart, 1);
  EXPECT_EQ(row(judge(Placements::from_rows(mixed, RUB)), "w1").count, 398);
}

TEST(Judge, ReachIsTheUnitWhereEveryFreePlacementHasOne) {
  auto rows = rows_of(channel("chat", 0, {9, 11, 10}), channel("wall", 0, {9, 10, 11}, ChannelState::test));
  for (Placement& one : rows) one.exposure = one.channel == "chat" ? 1000 : 5000;
  const Judged wall = row(judge(Placements::from_rows(rows, RUB)), "wall");
  EXPECT_EQ(wall.basis, "exposure");
  EXPECT_NEAR(*wall.benchmark_rate, 0.01, 1e-12);
  EXPECT_EQ(wall.verdict, Verdict::drop);
}

TEST(Judge, SharesOfTrials) {
  std::vector<Placement> rows;
  const auto add = [&](const std::string& name, std::int64_t came, std::int64_t of, ChannelState state) {
    for (int i = 0; i < 4; ++i)
      rows.push_back({.channel = name,
                      .id = std::to_string(i),
                      .spend_minor = 1'000'00,
                      .count = came + i % 2,
                      .trials = of,
                      .state = state});
  };
  add("a", 30, 60, ChannelState::working);
  add("b", 26, 50, ChannelState::working);
  add("c", 21, 40, ChannelState::working);
  add("bad", 6, 40, ChannelState::test);
  const Judgement judgement = judge(Placements::from_rows(rows, RUB), {.metric = "came of registered"});
  const Judged& bad = row(judgement, "bad");
  EXPECT_EQ(bad.basis, "share");
  EXPECT_EQ(bad.verdict, Verdict::drop);
  EXPECT_TRUE(bad.settled);
  EXPECT_GT(*bad.rate_low, 0.0);
  EXPECT_LT(*bad.rate_high, 0.4);
  EXPECT_EQ(bad.trials, 160);
  EXPECT_EQ(row(judge(Placements::from_rows(rows, RUB), {.benchmark = 0.05}), "bad").verdict, Verdict::keep);
  EXPECT_EQ(refusal_code([&] { return judge(Placements::from_rows(rows, RUB), {.benchmark = 1.0}); }),
            ErrorCode::invalid_argument);
}

TEST(Judge, BadOptionsAreRefusedByName) {
  const Placements view = Placements::from_rows(pool(), RUB);
  for (const double wrong : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    const Error error = refusal_of([&] { return judge(view, {.benchmark = wrong}); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_EQ(error.where().column, "benchmark");
    EXPECT_FALSE(error.hint().empty());
  }
  EXPECT_EQ(refusal_code([&] { return judge(view, {.care = 2}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { return judge(view, {.horizon = 0}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { return judge(view, {.most_placements = 0}); }), ErrorCode::invalid_argument);
}

TEST(Judge, NothingToCompareWith) {
  EXPECT_TRUE(judge(Placements{}).rows.empty());
  const Judged alone = row(judge(Placements::from_rows(channel("only", 100'00, {3, 4}), RUB)), "only");
  EXPECT_EQ(alone.verdict, std::nullopt);
  EXPECT_EQ(alone.p_better, std::nullopt);
  EXPECT_TRUE(alone.cost_low_minor.has_value());
  EXPECT_NE(alone.why.find("nothing to compare with"), std::string::npos);
  // One channel and a benchmark is enough.
  EXPECT_TRUE(
      row(judge(Placements::from_rows(channel("only", 100'00, {3, 4}), RUB), {.benchmark = 90}), "only").verdict);
  // No results at all.
  const auto none = rows_of(channel("a", 100'00, {0, 0}), channel("b", 100'00, {0, 0}));
  EXPECT_EQ(row(judge(Placements::from_rows(none, RUB)), "a").verdict, std::nullopt);
  const Judged zero = row(judge(Placements::from_rows(none, RUB), {.benchmark = 10}), "a");
  EXPECT_EQ(zero.cost_per_minor, std::nullopt);
  EXPECT_EQ(zero.verdict, Verdict::drop);
}

TEST(Judge, AllInTestAreComparedWithTheOthers) {
  const auto rows =
      rows_of(channel("a", 100'00, {30, 31}, ChannelState::test), channel("b", 100'00, {5, 4}, ChannelState::test));
  const Judgement judgement = judge(Placements::from_rows(rows, RUB));
  EXPECT_EQ(row(judgement, "a").verdict, Verdict::keep);
  EXPECT_EQ(row(judgement, "b").verdict, Verdict::drop);
}

TEST(Judge, AChannelWithoutSpendIsShownAndNotJudged) {
  auto rows = pool();
  rows.push_back({.channel = "unknown", .id = "1", .count = 5});
  const Judged unknown = row(judge(Placements::from_rows(rows, RUB)), "unknown");
  EXPECT_EQ(unknown.apart, 1);
  EXPECT_EQ(unknown.cost_per_minor, std::nullopt);
  EXPECT_EQ(unknown.why, "no placement has the figures to judge it by");
}

TEST(Judge, TheUnitOfMoneyChangesNothing) {
  const auto rows = rows_of(pool(), channel("good", 6'000'00, {40, 38, 41}, ChannelState::test),
                            channel("bad", 6'000'00, {4, 6, 3}, ChannelState::test),
                            channel("unclear", 600'00, {2, 2}, ChannelState::test));
  const Judgement roubles = judge(Placements::from_rows(rows, RUB));
  for (const std::int64_t factor : {std::int64_t{100}, std::int64_t{1'000'000'000}}) {
    auto scaled = rows;
    for (Placement& one : scaled) *one.spend_minor *= factor;
    const Judgement other = judge(Placements::from_rows(scaled, RUB));
    for (std::size_t i = 0; i < roubles.rows.size(); ++i) {
      EXPECT_EQ(other.rows[i].verdict, roubles.rows[i].verdict);
      EXPECT_EQ(other.rows[i].settled, roubles.rows[i].settled);
      EXPECT_EQ(other.rows[i].placements_more, roubles.rows[i].placements_more);
      EXPECT_NEAR(*other.rows[i].p_better, *roubles.rows[i].p_better, 2e-9);
      EXPECT_NEAR(*other.rows[i].e_drop, *roubles.rows[i].e_drop, 1e-9 * *roubles.rows[i].e_drop);
    }
  }
}

TEST(Judge, IntervalsOfTheTruthAreNinetyPercent) {
  Random random{5};
  int inside = 0;
  int all = 0;
  for (int run = 0; run < 40; ++run) {
    std::vector<Placement> rows;
    std::vector<double> truth;
    const double dispersion = run % 2 == 0 ? 1 : 2;
    for (int i = 0; i < 8; ++i) {
      truth.push_back(gamma_of_mean_one(random, 1 / (0.3 * 0.3)));
      add_channel(rows, random, std::string(1, static_cast<char>('a' + i)), 4, 10, truth.back(), dispersion);
    }
    const Judgement judgement = judge(Placements::from_rows(rows, RUB));
    for (std::size_t i = 0; i < truth.size(); ++i) {
      const double rate = truth[i] / 10;  // results per rouble
      inside += rate >= *judgement.rows[i].rate_low && rate <= *judgement.rows[i].rate_high ? 1 : 0;
      ++all;
    }
  }
  EXPECT_NEAR(static_cast<double>(inside) / all, 0.90, 0.04);
}

TEST(Judge, WrongVerdictsStayWithinTheStatedLoss) {
  // Averaged over channels, what a verdict really loses is what was stated for it.
  Random random{6};
  double stated = 0;
  double real = 0;
  int verdicts = 0;
  for (int run = 0; run < 40; ++run) {
    std::vector<Placement> rows;
    std::vector<double> truth;
    for (int i = 0; i < 10; ++i) {
      truth.push_back(gamma_of_mean_one(random, 1 / (0.3 * 0.3)));
      add_channel(rows, random, std::string(1, static_cast<char>('a' + i)), 3, 10, truth.back(), 1);
    }
    const Judgement judgement = judge(Placements::from_rows(rows, RUB), {.benchmark = 10});
    for (std::size_t i = 0; i < truth.size(); ++i) {
      const Judged& one = judgement.rows[i];
      if (*one.verdict == Verdict::test_again) continue;
      const bool keep = *one.verdict == Verdict::keep;
      stated += keep ? *one.loss_keep : *one.loss_drop;
      real += std::fmax(keep ? 1 - truth[i] : truth[i] - 1, 0);
      ++verdicts;
    }
  }
  EXPECT_GT(verdicts, 150);
  EXPECT_LT(std::fabs(real - stated) / verdicts, 0.005);
  EXPECT_LT(real / verdicts, 0.05);
}

TEST(Judge, FortyEqualChannelsAreHardlyEverDropped) {
  Random random{7};
  int wrong = 0;
  double ratio = 0;
  int kept = 0;
  for (int run = 0; run < 6; ++run) {
    std::vector<Placement> rows;
    for (int i = 0; i < 40; ++i) add_channel(rows, random, "c" + std::to_string(i), 10, 8, 1, 1.5);
    for (const Judged& one : judge(Placements::from_rows(rows, RUB), {.benchmark = 10}).rows) {
      wrong += one.settled ? 1 : 0;
      if (*one.verdict != Verdict::keep) continue;
      ratio += *one.gain + 1;
      ++kept;
    }
  }
  EXPECT_LE(wrong, 1);
  EXPECT_NEAR(ratio / kept, 1, 0.05);  // the reported rate of kept channels, no winner's curse
}

RC_GTEST_PROP(Judge, AnyTableHasAnAnswer, (std::uint64_t seed)) {
  Random random{seed};
  std::vector<Placement> rows;
  const bool spend = random.chance(0.7);
  const bool trials = random.chance(0.3);
  for (std::int64_t left = random.uniform_int(0, 12); left > 0; --left) {
    Placement one{.channel = std::string(1, static_cast<char>('a' + random.uniform_int(0, 3))),
                  .id = std::to_string(left),
                  .count = random.chance(0.3) ? 0 : random.uniform_int(0, 50)};
    if (spend && random.chance(0.9)) one.spend_minor = random.chance(0.2) ? 0 : random.uniform_int(1, 1'000'000);
    if (trials) one.trials = one.count + (random.chance(0.2) ? 0 : random.uniform_int(0, 60));
    one.state = static_cast<ChannelState>(random.uniform_int(0, 2));
    one.open = random.chance(0.2);
    rows.push_back(one);
  }
  JudgeOptions options;
  if (random.chance(0.4)) options.benchmark = 0.001 + 0.9 * random.uniform_real();
  const Placements view = Placements::from_rows(rows, RUB);
  const Judgement judgement = judge(view, options);
  RC_ASSERT(judgement.rows.size() == view.channel_count());
  for (const Judged& one : judgement.rows) {
    RC_ASSERT(!one.why.empty());
    if (one.rate) {
      RC_ASSERT(std::isfinite(*one.rate) && *one.rate_low <= *one.rate && *one.rate <= *one.rate_high);
      RC_ASSERT(*one.rate_low < *one.rate_high);
    }
    if (one.cost_low_minor && one.cost_high_minor) RC_ASSERT(*one.cost_low_minor <= *one.cost_high_minor);
    if (one.p_better) RC_ASSERT(*one.p_better >= 0 && *one.p_better <= 1);
    if (one.loss_keep) RC_ASSERT(*one.loss_keep >= 0 && *one.loss_drop >= 0);
    if (one.e_drop) RC_ASSERT(*one.e_drop >= 0 && std::isfinite(*one.e_drop));
    if (one.power) RC_ASSERT(*one.power >= 0 && *one.power <= 1);
    if (one.settled) RC_ASSERT(one.verdict == Verdict::drop);
  }
  RC_ASSERT(judgement.table() == judge(view, options).table());
}

}  // namespace
}  // namespace dealtrail::evidence
