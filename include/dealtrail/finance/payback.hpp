#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::finance {

/// Money on a day: an outlay is negative, income positive. The day counts from 1970-01-01, the amount is in minor
/// units.
struct Flow {
  std::int64_t day = 0;
  std::int64_t minor = 0;
};

struct PaybackOptions {
  double discount = 0;  // a fraction a year, from 0 to 1
  Currency currency{};
};

/// One day of the flows, in minor units.
struct PaybackDay {
  std::int64_t day = 0;
  std::int64_t flow = 0;
  std::int64_t running = 0;
  std::int64_t discounted = 0;  // worth on the first day, rounded once, half to even
  std::int64_t running_discounted = 0;
};

/// When an outlay came back, and what it earned a year.
struct Payback {
  std::vector<PaybackDay> days{};        // by day
  std::optional<std::int64_t> at{};      // the first day on which the running sum is no longer below zero
  std::optional<std::int64_t> months{};  // begun months from the first flow to `at`; 0 for the same day
  std::string reason{};                  // why there is no `at`, or that it did not last; else empty
  std::vector<double> rates{};           // every rate of return a year within -99.99 % to 100 000 000 %, rising
  std::int64_t sign_changes = 0;         // of the flows by day
  std::string rates_reason{};            // why there is no rate or not one; else empty
  Currency currency{};
  std::vector<std::pair<std::string, std::string>> meta{};

  /// at, flow, running, discounted, running_discounted: a row a day.
  [[nodiscard]] Table table() const;
  /// at, months, reason, rate (null unless there is exactly one), rates (how many), rates_reason: one row.
  [[nodiscard]] Table summary() const;
};

/// Payback of dated flows in any order; those of one day are added up first. A flow is worth flow / (1 + discount) ^
/// (days / 365) on the first day. All real rates of return are found: each change of sign of the flows may give one
/// (Descartes), and more than sixteen changes give none, with a reason. O(flows log flows + flows * changes^2).
/// @throws Error invalid_argument for a discount outside 0 to 1 or a day outside the years 1 to 9999; overflow.
[[nodiscard]] Payback payback(std::span<const Flow> flows, const PaybackOptions& options = {});

}  // namespace dealtrail::finance

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/finance/detail/payback.ipp"  // IWYU pragma: keep
#endif
