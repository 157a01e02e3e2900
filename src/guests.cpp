// The bodies of room guests, compiled once for dealtrail::compiled.
#include <dealtrail/guests/detail/guests.ipp>
