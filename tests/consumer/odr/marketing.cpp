#include <dealtrail/dealtrail.hpp>

#include <string>

std::string marketing_says();

std::string marketing_says() { return "marketing has dealtrail " + std::string{dealtrail::version}; }
