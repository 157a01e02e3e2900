#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "dealtrail/funnel/event_funnel.hpp"

// One subject's attempt at a funnel.
//
// An event has a bit for each step that it can be. Ordered funnels look at events of one time together: from a step
// that was reached, a later one is reached when the steps between them that may not be skipped, and the later one, can
// be given different events of that time (a matching). For the best entry the latest start is kept for each step, not
// for the subject: in a0 b4 a5 c8 the attempt from 0 is alive when c comes.
namespace dealtrail::detail {

inline constexpr std::size_t most_event_steps = 24;
inline constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();

struct StepEvent {
  std::int64_t at = 0;
  std::uint32_t steps = 0;  // bits
  std::uint32_t row = 0;
};

struct Attempt {
  std::uint32_t steps = 0;
  std::array<std::int64_t, most_event_steps> at{};

  void reach(std::size_t step, std::int64_t time) noexcept {
    steps |= 1U << step;
    at[step] = time;
  }
};

/// Whether each of these steps can be given an event of its own, and how many can: Kuhn's augmenting paths over kinds
/// of events, each with as many as there are.
class StepMatching {
 public:
  void clear() noexcept { kinds_.clear(); }
  void add(std::uint32_t steps) {
    for (Kind& kind : kinds_) {
      if (kind.steps != steps) continue;
      ++kind.count;
      return;
    }
    kinds_.push_back({steps, 1, 0});
  }
  void take_away(std::uint32_t steps) {
    for (Kind& kind : kinds_) {
      if (kind.steps == steps) --kind.count;
    }
  }
  [[nodiscard]] bool can_be(std::uint32_t wanted) { return matched(wanted) == std::popcount(wanted); }
  [[nodiscard]] int matched(std::uint32_t wanted) {
    for (Kind& kind : kinds_) kind.taken = 0;
    std::fill(of_.begin(), of_.end(), nobody);
    int found = 0;
    for (std::uint32_t left = wanted; left != 0; left &= left - 1) {
      seen_.assign(kinds_.size(), 0);
      found += augment(static_cast<std::size_t>(std::countr_zero(left))) ? 1 : 0;
    }
    return found;
  }

 private:
  static constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();
  struct Kind {
    std::uint32_t steps;
    std::int64_t count;
    std::int64_t taken;
  };

  bool augment(std::size_t step) {
    for (std::size_t kind = 0; kind < kinds_.size(); ++kind) {
      if ((kinds_[kind].steps >> step & 1U) == 0 || seen_[kind] != 0) continue;
      seen_[kind] = 1;
      if (kinds_[kind].taken < kinds_[kind].count) {
        ++kinds_[kind].taken;
        of_[step] = kind;
        return true;
      }
      for (std::size_t other = 0; other < of_.size(); ++other) {
        if (of_[other] != kind || other == step) continue;
        if (!augment(other)) continue;
        of_[step] = kind;  // the other step gave its event up
        return true;
      }
    }
    return false;
  }

  std::vector<Kind> kinds_{};
  std::vector<std::uint8_t> seen_{};
  std::array<std::size_t, most_event_steps> of_{};
};

class AttemptSearch {
 public:
  explicit AttemptSearch(const EventFunnelOptions& options)
      : options_(options), size_(options.steps.size()), disjoint_(true) {
    for (std::size_t i = 0; i < size_; ++i) {
      if (options.steps[i].optional) optional_ |= 1U << i;
      for (std::size_t j = 0; j < i; ++j) {
        for (const std::string& event : options.steps[i].any)
          if (std::find(options.steps[j].any.begin(), options.steps[j].any.end(), event) != options.steps[j].any.end())
            disjoint_ = false;
      }
    }
    simple_ = disjoint_ && optional_ == 0;
  }

  /// The attempt of a subject; events are put in order of time. `others` are there for strict funnels.
  [[nodiscard]] Attempt found(std::vector<StepEvent>& events) {
    std::sort(events.begin(), events.end(), [](const StepEvent& l, const StepEvent& r) {
      return l.at != r.at ? l.at < r.at : place(l) != place(r) ? place(l) < place(r) : l.steps < r.steps;
    });
    switch (options_.order) {
      case EventOrder::strict: return strict(events);
      case EventOrder::any: return in_any_order(events);
      case EventOrder::ordered: break;
    }
    return options_.grace_us > 0 ? with_grace(events) : ordered(events);
  }

