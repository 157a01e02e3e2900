#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "dealtrail/io/detail/block_reader.hpp"
#include "dealtrail/io/read_facts.hpp"

// Files by their names and first bytes: their order, their format, and which no reader of ours takes.
namespace dealtrail::detail {

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

// Delimited text, or JSON: by the extension, else by the first character.
[[nodiscard]] inline bool is_delimited(const FactSource& source) {
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

// What a file of a spreadsheet program is, by its first bytes; empty for any other.
[[nodiscard]] inline std::string_view office_file(const FactSource& source) {
  std::string first;
  if (source.sort() == FactSource::Sort::table) return {};
  if (source.sort() == FactSource::Sort::text) {
    first = source.bytes().substr(0, 256);
  } else {
    BlockReader bytes(source.name(), 256);
    first = bytes.block();
  }
  if (first.starts_with("PK\x03\x04")) return "an Excel workbook (.xlsx) or another ZIP archive";
  if (first.starts_with("\xD0\xCF\x11\xE0")) return "an Excel workbook (.xls)";
  if (!is_delimited(source)) return {};
  std::transform(first.begin(), first.end(), first.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const std::size_t at = first.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  for (const std::string_view tag : {"<html", "<!doctype html", "<table", "<meta", "<head"}) {
    if (at != std::string::npos && std::string_view{first}.substr(at).starts_with(tag))
      return "an HTML page, as an .xls of a web system often is";
  }
  return {};
}

}  // namespace dealtrail::detail
