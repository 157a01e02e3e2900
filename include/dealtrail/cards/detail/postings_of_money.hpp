#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "dealtrail/cards/postings.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/split.hpp"

// The postings that carry money: invoices with their lines, other costs, deals.

namespace dealtrail::detail {

inline void Postings::line(RowId invoice, RowId slot, std::int64_t value, std::vector<Posting>& out) const {
  namespace f = fields::invoice_lines;
  const Fact fact{Kind::invoices, invoice};
  const auto invoice_cell = [&](std::size_t field) { return store_.get(Kind::invoices, invoice, field); };
  const Cell issued = invoice_cell(fields::invoices::issued_at);
  const RowId invoice_partner = store_.live_link(Kind::invoices, invoice, fields::invoices::partner);
  const auto time_of = [&](Cell activity, const Place& place) {
    const Cell approved = invoice_cell(fields::invoices::approved_at);
    return clock_ == Clock::approval && approved != null_cell ? approved : clocked(activity, place);
  };
  const auto on_announcement = [&](RowId announcement, std::int64_t part) {
    const Place place = place_of(sources_.of_announcement(announcement));
    const Cell published = store_.get(Kind::announcements, announcement, fields::announcements::published_at);
    const Cell activity = published == null_cell ? issued : published;
    post_cost(out, fact, part, time_of(activity, place), activity, place, events_of(store_, announcement));
  };
  const auto unplaced = [&](RowId channel, RowId event) {
    const Place place{channel, no_row, invoice_partner};
    post_cost(out, fact, value, time_of(issued, place), issued, place, EventShares{event});
  };
  if (slot == no_row) return unplaced(no_row, no_row);
  const auto link = [&](std::size_t field) { return store_.link(Kind::invoice_lines, slot, field); };
  if (store_.present(Kind::announcements, link(f::announcement))) return on_announcement(link(f::announcement), value);
  if (link(f::announcement) != no_row) return unplaced(no_row, no_row);
  const RowId channel = link(f::channel);
  if (channel != no_row) {
    bool keys_zero = false;
    const auto shares = InvoiceSplit(store_, rates_, facts_.vat).shares(slot, value, keys_zero);
    for (const LineShare& share : shares) on_announcement(share.announcement, share.value);
    if (!shares.empty()) return;
  }
  unplaced(store_.present(Kind::channels, channel) ? channel : no_row, link(f::event));
}

inline void Postings::invoice(RowId slot, std::vector<Posting>& out) const {
  if (!store_.present(Kind::invoices, slot)) return;
  const InvoiceParts parts = InvoiceSplit(store_, rates_, facts_.vat).parts(slot);
  if (!parts.counts) return;
  const std::size_t before = out.size();
  for (std::size_t i = 0; i < parts.lines.size(); ++i) line(slot, parts.lines[i], parts.parts[i], out);
  line(slot, no_row, parts.parts.back(), out);
  if (!parts.convertible) mark_left_out(out, before, Metric::cost_left_out);
}

inline void Postings::cost(RowId slot, std::vector<Posting>& out) const {
  namespace f = fields::costs;
  const Fact fact{Kind::costs, slot};
  if (!store_.present(fact.kind, slot)) return;
  const auto cell = [&](std::size_t field) { return store_.get(Kind::costs, slot, field); };
  if (cell(f::planned) == 1) return;
  const Cell at = cell(f::at);
  std::optional<std::int64_t> amount;
  if (cell(f::amount) != null_cell) {
    amount = cell(f::amount);
    if (facts_.vat == VatBasis::net && cell(f::vat) != null_cell) amount = checked_add(*amount, -cell(f::vat));
  } else if (cell(f::hours) != null_cell && cell(f::rate) != null_cell) {
    amount = divide_half_even(static_cast<Int128>(cell(f::hours)) * cell(f::rate), decimal_unit);
  }
  if (!amount.has_value()) return;
  const auto counted = rates_.convert(*amount, rates_.of(cell(f::currency)), at);
  amount = counted.value_or(*amount);
  const std::size_t before = out.size();

  const auto link = [&](std::size_t field) { return store_.link(Kind::costs, slot, field); };
  const Source source = sources_.of_announcement(link(f::announcement));
  Place place = place_of(source, link(f::partner));
  if (link(f::channel) != no_row)
    place.channel = store_.present(Kind::channels, link(f::channel)) ? link(f::channel) : no_row;
  const EventShares events =
      link(f::event) != no_row ? EventShares(link(f::event)) : events_of(store_, source.announcement);

  const std::int64_t days = spread_days(at, cell(f::until), facts_.zone);
  if (days <= 1 || days > longest_spread_days) {
    post_cost(out, fact, *amount, clocked(at, place), at, place, events);
    if (!counted.has_value()) mark_left_out(out, before, Metric::cost_left_out);
    return;
  }
  const std::vector<std::uint64_t> weights(static_cast<std::size_t>(days), 1);
  const auto parts = split(*amount, weights);
  Period day = period_of(from_us(at), PeriodKind::day, facts_.zone);
  for (std::size_t i = 0; i < parts.size(); ++i, day = next(day)) {
    const Cell moment = i == 0 ? at : to_us(begin(day, facts_.zone));
    post_cost(out, fact, parts[i], clocked(moment, place), moment, place, events);
  }
  for (std::size_t i = before; i < out.size(); ++i) out[i].waits = true;  // days to come are not spent yet
  if (!counted.has_value()) mark_left_out(out, before, Metric::cost_left_out);
}

inline EventShares Postings::events_of_deal(RowId deal, const Source& source) const {
  const RowId registration = store_.live_link(Kind::deals, deal, fields::deals::registration);
  const RowId event =
      registration == no_row ? no_row : store_.link(Kind::registrations, registration, fields::registrations::event);
  return event != no_row ? EventShares(event) : events_of(store_, source.announcement);
}

inline void Postings::deal(RowId slot, bool first_won, std::vector<Posting>& out) const {
  namespace f = fields::deals;
  const Fact fact{Kind::deals, slot};
  const auto cell = [&](std::size_t field) { return store_.get(Kind::deals, slot, field); };
  const Source source = sources_.of_deal(slot);
  const Place place = place_of(source, store_.link(fact.kind, slot, f::partner));
  const EventShares events = events_of_deal(slot, source);
  const Cell created = cell(f::created_at);
  spread(out, fact, Metric::deals, 1, clocked(created, place), created, place, events);
  const bool won = outcomes_.won(slot);
  if (!won && outcomes_.of(slot) != "lost") return;
  const Cell won_at = outcomes_.decided_at(slot);
  const Cell at = clocked(won_at, place);
  if (!won) return spread(out, fact, Metric::lost, 1, at, won_at, place, events);
  spread(out, fact, Metric::won, 1, at, won_at, place, events);
  if (first_won) spread(out, fact, Metric::new_customers, 1, at, won_at, place, events);
  if (cell(f::amount) == null_cell) return spread(out, fact, Metric::won_unvalued, 1, at, won_at, place, events);
  const Currency currency = rates_.of(cell(f::currency));
  std::int64_t amount = cell(f::amount);
  if (facts_.vat == VatBasis::net && cell(f::vat) != null_cell) amount = checked_add(amount, -cell(f::vat));
  const auto counted = rates_.convert(amount, currency, won_at);
  if (!counted.has_value()) {
    const std::size_t before = out.size();
    spread(out, fact, Metric::amount_won, amount, at, won_at, place, events);
    return mark_left_out(out, before, Metric::amount_won_left_out);
  }
  spread(out, fact, Metric::amount_won, *counted, at, won_at, place, events);
  if (cell(f::cost) == null_cell) return;
  const auto margin = rates_.convert(checked_add(amount, -cell(f::cost)), currency, won_at);
  if (!margin.has_value()) return;
  spread(out, fact, Metric::amount_won_known, *counted, at, won_at, place, events);
  const std::size_t first = out.size();
  spread(out, fact, Metric::margin, *margin, at, won_at, place, events);
  const std::size_t after = out.size();
  for (std::size_t i = first; i < after; ++i) {
    Posting known = out[i];
    known.metric = Metric::margin_deals;
    known.value = 1;
    out.push_back(known);
  }
}

template <class Visit>
void Postings::for_each_deal(const Unit& unit, Visit&& visit) const {
  namespace f = fields::deals;
  if (unit.kind == UnitKind::lone_deal) {
    if (store_.present(Kind::deals, unit.slot) && *unit_of(Kind::deals, unit.slot) == unit) visit(unit.slot);
  } else if (unit.kind == UnitKind::company) {
    facts_.companies.for_each_member(
        unit.slot, [&](RowId company) { store_.for_each_child(Kind::deals, f::company, company, visit); });
  } else if (unit.kind == UnitKind::buyer) {
    facts_.people.for_each_member(unit.slot, [&](RowId person) {
      store_.for_each_child(Kind::deals, f::person, person, [&](RowId slot) {
        if (store_.link(Kind::deals, slot, f::company) == no_row) visit(slot);
      });
    });
  }
}

inline bool Postings::is_refund(Kind kind, RowId slot) const {
  namespace p = fields::payments;
  if (kind == Kind::deals) {
    const Cell amount = store_.get(kind, slot, fields::deals::amount);
    return amount != null_cell && amount < 0;
  }
  const Cell said = store_.get(kind, slot, p::kind);
  const Cell amount = store_.get(kind, slot, p::amount);
  return (amount != null_cell && amount < 0) || (said != null_cell && store_.text(said) == "refund");
}

inline RowId Postings::sale_of_refund(Kind kind, RowId slot) const {
  namespace f = fields::deals;
  const RowId deal = kind == Kind::deals ? slot : store_.live_link(kind, slot, fields::payments::deal);
  if (deal != no_row && !is_refund(Kind::deals, deal)) return deal;
  if (deal != no_row) {
    if (const RowId named = store_.live_link(Kind::deals, deal, f::parent); named != no_row) return named;
  }
  const bool note = kind == Kind::deals;
  const Cell amount = store_.get(kind, slot, note ? std::size_t{f::amount} : std::size_t{fields::payments::amount});
  const Cell currency =
      store_.get(kind, slot, note ? std::size_t{f::currency} : std::size_t{fields::payments::currency});
  const Cell at = note ? outcomes_.decided_at(slot) : store_.get(kind, slot, fields::payments::at);
  if (amount == null_cell || at == null_cell) return no_row;
  RowId only = no_row;
  bool several = false;
  for_each_deal(*unit_of(kind, slot), [&](RowId sale) {
    const Cell worth = store_.get(Kind::deals, sale, f::amount);
    if (sale == deal || store_.link(Kind::deals, sale, f::parent) != no_row || !outcomes_.won(sale)) return;
    if (worth == null_cell || worth < (amount < 0 ? -amount : amount)) return;
    if (!(rates_.of(store_.get(Kind::deals, sale, f::currency)) == rates_.of(currency))) return;
    const Cell sold = outcomes_.decided_at(sale);
    if (sold == null_cell || sold > at) return;
    several = several || only != no_row;
    only = sale;
  });
  return several ? no_row : only;
}

/// What a payment brought or took back; of a credit note without payments of its own, the note itself.
inline void Postings::money_moved(Kind kind, RowId slot, std::vector<Posting>& out) const {
  namespace p = fields::payments;
  namespace f = fields::deals;
  const bool note = kind == Kind::deals;
  const auto cell = [&](std::size_t of_payment, std::size_t of_deal) {
    return store_.get(kind, slot, note ? of_deal : of_payment);
  };
  if (cell(p::amount, f::amount) == null_cell) return;
  const Cell moved_at = note ? outcomes_.decided_at(slot) : store_.get(kind, slot, p::at);
  const bool back = is_refund(kind, slot);
  std::int64_t amount = cell(p::amount, f::amount);
  if (facts_.vat == VatBasis::net && cell(p::vat, f::vat) != null_cell)
    amount = checked_add(amount, -cell(p::vat, f::vat));
  // A refund that is written above zero is one all the same.
  if (back && cell(p::amount, f::amount) < 0) amount = -amount;
  const RowId sale = back ? sale_of_refund(kind, slot) : store_.live_link(kind, slot, p::deal);
  const Source source = sale == no_row ? Source{} : sources_.of_deal(sale);
  RowId partner = store_.link(kind, slot, note ? std::size_t{f::partner} : std::size_t{p::partner});
  if (partner == no_row && sale != no_row) partner = store_.link(Kind::deals, sale, f::partner);
  const Place place = place_of(source, partner);
  const RowId event = note ? no_row : store_.link(kind, slot, p::event);
  const EventShares events = event != no_row  ? EventShares(event)
                             : sale != no_row ? events_of_deal(sale, source)
                                              : EventShares(no_row);
  const auto counted = rates_.convert(amount, rates_.of(cell(p::currency, f::currency)), moved_at);
  const std::size_t before = out.size();
  spread(out, {kind, slot}, back ? Metric::refunded : Metric::paid, counted.value_or(amount), clocked(moved_at, place),
         moved_at, place, events);
  if (!counted.has_value()) mark_left_out(out, before, back ? Metric::refunded_left_out : Metric::paid_left_out);
}

inline void Postings::customer(const Unit& unit, std::vector<Posting>& out) const {
  namespace f = fields::deals;
  namespace p = fields::payments;
  if (unit.kind == UnitKind::lone_payment) {
    if (store_.present(Kind::payments, unit.slot) && *unit_of(Kind::payments, unit.slot) == unit)
      money_moved(Kind::payments, unit.slot, out);
    return;
  }
  ShortList<RowId, 16> deals;
  for_each_deal(unit, [&](RowId slot) {
    bool paid = false;
    store_.for_each_child(Kind::payments, p::deal, slot, [&](RowId payment) {
      paid = true;
      money_moved(Kind::payments, payment, out);
    });
    if (!is_refund(Kind::deals, slot)) {
      if (store_.link(Kind::deals, slot, f::parent) == no_row) deals.push_back(slot);
    } else if (!paid && outcomes_.won(slot)) {
      money_moved(Kind::deals, slot, out);
    }
  });
  if (unit.kind == UnitKind::company) {
    facts_.companies.for_each_member(unit.slot, [&](RowId company) {
      store_.for_each_child(Kind::payments, p::company, company, [&](RowId payment) {
        if (store_.live_link(Kind::payments, payment, p::deal) == no_row) money_moved(Kind::payments, payment, out);
      });
    });
  }
  RowId first = no_row;
  Cell first_at = null_cell;
  for (const RowId slot : deals.all()) {
    if (!outcomes_.won(slot)) continue;
    const Cell at = outcomes_.decided_at(slot);
    const bool before = at != first_at
                            ? sooner(at, first_at)
                            : first != no_row && store_.id(Kind::deals, slot) < store_.id(Kind::deals, first);
    if (first == no_row || before) {
      first = slot;
      first_at = at;
    }
  }
  for (const RowId slot : deals.all()) deal(slot, slot == first, out);
}

}  // namespace dealtrail::detail
