#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/table/stream.hpp"
#include "dealtrail/table/table.hpp"

// Two tables compared in the slow and obvious way: maps of texts, one row at a time.
namespace dealtrail::testing {

struct Sale {
  std::string key{};
  std::optional<std::int64_t> minor{};
  std::int64_t day = 0;
  std::string by{};
};

inline TableInput table_of(const std::vector<Sale>& sales) {
  TableBuilder builder{"sales"};
  ColumnBuilder& key = builder.text("contract");
  ColumnBuilder& amount = builder.money("amount", Currency{});
  ColumnBuilder& at = builder.time("at");
  ColumnBuilder& by = builder.text("by");
  for (const Sale& sale : sales) {
    key.append_text(sale.key);
    amount.append_minor(sale.minor);
    at.append_time(from_us(sale.day * us_per_day));
    by.append_text(sale.by);
  }
  return read_all(builder.finish().to_stream(), "sales");
}

struct SlowSide {
  std::map<std::string, std::int64_t> rows{};                                                    // by key
  std::map<std::string, std::int64_t> sums{};                                                    // by key
  std::map<std::pair<std::string, std::string>, std::int64_t> cells{};                           // by (by, month)
  std::map<std::pair<std::string, std::string>, std::map<std::string, std::int64_t>> of_keys{};  // of each cell
};

inline SlowSide slow_side(const std::vector<Sale>& sales) {
  SlowSide side;
  for (const Sale& sale : sales) {
    if (!sale.key.empty()) {
      ++side.rows[sale.key];
      side.sums[sale.key] += sale.minor.value_or(0);
    }
    const auto cell = std::pair{sale.by, to_text(period_of(from_us(sale.day * us_per_day), PeriodKind::month))};
    side.cells[cell] += sale.minor.value_or(0);
    side.of_keys[cell][sale.key] += sale.minor.value_or(0);
  }
  return side;
}

}  // namespace dealtrail::testing
