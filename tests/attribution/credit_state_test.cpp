// AT.1, AT.4, AT.5, AT.6: counts of rule models; merging, bytes, groups, intervals; what is refused.
#include "dealtrail/attribution/credit_state.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/attribution/last_touch.hpp"
#include "dealtrail/attribution/linear.hpp"
#include "dealtrail/attribution/participation.hpp"
#include "dealtrail/attribution/position_based.hpp"
#include "dealtrail/attribution/time_decay.hpp"
#include "dealtrail/core/random.hpp"

#include "attribution/random_touches.hpp"
#include "support/aggregate_laws.hpp"
#include "support/refusal.hpp"
#include "support/touch_rows.hpp"

namespace dealtrail::testing {

// One row of the law tests is a subject with all touches.
template <>
struct AggregateSample<CreditState> {
  static std::vector<TouchRow> row(Random& random) { return random_subject(random); }
  static void update(CreditState& state, std::span<const std::vector<TouchRow>> rows) {
    state.merge(CreditState{journeys_of_subjects(rows), attribution::linear_rule()});
  }
};
INSTANTIATE_TYPED_TEST_SUITE_P(CreditState, AggregateLaws, CreditState);

}  // namespace dealtrail::testing

namespace dealtrail {
namespace {

using testing::journeys_of;
using testing::PathRow;
using testing::random_touches;
using testing::refusal_code;
using testing::TouchRow;

TEST(CreditState, OfNothingIsNothing) {
  EXPECT_FALSE(CreditState{}.finish().has_value());
  EXPECT_EQ((CreditState{Journeys{}, attribution::linear_rule()}), CreditState{});
  EXPECT_EQ(credit(Journeys{}, attribution::linear_rule()).channels.size(), 0U);
}

TEST(CreditState, ThreadsAndGroupsDoNotChangeTheFigures) {
  Random random{11};
  const Journeys journeys = journeys_of(random_touches(random, 3000, 6));
  const CreditState one{journeys, attribution::linear_rule()};
  for (const std::size_t threads : {2U, 5U})
    EXPECT_EQ((CreditState{journeys, attribution::linear_rule(), {.threads = threads}}.to_bytes()), one.to_bytes());
  const Credit grouped = one.finish().value();
  const Credit whole = credit(journeys, attribution::linear_rule(), {.intervals = false});
  ASSERT_EQ(grouped.channels.size(), whole.channels.size());
  for (std::size_t i = 0; i < whole.channels.size(); ++i) {
    EXPECT_EQ(grouped.channels[i].conversions, whole.channels[i].conversions);
    EXPECT_EQ(grouped.channels[i].value, whole.channels[i].value);
    EXPECT_EQ(grouped.channels[i].converting, whole.channels[i].converting);
    EXPECT_TRUE(grouped.channels[i].share_interval.has_value());
    EXPECT_FALSE(whole.channels[i].share_interval.has_value());
  }
}

TEST(CreditState, SeveralRulesInOnePassAreEachAlone) {
  Random random{12};
  std::vector<CreditRule> rules{attribution::linear_rule(), attribution::participation_rule(),
                                attribution::position_based_rule(), attribution::last_touch_rule({"c103"})};
  const Journeys paths = journeys_of(std::vector<PathRow>{{"a>b>a", 50, 20, 123}, {"b", 3, 1, 11}, {"", 7, 0, 5}});
  for (const std::size_t threads : {1U, 3U}) {
    const Journeys touches = journeys_of(random_touches(random, 500, 6));
    for (const Journeys& journeys : {touches, paths}) {
      const CreditOptions options{.threads = threads};
      const auto states = CreditState::of_each(journeys, rules, options);
      ASSERT_EQ(states.size(), rules.size());
      for (std::size_t rule = 0; rule < rules.size(); ++rule)
        EXPECT_EQ(states[rule], (CreditState{journeys, rules[rule], options})) << rules[rule].model;
    }
    rules.push_back(attribution::time_decay_rule(0.0000001));
    EXPECT_EQ(CreditState::of_each(touches, rules).back(), (CreditState{touches, rules.back()}));
    EXPECT_EQ(refusal_code([&] { (void)credit(paths, rules); }), ErrorCode::invalid_argument);
    rules.pop_back();
  }
  EXPECT_TRUE(credit(paths, std::span<const CreditRule>{}).empty());
  EXPECT_EQ(credit(Journeys{}, rules).at(1).model, "participation");
}

// AT.4: rows and (unattributed) are the total, as whole numbers.
TEST(CreditState, EveryUnitOnce) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Random random{seed};
    const Journeys journeys = journeys_of(random_touches(random, 200, 6));
    for (const CreditRule& rule : {attribution::linear_rule(), attribution::time_decay_rule(0.0000001)}) {
      const Credit made = credit(journeys, rule);
      CreditUnits units = made.unattributed_conversions;
      std::int64_t value = made.unattributed_value;
      for (const ChannelCredit& one : made.channels) {
        units += *one.conversions;
        value += *one.value;
      }
      EXPECT_TRUE(units == static_cast<CreditUnits>(made.total_conversions) * units_per_conversion);
      EXPECT_EQ(value, made.total_value);
    }
  }
}

