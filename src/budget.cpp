// The bodies of room budget, compiled once.
#include <dealtrail/budget/detail/allocate.ipp>
#include <dealtrail/budget/detail/certificate.ipp>
#include <dealtrail/budget/detail/certificate_json.ipp>
#include <dealtrail/budget/detail/curves.ipp>
#include <dealtrail/budget/detail/fit.ipp>
#include <dealtrail/budget/detail/plan.ipp>
