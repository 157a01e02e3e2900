#pragma once

#include <charconv>
#include <string>

// Numbers as the sentences of verdicts and ratings show them.
namespace dealtrail::evidence::detail {

// "12 %", "0.4 %".
[[nodiscard]] inline std::string percent(double share) {
  char text[32];
  const double value = share * 100;
  const int digits = value < 1 && value > 0 ? 1 : 0;
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits).ptr;
  return std::string{text, end} + " %";
}
[[nodiscard]] inline std::string short_number(double number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::general, 3).ptr;
  return {text, end};
}

}  // namespace dealtrail::evidence::detail
