#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/scan.hpp"

namespace dealtrail {

/// A telephone number as +, country and number ("+79161234567"), the same for all spellings of it; nothing for what is
/// no whole number.
///
/// - What follows доб, вн, ext, x, #, a comma or a semicolon is an extension or a second number and is cut off; of the
///   rest only digits and a leading + are read.
/// - Russian rules: 8 or 7 and ten digits, ten digits alone, 8 10 before another country. 8-800 is +7800…, with a + in
///   front by mistake too (+8 800, +8 9xx). Numbers that the plan of +7 does not have (a digit lost or doubled, all
///   digits the same, seven zeros) are no numbers.
/// - Other countries when they begin with + or 00 and have 8 to 15 digits (ITU-T E.164). A zero in brackets behind the
///   country, `+49 (0) 209 …`, is dialled inside the country only and is taken out; where it belongs to the number
///   (Italy) it stays. A zero behind the country without brackets gives nothing, except where numbers begin with one.
///
/// Local numbers without a code, and foreign ones without + or 00, give nothing: guessing would join strangers.
/// O(length).
[[nodiscard]] std::optional<std::string> normalise_phone(std::string_view text);

/// The digits of an extension behind the number: one to six digits after доб, вн, ext, x, #, a comma or a semicolon.
/// Empty when there is none. O(length).
[[nodiscard]] std::string phone_extension(std::string_view text);

/// Whether a number as `normalise_phone` gives it is a free line of a business (+7 800, +7 804): never one person's.
[[nodiscard]] constexpr bool is_business_line(std::string_view normalised) noexcept {
  return normalised.starts_with("+7800") || normalised.starts_with("+7804");
}

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/core/detail/phone.ipp>
#endif
