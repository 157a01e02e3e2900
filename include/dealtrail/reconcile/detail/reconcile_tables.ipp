#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "dealtrail/reconcile/detail/comparison.hpp"

namespace dealtrail::detail::reconciling {

DEALTRAIL_INLINE std::string Comparison::text_of_time(const Side& side, RowId row) const {
  if (side.at[row] == no_time) return {};
  if (side.is_day[row] != 0) return to_text(Period{PeriodKind::day, side.day[row]});
  return to_text(Datum::time(side.at[row]));
}

// An amount in another currency is shown as it is written.
DEALTRAIL_INLINE std::string Comparison::text_of_sum(const KeySum& sum, const Side& side, const ColumnPair& pair,
                                                     bool of_a) const {
  if (sum.known > 0) return to_text(amounts_.of(sum.sum));
  if (sum.foreign == 0) return {};
  return to_text(ColumnReader{*side.table, of_a ? pair.a : pair.b}.read(sum.first));
}

DEALTRAIL_INLINE std::pair<std::string, std::string> Comparison::place_of_cell(RowId cell) const {
  const std::string_view bytes = codes_.cells.text(cell);
  std::array<std::uint32_t, 2> pair{};
  for (std::size_t i = 0; i < 8; ++i)
    pair[i / 4] |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (i % 4 * 8);
  const auto period = static_cast<std::int32_t>(pair[1]);
  return {pair[0] == no_row ? std::string{} : std::string{codes_.bys.text(pair[0])},
          period == no_day ? std::string{} : to_text(Period{options_.every, period})};
}

DEALTRAIL_INLINE Table Comparison::sums_table() const {
  TableBuilder builder{"sums"};
  ColumnBuilder& by = builder.text("by");
  ColumnBuilder& period = builder.text("period");
  ColumnBuilder& a = amounts_.add(builder, "a");
  ColumnBuilder& b = amounts_.add(builder, "b");
  ColumnBuilder& apart = amounts_.add(builder, "difference");
  ColumnBuilder& explained = amounts_.add(builder, "explained");
  ColumnBuilder& unexplained = amounts_.add(builder, "unexplained");
  using Place = std::tuple<bool, std::string, bool, std::string, std::size_t>;  // no value stands last
  std::vector<Place> places;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const auto& [who, when] = places_[i];
    const bool nobody = who.empty();
    const bool never = when.empty();
    places.emplace_back(nobody, who, never, when, i);
  }
  std::sort(places.begin(), places.end());
  for (const auto& [nobody, who, never, when, cell] : places) {
    const CellSum& sum = cells_[cell];
    nobody ? by.append_null() : by.append_text(who);
    never ? period.append_null() : period.append_text(when);
    a.append_decimal(amounts_.of(sum.a));
    b.append_decimal(amounts_.of(sum.b));
    apart.append_decimal(amounts_.of(sum.a - sum.b));
    explained.append_decimal(amounts_.of(sum.explained));
    unexplained.append_decimal(amounts_.of(sum.unexplained));
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table Comparison::reasons_table() const {
  TableBuilder builder{"reasons"};
  ColumnBuilder& reason = builder.text("reason");
  ColumnBuilder& keys = builder.integer("keys");
  ColumnBuilder& lines = builder.integer("lines");
  ColumnBuilder& apart = amounts_.add(builder, "difference");
  for (std::size_t i = 1; i < counts_.size(); ++i) {
    if (counts_[i].keys == 0) continue;
    reason.append_text(to_string(static_cast<Reason>(i)));
    keys.append_integer(counts_[i].keys);
    lines.append_integer(counts_[i].lines);
    apart.append_decimal(amounts_.of(counts_[i].difference));
  }
  return builder.finish();
}

DEALTRAIL_INLINE std::string Comparison::summary() const {
  CellSum total;
  for (const CellSum& one : cells_) {
    total.a += one.a;
    total.b += one.b;
  }
  const auto money = [&](Int128 units) {
    return to_text(amounts_.of(units)) + (currency_.empty() ? "" : " " + std::string{currency_.code()});
  };
  const bool sums = !options_.amount.empty();
  std::string text;
  const auto side = [&](const Side& one, std::size_t i, Int128 sum) {
    text += one.name + ": " + std::to_string(one.rows) + " rows" + (sums ? ", " + money(sum) : "") + ", " +
            "keys alone: " + std::to_string(alone_[i]) + ", repeated: " + std::to_string(repeated_[i]) + "\n";
  };
  side(a_, 0, total.a);
  side(b_, 1, total.b);
  text += "both: " + std::to_string(both_) + " keys, " + std::to_string(differing_) + " differ\n";
  if (sums) text += "difference: " + money(total.a - total.b) + "\n";
  for (std::size_t i = 1; i < counts_.size(); ++i) {
    if (counts_[i].keys == 0) continue;
    text += "  " + std::string{to_string(static_cast<Reason>(i))} + ": " + std::to_string(counts_[i].keys) +
            (counts_[i].keys == 1 ? " key" : " keys") + (sums ? ", " + money(counts_[i].difference) : "") + "\n";
  }
  for (const Problem& one : problems_.all()) {
    if (one.severity == "info") continue;
    text += one.table + ": " + std::to_string(one.count) + " " + std::string{one.code} + " in " + one.column + "\n";
  }
  return text;
}

}  // namespace dealtrail::detail::reconciling
