#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "dealtrail/answers/plan.hpp"
#include "dealtrail/budget/allocate.hpp"
#include "dealtrail/budget/certificate.hpp"
#include "dealtrail/budget/curves.hpp"
#include "dealtrail/budget/fit.hpp"
#include "dealtrail/budget/plan.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/placements/placements.hpp"

#include "bindings.hpp"

namespace dealtrail::bindings {
namespace {

using budget::Channel;
using budget::Curve;
using budget::CurvePoint;
using budget::Plan;
using Pairs = std::vector<std::pair<double, double>>;

std::vector<CurvePoint> points_of(const Pairs& pairs) {
  std::vector<CurvePoint> points;
  for (const auto& [money, response] : pairs) points.push_back({money, response});
  return points;
}

Curve curve_of(const std::string& kind, double scale, double unit, double exponent) {
  if (kind == "linear") return Curve::linear(scale);
  if (kind == "log") return Curve::log(scale, unit);
  if (kind == "power") return Curve::power(scale, exponent);
  if (kind == "exponential") return Curve::exponential(scale, unit);
  if (kind == "michaelis_menten") return Curve::michaelis_menten(scale, unit);
  if (kind == "logistic") return Curve::logistic(scale, unit);
  if (kind == "tanh") return Curve::tanh(scale, unit);
  if (kind == "hill") return Curve::hill(scale, unit, exponent);
  throw Error(ErrorCode::unknown_name, "no curve of the kind '" + kind + "'", {},
              "use the classes of dealtrail.budget");
}

Currency currency_of(const std::optional<std::string>& code) {
  return code.has_value() ? Currency::from_code(*code) : Currency{};
}

std::optional<PeriodKind> period_kind(const std::optional<std::string>& name, const char* column) {
  if (!name.has_value()) return std::nullopt;
  const auto found = find_period_kind(*name);
  if (found.has_value()) return found;
  throw Error(ErrorCode::unknown_name, "no such period: '" + name->substr(0, 64) + "'", {"fit", column, -1},
              "day, week, month, quarter or year");
}

// The library has no clock; a limit of time is the host's.
std::function<bool()> deadline(double seconds) {
  if (std::isnan(seconds) || seconds < 0) {
    throw Error(ErrorCode::invalid_argument, "expected a time limit from 0 on, found " + std::to_string(seconds),
                {"allocate", "time_limit_s", -1}, "give seconds");
  }
  if (seconds > 1e9) return {};
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                                          std::chrono::duration<double>(seconds));
  return [end] { return std::chrono::steady_clock::now() >= end; };
}

using GroupTuple = std::tuple<std::string, std::vector<std::string>, std::optional<double>, std::optional<double>>;

struct Goals {
  std::optional<double> budget, response, cpa, roi, marginal_roi, value;
};

Plan allocate(const std::vector<Channel>& channels, const Goals& goals, const std::vector<GroupTuple>& groups,
              const std::optional<std::string>& currency, double gap, double time_limit_s) {
  budget::AllocateOptions options{.budget = goals.budget,
                                  .response = goals.response,
                                  .cpa = goals.cpa,
                                  .roi = goals.roi,
                                  .marginal_roi = goals.marginal_roi,
                                  .value = goals.value,
                                  .currency = currency_of(currency),
                                  .gap = gap,
                                  .stop = deadline(time_limit_s)};
  for (const auto& [name, members, least, most] : groups) options.groups.push_back({name, members, least, most});
  const py::gil_scoped_release no_gil;
  return budget::allocate(channels, options);
}

py::list limits_of(const Plan& plan) {
  py::list rows;
  for (const budget::PlanLimit& limit : plan.limits)
    rows.append(py::make_tuple(limit.name, limit.limit, limit.amount, limit.gain));
  return rows;
}

py::tuple verification_of(const Plan& plan) {
  budget::Verification checked;
  {
    const py::gil_scoped_release no_gil;
    checked = plan.verify();
  }
  return py::make_tuple(checked.valid, checked.problem, checked.leaves, checked.value, checked.bound, checked.gap);
}

void bind_curve(py::module_& module) {
  py::class_<Curve>(module, "BudgetCurve", "See dealtrail.budget.Curve.")
      .def(py::init(&curve_of), py::arg("kind"), py::arg("scale"), py::arg("unit"), py::arg("exponent"))
      .def_static(
          "piecewise",
          [](const Pairs& points, double tail_slope) { return Curve::piecewise(points_of(points), tail_slope); },
          py::arg("points"), py::arg("tail_slope"))
      .def_static(
          "tiers",
          [](const std::vector<std::pair<double, std::optional<double>>>& tiers) {
            std::vector<budget::Tier> all;
            for (const auto& [price, units] : tiers) all.push_back({price, units});
            return Curve::tiers(all);
          },
          py::arg("tiers"))
      .def_static(
          "packages", [](const Pairs& packages) { return Curve::packages(points_of(packages)); }, py::arg("packages"))
      .def("with_fee", &Curve::with_fee, py::arg("fee"))
      .def("with_base", &Curve::with_base, py::arg("response"))
      .def("value", &Curve::value, py::arg("money"))
      .def("slope", &Curve::slope, py::arg("money"))
      .def("envelope", &Curve::envelope, py::arg("money"), py::arg("least"), py::arg("most"))
      .def("__eq__", [](const Curve& one, const Curve& other) { return one == other; });
}

void bind_plan(py::module_& module) {
  py::class_<Plan>(module, "BudgetPlan", "See dealtrail.budget.Plan.")
      .def("table", &Plan::table)
      .def("limits", &limits_of)
      .def("verify", &verification_of)
      .def("certificate", [](const Plan& plan) { return budget::to_json(plan.certificate); })
      .def(
          "frontier",
          [](const Plan& plan, std::size_t count, std::optional<double> most, double gap, double time_limit_s) {
            const auto stop = deadline(time_limit_s);
            const py::gil_scoped_release no_gil;
            return budget::frontier(plan, count, most, gap, 2'000, stop);
          },
          py::arg("count"), py::arg("most"), py::arg("gap"), py::arg("time_limit_s"))
      .def_property_readonly("places", [](const Plan& plan) { return plan.certificate.problem.places; })
      .def_readonly("spent", &Plan::spent)
      .def_readonly("left", &Plan::left)
      .def_readonly("response", &Plan::response)
      .def_readonly("response_today", &Plan::response_today)
      .def_readonly("value", &Plan::value)
      .def_readonly("bound", &Plan::bound)
      .def_readonly("gap", &Plan::gap)
      .def_readonly("exact", &Plan::exact)
      .def_readonly("shadow_price", &Plan::shadow_price);
}

// dealtrail.plan: its parts are results of their own.
void bind_trail_plan(py::module_& module) {
  module.def(
      "plan",
      [](const SharedTrail& shared, const CardsOptions& seen, std::optional<double> budget, std::string event,
         std::optional<double> goal, std::string metric, const std::string& every, double gap, double time_limit_s) {
        const PlanOptions options{.budget = budget,
                                  .event = std::move(event),
                                  .goal = goal,
                                  .metric = std::move(metric),
                                  .every = *period_kind(every, "period"),
                                  .view = seen.view,
                                  .as_of = seen.as_of,
                                  .gap = gap,
                                  .stop = deadline(time_limit_s)};
        TrailPlan made = reading(shared, [&](const Trail& trail) { return plan(trail, options); });
        const Table judged = made.judged.table();
        const Table unplanned = made.unplanned_table();
        return py::make_tuple(std::move(made.plan), std::move(made.fit), judged, unplanned, made.goal, made.expected);
      },
      py::arg("trail"), py::arg("options"), py::arg("budget"), py::arg("event"), py::arg("goal"), py::arg("metric"),
      py::arg("every"), py::arg("gap"), py::arg("time_limit_s"), "See dealtrail.plan.plan.");
}

void bind_fit(py::module_& module) {
  py::class_<budget::Fit>(module, "BudgetFit", "See dealtrail.budget.Fit.")
      .def("table", &budget::Fit::table)
      .def("draws", &budget::Fit::draws, py::arg("count"), py::arg("seed"))
      .def("curves", [](const budget::Fit& fit) {
        py::list found;
        for (const auto& [key, curve] : fit.curves())
          found.append(
              py::make_tuple(key, std::string{to_string(curve.kind())}, curve.scale(), curve.unit(), curve.exponent()));
        return found;
      });
  module.def(
      "fit",
      [](const Placements& placements, const std::optional<std::string>& every, double response_unit) {
        const budget::FitOptions options{.every = period_kind(every, "every"), .response_unit = response_unit};
        const py::gil_scoped_release no_gil;
        return budget::fit(placements, options);
      },
      py::arg("placements"), py::arg("every"), py::arg("response_unit"), "See dealtrail.budget.fit.");
}

}  // namespace

void bind_budget(py::module_& module) {
  bind_curve(module);
  bind_plan(module);
  bind_fit(module);
  bind_trail_plan(module);
  py::class_<Channel>(module, "BudgetChannel", "A channel of dealtrail.budget.allocate.")
      .def(py::init([](std::string name, const Curve& curve, std::optional<double> today, std::optional<double> least,
                       std::optional<double> most, std::optional<double> least_of_today,
                       std::optional<double> most_of_today, std::optional<double> least_if_used,
                       std::optional<double> fixed, const std::optional<std::string>& currency) {
             return Channel{.name = std::move(name),
                            .curve = curve,
                            .today = today,
                            .least = least,
                            .most = most,
                            .least_of_today = least_of_today,
                            .most_of_today = most_of_today,
                            .least_if_used = least_if_used,
                            .fixed = fixed,
                            .currency = currency_of(currency)};
           }),
           py::arg("name"), py::arg("curve"), py::arg("today"), py::arg("least"), py::arg("most"),
           py::arg("least_of_today"), py::arg("most_of_today"), py::arg("least_if_used"), py::arg("fixed"),
           py::arg("currency"));
  module.def(
      "allocate",
      [](const std::vector<Channel>& channels, std::optional<double> budget, std::optional<double> response,
         std::optional<double> cpa, std::optional<double> roi, std::optional<double> marginal_roi,
         std::optional<double> value, const std::vector<GroupTuple>& groups, const std::optional<std::string>& currency,
         double gap, double time_limit_s) {
        return allocate(channels, {budget, response, cpa, roi, marginal_roi, value}, groups, currency, gap,
                        time_limit_s);
      },
      py::arg("channels"), py::arg("budget"), py::arg("response"), py::arg("cpa"), py::arg("roi"),
      py::arg("marginal_roi"), py::arg("value"), py::arg("groups"), py::arg("currency"), py::arg("gap"),
      py::arg("time_limit_s"), "See dealtrail.budget.allocate.");
}

}  // namespace dealtrail::bindings
