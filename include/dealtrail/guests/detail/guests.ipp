#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/cards/posting_keys.hpp"
#include "dealtrail/facts/event_time.hpp"
#include "dealtrail/guests/detail/guest_rows.hpp"
#include "dealtrail/guests/guests.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {
namespace detail {

// Gives drafts their texts, keys and order.
class GuestTexts {
 public:
  GuestTexts(const Trail& trail, GuestRows& rows, Cell now, Guests& out)
      : facts_(trail.view()),
        store_(trail.view().store),
        rows_(rows),
        now_(now),
        out_(out),
        keys_(store_, facts_.index, facts_.zone,
              by_column(out.by) ? std::string_view{out.by} : std::string_view{"event"}),
        owners_(store_, facts_.index, facts_.zone, "manager") {}

  void finish() {
    auto& drafts = rows_.drafts();
    for (GuestRow& draft : drafts) fill(draft);
    std::vector<std::uint32_t> order(drafts.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::uint32_t lhs, std::uint32_t rhs) {
      const Guest& left = drafts[lhs].guest;
      const Guest& right = drafts[rhs].guest;
      if (given(left.event) != given(right.event)) return given(left.event);
      if (left.event != right.event) return left.event < right.event;
      if (left.guest != right.guest) return left.guest < right.guest;
      return drafts[lhs].place.kind < drafts[rhs].place.kind;
    });
    std::vector<std::uint32_t> places(drafts.size());
    std::vector<std::string_view> keys(drafts.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      places[order[i]] = i;
      keys[i] = key_of(drafts[order[i]]);
      out_.rows.push_back(drafts[order[i]].guest);
    }
    number_keys(keys);
    promises(places);
  }

 private:
  [[nodiscard]] static bool by_column(std::string_view by) noexcept {
    for (const std::string_view own :
         {"event", "channel", "announcement", "partner", "segment", "brand", "manager", "company", "person"}) {
      if (by == own) return false;
    }
    return true;
  }

  [[nodiscard]] std::string_view id(Kind kind, RowId slot) const {
    return slot == no_row ? std::string_view{} : store_.id(kind, slot);
  }
  [[nodiscard]] std::string_view text(Kind kind, RowId slot, std::size_t field) const {
    if (!store_.present(kind, slot)) return {};
    const Cell cell = store_.get(kind, slot, field);
    return cell == null_cell ? std::string_view{} : store_.text(cell);
  }
  [[nodiscard]] std::string_view choice_of(Kind kind, RowId slot, std::size_t field) const {
    if (!store_.present(kind, slot)) return {};
    const Cell cell = store_.get(kind, slot, field);
    return cell == null_cell ? std::string_view{} : choice_text(fields_of(kind)[field].choices, cell);
  }
  [[nodiscard]] std::optional<Timestamp> time(Kind kind, RowId slot, std::size_t field) const {
    return store_.present(kind, slot) ? GuestRows::moment(store_.get(kind, slot, field)) : std::nullopt;
  }

  // What the first card of a cluster that says it says, by id.
  [[nodiscard]] std::string_view said(const Clusters& clusters, Kind kind, RowId root, std::size_t field) const {
    std::string_view found;
    if (root == no_row) return found;
    clusters.for_each_member(root, [&](RowId member) {
      if (!given(found)) found = text(kind, member, field);
    });
    return found;
  }
  [[nodiscard]] std::string_view company_or_person(const GuestRow& draft, std::size_t company,
                                                   std::size_t person) const {
    const std::string_view found = said(facts_.companies, Kind::companies, draft.company, company);
    return given(found) ? found : said(facts_.people, Kind::people, person_of(draft), person);
  }
  [[nodiscard]] static RowId person_of(const GuestRow& draft) noexcept {
    return draft.place.kind == GuestKind::person ? draft.place.slot : no_row;
  }

