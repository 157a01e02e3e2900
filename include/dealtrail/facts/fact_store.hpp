// engine
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/invisible.hpp"
#include "dealtrail/facts/column.hpp"
#include "dealtrail/facts/interner.hpp"
#include "dealtrail/facts/kinds.hpp"

namespace dealtrail::detail {

inline constexpr std::int64_t no_version = null_cell;

/// A column that a host declared beside the built-in ones.
struct OwnColumn {
  std::string name;
  FieldType type;
};

/// What the Trail keeps of one id besides the cells.
struct Entry {
  std::int64_t version = no_version;
  bool present = false;      // a row, full or stub
  bool removed = false;      // a removal; never together with present
  bool stub = false;         // the row is a stub
  bool unversioned = false;  // put without a version: only a greater version replaces it
  bool conflict = false;     // another row of the same version said something else
  [[nodiscard]] bool empty() const noexcept { return !present && !removed; }
  friend bool operator==(const Entry&, const Entry&) = default;
};

/// What arrives for one id: a row (cells in the order of the columns) or a removal.
struct Arrival {
  std::optional<std::int64_t> version;
  bool removal = false;
  bool stub = false;
};

/// What a reader of many rows has encoded ahead of a row: the slot of its id, if it has one, and some of its cells.
struct CellsAhead {
  RowId id = no_row;
  std::uint64_t fields = 0;  // bit by field: whether `cells` knows it
  std::span<const Cell> cells{};
};

// The rows of one kind: ids, entries, columns, and for each link the rows that hold a target.
struct KindStore {
  explicit KindStore(Kind kind_, std::uint64_t seed) : kind(kind_), ids(seed) {
    for (const FieldInfo& field : fields_of(kind)) columns.emplace_back(field.type);
    links.resize(columns.size());
  }

  [[nodiscard]] bool present(RowId slot) const noexcept { return slot < entries.size() && entries[slot].present; }
  /// Ids that were named, present or not.
  [[nodiscard]] std::size_t slots() const noexcept { return ids.size(); }

  Kind kind;
  Interner ids;
  std::vector<Entry> entries;
  std::vector<Column> columns;   // the declared fields, then the own columns
  std::vector<LinkIndex> links;  // by field; used for links only
  std::vector<OwnColumn> own;
  std::size_t rows = 0;  // present ones
};

/// All facts of a Trail with their links, and the rule that decides which row of an id is kept. Knows nothing of money
/// or cards.
class FactStore {
 public:
  explicit FactStore(std::uint64_t seed = 0) : texts_(seed) {
    kinds_.reserve(kind_count);
    for (std::size_t k = 0; k < kind_count; ++k) kinds_.emplace_back(static_cast<Kind>(k), seed);
  }

  [[nodiscard]] const KindStore& of(Kind kind) const noexcept { return kinds_[static_cast<std::size_t>(kind)]; }
  [[nodiscard]] KindStore& of(Kind kind) noexcept { return kinds_[static_cast<std::size_t>(kind)]; }
  [[nodiscard]] const Interner& texts() const noexcept { return texts_; }
  [[nodiscard]] Interner& texts() noexcept { return texts_; }

  [[nodiscard]] bool present(Kind kind, RowId slot) const noexcept { return slot != no_row && of(kind).present(slot); }
  [[nodiscard]] Cell get(Kind kind, RowId slot, std::size_t column) const noexcept {
    return of(kind).columns[column].get(slot);
  }
  /// The slot that a link or text cell holds; no_slot where it is null. The fact of a link may be absent.
  [[nodiscard]] RowId link(Kind kind, RowId slot, std::size_t column) const noexcept {
    const Cell cell = get(kind, slot, column);
    return cell == null_cell ? no_row : static_cast<RowId>(cell);
  }
  /// The same as `link`, but no_slot too when the fact there is absent.
  [[nodiscard]] RowId live_link(Kind kind, RowId slot, std::size_t column) const noexcept {
    const RowId target = link(kind, slot, column);
    return present(fields_of(kind)[column].target, target) ? target : no_row;
  }
  [[nodiscard]] std::string_view id(Kind kind, RowId slot) const noexcept { return of(kind).ids.text(slot); }
  [[nodiscard]] RowId find(Kind kind, std::string_view id) const noexcept {
    return has_invisible(id) ? of(kind).ids.find(plain_id(id)) : of(kind).ids.find(id);
  }
  [[nodiscard]] std::string_view text(Cell cell) const noexcept { return texts_.text(static_cast<RowId>(cell)); }

