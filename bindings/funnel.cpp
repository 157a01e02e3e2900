#include "dealtrail/funnel/funnel.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/core/detail/names.hpp"
#include "dealtrail/funnel/event_funnel.hpp"
#include "dealtrail/io/outcome_rules.hpp"

#include "bindings.hpp"
#include "stream.hpp"

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

// A funnel over events, and the table whose rows its lists name.
struct EventFunnelOfTable {
  TableInput table;
  EventFunnel funnel;
};

using StepOfPython = std::tuple<std::string, std::vector<std::string>, std::string, bool>;
using ExclusionOfPython = std::tuple<std::vector<std::string>, std::size_t, std::size_t>;

std::unique_ptr<EventFunnelOfTable> make_event_funnel(
    const py::object& table, const std::vector<StepOfPython>& steps, const std::vector<ExclusionOfPython>& exclude,
    std::string subject, std::string at, std::string event, std::string by, std::size_t by_step, std::string_view order,
    std::string_view entry, std::optional<std::int64_t> window_us, std::int64_t grace_us,
    const std::tuple<std::string, std::vector<std::pair<std::int64_t, std::int32_t>>, std::int32_t>& zone,
    std::size_t threads) {
  EventFunnelOptions options{.subject = std::move(subject),
                             .at = std::move(at),
                             .event = std::move(event),
                             .by = std::move(by),
                             .by_step = by_step,
                             .order = detail::parse_enum<EventOrder>(event_order_names, "order", order),
                             .entry = detail::parse_enum<FunnelEntry>(funnel_entry_names, "entry", entry),
                             .window_us = window_us,
                             .grace_us = grace_us,
                             .zone = std::apply(zone_of, zone),
                             .threads = threads};
  for (const auto& [name, any, where, optional] : steps)
    options.steps.push_back({name, any, where.empty() ? Condition{} : parse_condition(where), optional});
  for (const auto& [any, from, to] : exclude) options.exclude.push_back({any, from, to});
  TableInput input = table_of(table, "events");
  const py::gil_scoped_release no_gil;
  EventFunnel made = event_funnel(input, options);
  return std::make_unique<EventFunnelOfTable>(EventFunnelOfTable{std::move(input), std::move(made)});
}

}  // namespace

void bind_funnel(py::module_& module) {
  py::class_<EventFunnelOfTable>(module, "EventFunnel", "See dealtrail.funnel.EventFunnel.")
      .def("table", [](const EventFunnelOfTable& self) { return self.funnel.table(); })
      .def("problems", [](const EventFunnelOfTable& self) { return self.funnel.problems.table(); })
      .def(
          "subjects",
          [](const EventFunnelOfTable& self, std::size_t step) { return self.funnel.subjects_of(self.table, step); },
          py::arg("step"))
      .def(
          "dropped",
          [](const EventFunnelOfTable& self, std::size_t step) { return self.funnel.dropped(self.table, step); },
          py::arg("step"))
      .def(
          "next", [](const EventFunnelOfTable& self, std::size_t step) { return self.funnel.next(self.table, step); },
          py::arg("step"));
  module.def("event_funnel", &make_event_funnel, py::arg("table"), py::arg("steps"), py::arg("exclude"),
             py::arg("subject"), py::arg("at"), py::arg("event"), py::arg("by"), py::arg("by_step"), py::arg("order"),
             py::arg("entry"), py::arg("window_us"), py::arg("grace_us"), py::arg("zone"), py::arg("threads"),
             "See dealtrail.funnel.event_funnel.");
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
