#pragma once

#include <cstdint>
#include <memory_resource>
#include <string_view>

#include <pybind11/pybind11.h>

#include "dealtrail/table/datum.hpp"

// One cell from Python and one cell to Python.
namespace dealtrail::bindings {

namespace py = pybind11;

/// Python objects as cells. Text is copied into the reader, so cells are valid as long as it lives and need no GIL.
/// None, NaN, NaT and NA are null; str text; bool boolean; int (and what has __index__) integer, beyond int64 text;
/// float real; Decimal decimal, exactly; aware datetime time, naive datetime, date and datetime64 local_time.
class CellReader {
 public:
  CellReader();

  /// A cell, or nothing with `reason` told when the object is of no type that a cell can have.
  [[nodiscard]] Datum read(PyObject* value, std::string_view table, std::string_view column, std::int64_t row);
  /// The bytes of a str; a lone surrogate becomes bytes that are no UTF-8, which the door refuses.
  [[nodiscard]] std::string_view text(PyObject* value);

 private:
  [[nodiscard]] std::string_view kept(std::string_view text);
  [[nodiscard]] Datum of_datetime(PyObject* value);
  [[nodiscard]] Datum of_integer(PyObject* value);
  [[nodiscard]] Datum of_decimal(PyObject* value);
  [[nodiscard]] Datum of_numpy_time(PyObject* value);

  std::pmr::monotonic_buffer_resource memory_{};
  py::object decimal_type_;
};

/// A cell as None, str, int, float, bool, Decimal or aware datetime in UTC (a text where datetime has no such year).
[[nodiscard]] py::object to_python(const Datum& cell);

}  // namespace dealtrail::bindings
