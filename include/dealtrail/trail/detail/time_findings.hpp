#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/cards/postings.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/facts/event_time.hpp"
#include "dealtrail/facts/finding_list.hpp"
#include "dealtrail/table/datum_text.hpp"

// What is dated after now: it counts, whatever its date, and is told.

namespace dealtrail::detail {

class TimeFindings {
 public:
  TimeFindings(const FactsView& facts, Cell now, FindingList& found)
      : facts_(facts),
        store_(facts.store),
        postings_(facts, View::marketing, Clock::activity),
        now_(now),
        found_(found) {}

  void run() {
    if (now_ == null_cell) return;
    for (const auto& [kind, field] : other_dates) far_ahead(kind, field);
    days_to_come();
  }

 private:
  static constexpr std::int64_t month_us = 31 * us_per_day;

  void far_ahead(Kind kind, std::size_t field) {
    std::vector<RowId> ahead;
    MoneySum sum;
    store_.for_each_row(kind, [&](RowId slot) {
      const Cell at = store_.get(kind, slot, field);
      if (at == null_cell || at < now_ || Int128{at} - now_ <= month_us || !counts(kind, slot, sum)) return;
      ahead.push_back(slot);
    });
    const bool money = kind == Kind::costs || kind == Kind::invoices;
    const std::string message = std::string{"dated more than a month after the last activity, "} +
                                to_text(Datum::time(now_)) + "; they count all the same" +
                                (money ? ", in all " + to_text(sum.total(facts_.currency)) : std::string{});
    for (const RowId slot : ahead) {
      found_.note("far_ahead", "warning", kind, fields_of(kind)[field].name, store_.id(kind, slot), message,
                  "mend the date in the source, mark what is only planned, or ask for figures with as_of");
    }
  }

  // Whether a fact is in a figure, and what it costs: a plan, a draft, what is cancelled and days to come are in none.
  bool counts(Kind kind, RowId slot, MoneySum& sum) {
    const auto unit = postings_.unit_of(kind, slot);
    if (!unit.has_value()) return true;
    scratch_.clear();
    postings_.of(*unit, scratch_);
    bool found = false;
    for (const Posting& posting : scratch_) {
      if (posting.waits) continue;
      found = true;
      if (posting.metric == Metric::cost && posting.scope == Scope::everywhere) sum.add(posting.value);
    }
    return found;
  }

  void days_to_come() {
    namespace f = fields::costs;
    store_.for_each_row(Kind::costs, [&](RowId slot) {
      scratch_.clear();
      postings_.of({UnitKind::cost, slot}, scratch_);
      for (const Posting& posting : scratch_) {
        if (!posting.waits || posting.active_from <= now_) continue;
        found_.note("days_to_come", "info", Kind::costs, "until", store_.id(Kind::costs, slot),
                    "costs spread over days after the last activity; those days do not count yet",
                    "nothing to do: they count when something happens on them or later, or with a later as_of");
        return;
      }
    });
  }

  const FactsView facts_;
  const FactStore& store_;
  Postings postings_;
  Cell now_;
  FindingList& found_;
  std::vector<Posting> scratch_;
};

}  // namespace dealtrail::detail
