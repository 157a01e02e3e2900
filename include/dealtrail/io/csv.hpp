#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/letters.hpp"
#include "dealtrail/core/encoding.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/invisible.hpp"
#include "dealtrail/io/detail/block_reader.hpp"
#include "dealtrail/io/detail/csv_encoding.hpp"

namespace dealtrail {

/// How the bytes of a delimited file are to be read as text.
enum class CsvEncoding : std::uint8_t { detect, utf8, cp1251 };

/// How a delimited file is written. Default: all of it is detected.
struct CsvFormat {
  char delimiter = '\0';  // '\0': detected on the first row, the most frequent of ; tab , |
  CsvEncoding encoding = CsvEncoding::detect;
  bool header = true;                // a row names the columns: the first, unless told below
  std::vector<std::string> names{};  // of a file without a header
  std::uint64_t skip_rows = 0;       // rows before the header: titles, periods
  std::string header_at{};           // the header is the first row with this column
  std::vector<std::string> totals{"Итого", "Всего", "Total", "Grand total"};  // a last row that begins so is a total
  std::vector<std::string> wanted{};  // columns that the reader is after: where the first row has none of them, the
                                      // header is the first of 32 rows that has half of them
  std::size_t block_size = detail::BlockReader::block_size;  // bytes taken at a time
};

/// Reads delimited text row by row (RFC 4180): quotes around delimiters, line ends and doubled quotes; a quote inside
/// an unquoted field is text; lines end in LF, CRLF or CR; empty lines are skipped; a byte order mark is skipped; a
/// first line `sep=;` names the delimiter, as Excel writes it. Without a declared encoding a file is UTF-8 if its mark
/// says so or if in all of it (a pipe: in a block) characters of UTF-8 are not fewer than bytes that are none, else
/// CP1251; a character that a block cuts is no evidence. In UTF-8 a byte that is no part of a character becomes U+FFFD,
/// and `bad_bytes` counts it. Names of columns are without invisible letters. Columns of one name are `name`, `name#2`,
/// `name#3`, columns without a name `column#4` by their place. Memory is one block of the file and one row. A row may
/// be shorter or longer than the header; the caller sees its size. Peers: RFC 4180; Python's csv reads the same rows
/// from the same text.
class CsvReader {
 public:
  static constexpr std::size_t max_field = 16 * 1024 * 1024;
  static constexpr std::size_t max_columns = 16 * 1024;

  /// Reads `text`, which must outlive the reader; `name` stands in messages.
  /// @throws Error corrupt_data, parse_error, limit_exceeded, as `next`.
  CsvReader(std::string name, std::string_view text, CsvFormat options = {})
      : bytes_(std::move(name), text, options.block_size), options_(std::move(options)), whole_(text) {
    begin();
  }
  /// Opens a file.
  /// @throws Error io_error if it cannot be opened; else as `next`.
  explicit CsvReader(const std::string& path, CsvFormat options = {})
      : bytes_(path, options.block_size), options_(std::move(options)), path_(path) {
    begin();
  }

  /// Names of the columns, unique.
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
  /// Names that stand more than once in the header.
  [[nodiscard]] const std::vector<std::string>& repeated_names() const noexcept { return repeated_names_; }
  [[nodiscard]] char delimiter() const noexcept { return options_.delimiter; }
  [[nodiscard]] CsvEncoding encoding() const noexcept { return options_.encoding; }

  /// Moves to the next row; false at the end.
  /// @throws Error corrupt_data if the file ends inside quotes; parse_error if text follows a closing quote or the file
  /// is UTF-16; limit_exceeded beyond 16 MiB a field or 16 384 columns; each names the file and the line.
  [[nodiscard]] bool next() {
    if (held_) {
      held_ = false;
      return true;
    }
    if (!kept_.empty()) {
      replay();
      return true;
    }
    return read_row();
  }

  /// Whether the row is the last one of the file.
  [[nodiscard]] bool is_last() {
    if (!kept_.empty()) return false;
    while (!bytes_.at_end() && (bytes_.peek() == '\n' || bytes_.peek() == '\r')) end_line(bytes_.peek());
    return bytes_.at_end();
  }
  /// Whether the row is the last one and its first field that is not empty is a word for a total.
  [[nodiscard]] bool is_total() {
    if (!is_last()) return false;
    const auto first =
        std::find_if(fields_.begin(), fields_.end(), [](std::string_view field) { return !field.empty(); });
    if (first == fields_.end() || fields_.size() < 2) return false;
    std::string word = column_name(*first);
    if (word.ends_with(':')) word.pop_back();
    return std::any_of(options_.totals.begin(), options_.totals.end(), [&](const std::string& total) {
      return detail::small_letters(total) == detail::small_letters(word);
    });
  }
  /// Rows before the header that were passed over, and the first fields of the first of them.
  [[nodiscard]] std::uint64_t title_rows() const noexcept { return title_rows_; }
  [[nodiscard]] const std::vector<std::string>& titles() const noexcept { return titles_; }
  /// Bytes of the row that are no UTF-8; each is U+FFFD in the fields.
  [[nodiscard]] std::uint64_t bad_bytes() const noexcept { return bad_bytes_; }

