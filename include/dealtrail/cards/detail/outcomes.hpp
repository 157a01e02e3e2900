#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "dealtrail/facts/cell_datum.hpp"
#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/facts/outcome.hpp"
#include "dealtrail/facts/rates.hpp"

namespace dealtrail::detail {

/// What became of a deal, as one view sees it: first matching rule, else the source's word, else open.
class Outcomes {
 public:
  Outcomes(const FactStore& store, const std::vector<OutcomeRule>& rules, const Rates& rates, View view)
      : store_(store), rules_(rules), rates_(rates), view_(view) {}

  /// The date of a deal: closed_at, else its last move, else created_at.
  [[nodiscard]] Cell decided_at(RowId deal) const {
    namespace f = fields::deals;
    const Cell closed = store_.get(Kind::deals, deal, f::closed_at);
    if (closed != null_cell) return closed;
    Cell moved = null_cell;
    store_.for_each_child(Kind::moves, fields::moves::deal, deal, [&](RowId move) {
      moved = std::max(moved, store_.get(Kind::moves, move, fields::moves::at));
    });
    return moved != null_cell ? moved : store_.get(Kind::deals, deal, f::created_at);
  }

  /// open, won or lost.
  [[nodiscard]] std::string_view of(RowId deal) const {
    namespace f = fields::deals;
    if (!rules_.empty()) {
      const Cell at = decided_at(deal);
      const int money = decimals(rates_.of(store_.get(Kind::deals, deal, f::currency)));
      const auto value_of = [&](std::string_view name) {
        if (name == "id") return Datum::text(store_.id(Kind::deals, deal));
        const auto column = store_.find_column(Kind::deals, name);
        if (!column.has_value()) return Datum::null();
        return datum_of(store_, Kind::deals, *column, store_.get(Kind::deals, deal, *column), money);
      };
      for (const OutcomeRule& rule : rules_) {
        if (rule.view.has_value() && *rule.view != view_) continue;
        if (at == null_cell && (rule.from_us.has_value() || rule.until_us.has_value())) continue;
        if (rule.from_us.has_value() && at < *rule.from_us) continue;
        if (rule.until_us.has_value() && at >= *rule.until_us) continue;
        if (rule.when.holds(value_of)) return rule.outcome;
      }
    }
    const Cell own = store_.get(Kind::deals, deal, f::outcome);
    return own == null_cell ? std::string_view{"open"} : choice_text(fields_of(Kind::deals)[f::outcome].choices, own);
  }

  [[nodiscard]] bool won(RowId deal) const {
    namespace f = fields::deals;
    if (rules_.empty()) return store_.get(Kind::deals, deal, f::outcome) == choice(Kind::deals, f::outcome, "won");
    return of(deal) == "won";
  }

 private:
  const FactStore& store_;
  const std::vector<OutcomeRule>& rules_;
  const Rates& rates_;
  View view_;
};

}  // namespace dealtrail::detail
