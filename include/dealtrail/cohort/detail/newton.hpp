#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>

// The most likely positive parameters of a smooth model: damped Newton steps on their logarithms (Levenberg 1944,
// Marquardt 1963), with the exact gradient and Hessian. A parameter that reaches the edge of its range stays there
// while the likelihood pulls it outwards.
namespace dealtrail::cohort::detail {

template <std::size_t N>
using Vector = std::array<double, N>;
template <std::size_t N>
using Matrix = std::array<std::array<double, N>, N>;

/// A log-likelihood with its derivatives in the parameters.
template <std::size_t N>
struct Likelihood {
  double value = 0;
  Vector<N> gradient{};
  Matrix<N> hessian{};  // symmetric, both halves filled
};

template <std::size_t N>
struct Fit {
  Vector<N> parameters{};
  Vector<N> log_error{};  // standard error of the logarithm; infinite where the data say nothing
  double log_likelihood = 0;
  double slope = 0;  // the largest derivative by a logarithm, per observation
  int steps = 0;
  bool converged = false;
};

/// The range of a logarithm around that of the start.
inline constexpr double widest_log = 12;

/// The lower triangle L of L L' = matrix; nothing unless it is positive definite.
template <std::size_t N>
[[nodiscard]] std::optional<Matrix<N>> cholesky(const Matrix<N>& matrix) {
  Matrix<N> lower{};
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = matrix[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= lower[i][k] * lower[j][k];
      if (i != j) {
        lower[i][j] = sum / lower[j][j];
      } else if (!(sum > 1e-13 * std::fabs(matrix[i][i]))) {
        return std::nullopt;
      } else {
        lower[i][i] = std::sqrt(sum);
      }
    }
  }
  return lower;
}

template <std::size_t N>
[[nodiscard]] Vector<N> solve(const Matrix<N>& lower, Vector<N> right) {
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t k = 0; k < i; ++k) right[i] -= lower[i][k] * right[k];
    right[i] /= lower[i][i];
  }
  for (std::size_t i = N; i-- > 0;) {
    for (std::size_t k = i + 1; k < N; ++k) right[i] -= lower[k][i] * right[k];
    right[i] /= lower[i][i];
  }
  return right;
}

/// The longest step of a logarithm.
inline constexpr double widest_step = 2;

/// A step that promises less, or less than the sum of the likelihood resolves, is the last: it moves each parameter by
/// less than 1e-4 of its standard error, and what is left after it is less than the square of that.
inline constexpr double least_gain = 5e-11;

