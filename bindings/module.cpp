#include <pybind11/pybind11.h>

#include <dealtrail/dealtrail.hpp>

PYBIND11_MODULE(_core, module) { module.attr("__version__") = dealtrail::version; }
