// engine
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/detail/real.hpp"
#include "dealtrail/core/parse_number.hpp"
#include "dealtrail/table/datum.hpp"

// Cells that hold no value, and whole numbers in cells of other types: spreadsheets and data frames write a column of
// whole numbers with a gap as reals.
namespace dealtrail::detail {

/// Null, NaN or the empty text: no value in every field.
[[nodiscard]] inline bool is_blank(const Datum& value) noexcept {
  switch (value.kind()) {
    case DatumKind::null: return true;
    case DatumKind::text: return value.as_text().empty();
    case DatumKind::real: return is_nan(value.as_real());
    default: return false;
  }
}

/// The columns in which pandas sends the index of a frame.
[[nodiscard]] constexpr bool is_index_of_frame(std::string_view name) noexcept {
  return name.starts_with("__index_level_") && name.ends_with("__");
}

/// 2^53: up to here every whole number is a real.
inline constexpr double exact_reals = 9'007'199'254'740'992.0;

/// A number that is written with a point, such as 410.0.
[[nodiscard]] inline bool has_point(const Datum& value) noexcept {
  return value.kind() == DatumKind::real || (value.kind() == DatumKind::decimal && value.as_decimal().scale > 0);
}

/// A whole number; nothing for a real beyond 2^53, where reals skip whole numbers.
[[nodiscard]] inline std::optional<std::int64_t> whole_number(const Datum& value) {
  switch (value.kind()) {
    case DatumKind::integer: return value.as_integer();
    case DatumKind::decimal: return to_units(value.as_decimal(), 0);
    case DatumKind::real: {
      const double real = value.as_real();
      if (!(absolute(real) < exact_reals) || real != floor_of(real)) return std::nullopt;
      return static_cast<std::int64_t>(real);
    }
    case DatumKind::text: return parse_integer(value.as_text());
    default: return std::nullopt;
  }
}

/// How a cell that stands for an id or a text is written.
enum class NumberForm : std::uint8_t {
  plain,       // a text, a whole number, or no value
  real,        // a whole number with a point, such as 410.0
  unreadable,  // 4.5, a number beyond 2^53, a time
};

/// Gives the text of an id; empty for a blank cell and for one that is no id.
inline NumberForm text_of_number(const Datum& value, std::string& text) {
  text.clear();
  if (is_blank(value)) return NumberForm::plain;
  if (value.kind() == DatumKind::text) {
    text = value.as_text();
    return NumberForm::plain;
  }
  if (value.kind() != DatumKind::integer && value.kind() != DatumKind::real && value.kind() != DatumKind::decimal)
    return NumberForm::unreadable;
  const auto whole = whole_number(value);
  if (!whole.has_value()) return NumberForm::unreadable;
  text = std::to_string(*whole);
  return has_point(value) ? NumberForm::real : NumberForm::plain;
}

}  // namespace dealtrail::detail
