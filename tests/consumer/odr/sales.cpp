#include <string>

#include <dealtrail/dealtrail.hpp>

std::string sales_says();

std::string sales_says() { return "sales has dealtrail " + std::string{dealtrail::version}; }
