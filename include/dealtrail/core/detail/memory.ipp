#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <mutex>
#include <new>
#include <utility>

#include "dealtrail/core/memory.hpp"

#if defined(__linux__) && !defined(DEALTRAIL_HEADER_ONLY)
#include <sys/mman.h>  // compiled once: users' files do not see it
#endif

namespace dealtrail {

namespace detail {

DEALTRAIL_INLINE void ask_for_large_pages([[maybe_unused]] void* block, [[maybe_unused]] std::size_t size) noexcept {
#ifdef MADV_HUGEPAGE
  static_cast<void>(::madvise(block, size, MADV_HUGEPAGE));
#endif
}

inline constexpr std::align_val_t large_page{std::size_t{2} << 20U};

// Sizes are rounded up to one of eight for each power of two, so that blocks fit other jobs too.
[[nodiscard]] constexpr std::size_t rounded_block(std::size_t size) noexcept {
  const std::size_t step = std::bit_floor(size) / 8;
  return (size + step - 1) / step * step;
}
static_assert(rounded_block(large_block) == large_block && rounded_block(large_block + 1) == large_block / 8 * 9);

// Blocks that wait, the oldest first. What goes back to the system does so outside of the lock.
class LargeBlocks {
 public:
  [[nodiscard]] void* take(std::size_t size) {
    Leaving leaving;
    {
      const std::scoped_lock lock{mutex_};
      in_use_ += size;
      for (std::size_t i = count_; i > 0; --i) {
        if (blocks_[i - 1].size == size) return taken_out(i - 1);
      }
      shrink(limit_, leaving);
    }
    leaving.go();
    try {
      return fresh(size);
    } catch (const std::bad_alloc&) {
      const std::scoped_lock lock{mutex_};
      shrink(0, leaving);
    }
    leaving.go();
    try {
      return fresh(size);
    } catch (const std::bad_alloc&) {
      const std::scoped_lock lock{mutex_};
      in_use_ -= size;
      throw;
    }
  }

  void give(void* place, std::size_t size) noexcept {
    Leaving leaving;
    {
      const std::scoped_lock lock{mutex_};
      in_use_ -= std::min(in_use_, size);  // taken in another library that has blocks of its own
      if (in_use_ + kept_ + size > limit_) {
        leaving.add(place);
      } else {
        if (count_ == blocks_.size()) leaving.add(taken_out(0));
        blocks_[count_++] = {place, size};
        kept_ += size;
      }
    }
    leaving.go();
  }

  std::size_t limit(std::size_t limit) noexcept {
    Leaving leaving;
    std::size_t before = limit;
    {
      const std::scoped_lock lock{mutex_};
      before = std::exchange(limit_, limit);
      shrink(limit, leaving);
    }
    leaving.go();
    return before;
  }
  [[nodiscard]] std::size_t kept() noexcept {
    const std::scoped_lock lock{mutex_};
    return kept_;
  }

  // Never destroyed: what lives as long as the program may give blocks back at its very end.
  static LargeBlocks& all() {
    static auto* const blocks = new LargeBlocks;
    return *blocks;
  }

 private:
  static constexpr std::size_t most_blocks = 128;
  struct Block {
    void* place = nullptr;
    std::size_t size = 0;
  };
  // Blocks on their way back to the system.
  class Leaving {
   public:
    void add(void* place) noexcept { places_[count_++] = place; }
    void go() noexcept {
      for (; count_ > 0; --count_) ::operator delete(places_[count_ - 1], large_page);
    }

   private:
    std::size_t count_ = 0;
    std::array<void*, most_blocks + 1> places_{};
  };

  [[nodiscard]] static void* fresh(std::size_t size) {
    void* const place = ::operator new(size, large_page);
    ask_for_large_pages(place, size);
    return place;
  }
  void* taken_out(std::size_t i) noexcept {
    const Block block = blocks_[i];
    std::move(blocks_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
              blocks_.begin() + static_cast<std::ptrdiff_t>(count_), blocks_.begin() + static_cast<std::ptrdiff_t>(i));
    --count_;
    kept_ -= block.size;
    return block.place;
  }
  void shrink(std::size_t limit, Leaving& leaving) noexcept {
    while (count_ > 0 && in_use_ + kept_ > limit) leaving.add(taken_out(0));
  }

  std::mutex mutex_;
  std::size_t limit_ = 0;
  std::size_t in_use_ = 0;
  std::size_t kept_ = 0;
  std::size_t count_ = 0;
  std::array<Block, most_blocks> blocks_{};
};

DEALTRAIL_INLINE void* take_large_block(std::size_t size) { return LargeBlocks::all().take(rounded_block(size)); }
DEALTRAIL_INLINE void give_large_block(void* block, std::size_t size) noexcept {
  LargeBlocks::all().give(block, rounded_block(size));
}

}  // namespace detail

DEALTRAIL_INLINE std::size_t set_buffer_cache_limit(std::size_t limit) noexcept {
  return detail::LargeBlocks::all().limit(limit);
}
DEALTRAIL_INLINE std::size_t buffer_cache_size() noexcept { return detail::LargeBlocks::all().kept(); }

}  // namespace dealtrail
