#include "dealtrail/funnel/exits.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/core/detail/names.hpp"

#include "bindings.hpp"

namespace dealtrail::bindings {
namespace {

ExitsOptions exits_options(const std::vector<std::string>& lists, std::optional<std::string> event,
                           std::vector<std::string> managers, std::vector<std::string> segments, std::int64_t days) {
  ExitsOptions result;
  for (const std::string& name : lists)
    result.lists.push_back(detail::parse_enum<ExitList>(exit_list_names, "list", name));
  result.event = std::move(event);
  result.managers = std::move(managers);
  result.segments = std::move(segments);
  result.days = days;
  return result;
}

}  // namespace

void bind_exits(py::module_& module) {
  module.def(
      "exits",
      [](const SharedTrail& shared, const CardsOptions& options, const std::vector<std::string>& lists,
         std::optional<std::string> event, std::vector<std::string> managers, std::vector<std::string> segments,
         std::int64_t days) {
        const ExitsOptions how = exits_options(lists, std::move(event), std::move(managers), std::move(segments), days);
        return reading(shared, [&](const Trail& trail) { return exits(guests(trail, guests_options(options)), how); });
      },
      py::arg("trail"), py::arg("options"), py::arg("lists"), py::arg("event"), py::arg("managers"),
      py::arg("segments"), py::arg("days"), "See dealtrail.funnel.exits.");
}

}  // namespace dealtrail::bindings
