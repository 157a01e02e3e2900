#include <string>

#include <dealtrail/dealtrail.hpp>

std::string sales_says();

std::string sales_says() {
  dealtrail::Trail trail{dealtrail::USD};
  trail.put(dealtrail::Channel{.id = "expo", .name = "Expo"});
  return "sales has the channel " + trail.card("expo").name.value();
}
