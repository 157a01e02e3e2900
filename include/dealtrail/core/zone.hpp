#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/timestamp.hpp"

namespace dealtrail {

/// From `utc_us` on (inclusive), clocks show UTC + `offset_s`.
struct ZoneTransition {
  std::int64_t utc_us = 0;
  std::int32_t offset_s = 0;
  friend bool operator==(const ZoneTransition&, const ZoneTransition&) = default;
};

/// Wall-clock time of a place: a fixed offset, or a table of changes that the host supplies (Python makes it from an
/// IANA name). UTC when default-constructed. A regular value; reading is const and lock-free. Local time is
/// microseconds of the wall clock, counted as if it were UTC. Conversions of moments within a day of the ends of int64
/// stop at the ends.
class Zone {
 public:
  Zone() = default;

  /// A place whose clock never changes. An empty name becomes "UTC", "+03:00" or "+05:53:28".
  /// @throws Error invalid_argument if the offset is a day or more.
  [[nodiscard]] static Zone fixed(std::int32_t offset_s, std::string name = {});

  /// A place with a table of changes; `initial_offset_s` holds before the first.
  /// @throws Error invalid_argument if the changes are not in strict order of time, or an offset is a day or more.
  [[nodiscard]] static Zone from_transitions(std::string name, std::vector<ZoneTransition> transitions,
                                             std::int32_t initial_offset_s);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// Seconds that the wall clock is ahead of UTC at this moment. O(log changes).
  [[nodiscard]] std::int32_t offset_at(Timestamp at) const noexcept { return offset_after(changes_until(to_us(at))); }

  /// Wall-clock microseconds at this moment.
  [[nodiscard]] std::int64_t to_local(Timestamp at) const noexcept { return shifted(to_us(at), offset_at(at)); }

  /// The moment at which the wall clock shows this. A time shown twice is the first of the two; a time that is skipped
  /// is read with the offset before the change (02:30 in a gap of one hour is 03:30), as Python's fold=0 does.
  [[nodiscard]] Timestamp to_utc(std::int64_t local_us) const noexcept { return from_us(find(local_us).utc_us); }

  /// The first moment at which the wall clock shows this time or, when it is skipped, whatever the clock jumps to.
  /// Calendar periods begin here, so a day begins at the change itself when midnight is skipped.
  [[nodiscard]] Timestamp first_moment(std::int64_t local_us) const noexcept {
    const auto found = find(local_us);
    return from_us(found.skipped ? found.change_us : found.utc_us);
  }

  /// Canonical bytes: equal zones, equal bytes, on every machine.
  [[nodiscard]] std::string to_bytes() const;

  /// The zone that `to_bytes` wrote.
  /// @throws Error corrupt_data if it did not write these bytes.
  [[nodiscard]] static Zone from_bytes(std::string_view bytes);

  friend bool operator==(const Zone&, const Zone&) = default;

 private:
  static constexpr std::int64_t day_s = 86'400;

  struct Found {
    std::int64_t utc_us;
    std::int64_t change_us;
    bool skipped;
  };

  static void require_offset(std::int32_t offset_s);

  static std::string offset_name(std::int32_t offset_s);

  static std::int64_t shifted(std::int64_t us, std::int64_t offset_s) noexcept {
    std::int64_t result = 0;
    if (!__builtin_add_overflow(us, offset_s * us_per_second, &result)) return result;
    return offset_s < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
  }

  [[nodiscard]] std::size_t changes_until(std::int64_t utc_us) const noexcept {
    const auto after =
        std::upper_bound(transitions_.begin(), transitions_.end(), utc_us,
                         [](std::int64_t at, const ZoneTransition& transition) { return at < transition.utc_us; });
    return static_cast<std::size_t>(after - transitions_.begin());
  }
  [[nodiscard]] std::int32_t offset_after(std::size_t changes) const noexcept {
    return changes == 0 ? initial_offset_s_ : transitions_[changes - 1].offset_s;
  }

  [[nodiscard]] Found find(std::int64_t local_us) const noexcept {
    // No clock is a day off, so only stretches that touch the two days around this reading can show it. The first that
    // does wins; if none does, the reading fell into the gap before the first stretch that begins after it.
    const std::int64_t latest_us = shifted(local_us, day_s);
    Found gap{local_us, local_us, false};
    for (std::size_t k = changes_until(shifted(local_us, -day_s));; ++k) {
      const std::int64_t utc_us = shifted(local_us, -std::int64_t{offset_after(k)});
      const bool begun = k == 0 || utc_us >= transitions_[k - 1].utc_us;
      const bool last = k == transitions_.size();
      if (begun && (last || utc_us < transitions_[k].utc_us)) return {utc_us, utc_us, false};
      if (!begun && !gap.skipped) {
        gap = {shifted(local_us, -std::int64_t{offset_after(k - 1)}), transitions_[k - 1].utc_us, true};
      }
      if (last || transitions_[k].utc_us > latest_us) return gap;
    }
  }

  std::string name_ = "UTC";
  std::int32_t initial_offset_s_ = 0;
  std::vector<ZoneTransition> transitions_;
};

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/core/detail/zone.ipp>
#endif
