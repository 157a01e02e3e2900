// Law 8: the parts of a trace add up to every cell; the changes of a diff add up to the change of every cell.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/facts.hpp"
#include "support/random_facts.hpp"

namespace dealtrail {
namespace {

Trail made_up(std::uint64_t seed, std::size_t count) {
  Random random{seed + 1'000};
  Trail trail{RUB};
  testing::put_all(trail, testing::random_statements(seed, count), random);
  return trail;
}

// One cell of a sum; a margin that is not known has no parts.
std::int64_t sum_cell(const Table& cards, std::int64_t row, const CardColumn& column) {
  const std::string name{column.name};
  return column.sort == ColumnRole::money ? cards.minor_at(row, name).value_or(0)
                                          : cards.integer_at(row, name).value_or(0);
}

TEST(EveryFigureExplainsItselfLaw, PartsAddUpToEveryCell) {
  const std::vector<CardsOptions> cuts{{.by = "channel"},
                                       {.by = "announcement", .clock = Clock::placement},
                                       {.by = "event"},
                                       {.by = "partner", .view = View::finance},
                                       {.by = "month", .clock = Clock::approval},
                                       {.by = "manager", .period = parse_period("2026-Q1")}};
  for (std::uint64_t seed = 0; seed < 15; ++seed) {
    const Trail trail = made_up(seed, 140);
    for (const CardsOptions& options : cuts) {
      const Table cards = trail.cards(options);
      for (std::int64_t row = 0; row < cards.rows(); ++row) {
        const std::string key{cards.text_at(row, "key").value()};
        for (const CardColumn& column : card_columns) {
          if (column.sort == ColumnRole::hidden) continue;
          SCOPED_TRACE(::testing::Message()
                       << "seed " << seed << ", " << options.by << ' ' << key << ' ' << column.name);
          const Table parts = trail.trace(key, column.name, options);
          if (column.sort != ColumnRole::ratio) {
            Int128 sum = 0;
            for (std::int64_t part = 0; part < parts.rows(); ++part) {
              sum += column.sort == ColumnRole::money ? parts.minor_at(part, "part").value()
                                                      : parts.integer_at(part, "part").value();
            }
            ASSERT_EQ(static_cast<std::int64_t>(sum), sum_cell(cards, row, column));
            continue;
          }
          double above = 0;
          double below = 0;
          for (std::int64_t part = 0; part < parts.rows(); ++part) {
            (parts.text_at(part, "role") == "numerator" ? above : below) +=
                static_cast<double>(parts.minor_at(part, "part").value()) / 100.0;
          }
          const auto cell = cards.real_at(row, std::string{column.name});
          if (cell.has_value()) {
            ASSERT_NEAR(*cell * below, above, 1e-6);
          }
        }
      }
    }
  }
}

TEST(EveryFigureExplainsItselfLaw, ChangesAddUpToTheChangeOfEveryCell) {
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    const Trail before = made_up(seed, 80);
    Trail after = before;
    Random random{seed};
    testing::put_all(after, testing::random_statements(seed + 500, 40), random);
    for (const std::string by : {"channel", "announcement", "event", "partner", "month"}) {
      const Table diff = after.diff(before, {.by = by});
      std::map<std::pair<std::string, std::string>, Int128> changes;
      for (std::int64_t row = 0; row < diff.rows(); ++row) {
        const std::string metric{diff.text_at(row, "metric").value()};
        const auto change = diff.minor_at(row, "change").value();
        ASSERT_EQ(change, diff.minor_at(row, "after").value() - diff.minor_at(row, "before").value());
        changes[{std::string{diff.text_at(row, "key").value()}, metric}] +=
            is_money(find_card_column(metric)->metric) ? change : change / 100;
      }
      const Table was = before.cards({.by = by});
      const Table is = after.cards({.by = by});
      for (const CardColumn& column : card_columns) {
        if (column.sort == ColumnRole::hidden || column.sort == ColumnRole::ratio) continue;
        std::map<std::string, std::int64_t> cells;  // a row that is gone counted in (unattributed) since
        for (std::int64_t row = 0; row < was.rows(); ++row)
          cells[std::string{was.text_at(row, "key").value()}] -= sum_cell(was, row, column);
        for (std::int64_t row = 0; row < is.rows(); ++row)
          cells[std::string{is.text_at(row, "key").value()}] += sum_cell(is, row, column);
        for (const auto& [key, change] : cells) {
          ASSERT_EQ(static_cast<std::int64_t>(changes[{key, std::string{column.name}}]), change)
              << by << ' ' << key << ' ' << column.name;
        }
      }
    }
  }
}

}  // namespace
}  // namespace dealtrail