  void fill(GuestRow& draft) {
    Guest& guest = draft.guest;
    event_of(draft);
    constexpr std::pair<std::string_view, Kind> kinds[] = {
        {"person", Kind::people},          {"company", Kind::companies},      {"registration", Kind::registrations},
        {"attendance", Kind::attendances}, {"invitation", Kind::invitations}, {"deal", Kind::deals}};
    const auto& [kind, of_kind] = kinds[static_cast<std::size_t>(draft.place.kind)];
    guest.kind = kind;
    guest.guest = id(of_kind, draft.place.slot);
    const RowId person = person_of(draft);
    guest.person = id(Kind::people, person);
    guest.company = id(Kind::companies, draft.company);
    guest.company_name = said(facts_.companies, Kind::companies, draft.company, fields::companies::name);
    guest.name = said(facts_.people, Kind::people, person, fields::people::name);
    if (!given(guest.name)) guest.name = guest.company_name;
    guest.phone = contact(draft, choice(Kind::contact_points, fields::contact_points::kind, "phone"));
    guest.email = contact(draft, choice(Kind::contact_points, fields::contact_points::kind, "email"));
    guest.segment_potential =
        company_or_person(draft, fields::companies::segment_potential, fields::people::segment_potential);
    guest.segment_format = company_or_person(draft, fields::companies::segment_format, fields::people::segment_format);
    guest.region = company_or_person(draft, fields::companies::region, fields::people::region);
    guest.segment = text(Kind::invitations, draft.segment_from, fields::invitations::segment);
    if (!given(guest.segment)) guest.segment = guest.segment_potential;
    if (draft.invitation != no_row)
      guest.invited_at = time(Kind::invitations, draft.invitation, fields::invitations::sent_at);
    if (draft.signal != no_row) {
      guest.first_signal_at = time(Kind::signals, draft.signal, fields::signals::at);
      guest.marked_by = id(Kind::managers, store_.link(Kind::signals, draft.signal, fields::signals::manager));
      guest.signal_kinds = joined_kinds(draft);
    }
    if (draft.deal != no_row) guest.first_deal_at = time(Kind::deals, draft.deal, fields::deals::created_at);
    place_in_trail(draft);
    manager_of(draft);
  }

  void event_of(GuestRow& draft) const {
    namespace f = fields::events;
    Guest& guest = draft.guest;
    const RowId event = draft.place.event;
    guest.event = id(Kind::events, event);
    guest.event_name = text(Kind::events, event, f::name);
    guest.event_status = choice_of(Kind::events, event, f::status);
    guest.starts_at = time(Kind::events, event, f::starts_at);
    guest.ends_at = time(Kind::events, event, f::ends_at);
    const Cell known = facts_.arrivals.known_since(store_, event, facts_.zone);
    guest.attendance_taken = known != ArrivalIndex::never && rows_.counts(known);
    if (guest.event_status == "cancelled") return;
    const auto reached = [&](Cell at) { return at != null_cell && now_ != null_cell && at <= now_; };
    guest.begun =
        guest.event_status == "held" || reached(guest.starts_at.has_value() ? to_us(*guest.starts_at) : null_cell);
    guest.over = guest.event_status == "held" || reached(over_at(store_, event, facts_.zone));
  }

  // Sorted, so that the order of the marks does not show.
  [[nodiscard]] std::string_view joined_kinds(const GuestRow& draft) const {
    std::set<std::string_view> kinds;
    for (const RowId kind : draft.signal_kinds) kinds.insert(store_.texts().text(kind));
    if (kinds.empty()) return {};
    if (kinds.size() == 1) return *kinds.begin();
    std::string all;
    for (const std::string_view kind : kinds) {
      if (!all.empty()) all += ", ";
      all += kind;
    }
    return out_.made.emplace_back(std::move(all));
  }

  // Of two facts the one with the later time, null first, then the smaller id.
  [[nodiscard]] bool newer(Kind kind, std::size_t field, RowId one, RowId other) const {
    const Cell left = store_.get(kind, one, field);
    const Cell right = store_.get(kind, other, field);
    return left != right ? left > right : store_.id(kind, one) < store_.id(kind, other);
  }

  // The contact point that holds now, the latest first; the person's before the company's.
  [[nodiscard]] std::string_view contact(const GuestRow& draft, Cell kind) const {
    namespace f = fields::contact_points;
    RowId best = no_row;
    const auto look = [&](const Clusters& clusters, std::size_t field, RowId root) {
      if (root == no_row || best != no_row) return;
      clusters.for_each_member(root, [&](RowId member) {
        store_.for_each_child(Kind::contact_points, field, member, [&](RowId point) {
          const auto cell = [&](std::size_t column) { return store_.get(Kind::contact_points, point, column); };
          if (cell(f::kind) != kind || cell(f::value) == null_cell) return;
          if (cell(f::from) != null_cell && (now_ == null_cell || now_ < cell(f::from))) return;
          if (cell(f::until) != null_cell && (now_ == null_cell || !is_before_end(now_, cell(f::until)))) return;
          if (best == no_row || newer(Kind::contact_points, f::from, point, best)) best = point;
        });
      });
    };
    look(facts_.people, f::person, person_of(draft));
    look(facts_.companies, f::company, draft.company);
    return best == no_row ? std::string_view{} : text(Kind::contact_points, best, f::value);
  }

