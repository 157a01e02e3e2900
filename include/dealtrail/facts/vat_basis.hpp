#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "dealtrail/core/detail/enum_names.hpp"

namespace dealtrail {

/// What amounts count with: as they are (`gross`), or less their tax parts (`net`). One basis for costs and income.
enum class VatBasis : std::uint8_t { gross, net };

inline constexpr detail::EnumNames<2> vat_basis_names{"gross", "net"};
[[nodiscard]] constexpr std::string_view to_string(VatBasis basis) noexcept {
  return detail::enum_name(vat_basis_names, basis);
}
[[nodiscard]] constexpr std::optional<VatBasis> find_vat_basis(std::string_view name) noexcept {
  return detail::find_enum<VatBasis>(vat_basis_names, name);
}

}  // namespace dealtrail
