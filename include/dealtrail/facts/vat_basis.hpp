#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dealtrail {

/// What amounts count with: as they are (`gross`), or less their tax parts (`net`). One basis for costs and income.
enum class VatBasis : std::uint8_t { gross, net };

[[nodiscard]] constexpr std::string_view to_string(VatBasis basis) noexcept {
  return basis == VatBasis::gross ? "gross" : "net";
}
[[nodiscard]] constexpr std::optional<VatBasis> find_vat_basis(std::string_view name) noexcept {
  if (name == "gross") return VatBasis::gross;
  if (name == "net") return VatBasis::net;
  return std::nullopt;
}

}  // namespace dealtrail
