#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/encoding.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/io/detail/block_reader.hpp"

namespace dealtrail {

/// How the bytes of a delimited file are to be read as text.
enum class CsvEncoding : std::uint8_t { detect, utf8, cp1251 };

/// How a delimited file is written. Default: all of it is detected.
struct CsvFormat {
  char delimiter = '\0';  // '\0': detected on the first row, the most frequent of ; tab , |
  CsvEncoding encoding = CsvEncoding::detect;
  bool header = true;                                        // the first row names the columns
  std::vector<std::string> names{};                          // of a file without a header
  std::size_t block_size = detail::BlockReader::block_size;  // bytes taken at a time
};

/// Reads delimited text row by row (RFC 4180): quotes around delimiters, line ends and doubled quotes; a quote inside
/// an unquoted field is text; lines end in LF, CRLF or CR; empty lines are skipped; a byte order mark is skipped.
/// Without a declared encoding a file is UTF-8 if its mark says so or its first block with letters beyond ASCII is
/// UTF-8, else CP1251. Columns of one name are `name`, `name#2`, `name#3`, columns without a name `column#4` by their
/// place. Memory is one block of the file and one row. A row may be shorter or longer than the header; the caller sees
/// its size. Peers: RFC 4180; Python's csv reads the same rows from the same text.
class CsvReader {
 public:
  static constexpr std::size_t max_field = 16 * 1024 * 1024;
  static constexpr std::size_t max_columns = 16 * 1024;

  /// Reads `text`, which must outlive the reader; `name` stands in messages.
  /// @throws Error corrupt_data, parse_error, limit_exceeded, as `next`.
  CsvReader(std::string name, std::string_view text, CsvFormat options = {})
      : bytes_(std::move(name), text, options.block_size), options_(std::move(options)) {
    begin();
  }
  /// Opens a file.
  /// @throws Error io_error if it cannot be opened; else as `next`.
  explicit CsvReader(const std::string& path, CsvFormat options = {})
      : bytes_(path, options.block_size), options_(std::move(options)) {
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
    return read_row();
  }

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
    if (options_.delimiter == '\0') options_.delimiter = detected_delimiter(bytes_.block());
    if (options_.header) {
      if (read_row()) name_columns(fields_);
    } else if (!options_.names.empty()) {
      name_columns(std::vector<std::string_view>(options_.names.begin(), options_.names.end()));
    } else if (read_row()) {
      held_ = true;
      name_columns(std::vector<std::string_view>(fields_.size()));
    }
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
      std::string_view plain = found[i];
      while (!plain.empty() && (plain.front() == ' ' || plain.front() == '\t')) plain.remove_prefix(1);
      while (!plain.empty() && (plain.back() == ' ' || plain.back() == '\t')) plain.remove_suffix(1);
      std::string name = plain.empty() ? "column#" + std::to_string(i + 1) : std::string(plain);
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

  // Decides the encoding when the first byte beyond ASCII is at hand; `rest` is the block from that byte on.
  void decide(std::string_view rest) {
    // The end of the block may cut a character of up to four bytes: its lead and what follows are left out.
    std::size_t tail = 0;
    while (tail < 3 && tail + 1 < rest.size() &&
           (static_cast<unsigned char>(rest[rest.size() - 1 - tail]) & 0xC0U) == 0x80U)
      ++tail;
    const bool lead = static_cast<unsigned char>(rest[rest.size() - 1 - tail]) >= 0xC0;
    const bool fits =
        utf8_valid(rest) || (lead && rest.size() > tail + 1 && utf8_valid(rest.substr(0, rest.size() - 1 - tail)));
    options_.encoding = fits ? CsvEncoding::utf8 : CsvEncoding::cp1251;
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

  detail::BlockReader bytes_;
  CsvFormat options_;
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
