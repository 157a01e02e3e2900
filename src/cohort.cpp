// The bodies of room cohort, compiled once.
#include <dealtrail/cohort/detail/contracts.ipp>
#include <dealtrail/cohort/detail/falling.ipp>
#include <dealtrail/cohort/detail/lifetime.ipp>
#include <dealtrail/cohort/detail/retention.ipp>
#include <dealtrail/cohort/detail/retention_table.ipp>
#include <dealtrail/cohort/detail/summary.ipp>
