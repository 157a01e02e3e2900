#include <string>

#include <dealtrail/dealtrail.hpp>

std::string marketing_says();

std::string marketing_says() {
  dealtrail::Trail trail{dealtrail::RUB};
  trail.put(dealtrail::Channel{.id = "telegram", .name = "Telegram"});
  return "marketing has the channel " + trail.card("telegram").name.value();
}
