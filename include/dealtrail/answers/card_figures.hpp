#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>

#include "dealtrail/cards/metrics.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/int128.hpp"
#include "dealtrail/table/table.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {

/// A sum of one row of cards that somebody else gives, such as a model of attribution: a count in parts of 2^-48, an
/// amount in minor units.
struct CardFigure {
  std::string key{};  // "(unattributed)": what is nobody's
  Metric metric = Metric::nothing;
  std::optional<detail::int128> sum{};  // nothing: it cannot be said
};

/// Cards in which some sums are given: a metric that has a figure in any row has only what figures say in all of them,
/// 0 where none does, and so have the ratios made of it; its counts are float64. The other columns, and the total, are
/// those of the facts. A key by a column that cards have no row for gets one. `said` goes to the meta. A scan:
/// O(facts).
/// @throws Error unknown_name for a key of channels, announcements, events or partners that is not in the Trail,
/// invalid_argument for a figure of the total, and as `Trail::cards`.
[[nodiscard]] Table cards_with(const Trail& trail, std::span<const CardFigure> figures,
                               const CardsOptions& options = {},
                               std::span<const std::pair<std::string, std::string>> said = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/answers/detail/card_figures.ipp"  // IWYU pragma: keep
#endif
