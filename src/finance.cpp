// The bodies of room finance, compiled once.
#include <dealtrail/finance/detail/payback.ipp>
