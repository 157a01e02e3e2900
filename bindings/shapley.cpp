#include "dealtrail/attribution/shapley.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <pybind11/functional.h>
#include <pybind11/stl.h>

#include "dealtrail/attribution/shao_li.hpp"

#include "bindings.hpp"
#include "states.hpp"

namespace dealtrail::bindings {
namespace {

using attribution::ShapleyGame;
using attribution::ShapleyOptions;
using attribution::ShapleyState;
using Worth = std::function<double(const std::vector<std::uint32_t>&)>;  // of places among the channels

ShapleyGame game_named(std::string_view name) {
  constexpr ShapleyGame games[] = {ShapleyGame::equal_split, ShapleyGame::exact_set_rate, ShapleyGame::subset_rate};
  std::string names;
  for (const ShapleyGame game : games) {
    if (to_string(game) == name) return game;
    names += (names.empty() ? "" : ", ") + std::string{to_string(game)};
  }
  throw Error(ErrorCode::unknown_name, "no such game: '" + std::string{name} + "'", {"Shapley", "game"},
              names + "; ordered is shapley_by_position, a worth of your own is value_of");
}

auto worth_of(const Worth& worth) {
  return [&worth](std::span<const std::uint32_t> players) { return worth({players.begin(), players.end()}); };
}

void bind_shapley_state(py::module_& module) {
  using Release = py::call_guard<py::gil_scoped_release>;
  py::class_<ShapleyState> state(module, "ShapleyState", "See dealtrail.attribution.ShapleyState.");
  bind_live_state(state);
  state
      .def(py::init([](const Journeys& journeys, bool intervals, std::size_t threads) {
             return ShapleyState{journeys, {.intervals = intervals, .threads = threads}};
           }),
           py::arg("journeys"), py::arg("intervals"), py::arg("threads"), Release())
      .def(
          "finish",
          [](const ShapleyState& self, const std::string& game, std::size_t exact_up_to, std::size_t samples,
             std::uint64_t seed, std::size_t threads) {
            return self.finish({.game = game_named(game),
                                .exact_up_to = exact_up_to,
                                .samples = samples,
                                .seed = seed,
                                .threads = threads});
          },
          py::arg("game"), py::arg("exact_up_to"), py::arg("samples"), py::arg("seed"), py::arg("threads"), Release())
      .def(
          "finish_by",
          [](const ShapleyState& self, const Worth& worth, std::size_t exact_up_to, std::size_t samples,
             std::uint64_t seed) {
            return self.finish(worth_of(worth), {.exact_up_to = exact_up_to, .samples = samples, .seed = seed});
          },
          py::arg("worth"), py::arg("exact_up_to"), py::arg("samples"), py::arg("seed"))
      .def("channels", [](const ShapleyState& self) {
        return std::vector<std::string>(self.channels().begin(), self.channels().end());
      });
}

}  // namespace

void bind_shapley(py::module_& module) {
  using Release = py::call_guard<py::gil_scoped_release>;
  bind_shapley_state(module);
  module.def(
      "shapley",
      [](const Journeys& journeys, const std::string& game, std::size_t exact_up_to, std::size_t samples,
         std::uint64_t seed, bool intervals, std::size_t threads) {
        return attribution::shapley(journeys, {.game = game_named(game),
                                               .exact_up_to = exact_up_to,
                                               .samples = samples,
                                               .seed = seed,
                                               .intervals = intervals,
                                               .threads = threads});
      },
      py::arg("journeys"), py::arg("game"), py::arg("exact_up_to"), py::arg("samples"), py::arg("seed"),
      py::arg("intervals"), py::arg("threads"), Release(), "See dealtrail.attribution.shapley.");
  module.def(
      "shapley_by",
      [](const Journeys& journeys, const Worth& worth, std::size_t exact_up_to, std::size_t samples,
         std::uint64_t seed) {
        return attribution::shapley(journeys, worth_of(worth),
                                    {.exact_up_to = exact_up_to, .samples = samples, .seed = seed});
      },
      py::arg("journeys"), py::arg("worth"), py::arg("exact_up_to"), py::arg("samples"), py::arg("seed"),
      "By a worth of one's own; see dealtrail.attribution.shapley.");
  module.def(
      "shao_li",
      [](const Journeys& journeys, bool intervals, std::size_t threads) {
        return attribution::shao_li(journeys, {.intervals = intervals, .threads = threads});
      },
      py::arg("journeys"), py::arg("intervals"), py::arg("threads"), Release(), "See dealtrail.attribution.shao_li.");
  module.def("shapley_by_position", &attribution::shapley_by_position, py::arg("journeys"), Release(),
             "See dealtrail.attribution.shapley_by_position.");
}

}  // namespace dealtrail::bindings
