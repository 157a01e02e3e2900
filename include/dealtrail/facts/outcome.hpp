#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/facts/condition.hpp"

namespace dealtrail {

/// Whose eyes a deal's outcome is seen with: a deal lost in claims by defect and refund may be won for marketing and a
/// refund for finance (M3.4). Default `finance` in finance, `marketing` elsewhere.
enum class View : std::uint8_t { marketing, finance };

inline constexpr detail::EnumNames<2> view_names{"marketing", "finance"};
[[nodiscard]] constexpr std::string_view to_string(View view) noexcept { return detail::enum_name(view_names, view); }
[[nodiscard]] constexpr std::optional<View> find_view(std::string_view name) noexcept {
  return detail::find_enum<View>(view_names, name);
}

/// One rule, as data: a deal that meets `when` has this outcome. The first rule that holds wins; none: the deal's own
/// outcome, or open.
struct OutcomeRule {
  std::string name{};
  std::optional<View> view{};              // none: every view
  std::string outcome{};                   // open, won or lost
  Condition when{};                        // over the fields of `deals` and declared own columns
  std::optional<std::int64_t> from_us{};   // by the date of the deal: closed_at, else its last move, else created_at
  std::optional<std::int64_t> until_us{};  // not included
  friend bool operator==(const OutcomeRule&, const OutcomeRule&) = default;
};

}  // namespace dealtrail
