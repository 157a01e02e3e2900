#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace dealtrail {

/// Stable reason of an Error: hosts may branch on it. Codes are API, texts are not.
enum class ErrorCode : std::uint8_t {
  invalid_argument,
  missing_column,
  type_mismatch,
  null_value,
  currency_mismatch,
  overflow,
  not_converged,
  parse_error,
  unknown_name,
  exhausted_stream,
  corrupt_data,
  io_error,
  limit_exceeded,
};

/// The name of a code as it is written in the source: "missing_column". "unknown" for a value outside the enum.
[[nodiscard]] constexpr std::string_view to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::missing_column: return "missing_column";
    case ErrorCode::type_mismatch: return "type_mismatch";
    case ErrorCode::null_value: return "null_value";
    case ErrorCode::currency_mismatch: return "currency_mismatch";
    case ErrorCode::overflow: return "overflow";
    case ErrorCode::not_converged: return "not_converged";
    case ErrorCode::parse_error: return "parse_error";
    case ErrorCode::unknown_name: return "unknown_name";
    case ErrorCode::exhausted_stream: return "exhausted_stream";
    case ErrorCode::corrupt_data: return "corrupt_data";
    case ErrorCode::io_error: return "io_error";
    case ErrorCode::limit_exceeded: return "limit_exceeded";
  }
  return "unknown";
}

/// The place of a trouble. Empty names and a negative row mean "not known" or "all of it"; rows count from 0.
struct Where {
  std::string table;
  std::string column;
  std::int64_t row = -1;
  friend bool operator==(const Where&, const Where&) = default;
};

namespace detail {

inline std::string error_text(const std::string& message, const Where& where, const std::string& hint) {
  std::string text = message;
  std::string place = where.table;
  if (!where.column.empty()) {
    if (!place.empty()) place += '.';
    place += where.column;
  }
  if (where.row >= 0) {
    if (!place.empty()) place += ' ';
    place += "row " + std::to_string(where.row);
  }
  if (!place.empty()) text += " [" + place + "]";
  if (!hint.empty()) text += "; " + hint;
  return text;
}

}  // namespace detail

/// A caller's mistake: what rule was broken, where, and what to do about it.
/// what() reads "message [table.column row N]; hint"; parts that are not known are left out.
/// Dirty rows are not errors but findings; our own bugs are assertions.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message, Where where = {}, std::string hint = {})
      : std::runtime_error(detail::error_text(message, where, hint)),
        code_(code),
        where_(std::move(where)),
        hint_(std::move(hint)) {}

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  [[nodiscard]] const Where& where() const noexcept { return where_; }
  /// What the caller can do, in one sentence; empty when there is nothing to add.
  [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

 private:
  ErrorCode code_;
  Where where_;
  std::string hint_;
};

}  // namespace dealtrail
