// engine
#pragma once

#include <string>
#include <vector>

#include "dealtrail/cards/card.hpp"
#include "dealtrail/cards/detail/posting.hpp"
#include "dealtrail/cards/postings.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/facts/event_time.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/table/table.hpp"

// Which postings a table takes by its options, and how the table says so.

namespace dealtrail::detail {

/// Which postings a table of cards takes.
struct PostingFilter {
  Cell as_of = null_cell;  // null: facts count whatever their date
  Cell now = null_cell;    // as_of, else the latest activity
  Cell from = null_cell;   // of the period
  Cell before = null_cell;

  PostingFilter(const CardsOptions& options, const Zone& zone, Cell latest) : now(latest) {
    if (options.as_of.has_value()) now = as_of = to_us(*options.as_of);
    if (options.period.has_value()) {
      from = to_us(begin(*options.period, zone));
      before = to_us(end(*options.period, zone));
    }
  }
  [[nodiscard]] bool takes(const Posting& posting) const noexcept {
    const Cell until = posting.waits ? now : as_of;
    if (posting.active_from != null_cell && until != null_cell && posting.active_from > until) return false;
    return from == null_cell || (posting.at != null_cell && posting.at >= from && posting.at < before);
  }
};

/// Calls `visit(posting)` for each posting that `options` take, in no promised order.
template <class Visit>
void for_each_posting(const FactsView& facts, Cell latest, const CardsOptions& options, Visit&& visit) {
  const Postings postings(facts, options.view, options.clock);
  const PostingFilter filter(options, facts.zone, latest);
  std::vector<Posting> found;
  postings.for_each_unit([&](const Unit& unit) {
    found.clear();
    postings.of(unit, found);
    for (const Posting& posting : found) {
      if (filter.takes(posting)) visit(posting);
    }
  });
}

inline void add_meta(TableBuilder& builder, const CardsOptions& options, const FactsView& facts, Cell latest,
                     bool live) {
  builder.meta("by", options.by);
  builder.meta("view", std::string{to_string(options.view)});
  builder.meta("clock", std::string{to_string(options.clock)});
  add_times(builder, options.as_of, latest);
  builder.meta("period", options.period.has_value() ? to_text(*options.period) : "");
  builder.meta("currency", std::string{facts.currency.code()});
  builder.meta("zone", facts.zone.name());
  builder.meta("vat", std::string{to_string(facts.vat)});
  builder.meta("lookback_days", std::to_string(facts.lookback_us / us_per_day));
  builder.meta("source_precedence",
               "own announcement, own channel, touch (announcement, channel, promo code, number, form, utm, referrer), "
               "registration, lead, sale of a claim");
  builder.meta("revenue", "amount_won");
  builder.meta("cost_scope", options.by == "event" ? "the whole day: promotion and the event's own costs"
                                                   : "what reaches the key: promotion");
  builder.meta("computed", live ? "live" : "scan");
}

}  // namespace dealtrail::detail
