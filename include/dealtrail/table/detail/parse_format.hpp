#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dealtrail/table/detail/format.hpp"
#include "dealtrail/table/schema.hpp"

namespace dealtrail::detail {

[[nodiscard]] inline Format unsupported_format(std::string_view format) {
  Format result;
  const auto starts = [&](std::string_view prefix) { return format.substr(0, prefix.size()) == prefix; };
  std::string what = "Arrow format \"" + std::string(format.substr(0, 40)) + "\" ";
  if (format == "z" || format == "Z" || format == "vz" || starts("w:")) {
    result.hint = what + "(binary): cast to string";
  } else if (starts("tt")) {
    result.hint = what + "(time of day): cast to string, or add it to a date";
  } else if (starts("tD") || starts("ti")) {
    result.hint = what + "(duration): cast to int64 in a unit of your choice";
  } else if (starts("d:")) {
    result.hint = what + "(decimal): cast to decimal128, for example decimal(38, 2)";
  } else if (starts("+s")) {
    result.hint = what + "(struct): unnest its fields into columns";
  } else if (starts("+l") || starts("+L") || starts("+v") || starts("+w") || starts("+m")) {
    result.hint = what + "(list or map): explode it, or cast to string";
  } else if (starts("+r")) {
    result.hint = what + "(run-end encoded): cast to the plain type";
  } else {
    result.hint = what + "is not read: cast to string, int64, float64 or timestamp";
  }
  return result;
}

// "precision,scale" or "precision,scale,bits" after "d:".
[[nodiscard]] inline bool parse_decimal_format(std::string_view text, std::int32_t& scale, std::int32_t& bits) {
  std::array<std::int32_t, 3> numbers{0, 0, 128};
  std::size_t count = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (count < numbers.size()) {
    const auto [next, error] = std::from_chars(at, end, numbers[count]);
    if (error != std::errc{}) return false;
    ++count;
    if (next == end) break;
    if (*next != ',' || count == numbers.size()) return false;
    at = next + 1;
  }
  constexpr std::int32_t widest = 76;
  if (count < 2 || numbers[0] < 1 || numbers[0] > widest || numbers[1] < -widest || numbers[1] > widest) return false;
  scale = numbers[1];
  bits = numbers[2];
  return true;
}

[[nodiscard]] inline Format parse_format(std::string_view format) {
  const auto made = [](Storage storage, ColumnType type, std::int64_t unit = 1) {
    Format result;
    result.storage = storage;
    result.type = type;
    result.unit = unit;
    return result;
  };
  if (format.size() == 1) {
    switch (format[0]) {
      case 'n': return made(Storage::none, ColumnType::null);
      case 'b': return made(Storage::bit, ColumnType::boolean);
      case 'c': return made(Storage::int8, ColumnType::integer);
      case 'C': return made(Storage::uint8, ColumnType::integer);
      case 's': return made(Storage::int16, ColumnType::integer);
      case 'S': return made(Storage::uint16, ColumnType::integer);
      case 'i': return made(Storage::int32, ColumnType::integer);
      case 'I': return made(Storage::uint32, ColumnType::integer);
      case 'l': return made(Storage::int64, ColumnType::integer);
      case 'L': return made(Storage::uint64, ColumnType::integer);
      case 'e': return made(Storage::float16, ColumnType::real);
      case 'f': return made(Storage::float32, ColumnType::real);
      case 'g': return made(Storage::float64, ColumnType::real);
      case 'u': return made(Storage::utf8, ColumnType::text);
      case 'U': return made(Storage::large_utf8, ColumnType::text);
      default: return unsupported_format(format);
    }
  }
  if (format == "vu") return made(Storage::utf8_view, ColumnType::text);
  if (format == "tdD") return made(Storage::int32, ColumnType::date, 86'400'000'000);
  if (format == "tdm") return made(Storage::int64, ColumnType::date, 1'000);
  if (format.size() >= 4 && format.substr(0, 2) == "ts" && format[3] == ':') {
    const std::string_view zone = format.substr(4);
    Format result = made(Storage::int64, zone.empty() ? ColumnType::local_time : ColumnType::time);
    result.zone = std::string(zone);
    switch (format[2]) {
      case 's': result.unit = 1'000'000; return result;
      case 'm': result.unit = 1'000; return result;
      case 'u': result.unit = 1; return result;
      case 'n': result.unit = -1'000; return result;
      default: return unsupported_format(format);
    }
  }
  if (format.substr(0, 2) == "d:") {
    std::int32_t scale = 0;
    std::int32_t bits = 0;
    if (!parse_decimal_format(format.substr(2), scale, bits)) return unsupported_format(format);
    Format result = made(Storage::decimal128, ColumnType::decimal);
    result.scale = scale;
    if (bits == 32)
      result.storage = Storage::decimal32;
    else if (bits == 64)
      result.storage = Storage::decimal64;
    else if (bits != 128)
      return unsupported_format(format);
    return result;
  }
  return unsupported_format(format);
}

}  // namespace dealtrail::detail
