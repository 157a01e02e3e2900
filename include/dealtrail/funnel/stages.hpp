#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/facts/finding_list.hpp"
#include "dealtrail/histories/histories.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

/// Whose a visit of a stage is: the manager when the deal entered it, or the deal's manager now.
enum class StageOwner : std::uint8_t { then, now };
inline constexpr detail::EnumNames<2> stage_owner_names{"then", "now"};

struct StagesOptions {
  std::optional<std::string> pipeline{};  // only this one
  StageOwner owner = StageOwner::then;
  std::vector<std::string> exclude_managers{};  // visits of these are left out
  bool exclude_left = false;                    // and those of managers who have left
  std::vector<std::string> order{};             // of stages, first to last; none: as the deals went through them
};

/// What happened in one stage.
struct StageRow {
  std::string key{};
  std::string pipeline{};
  std::string stage{};
  DealOutcome closes = DealOutcome::open;  // every deal that stands in the stage has this outcome
  std::int64_t entered = 0;                // visits: a deal that comes back enters again
  std::int64_t left_forward = 0;
  std::int64_t left_back = 0;
  std::int64_t left_lost = 0;       // to a stage where deals are lost
  std::int64_t left_elsewhere = 0;  // to another pipeline
  std::int64_t skipped = 0;         // moves forward over it
  std::int64_t open_now = 0;
  std::int64_t closed_here = 0;          // won or lost, and still in the stage
  std::vector<std::int64_t> times_us{};  // of the visits that ended, sorted
  std::int64_t won = 0;                  // deals that were here, by their outcome
  std::int64_t lost = 0;
};

struct Stages {
  std::vector<StageRow> rows{};  // by key, pipeline, order of the stages
  bool has_history = false;      // without moves of stages: open_now and closed_here alone are known
  std::string by{};
  std::int64_t left_out = 0;  // visits of owners who are left out
  detail::FindingList problems{};
  std::vector<std::pair<std::string, std::string>> meta{};

  /// by?, pipeline, stage, entered, left_forward, left_back, left_lost, left_elsewhere, skipped, open_now, closed_here,
  /// median_days, p90_days, conversion_won. entered = the four ways to leave + open_now + closed_here. Null without a
  /// history, and where there is nothing to divide by or no visit ended.
  [[nodiscard]] Table table() const;
};

/// How deals go through the stages of their pipelines, from their moves (M4.4): how many entered each stage, how they
/// left it, how long they stayed, how many of those closed were won. Definitions: docs/funnel/stages.md.
/// O(changes + deals × stages).
/// @throws Error unknown_name for a pipeline or manager of no deal, or a stage of `order` that is none.
[[nodiscard]] Stages stages(const Histories& histories, const StagesOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/funnel/detail/stages.ipp"  // IWYU pragma: keep
#endif
