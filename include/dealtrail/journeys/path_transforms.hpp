#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail {

/// What a path becomes before models read it. Of D A B B C D C C:
/// `as_is`, `unique`: the same (`unique` is the name other tools use for it);
/// `exposure`: D A B C D C, repeats one after another are one touch;
/// `first`: D A B C, each channel is there once, where it came first;
/// `frequency`: D(2) A(1) B(2) C(3), as `first`, and how often is part of the channel's name.
enum class PathTransform : std::uint8_t { as_is, unique, first, exposure, frequency };

/// Which touches of excluded channels go: all (`always`); all, unless the journey has no others (`not_alone`); those at
/// the end, after the last touch of another channel, unless the journey has no others (`last`).
enum class ExcludeWhen : std::uint8_t { always, not_alone, last };

inline constexpr detail::EnumNames<5> path_transform_names{"as_is", "unique", "first", "exposure", "frequency"};
[[nodiscard]] constexpr std::string_view to_string(PathTransform how) noexcept {
  return detail::enum_name(path_transform_names, how);
}
[[nodiscard]] constexpr std::optional<PathTransform> find_path_transform(std::string_view name) noexcept {
  return detail::find_enum<PathTransform>(path_transform_names, name);
}
inline constexpr detail::EnumNames<3> exclude_when_names{"always", "not_alone", "last"};
[[nodiscard]] constexpr std::string_view to_string(ExcludeWhen when) noexcept {
  return detail::enum_name(exclude_when_names, when);
}
[[nodiscard]] constexpr std::optional<ExcludeWhen> find_exclude_when(std::string_view name) noexcept {
  return detail::find_enum<ExcludeWhen>(exclude_when_names, name);
}

// Journeys of journeys: touches are left out, journeys, conversions and values never are. A touch that stays keeps its
// time; a journey keeps the time it converted at and its milestones, and one that loses all touches is
// "(unattributed)". Paths that become equal add up, so transforms and `by_path` may come in any order; shards may be
// transformed before or after they are merged. What was done is said in `meta` ("transforms"). All are O(touches).
// See docs/journeys/path_transforms.md.

/// Journeys whose repeats are told another way. Of touches of a channel that become one, the first stays.
[[nodiscard]] Journeys transform(const Journeys& journeys, PathTransform how);

/// Journeys without the touches of these channels. Names that no journey has are no mistake: another shard may.
[[nodiscard]] Journeys exclude(const Journeys& journeys, std::span<const std::string> channels,
                               ExcludeWhen when = ExcludeWhen::always);

/// Journeys of no more than their last touches. @throws Error invalid_argument for less than 1.
[[nodiscard]] Journeys last_touches(const Journeys& journeys, std::int64_t last);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/journeys/detail/path_transforms.ipp"
#endif
