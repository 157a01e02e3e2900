#pragma once

#include <array>
#include <optional>
#include <string>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::detail {

// One row of the table: the columns in their order, filled as they become known.
struct PaceColumns {
  explicit PaceColumns(TableBuilder& to, const Currency& currency)
      : event(to.text("event")),
        name(to.text("name")),
        starts_at(to.time("starts_at")),
        status(to.text("status")),
        days(to.integer("days_to_go")),
        basis(to.text("basis")),
        editions(to.integer("editions")),
        registrations(to.integer("registrations")),
        tickets(to.integer("tickets")),
        past{&to.real("past_median"), &to.real("past_low"), &to.real("past_high")},
        against(to.real("against_past", "ratio")),
        share{&to.real("share", "ratio"), &to.real("share_low", "ratio"), &to.real("share_high", "ratio")},
        expected{&to.real("expected_registrations"), &to.real("expected_registrations_low"),
                 &to.real("expected_registrations_high")},
        show{&to.real("show_rate", "ratio"), &to.real("show_rate_low", "ratio"), &to.real("show_rate_high", "ratio")},
        walk_in(to.real("walk_in_rate", "ratio")),
        came(to.integer("came")),
        guests{&to.real("expected_guests"), &to.real("expected_guests_low"), &to.real("expected_guests_high")},
        seats{&to.real("expected_tickets"), &to.real("expected_tickets_low"), &to.real("expected_tickets_high")},
        goal_registrations(to.integer("goal_registrations")),
        goal_guests(to.integer("goal_guests")),
        needed(to.integer("registrations_needed")),
        missing_now(to.integer("missing_now")),
        missing(to.integer("missing_registrations")),
        per_announcement(to.real("registrations_per_announcement", "ratio")),
        missing_announcements(to.integer("missing_announcements")),
        per_registration(to.real("cost_per_registration", std::string{currency.code()})),
        missing_cost(to.money("missing_cost", currency)),
        capacity(to.integer("capacity")),
        hall(to.text("hall")),
        reason(to.text("reason")) {}

  using Three = std::array<ColumnBuilder*, 3>;
  ColumnBuilder &event, &name, &starts_at, &status, &days, &basis, &editions, &registrations, &tickets;
  Three past;
  ColumnBuilder& against;
  Three share, expected, show;
  ColumnBuilder &walk_in, &came;
  Three guests, seats;
  ColumnBuilder &goal_registrations, &goal_guests, &needed, &missing_now, &missing, &per_announcement,
      &missing_announcements, &per_registration, &missing_cost, &capacity, &hall, &reason;
};

/// A value with its range; an end that cannot be said is nothing.
struct Expected {
  std::optional<double> value{}, low{}, high{};
};

inline void append(const PaceColumns::Three& to, const Expected& expected) {
  to[0]->append_real(expected.value);
  to[1]->append_real(expected.low);
  to[2]->append_real(expected.high);
}

}  // namespace dealtrail::detail
