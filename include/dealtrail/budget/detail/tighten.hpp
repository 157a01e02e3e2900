#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dealtrail/budget/certificate.hpp"
#include "dealtrail/budget/detail/dual_bound.hpp"
#include "dealtrail/core/detail/int128.hpp"

namespace dealtrail::budget::detail {

/// Limits that follow from those of groups: a member gets at most what the lower limits of the others leave, at least
/// what their upper limits leave over. Otherwise a group whose limits meet would need an infinite price.
inline void tighten(Problem& problem) {
  using dealtrail::detail::int128;
  if (problem.groups.empty()) return;
  const std::size_t n = problem.channels.size();
  std::vector<int128> low(problem.groups.size(), 0);  // of the members together
  std::vector<int128> high(problem.groups.size(), 0);
  const auto own_low = [&](std::size_t g) { return std::max<int128>(low[g], problem.groups[g].least); };
  const auto own_high = [&](std::size_t g) { return std::min<int128>(high[g], problem.groups[g].most); };
  for (std::size_t i = 0; i < n; ++i) {
    if (problem.channels[i].group < 0) continue;
    low[static_cast<std::size_t>(problem.channels[i].group)] += problem.channels[i].least;
    high[static_cast<std::size_t>(problem.channels[i].group)] += problem.channels[i].most;
  }
  for (std::size_t g = problem.groups.size(); g-- > 0;) {
    if (problem.groups[g].parent < 0) continue;
    low[static_cast<std::size_t>(problem.groups[g].parent)] += own_low(g);
    high[static_cast<std::size_t>(problem.groups[g].parent)] += own_high(g);
  }
  const auto narrow = [&](std::size_t around, int128 least, int128 most, std::int64_t& new_least,
                          std::int64_t& new_most) {
    const int128 at_most = own_high(around) - (low[around] - least);
    const int128 at_least = own_low(around) - (high[around] - most);
    if (at_most < new_most) new_most = static_cast<std::int64_t>(std::max<int128>(at_most, 0));
    if (at_least > new_least) new_least = static_cast<std::int64_t>(at_least);
  };
  for (std::size_t g = 0; g < problem.groups.size(); ++g) {  // from the outside in
    ProblemGroup& group = problem.groups[g];
    if (group.parent < 0) continue;
    narrow(static_cast<std::size_t>(group.parent), own_low(g), own_high(g), group.least, group.most);
  }
  for (ProblemChannel& channel : problem.channels) {
    if (channel.group < 0 || channel.curve.kind() == CurveKind::packages) continue;
    std::int64_t least = channel.least;
    std::int64_t most = channel.most;
    narrow(static_cast<std::size_t>(channel.group), channel.least, channel.most, least, most);
    if (channel.least_if_used > 0) {
      if (most < channel.least_if_used) most = 0;
      least = channel.least;
    }
    if (least <= most) {
      channel.least = least;
      channel.most = most;
    }
  }
}

}  // namespace dealtrail::budget::detail
