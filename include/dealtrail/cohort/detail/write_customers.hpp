#pragma once

#include <string>

#include "dealtrail/cohort/summary.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::cohort::detail {

/// The column `customer` of a result, numbers or texts as they came.
inline void write_customers(TableBuilder& builder, const Summary& of) {
  if (of.of_numbers) return builder.integers("customer", of.numbers);
  ColumnBuilder& customer = builder.text("customer");
  for (const std::string& name : of.texts) customer.append_text(name);
}

}  // namespace dealtrail::cohort::detail
