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
#include "dealtrail/core/zone.hpp"

namespace dealtrail {

DEALTRAIL_LAZY_INLINE Zone Zone::fixed(std::int32_t offset_s, std::string name) {
  require_offset(offset_s);
  Zone zone;
  zone.name_ = name.empty() ? offset_name(offset_s) : std::move(name);
  zone.initial_offset_s_ = offset_s;
  return zone;
}

DEALTRAIL_LAZY_INLINE Zone Zone::from_transitions(std::string name, std::vector<ZoneTransition> transitions,
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

DEALTRAIL_LAZY_INLINE std::string Zone::to_bytes() const {
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

DEALTRAIL_LAZY_INLINE Zone Zone::from_bytes(std::string_view bytes) {
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

DEALTRAIL_LAZY_INLINE void Zone::require_offset(std::int32_t offset_s) {
  if (offset_s <= -day_s || offset_s >= day_s) {
    throw Error(ErrorCode::invalid_argument, "zone offset is a day or more: " + std::to_string(offset_s) + " s", {},
                "offsets are seconds ahead of UTC");
  }
}

DEALTRAIL_LAZY_INLINE std::string Zone::offset_name(std::int32_t offset_s) {
  if (offset_s == 0) return "UTC";
  const std::int32_t magnitude = offset_s < 0 ? -offset_s : offset_s;
  const auto two = [](std::int32_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  std::string name = (offset_s < 0 ? "-" : "+") + two(magnitude / 3600) + ":" + two(magnitude / 60 % 60);
  if (magnitude % 60 != 0) name += ":" + two(magnitude % 60);
  return name;
}

DEALTRAIL_LAZY_INLINE std::int64_t Zone::shifted(std::int64_t us, std::int64_t offset_s) noexcept {
  std::int64_t result = 0;
  if (!__builtin_add_overflow(us, offset_s * us_per_second, &result)) return result;
  return offset_s < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

DEALTRAIL_LAZY_INLINE std::size_t Zone::changes_until(std::int64_t utc_us) const noexcept {
  const auto after =
      std::upper_bound(transitions_.begin(), transitions_.end(), utc_us,
                       [](std::int64_t at, const ZoneTransition& transition) { return at < transition.utc_us; });
  return static_cast<std::size_t>(after - transitions_.begin());
}

DEALTRAIL_LAZY_INLINE std::int32_t Zone::offset_after(std::size_t changes) const noexcept {
  return changes == 0 ? initial_offset_s_ : transitions_[changes - 1].offset_s;
}

DEALTRAIL_LAZY_INLINE Zone::Found Zone::find(std::int64_t local_us) const noexcept {
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

DEALTRAIL_LAZY_INLINE std::int32_t Zone::offset_at(Timestamp at) const noexcept {
  return offset_after(changes_until(to_us(at)));
}

DEALTRAIL_LAZY_INLINE std::int64_t Zone::to_local(Timestamp at) const noexcept {
  return shifted(to_us(at), offset_at(at));
}

DEALTRAIL_LAZY_INLINE Timestamp Zone::to_utc(std::int64_t local_us) const noexcept {
  return from_us(find(local_us).utc_us);
}

DEALTRAIL_LAZY_INLINE Timestamp Zone::first_moment(std::int64_t local_us) const noexcept {
  const auto found = find(local_us);
  return from_us(found.skipped ? found.change_us : found.utc_us);
}

}  // namespace dealtrail
