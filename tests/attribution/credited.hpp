#pragma once

#include <string>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/core/money.hpp"

namespace dealtrail::testing {

// A result in one line: "a 1.5 = 30.00, b 0.5 = 10.00, (unattributed) 0 = 0.00". Conversions to six digits.
[[nodiscard]] inline std::string credited(const Credit& credit) {
  const auto number = [](CreditUnits units) {
    std::string text = std::to_string(to_conversions(units));
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
  };
  std::string line;
  for (const ChannelCredit& one : credit.channels) {
    line += one.channel + " " + (one.conversions ? number(*one.conversions) : "-");
    if (credit.has_values) line += " = " + (one.value ? to_decimal_text(*one.value, 2) : "-");
    line += ", ";
  }
  line += "(unattributed) " + number(credit.unattributed_conversions);
  if (credit.has_values) line += " = " + to_decimal_text(credit.unattributed_value, 2);
  return line;
}

}  // namespace dealtrail::testing
