#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "dealtrail/attribution/detail/group_split.hpp"
#include "dealtrail/attribution/detail/subject_groups.hpp"
#include "dealtrail/attribution/markov/groups.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/random.hpp"
#include "dealtrail/journeys/journeys.hpp"

// Counting the steps of a chain. A window of touches is a number whose digits of `bits` bits are places of channels
// from 1, so numbers are in the order of windows, and a window with the touch after it is a number as well.
namespace dealtrail::detail {

struct WindowCode {
  unsigned bits = 1;
  unsigned order = 1;

  // @throws Error limit_exceeded
  WindowCode(std::size_t channels, int of_order)
      : bits(std::max(1U, static_cast<unsigned>(std::bit_width(channels)))), order(static_cast<unsigned>(of_order)) {
    if (bits * (order + 1) > 63) {
      throw Error(ErrorCode::limit_exceeded,
                  "too many channels for order " + std::to_string(order) + ": " + std::to_string(channels), {},
                  "take a lower order, or fewer channels");
    }
  }
  [[nodiscard]] std::uint64_t mask() const noexcept { return (std::uint64_t{1} << (bits * order)) - 1; }
  [[nodiscard]] MarkovWindow window(std::uint64_t key) const noexcept {
    MarkovWindow window{};
    for (std::size_t at = window.size(); key != 0; key >>= bits)
      window[--at] = static_cast<std::uint32_t>(key & ((std::uint64_t{1} << bits) - 1));
    return window;
  }
  // Whether the step is from a state to itself: the touch before the window's first is the same again.
  [[nodiscard]] bool repeats(std::uint64_t step) const noexcept { return (step >> bits) == (step & mask()); }
};

// Numbers to cells: a place for each number, or a hash table where there would be too many of them. Takes out its cells
// in the order of their numbers and is empty then.
template <class Cell>
class KeyedCells {
 public:
  void prepare(unsigned key_bits, std::size_t expected) {
    dense_ = key_bits < 24 && (std::size_t{1} << key_bits) <= 16 * expected + 4096;
    const std::size_t wanted = dense_ ? std::size_t{1} << key_bits : 1024;
    if (dense_ ? cells_.size() != wanted || !keys_.empty() : keys_.empty()) {
      cells_.assign(wanted, Cell{});
      keys_.assign(dense_ ? 0 : wanted, none);
      used_ = 0;
    }
  }
  [[nodiscard]] bool dense() const noexcept { return dense_; }
  // Of a dense table, without a look at what kind it is.
  [[nodiscard]] Cell* data() noexcept { return cells_.data(); }
  [[nodiscard]] Cell& operator[](std::uint64_t key) {
    if (dense_) return cells_[key];
    return cells_[place_of(key)];
  }
  template <class Visit>
  void take(Visit&& visit) {
    if (dense_) {
      for (std::size_t key = 0; key < cells_.size(); ++key) {
        if (cells_[key] == Cell{}) continue;
        visit(key, cells_[key]);
        cells_[key] = Cell{};
      }
      return;
    }
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    order.reserve(used_);
    for (std::size_t place = 0; place < keys_.size(); ++place) {
      if (keys_[place] != none) order.emplace_back(keys_[place], place);
    }
    std::sort(order.begin(), order.end());
    for (const auto& [key, place] : order) {
      visit(key, cells_[place]);
      cells_[place] = Cell{};
      keys_[place] = none;
    }
    used_ = 0;
  }

 private:
  static constexpr std::uint64_t none = ~std::uint64_t{0};  // keys have 63 bits at most

  std::size_t place_of(std::uint64_t key) {
    if (used_ * 2 >= keys_.size()) grow();
    const std::size_t mask = keys_.size() - 1;
    std::size_t place = mixed(key) & mask;
    while (keys_[place] != key) {
      if (keys_[place] == none) {
        keys_[place] = key;
        ++used_;
        break;
      }
      place = (place + 1) & mask;
    }
    return place;
  }
  void grow() {
    std::vector<std::uint64_t> keys(keys_.size() * 2, none);
    std::vector<Cell> cells(keys.size());
    const std::size_t mask = keys.size() - 1;
    for (std::size_t old = 0; old < keys_.size(); ++old) {
      if (keys_[old] == none) continue;
      std::size_t place = mixed(keys_[old]) & mask;
      while (keys[place] != none) place = (place + 1) & mask;
      keys[place] = keys_[old];
      cells[place] = cells_[old];
    }
    keys_ = std::move(keys);
    cells_ = std::move(cells);
  }

