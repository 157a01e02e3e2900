#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/core/parse.hpp"
#include "dealtrail/finance/payback.hpp"

#include "bindings.hpp"

namespace dealtrail::bindings {
namespace {

std::vector<finance::Flow> flows_of(const std::vector<std::pair<std::int64_t, std::string>>& rows, Currency currency) {
  std::vector<finance::Flow> flows;
  flows.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& [day, text] = rows[i];
    const Where where{"flows", "amount", static_cast<std::int64_t>(i)};
    const auto amount = parse_decimal(text);
    if (!amount) throw Error(ErrorCode::parse_error, "an amount is a number, found \"" + text + "\"", where);
    const auto minor = to_units(*amount, decimals(currency));
    if (!minor) {
      throw Error(ErrorCode::invalid_argument,
                  "an amount is a whole number of minor units within 64 bits, found " + text, where,
                  "round it, or name the currency that has such parts");
    }
    flows.push_back({.day = day, .minor = *minor});
  }
  return flows;
}

finance::Payback payback(const std::vector<std::pair<std::int64_t, std::string>>& rows, double discount,
                         std::string_view code) {
  const Currency currency = code.empty() ? Currency{} : Currency::from_code(code);
  return finance::payback(flows_of(rows, currency), {.discount = discount, .currency = currency});
}

}  // namespace

void bind_finance(py::module_& module) {
  py::class_<finance::Payback>(module, "Payback", "See dealtrail.finance.Payback.")
      .def("table", &finance::Payback::table)
      .def("summary", &finance::Payback::summary)
      .def("at", [](const finance::Payback& self) { return self.at; })
      .def("months", [](const finance::Payback& self) { return self.months; })
      .def("reason", [](const finance::Payback& self) { return self.reason; })
      .def("rates", [](const finance::Payback& self) { return self.rates; })
      .def("rates_reason", [](const finance::Payback& self) { return self.rates_reason; });
  module.def("payback", &payback, py::arg("flows"), py::arg("discount"), py::arg("currency"),
             "See dealtrail.finance.payback.");
}

}  // namespace dealtrail::bindings
