#pragma once

#include <string>
#include <string_view>

#include "dealtrail/core/currency.hpp"

#include "bindings.hpp"

// What the classes of Python have alike: values that go into bytes and come back, and states that merge.
namespace dealtrail::bindings {

/// `==`, `to_bytes` and `from_bytes`, without the GIL where they work.
template <class Value>
void bind_bytes(py::class_<Value>& bound) {
  bound
      .def(
          "__eq__", [](const Value& one, const Value& other) { return one == other; },
          py::call_guard<py::gil_scoped_release>())
      .def("to_bytes",
           [](const Value& self) {
             std::string bytes;
             {
               const py::gil_scoped_release no_gil;
               bytes = self.to_bytes();
             }
             return py::bytes(bytes);
           })
      .def_static(
          "from_bytes",
          [](const py::bytes& bytes) {
            const std::string_view view = bytes;
            const py::gil_scoped_release no_gil;
            return Value::from_bytes(view);
          },
          py::arg("data"));
}

/// The same, `merge`, `subtract`, and the decimals of its money.
template <class State>
void bind_live_state(py::class_<State>& bound) {
  using Release = py::call_guard<py::gil_scoped_release>;
  bind_bytes(bound);
  bound.def("merge", &State::merge, py::arg("other"), Release())
      .def("subtract", &State::subtract, py::arg("other"), Release())
      .def("value_decimals", [](const State& self) { return decimals(self.currency()); });
}

}  // namespace dealtrail::bindings
