// engine
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/identity/detail/identity_keys.hpp"

namespace dealtrail::detail {

/// The kinds whose cards may be one.
[[nodiscard]] constexpr bool has_identity(Kind kind) noexcept {
  return kind == Kind::people || kind == Kind::companies;
}

// Who holds which key, and what was said of pairs; and which cards a change may join or part. Knows nothing of
// clusters.
//   leave(row)  before a row is written over or taken away
//   enter(row)  after it is written
class IdentityIndex {
 public:
  explicit IdentityIndex(std::uint64_t seed = 0) : keys_(seed) {}

  [[nodiscard]] static constexpr bool reads(Kind kind) noexcept {
    return has_identity(kind) || kind == Kind::contact_points || kind == Kind::identity_links;
  }

  void leave(FactStore& store, Kind kind, RowId slot, std::span<const Cell> row, std::size_t limit) {
    if (kind == Kind::identity_links) return verdict(store, row, -1);
    if (kind == Kind::contact_points) {
      if (const RowId key = at(contact_keys_, slot); key != no_row) {
        touch_key(store, owner(row).kind, key, limit);
        contacts_.unlink(slot, key);
        contact_keys_[slot] = no_row;
      }
      if (const auto more = more_keys_.find(slot); more != more_keys_.end()) {
        for (const RowId key : more->second) {
          touch_key(store, owner(row).kind, key, limit);
          std::erase(more_rows_[key], slot);
          if (more_rows_[key].empty()) more_rows_.erase(key);
        }
        more_keys_.erase(more);
      }
      return;
    }
    Of& of = of_kind(kind);
    if (const RowId key = at(of.inns, slot); key != no_row) {
      touch_key(store, kind, key, limit);
      of.touched.push_back(slot);
      of.by_inn.unlink(slot, key);
      of.inns[slot] = no_row;
    }
    name_changes(store, kind, slot);
  }

  void enter(FactStore& store, Kind kind, RowId slot, std::span<const Cell> row, std::size_t limit) {
    if (kind == Kind::identity_links) return verdict(store, row, 1);
    if (kind == Kind::contact_points) {
      namespace f = fields::contact_points;
      if (owner(row).slot == no_row || row[f::kind] == null_cell || row[f::value] == null_cell) return;
      const auto key_kind = static_cast<KeyKind>(row[f::kind] + 1);
      const std::vector<StatedContact> stated = stated_contacts(key_kind, store.text(row[f::value]));
      for (std::size_t i = 0; i < stated.size(); ++i) {
        const RowId key = keys_.intern(stated[i].key);
        touch_key(store, owner(row).kind, key, limit);
        if (i == 0) {
          set(contact_keys_, slot, key);
          contacts_.link(slot, key);
        } else {
          more_keys_[slot].push_back(key);
          more_rows_[key].push_back(slot);
        }
      }
      return;
    }
    const std::size_t field =
        kind == Kind::people ? std::size_t{fields::people::inn} : std::size_t{fields::companies::inn};
    if (row[field] != null_cell) {
      const std::string_view inn = store.text(row[field]);
      if (const RowId key = intern(KeyKind::inn, inn); key != no_row && fits(kind, keys_.text(key))) {
        touch_key(store, kind, key, limit);
        Of& of = of_kind(kind);
        of.touched.push_back(slot);
        set(of.inns, slot, key);
        of.by_inn.link(slot, key);
      }
    }
    name_changes(store, kind, slot);
  }

  /// The cards that changes since the last call may join or part; each component of them is to be joined anew.
  [[nodiscard]] std::vector<RowId> take_touched(const FactStore& store, Kind kind, std::size_t limit) {
    Of& of = of_kind(kind);
    for (const RowId key : of.touched_keys) {
      touch_holders(store, kind, key, limit);
      of.key_is_touched[key] = 0;
    }
    of.touched_keys.clear();
    return std::exchange(of.touched, {});
  }
  [[nodiscard]] bool is_touched(Kind kind) const noexcept {
    const Of& of = of_kind(kind);
    return !of.touched.empty() || !of.touched_keys.empty();
  }

  [[nodiscard]] std::size_t keys() const noexcept { return keys_.size(); }
  [[nodiscard]] std::string_view text(RowId key) const noexcept { return keys_.text(key); }
  [[nodiscard]] RowId find(std::string_view key) const noexcept { return keys_.find(key); }
  [[nodiscard]] RowId inn_of(Kind kind, RowId card) const noexcept { return at(of_kind(kind).inns, card); }

  /// Calls `visit(card, from, until)` for each time that a card of that kind holds the key, until it gives false.
  template <class Visit>
  void for_each_holder(const FactStore& store, Kind kind, RowId key, Visit&& visit) const {
    if (kind_of_key(text(key)) == KeyKind::inn) {
      const LinkIndex& rows = of_kind(kind).by_inn;
      for (RowId row = rows.first(key); row != no_row; row = rows.next(row)) {
        if (!visit(row, null_cell, null_cell)) return;
      }
      return;
    }
    for_each_contact(store, kind, key,
                     [&](RowId, RowId card, Cell from, Cell until) { return visit(card, from, until); });
  }

