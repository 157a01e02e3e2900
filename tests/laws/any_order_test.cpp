// Law 1: the same versioned facts, removals and stubs, put in any order, in any batches, twice: the same bytes and
// cards.
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/facts.hpp"
#include "support/random_facts.hpp"
#include "support/synthetic.hpp"

namespace dealtrail {
namespace {

const std::vector<std::string>& tables() {
  static const std::vector<std::string> all{"channel", "announcement", "event",   "partner",
                                            "month",   "manager",      "pipeline"};
  return all;
}

void expect_equal(const Trail& lhs, const Trail& rhs) {
  ASSERT_EQ(lhs.snapshot(), rhs.snapshot());
  for (const std::string& by : tables()) ASSERT_EQ(lhs.cards({.by = by}), rhs.cards({.by = by})) << by;
  ASSERT_EQ(lhs.findings(), rhs.findings());
}

TEST(AnyOrderLaw, VersionedStatementsEndAlikeInAnyOrderAndBatches) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random{seed + 1'000};
    auto statements = testing::random_statements(seed, 120);
    Trail expected{RUB, {.hash_seed = seed}};
    testing::put_all(expected, statements, random);
    testing::put_all(expected, statements, random);  // twice
    ASSERT_GT(expected.size(), 25U);                 // most of them are taken
    for (int order = 0; order < 3; ++order) {
      random.shuffle(statements);
      Trail trail{RUB};
      testing::put_all(trail, statements, random);
      expect_equal(trail, expected);
      if (HasFatalFailure()) return;
    }
    expect_equal(Trail::restore(expected.snapshot()), expected);
  }
}

// A realistic organiser, as it happens and shuffled.
TEST(AnyOrderLaw, FactsOfAnOrganiserEndAlikeWhenShuffled) {
  auto facts = synthetic::facts({.facts = 3'000, .seed = 5});
  const auto put = [&] {
    Trail trail{RUB};
    auto batch = trail.batch();
    Draft draft;
    for (const auto& fact : facts) {
      std::visit([&](const auto& one) { fill(draft, one); }, fact);
      EXPECT_TRUE(batch.put(draft));
    }
    batch.finish();
    return trail;
  };
  const Trail expected = put();
  Random random{7};
  random.shuffle(facts);
  expect_equal(put(), expected);
}

}  // namespace
}  // namespace dealtrail
