#include "dealtrail/table/table.hpp"

#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/table/csv.hpp"
#include "dealtrail/table/html.hpp"
#include "dealtrail/table/json.hpp"
#include "dealtrail/table/text.hpp"

#include "bindings.hpp"
#include "cells.hpp"
#include "stream.hpp"

namespace dealtrail::bindings {
namespace {

py::str text_of(std::string_view bytes) {
  return py::reinterpret_steal<py::str>(
      PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "replace"));
}

void release_stream(PyObject* capsule) {
  auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, "arrow_array_stream"));
  if (stream == nullptr) return;
  if (stream->release != nullptr) stream->release(stream);
  delete stream;
}

// A new stream each time: a Table can be read any number of times. What is asked for by `requested_schema` is best
// effort.
py::object to_capsule(const Table& table, const py::object&) {
  auto stream = std::make_unique<ArrowArrayStream>();
  table.to_stream(stream.get());
  PyObject* capsule = PyCapsule_New(stream.get(), "arrow_array_stream", &release_stream);
  if (capsule == nullptr) {
    stream->release(stream.get());
    throw py::error_already_set();
  }
  stream.release();
  return py::reinterpret_steal<py::object>(capsule);
}

py::list columns_of(const Table& table) {
  py::list columns;
  for (const ColumnInfo& column : table.columns()) {
    columns.append(
        py::make_tuple(text_of(column.name), text_of(to_string(column.type)), text_of(column.unit), column.scale));
  }
  return columns;
}

py::dict meta_of(const Table& table) {
  py::dict meta;
  for (const auto& [key, value] : table.meta()) meta[text_of(key)] = text_of(value);
  return meta;
}

py::list column(const Table& table, std::string_view name) {
  const std::size_t index = table.schema().index_of(name);
  py::list cells{static_cast<std::size_t>(table.rows())};
  for (std::int64_t row = 0; row < table.rows(); ++row)
    cells[static_cast<std::size_t>(row)] = to_python(table.at(row, index));
  return cells;
}

py::list to_dicts(const Table& table) {
  std::vector<py::str> names;
  for (const ColumnInfo& info : table.columns()) names.push_back(text_of(info.name));
  py::list rows{static_cast<std::size_t>(table.rows())};
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    py::dict cells;
    for (std::size_t i = 0; i < names.size(); ++i) cells[names[i]] = to_python(table.at(row, i));
    rows[static_cast<std::size_t>(row)] = std::move(cells);
  }
  return rows;
}

ColumnBuilder& like(TableBuilder& builder, const ColumnInfo& info) {
  switch (info.type) {
    case ColumnType::integer: return builder.integer(info.name, info.unit);
    case ColumnType::real: return builder.real(info.name, info.unit);
    case ColumnType::boolean: return builder.boolean(info.name);
    case ColumnType::time: return builder.time(info.name);
    case ColumnType::decimal: return builder.decimal(info.name, info.scale, info.unit);
    default: return builder.text(info.name);
  }
}

Table select(const Table& table, const std::vector<std::string>& names) {
  TableBuilder builder{table.schema().table()};
  for (const auto& [key, value] : table.meta()) builder.meta(key, value);
  for (const std::string& name : names) {
    const std::size_t index = table.schema().index_of(name);
    ColumnBuilder& cells = like(builder, table.columns()[index]);
    for (std::int64_t row = 0; row < table.rows(); ++row) cells.append(table.at(row, index));
  }
  return builder.finish();
}

// The rows at these places, in this order.
Table take(const Table& table, const std::vector<std::int64_t>& rows) {
  TableBuilder builder{table.schema().table()};
  for (const auto& [key, value] : table.meta()) builder.meta(key, value);
  for (std::size_t column = 0; column < table.columns().size(); ++column) {
    ColumnBuilder& cells = like(builder, table.columns()[column]);
    for (const std::int64_t row : rows) cells.append(table.at(row, column));
  }
  return builder.finish();
}

