#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dealtrail/cohort/contracts.hpp"
#include "dealtrail/cohort/detail/newton.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail::cohort {

namespace detail {

// Members who leave in period t have ln P(t) = S(t - 1) + ln(alpha / (alpha + beta + t - 1)), those who stay S(last),
// where S(t) = sum over i < t of ln((beta + i) / (alpha + beta + i)).
[[nodiscard]] inline Likelihood<2> contracts_likelihood(std::span<const double> survivors, const Vector<2>& at) {
  const auto [alpha, beta] = at;
  Likelihood<2> all;
  for (std::size_t t = 1; t < survivors.size(); ++t) {
    const auto i = static_cast<double>(t - 1);
    const double stay = survivors[t];                      // each survivor of a period adds its factor
    const double leave = survivors[t - 1] - survivors[t];  // so does each who leaves in it
    const double whole = alpha + beta + i;
    all.value += stay * std::log((beta + i) / whole) + leave * std::log(alpha / whole);
    const double both = (stay + leave) / whole;
    const double bend = both / whole;
    all.gradient[0] += leave / alpha - both;
    all.gradient[1] += stay / (beta + i) - both;
    all.hessian[0][0] += -leave / (alpha * alpha) + bend;
    all.hessian[1][1] += -stay / ((beta + i) * (beta + i)) + bend;
    all.hessian[0][1] += bend;
  }
  all.hessian[1][0] = all.hessian[0][1];
  return all;
}

inline void check_contracts(std::span<const double> survivors, const ContractsOptions& options) {
  const auto refuse = [](ErrorCode code, const std::string& why, const std::string& hint) {
    throw Error(code, why, {"contracts", "survivors", -1}, hint);
  };
  if (options.horizon < 1 || options.horizon > 10'000) {
    throw Error(ErrorCode::invalid_argument,
                "the horizon is 1 to 10 000 periods, found " + std::to_string(options.horizon),
                {"contracts", "horizon", -1});
  }
  for (std::size_t i = 0; i < survivors.size(); ++i) {
    if (!std::isfinite(survivors[i]) || survivors[i] < 0 || (i > 0 && survivors[i] > survivors[i - 1])) {
      refuse(ErrorCode::invalid_argument,
             "survivors are counts from 0 that never rise, found " + std::to_string(survivors[i]) + " after period " +
                 std::to_string(i),
             "give the members of one cohort that are left after each period");
    }
  }
  if (survivors.size() < 3) {
    refuse(ErrorCode::not_converged, "fewer than three counts tell the mean of leaving and not how members differ",
           "give the counts after period 0, 1 and 2 or more");
  }
  if (survivors.front() == survivors.back())
    refuse(ErrorCode::not_converged, "nobody left: how members leave cannot be told", "wait for the first to leave");
}

}  // namespace detail

DEALTRAIL_INLINE Contracts contracts(std::span<const double> survivors, const ContractsOptions& options) {
  detail::check_contracts(survivors, options);
  const auto fit =
      detail::fit_by_newton<2>([&](const detail::Vector<2>& at) { return detail::contracts_likelihood(survivors, at); },
                               detail::Vector<2>{1, 2}, survivors.front());
  if (!fit.converged) {
    throw Error(ErrorCode::not_converged, "no maximum of the likelihood was found", {"contracts", "survivors", -1},
                "give more periods");
  }
  Contracts result;
  for (const auto& [i, name] : {std::pair{std::size_t{0}, "alpha"}, {std::size_t{1}, "beta"}}) {
    const bool known = std::isfinite(fit.log_error[i]);
    result.parameters.push_back({.name = name,
                                 .value = fit.parameters[i],
                                 .se = known ? std::optional{fit.parameters[i] * fit.log_error[i]} : std::nullopt,
                                 .ridge = !(fit.log_error[i] < 1)});
  }
  result.log_likelihood = fit.log_likelihood;
  result.observed.assign(survivors.begin(), survivors.end());
  const auto [alpha, beta] = fit.parameters;
  double survival = 1;
  for (std::int64_t t = 0; t <= options.horizon; ++t) {
    const auto i = static_cast<double>(t - 1);
    const double stay = t == 0 ? 1 : (beta + i) / (alpha + beta + i);
    survival *= stay;
    result.survival.push_back(survival);
    result.retention.push_back(stay);
  }
  result.meta = {{"model", "sbg"},
                 {"periods", std::to_string(survivors.size() - 1)},
                 {"horizon", std::to_string(options.horizon)}};
  return result;
}

DEALTRAIL_INLINE Table Contracts::parameters_table() const {
  Lifetime as;
  as.parameters = parameters;
  as.meta = meta;
  return as.parameters_table();
}

DEALTRAIL_INLINE Table Contracts::table() const {
  TableBuilder builder{"contracts"};
  ColumnBuilder& period = builder.integer("period");
  ColumnBuilder& share = builder.real("observed", "ratio");
  ColumnBuilder& model = builder.real("survival", "ratio");
  ColumnBuilder& stay = builder.real("retention", "ratio");
  for (std::size_t t = 0; t < survival.size(); ++t) {
    period.append_integer(static_cast<std::int64_t>(t));
    share.append_real(t < observed.size() ? std::optional{observed[t] / observed[0]} : std::nullopt);
    model.append_real(survival[t]);
    stay.append_real(retention[t]);
  }
  for (const auto& [key, text] : meta) builder.meta(key, text);
  return builder.finish();
}

}  // namespace dealtrail::cohort
