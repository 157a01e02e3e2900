#include "dealtrail/attribution/markov.hpp"

#include <cstddef>
#include <string>
#include <string_view>

#include <pybind11/stl.h>

#include "dealtrail/core/error.hpp"

#include "bindings.hpp"
#include "states.hpp"

namespace dealtrail::bindings {
namespace {

attribution::Removal removal_named(std::string_view name) {
  using attribution::Removal;
  if (name == "redirect_to_null") return Removal::redirect_to_null;
  if (name == "fail") return Removal::fail;
  if (name == "fail_refit") return Removal::fail_refit;
  if (name == "detour") return Removal::detour;
  throw Error(ErrorCode::invalid_argument, "no such removal: '" + std::string{name} + "'", {},
              "redirect_to_null, fail, fail_refit or detour");
}

}  // namespace

void bind_markov(py::module_& module) {
  using Release = py::call_guard<py::gil_scoped_release>;
  py::class_<MarkovState> state(module, "MarkovState", "See dealtrail.attribution.MarkovState.");
  bind_live_state(state);
  state
      .def(py::init([](const Journeys& journeys, int order, bool intervals, std::size_t threads) {
             return MarkovState{journeys, order, {.intervals = intervals, .threads = threads}};
           }),
           py::arg("journeys"), py::arg("order"), py::arg("intervals"), py::arg("threads"), Release())
      .def("finish", &MarkovState::finish, py::arg("threads"), Release())
      .def("transition_matrix", [](const MarkovState& self) { return transition_matrix(self); }, Release());
  module.def(
      "markov",
      [](const Journeys& journeys, int order, const std::string& removal, bool intervals, std::size_t threads) {
        return attribution::markov(journeys, {.order = order, .removal = removal_named(removal)},
                                   {.intervals = intervals, .threads = threads});
      },
      py::arg("journeys"), py::arg("order"), py::arg("removal"), py::arg("intervals"), py::arg("threads"), Release(),
      "See dealtrail.attribution.markov.");
  module.def(
      "choose_order",
      [](const Journeys& journeys, int most, std::size_t threads) {
        return attribution::choose_order(journeys, most, {.threads = threads});
      },
      py::arg("journeys"), py::arg("most"), py::arg("threads"), Release(), "See dealtrail.attribution.choose_order.");
}

}  // namespace dealtrail::bindings
