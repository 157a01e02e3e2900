#include "dealtrail/funnel/funnel.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/core/detail/names.hpp"

#include "bindings.hpp"

namespace dealtrail::bindings {

GuestsOptions guests_options(const CardsOptions& options) {
  return {.by = options.by, .view = options.view, .as_of = options.as_of};
}

namespace {

FunnelOptions funnel_options(const CardsOptions& options, std::string_view order, std::string_view first,
                             std::optional<std::string> event, std::vector<std::string> managers,
                             std::vector<std::string> exclude_managers, bool exclude_left) {
  FunnelOptions result;
  if (order != "any" && order != "strict") {
    throw Error(ErrorCode::unknown_name, "no such order of steps: \"" + std::string{order.substr(0, 64)} + "\"", {},
                "any or strict");
  }
  result.order = order == "any" ? StepOrder::any : StepOrder::strict;
  result.first = detail::parse_enum<FunnelStep>(funnel_step_names, "step", first);
  result.event = std::move(event);
  result.period = options.period;
  result.managers = std::move(managers);
  result.exclude_managers = std::move(exclude_managers);
  result.exclude_left = exclude_left;
  return result;
}

}  // namespace

void bind_funnel(py::module_& module) {
  module.def(
      "guests",
      [](const SharedTrail& shared, const CardsOptions& options) {
        return reading(shared,
                       [&](const Trail& trail) { return guests_table(guests(trail, guests_options(options))); });
      },
      py::arg("trail"), py::arg("options"), "See dealtrail.funnel.guests.");
  module.def(
      "funnel",
      [](const SharedTrail& shared, const CardsOptions& options, std::string_view order, std::string_view first,
         std::optional<std::string> event, std::vector<std::string> managers, std::vector<std::string> exclude_managers,
         bool exclude_left) {
        const FunnelOptions how = funnel_options(options, order, first, std::move(event), std::move(managers),
                                                 std::move(exclude_managers), exclude_left);
        return reading(shared, [&](const Trail& trail) { return funnel(guests(trail, guests_options(options)), how); });
      },
      py::arg("trail"), py::arg("options"), py::arg("order"), py::arg("first"), py::arg("event"), py::arg("managers"),
      py::arg("exclude_managers"), py::arg("exclude_left"), "See dealtrail.funnel.funnel.");
}

}  // namespace dealtrail::bindings
