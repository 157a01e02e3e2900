// The bodies of the Markov model, compiled once for dealtrail::compiled.
#include <dealtrail/bodies_markov.hpp>
