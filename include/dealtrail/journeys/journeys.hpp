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
#include "dealtrail/facts/outcome.hpp"
#include "dealtrail/journeys/detail/journey_columns.hpp"
#include "dealtrail/journeys/detail/journey_subjects.hpp"
#include "dealtrail/table/stream.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

class Trail;
namespace detail {
class TrailJourneys;
class JourneysMaker;
}  // namespace detail

/// Which columns of a table of touches are read, and how.
struct TouchOptions {
  std::string subject = "subject";              // integer or text: who was touched
  std::string at = "at";                        // time, local time (taken as UTC) or date
  std::string channel = "channel";              // text
  std::string converted{};                      // boolean, 0/1 or yes/no; none: nobody converted
  std::string value{};                          // amount in major units, on the rows that convert; none: no values
  Currency currency{};                          // of the values; none: numbers
  std::optional<int> places{};                  // of values without a currency; none: those of the column, 2 to 9
  std::optional<std::int64_t> lookback_days{};  // none: however long ago
  std::size_t threads = 1;                      // the result is the same bytes for any number
};

/// Which columns of a table of paths are read, and how. Equal paths add up.
struct PathOptions {
  std::string path = "path";                // text: channels in order of time, blanks around them trimmed
  std::string conversions = "conversions";  // whole number, or boolean; none: each row is one conversion
  std::string nulls{};  // journeys that did not convert; none: 0, for boolean conversions their no's
  std::string value{};  // amount in major units of all conversions of the row; none: no values
  std::string separator = ">";
  Currency currency{};          // of the values; none: numbers
  std::optional<int> places{};  // of values without a currency; none: those of the column, 2 to 9
};

/// Which facts of a Trail are journeys, and whose.
struct TrailJourneyOptions {
  std::string to = "won";          // attended, deal_created, won, paid, milestone:<kind>
  std::string subject = "person";  // person (cluster), company (all its people), deal (people in its roles)
  std::optional<std::int64_t> lookback_days{};                           // none: the Trail's
  std::vector<std::pair<std::string, std::int64_t>> lookback_days_of{};  // kinds of touch that have their own
  std::vector<std::string> kinds{};  // of touches, and registration, attendance; empty: all
  View view = View::marketing;       // whose outcomes of deals
  std::string by = "channel";        // what touches are named by: a key of cards but month, or a column
  std::string value = "amount";      // of a deal won also: margin, amount_won_known, amount_won_left_out, won_unvalued
  std::optional<Period> period{};    // only what converted then, and what did not and was touched last then
  std::optional<Timestamp> as_of{};  // none: every fact counts
};

/// Who was touched by what, in order of time, and what came of it: the view that attribution models read. Checked once
/// when it is made, then plain columns: three levels (subjects, their journeys, the touches of those), each with the
/// place where it begins. Immutable, a regular value; O(1) access.
///
/// A journey is one subject's touches up to a conversion; after it a new one begins, and what is left is a journey that
/// did not convert. A journey made from path rows stands for many: `conversions` that converted that way and `nulls`
/// that did not. A conversion without touches is a journey of no touches: nobody's credit, but counted.
///
/// The order is fixed by content: the same touches in any order, in any batches, by any number of threads, or in shards
/// that keep each subject whole and are merged in any order, give the same bytes. See docs/journeys/journeys.md.
class Journeys {
 public:
  /// No journeys; neutral in `merge`.
  Journeys() = default;

  /// Reads a table of touches, a row each. Rows without a subject, a time or a channel (null or empty), and rows whose
  /// `converted` or `value` cannot be read, are left out and listed in `problems`. Ordered by (time,
  /// converted, channel, value). A row that converts is a touch and ends its journey. Costs O(rows), sorting only
  /// subjects whose touches came out of order; about 20 bytes a row beyond the result for a moment.
  /// @throws Error missing_column, type_mismatch for a column that does not fit, overflow for a time beyond
  /// microseconds, limit_exceeded beyond 4 billion rows, invalid_argument for a negative look-back.
  [[nodiscard]] static Journeys from_touches(const TableInput& table, const TouchOptions& options = {});

  /// Reads a table of paths, a row each: a text of channels, and how many journeys went that way. Blanks around
  /// channels are trimmed, empty ones passed over; an empty path is a journey without touches. Rows that count no
  /// journey, or whose counts or amount cannot be read, are left out and listed in `problems`.
  /// @throws Error missing_column, type_mismatch, invalid_argument for an empty separator, overflow for sums beyond 64
  /// bits.
  [[nodiscard]] static Journeys from_paths(const TableInput& table, const PathOptions& options = {});

  [[nodiscard]] std::size_t size() const noexcept { return columns_.journeys(); }
  [[nodiscard]] std::size_t subject_count() const noexcept { return columns_.subjects(); }
  [[nodiscard]] std::size_t touch_count() const noexcept { return columns_.touch_channel.size(); }
  /// Rows of the table that came, left out ones among them.
  [[nodiscard]] std::int64_t rows() const noexcept { return columns_.rows; }
  [[nodiscard]] Currency currency() const noexcept { return columns_.currency; }
  /// Names of the channels that occur, sorted; touches hold places among them.
  [[nodiscard]] std::span<const std::string> channels() const& noexcept { return columns_.channels; }
  std::span<const std::string> channels() && = delete;

