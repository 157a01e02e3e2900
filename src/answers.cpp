// The bodies of room answers, compiled once: whoever links dealtrail::compiled need not parse them again.
#include <dealtrail/answers/detail/credited_cards.ipp>
#include <dealtrail/answers/detail/pace.ipp>
