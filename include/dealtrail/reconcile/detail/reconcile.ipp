#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/reconcile/detail/comparison.hpp"
#include "dealtrail/reconcile/reconcile.hpp"

namespace dealtrail::detail::reconciling {

DEALTRAIL_INLINE void Comparison::winners_of_prefer() {
  std::vector<std::pair<std::string, std::string>> columns;
  for (const ColumnPair* pair : {&options_.amount, &options_.at, &options_.status, &options_.by}) {
    if (!pair->empty()) columns.emplace_back(pair->a, pair->b);
  }
  for (const OtherColumn& one : others_) columns.emplace_back(one.name, one.name);
  for (const auto& [column, winner] : options_.prefer) {
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const auto& pair) { return pair.first == column || pair.second == column; });
    if (found == columns.end()) {
      std::vector<std::string_view> valid;
      for (const auto& pair : columns) valid.push_back(pair.first);
      throw Error(ErrorCode::unknown_name, "prefer names a column that is not compared: \"" + column + "\"", {},
                  valid_names(column, valid));
    }
    if (winner != options_.names[0] && winner != options_.names[1]) {
      throw Error(ErrorCode::unknown_name, "prefer names no table: \"" + winner + "\"", {},
                  valid_names(winner, {options_.names[0], options_.names[1]}));
    }
    winners_[found->first] = winner == options_.names[0];
  }
}

// Why the sums of each key differ. A commission is a share of the larger amount that three keys or more have, and a
// tenth of those without another reason: so all keys come before.
DEALTRAIL_INLINE void Comparison::find_reasons() {
  reasons_.assign(codes_.keys.size(), Reason::none);
  std::vector<std::pair<RowId, std::int32_t>> shares;
  std::map<std::int32_t, std::size_t> counts;
  for (RowId key = 0; key < codes_.keys.size(); ++key) {
    if (a_.first(key) == no_row || b_.first(key) == no_row) continue;
    const KeySum a = sum_of_key(a_, key);
    const KeySum b = sum_of_key(b_, key);
    if (!finder_.differ(a, b)) continue;
    reasons_[key] = finder_.of_sums(a_, b_, key, a, b);
    if (reasons_[key] != Reason::unexplained) continue;
    shares.emplace_back(key, ReasonFinder::share_of(a, b));
    ++counts[shares.back().second];
  }
  for (const auto& [key, share] : shares) {
    const std::size_t count = counts[share];
    if (share != 0 && count >= 3 && count * 10 >= shares.size()) reasons_[key] = Reason::commission;
  }
}

DEALTRAIL_INLINE void Comparison::add_line(RowId key, RowId cell, Int128 a, Int128 b, Reason reason) {
  const Int128 apart = a - b;
  cells_[cell].explained += apart;
  if (reason == Reason::unexplained) cells_[cell].unexplained += apart;
  ReasonCount& count = counts_[static_cast<std::size_t>(reason)];
  ++count.lines;
  count.difference += apart;
  mark(reason);
  append_key(line_key_, codes_, key);
  const auto& [by, period] = places_[cell];
  by.empty() ? line_by_.append_null() : line_by_.append_text(by);
  period.empty() ? line_period_.append_null() : line_period_.append_text(period);
  line_a_.append_decimal(amounts_.of(a));
  line_b_.append_decimal(amounts_.of(b));
  line_apart_.append_decimal(amounts_.of(apart));
  append_reason(line_reason_, reason);
}

// A line for each cell in which the sums of the key differ.
DEALTRAIL_INLINE void Comparison::add_lines(RowId key, const KeySum& a, const KeySum& b, Reason reason) {
  if (options_.amount.empty()) return;
  entries_.clear();
  for (RowId row = a.first; row != no_row; row = a_.next[row]) {
    if (a_.has_amount(row)) entries_.push_back({a_.cell[row], true, a_.amount[row]});
  }
  for (RowId row = b.first; row != no_row; row = b_.next[row]) {
    if (b_.has_amount(row)) entries_.push_back({b_.cell[row], false, b_.amount[row]});
  }
  std::sort(entries_.begin(), entries_.end(), [](const Entry& l, const Entry& r) { return l.cell < r.cell; });
  for (std::size_t i = 0; i < entries_.size();) {
    Int128 of_a = 0;
    Int128 of_b = 0;
    const RowId cell = entries_[i].cell;
    for (; i < entries_.size() && entries_[i].cell == cell; ++i) (entries_[i].of_a ? of_a : of_b) += entries_[i].amount;
    if (of_a != of_b) add_line(key, cell, of_a, of_b, reason);
  }
}

