#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/core/hash.hpp"

namespace dealtrail::detail {

/// The place of a text in an Interner, of a fact among those of its kind.
using Slot = std::uint32_t;
inline constexpr Slot no_slot = 0xFFFFFFFF;

// Texts kept once, each with a dense number in order of arrival. Linear probing over a power of two, at most five
// eighths full. An entry knows where its text is, so a look-up misses the cache twice at most: once in the table, once
// in the text.
class Interner {
 public:
  explicit Interner(std::uint64_t seed = 0) : seed_(seed) {}

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }

  /// Valid until the next `intern`.
  [[nodiscard]] std::string_view text(Slot slot) const noexcept {
    const std::uint64_t begin = slot == 0 ? 0 : ends_[slot - 1];
    return {bytes_.data() + begin, static_cast<std::size_t>(ends_[slot] - begin)};
  }

  [[nodiscard]] Slot find(std::string_view text) const noexcept {
    if (table_.empty()) return no_slot;
    return table_[place_of(text, stable_hash64(text, seed_))].slot;
  }

  /// Asks for the memory that `intern` of this text will read: first its entry, some rows later, when that is here, the
  /// text it names.
  void prefetch_entry(std::string_view text) const noexcept {
    if (!table_.empty()) __builtin_prefetch(&table_[stable_hash64(text, seed_) & (table_.size() - 1)]);
  }
  void prefetch_text(std::string_view text) const noexcept {
    if (table_.empty()) return;
    const Entry& entry = table_[stable_hash64(text, seed_) & (table_.size() - 1)];
    if (entry.slot != no_slot) __builtin_prefetch(bytes_.data() + (entry.place >> length_bits));
  }

  Slot intern(std::string_view text) {
    if (ends_.size() * 8 >= table_.size() * 5) grow();
    const std::uint64_t hash = stable_hash64(text, seed_);
    Entry& entry = table_[place_of(text, hash)];
    if (entry.slot != no_slot) return entry.slot;
    if (ends_.size() >= no_slot - 1) throw Error(ErrorCode::limit_exceeded, "more than 4 billion different texts");
    if (text.size() > longest_text) throw Error(ErrorCode::limit_exceeded, "a text is longer than 16 MiB");
    const auto slot = static_cast<Slot>(ends_.size());
    entry = {static_cast<std::uint32_t>(hash >> 32), slot, bytes_.size() << length_bits | text.size()};
    bytes_.append(text);
    ends_.push_back(bytes_.size());
    return slot;
  }

  static constexpr int length_bits = 24;
  static constexpr std::size_t longest_text = (std::size_t{1} << length_bits) - 1;

 private:
  struct Entry {
    std::uint32_t tag = 0;
    Slot slot = no_slot;
    std::uint64_t place = 0;  // of the text among the bytes, and its length
  };

  [[nodiscard]] std::string_view text_of(const Entry& entry) const noexcept {
    return {bytes_.data() + (entry.place >> length_bits), entry.place & longest_text};
  }

  [[nodiscard]] std::size_t place_of(std::string_view wanted, std::uint64_t hash) const noexcept {
    const std::size_t mask = table_.size() - 1;
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    std::size_t place = hash & mask;
    while (true) {
      const Entry& entry = table_[place];
      if (entry.slot == no_slot || (entry.tag == tag && text_of(entry) == wanted)) return place;
      place = (place + 1) & mask;
    }
  }

  void grow() {
    std::vector<Entry> wider(table_.empty() ? 16 : table_.size() * 2);
    const std::size_t mask = wider.size() - 1;
    for (const Entry& entry : table_) {
      if (entry.slot == no_slot) continue;
      std::size_t place = stable_hash64(text_of(entry), seed_) & mask;
      while (wider[place].slot != no_slot) place = (place + 1) & mask;
      wider[place] = entry;
    }
    table_ = std::move(wider);
  }

  std::uint64_t seed_;
  std::string bytes_;
  std::vector<std::uint64_t> ends_;
  std::vector<Entry> table_;
};

}  // namespace dealtrail::detail
