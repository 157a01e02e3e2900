#include "dealtrail/funnel/priority.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/io/priority_rules.hpp"

#include "bindings.hpp"

namespace dealtrail::bindings {

void bind_priority(py::module_& module) {
  module.def(
      "priority",
      [](const SharedTrail& shared, const CardsOptions& options, const std::string& rules_json,
         std::optional<std::string> event, std::vector<std::string> managers) {
        const PriorityRules rules = parse_priority_rules(rules_json);
        const PriorityOptions how{.event = std::move(event), .managers = std::move(managers)};
        return reading(
            shared, [&](const Trail& trail) { return priority(guests(trail, guests_options(options)), rules, how); });
      },
      py::arg("trail"), py::arg("options"), py::arg("rules_json"), py::arg("event"), py::arg("managers"),
      "See dealtrail.funnel.priority.");
  module.def(
      "default_priority_rules", [] { return priority_rules_json(default_priority_rules()); },
      "See dealtrail.funnel.default_rules.");
}

}  // namespace dealtrail::bindings
