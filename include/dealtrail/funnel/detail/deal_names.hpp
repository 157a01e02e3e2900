#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/detail/names.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/histories/histories.hpp"

namespace dealtrail::detail {

// A name that no deal ever had is a mistake of the caller.
inline void require_name(const char* who, const std::optional<std::string>& wanted, std::string_view DealState::* field,
                         const char* what, std::initializer_list<const Histories*> of) {
  if (!wanted.has_value()) return;
  std::vector<std::string_view> names;
  for (const Histories* one : of) {
    for (const DealHistory& deal : one->deals) {
      for (const DealState* state : {&deal.created, &deal.now}) names.push_back(state->*field);
    }
    for (const DealChange& change : one->changes) {
      if (to_string(change.field) == what) names.push_back(change.text);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::erase(names, std::string_view{});
  if (std::binary_search(names.begin(), names.end(), std::string_view{*wanted})) return;
  throw Error(ErrorCode::unknown_name, "no deal has the " + std::string{what} + " '" + wanted->substr(0, 64) + "'",
              {who, what, -1}, valid_names(*wanted, names));
}

}  // namespace dealtrail::detail
