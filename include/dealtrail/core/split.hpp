#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"

namespace dealtrail {

/// Splits `total` in proportion to `weights` into `parts`; the parts always add up to `total` exactly.
/// Largest remainder, ties to the lower index, sign of `total` kept: the parts of -x are minus the parts of x. A zero
/// weight gets 0. Products and remainders in 128 bits: no double, the same parts on every machine, for any int64 and
/// any uint64 weights. O(n). Nothing is allocated for one weight, for equal weights and up to 64 parts; beyond, one
/// scratch of 16 n or 32 n bytes. Source: the method of Hamilton (largest remainder), Balinski and Young, Fair
/// Representation, 1982.
/// @throws Error invalid_argument if weights are empty or all zero, or if `parts` has another length.
void split_into(std::int64_t total, std::span<const std::uint64_t> weights, std::span<std::int64_t> parts);

/// The parts of a whole number, as `split_into` gives them. Used for credit and quantities.
/// @throws Error invalid_argument if weights are empty or all zero.
[[nodiscard]] std::vector<std::int64_t> split(std::int64_t total, std::span<const std::uint64_t> weights);

/// The parts of an amount, each in its currency, as `split_into` gives them. Used for an invoice over its
/// announcements.
/// @throws Error invalid_argument if weights are empty or all zero.
[[nodiscard]] std::vector<Money> split(const Money& total, std::span<const std::uint64_t> weights);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/core/detail/split.ipp>
#endif