  /// The slot of an id, which need not have a row yet.
  RowId slot_of(Kind kind, std::string_view id) { return slot_of(kind, id, of(kind).ids.hash(id)); }
  RowId slot_of(Kind kind, std::string_view id, Interner::Hash hash) {
    KindStore& store = of(kind);
    const RowId slot = store.ids.intern(id, hash);
    make_room(store.entries, slot, Entry{});
    return slot;
  }

  /// Calls `visit(row slot)` for each present row of `kind` whose link `column` holds `target`.
  template <class Visit>
  void for_each_child(Kind kind, std::size_t column, RowId target, Visit&& visit) const {
    of(kind).links[column].for_each(target, visit);
  }

  /// Calls `visit(slot)` for each present row of a kind, in no promised order.
  template <class Visit>
  void for_each_row(Kind kind, Visit&& visit) const {
    const KindStore& store = of(kind);
    for (RowId slot = 0; slot < store.slots(); ++slot) {
      if (store.entries[slot].present) visit(slot);
    }
  }

  /// Present rows of a kind, by id.
  [[nodiscard]] std::vector<RowId> sorted_rows(Kind kind) const;

  void read_row(Kind kind, RowId slot, std::vector<Cell>& cells) const {
    const KindStore& store = of(kind);
    cells.resize(store.columns.size());
    for (std::size_t c = 0; c < cells.size(); ++c) cells[c] = store.columns[c].get(slot);
  }

  /// The canonical bytes of a row: a tie-break, the same for equal content whatever the order of arrival.
  [[nodiscard]] std::string canonical(Kind kind, std::span<const Cell> cells) const;

  /// The entry that the rules of docs/trail/trail.md keep when `arrival` meets what is stored, and whether its row (or
  /// removal) replaces the stored one.
  struct Decision {
    Entry entry;
    bool replaces = false;
  };
  [[nodiscard]] Decision decide(Kind kind, RowId slot, const Arrival& arrival, std::span<const Cell> cells) const;

  /// Writes a decided entry. `cells` are read only when the entry is a row and replaces.
  void write(Kind kind, RowId slot, const Decision& decision, std::span<const Cell> cells);

  /// Adds an own column; returns its place among the columns.
  std::size_t declare(Kind kind, std::string_view name, FieldType type) {
    KindStore& store = of(kind);
    store.own.push_back({std::string{name}, type});
    store.columns.emplace_back(type);
    store.links.emplace_back();
    return store.columns.size() - 1;
  }

  /// The place of a column of that name, declared or own.
  [[nodiscard]] std::optional<std::size_t> find_column(Kind kind, std::string_view name) const noexcept {
    if (const auto field = find_field(kind, name)) return field;
    const KindStore& store = of(kind);
    for (std::size_t i = 0; i < store.own.size(); ++i) {
      if (store.own[i].name == name) return fields_of(kind).size() + i;
    }
    return std::nullopt;
  }

  /// Own columns of a kind by name: places among the columns.
  [[nodiscard]] std::vector<std::size_t> own_by_name(Kind kind) const;

