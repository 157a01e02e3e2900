#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/parse.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/refusal.hpp"

namespace dealtrail::testing {

/// A moment as people write it: "2026-03-14" or "2026-03-14T10:00", UTC.
[[nodiscard]] inline Timestamp utc(std::string_view text) {
  const auto reading = TimeFormat{}.read(text);
  if (!reading.has_value()) ADD_FAILURE() << "not a time: " << text;
  return reading.has_value() ? from_us(reading->us) : Timestamp{};
}

/// Whole roubles.
[[nodiscard]] constexpr Money rub(std::int64_t roubles) { return Money{roubles * 100, RUB}; }

/// Rows of one column of a table as text, nulls as "-": for comparing whole columns at a glance.
[[nodiscard]] inline std::vector<std::string> column(const Table& table, std::string_view name) {
  std::vector<std::string> cells;
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    const auto text = table.text_at(row, name);
    cells.emplace_back(text.value_or("-"));
  }
  return cells;
}

/// The minor units of the money in the row of that key.
[[nodiscard]] inline std::optional<std::int64_t> minor_of(const Table& cards, std::string_view key,
                                                          std::string_view of) {
  const auto row = cards.find_row("key", key);
  if (!row.has_value()) ADD_FAILURE() << "no row " << key;
  return row.has_value() ? cards.minor_at(*row, of) : std::nullopt;
}

/// The count in the row of that key.
[[nodiscard]] inline std::int64_t count_of(const Table& cards, std::string_view key, std::string_view of) {
  const auto row = cards.find_row("key", key);
  if (!row.has_value()) ADD_FAILURE() << "no row " << key;
  return row.has_value() ? cards.integer_at(*row, of).value_or(-1) : -1;
}

/// The ratio in the row of that key.
[[nodiscard]] inline std::optional<double> real_of(const Table& cards, std::string_view key, std::string_view of) {
  const auto row = cards.find_row("key", key);
  if (!row.has_value()) ADD_FAILURE() << "no row " << key;
  return row.has_value() ? cards.real_at(*row, of) : std::nullopt;
}

/// What a channel (or another key) cost, in minor units, by its live card.
[[nodiscard]] inline std::int64_t cost_of(const Trail& trail, std::string_view key, std::string_view by = "channel") {
  return trail.card(key, by).cost.value_or(Money{}).minor;
}

/// One finding: how many, and the ids shown.
struct Found {
  std::int64_t count = 0;
  std::string ids{};
  std::string kind{};
  std::string column{};
  std::string severity{};
};

/// The finding of that code (of that kind and column, where given); count 0 when there is none.
[[nodiscard]] inline Found finding(const Trail& trail, std::string_view code, std::string_view kind = {},
                                   std::string_view of = {}) {
  const Table found = trail.findings();
  for (std::int64_t row = 0; row < found.rows(); ++row) {
    if (found.text_at(row, "code") != code) continue;
    if (!kind.empty() && found.text_at(row, "kind") != kind) continue;
    if (!of.empty() && found.text_at(row, "column") != of) continue;
    return {found.integer_at(row, "count").value_or(-1), std::string{found.text_at(row, "first_ids").value_or("")},
            std::string{found.text_at(row, "kind").value_or("")},
            std::string{found.text_at(row, "column").value_or("")},
            std::string{found.text_at(row, "severity").value_or("")}};
  }
  return {};
}

/// The codes of all findings, in the order of the table.
[[nodiscard]] inline std::vector<std::string> codes(const Trail& trail) { return column(trail.findings(), "code"); }

/// Whether the live cards are what they would be if computed from all facts anew (law 2), and the same as a scan's.
[[nodiscard]] inline ::testing::AssertionResult live_is_batch(const Trail& trail) {
  Trail anew = trail;
  anew.rebuild();
  for (const std::string by : {"channel", "announcement", "event", "partner", "month"}) {
    if (!(trail.cards({.by = by}) == anew.cards({.by = by}))) {
      return ::testing::AssertionFailure() << "live cards by " << by << " differ from those computed anew";
    }
  }
  return ::testing::AssertionSuccess();
}

}  // namespace dealtrail::testing
