#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/io/detail/profile_reader.hpp"
#include "dealtrail/io/profile.hpp"

namespace dealtrail {

DEALTRAIL_INLINE Profile Profile::parse(std::string_view json) {
  return Profile(std::make_shared<const detail::ProfileData>(detail::ProfileReader{}.read(json)));
}

DEALTRAIL_INLINE std::vector<std::string_view> Profile::built_in() {
  std::vector<std::string_view> names;
  for (const detail::BuiltInProfile& profile : detail::built_in_profiles) names.push_back(profile.name);
  return names;
}

DEALTRAIL_INLINE Profile Profile::find(const std::string& name_or_path) {
  if (const auto json = detail::built_in_profile(name_or_path)) return parse(*json);
  std::error_code trouble;
  if (!std::filesystem::is_regular_file(name_or_path, trouble)) {
    throw Error(ErrorCode::unknown_name, "no profile \"" + name_or_path + "\": neither built in nor a file", {},
                detail::valid_names(name_or_path, built_in()));
  }
  std::ifstream file(name_or_path, std::ios::binary);
  if (!file) throw Error(ErrorCode::io_error, "cannot open " + name_or_path);
  return parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

DEALTRAIL_INLINE std::string Profile::schema() { return detail::profile_schema(); }

DEALTRAIL_INLINE const detail::MethodRule& Profile::method(std::string_view name) const {
  for (const auto& each : data_->methods) {
    if (each.name == name) return each;
  }
  throw Error(ErrorCode::unknown_name,
              "profile " + data_->name + " has no method \"" + std::string(name.substr(0, 64)) + "\"", {},
              detail::valid_names(name, methods()));
}

DEALTRAIL_INLINE const detail::MethodRule* Profile::method_of_file(std::string_view path) const {
  const auto small = [](std::string_view text) {
    std::string result(text);
    for (char& c : result) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      if (c == '\\') c = '/';
    }
    return result;
  };
  const std::string whole = small(path);
  const std::string_view name = std::string_view{whole}.substr(whole.rfind('/') + 1);
  const detail::MethodRule* best = nullptr;
  std::ptrdiff_t best_letters = -1;
  for (const auto& method : data_->methods) {
    for (const std::string& pattern : method.files) {
      const std::string wanted = small(pattern);
      const bool of_path = wanted.find('/') != std::string::npos;
      const auto letters = std::count_if(wanted.begin(), wanted.end(), [](char c) { return c != '*' && c != '?'; });
      if (letters > best_letters && detail::matches_pattern(of_path ? std::string_view{whole} : name, wanted)) {
        best = &method;
        best_letters = letters;
      }
    }
  }
  return best;
}

}  // namespace dealtrail
