#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/facts/outcome.hpp"
#include "dealtrail/table/stream.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

class Trail;

namespace detail {
class TrailPlacements;
}  // namespace detail

/// The state of a channel: in use, on trial, or no longer used.
enum class ChannelState : std::uint8_t { working, test, archived };
[[nodiscard]] std::string_view to_string(ChannelState state) noexcept;

/// One placement: what it cost and what came of it.
struct Placement {
  std::string channel{};
  std::string id{};
  std::optional<Timestamp> at{};              // when it was published
  std::optional<std::int64_t> spend_minor{};  // minor units; 0: free; nothing: not known
  std::int64_t count = 0;                     // results
  std::optional<std::int64_t> trials{};       // of how many, when results are a share of something
  std::optional<double> exposure{};           // reach, or another size of the placement that is not money
  ChannelState state = ChannelState::working;
  bool open = false;  // results may still come
  friend bool operator==(const Placement&, const Placement&) = default;
};

/// Which columns of a table of placements are read, and how. An empty name: the table has no such column.
struct PlacementOptions {
  std::string channel = "channel";  // text; also a creative or a format: whatever is judged
  std::string placement{};          // text or whole number; none: each row is one
  std::string at{};                 // time, local time (taken as UTC) or date
  std::string spend = "spend";      // amount in major units, from 0
  std::string count = "count";      // whole number from 0
  std::string trials{};             // whole number, at least the count
  std::string exposure{};           // number above 0
  std::string state{};              // working, test or archived; no value: working
  std::string open{};               // boolean, 0/1 or yes/no; no value: no
  Currency currency{};              // of the spend; none: two decimals
};

/// One kind of problem found in the rows, with its count.
struct PlacementProblem {
  std::string code{};
  std::string severity{};  // error: left out; warning: counted, but not everywhere; info
  std::string column{};
  std::int64_t count = 0;
  std::vector<std::string> first_ids{};     // up to five
  std::vector<std::string> first_values{};  // of the same rows
  std::string message{};
  std::string hint{};
};

/// Placements by channel: the view that `evidence` and `budget` read. Checked once when it is made, then plain columns;
/// ordered by (channel, time, id), placements without a time first. Immutable, a regular value; O(1) access. The same
/// rows in any order give the same view.
///
/// The state of a channel is that of its latest placement (of equal times the later state by working, test, archived).
class Placements {
 public:
  /// No placements.
  Placements() = default;

  /// Reads a table, a row per placement. Rows without a channel, or whose count, spend, trials or exposure cannot be
  /// such (negative, fractions, NaN, more results than trials), are left out and listed in `problems`. Spend that is
  /// not known is kept and listed. Equal rows of one (channel, placement) are one; different ones add up, and both are
  /// listed. O(rows log rows).
  /// @throws Error missing_column, type_mismatch for a column that does not fit, overflow for sums beyond 64 bits.
  [[nodiscard]] static Placements from_table(const TableInput& table, const PlacementOptions& options = {});
  /// The same of rows that a program has.
  [[nodiscard]] static Placements from_rows(std::vector<Placement> rows, Currency currency = {});

  [[nodiscard]] std::size_t size() const noexcept { return counts_.size(); }
  [[nodiscard]] std::size_t channel_count() const noexcept { return channels_.size(); }
  /// Names of the channels, sorted.
  [[nodiscard]] std::span<const std::string> channels() const& noexcept { return channels_; }
  std::span<const std::string> channels() && = delete;
  [[nodiscard]] ChannelState state(std::size_t channel) const noexcept { return states_[channel]; }
  /// The placements of a channel are those from `first(channel)` up to `first(channel + 1)`.
  [[nodiscard]] std::size_t first(std::size_t channel) const noexcept { return first_[channel]; }