/// Maximises `likelihood(parameters)` from `start`; `observations` only scales the criterion of convergence.
template <std::size_t N, class Function>
[[nodiscard]] Fit<N> fit_by_newton(const Function& likelihood, const Vector<N>& start, double observations) {
  constexpr int most_steps = 200;
  Vector<N> middle{};
  for (std::size_t i = 0; i < N; ++i) middle[i] = std::log(start[i]);
  const auto parameters_of = [](const Vector<N>& logs) {
    Vector<N> values{};
    for (std::size_t i = 0; i < N; ++i) values[i] = std::exp(logs[i]);
    return values;
  };
  // Derivatives by logarithms, of minus the log-likelihood.
  const auto evaluate = [&](const Vector<N>& logs) {
    const Vector<N> values = parameters_of(logs);
    Likelihood<N> at = likelihood(values);
    Likelihood<N> made;
    made.value = -at.value;
    for (std::size_t i = 0; i < N; ++i) {
      made.gradient[i] = -values[i] * at.gradient[i];
      for (std::size_t j = 0; j < N; ++j) made.hessian[i][j] = -values[i] * values[j] * at.hessian[i][j];
      made.hessian[i][i] += made.gradient[i];
    }
    return made;
  };
  Vector<N> logs = middle;
  Likelihood<N> now = evaluate(logs);
  double damping = 1e-3;
  Fit<N> fit;
  constexpr double edge = widest_log - 1e-9;
  const auto stuck = [&](std::size_t i) {
    const double off = logs[i] - middle[i];
    return std::fabs(off) >= edge && now.gradient[i] * off < 0;
  };
  const auto steepest = [&] {
    double most = 0;
    for (std::size_t i = 0; i < N; ++i)
      if (!stuck(i)) most = std::max(most, std::fabs(now.gradient[i]));
    return most / observations;
  };
  for (; fit.steps < most_steps && damping < 1e12; ++fit.steps) {
    fit.slope = steepest();
    if (fit.slope < 1e-12) break;
    // The step; one that leads out of the range is taken anew without the parameters at the edge.
    std::array<bool, N> held{};
    for (std::size_t i = 0; i < N; ++i) held[i] = stuck(i);
    std::optional<Vector<N>> found;
    Vector<N> right{};
    for (bool again = true; again;) {
      Matrix<N> damped = now.hessian;
      right = {};
      for (std::size_t i = 0; i < N; ++i) {
        if (held[i]) {
          for (std::size_t j = 0; j < N; ++j) damped[i][j] = damped[j][i] = 0;
          damped[i][i] = 1;
          continue;
        }
        right[i] = -now.gradient[i];
        damped[i][i] += damping * std::max(std::fabs(now.hessian[i][i]), 1e-9 * observations);
      }
      again = false;
      const auto lower = cholesky<N>(damped);
      found = lower ? std::optional{solve<N>(*lower, right)} : std::nullopt;
      for (std::size_t i = 0; found && i < N; ++i) {
        const double off = logs[i] - middle[i];
        const bool out = !held[i] && std::fabs(off) >= edge && (*found)[i] * off > 0;
        held[i] = held[i] || out;
        again = again || out;
      }
    }
    if (!found) {
      damping = std::max(damping * 10, 1e-6);
      continue;
    }
    const Vector<N>& step = *found;
    double gain = 0;  // of the likelihood, were it a parabola
    for (std::size_t i = 0; i < N; ++i) gain += right[i] * step[i] / 2;
    double part = 1;  // of the step: all parameters shorten it alike, or it would leave the ridge it follows
    for (std::size_t i = 0; i < N; ++i) {
      if (held[i]) continue;
      const double room = step[i] > 0 ? middle[i] + widest_log - logs[i] : logs[i] - middle[i] + widest_log;
      part = std::min(part, std::min(room, widest_step) / std::fabs(step[i]));
    }
    Vector<N> next = logs;
    for (std::size_t i = 0; i < N; ++i) {
      next[i] = logs[i] + part * step[i];
      if (widest_log - std::fabs(next[i] - middle[i]) < 1e-9)
        next[i] = middle[i] + std::copysign(widest_log, next[i] - middle[i]);
    }
    const Likelihood<N> there = evaluate(next);
    if (gain < std::max(least_gain, 4e-16 * std::fabs(now.value)) && damping <= 1 && std::isfinite(there.value)) {
      logs = next;
      now = there;
      ++fit.steps;
      break;
    }
    if (std::isfinite(there.value) && there.value <= now.value) {
      const bool same = now.value - there.value <= 1e-15 * std::fabs(now.value);
      logs = next;
      now = there;
      damping *= 0.1;
      if (same && steepest() < 1e-9) break;
    } else {
      damping = std::max(damping * 10, 1e-6);
    }
  }
  fit.slope = steepest();
  fit.converged = std::isfinite(now.value) && fit.slope < 1e-7;
  fit.parameters = parameters_of(logs);
  fit.log_likelihood = -now.value;
  fit.log_error.fill(HUGE_VAL);
  Matrix<N> information = now.hessian;
  for (std::size_t i = 0; i < N; ++i) {
    if (!stuck(i)) continue;
    for (std::size_t j = 0; j < N; ++j) information[i][j] = information[j][i] = 0;
    information[i][i] = 1;
  }
  if (const auto lower = cholesky<N>(information)) {
    for (std::size_t i = 0; i < N; ++i) {
      Vector<N> unit{};
      unit[i] = 1;
      if (!stuck(i)) fit.log_error[i] = std::sqrt(solve<N>(*lower, unit)[i]);
    }
  }
  return fit;
}

}  // namespace dealtrail::cohort::detail
