// The bodies of room purchases, compiled once.
#include <dealtrail/purchases/detail/purchases.ipp>
