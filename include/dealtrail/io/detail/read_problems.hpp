#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/io/detail/dump_gaps.hpp"
#include "dealtrail/io/detail/profile_data.hpp"
#include "dealtrail/io/detail/projector.hpp"
#include "dealtrail/io/read_facts.hpp"

// What a reading says of trouble: its words, and what it finds by looking at the list of files.
namespace dealtrail::detail {

struct ProblemText {
  std::string_view code;
  std::string_view message;
  std::string_view hint;
};

inline constexpr std::array problem_texts{
    ProblemText{"bad_byte", "fields with bytes that are no UTF-8; each such byte is kept as U+FFFD",
                "look at these lines in the source; if the file is of another encoding, say so under csv.encoding"},
    ProblemText{"column_not_there",
                "files or tables without a column that the profile names; it has no value (first_ids are the files)",
                "is it spelt so in the header? else make the profile name another one"},
    ProblemText{"duplicate_key", "records that name a column twice; the last one counts",
                "look at how the file was made"},
    ProblemText{"empty_file", "files without a record", "save them again, if the source has any"},
    ProblemText{"id_as_real", "whole numbers written as reals, such as 410.0; they are read as 410",
                "nothing is lost; write ids as whole numbers or texts"},
    ProblemText{"long_row", "rows with more fields than the header; the rest is kept out",
                "quote the delimiter inside fields"},
    ProblemText{"missing_id", "facts left out: the id has no value", "name a column that is always there under \"id\""},
    ProblemText{"nested_value", "a list or object where a value should be; taken as none",
                "name a part of it (A.b, A[0].b), or use for_each"},
    ProblemText{"not_a_record", "values where records should be, passed over", "look at the method's page.records"},
    ProblemText{"page_gap", "files missing between those whose names end in numbers (first_ids would be theirs)",
                "save these pages too"},
    ProblemText{"page_refused", "pages without records at the places the method names",
                "is it an answer of another method or system?"},
    ProblemText{"repeated_column", "columns that stand twice in the header of a file; the second is read as NAME#2",
                "name each column once, or make the profile name the one that is meant"},
    ProblemText{"several_values", "lists of several values where one should be; the first is taken",
                "use for_each, or name one: A[0]"},
    ProblemText{"short_row", "rows with fewer fields than the header; the missing ones have no value",
                "look at the lines of these ids"},
    ProblemText{"source_error", "answers in which the source reports a failure; their records are missing",
                "ask the source again for these"},
    ProblemText{"split_text", "texts where a list should be; taken apart at semicolons",
                "say \"split\" beside \"for_each\": what separates the parts, or \"\" for one whole text"},
    ProblemText{"title_rows", "rows above the header, passed over",
                "say csv.skip_rows or csv.header_at, if the header is another row"},
    ProblemText{"total_row", "last rows that are totals of the source, passed over",
                "say csv.totals: [] if they are records"},
    ProblemText{"truncated_dump",
                "records by which the dump and its total differ: it is not whole, or the list moved while it was read",
                "save all pages again; a list sorted by id does not move"},
    ProblemText{
        "unknown_file", "files that were not read: no method of the profile has a pattern for their names",
        "give their pattern to a method of the profile (\"files\"), or load each by `as`; what is no export may stay"},
    ProblemText{"unmapped_value", "values that the map does not have, taken as none", "add them to the map, or \"*\""},
    ProblemText{"unreadable_value", "values that cannot be read as the field's type, taken as none",
                "give a format, or map them"},
};

// Files that are there for nothing, and files that are not there.
inline void note_files(const std::vector<FileReport>& files, ProblemLog& problems) {
  std::map<std::string, std::vector<std::string>> names;
  for (const FileReport& file : files) {
    if (file.method.empty()) {
      problems.add("unknown_file", "", "", "", file.file, "");
      continue;
    }
    names[file.method].push_back(file.file);
    if (file.state == FileReport::State::empty) problems.add("empty_file", file.method, "", "", file.file, file.reason);
  }
  for (const auto& [method, of_method] : names) {
    for (const std::string& missing : missing_pages(of_method)) problems.add("page_gap", method, "", "", missing, "");
  }
}

// Methods of the profile that no file of a folder answers; those come first without which a kind has no facts.
[[nodiscard]] inline std::optional<ReadProblem> methods_without_file(const ProfileData& profile,
                                                                     const std::vector<FileReport>& files) {
  std::set<std::string_view> answered;
  std::set<Kind> given;
  for (const FileReport& file : files) answered.insert(file.method);
  for (const MethodRule& rule : profile.methods) {
    if (!answered.contains(rule.name)) continue;
    for (const PutRule& put : rule.puts) given.insert(put.kind);
  }
  std::vector<std::string> needed;
  std::vector<std::string> others;
  std::set<Kind> kinds;
  for (const MethodRule& rule : profile.methods) {
    if (rule.puts.empty() || answered.contains(rule.name)) continue;
    bool alone = false;
    for (const PutRule& put : rule.puts) {
      if (given.contains(put.kind)) continue;
      alone = true;
      kinds.insert(put.kind);
    }
    (alone ? needed : others).push_back(rule.name);
  }
  needed.insert(needed.end(), others.begin(), others.end());
  if (needed.empty()) return std::nullopt;
  ReadProblem problem{"method_without_file", "", "", "", needed.size(), {}, {}, {}, {}};
  std::string names;
  for (const std::string& name : needed) names += (names.empty() ? "" : ", ") + name;
  std::string without;
  for (const Kind kind : kinds) without += (without.empty() ? "" : ", ") + std::string(kind_name(kind));
  problem.message = "methods of the profile without a file: " + names;
  if (!without.empty()) problem.message = "no file gives facts of " + without + "; " + problem.message;
  problem.hint = "save their answers too, if the source has them";
  needed.resize(std::min<std::size_t>(needed.size(), ProblemLog::first_count));
  problem.first_ids = std::move(needed);
  return problem;
}

}  // namespace dealtrail::detail
