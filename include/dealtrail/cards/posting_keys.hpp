// engine
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/cards/card_sums.hpp"
#include "dealtrail/cards/detail/posting.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/facts/cell_datum.hpp"
#include "dealtrail/facts/event_time.hpp"
#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/sources/sources.hpp"
#include "dealtrail/table/datum_text.hpp"

namespace dealtrail::detail {

inline constexpr std::string_view unattributed_key = "(unattributed)";
inline constexpr std::string_view undated_key = "(undated)";
inline constexpr std::string_view total_key = "(total)";

[[nodiscard]] constexpr std::optional<CardKey> find_card_key(std::string_view by) noexcept {
  constexpr std::string_view names[] = {"channel", "announcement", "event", "partner", "month"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    if (names[i] == by) return static_cast<CardKey>(i);
  }
  return std::nullopt;
}

[[nodiscard]] constexpr Kind kind_of(CardKey key) noexcept {
  switch (key) {
    case CardKey::announcement: return Kind::announcements;
    case CardKey::event: return Kind::events;
    case CardKey::partner: return Kind::partners;
    default: return Kind::channels;
  }
}

// The key of a posting in a table by anything: one of the five live keys, or a column looked for on the fact itself,
// then (deals) its registration and lead, then its announcement, channel, event, company, person. A brand or pipeline
// is also that of the touch of each of the first three, which is its own or what its number, form or other key says.
class PostingKeys {
 public:
  /// @throws Error unknown_name if no kind that postings come from, or touches if asked for, has such a column.
  PostingKeys(const FactStore& store, const SourceIndex& index, const Zone& zone, std::string_view by,
              bool of_touches = false)
      : store_(store), sources_(store, index), zone_(zone), by_(by), card_key_(find_card_key(by)) {
    if (card_key_.has_value()) return;
    for (std::size_t k = 0; k < kind_count; ++k) columns_.push_back(store.find_column(static_cast<Kind>(k), by));
    for (const Kind kind :
         {Kind::announcements, Kind::invoices, Kind::costs, Kind::registrations, Kind::attendances, Kind::leads,
          Kind::deals, Kind::payments, Kind::channels, Kind::events, Kind::companies, Kind::people, Kind::managers}) {
      if (columns_[static_cast<std::size_t>(kind)].has_value()) return;
    }
    if (of_touches && columns_[static_cast<std::size_t>(Kind::touches)].has_value()) return;
    throw Error(ErrorCode::unknown_name, "nothing to group by: '" + std::string{by} + "'", {"cards", "by", -1},
                "channel, announcement, event, partner, month, or a column of the facts");
  }

  [[nodiscard]] std::optional<CardKey> card_key() const noexcept { return card_key_; }

  /// The name of the fact that a key is the id of, when the column is a link.
  [[nodiscard]] std::optional<std::string> name_of(std::string_view key) const {
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      const auto& column = columns_[k];
      const auto declared = fields_of(static_cast<Kind>(k));
      if (!column.has_value() || *column >= declared.size() || declared[*column].type != FieldType::link) continue;
      const Kind target = declared[*column].target;
      const RowId slot = store_.find(target, key);
      const auto field = find_field(target, "name");
      if (!field.has_value() || !store_.present(target, slot)) continue;
      const Cell name = store_.get(target, slot, *field);
      if (name != null_cell) return std::string{store_.text(name)};
    }
    return std::nullopt;
  }

  /// The key, or "(unattributed)"; nothing when the posting is not in this table at all.
  [[nodiscard]] std::optional<std::string> of(const Posting& posting) const {
    if (posting.scope == Scope::event_only && card_key_ != CardKey::event) return std::nullopt;
    if (!card_key_.has_value()) return by_column(posting);
    switch (*card_key_) {
      case CardKey::channel: return id(Kind::channels, posting.channel);
      case CardKey::announcement: return id(Kind::announcements, posting.announcement);
      case CardKey::event: return id(Kind::events, posting.event);
      case CardKey::partner: return id(Kind::partners, posting.partner);
      case CardKey::month: break;
    }
    if (posting.at == null_cell) return std::string{undated_key};
    return to_text(period_of(from_us(posting.at), PeriodKind::month, zone_));
  }

 private:
  [[nodiscard]] std::string id(Kind kind, RowId slot) const {
    return std::string{slot == no_row ? unattributed_key : store_.id(kind, slot)};
  }

  [[nodiscard]] std::optional<std::string> cell(Kind kind, RowId slot) const {
    const auto& column = columns_[static_cast<std::size_t>(kind)];
    if (!column.has_value() || !store_.present(kind, slot)) return std::nullopt;
    const Cell value = store_.get(kind, slot, *column);
    if (value == null_cell) return std::nullopt;
    const Datum datum = datum_of(store_, kind, *column, value, 2);
    return datum.kind() == DatumKind::text ? std::string{datum.as_text()} : to_text(datum);
  }

