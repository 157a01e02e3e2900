#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/attribution/credits.hpp"
#include "dealtrail/attribution/first_touch.hpp"
#include "dealtrail/attribution/last_touch.hpp"
#include "dealtrail/attribution/linear.hpp"
#include "dealtrail/attribution/milestones.hpp"
#include "dealtrail/attribution/participation.hpp"
#include "dealtrail/attribution/paths.hpp"
#include "dealtrail/attribution/position_based.hpp"
#include "dealtrail/attribution/time_decay.hpp"

#include "bindings.hpp"
#include "states.hpp"

namespace dealtrail::bindings {
namespace {

using Costs = std::vector<std::pair<std::string, std::int64_t>>;  // channel, minor units

Table table_of_credits(const std::vector<Credit>& results, const Costs& costs) {
  std::vector<ChannelCost> of_channels;
  of_channels.reserve(costs.size());
  for (const auto& [channel, minor] : costs) of_channels.push_back({channel, minor});
  return credit_table(results, of_channels);
}

CreditRule milestones_named(const std::vector<std::pair<std::string, double>>& shares) {
  std::vector<attribution::MilestoneShare> listed;
  for (const auto& [name, share] : shares) listed.push_back({name, share});
  return attribution::milestones_rule(listed);
}

void bind_rules(py::module_& module) {
  using TwoTouches = CreditRule::TwoTouches;
  py::class_<CreditRule>(module, "CreditRule", "A rule model with its parameters.")
      .def_static("first_touch", &attribution::first_touch_rule)
      .def_static("last_touch", &attribution::last_touch_rule, py::arg("excluded"))
      .def_static("linear", &attribution::linear_rule)
      .def_static(
          "position_based",
          [](double first, double last, bool renormalise) {
            return attribution::position_based_rule(
                {first, last, renormalise ? TwoTouches::renormalise : TwoTouches::halve_middle});
          },
          py::arg("first"), py::arg("last"), py::arg("renormalise"))
      .def_static("time_decay", &attribution::time_decay_rule, py::arg("half_life_days"))
      .def_static("milestones", &milestones_named, py::arg("shares"))
      .def_static("u_shaped", &attribution::u_shaped_rule)
      .def_static("w_shaped", &attribution::w_shaped_rule)
      .def_static("full_path", &attribution::full_path_rule)
      .def_static("participation", &attribution::participation_rule);
}

void bind_credit_state(py::module_& module) {
  using Release = py::call_guard<py::gil_scoped_release>;
  py::class_<CreditState> state(module, "CreditState", "See dealtrail.attribution.CreditState.");
  bind_live_state(state);
  state
      .def(py::init([](const Journeys& journeys, const CreditRule& rule, bool intervals, std::size_t threads) {
             return CreditState{journeys, rule, {.intervals = intervals, .threads = threads}};
           }),
           py::arg("journeys"), py::arg("rule"), py::arg("intervals"), py::arg("threads"), Release())
      .def("finish", &CreditState::finish, Release());
}

}  // namespace

void bind_attribution(py::module_& module) {
  using Release = py::call_guard<py::gil_scoped_release>;
  py::class_<Credit>(module, "Credit", "Who gets the credit, by one model.");
  bind_rules(module);
  bind_credit_state(module);
  module.def("assisted", &attribution::assisted, py::arg("journeys"), Release(), "See dealtrail.attribution.");
  module.def("path_length", &attribution::path_length, py::arg("journeys"), Release(), "See dealtrail.attribution.");
  module.def("time_lag", &attribution::time_lag, py::arg("journeys"), Release(), "See dealtrail.attribution.");
  module.def(
      "credit",
      [](const Journeys& journeys, const std::vector<CreditRule>& rules, bool intervals, std::size_t threads) {
        return credit(journeys, rules, {.intervals = intervals, .threads = threads});
      },
      py::arg("journeys"), py::arg("rules"), py::arg("intervals"), py::arg("threads"), Release(),
      "Credit by each rule, in one pass; see dealtrail.attribution.");
  module.def(
      "credits",
      [](const Journeys& journeys, const CreditRule& rule, std::optional<std::string> channel) {
        return attribution::credits(journeys, rule, {.channel = std::move(channel)});
      },
      py::arg("journeys"), py::arg("rule"), py::arg("channel"), Release(), "See dealtrail.attribution.credits.");
  module.def("credit_table", &table_of_credits, py::arg("results"), py::arg("costs"), Release(),
             "Results as one table; see dealtrail.attribution.");
}

}  // namespace dealtrail::bindings
