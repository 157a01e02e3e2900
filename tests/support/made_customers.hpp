#pragma once

#include <cmath>
#include <cstdint>

#include "dealtrail/cohort/detail/purchase_model.hpp"
#include "dealtrail/core/random.hpp"

// Customers drawn from the models of lifetime value.
namespace dealtrail::testing {

// A made customer: what was seen until `age`, and what came in the `horizon` after it.
struct Made {
  std::int64_t repeats = 0;
  double recency = 0;
  double monetary = 0;
  std::int64_t later = 0;
  double later_spend = 0;
};

// Marsaglia and Tsang (2000); shapes below 1 by a power of a uniform.
[[nodiscard]] inline double normal(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform_real()));
  return radius * std::cos(6.283185307179586 * random.uniform_real());
}
[[nodiscard]] inline double gamma_draw(Random& random, double shape) {
  if (shape < 1) {
    const double power = std::pow(1 - random.uniform_real(), 1 / shape);
    return power * gamma_draw(random, shape + 1);
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal(random);
    const double v = std::pow(1 + c * x, 3);
    if (v <= 0) continue;
    if (std::log(1 - random.uniform_real()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

[[nodiscard]] inline Made draw(Random& random, const cohort::detail::PurchaseModel& model, double p, double q,
                               double gamma, double age, double horizon) {
  Made made;
  const double rate = gamma_draw(random, model.r) / model.alpha;
  const double one = gamma_draw(random, model.a);
  const double other = gamma_draw(random, model.b);
  const double leave = one / (one + other);
  const double size = gamma_draw(random, q) / gamma;
  bool alive = !(model.modified && random.chance(leave));
  double at = 0;
  double sum = 0;
  while (alive) {
    at -= std::log(1 - random.uniform_real()) / rate;
    if (at > age + horizon) break;
    const double spend = gamma_draw(random, p) / size;
    if (at <= age) {
      ++made.repeats;
      made.recency = at;
      sum += spend;
    } else {
      ++made.later;
      made.later_spend += spend;
    }
    alive = !random.chance(leave);
  }
  if (made.repeats > 0) made.monetary = sum / static_cast<double>(made.repeats);
  return made;
}

}  // namespace dealtrail::testing
