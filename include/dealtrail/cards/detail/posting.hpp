#pragma once

#include <cstdint>
#include <vector>

#include "dealtrail/cards/metrics.hpp"
#include "dealtrail/facts/column.hpp"
#include "dealtrail/facts/kinds.hpp"

namespace dealtrail::detail {

/// Which tables a posting counts in: all of them, or only the row of its event in a table by event.
enum class Scope : std::uint8_t { everywhere, event_only };

/// "This fact adds this whole number to this metric, then and there." Every figure is a sum of postings.
struct Posting {
  std::int64_t value = 0;
  Cell at = null_cell;           // the time it is grouped by, by the clock; null: undated
  Cell active_from = null_cell;  // counts as of this moment and later; null: always
  RowId fact = no_row;
  RowId channel = no_row;
  RowId announcement = no_row;
  RowId event = no_row;
  RowId partner = no_row;
  Kind kind = Kind::channels;
  Metric metric = Metric::nothing;
  Scope scope = Scope::everywhere;
  bool waits = false;  // counts only when now has come to active_from; else a given as_of alone can leave it out
};

/// Whether a posting of this metric needs a now: it says that an event is over, or that an announcement is young no
/// more.
[[nodiscard]] constexpr bool needs_now(Metric metric, std::int64_t value) noexcept {
  return metric == Metric::registrations_over || metric == Metric::attended_over ||
         (metric == Metric::open && value < 0);
}

/// Where a posting belongs before its event is brought to the topmost one.
struct Place {
  RowId channel = no_row;
  RowId announcement = no_row;
  RowId partner = no_row;
};

/// A piece of the Trail whose postings are computed together, because they depend on each other.
enum class UnitKind : std::uint8_t {
  announcement,
  invoice,
  cost,
  visitor,
  lone_registration,
  lone_attendance,
  lead,
  company,
  buyer,
  lone_deal,
  lone_payment
};
inline constexpr std::size_t unit_kind_count = 11;

struct Unit {
  UnitKind kind;
  RowId slot;
  friend bool operator==(const Unit&, const Unit&) = default;
};

}  // namespace dealtrail::detail
