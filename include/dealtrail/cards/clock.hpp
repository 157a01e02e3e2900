#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "dealtrail/core/detail/enum_names.hpp"

namespace dealtrail {

/// Which time a figure is grouped by: each fact's own (`activity`), its announcement's publication (`placement`), or
/// for invoices the approval (`approval`).
enum class Clock : std::uint8_t { activity, placement, approval };

inline constexpr detail::EnumNames<3> clock_names{"activity", "placement", "approval"};
[[nodiscard]] constexpr std::string_view to_string(Clock clock) noexcept {
  return detail::enum_name(clock_names, clock);
}
[[nodiscard]] constexpr std::optional<Clock> find_clock(std::string_view name) noexcept {
  return detail::find_enum<Clock>(clock_names, name);
}

}  // namespace dealtrail
