// The bodies of room core, compiled once for dealtrail::compiled.
#include <dealtrail/core/detail/email.ipp>
#include <dealtrail/core/detail/hash.ipp>
#include <dealtrail/core/detail/inn.ipp>
#include <dealtrail/core/detail/memory.ipp>
#include <dealtrail/core/detail/period.ipp>
#include <dealtrail/core/detail/phone.ipp>
#include <dealtrail/core/detail/split.ipp>
#include <dealtrail/core/detail/zone.ipp>
