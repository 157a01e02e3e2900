// The bodies of room histories, compiled once.
#include <dealtrail/histories/detail/histories.ipp>
