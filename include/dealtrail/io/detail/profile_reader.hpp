#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/io/detail/built_in_profiles.hpp"
#include "dealtrail/io/detail/evaluate.hpp"
#include "dealtrail/io/detail/json_value.hpp"
#include "dealtrail/io/detail/profile_grammar.hpp"
#include "dealtrail/io/detail/profile_overlay.hpp"
#include "dealtrail/io/detail/profile_schema.hpp"
#include "dealtrail/io/detail/profile_values.hpp"
#include "dealtrail/io/profile.hpp"

namespace dealtrail::detail {

inline std::optional<std::string_view> built_in_profile(std::string_view name) {
  for (const BuiltInProfile& profile : built_in_profiles) {
    if (profile.name == name) return profile.json;
  }
  return std::nullopt;
}

// Reads a whole profile; every key is looked up in profile_grammar.hpp.
class ProfileReader : private ProfileValues {
 public:
  [[nodiscard]] ProfileData read(std::string_view text) {
    Json root = reader_.parse(text);
    for (int depth = 0; root.is_object() && root.contains("extends"); ++depth) {
      name(root);
      const std::string base = reader_.text({root.at("extends"), "/extends"});
      const auto found = built_in_profile(base);
      if (!found)
        reader_.fail(ErrorCode::unknown_name, "there is no built-in profile \"" + base.substr(0, 64) + "\"", "/extends",
                     valid_names(base, Profile::built_in()));
      if (depth == 8)
        reader_.fail(ErrorCode::limit_exceeded, "more than eight profiles extend one another", "/extends");
      root = ProfileOverlay(reader_).laid(reader_.parse(*found), root);
    }
    name(root);
    return profile({root, ""});
  }

 private:
  void name(const Json& root) {
    if (root.is_object() && root.contains("profile") && root.at("profile").is_string()) {
      reader_.name("profile " + root.at("profile").get<std::string>().substr(0, 64));
    }
  }

  [[nodiscard]] ProfileData profile(const Placed& root) {
    check(root, profile_keys);
    const auto text = [this](const Placed& at) { return reader_.text(at); };
    const auto texts = [this](const Placed& at) { return reader_.texts(at); };
    data_.name = reader_.text(root.at("profile"));
    if (data_.name.empty()) reader_.fail(ErrorCode::invalid_argument, "the name is empty", "/profile");
    data_.source = data_.name;
    take(root, "source", data_.source, text);
    take(root, "zone", data_.zone, [this](const Placed& at) { return zone(at); });
    take(root, "currency", data_.currency, [this](const Placed& at) { return currency(at); });
    take(root, "numbers", data_.numbers, [this](const Placed& at) { return numbers(at, NumberFormat{}); });
    take(root, "times", data_.times, [this](const Placed& at) { return times(at); });
    take(root, "empty", data_.empty, texts);
    take(root, "empty_links", data_.empty_links, texts);
    if (root.value.contains("notes")) static_cast<void>(notes(root.at("notes")));
    if (root.value.contains("spellings")) {
      const std::string& name = reader_.text(root.at("spellings"));
      if (name != "exact" && name != "snake_camel")
        wrong_name("spellings", name, {"exact", "snake_camel"}, "/spellings");
      data_.fold_spellings = name == "snake_camel";
    }
    if (root.value.contains("maps")) {
      reader_.need_object(root.at("maps"));
      for (const auto& [key, value] : root.at("maps").value.items())
        maps_.emplace_back(key, map({value, "/maps/" + key}));
    }
    if (root.value.contains("declare")) declare(root.at("declare"));
    const Json nothing = Json::object();
    page_.emplace(root.value.contains("page") ? root.at("page") : Placed{nothing, "/page"});
    csv_.emplace(root.value.contains("csv") ? root.at("csv") : Placed{nothing, "/csv"});
    static_cast<void>(envelope(*page_));
    static_cast<void>(csv(*csv_));
    const Placed methods = root.at("methods");
    reader_.need_object(methods);
    for (const auto& [key, value] : methods.value.items())
      data_.methods.push_back(method(key, {value, "/methods/" + key}));
    return std::move(data_);
  }