// IN.14: shards merge to the bytes of the whole in any order, and values are rounded after that, not before.
TEST(CreditState, ShardsInAnyOrderAreTheWhole) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random{seed};
    std::vector<std::vector<TouchRow>> subjects;
    for (int left = 0; left < 60; ++left) {
      subjects.push_back(testing::random_subject(random));
      for (TouchRow& one : subjects.back()) one.subject = *one.subject + "/" + std::to_string(left);
    }
    const std::vector<CreditRule> rules{attribution::linear_rule(), attribution::time_decay_rule(1e-10),
                                        attribution::position_based_rule()};
    const auto whole = CreditState::of_each(testing::journeys_of_subjects(subjects), rules);
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
      std::vector<CreditState> shards;
      for (std::size_t first = 0; first < subjects.size(); first += 20)
        shards.emplace_back(testing::journeys_of_subjects(std::span{subjects}.subspan(first, 20)), rules[rule]);
      for (const auto& order : {std::array{0U, 1U, 2U}, std::array{2U, 0U, 1U}, std::array{1U, 2U, 0U}}) {
        CreditState merged;
        for (const std::size_t shard : order) merged.merge(shards[shard]);
        ASSERT_EQ(merged.to_bytes(), whole[rule].to_bytes()) << seed;
        merged.subtract(shards[order[0]]);
        merged.merge(CreditState::from_bytes(shards[order[0]].to_bytes()));
        ASSERT_EQ(merged, whole[rule]) << seed;
      }
    }
  }
}

TEST(CreditState, BytesOfAnOlderVersionAreRefused) {
  std::string bytes = CreditState{}.to_bytes();
  ASSERT_EQ(bytes.substr(0, 4), "CRD2");
  bytes[3] = '1';
  EXPECT_EQ(refusal_code([&] { (void)CreditState::from_bytes(bytes); }), ErrorCode::corrupt_data);
}

