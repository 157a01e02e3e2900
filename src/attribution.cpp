// The bodies of room attribution, compiled once for dealtrail::compiled.
#include <dealtrail/attribution/detail/credit.ipp>
#include <dealtrail/attribution/detail/credit_state.ipp>
#include <dealtrail/attribution/detail/credits.ipp>
#include <dealtrail/attribution/detail/paths.ipp>
#include <dealtrail/attribution/detail/shao_li.ipp>
#include <dealtrail/attribution/detail/shapley.ipp>
#include <dealtrail/attribution/detail/shapley_by_position.ipp>
#include <dealtrail/attribution/detail/shapley_channel_sets.ipp>
