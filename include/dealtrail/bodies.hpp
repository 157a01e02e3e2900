#pragma once

// The bodies of all that dealtrail.hpp declares. A program without a build system of ours includes this in one of its
// .cpp files and dealtrail.hpp anywhere; that file takes about 25 s and 1.5 GB to compile. The standard library alone.

#ifdef DEALTRAIL_HEADER_ONLY
#error "the bodies come with each header: DEALTRAIL_HEADER_ONLY and bodies.hpp exclude each other"
#endif

#include <dealtrail/answers/detail/card_figures.ipp>
#include <dealtrail/answers/detail/card_parts.ipp>
#include <dealtrail/answers/detail/credited_cards.ipp>
#include <dealtrail/answers/detail/event_times.ipp>
#include <dealtrail/answers/detail/identities.ipp>
#include <dealtrail/answers/detail/missed_calls.ipp>
#include <dealtrail/answers/detail/pace.ipp>
#include <dealtrail/answers/detail/phone_audit.ipp>
#include <dealtrail/answers/detail/source_table.ipp>
#include <dealtrail/answers/detail/venue_report.ipp>
#include <dealtrail/attribution/detail/credit.ipp>
#include <dealtrail/attribution/detail/credit_state.ipp>
#include <dealtrail/attribution/detail/credits.ipp>
#include <dealtrail/attribution/detail/paths.ipp>
#include <dealtrail/attribution/detail/shao_li.ipp>
#include <dealtrail/attribution/detail/shapley.ipp>
#include <dealtrail/attribution/detail/shapley_by_position.ipp>
#include <dealtrail/attribution/detail/shapley_channel_sets.ipp>
#include <dealtrail/budget/detail/allocate.ipp>
#include <dealtrail/budget/detail/certificate.ipp>
#include <dealtrail/budget/detail/certificate_json.ipp>
#include <dealtrail/budget/detail/curves.ipp>
#include <dealtrail/budget/detail/plan.ipp>
#include <dealtrail/cards/detail/live_cards.ipp>
#include <dealtrail/cohort/detail/retention.ipp>
#include <dealtrail/cohort/detail/retention_table.ipp>
#include <dealtrail/core/detail/email.ipp>
#include <dealtrail/core/detail/hash.ipp>
#include <dealtrail/core/detail/inn.ipp>
#include <dealtrail/core/detail/memory.ipp>
#include <dealtrail/core/detail/period.ipp>
#include <dealtrail/core/detail/phone.ipp>
#include <dealtrail/core/detail/split.ipp>
#include <dealtrail/core/detail/zone.ipp>
#include <dealtrail/evidence/detail/judge.ipp>
#include <dealtrail/evidence/detail/judge_table.ipp>
#include <dealtrail/evidence/detail/overheat.ipp>
#include <dealtrail/evidence/detail/repeatability.ipp>
#include <dealtrail/funnel/detail/exits.ipp>
#include <dealtrail/funnel/detail/funnel.ipp>
#include <dealtrail/funnel/detail/priority.ipp>
#include <dealtrail/guests/detail/guests.ipp>
#include <dealtrail/journeys/detail/first_conversions.ipp>
#include <dealtrail/journeys/detail/journeys_from_paths.ipp>
#include <dealtrail/journeys/detail/journeys_from_touches.ipp>
#include <dealtrail/journeys/detail/journeys_of_trail.ipp>
#include <dealtrail/journeys/detail/journeys_state.ipp>
#include <dealtrail/journeys/detail/journeys_tables.ipp>
#include <dealtrail/journeys/detail/path_transforms.ipp>
#include <dealtrail/journeys/detail/touch_windows.ipp>
#include <dealtrail/journeys/detail/with_milestones.ipp>
#include <dealtrail/placements/detail/placements.ipp>
#include <dealtrail/table/detail/column.ipp>
#include <dealtrail/table/detail/csv.ipp>
#include <dealtrail/table/detail/datum_text.ipp>
#include <dealtrail/table/detail/html.ipp>
#include <dealtrail/table/detail/json.ipp>
#include <dealtrail/table/detail/row_problems.ipp>
#include <dealtrail/table/detail/schema.ipp>
#include <dealtrail/table/detail/stream.ipp>
#include <dealtrail/table/detail/table.ipp>
#include <dealtrail/table/detail/text.ipp>
#include <dealtrail/trail/detail/trail_cards.ipp>
#include <dealtrail/trail/detail/trail_findings.ipp>
#include <dealtrail/trail/detail/trail_put_table.ipp>
#include <dealtrail/trail/detail/trail_snapshot.ipp>
#include <dealtrail/trail/detail/trail_state.ipp>
#include <dealtrail/trail/detail/trail_timeline.ipp>
#include <dealtrail/trail/detail/trail_write.ipp>
