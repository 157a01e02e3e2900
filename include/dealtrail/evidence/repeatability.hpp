#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/placements/placements.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::evidence {

struct RepeatabilityOptions {
  std::string metric = "cost_per_attendee";
  std::string by = "channel";
};

/// How far one channel's results may be expected to come again.
struct Repeatable {
  std::string key{};
  ChannelState state = ChannelState::working;
  std::string basis{};
  std::int64_t placements = 0;  // judged
  std::int64_t spend_minor = 0;
  std::int64_t count = 0;
  std::optional<double> reliability{};  // signal / (signal + noise) of the channel's own rate; 90 % interval
  std::optional<double> reliability_low{};
  std::optional<double> reliability_high{};
  std::string side{};                   // better or worse than the others' pooled rate; empty without others
  std::int64_t same_side = 0;           // placements on that side
  std::optional<double> consistency{};  // their share; 90 % interval
  std::optional<double> consistency_low{};
  std::optional<double> consistency_high{};
  std::optional<double> score{};  // reliability * consistency; its ends are the products of the ends
  std::optional<double> score_low{};
  std::optional<double> score_high{};
};

struct Repeatabilities {
  std::vector<Repeatable> rows{};  // by key
  Currency currency{};
  std::vector<std::pair<std::string, std::string>> meta{};

  /// A row per channel, columns as the fields of Repeatable.
  [[nodiscard]] Table table() const;
};

/// Which channels repeat their results (M1.9). `reliability` is between-channel variance over itself plus the noise of
/// the channel's own mean, with the over-dispersion of the pool: 0 when its figures are chance alone, 1 when they are
/// its own. `consistency` is the share of placements on the same side of the other channels' pooled rate as the channel
/// as a whole. Never a bare number: each has a 90 % interval. Definitions: docs/evidence/repeatability.md.
[[nodiscard]] Repeatabilities repeatability(const Placements& placements, const RepeatabilityOptions& options = {});

}  // namespace dealtrail::evidence

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/evidence/detail/repeatability.ipp"  // IWYU pragma: keep
#endif
