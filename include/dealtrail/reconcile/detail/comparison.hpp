#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/names.hpp"
#include "dealtrail/reconcile/detail/find_reason.hpp"
#include "dealtrail/reconcile/detail/result_tables.hpp"

// The pass over the keys. For each key: the sums, the reason, the lines of the cells, the differences of the columns.
namespace dealtrail::detail::reconciling {

/// A column that both tables have and that has no role.
struct OtherColumn {
  std::string name{};
  ColumnReader a;
  ColumnReader b;
};

/// A number of a cell that may be compared as one: text like "007" may not.
[[nodiscard]] inline std::optional<Decimal> number_of(const Datum& cell) {
  if (cell.kind() == DatumKind::text) {
    const std::string_view text = trimmed(cell.as_text());
    if (text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9') return std::nullopt;
  }
  const auto read = read_amount(cell);
  if (!read || read->text.names_currency()) return std::nullopt;
  return read->number;
}

class Comparison {
 public:
  Comparison(const ReconcileOptions& options, const Codes& codes, const Side& a, const Side& b,
             const std::vector<OtherColumn>& others, Currency currency, ProblemList& problems)
      : options_(options),
        codes_(codes),
        a_(a),
        b_(b),
        others_(others),
        currency_(currency),
        amounts_{decimals(currency), currency},
        problems_(problems),
        finder_(options, codes, decimals(currency)) {
    winners_of_prefer();
  }

  [[nodiscard]] Reconciliation run();

 private:
  struct CellSum {
    Int128 a = 0;
    Int128 b = 0;
    Int128 explained = 0;
    Int128 unexplained = 0;
  };
  struct Entry {
    RowId cell;
    bool of_a;
    std::int64_t amount;
  };
  struct ReasonCount {
    std::int64_t keys = 0;
    std::int64_t lines = 0;
    Int128 difference = 0;
  };

  void winners_of_prefer();
  void find_reasons();
  void compare_key(RowId key);
  void one_side(RowId key, const Side& side, const KeySum& sum, Reason otherwise);
  void compare_columns(RowId key, RowId a, RowId b);
  void add_difference(RowId key, const std::string& column, std::string_view a, std::string_view b,
                      std::optional<Int128> apart, Reason reason);
  void add_lines(RowId key, const KeySum& a, const KeySum& b, Reason reason);
  void add_line(RowId key, RowId cell, Int128 a, Int128 b, Reason reason);
  void add_blank(const Side& side, bool of_a);
  void list_repeated(const Side& side, RowId key, RowTable& table, const std::string& column);
  void sum_cells();
  [[nodiscard]] bool same(const Datum& a, const Datum& b) const;
  [[nodiscard]] std::string text_of_time(const Side& side, RowId row) const;
  [[nodiscard]] std::string text_of_sum(const KeySum& sum, const Side& side, const ColumnPair& pair, bool of_a) const;
  [[nodiscard]] std::pair<std::string, std::string> place_of_cell(RowId cell) const;
  [[nodiscard]] Table sums_table() const;
  [[nodiscard]] Table reasons_table() const;
  [[nodiscard]] std::string summary() const;

  void mark(Reason reason) noexcept { seen_ |= std::uint32_t{1} << static_cast<unsigned>(reason); }
  void count_seen() noexcept {
    for (std::size_t i = 1; i < counts_.size(); ++i) counts_[i].keys += (seen_ >> i) & 1U;
    seen_ = 0;
  }

  const ReconcileOptions& options_;
  const Codes& codes_;
  const Side& a_;
  const Side& b_;
  const std::vector<OtherColumn>& others_;
  Currency currency_;
  AmountColumns amounts_;
  ProblemList& problems_;
  ReasonFinder finder_;
  std::map<std::string, bool> winners_{};  // by column of the first table: whether that table is right
  std::vector<Reason> reasons_{};          // by key of both tables: why the sums differ
  std::vector<CellSum> cells_{};
  std::vector<std::pair<std::string, std::string>> places_{};  // by cell: who, and which period; empty: no value
  std::vector<Entry> entries_{};
  std::array<ReasonCount, reason_names.size()> counts_{};
  std::uint32_t seen_ = 0;
  std::int64_t both_ = 0;
  std::int64_t differing_ = 0;
  std::array<std::int64_t, 2> alone_{};
  std::array<std::int64_t, 2> repeated_{};

  TableBuilder matched_{"matched"};
  ColumnBuilder& matched_key_ = matched_.text("key");
  ColumnBuilder& matched_rows_a_ = matched_.integer("rows_a");
  ColumnBuilder& matched_rows_b_ = matched_.integer("rows_b");
  ColumnBuilder& matched_a_ = amounts_.add(matched_, "a");
  ColumnBuilder& matched_b_ = amounts_.add(matched_, "b");
  ColumnBuilder& matched_apart_ = amounts_.add(matched_, "difference");
  ColumnBuilder& matched_reason_ = matched_.text("reason");
  ColumnBuilder& matched_columns_ = matched_.integer("differences");
  RowTable only_a_{"only_a", amounts_, true};
  RowTable only_b_{"only_b", amounts_, true};
  RowTable duplicates_a_{"duplicates_a", amounts_, false};
  RowTable duplicates_b_{"duplicates_b", amounts_, false};
  TableBuilder differences_{"differences"};
  ColumnBuilder& difference_key_ = differences_.text("key");
  ColumnBuilder& difference_column_ = differences_.text("column");
  ColumnBuilder& difference_a_ = differences_.text("a");
  ColumnBuilder& difference_b_ = differences_.text("b");
  ColumnBuilder& difference_apart_ = amounts_.add(differences_, "difference");
  ColumnBuilder& difference_reason_ = differences_.text("reason");
  TableBuilder corrections_{"corrections"};
  ColumnBuilder& correction_key_ = corrections_.text("key");
  ColumnBuilder& correction_column_ = corrections_.text("column");
  ColumnBuilder& correction_system_ = corrections_.text("system");
  ColumnBuilder& correction_from_ = corrections_.text("from");
  ColumnBuilder& correction_to_ = corrections_.text("to");
  TableBuilder lines_{"lines"};
  ColumnBuilder& line_key_ = lines_.text("key");
  ColumnBuilder& line_by_ = lines_.text("by");
  ColumnBuilder& line_period_ = lines_.text("period");
  ColumnBuilder& line_a_ = amounts_.add(lines_, "a");
  ColumnBuilder& line_b_ = amounts_.add(lines_, "b");
  ColumnBuilder& line_apart_ = amounts_.add(lines_, "difference");
  ColumnBuilder& line_reason_ = lines_.text("reason");
};

}  // namespace dealtrail::detail::reconciling
