#pragma once

#include <algorithm>
#include <string>
#include <string_view>

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
  switch (cell.kind()) {
    case DatumKind::null: return std::string(null_text);
    case DatumKind::real: text = short_real_text(cell.as_real(), std::clamp(real_digits, 0, 17)); break;
    case DatumKind::integer:
    case DatumKind::decimal: text = plain_text(cell); break;
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
