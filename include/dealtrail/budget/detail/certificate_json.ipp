#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "dealtrail/budget/certificate.hpp"
#include "dealtrail/budget/detail/dual_bound.hpp"

namespace dealtrail::budget {
namespace detail {

// Length of the UTF-8 character at the front, 0 if there is none.
[[nodiscard]] inline std::size_t character_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                                                             : 4;
  if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F)) return 0;  // overlong, surrogates
  if ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F)) return 0;
  return length;
}

class JsonText {
 public:
  void key(std::string_view name) {
    comma();
    text_ += '"';
    text_ += name;
    text_ += "\":";
    fresh_ = true;
  }
  void open(char bracket) {
    comma();
    text_ += bracket;
    fresh_ = true;
  }
  void close(char bracket) {
    text_ += bracket;
    fresh_ = false;
  }
  template <class Number>
    requires std::is_arithmetic_v<Number>
  void number(Number value) {
    comma();
    char buffer[40];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    text_.append(buffer, end);
  }
  void limit(std::int64_t value) {
    if (value == no_limit) {
      word("null");
    } else {
      number(value);
    }
  }
  void word(std::string_view value) {
    comma();
    text_ += value;
  }
  void string(std::string_view value) {
    comma();
    text_ += '"';
    while (!value.empty()) {
      const std::size_t length = character_length(value);
      const auto first = static_cast<unsigned char>(value[0]);
      if (length == 0) {
        text_ += "\\ufffd";
      } else if (first == '"' || first == '\\') {
        text_ += '\\';
        text_ += value[0];
      } else if (first < 0x20) {
        constexpr char digits[] = "0123456789abcdef";
        text_ += "\\u00";
        text_ += digits[first >> 4U];
        text_ += digits[first & 15U];
      } else {
        text_ += value.substr(0, length);
      }
      value.remove_prefix(length == 0 ? 1 : length);
    }
    text_ += '"';
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void comma() {
    if (!fresh_) text_ += ',';
    fresh_ = false;
  }

  std::string text_{};
  bool fresh_ = true;
};

inline void write_channel(JsonText& json, const ProblemChannel& channel) {
  const Curve& curve = channel.curve;
  json.open('{');
  json.key("name"), json.string(channel.name);
  json.key("kind"), json.string(to_string(curve.kind()));
  json.key("scale"), json.number(curve.scale());
  json.key("unit"), json.number(curve.unit());
  json.key("exponent"), json.number(curve.exponent());
  json.key("fee"), json.number(curve.fee());
  json.key("base"), json.number(curve.base());
  json.key("points"), json.open('[');
  for (const CurvePoint& point : curve.points()) {
    json.open('[');
    json.number(point.money), json.number(point.response);
    json.close(']');
  }
  json.close(']');
  json.key("least"), json.number(channel.least);
  json.key("most"), json.number(channel.most);
  json.key("least_if_used"), json.number(channel.least_if_used);
  json.key("group"), json.number(channel.group);
  json.close('}');
}

inline void write_node(JsonText& json, const SplitNode& node) {
  json.open('{');
  if (node.channel >= 0) {
    json.key("channel"), json.number(node.channel);
    json.key("left_most"), json.number(node.left_most);
    json.key("right_least"), json.number(node.right_least);
    json.key("left"), json.number(node.left);
    json.key("right"), json.number(node.right);
  } else if (node.empty) {
    json.key("empty"), json.word("true");
  } else {
    json.key("prices"), json.open('[');
    for (const double price : node.prices) json.number(price);
    json.close(']');
  }
  json.close('}');
}

}  // namespace detail

DEALTRAIL_INLINE std::string to_json(const Certificate& certificate) {
  const Problem& problem = certificate.problem;
  detail::JsonText json;
  json.open('{');
  json.key("format"), json.string("dealtrail.budget.certificate/1");
  json.key("currency"), json.string(problem.currency.code());
  json.key("places"), json.number(problem.places);
  json.key("goal"), json.string(to_string(problem.goal));
  json.key("target"), json.number(problem.target);
  json.key("budget"), json.limit(problem.budget);
  json.key("in_order"), json.word(problem.in_order ? "true" : "false");
  json.key("channels"), json.open('[');
  for (const ProblemChannel& channel : problem.channels) detail::write_channel(json, channel);
  json.close(']');
  json.key("groups"), json.open('[');
  for (const ProblemGroup& group : problem.groups) {
    json.open('{');
    json.key("name"), json.string(group.name);
    json.key("least"), json.number(group.least);
    json.key("most"), json.limit(group.most);
    json.key("parent"), json.number(group.parent);
    json.close('}');
  }
  json.close(']');
  json.key("spend"), json.open('[');
  for (const std::int64_t amount : certificate.spend) json.number(amount);
  json.close(']');
  json.key("value"), json.number(certificate.value);
  json.key("bound"), json.number(certificate.bound);
  json.key("gap"), json.number(certificate.gap);
  json.key("nodes"), json.open('[');
  for (const SplitNode& node : certificate.nodes) detail::write_node(json, node);
  json.close(']');
  json.close('}');
  return json.take();
}

}  // namespace dealtrail::budget
