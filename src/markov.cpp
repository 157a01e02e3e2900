// The bodies of the Markov model, compiled once: they need Eigen.
#include <dealtrail/attribution/detail/markov.ipp>
#include <dealtrail/attribution/detail/markov_bytes.ipp>
#include <dealtrail/attribution/detail/markov_chain.ipp>
#include <dealtrail/attribution/detail/markov_state.ipp>
