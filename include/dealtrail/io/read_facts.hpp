#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/facts/draft.hpp"
#include "dealtrail/io/profile.hpp"
#include "dealtrail/table/column.hpp"
#include "dealtrail/table/stream.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

/// Where records come from: a file or folder, a text in memory under a file's name, or a table.
class FactSource {
 public:
  /// A file, or a folder with everything below it (names that begin with a dot are passed over).
  [[nodiscard]] static FactSource path(std::string path) { return {Sort::path, std::move(path), {}, nullptr}; }
  /// The bytes of a file; borrowed. `name` chooses the method and the format as a file's name does.
  [[nodiscard]] static FactSource text(std::string name, std::string_view bytes) {
    return {Sort::text, std::move(name), bytes, nullptr};
  }
  /// A table, borrowed; its columns are the columns of the profile. The method is chosen by `as`, or by `name`.
  [[nodiscard]] static FactSource table(std::string name, const TableInput& table) {
    return {Sort::table, std::move(name), {}, &table};
  }

  enum class Sort : std::uint8_t { path, text, table };
  [[nodiscard]] Sort sort() const noexcept { return sort_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }
  [[nodiscard]] const TableInput& input() const noexcept { return *table_; }

 private:
  FactSource(Sort sort, std::string name, std::string_view bytes, const TableInput* table)
      : sort_(sort), name_(std::move(name)), bytes_(bytes), table_(table) {}

  Sort sort_;
  std::string name_;
  std::string_view bytes_;
  const TableInput* table_;
};

struct ReadOptions {
  std::string as{};      // the method of every source; empty: chosen by file name
  std::string source{};  // replaces the profile's source in ids and links; empty: the profile's
};

/// What became of one file.
struct FileReport {
  enum class State : std::uint8_t {
    read,
    empty,    // no bytes, or pages without records
    unused,   // its method puts nothing, on purpose
    refused,  // no method fits, or not a page of its method, or nothing but errors of the source
  };
  std::string file{};
  std::string method{};
  State state = State::read;
  std::string reason{};  // why it was not read
  std::uint64_t pages = 0;
  std::uint64_t records = 0;
  std::uint64_t skipped = 0;  // records that the method's `when` passes over
  std::uint64_t facts = 0;    // given to the sink
};

inline constexpr detail::EnumNames<4> file_state_names{"read", "empty", "unused", "refused"};
[[nodiscard]] constexpr std::string_view to_string(FileReport::State state) noexcept {
  return detail::enum_name(file_state_names, state);
}

/// Trouble with what was read, one sort of it. The code is stable, the texts are not.
struct ReadProblem {
  std::string code{};  // unreadable_value, unmapped_value, several_values, nested_value, missing_id, duplicate_key,
                       // short_row, long_row, not_a_record, source_error, truncated_dump, page_refused, empty_file,
                       // page_gap, unknown_file, method_without_file, column_not_there, repeated_column, id_as_real,
                       // bad_byte, title_rows, total_row, split_text
  std::string method{};
  std::string kind{};
  std::string column{};
  std::uint64_t count = 0;
  std::vector<std::string> first_ids{};     // up to five
  std::vector<std::string> first_values{};  // up to five different ones
  std::string message{};
  std::string hint{};

  /// `error`: records are lost; `warning`: a value, a column or a file is; `info`: nothing is.
  [[nodiscard]] std::string_view severity() const noexcept;
};

/// What was read and what was not; the facts themselves went to the sink.
struct ReadReport {
  std::vector<FileReport> files{};
  std::vector<ReadProblem> problems{};  // sorted by code, method, kind, column
  struct Column {
    std::string method{};
    std::string column{};
    std::uint64_t count = 0;
  };
  std::vector<Column> columns_not_read{};  // of records, read by no put of the method
  /// Kinds of which a method that was read puts whole facts (no stubs) with ids of the source: what a full reload
  /// speaks of.
  std::vector<Kind> whole_kinds{};
  /// Methods that put such kinds and whose answers have no total that could prove them whole.
  std::vector<std::string> unproven{};
  std::string source{};  // prefix of ids, without the colon

  /// True if something is missing that the source has: a truncated dump, an error of the source, a refused page of a
  /// known method.
  [[nodiscard]] bool incomplete() const;
  /// file, method, state, pages, records, skipped, facts, reason: a row per file.
  [[nodiscard]] Table files_table() const;
  /// method, files, read, refused, pages, records, skipped, facts: a row per method; "(none)" for files without one.
  [[nodiscard]] Table methods_table() const;
  /// code, severity, method, kind, column, count, first_ids, first_values, message, hint.
  [[nodiscard]] Table problems_table() const;
  /// method, column, count.
  [[nodiscard]] Table columns_table() const;
};

/// Reads every source by the profile and gives each fact to `sink`, in order of file names (numbers in names compare as
/// numbers) and of records. The draft's text lives until `sink` returns. Memory: a block of a file, one record, and 8
/// bytes for each record of a dump in pages. A dump is whole when each page says the same total and as many different
/// ids came. JSON
/// or delimited text is told by the extension (.json .jsonl .ndjson; .csv .tsv .txt), else by the first character. A
/// file that no method fits or that is a page of another system is refused and listed, the others are read.
/// @throws Error io_error for a path that is not there; corrupt_data, parse_error, limit_exceeded for a broken file
/// (names it and the byte or line); unknown_name for a wrong `as`; invalid_argument when nothing at all could be read,
/// with the reasons and the methods there are; whatever `sink` throws.
ReadReport read_facts(std::span<const FactSource> sources, const Profile& profile,
                      const std::function<void(const Draft&)>& sink, const ReadOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/io/detail/read_facts.ipp"         // IWYU pragma: keep
#include "dealtrail/io/detail/read_facts_report.ipp"  // IWYU pragma: keep
#endif
