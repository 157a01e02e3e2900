// engine
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dealtrail/cards/live_cards.hpp"
#include "dealtrail/cards/postings.hpp"
#include "dealtrail/sources/source_index.hpp"
#include "dealtrail/sources/sources.hpp"

namespace dealtrail::detail {

// Which units a change of one fact reaches. Called before the fact is written, once with the row as it is and once with
// the row as it will be; the links that others hold to the fact are read from the store. O(facts reached).
class Dependents {
 public:
  Dependents(const Postings& postings, FactStore& store, const SourceIndex& index, LiveCards& live)
      : postings_(postings), store_(store), index_(index), sources_(store, index), live_(live) {}

  /// `row`: the cells of one of the two states, empty when the fact is absent in it. `flips`: it is present in just one
  /// of them.
  void mark(Kind kind, RowId slot, std::span<const Cell> row, bool flips) {
    if (live_.all_marked()) return;
    switch (kind) {
      case Kind::channels:
        if (flips) channel(slot);
        break;
      case Kind::partners:
        if (flips) partner(slot);
        break;
      case Kind::events: event(slot); break;
      case Kind::announcements:
        announcement(slot);
        if (!row.empty()) {
          lines_covering(slot, link(row, fields::announcements::channel), link(row, fields::announcements::event),
                         row[fields::announcements::published_at], AnyEvent::no);
          key(kind, row);
        }
        break;
      case Kind::announcement_events:
        if (!row.empty()) announcement(link(row, fields::announcement_events::announcement), AnyEvent::yes);
        break;
      case Kind::source_keys:
        if (!row.empty()) key(kind, row);
        break;
      case Kind::invoices: live_.mark(postings_, {UnitKind::invoice, slot}); break;
      case Kind::invoice_lines:
        if (!row.empty()) invoice(link(row, fields::invoice_lines::invoice));
        break;
      case Kind::costs: live_.mark(postings_, {UnitKind::cost, slot}); break;
      case Kind::touches:
        touch(slot);
        if (!row.empty()) calls_of_visit(row);
        break;
      case Kind::registrations:
        registration(slot);
        if (!row.empty())
          live_.mark(postings_, postings_.unit_of_registration(slot, link(row, fields::registrations::person)));
        break;
      case Kind::attendances:
        if (!row.empty()) {
          live_.mark(postings_, postings_.unit_of_attendance(slot, link(row, fields::attendances::registration),
                                                             link(row, fields::attendances::person)));
        }
        break;
      case Kind::leads:
        live_.mark(postings_, {UnitKind::lead, slot});
        children(Kind::deals, fields::deals::lead, slot, [&](RowId deal) { sale(deal); });
        break;
      case Kind::deals:
        if (!row.empty()) {
          live_.mark(postings_,
                     postings_.unit_of_deal(slot, link(row, fields::deals::company), link(row, fields::deals::person)));
        }
        if (flips) {
          children(Kind::payments, fields::payments::deal, slot, [&](RowId payment) {
            fact(Kind::payments, payment);
            live_.mark(postings_,
                       postings_.unit_of_payment(payment, no_row,
                                                 store_.link(Kind::payments, payment, fields::payments::company)));
          });
        }
        claims(slot);
        break;
      case Kind::payments:
        if (!row.empty()) {
          live_.mark(postings_, postings_.unit_of_payment(slot, link(row, fields::payments::deal),
                                                          link(row, fields::payments::company)));
        }
        break;
      case Kind::moves:
        if (!row.empty()) deal(link(row, fields::moves::deal));
        break;
      case Kind::exchange_rates: live_.mark_all(); break;
      default: break;  // no figure reads the other kinds; who is one with whom is settled after the writes
    }
  }

