#include "dealtrail/journeys/journeys.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/journeys/touch_windows.hpp"

#include "bindings.hpp"
#include "states.hpp"
#include "stream.hpp"

namespace dealtrail::bindings {
namespace {

Currency currency_named(std::string_view code) { return code.empty() ? Currency{} : Currency::from_code(code); }

Journeys from_touches(const py::object& table, const TouchOptions& options, const TouchWindows& windows) {
  const TableInput input = table_of(table, "touches");
  const py::gil_scoped_release no_gil;
  return windows.kind.empty() ? Journeys::from_touches(input, options) : journeys_in_windows(input, options, windows);
}

Journeys from_paths(const py::object& table, const PathOptions& options) {
  const TableInput input = table_of(table, "paths");
  const py::gil_scoped_release no_gil;
  return Journeys::from_paths(input, options);
}

Journeys from_trail(const SharedTrail& trail, std::string to, std::string subject,
                    std::optional<std::int64_t> lookback_days,
                    std::vector<std::pair<std::string, std::int64_t>> lookback_days_of, std::vector<std::string> kinds,
                    std::string_view view, const py::object& as_of, std::string by, std::string value,
                    std::string_view period) {
  const CardsOptions read = cards_options(trail, "channel", view, "activity", as_of, period);
  const TrailJourneyOptions options{.to = std::move(to),
                                    .subject = std::move(subject),
                                    .lookback_days = lookback_days,
                                    .lookback_days_of = std::move(lookback_days_of),
                                    .kinds = std::move(kinds),
                                    .view = read.view,
                                    .by = std::move(by),
                                    .value = std::move(value),
                                    .period = read.period,
                                    .as_of = read.as_of};
  return reading(trail, [&](const Trail& facts) { return journeys(facts, options); });
}

Journeys merged(const Journeys& one, const Journeys& other) {
  const py::gil_scoped_release no_gil;
  Journeys both = one;
  both.merge(other);
  return both;
}

}  // namespace

void bind_journeys(py::module_& module) {
  using Release = py::call_guard<py::gil_scoped_release>;
  py::class_<Journeys> bound(module, "Journeys", "See dealtrail.Journeys.");
  bind_bytes(bound);
  bound
      .def_static(
          "from_touches",
          [](const py::object& table, std::string subject, std::string at, std::string channel, std::string converted,
             std::string value, std::string_view currency, std::optional<int> places, std::string kind,
             std::optional<std::int64_t> lookback_days,
             std::vector<std::pair<std::string, std::int64_t>> lookback_days_of, std::size_t threads) {
            return from_touches(table,
                                {.subject = std::move(subject),
                                 .at = std::move(at),
                                 .channel = std::move(channel),
                                 .converted = std::move(converted),
                                 .value = std::move(value),
                                 .currency = currency_named(currency),
                                 .places = places,
                                 .lookback_days = lookback_days,
                                 .threads = threads},
                                {.kind = std::move(kind), .lookback_days_of = std::move(lookback_days_of)});
          },
          py::arg("table"), py::arg("subject"), py::arg("at"), py::arg("channel"), py::arg("converted"),
          py::arg("value"), py::arg("currency"), py::arg("places"), py::arg("kind"), py::arg("lookback_days"),
          py::arg("lookback_days_of"), py::arg("threads"))
      .def_static(
          "from_paths",
          [](const py::object& table, std::string path, std::string conversions, std::string value, std::string nulls,
             std::string separator, std::string_view currency, std::optional<int> places) {
            return from_paths(table, {.path = std::move(path),
                                      .conversions = std::move(conversions),
                                      .nulls = std::move(nulls),
                                      .value = std::move(value),
                                      .separator = std::move(separator),
                                      .currency = currency_named(currency),
                                      .places = places});
          },
          py::arg("table"), py::arg("path"), py::arg("conversions"), py::arg("value"), py::arg("nulls"),
          py::arg("separator"), py::arg("currency"), py::arg("places"))
      .def_static("from_trail", &from_trail, py::arg("trail"), py::arg("to"), py::arg("subject"),
                  py::arg("lookback_days"), py::arg("lookback_days_of"), py::arg("kinds"), py::arg("view"),
                  py::arg("as_of"), py::arg("by"), py::arg("value"), py::arg("period"))
      .def("merged", &merged, py::arg("other"))
      .def("by_path", &Journeys::by_path, Release())
      .def("size", &Journeys::size)
      .def("value_decimals", [](const Journeys& self) { return decimals(self.currency()); })
      .def("subject_count", &Journeys::subject_count)
      .def("touch_count", &Journeys::touch_count)
      .def("channels",
           [](const Journeys& self) {
             py::list names;
             for (const std::string& name : self.channels()) names.append(py::str(name));
             return names;
           })
      .def("meta",
           [](const Journeys& self) {
             py::dict meta;
             for (const auto& [name, value] : self.meta()) meta[py::str(name)] = py::str(value);
             return meta;
           })
      .def("paths", &Journeys::paths, py::arg("separator"), Release())
      .def("table", &Journeys::table, py::arg("separator"), Release())
      .def("touches", &Journeys::touches, Release())
      .def("problems", &Journeys::problems, Release())
      .def("left_out", &Journeys::left_out);
}

}  // namespace dealtrail::bindings
