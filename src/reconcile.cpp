// The bodies of room reconcile, compiled once.
#include <dealtrail/reconcile/detail/reconcile.ipp>
#include <dealtrail/reconcile/detail/reconcile_tables.ipp>
