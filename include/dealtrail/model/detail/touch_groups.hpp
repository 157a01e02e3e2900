#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "dealtrail/model/detail/journey_columns.hpp"
#include "dealtrail/model/detail/touch_parts.hpp"

// The touches of one part brought together by subject, put in order of time, and cut into journeys.
namespace dealtrail::detail {

// The journeys of one part; the numbers are counts, which become places when the parts are put together.
struct PartJourneys {
  std::vector<std::int64_t> subject_numbers{};
  TextColumn subject_texts{};
  std::vector<std::uint32_t> journeys_of_subject{};
  std::vector<std::uint32_t> touches_of_journey{};
  std::vector<std::uint8_t> converted{};
  std::vector<std::int64_t> values{};
};

struct CutOptions {
  std::optional<std::int64_t> lookback_us{};
};

// One worker's tools; used again for each of its parts, so that they grow to the largest and are in the cache.
template <class = void>
class BasicTouchGrouper {
 public:
  BasicTouchGrouper(TouchParts& parts, const CutOptions& options)
      : parts_(parts), cut_(options), numbers_(parts.layout.numbers), amounts_(parts.layout.amounts) {}

  // Afterwards the part's `at` and `packs` hold its touches journey by journey, `packs` bare channels.
  PartJourneys group(std::size_t part) {
    const std::uint64_t first = parts_.row_first[part];
    rows_ = static_cast<std::uint32_t>(parts_.row_first[part + 1] - first);
    PartJourneys journeys;
    if (rows_ == 0) return journeys;
    at_ = parts_.at.data() + first;
    pack_ = parts_.packs.data() + first;
    find_groups(part);
    order_groups();
    gather(part);
    journeys.journeys_of_subject.reserve(order_.size());
    if (numbers_) journeys.subject_numbers.reserve(order_.size());
    journeys.touches_of_journey.reserve(order_.size() + order_.size() / 2);
    journeys.converted.reserve(order_.size() + order_.size() / 2);
    for (const std::uint32_t group : order_) cut(group, journeys);
    for (std::uint32_t i = 0; i < rows_; ++i) pack_[i] >>= 1U;
    return journeys;
  }

 private:
  static constexpr std::uint32_t nobody = 0xFFFFFFFF;

  // The number of each row's subject, in order of arrival.
  void find_groups(std::size_t part) {
    const int bits = std::max(4, static_cast<int>(std::bit_width(std::uint64_t{rows_} + rows_ / 2)));
    table_.assign(std::size_t{1} << bits, nobody);
    group_of_.resize(rows_);
    keys_.clear();
    texts_.clear();
    counts_.clear();
    const std::size_t mask = table_.size() - 1;
    const int skip = parts_.bits;
    const bool numbers = numbers_;
    std::uint32_t row = 0;
    for_each_row(parts_, part, [&](const char*, const char* subject, const std::uint32_t*) {
      const std::string_view text = numbers ? std::string_view{} : text_at(subject);
      const std::uint64_t key = numbers ? number_at<std::uint64_t>(subject) : subject_hash(text);
      // Slots in the order of the hash, so that groups come out of the table nearly in that order.
      std::size_t slot = static_cast<std::size_t>((key << skip) >> (64 - bits));
      while (true) {
        const std::uint32_t group = table_[slot];
        if (group == nobody) {
          table_[slot] = static_cast<std::uint32_t>(keys_.size());
          group_of_[row] = table_[slot];
          keys_.push_back(key);
          counts_.push_back(1);
          if (!numbers) texts_.push_back(text);
          break;
        }
        if (keys_[group] == key && (numbers || texts_[group] == text)) {
          group_of_[row] = group;
          ++counts_[group];
          break;
        }
        slot = (slot + 1) & mask;
      }
      ++row;
    });
  }

  [[nodiscard]] bool before(std::uint32_t lhs, std::uint32_t rhs) const noexcept {
    if (keys_[lhs] != keys_[rhs]) return keys_[lhs] < keys_[rhs];
    return !numbers_ && texts_[lhs] < texts_[rhs];
  }

  void order_groups() {
    order_.clear();
    for (const std::uint32_t group : table_) {
      if (group != nobody) order_.push_back(group);
    }
    // Nearly sorted: few steps each. Should the hashes crowd, the general sort takes over.
    std::size_t steps = order_.size() * 8 + 64;
    for (std::size_t i = 1; i < order_.size(); ++i) {
      const std::uint32_t group = order_[i];
      std::size_t place = i;
      for (; place > 0 && before(group, order_[place - 1]) && steps > 0; --place, --steps)
        order_[place] = order_[place - 1];
      order_[place] = group;
      if (steps == 0) {
        std::sort(order_.begin(), order_.end(), [&](std::uint32_t lhs, std::uint32_t rhs) { return before(lhs, rhs); });
        return;
      }
    }
  }