  bool dense_ = false;
  std::size_t used_ = 0;
  std::vector<std::uint64_t> keys_{};
  std::vector<Cell> cells_{};
};

// Sums of one state; those of weights wrap and are checked beforehand.
struct EndCell {
  std::uint64_t starts = 0;
  std::uint64_t conversions = 0;
  std::uint64_t nulls = 0;
  int128 value = 0;
  friend bool operator==(const EndCell&, const EndCell&) = default;
};

// The counts of one group. Windows are places in a list of its own, the start the first of them.
struct KeyedGroup {
  std::vector<std::uint64_t> windows{};  // as numbers, in order
  MarkovGroup counts{};
};

// `Count` holds the journeys of a group times the touches of each.
template <class Count>
class ChainCounter {
 public:
  ChainCounter(WindowCode code) : code_(code), mask_(code.mask()) {}

  void begin(std::size_t touches) {
    steps_.prepare(code_.bits * (code_.order + 1), touches);
    ends_.prepare(code_.bits * code_.order, touches);
  }
  // `each(add)` calls add(path, conversions, nulls, value) for each journey.
  template <class Each>
  void count(Each&& each) {
    if (steps_.dense() && ends_.dense()) {
      Count* const steps = steps_.data();
      EndCell* const ends = ends_.data();
      each(adder([steps](std::uint64_t key) -> Count& { return steps[key]; },
                 [ends](std::uint64_t key) -> EndCell& { return ends[key]; }));
    } else {
      each(adder([this](std::uint64_t key) -> Count& { return steps_[key]; },
                 [this](std::uint64_t key) -> EndCell& { return ends_[key]; }));
    }
  }
  [[nodiscard]] KeyedGroup take() {
    KeyedGroup group;
    ends_taken_.clear();
    ends_.take([&](std::uint64_t key, const EndCell& cell) { ends_taken_.emplace_back(key, cell); });
    group.windows.push_back(0);
    if (steps_.dense()) {
      take_dense(group);
    } else {
      take_hashed(group);
    }
    group.counts.all = all_;
    group.counts.unattributed = unattributed_;
    all_ = unattributed_ = {};
    return group;
  }

