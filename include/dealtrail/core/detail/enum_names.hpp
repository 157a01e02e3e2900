#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/names.hpp"
#include "dealtrail/core/error.hpp"

// The names of an enum are one array beside it, in the order of its values. Printing, finding and parsing read it.
namespace dealtrail::detail {

template <std::size_t N>
using EnumNames = std::array<std::string_view, N>;

template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::string_view enum_name(const EnumNames<N>& names, Enum value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : "unknown";
}

template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::optional<Enum> find_enum(const EnumNames<N>& names, std::string_view name) noexcept {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

/// @throws Error unknown_name: unknown `what` "name", with the closest name and all of them.
template <class Enum, std::size_t N>
[[nodiscard]] Enum parse_enum(const EnumNames<N>& names, std::string_view what, std::string_view name) {
  if (const auto found = find_enum<Enum>(names, name)) return *found;
  throw Error(ErrorCode::unknown_name, "unknown " + std::string{what} + " \"" + std::string{name.substr(0, 64)} + "\"",
              {}, valid_names(name, {names.begin(), names.end()}));
}

}  // namespace dealtrail::detail
