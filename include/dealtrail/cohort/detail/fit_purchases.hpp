#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dealtrail/cohort/detail/newton.hpp"
#include "dealtrail/cohort/detail/purchase_likelihood.hpp"
#include "dealtrail/cohort/detail/purchase_model.hpp"
#include "dealtrail/cohort/detail/spend_model.hpp"
#include "dealtrail/cohort/lifetime.hpp"
#include "dealtrail/core/error.hpp"

// The fit of a model of purchases, and the models of what was fitted.
namespace dealtrail::cohort::detail {

template <std::size_t N>
void write_parameters(Lifetime& result, const Fit<N>& fit, const std::array<const char*, N>& names) {
  for (std::size_t i = 0; i < N; ++i) {
    const bool known = std::isfinite(fit.log_error[i]);
    result.parameters.push_back({.name = names[i],
                                 .value = fit.parameters[i],
                                 .se = known ? std::optional{fit.parameters[i] * fit.log_error[i]} : std::nullopt,
                                 .ridge = !(fit.log_error[i] < 1)});
  }
}

[[nodiscard]] inline PurchaseModel purchases_of(const Lifetime& fitted) {
  return {fitted.parameters[0].value, fitted.parameters[1].value, fitted.parameters[2].value,
          fitted.parameters[3].value, fitted.options.model == PurchasesModel::mbg_nbd};
}
[[nodiscard]] inline std::optional<SpendModel> spend_of(const Lifetime& fitted) {
  if (!fitted.spend_log_likelihood) return std::nullopt;
  return SpendModel{fitted.parameters[4].value, fitted.parameters[5].value, fitted.parameters[6].value};
}

[[noreturn]] inline void refuse_fit(const std::string& why, const std::string& hint) {
  throw Error(ErrorCode::not_converged, why, {"lifetime", {}, -1}, hint);
}

inline void fit_purchases(Lifetime& result, const std::vector<HistoryGroup>& groups) {
  double customers = 0;
  double repeats = 0;
  double time = 0;
  for (const HistoryGroup& group : groups) {
    customers += group.customers;
    repeats += group.customers * static_cast<double>(group.repeats);
    time += group.customers * group.age;
  }
  if (customers < 2) refuse_fit("one customer tells nothing of how customers differ", "hand over more customers");
  if (!(time > 0)) refuse_fit("no time passed since the first purchases: T is 0", "give a later end");
  if (!(repeats > 0)) {
    refuse_fit("nobody bought again: neither how often customers buy nor how they leave can be told",
               "wait for repeat purchases");
  }
  const PurchaseLikelihood likelihood{groups, result.options.model == PurchasesModel::mbg_nbd, result.options.threads};
  const double scale = time / customers;
  std::optional<Fit<4>> best;
  for (const Vector<4>& start :
       {Vector<4>{0.5, scale / 4, 0.7, 2}, Vector<4>{2, scale, 0.3, 3}, Vector<4>{0.2, scale / 10, 2, 2}}) {
    const Fit<4> fit = fit_by_newton<4>(likelihood, start, customers);
    if (fit.converged && (!best || fit.log_likelihood > best->log_likelihood)) best = fit;
    if (best) break;
  }
  if (!best) refuse_fit("no maximum of the likelihood was found", "look for customers whose figures stand out");
  write_parameters<4>(result, *best, {"r", "alpha", "a", "b"});
  result.log_likelihood = best->log_likelihood;
  result.meta.emplace_back("steps", std::to_string(best->steps));
}

}  // namespace dealtrail::cohort::detail
