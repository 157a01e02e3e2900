#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include "dealtrail/core/memory.hpp"

namespace dealtrail::detail {

// Where many blocks of words lie until all of them go: pieces that grow up to large blocks.
class WordRoom {
 public:
  [[nodiscard]] std::uint32_t* take(std::size_t words) {
    if (left_ < words) {
      constexpr std::size_t least = std::size_t{1} << 16U;
      const std::size_t wanted = pieces_.empty() ? least : std::min(pieces_.back().get_deleter().size * 2, large_block);
      const std::size_t size = std::max(wanted, words * sizeof(std::uint32_t));
      pieces_.emplace_back(nullptr, Freed{size});
      pieces_.back().reset(
          static_cast<std::uint32_t*>(size < large_block ? ::operator new(size) : take_large_block(size)));
      next_ = pieces_.back().get();
      left_ = size / sizeof(std::uint32_t);
    }
    left_ -= words;
    return std::exchange(next_, next_ + words);
  }

 private:
  struct Freed {
    std::size_t size = 0;
    void operator()(std::uint32_t* words) const noexcept {
      if (size < large_block) {
        ::operator delete(words);
      } else {
        give_large_block(words, size);
      }
    }
  };
  std::vector<std::unique_ptr<std::uint32_t, Freed>> pieces_{};
  std::uint32_t* next_ = nullptr;
  std::size_t left_ = 0;
};

// What rows of paths bring to one group, one after another: a word of how long the path is and what it counts (or,
// where that is too much for a word, eight more), then the channels. Many of these can be filled in turn and each be
// read in a row, where the rows themselves would be read from all over the table.
class GroupedPaths {
 public:
  // The words that such a path takes; of fewer conversions or nulls never more.
  [[nodiscard]] static constexpr std::size_t words_of(std::size_t touches, std::int64_t conversions, std::int64_t nulls,
                                                      std::int64_t value) noexcept {
    const bool small = value == 0 && touches < (std::size_t{1} << 16U) &&
                       static_cast<std::uint64_t>(conversions) < 128 && static_cast<std::uint64_t>(nulls) < 128;
    return touches + 1 + (small ? 0 : wide_words);
  }

  // The room must outlive these paths.
  void add(WordRoom& room, std::span<const std::uint32_t> path, std::int64_t conversions, std::int64_t nulls,
           std::int64_t value) {
    const std::size_t words = words_of(path.size(), conversions, nulls, value);
    if (static_cast<std::size_t>(end_ - at_) < words) grow(room, words);
    if (words == path.size() + 1) {
      *at_++ = static_cast<std::uint32_t>(path.size() | static_cast<std::uint64_t>(conversions) << 16U |
                                          static_cast<std::uint64_t>(nulls) << 23U);
    } else {
      *at_++ = wide;
      const std::array<std::int64_t, 4> head{static_cast<std::int64_t>(path.size()), conversions, nulls, value};
      std::memcpy(at_, head.data(), sizeof head);
      at_ += wide_words;
    }
    for (const std::uint32_t channel : path) *at_++ = channel;
    touches_ += path.size();
    weight_ += static_cast<std::uint64_t>(conversions + nulls) * path.size();
  }

  // Calls visit(path, conversions, nulls, value) for each that was added.
  template <class Visit>
  void each(Visit&& visit) const {
    for (const Block& block : blocks_) {
      const std::uint32_t* at = block.words;
      const std::uint32_t* const end = &block == &blocks_.back() ? at_ : block.end;
      while (at != end) {
        const std::uint32_t head = *at++;
        std::array<std::int64_t, 4> says{head & 0xFFFFU, head >> 16U & 127U, head >> 23U & 127U, 0};
        if (head == wide) {
          std::memcpy(says.data(), at, sizeof says);
          at += wide_words;
        }
        const std::span<const std::uint32_t> path{at, static_cast<std::size_t>(says[0])};
        at += path.size();
        visit(path, says[1], says[2], says[3]);
      }
    }
  }

  [[nodiscard]] std::size_t touches() const noexcept { return touches_; }
  // Of all journeys: the touches of each.
  [[nodiscard]] std::uint64_t weight() const noexcept { return weight_; }

 private:
  struct Block {
    const std::uint32_t* words = nullptr;
    const std::uint32_t* end = nullptr;
  };
  static constexpr std::uint32_t wide = std::uint32_t{1} << 31U;
  static constexpr std::size_t wide_words = 8;

  void grow(WordRoom& room, std::size_t words) {
    if (!blocks_.empty()) blocks_.back().end = at_;
    const std::size_t size = std::max<std::size_t>(words, blocks_.empty() ? 256 : 8192);
    at_ = room.take(size);
    blocks_.push_back({at_, nullptr});
    end_ = at_ + size;
  }

  std::uint32_t* at_ = nullptr;
  std::uint32_t* end_ = nullptr;
  std::vector<Block> blocks_{};
  std::size_t touches_ = 0;
  std::uint64_t weight_ = 0;
};

}  // namespace dealtrail::detail
