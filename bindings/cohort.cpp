#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/cohort/contracts.hpp"
#include "dealtrail/cohort/falling.hpp"
#include "dealtrail/cohort/lifetime.hpp"
#include "dealtrail/cohort/retention.hpp"
#include "dealtrail/cohort/summary.hpp"
#include "dealtrail/purchases/purchases.hpp"

#include "bindings.hpp"
#include "stream.hpp"

namespace dealtrail::bindings {
namespace {

using ZoneOfPython = std::tuple<std::string, std::vector<std::pair<std::int64_t, std::int32_t>>, std::int32_t>;

Currency currency_of(std::string_view code) { return code.empty() ? Currency{} : Currency::from_code(code); }

std::optional<Timestamp> moment_at(std::optional<std::int64_t> at_us) {
  return at_us ? std::optional{from_us(*at_us)} : std::nullopt;
}

cohort::Retention retention(const py::object& table, std::string subject, std::string at, std::string value,
                            std::string margin, std::string birth, std::string by, std::string_view every,
                            std::string_view kind, std::string_view clock, std::vector<std::int64_t> brackets,
                            std::optional<std::int64_t> end_us, const ZoneOfPython& zone, std::string_view currency,
                            std::optional<int> places, std::size_t threads) {
  const cohort::RetentionOptions options{
      .subject = std::move(subject),
      .at = std::move(at),
      .value = std::move(value),
      .margin = std::move(margin),
      .birth = std::move(birth),
      .by = std::move(by),
      .every = detail::parse_enum<PeriodKind>(period_kind_names, "period", every),
      .kind = detail::parse_enum<cohort::RetentionKind>(cohort::retention_kind_names, "kind of retention", kind),
      .clock = detail::parse_enum<cohort::RetentionClock>(cohort::retention_clock_names, "clock", clock),
      .brackets = std::move(brackets),
      .end = moment_at(end_us),
      .zone = std::apply(zone_of, zone),
      .currency = currency_of(currency),
      .places = places,
      .threads = threads};
  const TableInput input = table_of(table, "events");
  const py::gil_scoped_release no_gil;
  return cohort::retention(input, options);
}

cohort::Summary summary(const py::object& table, std::string customer, std::string at, std::string amount,
                        std::optional<std::int64_t> end_us, std::string_view unit, const ZoneOfPython& zone,
                        std::string_view currency, std::optional<int> places, std::size_t threads) {
  const cohort::SummaryOptions options{.customer = std::move(customer),
                                       .at = std::move(at),
                                       .amount = std::move(amount),
                                       .end = moment_at(end_us),
                                       .unit = detail::parse_enum<PeriodKind>(period_kind_names, "unit", unit),
                                       .zone = std::apply(zone_of, zone),
                                       .currency = currency_of(currency),
                                       .places = places,
                                       .threads = threads};
  const TableInput input = table_of(table, "purchases");
  const py::gil_scoped_release no_gil;
  return cohort::summary(input, options);
}

cohort::Summary read_summary(const py::object& table, std::string unit) {
  const TableInput input = table_of(table, "summary");
  const py::gil_scoped_release no_gil;
  return cohort::Summary::from_table(input, std::move(unit));
}

cohort::Lifetime lifetime(const cohort::Summary& base, std::string_view model, std::string_view spend, double horizon,
                          double discount, std::optional<double> margin, bool intervals, std::size_t threads) {
  const cohort::LifetimeOptions options{
      .model = detail::parse_enum<cohort::PurchasesModel>(cohort::purchases_model_names, "model", model),
      .spend = detail::parse_enum<cohort::SpendingModel>(cohort::spending_model_names, "model of spend", spend),
      .horizon = horizon,
      .discount = discount,
      .margin = margin,
      .intervals = intervals,
      .threads = threads};
  const py::gil_scoped_release no_gil;
  return cohort::lifetime(base, options);
}

cohort::Falling falling(const py::object& table, std::string client, std::string at, std::string amount,
                        std::string event, std::string event_at, std::optional<std::int64_t> end_us,
                        const ZoneOfPython& zone, std::string_view currency, std::optional<int> places,
                        std::int64_t window_weeks, std::int64_t watch_weeks, std::int64_t least_weeks,
                        std::int64_t least_purchases, std::int64_t least_events, std::int64_t least_signals,
                        double drop, double level, double run_length, double alive, std::size_t threads) {
  const cohort::FallingOptions options{.client = std::move(client),
                                       .at = std::move(at),
                                       .amount = std::move(amount),
                                       .event = std::move(event),
                                       .event_at = std::move(event_at),
                                       .end = moment_at(end_us),
                                       .zone = std::apply(zone_of, zone),
                                       .currency = currency_of(currency),
                                       .places = places,
                                       .window_weeks = window_weeks,
                                       .watch_weeks = watch_weeks,
                                       .least_weeks = least_weeks,
                                       .least_purchases = least_purchases,
                                       .least_events = least_events,
                                       .least_signals = least_signals,
                                       .drop = drop,
                                       .level = level,
                                       .run_length = run_length,
                                       .alive = alive,
                                       .threads = threads};
  const TableInput input = table_of(table, "purchases");
  const py::gil_scoped_release no_gil;
  return cohort::falling(input, options);
}

Purchases purchases_of_trail(const SharedTrail& shared, const CardsOptions& seen, std::string_view of,
                             std::string_view customer) {
  const PurchaseOptions options{
      .source = detail::parse_enum<PurchaseSource>(purchase_source_names, "source of purchases", of),
      .customer = detail::parse_enum<PurchaseCustomer>(purchase_customer_names, "customer", customer),
      .view = seen.view,
      .as_of = seen.as_of};
  return reading(shared, [&](const Trail& trail) { return purchases(trail, options); });
}

}  // namespace

void bind_cohort(py::module_& module) {
  using Release = py::call_guard<py::gil_scoped_release>;
  py::class_<cohort::Retention>(module, "Retention", "See dealtrail.cohort.Retention.")
      .def("table", &cohort::Retention::table, Release())
      .def("average", &cohort::Retention::average, Release())
      .def("pivot", &cohort::Retention::pivot, py::arg("column"), Release())
      .def("problems", [](const cohort::Retention& self) { return self.problems.table(); });
  module.def("retention", &retention, py::arg("table"), py::arg("subject"), py::arg("at"), py::arg("value"),
             py::arg("margin"), py::arg("birth"), py::arg("by"), py::arg("every"), py::arg("kind"), py::arg("clock"),
             py::arg("brackets"), py::arg("end_us"), py::arg("zone"), py::arg("currency"), py::arg("places"),
             py::arg("threads"), "See dealtrail.cohort.retention.");
  py::class_<cohort::Summary>(module, "Summary", "See dealtrail.cohort.Summary.")
      .def("table", &cohort::Summary::table, Release())
      .def("problems", [](const cohort::Summary& self) { return self.problems.table(); });
  module.def("summary", &summary, py::arg("table"), py::arg("customer"), py::arg("at"), py::arg("amount"),
             py::arg("end_us"), py::arg("unit"), py::arg("zone"), py::arg("currency"), py::arg("places"),
             py::arg("threads"), "See dealtrail.cohort.summary.");
  module.def("read_summary", &read_summary, py::arg("table"), py::arg("unit"), "See dealtrail.cohort.lifetime.");
  py::class_<cohort::Lifetime>(module, "Lifetime", "See dealtrail.cohort.Lifetime.")
      .def("table", &cohort::Lifetime::table, Release())
      .def("parameters", &cohort::Lifetime::parameters_table)
      .def("log_likelihood", [](const cohort::Lifetime& self) { return self.log_likelihood; })
      .def("spend_log_likelihood", [](const cohort::Lifetime& self) { return self.spend_log_likelihood; })
      .def("problems", [](const cohort::Lifetime& self) { return self.problems.table(); })
      .def("expected_of_new", &cohort::Lifetime::expected_of_new, py::arg("span"))
      .def("expected_spend", &cohort::Lifetime::expected_spend, py::arg("frequency"), py::arg("monetary"))
      .def("predict", &cohort::Lifetime::predict, py::arg("other"), Release());
  module.def("lifetime", &lifetime, py::arg("base"), py::arg("model"), py::arg("spend"), py::arg("horizon"),
             py::arg("discount"), py::arg("margin"), py::arg("intervals"), py::arg("threads"),
             "See dealtrail.cohort.lifetime.");
  py::class_<cohort::Falling>(module, "Falling", "See dealtrail.cohort.Falling.")
      .def("table", &cohort::Falling::table, Release())
      .def("problems", [](const cohort::Falling& self) { return self.problems.table(); });
  module.def("falling", &falling, py::arg("table"), py::arg("client"), py::arg("at"), py::arg("amount"),
             py::arg("event"), py::arg("event_at"), py::arg("end_us"), py::arg("zone"), py::arg("currency"),
             py::arg("places"), py::arg("window_weeks"), py::arg("watch_weeks"), py::arg("least_weeks"),
             py::arg("least_purchases"), py::arg("least_events"), py::arg("least_signals"), py::arg("drop"),
             py::arg("level"), py::arg("run_length"), py::arg("alive"), py::arg("threads"),
             "See dealtrail.cohort.falling.");
  py::class_<Purchases>(module, "Purchases", "See dealtrail.cohort.Purchases.")
      .def("table", &Purchases::table, Release())
      .def("problems", [](const Purchases& self) { return self.problems.table(); });
  module.def("purchases", &purchases_of_trail, py::arg("trail"), py::arg("options"), py::arg("of"), py::arg("customer"),
             "See dealtrail.cohort.purchases.");
  py::class_<cohort::Contracts>(module, "Contracts", "See dealtrail.cohort.Contracts.")
      .def("table", &cohort::Contracts::table)
      .def("parameters", &cohort::Contracts::parameters_table)
      .def("log_likelihood", [](const cohort::Contracts& self) { return self.log_likelihood; });
  module.def(
      "contracts",
      [](const std::vector<double>& survivors, std::int64_t horizon) {
        return cohort::contracts(survivors, {.horizon = horizon});
      },
      py::arg("survivors"), py::arg("horizon"), "See dealtrail.cohort.contracts.");
}

}  // namespace dealtrail::bindings
