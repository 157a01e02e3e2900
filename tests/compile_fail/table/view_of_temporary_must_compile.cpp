#include <dealtrail/table/column.hpp>

double first_share(const dealtrail::ColumnReader& column) {
  const auto values = column.reals();
  return values.view()[0];
}
