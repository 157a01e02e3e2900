// Law 3: Σ rows + (unattributed) = total, exactly, and the total is what the facts say.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/facts/rates.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/facts.hpp"
#include "support/random_facts.hpp"

namespace dealtrail {
namespace {

// Everything counts, whatever its time.
CardsOptions all(std::string by) { return {.by = std::move(by), .as_of = testing::utc("2099-12-31")}; }

// Straight from the tables: approved invoices, and costs that are no plan.
Int128 cost_of_facts(const Trail& trail) {
  Int128 sum = 0;
  const Table invoices = trail.table(Kind::invoices);
  for (std::int64_t row = 0; row < invoices.rows(); ++row) {
    if (invoices.text_at(row, "status") == "approved") sum += invoices.minor_at(row, "amount").value_or(0);
  }
  const Table costs = trail.table(Kind::costs);
  for (std::int64_t row = 0; row < costs.rows(); ++row) {
    if (costs.boolean_at(row, "planned") == true) continue;
    const auto amount = costs.minor_at(row, "amount");
    const auto hours = costs.minor_at(row, "hours");  // × 10⁹
    const auto rate = costs.minor_at(row, "rate");
    if (amount.has_value()) {
      sum += *amount;
    } else if (hours.has_value() && rate.has_value()) {
      sum += detail::divide_half_even(static_cast<Int128>(*hours) * *rate, 1'000'000'000).value();
    }
  }
  return sum;
}

TEST(EveryKopeckOnceLaw, RowsAddUpToTheTotalAndTheTotalToTheFacts) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random{seed + 1'000};
    const std::int64_t largest = seed % 3 == 0 ? std::int64_t{1} << 55 : seed % 3 == 1 ? 100'000 : 7;
    Trail trail{RUB};
    testing::put_all(trail, testing::random_statements(seed, 200, {.foreign = false, .largest = largest}), random);
    const Table by_channel = trail.cards(all("channel"));
    ASSERT_EQ(testing::minor_of(by_channel, "(total)", "cost"), static_cast<std::int64_t>(cost_of_facts(trail)));
    for (const std::string by : {"channel", "announcement", "partner", "month", "pipeline"}) {
      const Table cards = trail.cards(all(by));
      for (const ColumnInfo& info : cards.columns()) {
        const CardColumn* column = find_card_column(info.name);
        if (column == nullptr || column->sort == ColumnRole::ratio) continue;
        const auto cell = [&](std::int64_t row) {
          return column->sort == ColumnRole::money ? cards.minor_at(row, info.name).value_or(0)
                                                   : cards.integer_at(row, info.name).value_or(0);
        };
        Int128 sum = 0;
        for (std::int64_t row = 0; row + 1 < cards.rows(); ++row) sum += cell(row);
        ASSERT_EQ(static_cast<std::int64_t>(sum), cell(cards.rows() - 1)) << by << ' ' << info.name;
      }
      ASSERT_EQ(testing::minor_of(cards, "(total)", "cost"), testing::minor_of(by_channel, "(total)", "cost")) << by;
    }
    ASSERT_EQ(testing::minor_of(trail.cards(all("event")), "(total)", "cost"),
              testing::minor_of(by_channel, "(total)", "cost"));
  }
}

}  // namespace
}  // namespace dealtrail
