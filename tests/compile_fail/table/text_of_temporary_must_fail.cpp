// expects: use of deleted function|call to deleted member function|attempt to use a deleted function
#include <dealtrail/table/table.hpp>

// The text lives in the table that is gone at the end of the line.
std::string_view first_key(dealtrail::TableBuilder& builder) { return *builder.finish().text_at(0, "key"); }
