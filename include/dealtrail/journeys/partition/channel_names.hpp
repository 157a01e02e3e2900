#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "dealtrail/core/encoding.hpp"
#include "dealtrail/journeys/detail/journey_columns.hpp"

namespace dealtrail::detail {

inline constexpr std::uint32_t no_code = 0xFFFFFFFF;
inline constexpr std::uint32_t bad_code = 0xFFFFFFFE;
inline constexpr std::uint32_t reserved_code = 0xFFFFFFFD;
inline constexpr std::uint32_t unread_code = 0xFFFFFFFC;  // of a dictionary whose name was not asked for yet
inline constexpr std::uint32_t first_special_code = unread_code;

/// Names of rows that tables of results have besides the channels.
[[nodiscard]] constexpr bool is_reserved_channel(std::string_view name) noexcept {
  return name == "(unattributed)" || name == "(total)";
}

// Names of channels with dense numbers in order of arrival. Few names and many look-ups: open addressing, and while
// names are few, a multiplier with which no two of them meet, so that a look-up is always one step and never guessed
// wrong. The first and the last eight bytes and the size tell names of up to 16 bytes exactly.
class ChannelNames {
 public:
  ChannelNames() : slots_(std::size_t{1} << bits_, nothing) {}

  // no_code for no name, bad_code for one that is not UTF-8, reserved_code for one that results keep for themselves.
  [[nodiscard]] std::uint32_t code_of(std::string_view name) {
    if (name.empty()) return no_code;
    const Mark mark = mark_of(name);
    for (std::size_t place = place_of(mark);; place = (place + 1) & (slots_.size() - 1)) {
      const std::uint32_t code = slots_[place];
      if (code == nothing) return added(name, mark, place);
      const Entry& entry = entries_[code];
      if (entry.mark == mark && (name.size() <= 16 || names_[code] == name)) return entry.answer;
    }
  }
  [[nodiscard]] std::span<const std::string_view> names() const noexcept { return names_; }

 private:
  static constexpr std::uint32_t nothing = 0xFFFFFFFF;
  static constexpr std::size_t few = 128;
  static constexpr int most_bits_for_few = 12;

  struct Mark {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t size = 0;
    friend bool operator==(const Mark&, const Mark&) = default;
  };
  struct Entry {
    Mark mark{};
    std::uint32_t answer = no_code;  // the code, bad_code or reserved_code
  };

  [[nodiscard]] static Mark mark_of(std::string_view name) noexcept {
    Mark mark{.size = name.size()};
    const char* const at = name.data();
    if (name.size() >= 8) {
      std::memcpy(&mark.first, at, 8);
      std::memcpy(&mark.last, at + name.size() - 8, 8);
      if (name.size() > 16) mark.last ^= text_hash(name);
    } else if (name.size() >= 4) {
      std::memcpy(&mark.first, at, 4);
      std::memcpy(&mark.last, at + name.size() - 4, 4);
    } else {
      const auto byte = [at](std::size_t place) { return std::uint64_t{static_cast<unsigned char>(at[place])}; };
      mark.first = byte(0);
      mark.last = byte(name.size() / 2) << 8U | byte(name.size() - 1);
    }
    return mark;
  }
  [[nodiscard]] std::size_t place_of(const Mark& mark) const noexcept {
    const std::uint64_t mix = mark.first ^ (mark.last * 0x9E3779B97F4A7C15U) ^ mark.size;
    return static_cast<std::size_t>(((mix ^ (mix >> 32U)) * multiplier_) >> (64 - bits_));
  }

  [[nodiscard]] std::uint32_t added(std::string_view name, const Mark& mark, std::size_t place) {
    const auto code = static_cast<std::uint32_t>(names_.size());
    names_.push_back(name);
    entries_.push_back({mark, is_reserved_channel(name) ? reserved_code : utf8_valid(name) ? code : bad_code});
    const bool meets = place != place_of(mark);
    slots_[place] = code;
    if (names_.size() * 2 > slots_.size()) {
      bits_ += 2;
      (void)filled();
    }
    if (meets && names_.size() <= few) part_them();
    return entries_[code].answer;
  }

  // Looks for a multiplier with which no two names meet; room grows when there is none. Should there be none at all,
  // look-ups take more steps.
  void part_them() {
    constexpr int tries_of_a_size = 8;
    for (int tries = 1; !filled(); ++tries) {
      if (tries % tries_of_a_size == 0) {
        if (bits_ == most_bits_for_few) return;
        ++bits_;
      }
      multiplier_ = mixed(multiplier_) | 1U;
    }
  }
  // Writes the slots anew; false if two names meet.
  [[nodiscard]] bool filled() {
    slots_.assign(std::size_t{1} << bits_, nothing);
    bool apart = true;
    for (std::uint32_t code = 0; code < entries_.size(); ++code) {
      std::size_t place = place_of(entries_[code].mark);
      for (; slots_[place] != nothing; place = (place + 1) & (slots_.size() - 1)) apart = false;
      slots_[place] = code;
    }
    return apart;
  }

  int bits_ = 6;
  std::uint64_t multiplier_ = 0xBF58476D1CE4E5B9U;
  std::vector<std::uint32_t> slots_;
  std::vector<Entry> entries_;
  std::vector<std::string_view> names_;
};

}  // namespace dealtrail::detail
