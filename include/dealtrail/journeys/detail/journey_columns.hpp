#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/detail/bytes.hpp"
#include "dealtrail/core/detail/text_hash.hpp"
#include "dealtrail/core/memory.hpp"
#include "dealtrail/facts/column.hpp"

namespace dealtrail::detail {

// Leaves numbers as they are when room is made for them: columns of millions are written once, not twice.
template <class T>
struct UnfilledAllocator {
  using value_type = T;
  UnfilledAllocator() noexcept = default;
  template <class U>
  UnfilledAllocator(const UnfilledAllocator<U>&) noexcept {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] T* allocate(std::size_t count) {
    if (count > static_cast<std::size_t>(-1) / sizeof(T)) throw std::bad_array_new_length();
    const std::size_t size = count * sizeof(T);
    return static_cast<T*>(size < large_block ? ::operator new(size) : take_large_block(size));
  }
  void deallocate(T* room, std::size_t count) noexcept {
    if (count * sizeof(T) < large_block) return ::operator delete(static_cast<void*>(room));
    give_large_block(static_cast<void*>(room), count * sizeof(T));
  }
  friend bool operator==(const UnfilledAllocator&, const UnfilledAllocator&) noexcept { return true; }
  template <class U>
  void construct(U* place) noexcept {
    ::new (static_cast<void*>(place)) U;
  }
  template <class U, class... Args>
  void construct(U* place, Args&&... args) {
    ::new (static_cast<void*>(place)) U(std::forward<Args>(args)...);
  }
};
template <class T>
using Numbers = std::vector<T, UnfilledAllocator<T>>;

// Texts one after another.
struct TextColumn {
  Numbers<std::uint64_t> ends{};
  std::string bytes{};
  [[nodiscard]] std::size_t size() const noexcept { return ends.size(); }
  [[nodiscard]] std::string_view operator[](std::size_t row) const noexcept {
    const std::uint64_t begin = row == 0 ? 0 : ends[row - 1];
    return {bytes.data() + begin, ends[row] - begin};
  }
  void push_back(std::string_view text) {
    bytes += text;
    ends.push_back(bytes.size());
  }
  friend bool operator==(const TextColumn&, const TextColumn&) = default;
};

enum class JourneysOf : std::uint8_t { nothing, touches, paths, trail };
enum class SubjectType : std::uint8_t { none, integer, text };

// What was not taken, or taken without one of its cells; rows count from 0 in the table that came.
struct JourneyProblem {
  std::string code{};
  std::string column{};
  std::int64_t count = 0;
  std::string message{};
  std::string hint{};
  std::vector<std::string> first_rows{};  // up to five; not part of the state, because shards number their own rows

  /// `error`: rows are left out; `warning`: a value or a milestone is; `info`: nothing is that was asked for.
  [[nodiscard]] std::string_view severity() const noexcept {
    for (const std::string_view asked : {"no_journeys", "repeat_conversion", "after_first_conversion",
                                         "other_milestone", "copied_touch", "unknown_key"}) {
      if (code == asked) return "info";
    }
    return code == "value_without_conversion" || code.starts_with("milestone_") ? "warning" : "error";
  }
};

// Subjects, their journeys, the touches of those: three levels of plain columns, each with the place where it begins.
// Order: subjects by (fixed hash, subject), journeys of a subject by time; of paths: by their channels.
struct JourneyColumns {
  JourneysOf of = JourneysOf::nothing;
  SubjectType subject_type = SubjectType::none;
  Currency currency{};
  std::vector<std::pair<std::string, std::string>> options{};  // what the journeys were made with
  std::vector<std::string> channels{};                         // by name
  Numbers<std::int64_t> subject_numbers{};
  TextColumn subject_texts{};
  Numbers<std::uint64_t> subject_first{};  // first journey; one more at the end
  Numbers<std::uint64_t> journey_first{};  // first touch; one more at the end
  Numbers<std::uint32_t> touch_channel{};
  Numbers<std::int64_t> touch_at{};       // empty: not known
  Numbers<std::uint8_t> converted{};      // 0 or 1; empty for paths
  Numbers<std::int64_t> conversions{};    // paths only
  Numbers<std::int64_t> nulls{};          // paths only
  Numbers<std::int64_t> values{};         // minor units; empty: no values
  Numbers<std::int64_t> converted_at{};   // of a Trail; else the last touch says it
  TextColumn facts{};                     // of a Trail: the converting fact
  std::vector<std::string> milestones{};  // names
  std::vector<Numbers<std::int64_t>> milestone_at{};
  std::int64_t rows = 0;  // that came
  std::vector<JourneyProblem> problems{};

  [[nodiscard]] std::size_t journeys() const noexcept { return journey_first.empty() ? 0 : journey_first.size() - 1; }
  [[nodiscard]] std::size_t subjects() const noexcept { return subject_first.empty() ? 0 : subject_first.size() - 1; }
};

}  // namespace dealtrail::detail
