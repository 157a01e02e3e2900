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

namespace dealtrail::detail {

// What looks wrong about arrivals, times in an order that cannot be, and what is dated after now: it counts, whatever
// its date, and is told.
class TimeFindings {
 public:
  TimeFindings(const FactsView& facts, Cell now, FindingList& found)
      : facts_(facts),
        store_(facts.store),
        postings_(facts, View::marketing, Clock::activity),
        now_(now),
        found_(found) {}

  void run() {
    arrivals();
    attendance();
    order_of_fields();
    order_of_facts();
    touches_after_sales();
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

  void arrivals() {
    store_.for_each_row(Kind::attendances, [&](RowId slot) {
      if (store_.present(Kind::events, event_of_arrival(store_, slot))) return;
      found_.note("arrival_without_event", "warning", Kind::attendances, "event", store_.id(Kind::attendances, slot),
                  "an arrival at no known event; it counts in (unattributed)", "load the event or the registration");
    });
    store_.for_each_row(Kind::registrations, [&](RowId slot) {
      int arrivals = 0;
      store_.for_each_child(Kind::attendances, fields::attendances::registration, slot, [&](RowId) { ++arrivals; });
      if (arrivals < 2) return;
      found_.note("repeated_arrival", "info", Kind::attendances, "registration", store_.id(Kind::registrations, slot),
                  "several arrivals of one registration; the first counts",
                  "nothing to do if the guest left and came back");
    });
  }

  void attendance() {
    namespace f = fields::events;
    std::vector<bool> registered(store_.of(Kind::events).slots());
    store_.for_each_row(Kind::registrations, [&](RowId slot) {
      const RowId event = store_.link(Kind::registrations, slot, fields::registrations::event);
      if (store_.present(Kind::events, event) && counts(slot)) registered[topmost(store_, event)] = true;
    });
    store_.for_each_row(Kind::events, [&](RowId slot) {
      const Cell said = store_.get(Kind::events, slot, f::attendance);
      const bool any = facts_.arrivals.any(store_, slot);
      if (said == choice(Kind::events, f::attendance, "not_taken") && any) {
        found_.note("arrivals_not_taken", "info", Kind::events, "attendance", store_.id(Kind::events, slot),
                    "arrivals at an event that says its attendance was not taken; they count, nobody else is absent",
                    "say taken, if the list of arrivals is whole");
      }
      const Cell over = over_at(store_, slot, facts_.zone);
      const bool cancelled = store_.get(Kind::events, slot, f::status) == choice(Kind::events, f::status, "cancelled");
      if (said != null_cell || any || cancelled || !registered[slot] || over == null_cell || over > now_) return;
      found_.note(
          "no_arrivals", "warning", Kind::events, "attendance", store_.id(Kind::events, slot),
          "events that are over, with registrations and no arrival: who came is not known, and nobody is absent",
          "load the arrivals; or say attendance=taken, if nobody came, and not_taken, if nobody looked");
    });
  }
  [[nodiscard]] bool counts(RowId registration) const {
    namespace f = fields::registrations;
    return store_.get(Kind::registrations, registration, f::status) ==
           choice(Kind::registrations, f::status, "registered");
  }

  void order_of_fields() {
    const auto later = [&](Kind kind, std::size_t first, std::size_t second, std::string_view code,
                           std::string_view message) {
      store_.for_each_row(kind, [&](RowId slot) {
        const Cell from = store_.get(kind, slot, first);
        const Cell until = store_.get(kind, slot, second);
        if (!before(until, from)) return;
        found_.note(code, "info", kind, fields_of(kind)[second].name, store_.id(kind, slot), message,
                    "mend the times in the source");
      });
    };
    later(Kind::deals, fields::deals::created_at, fields::deals::closed_at, "closed_before_created",
          "a deal that closed before it was made");
    later(Kind::events, fields::events::starts_at, fields::events::ends_at, "ends_before_start",
          "an event that ends before it starts");
  }

  [[nodiscard]] bool before(Cell one, Cell other) const {
    return one != null_cell && other != null_cell && is_after(other, one, facts_.zone);
  }

  void order_of_facts() {
    const auto note = [&](std::string_view code, Kind kind, std::string_view column, RowId slot,
                          std::string_view message) {
      found_.note(code, "info", kind, column, store_.id(kind, slot), message, "mend the times or the link");
    };
    store_.for_each_row(Kind::attendances, [&](RowId slot) {
      namespace f = fields::attendances;
      const RowId registration = store_.live_link(Kind::attendances, slot, f::registration);
      if (registration == no_row) return;
      const Cell registered = store_.get(Kind::registrations, registration, fields::registrations::at);
      if (before(store_.get(Kind::attendances, slot, f::at), registered))
        note("arrival_before_registration", Kind::attendances, "at", slot, "arrivals before their registration");
    });
    store_.for_each_row(Kind::registrations, [&](RowId slot) {
      namespace f = fields::registrations;
      const Cell over = over_at(store_, store_.link(Kind::registrations, slot, f::event), facts_.zone);
      if (counts(slot) && before(over, store_.get(Kind::registrations, slot, f::at)))
        note("registration_after_end", Kind::registrations, "at", slot, "registrations after the end of their event");
    });
    store_.for_each_row(Kind::deals, [&](RowId slot) {
      namespace f = fields::deals;
      const RowId lead = store_.live_link(Kind::deals, slot, f::lead);
      if (lead == no_row) return;
      if (before(store_.get(Kind::deals, slot, f::created_at),
                 store_.get(Kind::leads, lead, fields::leads::created_at)))
        note("deal_before_lead", Kind::deals, "created_at", slot, "deals made before the lead they come from");
    });
  }

  // The touch that a won deal is credited to: its own, its registration's or its lead's.
  void touches_after_sales() {
    namespace f = fields::deals;
    store_.for_each_row(Kind::deals, [&](RowId slot) {
      if (!postings_.outcomes().won(slot)) return;
      const RowId registration = store_.live_link(Kind::deals, slot, f::registration);
      const RowId lead = store_.live_link(Kind::deals, slot, f::lead);
      const Sources& sources = postings_.sources();
      const auto credited = [&](Kind kind, RowId fact, std::size_t touch) {
        if (fact == no_row || sources.own(kind, fact).found()) return no_row;
        const RowId found = store_.live_link(kind, fact, touch);
        return sources.of_touch(found).found() ? found : no_row;
      };
      RowId touch = credited(Kind::deals, slot, f::touch);
      const bool own = sources.own(Kind::deals, slot).found();
      if (touch == no_row && !own && registration != no_row && sources.of_registration(registration).found()) {
        touch = credited(Kind::registrations, registration, fields::registrations::touch);
      } else if (touch == no_row && !own) {
        touch = credited(Kind::leads, lead, fields::leads::touch);
      }
      if (touch == no_row) return;
      if (!before(postings_.outcomes().decided_at(slot), store_.get(Kind::touches, touch, fields::touches::at))) return;
      found_.note("touch_after_sale", "info", Kind::deals, "touch", store_.id(Kind::deals, slot),
                  "won deals credited to a touch that came after the sale", "mend the times or the link");
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
