// engine
#pragma once

#include <bit>
#include <cstdint>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/table/datum.hpp"

namespace dealtrail::detail {

/// A stored cell as a Datum: money in major units, links and choices as text. Text borrows from the store.
[[nodiscard]] inline Datum datum_of(const FactStore& store, Kind kind, std::size_t column, Cell cell,
                                    int money_decimals) {
  if (cell == null_cell) return Datum::null();
  switch (store.of(kind).columns[column].type()) {
    case FieldType::text: return Datum::text(store.text(cell));
    case FieldType::link: return Datum::text(store.id(fields_of(kind)[column].target, static_cast<RowId>(cell)));
    case FieldType::choice: return Datum::text(choice_text(fields_of(kind)[column].choices, cell));
    case FieldType::integer: return Datum::integer(cell);
    case FieldType::real: return Datum::real(std::bit_cast<double>(cell));
    case FieldType::boolean: return Datum::boolean(cell != 0);
    case FieldType::time: return Datum::time(cell);
    case FieldType::money: return Datum::decimal(cell, money_decimals);
    case FieldType::decimal: return Datum::decimal(cell, 9);
  }
  return Datum::null();
}

}  // namespace dealtrail::detail
