#pragma once

#include <cstddef>

#ifdef DEALTRAIL_COUNT_COPIES
#include <atomic>
#include <cstdint>
#endif

namespace dealtrail::detail {

#ifdef DEALTRAIL_COUNT_COPIES

// Test builds only: how many column buffers were copied. A claim of zero copies is an assertion over this number.
inline std::atomic<std::int64_t> buffer_copies{0};
inline void note_buffer_copy() noexcept { buffer_copies.fetch_add(1, std::memory_order_relaxed); }

#else

inline void note_buffer_copy() noexcept {}

#endif

}  // namespace dealtrail::detail