  /// The channels of one journey's touches, in order of time.
  [[nodiscard]] std::span<const std::uint32_t> path(std::size_t journey) const& noexcept {
    return {columns_.touch_channel.data() + columns_.journey_first[journey], touches_of(journey)};
  }
  std::span<const std::uint32_t> path(std::size_t) && = delete;
  /// Their times, microseconds UTC; empty where times are not known (paths).
  [[nodiscard]] std::span<const std::int64_t> times_us(std::size_t journey) const& noexcept {
    if (columns_.touch_at.empty()) return {};
    return {columns_.touch_at.data() + columns_.journey_first[journey], touches_of(journey)};
  }
  std::span<const std::int64_t> times_us(std::size_t) && = delete;
  [[nodiscard]] std::size_t touches_of(std::size_t journey) const noexcept {
    return static_cast<std::size_t>(columns_.journey_first[journey + 1] - columns_.journey_first[journey]);
  }
  /// How often the journey was made and converted, and did not. One of them is 1 and the other 0, unless it is a path.
  [[nodiscard]] std::int64_t conversions(std::size_t journey) const noexcept {
    return columns_.converted.empty() ? columns_.conversions[journey] : columns_.converted[journey];
  }
  [[nodiscard]] std::int64_t nulls(std::size_t journey) const noexcept {
    return columns_.converted.empty() ? columns_.nulls[journey] : 1 - columns_.converted[journey];
  }
  /// conversions + nulls.
  [[nodiscard]] std::int64_t weight(std::size_t journey) const noexcept {
    return conversions(journey) + nulls(journey);
  }
  /// Value of all its conversions in minor units; 0 without any.
  [[nodiscard]] std::int64_t value_minor(std::size_t journey) const noexcept {
    return columns_.values.empty() ? 0 : columns_.values[journey];
  }
  [[nodiscard]] bool has_values() const noexcept { return !columns_.values.empty(); }
  [[nodiscard]] bool has_times() const noexcept { return columns_.of != detail::JourneysOf::paths; }
  /// When it converted, microseconds UTC; nothing when it did not, or no time is known.
  [[nodiscard]] std::optional<std::int64_t> converted_at_us(std::size_t journey) const noexcept;

  /// A row per different path: path, journeys, conversions, nulls, value. Most conversions first, then most journeys,
  /// then by path. A journey without touches is "(unattributed)".
  [[nodiscard]] Table paths(std::string_view separator = " > ") const;
  /// A row per journey: journey, subject, path, touches, first_at, last_at, converted_at, conversions, nulls, value.
  /// By subject, then time.
  [[nodiscard]] Table table(std::string_view separator = " > ") const;
  /// A row per touch: journey (as in `table`), subject, place (from 1), channel, at.
  [[nodiscard]] Table touches() const;
  /// What was left out or changed on the way in: code, severity, column, count, first_rows, message, hint. Merged
  /// journeys and those from bytes have no first rows.
  [[nodiscard]] Table problems() const;
  /// Rows of the source that are in no journey although nobody asked to leave them out: the counts of those problems
  /// that are errors.
  [[nodiscard]] std::int64_t left_out() const noexcept;
  /// What the journeys were made with, and how many of everything there are.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> meta() const;

  friend bool operator==(const Journeys& lhs, const Journeys& rhs) { return lhs.to_bytes() == rhs.to_bytes(); }

  /// Canonical bytes: equal journeys, equal bytes.
  [[nodiscard]] std::string to_bytes() const;
  /// The journeys of such bytes. @throws Error corrupt_data for anything that `to_bytes` did not write.
  [[nodiscard]] static Journeys from_bytes(std::string_view bytes);
  /// Adds the journeys of another shard. Shards keep each subject whole; equal paths add up.
  /// @throws Error invalid_argument if they were made with other options, currency_mismatch, overflow; unchanged then.
  void merge(const Journeys& other);
  /// The different paths of these journeys, with what they add up to; no subjects and no times any more.
  /// @throws Error overflow if a sum does not fit.
  [[nodiscard]] Journeys by_path() const;

  /// The columns themselves, for rooms to the right of the model.
  [[nodiscard]] const detail::JourneyColumns& columns() const& noexcept { return columns_; }
  const detail::JourneyColumns& columns() && = delete;

 private:
  explicit Journeys(detail::JourneyColumns columns) noexcept : columns_(std::move(columns)) {}

  friend class detail::TrailJourneys;
  friend class detail::JourneysMaker;

  detail::JourneyColumns columns_{};
};

/// The journeys of a Trail. Touches are its touches, registrations and arrivals, each on the channel of its source as
/// in cards (or what else `by` names); channels are ids. A registration that names a touch is that touch; the
/// converting fact is no touch of its journey. O(facts). See docs/journeys/journeys.md.
/// @throws Error unknown_name for a `to`, subject, kind or `by` that is none, invalid_argument for a negative
/// look-back, for deals that attend, by month, or for a value that only deals won have.
[[nodiscard]] Journeys journeys(const Trail& trail, const TrailJourneyOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/journeys/detail/journeys_from_paths.ipp"
#include "dealtrail/journeys/detail/journeys_from_touches.ipp"
#include "dealtrail/journeys/detail/journeys_of_trail.ipp"
#include "dealtrail/journeys/detail/journeys_state.ipp"
#include "dealtrail/journeys/detail/journeys_tables.ipp"
#endif