  /// Fields of the row, in UTF-8 if the encoding is; valid until the next row.
  [[nodiscard]] std::span<const std::string_view> fields() const noexcept { return fields_; }
  /// Line on which the row begins, from 1.
  [[nodiscard]] std::uint64_t line() const noexcept { return row_line_; }

 private:
  void begin() {
    const std::string_view first = bytes_.block();
    if (first.starts_with("\xEF\xBB\xBF")) {
      bytes_.skip(3);
      if (options_.encoding == CsvEncoding::detect) options_.encoding = CsvEncoding::utf8;
    } else if (first.starts_with("\xFF\xFE") || first.starts_with("\xFE\xFF")) {
      throw Error(ErrorCode::parse_error, bytes_.name() + " is UTF-16", {}, "save it as UTF-8");
    }
    take_separator_line();
    if (options_.delimiter == '\0') options_.delimiter = detected_delimiter(header_line(bytes_.block()));
    for (std::uint64_t i = 0; i < options_.skip_rows && read_row(); ++i) pass_over(fields_);
    if (options_.header) {
      find_header();
    } else if (!options_.names.empty()) {
      name_columns(std::vector<std::string_view>(options_.names.begin(), options_.names.end()));
    } else if (read_row()) {
      held_ = true;
      name_columns(std::vector<std::string_view>(fields_.size()));
    }
  }

  // The line sep=; of Excel, also in quotes.
  void take_separator_line() {
    const std::string_view block = bytes_.block();
    const bool quoted = block.starts_with('"');
    const std::size_t end = std::min(block.find_first_of("\r\n"), block.size());
    std::string_view line = block.substr(quoted ? 1 : 0, end - (quoted ? 1 : 0));
    if (quoted && !line.empty() && line.back() == '"') line.remove_suffix(1);
    constexpr std::string_view mark = "sep=";
    if (line.size() != mark.size() + 1 || end == block.size()) return;
    for (std::size_t i = 0; i < mark.size(); ++i) {
      if ((line[i] >= 'A' && line[i] <= 'Z' ? static_cast<char>(line[i] - 'A' + 'a') : line[i]) != mark[i]) return;
    }
    options_.delimiter = line.back();
    bytes_.skip(end);
    end_line(bytes_.peek());
  }

  static constexpr std::size_t most_titles = 32;

  [[nodiscard]] static std::string column_name(std::string_view field) {
    const std::string seen = has_invisible(field) ? without_invisible(field) : std::string{field};
    const std::size_t begin = seen.find_first_not_of(" \t");
    return begin == std::string::npos ? std::string{} : seen.substr(begin, seen.find_last_not_of(" \t") - begin + 1);
  }

  // How many of the wanted columns a row names.
  [[nodiscard]] std::size_t wanted_in(std::span<const std::string_view> fields) const {
    std::size_t count = 0;
    for (const std::string& wanted : options_.wanted) {
      count += std::any_of(fields.begin(), fields.end(), [&](std::string_view field) {
        return field.size() >= wanted.size() && column_name(field) == wanted;
      });
    }
    return count;
  }

  void pass_over(std::span<const std::string_view> fields) {
    ++title_rows_;
    std::string title;
    for (const std::string_view field : fields) {
      if (!field.empty()) title += (title.empty() ? "" : " ") + std::string{field};
    }
    if (titles_.size() < 5 && !title.empty()) titles_.push_back(std::move(title));
  }

  void find_header() {
    if (!options_.header_at.empty()) {
      while (read_row()) {
        if (std::any_of(fields_.begin(), fields_.end(),
                        [&](std::string_view field) { return column_name(field) == options_.header_at; }))
          return name_columns(fields_);
        pass_over(fields_);
      }
      throw Error(ErrorCode::missing_column, "no row of " + bytes_.name() + " names the column " + options_.header_at,
                  {}, "mend header_at of the profile");
    }
    if (!read_row()) return;
    if (options_.wanted.empty() || wanted_in(fields_) > 0) return name_columns(fields_);
    const std::size_t enough = (options_.wanted.size() + 1) / 2;
    do {
      kept_.push_back({{fields_.begin(), fields_.end()}, row_line_, bad_bytes_});
      if (kept_.size() > most_titles || !read_row()) break;
      if (wanted_in(fields_) >= enough) {
        for (const KeptRow& row : kept_) pass_over(std::vector<std::string_view>(row.fields.begin(), row.fields.end()));
        kept_.clear();
        return name_columns(fields_);
      }
    } while (true);
    // No row looks like the header, so it is the first one.
    const KeptRow first = std::move(kept_.front());
    kept_.pop_front();
    name_columns(std::vector<std::string_view>(first.fields.begin(), first.fields.end()));
  }

