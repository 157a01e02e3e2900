#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/aggregate/estimate.hpp"
#include "dealtrail/answers/detail/pace_columns.hpp"
#include "dealtrail/answers/detail/pace_facts.hpp"
#include "dealtrail/answers/pace.hpp"
#include "dealtrail/table/datum_text.hpp"

namespace dealtrail {

namespace detail {

/// A past edition beside the event: what was known then, what became of it.
struct PaceEdition {
  const PaceEvent* event = nullptr;
  const PaceCounts* counts = nullptr;
  std::int64_t then = 0;
  Estimate share{};                     // of its registrations, known at the same time before the start
  std::optional<Estimate> show_rate{};  // of its registrations, whose guest came; null: nobody looked
  double walk_in_rate = 0;
};

/// Those of which attendance was taken.
[[nodiscard]] inline std::vector<PaceEdition> with_attendance(const std::vector<PaceEdition>& editions) {
  std::vector<PaceEdition> seen;
  for (const PaceEdition& edition : editions) {
    if (edition.show_rate.has_value()) seen.push_back(edition);
  }
  return seen;
}

/// The past editions of one event, and the first reason why something cannot be said.
struct PaceComparison {
  std::string_view basis{};
  std::string_view reason{};
  std::vector<PaceEdition> editions{};  // by start, then id
};

struct Spread {
  double median = 0, low = 0, high = 0;
};

/// Median, lowest and highest of what `value(edition)` gives; nothing without editions.
template <class Value>
[[nodiscard]] std::optional<Spread> spread_of(const std::vector<PaceEdition>& editions, Value&& value) {
  if (editions.empty()) return std::nullopt;
  std::vector<double> values;
  for (const PaceEdition& edition : editions) values.push_back(value(edition));
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  const double median = values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  return Spread{median, values.front(), values.back()};
}

/// A rate of which `part(edition)` of the registrations of a past edition are one side: the median edition, and a range
/// that holds every edition and the 95 % interval of all of them together.
template <class Part>
[[nodiscard]] std::optional<Spread> range_of(const std::vector<PaceEdition>& editions, Part&& part) {
  auto spread = spread_of(editions, [&](const PaceEdition& edition) {
    return static_cast<double>(part(edition)) / static_cast<double>(edition.counts->registrations);
  });
  std::int64_t parts = 0;
  std::int64_t wholes = 0;
  for (const PaceEdition& edition : editions) {
    parts += part(edition);
    wholes += edition.counts->registrations;
  }
  if (const auto together = wilson(parts, wholes)) {
    spread->low = std::min(spread->low, together->low);
    spread->high = std::max(spread->high, together->high);
  }
  return spread;
}

/// How many there will be when `known` of them are there and each is there by now with chance `share`: the end of the
/// 95 % score interval, below or above.
[[nodiscard]] inline std::optional<double> total_behind(std::int64_t known, double share, bool above) {
  if (share <= 0) return std::nullopt;
  constexpr double z = 1.959963984540054;  // 97.5 % point of the standard normal distribution
  const double spread = z * std::sqrt(share * (1 - share));
  const double root = std::sqrt(spread * spread + 4 * share * static_cast<double>(known));
  const double side = (root + (above ? spread : -spread)) / (2 * share);
  return std::max(side * side, static_cast<double>(known));
}

/// A number of things that is at least `value`; what rounding added to a whole number does not count.
[[nodiscard]] inline std::optional<std::int64_t> whole_above(double value) {
  constexpr double largest = 9e18;
  constexpr double rounding = 1e-9;
  if (!(value < largest)) return std::nullopt;
  return static_cast<std::int64_t>(std::ceil(std::max(value, 0.0) * (1 - rounding)));
}

[[nodiscard]] inline std::int64_t ceiling_of(int128 above, int128 over) {
  const int128 whole = (above + over - 1) / over;
  if (whole > std::numeric_limits<std::int64_t>::max())
    throw Error(ErrorCode::overflow, "what is missing to the goal does not fit in int64", {"pace", {}, -1});
  return static_cast<std::int64_t>(whole);
}

[[nodiscard]] inline std::int64_t days_to_go(std::int64_t starts, std::int64_t now) noexcept {
  const int128 left = int128{starts} - now;
  const int128 days = left / us_per_day;
  return static_cast<std::int64_t>(left > 0 && left % us_per_day != 0 ? days + 1 : days);
}

class Pace {
 public:
  Pace(const Trail& trail, const PaceOptions& options) : trail_(trail), facts_(trail, options.as_of) {
    constexpr std::int64_t longest = 36'500;
    if (options.longest_days < 0 || options.longest_days > longest) {
      throw Error(ErrorCode::invalid_argument, "longest_days out of range: " + std::to_string(options.longest_days), {},
                  "0 to 36500");
    }
  }

