#pragma once

#include <array>
#include <string>
#include <vector>

#include "dealtrail/funnel/detail/guest_filter.hpp"
#include "dealtrail/funnel/funnel.hpp"

namespace dealtrail {
namespace detail {

inline constexpr std::size_t funnel_steps = funnel_step_names.size();

/// Sums of one row of the funnel.
struct FunnelSums {
  std::int64_t guests = 0;
  std::array<std::int64_t, funnel_steps> step{};
  std::array<std::int64_t, funnel_steps> of_previous{};  // who did the step before, too
  std::int64_t registered_seen = 0;                      // for events of which attendance was taken
  std::int64_t guests_over = 0;                          // of such events that are over
  std::int64_t registered_over = 0;
  std::int64_t came_over = 0;
  std::int64_t came_of_registered_over = 0;
  std::int64_t guests_begun = 0;  // of events that have begun
  std::int64_t interested_begun = 0;
  std::int64_t attended = 0;
  std::int64_t walk_ins = 0;
  std::int64_t tickets = 0;
  std::int64_t tickets_attended = 0;
  std::int64_t deals = 0;
  std::int64_t won = 0;
  MoneySum amount_won{};
  MoneySum amount_open{};

  void add(const Guest& guest, const FunnelOptions& options) {
    const auto first = static_cast<std::size_t>(options.first);
    const bool strict = options.order == StepOrder::strict;
    std::array<bool, funnel_steps> did{};
    bool chain = true;
    for (std::size_t i = 0; i < funnel_steps; ++i) {
      did[i] = reached(guest, static_cast<FunnelStep>(i));
      if (!strict) continue;
      if (i >= first) chain = chain && did[i];
      did[i] = i >= first && chain;
    }
    if (strict && !did[first]) return;
    ++guests;
    for (std::size_t i = 0; i < funnel_steps; ++i) {
      step[i] += did[i] ? 1 : 0;
      if (i > 0) of_previous[i] += did[i] && did[i - 1] ? 1 : 0;
    }
    const bool registered = did[static_cast<std::size_t>(FunnelStep::registered)];
    registered_seen += registered && guest.attendance_taken ? 1 : 0;
    tickets += registered ? guest.tickets : 0;
    if (guest.over && guest.attendance_taken) {
      const bool came = did[static_cast<std::size_t>(FunnelStep::came)];
      ++guests_over;
      registered_over += registered ? 1 : 0;
      came_over += came ? 1 : 0;
      came_of_registered_over += registered && came ? 1 : 0;
    }
    if (guest.begun) {
      ++guests_begun;
      interested_begun += did[static_cast<std::size_t>(FunnelStep::interested)] ? 1 : 0;
    }
    if (did[static_cast<std::size_t>(FunnelStep::came)]) {
      attended += guest.attended ? 1 : 0;
      walk_ins += guest.walk_in ? 1 : 0;
      tickets_attended += guest.tickets_attended;
    }
    if (did[static_cast<std::size_t>(FunnelStep::deal)]) {
      deals += guest.deals;
      amount_open.merge(guest.amount_open);
    }
    if (did[static_cast<std::size_t>(FunnelStep::won)]) {
      won += guest.won;
      amount_won.merge(guest.amount_won);
    }
  }
  /// Whether it is known how many came: not when there are registrations, attendance of none of their events was taken,
  /// and nobody came.
  [[nodiscard]] bool came_is_known() const noexcept {
    return step[static_cast<std::size_t>(FunnelStep::registered)] == 0 || registered_seen > 0 ||
           step[static_cast<std::size_t>(FunnelStep::came)] > 0;
  }
  void merge(const FunnelSums& other) {
    guests += other.guests;
    for (std::size_t i = 0; i < funnel_steps; ++i) {
      step[i] += other.step[i];
      of_previous[i] += other.of_previous[i];
    }
    registered_seen += other.registered_seen;
    guests_over += other.guests_over;
    registered_over += other.registered_over;
    came_over += other.came_over;
    came_of_registered_over += other.came_of_registered_over;
    guests_begun += other.guests_begun;
    interested_begun += other.interested_begun;
    attended += other.attended;
    walk_ins += other.walk_ins;
    tickets += other.tickets;
    tickets_attended += other.tickets_attended;
    deals += other.deals;
    won += other.won;
    amount_won.merge(other.amount_won);
    amount_open.merge(other.amount_open);
  }
};

/// Goals of the events of a row, added up; null where no event has one.
struct FunnelGoals {
  std::array<std::optional<MoneySum>, 4> goal{};  // registrations, came, deals, revenue

