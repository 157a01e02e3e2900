// The bodies of room funnel, compiled once for dealtrail::compiled.
#include <dealtrail/funnel/detail/event_funnel.ipp>
#include <dealtrail/funnel/detail/event_funnel_table.ipp>
#include <dealtrail/funnel/detail/exits.ipp>
#include <dealtrail/funnel/detail/funnel.ipp>
#include <dealtrail/funnel/detail/priority.ipp>
#include <dealtrail/funnel/detail/stages.ipp>
#include <dealtrail/funnel/detail/waterfall.ipp>
#include <dealtrail/funnel/detail/waterfall_table.ipp>
