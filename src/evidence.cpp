// The bodies of room evidence, compiled once.
#include <dealtrail/evidence/detail/judge.ipp>
#include <dealtrail/evidence/detail/judge_table.ipp>
#include <dealtrail/evidence/detail/overheat.ipp>
#include <dealtrail/evidence/detail/rating.ipp>
#include <dealtrail/evidence/detail/repeatability.ipp>
