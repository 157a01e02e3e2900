#include <dealtrail/table/arrow.hpp>

std::int64_t length(ArrowArray* array) {
  const dealtrail::OwnedArray owned = dealtrail::OwnedArray::take(array);
  return owned.view().length;
}
