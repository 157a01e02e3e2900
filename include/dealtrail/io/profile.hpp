#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/io/detail/profile_data.hpp"

namespace dealtrail {

/// How an export of one source becomes facts: which files are which method, where their records are, what each record
/// puts. A checked, immutable value; copies share it. The format is docs/io/profile.md (SP.9).
class Profile {
 public:
  /// Reads and checks a profile written as JSON; "extends" names a built-in one.
  /// @throws Error parse_error if it is not JSON; unknown_name for a wrong key, kind, field, operator or name, with its
  /// place in the profile, the closest valid name and all of them; type_mismatch for a value of another sort;
  /// invalid_argument for the rest.
  [[nodiscard]] static Profile parse(std::string_view json);

  /// The built-in profile of that name, or the profile in the file at that path.
  /// @throws Error unknown_name if it is neither; io_error; else as `parse`.
  [[nodiscard]] static Profile find(const std::string& name_or_path);

  /// Names of the built-in profiles.
  [[nodiscard]] static std::vector<std::string_view> built_in();

  /// The JSON Schema of profiles, as docs/io/profile.schema.json has it.
  [[nodiscard]] static std::string schema();

  [[nodiscard]] const std::string& name() const noexcept { return data_->name; }
  /// What ids and links are prefixed with, without the colon; may be empty.
  [[nodiscard]] const std::string& source() const noexcept { return data_->source; }
  /// Names of the methods, in the order in which file patterns are tried.
  [[nodiscard]] std::vector<std::string_view> methods() const {
    std::vector<std::string_view> names;
    for (const auto& method : data_->methods) names.push_back(method.name);
    return names;
  }
  /// The method a file belongs to by its name; nullptr when no pattern fits.
  [[nodiscard]] const detail::MethodRule* method_of_file(std::string_view path) const;
  /// The method of that name.
  /// @throws Error unknown_name with the valid ones.
  [[nodiscard]] const detail::MethodRule& method(std::string_view name) const;

  [[nodiscard]] const detail::ProfileData& data() const noexcept { return *data_; }

 private:
  explicit Profile(std::shared_ptr<const detail::ProfileData> data) : data_(std::move(data)) {}

  std::shared_ptr<const detail::ProfileData> data_;
};

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/io/detail/profile.ipp"  // IWYU pragma: keep
#endif
