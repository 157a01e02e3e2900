#include <iostream>
#include <string>

std::string marketing_says();
std::string sales_says();

int main() { std::cout << marketing_says() << '\n' << sales_says() << '\n'; }
