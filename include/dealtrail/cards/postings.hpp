// engine
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dealtrail/cards/arrival_index.hpp"
#include "dealtrail/cards/clock.hpp"
#include "dealtrail/cards/detail/invoice_parts.hpp"
#include "dealtrail/cards/detail/outcomes.hpp"
#include "dealtrail/cards/detail/posting.hpp"
#include "dealtrail/cards/events.hpp"
#include "dealtrail/cards/tickets.hpp"
#include "dealtrail/cards/visits.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/split.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/facts/rates.hpp"
#include "dealtrail/identity/clusters.hpp"
#include "dealtrail/identity/identity_index.hpp"
#include "dealtrail/sources/sources.hpp"

namespace dealtrail::detail {

/// What the facts of a Trail are read with; a view on parts that the Trail owns.
struct FactsView {
  const FactStore& store;
  const SourceIndex& index;
  const Clusters& people;
  const Clusters& companies;
  const IdentityIndex& identity;
  const ArrivalIndex& arrivals;
  std::size_t max_per_key;
  const std::vector<OutcomeRule>& rules;
  const Zone& zone;
  Currency currency;
  VatBasis vat;
  std::int64_t lookback_us;
};

inline constexpr std::int64_t longest_spread_days = 3660;

/// The calendar days from `at` to `until`, both included; 1 without an `until` that lies after `at`.
[[nodiscard]] inline std::int64_t spread_days(Cell at, Cell until, const Zone& zone) {
  if (at == null_cell || until == null_cell || until <= at) return 1;
  const auto day = [&](Cell time) { return std::int64_t{period_of(from_us(time), PeriodKind::day, zone).ordinal}; };
  return day(until) - day(at) + 1;
}

/// The postings of each unit, as docs/cards/cards.md defines them. Pure; knows nothing of as_of, now, periods or keys.
class Postings {
 public:
  Postings(const FactsView& facts, View view, Clock clock)
      : facts_(facts),
        store_(facts.store),
        sources_(facts.store, facts.index),
        rates_(facts.store, facts.currency),
        outcomes_(facts.store, facts.rules, rates_, view),
        clock_(clock) {}

  Postings(const Postings&) = delete;  // its parts point at each other
  Postings& operator=(const Postings&) = delete;

  [[nodiscard]] const FactsView& view() const noexcept { return facts_; }

  void of(const Unit& unit, std::vector<Posting>& out) const {
    switch (unit.kind) {
      case UnitKind::announcement: announcement(unit.slot, out); break;
      case UnitKind::invoice: invoice(unit.slot, out); break;
      case UnitKind::cost: cost(unit.slot, out); break;
      case UnitKind::visitor:
      case UnitKind::lone_registration:
      case UnitKind::lone_attendance: visitor(unit, out); break;
      case UnitKind::lead: lead(unit.slot, out); break;
      case UnitKind::company:
      case UnitKind::buyer:
      case UnitKind::lone_deal:
      case UnitKind::lone_payment: customer(unit, out); break;
    }
  }

  /// The unit whose postings a fact of this kind makes or changes itself; nothing for kinds that have none.
  [[nodiscard]] std::optional<Unit> unit_of(Kind kind, RowId slot) const {
    switch (kind) {
      case Kind::announcements: return Unit{UnitKind::announcement, slot};
      case Kind::invoices: return Unit{UnitKind::invoice, slot};
      case Kind::costs: return Unit{UnitKind::cost, slot};
      case Kind::leads: return Unit{UnitKind::lead, slot};
      case Kind::registrations:
        return unit_of_registration(slot, store_.link(kind, slot, fields::registrations::person));
      case Kind::attendances:
        return unit_of_attendance(slot, store_.link(kind, slot, fields::attendances::registration),
                                  store_.link(kind, slot, fields::attendances::person));
      case Kind::deals:
        return unit_of_deal(slot, store_.link(kind, slot, fields::deals::company),
                            store_.link(kind, slot, fields::deals::person));
      case Kind::payments:
        return unit_of_payment(slot, store_.link(kind, slot, fields::payments::deal),
                               store_.link(kind, slot, fields::payments::company));
      default: return std::nullopt;
    }
  }
  [[nodiscard]] Unit unit_of_registration(RowId slot, RowId person) const {
    if (person == no_row) return {UnitKind::lone_registration, slot};
    return {UnitKind::visitor, facts_.people.root(person)};
  }
  [[nodiscard]] Unit unit_of_attendance(RowId slot, RowId registration, RowId person) const {
    if (store_.present(Kind::registrations, registration)) {
      return unit_of_registration(registration,
                                  store_.link(Kind::registrations, registration, fields::registrations::person));
    }
    if (person == no_row) return {UnitKind::lone_attendance, slot};
    return {UnitKind::visitor, facts_.people.root(person)};
  }
  [[nodiscard]] Unit unit_of_deal(RowId slot, RowId company, RowId person) const {
    if (company != no_row) return {UnitKind::company, facts_.companies.root(company)};
    if (person != no_row) return {UnitKind::buyer, facts_.people.root(person)};
    return {UnitKind::lone_deal, slot};
  }

