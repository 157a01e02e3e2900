// The bodies of room core, compiled once: whoever links dealtrail::compiled need not parse them again.
#include <dealtrail/core/detail/email.ipp>
#include <dealtrail/core/detail/hash.ipp>
#include <dealtrail/core/detail/inn.ipp>
#include <dealtrail/core/detail/memory.ipp>
#include <dealtrail/core/detail/period.ipp>
#include <dealtrail/core/detail/phone.ipp>
#include <dealtrail/core/detail/split.ipp>
#include <dealtrail/core/detail/zone.ipp>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace dealtrail::detail {

void ask_for_large_pages([[maybe_unused]] void* block, [[maybe_unused]] std::size_t size) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  static_cast<void>(::madvise(block, size, MADV_HUGEPAGE));
#endif
}

}  // namespace dealtrail::detail
