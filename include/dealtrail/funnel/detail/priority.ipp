#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/funnel/detail/at_stake.hpp"
#include "dealtrail/funnel/priority.hpp"

namespace dealtrail {
namespace detail {

struct PriorityRow {
  const Guest* guest = nullptr;
  std::int64_t points = 0;
  std::string_view level{};
  std::string reasons{};
  AtStake at_stake{};
};

[[nodiscard]] inline bool in_force(const PriorityRule& rule, const Guest& guest) noexcept {
  const auto day = guest.starts_at.has_value() ? guest.starts_at : guest.came_at;
  if (!day.has_value()) return !rule.from_us.has_value() && !rule.until_us.has_value();
  return (!rule.from_us.has_value() || to_us(*day) >= *rule.from_us) &&
         (!rule.until_us.has_value() || to_us(*day) < *rule.until_us);
}

/// The rules with their conditions bound to the places of the columns.
[[nodiscard]] inline std::vector<PriorityRule> bound_rules(const PriorityRules& rules) {
  std::vector<PriorityRule> bound = rules.rules;
  for (PriorityRule& rule : bound) {
    rule.when.bind([&](std::string_view name) {
      const auto column = find_guest_column(name);
      if (!column.has_value()) {
        std::string names;
        for (const GuestColumn& one : guest_columns) names += (names.empty() ? "" : ", ") + std::string{one.name};
        throw Error(ErrorCode::unknown_name, "guests have no column \"" + std::string{name.substr(0, 64)} + "\"",
                    {"priority", rule.name, -1}, names);
      }
      return static_cast<std::uint32_t>(*column);
    });
  }
  return bound;
}

[[nodiscard]] inline PriorityRow priority_row(const Guest& guest, const std::vector<PriorityRule>& rules,
                                              const std::vector<PriorityLevel>& levels, int places) {
  PriorityRow row;
  row.guest = &guest;
  const auto value_of = [&](std::uint32_t column) { return guest_cell(guest, column, places); };
  for (const PriorityRule& rule : rules) {
    if (!in_force(rule, guest) || !rule.when.holds(value_of)) continue;
    row.points = checked_add(row.points, rule.points);
    row.reasons += (row.reasons.empty() ? "" : "; ") + (rule.reason.empty() ? rule.name : rule.reason);
  }
  const PriorityLevel* best = nullptr;
  for (const PriorityLevel& level : levels) {
    if (row.points >= level.from && (best == nullptr || level.from > best->from)) best = &level;
  }
  if (best != nullptr) row.level = best->name;
  return row;
}

}  // namespace detail

DEALTRAIL_INLINE PriorityRules default_priority_rules() {
  const auto at_least = [](const char* column, std::int64_t count) {
    return Condition::test(column, ConditionOp::ge, Datum::integer(count));
  };
  const auto is = [](const char* column, std::int64_t count) {
    return Condition::test(column, ConditionOp::eq, Datum::integer(count));
  };
  PriorityRules all;
  all.rules = {
      {.name = "offer_request", .points = 50, .when = at_least("offer_requests", 1), .reason = "asked for an offer"},
      {.name = "open_deal", .points = 30, .when = at_least("open_deals", 1), .reason = "has an open deal"},
      {.name = "closed_session",
       .points = 20,
       .when = at_least("closed_sessions", 1),
       .reason = "was in a closed session"},
      {.name = "product_interest",
       .points = 20,
       .when = at_least("product_interests", 1),
       .reason = "was interested in a product"},
      {.name = "materials_request",
       .points = 10,
       .when = at_least("materials_requests", 1),
       .reason = "asked for materials"},
      {.name = "sessions", .points = 10, .when = at_least("sessions", 2), .reason = "came to several sessions"},
      {.name = "no_contact_yet",
       .points = 10,
       .when = Condition::all({at_least("signals", 1), is("contacts", 0)}),
       .reason = "nobody has been in touch since"},
      {.name = "offer_sent", .points = -20, .when = at_least("offers", 1), .reason = "an offer is sent"},
  };
  all.levels = {{.name = "high", .from = 60}, {.name = "medium", .from = 30}, {.name = "low", .from = 1}};
  return all;
}

DEALTRAIL_INLINE Table priority(const Guests& guests, const PriorityRules& rules, const PriorityOptions& options) {
  using namespace detail;
  require_event(guests, options.event, "priority");
  const std::vector<PriorityRule> bound = bound_rules(rules);
  const Stakes stakes(guests);
  std::vector<PriorityRow> rows;
  for (const Guest& guest : guests.rows) {
    if (!guest.came && guest.signals == 0) continue;
    if (options.event.has_value() && guest.event != *options.event) continue;
    if (!options.managers.empty() && !one_of(guest.manager, options.managers)) continue;
    PriorityRow row = priority_row(guest, bound, rules.levels, decimals(guests.currency));
    if (row.points <= 0) continue;
    row.at_stake = stakes.of(guest);
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(), [](const PriorityRow& lhs, const PriorityRow& rhs) {
    if (const int by = order_of_texts(lhs.guest->manager, rhs.guest->manager); by != 0) return by < 0;
    if (lhs.points != rhs.points) return lhs.points > rhs.points;
    if (const int by = order_of_stakes(lhs.at_stake, rhs.at_stake); by != 0) return by < 0;
    return lhs.guest < rhs.guest;  // guests stand by event and id
  });

  TableBuilder builder{"priority"};
  add_guests_meta(builder, guests, options.event, options.managers);
  std::string names;
  for (const PriorityRule& rule : rules.rules) names += (names.empty() ? "" : ", ") + rule.name;
  builder.meta("rules", names);
  std::vector<ColumnBuilder*> texts;
  for (const char* name : {"manager", "manager_name", "level"}) texts.push_back(&builder.text(name));
  ColumnBuilder& points = builder.integer("points");
  for (const char* name : {"name", "company_name", "phone", "email", "reasons", "event", "event_name"})
    texts.push_back(&builder.text(name));
  StakeColumns columns(builder, guests.currency);
  for (const char* name : {"segment", "signal_kinds", "kind", "guest", "person", "company"})
    texts.push_back(&builder.text(name));
  for (const PriorityRow& row : rows) {
    const Guest& guest = *row.guest;
    const std::string_view cells[] = {guest.manager,      guest.manager_name, row.level,     guest.name,
                                      guest.company_name, guest.phone,        guest.email,   row.reasons,
                                      guest.event,        guest.event_name,   guest.segment, guest.signal_kinds,
                                      guest.kind,         guest.guest,        guest.person,  guest.company};
    for (std::size_t i = 0; i < texts.size(); ++i) append_given(*texts[i], cells[i]);
    points.append_integer(row.points);
    columns.append(row.at_stake);
  }
  return builder.finish();
}

}  // namespace dealtrail
