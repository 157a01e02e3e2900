#include "cells.hpp"

#include <chrono>
#include <cmath>
#include <cstring>
#include <datetime.h>
#include <limits>
#include <optional>
#include <string>

#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/table/detail/cell_text.hpp"

namespace dealtrail::bindings {
namespace {

constexpr std::int64_t us_per_second = 1'000'000;
constexpr std::int64_t us_per_day = 86'400 * us_per_second;

void need_datetime() {
  if (PyDateTimeAPI == nullptr) PyDateTime_IMPORT;
  if (PyDateTimeAPI == nullptr) throw py::error_already_set();
}

std::int64_t days_of(PyObject* date) {
  const std::chrono::year_month_day day{std::chrono::year{PyDateTime_GET_YEAR(date)},
                                        std::chrono::month{static_cast<unsigned>(PyDateTime_GET_MONTH(date))},
                                        std::chrono::day{static_cast<unsigned>(PyDateTime_GET_DAY(date))}};
  return std::chrono::sys_days{day}.time_since_epoch().count();
}

py::object checked(PyObject* made) {
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

std::string_view bytes_of(PyObject* text) {
  Py_ssize_t size = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(text, &size);
  if (bytes == nullptr) throw py::error_already_set();
  return {bytes, static_cast<std::size_t>(size)};
}

// "123", "-1.50", "1E+3", "2.5E-7": what str(Decimal) writes for a finite number. Nothing when 38 digits cannot hold
// it.
std::optional<Decimal> decimal_of_text(std::string_view text) {
  constexpr std::int32_t most_digits = 38;
  Decimal result;
  std::int32_t digits = 0;
  std::int64_t scale = 0;
  bool negative = false;
  bool point = false;
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) negative = text[at++] == '-';
  for (; at < text.size() && text[at] != 'E' && text[at] != 'e'; ++at) {
    if (text[at] == '.') {
      point = true;
      continue;
    }
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
    if (result.mantissa != 0 || text[at] != '0') ++digits;
    if (digits > most_digits) return std::nullopt;
    result.mantissa = result.mantissa * 10 + (text[at] - '0');
    if (point) ++scale;
  }
  if (at < text.size()) {
    std::int64_t exponent = 0;
    const bool below = ++at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    for (; at < text.size(); ++at) {
      exponent = exponent * 10 + (text[at] - '0');
      if (exponent > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
    }
    scale -= below ? -exponent : exponent;
  }
  if (result.mantissa == 0) return Decimal{0, 0};
  while (scale > 0 && result.mantissa % 10 == 0) {
    result.mantissa /= 10;
    --scale;
  }
  for (; scale < 0; ++scale) {
    if (++digits > most_digits) return std::nullopt;
    result.mantissa *= 10;
  }
  if (scale > most_digits) return std::nullopt;
  result.scale = static_cast<std::int32_t>(scale);
  if (negative) result.mantissa = -result.mantissa;
  return result;
}

py::object datetime_of(std::int64_t utc_us) {
  need_datetime();
  const std::int64_t days = utc_us / us_per_day - (utc_us % us_per_day < 0 ? 1 : 0);
  const std::int64_t us = utc_us - days * us_per_day;
  const std::chrono::year_month_day day{std::chrono::sys_days{std::chrono::days{days}}};
  constexpr std::int64_t first_day = -719'162;  // 0001-01-01
  constexpr std::int64_t last_day = 2'932'896;  // 9999-12-31
  if (days < first_day || days > last_day) return py::str(detail::plain_text(Datum::time(utc_us)));
  return checked(PyDateTimeAPI->DateTime_FromDateAndTime(
      static_cast<int>(day.year()), static_cast<int>(static_cast<unsigned>(day.month())),
      static_cast<int>(static_cast<unsigned>(day.day())), static_cast<int>(us / (3'600 * us_per_second)),
      static_cast<int>(us / (60 * us_per_second) % 60), static_cast<int>(us / us_per_second % 60),
      static_cast<int>(us % us_per_second), PyDateTime_TimeZone_UTC, PyDateTimeAPI->DateTimeType));
}

const py::object& decimal_type() {
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<py::object> kept;
  return kept.call_once_and_store_result([] { return py::object(py::module_::import("decimal").attr("Decimal")); })
      .get_stored();
}

}  // namespace

CellReader::CellReader() : decimal_type_(decimal_type()) { need_datetime(); }

std::string_view CellReader::kept(std::string_view text) {
  if (text.empty()) return {};
  auto* copy = static_cast<char*>(memory_.allocate(text.size(), 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

std::string_view CellReader::text(PyObject* value) {
  Py_ssize_t size = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(value, &size);
  if (bytes != nullptr) return kept({bytes, static_cast<std::size_t>(size)});
  PyErr_Clear();
  const py::object encoded = checked(PyUnicode_AsEncodedString(value, "utf-8", "surrogatepass"));
  return kept({PyBytes_AS_STRING(encoded.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(encoded.ptr()))});
}

Datum CellReader::of_integer(PyObject* value) {
  const py::object number = checked(PyNumber_Index(value));
  int overflow = 0;
  const std::int64_t whole = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
  if (overflow == 0) {
    if (whole == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
    return Datum::integer(whole);
  }
  PyObject* digits = PyObject_Str(number.ptr());
  if (digits == nullptr) {  // Python itself refuses to write thousands of digits
    PyErr_Clear();
    return Datum::real(std::numeric_limits<double>::infinity());
  }
  return Datum::text(kept(bytes_of(checked(digits).ptr())));
}

Datum CellReader::of_decimal(PyObject* value) {
  const py::object shown = checked(PyObject_Str(value));
  const std::string_view text = bytes_of(shown.ptr());
  if (text.find("NaN") != std::string_view::npos) return Datum::null();
  if (const auto exact = decimal_of_text(text)) return Datum::decimal(*exact);
  const bool negative = text.front() == '-';
  return Datum::real(negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity());
}

Datum CellReader::of_datetime(PyObject* value) {
  if (!PyDateTime_CheckExact(value)) {  // NaT of pandas is a datetime that does not equal itself
    if (checked(PyObject_RichCompare(value, value, Py_EQ)).ptr() == Py_False) return Datum::null();
  }
  const std::int64_t seconds =
      (PyDateTime_DATE_GET_HOUR(value) * std::int64_t{60} + PyDateTime_DATE_GET_MINUTE(value)) * 60 +
      PyDateTime_DATE_GET_SECOND(value);
  const std::int64_t local_us =
      days_of(value) * us_per_day + seconds * us_per_second + PyDateTime_DATE_GET_MICROSECOND(value);
  PyObject* const zone = PyDateTime_DATE_GET_TZINFO(value);
  if (zone == Py_None) return Datum::local_time(local_us);
  if (zone == PyDateTime_TimeZone_UTC) return Datum::time(local_us);
  const py::object offset = checked(PyObject_CallMethod(value, "utcoffset", nullptr));
  if (offset.is_none()) return Datum::local_time(local_us);
  if (!PyDelta_Check(offset.ptr())) throw py::type_error("utcoffset() gave no timedelta");
  const std::int64_t offset_us = PyDateTime_DELTA_GET_DAYS(offset.ptr()) * us_per_day +
                                 PyDateTime_DELTA_GET_SECONDS(offset.ptr()) * us_per_second +
                                 PyDateTime_DELTA_GET_MICROSECONDS(offset.ptr());
  return Datum::time(local_us - offset_us);
}

// A datetime64 of any unit; item() gives nanoseconds as a number, and days as a date.
Datum CellReader::of_numpy_time(PyObject* value) {
  py::object time = py::reinterpret_borrow<py::object>(value).attr("item")();
  if (PyLong_Check(time.ptr())) {
    time = py::reinterpret_borrow<py::object>(value).attr("astype")("datetime64[us]").attr("item")();
  }
  if (time.is_none()) return Datum::null();
  if (PyDateTime_Check(time.ptr())) return of_datetime(time.ptr());
  if (PyDate_Check(time.ptr())) return Datum::date(days_of(time.ptr()));
  return Datum::text(kept(bytes_of(checked(PyObject_Str(value)).ptr())));  // a year that datetime does not have
}

Datum CellReader::read(PyObject* value, std::string_view table, std::string_view column, std::int64_t row) {
  if (value == Py_None) return Datum::null();
  if (PyUnicode_Check(value)) return Datum::text(text(value));
  if (PyBool_Check(value)) return Datum::boolean(value == Py_True);
  if (PyLong_Check(value)) return of_integer(value);
  if (PyFloat_Check(value)) return Datum::real(PyFloat_AS_DOUBLE(value));
  if (PyDateTime_Check(value)) return of_datetime(value);
  if (PyDate_Check(value)) return Datum::date(days_of(value));
  const int is_decimal = PyObject_IsInstance(value, decimal_type_.ptr());
  if (is_decimal < 0) throw py::error_already_set();
  if (is_decimal == 1) return of_decimal(value);
  const std::string type = Py_TYPE(value)->tp_name;
  if (type == "numpy.bool" || type == "numpy.bool_") return Datum::boolean(PyObject_IsTrue(value) == 1);
  if (type.ends_with("NAType") || type.ends_with("NaTType")) return Datum::null();
  if (type == "numpy.datetime64") return of_numpy_time(value);
  if (PyIndex_Check(value) != 0) return of_integer(value);
  if (Py_TYPE(value)->tp_as_number != nullptr && Py_TYPE(value)->tp_as_number->nb_float != nullptr &&
      type.starts_with("numpy.")) {
    return Datum::real(PyFloat_AS_DOUBLE(checked(PyNumber_Float(value)).ptr()));
  }
  throw Error(ErrorCode::type_mismatch, "a cell is a " + type, {std::string{table}, std::string{column}, row},
              "str, int, float, bool, Decimal, datetime, date or None");
}

py::object to_python(const Datum& cell) {
  switch (cell.kind()) {
    case DatumKind::null: return py::none();
    case DatumKind::text: {
      const std::string_view text = cell.as_text();
      return checked(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
    }
    case DatumKind::integer: return py::int_(cell.as_integer());
    case DatumKind::real: return py::float_(cell.as_real());
    case DatumKind::boolean: return py::bool_(cell.as_boolean());
    case DatumKind::time: return datetime_of(cell.as_time_us());
    case DatumKind::decimal: return decimal_type()(py::str(to_text(cell.as_decimal())));
    case DatumKind::local_time: break;
  }
  throw Error(ErrorCode::type_mismatch, "a wall clock without a zone has no place in a result");
}

}  // namespace dealtrail::bindings