 private:
  Interner texts_;
  std::vector<KindStore> kinds_;
};

inline std::vector<RowId> FactStore::sorted_rows(Kind kind) const {
  const KindStore& store = of(kind);
  std::vector<RowId> rows;
  rows.reserve(store.rows);
  for_each_row(kind, [&](RowId slot) { rows.push_back(slot); });
  std::sort(rows.begin(), rows.end(), [&](RowId lhs, RowId rhs) { return store.ids.text(lhs) < store.ids.text(rhs); });
  return rows;
}

inline std::vector<std::size_t> FactStore::own_by_name(Kind kind) const {
  const KindStore& store = of(kind);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < store.own.size(); ++i) places.push_back(fields_of(kind).size() + i);
  const std::size_t declared = fields_of(kind).size();
  std::sort(places.begin(), places.end(), [&](std::size_t lhs, std::size_t rhs) {
    return store.own[lhs - declared].name < store.own[rhs - declared].name;
  });
  return places;
}

inline std::string FactStore::canonical(Kind kind, std::span<const Cell> cells) const {
  const KindStore& store = of(kind);
  std::string bytes;
  const auto add_number = [&](std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(value >> shift & 0xFF));
  };
  const auto add_cell = [&](std::size_t column) {
    const Cell cell = cells[column];
    if (cell == null_cell) {
      bytes.push_back('\0');
      return;
    }
    bytes.push_back('\1');
    const FieldType type = store.columns[column].type();
    if (type == FieldType::text || type == FieldType::link) {
      const std::string_view text = type == FieldType::text
                                        ? texts_.text(static_cast<RowId>(cell))
                                        : id(fields_of(kind)[column].target, static_cast<RowId>(cell));
      add_number(text.size());
      bytes.append(text);
    } else {
      add_number(static_cast<std::uint64_t>(cell));
    }
  };
  for (std::size_t column = 0; column < fields_of(kind).size(); ++column) add_cell(column);
  for (const std::size_t column : own_by_name(kind)) add_cell(column);
  return bytes;
}

inline auto FactStore::decide(Kind kind, RowId slot, const Arrival& arrival, std::span<const Cell> cells) const
    -> Decision {
  const Entry& stored = of(kind).entries[slot];
  const Decision keep{stored, false};
  const auto compare_with_stored = [&] {
    std::vector<Cell> row;
    read_row(kind, slot, row);
    return canonical(kind, cells).compare(canonical(kind, row));
  };
  if (arrival.stub) {
    const Entry stub{.present = true, .stub = true};
    if (stored.empty()) return {stub, true};
    if (!stored.stub) return keep;
    return compare_with_stored() < 0 ? Decision{stub, true} : keep;
  }
  Entry full{.version = arrival.version.value_or(no_version), .present = !arrival.removal, .removed = arrival.removal};
  if (stored.empty() || stored.stub) {
    full.unversioned = !arrival.version.has_value();
    return {full, true};
  }
  if (!arrival.version.has_value()) {
    full.version = stored.version;
    full.unversioned = true;
    return {full, true};
  }
  if (full.version != stored.version) return full.version > stored.version ? Decision{full, true} : keep;
  if (stored.unversioned || stored.removed) return keep;
  if (arrival.removal) return {full, true};
  const int order = compare_with_stored();
  if (order == 0) return keep;
  full.conflict = true;
  if (order > 0) return {full, true};
  Decision marked = keep;
  marked.entry.conflict = true;
  return marked;
}

inline void FactStore::write(Kind kind, RowId slot, const Decision& decision, std::span<const Cell> cells) {
  KindStore& store = of(kind);
  Entry& entry = store.entries[slot];
  if (decision.replaces) {
    const auto declared = fields_of(kind);
    const bool was = entry.present;
    const bool is = decision.entry.present;
    for (std::size_t column = 0; column < store.columns.size(); ++column) {
      const Cell before = was ? store.columns[column].get(slot) : null_cell;
      const Cell after = is ? cells[column] : null_cell;
      if (before == after) continue;
      if (column < declared.size() && declared[column].type == FieldType::link) {
        if (before != null_cell) store.links[column].unlink(slot, static_cast<RowId>(before));
        if (after != null_cell) store.links[column].link(slot, static_cast<RowId>(after));
      }
      store.columns[column].set(slot, after);
    }
    store.rows += static_cast<std::size_t>(is) - static_cast<std::size_t>(was);
  }
  entry = decision.entry;
}

}  // namespace dealtrail::detail
