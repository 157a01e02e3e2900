#include <exception>
#include <string>

#include "dealtrail/core/error.hpp"

#include "bindings.hpp"

namespace dealtrail::bindings {
namespace {

// Texts may quote bytes of a source that are no UTF-8.
py::str text_of(const std::string& bytes) {
  return py::reinterpret_steal<py::str>(
      PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "replace"));
}

// The classes live in Python, where they are documented; dealtrail.errors chooses one by the code.
void raise_in_python(const Error& error) {
  const Where& where = error.where();
  const py::object raised =
      py::module_::import("dealtrail.errors")
          .attr("error_of")(std::string{to_string(error.code())}, text_of(error.what()), text_of(where.table),
                            text_of(where.column), where.row < 0 ? py::none() : py::object(py::int_(where.row)),
                            text_of(error.hint()));
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(raised.ptr())), raised.ptr());
}

}  // namespace

void bind_errors(py::module_&) {
  py::register_local_exception_translator([](std::exception_ptr caught) {
    try {
      if (caught) std::rethrow_exception(caught);
    } catch (const Error& error) {
      try {
        raise_in_python(error);
      } catch (py::error_already_set& other) {
        other.restore();
      }
    }
  });
}

}  // namespace dealtrail::bindings
