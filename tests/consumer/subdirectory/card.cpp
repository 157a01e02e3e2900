#include <iostream>

#include <dealtrail/dealtrail.hpp>

int main() { std::cout << "dealtrail " << dealtrail::version << '\n'; }
