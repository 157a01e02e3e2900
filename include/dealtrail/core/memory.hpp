#pragma once

#include <cstddef>

#include "dealtrail/core/config.hpp"

namespace dealtrail {

/// Keeps large freed buffers of this process for the next job, while those in use and those kept take up to `limit`
/// bytes together; beyond it they are returned to the system at once, and with limit 0, the default, all of them are.
/// Returns the limit before. O(kept buffers); any thread may call it.
DEALTRAIL_INLINE std::size_t set_buffer_cache_limit(std::size_t limit) noexcept;

/// Size of the kept buffers in bytes.
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
