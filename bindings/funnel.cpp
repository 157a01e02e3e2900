#include "dealtrail/funnel/funnel.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/core/detail/names.hpp"
#include "dealtrail/funnel/event_funnel.hpp"
#include "dealtrail/funnel/stages.hpp"
#include "dealtrail/funnel/waterfall.hpp"
#include "dealtrail/histories/histories.hpp"
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

WaterfallOptions waterfall_options(std::string_view closing, std::optional<std::string> pipeline,
                                   std::optional<std::string> manager) {
  WaterfallOptions options{.pipeline = std::move(pipeline), .manager = std::move(manager)};
  if (!closing.empty()) options.closing = parse_period(closing);
  return options;
}

Waterfall waterfall_of(const SharedTrail& shared, const CardsOptions& start, const CardsOptions& end,
                       std::string_view closing, std::optional<std::string> pipeline,
                       std::optional<std::string> manager) {
  if (!start.as_of.has_value() || !end.as_of.has_value()) {
    throw Error(ErrorCode::invalid_argument, "a waterfall needs a start and an end", {"waterfall", {}, -1},
                "two dates, or before= another Trail");
  }
  const WaterfallOptions options = waterfall_options(closing, std::move(pipeline), std::move(manager));
  return reading(shared, [&](const Trail& trail) {
    return waterfall(histories(trail, {.by = end.by, .view = end.view}), *start.as_of, *end.as_of, options);
  });
}

Waterfall waterfall_of_two(const SharedTrail& before, const SharedTrail& after, const CardsOptions& cut,
                           std::string_view closing, std::optional<std::string> pipeline,
                           std::optional<std::string> manager) {
  const WaterfallOptions options = waterfall_options(closing, std::move(pipeline), std::move(manager));
  const py::gil_scoped_release no_gil;
  std::shared_lock one(after.mutex, std::defer_lock);
  std::shared_lock other(before.mutex, std::defer_lock);
  if (&after == &before) {
    one.lock();
  } else {
    std::lock(one, other);
  }
  const HistoriesOptions how{.by = cut.by, .view = cut.view};
  return waterfall_between(histories(before.trail, how), histories(after.trail, how), options);
}

Stages stages_of(const SharedTrail& shared, const CardsOptions& cut, std::optional<std::string> pipeline,
                 std::string_view owner, std::vector<std::string> exclude_managers, bool exclude_left,
                 std::vector<std::string> order) {
  const StagesOptions options{.pipeline = std::move(pipeline),
                              .owner = detail::parse_enum<StageOwner>(stage_owner_names, "owner", owner),
                              .exclude_managers = std::move(exclude_managers),
                              .exclude_left = exclude_left,
                              .order = std::move(order)};
  return reading(
      shared, [&](const Trail& trail) { return stages(histories(trail, {.by = cut.by, .view = cut.view}), options); });
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
  py::class_<Waterfall>(module, "Waterfall", "See dealtrail.funnel.Waterfall.")
      .def("table", &Waterfall::table)
      .def(
          "deals",
          [](const Waterfall& self, std::string_view bar) {
            return self.deals(bar.empty()
                                  ? std::nullopt
                                  : std::optional{detail::parse_enum<WaterfallBar>(waterfall_bar_names, "bar", bar)});
          },
          py::arg("bar"))
      .def("problems", [](const Waterfall& self) { return self.problems.table(); });
  module.def("waterfall", &waterfall_of, py::arg("trail"), py::arg("start"), py::arg("end"), py::arg("closing"),
             py::arg("pipeline"), py::arg("manager"), "See dealtrail.funnel.waterfall.");
  module.def("waterfall_between", &waterfall_of_two, py::arg("before"), py::arg("after"), py::arg("options"),
             py::arg("closing"), py::arg("pipeline"), py::arg("manager"), "See dealtrail.funnel.waterfall.");
  py::class_<Stages>(module, "Stages", "See dealtrail.funnel.Stages.")
      .def("table", &Stages::table)
      .def("problems", [](const Stages& self) { return self.problems.table(); });
  module.def("stages", &stages_of, py::arg("trail"), py::arg("options"), py::arg("pipeline"), py::arg("owner"),
             py::arg("exclude_managers"), py::arg("exclude_left"), py::arg("order"), "See dealtrail.funnel.stages.");
  module.def(
      "histories",
      [](const SharedTrail& shared, const CardsOptions& cut) {
        return reading(shared, [&](const Trail& trail) {
          return histories_table(histories(trail, {.by = cut.by, .view = cut.view}));
        });
      },
      py::arg("trail"), py::arg("options"), "See dealtrail.funnel.histories.");
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
