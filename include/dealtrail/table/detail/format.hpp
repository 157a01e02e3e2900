#pragma once

#include <cstdint>
#include <string>

#include "dealtrail/table/schema.hpp"

namespace dealtrail::detail {

// How the bytes of a column lie in memory.
enum class Storage : std::uint8_t {
  none,
  bit,
  int8,
  uint8,
  int16,
  uint16,
  int32,
  uint32,
  int64,
  uint64,
  float16,
  float32,
  float64,
  utf8,
  large_utf8,
  utf8_view,
  decimal32,
  decimal64,
  decimal128,
  unsupported
};

// An Arrow format string, understood. `unit` turns a stored time into microseconds: multiply if > 0, else divide by
// -unit.
struct Format {
  Storage storage = Storage::unsupported;
  ColumnType type = ColumnType::unsupported;
  std::int64_t unit = 1;
  std::int32_t scale = 0;
  std::string zone{};
  std::string hint{};
};

[[nodiscard]] constexpr bool is_integer(Storage storage) noexcept {
  return storage >= Storage::int8 && storage <= Storage::uint64;
}

}  // namespace dealtrail::detail
