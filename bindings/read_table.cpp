#include "read_table.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/table/column.hpp"
#include "dealtrail/table/table.hpp"

#include "cells.hpp"
#include "stream.hpp"

// Dicts as a table, and a table of any library as one of ours.
namespace dealtrail::bindings {
namespace {

// One column of dicts: its cells by row, and what all of them can be.
struct DictColumn {
  std::string name;
  std::vector<Datum> cells{};

  [[nodiscard]] bool any(DatumKind kind) const {
    return std::any_of(cells.begin(), cells.end(), [&](const Datum& cell) { return cell.kind() == kind; });
  }
};

[[noreturn]] void fail_mixed(const DictColumn& column, DatumKind one, DatumKind other, const std::string& table) {
  const auto at =
      std::find_if(column.cells.begin(), column.cells.end(), [&](const Datum& cell) { return cell.kind() == other; });
  throw Error(ErrorCode::type_mismatch,
              "a column has " + std::string{to_string(one)} + " and " + std::string{to_string(other)},
              {table, column.name, at - column.cells.begin()}, "write all of its cells as one type");
}

// A cell; NaN is no value.
Datum known(const Datum& cell) {
  return cell.kind() == DatumKind::real && std::isnan(cell.as_real()) ? Datum::null() : cell;
}

// Whole numbers beside reals are reals, beside decimals decimals; a wall clock is one of UTC.
void add_column(TableBuilder& builder, const DictColumn& column, const std::string& table) {
  const auto first =
      std::find_if(column.cells.begin(), column.cells.end(), [](const Datum& cell) { return !cell.is_null(); });
  const DatumKind kind = first == column.cells.end() ? DatumKind::null : first->kind();
  const auto is_time = [](DatumKind of) { return of == DatumKind::time || of == DatumKind::local_time; };
  const DatumKind finest = column.any(DatumKind::real)      ? DatumKind::real
                           : column.any(DatumKind::decimal) ? DatumKind::decimal
                                                            : DatumKind::integer;
  const auto is_number = [&](DatumKind of) { return of == DatumKind::integer || of == finest; };
  for (const Datum& cell : column.cells) {
    const DatumKind other = cell.kind();
    const bool fits = other == DatumKind::null || other == kind || (is_number(kind) && is_number(other)) ||
                      (is_time(kind) && is_time(other));
    if (!fits) fail_mixed(column, kind, other, table);
  }
  if (is_time(kind)) {
    ColumnBuilder& times = builder.time(column.name);
    for (const Datum& cell : column.cells)
      times.append(cell.kind() == DatumKind::local_time ? Datum::time(cell.as_local_time_us()) : cell);
    return;
  }
  if (finest == DatumKind::real && is_number(kind)) {
    ColumnBuilder& reals = builder.real(column.name);
    for (const Datum& cell : column.cells) reals.append(cell);
    return;
  }
  if (finest == DatumKind::decimal && is_number(kind)) {
    std::int32_t scale = 0;
    for (const Datum& cell : column.cells) {
      if (cell.kind() == DatumKind::decimal) scale = std::max(scale, cell.as_decimal().scale);
    }
    ColumnBuilder& decimals = builder.decimal(column.name, scale);
    for (const Datum& cell : column.cells) decimals.append(cell);
    return;
  }
  ColumnBuilder& cells = kind == DatumKind::integer   ? builder.integer(column.name)
                         : kind == DatumKind::boolean ? builder.boolean(column.name)
                                                      : builder.text(column.name);
  for (const Datum& cell : column.cells) cells.append(cell);
}

Table table_of_dicts(const py::object& rows, const std::string& name) {
  CellReader reader;
  std::deque<DictColumn> columns;
  std::unordered_map<std::string, DictColumn*> by_name;
  std::size_t row = 0;
  for (const auto given : rows) {
    const auto number = static_cast<std::int64_t>(row);
    if (PyMapping_Check(given.ptr()) == 0 || !py::hasattr(given, "items")) {
      throw Error(ErrorCode::type_mismatch, std::string{"a row is no dict but a "} + Py_TYPE(given.ptr())->tp_name,
                  {name, {}, number}, "rows are dicts; other tables need __arrow_c_stream__");
    }
    for (const auto item : given.attr("items")()) {
      const auto pair = py::cast<py::tuple>(item);
      const auto key = py::str(pair[0]).cast<std::string>();
      DictColumn*& column = by_name[key];
      if (column == nullptr) column = &columns.emplace_back(DictColumn{key});
      column->cells.resize(row);  // rows before this one do not have it
      column->cells.push_back(known(reader.read(py::object(pair[1]).ptr(), name, key, number)));
    }
    ++row;
  }
  TableBuilder builder{name};
  for (DictColumn& column : columns) {
    column.cells.resize(row);
    add_column(builder, column, name);
  }
  return builder.finish();
}

}  // namespace

TableInput input_of_dicts(const py::object& rows, const std::string& name) {
  return read_all(table_of_dicts(rows, name).to_stream(), name);
}

// A table of any library as one of ours: the columns named that it has, all of them when none is named.
Table read_table(const py::object& table, const std::string& name, const std::vector<std::string>& wanted) {
  const TableInput input = table_of(table, name);
  TableBuilder builder{name};
  for (const ColumnInfo& info : input.schema().columns()) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), info.name) == wanted.end()) continue;
    DictColumn column{info.name};
    ColumnReader{input, info.name}.for_each(
        [&](std::int64_t, const Datum& cell) { column.cells.push_back(known(cell)); });
    add_column(builder, column, name);
  }
  return builder.finish();
}

}  // namespace dealtrail::bindings
