#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/io/detail/evaluate.hpp"
#include "dealtrail/io/detail/json_value.hpp"
#include "dealtrail/io/detail/profile_grammar.hpp"

namespace dealtrail::detail {

// The small values of a profile (zones, formats, maps, kinds), each read with its place for the error.
class ProfileValues {
 protected:
  template <class Rules>
  void check(const Placed& at, const Rules& rules) const {
    std::vector<std::string_view> valid;
    for (const KeyRule& rule : rules) valid.push_back(rule.name);
    reader_.check_keys(at, valid);
    for (const KeyRule& rule : rules) {
      if (rule.needed && !at.value.contains(rule.name)) {
        reader_.fail(ErrorCode::invalid_argument, "the key \"" + std::string(rule.name) + "\" is missing", at.place);
      }
    }
  }

  template <class T, class Read>
  void take(const Placed& at, const char* key, T& into, Read&& read) const {
    if (at.value.contains(key)) into = read(at.at(key));
  }

  [[noreturn]] void wrong_name(const std::string& what, const std::string& name,
                               const std::vector<std::string_view>& valid, const std::string& place) const {
    reader_.fail(ErrorCode::unknown_name, "unknown " + what + " \"" + name.substr(0, 64) + "\"", place,
                 valid_names(name, valid));
  }

  // A text, or lines of one.
  [[nodiscard]] std::string notes(const Placed& at) const {
    std::string result;
    for (const std::string& line : reader_.texts(at)) result += (result.empty() ? "" : " ") + line;
    return result;
  }

  [[nodiscard]] std::optional<Zone> zone(const Placed& at) const {
    const std::string& text = reader_.text(at);
    if (text == "trail") return std::nullopt;
    if (text == "UTC") return Zone{};
    // An offset as ISO 8601 writes it, read by the same reader.
    const auto read = TimeFormat{}.read("1970-01-02T00:00:00" + text);
    if (!read || read->local || text.size() != 6) {
      reader_.fail(ErrorCode::invalid_argument, "not a zone: \"" + text.substr(0, 64) + "\"", at.place,
                   "\"UTC\", \"+03:00\", or \"trail\" for the Trail's own");
    }
    return Zone::fixed(static_cast<std::int32_t>((us_per_day - read->us) / us_per_second));
  }

  [[nodiscard]] Currency currency(const Placed& at) const {
    const std::string& text = reader_.text(at);
    const auto found = Currency::find(text);
    if (!found)
      reader_.fail(ErrorCode::invalid_argument, "not a currency: \"" + text.substr(0, 16) + "\"", at.place,
                   "three capital letters, such as RUB");
    return *found;
  }

  [[nodiscard]] char mark(const Placed& at) const {
    const std::string& text = reader_.text(at);
    if (text.size() > 1)
      reader_.fail(ErrorCode::invalid_argument, "expected one character, found \"" + text.substr(0, 16) + "\"",
                   at.place);
    return text.empty() ? '\0' : text.front();
  }

  [[nodiscard]] NumberFormat numbers(const Placed& at, NumberFormat format) const {
    check(at, number_keys);
    take(at, "decimal", format.decimal_mark, [this](const Placed& mark_at) { return mark(mark_at); });
    take(at, "group", format.group_mark, [this](const Placed& mark_at) { return mark(mark_at); });
    return checked(at, format);
  }
  [[nodiscard]] NumberFormat checked(const Placed& at, NumberFormat format) const {
    if (!at.value.contains("group") && format.group_mark == format.decimal_mark)
      format.group_mark = format.decimal_mark == ',' ? '.' : '\0';
    if (format.decimal_mark == '\0') reader_.fail(ErrorCode::invalid_argument, "a decimal mark is needed", at.place);
    if (format.decimal_mark == format.group_mark)
      reader_.fail(ErrorCode::invalid_argument, "decimal and group are the same mark", at.place);
    return format;
  }

  [[nodiscard]] std::vector<TimeFormat> times(const Placed& at) const {
    std::vector<TimeFormat> result;
    for (const std::string& name : reader_.texts(at)) {
      try {
        result.push_back(TimeFormat::declared(name));
      } catch (const Error& error) {
        reader_.fail(error.code(), error.what(), at.place);
      }
    }
    if (result.empty()) reader_.fail(ErrorCode::invalid_argument, "no time format", at.place);
    return result;
  }

  [[nodiscard]] std::shared_ptr<const ValueMap> map(const Placed& at) const {
    reader_.need_object(at);
    auto result = std::make_shared<ValueMap>();
    for (const auto& [key, value] : at.value.items()) {
      const Constant to = value.is_null() ? Constant{} : reader_.constant({value, at.place + '/' + key});
      auto& list = key.find_first_of("*?") == std::string::npos ? result->exact : result->patterns;
      list.emplace_back(key, to);
    }
    std::sort(result->exact.begin(), result->exact.end(),
              [](const auto& lhs, const auto& rhs) { return lhs.first < rhs.first; });
    // "*" alone is the last resort, wherever it is written.
    const auto rest = std::find_if(result->patterns.begin(), result->patterns.end(),
                                   [](const auto& each) { return each.first == "*"; });
    if (rest != result->patterns.end()) std::rotate(rest, rest + 1, result->patterns.end());
    return result;
  }

  [[nodiscard]] Kind kind(const std::string& name, const std::string& place) const {
    const auto found = find_kind(name);
    if (!found) {
      std::vector<std::string_view> names;
      for (const KindInfo& each : kinds) names.push_back(each.name);
      wrong_name("kind", name, names, place);
    }
    return *found;
  }

  DocumentReader reader_{"profile"};
};

}  // namespace dealtrail::detail