 private:
  void take_dense(KeyedGroup& group) {
    // Which windows there are, and how many steps: rows of next touches lie together.
    const std::size_t digits = std::size_t{1} << code_.bits;
    const std::size_t windows = std::size_t{1} << (code_.bits * code_.order);
    there_.assign(windows, 0);
    std::size_t steps = 0;
    for (std::size_t from = 0; from < windows; ++from) {
      const Count* const row = steps_.data() + from * digits;
      Count* const there = there_.data() + ((from * digits) & mask_);
      for (std::size_t digit = 0; digit < digits; ++digit) {
        steps += row[digit] != 0 ? 1 : 0;
        there[digit] |= row[digit];
      }
    }
    for (const auto& [window, cell] : ends_taken_) there_[window] = 1;
    places_.assign(windows, 0);
    for (std::size_t window = 1; window < windows; ++window) {
      if (there_[window] == 0) continue;
      places_[window] = static_cast<std::uint32_t>(group.windows.size());
      group.windows.push_back(window);
    }
    take_ends(group.counts, steps, [this](std::uint64_t window) { return places_[window]; });
    std::vector<MarkovStep> some(digits);
    for (std::size_t from = 0; from < windows; ++from) {
      if (there_[from] == 0) continue;
      Count* const row = steps_.data() + from * digits;
      const std::size_t next = (from * digits) & mask_;
      const std::size_t itself = from >= next && from < next + digits ? from - next : digits;
      if (itself < digits) row[itself] = 0;  // counted once
      std::size_t count = 0;
      for (std::size_t digit = 0; digit < digits; ++digit) {
        some[count] = {places_[from], places_[next + digit], static_cast<std::int64_t>(row[digit])};
        count += row[digit] != 0 ? 1 : 0;
        row[digit] = 0;
      }
      group.counts.steps.insert(group.counts.steps.end(), some.begin(),
                                some.begin() + static_cast<std::ptrdiff_t>(count));
    }
  }
  void take_hashed(KeyedGroup& group) {
    std::vector<std::pair<std::uint64_t, std::int64_t>> steps;
    steps_.take([&](std::uint64_t key, Count weight) {
      if (!code_.repeats(key)) steps.emplace_back(key, static_cast<std::int64_t>(weight));
    });
    auto& windows = group.windows;
    for (const auto& [window, cell] : ends_taken_) windows.push_back(window);
    for (const auto& [key, weight] : steps) windows.push_back(key & mask_);
    std::sort(windows.begin(), windows.end());
    windows.erase(std::unique(windows.begin(), windows.end()), windows.end());
    const auto place_of = [&windows](std::uint64_t window) {
      return static_cast<std::uint32_t>(std::lower_bound(windows.begin(), windows.end(), window) - windows.begin());
    };
    take_ends(group.counts, steps.size(), place_of);
    for (const auto& [key, weight] : steps)
      group.counts.steps.push_back({place_of(key >> code_.bits), place_of(key & mask_), weight});
  }
  // Room for the steps that follow, too.
  template <class PlaceOf>
  void take_ends(MarkovGroup& group, std::size_t steps, PlaceOf&& place_of) {
    group.steps.reserve(ends_taken_.size() + steps);
    group.ends.reserve(ends_taken_.size());
    for (const auto& [window, cell] : ends_taken_) {
      const std::uint32_t place = place_of(window);
      if (cell.starts != 0) group.steps.push_back({0, place, static_cast<std::int64_t>(cell.starts)});
      if (cell.conversions != 0 || cell.nulls != 0) {
        group.ends.push_back(
            {place, static_cast<std::int64_t>(cell.conversions), static_cast<std::int64_t>(cell.nulls), cell.value});
      }
    }
  }
  template <class StepAt, class EndAt>
  auto adder(StepAt step_at, EndAt end_at) {
    return [this, step_at, end_at, bits = code_.bits, mask = mask_, order = code_.order](
               std::span<const std::uint32_t> path, std::int64_t conversions, std::int64_t nulls, std::int64_t value) {
      for (MarkovTotals* const totals : {&all_, path.empty() ? &unattributed_ : nullptr}) {
        if (totals == nullptr) continue;
        totals->journeys += conversions + nulls;
        totals->conversions += conversions;
        totals->value += value;
      }
      if (path.empty()) return;
      const auto weight = static_cast<std::uint64_t>(conversions + nulls);
      const std::size_t whole = std::min<std::size_t>(order, path.size());
      std::uint64_t window = 0;
      std::size_t at = 0;
      for (; at < whole; ++at) window = window << bits | (path[at] + 1);
      end_at(window).starts += weight;
      for (; at < path.size(); ++at) {
        const std::uint64_t step = window << bits | (path[at] + 1);
        step_at(step) += static_cast<Count>(weight);
        window = step & mask;
      }
      EndCell& end = end_at(window);
      end.conversions += static_cast<std::uint64_t>(conversions);
      end.nulls += static_cast<std::uint64_t>(nulls);
      if (conversions > 0) end.value += value;
    };
  }

  WindowCode code_;
  std::uint64_t mask_;
  KeyedCells<Count> steps_{};
  KeyedCells<EndCell> ends_{};
  std::vector<std::pair<std::uint64_t, EndCell>> ends_taken_{};
  std::vector<Count> there_{};  // by window
  std::vector<std::uint32_t> places_{};
  MarkovTotals all_{};
  MarkovTotals unattributed_{};
};

// What one row of paths brings to one group.
struct DealtPart {
  std::uint32_t row = 0;
  std::uint32_t group = 0;
  std::int64_t conversions = 0;
  std::int64_t nulls = 0;
  std::int64_t value = 0;
};

// A few counts are dealt one by one, as GroupSplit would.
inline void assign_to_groups(const Journeys& journeys, std::size_t row, std::vector<DealtPart>& parts) {
  const std::size_t first = parts.size();
  const auto part_of = [&](std::size_t group) -> DealtPart& {
    std::size_t at = first;
    while (at < parts.size() && parts[at].group < group) ++at;
    if (at == parts.size() || parts[at].group != group) {
      parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(at),
                   {static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(group), 0, 0, 0});
    }
    return parts[at];
  };
  Random random{seed_of_row(journeys, row)};
  const std::int64_t conversions = journeys.conversions(row);
  for (std::int64_t left = conversions; left > 0; --left) ++part_of(random.index(interval_groups)).conversions;
  for (std::int64_t left = journeys.nulls(row); left > 0; --left) ++part_of(random.index(interval_groups)).nulls;
  const std::int64_t value = journeys.value_minor(row);
  if (value == 0) return;
  std::array<std::uint64_t, 16> weights{};
  std::array<std::int64_t, 16> values{};
  const std::size_t count = parts.size() - first;
  for (std::size_t i = 0; i < count; ++i) {
    const DealtPart& part = parts[first + i];
    weights[i] = static_cast<std::uint64_t>(conversions > 0 ? part.conversions : part.nulls);
  }
  split_into(value, {weights.data(), count}, {values.data(), count});
  for (std::size_t i = 0; i < count; ++i) parts[first + i].value = values[i];
}