  [[nodiscard]] std::string_view id(std::size_t placement) const& noexcept { return ids_[placement]; }
  std::string_view id(std::size_t) && = delete;
  [[nodiscard]] std::optional<Timestamp> at(std::size_t placement) const noexcept { return times_[placement]; }
  [[nodiscard]] std::optional<std::int64_t> spend_minor(std::size_t placement) const noexcept {
    return spends_[placement];
  }
  [[nodiscard]] std::int64_t count(std::size_t placement) const noexcept { return counts_[placement]; }
  [[nodiscard]] std::optional<std::int64_t> trials(std::size_t placement) const noexcept { return trials_[placement]; }
  [[nodiscard]] std::optional<double> exposure(std::size_t placement) const noexcept { return exposures_[placement]; }
  [[nodiscard]] bool open(std::size_t placement) const noexcept { return open_[placement] != 0; }

  [[nodiscard]] Currency currency() const noexcept { return currency_; }
  /// In which days, weeks and months are counted: of a Trail its zone, else UTC.
  [[nodiscard]] const Zone& zone() const& noexcept { return zone_; }
  const Zone& zone() && = delete;
  /// True if the table has a column of spend (trials): without one nothing is judged by it.
  [[nodiscard]] bool has_spend() const noexcept { return has_spend_; }
  [[nodiscard]] bool has_trials() const noexcept { return has_trials_; }
  /// Rows of the table that came, left out ones among them.
  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::int64_t left_out() const noexcept { return left_out_; }

  /// What was left out or changed on the way in, errors first.
  [[nodiscard]] std::span<const PlacementProblem> problems() const& noexcept { return problems_; }
  std::span<const PlacementProblem> problems() && = delete;
  /// The same as a table: code, severity, column, count, first_ids, first_values, message, hint.
  [[nodiscard]] Table problems_table() const;
  /// A row per placement: channel, state, placement, at, spend, count, trials, exposure, open.
  [[nodiscard]] Table table() const;

 private:
  friend class detail::TrailPlacements;

  void take(std::vector<Placement> rows);
  void add_problem(PlacementProblem problem);

  std::vector<std::string> channels_{};
  std::vector<ChannelState> states_{};
  std::vector<std::size_t> first_{0};
  std::vector<std::string> ids_{};
  std::vector<std::optional<Timestamp>> times_{};
  std::vector<std::optional<std::int64_t>> spends_{};
  std::vector<std::int64_t> counts_{};
  std::vector<std::optional<std::int64_t>> trials_{};
  std::vector<std::optional<double>> exposures_{};
  std::vector<std::uint8_t> open_{};
  Currency currency_{};
  Zone zone_{};
  bool has_spend_ = false;
  bool has_trials_ = false;
  std::int64_t rows_ = 0;
  std::int64_t left_out_ = 0;
  std::vector<PlacementProblem> problems_{};
};

/// Which announcements of a Trail are placements, and what their results are.
struct TrailPlacementOptions {
  /// A ratio of cards of cost to a count (`cost_per_deal`: results are deals), of a count to a count (`show_rate`: with
  /// trials), a count of cards, `came` (attended and walk-ins) or `amount_won` (minor units).
  std::string metric = "cost_per_attendee";
  std::string by = "channel";  // or a column of announcements or channels: creative, format, partner, own ones
  View view = View::marketing;
  std::optional<Timestamp> as_of{};  // none: every fact counts, and now is the latest activity
  std::optional<Period> period{};    // only announcements published in it
  bool by_event = false;             // one placement for all announcements of a channel for one event; its id is theirs
};

/// The announcements of a Trail as placements, with the sums of their cards: spend is `cost`, results are what `metric`
/// counts. An announcement whose channel (or itself) is own or barter and has no cost is free; a paid one without a
/// cost has no known spend. Results counted at events may come until the event is over, others while the card is open.
/// Announcements planned or cancelled without cost and results, announcements for events at which nobody noted who
/// came (where arrivals are counted), and what belongs to no announcement, are in `problems`. O(facts).
/// @throws Error unknown_name for a metric or a column that is not there.
[[nodiscard]] Placements placements(const Trail& trail, const TrailPlacementOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/placements/detail/placements.ipp"           // IWYU pragma: keep
#include "dealtrail/placements/detail/placements_of_trail.ipp"  // IWYU pragma: keep
#endif
