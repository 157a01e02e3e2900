#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <pybind11/pybind11.h>

#include "dealtrail/facts/draft.hpp"
#include "dealtrail/facts/kinds.hpp"

#include "cells.hpp"

namespace dealtrail::bindings {

/// Dicts of one kind, read once with the GIL held; putting them needs it no more. Keys are the fields; others are own
/// columns.
class DictRows {
 public:
  /// @throws Error type_mismatch naming the row and the key when an element is no dict or a value is of no type that a
  /// cell can have.
  DictRows(Kind kind, const py::object& rows);

  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }

  /// Calls `visit(const Draft&)` for each row, in order.
  template <class Visit>
  void for_each(bool stub, std::string_view source, Visit&& visit) const {
    Draft draft{kind_};
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Row& row = rows_[i];
      draft.clear(kind_);
      draft.set_id(row.id);
      draft.set_version(row.version);
      draft.stub = stub;
      draft.source = source;
      const std::size_t end = i + 1 < rows_.size() ? rows_[i + 1].begin : cells_.size();
      for (std::size_t c = row.begin; c < end; ++c) {
        if (cells_[c].field < field_count_) {
          draft.set(cells_[c].field, cells_[c].value);
        } else {
          draft.set_own(names_[cells_[c].field - field_count_], cells_[c].value);
        }
      }
      visit(static_cast<const Draft&>(draft));
    }
  }

 private:
  struct Row {
    Datum id{};
    Datum version{};
    std::size_t begin = 0;
  };
  struct Cell {
    std::size_t field;  // beyond the kind's fields: a name in names_
    Datum value;
  };
  struct Key {
    py::object name;  // held, so that its address stays its own
    std::size_t field;
  };

  void add_row(PyObject* dict, std::int64_t number);
  [[nodiscard]] std::size_t field_of(PyObject* key, std::int64_t row);
  [[nodiscard]] Datum id_of(PyObject* value, std::int64_t row);
  [[nodiscard]] Datum version_of(PyObject* value, std::int64_t row);

  Kind kind_;
  std::size_t field_count_;
  CellReader reader_{};
  std::vector<Key> keys_{};
  std::vector<std::string_view> names_{};
  std::unordered_map<std::string_view, std::size_t> places_{};  // of names_
  std::vector<Row> rows_{};
  std::vector<Cell> cells_{};
};

}  // namespace dealtrail::bindings
