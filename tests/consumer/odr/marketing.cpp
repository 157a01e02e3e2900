#include <string>

#include <dealtrail/dealtrail.hpp>

std::string marketing_says();

std::string marketing_says() { return "marketing has dealtrail " + std::string{dealtrail::version}; }
