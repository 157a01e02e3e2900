#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/cohort/lifetime.hpp"  // IWYU pragma: keep
#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/table/row_problems.hpp"
#include "dealtrail/table/stream.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::cohort {

/// Which columns of a table of purchases are read, and when a client is falling. An empty name: the table has no such
/// column.
struct FallingOptions {
  std::string client = "customer";  // integer or text
  std::string at = "at";            // time; local time and date are wall clocks of the zone
  std::string amount{};             // in major units; none: each purchase is one
  std::string event{};              // integer or text: what a purchase is for, where clients sell in bursts
  std::string event_at{};           // when that takes place
  std::optional<Timestamp> end{};   // the first moment that is not observed; none: after the latest row's day
  Zone zone{};
  Currency currency{};
  std::optional<int> places{};
  std::int64_t window_weeks = 6;     // the time that is compared with the own past and with last year
  std::int64_t watch_weeks = 13;     // the time in which a fall is looked for; what was before it is usual
  std::int64_t least_weeks = 12;     // of history before the watch
  std::int64_t least_purchases = 6;  // days with a purchase before the watch
  std::int64_t least_events = 3;     // events before the watch, of a client that sells in bursts
  std::int64_t least_signals = 1;    // of a client on the list
  double drop = 0.3;                 // the part of the usual that has to be missing
  double level = 0.03;               // chance of a steady client to be below its past
  double run_length = 50;            // weeks, or events, between false alarms of the cumulative sum
  double alive = 0.3;                // P(alive) below this is silence
  std::size_t threads = 1;
};

/// A client on the list.
struct FallingClient {
  std::uint32_t row = 0;  // where the client is named
  bool past = false;      // below the own past, and below last year where it is known
  bool silence = false;
  bool cusum = false;      // the cumulative sum of what is missing
  bool bursts = false;     // compared event by event
  bool unlikely = false;   // P(alive) is low
  std::int64_t last = 0;   // minor units, or purchases
  std::int64_t usual = 0;  // of the same length, or of the same events at the same days to go
  std::optional<std::int64_t> last_year{};
  std::int64_t silent_days = 0;
  std::int64_t longest_days = 0;  // silence that the client had, or would not surprise
  std::optional<double> p_alive{};
  [[nodiscard]] int signals() const noexcept { return (past ? 1 : 0) + (silence ? 1 : 0) + (cusum ? 1 : 0); }
  [[nodiscard]] std::int64_t at_stake() const noexcept { return usual > last ? usual - last : 0; }
};

/// Clients to call, the most at stake first.
struct Falling {
  std::vector<FallingClient> clients{};
  bool of_numbers = false;
  std::vector<std::int64_t> numbers{};  // by client on the list
  std::vector<std::string> texts{};
  bool has_amount = false;
  Currency currency{};
  RowProblems problems{};
  std::vector<std::pair<std::string, std::string>> meta{};

  /// client, signals, last, usual, change, silent_days, p_alive, at_stake, reason.
  [[nodiscard]] Table table() const;
};

/// Which clients buy less than they did (M4.7), by three signals that need no other client: less than the own past and
/// than a year before; silence longer than the own rhythm, or a low chance to be a client still; a one-sided cumulative
/// sum of what is missing. Clients whose purchases are for events are compared with their earlier events at the same
/// days to go. Definitions: docs/cohort/falling.md. O(purchases + clients * weeks).
/// @throws Error missing_column, type_mismatch; invalid_argument for options out of range.
[[nodiscard]] Falling falling(const TableInput& table, const FallingOptions& options = {});

}  // namespace dealtrail::cohort

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/cohort/detail/falling.ipp"  // IWYU pragma: keep
#endif
