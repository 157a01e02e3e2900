#include <dealtrail/dealtrail.hpp>

#include <pybind11/pybind11.h>

PYBIND11_MODULE(_core, module) { module.attr("__version__") = dealtrail::version; }