  void declare(const Placed& at) {
    reader_.need_object(at);
    for (const auto& [name, columns] : at.value.items()) {
      const Placed list{columns, at.place + '/' + name};
      const Kind of = kind(name, list.place);
      reader_.need_object(list);
      for (const auto& [column, type] : columns.items()) {
        const Placed type_at{type, list.place + '/' + column};
        const std::string& type_name = reader_.text(type_at);
        const auto found = find_field_type(type_name);
        if (!found || *found == FieldType::choice || *found == FieldType::link) {
          wrong_name("type", type_name, {"text", "integer", "real", "boolean", "time", "money", "decimal"},
                     type_at.place);
        }
        if (column.empty()) reader_.fail(ErrorCode::invalid_argument, "an own column without a name", list.place);
        if (find_field(of, column) || column == "id" || column == "version") {
          reader_.fail(ErrorCode::invalid_argument, name + " has a field \"" + column + "\" already", type_at.place);
        }
        data_.own.push_back({of, column, *found});
      }
    }
  }

  [[nodiscard]] Envelope envelope(const Placed& at) const {
    check(at, page_keys);
    Envelope result;
    const auto add = [&](const char* key, PathRole role) {
      if (!at.value.contains(key)) return;
      for (const std::string& text : reader_.texts(at.at(key))) {
        auto path = parse_page_path(role, text);
        if (!path)
          reader_.fail(ErrorCode::invalid_argument, "not a path: \"" + text.substr(0, 64) + "\"", at.place + '/' + key,
                       "such as result.items[], result.result.*, [] or .");
        const bool star = std::any_of(path->steps.begin(), path->steps.end(),
                                      [](const PathStep& step) { return step.sort == PathStep::Sort::any; });
        if ((role == PathRole::batch_next || role == PathRole::batch_total) && !star) {
          reader_.fail(ErrorCode::invalid_argument, "a path of a batch needs a * where the command stands",
                       at.place + '/' + key);
        }
        result.paths.push_back(std::move(*path));
      }
    };
    add("records", PathRole::record);
    if (result.paths.empty()) {
      for (const char* text : {"[]", "."}) result.paths.push_back(parse_page_path(PathRole::record, text).value());
    }
    add("errors", PathRole::error);
    add("next", PathRole::next);
    add("total", PathRole::total);
    add("page", PathRole::page);
    add("page_count", PathRole::page_count);
    add("batch_next", PathRole::batch_next);
    add("batch_total", PathRole::batch_total);
    if (result.paths.size() > 64) reader_.fail(ErrorCode::limit_exceeded, "more than 64 paths", at.place);
    return result;
  }

  [[nodiscard]] CsvFormat csv(const Placed& at) const {
    check(at, csv_keys);
    CsvFormat result;
    if (at.value.contains("delimiter")) {
      const std::string& text = reader_.text(at.at("delimiter"));
      if (text.size() != 1 || text == "\"" || text == "\n" || text == "\r")
        wrong_name("delimiter", text, {";", ",", "\\t", "|"}, at.place + "/delimiter");
      result.delimiter = text.front();
    }
    if (at.value.contains("encoding")) {
      const std::string& text = reader_.text(at.at("encoding"));
      if (text != "utf-8" && text != "cp1251")
        wrong_name("encoding", text, {"utf-8", "cp1251"}, at.place + "/encoding");
      result.encoding = text == "utf-8" ? CsvEncoding::utf8 : CsvEncoding::cp1251;
    }
    if (at.value.contains("header")) {
      const Placed header = at.at("header");
      if (header.value.is_array()) {
        result.names = reader_.texts(header);
        result.header = false;
        if (result.names.empty()) reader_.fail(ErrorCode::invalid_argument, "no names of columns", header.place);
      } else if (!reader_.flag(header)) {
        result.header = false;
      }
    }
    if (at.value.contains("skip_rows")) {
      const Datum rows = reader_.constant(at.at("skip_rows")).datum();
      if (rows.kind() != DatumKind::integer || rows.as_integer() < 0)
        reader_.wrong_sort(at.at("skip_rows"), "a number of rows from 0");
      result.skip_rows = static_cast<std::uint64_t>(rows.as_integer());
    }
    take(at, "header_at", result.header_at, [this](const Placed& text) { return reader_.text(text); });
    take(at, "totals", result.totals, [this](const Placed& texts) { return reader_.texts(texts); });
    return result;
  }

  // The profile's `page` or `csv` with the method's own keys in place of its.
  [[nodiscard]] static Json over(const std::optional<Placed>& base, const Json& own) {
    Json result = base->value;
    for (const auto& [key, value] : own.items()) result[key] = value;
    return result;
  }

