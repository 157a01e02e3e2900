#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "dealtrail/core/invisible.hpp"
#include "dealtrail/io/csv.hpp"
#include "dealtrail/io/detail/names.hpp"
#include "dealtrail/io/detail/projector.hpp"
#include "dealtrail/io/detail/read_problems.hpp"
#include "dealtrail/io/json_records.hpp"
#include "dealtrail/io/read_facts.hpp"

namespace dealtrail {
namespace detail {

// page2 before page10; otherwise by bytes.
inline bool natural_less(std::string_view lhs, std::string_view rhs) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < lhs.size() && j < rhs.size()) {
    if (digit(lhs[i]) && digit(rhs[j])) {
      const auto run = [&digit](std::string_view text, std::size_t& at) {
        while (at + 1 < text.size() && text[at] == '0' && digit(text[at + 1])) ++at;
        const std::size_t from = at;
        while (at < text.size() && digit(text[at])) ++at;
        return text.substr(from, at - from);
      };
      const std::string_view left = run(lhs, i);
      const std::string_view right = run(rhs, j);
      if (left.size() != right.size()) return left.size() < right.size();
      if (left != right) return left < right;
    } else {
      if (lhs[i] != rhs[j]) return static_cast<unsigned char>(lhs[i]) < static_cast<unsigned char>(rhs[j]);
      ++i;
      ++j;
    }
  }
  if (lhs.size() - i != rhs.size() - j) return lhs.size() - i < rhs.size() - j;
  return lhs < rhs;
}

