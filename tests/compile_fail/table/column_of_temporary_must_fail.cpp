// expects: use of deleted function|call to deleted constructor
#include <dealtrail/table/column.hpp>

// The reader borrows from a table that is gone at the end of the line.
dealtrail::ColumnReader channels(dealtrail::OwnedStream stream) {
  return dealtrail::ColumnReader{dealtrail::read_all(std::move(stream)), "channel"};
}
