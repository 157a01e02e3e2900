#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/io/detail/json_value.hpp"
#include "dealtrail/io/priority_rules.hpp"

namespace dealtrail {
namespace detail {

class PriorityRulesReader {
 public:
  [[nodiscard]] PriorityRules read(std::string_view text) const {
    const Json root = reader_.parse(text);
    const Placed at{root, ""};
    reader_.check_keys(at, {"rules", "levels", "notes"});
    need(at, {"rules"});
    PriorityRules result;
    result.rules = list<PriorityRule>(at.at("rules"), [&](const Placed& place) { return rule(place); });
    if (at.value.contains("levels"))
      result.levels = list<PriorityLevel>(at.at("levels"), [&](const Placed& place) { return level(place); });
    return result;
  }

 private:
  void need(const Placed& at, const std::vector<const char*>& keys) const {
    reader_.need_object(at);
    for (const char* key : keys) {
      if (!at.value.contains(key))
        reader_.fail(ErrorCode::invalid_argument, std::string("the key \"") + key + "\" is missing", at.place);
    }
  }

  template <class Item, class Read>
  [[nodiscard]] std::vector<Item> list(const Placed& at, const Read& read) const {
    reader_.need_list(at);
    std::vector<Item> result;
    std::set<std::string> names;
    for (std::size_t i = 0; i < at.value.size(); ++i) {
      const Placed place{at.value[i], at.place + '/' + std::to_string(i)};
      result.push_back(read(place));
      const std::string& name = result.back().name;
      if (name.empty()) reader_.fail(ErrorCode::invalid_argument, "the name is empty", place.place);
      if (!names.insert(name).second)
        reader_.fail(ErrorCode::invalid_argument, "two are called \"" + name + "\"", place.place);
    }
    return result;
  }

  [[nodiscard]] PriorityRule rule(const Placed& at) const {
    reader_.check_keys(at, {"name", "points", "when", "reason", "from", "until", "notes"});
    need(at, {"name", "points", "when"});
    PriorityRule result;
    result.name = reader_.text(at.at("name"));
    result.points = whole(at.at("points"));
    if (at.value.contains("reason")) result.reason = reader_.text(at.at("reason"));
    result.when = reader_.condition(at.at("when"));
    result.when.for_each_field([&](std::string_view field) {
      if (find_guest_column(field).has_value()) return;
      std::vector<std::string_view> names;
      for (const GuestColumn& column : guest_columns) names.push_back(column.name);
      reader_.fail(ErrorCode::unknown_name, "guests have no column \"" + std::string(field.substr(0, 64)) + "\"",
                   at.place + "/when", valid_names(field, names));
    });
    result.from_us = reader_.moment(at, "from");
    result.until_us = reader_.moment(at, "until");
    if (result.from_us && result.until_us && *result.from_us >= *result.until_us)
      reader_.fail(ErrorCode::invalid_argument, "from is not before until", at.place);
    return result;
  }

  [[nodiscard]] PriorityLevel level(const Placed& at) const {
    reader_.check_keys(at, {"name", "from", "notes"});
    need(at, {"name", "from"});
    return {.name = reader_.text(at.at("name")), .from = whole(at.at("from"))};
  }

  [[nodiscard]] std::int64_t whole(const Placed& at) const {
    if (!at.value.is_number_integer()) reader_.wrong_sort(at, "a whole number");
    if (at.value.is_number_unsigned() &&
        at.value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      reader_.wrong_sort(at, "a whole number of 64 bits");
    return at.value.get<std::int64_t>();
  }

  DocumentReader reader_{"priority rules"};
};

}  // namespace detail

DEALTRAIL_INLINE PriorityRules parse_priority_rules(std::string_view json) {
  return detail::PriorityRulesReader().read(json);
}

DEALTRAIL_INLINE std::string priority_rules_json(const PriorityRules& rules) {
  detail::Json root;
  root["rules"] = detail::Json::array();
  for (const PriorityRule& rule : rules.rules) {
    detail::Json each;
    each["name"] = rule.name;
    each["points"] = rule.points;
    if (!rule.reason.empty()) each["reason"] = rule.reason;
    each["when"] = detail::json_of(rule.when);
    if (rule.from_us) each["from"] = detail::iso_of(*rule.from_us);
    if (rule.until_us) each["until"] = detail::iso_of(*rule.until_us);
    root["rules"].push_back(each);
  }
  root["levels"] = detail::Json::array();
  for (const PriorityLevel& level : rules.levels)
    root["levels"].push_back({{"name", level.name}, {"from", level.from}});
  return root.dump(2, ' ', false, detail::Json::error_handler_t::replace) + "\n";
}

}  // namespace dealtrail