inline std::string_view file_name_of(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// Counts the pages of one method's dumps: pages follow one another until one has no next.
class DumpCount {
 public:
  void page(const PageReport::Command& page, bool next) {
    open_ = true;
    records_ += page.records;
    if (page.total) total_ = page.total;
    if (!next) close(false);
  }
  void close(bool next_is_missing) {
    if (!open_) return;
    const auto total = static_cast<std::uint64_t>(total_.value_or(0) < 0 ? 0 : total_.value_or(0));
    if (total > records_) {
      missing_ += total - records_;
      ++dumps_;
    } else if (next_is_missing) {
      ++missing_;
      ++dumps_;
    }
    open_ = false;
    records_ = 0;
    total_.reset();
  }
  [[nodiscard]] std::uint64_t missing() const noexcept { return missing_; }

 private:
  bool open_ = false;
  std::uint64_t records_ = 0;
  std::optional<std::int64_t> total_{};
  std::uint64_t missing_ = 0;
  std::uint64_t dumps_ = 0;
};

// One reading of all sources.
class FactReading {
 public:
  FactReading(const Profile& profile, const std::function<void(const Draft&)>& sink, const ReadOptions& options)
      : profile_(profile), data_(profile.data()), keys_(data_.fold_spellings), sink_(sink), as_(options.as) {
    if (!options.source.empty()) data_.source = options.source;
    report_.source = data_.source;
    if (!as_.empty()) static_cast<void>(profile.method(as_));
  }

  void source(const FactSource& source) {
    if (source.sort() != FactSource::Sort::path) {
      one(source, source.name());
      return;
    }
    namespace fs = std::filesystem;
    std::error_code trouble;
    const fs::path root = fs::u8path(source.name());
    folder_ = folder_ || fs::is_directory(root, trouble);
    if (!fs::is_directory(root, trouble)) {
      if (!fs::exists(root, trouble)) throw Error(ErrorCode::io_error, "no such file or folder: " + source.name());
      one(source, source.name());
      return;
    }
    std::vector<std::pair<std::string, std::string>> files;  // as shown, as opened
    for (auto at = fs::recursive_directory_iterator(root, fs::directory_options::skip_permission_denied, trouble);
         at != fs::recursive_directory_iterator(); at.increment(trouble)) {
      if (trouble) throw Error(ErrorCode::io_error, "cannot list " + source.name() + ": " + trouble.message());
      if (at->path().filename().u8string().starts_with(u8".")) {
        if (at->is_directory(trouble)) at.disable_recursion_pending();
        continue;
      }
      if (!at->is_regular_file(trouble)) continue;
      const std::u8string shown = at->path().lexically_relative(root).generic_u8string();
      files.emplace_back(std::string(shown.begin(), shown.end()), at->path().string());
    }
    if (trouble) throw Error(ErrorCode::io_error, "cannot list " + source.name() + ": " + trouble.message());
    std::sort(files.begin(), files.end(),
              [](const auto& lhs, const auto& rhs) { return natural_less(lhs.first, rhs.first); });
    for (const auto& [shown, opened] : files) one(FactSource::path(opened), shown);
  }

  [[nodiscard]] ReadReport finish() {
    for (auto& [name, state] : methods_) {
      state.dump.close(true);
      if (state.dump.missing() > 0) {
        problems_.add("truncated_dump", name, "", "", "", "");
      }
      for (const auto& [column, count] : state.projector->columns_not_read(keys_))
        report_.columns_not_read.push_back({name, column, count});
    }
    note_files(report_.files, problems_);
    for (const ValueProblem& problem : problems_.list()) {
      ReadProblem shown{problem.code,
                        problem.method,
                        problem.kind,
                        problem.column,
                        problem.count,
                        problem.first_ids,
                        problem.first_values,
                        {},
                        {}};
      if (problem.code == "truncated_dump") shown.count = methods_.at(problem.method).dump.missing();
      for (const ProblemText& text : problem_texts) {
        if (text.code != problem.code) continue;
        shown.message = text.message;
        shown.hint = text.hint;
      }
      report_.problems.push_back(std::move(shown));
    }
    if (folder_ && as_.empty()) {
      if (auto lacking = methods_without_file(data_, report_.files)) report_.problems.push_back(std::move(*lacking));
    }
    std::sort(report_.problems.begin(), report_.problems.end(), [](const ReadProblem& lhs, const ReadProblem& rhs) {
      return std::tie(lhs.code, lhs.method, lhs.kind, lhs.column) <
             std::tie(rhs.code, rhs.method, rhs.kind, rhs.column);
    });
    std::sort(report_.whole_kinds.begin(), report_.whole_kinds.end());
    refuse_nothing();
    return std::move(report_);
  }

 private:
  struct MethodState {
    std::unique_ptr<Projector> projector{};
    DumpCount dump{};
  };

  void refuse_nothing() const {
    const bool any = std::any_of(report_.files.begin(), report_.files.end(),
                                 [](const FileReport& file) { return file.state != FileReport::State::refused; });
    if (any) return;
    std::string text = report_.files.empty() ? "there is no file to read" : "nothing could be read";
    for (std::size_t i = 0; i < report_.files.size() && i < 3; ++i)
      text += (i == 0 ? ": " : "; ") + report_.files[i].file + ": " + report_.files[i].reason;
    if (report_.files.size() > 3) text += "; and " + std::to_string(report_.files.size() - 3) + " more files";
    std::string hint = "methods of profile " + data_.name + ":";
    for (const std::string_view name : profile_.methods()) hint.append(1, ' ').append(name).append(1, ',');
    hint.back() = ';';
    throw Error(ErrorCode::invalid_argument, text, {}, hint + " choose one by a file's name or by `as`");
  }

  MethodState& state_of(const MethodRule& rule) {
    MethodState& state = methods_[rule.name];
    if (state.projector != nullptr) return state;
    state.projector = std::make_unique<Projector>(data_, rule, keys_, problems_, [this](const Draft& draft) {
      ++facts_;
      sink_(draft);
    });
    for (const PutRule& put : rule.puts) {
      const bool listed =
          std::find(report_.whole_kinds.begin(), report_.whole_kinds.end(), put.kind) != report_.whole_kinds.end();
      if (put.id && !put.stub && !listed) report_.whole_kinds.push_back(put.kind);
    }
    return state;
  }

  void one(const FactSource& source, const std::string& shown) {
    FileReport file;
    file.file = shown;
    const MethodRule* rule = as_.empty() ? profile_.method_of_file(shown) : &profile_.method(as_);
    if (rule == nullptr) {
      file.state = FileReport::State::refused;
      file.reason = "no method of profile " + data_.name + " has a pattern for this name";
    } else {
      file.method = rule->name;
      if (rule->puts.empty()) {
        file.state = FileReport::State::unused;
        file.reason = rule->notes.empty() ? "the method puts nothing" : rule->notes;
      } else {
        read(source, *rule, file);
      }
    }
    report_.files.push_back(std::move(file));
  }

  void read(const FactSource& source, const MethodRule& rule, FileReport& file) {
    MethodState& state = state_of(rule);
    facts_ = 0;
    if (source.sort() == FactSource::Sort::table) {
      table(source.input(), rule, state, file);
    } else {
      const bool in_memory = source.sort() == FactSource::Sort::text;
      if (is_delimited(source)) {
        CsvFormat format = rule.csv;
        format.wanted = columns_named(rule);
        if (in_memory) {
          CsvReader reader(file.file, source.bytes(), std::move(format));
          rows(reader, rule, state, file);
        } else {
          CsvReader reader(source.name(), std::move(format));
          rows(reader, rule, state, file);
        }
      } else if (in_memory) {
        BlockReader bytes(file.file, source.bytes());
        pages(bytes, rule, state, file);
      } else {
        BlockReader bytes(source.name());
        pages(bytes, rule, state, file);
      }
    }
    file.facts = facts_;
  }

  [[nodiscard]] static bool is_delimited(const FactSource& source) {
    std::string name(file_name_of(source.name()));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    for (const std::string_view extension : {".csv", ".tsv", ".txt"}) {
      if (name.ends_with(extension)) return true;
    }
    for (const std::string_view extension : {".json", ".jsonl", ".ndjson"}) {
      if (name.ends_with(extension)) return false;
    }
    const auto first_of = [](BlockReader& bytes) {
      std::string_view block = bytes.block();
      if (block.starts_with("\xEF\xBB\xBF")) block.remove_prefix(3);
      const std::size_t at = block.find_first_not_of(" \t\r\n");
      return at == std::string_view::npos ? '{' : block[at];
    };
    char first = '{';
    if (source.sort() == FactSource::Sort::text) {
      BlockReader bytes(source.name(), source.bytes());
      first = first_of(bytes);
    } else {
      BlockReader bytes(source.name(), 4096);
      first = first_of(bytes);
    }
    return first != '{' && first != '[';
  }

  void project(MethodState& state, const Record& record, std::string_view command, FileReport& file) {
    if (!state.projector->project(record, file.records, command)) ++file.skipped;
    ++file.records;
  }

  void pages(BlockReader& bytes, const MethodRule& rule, MethodState& state, FileReport& file) {
    bool refused = false;
    std::string first_error;
    PageEvents events(
        rule.envelope, keys_,
        [&](const Record& record, std::string_view command) { project(state, record, command, file); },
        [&](PageReport& page) {
          ++file.pages;
          bool failed = false;
          for (const auto& command : page.commands) {
            if (command.error.empty()) continue;
            failed = true;
            const std::string text = command.name.empty() ? command.error : command.name + ": " + command.error;
            if (first_error.empty()) first_error = text;
            problems_.add("source_error", rule.name, "", "", file.file, text);
          }
          if (page.not_records > 0) problems_.add("not_a_record", rule.name, "", "", file.file, "", page.not_records);
          if (!page.found && !failed) {
            refused = true;
            file.reason = refusal(rule, page);
            problems_.add("page_refused", rule.name, "", "", file.file, file.reason);
            return;
          }
          if (page.found) count_pages(state.dump, page);
        });
    read_json_records(bytes, events);
    if (file.records > 0) {
      file.reason.clear();
    } else if (!first_error.empty()) {
      file.state = FileReport::State::refused;
      file.reason = "the source reports: " + first_error;
    } else if (refused) {
      file.state = FileReport::State::refused;
    } else {
      file.state = FileReport::State::empty;
      file.reason = file.pages == 0 ? "an empty answer" : "no records";
    }
  }

  [[nodiscard]] static std::string refusal(const MethodRule& rule, const PageReport& page) {
    std::string text = "not a page of " + rule.name + ": no records at";
    std::string_view separator = " ";
    for (const PagePath& path : rule.envelope.paths) {
      if (path.role != PathRole::record) continue;
      text += std::string(separator) + path.text;
      separator = ", ";
    }
    separator = "; the page has ";
    for (const std::string& name : page.names) {
      text += std::string(separator) + name;
      separator = ", ";
    }
    return text;
  }

  static void count_pages(DumpCount& dump, PageReport& page) {
    const bool numbered = page.page && page.page_count && *page.page < *page.page_count;
    PageReport::Command* plain = nullptr;
    bool batch = false;
    for (auto& command : page.commands) {
      if (command.name.empty()) {
        plain = &command;
      } else if (command.error.empty()) {
        dump.page(command, command.next);
        batch = true;
      }
    }
    if (plain == nullptr && !batch) {
      dump.page({}, numbered);
    } else if (plain != nullptr && (!batch || plain->records > 0)) {
      dump.page(*plain, plain->next || numbered);
    }
  }

  [[nodiscard]] static std::string seen_name(const std::string& name) {
    return has_invisible(name) ? without_invisible(name) : name;
  }

  [[nodiscard]] static std::string joined_fields(std::span<const std::string_view> fields) {
    std::string text;
    for (std::size_t i = 0; i < fields.size(); ++i) text += (i == 0 ? "" : ";") + std::string(fields[i]);
    return text;
  }

  // The columns that a method names, each once.
  [[nodiscard]] static std::vector<std::string> columns_named(const MethodRule& rule) {
    std::vector<std::string> names;
    const auto add = [&](const ColumnPath& path) {
      std::string_view text = path.text;
      while (text.starts_with('^')) text.remove_prefix(1);
      if (path.special == ColumnPath::Special::none && std::find(names.begin(), names.end(), text) == names.end())
        names.emplace_back(text);
    };
    const std::function<void(const Expression&)> walk = [&](const Expression& each) {
      if (each.op == Operator::column) add(each.column);
      std::for_each(each.parts.begin(), each.parts.end(), walk);
    };
    for (const PutRule& put : rule.puts) {
      if (put.for_each) add(*put.for_each);
      if (put.id) walk(*put.id);
      if (put.version) walk(*put.version);
      for (const FieldSetting& setting : put.set) {
        if (setting.expression) walk(*setting.expression);
      }
      for (const OwnSetting& setting : put.own) walk(setting.expression);
    }
    return names;
  }

  void rows(CsvReader& reader, const MethodRule& rule, MethodState& state, FileReport& file) {
    std::vector<std::uint32_t> names;
    for (const std::string& name : reader.names()) names.push_back(keys_.intern(name));
    Record record(keys_);
    file.pages = 1;
    for (const std::string& title : reader.titles())
      problems_.add("title_rows", rule.name, "", "", file.file, title, 0);
    if (reader.title_rows() > 0) problems_.add("title_rows", rule.name, "", "", "", "", reader.title_rows());
    while (reader.next()) {
      const auto fields = reader.fields();
      if (reader.is_total()) {
        problems_.add("total_row", rule.name, "", "", "line " + std::to_string(reader.line()), joined_fields(fields));
        continue;
      }
      for (std::size_t i = 0; reader.bad_bytes() > 0 && i < fields.size(); ++i) {
        if (fields[i].find("\xEF\xBF\xBD") != std::string_view::npos)
          problems_.add("bad_byte", rule.name, "", i < names.size() ? reader.names()[i] : "",
                        "line " + std::to_string(reader.line()), fields[i]);
      }
      record.clear();
      record.open(no_index, NodeShape::object);
      for (std::size_t i = 0; i < fields.size() && i < names.size(); ++i)
        record.value(names[i], Datum::text(fields[i]));
      record.close();
      if (fields.size() != names.size()) {
        problems_.add(fields.size() < names.size() ? "short_row" : "long_row", rule.name, "", "",
                      "line " + std::to_string(reader.line()), "");
      }
      project(state, record, {}, file);
    }
    if (file.records == 0) {
      file.state = FileReport::State::empty;
      file.reason = "no rows";
    }
  }

  void table(const TableInput& input, const MethodRule& rule, MethodState& state, FileReport& file) {
    std::vector<ColumnReader> columns;
    std::vector<std::uint32_t> names;
    columns.reserve(input.schema().size());
    for (std::size_t i = 0; i < input.schema().size(); ++i) {
      // A column of a type that is not read matters only when the method asks for it; then it is listed as not there.
      if (input.schema()[i].type == ColumnType::unsupported) {
        problems_.add("nested_value", rule.name, "", input.schema()[i].name, "", "");
        continue;
      }
      columns.emplace_back(input, i);
      names.push_back(keys_.intern(seen_name(input.schema()[i].name)));
    }
    Record record(keys_);
    file.pages = 1;
    for (std::int64_t row = 0; row < input.rows(); ++row) {
      record.clear();
      record.open(no_index, NodeShape::object);
      for (std::size_t i = 0; i < columns.size(); ++i) record.value(names[i], columns[i].read(row));
      record.close();
      project(state, record, {}, file);
    }
    if (file.records == 0) {
      file.state = FileReport::State::empty;
      file.reason = "no rows";
    }
  }

  const Profile& profile_;
  ProfileData data_;
  KeyTable keys_;
  const std::function<void(const Draft&)>& sink_;
  std::string as_;
  bool folder_ = false;  // a source is a whole folder, so that files can be missing
  ProblemLog problems_{};
  std::map<std::string, MethodState> methods_{};
  ReadReport report_{};
  std::uint64_t facts_ = 0;
};

}  // namespace detail

DEALTRAIL_INLINE ReadReport read_facts(std::span<const FactSource> sources, const Profile& profile,
                                       const std::function<void(const Draft&)>& sink, const ReadOptions& options) {
  detail::FactReading reading(profile, sink, options);
  for (const FactSource& source : sources) reading.source(source);
  return reading.finish();
}

}  // namespace dealtrail
