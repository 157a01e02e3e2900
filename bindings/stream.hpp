#pragma once

#include <string>

#include <pybind11/pybind11.h>

#include "dealtrail/table/stream.hpp"

// The Arrow PyCapsule interface: tables of any library come in, ours go out.
namespace dealtrail::bindings {

namespace py = pybind11;

/// True for what `table_of` reads: an object with __arrow_c_stream__, or the capsule that gives one.
[[nodiscard]] bool is_table(const py::object& object);
/// The whole table; the producer's callbacks run here, with the GIL.
/// @throws Error exhausted_stream for a stream that was read before, else as TableReader.
[[nodiscard]] TableInput table_of(const py::object& object, const std::string& name);

}  // namespace dealtrail::bindings
