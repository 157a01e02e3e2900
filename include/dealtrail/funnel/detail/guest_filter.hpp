#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/facts/event_time.hpp"
#include "dealtrail/guests/guests.hpp"
#include "dealtrail/table/datum_text.hpp"

namespace dealtrail::detail {

[[nodiscard]] inline bool one_of(std::string_view text, const std::vector<std::string>& list) {
  return given(text) && std::find(list.begin(), list.end(), text) != list.end();
}

/// @throws Error unknown_name for an event that is no topmost event. Guests filled by hand may leave `events` empty.
inline void require_event(const Guests& guests, const std::optional<std::string>& event, const char* who) {
  if (!event.has_value() || guests.events.empty()) return;
  if (std::binary_search(guests.events.begin(), guests.events.end(), std::string_view{*event})) return;
  throw Error(ErrorCode::unknown_name, "no topmost event of that id", {who, *event, -1},
              "the id of an event that is not a session of another");
}

/// What every table of the room says about the guests it was made from.
inline void add_guests_meta(TableBuilder& builder, const Guests& guests, const std::optional<std::string>& event,
                            const std::vector<std::string>& managers) {
  builder.meta("view", std::string{to_string(guests.view)});
  add_times(builder, guests.as_of, guests.now.has_value() ? to_us(*guests.now) : null_cell);
  builder.meta("currency", std::string{guests.currency.code()});
  builder.meta("event", event.value_or(""));
  std::string names;
  for (const std::string& manager : managers) names += (names.empty() ? "" : ", ") + manager;
  builder.meta("managers", names);
}

inline void append_given(ColumnBuilder& column, std::string_view text) {
  column.append_text(given(text) ? std::optional{text} : std::nullopt);
}

}  // namespace dealtrail::detail
