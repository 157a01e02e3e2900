#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <compare>
#include <iterator>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/attribution/detail/channel_sets.hpp"
#include "dealtrail/attribution/detail/group_split.hpp"
#include "dealtrail/attribution/detail/state_bytes.hpp"
#include "dealtrail/attribution/detail/subject_groups.hpp"
#include "dealtrail/core/detail/parallel.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"

namespace dealtrail {

namespace detail {

// Something with a number that it is ordered by.
struct KeyedPlace {
  std::uint64_t key = 0;
  std::uint64_t place = 0;
};

// By key, then place, in which the rows come: eleven bits at a time.
inline void sort_by_key(std::vector<KeyedPlace>& rows, std::vector<KeyedPlace>& scratch) {
  constexpr unsigned digit = 11;
  constexpr std::size_t few = 200;
  if (rows.size() < few) {
    std::sort(rows.begin(), rows.end(), [](const KeyedPlace& one, const KeyedPlace& other) {
      return one.key != other.key ? one.key < other.key : one.place < other.place;
    });
    return;
  }
  std::uint64_t used = 0;
  for (const KeyedPlace& row : rows) used |= row.key;
  scratch.resize(rows.size());
  for (unsigned shift = 0; shift < 64 && used >> shift != 0; shift += digit) {
    std::array<std::size_t, std::size_t{1} << digit> starts{};
    const auto digit_of = [shift](const KeyedPlace& row) { return row.key >> shift & ((1U << digit) - 1U); };
    for (const KeyedPlace& row : rows) ++starts[digit_of(row)];
    std::exclusive_scan(starts.begin(), starts.end(), starts.begin(), std::size_t{0});
    for (const KeyedPlace& row : rows) scratch[starts[digit_of(row)]++] = row;
    rows.swap(scratch);
  }
}

// The order of sets: by the greatest channel, then the next one; what runs out first is less.
[[nodiscard]] inline std::strong_ordering compare_sets(std::span<const std::uint32_t> one,
                                                       std::span<const std::uint32_t> other) {
  return std::lexicographical_compare_three_way(one.rbegin(), one.rend(), other.rbegin(), other.rend());
}

// A number for the set of each journey, in the order of sets: its mask, or its place among all sets.
class SetKeys {
 public:
  SetKeys(const Journeys& journeys, const std::vector<std::size_t>& starts, std::size_t threads)
      : masks_(journeys.channels().size() <= 64), keys_(journeys.size()) {
    if (!masks_) {
      number_sets(journeys);
      return;
    }
    run_tasks(threads, starts.size() - 1, [&](std::size_t, std::size_t task) {
      for (std::size_t journey = starts[task]; journey < starts[task + 1]; ++journey) {
        std::uint64_t mask = 0;
        for (const std::uint32_t channel : journeys.path(journey)) mask |= std::uint64_t{1} << channel;
        keys_[journey] = mask;
      }
    });
  }

  [[nodiscard]] std::uint64_t operator[](std::size_t journey) const noexcept { return keys_[journey]; }
  void append_members(std::uint64_t key, std::vector<std::uint32_t>& to) const {
    if (!masks_) {
      const auto set = list(order_[key]);
      to.insert(to.end(), set.begin(), set.end());
      return;
    }
    for (; key != 0; key &= key - 1) to.push_back(static_cast<std::uint32_t>(std::countr_zero(key)));
  }

 private:
  [[nodiscard]] std::span<const std::uint32_t> list(std::size_t journey) const noexcept {
    return {members_.data() + first_[journey], first_[journey + 1] - first_[journey]};
  }

  // More channels than bits: the sets themselves are put in order.
  void number_sets(const Journeys& journeys) {
    first_.assign(1, 0);
    std::vector<KeyedPlace> rows;
    for (std::size_t journey = 0; journey < journeys.size(); ++journey) {
      const auto path = journeys.path(journey);
      const auto begin = static_cast<std::ptrdiff_t>(members_.size());
      members_.insert(members_.end(), path.begin(), path.end());
      std::sort(members_.begin() + begin, members_.end());
      members_.erase(std::unique(members_.begin() + begin, members_.end()), members_.end());
      first_.push_back(members_.size());
      const auto set = list(journey);  // the two greatest channels decide most comparisons
      const std::uint64_t first = set.empty() ? 0 : std::uint64_t{set[set.size() - 1]} + 1;
      const std::uint64_t second = set.size() < 2 ? 0 : std::uint64_t{set[set.size() - 2]} + 1;
      rows.push_back({first << 32U | second, journey});
    }
    const auto compare = [this](const KeyedPlace& one, const KeyedPlace& other) {
      if (one.key != other.key) return one.key <=> other.key;
      return compare_sets(list(one.place), list(other.place));
    };
    std::sort(rows.begin(), rows.end(), [&](const auto& one, const auto& other) { return compare(one, other) < 0; });
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (row == 0 || compare(rows[row - 1], rows[row]) != 0) order_.push_back(rows[row].place);
      keys_[rows[row].place] = order_.size() - 1;
    }
  }

