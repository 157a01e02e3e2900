// expects: use of deleted function|call to deleted member function|attempt to use a deleted function
#include <dealtrail/table/arrow.hpp>

// The temporary releases the array at the end of the line.
const ArrowArray& borrowed(ArrowArray* array) { return dealtrail::OwnedArray::take(array).view(); }
