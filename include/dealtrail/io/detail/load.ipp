#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/joined.hpp"
#include "dealtrail/core/invisible.hpp"
#include "dealtrail/io/detail/read_facts.ipp"
#include "dealtrail/io/load.hpp"

namespace dealtrail {
namespace detail {

// The facts of the source in the Trail that a full load did not bring, removed kind by kind.
class Vanished {
 public:
  Vanished(const Trail& before, const ReadReport& read, double max_shrinkage)
      : before_(before), read_(read), max_shrinkage_(max_shrinkage) {}

  [[nodiscard]] LoadReport::Removed remove(Kind kind, const std::set<std::string>& seen, Trail::Batch& batch) const {
    LoadReport::Removed result{kind, 0, 0, {}};
    const std::string prefix = read_.source.empty() ? std::string{} : read_.source + ":";
    const Table facts = before_.table(kind);
    std::vector<std::string> gone;
    for (std::int64_t row = 0; row < facts.rows(); ++row) {
      const Datum stub = facts.at(row, "stub");
      const std::string_view id = facts.at(row, "id").as_text();
      if ((!stub.is_null() && stub.as_boolean()) || !id.starts_with(prefix) || id.starts_with("h:")) continue;
      ++result.before;
      if (!seen.contains(std::string(id))) gone.emplace_back(id);
    }
    result.removed = gone.size();
    if (static_cast<double>(gone.size()) > max_shrinkage_ * static_cast<double>(result.before)) {
      throw Error(ErrorCode::limit_exceeded,
                  "a full load would remove " + std::to_string(gone.size()) + " of " + std::to_string(result.before) +
                      " " + std::string(kind_name(kind)) + " of " +
                      (read_.source.empty() ? std::string("the source") : read_.source) + ", for one " + gone.front(),
                  {}, "if the source really lost them, raise max_shrinkage");
    }
    for (const std::string& id : gone) {
      batch.remove(kind, id);
      if (result.first_ids.size() < 5) result.first_ids.push_back(id);
    }
    return result;
  }

