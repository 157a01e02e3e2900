#pragma once

#include <cstddef>

#include "dealtrail/core/config.hpp"

namespace dealtrail {

/// Lets large blocks of memory that a job has let go of wait for the next job, as long as those in use and those that
/// wait take up to `limit` bytes together; beyond it they are freed at once, and so are all that wait when the
/// limit is 0. Getting fresh memory costs as much as half of the work on millions of touches. The limit is 0 unless
/// a program says otherwise; the Python package says 512 MiB. Returns the limit before. O(blocks that wait); any thread
/// may call it.
DEALTRAIL_INLINE std::size_t set_buffer_cache_limit(std::size_t limit) noexcept;

/// Bytes that wait now.
[[nodiscard]] DEALTRAIL_INLINE std::size_t buffer_cache_size() noexcept;

namespace detail {

// Blocks from 8 MiB, at addresses of large pages, for which the system is asked where it knows them. What is given back
// has the size that was taken.
inline constexpr std::size_t large_block = std::size_t{8} << 20U;
[[nodiscard]] DEALTRAIL_INLINE void* take_large_block(std::size_t size);
DEALTRAIL_INLINE void give_large_block(void* block, std::size_t size) noexcept;

// A wish; nothing depends on it.
void ask_for_large_pages(void* block, std::size_t size) noexcept;

}  // namespace detail
}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/core/detail/memory.ipp"
#endif