  /// Calls `visit(row, card, from, until)` for each row of contact_points by which a card of that kind holds a key that
  /// is no INN, until it gives false.
  template <class Visit>
  void for_each_contact(const FactStore& store, Kind kind, RowId key, Visit&& visit) const {
    namespace f = fields::contact_points;
    const auto one = [&](RowId row) {
      const Owner whose = owner(store, row);
      return whose.kind != kind || visit(row, whose.slot, store.get(Kind::contact_points, row, f::from),
                                         store.get(Kind::contact_points, row, f::until));
    };
    for (RowId row = contacts_.first(key); row != no_row; row = contacts_.next(row)) {
      if (!one(row)) return;
    }
    const auto more = more_rows_.find(key);
    if (more == more_rows_.end()) return;
    for (const RowId row : more->second) {
      if (!one(row)) return;
    }
  }

  /// Calls `visit(value, holders)` for each contact that a cell states and that may identify a person; `holders(card)`
  /// calls back for each time that a card of people holds it then. A time that is not known: only those without ends.
  template <class Visit>
  void for_each_stated(const FactStore& store, KeyKind kind, std::string_view cell, Cell at, Visit&& visit) const {
    for (const StatedContact& one : stated_contacts(kind, cell)) {
      if (!no_identity(Kind::people, one.key).empty()) continue;
      visit(value_of_key(one.key), [&](auto&& holder) {
        const RowId key = find(one.key);
        if (key == no_row) return;
        for_each_holder(store, Kind::people, key, [&](RowId card, Cell from, Cell until) {
          const bool then = at == null_cell ? from == null_cell && until == null_cell
                                            : (from == null_cell || at >= from) && (until == null_cell || at < until);
          if (then) holder(card);
          return true;
        });
      });
    }
  }

  /// The different cards that hold a key; false, with no more than one too many of them, when they are so many that it
  /// identifies nobody. An INN is of any number of companies.
  [[nodiscard]] bool holders(const FactStore& store, Kind kind, RowId key, std::size_t limit,
                             std::vector<RowId>& cards) const {
    cards.clear();
    const bool any_number = kind == Kind::companies && kind_of_key(text(key)) == KeyKind::inn && limit > 0;
    bool fits = limit > 0;
    for_each_holder(store, kind, key, [&](RowId card, Cell, Cell) {
      if (any_number || std::find(cards.begin(), cards.end(), card) == cards.end()) cards.push_back(card);
      fits = any_number || cards.size() <= limit;
      return fits;
    });
    return fits;
  }

  /// Calls `visit(key)` for each contact key or INN of a card, some more than once.
  template <class Visit>
  void for_each_key(const FactStore& store, Kind kind, RowId card, Visit&& visit) const {
    namespace f = fields::contact_points;
    if (const RowId inn = inn_of(kind, card); inn != no_row) visit(inn);
    const std::size_t field = kind == Kind::people ? std::size_t{f::person} : std::size_t{f::company};
    store.for_each_child(Kind::contact_points, field, card, [&](RowId row) {
      const RowId key = at(contact_keys_, row);
      if (key == no_row || owner(store, row).kind != kind) return;
      visit(key);
      if (const auto more = more_keys_.find(row); more != more_keys_.end())
        std::for_each(more->second.begin(), more->second.end(), visit);
    });
  }

  /// Cards said to be the same as this one, and cards said to be different from it.
  [[nodiscard]] std::span<const RowId> said_same(Kind kind, RowId card) const { return near(of_kind(kind).same, card); }
  [[nodiscard]] std::span<const RowId> said_different(Kind kind, RowId card) const {
    return near(of_kind(kind).different, card);
  }

  /// Calls `visit(one, other)` for pairs that are said to be the same.
  template <class Visit>
  void for_each_said_same(Kind kind, Visit&& visit) const {
    for (const auto& [pair, said] : of_kind(kind).verdicts) {
      if (said.same > 0) visit(pair.first, pair.second);
    }
  }

 private:
  using Near = std::map<RowId, std::vector<RowId>>;
  struct Said {
    int same = 0;
    int different = 0;
  };
  struct Of {
    std::vector<RowId> inns;  // key of each card
    LinkIndex by_inn;
    std::map<std::pair<RowId, RowId>, Said> verdicts;
    Near same;
    Near different;
    std::vector<RowId> touched;
    std::vector<RowId> touched_keys;
    std::vector<std::uint8_t> key_is_touched;
  };
  struct Owner {
    Kind kind;
    RowId slot;
  };

  [[nodiscard]] Of& of_kind(Kind kind) noexcept { return of_[kind == Kind::people ? 0 : 1]; }
  [[nodiscard]] const Of& of_kind(Kind kind) const noexcept { return of_[kind == Kind::people ? 0 : 1]; }
  [[nodiscard]] static RowId at(const std::vector<RowId>& all, RowId place) noexcept {
    return place < all.size() ? all[place] : no_row;
  }
  static void set(std::vector<RowId>& all, RowId place, RowId value) {
    if (place >= all.size()) make_room(all, place, no_row);
    all[place] = value;
  }
  [[nodiscard]] static std::span<const RowId> near(const Near& all, RowId card) {
    const auto found = all.find(card);
    return found == all.end() ? std::span<const RowId>{} : std::span<const RowId>{found->second};
  }

