#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/io/detail/json_value.hpp"
#include "dealtrail/io/detail/profile_grammar.hpp"

namespace dealtrail::detail {

// Lays one profile over another, key by key, before anything of it is read.
class ProfileOverlay {
 public:
  explicit ProfileOverlay(const DocumentReader& reader) : reader_(reader) {}

  [[nodiscard]] Json laid(const Json& base, const Json& child) const {
    Json result = base;
    for (const auto& [key, value] : child.items()) {
      if (key == "extends") continue;
      const std::string place = '/' + key;
      if (key == "methods") {
        result[key] = methods(base.value("methods", Json::object()), {value, place});
      } else if (key == "maps" || key == "declare") {
        result[key] = two_deep(base.value(key, Json::object()), {value, place});
      } else if (key == "page" || key == "csv") {
        result[key] = fields(base.value(key, Json::object()), {value, place});
      } else {
        result[key] = value;
      }
    }
    return result;
  }

 private:
  // Keys of the child first, so that its patterns are tried first; null removes.
  [[nodiscard]] Json fields(const Json& base, const Placed& child) const {
    reader_.need_object(child);
    Json result = Json::object();
    for (const auto& [key, value] : child.value.items()) {
      if (!value.is_null()) result[key] = value;
    }
    for (const auto& [key, value] : base.items()) {
      if (!child.value.contains(key)) result[key] = value;
    }
    return result;
  }

  [[nodiscard]] Json two_deep(const Json& base, const Placed& child) const {
    reader_.need_object(child);
    Json result = base;
    for (const auto& [key, value] : child.value.items()) {
      reader_.need_object({value, child.place + '/' + key});
      // A value map may name null as a value; own columns and maps are only added to.
      Json entries = value;
      const Json below = base.value(key, Json::object());
      for (const auto& [from, to] : below.items()) {
        if (!entries.contains(from)) entries[from] = to;
      }
      result[key] = entries;
    }
    return result;
  }

  [[nodiscard]] Json methods(const Json& base, const Placed& child) const {
    reader_.need_object(child);
    Json result = Json::object();
    for (const auto& [name, method] : child.value.items()) {
      const std::string place = child.place + '/' + name;
      if (method.is_null()) {
        if (!base.contains(name)) unknown(name, base, place, "there is no method to remove");
        continue;
      }
      reader_.need_object({method, place});
      result[name] = base.contains(name) ? merged(base.at(name), {method, place}) : method;
    }
    for (const auto& [name, method] : base.items()) {
      if (!child.value.contains(name)) result[name] = method;
    }
    return result;
  }

  [[nodiscard]] Json merged(const Json& base, const Placed& child) const {
    Json result = base;
    for (const auto& [key, value] : child.value.items()) {
      const Placed at{value, child.place + '/' + key};
      if (key == "page" || key == "csv") {
        result[key] = fields(base.value(key, Json::object()), at);
      } else if (key == "puts") {
        result[key] = merged_puts(base.value("puts", Json::array()), at);
      } else {
        result[key] = value;
      }
    }
    return result;
  }

  [[nodiscard]] static std::string name_of(const Json& put) {
    for (const char* key : {"name", "put"}) {
      if (put.contains(key) && put.at(key).is_string()) return put.at(key).get<std::string>();
    }
    return {};
  }

  [[nodiscard]] Json merged_puts(const Json& base, const Placed& child) const {
    reader_.need_list(child);
    Json result = base;
    for (std::size_t i = 0; i < child.value.size(); ++i) {
      const Json& put = child.value[i];
      const std::string name = name_of(put);
      const std::string place = child.place + '/' + (name.empty() ? std::to_string(i) : name);
      reader_.need_object({put, place});
      const bool drop = put.contains("drop") && reader_.flag({put.at("drop"), place + "/drop"});
      const bool over = put.contains("over") && reader_.flag({put.at("over"), place + "/over"});
      const auto found =
          std::find_if(result.begin(), result.end(), [&](const Json& each) { return name_of(each) == name; });
      if (found == result.end()) {
        if (drop || over) {
          std::vector<std::string> names;
          for (const Json& each : result) names.push_back(name_of(each));
          reader_.fail(ErrorCode::unknown_name,
                       std::string("there is no put \"") + name + "\" to " + (drop ? "drop" : "lay this one over"),
                       place, valid_names(name, {names.begin(), names.end()}));
        }
        result.push_back(put);
      } else if (drop) {
        result.erase(found);
      } else {
        *found = over ? overlaid(*found, {put, place}) : put;
      }
    }
    for (Json& put : result) {
      put.erase("drop");
      put.erase("over");
    }
    return result;
  }

  [[nodiscard]] Json overlaid(const Json& base, const Placed& put) const {
    Json result = base;
    for (const auto& [key, value] : put.value.items()) {
      if (key == "set" || key == "own" || key == "defaults") {
        result[key] = fields(base.value(key, Json::object()), {value, put.place + '/' + key});
      } else {
        result[key] = value;
      }
    }
    return result;
  }

  [[noreturn]] void unknown(const std::string& name, const Json& base, const std::string& place,
                            const std::string& message) const {
    std::vector<std::string> names;
    for (const auto& [key, value] : base.items()) names.push_back(key);
    reader_.fail(ErrorCode::unknown_name, message, place, valid_names(name, {names.begin(), names.end()}));
  }

  const DocumentReader& reader_;
};

}  // namespace dealtrail::detail