  // Rows group by group, in the order they came.
  void gather(std::size_t part) {
    begins_.resize(keys_.size());
    std::uint32_t next = 0;
    for (const std::uint32_t group : order_) {
      begins_[group] = next;
      next += counts_[group];
    }
    if (amounts_) value_.resize(rows_);
    const std::uint32_t* group = group_of_.data();
    for_each_row(parts_, part, [&](const char* row, const char*, const std::uint32_t* ranks) {
      const std::uint32_t place = begins_[*group++]++;
      const auto pack = number_at<std::uint32_t>(row + 8);
      at_[place] = number_at<std::int64_t>(row);
      pack_[place] = packed(ranks[pack >> 1U], (pack & 1U) != 0);
      if (amounts_) value_[place] = parts_.layout.has_amount(pack) ? number_at<std::int64_t>(row + 12) : 0;
    });
  }

  [[nodiscard]] bool in_order(std::uint32_t lhs, std::uint32_t rhs) const noexcept {
    if (at_[lhs] != at_[rhs]) return at_[lhs] < at_[rhs];
    if (pack_[lhs] != pack_[rhs]) return pack_[lhs] < pack_[rhs];
    return !amounts_ || value_[lhs] <= value_[rhs];
  }

  // By (time, channel, converted, value); rows that are equal in all of them are interchangeable.
  void sort(std::uint32_t begin, std::uint32_t end) {
    std::uint32_t sorted = begin + 1;
    while (sorted < end && in_order(sorted - 1, sorted)) ++sorted;
    if (sorted == end) return;
    constexpr std::uint32_t few = 24;
    if (end - begin > few) return sort_many(begin, end);
    for (std::uint32_t i = sorted; i < end; ++i) {
      for (std::uint32_t j = i; j > begin && !in_order(j - 1, j); --j) {
        std::swap(at_[j - 1], at_[j]);
        std::swap(pack_[j - 1], pack_[j]);
        if (amounts_) std::swap(value_[j - 1], value_[j]);
      }
    }
  }
  void sort_many(std::uint32_t begin, std::uint32_t end) {
    many_.clear();
    for (std::uint32_t i = begin; i < end; ++i) many_.push_back({at_[i], amounts_ ? value_[i] : 0, pack_[i]});
    std::sort(many_.begin(), many_.end(), [](const Touch& lhs, const Touch& rhs) {
      return std::tie(lhs.at, lhs.pack, lhs.value) < std::tie(rhs.at, rhs.pack, rhs.value);
    });
    for (std::uint32_t i = begin; i < end; ++i) {
      const Touch& touch = many_[i - begin];
      at_[i] = touch.at;
      pack_[i] = touch.pack;
      if (amounts_) value_[i] = touch.value;
    }
  }

  void cut(std::uint32_t group, PartJourneys& out) {
    const std::uint32_t end = begins_[group];  // moved on while gathering
    std::uint32_t begin = end - counts_[group];
    sort(begin, end);
    std::uint32_t journeys = 0;
    const auto add = [&](std::uint32_t from, std::uint32_t to, bool converted) {
      ++journeys;
      out.touches_of_journey.push_back(to - from);
      out.converted.push_back(converted ? 1 : 0);
      if (amounts_) out.values.push_back(converted ? value_[to - 1] : 0);
    };
    for (std::uint32_t i = begin; i < end; ++i) {
      if ((pack_[i] & 1U) == 0) continue;
      if (cut_.lookback_us) {
        // Touches before the window are a journey of their own, which did not convert.
        std::int64_t since = 0;
        if (__builtin_sub_overflow(at_[i], *cut_.lookback_us, &since)) since = std::numeric_limits<std::int64_t>::min();
        std::uint32_t inside = begin;
        while (at_[inside] < since) ++inside;
        if (inside > begin) add(begin, inside, false);
        begin = inside;
      }
      add(begin, i + 1, true);
      begin = i + 1;
    }
    if (begin < end) add(begin, end, false);
    out.journeys_of_subject.push_back(journeys);
    if (numbers_) {
      out.subject_numbers.push_back(static_cast<std::int64_t>(unmixed(keys_[group])));
    } else {
      out.subject_texts.push_back(texts_[group]);
    }
  }

  struct Touch {
    std::int64_t at;
    std::int64_t value;
    std::uint32_t pack;
  };

  TouchParts& parts_;
  CutOptions cut_;
  bool numbers_;
  bool amounts_;
  std::uint32_t rows_ = 0;
  std::int64_t* at_ = nullptr;     // of the part's touches, as are:
  std::uint32_t* pack_ = nullptr;  // ... their channels and conversions
  std::vector<std::uint32_t> table_;
  Numbers<std::uint32_t> group_of_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::string_view> texts_;
  std::vector<std::uint32_t> counts_;
  Numbers<std::uint32_t> begins_;
  std::vector<std::uint32_t> order_;
  Numbers<std::int64_t> value_;
  std::vector<Touch> many_;
};
using TouchGrouper = BasicTouchGrouper<>;

}  // namespace dealtrail::detail
