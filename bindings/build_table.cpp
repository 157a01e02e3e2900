#include <string>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/core/error.hpp"
#include "dealtrail/io/csv.hpp"
#include "dealtrail/table/table.hpp"

#include "bindings.hpp"
#include "cells.hpp"
#include "read_table.hpp"

namespace dealtrail::bindings {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

ColumnBuilder& column_of(TableBuilder& builder, const std::string& name, const std::string& type) {
  if (type == "text") return builder.text(name);
  if (type == "integer") return builder.integer(name);
  if (type == "real") return builder.real(name);
  if (type == "boolean") return builder.boolean(name);
  if (type == "time") return builder.time(name);
  throw Error(ErrorCode::unknown_name, "no such type of column: \"" + type + "\"", {{}, name, -1},
              "text, integer, real, boolean or time");
}

Table build_table(const std::string& table, const Pairs& columns, const py::sequence& rows, const Pairs& meta) {
  TableBuilder builder{table};
  std::vector<ColumnBuilder*> cells;
  for (const auto& [name, type] : columns) cells.push_back(&column_of(builder, name, type));
  for (const auto& [key, value] : meta) builder.meta(key, value);
  CellReader reader;
  std::int64_t number = 0;
  for (const auto row : rows) {
    const auto values = py::cast<py::sequence>(row);
    if (values.size() != cells.size())
      throw Error(ErrorCode::invalid_argument, "a row has another number of cells than columns", {table, {}, number});
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const py::object value = values[i];
      cells[i]->append(reader.read(value.ptr(), table, columns[i].first, number));
    }
    ++number;
  }
  return builder.finish();
}

// A delimited file as a table of texts; a last row of totals is not in it and is named in meta.
Table csv_table(const std::string& path) {
  const py::gil_scoped_release no_gil;
  CsvReader reader{path};
  TableBuilder builder{path};
  std::vector<ColumnBuilder*> columns;
  for (const std::string& name : reader.names()) columns.push_back(&builder.text(name));
  while (reader.next()) {
    if (reader.is_total()) {
      builder.meta("total_on_line", std::to_string(reader.line()));
      continue;
    }
    const auto fields = reader.fields();
    if (fields.size() > columns.size()) {
      throw Error(ErrorCode::corrupt_data,
                  "line " + std::to_string(reader.line()) + " of " + path + " has more fields than the header", {},
                  "quote fields that hold the delimiter");
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const bool empty = i >= fields.size() || fields[i].empty();
      empty ? columns[i]->append_null() : columns[i]->append_text(fields[i]);
    }
  }
  return builder.finish();
}

}  // namespace

void bind_build_table(py::module_& module) {
  module.def("csv_table", &csv_table, py::arg("path"), "The rows of a CSV file as a table of texts.");
  module.def("build_table", &build_table, py::arg("table"), py::arg("columns"), py::arg("rows"), py::arg("meta"));
  module.def("read_table", &read_table, py::arg("table"), py::arg("name"), py::arg("wanted"));
}

}  // namespace dealtrail::bindings
