// The bodies of room funnel, compiled once.
#include <dealtrail/funnel/detail/funnel.ipp>