 private:
  const Trail& before_;
  const ReadReport& read_;
  double max_shrinkage_;
};

}  // namespace detail

DEALTRAIL_INLINE LoadReport load(Trail& trail, std::span<const FactSource> sources, const Profile& profile,
                                 const LoadOptions& options) {
  if (!(options.max_shrinkage >= 0 && options.max_shrinkage <= 1)) {
    throw Error(ErrorCode::invalid_argument, "max_shrinkage is a share from 0 to 1");
  }
  Trail work = trail;
  for (const detail::DeclaredColumn& own : profile.data().own) work.declare(own.kind, own.name, own.type);
  LoadReport report;
  std::array<std::set<std::string>, kind_count> seen;
  {
    auto batch = work.batch();
    const auto take = [&](const Draft& draft) {
      if (options.full && !draft.stub && !draft.id.empty())
        seen[static_cast<std::size_t>(draft.kind())].insert(detail::plain_id(draft.id));
      static_cast<void>(batch.put(draft));
    };
    report.read = read_facts(sources, profile, take, {options.as, options.source});
    if (options.full) {
      if (report.read.incomplete()) {
        std::string what;
        for (const ReadProblem& problem : report.read.problems) {
          if (problem.code != "truncated_dump" && problem.code != "source_error" && problem.code != "page_refused")
            continue;
          what += (what.empty() ? "" : "; ") + problem.method + ": " + std::to_string(problem.count) + " " +
                  problem.message;
        }
        throw Error(ErrorCode::corrupt_data, "a full load is not whole: " + what, {},
                    "load it without full, or save the export again");
      }
      if (!options.whole && !report.read.unproven.empty()) {
        std::string methods;
        for (const std::string& method : report.read.unproven) methods += (methods.empty() ? "" : ", ") + method;
        throw Error(ErrorCode::invalid_argument,
                    "a full load removes what is not in it, and nothing proves that it is whole: the answers of " +
                        methods + " have no total",
                    {}, "say whole (Python whole=True, command line --whole) if this is all that the source has");
      }
      const detail::Vanished vanished(trail, report.read, options.max_shrinkage);
      for (const Kind kind : report.read.whole_kinds)
        report.removed.push_back(vanished.remove(kind, seen[static_cast<std::size_t>(kind)], batch));
    }
    report.put = batch.finish();
  }
  if (!options.strict || !report.is_lossy()) trail = std::move(work);
  return report;
}

DEALTRAIL_INLINE LoadReport load(Trail& trail, const std::string& path, const Profile& profile,
                                 const LoadOptions& options) {
  const FactSource source = FactSource::path(path);
  return load(trail, {&source, 1}, profile, options);
}

DEALTRAIL_INLINE PutReport::Counts LoadReport::counts_of(Kind kind) const {
  PutReport::Counts counts = put.of(kind);
  for (const ReadProblem& each : read.problems) {
    if (each.code != "missing_id" || each.kind != kind_name(kind)) continue;
    counts.read += static_cast<std::int64_t>(each.count);
    counts.left_out += static_cast<std::int64_t>(each.count);
  }
  return counts;
}

DEALTRAIL_INLINE Table LoadReport::counts_table() const {
  TableBuilder builder{"put"};
  auto& kind = builder.text("kind");
  auto& offered = builder.integer("read");
  auto& kept = builder.integer("put");
  auto& distinct = builder.integer("distinct");
  auto& left_out = builder.integer("left_out");
  for (std::size_t k = 0; k < kind_count; ++k) {
    const PutReport::Counts counts = counts_of(static_cast<Kind>(k));
    if (counts.read == 0) continue;
    kind.append_text(kinds[k].name);
    offered.append_integer(counts.read);
    kept.append_integer(counts.put);
    distinct.append_integer(counts.distinct);
    left_out.append_integer(counts.left_out);
  }
  return builder.finish();
}

DEALTRAIL_INLINE bool LoadReport::is_lossy() const { return has("error") || has("warning"); }

DEALTRAIL_INLINE bool LoadReport::has(std::string_view severity) const {
  return put.has(severity) || std::any_of(read.problems.begin(), read.problems.end(),
                                          [&](const ReadProblem& each) { return each.severity() == severity; });
}

DEALTRAIL_INLINE Table LoadReport::problems_table() const {
  TableBuilder builder{"problems"};
  auto& code = builder.text("code");
  auto& severity = builder.text("severity");
  auto& method = builder.text("method");
  auto& kind = builder.text("kind");
  auto& column = builder.text("column");
  auto& count = builder.integer("count");
  auto& left_out = builder.boolean("left_out");
  auto& first_ids = builder.text("first_ids");
  auto& first_values = builder.text("first_values");
  auto& message = builder.text("message");
  auto& hint = builder.text("hint");
  for (const ReadProblem& each : read.problems) {
    code.append_text(each.code);
    severity.append_text(each.severity());
    method.append_text(each.method);
    kind.append_text(each.kind);
    column.append_text(each.column);
    count.append_integer(static_cast<std::int64_t>(each.count));
    left_out.append_boolean(each.code == "missing_id" || each.code == "not_a_record");
    first_ids.append_text(detail::joined(each.first_ids));
    first_values.append_text(detail::joined(each.first_values));
    message.append_text(each.message);
    hint.append_text(each.hint);
  }
  for (const PutProblem& each : put.problems()) {
    code.append_text(each.code);
    severity.append_text(each.severity());
    method.append_text("");
    kind.append_text(kind_name(each.kind));
    column.append_text(each.column);
    count.append_integer(each.count);
    left_out.append_boolean(each.left_out);
    first_ids.append_text(detail::joined(each.first_ids));
    first_values.append_text(detail::joined(each.first_values));
    message.append_text(each.message);
    hint.append_text(each.hint);
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table LoadReport::removed_table() const {
  TableBuilder builder{"removed"};
  auto& kind = builder.text("kind");
  auto& before = builder.integer("before");
  auto& count = builder.integer("removed");
  auto& first_ids = builder.text("first_ids");
  for (const Removed& each : removed) {
    kind.append_text(kind_name(each.kind));
    before.append_integer(static_cast<std::int64_t>(each.before));
    count.append_integer(static_cast<std::int64_t>(each.removed));
    first_ids.append_text(detail::joined(each.first_ids));
  }
  return builder.finish();
}

}  // namespace dealtrail
