// The bodies of room placements, compiled once.
#include <dealtrail/placements/detail/placements.ipp>
