// The bodies of room placements, compiled once.
#include <dealtrail/placements/detail/placements.ipp>
#include <dealtrail/placements/detail/placements_of_trail.ipp>
