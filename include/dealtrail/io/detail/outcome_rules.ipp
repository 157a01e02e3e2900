#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/parse.hpp"
#include "dealtrail/facts/kinds.hpp"
#include "dealtrail/io/detail/json_value.hpp"
#include "dealtrail/io/outcome_rules.hpp"

namespace dealtrail {
namespace detail {

class OutcomeRuleReader {
 public:
  explicit OutcomeRuleReader(std::span<const std::string> own) {
    for (const FieldInfo& field : fields_of(Kind::deals)) fields_.push_back(field.name);
    fields_.push_back("id");
    fields_.insert(fields_.end(), own.begin(), own.end());
  }

  [[nodiscard]] std::vector<OutcomeRule> read(std::string_view text) const {
    const Json root = reader_.parse(text);
    const Placed at{root, ""};
    reader_.check_keys(at, {"rules", "notes"});
    if (!root.contains("rules")) reader_.fail(ErrorCode::invalid_argument, "the key \"rules\" is missing", "");
    const Placed list = at.at("rules");
    reader_.need_list(list);
    std::vector<OutcomeRule> result;
    std::set<std::string> names;
    for (std::size_t i = 0; i < list.value.size(); ++i) {
      const Placed place{list.value[i], list.place + '/' + std::to_string(i)};
      result.push_back(rule(place));
      if (!names.insert(result.back().name).second) {
        reader_.fail(ErrorCode::invalid_argument, "two rules are called \"" + result.back().name + "\"", place.place);
      }
    }
    return result;
  }

 private:
  [[nodiscard]] OutcomeRule rule(const Placed& at) const {
    reader_.check_keys(at, {"name", "view", "outcome", "when", "from", "until", "notes"});
    for (const char* needed : {"name", "outcome", "when"}) {
      if (!at.value.contains(needed))
        reader_.fail(ErrorCode::invalid_argument, std::string("the key \"") + needed + "\" is missing", at.place);
    }
    OutcomeRule result;
    result.name = reader_.text(at.at("name"));
    if (result.name.empty()) reader_.fail(ErrorCode::invalid_argument, "the name is empty", at.place);
    result.outcome = reader_.text(at.at("outcome"));
    const std::vector<std::string_view> outcomes{"open", "won", "lost"};
    if (std::find(outcomes.begin(), outcomes.end(), result.outcome) == outcomes.end())
      wrong("outcome", result.outcome, outcomes, at.place + "/outcome");
    if (at.value.contains("view") && !at.value.at("view").is_null()) {
      const std::string& view = reader_.text(at.at("view"));
      result.view = find_view(view);
      if (!result.view) wrong("view", view, {"marketing", "finance"}, at.place + "/view");
    }
    result.when = reader_.condition(at.at("when"));
    result.when.for_each_field([&](std::string_view field) {
      if (std::find(fields_.begin(), fields_.end(), field) == fields_.end())
        wrong("field of deals", std::string(field), fields_, at.place + "/when");
    });
    result.from_us = reader_.moment(at, "from");
    result.until_us = reader_.moment(at, "until");
    if (result.from_us && result.until_us && *result.from_us >= *result.until_us) {
      reader_.fail(ErrorCode::invalid_argument, "from is not before until", at.place);
    }
    return result;
  }

  [[noreturn]] void wrong(const std::string& what, const std::string& name, const std::vector<std::string_view>& valid,
                          const std::string& place) const {
    reader_.fail(ErrorCode::unknown_name, "unknown " + what + " \"" + name.substr(0, 64) + "\"", place,
                 valid_names(name, valid));
  }

  DocumentReader reader_{"outcome rules"};
  std::vector<std::string_view> fields_{};
};

}  // namespace detail

DEALTRAIL_INLINE std::vector<OutcomeRule> parse_outcome_rules(std::string_view json, std::span<const std::string> own) {
  return detail::OutcomeRuleReader(own).read(json);
}

DEALTRAIL_INLINE std::string outcome_rules_json(std::span<const OutcomeRule> rules) {
  detail::Json list = detail::Json::array();
  for (const OutcomeRule& rule : rules) {
    detail::Json each;
    each["name"] = rule.name;
    if (rule.view) each["view"] = std::string(to_string(*rule.view));
    each["outcome"] = rule.outcome;
    each["when"] = detail::json_of(rule.when);
    if (rule.from_us) each["from"] = detail::iso_of(*rule.from_us);
    if (rule.until_us) each["until"] = detail::iso_of(*rule.until_us);
    list.push_back(each);
  }
  detail::Json root;
  root["rules"] = list;
  return root.dump(2, ' ', false, detail::Json::error_handler_t::replace) + "\n";
}

DEALTRAIL_INLINE Condition parse_condition(std::string_view json) {
  const detail::DocumentReader reader("condition");
  const detail::Json root = reader.parse(json);
  return reader.condition({root, ""});
}

DEALTRAIL_INLINE std::string condition_json(const Condition& condition) {
  return detail::json_of(condition).dump(-1, ' ', false, detail::Json::error_handler_t::replace);
}

DEALTRAIL_INLINE std::string condition_schema() {
  detail::Json root;
  root["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  root["title"] = "dealtrail condition";
  root["$ref"] = "#/$defs/condition";
  root["$defs"]["condition"] = detail::schema_of_condition();
  return root.dump(2) + "\n";
}

}  // namespace dealtrail
