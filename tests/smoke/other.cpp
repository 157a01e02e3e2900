#include <everything.hpp>
#include <string_view>

std::string_view version_seen_by_other();
const void* version_address_seen_by_other();

std::string_view version_seen_by_other() { return dealtrail::library_version; }
const void* version_address_seen_by_other() { return &dealtrail::library_version; }
