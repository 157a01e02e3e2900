#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/journeys/detail/journeys_remade.hpp"
#include "dealtrail/journeys/path_transforms.hpp"

// Which touches of a journey stay: a pass over all touches, then the canonical order.

namespace dealtrail {

namespace detail {

// Calls `keep(path, stay)` for each journey; `stay(place, code)` keeps a touch under the name of that code.
template <class Keep>
[[nodiscard]] JourneyColumns kept_touches(const JourneyColumns& in, Keep&& keep) {
  JourneyColumns out = without_touches(in);
  out.journey_first.reserve(in.journey_first.size());
  out.touch_channel.reserve(in.touch_channel.size());
  out.touch_at.reserve(in.touch_at.size());
  if (!in.journey_first.empty()) out.journey_first.push_back(0);
  for (std::size_t journey = 0; journey < in.journeys(); ++journey) {
    const std::size_t begin = in.journey_first[journey];
    const std::span<const std::uint32_t> path{in.touch_channel.data() + begin, in.journey_first[journey + 1] - begin};
    keep(path, [&](std::size_t place, std::uint32_t code) {
      out.touch_channel.push_back(code);
      if (!in.touch_at.empty()) out.touch_at.push_back(in.touch_at[begin + place]);
    });
    out.journey_first.push_back(out.touch_channel.size());
  }
  return out;
}

[[nodiscard]] inline Journeys named_journeys(JourneyColumns columns, const std::vector<std::string>& names,
                                             const std::string& step) {
  name_channels(columns, names);
  add_step(columns, "transforms", step);
  return JourneysMaker::of(in_canonical_order(std::move(columns)));
}

// Each channel once, where it came first; `name` gives the code of (channel, how often).
template <class Code>
[[nodiscard]] JourneyColumns first_of_each(const JourneyColumns& in, Code&& code) {
  std::vector<std::uint64_t> times(in.channels.size());  // in this journey
  return kept_touches(in, [&](std::span<const std::uint32_t> path, auto&& stay) {
    for (const std::uint32_t channel : path) ++times[channel];
    for (std::size_t place = 0; place < path.size(); ++place) {
      std::uint64_t& count = times[path[place]];
      if (count == 0) continue;
      stay(place, code(path[place], count));
      count = 0;
    }
  });
}

}  // namespace detail

DEALTRAIL_INLINE Journeys transform(const Journeys& journeys, PathTransform how) {
  using namespace detail;
  const JourneyColumns& in = journeys.columns();
  const std::string step{to_string(how)};
  if (in.of == JourneysOf::nothing) return journeys;
  switch (how) {
    case PathTransform::as_is:
    case PathTransform::unique: return journeys;
    case PathTransform::first:
      return named_journeys(first_of_each(in, [](std::uint32_t channel, std::uint64_t) { return channel; }),
                            in.channels, step);
    case PathTransform::exposure:
      return named_journeys(kept_touches(in,
                                         [](std::span<const std::uint32_t> path, auto&& stay) {
                                           for (std::size_t place = 0; place < path.size(); ++place) {
                                             if (place == 0 || path[place] != path[place - 1]) stay(place, path[place]);
                                           }
                                         }),
                            in.channels, step);
    case PathTransform::frequency: break;
  }
  constexpr std::uint32_t none = 0xFFFFFFFF;
  std::vector<std::string> names;
  std::vector<std::vector<std::uint32_t>> codes(in.channels.size());  // by channel and count
  JourneyColumns counted = first_of_each(in, [&](std::uint32_t channel, std::uint64_t count) {
    auto& of_channel = codes[channel];
    if (of_channel.size() <= count) of_channel.resize(static_cast<std::size_t>(count) + 1, none);
    std::uint32_t& code = of_channel[static_cast<std::size_t>(count)];
    if (code == none) {
      code = static_cast<std::uint32_t>(names.size());
      names.push_back(in.channels[channel] + '(' + std::to_string(count) + ')');
    }
    return code;
  });
  return named_journeys(std::move(counted), names, step);
}

DEALTRAIL_INLINE Journeys exclude(const Journeys& journeys, std::span<const std::string> channels, ExcludeWhen when) {
  using namespace detail;
  const JourneyColumns& in = journeys.columns();
  if (in.of == JourneysOf::nothing || channels.empty()) return journeys;
  std::vector<std::string> names{channels.begin(), channels.end()};
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<std::uint8_t> excluded;
  std::string step = "exclude";
  for (const std::string& channel : in.channels)
    excluded.push_back(std::binary_search(names.begin(), names.end(), channel) ? 1 : 0);
  for (const std::string& name : names) step += (name == names.front() ? " \"" : ", \"") + name + '"';
  step += ' ' + std::string{to_string(when)};
  JourneyColumns rest = kept_touches(in, [&](std::span<const std::uint32_t> path, auto&& stay) {
    std::size_t end = path.size();  // after the last touch of another channel
    while (end > 0 && excluded[path[end - 1]] != 0) --end;
    const bool alone = end == 0;
    if (alone && when == ExcludeWhen::always) return;
    if (alone || when == ExcludeWhen::last) {
      if (alone) end = path.size();
      for (std::size_t place = 0; place < end; ++place) stay(place, path[place]);
      return;
    }
    for (std::size_t place = 0; place < end; ++place) {
      if (excluded[path[place]] == 0) stay(place, path[place]);
    }
  });
  return named_journeys(std::move(rest), in.channels, step);
}

DEALTRAIL_INLINE Journeys last_touches(const Journeys& journeys, std::int64_t last) {
  using namespace detail;
  if (last < 1)
    throw Error(ErrorCode::invalid_argument, "last out of range: " + std::to_string(last), {}, "1 touch or more");
  const JourneyColumns& in = journeys.columns();
  if (in.of == JourneysOf::nothing) return journeys;
  const auto most = static_cast<std::size_t>(last);
  return named_journeys(kept_touches(in,
                                     [&](std::span<const std::uint32_t> path, auto&& stay) {
                                       for (std::size_t place = path.size() - std::min(path.size(), most);
                                            place < path.size(); ++place)
                                         stay(place, path[place]);
                                     }),
                        in.channels, "last " + std::to_string(last));
}

}  // namespace dealtrail
