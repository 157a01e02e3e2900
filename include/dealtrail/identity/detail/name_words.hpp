#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/detail/letters.hpp"

namespace dealtrail::detail {

/// The words of a name in small letters, ё as е, in the order of their letters; legal forms are left out.
using NameWords = std::vector<std::u32string>;

[[nodiscard]] inline NameWords name_words(std::string_view name) {
  constexpr std::array<std::u32string_view, 18> forms{U"ооо", U"оао", U"зао", U"пао",  U"нао", U"ао",
                                                      U"ип",  U"нко", U"ано", U"гуп",  U"муп", U"чп",
                                                      U"llc", U"ltd", U"inc", U"gmbh", U"co",  U"corp"};
  const std::string small = small_letters(name);
  NameWords words;
  std::u32string word;
  const auto close = [&] {
    if (!word.empty() && std::find(forms.begin(), forms.end(), word) == forms.end()) words.push_back(word);
    word.clear();
  };
  for (std::size_t i = 0; i < small.size();) {
    const auto byte = static_cast<unsigned char>(small[i]);
    const std::size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    char32_t letter = length == 1 ? byte : byte & (0x7FU >> length);
    for (std::size_t k = 1; k < length && i + k < small.size(); ++k)
      letter = letter << 6 | (static_cast<unsigned char>(small[i + k]) & 0x3FU);
    i += length;
    const bool ascii_letter = (letter >= U'a' && letter <= U'z') || (letter >= U'0' && letter <= U'9');
    // Signs of Latin-1 and of general punctuation (quotes, dashes, no-break spaces, №) part words as ASCII signs do.
    const bool other_letter = letter >= 0xC0 && (letter < 0x2000 || letter > 0x2BFF);
    if (ascii_letter || other_letter) {
      word.push_back(letter == U'ё' ? U'е' : letter);
    } else if (letter != U'\'') {
      close();
    }
  }
  close();
  std::sort(words.begin(), words.end());
  return words;
}

// One letter left out, added, changed, or two neighbours swapped.
[[nodiscard]] inline bool one_slip_apart(std::u32string_view lhs, std::u32string_view rhs) noexcept {
  while (!lhs.empty() && !rhs.empty() && lhs.front() == rhs.front()) {
    lhs.remove_prefix(1);
    rhs.remove_prefix(1);
  }
  while (!lhs.empty() && !rhs.empty() && lhs.back() == rhs.back()) {
    lhs.remove_suffix(1);
    rhs.remove_suffix(1);
  }
  if (lhs.size() <= 1 && rhs.size() <= 1) return true;
  return lhs.size() == 2 && rhs.size() == 2 && lhs[0] == rhs[1] && lhs[1] == rhs[0];
}

[[nodiscard]] inline bool same_name_word(std::u32string_view lhs, std::u32string_view rhs) noexcept {
  if (lhs == rhs) return true;
  const auto digit = [](char32_t letter) { return letter >= U'0' && letter <= U'9'; };
  if (std::any_of(lhs.begin(), lhs.end(), digit) || std::any_of(rhs.begin(), rhs.end(), digit)) return false;
  if (lhs.size() == 1 || rhs.size() == 1) return lhs.front() == rhs.front();
  constexpr std::size_t long_enough = 5;  // Анна and Инна are two names, Петрова and Петрва one
  return lhs.size() >= long_enough && rhs.size() >= long_enough && one_slip_apart(lhs, rhs);
}

/// Whether two names may be of one person or company: every word of the shorter one stands in the longer one, as it is,
/// as an initial, or with one slip of the pen. A name without words, or in another alphabet, says nothing against it.
[[nodiscard]] inline bool names_agree(const NameWords& one, const NameWords& other) {
  const auto russian = [](const NameWords& words) {
    return std::any_of(words.begin(), words.end(), [](const std::u32string& word) {
      return std::any_of(word.begin(), word.end(), [](char32_t c) { return c >= 0x400 && c < 0x500; });
    });
  };
  if (one.empty() || other.empty() || russian(one) != russian(other)) return true;
  const bool in_order = one.size() != other.size() ? one.size() < other.size() : one <= other;
  const NameWords& few = in_order ? one : other;
  const NameWords& many = in_order ? other : one;
  std::vector<bool> taken(many.size(), false);
  NameWords left;
  for (const std::u32string& word : few) {
    std::size_t place = 0;
    while (place < many.size() && (taken[place] || many[place] != word)) ++place;
    if (place == many.size()) {
      left.push_back(word);
    } else {
      taken[place] = true;
    }
  }
  for (const std::u32string& word : left) {
    std::size_t place = 0;
    while (place < many.size() && (taken[place] || !same_name_word(many[place], word))) ++place;
    if (place == many.size()) return false;
    taken[place] = true;
  }
  return true;
}

}  // namespace dealtrail::detail
