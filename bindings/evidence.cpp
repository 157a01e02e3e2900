#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

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

// Reads the placements with the GIL where the producer needs it, then computes without.
template <class Answer>
Table of_placements(const py::object& table, const Columns& columns, std::string_view currency, Answer answer) {
  const TableInput input = table_of(table, "placements");
  const PlacementOptions options = placement_options(columns, currency);
  const py::gil_scoped_release no_gil;
  return answer(Placements::from_table(input, options));
}

}  // namespace

void bind_evidence(py::module_& module) {
  module.def(
      "placements",
      [](const py::object& table, const Columns& columns, std::string_view currency) {
        return of_placements(table, columns, currency, [](const Placements& view) { return view.table(); });
      },
      py::arg("table"), py::arg("columns"), py::arg("currency"), "See dealtrail.evidence.placements.");
  module.def(
      "placement_problems",
      [](const py::object& table, const Columns& columns, std::string_view currency) {
        return of_placements(table, columns, currency, [](const Placements& view) { return view.problems_table(); });
      },
      py::arg("table"), py::arg("columns"), py::arg("currency"), "See dealtrail.evidence.problems.");
  module.def(
      "judge",
      [](const py::object& table, const Columns& columns, std::string_view currency, std::string metric, std::string by,
         std::optional<double> benchmark, double care, std::int64_t horizon, std::int64_t most_placements) {
        const evidence::JudgeOptions options{.metric = std::move(metric),
                                             .by = std::move(by),
                                             .benchmark = benchmark,
                                             .care = care,
                                             .horizon = horizon,
                                             .most_placements = most_placements};
        return of_placements(table, columns, currency,
                             [&](const Placements& view) { return evidence::judge(view, options).table(); });
      },
      py::arg("table"), py::arg("columns"), py::arg("currency"), py::arg("metric"), py::arg("by"), py::arg("benchmark"),
      py::arg("care"), py::arg("horizon"), py::arg("most_placements"), "See dealtrail.evidence.judge.");
  module.def(
      "overheat",
      [](const py::object& table, const Columns& columns, std::string_view currency, std::string metric, std::string by,
         std::int64_t first, std::optional<double> plan) {
        const evidence::OverheatOptions options{
            .metric = std::move(metric), .by = std::move(by), .first = first, .plan = plan};
        return of_placements(table, columns, currency,
                             [&](const Placements& view) { return evidence::overheat(view, options).table(); });
      },
      py::arg("table"), py::arg("columns"), py::arg("currency"), py::arg("metric"), py::arg("by"), py::arg("first"),
      py::arg("plan"), "See dealtrail.evidence.overheat.");
  module.def(
      "repeatability",
      [](const py::object& table, const Columns& columns, std::string_view currency, std::string metric,
         std::string by) {
        const evidence::RepeatabilityOptions options{.metric = std::move(metric), .by = std::move(by)};
        return of_placements(table, columns, currency,
                             [&](const Placements& view) { return evidence::repeatability(view, options).table(); });
      },
      py::arg("table"), py::arg("columns"), py::arg("currency"), py::arg("metric"), py::arg("by"),
      "See dealtrail.evidence.repeatability.");
}

}  // namespace dealtrail::bindings
