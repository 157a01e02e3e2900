// The bodies of room cards, compiled once for dealtrail::compiled.
#include <dealtrail/cards/detail/live_cards.ipp>