  /// A payment belongs to the customer of its deal, else to its company.
  [[nodiscard]] Unit unit_of_payment(RowId slot, RowId deal, RowId company) const {
    if (store_.present(Kind::deals, deal)) return *unit_of(Kind::deals, deal);
    if (company != no_row) return {UnitKind::company, facts_.companies.root(company)};
    return {UnitKind::lone_payment, slot};
  }

  /// False for a person or company that is not the name of its cluster: the cluster's unit has its postings.
  [[nodiscard]] bool is_root(const Unit& unit) const noexcept {
    if (unit.kind == UnitKind::visitor || unit.kind == UnitKind::buyer)
      return facts_.people.root(unit.slot) == unit.slot;
    return unit.kind != UnitKind::company || facts_.companies.root(unit.slot) == unit.slot;
  }

  /// Calls `visit(unit)` once for each unit that may have postings.
  template <class Visit>
  void for_each_unit(Visit&& visit) const {
    std::array<std::vector<bool>, unit_kind_count> seen;
    for (const Kind kind : {Kind::announcements, Kind::invoices, Kind::costs, Kind::leads, Kind::registrations,
                            Kind::attendances, Kind::deals, Kind::payments}) {
      store_.for_each_row(kind, [&](RowId slot) {
        const Unit unit = *unit_of(kind, slot);
        auto& marks = seen[static_cast<std::size_t>(unit.kind)];
        if (unit.slot >= marks.size())
          marks.resize(std::max<std::size_t>(unit.slot + std::size_t{1}, marks.size() * 2));
        if (marks[unit.slot]) return;
        marks[unit.slot] = true;
        visit(unit);
      });
    }
  }

  /// Asks for the memory that `of` a guest will read: first where the lists of its rows begin, then the rows, one after
  /// another.
  void prefetch_lists(const Unit& unit) const noexcept {
    if (unit.kind != UnitKind::visitor) return;
    store_.of(Kind::registrations).links[fields::registrations::person].prefetch(unit.slot);
    store_.of(Kind::attendances).links[fields::attendances::person].prefetch(unit.slot);
  }
  [[nodiscard]] RowId first_row(const Unit& unit) const noexcept {
    if (unit.kind != UnitKind::visitor) return no_row;
    return store_.of(Kind::registrations).links[fields::registrations::person].first(unit.slot);
  }
  [[nodiscard]] RowId next_row(RowId row) const noexcept {
    return store_.of(Kind::registrations).links[fields::registrations::person].next(row);
  }
  void prefetch_row(RowId row) const noexcept {
    namespace f = fields::registrations;
    const KindStore& registrations = store_.of(Kind::registrations);
    registrations.links[f::person].prefetch_next(row);
    for (const std::size_t field : {f::event, f::announcement, f::touch, f::at, f::status})
      registrations.columns[field].prefetch(row);
    store_.of(Kind::attendances).links[fields::attendances::registration].prefetch(row);
  }

  [[nodiscard]] const Sources& sources() const noexcept { return sources_; }
  [[nodiscard]] const Rates& rates() const noexcept { return rates_; }
  [[nodiscard]] const Outcomes& outcomes() const noexcept { return outcomes_; }

  /// Money that went back: of a payment its amount is below zero or its kind is refund, of a deal its amount is below
  /// zero (a credit note).
  [[nodiscard]] bool is_refund(Kind kind, RowId slot) const;
  /// The sale that a refund takes back: the deal it names, or of a credit note the sale that it names; else the same
  /// customer's only earlier sale of at least its amount; no_row where none is known.
  [[nodiscard]] RowId sale_of_refund(Kind kind, RowId slot) const;

