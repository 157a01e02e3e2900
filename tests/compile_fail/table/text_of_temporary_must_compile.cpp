#include <dealtrail/table/table.hpp>

std::string first_key(dealtrail::TableBuilder& builder) {
  const dealtrail::Table table = builder.finish();
  return std::string(*table.text_at(0, "key"));
}
