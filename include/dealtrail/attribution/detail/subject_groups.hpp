#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/hash.hpp"
#include "dealtrail/core/random.hpp"
#include "dealtrail/journeys/journeys.hpp"

// Groups of subjects, for intervals: the first seven bits of the hash that subjects are ordered by, so a group is a run
// of journeys. Rows of paths have no subject; their counts are dealt.
namespace dealtrail::detail {

inline constexpr std::size_t interval_groups = 128;

[[nodiscard]] inline bool deals_to_groups(const Journeys& journeys) noexcept {
  return journeys.columns().of == JourneysOf::paths;
}

// Where each group's journeys begin, and one more: of `groups` (1 or 128). Of paths: all in the first.
[[nodiscard]] inline std::vector<std::size_t> group_starts(const Journeys& journeys, std::size_t groups) {
  const JourneyColumns& columns = journeys.columns();
  std::vector<std::size_t> starts(groups + 1, journeys.size());
  starts.front() = 0;
  if (groups == 1 || deals_to_groups(journeys)) return starts;
  const auto group_of = [&](std::size_t subject) {
    const std::uint64_t hash = columns.subject_type == SubjectType::integer
                                   ? mixed(static_cast<std::uint64_t>(columns.subject_numbers[subject]))
                                   : text_hash(columns.subject_texts[subject]);
    return static_cast<std::size_t>(hash >> (64U - static_cast<unsigned>(std::countr_zero(groups))));
  };
  std::size_t subject = 0;
  for (std::size_t group = 1; group < groups; ++group) {
    std::size_t end = columns.subjects();
    std::size_t begin = subject;
    while (begin < end) {  // the first subject of this group or a later one
      const std::size_t middle = begin + (end - begin) / 2;
      if (group_of(middle) < group) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    subject = begin;
    starts[group] = subject < columns.subjects() ? columns.subject_first[subject] : journeys.size();
  }
  return starts;
}

// How many of `count` coins show heads. Exact up to 2^20; beyond, the spread of 2^20 coins is scaled.
[[nodiscard]] inline std::int64_t half_of(Random& random, std::int64_t count) {
  constexpr std::int64_t most = std::int64_t{1} << 20U;
  const std::int64_t thrown = std::min(count, most);
  std::int64_t heads = 0;
  std::int64_t left = thrown;
  for (; left >= 64; left -= 64) heads += std::popcount(random());
  if (left > 0) heads += std::popcount(random() >> static_cast<unsigned>(64 - left));
  if (thrown == count) return heads;
  std::int64_t scale = 1;  // the root of count / most, rounded down
  while ((scale + 1) <= count / most / (scale + 1)) ++scale;
  return std::clamp<std::int64_t>(count / 2 + (heads - most / 2) * scale, 0, count);
}

using GroupCounts = std::array<std::int64_t, interval_groups>;

// Fewer than this are dealt one by one: a number of the seed each, in the order they are counted.
inline constexpr std::int64_t dealt_one_by_one = 8;

// Deals equal things to the groups, each as likely: the counts of a multinomial draw.
inline void deal(Random& random, std::int64_t count, std::size_t first, std::size_t size, GroupCounts& to) {
  if (count == 0) return;
  if (size == 1) {
    to[first] += count;
    return;
  }
  if (count < dealt_one_by_one) {
    for (; count > 0; --count) ++to[first + random.index(size)];
    return;
  }
  const std::int64_t heads = half_of(random, count);
  deal(random, heads, first, size / 2, to);
  deal(random, count - heads, first + size / 2, size / 2, to);
}

// A seed made of what a row of paths says.
[[nodiscard]] inline std::uint64_t seed_of_row(const Journeys& journeys, std::size_t row) {
  std::uint64_t seed = 0;
  for (const std::uint32_t channel : journeys.path(row)) seed = stable_hash64(journeys.channels()[channel], seed + 1);
  for (const std::int64_t count : {journeys.conversions(row), journeys.nulls(row), journeys.value_minor(row)})
    seed = mixed(seed + static_cast<std::uint64_t>(count) + 1);
  return seed;
}

}  // namespace dealtrail::detail
