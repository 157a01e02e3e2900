// engine
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "dealtrail/core/detail/joined.hpp"
#include "dealtrail/facts/kinds.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::detail {

// Findings by (kind, code, column), each with how many rows and the five smallest ids.
class FindingList {
 public:
  void note(std::string_view code, std::string_view severity, Kind kind, std::string_view column, std::string_view id,
            std::string_view message, std::string_view hint) {
    Finding& finding = findings_[{kind, std::string{code}, std::string{column}}];
    if (finding.count++ == 0) {
      finding.severity = severity;
      finding.message = message;
      finding.hint = hint;
    }
    const auto place = std::lower_bound(finding.ids.begin(), finding.ids.end(), id);
    if (place - finding.ids.begin() >= 5 || (place != finding.ids.end() && *place == id)) return;
    finding.ids.insert(place, std::string{id});
    if (finding.ids.size() > 5) finding.ids.pop_back();
  }

  [[nodiscard]] Table table() const {
    TableBuilder builder{"findings"};
    auto& code = builder.text("code");
    auto& severity = builder.text("severity");
    auto& kind = builder.text("kind");
    auto& column = builder.text("column");
    auto& count = builder.integer("count");
    auto& first_ids = builder.text("first_ids");
    auto& message = builder.text("message");
    auto& hint = builder.text("hint");
    for (const auto& [place, finding] : findings_) {
      code.append_text(std::get<1>(place));
      severity.append_text(finding.severity);
      kind.append_text(kind_name(std::get<0>(place)));
      column.append_text(std::get<2>(place));
      count.append_integer(finding.count);
      first_ids.append_text(joined(finding.ids));
      message.append_text(finding.message);
      hint.append_text(finding.hint);
    }
    return builder.finish();
  }

 private:
  struct Finding {
    std::string severity;
    std::int64_t count = 0;
    std::vector<std::string> ids;
    std::string message;
    std::string hint;
  };
  std::map<std::tuple<Kind, std::string, std::string>, Finding> findings_;
};

}  // namespace dealtrail::detail