  [[nodiscard]] PaceFacts& facts() noexcept { return facts_; }
  [[nodiscard]] const PaceEvent& event(std::string_view id) const {
    const PaceEvent* found = facts_.find(id);
    if (found == nullptr)
      throw Error(ErrorCode::unknown_name, "no event of that id", {"pace", std::string{id.substr(0, 64)}, -1});
    return *found;
  }
  /// The one event of the options, or all that are to come.
  [[nodiscard]] std::vector<const PaceEvent*> asked(const PaceOptions& options) const {
    if (!options.event.empty()) return {&event(options.event)};
    std::vector<const PaceEvent*> coming;
    for (const PaceEvent& one : facts_.events()) {
      if (one.session || one.status == "cancelled" || !one.starts.has_value()) continue;
      if (!facts_.now().has_value() || *one.starts > *facts_.now()) coming.push_back(&one);
    }
    std::sort(coming.begin(), coming.end(), sooner);
    return coming;
  }

  [[nodiscard]] PaceComparison compare(const PaceEvent& event) {
    PaceComparison found;
    if (event.status == "cancelled") {
      found.reason = "cancelled";
    } else if (!event.starts.has_value()) {
      found.reason = "no_start";
    } else if (!facts_.now().has_value()) {
      found.reason = "nothing_happened";
    }
    if (!found.reason.empty()) return found;
    std::vector<const PaceEvent*> past;
    for (const PaceEvent& other : facts_.events()) {
      if (is_past(other, event) && facts_.counts(other).registrations > 0) past.push_back(&other);
    }
    std::sort(past.begin(), past.end(), sooner);
    const auto family = facts_.family(event);
    const auto of_series = [&](const PaceEvent& other) {
      return std::binary_search(family.begin(), family.end(), other.id);
    };
    const auto alike = [&](const PaceEvent& other) { return is_alike(event, other); };
    const auto any = [](const PaceEvent&) { return true; };
    if (!take(event, past, of_series, found, "series") && !take(event, past, alike, found, "alike") &&
        !take(event, past, any, found, "all")) {
      found.reason = "no_past_edition";
    }
    return found;
  }

  void add_meta(TableBuilder& builder) const {
    add_times(builder, facts_.as_of(), facts_.now().value_or(null_cell));
    builder.meta("zone", trail_.options().zone.name());
    builder.meta("currency", std::string{trail_.currency().code()});
    builder.meta("vat", std::string{to_string(trail_.options().vat)});
    builder.meta("day", "24 hours, counted back from the start");
    builder.meta("range",
                 "every past edition, the 95 % interval of all of them together, the chance in the event's own count");
    builder.meta("cost", "what reaches the event through a channel or announcement");
  }

 private:
  // By start, then id; of events that have a start.
  static bool sooner(const PaceEvent* lhs, const PaceEvent* rhs) {
    return std::pair{*lhs->starts, std::string_view{lhs->id}} < std::pair{*rhs->starts, std::string_view{rhs->id}};
  }
  // Over by now and begun before the event; a session is compared with sessions, a whole event with whole ones.
  [[nodiscard]] bool is_past(const PaceEvent& other, const PaceEvent& event) const {
    if (&other == &event || other.session != event.session || other.status == "cancelled") return false;
    if (!other.starts.has_value() || *other.starts >= *event.starts) return false;
    return *other.over <= *facts_.now();
  }
  [[nodiscard]] static bool is_alike(const PaceEvent& event, const PaceEvent& other) {
    bool said = false;
    for (const auto field : {&PaceEvent::product, &PaceEvent::brand, &PaceEvent::city}) {
      if ((event.*field).empty()) continue;
      if (event.*field != other.*field) return false;
      said = true;
    }
    return said && event.mode == other.mode;
  }

