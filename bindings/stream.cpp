#include "stream.hpp"

#include <string>
#include <string_view>

#include "dealtrail/core/error.hpp"
#include "dealtrail/table/arrow.hpp"

#include "read_table.hpp"

namespace dealtrail::bindings {
namespace {

constexpr const char* stream_name = "arrow_array_stream";
constexpr const char* export_name = "__arrow_c_stream__";

// What can be gone through row by row, and is no text and no single dict.
bool are_rows(const py::object& object) {
  return !PyType_Check(object.ptr()) && py::hasattr(object, "__iter__") && !PyUnicode_Check(object.ptr()) &&
         !PyBytes_Check(object.ptr()) && !PyDict_Check(object.ptr());
}

}  // namespace

bool is_table(const py::object& object) {
  return PyCapsule_CheckExact(object.ptr()) || (!PyType_Check(object.ptr()) && py::hasattr(object, export_name));
}

TableInput table_of(const py::object& object, const std::string& name) {
  if (!is_table(object) && are_rows(object)) return input_of_dicts(object, name);
  if (!is_table(object)) {
    throw Error(
        ErrorCode::type_mismatch, std::string{"not a table: "} + Py_TYPE(object.ptr())->tp_name, {name, {}, -1},
        "hand over a table with __arrow_c_stream__ (pandas, polars, pyarrow, duckdb) or dicts; collect() a lazy frame");
  }
  const py::object capsule = PyCapsule_CheckExact(object.ptr()) ? object : object.attr(export_name)();
  if (PyCapsule_IsValid(capsule.ptr(), stream_name) == 0) {
    throw Error(ErrorCode::invalid_argument, "not an Arrow stream: __arrow_c_stream__ gave no capsule of that name",
                {name, {}, -1});
  }
  auto* source = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), stream_name));
  TableReader reader{OwnedStream::take(source), name};
  TableInput table = reader.rest();
  // A reader of pyarrow that was read before gives a stream of nothing, without a word; a table without rows is not
  // one.
  if (table.batch_count() == 0 && std::string_view{Py_TYPE(object.ptr())->tp_name}.ends_with("RecordBatchReader")) {
    throw Error(ErrorCode::exhausted_stream, "this reader gives no batch: it was read already", {name, {}, -1},
                "a reader can be read once: hand over the table it came from, or make a new reader");
  }
  return table;
}

}  // namespace dealtrail::bindings
