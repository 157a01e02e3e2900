#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/names.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/parse_time.hpp"
#include "dealtrail/facts/condition.hpp"
#include "dealtrail/io/detail/json_records.ipp"

// Small JSON documents that people write: profiles and rules. Read whole, every mistake named with its place.
namespace dealtrail::detail {

using Json = nlohmann::ordered_json;

/// A JSON value with the place where it stands, for messages.
struct Placed {
  const Json& value;
  std::string place;  // "/methods/crm.deal.list/puts/deals"

  [[nodiscard]] Placed at(const std::string& key) const { return {value.at(key), place + '/' + key}; }
};

/// What a document is called in messages and where it stands.
class DocumentReader {
 public:
  explicit DocumentReader(std::string what) : what_(std::move(what)) {}

  [[noreturn]] void fail(ErrorCode code, const std::string& message, const std::string& place,
                         const std::string& hint = {}) const {
    throw Error(code, what_ + ": " + message + " at " + (place.empty() ? std::string("/") : place), {}, hint);
  }

  void name(std::string what) { what_ = std::move(what); }

  // A list of steps instead of recursion: no input can exhaust the stack.
  [[nodiscard]] Json parse(std::string_view text) const {
    constexpr int max_depth = 64;
    std::vector<std::set<std::string>> keys;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& value) {
      if (depth > max_depth) fail(ErrorCode::limit_exceeded, "nested deeper than 64", {});
      if (event == Json::parse_event_t::object_start) {
        keys.resize(static_cast<std::size_t>(depth) + 2);
        keys.back().clear();
      }
      if (event == Json::parse_event_t::key &&
          !keys[static_cast<std::size_t>(depth)].insert(value.get<std::string>()).second) {
        fail(ErrorCode::invalid_argument, "the key \"" + value.get<std::string>() + "\" stands twice in one object",
             {});
      }
      return true;
    };
    try {
      return Json::parse(text, watch);
    } catch (const nlohmann::json::exception& trouble) {
      fail(ErrorCode::parse_error, "not JSON: " + json_trouble(trouble.what()), {});
    }
  }

  void need_object(const Placed& at) const {
    if (!at.value.is_object()) wrong_sort(at, "an object");
  }
  void need_list(const Placed& at) const {
    if (!at.value.is_array()) wrong_sort(at, "a list");
  }
  [[noreturn]] void wrong_sort(const Placed& at, const std::string& wanted) const {
    fail(ErrorCode::type_mismatch, std::string("expected ") + wanted + ", found " + sort_of(at.value), at.place);
  }
  [[nodiscard]] static std::string sort_of(const Json& value) {
    if (value.is_null()) return "null";
    if (value.is_array()) return "a list";
    if (value.is_object()) return "an object";
    if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
    if (value.is_string()) return "the text \"" + value.get<std::string>().substr(0, 40) + "\"";
    return "the number " + value.dump().substr(0, 40);
  }

  [[nodiscard]] const std::string& text(const Placed& at) const {
    if (!at.value.is_string()) wrong_sort(at, "a text");
    return at.value.get_ref<const std::string&>();
  }
  [[nodiscard]] bool flag(const Placed& at) const {
    if (!at.value.is_boolean()) wrong_sort(at, "true or false");
    return at.value.get<bool>();
  }
  [[nodiscard]] std::vector<std::string> texts(const Placed& at) const {
    if (at.value.is_string()) return {text(at)};
    if (!at.value.is_array()) wrong_sort(at, "a text or a list of texts");
    std::vector<std::string> result;
    for (std::size_t i = 0; i < at.value.size(); ++i)
      result.push_back(text({at.value[i], at.place + '/' + std::to_string(i)}));
    return result;
  }

  void check_keys(const Placed& at, const std::vector<std::string_view>& valid) const {
    need_object(at);
    for (const auto& [key, value] : at.value.items()) {
      if (std::find(valid.begin(), valid.end(), key) == valid.end()) {
        fail(ErrorCode::unknown_name, "unknown key \"" + key.substr(0, 64) + "\"", at.place, valid_names(key, valid));
      }
    }
  }

  /// text, number, true, false (never null).
  [[nodiscard]] Constant constant(const Placed& at) const {
    const Json& value = at.value;
    if (value.is_string()) return Constant(Datum::text(value.get_ref<const std::string&>()));
    if (value.is_boolean()) return Constant(Datum::boolean(value.get<bool>()));
    if (value.is_number_unsigned() &&
        value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return Constant(Datum::decimal(static_cast<Int128>(value.get<std::uint64_t>()), 0));
    }
    if (value.is_number_integer()) return Constant(Datum::integer(value.get<std::int64_t>()));
    if (value.is_number_float()) {
      if (const auto shown = shown_decimal(value.get<double>())) return Constant(Datum::decimal(*shown));
    }
    wrong_sort(at, "a text, a number, true or false");
  }

  /// A moment in microseconds UTC; nothing when the key is missing or null.
  [[nodiscard]] std::optional<std::int64_t> moment(const Placed& at, const std::string& key) const {
    if (!at.value.contains(key) || at.value.at(key).is_null()) return std::nullopt;
    const std::string& written = text(at.at(key));
    const auto read = TimeFormat{}.read(written);
    if (!read)
      fail(ErrorCode::invalid_argument, "not a time: \"" + written.substr(0, 64) + "\"", at.place + '/' + key,
           "ISO 8601, such as 2026-01-01");
    return read->us;
  }

