#include "dealtrail/answers/card_parts.hpp"

#include <string>
#include <vector>

#include <pybind11/stl.h>

#include "bindings.hpp"

namespace dealtrail::bindings {
void bind_card_parts(py::module_& module) {
  module.def(
      "card_parts",
      [](const SharedTrail& shared, const std::vector<std::string>& by, const CardsOptions& options) {
        return reading(shared, [&](const Trail& trail) { return card_parts(trail, by, options); });
      },
      py::arg("trail"), py::arg("by"), py::arg("options"), "See dealtrail.card_parts.");
}

}  // namespace dealtrail::bindings