  [[nodiscard]] MethodRule method(const std::string& name, const Placed& at) {
    check(at, method_keys);
    MethodRule result;
    result.name = name;
    take(at, "files", result.files, [this](const Placed& files) { return reader_.texts(files); });
    take(at, "notes", result.notes, [this](const Placed& text) { return notes(text); });
    for (const char* key : {"page", "csv"}) {
      if (at.value.contains(key)) reader_.need_object(at.at(key));
    }
    const Json page = over(page_, at.value.value("page", Json::object()));
    result.envelope = envelope({page, at.value.contains("page") ? at.place + "/page" : page_->place});
    const Json delimited = over(csv_, at.value.value("csv", Json::object()));
    result.csv = csv({delimited, at.value.contains("csv") ? at.place + "/csv" : csv_->place});
    if (at.value.contains("when")) result.when = column_condition(at.at("when"));
    const Placed puts = at.at("puts");
    reader_.need_list(puts);
    std::set<std::string> names;
    for (std::size_t i = 0; i < puts.value.size(); ++i) {
      const Placed index{puts.value[i], puts.place + '/' + std::to_string(i)};
      reader_.need_object(index);
      result.puts.push_back(put(index, puts.place));
      if (!names.insert(result.puts.back().name).second) {
        reader_.fail(ErrorCode::invalid_argument, "two puts are called \"" + result.puts.back().name + "\"", puts.place,
                     "give one of them a \"name\"");
      }
    }
    return result;
  }

  [[nodiscard]] ColumnCondition column_condition(const Placed& at) const {
    ColumnCondition result{reader_.condition(at), {}};
    result.condition.for_each_field(
        [&](std::string_view name) { static_cast<void>(column(std::string(name), at.place)); });
    return result;
  }

  [[nodiscard]] ColumnPath column(const std::string& text, const std::string& place) const {
    auto path = parse_column(text);
    if (!path) {
      reader_.fail(
          ErrorCode::invalid_argument, "not a column: \"" + text.substr(0, 64) + "\"", place,
          "such as ID, client.name, PHONE[0].VALUE, fields[code=PHONE].value, ^ID; \\. is a dot inside a name");
    }
    return std::move(*path);
  }

  [[nodiscard]] PutRule put(const Placed& index, const std::string& list) {
    PutRule result;
    Placed at = index;
    for (const char* key : {"name", "put"}) {
      if (at.value.contains(key) && at.value.at(key).is_string()) {
        at.place = list + '/' + at.value.at(key).get<std::string>();
        break;
      }
    }
    for (const char* mark_of_overlay : {"drop", "over"}) {
      if (at.value.contains(mark_of_overlay)) {
        reader_.fail(ErrorCode::invalid_argument,
                     std::string("\"") + mark_of_overlay + "\" is for a put that the profile it extends has", at.place);
      }
    }
    check(at, put_keys);
    result.kind = kind(reader_.text(at.at("put")), at.place + "/put");
    result.name = kind_name(result.kind);
    take(at, "name", result.name, [this](const Placed& text) { return reader_.text(text); });
    if (at.value.contains("when")) result.when = column_condition(at.at("when"));
    if (at.value.contains("for_each"))
      result.for_each = column(reader_.text(at.at("for_each")), at.place + "/for_each");
    if (at.value.contains("split")) {
      if (!result.for_each)
        reader_.fail(ErrorCode::invalid_argument, "\"split\" needs a \"for_each\" that it splits", at.place);
      result.split = reader_.text(at.at("split"));
    }
    if (at.value.contains("id")) result.id = expression(at.at("id"), 0);
    if (at.value.contains("version")) result.version = expression(at.at("version"), 0);
    take(at, "stub", result.stub, [this](const Placed& flag) { return reader_.flag(flag); });
    if (result.stub && !result.id) reader_.fail(ErrorCode::invalid_argument, "a stub needs an \"id\"", at.place);
    if (at.value.contains("set")) {
      const Placed set = at.at("set");
      reader_.need_object(set);
      for (const auto& [name, value] : set.value.items())
        setting(result, name, set.place).expression = expression({value, set.place + '/' + name}, 0);
    }
    if (at.value.contains("defaults")) {
      const Placed defaults = at.at("defaults");
      reader_.need_object(defaults);
      for (const auto& [name, value] : defaults.value.items())
        setting(result, name, defaults.place).fallback = reader_.constant({value, defaults.place + '/' + name});
    }
    for (const FieldSetting& each : result.set) check_choices(result.kind, each, at.place);
    if (at.value.contains("own")) {
      const Placed own = at.at("own");
      reader_.need_object(own);
      for (const auto& [name, value] : own.value.items()) {
        if (find_field(result.kind, name))
          reader_.fail(ErrorCode::invalid_argument, "\"" + name + "\" is a field, not an own column", own.place,
                       "write it under \"set\"");
        result.own.push_back({name, own_type(result.kind, name), expression({value, own.place + '/' + name}, 0)});
      }
    }
    return result;
  }