 private:
  // Equal times are in the order of steps; what is no step comes last.
  [[nodiscard]] static int place(const StepEvent& event) noexcept {
    return event.steps == 0 ? 64 : std::countr_zero(event.steps);
  }
  [[nodiscard]] std::int64_t until(std::int64_t start) const noexcept {
    std::int64_t end = 0;
    if (!options_.window_us || __builtin_add_overflow(start, *options_.window_us, &end))
      return std::numeric_limits<std::int64_t>::max();
    return end;
  }
  // The steps from after `from` up to `to` that are needed to reach it.
  [[nodiscard]] std::uint32_t needed(std::size_t from, std::size_t to) const noexcept {
    const std::uint32_t between = ((1U << to) - 1) & ~((1U << from) - 1);
    return (between & ~optional_) | 1U << to;
  }

  template <class Visit>
  static void each_time(std::span<const StepEvent> events, std::size_t first, Visit&& visit) {
    for (std::size_t begin = first; begin < events.size();) {
      std::size_t end = begin + 1;
      while (end < events.size() && events[end].at == events[begin].at) ++end;
      if (!visit(events.subspan(begin, end - begin))) return;
      begin = end;
    }
  }
  void fill(std::span<const StepEvent> group) {
    matching_.clear();
    for (const StepEvent& event : group)
      if (event.steps != 0) matching_.add(event.steps);
  }

  [[nodiscard]] Attempt ordered(std::span<const StepEvent> events) {
    const std::int64_t start = entry_of(events);
    return start == never ? Attempt{} : replay(events, start);
  }

  [[nodiscard]] std::int64_t entry_of(std::span<const StepEvent> events) {
    std::int64_t start = never;
    if (options_.entry != FunnelEntry::best) {
      for (const StepEvent& event : events) {
        if ((event.steps & 1U) == 0) continue;
        start = event.at;
        if (options_.entry == FunnelEntry::first) break;
      }
      return start;
    }
    starts_.fill(never);
    if (simple_) {
      for (const StepEvent& event : events) {
        if (event.steps == 0) continue;
        const auto step = static_cast<std::size_t>(std::countr_zero(event.steps));
        if (step == 0) {
          starts_[0] = event.at;
        } else if (starts_[step - 1] != never && event.at <= until(starts_[step - 1])) {
          starts_[step] = starts_[step - 1];
        }
      }
    } else {
      each_time(events, 0, [&](std::span<const StepEvent> group) {
        fill(group);
        const std::int64_t at = group.front().at;
        auto next = starts_;
        for (std::size_t to = 0; to < size_; ++to) {
          if (matching_.can_be(needed(0, to))) next[to] = at;
          for (std::size_t from = 0; from < to; ++from) {
            if (starts_[from] <= next[to] || at > until(starts_[from])) continue;
            if (matching_.can_be(needed(from + 1, to))) next[to] = starts_[from];
          }
        }
        starts_ = next;
        return true;
      });
    }
    for (std::size_t step = size_; step-- > 0;)
      if (starts_[step] != never) return starts_[step];
    return never;
  }

  // The attempt that begins at a time, each step as early as can be.
  [[nodiscard]] Attempt replay(std::span<const StepEvent> events, std::int64_t start) {
    Attempt attempt;
    const std::int64_t end = until(start);
    std::size_t next = 0;  // the first step that is not reached
    const auto first =
        std::partition_point(events.begin(), events.end(), [&](const StepEvent& e) { return e.at < start; });
    if (simple_) {
      for (auto event = first; event != events.end() && event->at <= end && next < size_; ++event)
        if ((event->steps >> next & 1U) != 0) attempt.reach(next++, event->at);
      return attempt;
    }
    each_time(events, static_cast<std::size_t>(first - events.begin()), [&](std::span<const StepEvent> group) {
      const std::int64_t at = group.front().at;
      if (at > end || next >= size_) return false;
      fill(group);
      for (std::size_t to = size_; to-- > next;) {
        std::uint32_t steps = needed(next, to);
        if (!matching_.can_be(steps)) continue;
        for (std::size_t step = next; step < to; ++step) {
          if ((steps >> step & 1U) == 0 && matching_.can_be(steps | 1U << step)) steps |= 1U << step;
        }
        for (std::uint32_t left = steps; left != 0; left &= left - 1)
          attempt.reach(static_cast<std::size_t>(std::countr_zero(left)), at);
        next = to + 1;
        break;
      }
      return next > 0;
    });
    return attempt;
  }