  // Rows that were read on the way to a header that is not there.
  void replay() {
    replayed_ = std::move(kept_.front());
    kept_.pop_front();
    fields_.assign(replayed_.fields.begin(), replayed_.fields.end());
    row_line_ = replayed_.line;
    bad_bytes_ = replayed_.bad_bytes;
  }

  // The text from the line on that names most of the wanted columns; from its beginning when none does.
  [[nodiscard]] std::string_view header_line(std::string_view block) {
    if (options_.wanted.empty() && options_.header_at.empty()) return block;
    recoded_ = block.substr(0, std::min<std::size_t>(block.size(), 64 * 1024));
    if (options_.encoding == CsvEncoding::cp1251 ||
        (options_.encoding == CsvEncoding::detect && !detail::evidence_of(recoded_).is_utf8()))
      recoded_ = cp1251_to_utf8(recoded_);
    const std::string_view text = recoded_;
    std::size_t best = 0;
    std::size_t most = 0;
    std::size_t begin = 0;
    for (std::size_t line = 0; line <= most_titles && begin < text.size(); ++line) {
      const std::size_t end = std::min(text.find_first_of("\r\n", begin), text.size());
      const std::string_view one = text.substr(begin, end - begin);
      std::size_t count = !options_.header_at.empty() && one.find(options_.header_at) != std::string_view::npos;
      for (const std::string& wanted : options_.wanted) count += one.find(wanted) != std::string_view::npos;
      if (count > most) {
        most = count;
        best = begin;
      }
      begin = std::min(text.find_first_not_of("\r\n", end), text.size());
    }
    return text.substr(best);
  }

  // The most frequent candidate of the first row outside quotes; `,` when there is none. The first row ends within the
  // block, or the block is all there is to judge by.
  [[nodiscard]] static char detected_delimiter(std::string_view text) noexcept {
    constexpr std::array<char, 4> candidates{';', '\t', ',', '|'};
    std::array<std::size_t, 4> counts{};
    bool quoted = false;
    bool seen = false;
    for (const char c : text) {
      if (c == '"') quoted = !quoted;
      if (quoted) continue;
      if (c == '\n' || c == '\r') {
        if (seen) break;
        continue;
      }
      seen = true;
      for (std::size_t i = 0; i < candidates.size(); ++i) counts[i] += c == candidates[i] ? 1 : 0;
    }
    const auto most = std::max_element(counts.begin(), counts.end());
    return *most == 0 ? ',' : candidates[static_cast<std::size_t>(most - counts.begin())];
  }

  void name_columns(std::span<const std::string_view> found) {
    // Numbers of names are looked up in a sorted list, so that a header of many equal names stays cheap.
    std::vector<std::pair<std::string, std::size_t>> seen;
    for (std::size_t i = 0; i < found.size(); ++i) {
      std::string name = column_name(found[i]);
      if (name.empty()) name = "column#" + std::to_string(i + 1);
      for (std::string unique = name;;) {
        const auto at = std::lower_bound(seen.begin(), seen.end(), unique,
                                         [](const auto& each, const std::string& key) { return each.first < key; });
        if (at == seen.end() || at->first != unique) {
          seen.insert(at, {unique, 1});
          names_.push_back(std::move(unique));
          break;
        }
        // A name taken by an earlier duplicate counts on.
        const auto base = std::lower_bound(seen.begin(), seen.end(), name,
                                           [](const auto& each, const std::string& key) { return each.first < key; });
        if (base->second == 1) repeated_names_.push_back(name);
        unique = name + "#" + std::to_string(++base->second);
      }
    }
  }

  // Decides the encoding when the first byte beyond ASCII is at hand; `rest` is the block from that byte on. Where the
  // block leaves a doubt, all of the file is asked.
  void decide(std::string_view rest) {
    constexpr std::uint64_t beyond_doubt = 16;
    detail::EncodingEvidence found = detail::evidence_of(rest);
    if (found.bad > 0 || found.characters < beyond_doubt) {
      if (whole_.data() != nullptr) {
        found = detail::evidence_of_all(whole_);
      } else if (const auto of_file = detail::evidence_of_file(path_)) {
        found = *of_file;
      }
    }
    options_.encoding = found.is_utf8() ? CsvEncoding::utf8 : CsvEncoding::cp1251;
  }

  [[noreturn]] void fail(ErrorCode code, const std::string& what, std::uint64_t line, const char* hint = "") const {
    throw Error(code, what + " on line " + std::to_string(line) + " of " + bytes_.name(), {}, hint);
  }

