#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/answers/event_times.hpp"
#include "dealtrail/cards/events.hpp"
#include "dealtrail/cards/postings.hpp"
#include "dealtrail/core/detail/int128.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail::detail {

/// What pace reads of one event; times in microseconds.
struct PaceEvent {
  std::string id{};
  std::optional<std::string> name{};
  std::string parent{}, series{}, mode{}, status{}, city{}, product{}, brand{};
  std::optional<std::int64_t> starts{}, ends{}, capacity{}, goal_registrations{}, goal_guests{};
  std::optional<std::int64_t> over{};  // when it is over
  bool session = false;                // has a present event above it
};

/// What is counted of one event as of now.
struct PaceCounts {
  std::int64_t registrations = 0, tickets = 0, announcements = 0;
  std::optional<std::int64_t> attended{}, walk_ins{};  // null: attendance was not taken
  std::optional<std::int64_t> shown{};  // of these registrations, whose guest came: the numerator of the show rate
  EventTimes times{};
};

[[nodiscard]] inline std::int64_t shifted(std::int64_t at, int128 by) noexcept {
  constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min() + 1;
  constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::clamp<int128>(int128{at} + by, first, last));
}

/// The events of a Trail and what is counted of each, as of one moment: read from the tables of the Trail.
class PaceFacts {
 public:
  PaceFacts(const Trail& trail, std::optional<Timestamp> as_of) : trail_(trail) {
    cut_.by = "event";
    cut_.as_of = as_of;
    const auto seen = as_of.has_value() ? as_of : trail.now();
    if (seen.has_value()) now_ = to_us(*seen);
    read_events();
    read_counts();
  }

  [[nodiscard]] const std::vector<PaceEvent>& events() const noexcept { return events_; }
  [[nodiscard]] std::optional<Timestamp> as_of() const noexcept { return cut_.as_of; }
  /// As of which events have begun and are over: as_of, else the latest activity.
  [[nodiscard]] std::optional<std::int64_t> now() const noexcept { return now_; }
  [[nodiscard]] const PaceEvent* find(std::string_view id) const noexcept {
    const auto at = std::lower_bound(events_.begin(), events_.end(), id,
                                     [](const PaceEvent& event, std::string_view wanted) { return event.id < wanted; });
    return at == events_.end() || at->id != id ? nullptr : &*at;
  }
  [[nodiscard]] const PaceCounts& counts(const PaceEvent& event) { return counts_[event.id]; }
  /// The ids that links `series` join with this one, present or not.
  [[nodiscard]] std::vector<std::string> family(const PaceEvent& event) const {
    std::vector<std::string> ids{event.id};
    const auto add = [&](const std::string& id) {
      if (!id.empty() && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    };
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (const PaceEvent* member = find(ids[i])) add(member->series);
      for (const PaceEvent& other : events_) {
        if (other.series == ids[i]) add(other.id);
      }
    }
    std::sort(ids.begin(), ids.end());
    return ids;
  }

 private:
  void read_events() {
    const Table rows = trail_.table(Kind::events);
    const auto text = [&](std::int64_t row, std::string_view column) {
      return std::string{rows.text_at(row, column).value_or(std::string_view{})};
    };
    const auto time = [&](std::int64_t row, std::string_view column) -> std::optional<std::int64_t> {
      const auto at = rows.time_at(row, column);
      return at.has_value() ? std::optional{to_us(*at)} : std::nullopt;
    };
    for (std::int64_t row = 0; row < rows.rows(); ++row) {
      PaceEvent event{.id = text(row, "id")};
      if (const auto name = rows.text_at(row, "name")) event.name = std::string{*name};
      event.parent = text(row, "parent");
      event.series = text(row, "series");
      event.mode = text(row, "mode");
      event.status = text(row, "status");
      event.city = text(row, "city");
      event.product = text(row, "product");
      event.brand = text(row, "brand");
      event.starts = time(row, "starts_at");
      event.ends = time(row, "ends_at");
      event.capacity = rows.integer_at(row, "capacity");
      event.goal_registrations = rows.integer_at(row, "goal_registrations");
      event.goal_guests = rows.integer_at(row, "goal_attended");
      const FactStore& store = trail_.view().store;
      const Cell over = over_at(store, store.find(Kind::events, event.id), trail_.options().zone);
      if (event.starts.has_value()) event.over = std::max(*event.starts, over);
      events_.push_back(std::move(event));
    }
    for (PaceEvent& event : events_) event.session = find(event.parent) != nullptr && !in_circle(event);
  }

  // Events in a circle of parents count as whole events themselves (docs/cards/cards.md).
  [[nodiscard]] bool in_circle(const PaceEvent& event) const {
    const PaceEvent* above = find(event.parent);
    for (std::size_t steps = 0; above != nullptr && steps < events_.size(); ++steps) {
      if (above == &event) return true;
      above = find(above->parent);
    }
    return false;
  }

  void read_counts() {
    const Table cards = trail_.cards(cut_);
    for (std::int64_t row = 0; row + 2 < cards.rows(); ++row) {  // less the rows (unattributed) and (total)
      PaceCounts& counts = counts_[std::string{cards.text_at(row, "key").value_or(std::string_view{})}];
      counts.registrations = cards.integer_at(row, "registrations").value_or(0);
      counts.tickets = cards.integer_at(row, "tickets").value_or(0);
      counts.attended = cards.integer_at(row, "attended");
      counts.walk_ins = cards.integer_at(row, "walk_ins");
      if (const auto show_rate = cards.real_at(row, "show_rate"))
        counts.shown = std::llround(*show_rate * static_cast<double>(counts.registrations));
      counts.announcements = cards.integer_at(row, "announcements").value_or(0);
    }
    for (auto& [id, times] : event_times(trail_, cut_)) counts_[id].times = std::move(times);
  }

  const Trail& trail_;
  CardsOptions cut_;
  std::optional<std::int64_t> now_{};
  std::vector<PaceEvent> events_;  // by id
  std::map<std::string, PaceCounts> counts_;
};

}  // namespace dealtrail::detail
