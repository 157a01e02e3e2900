// The bodies of room journeys, compiled once for dealtrail::compiled.
#include <dealtrail/journeys/detail/first_conversions.ipp>
#include <dealtrail/journeys/detail/journeys_from_paths.ipp>
#include <dealtrail/journeys/detail/journeys_from_touches.ipp>
#include <dealtrail/journeys/detail/journeys_of_trail.ipp>
#include <dealtrail/journeys/detail/journeys_state.ipp>
#include <dealtrail/journeys/detail/journeys_tables.ipp>
#include <dealtrail/journeys/detail/path_transforms.ipp>
#include <dealtrail/journeys/detail/touch_windows.ipp>
#include <dealtrail/journeys/detail/with_milestones.ipp>
