#pragma once

#include <chrono>
#include <cstdint>

namespace dealtrail {

/// A moment in UTC, to the microsecond, as Arrow has it: timestamp[us, UTC]. From -290308 to 294247, far beyond any
/// calendar.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// The moment that many microseconds after 1970-01-01 00:00 UTC.
[[nodiscard]] constexpr Timestamp from_us(std::int64_t at_us) noexcept {
  return Timestamp{std::chrono::microseconds{at_us}};
}

/// Microseconds since 1970-01-01 00:00 UTC.
[[nodiscard]] constexpr std::int64_t to_us(Timestamp at) noexcept { return at.time_since_epoch().count(); }

inline constexpr std::int64_t us_per_second = 1'000'000;
inline constexpr std::int64_t us_per_day = 86'400 * us_per_second;

}  // namespace dealtrail
