#include <cstddef>
#include <everything.hpp>
#include <iostream>
#include <string_view>

std::string_view version_seen_by_other();
const void* version_address_seen_by_other();

// Every public header in two translation units: an inline variable must be one object in both.
int main() {
  if (version_seen_by_other() != dealtrail::library_version ||
      version_address_seen_by_other() != &dealtrail::library_version) {
    std::cerr << "two translation units see two versions\n";
    return 1;
  }
  std::cout << dealtrail::library_version << '\n';
  return 0;
}
