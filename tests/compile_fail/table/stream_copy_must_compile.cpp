#include <dealtrail/table/stream.hpp>

std::int64_t rows_once(dealtrail::OwnedStream stream) { return dealtrail::read_all(std::move(stream)).rows(); }
