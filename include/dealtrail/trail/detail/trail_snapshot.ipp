#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/hash.hpp"
#include "dealtrail/trail/detail/snapshot_bytes.hpp"
#include "dealtrail/trail/detail/trail_state.hpp"
#include "dealtrail/trail/trail.hpp"

// Trail::snapshot and Trail::restore; what the bytes are is said in snapshot_bytes.hpp.

namespace dealtrail {

DEALTRAIL_INLINE std::string Trail::snapshot() const {
  using namespace detail;
  SnapshotWriter out;
  out.raw(snapshot_magic);
  out.text(state_->currency.code());
  out.text(state_->options.zone.to_bytes());
  out.byte(state_->options.vat == VatBasis::gross ? 0 : 1);
  out.number(state_->options.lookback_days);
  out.number(state_->options.max_per_key);
  write_rules(out, state_->rules);
  out.size(kind_count);
  for (std::size_t k = 0; k < kind_count; ++k) write_kind(out, state_->store, static_cast<Kind>(k));
  return out.finish();
}

DEALTRAIL_INLINE Trail Trail::restore(std::string_view bytes, std::uint64_t hash_seed) try {
  using namespace detail;
  constexpr std::size_t hash_size = 8;
  SnapshotReader whole{bytes};
  if (bytes.size() < snapshot_magic.size() + hash_size) whole.fail("it ends too early");
  SnapshotReader tail{bytes.substr(bytes.size() - hash_size)};
  const std::string_view content = bytes.substr(0, bytes.size() - hash_size);
  SnapshotReader in{content};
  const std::string_view magic = in.raw(snapshot_magic.size());
  if (magic != snapshot_magic) {
    // Earlier versions kept a day that ends something as its first moment, which no byte tells from a time.
    const bool earlier = magic.substr(0, magic.size() - 1) == snapshot_magic.substr(0, magic.size() - 1) &&
                         magic.back() > 0 && magic.back() < snapshot_magic.back();
    in.fail(earlier ? "an earlier version, in which days were kept otherwise,"
                    : "another sort of file, or a later version,");
  }
  if (static_cast<std::uint64_t>(tail.number()) != stable_hash64(content))
    in.fail("bytes were changed or cut; the check sum differs");
  const auto currency = Currency::find(in.text());
  if (!currency.has_value()) in.fail("no currency");
  TrailOptions options;
  options.hash_seed = hash_seed;
  options.zone = Zone::from_bytes(in.raw(in.size()));
  options.vat = in.byte(1) == 0 ? VatBasis::gross : VatBasis::net;
  options.lookback_days = in.number();
  options.max_per_key = in.number();
  Trail trail{*currency, options};
  std::vector<OutcomeRule> rules = read_rules(in);
  trail.state_->live.mark_all();
  std::vector<Cell> cells;
  for (std::size_t kinds_left = in.size(); kinds_left > 0; --kinds_left) {
    const std::string_view name = in.text();
    const auto kind = find_kind(name);
    if (!kind.has_value()) in.fail("a kind that this version does not know: " + std::string{name} + ",");
    std::vector<std::size_t> columns;
    for (std::size_t left = in.size(); left > 0; --left) {
      const std::string_view column = in.text();
      const auto type = static_cast<FieldType>(in.byte(static_cast<std::uint8_t>(FieldType::link)));
      const bool own = in.byte(1) == 1;
      if (own) trail.declare(*kind, column, type);
      const auto place = trail.state_->store.find_column(*kind, column);
      if (!place.has_value() || trail.state_->store.of(*kind).columns[*place].type() != type)
        in.fail("a column that this version does not know: " + std::string{column} + ",");
      columns.push_back(*place);
    }
    for (std::size_t left = in.size(); left > 0; --left) {
      const std::string_view id = in.text();
      Entry entry;
      entry.version = in.number();
      const std::uint8_t flags = in.byte(15);
      entry.present = (flags & 1) != 0;
      entry.removed = !entry.present;
      entry.stub = (flags & 2) != 0;
      entry.unversioned = (flags & 4) != 0;
      entry.conflict = (flags & 8) != 0;
      if (id.empty()) in.fail("a row without an id");
      cells.assign(trail.state_->store.of(*kind).columns.size(), null_cell);
      for (std::size_t c = 0; entry.present && c < columns.size(); ++c) {
        if (in.byte(1) == 0) continue;
        const std::size_t column = columns[c];
        switch (trail.state_->store.of(*kind).columns[column].type()) {
          case FieldType::text: cells[column] = static_cast<Cell>(trail.state_->store.texts().intern(in.text())); break;
          case FieldType::link:
            cells[column] = static_cast<Cell>(trail.state_->store.slot_of(fields_of(*kind)[column].target, in.text()));
            break;
          case FieldType::boolean:
          case FieldType::choice:
            cells[column] = in.number();
            if (cells[column] < 0 || cells[column] > 63) in.fail("a value is out of range");
            break;
          default: cells[column] = in.number(); break;
        }
      }
      trail.state_->change(*kind, trail.state_->store.slot_of(*kind, id), {entry, true}, cells);
    }
  }
  if (!in.at_end()) in.fail("bytes are left over");
  trail.set_rules(std::move(rules));
  return trail;
} catch (const Error& error) {
  // Bytes with a good check sum may still say what a Trail refuses: a look-back, a column, a rule.
  if (error.code() == ErrorCode::corrupt_data) throw;
  throw Error(ErrorCode::corrupt_data, std::string{"not a snapshot of a Trail: "} + error.what(), {"snapshot", {}, -1},
              "load the sources again, or take an older copy of the file");
}

}  // namespace dealtrail
