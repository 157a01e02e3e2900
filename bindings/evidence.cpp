#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "dealtrail/answers/trail_rating.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/evidence/judge.hpp"
#include "dealtrail/evidence/overheat.hpp"
#include "dealtrail/evidence/repeatability.hpp"
#include "dealtrail/placements/placements.hpp"

#include "bindings.hpp"
#include "stream.hpp"

namespace dealtrail::bindings {

namespace {

using Columns = std::map<std::string, std::string>;

PlacementOptions placement_options(const Columns& columns, std::string_view currency) {
  PlacementOptions options;
  const auto name = [&](const char* role) {
    const auto found = columns.find(role);
    return found == columns.end() ? std::string{} : found->second;
  };
  options.channel = name("channel");
  options.placement = name("placement");
  options.at = name("at");
  options.spend = name("spend");
  options.count = name("count");
  options.trials = name("trials");
  options.exposure = name("exposure");
  options.state = name("state");
  options.open = name("open");
  options.currency = currency.empty() ? Currency{} : Currency::from_code(currency);
  return options;
}

// Computes without the GIL.
template <class Answer>
Table answered(const Placements& view, Answer answer) {
  const py::gil_scoped_release no_gil;
  return answer(view).table();
}

Placements from_table(const py::object& table, const Columns& columns, std::string_view currency) {
  const TableInput input = table_of(table, "placements");
  const PlacementOptions options = placement_options(columns, currency);
  const py::gil_scoped_release no_gil;
  return Placements::from_table(input, options);
}

Placements of_trail(const SharedTrail& shared, const CardsOptions& cut, std::string metric) {
  const TrailPlacementOptions options{
      .metric = std::move(metric), .by = cut.by, .view = cut.view, .as_of = cut.as_of, .period = cut.period};
  return reading(shared, [&](const Trail& trail) { return placements(trail, options); });
}

}  // namespace

void bind_evidence(py::module_& module) {
  py::class_<Placements>(module, "Placements", "See dealtrail.evidence.placements.")
      .def_static("from_table", &from_table, py::arg("table"), py::arg("columns"), py::arg("currency"))
      .def_static("of_trail", &of_trail, py::arg("trail"), py::arg("options"), py::arg("metric"))
      .def_property_readonly("places", [](const Placements& view) { return decimals(view.currency()); })
      .def("table", &Placements::table)
      .def("problems", &Placements::problems_table);
  module.def(
      "judge",
      [](const Placements& view, std::string metric, std::string by, std::optional<double> benchmark, double care,
         std::int64_t horizon, std::int64_t most_placements) {
        const evidence::JudgeOptions options{.metric = std::move(metric),
                                             .by = std::move(by),
                                             .benchmark = benchmark,
                                             .care = care,
                                             .horizon = horizon,
                                             .most_placements = most_placements};
        return answered(view, [&](const Placements& read) { return evidence::judge(read, options); });
      },
      py::arg("placements"), py::arg("metric"), py::arg("by"), py::arg("benchmark"), py::arg("care"),
      py::arg("horizon"), py::arg("most_placements"), "See dealtrail.evidence.judge.");
  module.def(
      "overheat",
      [](const Placements& view, std::string metric, std::string by, std::int64_t first, std::optional<double> plan) {
        const evidence::OverheatOptions options{
            .metric = std::move(metric), .by = std::move(by), .first = first, .plan = plan};
        return answered(view, [&](const Placements& read) { return evidence::overheat(read, options); });
      },
      py::arg("placements"), py::arg("metric"), py::arg("by"), py::arg("first"), py::arg("plan"),
      "See dealtrail.evidence.overheat.");
  module.def(
      "repeatability",
      [](const Placements& view, std::string metric, std::string by) {
        const evidence::RepeatabilityOptions options{.metric = std::move(metric), .by = std::move(by)};
        return answered(view, [&](const Placements& read) { return evidence::repeatability(read, options); });
      },
      py::arg("placements"), py::arg("metric"), py::arg("by"), "See dealtrail.evidence.repeatability.");
  module.def(
      "rating",
      [](const SharedTrail& shared, const CardsOptions& cut, std::string metric, double certainty) {
        const evidence::RatingOptions options{.metric = std::move(metric),
                                              .by = cut.by,
                                              .view = cut.view,
                                              .as_of = cut.as_of,
                                              .period = cut.period,
                                              .certainty = certainty};
        return reading(shared, [&](const Trail& trail) { return rating(trail, options).table(); });
      },
      py::arg("trail"), py::arg("options"), py::arg("metric"), py::arg("certainty"), "See dealtrail.evidence.rating.");
}

}  // namespace dealtrail::bindings
