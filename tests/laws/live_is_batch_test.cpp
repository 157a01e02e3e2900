// Law 2: after any sequence of puts and removes a live card equals the card computed from scratch.
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

TEST(LiveIsBatchLaw, AfterEveryFewStatements) {
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random{seed + 1'000};
    const auto statements = testing::random_statements(seed, 160, {.versions = seed % 2 == 0, .removal = 0.15});
    Trail trail{RUB};
    for (std::span<const testing::Statement> left{statements}; !left.empty();) {
      const std::size_t size = std::min<std::size_t>(left.size(), 1 + random.index(6));
      testing::put_all(trail, left.first(size), random);
      left = left.subspan(size);
      ASSERT_TRUE(testing::live_is_batch(trail)) << left.size() << " statements left";
    }
    // A Trail that never lived through it says the same.
    const Trail restored = Trail::restore(trail.snapshot());
    for (const std::string by : {"channel", "announcement", "event", "partner", "month"})
      ASSERT_EQ(restored.cards({.by = by}), trail.cards({.by = by})) << by;
  }
}

// Facts of an organiser in random order, one by one; looked at now and then.
TEST(LiveIsBatchLaw, FactsOfAnOrganiserShuffled) {
  auto facts = synthetic::facts({.facts = 800, .seed = 3});
  Random random{11};
  random.shuffle(facts);
  Trail trail{RUB};
  std::size_t count = 0;
  for (const auto& fact : facts) {
    std::visit([&](const auto& one) { trail.put(one); }, fact);
    if (++count % 100 == 0) {
      ASSERT_TRUE(testing::live_is_batch(trail)) << count;
    }
  }
}

}  // namespace
}  // namespace dealtrail