// Values so large that their parts do not fit are refused, not wrapped; one of them does fit.
TEST(CreditState, ValuesBeyondTheRangeAreAnError) {
  static constexpr std::int64_t greatest = (std::int64_t{1} << 61U) - 1;  // that a table may say
  const auto of = [](std::int64_t subjects) {
    TableBuilder builder{"touches"};
    ColumnBuilder& subject = builder.integer("subject");
    ColumnBuilder& at = builder.time("at");
    ColumnBuilder& channel = builder.text("channel");
    ColumnBuilder& won = builder.boolean("won");
    ColumnBuilder& value = builder.money("value", JPY);
    for (std::int64_t who = 0; who < subjects; ++who) {
      subject.append_integer(who);
      at.append_time(from_us(0));
      channel.append_text(who % 2 == 0 ? "a" : "b");
      won.append_boolean(true);
      value.append_minor(greatest);
    }
    const Table table = builder.finish();
    return Journeys::from_touches(read_all(table.to_stream(), "touches"),
                                  {.converted = "won", .value = "value", .currency = JPY});
  };
  EXPECT_EQ(credit(of(1), attribution::linear_rule()).channels.at(0).value, greatest);
  for (const std::int64_t subjects : {5, 300'000}) {
    for (const bool intervals : {true, false}) {
      EXPECT_EQ(refusal_code([&] { (void)credit(of(subjects), attribution::linear_rule(), {.intervals = intervals}); }),
                ErrorCode::overflow);
    }
  }
}

TEST(CreditState, RowsOfPathsAreDealtToGroupsAndAddUp) {
  const Journeys journeys = journeys_of(std::vector<PathRow>{
      {"a>b", 5000, 20'000, 123'457}, {"b", 3, 1, 11}, {"", 7, 0, 5}, {"a>a>c", 4'000'000, 0, 1}, {"c", 0, 9, 0}});
  const Credit dealt = credit(journeys, attribution::linear_rule());
  const Credit whole = credit(journeys, attribution::linear_rule(), {.intervals = false});
  ASSERT_EQ(dealt.channels.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(dealt.channels[i].conversions == whole.channels[i].conversions);
    EXPECT_EQ(dealt.channels[i].value, whole.channels[i].value);
    EXPECT_EQ(dealt.channels[i].journeys, whole.channels[i].journeys);
  }
  EXPECT_EQ(dealt.total_value, 123'457'00 + 11'00 + 5'00 + 1'00);
  EXPECT_EQ(dealt.unattributed_value, 5'00);
  EXPECT_EQ(dealt.total_conversions, 4'005'010);
  const CreditState state{journeys, attribution::linear_rule()};
  EXPECT_EQ(CreditState::from_bytes(state.to_bytes()), state);
  const Credit full = credit(journeys, attribution::participation_rule());
  EXPECT_EQ(full.total_value, dealt.total_value);
}

// By hand: the share of b is 1/2; leaving out a group moves it; the interval lies round it and within 0 and 1.
TEST(CreditState, IntervalsLieRoundTheShare) {
  Random random{5};
  const Credit made = credit(journeys_of(random_touches(random, 4000, 6)), attribution::linear_rule());
  for (const ChannelCredit& one : made.channels) {
    ASSERT_TRUE(one.share_interval.has_value());
    EXPECT_LT(one.share_interval->low, *one.share);
    EXPECT_GT(one.share_interval->high, *one.share);
    EXPECT_LT(one.share_interval->high - one.share_interval->low, 0.1);
    EXPECT_FALSE(one.too_few);
  }
}

TEST(CreditState, StatesOfDifferentModelsAreNotJoined) {
  const Journeys journeys = journeys_of(std::vector<TouchRow>{{"s", 1, "a", 1, 5}});
  CreditState linear{journeys, attribution::linear_rule()};
  const CreditState before = linear;
  for (const CreditState& other : {CreditState{journeys, attribution::participation_rule()},
                                   CreditState{journeys, attribution::linear_rule(), {.intervals = false}}}) {
    EXPECT_EQ(refusal_code([&] { linear.merge(other); }), ErrorCode::invalid_argument);
    EXPECT_EQ(refusal_code([&] { linear.subtract(other); }), ErrorCode::invalid_argument);
  }
  EXPECT_EQ(linear, before);
}

TEST(CreditState, ARuleThatNeedsTimesRefusesPaths) {
  const Journeys paths = journeys_of(std::vector<PathRow>{{"a>b", 1, 0, 0}});
  EXPECT_EQ(refusal_code([&] { static_cast<void>(attribution::time_decay(paths)); }), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