  // The fact that speaks for the guest: where it came from, and what a column of it says.
  [[nodiscard]] std::pair<Kind, RowId> main_fact(const GuestRow& draft) const {
    if (draft.visit.counted != no_row && (draft.guest.registered || draft.guest.came))
      return {Kind::registrations, draft.visit.counted};
    if (draft.guest.came) return {Kind::attendances, draft.visit.arrival};
    if (draft.invitation != no_row) return {Kind::invitations, draft.invitation};
    if (draft.other_registration != no_row) return {Kind::registrations, draft.other_registration};
    if (draft.signal != no_row) return {Kind::signals, draft.signal};
    return {Kind::deals, draft.deal};
  }

  void place_in_trail(GuestRow& draft) {
    const auto [kind, slot] = main_fact(draft);
    const Sources& sources = rows_.postings().sources();
    const Source source = kind == Kind::invitations
                              ? sources.of_announcement(store_.link(kind, slot, fields::invitations::announcement))
                              : sources.of(kind, slot);
    const RowId partner = source.announcement == no_row ? no_row
                                                        : store_.live_link(Kind::announcements, source.announcement,
                                                                           fields::announcements::partner);
    Guest& guest = draft.guest;
    guest.channel = id(Kind::channels, source.channel);
    guest.announcement = id(Kind::announcements, source.announcement);
    guest.partner = id(Kind::partners, partner);
    guest.brand = text(Kind::announcements, source.announcement, fields::announcements::brand);
    if (!given(guest.brand)) guest.brand = text(Kind::events, draft.place.event, fields::events::brand);
    if (!by_column(out_.by)) return;
    Posting posting;
    posting.kind = kind;
    posting.fact = slot;
    posting.channel = source.channel;
    posting.announcement = source.announcement;
    posting.partner = partner;
    posting.event = store_.present(Kind::events, draft.place.event) ? draft.place.event : no_row;
    posting.at = guest.starts_at.has_value() ? to_us(*guest.starts_at) : null_cell;
    const auto key = keys_.of(posting);
    if (key.has_value() && *key != unattributed_key && *key != undated_key) {
      const auto [found, fresh] = made_keys_.try_emplace(*key);
      if (fresh) found->second = out_.made.emplace_back(*key);
      column_keys_[draft.place] = found->second;
    }
  }

  // The owner of the first deal when it was made; else who has the company on the day; else who spoke to them last;
  // else who marked them; else whose card of the person, of the company, it is now.
  void manager_of(GuestRow& draft) {
    Guest& guest = draft.guest;
    RowId manager = no_row;
    if (draft.deal != no_row) {
      Posting created;
      created.kind = Kind::deals;
      created.fact = draft.deal;
      created.at = store_.get(Kind::deals, draft.deal, fields::deals::created_at);
      const auto owner = owners_.of(created);
      if (owner.has_value() && *owner != unattributed_key) manager = store_.find(Kind::managers, *owner);
    }
    if (manager == no_row && draft.company != no_row) manager = owner_of_company(draft);
    if (manager == no_row && draft.contact != no_row)
      manager = store_.link(Kind::activities, draft.contact, fields::activities::manager);
    if (manager == no_row && draft.signal != no_row)
      manager = store_.link(Kind::signals, draft.signal, fields::signals::manager);
    if (manager == no_row)
      manager = responsible(facts_.people, Kind::people, person_of(draft), fields::people::responsible);
    if (manager == no_row)
      manager = responsible(facts_.companies, Kind::companies, draft.company, fields::companies::responsible);
    guest.manager = id(Kind::managers, manager);
    guest.manager_name = text(Kind::managers, manager, fields::managers::name);
    const auto left = time(Kind::managers, manager, fields::managers::active_until);
    guest.manager_left = left.has_value() && now_ != null_cell && to_us(*left) <= now_;
  }

  // Whom the first card of a cluster that names somebody names, by id.
  [[nodiscard]] RowId responsible(const Clusters& clusters, Kind kind, RowId root, std::size_t field) const {
    RowId found = no_row;
    if (root == no_row) return found;
    clusters.for_each_member(root, [&](RowId member) {
      if (found == no_row && store_.present(kind, member)) found = store_.link(kind, member, field);
    });
    return found;
  }

