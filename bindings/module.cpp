#include <cstddef>
#include <cstdint>
#include <vector>

#include "dealtrail/core/memory.hpp"
#include "dealtrail/core/split.hpp"
#include "dealtrail/version.hpp"

#include "bindings.hpp"

namespace dealtrail::bindings {
namespace {

py::list split_minor(std::int64_t total, const py::sequence& weights) {
  std::vector<std::uint64_t> numbers;
  numbers.reserve(weights.size());
  for (const auto weight : weights) {
    const auto number = PyLong_AsUnsignedLongLong(weight.ptr());
    if (PyErr_Occurred() != nullptr) throw py::error_already_set();
    numbers.push_back(number);
  }
  py::list parts;
  for (const std::int64_t part : split(total, numbers)) parts.append(part);
  return parts;
}

}  // namespace
}  // namespace dealtrail::bindings

PYBIND11_MODULE(_core, module) {
  using namespace dealtrail::bindings;
  namespace py = pybind11;
  module.attr("__version__") = dealtrail::library_version;
  bind_errors(module);
  bind_identity(module);
  bind_kinds(module);
  bind_table(module);
  bind_build_table(module);
  bind_trail(module);
  bind_journeys(module);
  bind_load(module);
  bind_card_parts(module);
  bind_pace(module);
  bind_path_transforms(module);
  bind_funnel(module);
  bind_exits(module);
  bind_priority(module);
  bind_cohort(module);
  bind_shapley(module);
  bind_sources(module);
  bind_attribution(module);
  bind_budget(module);
  bind_evidence(module);
  bind_finance(module);
  bind_reconcile(module);
  bind_markov(module);
  bind_credited_cards(module);
  module.def("set_buffer_cache_limit", &dealtrail::set_buffer_cache_limit, py::arg("limit"),
             "See dealtrail.set_buffer_cache_limit.");
  module.def("buffer_cache_size", &dealtrail::buffer_cache_size, "See dealtrail.buffer_cache_size.");
  module.def("split", &split_minor, py::arg("total"), py::arg("weights"), "See dealtrail.split.");
}
