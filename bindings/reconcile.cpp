#include "dealtrail/reconcile/reconcile.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "dealtrail/core/parse.hpp"

#include "bindings.hpp"
#include "stream.hpp"

namespace dealtrail::bindings {
namespace {

using Pair = std::pair<std::string, std::string>;
using Rates = std::vector<std::tuple<std::int32_t, std::optional<std::int64_t>, std::optional<std::int64_t>>>;

Decimal exact(std::string_view text, const char* name) {
  if (const auto found = parse_decimal(text)) return *found;
  throw Error(ErrorCode::invalid_argument, std::string{name} + " is no number: \"" + std::string{text} + "\"");
}

std::vector<reconcile::VatRate> vat_rates_of(const Rates& rates) {
  std::vector<reconcile::VatRate> result;
  for (const auto& [basis_points, from, until] : rates) {
    reconcile::VatRate rate{.basis_points = basis_points};
    rate.from = from.value_or(rate.from);
    rate.until = until.value_or(rate.until);
    result.push_back(rate);
  }
  return result;
}

py::dict tables_of(const reconcile::Reconciliation& found) {
  py::dict result;
  result["matched"] = found.matched;
  result["only_a"] = found.only_a;
  result["only_b"] = found.only_b;
  result["duplicates_a"] = found.duplicates_a;
  result["duplicates_b"] = found.duplicates_b;
  result["differences"] = found.differences;
  result["lines"] = found.lines;
  result["sums"] = found.sums;
  result["corrections"] = found.corrections;
  result["reasons"] = found.reasons;
  result["problems"] = found.problems;
  result["summary"] = py::reinterpret_steal<py::str>(
      PyUnicode_DecodeUTF8(found.summary.data(), static_cast<Py_ssize_t>(found.summary.size()), "replace"));
  return result;
}

}  // namespace

void bind_reconcile(py::module_& module) {
  module.def(
      "reconcile",
      [](const py::object& a, const py::object& b, const std::vector<Pair>& on,
         const std::map<std::string, Pair>& columns, std::string_view every, std::string_view tolerance,
         std::string_view relative, const Pair& names, std::vector<Pair> prefer, const std::string& zone_name,
         const std::vector<std::pair<std::int64_t, std::int32_t>>& changes, std::int32_t initial_offset_s,
         std::string_view currency, const std::optional<Rates>& vat_rates, std::vector<std::int32_t> commission,
         std::vector<Pair> same_status, std::optional<std::vector<std::string>> test_words,
         std::optional<std::vector<std::string>> refund_words) {
        const TableInput left = table_of(a, names.first);
        const TableInput right = table_of(b, names.second);
        const auto column = [&](const char* role) {
          const auto found = columns.find(role);
          return found == columns.end() ? reconcile::ColumnPair{}
                                        : reconcile::ColumnPair{found->second.first, found->second.second};
        };
        reconcile::ReconcileOptions options;
        for (const auto& [of_a, of_b] : on) options.on.push_back({of_a, of_b});
        options.amount = column("amount");
        options.at = column("at");
        options.status = column("status");
        options.by = column("by");
        options.currency_column = column("currency_column");
        options.every = detail::parse_enum<PeriodKind>(period_kind_names, "grain", every);
        options.tolerance = exact(tolerance, "tolerance");
        options.relative = exact(relative, "relative");
        options.names = {names.first, names.second};
        options.prefer = std::move(prefer);
        options.zone = zone_of(zone_name, changes, initial_offset_s);
        options.currency = currency.empty() ? Currency{} : Currency::from_code(currency);
        if (vat_rates) options.vat_rates = vat_rates_of(*vat_rates);
        options.commission = std::move(commission);
        options.same_status = std::move(same_status);
        if (test_words) options.test_words = std::move(*test_words);
        if (refund_words) options.refund_words = std::move(*refund_words);
        const auto found = [&] {
          const py::gil_scoped_release no_gil;
          return reconcile::reconcile(left, right, options);
        }();
        return tables_of(found);
      },
      py::arg("a"), py::arg("b"), py::arg("on"), py::arg("columns"), py::arg("every"), py::arg("tolerance"),
      py::arg("relative"), py::arg("names"), py::arg("prefer"), py::arg("zone_name"), py::arg("changes"),
      py::arg("initial_offset_s"), py::arg("currency"), py::arg("vat_rates"), py::arg("commission"),
      py::arg("same_status"), py::arg("test_words"), py::arg("refund_words"), "See dealtrail.reconcile.");
}

}  // namespace dealtrail::bindings