  template <class Wanted>
  bool take(const PaceEvent& event, const std::vector<const PaceEvent*>& past, Wanted&& wanted, PaceComparison& found,
            std::string_view basis) {
    const int128 before_start = int128{*event.starts} - *facts_.now();
    for (const PaceEvent* other : past) {
      if (!wanted(*other)) continue;
      PaceEdition edition{.event = other, .counts = &facts_.counts(*other)};
      const std::int64_t all = edition.counts->registrations;
      edition.then = edition.counts->times.known(shifted(*other->starts, -before_start));
      edition.share = *wilson(edition.then, all);
      if (const auto shown = edition.counts->shown) {
        edition.show_rate = wilson(*shown, all);
        edition.walk_in_rate = static_cast<double>(edition.counts->walk_ins.value_or(0)) / static_cast<double>(all);
      }
      found.editions.push_back(edition);
    }
    if (found.editions.empty()) return false;
    found.basis = basis;
    return true;
  }

  const Trail& trail_;
  PaceFacts facts_;
};

inline void append(const PaceColumns::Three& to, const std::optional<Spread>& spread) {
  append(to, spread.has_value() ? Expected{spread->median, spread->low, spread->high} : Expected{});
}

[[nodiscard]] inline std::optional<double> product(std::optional<double> lhs, double rhs) {
  return lhs.has_value() ? std::optional{*lhs * rhs} : std::nullopt;
}
[[nodiscard]] inline std::optional<double> at_least(std::optional<double> value, std::int64_t least) {
  return value.has_value() ? std::optional{std::max(*value, static_cast<double>(least))} : std::nullopt;
}

[[nodiscard]] inline std::optional<std::string_view> hall_of(const PaceEvent& event, const Expected& tickets) {
  if (!event.capacity.has_value() || !tickets.value.has_value()) return std::nullopt;
  const auto seats = static_cast<double>(*event.capacity);
  if (*tickets.value > seats) return "overflows";
  return tickets.high.has_value() && *tickets.high <= seats ? "holds" : "tight";
}

inline void add_pace_row(PaceColumns& to, const PaceEvent& event, const PaceCounts& counts, const PaceComparison& found,
                         std::optional<std::int64_t> now, const Currency& currency) {
  const auto& editions = found.editions;
  const auto then = [](const PaceEdition& edition) { return static_cast<double>(edition.then); };
  const auto past = spread_of(editions, then);
  const auto share = spread_of(editions, [](const PaceEdition& edition) { return edition.share.value; });
  const auto share_range = range_of(editions, [](const PaceEdition& edition) { return edition.then; });
  const auto seen = with_attendance(editions);
  const auto show = range_of(seen, [](const PaceEdition& edition) { return edition.counts->shown.value_or(0); });
  const auto walk_in = spread_of(seen, [](const PaceEdition& edition) { return edition.walk_in_rate; });
  const std::int64_t known = counts.registrations;
  const std::int64_t came = counts.attended.value_or(0) + counts.walk_ins.value_or(0);

  Expected registrations;
  Expected guests;
  if (share.has_value()) {
    if (share->median > 0) registrations.value = static_cast<double>(known) / share->median;
    registrations.low = total_behind(known, share_range->high, false);
    registrations.high = total_behind(known, share_range->low, true);
  }
  if (share.has_value() && show.has_value()) {
    guests.value = at_least(product(registrations.value, show->median + walk_in->median), came);
    guests.low = at_least(product(registrations.low, show->low + walk_in->low), came);
    guests.high = at_least(product(registrations.high, show->high + walk_in->high), came);
  }

  // The hall is in seats: a guest takes as many as a registration has tickets today.
  const double seats_each = known > 0 ? static_cast<double>(counts.tickets) / static_cast<double>(known) : 1;
  const Expected tickets{product(guests.value, seats_each), product(guests.low, seats_each),
                         product(guests.high, seats_each)};

  std::optional<std::int64_t> needed = event.goal_registrations;
  if (event.goal_guests.has_value() && show.has_value() && show->median + walk_in->median > 0) {
    const double for_guests = static_cast<double>(*event.goal_guests) / (show->median + walk_in->median);
    if (const auto whole = whole_above(for_guests)) needed = std::max(needed.value_or(*whole), *whole);
  }
  std::optional<std::int64_t> missing;
  if (needed.has_value() && registrations.value.has_value())
    missing = whole_above(static_cast<double>(*needed) - *registrations.value);

  int128 past_registrations = 0;
  int128 past_announcements = 0;
  int128 promotion = 0;
  for (const PaceEdition& edition : editions) {
    past_registrations += edition.counts->registrations;
    past_announcements += edition.counts->announcements;
    promotion += edition.counts->times.promotion.total();
  }
  const bool rate_known = past_announcements > 0;
  const bool cost_known = promotion > 0;  // nothing was paid: it is not known what it takes, which is not 0
  const auto real = [](int128 value) { return static_cast<double>(value); };
  double minor_units = 1;
  for (int i = 0; i < decimals(currency); ++i) minor_units *= 10;

  std::string_view reason = found.reason;
  if (reason.empty() && share.has_value() && share->median <= 0) reason = "too_early";
  if (reason.empty() && share.has_value() && !show.has_value()) reason = "no_attendance";

  to.event.append_text(event.id);
  to.name.append_text(event.name);
  to.starts_at.append_time(event.starts.has_value() ? std::optional{from_us(*event.starts)} : std::nullopt);
  to.status.append_text(event.status);
  const bool dated = event.starts.has_value() && now.has_value();
  to.days.append_integer(dated ? std::optional{days_to_go(*event.starts, *now)} : std::nullopt);
  to.basis.append_text(found.basis.empty() ? std::nullopt : std::optional{found.basis});
  to.editions.append_integer(static_cast<std::int64_t>(editions.size()));
  to.registrations.append_integer(known);
  to.tickets.append_integer(counts.tickets);
  append(to.past, past);
  const bool compared = past.has_value() && past->median > 0;
  to.against.append_real(compared ? std::optional{static_cast<double>(known) / past->median} : std::nullopt);
  append(to.share, share);
  append(to.expected, registrations);
  append(to.show, show);
  to.walk_in.append_real(walk_in.has_value() ? std::optional{walk_in->median} : std::nullopt);
  to.came.append_integer(counts.attended.has_value() ? std::optional{came} : std::nullopt);
  append(to.guests, guests);
  append(to.seats, tickets);
  to.goal_registrations.append_integer(event.goal_registrations);
  to.goal_guests.append_integer(event.goal_guests);
  to.needed.append_integer(needed);
  to.missing_now.append_integer(
      needed.has_value() ? std::optional{std::max<std::int64_t>(shifted(*needed, -int128{known}), 0)} : std::nullopt);
  to.missing.append_integer(missing);
  to.per_announcement.append_real(rate_known ? std::optional{real(past_registrations) / real(past_announcements)}
                                             : std::nullopt);
  const auto priced = [&](bool can_be_said, int128 each) -> std::optional<std::int64_t> {
    if (!missing.has_value()) return std::nullopt;
    if (*missing == 0) return 0;
    return can_be_said ? std::optional{ceiling_of(int128{*missing} * each, past_registrations)} : std::nullopt;
  };
  to.missing_announcements.append_integer(priced(rate_known, past_announcements));
  to.per_registration.append_real(cost_known ? std::optional{real(promotion) / (real(past_registrations) * minor_units)}
                                             : std::nullopt);
  to.missing_cost.append_minor(priced(cost_known, promotion));
  to.capacity.append_integer(event.capacity);
  to.hall.append_text(hall_of(event, tickets));
  to.reason.append_text(reason.empty() ? std::nullopt : std::optional{reason});
}

[[nodiscard]] inline const PaceEvent& one_event(const Pace& pace, const PaceOptions& options) {
  if (options.event.empty()) throw Error(ErrorCode::invalid_argument, "which event?", {"pace", "event", -1});
  return pace.event(options.event);
}

}  // namespace detail

DEALTRAIL_INLINE Table pace(const Trail& trail, const PaceOptions& options) {
  detail::Pace work(trail, options);
  TableBuilder builder{"pace"};
  work.add_meta(builder);
  detail::PaceColumns columns(builder, trail.currency());
  for (const detail::PaceEvent* event : work.asked(options)) {
    detail::add_pace_row(columns, *event, work.facts().counts(*event), work.compare(*event), work.facts().now(),
                         trail.currency());
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table pace_editions(const Trail& trail, const PaceOptions& options) {
  using namespace detail;
  Pace work(trail, options);
  const PaceEvent& event = one_event(work, options);
  const PaceComparison found = work.compare(event);
  TableBuilder builder{"pace_editions"};
  work.add_meta(builder);
  builder.meta("event", event.id);
  builder.meta("basis", std::string{found.basis});
  builder.meta("reason", std::string{found.reason});
  auto& id = builder.text("event");
  auto& name = builder.text("name");
  auto& starts_at = builder.time("starts_at");
  auto& then = builder.integer("registrations_then");
  auto& registrations = builder.integer("registrations");
  const PaceColumns::Three share{&builder.real("share", "ratio"), &builder.real("share_low", "ratio"),
                                 &builder.real("share_high", "ratio")};
  auto& attended = builder.integer("attended");
  auto& walk_ins = builder.integer("walk_ins");
  const PaceColumns::Three show{&builder.real("show_rate", "ratio"), &builder.real("show_rate_low", "ratio"),
                                &builder.real("show_rate_high", "ratio")};
  auto& announcements = builder.integer("announcements");
  auto& promotion = builder.money("promotion_cost", trail.currency());
  const auto put = [](const PaceColumns::Three& to, const Estimate& rate) {
    append(to, Expected{rate.value, rate.low, rate.high});
  };
  for (const PaceEdition& edition : found.editions) {
    id.append_text(edition.event->id);
    name.append_text(edition.event->name);
    starts_at.append_time(from_us(*edition.event->starts));
    then.append_integer(edition.then);
    registrations.append_integer(edition.counts->registrations);
    put(share, edition.share);
    attended.append_integer(edition.counts->shown);
    walk_ins.append_integer(edition.counts->walk_ins);
    append(show, edition.show_rate.has_value()
                     ? Expected{edition.show_rate->value, edition.show_rate->low, edition.show_rate->high}
                     : Expected{});
    announcements.append_integer(edition.counts->announcements);
    promotion.append_minor(edition.counts->times.promotion.total());
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table pace_curve(const Trail& trail, const PaceOptions& options) {
  using namespace detail;
  Pace work(trail, options);
  const PaceEvent& event = one_event(work, options);
  const PaceCounts& counts = work.facts().counts(event);
  PaceComparison found = work.compare(event);
  TableBuilder builder{"pace_curve"};
  work.add_meta(builder);
  builder.meta("event", event.id);
  builder.meta("basis", std::string{found.basis});
  builder.meta("reason", std::string{found.reason});
  auto& days = builder.integer("days_to_go");
  auto& at = builder.time("at");
  auto& registrations = builder.integer("registrations");
  const PaceColumns::Three past{&builder.real("past_median"), &builder.real("past_low"), &builder.real("past_high")};
  const PaceColumns::Three share{&builder.real("share", "ratio"), &builder.real("share_low", "ratio"),
                                 &builder.real("share_high", "ratio")};
  if (!event.starts.has_value() || event.status == "cancelled") return builder.finish();

  std::int64_t longest = 0;
  const auto reach = [&](std::int64_t starts, const PaceCounts& of) {
    const auto& registered = of.times.registered_us;
    if (!registered.empty()) longest = std::max(longest, days_to_go(starts, registered.front()));
  };
  reach(*event.starts, counts);
  for (const PaceEdition& edition : found.editions) reach(*edition.event->starts, *edition.counts);
  const auto now = work.facts().now();
  for (std::int64_t day = std::min(longest, options.longest_days); day >= 0; --day) {
    const int128 before = int128{day} * us_per_day;
    const std::int64_t moment = shifted(*event.starts, -before);
    days.append_integer(day);
    at.append_time(from_us(moment));
    const bool known = !now.has_value() || moment <= *now;
    registrations.append_integer(known ? std::optional{counts.times.known(moment)} : std::nullopt);
    for (PaceEdition& edition : found.editions)
      edition.then = edition.counts->times.known(shifted(*edition.event->starts, -before));
    append(past, spread_of(found.editions, [](const PaceEdition& e) { return static_cast<double>(e.then); }));
    append(share, spread_of(found.editions, [](const PaceEdition& e) {
             return static_cast<double>(e.then) / static_cast<double>(e.counts->registrations);
           }));
  }
  return builder.finish();
}

}  // namespace dealtrail
