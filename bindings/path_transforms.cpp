#include "dealtrail/journeys/path_transforms.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/core/error.hpp"
#include "dealtrail/journeys/first_conversions.hpp"
#include "dealtrail/journeys/with_milestones.hpp"

#include "bindings.hpp"
#include "stream.hpp"

namespace dealtrail::bindings {
void bind_path_transforms(py::module_& module) {
  module.def(
      "transform",
      [](const Journeys& journeys, std::string_view how) {
        const PathTransform chosen = detail::parse_enum<PathTransform>(path_transform_names, "transform", how);
        const py::gil_scoped_release no_gil;
        return transform(journeys, chosen);
      },
      py::arg("journeys"), py::arg("how"), "See dealtrail.Journeys.transform.");
  module.def(
      "exclude",
      [](const Journeys& journeys, const std::vector<std::string>& channels, std::string_view when) {
        const ExcludeWhen chosen = detail::parse_enum<ExcludeWhen>(exclude_when_names, "when", when);
        const py::gil_scoped_release no_gil;
        return exclude(journeys, channels, chosen);
      },
      py::arg("journeys"), py::arg("channels"), py::arg("when"), "See dealtrail.Journeys.exclude.");
  module.def(
      "last_touches",
      [](const Journeys& journeys, std::int64_t last) {
        const py::gil_scoped_release no_gil;
        return last_touches(journeys, last);
      },
      py::arg("journeys"), py::arg("last"), "See dealtrail.Journeys.last_touches.");
  module.def("first_conversions", &first_conversions, py::arg("journeys"), py::call_guard<py::gil_scoped_release>(),
             "See dealtrail.Journeys.first_conversions.");
  module.def(
      "with_milestones",
      [](const Journeys& journeys, const py::object& table, std::string subject, std::string kind, std::string at,
         std::vector<std::string> kinds) {
        const TableInput input = table_of(table, "milestones");
        const py::gil_scoped_release no_gil;
        return with_milestones(
            journeys, input,
            {.subject = std::move(subject), .kind = std::move(kind), .at = std::move(at), .kinds = std::move(kinds)});
      },
      py::arg("journeys"), py::arg("table"), py::arg("subject"), py::arg("kind"), py::arg("at"), py::arg("kinds"),
      "See dealtrail.Journeys.with_milestones.");
}

}  // namespace dealtrail::bindings