  void add(const GuestKey& key) {
    const std::optional<std::int64_t> of_key[] = {key.goal_registrations, key.goal_attended, key.goal_deals,
                                                  key.goal_revenue};
    for (std::size_t i = 0; i < goal.size(); ++i) {
      if (!of_key[i].has_value()) continue;
      if (!goal[i].has_value()) goal[i] = MoneySum{};
      goal[i]->add(*of_key[i]);
    }
  }
};

class FunnelTable {
 public:
  FunnelTable(const Guests& guests, const FunnelOptions& options) : builder_("funnel") {
    builder_.meta("by", guests.by);
    add_guests_meta(builder_, guests, options.event, options.managers);
    builder_.meta("period", options.period.has_value() ? to_text(*options.period) : "");
    const bool strict = options.order == StepOrder::strict;
    builder_.meta("order",
                  strict ? "strict: only guests who did all steps from " + std::string{to_string(options.first)} + " on"
                         : "any: a step counts every guest who did it");
    builder_.meta("rates", "of the guests of the step before, the part that did this one too");
    builder_.meta("came_rate", "and came_of_all: of guests of events that are over and of which attendance was taken");
    builder_.meta("interested_of_all", "of guests of events that have begun");
    builder_.meta("of_all", strict ? "over the first step" : "over all guests of the row");
    std::string excluded;
    for (const std::string& manager : options.exclude_managers) excluded += (excluded.empty() ? "" : ", ") + manager;
    builder_.meta("exclude_managers", excluded);
    builder_.meta("exclude_left", options.exclude_left ? "true" : "false");
    builder_.meta("deals_without_event", std::to_string(guests.deals_without_event));
    for (const char* name : {"key", "name", "state"}) texts_.push_back(&builder_.text(name));
    starts_at_ = &builder_.time("starts_at");
    for (const char* name : {"guests", "invited", "registered", "tickets", "came", "attended", "walk_ins",
                             "tickets_attended", "interested", "deal_guests", "won_guests", "deals", "won"})
      counts_.push_back(&builder_.integer(name));
    amount_won_ = &builder_.money("amount_won", guests.currency);
    amount_open_ = &builder_.money("amount_open", guests.currency);
    for (std::size_t i = 1; i < funnel_steps; ++i)
      rates_.push_back(&builder_.real(std::string{funnel_step_names[i]} + "_rate", "ratio"));
    for (const std::string_view step : funnel_step_names)
      of_all_.push_back(&builder_.real(std::string{step} + "_of_all", "ratio"));
    for (const char* name : {"goal_registrations", "goal_came", "goal_deals"})
      goals_.push_back(&builder_.integer(name));
    goals_.push_back(&builder_.money("goal_revenue", guests.currency));
    for (const char* name : {"registrations_done", "came_done", "deals_done", "revenue_done"})
      done_.push_back(&builder_.real(name, "ratio"));
  }