DEALTRAIL_INLINE void Comparison::add_difference(RowId key, const std::string& column, std::string_view a,
                                                 std::string_view b, std::optional<Int128> apart, Reason reason) {
  const auto text = [](ColumnBuilder& cell, std::string_view value) {
    value.empty() ? cell.append_null() : cell.append_text(value);
  };
  append_key(difference_key_, codes_, key);
  difference_column_.append_text(column);
  text(difference_a_, a);
  text(difference_b_, b);
  difference_apart_.append_decimal(apart ? std::optional{amounts_.of(*apart)} : std::nullopt);
  append_reason(difference_reason_, reason);
  mark(reason);
  const auto winner = winners_.find(column);
  if (winner == winners_.end()) return;
  append_key(correction_key_, codes_, key);
  correction_column_.append_text(column);
  correction_system_.append_text(options_.names[winner->second ? 1 : 0]);
  text(correction_from_, winner->second ? b : a);
  text(correction_to_, winner->second ? a : b);
}

DEALTRAIL_INLINE bool Comparison::same(const Datum& a, const Datum& b) const {
  const bool no_a = is_blank(a) || (a.kind() == DatumKind::text && trimmed(a.as_text()).empty());
  const bool no_b = is_blank(b) || (b.kind() == DatumKind::text && trimmed(b.as_text()).empty());
  if (no_a || no_b) return no_a == no_b;
  if (a.kind() == DatumKind::text && b.kind() == DatumKind::text && trimmed(a.as_text()) == trimmed(b.as_text()))
    return true;
  if (a == b) return true;
  const auto left = number_of(a);
  const auto right = left ? number_of(b) : std::nullopt;
  return left && right && finder_.same_number(*left, *right);
}

DEALTRAIL_INLINE void Comparison::compare_columns(RowId key, RowId a, RowId b) {
  if (const Reason reason = ReasonFinder::of_days(a_, a, b_, b); reason != Reason::none)
    add_difference(key, options_.at.a, text_of_time(a_, a), text_of_time(b_, b), std::nullopt, reason);
  const auto codes = [&](const ColumnPair& pair, const Interner& texts, const std::vector<RowId>& left,
                         const std::vector<RowId>& right, Reason otherwise) {
    if (pair.empty() || left[a] == right[b]) return;
    const auto text = [&](RowId code) { return code == no_row ? std::string_view{} : texts.text(code); };
    const bool missing = left[a] == no_row || right[b] == no_row;
    add_difference(key, pair.a, text(left[a]), text(right[b]), std::nullopt, missing ? Reason::missing : otherwise);
  };
  codes(options_.status, codes_.statuses, a_.status, b_.status, Reason::status_conflict);
  codes(options_.by, codes_.bys, a_.by, b_.by, Reason::value);
  for (const OtherColumn& one : others_) {
    const Datum left = one.a.read(a);
    const Datum right = one.b.read(b);
    if (same(left, right)) continue;
    std::string left_text;
    std::string right_text;
    plain_text(left, left_text);
    plain_text(right, right_text);
    const bool missing = left_text.empty() || right_text.empty();
    add_difference(key, one.name, left_text, right_text, std::nullopt, missing ? Reason::missing : Reason::value);
  }
}

DEALTRAIL_INLINE void Comparison::list_repeated(const Side& side, RowId key, RowTable& table,
                                                const std::string& column) {
  for (RowId row = side.first(key); row != no_row; row = side.next[row]) table.add(side, codes_, row);
  ++repeated_[&side == &a_ ? 0 : 1];
  problems_.note("repeated_key", "info", side.name, column, side.first(key), codes_.keys.text(key),
                 "keys that several rows have; their sums are compared",
                 "one deal may be many payments; else see duplicates_a and duplicates_b");
}

DEALTRAIL_INLINE void Comparison::one_side(RowId key, const Side& side, const KeySum& sum, Reason otherwise) {
  const bool of_a = &side == &a_;
  const Reason reason = finder_.of_one(side, key, sum, otherwise);
  ++alone_[of_a ? 0 : 1];
  mark(reason);
  for (RowId row = sum.first; row != no_row; row = side.next[row])
    (of_a ? only_a_ : only_b_).add(side, codes_, row, reason);
  of_a ? add_lines(key, sum, {}, reason) : add_lines(key, {}, sum, reason);
}

