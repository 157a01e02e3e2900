#include <dealtrail/dealtrail.hpp>

#include <iostream>

int main() { std::cout << "dealtrail " << dealtrail::version << '\n'; }
