#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/funnel/detail/at_stake.hpp"
#include "dealtrail/funnel/exits.hpp"

namespace dealtrail {
namespace detail {

/// One row: a guest, the link where the chain broke, and who has to see to it.
struct ExitRow {
  const Guest* guest = nullptr;
  ExitList list{};
  std::string reason{};
  std::string_view manager{};
  std::string_view manager_name{};
  std::string_view activity{};
  std::optional<Timestamp> since{};
  AtStake at_stake{};
};

class Exits {
 public:
  Exits(const Guests& guests, const ExitsOptions& options) : guests_(guests), options_(options), stakes_(guests) {}

  [[nodiscard]] std::vector<ExitRow> rows() {
    for (const Guest& guest : guests_.rows) {
      if (options_.event.has_value() && guest.event != *options_.event) continue;
      before_the_day(guest);
      after_the_day(guest);
    }
    for (const Promise& promise : guests_.promises) {
      const Guest& guest = guests_.rows[promise.guest];
      if (options_.event.has_value() && guest.event != *options_.event) continue;
      add(guest, ExitList::overdue, promise.due_at,
          "promised" + (given(promise.kind) ? " " + std::string{promise.kind} : "") + ", not done", &promise);
    }
    std::sort(rows_.begin(), rows_.end(), [](const ExitRow& lhs, const ExitRow& rhs) { return order(lhs, rhs) < 0; });
    return std::move(rows_);
  }

  /// Whole days from a moment to now; null where one of them is.
  [[nodiscard]] std::optional<std::int64_t> days_since(const std::optional<Timestamp>& at) const {
    if (!at.has_value() || !guests_.now.has_value()) return std::nullopt;
    return days_between(*at, *guests_.now);
  }

 private:
  // Rounded down, so that the moment itself is day 0 and the one before it day -1.
  [[nodiscard]] static std::int64_t days_between(Timestamp from, Timestamp until) noexcept {
    const Int128 us = static_cast<Int128>(to_us(until)) - to_us(from);
    const auto days = static_cast<std::int64_t>(us / us_per_day);
    return us % us_per_day < 0 ? days - 1 : days;
  }

  void before_the_day(const Guest& guest) {
    if (guest.begun || guest.event_status == "cancelled") return;
    if (!guest.invited || guest.registered || guest.came || guest.status == "declined") return;
    if (!options_.segments.empty() && !one_of(guest.segment, options_.segments)) return;
    std::string reason = "invited, not registered";
    if (given(guest.status)) {
      reason = guest.status == "waitlist"  ? "invited, on the waiting list"
               : guest.status == "pending" ? "invited, the registration is not admitted yet"
                                           : "invited, cancelled the registration";
    }
    if (guest.starts_at.has_value() && guests_.now.has_value())
      reason += "; days to the event: " + std::to_string(days_between(*guests_.now, *guest.starts_at));
    add(guest, ExitList::not_registered, guest.invited_at, std::move(reason));
  }

  void after_the_day(const Guest& guest) {
    if (guest.over && guest.attendance_taken && guest.registered && !guest.came)
      add(guest, ExitList::did_not_come, guest.starts_at, "registered, did not come");
    const std::string marks = given(guest.signal_kinds) ? "; marks: " + std::string{guest.signal_kinds} : "";
    const auto day = guest.came_at.has_value() ? guest.came_at : guest.starts_at;
    if (guest.came && guest.follow_ups == 0 && guest.deals == 0)
      add(guest, ExitList::no_follow_up, day, "came, is on no follow-up list" + marks);
    const auto waited = days_since(day);
    if (guest.came && guest.contacts == 0 && guest.deals == 0 && waited.has_value() && *waited >= options_.days)
      add(guest, ExitList::no_contact, day, "came, nobody has been in touch since" + marks);
    if (guest.signals > 0 && guest.offers == 0 && guest.won == 0)
      add(guest, ExitList::no_offer, guest.first_signal_at, "interested, no offer sent" + marks);
  }

  void add(const Guest& guest, ExitList list, std::optional<Timestamp> since, std::string reason,
           const Promise* promise = nullptr) {
    const auto& lists = options_.lists;
    if (!lists.empty() && std::find(lists.begin(), lists.end(), list) == lists.end()) return;
    const std::string_view manager = promise == nullptr ? guest.manager : promise->manager;
    if (!options_.managers.empty() && !one_of(manager, options_.managers)) return;
    rows_.push_back({.guest = &guest,
                     .list = list,
                     .reason = std::move(reason),
                     .manager = manager,
                     .manager_name = promise == nullptr ? guest.manager_name : promise->manager_name,
                     .activity = promise == nullptr ? std::string_view{} : promise->activity,
                     .since = since,
                     .at_stake = stakes_.of(guest)});
  }

  [[nodiscard]] static int order(const ExitRow& lhs, const ExitRow& rhs) {
    if (const int by = order_of_texts(lhs.manager, rhs.manager); by != 0) return by;
    if (lhs.list != rhs.list) return lhs.list < rhs.list ? -1 : 1;
    if (const int by = order_of_stakes(lhs.at_stake, rhs.at_stake); by != 0) return by;
    if (lhs.since != rhs.since) {
      if (!lhs.since.has_value() || !rhs.since.has_value()) return lhs.since.has_value() ? -1 : 1;
      return *lhs.since < *rhs.since ? -1 : 1;
    }
    if (lhs.guest != rhs.guest) return lhs.guest < rhs.guest ? -1 : 1;  // guests stand by event and id
    return lhs.activity.compare(rhs.activity);
  }

  const Guests& guests_;
  const ExitsOptions& options_;
  Stakes stakes_;
  std::vector<ExitRow> rows_;
};

}  // namespace detail

DEALTRAIL_INLINE Table exits(const Guests& guests, const ExitsOptions& options) {
  using namespace detail;
  require_event(guests, options.event, "exits");
  if (options.days < 0) throw Error(ErrorCode::invalid_argument, "days are negative", {"exits", "days", -1});
  Exits found(guests, options);
  const std::vector<ExitRow> rows = found.rows();
  TableBuilder builder{"exits"};
  add_guests_meta(builder, guests, options.event, options.managers);
  builder.meta("days", std::to_string(options.days));
  std::string segments;
  for (const std::string& segment : options.segments) segments += (segments.empty() ? "" : ", ") + segment;
  builder.meta("segments", segments);
  builder.meta("at_stake", "amount of open deals, else the average won deal of the segment: won_sum / won_count");
  std::vector<ColumnBuilder*> texts;
  for (const char* name :
       {"manager", "manager_name", "list", "reason", "name", "company_name", "phone", "email", "event", "event_name"})
    texts.push_back(&builder.text(name));
  ColumnBuilder& since = builder.time("since");
  ColumnBuilder& days = builder.integer("days", "days");
  StakeColumns stakes(builder, guests.currency);
  for (const char* name : {"segment", "kind", "guest", "person", "company", "activity"})
    texts.push_back(&builder.text(name));
  for (const ExitRow& row : rows) {
    const Guest& guest = *row.guest;
    const std::string_view cells[] = {row.manager, row.manager_name,   to_string(row.list), row.reason,
                                      guest.name,  guest.company_name, guest.phone,         guest.email,
                                      guest.event, guest.event_name,   guest.segment,       guest.kind,
                                      guest.guest, guest.person,       guest.company,       row.activity};
    for (std::size_t i = 0; i < texts.size(); ++i) append_given(*texts[i], cells[i]);
    since.append_time(row.since);
    days.append_integer(found.days_since(row.since));
    stakes.append(row.at_stake);
  }
  return builder.finish();
}

}  // namespace dealtrail
