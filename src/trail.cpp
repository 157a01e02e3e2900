// The bodies of room trail, compiled once for dealtrail::compiled.
#include <dealtrail/trail/detail/trail_cards.ipp>
#include <dealtrail/trail/detail/trail_findings.ipp>
#include <dealtrail/trail/detail/trail_put_table.ipp>
#include <dealtrail/trail/detail/trail_snapshot.ipp>
#include <dealtrail/trail/detail/trail_state.ipp>
#include <dealtrail/trail/detail/trail_timeline.ipp>
#include <dealtrail/trail/detail/trail_write.ipp>
