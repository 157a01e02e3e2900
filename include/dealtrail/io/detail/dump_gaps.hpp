#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace dealtrail::detail {

/// A file name cut at the last number of it: what stands before, the digits, what stands after.
struct NumberedName {
  std::string before{};
  std::string digits{};
  std::string after{};
};

/// Cuts a name such as `crm-deal-list.50.json` where its page number stands: right before the extension. Nothing to cut
/// off leaves `digits` empty; so does a number of more digits than pages have.
[[nodiscard]] inline NumberedName numbered_name(std::string_view name) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t slash = name.rfind('/');
  const std::size_t from = slash == std::string_view::npos ? 0 : slash + 1;
  std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot < from ||
      std::all_of(name.begin() + static_cast<std::ptrdiff_t>(dot) + 1, name.end(), digit)) {
    dot = name.size();
  }
  std::size_t at = dot;
  while (at > from && digit(name[at - 1])) --at;
  if (dot - at == 0 || dot - at > 9) return {std::string(name), {}, {}};
  return {std::string(name.substr(0, at)), std::string(name.substr(at, dot - at)), std::string(name.substr(dot))};
}

/// The files that are not there between those whose names end in numbers: 1, 2, 4 lack 3; 0, 50, 150 lack 100; 50, 100
/// lack 0. Names that count something else (ids, dates, one file alone) lack nothing: numbers of pages follow one
/// another, offsets have one step from 0, and where most of them would be missing they count no pages.
[[nodiscard]] inline std::vector<std::string> missing_pages(const std::vector<std::string>& names) {
  std::map<std::pair<std::string, std::string>, std::vector<std::pair<std::uint64_t, std::size_t>>> series;
  for (const std::string& name : names) {
    const NumberedName cut = numbered_name(name);
    if (cut.digits.empty()) continue;
    series[{cut.before, cut.after}].emplace_back(std::stoull(cut.digits),
                                                 cut.digits.front() == '0' ? cut.digits.size() : 1);
  }
  std::vector<std::string> missing;
  for (auto& [name, pages] : series) {
    std::sort(pages.begin(), pages.end());
    const std::uint64_t first = pages.front().first;
    std::uint64_t step = 0;
    for (const auto& page : pages) step = std::gcd(step, page.first - first);
    if (step == 0) continue;
    if (step < 10 && first <= 2) step = 1;  // pages 1 and 3, not offsets of two records
    const bool offsets = step >= 10 && first % step == 0 && first / step <= pages.size();
    if (!offsets && (step != 1 || pages.back().first > 99'999)) continue;
    const std::uint64_t from = offsets ? 0 : first == 2 ? 1 : first;
    const std::uint64_t all = (pages.back().first - from) / step + 1;
    if (all - pages.size() > 2 * pages.size()) continue;
    auto there = pages.begin();
    for (std::uint64_t page = from; page <= pages.back().first; page += step) {
      while (there != pages.end() && there->first < page) ++there;
      if (there != pages.end() && there->first == page) continue;
      std::string digits = std::to_string(page);
      const std::size_t wide = pages.front().second;
      if (digits.size() < wide) digits.insert(0, wide - digits.size(), '0');
      missing.push_back(name.first + digits + name.second);
    }
  }
  return missing;
}

}  // namespace dealtrail::detail