DEALTRAIL_INLINE void Comparison::compare_key(RowId key) {
  const KeySum a = sum_of_key(a_, key);
  const KeySum b = sum_of_key(b_, key);
  if (a.rows > 1) list_repeated(a_, key, duplicates_a_, options_.on[0].a);
  if (b.rows > 1) list_repeated(b_, key, duplicates_b_, options_.on[0].b);
  if (b.rows == 0) return one_side(key, a_, a, Reason::only_a);
  if (a.rows == 0) return one_side(key, b_, b, Reason::only_b);
  ++both_;
  const std::int64_t before = difference_key_.rows();
  const Reason reason = reasons_[key];
  if (reason != Reason::none) {
    const bool comparable = a.known > 0 && b.known > 0 && a.foreign + b.foreign == 0;
    add_difference(key, options_.amount.a, text_of_sum(a, a_, options_.amount, true),
                   text_of_sum(b, b_, options_.amount, false), comparable ? std::optional{a.sum - b.sum} : std::nullopt,
                   reason);
  }
  const bool single = a.rows == 1 && b.rows == 1;
  if (single) compare_columns(key, a.first, b.first);
  if (reason != Reason::none) {
    add_lines(key, a, b, reason);
  } else if (!single || a.sum != b.sum || a_.cell[a.first] != b_.cell[b.first]) {
    Reason line = Reason::one_to_many;
    if (single) line = ReasonFinder::of_days(a_, a.first, b_, b.first);
    if (single && line == Reason::none) line = Reason::value;
    if (a.sum != b.sum) line = Reason::within_tolerance;
    add_lines(key, a, b, line);
  }
  const std::int64_t columns = difference_key_.rows() - before;
  differing_ += columns > 0 ? 1 : 0;
  append_key(matched_key_, codes_, key);
  matched_rows_a_.append_integer(a.rows);
  matched_rows_b_.append_integer(b.rows);
  const auto sum = [&](const KeySum& one) {
    return one.known > 0 ? std::optional{amounts_.of(one.sum)} : std::nullopt;
  };
  matched_a_.append_decimal(sum(a));
  matched_b_.append_decimal(sum(b));
  matched_apart_.append_decimal(a.known > 0 && b.known > 0 ? std::optional{amounts_.of(a.sum - b.sum)} : std::nullopt);
  append_reason(matched_reason_, reason);
  matched_columns_.append_integer(columns);
}

// Rows without a key, each a line of its own.
DEALTRAIL_INLINE void Comparison::add_blank(const Side& side, bool of_a) {
  for (std::size_t i = 0; i < side.rows; ++i) {
    const auto row = static_cast<RowId>(i);
    if (side.key[row] != no_row) continue;
    (of_a ? only_a_ : only_b_).add(side, codes_, row, Reason::blank_key);
    mark(Reason::blank_key);
    if (side.has_amount(row) && side.amount[row] != 0) {
      const Int128 amount = side.amount[row];
      add_line(no_row, side.cell[row], of_a ? amount : 0, of_a ? 0 : amount, Reason::blank_key);
    }
    count_seen();
  }
}

// The sums come from the rows, not from the lines: so `explained` proves the lines.
DEALTRAIL_INLINE void Comparison::sum_cells() {
  cells_.resize(codes_.cells.size());
  for (RowId cell = 0; cell < cells_.size(); ++cell) places_.push_back(place_of_cell(cell));
  for (std::size_t row = 0; row < a_.rows; ++row) {
    if (a_.has_amount(static_cast<RowId>(row))) cells_[a_.cell[row]].a += a_.amount[row];
  }
  for (std::size_t row = 0; row < b_.rows; ++row) {
    if (b_.has_amount(static_cast<RowId>(row))) cells_[b_.cell[row]].b += b_.amount[row];
  }
}

DEALTRAIL_INLINE Reconciliation Comparison::run() {
  sum_cells();
  find_reasons();
  for (RowId key = 0; key < codes_.keys.size(); ++key) {
    compare_key(key);
    count_seen();
  }
  add_blank(a_, true);
  add_blank(b_, false);
  Reconciliation result;
  result.summary = summary();
  result.sums = options_.amount.empty() ? Table{} : sums_table();
  result.reasons = reasons_table();
  result.problems = problems_table(problems_);
  result.matched = matched_.finish();
  result.only_a = only_a_.finish();
  result.only_b = only_b_.finish();
  result.duplicates_a = duplicates_a_.finish();
  result.duplicates_b = duplicates_b_.finish();
  result.differences = differences_.finish();
  result.corrections = corrections_.finish();
  result.lines = lines_.finish();
  return result;
}