  /// The cell of a fact; its brand or pipeline, where it says none, is that of its touch.
  [[nodiscard]] std::optional<std::string> cell_or_routed(Kind kind, RowId slot) const {
    if (const auto own = cell(kind, slot)) return own;
    if ((by_ != "brand" && by_ != "pipeline") || !store_.present(kind, slot)) return std::nullopt;
    const auto field = find_field(kind, "touch");
    RowId touch = kind == Kind::touches ? slot : no_row;
    if (field.has_value()) touch = store_.live_link(kind, slot, *field);
    if (const auto own = cell(Kind::touches, touch)) return own;
    const Cell said =
        sources_.routed(touch, by_ == "brand" ? fields::source_keys::brand : fields::source_keys::pipeline);
    return said == null_cell ? std::nullopt : std::optional{std::string{store_.text(said)}};
  }

  /// The person or company of a fact: its own link, else its registration's.
  [[nodiscard]] RowId linked(const Posting& posting, std::string_view name) const {
    if (const auto field = find_field(posting.kind, name)) {
      if (const RowId own = store_.link(posting.kind, posting.fact, *field); own != no_row) return own;
    }
    const auto registration = find_field(posting.kind, "registration");
    if (!registration.has_value()) return no_row;
    const RowId through = store_.link(posting.kind, posting.fact, *registration);
    return through == no_row ? no_row
                             : store_.link(Kind::registrations, through, *find_field(Kind::registrations, name));
  }

  [[nodiscard]] std::string by_column(const Posting& posting) const {
    const Kind kind = posting.kind;
    if (by_ == "manager") {
      if (const RowId owner = owner_at(posting); owner != no_row) return id(Kind::managers, owner);
    }
    if (const auto own = cell_or_routed(kind, posting.fact)) return *own;
    const auto through = [&](Kind of, std::size_t field, Kind target) {
      return kind == of ? cell_or_routed(target, store_.link(of, posting.fact, field)) : std::nullopt;
    };
    if (const RowId deal =
            kind == Kind::payments ? store_.live_link(kind, posting.fact, fields::payments::deal) : no_row;
        deal != no_row) {
      Posting of_deal = posting;
      of_deal.kind = Kind::deals;
      of_deal.fact = deal;
      return by_column(of_deal);
    }
    if (const auto found = through(Kind::deals, fields::deals::registration, Kind::registrations)) return *found;
    if (const auto found = through(Kind::deals, fields::deals::lead, Kind::leads)) return *found;
    if (const auto found = through(Kind::attendances, fields::attendances::registration, Kind::registrations))
      return *found;
    if (const auto found = cell(Kind::announcements, posting.announcement)) return *found;
    if (const auto found = cell(Kind::channels, posting.channel)) return *found;
    if (const auto found = cell(Kind::events, posting.event)) return *found;
    const RowId person = linked(posting, "person");
    RowId company = linked(posting, "company");
    if (company == no_row && person != no_row) company = store_.link(Kind::people, person, fields::people::company);
    if (const auto found = cell(Kind::companies, company)) return *found;
    if (const auto found = cell(Kind::people, person)) return *found;
    if (const auto found = cell(Kind::managers, manager_of(posting))) return *found;
    return std::string{unattributed_key};
  }

  // Who owned a deal or lead at the posting's time, by `roles`: of several the one who came last, then the smaller id.
  [[nodiscard]] RowId owner_at(const Posting& posting) const {
    namespace f = fields::roles;
    if ((posting.kind != Kind::deals && posting.kind != Kind::leads) || posting.at == null_cell) return no_row;
    RowId best = no_row;
    Cell best_from = null_cell;
    store_.for_each_child(Kind::roles, posting.kind == Kind::deals ? f::of_deal : f::of_lead, posting.fact,
                          [&](RowId role) {
                            const Cell from = store_.get(Kind::roles, role, f::from);
                            const Cell until = store_.get(Kind::roles, role, f::until);
                            if (store_.link(Kind::roles, role, f::manager) == no_row || posting.at < from ||
                                (until != null_cell && !is_before_end(posting.at, until)))
                              return;
                            if (best == no_row || from > best_from ||
                                (from == best_from && store_.id(Kind::roles, role) < store_.id(Kind::roles, best))) {
                              best = role;
                              best_from = from;
                            }
                          });
    return best == no_row ? no_row : store_.link(Kind::roles, best, f::manager);
  }

  /// The owner of a fact at the posting's time, else the manager it names, else that of its lead.
  [[nodiscard]] RowId manager_of(const Posting& posting) const {
    if (const RowId owner = owner_at(posting); owner != no_row) return owner;
    const auto field = find_field(posting.kind, "manager");
    const RowId own = field.has_value() ? store_.link(posting.kind, posting.fact, *field) : no_row;
    if (own != no_row || posting.kind != Kind::deals) return own;
    const RowId lead = store_.live_link(Kind::deals, posting.fact, fields::deals::lead);
    return lead == no_row ? no_row : store_.link(Kind::leads, lead, fields::leads::manager);
  }

  const FactStore& store_;
  const Sources sources_;
  const Zone& zone_;
  std::string by_;
  std::optional<CardKey> card_key_;
  std::vector<std::optional<std::size_t>> columns_;
};

}  // namespace dealtrail::detail
