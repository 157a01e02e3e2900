// Which channels repeat their results.
#include "dealtrail/evidence/repeatability.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

#include "evidence/draws.hpp"

namespace dealtrail::evidence {
namespace {

using dealtrail::testing::add_channel;

std::vector<Repeatable> rows_of(const std::vector<Placement>& rows) {
  return repeatability(Placements::from_rows(rows, RUB)).rows;
}

void add(std::vector<Placement>& rows, const std::string& name, const std::vector<std::int64_t>& counts) {
  for (std::size_t i = 0; i < counts.size(); ++i)
    rows.push_back({.channel = name, .id = std::to_string(i), .spend_minor = 10'000, .count = counts[i]});
}

TEST(Repeatability, ASteadyGoodChannelAndASteadyBadOne) {
  std::vector<Placement> rows;
  add(rows, "bad", {9, 12, 11, 10});
  add(rows, "good", {31, 29, 33, 30});
  add(rows, "mixed", {20, 5, 35, 18});
  const auto found = rows_of(rows);
  EXPECT_EQ(found[0].side, "worse");
  EXPECT_EQ(found[0].consistency, 1.0);
  EXPECT_EQ(found[1].side, "better");
  EXPECT_EQ(found[1].same_side, 4);
  EXPECT_LT(*found[2].consistency, 1);
  EXPECT_GT(*found[1].score, *found[2].score);
  for (const Repeatable& row : found) {
    EXPECT_LT(*row.reliability_low, *row.reliability_high);
    EXPECT_LT(*row.score_low, *row.score);
    EXPECT_LT(*row.score, *row.score_high);
  }
  EXPECT_EQ(repeatability(Placements::from_rows(rows, RUB)).table().rows(), 3);
}

TEST(Repeatability, ChannelsThatDifferByChanceAloneAreNotReliable) {
  Random random{3};
  std::vector<Placement> same;
  std::vector<Placement> different;
  for (int i = 0; i < 20; ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    add_channel(same, random, name, 5, 10, 1, 1);
    add_channel(different, random, name, 5, 10, 0.2 + 0.1 * i, 1);
  }
  EXPECT_LT(*rows_of(same)[0].reliability, 0.4);
  EXPECT_GT(*rows_of(different)[0].reliability, 0.85);
}

TEST(Repeatability, NothingToCompareWith) {
  std::vector<Placement> rows;
  EXPECT_TRUE(rows_of(rows).empty());
  add(rows, "only", {3, 4});
  EXPECT_EQ(rows_of(rows)[0].consistency, std::nullopt);
  EXPECT_EQ(rows_of(rows)[0].score, std::nullopt);
  rows.clear();
  add(rows, "a", {0, 0});
  add(rows, "b", {0, 0});
  EXPECT_EQ(rows_of(rows)[0].reliability, std::nullopt);
}

}  // namespace
}  // namespace dealtrail::evidence
