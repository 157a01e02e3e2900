#pragma once

// The bodies of attribution/markov.hpp, in a .cpp of their own beside the one with bodies.hpp. They need Eigen 3.4,
// which is compiled under the name dealtrail_eigen: the program may have an Eigen of its own, of any version.

#ifdef DEALTRAIL_HEADER_ONLY
#error "the bodies come with each header: DEALTRAIL_HEADER_ONLY and bodies_markov.hpp exclude each other"
#endif
#ifdef EIGEN_CORE_H
#error "Eigen was included before: give bodies_markov.hpp a .cpp of its own"
#endif

#define Eigen dealtrail_eigen  // NOLINT(readability-identifier-naming): the name that Eigen's headers open
#include <dealtrail/attribution/detail/markov.ipp>
#include <dealtrail/attribution/detail/markov_bytes.ipp>
#include <dealtrail/attribution/detail/markov_chain.ipp>
#include <dealtrail/attribution/detail/markov_state.ipp>
#undef Eigen
