// The bodies of room model, compiled once: whoever links dealtrail::compiled need not parse them again.
#include <dealtrail/model/detail/card_figures.ipp>
#include <dealtrail/model/detail/card_parts.ipp>
#include <dealtrail/model/detail/event_times.ipp>
#include <dealtrail/model/detail/first_conversions.ipp>
#include <dealtrail/model/detail/guests.ipp>
#include <dealtrail/model/detail/identity.ipp>
#include <dealtrail/model/detail/journeys_from_paths.ipp>
#include <dealtrail/model/detail/journeys_from_touches.ipp>
#include <dealtrail/model/detail/journeys_state.ipp>
#include <dealtrail/model/detail/journeys_tables.ipp>
#include <dealtrail/model/detail/live_cards.ipp>
#include <dealtrail/model/detail/missed.ipp>
#include <dealtrail/model/detail/number_audit.ipp>
#include <dealtrail/model/detail/path_transforms.ipp>
#include <dealtrail/model/detail/sources.ipp>
#include <dealtrail/model/detail/touch_windows.ipp>
#include <dealtrail/model/detail/trail_cards.ipp>
#include <dealtrail/model/detail/trail_findings.ipp>
#include <dealtrail/model/detail/trail_identity.ipp>
#include <dealtrail/model/detail/trail_journeys.ipp>
#include <dealtrail/model/detail/trail_put_table.ipp>
#include <dealtrail/model/detail/trail_snapshot.ipp>
#include <dealtrail/model/detail/trail_timeline.ipp>
#include <dealtrail/model/detail/trail_write.ipp>
#include <dealtrail/model/detail/venue_report.ipp>
#include <dealtrail/model/detail/with_milestones.ipp>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace dealtrail::detail {

void ask_for_large_pages([[maybe_unused]] void* room, [[maybe_unused]] std::size_t size) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  static_cast<void>(::madvise(room, size, MADV_HUGEPAGE));
#endif
}

}  // namespace dealtrail::detail
