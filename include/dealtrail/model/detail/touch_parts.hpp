#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/detail/parallel.hpp"
#include "dealtrail/model/detail/journey_columns.hpp"
#include "dealtrail/model/detail/touch_rows.hpp"

// Touches dealt out by the top bits of their subject's hash: all rows of a subject lie in one part, parts are in the
// order of the hash, and rows of a part are in the order they came. A part fits the cache, so that what follows does
// not wait for memory.
namespace dealtrail::detail {

// The rows that are kept, part by part. Where a part's rows lie, its touches lie in the end.
struct TouchParts {
  int bits = 0;                             // 2^bits parts
  std::vector<std::uint64_t> row_first{};   // of each part; one more at the end
  std::vector<std::uint64_t> byte_first{};  // of texts
  Numbers<std::uint64_t> keys{};            // mixed numbers
  Numbers<char> texts{};                    // length (one byte, or 255 and four), bytes
  Numbers<std::int64_t> at{};
  Numbers<std::uint32_t> packs{};
  Numbers<std::int64_t> values{};  // empty without amounts
  std::vector<std::string> channels{};

  [[nodiscard]] std::size_t size() const noexcept { return std::size_t{1} << bits; }
};

template <class = void>
[[nodiscard]] inline std::size_t text_room(std::string_view text) noexcept {
  return text.size() + (text.size() < 255 ? 1 : 5);
}
template <class = void>
inline char* write_text(char* out, std::string_view text) noexcept {
  if (text.size() < 255) {
    *out++ = static_cast<char>(text.size());
  } else {
    *out++ = static_cast<char>(255);
    const auto size = static_cast<std::uint32_t>(text.size());
    std::memcpy(out, &size, 4);
    out += 4;
  }
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}
template <class = void>
[[nodiscard]] inline std::string_view read_text(const char*& at) noexcept {
  std::size_t size = static_cast<unsigned char>(*at++);
  if (size == 255) {
    std::uint32_t wide = 0;
    std::memcpy(&wide, at, 4);
    at += 4;
    size = wide;
  }
  const std::string_view text{at, size};
  at += size;
  return text;
}

// Deals the rows of a table out to parts, in two passes over it: how many there are, then where they go.
template <class = void>
class BasicTouchDealer {
 public:
  BasicTouchDealer(const TouchInput& input, std::size_t workers) : input_(input), workers_(workers) {
    const auto rows = static_cast<std::uint64_t>(input.subject.rows());
    constexpr std::uint64_t rows_of_part = 16'384;
    constexpr int most_bits = 11;
    parts_.bits = std::min<int>(most_bits, static_cast<int>(std::bit_width(rows / rows_of_part)));
  }

  TouchParts deal(RowTroubles& troubles) {
    const std::int64_t rows = input_.subject.rows();
    packs_.resize(static_cast<std::size_t>(rows));
    for (std::size_t worker = 0; worker < workers_; ++worker) hands_.push_back(std::make_unique<Hand>());
    run_workers(workers_, [&](std::size_t worker) { count(worker); });
    for (const auto& hand : hands_) troubles.merge(hand->troubles);
    name_channels();
    make_room();
    run_workers(workers_, [&](std::size_t worker) { place(worker); });
    return std::move(parts_);
  }

 private:
  // What one worker knows of its rows.
  struct Hand {
    ChannelNames names{};
    std::vector<std::uint64_t> rows{};  // by part: first how many, then where the next one goes
    std::vector<std::uint64_t> bytes{};
    std::vector<std::uint8_t> used{};    // by channel code: 1 when a row that is kept has it
    std::vector<std::uint32_t> ranks{};  // by channel code
    RowTroubles troubles{};
  };

  [[nodiscard]] std::int64_t first_row(std::size_t worker) const noexcept {
    return static_cast<std::int64_t>(static_cast<std::size_t>(input_.subject.rows()) * worker / workers_);
  }
  [[nodiscard]] std::size_t part_of(std::uint64_t hash) const noexcept {
    return parts_.bits == 0 ? 0 : static_cast<std::size_t>(hash >> (64 - parts_.bits));
  }
  [[nodiscard]] static std::uint64_t hash_of(const TouchBlock& block, std::size_t i, bool numbers) noexcept {
    return numbers ? mixed(static_cast<std::uint64_t>(block.number[i])) : subject_hash(block.text[i]);
  }

  void count(std::size_t worker) {
    Hand& hand = *hands_[worker];
    hand.rows.assign(parts_.size(), 0);
    const bool numbers = input_.of_numbers();
    if (!numbers) hand.bytes.assign(parts_.size(), 0);
    const auto block = std::make_unique<TouchBlock>(input_);
    std::uint64_t* const rows_of = hand.rows.data();
    std::uint64_t* const bytes_of = hand.bytes.data();
    for_each_block(input_.subject, first_row(worker), first_row(worker + 1),
                   [&](std::size_t piece, std::int64_t first, std::int64_t row, std::size_t rows) {
                     const std::span packs{packs_.data() + row, rows};
                     block->read(piece, first, row, packs, hand.names, hand.troubles);
                     hand.used.resize(hand.names.names().size());
                     std::uint8_t* const used = hand.used.data();
                     for (std::size_t i = 0; i < rows; ++i) {
                       if (packs[i] == row_left_out) continue;
                       used[packs[i] >> 1U] = 1;
                       const std::size_t part = part_of(hash_of(*block, i, numbers));
                       ++rows_of[part];
                       if (!numbers) bytes_of[part] += text_room(block->text[i]);
                     }
                   });
  }

