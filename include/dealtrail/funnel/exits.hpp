#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/guests/guests.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

/// Where guests are lost, link by link (M0.7): before the day, on it, after it.
enum class ExitList : std::uint8_t { not_registered, did_not_come, no_follow_up, no_contact, no_offer, overdue };

inline constexpr std::array<std::string_view, 6> exit_list_names{"not_registered", "did_not_come", "no_follow_up",
                                                                 "no_contact",     "no_offer",     "overdue"};
[[nodiscard]] constexpr std::string_view to_string(ExitList list) noexcept {
  return detail::enum_name(exit_list_names, list);
}
[[nodiscard]] constexpr std::optional<ExitList> find_exit_list(std::string_view name) noexcept {
  return detail::find_enum<ExitList>(exit_list_names, name);
}

struct ExitsOptions {
  std::vector<ExitList> lists{};        // empty: all
  std::optional<std::string> event{};   // only this topmost event
  std::vector<std::string> managers{};  // only what these have to do; empty: all
  std::vector<std::string> segments{};  // who is worth an invitation: the segments of `not_registered`; empty: all
  std::int64_t days = 14;               // without contact for longer than this: `no_contact`
};

/// Lists of people to call, a list per manager: a row for each guest and link where the chain broke, by manager (null
/// last), list, money at stake (greatest first, null last), time, event, guest. A guest may be on several lists.
///
/// `at_stake` is the amount of the guest's open deals; without any the average amount of a won deal of the guest's
/// segment, rounded half to even, with its sum and count beside; null when neither is known. `since` is when the wait
/// began, `days` whole days from then to now. Definitions: docs/funnel/exits.md. O(guests log guests).
/// @throws Error unknown_name for an event that is not there or is a session, invalid_argument for negative days.
[[nodiscard]] Table exits(const Guests& guests, const ExitsOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/funnel/detail/exits.ipp"  // IWYU pragma: keep
#endif
