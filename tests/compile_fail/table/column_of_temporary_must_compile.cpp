#include <dealtrail/table/column.hpp>

std::int64_t count_channels(dealtrail::OwnedStream stream) {
  const dealtrail::TableInput table = dealtrail::read_all(std::move(stream));
  return dealtrail::ColumnReader{table, "channel"}.rows();
}
