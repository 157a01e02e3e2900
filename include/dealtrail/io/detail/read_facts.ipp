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

#include "dealtrail/core/detail/names.hpp"
#include "dealtrail/core/invisible.hpp"
#include "dealtrail/io/csv.hpp"
#include "dealtrail/io/detail/dump_count.hpp"
#include "dealtrail/io/detail/file_sorts.hpp"
#include "dealtrail/io/detail/projector.hpp"
#include "dealtrail/io/detail/read_problems.hpp"
#include "dealtrail/io/json_records.hpp"
#include "dealtrail/io/read_facts.hpp"

namespace dealtrail {
namespace detail {

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
        for (const std::string& text : state.dump.told()) problems_.add("truncated_dump", name, "", "", "", text);
      }
      if (state.whole && state.dump.unproven()) report_.unproven.push_back(name);
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
      const std::string closest = problem.code == "column_not_there" && !problem.first_values.empty()
                                      ? "did you mean \"" + problem.first_values.front() + "\"? "
                                      : std::string{};
      for (const ProblemText& text : problem_texts) {
        if (text.code != problem.code) continue;
        shown.message = text.message;
        shown.hint = closest + std::string(text.hint);
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
    std::uint64_t records = 0;  // of all files: `#` counts on from one to the next
    bool whole = false;         // puts whole facts with ids
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
      if (!put.id || put.stub) continue;
      state.whole = true;
      if (!listed) report_.whole_kinds.push_back(put.kind);
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
    if (const std::string_view office = office_file(source); !office.empty()) {
      file.state = FileReport::State::refused;
      file.reason = std::string(office) +
                    "; from Python it is read through python-calamine when that is installed, "
                    "else save it as CSV";
      problems_.add("page_refused", rule.name, "", "", file.file, file.reason);
      return;
    }
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

  void project(MethodState& state, const Record& record, std::string_view command, FileReport& file) {
    if (!state.projector->project(record, state.records++, command)) ++file.skipped;
    ++file.records;
  }

  // Columns that the profile names and the header of a file or table lacks.
  void check_header(const MethodRule& rule, const MethodState& state, const std::vector<std::uint32_t>& header,
                    const FileReport& file) {
    if (header.empty()) return;  // a file without a byte
    std::vector<std::string_view> names;
    for (const std::uint32_t key : header) names.push_back(keys_[key].name);
    for (const std::string& column : state.projector->columns_not_there(keys_, header))
      problems_.add("column_not_there", rule.name, "", column, file.file, closest_name(column, names));
  }

  void pages(BlockReader& bytes, const MethodRule& rule, MethodState& state, FileReport& file) {
    bool refused = false;
    std::string first_error;
    PageEvents events(
        rule.envelope, keys_,
        [&](const Record& record, std::string_view command) {
          project(state, record, command, file);
          state.dump.record(command, state.projector->record_ids());
        },
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
    check_header(rule, state, names, file);
    for (const std::string& name : reader.repeated_names())
      problems_.add("repeated_column", rule.name, "", name, file.file, "");
    state.dump.not_pages();
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
      const std::uint32_t name = keys_.intern(seen_name(input.schema()[i].name));
      if (is_index_of_frame(input.schema()[i].name) && !keys_[name].wanted) continue;
      columns.emplace_back(input, i);
      names.push_back(name);
    }
    check_header(rule, state, names, file);
    state.dump.not_pages();
    Record record(keys_);
    file.pages = 1;
    for (std::int64_t row = 0; row < input.rows(); ++row) {
      record.clear();
      record.open(no_index, NodeShape::object);
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const Datum cell = columns[i].read(row);
        record.value(names[i], is_blank(cell) && cell.kind() == DatumKind::real ? Datum::null() : cell);  // NaN
      }
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
