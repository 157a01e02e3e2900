// expects: use of deleted function|call to deleted member function|attempt to use a deleted function
#include <dealtrail/table/column.hpp>

// The values may be owned by the temporary: the span would dangle.
std::span<const double> shares(const dealtrail::ColumnReader& column) { return column.reals().view(); }
