#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/journeys/detail/journey_columns.hpp"
#include "dealtrail/journeys/partition/touch_partitions.hpp"

// The touches of one part brought together by subject, put in order of time, and cut into journeys.
namespace dealtrail::detail {

// The journeys of one part; ends count from the part's begin.
struct PartJourneys {
  Numbers<std::int64_t> subject_numbers{};
  TextColumn subject_texts{};
  Numbers<std::uint32_t> subject_ends{};  // in journeys
  Numbers<std::uint32_t> journey_ends{};  // in touches
  Numbers<std::uint8_t> converted{};
  Numbers<std::int64_t> values{};
};

struct CutOptions {
  std::optional<std::int64_t> lookback_us{};
};

// One worker's tools; used again for each of its parts, so that they grow to the largest and are in the cache.
class JourneyBuilder {
 public:
  JourneyBuilder(TouchPartitions& parts, const CutOptions& options)
      : parts_(parts), cut_(options), numbers_(parts.layout.numbers), amounts_(parts.layout.amounts) {}

  // Afterwards the part's `at` and `packs` hold its touches journey by journey, `packs` bare channels.
  PartJourneys group(std::size_t part) {
    const std::uint64_t first = parts_.row_first[part];
    rows_ = static_cast<std::uint32_t>(parts_.row_first[part + 1] - first);
    if (rows_ == 0) return {};
    at_ = parts_.at.data() + first;
    pack_ = parts_.packs.data() + first;
    if (numbers_) {
      place<true>(part);
    } else {
      place<false>(part);
    }
    order();
    told_apart_ = 0;
    subject_rows_.resize(rows_);
    subject_ends_.resize(rows_);
    journey_ends_.resize(rows_);
    subjects_ = 0;
    journeys_ = 0;
    for (std::uint32_t begin = 0; begin < rows_;) {
      const std::uint32_t end = end_of_subject(begin);
      sort(begin, end);
      cut(begin, end);
      subject_rows_[subjects_] = begin;
      subject_ends_[subjects_++] = journeys_;
      begin = end;
    }
    PartJourneys made = journeys();
    for (std::uint32_t i = 0; i < rows_; ++i) pack_[i] >>= 1U;
    return made;
  }

 private:
  // Rows into the places that their hash gives them: about one for each row, so that few subjects meet in one.
  template <bool numbers>
  void place(std::size_t part) {
    const int skip = parts_.bits;
    const int drop = 64 - std::max(4, static_cast<int>(std::bit_width(rows_)) - 1);
    next_.assign(std::size_t{1} << (64 - drop), 0);
    key_.resize(rows_);
    if (amounts_) value_.resize(rows_);
    if constexpr (!numbers) {
      hash_.resize(rows_);
      subject_.resize(rows_);
    }
    std::uint32_t* const next = next_.data();
    std::uint64_t* hash = hash_.data();
    for_each_row<numbers>(parts_, part, [&](const TouchRow& row) {
      if constexpr (numbers) {
        ++next[(number_at<std::uint64_t>(row.subject) << skip) >> drop];
      } else {
        *hash = text_hash(text_at(row.subject));
        ++next[(*hash++ << skip) >> drop];
      }
    });
    std::uint32_t before = 0;
    for (std::uint32_t& count : next_) before += std::exchange(count, before);
    hash = hash_.data();
    for_each_row<numbers>(parts_, part, [&](const TouchRow& row) {
      const std::uint64_t key = numbers ? number_at<std::uint64_t>(row.subject) : *hash++;
      const std::uint32_t to = next[(key << skip) >> drop]++;
      key_[to] = key;
      at_[to] = row.at;
      pack_[to] = row.pack;
      if (amounts_) value_[to] = row.value;
      if constexpr (!numbers) subject_[to] = row.subject;
    });
  }

  // By hash. Rows are nearly sorted: few steps each. Should the hashes crowd, the general sort takes over.
  void order() {
    std::size_t steps = std::size_t{rows_} * 4 + 64;
    for (std::uint32_t i = 1; i < rows_; ++i) {
      if (key_[i - 1] <= key_[i]) continue;
      const Row row = row_at(i);
      std::uint32_t to = i;
      for (; to > 0 && row.key < key_[to - 1] && steps > 0; --to, --steps) put(to, row_at(to - 1));
      put(to, row);
      if (steps == 0) return sort_rows(0, rows_);
    }
  }

  // Where the rows of the subject end that begin here. Texts whose hashes meet are told apart by the texts.
  [[nodiscard]] std::uint32_t end_of_subject(std::uint32_t begin) {
    const std::uint64_t key = key_[begin];
    std::uint32_t end = begin + 1;
    if (numbers_) {
      while (end < rows_ && key_[end] == key) ++end;
      return end;
    }
    const std::string_view text = text_at(subject_[begin]);
    while (end < rows_ && key_[end] == key && text_at(subject_[end]) == text) ++end;
    if (end == rows_ || key_[end] != key || begin < told_apart_) return end;
    while (end < rows_ && key_[end] == key) ++end;
    sort_rows(begin, end);
    told_apart_ = end;
    return end_of_subject(begin);
  }