// The same table with more to say about it.
Table with_meta(const Table& table, const std::vector<std::pair<std::string, std::string>>& more) {
  TableBuilder builder{table.schema().table()};
  for (const auto& [key, value] : table.meta()) builder.meta(key, value);
  for (const auto& [key, value] : more) builder.meta(key, value);
  for (std::size_t column = 0; column < table.columns().size(); ++column) {
    ColumnBuilder& cells = like(builder, table.columns()[column]);
    for (std::int64_t row = 0; row < table.rows(); ++row) cells.append(table.at(row, column));
  }
  return builder.finish();
}

using ColumnShape = std::tuple<std::string, std::string, std::string, std::int32_t>;  // as columns() gives it

ColumnBuilder& shaped(TableBuilder& builder, const ColumnShape& shape) {
  const auto& [name, type, unit, scale] = shape;
  if (type == "integer") return builder.integer(name, unit);
  if (type == "real") return builder.real(name, unit);
  if (type == "boolean") return builder.boolean(name);
  if (type == "time") return builder.time(name);
  if (type == "decimal") return builder.decimal(name, scale, unit);
  return builder.text(name);
}

// A table from what Python pickled: its shape, and the cells of each column.
Table rebuilt(const std::string& name, const std::vector<ColumnShape>& shapes, const std::vector<py::list>& columns,
              const std::vector<std::pair<std::string, std::string>>& meta) {
  TableBuilder builder{name};
  for (const auto& [key, value] : meta) builder.meta(key, value);
  CellReader reader;
  for (std::size_t i = 0; i < shapes.size() && i < columns.size(); ++i) {
    ColumnBuilder& cells = shaped(builder, shapes[i]);
    for (const auto cell : columns[i]) cells.append(reader.read(cell.ptr(), name, std::get<0>(shapes[i]), -1));
  }
  return builder.finish();
}

std::string as_csv(const Table& table, char separator, bool escape_formulas, bool byte_order_mark) {
  return to_csv(table, {.separator = separator,
                        .formulas = escape_formulas ? FormulaText::escape : FormulaText::keep,
                        .byte_order_mark = byte_order_mark});
}

}  // namespace

void bind_table(py::module_& module) {
  py::class_<Table>(module, "Table", "See dealtrail.Table.")
      .def("__len__", &Table::rows)
      .def("__eq__", [](const Table& one, const Table& other) { return one == other; })
      .def("__arrow_c_stream__", &to_capsule, py::arg("requested_schema") = py::none())
      .def("columns", &columns_of)
      .def("meta", &meta_of)
      .def("column", &column, py::arg("name"))
      .def("to_dicts", &to_dicts)
      .def("select", &select, py::arg("names"))
      .def("take", &take, py::arg("rows"))
      .def("with_meta", &with_meta, py::arg("more"))
      .def("name", [](const Table& table) { return text_of(table.schema().table()); })
      .def_static("rebuilt", &rebuilt, py::arg("name"), py::arg("shapes"), py::arg("columns"), py::arg("meta"))
      .def(
          "to_text",
          [](const Table& table, std::int64_t max_rows, std::size_t max_width) {
            return text_of(to_text(table, {.max_rows = max_rows, .max_width = max_width}));
          },
          py::arg("max_rows"), py::arg("max_width"))
      .def(
          "to_html",
          [](const Table& table, std::int64_t max_rows) { return text_of(to_html(table, {.max_rows = max_rows})); },
          py::arg("max_rows"))
      .def(
          "to_csv",
          [](const Table& table, char separator, bool escape_formulas, bool byte_order_mark) {
            return text_of(as_csv(table, separator, escape_formulas, byte_order_mark));
          },
          py::arg("separator"), py::arg("escape_formulas"), py::arg("byte_order_mark"))
      .def(
          "to_json",
          [](const Table& table, bool lines) {
            return text_of(to_json(table, lines ? JsonLayout::lines : JsonLayout::array));
          },
          py::arg("lines"));
}

}  // namespace dealtrail::bindings
