// engine
#pragma once

#include <utility>
#include <vector>

#include "dealtrail/sources/declared_keys.hpp"

namespace dealtrail::detail {

inline constexpr std::string_view measure_cure =
    "give it a tagged link (utm_* fields), a promo code or a phone number of its own";

/// Present announcements, not cancelled, that no key leads to and no fact names; by id.
[[nodiscard]] inline std::vector<RowId> unmeasured(const FactStore& store, const std::vector<StatedKey>& keys) {
  namespace f = fields::announcements;
  std::vector<bool> measured(store.of(Kind::announcements).slots(), false);
  for (const StatedKey& key : keys) {
    if (key.lead.has_value() && key.lead->announcement != no_row) measured[key.lead->announcement] = true;
  }
  constexpr std::pair<Kind, std::size_t> links[] = {
      {Kind::touches, fields::touches::announcement},
      {Kind::registrations, fields::registrations::announcement},
      {Kind::leads, fields::leads::announcement},
      {Kind::deals, fields::deals::announcement},
      {Kind::invitations, fields::invitations::announcement},
  };
  std::vector<RowId> found;
  for (const RowId slot : store.sorted_rows(Kind::announcements)) {
    if (store.get(Kind::announcements, slot, f::status) == choice(Kind::announcements, f::status, "cancelled"))
      continue;
    bool named = measured[slot];
    for (const auto& [kind, field] : links) named = named || store.of(kind).links[field].first(slot) != no_row;
    if (!named) found.push_back(slot);
  }
  return found;
}

}  // namespace dealtrail::detail
