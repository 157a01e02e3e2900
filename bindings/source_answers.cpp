#include <string>

#include "dealtrail/answers/missed_calls.hpp"
#include "dealtrail/answers/phone_audit.hpp"
#include "dealtrail/answers/source_table.hpp"
#include "dealtrail/answers/venue_report.hpp"

#include "bindings.hpp"

namespace dealtrail::bindings {
namespace {

template <class Choice>
Choice one_of(std::string_view name, std::string_view first, Choice is_first, std::string_view second, Choice is_second,
              const char* option) {
  if (name == first) return is_first;
  if (name == second) return is_second;
  throw Error(ErrorCode::unknown_name, std::string{option} + " is not '" + std::string{name} + "'", {},
              std::string{first} + " or " + std::string{second});
}

}  // namespace

void bind_sources(py::module_& module) {
  module.def(
      "source_table",
      [](const SharedTrail& shared, const std::string& kind) {
        const SourceTableOptions options{.kind = kind_named(kind)};
        return reading(shared, [&](const Trail& trail) { return source_table(trail, options); });
      },
      py::arg("trail"), py::arg("kind"), "See dt.source_table.");
  module.def(
      "unmeasurable",
      [](const SharedTrail& shared) { return reading(shared, [](const Trail& trail) { return unmeasurable(trail); }); },
      py::arg("trail"), "See dealtrail.unmeasurable.");
  module.def(
      "phone_audit",
      [](const SharedTrail& shared, const CardsOptions& options, std::int64_t window_days) {
        const PhoneAuditOptions audit{.as_of = options.as_of, .window_days = window_days};
        return reading(shared, [&](const Trail& trail) { return phone_audit(trail, audit); });
      },
      py::arg("trail"), py::arg("options"), py::arg("window_days"), "See dealtrail.phone_audit.");
  module.def(
      "missed_calls",
      [](const SharedTrail& shared, const CardsOptions& options, const std::string& state) {
        const MissedCallsOptions wanted{
            .as_of = options.as_of,
            .state = one_of(state, "all", MissedState::all, "waiting", MissedState::waiting, "state"),
            .view = options.view};
        return reading(shared, [&](const Trail& trail) { return missed_calls(trail, wanted); });
      },
      py::arg("trail"), py::arg("options"), py::arg("state"), "See dealtrail.missed_calls.");
  module.def(
      "venue_report",
      [](const SharedTrail& shared, const CardsOptions& options, const std::string& cost) {
        const VenueReportOptions wanted{
            .by = options.by,
            .cost = one_of(cost, "ours", VenueCost::ours, "reported", VenueCost::reported, "cost"),
            .as_of = options.as_of,
            .period = options.period};
        return reading(shared, [&](const Trail& trail) { return venue_report(trail, wanted); });
      },
      py::arg("trail"), py::arg("options"), py::arg("cost"), "See dealtrail.venue_report.");
}

}  // namespace dealtrail::bindings