  [[nodiscard]] RowId owner_of_company(const GuestRow& draft) const {
    namespace f = fields::roles;
    const Guest& guest = draft.guest;
    std::optional<Timestamp> day = guest.starts_at;
    for (const auto& next : {guest.came_at, guest.registered_at, guest.invited_at}) {
      if (!day.has_value()) day = next;
    }
    if (!day.has_value()) return no_row;
    const Cell at = to_us(*day);
    RowId best = no_row;
    facts_.companies.for_each_member(draft.company, [&](RowId member) {
      store_.for_each_child(Kind::roles, f::of_company, member, [&](RowId role) {
        const Cell from = store_.get(Kind::roles, role, f::from);
        const Cell until = store_.get(Kind::roles, role, f::until);
        if (store_.link(Kind::roles, role, f::manager) == no_row || at < from ||
            (until != null_cell && !is_before_end(at, until)))
          return;
        if (best == no_row || newer(Kind::roles, f::from, role, best)) best = role;
      });
    });
    return best == no_row ? no_row : store_.link(Kind::roles, best, f::manager);
  }

  [[nodiscard]] std::string_view key_of(const GuestRow& draft) const {
    const Guest& guest = draft.guest;
    const std::string_view by = out_.by;
    if (by == "event") return store_.present(Kind::events, draft.place.event) ? guest.event : std::string_view{};
    if (by == "channel") return guest.channel;
    if (by == "announcement") return guest.announcement;
    if (by == "partner") return guest.partner;
    if (by == "segment") return guest.segment;
    if (by == "brand") return guest.brand;
    if (by == "manager") return guest.manager;
    if (by == "company") return guest.company;
    if (by == "person") return guest.person;
    const auto found = column_keys_.find(draft.place);
    return found == column_keys_.end() ? std::string_view{} : found->second;
  }

  void number_keys(const std::vector<std::string_view>& keys) {
    std::set<std::string_view> all;
    for (const std::string_view key : keys) {
      if (given(key)) all.insert(key);
    }
    for (const RowId slot : store_.sorted_rows(Kind::events)) {
      if (topmost(store_, slot) == slot) out_.events.push_back(store_.id(Kind::events, slot));
    }
    if (out_.by == "event") all.insert(out_.events.begin(), out_.events.end());
    std::map<std::string_view, std::uint32_t> numbers;
    for (const std::string_view key : all) {
      numbers[key] = static_cast<std::uint32_t>(out_.keys.size());
      out_.keys.push_back(about(key));
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (given(keys[i])) out_.rows[i].key = numbers[keys[i]];
    }
  }

  [[nodiscard]] GuestKey about(std::string_view key) {
    GuestKey row;
    row.key = key;
    const std::string_view by = out_.by;
    const auto named = [&](Kind kind, std::size_t name) { return text(kind, store_.find(kind, key), name); };
    if (by == "event") {
      namespace f = fields::events;
      const RowId slot = store_.find(Kind::events, key);
      row.event = true;
      row.name = text(Kind::events, slot, f::name);
      row.state = choice_of(Kind::events, slot, f::status);
      row.starts_at = time(Kind::events, slot, f::starts_at);
      const auto goal = [&](std::size_t field) {
        const Cell cell = store_.get(Kind::events, slot, field);
        return cell == null_cell ? std::nullopt : std::optional{cell};
      };
      row.goal_registrations = goal(f::goal_registrations);
      row.goal_attended = goal(f::goal_attended);
      row.goal_deals = goal(f::goal_deals);
      row.goal_revenue = goal(f::goal_revenue);
    } else if (by == "channel") {
      row.name = named(Kind::channels, fields::channels::name);
      row.state = choice_of(Kind::channels, store_.find(Kind::channels, key), fields::channels::state);
    } else if (by == "announcement") {
      row.name = named(Kind::announcements, fields::announcements::creative);
      row.state = choice_of(Kind::announcements, store_.find(Kind::announcements, key), fields::announcements::status);
    } else if (by == "partner") {
      row.name = named(Kind::partners, fields::partners::name);
    } else if (by == "manager") {
      row.name = named(Kind::managers, fields::managers::name);
    } else if (by == "company") {
      row.name = said(facts_.companies, Kind::companies, store_.find(Kind::companies, key), fields::companies::name);
    } else if (by == "person") {
      row.name = said(facts_.people, Kind::people, store_.find(Kind::people, key), fields::people::name);
    } else if (by_column(by)) {
      if (auto name = keys_.name_of(key)) row.name = out_.made.emplace_back(std::move(*name));
    }
    return row;
  }