  /// Which units a change reaches because attendance of an event becomes or ceases to be known; brings the index up to
  /// date. `before`, `after`: the row as it is and as it will be, empty when absent. The first arrival of an event
  /// costs O(its registrations and costs), later ones O(events above it).
  void mark_attendance(Kind kind, RowId slot, std::span<const Cell> before, std::span<const Cell> after,
                       ArrivalIndex& arrivals) {
    if (!ArrivalIndex::reads(kind)) return;
    if (live_.all_marked()) return arrivals.forget_all();
    const auto same = [&](std::size_t field) {
      return !before.empty() && !after.empty() && before[field] == after[field];
    };
    const auto leaves = [&](RowId event, Cell at) {
      each_above(event, [&](RowId one) {
        if (!arrivals.is_forgotten(one) && arrivals.rests_on(store_, one, at)) attendance_forgotten(one, arrivals);
      });
    };
    const auto comes = [&](RowId event, Cell at) {
      each_above(event, [&](RowId one) {
        if (arrivals.is_forgotten(one) || !arrivals.changes_by(store_, one, at)) return;
        const Cell known = arrivals.known_since(store_, one, postings_.view().zone);
        const bool counts_already = live_.now() != null_cell && known <= live_.now();
        counts_already ? arrivals.add(one, at) : attendance_forgotten(one, arrivals);
      });
    };
    if (kind == Kind::attendances) {
      namespace f = fields::attendances;
      if (same(f::registration) && same(f::event) && same(f::at)) return;
      const auto event_in = [&](std::span<const Cell> row) {
        const RowId registration = link(row, f::registration);
        return store_.present(Kind::registrations, registration)
                   ? store_.link(Kind::registrations, registration, fields::registrations::event)
                   : link(row, f::event);
      };
      if (!before.empty()) leaves(event_in(before), before[f::at]);
      if (!after.empty()) comes(event_in(after), after[f::at]);
    } else if (kind == Kind::registrations) {
      namespace f = fields::registrations;
      if (same(f::event)) return;
      children(Kind::attendances, fields::attendances::registration, slot, [&](RowId arrival) {
        const Cell at = store_.get(Kind::attendances, arrival, fields::attendances::at);
        const RowId own = store_.link(Kind::attendances, arrival, fields::attendances::event);
        leaves(before.empty() ? own : link(before, f::event), at);
        comes(after.empty() ? own : link(after, f::event), at);
      });
    } else {
      namespace f = fields::events;
      if (same(f::parent)) return;
      bool sessions = false;
      children(Kind::events, f::parent, slot, [&](RowId) { sessions = true; });
      if (!sessions && !arrivals.any(store_, slot)) return;
      for (const auto row : {before, after}) {
        if (row.empty()) continue;
        attendance_forgotten(slot, arrivals);
        each_above(link(row, f::parent), [&](RowId one) { attendance_forgotten(one, arrivals); });
      }
    }
  }

 private:
  template <class Visit>
  void each_above(RowId event, Visit&& visit) {
    if (event != no_row) ArrivalIndex::for_each_above(store_, event, visit);
  }

  void attendance_forgotten(RowId event, ArrivalIndex& arrivals) {
    if (arrivals.is_forgotten(event)) return;
    attendance_of(event);
    arrivals.forget(event);
  }

  /// What depends on whether attendance of an event is known: counts of its registrations, cost that reaches it.
  void attendance_of(RowId event) {
    const bool whole = topmost(store_, event) == event;
    for (const RowId one : whole ? family_of(store_, event) : std::vector<RowId>{event}) {
      children(Kind::registrations, fields::registrations::event, one,
               [&](RowId row) { fact(Kind::registrations, row); });
      children(Kind::announcements, fields::announcements::event, one, [&](RowId row) { money_of(row); });
      children(Kind::announcement_events, fields::announcement_events::event, one, [&](RowId row) {
        money_of(store_.link(Kind::announcement_events, row, fields::announcement_events::announcement));
      });
      money_of_event(one);
    }
  }

  /// Costs and invoices that an announcement may have a part of.
  void money_of(RowId announcement) {
    if (announcement == no_row) return;
    children(Kind::costs, fields::costs::announcement, announcement, [&](RowId row) { fact(Kind::costs, row); });
    children(Kind::invoice_lines, fields::invoice_lines::announcement, announcement,
             [&](RowId row) { invoice(store_.link(Kind::invoice_lines, row, fields::invoice_lines::invoice)); });
    if (store_.present(Kind::announcements, announcement)) covering(announcement, AnyEvent::no);
  }
  void money_of_event(RowId event) {
    children(Kind::invoice_lines, fields::invoice_lines::event, event,
             [&](RowId row) { invoice(store_.link(Kind::invoice_lines, row, fields::invoice_lines::invoice)); });
    children(Kind::costs, fields::costs::event, event, [&](RowId row) { fact(Kind::costs, row); });
  }

  /// Whether the events of an announcement are changing themselves, so that lines of any event may come to cover it or
  /// cease to.
  enum class AnyEvent : std::uint8_t { no, yes };

  [[nodiscard]] static RowId link(std::span<const Cell> row, std::size_t field) noexcept {
    return row[field] == null_cell ? no_row : static_cast<RowId>(row[field]);
  }

