#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dealtrail::detail {

// Insertions, deletions and replacements that turn one name into the other (Levenshtein 1966); case counts half by
// being folded.
[[nodiscard]] inline std::size_t distance_of_names(std::string_view lhs, std::string_view rhs) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  std::vector<std::size_t> row(rhs.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= lhs.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 1; j <= rhs.size(); ++j) {
      const std::size_t replaced = diagonal + (small(lhs[i - 1]) == small(rhs[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

/// The closest valid name; empty when none is close.
[[nodiscard]] inline std::string_view closest_name(std::string_view wrong, const std::vector<std::string_view>& valid) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, wrong.size() / 3) + 1;
  for (const std::string_view name : valid) {
    if (wrong.size() > 64) break;
    const std::size_t distance = distance_of_names(wrong, name);
    const auto alike = [wrong](std::string_view other) {
      return std::mismatch(wrong.begin(), wrong.end(), other.begin(), other.end()).first - wrong.begin();
    };
    if (distance < best_distance || (!best.empty() && distance == best_distance && alike(name) > alike(best))) {
      best_distance = distance;
      best = name;
    }
  }
  return best;
}

/// A sentence for a wrong name: the closest valid one, if any is close, and all of them.
[[nodiscard]] inline std::string valid_names(std::string_view wrong, const std::vector<std::string_view>& valid) {
  std::string text;
  const std::string_view best = closest_name(wrong, valid);
  if (!best.empty()) text += "did you mean \"" + std::string(best) + "\"? ";
  text += "valid:";
  for (std::size_t i = 0; i < valid.size(); ++i) text += (i == 0 ? " " : ", ") + std::string(valid[i]);
  return text;
}

// `*` any characters, `?` one; O(text * pattern) at worst, no recursion.
[[nodiscard]] constexpr bool matches_pattern(std::string_view text, std::string_view pattern) noexcept {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = std::string_view::npos;
  std::size_t mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace dealtrail::detail
