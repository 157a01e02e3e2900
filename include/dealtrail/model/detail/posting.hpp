#pragma once

#include <cstdint>
#include <vector>

#include "dealtrail/model/detail/column.hpp"
#include "dealtrail/model/kinds.hpp"
#include "dealtrail/model/metrics.hpp"

namespace dealtrail::detail {

/// Which tables a posting counts in: all of them, or only the row of its event in a table by event.
enum class Scope : std::uint8_t { everywhere, event_only };

/// "This fact adds this whole number to this metric, then and there." Every figure is a sum of postings.
struct Posting {
  std::int64_t value = 0;
  Stored at = null_cell;           // the time it is grouped by, by the clock; null: undated
  Stored active_from = null_cell;  // counts when as_of has come that far; null: always
  Slot fact = no_slot;
  Slot channel = no_slot;
  Slot announcement = no_slot;
  Slot event = no_slot;
  Slot partner = no_slot;
  Kind kind = Kind::channels;
  Metric metric = Metric::nothing;
  Scope scope = Scope::everywhere;
};

/// Where a posting belongs before its event is brought to the topmost one.
struct Place {
  Slot channel = no_slot;
  Slot announcement = no_slot;
  Slot partner = no_slot;
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
  lone_deal
};
inline constexpr std::size_t unit_kind_count = 10;

struct Unit {
  UnitKind kind;
  Slot slot;
  friend bool operator==(const Unit&, const Unit&) = default;
};

}  // namespace dealtrail::detail
