#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/facts/finding_list.hpp"
#include "dealtrail/facts/outcome.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

class Trail;

enum class DealOutcome : std::uint8_t { open, won, lost };
inline constexpr detail::EnumNames<3> deal_outcome_names{"open", "won", "lost"};
[[nodiscard]] constexpr std::string_view to_string(DealOutcome outcome) noexcept {
  return detail::enum_name(deal_outcome_names, outcome);
}

/// What of a deal has a history. Of changes at one time the order is this one: a deal that is raised and won in one
/// moment is won at its new amount.
enum class DealField : std::uint8_t { manager, pipeline, stage, expected_close, amount, outcome };
inline constexpr detail::EnumNames<6> deal_field_names{"manager",        "pipeline", "stage",
                                                       "expected_close", "amount",   "outcome"};
[[nodiscard]] constexpr std::string_view to_string(DealField field) noexcept {
  return detail::enum_name(deal_field_names, field);
}

/// A deal at one moment. Texts borrow from the Trail; no value is an empty text.
struct DealState {
  std::string_view manager{};
  std::string_view pipeline{};
  std::string_view stage{};
  std::optional<Timestamp> expected_close{};
  std::optional<std::int64_t> amount_minor{};  // in the Trail's currency
  DealOutcome outcome = DealOutcome::open;
  friend bool operator==(const DealState&, const DealState&) = default;
};

/// A field gets another value.
struct DealChange {
  Timestamp at{};
  DealField field = DealField::stage;
  std::string_view text{};               // of manager, pipeline, stage
  std::optional<std::int64_t> number{};  // of amount (minor units), expected_close (microseconds), outcome
};

/// The state after a change.
void apply(DealState& state, const DealChange& change) noexcept;

/// One deal: how it was made, what changed afterwards, what it is now.
struct DealHistory {
  std::string_view id{};
  std::string_view key{};  // of the column `by`; manager and pipeline are read from the states
  Timestamp created_at{};
  DealState created{};
  DealState now{};        // as the deal's own fields say
  bool present = true;    // false: only moves know of it
  std::size_t first = 0;  // of its changes
  std::size_t last = 0;   // behind them
};

/// A stage in which every deal of today has one outcome, won or lost.
struct ClosingStage {
  std::string_view pipeline{};
  std::string_view stage{};
  DealOutcome outcome = DealOutcome::won;
};

struct HistoriesOptions {
  std::string by{};  // a column of deals; none: no groups
  View view = View::marketing;
};

/// The histories of the deals of a Trail, by id: what the calculators of stages and of the waterfall read. Texts borrow
/// from the Trail: valid until it changes.
struct Histories {
  std::vector<DealHistory> deals{};
  std::vector<DealChange> changes{};     // by deal, then time, then field; only where a value changes
  std::vector<ClosingStage> closing{};   // by pipeline and stage
  std::vector<std::string_view> left{};  // managers who are active no longer, by id
  std::array<bool, 6> known{};           // by DealField: whether the Trail has a history of it
  HistoriesOptions options{};
  Currency currency{};
  Zone zone{};
  std::optional<Timestamp> latest{};  // activity
  std::int64_t claims = 0;            // deals with a parent: not among `deals`
  std::set<std::string> made{};       // keys that no fact has as text
  detail::FindingList problems{};

  Histories() = default;
  Histories(Histories&&) noexcept = default;
  Histories& operator=(Histories&&) noexcept = default;
  Histories(const Histories&) = delete;  // keys may borrow from `made`
  Histories& operator=(const Histories&) = delete;
  ~Histories() = default;

  [[nodiscard]] bool has(DealField field) const noexcept { return known[static_cast<std::size_t>(field)]; }
};

/// The histories of a Trail, from `moves` of deals: `field` stage, pipeline, manager, amount, expected_close or
/// outcome; texts are read as the field's type. A move of a stage that names its pipeline is a move of the pipeline
/// too. Before its first move a field has the value `from` (a pipeline: the first that is known); a field without moves
/// has its present value at all times. A deal closes at its date (closed_at, else its last move, else created_at); a
/// move from a stage where all deals are won or lost reopens it. What does not fit is in `problems`.
/// Definitions: docs/histories/histories.md. O(moves log moves of a deal).
/// @throws Error unknown_name for a `by` that is no column of deals.
[[nodiscard]] Histories histories(const Trail& trail, const HistoriesOptions& options = {});

/// A row per deal as it was made and per change: deal, at, field, value.
[[nodiscard]] Table histories_table(const Histories& histories);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/histories/detail/histories.ipp"  // IWYU pragma: keep
#endif
