// The bodies of room answers, compiled once for dealtrail::compiled.
#include <dealtrail/answers/detail/card_figures.ipp>
#include <dealtrail/answers/detail/card_parts.ipp>
#include <dealtrail/answers/detail/credited_cards.ipp>
#include <dealtrail/answers/detail/event_times.ipp>
#include <dealtrail/answers/detail/identities.ipp>
#include <dealtrail/answers/detail/missed_calls.ipp>
#include <dealtrail/answers/detail/pace.ipp>
#include <dealtrail/answers/detail/phone_audit.ipp>
#include <dealtrail/answers/detail/plan.ipp>
#include <dealtrail/answers/detail/source_table.ipp>
#include <dealtrail/answers/detail/trail_rating.ipp>
#include <dealtrail/answers/detail/venue_report.ipp>