inline void check(const ReconcileOptions& options) {
  if (options.on.empty()) {
    throw Error(ErrorCode::invalid_argument, "no column to match by", {}, "give on=, such as a contract number");
  }
  if (options.names[0] == options.names[1] || options.names[0].empty() || options.names[1].empty()) {
    throw Error(ErrorCode::invalid_argument,
                "the two tables need two names, found \"" + options.names[0] + "\" and \"" + options.names[1] + "\"");
  }
  const auto pairs = {options.amount, options.at, options.status, options.by, options.currency_column};
  const auto half = [](const ColumnPair& pair) { return pair.a.empty() != pair.b.empty(); };
  if (std::any_of(pairs.begin(), pairs.end(), half) ||
      std::any_of(options.on.begin(), options.on.end(),
                  [](const ColumnPair& pair) { return pair.a.empty() || pair.b.empty(); })) {
    throw Error(ErrorCode::invalid_argument, "a column is named for one table and not for the other");
  }
}

// Columns of one name that have no role.
[[nodiscard]] inline std::vector<OtherColumn> other_columns(const TableInput& a, const TableInput& b,
                                                            const ReconcileOptions& options) {
  std::vector<ColumnPair> roles = options.on;
  roles.insert(roles.end(), {options.amount, options.at, options.status, options.by, options.currency_column});
  std::vector<OtherColumn> result;
  for (const ColumnInfo& column : a.schema().columns()) {
    const std::string& name = column.name;
    const bool has_role = std::any_of(roles.begin(), roles.end(),
                                      [&](const ColumnPair& pair) { return pair.a == name || pair.b == name; });
    if (has_role || is_index_of_frame(name) || column.type == ColumnType::unsupported) continue;
    const auto place = b.schema().find(name);
    if (!place || b.schema()[*place].type == ColumnType::unsupported) continue;
    result.push_back({name, ColumnReader{a, name}, ColumnReader{b, name}});
  }
  return result;
}

}  // namespace dealtrail::detail::reconciling

namespace dealtrail::reconcile {

DEALTRAIL_INLINE std::vector<VatRate> vat_rates_of_russia() {
  using dealtrail::detail::days_from_civil;
  constexpr std::int64_t always = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t on = std::numeric_limits<std::int64_t>::max();
  const std::int64_t in_2019 = days_from_civil(2019, 1, 1);
  const std::int64_t in_2025 = days_from_civil(2025, 1, 1);
  const std::int64_t in_2026 = days_from_civil(2026, 1, 1);
  return {{2200, in_2026, on}, {2000, in_2019, in_2026}, {1800, always, in_2019},
          {1000, always, on},  {700, in_2025, on},       {500, in_2025, on}};
}

DEALTRAIL_INLINE Reconciliation reconcile(const TableInput& a, const TableInput& b, const ReconcileOptions& options) {
  using namespace dealtrail::detail::reconciling;
  check(options);
  ProblemList problems;
  Codes codes;
  SideReader left{a, true, options, problems};
  SideReader right{b, false, options, problems};
  const auto both = [&](auto&& step) {
    step(left);
    step(right);
  };
  Currency currency = options.currency;
  if (currency.empty()) currency = left.find_currency();
  if (currency.empty()) currency = right.find_currency();
  both([&](SideReader& one) { one.read_keys(codes.keys); });
  both([&](SideReader& one) { one.link(codes.keys.size()); });
  both([&](SideReader& one) { one.read_amounts(currency); });
  both([&](SideReader& one) { one.read_times(); });
  both([&](SideReader& one) { one.read_codes(options.by, codes.bys, one.side().by); });
  both(
      [&](SideReader& one) { one.read_codes(options.status, codes.statuses, one.side().status, options.same_status); });
  both([&](SideReader& one) { one.make_cells(codes.cells); });
  const std::vector<OtherColumn> others = other_columns(a, b, options);
  return Comparison{options, codes, left.side(), right.side(), others, currency, problems}.run();
}

}  // namespace dealtrail::reconcile