  [[nodiscard]] FieldSetting& setting(PutRule& put, const std::string& name, const std::string& place) const {
    const auto field = find_field(put.kind, name);
    if (!field) {
      std::vector<std::string_view> names;
      for (const FieldInfo& each : fields_of(put.kind)) names.push_back(each.name);
      wrong_name("field of " + std::string(kind_name(put.kind)), name, names, place);
    }
    for (FieldSetting& each : put.set) {
      if (each.field == *field) return each;
    }
    put.set.push_back({*field, fields_of(put.kind)[*field].type, {}, {}});
    return put.set.back();
  }

  // A constant for a closed choice is one of its values, or the mistake would only show at the first record.
  void check_choices(Kind of, const FieldSetting& set, const std::string& place) const {
    const FieldInfo& field = fields_of(of)[set.field];
    if (field.type != FieldType::choice) return;
    const auto check_one = [&](const Constant& constant) {
      const Datum value = constant.datum();
      if (value.is_null() || (value.kind() == DatumKind::text && find_choice(field.choices, value.as_text()))) return;
      std::vector<std::string_view> valid;
      for (std::int64_t i = 0; !choice_text(field.choices, i).empty(); ++i)
        valid.push_back(choice_text(field.choices, i));
      wrong_name("value of " + std::string(field.name),
                 value.kind() == DatumKind::text ? std::string(value.as_text()) : std::string("(not a text)"), valid,
                 place + "/set/" + std::string(field.name));
    };
    if (set.fallback) check_one(*set.fallback);
    const std::function<void(const Expression&)> walk = [&](const Expression& each) {
      if (each.op == Operator::constant) check_one(each.constant);
      if (each.op == Operator::coalesce) std::for_each(each.parts.begin(), each.parts.end(), walk);
      if (each.op == Operator::map) {
        for (const auto& [key, to] : each.map->exact) check_one(to);
        for (const auto& [key, to] : each.map->patterns) check_one(to);
        if (each.parts.size() > 1) walk(each.parts[1]);
      }
    };
    if (set.expression) walk(*set.expression);
  }

  [[nodiscard]] FieldType own_type(Kind of, const std::string& name) {
    for (const DeclaredColumn& each : data_.own) {
      if (each.kind == of && each.name == name) return each.type;
    }
    data_.own.push_back({of, name, FieldType::text});
    return FieldType::text;
  }

  [[nodiscard]] Expression expression(const Placed& at, int depth) const {
    if (depth > 16) reader_.fail(ErrorCode::limit_exceeded, "an expression is nested deeper than 16", at.place);
    Expression result;
    if (at.value.is_string()) {
      result.column = column(reader_.text(at), at.place);
      return result;
    }
    if (at.value.is_array()) {
      result.op = Operator::coalesce;
      result.parts = parts(at, depth);
      return result;
    }
    if (!at.value.is_object())
      reader_.wrong_sort(at, "a column name, a list or an object with one operator (a constant is {\"const\": …})");
    const OperatorRule* rule = nullptr;
    std::vector<std::string_view> valid;
    for (const OperatorRule& each : operators) {
      valid.push_back(each.name);
      if (!at.value.contains(each.name)) continue;
      if (rule != nullptr)
        reader_.fail(ErrorCode::invalid_argument,
                     "two operators, \"" + std::string(rule->name) + "\" and \"" + std::string(each.name) + "\"",
                     at.place);
      rule = &each;
    }
    if (rule == nullptr) {
      const std::string first = at.value.empty() ? std::string{} : at.value.begin().key();
      reader_.fail(
          ErrorCode::unknown_name,
          "no operator in this expression" + (first.empty() ? first : ", found \"" + first.substr(0, 64) + "\""),
          at.place, valid_names(first, valid));
    }
    std::vector<std::string_view> keys{rule->name, "when", "prefix"};
    for (const std::string_view option : rule->options) {
      if (!option.empty()) keys.push_back(option);
    }
    reader_.check_keys(at, keys);
    result.op = rule->op;
    operands(result, *rule, at, depth);
    options(result, at, depth);
    return result;
  }

