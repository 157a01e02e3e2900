#include "dealtrail/answers/pace.hpp"

#include <string>

#include "bindings.hpp"

namespace dealtrail::bindings {
namespace {

using Answer = Table (*)(const Trail&, const PaceOptions&);

Table answered(Answer answer, const SharedTrail& shared, const std::string& event, const py::object& as_of,
               std::int64_t longest_days) {
  const CardsOptions seen = cards_options(shared, "event", "marketing", "activity", as_of, {});
  const PaceOptions options{.event = event, .as_of = seen.as_of, .longest_days = longest_days};
  return reading(shared, [&](const Trail& trail) { return answer(trail, options); });
}

}  // namespace

void bind_pace(py::module_& module) {
  module.def(
      "pace",
      [](const SharedTrail& trail, const std::string& event, const py::object& as_of) {
        return answered(&pace, trail, event, as_of, PaceOptions{}.longest_days);
      },
      py::arg("trail"), py::arg("event"), py::arg("as_of"), "See dealtrail.pace.pace.");
  module.def(
      "pace_editions",
      [](const SharedTrail& trail, const std::string& event, const py::object& as_of) {
        return answered(&pace_editions, trail, event, as_of, PaceOptions{}.longest_days);
      },
      py::arg("trail"), py::arg("event"), py::arg("as_of"), "See dealtrail.pace.editions.");
  module.def(
      "pace_curve",
      [](const SharedTrail& trail, const std::string& event, const py::object& as_of, std::int64_t longest_days) {
        return answered(&pace_curve, trail, event, as_of, longest_days);
      },
      py::arg("trail"), py::arg("event"), py::arg("as_of"), py::arg("longest_days"), "See dealtrail.pace.curve.");
}

}  // namespace dealtrail::bindings
