#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/parse.hpp"
#include "dealtrail/core/parse_number.hpp"
#include "dealtrail/table/datum.hpp"

// Cells of a table of placements as what they stand for; nothing where they cannot be that.
namespace dealtrail::detail::placement {

/// True for a cell without a value: null, NaN, or empty text.
[[nodiscard]] inline bool is_missing(const Datum& cell) noexcept {
  return cell.is_null() || (cell.kind() == DatumKind::real && std::isnan(cell.as_real())) ||
         (cell.kind() == DatumKind::text && trimmed(cell.as_text()).empty());
}

/// A number in units of 10^-places, exact; a double within rounding error of a whole number of them.
[[nodiscard]] inline std::optional<std::int64_t> units_of(const Datum& cell, int places, Currency currency) noexcept {
  constexpr double largest = 4e18;
  switch (cell.kind()) {
    case DatumKind::integer: return to_units(Decimal{cell.as_integer(), 0}, places);
    case DatumKind::boolean: return to_units(Decimal{cell.as_boolean() ? 1 : 0, 0}, places);
    case DatumKind::decimal: return to_units(cell.as_decimal(), places);
    case DatumKind::text: {
      const auto read = parse_money_text(cell.as_text());
      if (!read || !(read->currency.empty() || read->currency == currency)) return std::nullopt;
      return to_units(read->amount, places);
    }
    case DatumKind::real: {
      double scaled = cell.as_real();
      for (int i = 0; i < places; ++i) scaled *= 10;
      const double whole = std::nearbyint(scaled);
      if (!(std::fabs(scaled) < largest) || std::fabs(scaled - whole) > std::fmax(1e-6, std::fabs(scaled) * 1e-15))
        return std::nullopt;
      return static_cast<std::int64_t>(whole);
    }
    default: return std::nullopt;
  }
}

[[nodiscard]] inline std::optional<double> real_of(const Datum& cell) noexcept {
  switch (cell.kind()) {
    case DatumKind::integer: return static_cast<double>(cell.as_integer());
    case DatumKind::real: return std::isfinite(cell.as_real()) ? std::optional{cell.as_real()} : std::nullopt;
    case DatumKind::decimal: {
      const Decimal number = cell.as_decimal();
      return static_cast<double>(number.mantissa) * std::pow(10.0, -number.scale);
    }
    default: return std::nullopt;
  }
}

[[nodiscard]] inline std::optional<bool> flag_of(const Datum& cell) noexcept {
  switch (cell.kind()) {
    case DatumKind::boolean: return cell.as_boolean();
    case DatumKind::integer:
      return cell.as_integer() == 0 || cell.as_integer() == 1 ? std::optional{cell.as_integer() == 1} : std::nullopt;
    case DatumKind::text: return parse_boolean(cell.as_text());
    default: return std::nullopt;
  }
}

}  // namespace dealtrail::detail::placement