  [[nodiscard]] Condition condition(const Placed& at) const {
    need_object(at);
    const auto parts = [&](const Placed& list) {
      need_list(list);
      std::vector<Condition> result;
      for (std::size_t i = 0; i < list.value.size(); ++i)
        result.push_back(condition({list.value[i], list.place + '/' + std::to_string(i)}));
      return result;
    };
    for (const char* joint : {"all", "any", "not"}) {
      if (!at.value.contains(joint)) continue;
      check_keys(at, {joint});
      if (*joint == 'n') return Condition::negation(condition(at.at("not")));
      return joint[1] == 'l' ? Condition::all(parts(at.at(joint))) : Condition::any(parts(at.at(joint)));
    }
    check_keys(at, {"field", "op", "value", "all", "any", "not"});
    for (const char* needed : {"field", "op"}) {
      if (!at.value.contains(needed))
        fail(ErrorCode::invalid_argument, std::string("a condition lacks \"") + needed + "\"", at.place,
             "a condition is {field, op, value}, or one of all, any, not");
    }
    const std::string& field = text(at.at("field"));
    const std::string& name = text(at.at("op"));
    const auto op = find_condition_op(name);
    if (!op) {
      fail(ErrorCode::unknown_name, "unknown op \"" + name.substr(0, 64) + "\"", at.place + "/op",
           valid_names(name, {condition_op_names.begin(), condition_op_names.end()}));
    }
    if (field.empty()) fail(ErrorCode::invalid_argument, "an empty field", at.place + "/field");
    const bool has_value = at.value.contains("value");
    if (*op == ConditionOp::null) return Condition::null(field, has_value ? flag(at.at("value")) : true);
    if (!has_value) fail(ErrorCode::invalid_argument, "a condition lacks \"value\"", at.place);
    const Placed value = at.at("value");
    if (*op == ConditionOp::in) {
      need_list(value);
      std::vector<Constant> values;
      for (std::size_t i = 0; i < value.value.size(); ++i)
        values.push_back(constant({value.value[i], value.place + '/' + std::to_string(i)}));
      return Condition::one_of(field, std::move(values));
    }
    if (value.value.is_null() && (*op == ConditionOp::eq || *op == ConditionOp::ne))
      return Condition::null(field, *op == ConditionOp::eq);
    try {
      return Condition::test(field, *op, constant(value).datum());
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_argument) throw;
      fail(error.code(), error.what(), at.place);
    }
  }

 private:
  std::string what_;
};

// ISO 8601 to the microsecond, UTC.
inline std::string iso_of(std::int64_t us) {
  const auto at = from_us(us);
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const auto padded = [](std::int64_t value, std::size_t size) {
    std::string text = std::to_string(value);
    return std::string(size > text.size() ? size - text.size() : 0, '0') + text;
  };
  const std::int64_t within = (at - day).count();
  std::string text = padded(static_cast<int>(date.year()), 4) + "-" + padded(static_cast<unsigned>(date.month()), 2) +
                     "-" + padded(static_cast<unsigned>(date.day()), 2);
  text += "T" + padded(within / (3600 * us_per_second), 2) + ":" + padded(within / (60 * us_per_second) % 60, 2) + ":" +
          padded(within / us_per_second % 60, 2);
  if (within % us_per_second != 0) text += "." + padded(within % us_per_second, 6);
  return text + "Z";
}

inline Json json_of(const Constant& constant) {
  const Datum value = constant.datum();
  switch (value.kind()) {
    case DatumKind::text: return std::string(value.as_text());
    case DatumKind::integer: return value.as_integer();
    case DatumKind::boolean: return value.as_boolean();
    case DatumKind::decimal: return Json::parse(to_text(value.as_decimal()));
    case DatumKind::real: return value.as_real();
    default: return nullptr;
  }
}

inline Json json_of(const Condition& condition) {
  const auto parts = [&] {
    Json list = Json::array();
    for (const Condition& part : condition.parts()) list.push_back(json_of(part));
    return list;
  };
  switch (condition.shape()) {
    case Condition::Shape::all: return {{"all", parts()}};
    case Condition::Shape::any: return {{"any", parts()}};
    case Condition::Shape::negation: return {{"not", json_of(condition.parts().front())}};
    case Condition::Shape::test: break;
  }
  Json result{{"field", condition.field()}, {"op", std::string(to_string(condition.op()))}};
  if (condition.op() == ConditionOp::in) {
    Json list = Json::array();
    for (const Constant& value : condition.values()) list.push_back(json_of(value));
    result["value"] = list;
  } else {
    result["value"] = json_of(condition.values().front());
  }
  return result;
}

inline Json schema_of_condition() {
  Json ops = Json::array();
  for (const std::string_view name : condition_op_names) ops.push_back(std::string(name));
  const Json self{{"$ref", "#/$defs/condition"}};
  const Json list{{"type", "array"}, {"items", self}};
  const Json scalar{{"type", {"string", "number", "boolean"}}};
  const auto joint = [](const char* key, const Json& value) {
    return Json{
        {"type", "object"}, {"properties", {{key, value}}}, {"required", {key}}, {"additionalProperties", false}};
  };
  const Json test{{"type", "object"},
                  {"properties",
                   {{"field", {{"type", "string"}, {"minLength", 1}}},
                    {"op", {{"enum", ops}}},
                    {"value", {{"anyOf", {scalar, {{"type", "null"}}, {{"type", "array"}, {"items", scalar}}}}}}}},
                  {"required", {"field", "op"}},
                  {"additionalProperties", false}};
  return {{"description", "a test of one field, or tests joined by all, any, not"},
          {"oneOf", {test, joint("all", list), joint("any", list), joint("not", self)}}};
}

}  // namespace dealtrail::detail
