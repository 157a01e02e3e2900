#include "rows.hpp"

#include <limits>
#include <string>

#include "dealtrail/core/error.hpp"

namespace dealtrail::bindings {
namespace {

// Places for the two keys that are no fields.
constexpr std::size_t id_key = std::numeric_limits<std::size_t>::max();
constexpr std::size_t version_key = id_key - 1;

std::string type_name(PyObject* value) { return Py_TYPE(value)->tp_name; }

}  // namespace

DictRows::DictRows(Kind kind, const py::object& rows) : kind_(kind), field_count_(fields_of(kind).size()) {
  const std::string table{kind_name(kind)};
  constexpr const char* hint =
      "hand over a list of dicts, or a table with __arrow_c_stream__ (pandas, polars, pyarrow, duckdb)";
  if (PyUnicode_Check(rows.ptr()) || PyBytes_Check(rows.ptr()) || PyDict_Check(rows.ptr())) {
    throw Error(ErrorCode::type_mismatch, "rows are a " + type_name(rows.ptr()), {table, {}, -1}, hint);
  }
  PyObject* items = PySequence_Fast(rows.ptr(), "");
  if (items == nullptr) {
    if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) throw py::error_already_set();
    PyErr_Clear();
    throw Error(ErrorCode::type_mismatch, "rows are a " + type_name(rows.ptr()), {table, {}, -1}, hint);
  }
  const auto held = py::reinterpret_steal<py::object>(items);
  rows_.reserve(static_cast<std::size_t>(PySequence_Fast_GET_SIZE(items)));
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items); ++i) {
    const auto row = py::reinterpret_borrow<py::object>(PySequence_Fast_GET_ITEM(items, i));
    if (!PyDict_Check(row.ptr())) {
      throw Error(ErrorCode::type_mismatch, "a row is a " + type_name(row.ptr()),
                  {table, {}, static_cast<std::int64_t>(i)}, hint);
    }
    add_row(row.ptr(), static_cast<std::int64_t>(i));
  }
}

void DictRows::add_row(PyObject* dict, std::int64_t number) {
  Row row;
  row.begin = cells_.size();
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  Py_ssize_t place = 0;
  while (PyDict_Next(dict, &place, &key, &value) != 0) {
    const auto held = py::reinterpret_borrow<py::object>(value);  // reading a value may run code that changes the dict
    const std::size_t field = field_of(key, number);
    if (field == id_key) {
      row.id = id_of(value, number);
    } else if (field == version_key) {
      row.version = version_of(value, number);
    } else {
      const std::string_view name = field < field_count_ ? fields_of(kind_)[field].name : names_[field - field_count_];
      cells_.push_back({field, reader_.read(value, kind_name(kind_), name, number)});
    }
  }
  rows_.push_back(row);
}

std::size_t DictRows::field_of(PyObject* key, std::int64_t row) {
  for (const Key& known : keys_) {
    if (known.name.ptr() == key) return known.field;
  }
  if (!PyUnicode_Check(key)) {
    throw Error(ErrorCode::type_mismatch, "a key is a " + type_name(key), {std::string{kind_name(kind_)}, {}, row},
                "keys are names of columns");
  }
  const std::string_view name = reader_.text(key);
  std::size_t field = name == "id"        ? id_key
                      : name == "version" ? version_key
                                          : find_field(kind_, name).value_or(field_count_);
  if (field == field_count_) {
    const auto [known, is_new] = places_.try_emplace(name, names_.size());
    field += known->second;
    if (is_new) names_.push_back(name);
  }
  constexpr std::size_t most_keys = 256;  // beyond, some caller makes its keys anew for every row
  if (keys_.size() < most_keys) keys_.push_back({py::reinterpret_borrow<py::object>(key), field});
  return field;
}

Datum DictRows::id_of(PyObject* value, std::int64_t row) {
  const Datum id = reader_.read(value, kind_name(kind_), "id", row);
  switch (id.kind()) {
    case DatumKind::null:
    case DatumKind::text:
    case DatumKind::integer:
    case DatumKind::real:
    case DatumKind::decimal: return id;
    default: break;
  }
  throw Error(ErrorCode::type_mismatch, "an id is a " + type_name(value), {std::string{kind_name(kind_)}, "id", row},
              "a str or an int");
}

Datum DictRows::version_of(PyObject* value, std::int64_t row) {
  const Datum version = reader_.read(value, kind_name(kind_), "version", row);
  if (detail::is_blank(version)) return {};
  const bool number = version.kind() == DatumKind::text || version.kind() == DatumKind::integer ||
                      version.kind() == DatumKind::real || version.kind() == DatumKind::decimal;
  if (!number) {
    throw Error(ErrorCode::type_mismatch, "a version is a " + type_name(value),
                {std::string{kind_name(kind_)}, "version", row}, "an int");
  }
  if (PyLong_Check(value) && version.kind() != DatumKind::integer)
    throw Error(ErrorCode::overflow, "a version leaves 64 bits", {std::string{kind_name(kind_)}, "version", row});
  return version;
}

}  // namespace dealtrail::bindings
