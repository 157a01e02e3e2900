// engine
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/detail/text_hash.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail::detail {

/// The place of a text in an Interner, of a fact among those of its kind.
using RowId = std::uint32_t;
inline constexpr RowId no_row = 0xFFFFFFFF;

// Texts kept once, each with a dense number in order of arrival. Linear probing over a power of two, at most five
// eighths full. A text's first place is the leading bits of its hash, so that a table twice as wide keeps their order
// and growing reads no text. An entry is eight bytes, so that the table of a million ids is 16 MB and probing stays
// within a line of the cache.
class Interner {
 public:
  /// What a look-up needs of a text besides itself. Good for one Interner.
  using Hash = std::uint32_t;

  explicit Interner(std::uint64_t seed = 0) : seed_(seed) {}

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }

  /// Valid until the next `intern`.
  [[nodiscard]] std::string_view text(RowId slot) const noexcept {
    const std::uint64_t begin = slot == 0 ? 0 : ends_[slot - 1];
    return {bytes_.data() + begin, static_cast<std::size_t>(ends_[slot] - begin)};
  }

  [[nodiscard]] Hash hash(std::string_view text) const noexcept {
    return static_cast<Hash>(text_hash(text, seed_) >> 32U);
  }

  [[nodiscard]] RowId find(std::string_view text) const noexcept {
    if (table_.empty()) return no_row;
    return table_[place_of(text, hash(text))].slot;
  }

  /// Asks for the memory that `intern` of a text of this hash will read: its entry; when that is here, where the text
  /// it names ends; when that is here, the text.
  void prefetch_entry(Hash hash) const noexcept {
    if (!table_.empty()) __builtin_prefetch(&table_[first_place(hash)]);
  }
  void prefetch_end(Hash hash) const noexcept {
    if (const RowId slot = first_guess(hash); slot != no_row) __builtin_prefetch(&ends_[slot]);
  }
  void prefetch_text(Hash hash) const noexcept {
    if (const RowId slot = first_guess(hash); slot != no_row) __builtin_prefetch(text(slot).data());
  }

  RowId intern(std::string_view text) { return intern(text, hash(text)); }

  RowId intern(std::string_view text, Hash hash) {
    if (ends_.size() * 8 >= table_.size() * 5) grow();
    Entry& entry = table_[place_of(text, hash)];
    if (entry.slot != no_row) return entry.slot;
    if (ends_.size() >= most_texts) throw Error(ErrorCode::limit_exceeded, "more than 2 billion different texts");
    if (text.size() > longest_text) throw Error(ErrorCode::limit_exceeded, "a text is longer than 16 MiB");
    const auto slot = static_cast<RowId>(ends_.size());
    entry = {hash, slot};
    bytes_.append(text);
    ends_.push_back(bytes_.size());
    return slot;
  }

  static constexpr std::size_t longest_text = (std::size_t{1} << 24) - 1;
  static constexpr std::size_t most_texts = std::size_t{1} << 31;  // a table of 2^32 entries has room for them

 private:
  struct Entry {
    Hash hash = 0;
    RowId slot = no_row;
  };

  [[nodiscard]] std::size_t first_place(Hash hash) const noexcept { return hash >> spare_bits_; }

  // What the table holds at the first place, whether it is of this text or not.
  [[nodiscard]] RowId first_guess(Hash hash) const noexcept {
    return table_.empty() ? no_row : table_[first_place(hash)].slot;
  }

  [[nodiscard]] std::size_t place_of(std::string_view wanted, Hash hash) const noexcept {
    const std::size_t mask = table_.size() - 1;
    std::size_t place = first_place(hash);
    while (true) {
      const Entry& entry = table_[place];
      if (entry.slot == no_row || (entry.hash == hash && text(entry.slot) == wanted)) return place;
      place = (place + 1) & mask;
    }
  }

  void grow() {
    if (!table_.empty()) --spare_bits_;
    std::vector<Entry> wider(std::size_t{1} << (32 - spare_bits_));
    const std::size_t mask = wider.size() - 1;
    for (const Entry& entry : table_) {
      if (entry.slot == no_row) continue;
      std::size_t place = first_place(entry.hash);
      while (wider[place].slot != no_row) place = (place + 1) & mask;
      wider[place] = entry;
    }
    table_ = std::move(wider);
  }

  std::uint64_t seed_;
  int spare_bits_ = 28;  // of a hash beyond those that say the place: 16 places at first
  std::string bytes_;
  std::vector<std::uint64_t> ends_;
  std::vector<Entry> table_;
};

}  // namespace dealtrail::detail
