#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/letters.hpp"
#include "dealtrail/core/detail/scan.hpp"

namespace dealtrail {

/// A value that stands where somebody's own should: a word of a system or of people for "none". Small letters.
struct Placeholder {
  std::string_view kind;  // word: in the place of any contact; mailbox: before the @ of an address
  std::string_view value;
};

/// Values that identify nobody, in the order of kind and value.
inline constexpr std::array placeholders{
    Placeholder{"mailbox", "anonymous"},
    Placeholder{"mailbox", "do-not-reply"},
    Placeholder{"mailbox", "donotreply"},
    Placeholder{"mailbox", "no"},
    Placeholder{"mailbox", "no-email"},
    Placeholder{"mailbox", "no-mail"},
    Placeholder{"mailbox", "no-reply"},
    Placeholder{"mailbox", "no.reply"},
    Placeholder{"mailbox", "no_email"},
    Placeholder{"mailbox", "no_reply"},
    Placeholder{"mailbox", "noemail"},
    Placeholder{"mailbox", "nomail"},
    Placeholder{"mailbox", "none"},
    Placeholder{"mailbox", "noreply"},
    Placeholder{"mailbox", "null"},
    Placeholder{"mailbox", "test"},
    Placeholder{"mailbox", "undefined"},
    Placeholder{"mailbox", "unknown"},
    Placeholder{"word", "#n/a"},
    Placeholder{"word", "(direct)"},
    Placeholder{"word", "(none)"},
    Placeholder{"word", "(not provided)"},
    Placeholder{"word", "(not set)"},
    Placeholder{"word", "(other)"},
    Placeholder{"word", "-"},
    Placeholder{"word", "--"},
    Placeholder{"word", "---"},
    Placeholder{"word", "."},
    Placeholder{"word", "0"},
    Placeholder{"word", "00000000-0000-0000-0000-000000000000"},
    Placeholder{"word", "[object object]"},
    Placeholder{"word", "anonymous"},
    Placeholder{"word", "false"},
    Placeholder{"word", "n/a"},
    Placeholder{"word", "na"},
    Placeholder{"word", "nan"},
    Placeholder{"word", "nil"},
    Placeholder{"word", "none"},
    Placeholder{"word", "not set"},
    Placeholder{"word", "null"},
    Placeholder{"word", "test"},
    Placeholder{"word", "true"},
    Placeholder{"word", "undefined"},
    Placeholder{"word", "unknown"},
    Placeholder{"word", "не задано"},
    Placeholder{"word", "не указан"},
    Placeholder{"word", "не указано"},
    Placeholder{"word", "неизвестно"},
    Placeholder{"word", "нет"},
    Placeholder{"word", "–"},
    Placeholder{"word", "—"},
};

/// Whether a contact of any kind is one of the words for "none", or an address of a mailbox that nobody reads. Blanks
/// around and capital letters (Latin and Russian) do not matter. O(length + number of placeholders).
[[nodiscard]] inline bool is_placeholder(std::string_view value) {
  constexpr std::size_t longest = 36;
  const std::string_view plain = detail::trimmed(value);
  const std::size_t at = plain.rfind('@');
  const bool address = at != std::string_view::npos && at > 0 && at + 1 < plain.size();
  const std::string_view asked = address ? plain.substr(0, at) : plain;
  if (asked.empty() || asked.size() > longest) return false;
  const std::string small = detail::small_letters(asked);
  return std::any_of(placeholders.begin(), placeholders.end(),
                     [&](const Placeholder& one) { return one.value == small && (one.kind == "mailbox") == address; });
}

}  // namespace dealtrail