  /// The registrations and arrivals of a unit of visits.
  void gather(const Unit& unit, VisitFacts& facts) const;
  /// Where a walk-in came from: the registration that its earliest arrival names.
  [[nodiscard]] Source source_of_visit(const Visit& visit) const {
    if (visit.counted != no_row) return sources_.of_registration(visit.counted);
    return sources_.of(Kind::attendances, visit.arrival);
  }

 private:
  struct Fact {
    Kind kind;
    RowId slot;
  };

  [[nodiscard]] Place place_of(const Source& source) const {
    return {source.channel, source.announcement,
            source.announcement == no_row
                ? no_row
                : store_.live_link(Kind::announcements, source.announcement, fields::announcements::partner)};
  }
  /// The same, with the fact's own partner where it names one.
  [[nodiscard]] Place place_of(const Source& source, RowId own_partner) const {
    Place place = place_of(source);
    if (own_partner != no_row) place.partner = store_.present(Kind::partners, own_partner) ? own_partner : no_row;
    return place;
  }

  /// The time a posting is grouped by.
  [[nodiscard]] Cell clocked(Cell at, const Place& place) const {
    if (clock_ != Clock::placement || place.announcement == no_row) return at;
    const Cell published = store_.get(Kind::announcements, place.announcement, fields::announcements::published_at);
    return published == null_cell ? at : published;
  }

  void post(std::vector<Posting>& out, Fact fact, Metric metric, std::int64_t value, Cell at, Cell active_from,
            const Place& place, RowId event, Scope scope) const {
    if (value == 0 && metric != Metric::margin) return;
    out.push_back({.value = value,
                   .at = at,
                   .active_from = active_from,
                   .fact = fact.slot,
                   .channel = place.channel,
                   .announcement = place.announcement,
                   .event = store_.present(Kind::events, event) ? event : no_row,
                   .partner = place.partner,
                   .kind = fact.kind,
                   .metric = metric,
                   .scope = scope,
                   .waits = needs_now(metric, value)});
  }

  /// On the topmost event everywhere, and once more on the session itself in its own row.
  void post_at(std::vector<Posting>& out, Fact fact, Metric metric, std::int64_t value, Cell at, Cell active_from,
               const Place& place, RowId event) const {
    const RowId top = topmost(store_, event);
    post(out, fact, metric, value, at, active_from, place, top, Scope::everywhere);
    if (top != event) post(out, fact, metric, value, at, active_from, place, event, Scope::event_only);
  }

  void spread(std::vector<Posting>& out, Fact fact, Metric metric, std::int64_t value, Cell at, Cell active_from,
              const Place& place, const EventShares& events) const {
    const auto shares = events.all();
    if (shares.size() == 1) {
      post_at(out, fact, metric, value, at, active_from, place, shares.front().first);
      return;
    }
    std::vector<std::uint64_t> weights;
    for (const auto& share : shares) weights.push_back(share.second);
    const auto parts = split(value, weights);
    for (std::size_t i = 0; i < parts.size(); ++i)
      post_at(out, fact, metric, parts[i], at, active_from, place, shares[i].first);
  }

  /// Cost; and what of it reaches events of which attendance was not taken, for as long as it was not.
  void post_cost(std::vector<Posting>& out, Fact fact, std::int64_t value, Cell at, Cell active_from,
                 const Place& place, const EventShares& events) const {
    const std::size_t first = out.size();
    spread(out, fact, Metric::cost, value, at, active_from, place, events);
    const std::size_t last = out.size();
    for (std::size_t i = first; i < last; ++i) {
      const Cell known = facts_.arrivals.known_since(store_, out[i].event, facts_.zone);
      if (known <= out[i].active_from) continue;
      Posting unseen = out[i];
      unseen.metric = Metric::cost_unseen;
      out.push_back(unseen);
      if (known == ArrivalIndex::never) continue;
      unseen.value = -unseen.value;
      unseen.active_from = known;
      out.push_back(unseen);
    }
  }

  /// Turns money postings from `first` on into marks that an amount without a rate would have come here.
  static void mark_left_out(std::vector<Posting>& out, std::size_t first, Metric metric) {
    const auto unseen = [](const Posting& posting) { return posting.metric == Metric::cost_unseen; };
    out.erase(std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(), unseen), out.end());
    for (; first < out.size(); ++first) {
      out[first].metric = metric;
      out[first].value = 1;
    }
  }

