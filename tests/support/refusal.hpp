#pragma once

#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "dealtrail/core/error.hpp"

namespace dealtrail::testing {

/// Runs a call that must be refused; gives the Error, or a failure of the test and an Error that matches nothing.
template <class Call>
[[nodiscard]] Error refusal_of(Call&& call) {
  try {
    std::forward<Call>(call)();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "the call was not refused";
  return Error(static_cast<ErrorCode>(255), "not refused");
}

/// The code with which a call is refused.
template <class Call>
[[nodiscard]] ErrorCode refusal_code(Call&& call) {
  return refusal_of(std::forward<Call>(call)).code();
}

}  // namespace dealtrail::testing

namespace dealtrail {

/// So that a failing test names the code.
inline void PrintTo(ErrorCode code, std::ostream* out) { *out << to_string(code); }

}  // namespace dealtrail
