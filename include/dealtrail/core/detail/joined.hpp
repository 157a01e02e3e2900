#pragma once

#include <string>
#include <vector>

namespace dealtrail::detail {

// "a, b, c": the first ids of a problem or finding in one cell of a table.
[[nodiscard]] inline std::string joined(const std::vector<std::string>& texts) {
  std::string result;
  for (const std::string& text : texts) result += (result.empty() ? "" : ", ") + text;
  return result;
}

}  // namespace dealtrail::detail