  void promises(const std::vector<std::uint32_t>& places) {
    namespace f = fields::activities;
    for (const auto& [number, activity] : rows_.promises()) {
      Promise promise;
      promise.guest = places[number];
      promise.activity = store_.id(Kind::activities, activity);
      promise.kind = text(Kind::activities, activity, f::kind);
      promise.note = text(Kind::activities, activity, f::note);
      promise.due_at = from_us(store_.get(Kind::activities, activity, f::due_at));
      const RowId manager = store_.link(Kind::activities, activity, f::manager);
      const Guest& guest = out_.rows[promise.guest];
      promise.manager = manager == no_row ? guest.manager : id(Kind::managers, manager);
      promise.manager_name =
          manager == no_row ? guest.manager_name : text(Kind::managers, manager, fields::managers::name);
      out_.promises.push_back(promise);
    }
    std::sort(out_.promises.begin(), out_.promises.end(), [](const Promise& lhs, const Promise& rhs) {
      return std::pair{lhs.guest, lhs.activity} < std::pair{rhs.guest, rhs.activity};
    });
  }

  const FactsView facts_;
  const FactStore& store_;
  GuestRows& rows_;
  Cell now_;
  Guests& out_;
  PostingKeys keys_;
  PostingKeys owners_;
  std::map<std::string, std::string_view> made_keys_;
  std::unordered_map<GuestPlace, std::string_view, GuestPlaceHash> column_keys_;
};

}  // namespace detail

DEALTRAIL_INLINE Guests guests(const Trail& trail, const GuestsOptions& options) {
  Guests result;
  result.by = options.by;
  result.view = options.view;
  result.as_of = options.as_of;
  result.now = options.as_of.has_value() ? options.as_of : trail.now();
  result.currency = trail.currency();
  result.zone = trail.options().zone;
  const auto cell = [](std::optional<Timestamp> at) { return at.has_value() ? to_us(*at) : detail::null_cell; };
  detail::GuestRows rows(trail.view(), options.view, cell(result.as_of), cell(result.now));
  detail::GuestTexts finish(trail, rows, cell(result.now), result);
  rows.gather();
  result.deals_without_event = rows.deals_without_event();
  finish.finish();
  return result;
}

DEALTRAIL_INLINE Datum guest_cell(const Guest& guest, std::size_t column, int money_decimals) {
  const auto text = [](std::string_view value) { return given(value) ? Datum::text(value) : Datum::null(); };
  const auto time = [](const std::optional<Timestamp>& at) { return at ? Datum::time(to_us(*at)) : Datum::null(); };
  std::size_t place = 0;
#define DEALTRAIL_GUEST_TEXT(name, meaning) \
  if (column == place++) return text(guest.name);
#define DEALTRAIL_GUEST_TIME(name, meaning) \
  if (column == place++) return time(guest.name);
#define DEALTRAIL_GUEST_COUNT(name, meaning) \
  if (column == place++) return Datum::integer(guest.name);
#define DEALTRAIL_GUEST_FLAG(name, meaning) \
  if (column == place++) return Datum::boolean(guest.name);
#define DEALTRAIL_GUEST_MONEY(name, meaning) \
  if (column == place++) return Datum::decimal(guest.name.total(), money_decimals);
#include "dealtrail/guests/guests.def"
  return Datum::null();
}

DEALTRAIL_INLINE Table guests_table(const Guests& guests) {
  TableBuilder builder{"guests"};
  builder.meta("by", guests.by);
  builder.meta("view", std::string{to_string(guests.view)});
  detail::add_times(builder, guests.as_of, guests.now.has_value() ? to_us(*guests.now) : detail::null_cell);
  builder.meta("currency", std::string{guests.currency.code()});
  builder.meta("deals_without_event", std::to_string(guests.deals_without_event));
  std::vector<ColumnBuilder*> columns;
  for (const GuestColumn& column : guest_columns) {
    const std::string name{column.name};
    switch (column.type) {
      case ColumnType::time: columns.push_back(&builder.time(name)); break;
      case ColumnType::integer: columns.push_back(&builder.integer(name)); break;
      case ColumnType::boolean: columns.push_back(&builder.boolean(name)); break;
      case ColumnType::decimal: columns.push_back(&builder.money(name, guests.currency)); break;
      default: columns.push_back(&builder.text(name)); break;
    }
  }
  ColumnBuilder& key = builder.text("key");
  const int places = decimals(guests.currency);
  for (const Guest& guest : guests.rows) {
    for (std::size_t c = 0; c < columns.size(); ++c) columns[c]->append(guest_cell(guest, c, places));
    key.append_text(guest.key == no_key ? std::nullopt : std::optional{guests.keys[guest.key].key});
  }
  return builder.finish();
}

}  // namespace dealtrail
