#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/facts/finding_list.hpp"
#include "dealtrail/histories/histories.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

/// The bars of the waterfall, in their order.
enum class WaterfallBar : std::uint8_t {
  start,
  created,
  moved_in,
  pulled_in,
  reopened,
  raised,
  cut,
  pushed,
  moved_out,
  won,
  lost,
  removed,
  end
};
inline constexpr detail::EnumNames<13> waterfall_bar_names{"start",  "new",     "moved_in", "pulled_in", "reopened",
                                                           "raised", "cut",     "pushed",   "moved_out", "won",
                                                           "lost",   "removed", "end"};
[[nodiscard]] constexpr std::string_view to_string(WaterfallBar bar) noexcept {
  return detail::enum_name(waterfall_bar_names, bar);
}

/// Which open deals the waterfall is of.
struct WaterfallOptions {
  std::optional<Period> closing{};        // only deals that are expected to close in it; none: all open deals
  std::optional<std::string> pipeline{};  // only deals of this pipeline, at the time
  std::optional<std::string> manager{};   // only deals of this manager, at the time
};

/// What one deal adds to one bar.
struct WaterfallPart {
  std::string key{};
  WaterfallBar bar = WaterfallBar::start;
  std::string deal{};
  MoneySum amount{};              // minor units; of bars that take away below zero
  std::optional<Timestamp> at{};  // of the last change; none between two Trails
  std::string manager{};          // at the end, as all that follows
  std::string pipeline{};
  std::string stage{};
  std::optional<Timestamp> expected_close{};
  std::optional<std::int64_t> pushed_times{};    // its expected close went to a later day, ever
  std::optional<std::int64_t> returned_times{};  // it came back to a stage where it had been, ever
  bool past_due = false;                         // open behind its expected close
  std::optional<std::int64_t> still_days{};      // whole days since its last change
};

struct Waterfall {
  std::vector<WaterfallPart> parts{};   // by key, bar, amount (greatest first), deal
  std::vector<WaterfallBar> unknown{};  // bars without a history
  std::string by{};
  Currency currency{};
  Zone zone{};
  detail::FindingList problems{};
  std::vector<std::pair<std::string, std::string>> meta{};

  /// by?, bar, amount, deals: of each key its bars, by key `(unattributed)` and `(total)` last. From start to end the
  /// amounts add up to the end. Null where there is no history.
  [[nodiscard]] Table table() const;
  /// The deals of a bar, or of all: key?, bar, deal, amount, at, manager, pipeline, stage, expected_close,
  /// pushed_times, returned_times, past_due, still_days.
  [[nodiscard]] Table deals(std::optional<WaterfallBar> bar = {}) const;
};

/// Why the open amount changed between two moments (M5.1): start + new + moved in + pulled in + reopened + raised − cut
/// − pushed − moved out − won − lost − removed = end, to the kopeck. A deal with several causes is cut at its changes,
/// in order of time. Definitions: docs/funnel/waterfall.md. O(changes).
/// @throws Error invalid_argument for an end before the start, unknown_name for a pipeline or manager of no deal.
[[nodiscard]] Waterfall waterfall(const Histories& histories, Timestamp start, Timestamp end,
                                  const WaterfallOptions& options = {});
/// The same between two Trails, by the present values of their deals: whatever happened between them is seen as one
/// change of each field, in the order pipeline and manager, expected close, amount, outcome.
/// @throws Error currency_mismatch for Trails of two currencies, unknown_name as above.
[[nodiscard]] Waterfall waterfall_between(const Histories& before, const Histories& after,
                                          const WaterfallOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/funnel/detail/waterfall.ipp"        // IWYU pragma: keep
#include "dealtrail/funnel/detail/waterfall_table.ipp"  // IWYU pragma: keep
#endif
