#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "dealtrail/core/parse.hpp"
#include "dealtrail/io/json_records.hpp"

namespace dealtrail {
namespace detail {

// The library's message without its own numbering, short, and with nothing of a long token in it.
inline std::string json_trouble(std::string_view what) {
  if (const std::size_t end = what.find("] "); what.starts_with("[json.exception") && end != std::string_view::npos) {
    what.remove_prefix(end + 2);
  }
  std::string text;
  for (const char c : what.substr(0, 300))
    text += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E ? '?' : c;
  return text;
}

// nlohmann's SAX interface onto PageEvents.
class SaxEvents {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  SaxEvents(BlockReader& bytes, PageEvents& events) : bytes_(bytes), events_(events) {}

  bool null() { return scalar(Datum{}); }
  bool boolean(bool value) { return scalar(Datum::boolean(value)); }
  bool number_integer(number_integer_t value) { return scalar(Datum::integer(value)); }
  bool number_unsigned(number_unsigned_t value) {
    if (value <= static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max())) {
      return scalar(Datum::integer(static_cast<std::int64_t>(value)));
    }
    return scalar(Datum::decimal(static_cast<Int128>(value), 0));
  }
  // The digits as written, not the nearest double: 0.1 stays one tenth. Its writer may have had a double all the same.
  bool number_float(number_float_t value, const string_t& text) {
    if (const auto exact = parse_decimal(text, NumberFormat{'.', '\0'})) return scalar(Datum::approximate(*exact));
    return scalar(Datum::real(value));
  }
  bool string(string_t& value) { return scalar(Datum::text(value)); }
  bool binary(binary_t&) { return false; }
  bool key(string_t& name) {
    bytes_.mark();
    events_.key(name);
    return true;
  }
  bool start_object(std::size_t) { return open(NodeShape::object); }
  bool start_array(std::size_t) { return open(NodeShape::list); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  [[noreturn]] bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& trouble) {
    const std::string_view what = trouble.what();
    const bool misplaced =
        what.find("unexpected ") != std::string_view::npos && what.find("unexpected end") == std::string_view::npos;
    const bool cut = bytes_.at_end() && !misplaced;
    const std::string place = "at byte " + std::to_string(bytes_.position()) + " of " + bytes_.name();
    if (cut) {
      throw Error(ErrorCode::corrupt_data, "the JSON ends in the middle of a value " + place, {},
                  "the file was cut off while it was saved; save it again");
    }
    throw Error(ErrorCode::parse_error, "not JSON " + place + ": " + json_trouble(what));
  }

 private:
  bool scalar(Datum value) {
    bytes_.mark();
    events_.scalar(value);
    return true;
  }
  bool open(NodeShape shape) {
    bytes_.mark();
    events_.open(shape);
    return true;
  }
  bool close() {
    bytes_.mark();
    events_.close();
    return true;
  }

  BlockReader& bytes_;
  PageEvents& events_;
};

}  // namespace detail

DEALTRAIL_INLINE void read_json_records(detail::BlockReader& bytes, detail::PageEvents& events) {
  detail::SaxEvents sax(bytes, events);
  const auto skip_space = [&bytes] {
    while (!bytes.at_end()) {
      const char next = bytes.peek();
      if (next != ' ' && next != '\n' && next != '\r' && next != '\t') return true;
      bytes.skip();
    }
    return false;
  };
  try {
    if (bytes.block().starts_with("\xEF\xBB\xBF")) bytes.skip(3);
    while (skip_space()) {
      events.restart();
      bytes.mark();
      nlohmann::json::sax_parse(detail::BlockIterator(bytes), detail::BlockIterator(), &sax,
                                nlohmann::json::input_format_t::json, false);
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::limit_exceeded) throw;
    throw Error(error.code(),
                std::string(error.what()) + ", at byte " + std::to_string(bytes.position()) + " of " + bytes.name());
  }
}

}  // namespace dealtrail