  struct Row {
    std::uint64_t key;
    std::int64_t at;
    std::int64_t value;
    const char* subject;
    std::uint32_t pack;
  };
  [[nodiscard]] Row row_at(std::uint32_t i) const noexcept {
    return {key_[i], at_[i], amounts_ ? value_[i] : 0, numbers_ ? nullptr : subject_[i], pack_[i]};
  }
  void put(std::uint32_t i, const Row& row) noexcept {
    key_[i] = row.key;
    at_[i] = row.at;
    pack_[i] = row.pack;
    if (amounts_) value_[i] = row.value;
    if (!numbers_) subject_[i] = row.subject;
  }
  // Rows sorted as a whole, by what `before` says of two.
  template <class Before>
  void sort_whole(std::uint32_t begin, std::uint32_t end, Before&& before) {
    many_.clear();
    for (std::uint32_t i = begin; i < end; ++i) many_.push_back(row_at(i));
    std::sort(many_.begin(), many_.end(), before);
    for (std::uint32_t i = begin; i < end; ++i) put(i, many_[i - begin]);
  }
  // By (hash, text).
  void sort_rows(std::uint32_t begin, std::uint32_t end) {
    sort_whole(begin, end, [this](const Row& lhs, const Row& rhs) {
      if (lhs.key != rhs.key || numbers_) return lhs.key < rhs.key;
      return text_at(lhs.subject) < text_at(rhs.subject);
    });
  }

  [[nodiscard]] bool in_order(std::uint32_t lhs, std::uint32_t rhs) const noexcept {
    if (at_[lhs] != at_[rhs]) return at_[lhs] < at_[rhs];
    if (pack_[lhs] != pack_[rhs]) return in_time(pack_[lhs]) < in_time(pack_[rhs]);
    return !amounts_ || value_[lhs] <= value_[rhs];
  }

  // Of equal times what converts comes last, so that it takes in the touches of its moment; then by channel.
  [[nodiscard]] static std::uint32_t in_time(std::uint32_t pack) noexcept { return std::rotr(pack, 1); }

  // By (time, converted, channel, value); rows that are equal in all of them are interchangeable.
  void sort(std::uint32_t begin, std::uint32_t end) {
    std::uint32_t sorted = begin + 1;
    while (sorted < end && in_order(sorted - 1, sorted)) ++sorted;
    if (sorted == end) return;
    constexpr std::uint32_t few = 24;
    if (end - begin > few) {
      return sort_whole(begin, end, [](const Row& lhs, const Row& rhs) {
        if (lhs.at != rhs.at) return lhs.at < rhs.at;
        if (lhs.pack != rhs.pack) return in_time(lhs.pack) < in_time(rhs.pack);
        return lhs.value < rhs.value;
      });
    }
    for (std::uint32_t i = sorted; i < end; ++i) {
      for (std::uint32_t j = i; j > begin && !in_order(j - 1, j); --j) {
        std::swap(at_[j - 1], at_[j]);
        std::swap(pack_[j - 1], pack_[j]);
        if (amounts_) std::swap(value_[j - 1], value_[j]);
      }
    }
  }

  // Where the journeys of a subject end.
  void cut(std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t i = begin; i < end; ++i) {
      if ((pack_[i] & 1U) == 0) continue;
      if (cut_.lookback_us) {
        // Touches before the window are a journey of their own, which did not convert.
        std::int64_t since = 0;
        if (__builtin_sub_overflow(at_[i], *cut_.lookback_us, &since)) since = std::numeric_limits<std::int64_t>::min();
        std::uint32_t inside = begin;
        while (at_[inside] < since) ++inside;
        if (inside > begin) journey_ends_[journeys_++] = inside;
      }
      begin = i + 1;
      journey_ends_[journeys_++] = begin;
    }
    if (begin < end) journey_ends_[journeys_++] = end;
  }

  // A journey converts when its last touch does.
  [[nodiscard]] PartJourneys journeys() const {
    PartJourneys made;
    made.subject_ends.assign(subject_ends_.begin(), subject_ends_.begin() + subjects_);
    made.journey_ends.assign(journey_ends_.begin(), journey_ends_.begin() + journeys_);
    made.converted.resize(journeys_);
    for (std::uint32_t i = 0; i < journeys_; ++i)
      made.converted[i] = static_cast<std::uint8_t>(pack_[journey_ends_[i] - 1] & 1U);
    if (amounts_) {
      made.values.resize(journeys_);
      for (std::uint32_t i = 0; i < journeys_; ++i) made.values[i] = value_[journey_ends_[i] - 1];
    }
    if (numbers_) made.subject_numbers.resize(subjects_);
    for (std::uint32_t i = 0; i < subjects_; ++i) {
      if (numbers_) {
        made.subject_numbers[i] = static_cast<std::int64_t>(unmixed(key_[subject_rows_[i]]));
      } else {
        made.subject_texts.push_back(text_at(subject_[subject_rows_[i]]));
      }
    }
    return made;
  }

  TouchPartitions& parts_;
  CutOptions cut_;
  bool numbers_;
  bool amounts_;
  std::uint32_t rows_ = 0;
  std::uint32_t told_apart_ = 0;         // subjects before it whose hashes meet are in the order of their texts
  std::int64_t* at_ = nullptr;           // of the part's touches, as are:
  std::uint32_t* pack_ = nullptr;        // ... their channels and conversions
  std::vector<std::uint32_t> next_;      // by the first bits of the hash: where the next row goes
  Numbers<std::uint64_t> key_;           // of each row in its place: the subject's hash, as are:
  Numbers<std::int64_t> value_;          // ... its amount
  Numbers<const char*> subject_;         // ... and where its text is written
  Numbers<std::uint64_t> hash_;          // of texts, in the order the rows came
  std::uint32_t subjects_ = 0;           // found so far, and of each:
  Numbers<std::uint32_t> subject_rows_;  // its first row
  Numbers<std::uint32_t> subject_ends_;  // where its journeys end
  std::uint32_t journeys_ = 0;           // cut so far, and of each:
  Numbers<std::uint32_t> journey_ends_;  // where its touches end
  std::vector<Row> many_;
};

}  // namespace dealtrail::detail