  template <class Visit>
  void children(Kind kind, std::size_t field, RowId target, Visit&& visit) {
    store_.for_each_child(kind, field, target, visit);
  }

  /// The unit of a present fact, as it stands.
  void fact(Kind kind, RowId slot) { live_.mark(postings_, *postings_.unit_of(kind, slot)); }
  void deal(RowId slot) {
    if (store_.present(Kind::deals, slot)) sale(slot);
  }
  /// A deal whose source may change, with the claims and credit notes that take theirs from it.
  void sale(RowId slot) {
    fact(Kind::deals, slot);
    claims(slot);
  }
  void claims(RowId slot) {
    std::vector<RowId> found{slot};
    while (!found.empty()) {
      const RowId of = found.back();
      found.pop_back();
      std::optional<bool> unmarked;  // not where they were marked with another deal, or parents run in a circle
      children(Kind::deals, fields::deals::parent, of, [&](RowId claim) {
        if (!unmarked) unmarked = live_.marks_claims_of(of);
        if (!*unmarked) return;
        fact(Kind::deals, claim);
        found.push_back(claim);
      });
    }
  }
  void invoice(RowId slot) {
    if (slot != no_row) live_.mark(postings_, {UnitKind::invoice, slot});
  }

  void channel(RowId slot) {
    children(Kind::announcements, fields::announcements::channel, slot, [&](RowId row) { announcement(row); });
    children(Kind::source_keys, fields::source_keys::channel, slot,
             [&](RowId row) { stored_key(Kind::source_keys, row); });
    children(Kind::costs, fields::costs::channel, slot, [&](RowId row) { fact(Kind::costs, row); });
    children(Kind::touches, fields::touches::channel, slot, [&](RowId row) { touch_and_calls(row); });
    children(Kind::registrations, fields::registrations::channel, slot, [&](RowId row) {
      registration(row);
      fact(Kind::registrations, row);
    });
    children(Kind::leads, fields::leads::channel, slot, [&](RowId row) { lead(row); });
    children(Kind::deals, fields::deals::channel, slot, [&](RowId row) { sale(row); });
    lines_of_channel(slot);
  }

  void partner(RowId slot) {
    children(Kind::announcements, fields::announcements::partner, slot, [&](RowId row) { announcement(row); });
    children(Kind::deals, fields::deals::partner, slot, [&](RowId row) { sale(row); });
    children(Kind::leads, fields::leads::partner, slot, [&](RowId row) { fact(Kind::leads, row); });
    children(Kind::costs, fields::costs::partner, slot, [&](RowId row) { fact(Kind::costs, row); });
    children(Kind::invoices, fields::invoices::partner, slot, [&](RowId row) { fact(Kind::invoices, row); });
    children(Kind::payments, fields::payments::partner, slot, [&](RowId row) { fact(Kind::payments, row); });
  }

  void event(RowId slot) {
    // Sessions below it change their topmost event, too; parents may run in a circle.
    for (const RowId one : family_of(store_, slot)) {
      children(Kind::registrations, fields::registrations::event, one, [&](RowId row) {
        registration(row);
        fact(Kind::registrations, row);
      });
      children(Kind::attendances, fields::attendances::event, one, [&](RowId row) { fact(Kind::attendances, row); });
      children(Kind::announcements, fields::announcements::event, one,
               [&](RowId row) { announcement(row, AnyEvent::yes); });
      children(Kind::announcement_events, fields::announcement_events::event, one, [&](RowId row) {
        announcement(store_.link(Kind::announcement_events, row, fields::announcement_events::announcement),
                     AnyEvent::yes);
      });
      money_of_event(one);
      children(Kind::payments, fields::payments::event, one, [&](RowId row) { fact(Kind::payments, row); });
    }
  }

  /// Everything that takes its channel, events, partner or money from an announcement.
  void announcement(RowId slot, AnyEvent any_event = AnyEvent::no) {
    if (slot == no_row) return;
    live_.mark(postings_, {UnitKind::announcement, slot});
    children(Kind::touches, fields::touches::announcement, slot, [&](RowId row) { touch_and_calls(row); });
    children(Kind::registrations, fields::registrations::announcement, slot, [&](RowId row) {
      registration(row);
      fact(Kind::registrations, row);
    });
    children(Kind::leads, fields::leads::announcement, slot, [&](RowId row) { lead(row); });
    children(Kind::deals, fields::deals::announcement, slot, [&](RowId row) { sale(row); });
    money_of(slot);
    children(Kind::source_keys, fields::source_keys::announcement, slot,
             [&](RowId row) { stored_key(Kind::source_keys, row); });
    if (store_.present(Kind::announcements, slot)) {
      if (any_event == AnyEvent::yes) covering(slot, any_event);
      stored_key(Kind::announcements, slot);
    }
  }