  // A row that names a person is the person's, also when it names the company they work for.
  [[nodiscard]] static Owner owner(Cell person, Cell company) noexcept {
    if (person != null_cell) return {Kind::people, static_cast<RowId>(person)};
    return {Kind::companies, company == null_cell ? no_row : static_cast<RowId>(company)};
  }
  [[nodiscard]] static Owner owner(std::span<const Cell> row) noexcept {
    return owner(row[fields::contact_points::person], row[fields::contact_points::company]);
  }
  [[nodiscard]] static Owner owner(const FactStore& store, RowId row) noexcept {
    namespace f = fields::contact_points;
    return owner(store.get(Kind::contact_points, row, f::person), store.get(Kind::contact_points, row, f::company));
  }

  // Ten digits are of a legal entity, so no person's.
  [[nodiscard]] static bool fits(Kind kind, std::string_view inn) noexcept {
    return kind == Kind::companies || value_of_key(inn).size() == 12;
  }

  [[nodiscard]] RowId intern(KeyKind kind, std::string_view value) {
    const auto key = identity_key(kind, value);
    return key.has_value() ? keys_.intern(*key) : no_row;
  }

  void name_changes(const FactStore& store, Kind kind, RowId slot) {
    namespace f = fields::contact_points;
    const std::size_t field = kind == Kind::people ? std::size_t{f::person} : std::size_t{f::company};
    // The name of a card without contacts counts where a verdict makes it one with a card that has some.
    if (store.of(Kind::contact_points).links[field].first(slot) != no_row || !said_same(kind, slot).empty())
      of_kind(kind).touched.push_back(slot);
  }

  /// Before who holds a key changes: those it joins now, and once more when all is written, those it joins then.
  void touch_key(const FactStore& store, Kind kind, RowId key, std::size_t limit) {
    Of& of = of_kind(kind);
    if (key >= of.key_is_touched.size()) make_room(of.key_is_touched, key, std::uint8_t{0});
    if (of.key_is_touched[key] != 0) return;
    of.key_is_touched[key] = 1;
    of.touched_keys.push_back(key);
    touch_holders(store, kind, key, limit);
  }
  void touch_holders(const FactStore& store, Kind kind, RowId key, std::size_t limit) {
    Of& of = of_kind(kind);
    if (kind_of_key(text(key)) == KeyKind::inn && kind == Kind::companies) {
      // It joins them all, so one of them leads to the others.
      if (const RowId any = of.by_inn.first(key); any != no_row) of.touched.push_back(any);
      return;
    }
    if (holders(store, kind, key, limit, found_) && found_.size() > 1)
      of.touched.insert(of.touched.end(), found_.begin(), found_.end());
  }

  void verdict(FactStore& store, std::span<const Cell> row, int count) {
    namespace f = fields::identity_links;
    if (row[f::one] == null_cell || row[f::other] == null_cell || row[f::kind] == null_cell ||
        row[f::verdict] == null_cell)
      return;  // a stub
    const Kind kind = row[f::kind] == choice(Kind::identity_links, f::kind, "people") ? Kind::people : Kind::companies;
    const auto id_at = [&](std::size_t field) {
      const std::string_view text = store.text(row[field]);
      return plain_id(text);
    };
    const std::string one = id_at(f::one);
    const std::string other = id_at(f::other);
    const auto pair = std::minmax({store.slot_of(kind, one), store.slot_of(kind, other)});
    if (pair.first == pair.second) return;
    Of& of = of_kind(kind);
    const bool same = row[f::verdict] == choice(Kind::identity_links, f::verdict, "same");
    Said& said = of.verdicts[pair];
    int& number = same ? said.same : said.different;
    const bool was = number > 0;
    number += count;
    const bool is = number > 0;
    if (said.same == 0 && said.different == 0) of.verdicts.erase(pair);
    if (was == is) return;
    Near& near = same ? of.same : of.different;
    for (const auto& [from, to] : {pair, std::pair{pair.second, pair.first}}) {
      of.touched.push_back(from);
      if (is) {
        near[from].push_back(to);
      } else {
        std::erase(near[from], to);
        if (near[from].empty()) near.erase(from);
      }
    }
  }

  Interner keys_;
  LinkIndex contacts_;                                       // rows of contact_points by key
  std::vector<RowId> contact_keys_;                          // the first key of each row
  std::unordered_map<RowId, std::vector<RowId>> more_keys_;  // of rows that state several, those after the first
  std::unordered_map<RowId, std::vector<RowId>> more_rows_;  // and their rows by key
  std::array<Of, 2> of_;
  std::vector<RowId> found_;
};

}  // namespace dealtrail::detail
