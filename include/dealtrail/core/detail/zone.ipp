#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/bytes.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/core/zone.hpp"

namespace dealtrail {

DEALTRAIL_INLINE Zone Zone::fixed(std::int32_t offset_s, std::string name) {
  require_offset(offset_s);
  Zone zone;
  zone.name_ = name.empty() ? offset_name(offset_s) : std::move(name);
  zone.initial_offset_s_ = offset_s;
  return zone;
}

DEALTRAIL_INLINE Zone Zone::from_transitions(std::string name, std::vector<ZoneTransition> transitions,
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

DEALTRAIL_INLINE std::string Zone::to_bytes() const {
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

DEALTRAIL_INLINE Zone Zone::from_bytes(std::string_view bytes) {
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

DEALTRAIL_INLINE void Zone::require_offset(std::int32_t offset_s) {
  if (offset_s <= -day_s || offset_s >= day_s) {
    throw Error(ErrorCode::invalid_argument, "zone offset is a day or more: " + std::to_string(offset_s) + " s", {},
                "offsets are seconds ahead of UTC");
  }
}

DEALTRAIL_INLINE std::string Zone::offset_name(std::int32_t offset_s) {
  if (offset_s == 0) return "UTC";
  const std::int32_t magnitude = offset_s < 0 ? -offset_s : offset_s;
  const auto two = [](std::int32_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  std::string name = (offset_s < 0 ? "-" : "+") + two(magnitude / 3600) + ":" + two(magnitude / 60 % 60);
  if (magnitude % 60 != 0) name += ":" + two(magnitude % 60);
  return name;
}

}  // namespace dealtrail
