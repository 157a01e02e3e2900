#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <mutex>
#include <new>
#include <utility>

#include "dealtrail/core/memory.hpp"

namespace dealtrail {

namespace detail {

#if DEALTRAIL_HEADER_ONLY
inline void ask_for_large_pages(void*, std::size_t) noexcept {
}  // asking needs a header of the system; see src/core.cpp
#endif

inline constexpr std::align_val_t large_page{std::size_t{2} << 20U};

// Sizes are rounded up to one of eight for each power of two, so that blocks fit other jobs too.
[[nodiscard]] constexpr std::size_t rounded_block(std::size_t size) noexcept {
  const std::size_t step = std::bit_floor(size) / 8;
  return (size + step - 1) / step * step;
}
static_assert(rounded_block(large_block) == large_block && rounded_block(large_block + 1) == large_block / 8 * 9);

// Blocks that wait, the oldest first.
class LargeBlocks {
 public:
  [[nodiscard]] void* take(std::size_t size) {
    {
      const std::scoped_lock lock{mutex_};
      in_use_ += size;
      for (std::size_t i = count_; i > 0; --i) {
        if (blocks_[i - 1].size == size) return taken_out(i - 1);
      }
      shrink(limit_);
    }
    try {
      return fresh(size);
    } catch (const std::bad_alloc&) {
      const std::scoped_lock lock{mutex_};
      shrink(0);
    }
    try {
      return fresh(size);
    } catch (const std::bad_alloc&) {
      const std::scoped_lock lock{mutex_};
      in_use_ -= size;
      throw;
    }
  }

  void give(void* place, std::size_t size) noexcept {
    const std::scoped_lock lock{mutex_};
    in_use_ -= size;
    if (in_use_ + kept_ + size > limit_) return ::operator delete(place, large_page);
    if (count_ == blocks_.size()) ::operator delete(taken_out(0), large_page);
    blocks_[count_++] = {place, size};
    kept_ += size;
  }

  std::size_t limit(std::size_t limit) noexcept {
    const std::scoped_lock lock{mutex_};
    const std::size_t before = std::exchange(limit_, limit);
    shrink(limit);
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
  struct Block {
    void* place = nullptr;
    std::size_t size = 0;
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
  void shrink(std::size_t limit) noexcept {
    while (count_ > 0 && in_use_ + kept_ > limit) ::operator delete(taken_out(0), large_page);
  }

  std::mutex mutex_;
  std::size_t limit_ = 0;
  std::size_t in_use_ = 0;
  std::size_t kept_ = 0;
  std::size_t count_ = 0;
  std::array<Block, 128> blocks_{};
};

DEALTRAIL_INLINE void* take_large_block(std::size_t size) { return LargeBlocks::all().take(rounded_block(size)); }
DEALTRAIL_INLINE void give_large_block(void* block, std::size_t size) noexcept {
  LargeBlocks::all().give(block, rounded_block(size));
}

}  // namespace detail

DEALTRAIL_INLINE std::size_t keep_memory(std::size_t limit) noexcept { return detail::LargeBlocks::all().limit(limit); }
DEALTRAIL_INLINE std::size_t kept_memory() noexcept { return detail::LargeBlocks::all().kept(); }

}  // namespace dealtrail
