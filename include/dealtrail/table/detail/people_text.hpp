#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "dealtrail/core/decimal.hpp"
#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/detail/cell_text.hpp"
#include "dealtrail/table/schema.hpp"

namespace dealtrail::detail {

[[nodiscard]] inline bool is_number_type(ColumnType type) noexcept {
  return type == ColumnType::integer || type == ColumnType::real || type == ColumnType::decimal;
}

[[nodiscard]] inline std::string people_text(const Datum& cell, std::string_view null_text, bool grouped,
                                             int real_digits) {
  std::string text;
  const auto real = [&](double value) { return short_real_text(value, std::clamp(real_digits, 0, 17)); };
  switch (cell.kind()) {
    case DatumKind::null: return std::string(null_text);
    case DatumKind::real: text = real(cell.as_real()); break;
    case DatumKind::integer: text = plain_text(cell); break;
    case DatumKind::decimal: {
      const Decimal number = cell.as_decimal();
      constexpr int places_of_money = 9;  // more are parts of it
      text = number.scale <= places_of_money
                 ? plain_text(cell)
                 : real(static_cast<double>(number.mantissa) / static_cast<double>(power_of_ten(number.scale)));
      break;
    }
    case DatumKind::time:
      if (cell.is_day()) return time_text(cell.as_time_us() + cell.day_offset_s() * us_per_second, ' ').substr(0, 10);
      return time_text(cell.as_time_us(), ' ');
    case DatumKind::local_time: return time_text(cell.as_local_time_us(), ' ');
    default: return plain_text(cell);
  }
  if (grouped) group_thousands(text);
  return text;
}

}  // namespace dealtrail::detail