  [[nodiscard]] std::vector<Expression> parts(const Placed& list, int depth) const {
    reader_.need_list(list);
    std::vector<Expression> result;
    for (std::size_t i = 0; i < list.value.size(); ++i)
      result.push_back(expression({list.value[i], list.place + '/' + std::to_string(i)}, depth + 1));
    if (result.empty()) reader_.fail(ErrorCode::invalid_argument, "an empty list of parts", list.place);
    return result;
  }

  void operands(Expression& result, const OperatorRule& rule, const Placed& at, int depth) const {
    const Placed operand = at.at(std::string(rule.name));
    switch (rule.op) {
      case Operator::column: result.column = column(reader_.text(operand), operand.place); break;
      case Operator::constant: result.constant = reader_.constant(operand); break;
      case Operator::concat:
      case Operator::coalesce:
      case Operator::mul:
      case Operator::add: result.parts = parts(operand, depth); break;
      default: result.parts.push_back(expression(operand, depth + 1)); break;
    }
  }

  void options(Expression& result, const Placed& at, int depth) const {
    const auto has = [&](const char* key) { return at.value.contains(key); };
    if (has("when")) result.when = column_condition(at.at("when"));
    if (has("prefix")) {
      const Placed prefix = at.at("prefix");
      if (prefix.value.is_boolean() && !prefix.value.get<bool>()) {
        result.prefix = "";
      } else if (prefix.value.is_string()) {
        result.prefix = reader_.text(prefix);
      } else {
        reader_.wrong_sort(prefix, "false or a text");
      }
    }
    if (has("empty")) result.empty = reader_.texts(at.at("empty"));
    if (has("sep")) result.separator = reader_.text(at.at("sep"));
    if (has("all")) result.all = reader_.flag(at.at("all"));
    if (has("day")) result.day = reader_.flag(at.at("day"));
    if (has("format")) result.formats = times(at.at("format"));
    if (has("zone")) result.zone = zone(at.at("zone"));
    if (has("decimal") || has("group")) {
      NumberFormat format = data_.numbers;
      take(at, "decimal", format.decimal_mark, [this](const Placed& mark_at) { return mark(mark_at); });
      take(at, "group", format.group_mark, [this](const Placed& mark_at) { return mark(mark_at); });
      result.numbers = checked(at, format);
    }
    if (has("unit")) {
      const std::string& unit = reader_.text(at.at("unit"));
      if (unit != "major" && unit != "minor" && unit != "micro")
        wrong_name("unit", unit, {"major", "minor", "micro"}, at.place + "/unit");
      result.unit = unit == "minor" ? MoneyUnit::minor : unit == "micro" ? MoneyUnit::micro : MoneyUnit::major;
    }
    if (has("round")) {
      const Placed round = at.at("round");
      if (!round.value.is_number_integer() || round.value.get<std::int64_t>() < 0 ||
          round.value.get<std::int64_t>() > 9)
        reader_.wrong_sort(round, "a whole number from 0 to 9");
      result.round = round.value.get<int>();
    }
    if (has("currency")) result.parts.push_back(expression(at.at("currency"), depth + 1));
    if (result.unit == MoneyUnit::minor && result.parts.size() < 2 && data_.currency.empty()) {
      reader_.fail(ErrorCode::invalid_argument, "minor units of which currency?", at.place,
                   "give \"currency\" here or to the profile");
    }
    if (result.op == Operator::map) {
      if (!has("with")) reader_.fail(ErrorCode::invalid_argument, "the key \"with\" is missing", at.place);
      result.map = map_of(at.at("with"));
      if (has("else")) result.parts.push_back(expression(at.at("else"), depth + 1));
    }
  }

  [[nodiscard]] std::shared_ptr<const ValueMap> map_of(const Placed& at) const {
    if (!at.value.is_string()) return map(at);
    const std::string& name = reader_.text(at);
    std::vector<std::string_view> names;
    for (const auto& [key, map] : maps_) {
      if (key == name) return map;
      names.push_back(key);
    }
    wrong_name("map", name, names, at.place);
  }

  ProfileData data_{};
  std::vector<std::pair<std::string, std::shared_ptr<const ValueMap>>> maps_{};
  std::optional<Placed> page_{};
  std::optional<Placed> csv_{};
};

}  // namespace dealtrail::detail
