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
#include "dealtrail/core/period.hpp"
#include "dealtrail/guests/guests.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

/// The steps of the funnel of an event, in their order (M0.6).
enum class FunnelStep : std::uint8_t { invited, registered, came, interested, deal, won };

inline constexpr std::array<std::string_view, 6> funnel_step_names{"invited",    "registered", "came",
                                                                   "interested", "deal",       "won"};
[[nodiscard]] constexpr std::string_view to_string(FunnelStep step) noexcept {
  return detail::enum_name(funnel_step_names, step);
}
[[nodiscard]] constexpr std::optional<FunnelStep> find_funnel_step(std::string_view name) noexcept {
  return detail::find_enum<FunnelStep>(funnel_step_names, name);
}

/// Whether a guest did what a step asks for: `interested` has a mark, `deal` a deal, `won` a won one. O(1).
[[nodiscard]] constexpr bool reached(const Guest& guest, FunnelStep step) noexcept {
  switch (step) {
    case FunnelStep::invited: return guest.invited;
    case FunnelStep::registered: return guest.registered;
    case FunnelStep::came: return guest.came;
    case FunnelStep::interested: return guest.signals > 0;
    case FunnelStep::deal: return guest.deals > 0;
    case FunnelStep::won: return guest.won > 0;
  }
  return false;
}

/// `any`: a step counts every guest who did it, whatever came before (a walk-in came, a deal without a mark is a deal).
/// `strict`: only guests who did all steps from `first` on.
enum class StepOrder : std::uint8_t { any, strict };

struct FunnelOptions {
  StepOrder order = StepOrder::any;
  FunnelStep first = FunnelStep::invited;  // of a strict chain
  std::optional<std::string> event{};      // only this topmost event
  std::optional<Period> period{};          // only events that start in it
  std::vector<std::string> managers{};     // only guests of these; empty: all
  std::vector<std::string> exclude_managers{};
  bool exclude_left = false;  // leave out guests whose manager has left
};

/// The funnel of events: guests invited → registered → came → interested → deal → won, with rates, money and goals, a
/// row per key of the guests, then `(unattributed)` (by month `(undated)`), then `(total)`.
///
/// Counts are of guests; `attended`, `walk_ins`, `deals`, `won` and `amount_won` are those of the cards. A step's rate
/// is the part of the guests of the step before who did this one too; `…_of_all` is over all guests of the row (a
/// strict chain: over its first step). Null where there is nothing to divide by. Totals come from sums. Goals stand
/// beside events, and their sum in the total. Definitions: docs/funnel/funnel.md. O(guests).
/// @throws Error unknown_name for an event that is not there or is a session, overflow for money beyond 64 bits.
[[nodiscard]] Table funnel(const Guests& guests, const FunnelOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/funnel/detail/funnel.ipp"  // IWYU pragma: keep
#endif