  bool masks_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::size_t> first_{};  // more than 64 channels: the set of each journey
  std::vector<std::uint32_t> members_{};
  std::vector<std::size_t> order_{};  // a journey of each set
};

// What one group has of one set.
struct SetRun {
  std::uint64_t key = 0;
  std::uint8_t group = 0;
  SetCell cell{};
};

// The runs of some journeys that stand for themselves: those of one key together.
inline void count_runs(const Journeys& journeys, const SetKeys& keys, std::size_t begin, std::size_t end,
                       std::uint8_t group, std::vector<SetRun>& to) {
  std::vector<KeyedPlace> rows(end - begin);
  std::vector<KeyedPlace> scratch;
  for (std::size_t journey = begin; journey < end; ++journey) rows[journey - begin] = {keys[journey], journey};
  sort_by_key(rows, scratch);
  for (const KeyedPlace& row : rows) {
    if (to.empty() || to.back().key != row.key) to.push_back({row.key, group, {}});
    SetCell& cell = to.back().cell;
    cell.journeys += 1;
    cell.conversions += journeys.conversions(row.place);
    cell.value += journeys.value_minor(row.place);
  }
}

// The channels that occur in some set; nothing at all leaves no trace, so that equal contents are equal bytes.
inline void drop_unused_channels(ChannelSets& sets) {
  if (sets.cells.empty()) {
    sets = {};
    return;
  }
  std::vector<std::uint32_t> place(sets.channels.size(), 0);
  for (const std::uint32_t member : sets.members) place[member] = 1;
  std::uint32_t kept = 0;
  for (std::size_t channel = 0; channel < place.size(); ++channel) {
    if (place[channel] == 0) continue;
    if (kept != channel) sets.channels[kept] = std::move(sets.channels[channel]);
    place[channel] = kept++;
  }
  sets.channels.resize(kept);
  for (std::uint32_t& member : sets.members) member = place[member];
}

// Sets of runs that stand by group within each key.
[[nodiscard]] inline ChannelSets sets_of_runs(const Journeys& journeys, const SetKeys& keys, std::size_t groups,
                                              const std::vector<SetRun>& runs) {
  ChannelSets sets{.groups = groups};
  sets.channels.assign(journeys.channels().begin(), journeys.channels().end());
  std::vector<KeyedPlace> rows(runs.size());
  std::vector<KeyedPlace> scratch;
  for (std::size_t run = 0; run < runs.size(); ++run) rows[run] = {runs[run].key, run};
  sort_by_key(rows, scratch);
  sets.cell_group.reserve(runs.size());
  sets.cells.reserve(runs.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const SetRun& run = runs[rows[row].place];
    const bool first = row == 0 || rows[row - 1].key != rows[row].key;
    if (first) {
      sets.member_first.push_back(sets.members.size());
      sets.cell_first.push_back(sets.cells.size());
      keys.append_members(rows[row].key, sets.members);
    }
    if (first || sets.cell_group.back() != run.group) {
      sets.cell_group.push_back(run.group);
      sets.cells.push_back(run.cell);
      continue;
    }
    SetCell& cell = sets.cells.back();
    cell.journeys = checked_add(cell.journeys, run.cell.journeys);
    cell.conversions += run.cell.conversions;
    cell.value += run.cell.value;
  }
  sets.member_first.push_back(sets.members.size());
  sets.cell_first.push_back(sets.cells.size());
  drop_unused_channels(sets);
  return sets;
}

DEALTRAIL_INLINE ChannelSets count_sets(const Journeys& journeys, std::size_t groups, std::size_t threads) {
  if (journeys.size() == 0) return {};
  threads = std::max<std::size_t>(threads, 1);
  std::vector<SetRun> runs;
  if (deals_to_groups(journeys)) {
    const SetKeys keys(journeys, {0, journeys.size()}, 1);
    std::vector<std::vector<SetRun>> by_group(groups);
    for (std::size_t row = 0; row < journeys.size(); ++row) {
      GroupSplit(journeys, row, groups)
          .share(journeys.value_minor(row),
                 [&](std::size_t group, std::int64_t count, std::int64_t converted, std::int64_t value) {
                   by_group[group].push_back({keys[row], static_cast<std::uint8_t>(group), {count, converted, value}});
                 });
    }
    for (const auto& some : by_group) runs.insert(runs.end(), some.begin(), some.end());
    return sets_of_runs(journeys, keys, groups, runs);
  }
  const auto starts = group_starts(journeys, interval_groups);  // in pieces, also without groups
  const SetKeys keys(journeys, starts, threads);
  std::vector<std::vector<SetRun>> by_task(interval_groups);
  run_tasks(threads, interval_groups, [&](std::size_t, std::size_t task) {
    count_runs(journeys, keys, starts[task], starts[task + 1], static_cast<std::uint8_t>(groups == 1 ? 0 : task),
               by_task[task]);
  });
  for (const auto& some : by_task) runs.insert(runs.end(), some.begin(), some.end());
  return sets_of_runs(journeys, keys, groups, runs);
}

// Walks two countings side by side; `with(to, from)` puts a cell of the other into that of the one.
template <class With>
[[nodiscard]] ChannelSets combined_sets(const ChannelSets& one, const ChannelSets& other, With&& with) {
  ChannelSets both{.groups = one.groups};
  std::set_union(one.channels.begin(), one.channels.end(), other.channels.begin(), other.channels.end(),
                 std::back_inserter(both.channels));
  const auto placed = [&both](const ChannelSets& sets) {
    std::vector<std::uint32_t> members;
    members.reserve(sets.members.size());
    std::vector<std::uint32_t> place;
    for (const std::string& name : sets.channels) {
      place.push_back(static_cast<std::uint32_t>(std::lower_bound(both.channels.begin(), both.channels.end(), name) -
                                                 both.channels.begin()));
    }
    for (const std::uint32_t member : sets.members) members.push_back(place[member]);
    return members;
  };
  const auto mine = placed(one);
  const auto theirs = placed(other);
  const auto list = [](const ChannelSets& sets, const std::vector<std::uint32_t>& members, std::size_t at) {
    return std::span{members}.subspan(sets.member_first[at], sets.member_first[at + 1] - sets.member_first[at]);
  };
  std::size_t left = 0;
  std::size_t right = 0;
  while (left < one.size() || right < other.size()) {
    std::strong_ordering order = std::strong_ordering::less;
    if (left == one.size()) {
      order = std::strong_ordering::greater;
    } else if (right < other.size()) {
      order = compare_sets(list(one, mine, left), list(other, theirs, right));
    }
    const auto set = order <= 0 ? list(one, mine, left) : list(other, theirs, right);
    std::uint64_t cell = order <= 0 ? one.cell_first[left] : 0;
    const std::uint64_t cell_end = order <= 0 ? one.cell_first[++left] : 0;
    std::uint64_t from = order >= 0 ? other.cell_first[right] : 0;
    const std::uint64_t from_end = order >= 0 ? other.cell_first[++right] : 0;
    const std::size_t before = both.cells.size();
    while (cell < cell_end || from < from_end) {
      const bool has = cell < cell_end && (from == from_end || one.cell_group[cell] <= other.cell_group[from]);
      const bool adds = from < from_end && (!has || one.cell_group[cell] == other.cell_group[from]);
      const std::uint8_t group = has ? one.cell_group[cell] : other.cell_group[from];
      SetCell sum = has ? one.cells[cell++] : SetCell{};
      if (adds) with(sum, other.cells[from++]);
      if (sum == SetCell{}) continue;
      both.cell_group.push_back(group);
      both.cells.push_back(sum);
    }
    if (both.cells.size() == before) continue;
    both.member_first.push_back(both.members.size());
    both.cell_first.push_back(before);
    both.members.insert(both.members.end(), set.begin(), set.end());
  }
  both.member_first.push_back(both.members.size());
  both.cell_first.push_back(both.cells.size());
  drop_unused_channels(both);
  return both;
}

DEALTRAIL_INLINE ChannelSets joined_sets(const ChannelSets& one, const ChannelSets& other) {
  return combined_sets(one, other, [](SetCell& to, const SetCell& from) {
    to.journeys = checked_add(to.journeys, from.journeys);
    to.conversions += from.conversions;
    to.value += from.value;
  });
}

DEALTRAIL_INLINE ChannelSets sets_without(const ChannelSets& whole, const ChannelSets& part) {
  return combined_sets(whole, part, [](SetCell& to, const SetCell& from) {
    const bool fits =
        from.conversions <= to.conversions && from.journeys - from.conversions <= to.journeys - to.conversions;
    to.journeys -= from.journeys;
    to.conversions -= from.conversions;
    to.value -= from.value;
    if (!fits || (to.journeys == 0 && to.value != 0)) {
      throw Error(ErrorCode::invalid_argument, "takes away more journeys than there are",
                  {"Shapley state", "journeys"});
    }
  });
}

DEALTRAIL_INLINE void append_sets(std::string& bytes, const ChannelSets& sets) {
  append_little_endian(bytes, static_cast<std::uint8_t>(sets.groups));
  append_texts(bytes, sets.channels);
  append_little_endian(bytes, static_cast<std::uint64_t>(sets.size()));
  for (std::size_t at = 0; at < sets.size(); ++at) {
    const auto set = sets.set(at);
    append_little_endian(bytes, static_cast<std::uint32_t>(set.size()));
    for (const std::uint32_t member : set) append_little_endian(bytes, member);
    append_little_endian(bytes, static_cast<std::uint8_t>(sets.cell_first[at + 1] - sets.cell_first[at]));
    for (std::uint64_t cell = sets.cell_first[at]; cell < sets.cell_first[at + 1]; ++cell) {
      append_little_endian(bytes, sets.cell_group[cell]);
      append_little_endian(bytes, sets.cells[cell].journeys);
      append_little_endian(bytes, sets.cells[cell].conversions);
      append_wide(bytes, sets.cells[cell].value);
    }
  }
}

DEALTRAIL_INLINE ChannelSets read_sets(ByteReader& from) {
  ChannelSets sets;
  sets.groups = from.read<std::uint8_t>();
  if (sets.groups != 0 && sets.groups != 1 && sets.groups != interval_groups)
    from.fail("has a number of groups that cannot be");
  sets.channels = read_sorted_texts(from);
  std::uint64_t left = from.read<std::uint64_t>();
  if ((sets.groups == 0) != (left == 0)) from.fail("has sets without groups or groups without sets");
  if (left > 0) {
    sets.member_first.push_back(0);
    sets.cell_first.push_back(0);
  }
  for (; left > 0; --left) {
    for (std::uint32_t members = from.read<std::uint32_t>(); members > 0; --members) {
      const auto member = from.read<std::uint32_t>();
      const bool ascends = sets.members.size() == sets.member_first.back() || sets.members.back() < member;
      if (!ascends || member >= sets.channels.size()) from.fail("has a set that cannot be");
      sets.members.push_back(member);
    }
    sets.member_first.push_back(sets.members.size());
    const std::size_t last = sets.size() - 1;
    if (last > 0 && compare_sets(sets.set(last - 1), sets.set(last)) >= 0) from.fail("has sets out of order");
    const auto cells = from.read<std::uint8_t>();
    if (cells == 0) from.fail("has a set of no journeys");
    for (std::uint8_t cell = 0; cell < cells; ++cell) {
      const auto group = from.read<std::uint8_t>();
      if (group >= sets.groups || (cell > 0 && group <= sets.cell_group.back())) from.fail("has groups out of order");
      SetCell read;
      read.journeys = from.read<std::int64_t>();
      read.conversions = from.read<std::int64_t>();
      read.value = read_wide(from);
      if (read.conversions < 0 || read.journeys <= 0 || read.conversions > read.journeys)
        from.fail("has counts that cannot be");
      sets.cell_group.push_back(group);
      sets.cells.push_back(read);
    }
    sets.cell_first.push_back(sets.cells.size());
  }
  ChannelSets clean = sets;
  drop_unused_channels(clean);
  if (clean.channels != sets.channels) from.fail("has channels of no journey");
  return sets;
}

}  // namespace detail

}  // namespace dealtrail
