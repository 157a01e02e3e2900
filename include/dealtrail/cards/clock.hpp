#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dealtrail {

/// Which time a figure is grouped by: each fact's own (`activity`), its announcement's publication (`placement`), or
/// for invoices the approval (`approval`).
enum class Clock : std::uint8_t { activity, placement, approval };

[[nodiscard]] constexpr std::string_view to_string(Clock clock) noexcept {
  return clock == Clock::activity ? "activity" : clock == Clock::placement ? "placement" : "approval";
}
[[nodiscard]] constexpr std::optional<Clock> find_clock(std::string_view name) noexcept {
  for (const Clock clock : {Clock::activity, Clock::placement, Clock::approval}) {
    if (to_string(clock) == name) return clock;
  }
  return std::nullopt;
}

}  // namespace dealtrail
