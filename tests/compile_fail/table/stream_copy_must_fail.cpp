// expects: use of deleted function|call to deleted constructor
#include <dealtrail/table/stream.hpp>

// A stream has one owner and can be read once.
std::int64_t rows_twice(dealtrail::OwnedStream stream) {
  return dealtrail::read_all(stream).rows() + dealtrail::read_all(stream).rows();
}
