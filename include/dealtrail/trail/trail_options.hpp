#pragma once

#include <cstdint>

#include "dealtrail/core/zone.hpp"
#include "dealtrail/facts/vat_basis.hpp"

namespace dealtrail {

/// What figures are stated in; part of the snapshot. All of it is fixed when a Trail is made.
struct TrailOptions {
  Zone zone{};                      // calendar grouping, and wall clocks that come without a zone; default UTC
  VatBasis vat = VatBasis::gross;   // gross: amounts as they are; net: less their tax parts
  std::int64_t lookback_days = 90;  // how long an announcement stays young
  std::int64_t max_per_key = 5;     // a phone or address of more cards than this identifies nobody; 0: no key does
  std::uint64_t hash_seed = 0;      // of the id tables; figures and snapshots never depend on it
};

}  // namespace dealtrail
