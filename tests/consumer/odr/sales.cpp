#include <dealtrail/dealtrail.hpp>

#include <string>

std::string sales_says();

std::string sales_says() { return "sales has dealtrail " + std::string{dealtrail::version}; }
