// SP.6: what counts as an aggregate, and that the laws are not vacuous.
#include "dealtrail/aggregate/aggregate.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <gtest/gtest.h>

#include "dealtrail/core/detail/state_bytes.hpp"

#include "support/aggregate_laws.hpp"

namespace dealtrail {
namespace {

// The greatest number seen: it merges, but what was merged cannot be taken back.
struct GreatestState {
  std::optional<std::int64_t> greatest;
  void update(std::span<const std::int64_t> numbers) {
    for (const std::int64_t number : numbers) greatest = std::max(greatest.value_or(number), number);
  }
  void merge(const GreatestState& other) {
    if (other.greatest) update(std::span(&*other.greatest, 1));
  }
  [[nodiscard]] std::optional<std::int64_t> finish() const { return greatest; }
  [[nodiscard]] std::string to_bytes() const {
    std::string fields;
    detail::append_little_endian(fields, static_cast<std::uint8_t>(greatest.has_value()));
    detail::append_little_endian(fields, greatest.value_or(0));
    return detail::seal_state("GRT1", fields);
  }
  [[nodiscard]] static GreatestState from_bytes(std::string_view bytes) {
    auto reader = detail::open_state("GRT1", bytes, "greatest state");
    const bool any = reader.read<std::uint8_t>() != 0;
    const auto number = reader.read<std::int64_t>();
    reader.expect_end();
    return any ? GreatestState{number} : GreatestState{};
  }
  friend bool operator==(const GreatestState&, const GreatestState&) = default;
};

static_assert(Aggregate<GreatestState>);
static_assert(!LiveAggregate<GreatestState>);
static_assert(!Aggregate<int>);
static_assert(!Aggregate<std::string>);

TEST(AggregateTest, MergedLeavesItsArgumentsAlone) {
  const GreatestState one{3}, other{5};
  EXPECT_EQ(merged(one, other).finish(), 5);
  EXPECT_EQ(one.finish(), 3);
}

TEST(AggregateTest, AStateOfAnotherKindIsRefused) {
  const std::string other = detail::seal_state("GRT2", std::string(9, '\0'));
  const auto error = testing::refusal_of([&] { return GreatestState::from_bytes(other); });
  EXPECT_EQ(error.code(), ErrorCode::corrupt_data);
  EXPECT_STREQ(error.what(), "serialized greatest state is of another kind or version");
}

}  // namespace
}  // namespace dealtrail

DEALTRAIL_AGGREGATE_LAWS(GreatestState, random.uniform_int(-1000, 1000));