  // Channels by name, and for each worker the place of its own codes among them.
  void name_channels() {
    std::vector<std::string_view> names;
    for (const auto& hand : hands_) {
      for (std::uint32_t code = 0; code < hand->used.size(); ++code) {
        if (hand->used[code] != 0) names.push_back(hand->names.names()[code]);
      }
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    parts_.channels.assign(names.begin(), names.end());
    for (const auto& hand : hands_) {
      for (const std::string_view name : hand->names.names()) {
        hand->ranks.push_back(
            static_cast<std::uint32_t>(std::lower_bound(names.begin(), names.end(), name) - names.begin()));
      }
    }
  }

  void make_room() {
    const auto laid_out = [&](std::vector<std::uint64_t>& first, std::vector<std::uint64_t> Hand::* counts) {
      std::uint64_t next = 0;
      for (std::size_t part = 0; part < parts_.size(); ++part) {
        first.push_back(next);
        for (const auto& hand : hands_) {
          const std::uint64_t count = ((*hand).*counts)[part];
          ((*hand).*counts)[part] = next;
          next += count;
        }
      }
      first.push_back(next);
      return next;
    };
    const std::uint64_t rows = laid_out(parts_.row_first, &Hand::rows);
    if (input_.of_numbers()) {
      parts_.keys.resize(rows);
    } else {
      parts_.texts.resize(laid_out(parts_.byte_first, &Hand::bytes));
    }
    parts_.at.resize(rows);
    parts_.packs.resize(rows);
    if (input_.value) parts_.values.resize(rows);
  }

  // Rows of one part on their way, written eight at a time: one at a time each would touch a page of its own.
  static constexpr std::size_t most_waiting = 8;
  struct Waiting {
    std::array<std::uint64_t, most_waiting> key;
    std::array<std::int64_t, most_waiting> at;
    std::array<std::uint32_t, most_waiting> pack;
    std::uint32_t count;
  };
  struct WaitingText {
    std::array<char, 124> bytes;
    std::uint32_t size;
  };
  using WaitingValues = std::array<std::int64_t, most_waiting>;

  // `count` is a constant where it matters, so that the copies are a few wide moves.
  void flush(const Waiting& waiting, const WaitingValues* values, std::size_t count, std::uint64_t& next) {
    if (count == 0) return;  // columns without rows have no place to copy to
    if (!parts_.keys.empty()) std::memcpy(parts_.keys.data() + next, waiting.key.data(), count * 8);
    std::memcpy(parts_.at.data() + next, waiting.at.data(), count * 8);
    std::memcpy(parts_.packs.data() + next, waiting.pack.data(), count * 4);
    if (values != nullptr) std::memcpy(parts_.values.data() + next, values->data(), count * 8);
    next += count;
  }
  void flush(WaitingText& waiting, std::uint64_t& next) {
    if (waiting.size == 0) return;
    std::memcpy(parts_.texts.data() + next, waiting.bytes.data(), waiting.size);
    next += waiting.size;
    waiting.size = 0;
  }

  void place(std::size_t worker) {
    Hand& hand = *hands_[worker];
    const bool numbers = input_.of_numbers();
    const bool amounts = input_.value.has_value();
    std::vector<Waiting> waiting(parts_.size());
    std::vector<WaitingText> texts(numbers ? 0 : parts_.size());
    std::vector<WaitingValues> values(amounts ? parts_.size() : 0);
    const auto block = std::make_unique<TouchBlock>(input_);
    for_each_block(input_.subject, first_row(worker), first_row(worker + 1),
                   [&](std::size_t piece, std::int64_t first, std::int64_t row, std::size_t rows) {
                     const std::span packs{packs_.data() + row, rows};
                     block->read_times(piece, first, rows);
                     block->read_keys(piece, first, rows);
                     if (amounts) block->read_values(row, packs);
                     for (std::size_t i = 0; i < rows; ++i) {
                       if (packs[i] == row_left_out) continue;
                       const std::uint64_t hash = hash_of(*block, i, numbers);
                       const std::size_t part = part_of(hash);
                       Waiting& to = waiting[part];
                       const std::uint32_t at = to.count;
                       to.key[at] = hash;
                       to.at[at] = block->at[i];
                       to.pack[at] = packed(hand.ranks[packs[i] >> 1U], (packs[i] & 1U) != 0);
                       if (amounts) values[part][at] = block->value[i];
                       to.count = at + 1;
                       if (to.count == most_waiting) {
                         flush(to, amounts ? &values[part] : nullptr, most_waiting, hand.rows[part]);
                         to.count = 0;
                       }
                       if (!numbers) place_text(texts[part], hand.bytes[part], block->text[i]);
                     }
                   });
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      flush(waiting[part], amounts ? &values[part] : nullptr, waiting[part].count, hand.rows[part]);
      if (!numbers) flush(texts[part], hand.bytes[part]);
    }
  }
  void place_text(WaitingText& waiting, std::uint64_t& next, std::string_view text) {
    const std::size_t room = text_room(text);
    if (waiting.size + room > waiting.bytes.size()) flush(waiting, next);
    if (room > waiting.bytes.size()) {
      write_text(parts_.texts.data() + next, text);
      next += room;
    } else {
      write_text(waiting.bytes.data() + waiting.size, text);
      waiting.size += static_cast<std::uint32_t>(room);
    }
  }

  const TouchInput& input_;
  std::size_t workers_;
  TouchParts parts_{};
  Numbers<std::uint32_t> packs_{};  // each row's channel code and conversion
  std::vector<std::unique_ptr<Hand>> hands_{};
};
using TouchDealer = BasicTouchDealer<>;

}  // namespace dealtrail::detail
