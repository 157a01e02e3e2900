#include <cstddef>
#include <everything.hpp>
#include <iostream>
#include <string_view>

std::string_view version_seen_by_other();
const void* version_address_seen_by_other();
std::size_t rows_of_every_call();
std::size_t rows_of_every_table_call();
std::size_t answers_of_every_core_call();

// Every public header in two translation units: an inline variable must be one object in both.
int main() {
  if (version_seen_by_other() != dealtrail::library_version ||
      version_address_seen_by_other() != &dealtrail::library_version) {
    std::cerr << "two translation units see two versions\n";
    return 1;
  }
  if (rows_of_every_call() == 0 || rows_of_every_table_call() == 0 || answers_of_every_core_call() == 0) {
    std::cerr << "the calls have no answers\n";
    return 1;
  }
  std::cout << dealtrail::library_version << '\n';
  return 0;
}