  [[nodiscard]] Attempt with_grace(std::span<const StepEvent> events) {
    Attempt best;
    for (std::size_t i = 0; i < size_; ++i) {
      of_step_[i].clear();
      for (std::size_t k = 0; k < events.size(); ++k)
        if ((events[k].steps >> i & 1U) != 0) of_step_[i].push_back(k);
    }
    const auto& entries = of_step_[0];
    for (std::size_t k = entries.size(); k-- > 0;) {
      const std::size_t entry = options_.entry == FunnelEntry::first ? entries.front() : entries[k];
      Attempt attempt;
      attempt.reach(0, events[entry].at);
      used_.assign(1, entry);
      for (std::size_t step = 1; step < size_; ++step) {
        const std::int64_t from = attempt.at[step - 1] - options_.grace_us;
        const auto& list = of_step_[step];
        auto found = std::partition_point(list.begin(), list.end(), [&](std::size_t i) { return events[i].at < from; });
        while (found != list.end() && std::find(used_.begin(), used_.end(), *found) != used_.end()) ++found;
        if (found == list.end() || events[*found].at > until(events[entry].at)) break;
        used_.push_back(*found);
        attempt.reach(step, events[*found].at);
      }
      if (attempt.steps > best.steps) best = attempt;
      if (options_.entry != FunnelEntry::best || best.steps == (1U << size_) - 1) break;
    }
    return best;
  }

  [[nodiscard]] Attempt strict(std::span<const StepEvent> events) const {
    Attempt best;
    const auto run = [&](std::size_t from) {
      Attempt attempt;
      const std::int64_t end = until(events[from].at);
      for (std::size_t k = 0; k < size_ && from + k < events.size(); ++k) {
        const StepEvent& event = events[from + k];
        if ((event.steps >> k & 1U) == 0 || event.at > end) break;
        attempt.reach(k, event.at);
      }
      return attempt;
    };
    for (std::size_t i = events.size(); i-- > 0;) {
      if ((events[i].steps & 1U) == 0) continue;
      const Attempt attempt = run(i);
      const bool better = options_.entry == FunnelEntry::first || attempt.steps > best.steps;
      if (better) best = attempt;
      if (options_.entry == FunnelEntry::latest) break;
    }
    return best;
  }

  // Bit k of the attempt: k + 1 of the steps were done.
  [[nodiscard]] Attempt in_any_order(std::span<const StepEvent> events) {
    const std::uint32_t all = (1U << size_) - 1;
    std::int64_t start = never;
    if (options_.entry == FunnelEntry::best) {
      matching_.clear();
      int most = 0;
      std::size_t begin = events.size();
      std::size_t end = events.size();  // events from `begin` up to `end` are in the window of `begin`
      while (begin-- > 0) {
        if (events[begin].steps == 0) continue;
        matching_.add(events[begin].steps);
        while (end > begin && events[end - 1].at > until(events[begin].at)) {
          --end;
          if (events[end].steps != 0) matching_.take_away(events[end].steps);
        }
        // An entry at the same time has more events; the last one seen of a time has all.
        const int done = matching_.matched(all);
        if (done > most) {
          most = done;
          start = events[begin].at;
        }
      }
    } else {
      for (const StepEvent& event : events) {
        if (event.steps == 0) continue;
        start = event.at;
        if (options_.entry == FunnelEntry::first) break;
      }
    }
    Attempt attempt;
    if (start == never) return attempt;
    matching_.clear();
    std::size_t done = 0;
    for (const StepEvent& event : events) {
      if (event.at < start || event.steps == 0) continue;
      if (event.at > until(start) || done == size_) break;
      matching_.add(event.steps);
      if (static_cast<std::size_t>(matching_.matched(all)) > done) attempt.reach(done++, event.at);
    }
    return attempt;
  }

  const EventFunnelOptions& options_;
  std::size_t size_;
  bool disjoint_;
  bool simple_ = false;
  std::uint32_t optional_ = 0;
  StepMatching matching_{};
  std::array<std::int64_t, most_event_steps> starts_{};
  std::array<std::vector<std::size_t>, most_event_steps> of_step_{};
  std::vector<std::size_t> used_{};
};

}  // namespace dealtrail::detail
