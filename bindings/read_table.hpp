#pragma once

#include <string>
#include <vector>

#include <pybind11/pybind11.h>

#include "dealtrail/table/stream.hpp"
#include "dealtrail/table/table.hpp"

// Dicts as a table, and a table of any library as one of ours.
namespace dealtrail::bindings {

namespace py = pybind11;

/// Dicts as a table: a column for each key, null where a dict does not have it. Whole numbers beside reals are reals,
/// beside decimals decimals; a wall clock is one of UTC.
/// @throws Error type_mismatch naming the row for what is no dict, and for cells that do not make a column.
[[nodiscard]] TableInput input_of_dicts(const py::object& rows, const std::string& name);

/// A table of any library as one of ours: the columns of `wanted` that it has, all of them when none is named.
/// @throws Error as `table_of` and `input_of_dicts`.
[[nodiscard]] Table read_table(const py::object& table, const std::string& name,
                               const std::vector<std::string>& wanted);

}  // namespace dealtrail::bindings
