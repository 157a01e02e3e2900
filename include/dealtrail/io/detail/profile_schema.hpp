#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/facts/kinds.hpp"
#include "dealtrail/io/detail/json_value.hpp"
#include "dealtrail/io/detail/profile_grammar.hpp"

namespace dealtrail::detail {

// The JSON Schema of profiles, from the tables that the reader checks against.
inline std::string profile_schema() {
  const auto object = [](const auto& rules) {
    Json properties = Json::object();
    Json required = Json::array();
    for (const KeyRule& rule : rules) {
      Json schema = Json::parse(rule.schema);
      schema["description"] = std::string(rule.meaning);
      properties[std::string(rule.name)] = schema;
      if (rule.needed) required.push_back(std::string(rule.name));
    }
    Json result;
    result["type"] = "object";
    result["properties"] = properties;
    if (!required.empty()) result["required"] = required;
    result["additionalProperties"] = false;
    return result;
  };
  Json expressions = Json::array();
  expressions.push_back(Json::parse(schema_text));
  expressions.push_back(Json::parse(schema_parts));
  for (const OperatorRule& rule : operators) {
    std::vector<KeyRule> keys{{rule.name, true, rule.operand, rule.meaning}};
    for (const KeyRule& option : option_keys) {
      const bool any = option.name == "when" || option.name == "prefix";
      if (any || std::find(rule.options.begin(), rule.options.end(), option.name) != rule.options.end())
        keys.push_back(option);
    }
    expressions.push_back(object(keys));
  }
  Json names = Json::array();
  for (const KindInfo& each : kinds) names.push_back(std::string(each.name));
  std::vector<KeyRule> put(put_keys.begin(), put_keys.end());
  put.insert(put.end(), overlay_keys.begin(), overlay_keys.end());
  Json result;
  result["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  result["title"] = "dealtrail profile";
  const Json top = object(profile_keys);
  for (const auto& [key, value] : top.items()) result[key] = value;
  // An extending profile may leave its methods out.
  result["required"] = Json::array({"profile"});
  result["anyOf"] =
      Json::array({Json::parse(R"({"required":["methods"]})"), Json::parse(R"({"required":["extends"]})")});
  Json& defs = result["$defs"];
  defs["numbers"] = object(number_keys);
  defs["page"] = object(page_keys);
  defs["csv"] = object(csv_keys);
  defs["method"] = object(method_keys);
  // A method of an extending profile names only what differs.
  defs["method"].erase("required");
  defs["put"] = object(put);
  defs["put"]["required"] = Json::array();
  defs["put"]["anyOf"] = Json::array({Json::parse(R"({"required":["put"]})"), Json::parse(R"({"required":["name"]})")});
  defs["kind"]["enum"] = names;
  defs["expression"]["anyOf"] = expressions;
  defs["condition"] = schema_of_condition();
  return result.dump(2) + "\n";
}

}  // namespace dealtrail::detail