  void end_field() {
    if (ends_.size() >= max_columns) fail(ErrorCode::limit_exceeded, "more than 16384 columns", row_line_);
    ends_.push_back(row_.size());
  }

  void append(std::string_view text) {
    if (options_.encoding == CsvEncoding::detect) {
      const auto letter =
          std::find_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
      if (letter != text.end()) {
        const std::string_view block = bytes_.block();  // begins with `text`: it is appended before it is skipped
        decide(block.substr(static_cast<std::size_t>(letter - text.begin())));
      }
    }
    if (options_.encoding == CsvEncoding::cp1251) {
      row_ += cp1251_to_utf8(text);
    } else {
      row_ += text;
    }
    if (row_.size() - (ends_.empty() ? 0 : ends_.back()) > max_field) {
      fail(ErrorCode::limit_exceeded, "a field is longer than 16777216 bytes", row_line_);
    }
  }

  void end_line(char c) {
    ++line_;
    bytes_.skip();
    if (c == '\r' && !bytes_.at_end() && bytes_.peek() == '\n') bytes_.skip();
  }

  bool read_row() {
    row_.clear();
    ends_.clear();
    while (!bytes_.at_end() && (bytes_.peek() == '\n' || bytes_.peek() == '\r')) end_line(bytes_.peek());
    if (bytes_.at_end()) return false;
    row_line_ = line_;
    for (bool more = true; more;) more = bytes_.at_end() ? (end_field(), false) : read_field();
    bad_bytes_ = 0;
    if (options_.encoding != CsvEncoding::cp1251 && !utf8_valid(row_)) bad_bytes_ = detail::mend_utf8(row_, ends_);
    fields_.clear();
    std::size_t from = 0;
    for (const std::size_t end : ends_) {
      fields_.emplace_back(std::string_view{row_}.substr(from, end - from));
      from = end;
    }
    return true;
  }

  // One field and what ends it; false when it ends the row.
  bool read_field() {
    if (bytes_.peek() == '"') read_quoted();
    while (!bytes_.at_end()) {
      const std::string_view block = bytes_.block();
      const char delimiter = options_.delimiter;
      std::size_t size = 0;
      while (size < block.size() && block[size] != delimiter && block[size] != '\n' && block[size] != '\r') ++size;
      if (size > 0) {
        if (after_quote_)
          fail(ErrorCode::parse_error, "text after a closing quote", line_, "double the quotes inside a quoted field");
        append(block.substr(0, size));
        bytes_.skip(size);
        continue;
      }
      after_quote_ = false;
      end_field();
      if (block.front() == delimiter) {
        bytes_.skip();
        return true;
      }
      end_line(block.front());
      return false;
    }
    after_quote_ = false;
    end_field();
    return false;
  }

  void read_quoted() {
    const std::uint64_t opened = line_;
    bytes_.skip();
    while (true) {
      if (bytes_.at_end()) {
        fail(ErrorCode::corrupt_data, "the file ends inside quotes that open", opened,
             "the file was cut off, or a quote is not closed");
      }
      const std::string_view block = bytes_.block();
      const std::size_t size = std::min(block.find('"'), block.size());
      if (size > 0) {
        const std::string_view text = block.substr(0, size);
        count_lines(text);
        append(text);
        bytes_.skip(size);
        continue;
      }
      last_was_cr_ = false;
      bytes_.skip();
      if (bytes_.at_end() || bytes_.peek() != '"') break;
      append("\"");
      bytes_.skip();
    }
    after_quote_ = true;
  }

  void count_lines(std::string_view text) noexcept {
    for (const char c : text) {
      if (c == '\r' || (c == '\n' && !last_was_cr_)) ++line_;
      last_was_cr_ = c == '\r';
    }
  }

  struct KeptRow {
    std::vector<std::string> fields{};
    std::uint64_t line = 0;
    std::uint64_t bad_bytes = 0;
  };

  detail::BlockReader bytes_;
  CsvFormat options_;
  std::string_view whole_{};  // of a text in memory
  std::string path_{};        // of a file
  std::deque<KeptRow> kept_{};
  KeptRow replayed_{};
  std::string recoded_{};
  std::vector<std::string> titles_{};
  std::uint64_t title_rows_ = 0;
  std::uint64_t bad_bytes_ = 0;
  std::vector<std::string> names_{};
  std::vector<std::string> repeated_names_{};
  std::string row_{};
  std::vector<std::size_t> ends_{};
  std::vector<std::string_view> fields_{};
  std::uint64_t line_ = 1;
  std::uint64_t row_line_ = 1;
  bool held_ = false;
  bool after_quote_ = false;
  bool last_was_cr_ = false;
};

}  // namespace dealtrail