  void add(const GuestKey& key, const FunnelSums& sums, const FunnelGoals& goals) {
    append_given(*texts_[0], key.key);
    append_given(*texts_[1], key.name);
    append_given(*texts_[2], key.state);
    starts_at_->append_time(key.starts_at);
    const std::int64_t counts[] = {
        sums.guests,           sums.step[0], sums.step[1], sums.tickets, sums.step[2], sums.attended, sums.walk_ins,
        sums.tickets_attended, sums.step[3], sums.step[4], sums.step[5], sums.deals,   sums.won};
    constexpr std::size_t first_of_came = 4;  // came, attended, walk_ins, tickets_attended
    constexpr std::size_t last_of_came = 7;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      const bool known = sums.came_is_known() || i < first_of_came || i > last_of_came;
      counts_[i]->append_integer(known ? std::optional{counts[i]} : std::nullopt);
    }
    amount_won_->append_minor(sums.amount_won.total());
    amount_open_->append_minor(sums.amount_open.total());
    constexpr auto came = static_cast<std::size_t>(FunnelStep::came);
    constexpr auto interested = static_cast<std::size_t>(FunnelStep::interested);
    for (std::size_t i = 1; i < funnel_steps; ++i) {
      rates_[i - 1]->append_real(i == came ? part(sums.came_of_registered_over, sums.registered_over)
                                           : part(sums.of_previous[i], sums.step[i - 1]));
    }
    for (std::size_t i = 0; i < funnel_steps; ++i) {
      of_all_[i]->append_real(i == came         ? part(sums.came_over, sums.guests_over)
                              : i == interested ? part(sums.interested_begun, sums.guests_begun)
                                                : part(sums.step[i], sums.guests));
    }
    const MoneySum facts[] = {MoneySum{sums.step[1]}, MoneySum{sums.step[2]}, MoneySum{sums.deals}, sums.amount_won};
    for (std::size_t i = 0; i < goals_.size(); ++i) {
      const auto& goal = goals.goal[i];
      const auto minor = goal.has_value() ? std::optional{goal->total()} : std::nullopt;
      i == 3 ? goals_[i]->append_minor(minor) : goals_[i]->append_integer(minor);
      done_[i]->append_real(!goal.has_value() || goal->sign() == 0 || (i == 1 && !sums.came_is_known())
                                ? std::nullopt
                                : std::optional{facts[i].approximate() / goal->approximate()});
    }
  }

  [[nodiscard]] Table finish() { return builder_.finish(); }

 private:
  [[nodiscard]] static std::optional<double> part(std::int64_t of, std::int64_t all) {
    if (all == 0) return std::nullopt;
    return static_cast<double>(of) / static_cast<double>(all);
  }

  TableBuilder builder_;
  std::vector<ColumnBuilder*> texts_;
  ColumnBuilder* starts_at_ = nullptr;
  std::vector<ColumnBuilder*> counts_;
  ColumnBuilder* amount_won_ = nullptr;
  ColumnBuilder* amount_open_ = nullptr;
  std::vector<ColumnBuilder*> rates_;
  std::vector<ColumnBuilder*> of_all_;
  std::vector<ColumnBuilder*> goals_;
  std::vector<ColumnBuilder*> done_;
};

}  // namespace detail

DEALTRAIL_INLINE Table funnel(const Guests& guests, const FunnelOptions& options) {
  using namespace detail;
  require_event(guests, options.event, "funnel");
  std::optional<Timestamp> from;
  std::optional<Timestamp> until;
  if (options.period.has_value()) {
    from = begin(*options.period, guests.zone);
    until = end(*options.period, guests.zone);
  }
  const auto takes_event = [&](std::string_view event, const std::optional<Timestamp>& starts_at) {
    if (options.event.has_value() && event != *options.event) return false;
    return !from.has_value() || (starts_at.has_value() && *starts_at >= *from && *starts_at < *until);
  };
  std::vector<FunnelSums> sums(guests.keys.size());
  std::vector<bool> seen(guests.keys.size());
  FunnelSums nowhere;
  for (const Guest& guest : guests.rows) {
    if (!takes_event(guest.event, guest.starts_at)) continue;
    if (!options.managers.empty() && !one_of(guest.manager, options.managers)) continue;
    if (one_of(guest.manager, options.exclude_managers) || (options.exclude_left && guest.manager_left)) continue;
    if (guest.key == no_key) {
      nowhere.add(guest, options);
    } else {
      sums[guest.key].add(guest, options);
      seen[guest.key] = true;
    }
  }
  FunnelTable table(guests, options);
  FunnelSums total = nowhere;
  FunnelGoals aims;
  for (std::size_t i = 0; i < guests.keys.size(); ++i) {
    const GuestKey& key = guests.keys[i];
    if (!seen[i] && !(key.event && takes_event(key.key, key.starts_at))) continue;
    FunnelGoals goals;
    goals.add(key);
    aims.add(key);
    total.merge(sums[i]);
    table.add(key, sums[i], goals);
  }
  table.add({.key = guests.by == "month" ? "(undated)" : "(unattributed)"}, nowhere, {});
  table.add({.key = "(total)"}, total, aims);
  return table.finish();
}

}  // namespace dealtrail
