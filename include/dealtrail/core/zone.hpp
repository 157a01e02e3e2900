#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/bytes.hpp"
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
  [[nodiscard]] static Zone fixed(std::int32_t offset_s, std::string name = {}) {
    require_offset(offset_s);
    Zone zone;
    zone.name_ = name.empty() ? offset_name(offset_s) : std::move(name);
    zone.initial_offset_s_ = offset_s;
    return zone;
  }

  /// A place with a table of changes; `initial_offset_s` holds before the first.
  /// @throws Error invalid_argument if the changes are not in strict order of time, or an offset is a day or more.
  [[nodiscard]] static Zone from_transitions(std::string name, std::vector<ZoneTransition> transitions,
                                             std::int32_t initial_offset_s) {
    require_offset(initial_offset_s);
    for (std::size_t i = 0; i < transitions.size(); ++i) {
      require_offset(transitions[i].offset_s);
      if (i > 0 && transitions[i].utc_us <= transitions[i - 1].utc_us) {
        throw Error(ErrorCode::invalid_argument, "zone changes are not in order of time",
                    {name, "utc_us", static_cast<std::int64_t>(i)});
      }
    }
    Zone zone;
    zone.name_ = std::move(name);
    zone.initial_offset_s_ = initial_offset_s;
    zone.transitions_ = std::move(transitions);
    return zone;
  }

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
  [[nodiscard]] std::string to_bytes() const {
    std::string bytes;
    detail::append_little_endian(bytes, static_cast<std::uint32_t>(name_.size()));
    bytes += name_;
    detail::append_little_endian(bytes, initial_offset_s_);
    detail::append_little_endian(bytes, static_cast<std::uint32_t>(transitions_.size()));
    for (const auto& change : transitions_) {
      detail::append_little_endian(bytes, change.utc_us);
      detail::append_little_endian(bytes, change.offset_s);
    }
    return bytes;
  }

  /// The zone that `to_bytes` wrote.
  /// @throws Error corrupt_data if it did not write these bytes.
  [[nodiscard]] static Zone from_bytes(std::string_view bytes) {
    detail::ByteReader reader{bytes, "zone"};
    Zone zone;
    zone.name_ = reader.take(reader.read<std::uint32_t>());
    zone.initial_offset_s_ = reader.read<std::int32_t>();
    const auto count = reader.read<std::uint32_t>();
    if (count > reader.left() / 12) reader.fail("is cut short");  // before room is made for them
    zone.transitions_.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto utc_us = reader.read<std::int64_t>();
      zone.transitions_.push_back({utc_us, reader.read<std::int32_t>()});
    }
    reader.expect_end();
    try {
      return from_transitions(std::move(zone.name_), std::move(zone.transitions_), zone.initial_offset_s_);
    } catch (const Error&) {
      reader.fail("breaks the rules of a zone");
    }
  }

  friend bool operator==(const Zone&, const Zone&) = default;

 private:
  static constexpr std::int64_t day_s = 86'400;

  struct Found {
    std::int64_t utc_us;
    std::int64_t change_us;
    bool skipped;
  };

  static void require_offset(std::int32_t offset_s) {
    if (offset_s <= -day_s || offset_s >= day_s) {
      throw Error(ErrorCode::invalid_argument, "zone offset is a day or more: " + std::to_string(offset_s) + " s", {},
                  "offsets are seconds ahead of UTC");
    }
  }

  static std::string offset_name(std::int32_t offset_s) {
    if (offset_s == 0) return "UTC";
    const std::int32_t magnitude = offset_s < 0 ? -offset_s : offset_s;
    const auto two = [](std::int32_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    std::string name = (offset_s < 0 ? "-" : "+") + two(magnitude / 3600) + ":" + two(magnitude / 60 % 60);
    if (magnitude % 60 != 0) name += ":" + two(magnitude % 60);
    return name;
  }

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