  void lines_of_channel(RowId channel) {
    if (channel == no_row) return;
    children(Kind::invoice_lines, fields::invoice_lines::channel, channel,
             [&](RowId row) { invoice(store_.link(Kind::invoice_lines, row, fields::invoice_lines::invoice)); });
  }

  /// Invoices with a line that a present announcement may share.
  void covering(RowId slot, AnyEvent any_event) {
    namespace f = fields::announcements;
    lines_covering(slot, store_.link(Kind::announcements, slot, f::channel),
                   store_.link(Kind::announcements, slot, f::event),
                   store_.get(Kind::announcements, slot, f::published_at), any_event);
  }
  /// Invoices with a line that an announcement of this channel, event and date may share. Rather one too many than one
  /// too few.
  void lines_covering(RowId announcement, RowId channel, RowId event, Cell published, AnyEvent any_event) {
    if (channel == no_row) return;
    const bool several =
        any_event == AnyEvent::yes ||
        store_.of(Kind::announcement_events).links[fields::announcement_events::announcement].first(announcement) !=
            no_row;
    const RowId top = event == no_row ? no_row : topmost(store_, event);
    children(Kind::invoice_lines, fields::invoice_lines::channel, channel, [&](RowId line) {
      namespace f = fields::invoice_lines;
      const RowId wanted = store_.link(Kind::invoice_lines, line, f::event);
      const Cell from = store_.get(Kind::invoice_lines, line, f::service_from);
      const Cell until = store_.get(Kind::invoice_lines, line, f::service_until);
      if (wanted != no_row && !several && wanted != event && wanted != top) return;
      if ((from != null_cell && published < from) || (until != null_cell && published >= until)) return;
      invoice(store_.link(Kind::invoice_lines, line, f::invoice));
    });
  }

  void touch(RowId slot) {
    children(Kind::registrations, fields::registrations::touch, slot, [&](RowId row) {
      registration(row);
      fact(Kind::registrations, row);
    });
    children(Kind::leads, fields::leads::touch, slot, [&](RowId row) { lead(row); });
    children(Kind::deals, fields::deals::touch, slot, [&](RowId row) { sale(row); });
  }

  /// A touch whose source may change without itself being written: a visit takes its calls along.
  void touch_and_calls(RowId slot) {
    touch(slot);
    if (!index_.has_pools() || !store_.present(Kind::touches, slot)) return;
    std::vector<Cell> row;
    store_.read_row(Kind::touches, slot, row);
    calls_of_visit(row);
  }
  void calls_of_visit(std::span<const Cell> row) {
    namespace f = fields::touches;
    if (!index_.has_pools() || row[f::kind] != choice(Kind::touches, f::kind, "visit")) return;
    const RowId text = link(row, f::dialled_number);
    const RowId form = text == no_row ? no_row : SourceIndex::form_of_number(store_, text);
    sources_.for_each_call_of_visit(link(row, f::client_id), form, row[f::at], [&](RowId call) { touch(call); });
  }

  /// What hangs on a registration besides its own visit.
  void registration(RowId slot) {
    children(Kind::attendances, fields::attendances::registration, slot, [&](RowId row) {
      fact(Kind::attendances, row);
      // Without its registration the arrival stands by its own person or by itself.
      live_.mark(postings_, postings_.unit_of_attendance(
                                row, no_row, store_.link(Kind::attendances, row, fields::attendances::person)));
    });
    children(Kind::deals, fields::deals::registration, slot, [&](RowId row) { sale(row); });
  }

  void lead(RowId slot) {
    fact(Kind::leads, slot);
    children(Kind::deals, fields::deals::lead, slot, [&](RowId deal) { sale(deal); });
  }

  void stored_key(Kind kind, RowId slot) {
    std::vector<Cell> row;
    store_.read_row(kind, slot, row);
    key(kind, row);
  }
  void key(Kind kind, std::span<const Cell> row) {
    std::vector<Identifier> marks;
    SourceIndex::marks_of(store_, kind, row, marks);
    for (const Identifier& mark : marks) index_.for_each_touch(mark, [&](RowId slot) { touch_and_calls(slot); });
  }

  const Postings& postings_;
  FactStore& store_;
  const SourceIndex& index_;
  const Sources sources_;
  LiveCards& live_;
};

}  // namespace dealtrail::detail
