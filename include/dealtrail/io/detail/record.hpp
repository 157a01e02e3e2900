#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/hash.hpp"
#include "dealtrail/io/detail/arena.hpp"
#include "dealtrail/table/datum.hpp"

namespace dealtrail::detail {

inline constexpr std::uint32_t no_index = std::numeric_limits<std::uint32_t>::max();

// UF_CRM_13_1700, ufCrm13_1700 and uf_crm_13_1700 fold to one name. An underscore between two digits stays, or 1_31
// would be 13_1.
[[nodiscard]] inline std::string snake_camel(std::string_view name) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::string folded;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (c == '_' && !(i > 0 && i + 1 < name.size() && digit(name[i - 1]) && digit(name[i + 1]))) continue;
    folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return folded;
}

/// Names of columns as small numbers, given once per load. Two spellings of one column share the number `canonical`.
/// A hostile file cannot grow it without end: names beyond the limit that no profile knows share one number.
class KeyTable {
 public:
  struct Entry {
    std::string name;
    std::uint32_t canonical;
    bool wanted;  // written so in the profile
  };
  static constexpr std::size_t max_names = 1 << 16;

  explicit KeyTable(bool fold_spellings = false) : fold_(fold_spellings), places_(1024, no_index) {
    other_ = add(std::string_view{"\0other names", 12}, false);
  }

  /// The number of a name that a file shows.
  [[nodiscard]] std::uint32_t intern(std::string_view name) { return look_up(name, false); }
  /// The canonical number of a name that a profile asks for.
  [[nodiscard]] std::uint32_t want(std::string_view name) {
    const std::uint32_t key = look_up(name, true);
    entries_[key].wanted = true;
    return entries_[key].canonical;
  }

  [[nodiscard]] const Entry& operator[](std::uint32_t key) const noexcept { return entries_[key]; }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  std::uint32_t look_up(std::string_view name, bool wanted) {
    const std::size_t mask = places_.size() - 1;
    for (std::size_t place = stable_hash64(name) & mask, probes = 0;; place = (place + 1) & mask, ++probes) {
      const std::uint32_t key = places_[place];
      if (key == no_index) break;
      if (entries_[key].name == name) return key;
      if (probes > 1024) return other_;  // names made to collide
    }
    if (!wanted && entries_.size() >= max_names) return other_;
    return add(name, wanted);
  }

  std::uint32_t add(std::string_view name, bool wanted) {
    const auto key = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({std::string(name), key, wanted});
    place(key);
    if (entries_.size() * 2 > places_.size()) {
      places_.assign(places_.size() * 2, no_index);
      for (std::uint32_t i = 0; i < entries_.size(); ++i) place(i);
    }
    if (fold_) {
      const std::string folded = snake_camel(name);
      // Two calls: look_up may move entries_.
      const std::uint32_t canonical = folded == name ? key : look_up(folded, wanted);
      entries_[key].canonical = canonical;
    }
    return key;
  }

  void place(std::uint32_t key) {
    const std::size_t mask = places_.size() - 1;
    std::size_t at = stable_hash64(entries_[key].name) & mask;
    while (places_[at] != no_index) at = (at + 1) & mask;
    places_[at] = key;
  }

  bool fold_;
  std::uint32_t other_ = 0;
  std::vector<Entry> entries_{};
  std::vector<std::uint32_t> places_;
};

enum class NodeShape : std::uint8_t { value, list, object };

/// A value of a record, or the head of a list or object whose parts follow it.
struct Node {
  Datum value{};
  std::uint32_t key = no_index;  // in an object
  std::uint32_t end = 0;         // one past its last part
  NodeShape shape = NodeShape::value;
};

/// One record as a flat tree: node 0 is the record, parts follow their head. The memory is used again for the next
/// record.
class Record {
 public:
  static constexpr std::size_t max_nodes = 1 << 20;

  explicit Record(KeyTable& keys) : keys_(&keys) {}

  void clear() {
    nodes_.clear();
    open_.clear();
    text_.clear();
    ++stamp_;
    duplicates_ = 0;
  }

  void open(std::uint32_t key, NodeShape shape) {
    open_.push_back(add(key));
    nodes_.back().shape = shape;
  }
  void close() {
    nodes_[open_.back()].end = static_cast<std::uint32_t>(nodes_.size());
    open_.pop_back();
  }
  void value(std::uint32_t key, Datum value) { nodes_[add(key)].value = value; }
  /// Copies the text.
  void text(std::uint32_t key, std::string_view value) { nodes_[add(key)].value = Datum::text(text_.keep(value)); }
  [[nodiscard]] Arena& arena() noexcept { return text_; }

  [[nodiscard]] const std::vector<Node>& nodes() const noexcept { return nodes_; }
  [[nodiscard]] const Node& operator[](std::uint32_t node) const noexcept { return nodes_[node]; }
  [[nodiscard]] KeyTable& keys() const noexcept { return *keys_; }
  /// Names that came twice in this record; the last one counts.
  [[nodiscard]] std::uint32_t duplicates() const noexcept { return duplicates_; }

  /// The field of the record with this canonical name; no_index when there is none.
  [[nodiscard]] std::uint32_t field(std::uint32_t canonical) const noexcept {
    return canonical < slots_.size() && slots_[canonical].stamp == stamp_ ? slots_[canonical].node : no_index;
  }

  /// The part of the object `parent` with this canonical name. O(parts).
  [[nodiscard]] std::uint32_t part(std::uint32_t parent, std::uint32_t canonical) const noexcept {
    if (parent == 0) return field(canonical);
    const Node& head = nodes_[parent];
    if (head.shape != NodeShape::object) return no_index;
    std::uint32_t found = no_index;
    bool exact = false;
    for (std::uint32_t node = parent + 1; node < head.end; node = nodes_[node].end) {
      const auto& entry = (*keys_)[nodes_[node].key];
      if (entry.canonical != canonical || (exact && !entry.wanted)) continue;
      found = node;
      exact = entry.wanted;
    }
    return found;
  }

 private:
  struct RowId {
    std::uint64_t stamp = 0;
    std::uint32_t node = 0;
    bool exact = false;
  };

  std::uint32_t add(std::uint32_t key) {
    const auto node = static_cast<std::uint32_t>(nodes_.size());
    if (node >= max_nodes) throw Error(ErrorCode::limit_exceeded, "a record has more than 1048576 values");
    nodes_.push_back({Datum{}, key, node + 1, NodeShape::value});
    if (open_.size() == 1 && key != no_index) {
      const auto& entry = (*keys_)[key];
      if (entry.canonical >= slots_.size()) slots_.resize(keys_->size());
      RowId& slot = slots_[entry.canonical];
      const bool taken = slot.stamp == stamp_;
      if (taken && nodes_[slot.node].key == key) ++duplicates_;
      if (!taken || entry.wanted || !slot.exact) slot = {stamp_, node, entry.wanted};
    }
    return node;
  }

  KeyTable* keys_;
  std::vector<Node> nodes_{};
  std::vector<std::uint32_t> open_{};
  std::vector<RowId> slots_{};
  Arena text_{};
  std::uint64_t stamp_ = 1;
  std::uint32_t duplicates_ = 0;
};

}  // namespace dealtrail::detail
