#include "dealtrail/io/load.hpp"

#include <string>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/io/outcome_rules.hpp"
#include "dealtrail/io/profile.hpp"

#include "bindings.hpp"
#include "stream.hpp"

namespace dealtrail::bindings {
namespace {

// A path, (name, bytes) of a file in memory, or (name, table).
struct Sources {
  std::vector<FactSource> sources{};
  std::vector<py::bytes> held{};
  std::vector<TableInput> tables{};
};

Sources sources_of(const py::list& given) {
  Sources result;
  result.tables.reserve(given.size());  // sources borrow
  for (const auto& one : given) {
    if (py::isinstance<py::str>(one)) {
      result.sources.push_back(FactSource::path(py::cast<std::string>(one)));
      continue;
    }
    const auto pair = py::cast<py::tuple>(one);
    auto name = py::cast<std::string>(pair[0]);
    if (py::isinstance<py::bytes>(pair[1])) {
      result.held.push_back(py::reinterpret_borrow<py::bytes>(pair[1]));
      result.sources.push_back(FactSource::text(std::move(name), std::string_view{result.held.back()}));
    } else {
      result.tables.push_back(table_of(py::reinterpret_borrow<py::object>(pair[1]), name));
      result.sources.push_back(FactSource::table(std::move(name), result.tables.back()));
    }
  }
  return result;
}

LoadReport load_into(SharedTrail& shared, const py::list& given, const Profile& profile, const std::string& as,
                     const std::string& source, bool full, double max_shrinkage, bool whole, bool strict) {
  const Sources sources = sources_of(given);
  const LoadOptions options{
      .as = as, .source = source, .full = full, .max_shrinkage = max_shrinkage, .whole = whole, .strict = strict};
  return writing(shared, [&](Trail& trail) { return load(trail, sources.sources, profile, options); });
}

// Facts that reading left out never came to the Trail: the report counts them beside those that it refused.
std::int64_t left_out_by_reading(const LoadReport& report) {
  const Table problems = report.problems_table();
  std::int64_t count = -report.put.total().left_out;
  for (std::int64_t row = 0; row < problems.rows(); ++row) {
    if (problems.boolean_at(row, "left_out") == true) count += problems.integer_at(row, "count").value_or(0);
  }
  return count;
}

py::list texts(const std::vector<std::string_view>& views) {
  py::list list;
  for (const std::string_view view : views) list.append(py::str{view.data(), view.size()});
  return list;
}

}  // namespace

void bind_load(py::module_& module) {
  py::class_<Profile>(module, "Profile", "See dealtrail.Profile.")
      .def_static("parse", &Profile::parse, py::arg("json"))
      .def_static("find", &Profile::find, py::arg("name_or_path"))
      .def_static("built_in", [] { return texts(Profile::built_in()); })
      .def_static("schema", &Profile::schema)
      .def_property_readonly("name", [](const Profile& profile) { return py::str{profile.name()}; })
      .def_property_readonly("source", [](const Profile& profile) { return py::str{profile.source()}; })
      .def("methods", [](const Profile& profile) { return texts(profile.methods()); })
      .def(
          "method_of_file",
          [](const Profile& profile, std::string_view path) -> py::object {
            const auto* method = profile.method_of_file(path);
            return method == nullptr ? py::none() : py::object(py::str{method->name});
          },
          py::arg("path"));

  py::class_<LoadReport>(module, "LoadReport", "See dealtrail.LoadReport.")
      .def_property_readonly(
          "read", [](const LoadReport& report) { return report.put.total().read + left_out_by_reading(report); })
      .def_property_readonly("put", [](const LoadReport& report) { return report.put.total().put; })
      .def_property_readonly(
          "left_out",
          [](const LoadReport& report) { return report.put.total().left_out + left_out_by_reading(report); })
      .def_property_readonly("incomplete", [](const LoadReport& report) { return report.read.incomplete(); })
      .def("has", &LoadReport::has, py::arg("severity"))
      .def("counts", &LoadReport::counts_table)
      .def("files", [](const LoadReport& report) { return report.read.files_table(); })
      .def("methods", [](const LoadReport& report) { return report.read.methods_table(); })
      .def("columns", [](const LoadReport& report) { return report.read.columns_table(); })
      .def("problems", &LoadReport::problems_table)
      .def("removed", &LoadReport::removed_table);

  module.def("load", &load_into, py::arg("trail"), py::arg("sources"), py::arg("profile"), py::arg("method"),
             py::arg("source"), py::arg("full"), py::arg("max_shrinkage"), py::arg("whole"), py::arg("strict"),
             "See dealtrail.Trail.load.");
  module.def("condition_schema", &condition_schema, "The JSON Schema of conditions.");
}

}  // namespace dealtrail::bindings