// The parts of a row of paths for each group that has some, by group.
inline void deal_row(const Journeys& journeys, std::size_t row, std::size_t groups, std::vector<DealtPart>& parts) {
  if (groups == 1) {
    parts.push_back({static_cast<std::uint32_t>(row), 0, journeys.conversions(row), journeys.nulls(row),
                     journeys.value_minor(row)});
  } else if (journeys.conversions(row) < dealt_one_by_one && journeys.nulls(row) < dealt_one_by_one) {
    assign_to_groups(journeys, row, parts);
  } else {
    GroupSplit dealt(journeys, row, groups);
    dealt.share(journeys.value_minor(row),
                [&](std::size_t group, std::int64_t weight, std::int64_t converted, std::int64_t value) {
                  parts.push_back({static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(group), converted,
                                   weight - converted, value});
                });
  }
}

// Calls `add(group, conversions, nulls, value)` for what each group gets of a row, maybe more than once. `parts` is
// room to work in.
template <class Add>
inline void deal_row_to(const Journeys& journeys, std::size_t row, std::vector<DealtPart>& parts, Add&& add) {
  const std::int64_t conversions = journeys.conversions(row);
  const std::int64_t nulls = journeys.nulls(row);
  if (conversions < dealt_one_by_one && nulls < dealt_one_by_one && journeys.value_minor(row) == 0) {
    Random random{seed_of_row(journeys, row)};
    for (std::int64_t left = conversions; left > 0; --left) add(random.index(interval_groups), 1, 0, 0);
    for (std::int64_t left = nulls; left > 0; --left) add(random.index(interval_groups), 0, 1, 0);
    return;
  }
  parts.clear();
  deal_row(journeys, row, interval_groups, parts);
  for (const DealtPart& part : parts) add(part.group, part.conversions, part.nulls, part.value);
}

// Counts each channel of each journey once.
inline void count_presence(const Journeys& journeys, std::size_t begin, std::size_t end,
                           std::vector<MarkovPresence>& presence, std::vector<std::uint64_t>& seen) {
  if (presence.size() <= 64) {
    for (std::size_t journey = begin; journey < end; ++journey) {
      std::uint64_t there = 0;
      for (const std::uint32_t channel : journeys.path(journey)) there |= std::uint64_t{1} << channel;
      const std::int64_t conversions = journeys.conversions(journey);
      const std::int64_t weight = conversions + journeys.nulls(journey);
      for (; there != 0; there &= there - 1) {
        MarkovPresence& one = presence[static_cast<std::size_t>(std::countr_zero(there))];
        one.journeys += weight;
        one.converting += conversions;
      }
    }
    return;
  }
  seen.resize(presence.size());
  for (std::size_t journey = begin; journey < end; ++journey) {
    const std::int64_t conversions = journeys.conversions(journey);
    const std::int64_t weight = conversions + journeys.nulls(journey);
    for (const std::uint32_t channel : journeys.path(journey)) {
      if (seen[channel] == journey + 1) continue;
      seen[channel] = journey + 1;
      presence[channel].journeys += weight;
      presence[channel].converting += conversions;
    }
  }
}

// Sums of weights stay within 64 bits, whatever is counted.
// @throws Error overflow
inline void require_countable(const Journeys& journeys) {
  if (!deals_to_groups(journeys)) return;  // each is one
  int128 touches = 0;
  for (std::size_t row = 0; row < journeys.size(); ++row) {
    touches += (static_cast<int128>(journeys.conversions(row)) + journeys.nulls(row)) *
               static_cast<int128>(journeys.touches_of(row) + 1);
    if (touches > std::numeric_limits<std::int64_t>::max())
      throw Error(ErrorCode::overflow, "the touches of these journeys cannot be counted in 64 bits");
  }
}

}  // namespace dealtrail::detail