  void announcement(RowId slot, std::vector<Posting>& out) const;
  void invoice(RowId slot, std::vector<Posting>& out) const;
  void cost(RowId slot, std::vector<Posting>& out) const;
  void visitor(const Unit& unit, std::vector<Posting>& out) const;
  void lead(RowId slot, std::vector<Posting>& out) const;
  void customer(const Unit& unit, std::vector<Posting>& out) const;
  template <class Visit>
  void for_each_deal(const Unit& unit, Visit&& visit) const;
  [[nodiscard]] EventShares events_of_deal(RowId deal, const Source& source) const;
  void money_moved(Kind kind, RowId slot, std::vector<Posting>& out) const;
  template <class EventOf>
  void tickets(const VisitFacts& facts, const Visit& visit, EventOf&& event_of, Scope scope,
               std::vector<Posting>& out) const;
  void deal(RowId slot, bool first_won, std::vector<Posting>& out) const;
  void visit_metrics(const Visit& visit, Scope scope, std::vector<Posting>& out) const;
  void line(RowId invoice, RowId slot, std::int64_t value, std::vector<Posting>& out) const;
  void gather_arrivals(RowId registration, VisitFacts& facts) const {
    store_.for_each_child(Kind::attendances, fields::attendances::registration, registration,
                          [&](RowId arrival) { facts.arrivals.push_back(arrival); });
  }
  FactsView facts_;
  const FactStore& store_;
  Sources sources_;
  Rates rates_;
  Outcomes outcomes_;
  Clock clock_;
};

inline void Postings::announcement(RowId slot, std::vector<Posting>& out) const {
  namespace f = fields::announcements;
  const Fact fact{Kind::announcements, slot};
  if (!store_.present(fact.kind, slot)) return;
  if (store_.get(fact.kind, slot, f::status) != choice(Kind::announcements, f::status, "out")) return;
  const Cell published = store_.get(fact.kind, slot, f::published_at);
  const EventShares events = events_of(store_, slot);
  std::vector<RowId> served;  // the topmost of the first one first
  Cell over = null_cell;
  for (const auto& [event, weight] : events.all()) {
    if (!store_.present(Kind::events, event)) continue;
    for (const RowId one : {topmost(store_, event), event}) {
      if (std::find(served.begin(), served.end(), one) == served.end()) served.push_back(one);
    }
    const Cell ends = store_.get(Kind::events, event, fields::events::ends_at);
    over = std::max(over, ends == null_cell ? store_.get(Kind::events, event, fields::events::starts_at) : ends);
  }
  const Place place = place_of(sources_.of_announcement(slot));
  if (served.empty()) served.push_back(no_row);
  for (std::size_t i = 0; i < served.size(); ++i) {
    const Scope scope = i == 0 ? Scope::everywhere : Scope::event_only;
    post(out, fact, Metric::announcements, 1, published, published, place, served[i], scope);
    if (published == null_cell) continue;
    std::int64_t young_until = 0;
    if (__builtin_add_overflow(published, facts_.lookback_us, &young_until)) young_until = published;
    post(out, fact, Metric::open, 1, published, published, place, served[i], scope);
    post(out, fact, Metric::open, -1, published, std::max(young_until, over), place, served[i], scope);
  }
}

inline void Postings::lead(RowId slot, std::vector<Posting>& out) const {
  namespace f = fields::leads;
  const Fact fact{Kind::leads, slot};
  if (!store_.present(fact.kind, slot)) return;
  const Cell created = store_.get(fact.kind, slot, f::created_at);
  const Cell qualified = store_.get(fact.kind, slot, f::qualified_at);
  const Source source = sources_.of_lead(slot);
  const Place place = place_of(source, store_.link(fact.kind, slot, f::partner));
  const EventShares events = events_of(store_, source.announcement);
  const Cell at = clocked(created, place);
  spread(out, fact, Metric::leads, 1, at, created, place, events);
  if (store_.get(fact.kind, slot, f::outcome) == choice(Kind::leads, f::outcome, "junk")) return;
  spread(out, fact, Metric::leads_not_junk, 1, at, created, place, events);
  if (qualified != null_cell) spread(out, fact, Metric::leads_qualified, 1, at, qualified, place, events);
}

}  // namespace dealtrail::detail

#include "dealtrail/cards/detail/postings_of_money.hpp"
#include "dealtrail/cards/detail/postings_of_visits.hpp"
