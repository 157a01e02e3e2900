#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "dealtrail/cards/postings.hpp"
#include "dealtrail/core/split.hpp"
#include "dealtrail/guests/guests.hpp"

namespace dealtrail::detail {

/// What a guest is known by.
enum class GuestKind : std::uint8_t { person, company, registration, attendance, invitation, deal };

/// One guest of one event, by slots.
struct GuestPlace {
  RowId event = no_row;
  RowId slot = no_row;
  GuestKind kind = GuestKind::person;
  friend bool operator==(const GuestPlace&, const GuestPlace&) = default;
};

struct GuestPlaceHash {
  [[nodiscard]] std::size_t operator()(const GuestPlace& place) const noexcept {
    const std::uint64_t both = std::uint64_t{place.event} << 32 | place.slot;
    return static_cast<std::size_t>((both + static_cast<std::uint64_t>(place.kind)) * 0x9E3779B97F4A7C15U >> 7);
  }
};

/// A guest on the way: what is counted, and the facts that the texts will come from.
struct GuestRow {
  GuestPlace place;
  Visit visit{};
  RowId other_registration = no_row;  // the first of those that are not counted, when none is
  RowId invitation = no_row;          // the earliest
  RowId segment_from = no_row;        // the earliest invitation that says a segment
  RowId signal = no_row;              // the earliest
  RowId deal = no_row;                // the first created
  RowId contact = no_row;             // the latest activity that names a manager
  RowId company = no_row;
  Cell day = null_cell;  // since when something counts as after the event
  std::vector<RowId> signal_kinds{};
  Guest guest{};
};

// Gathers guests from the facts of a Trail, as docs/funnel/funnel.md defines them.
class GuestRows {
 public:
  using Index = std::unordered_map<GuestPlace, std::vector<std::uint32_t>, GuestPlaceHash>;

  GuestRows(const FactsView& facts, View view, Cell as_of, Cell now)
      : facts_(facts), store_(facts.store), postings_(facts, view, Clock::activity), as_of_(as_of), now_(now) {}

  void gather() {
    visits();
    invitations();
    signals();
    invited_companies();
    deals();
    for (GuestRow& draft : drafts_) {
      if (draft.company == no_row) draft.company = company_of(draft);
      if (draft.company == no_row && draft.deal != no_row) {
        const RowId company = store_.link(Kind::deals, draft.deal, fields::deals::company);
        if (company != no_row) draft.company = facts_.companies.root(company);
      }
      draft.day = day_of(draft);
    }
    activities();
  }

  [[nodiscard]] std::vector<GuestRow>& drafts() noexcept { return drafts_; }
  [[nodiscard]] const Postings& postings() const noexcept { return postings_; }
  [[nodiscard]] std::int64_t deals_without_event() const noexcept { return deals_without_event_; }
  /// Promises by the place of the guest among the drafts, and the activity.
  [[nodiscard]] const std::vector<std::pair<std::uint32_t, RowId>>& promises() const noexcept { return promises_; }

  [[nodiscard]] bool counts(Cell at) const noexcept { return at == null_cell || as_of_ == null_cell || at <= as_of_; }
  [[nodiscard]] static std::optional<Timestamp> moment(Cell at) {
    return at == null_cell ? std::nullopt : std::optional{from_us(at)};
  }

 private:
  [[nodiscard]] RowId top(RowId event) const { return topmost(store_, event); }
  [[nodiscard]] Cell starts_of(RowId event) const {
    return store_.present(Kind::events, event) ? store_.get(Kind::events, event, fields::events::starts_at) : null_cell;
  }

  GuestRow& draft_at(const GuestPlace& place) { return drafts_[number_of(place)]; }
  std::uint32_t number_of(const GuestPlace& place) {
    const auto [found, fresh] = places_.try_emplace(place, static_cast<std::uint32_t>(drafts_.size()));
    if (fresh) {
      drafts_.emplace_back();
      drafts_.back().place = place;
    }
    return found->second;
  }

  // The earlier of two facts of a kind, by a time, then by id.
  void keep_first(RowId& kept, Kind kind, std::size_t at, RowId slot) const {
    if (kept == no_row || earlier(store_, kind, at, slot, kept)) kept = slot;
  }

  void visits() {
    postings_.for_each_unit([&](const Unit& unit) {
      GuestKind kind = GuestKind::person;
      if (unit.kind == UnitKind::lone_registration) {
        kind = GuestKind::registration;
      } else if (unit.kind == UnitKind::lone_attendance) {
        kind = GuestKind::attendance;
      } else if (unit.kind != UnitKind::visitor) {
        return;
      }
      VisitFacts facts;
      postings_.gather(unit, facts);
      const auto all =
          visits_of(store_, facts_.zone, facts, [&](RowId event) { return std::optional<RowId>{top(event)}; });
      for (const Visit& visit : all.all()) visit_row(visit, {visit.event, unit.slot, kind}, facts);
      const auto sessions = visits_of(store_, facts_.zone, facts, [&](RowId event) {
        return store_.present(Kind::events, event) && top(event) != event ? std::optional<RowId>{event} : std::nullopt;
      });
      for (const Visit& session : sessions.all()) {
        if (session.arrival == no_row || !counts(session.arrived_at)) continue;
        const auto found = places_.find({top(session.event), unit.slot, kind});
        if (found != places_.end()) ++drafts_[found->second].guest.sessions;
      }
    });
  }

  void visit_row(const Visit& visit, const GuestPlace& place, const VisitFacts& facts) {
    namespace f = fields::registrations;
    const bool counted = visit.counted != no_row;
    const Cell at = counted ? store_.get(Kind::registrations, visit.counted, f::at) : null_cell;
    const bool registered = counted && counts(at);
    const bool came = visit.arrival != no_row && counts(visit.arrived_at);
    RowId other = no_row;
    // Of several registrations that do not count, the status that promises most.
    constexpr std::string_view statuses[] = {"waitlist", "pending", "cancelled", "declined"};
    std::size_t status = std::size(statuses) - 1;
    if (!counted) {
      for (const RowId slot : facts.registrations.all()) {
        if (top(store_.link(Kind::registrations, slot, f::event)) != visit.event) continue;
        if (!counts(store_.get(Kind::registrations, slot, f::at))) continue;
        keep_first(other, Kind::registrations, f::at, slot);
        const auto said = choice_text(fields_of(Kind::registrations)[f::status].choices,
                                      store_.get(Kind::registrations, slot, f::status));
        status = std::min<std::size_t>(
            status, static_cast<std::size_t>(std::find(std::begin(statuses), std::end(statuses), said) - statuses));
      }
    }
    if (!registered && !came && other == no_row) return;
    GuestRow& draft = draft_at(place);
    draft.visit = visit;
    draft.other_registration = other;
    Guest& guest = draft.guest;
    guest.registered = registered;
    if (registered) guest.registered_at = moment(at);
    if (registered) {
      guest.status = "registered";
    } else if (other != no_row) {
      guest.status = statuses[status];
    }
    guest.came = came;
    guest.attended = came && counted;
    guest.walk_in = came && !counted;
    if (came) guest.came_at = moment(visit.arrived_at);
    tickets_of(
        store_, facts_.zone, facts, visit, [&](RowId event) { return std::optional{top(event)}; },
        [&](RowId, std::int64_t tickets, Cell when) { guest.tickets += registered && counts(when) ? tickets : 0; },
        [&](RowId, std::int64_t tickets, Cell when) { guest.tickets_attended += came && counts(when) ? tickets : 0; });
  }

  void take_invitation(GuestRow& draft, RowId slot) {
    namespace f = fields::invitations;
    draft.guest.invited = true;
    keep_first(draft.invitation, Kind::invitations, f::sent_at, slot);
    if (store_.get(Kind::invitations, slot, f::segment) != null_cell)
      keep_first(draft.segment_from, Kind::invitations, f::sent_at, slot);
  }

  void invitations() {
    namespace f = fields::invitations;
    store_.for_each_row(Kind::invitations, [&](RowId slot) {
      if (!counts(store_.get(Kind::invitations, slot, f::sent_at))) return;
      const RowId event = top(store_.link(Kind::invitations, slot, f::event));
      const RowId person = store_.link(Kind::invitations, slot, f::person);
      const RowId company = store_.link(Kind::invitations, slot, f::company);
      if (person != no_row) {
        take_invitation(draft_at({event, facts_.people.root(person), GuestKind::person}), slot);
      } else if (company != no_row) {
        invited_.push_back({{event, facts_.companies.root(company), GuestKind::company}, slot});
      } else {
        take_invitation(draft_at({event, slot, GuestKind::invitation}), slot);
      }
    });
  }

  void signals() {
    namespace f = fields::signals;
    store_.for_each_row(Kind::signals, [&](RowId slot) {
      const RowId person = store_.link(Kind::signals, slot, f::person);
      if (person == no_row || !counts(store_.get(Kind::signals, slot, f::at))) return;
      GuestRow& draft = draft_at(place_of_signal(slot));
      ++draft.guest.signals;
      keep_first(draft.signal, Kind::signals, f::at, slot);
      const Cell kind = store_.get(Kind::signals, slot, f::kind);
      if (kind == null_cell) return;
      const std::string_view text = store_.text(kind);
      if (text == "closed_session") ++draft.guest.closed_sessions;
      if (text == "product_interest") ++draft.guest.product_interests;
      if (text == "offer_request") ++draft.guest.offer_requests;
      if (text == "materials_request") ++draft.guest.materials_requests;
      auto& kinds = draft.signal_kinds;
      if (std::find(kinds.begin(), kinds.end(), static_cast<RowId>(kind)) == kinds.end())
        kinds.push_back(static_cast<RowId>(kind));
    });
  }
  [[nodiscard]] GuestPlace place_of_signal(RowId signal) const {
    namespace f = fields::signals;
    return {top(store_.link(Kind::signals, signal, f::event)),
            facts_.people.root(store_.link(Kind::signals, signal, f::person)), GuestKind::person};
  }

  // A company's invitation is that of each of its guests; it is a guest itself only without any.
  void invited_companies() {
    for (std::uint32_t i = 0; i < drafts_.size(); ++i) {
      drafts_[i].company = company_of(drafts_[i]);
      if (drafts_[i].company != no_row)
        of_company_[{drafts_[i].place.event, drafts_[i].company, GuestKind::company}].push_back(i);
    }
    for (const auto& [place, slot] : invited_) {
      const auto found = of_company_.find(place);
      if (found == of_company_.end()) {
        take_invitation(draft_at(place), slot);
        continue;
      }
      for (const std::uint32_t number : found->second) take_invitation(drafts_[number], slot);
    }
  }

  // The counted (else the first) registration's company, the invitation's, the person's; no_slot: none is said.
  [[nodiscard]] RowId company_of(const GuestRow& draft) const {
    if (draft.place.kind == GuestKind::company) return draft.place.slot;
    RowId company = no_row;
    const RowId registration = draft.visit.counted != no_row ? draft.visit.counted : draft.other_registration;
    if (registration != no_row)
      company = store_.link(Kind::registrations, registration, fields::registrations::company);
    if (company == no_row && draft.invitation != no_row)
      company = store_.link(Kind::invitations, draft.invitation, fields::invitations::company);
    if (company == no_row && draft.place.kind == GuestKind::person) {
      facts_.people.for_each_member(draft.place.slot, [&](RowId member) {
        if (company == no_row && store_.present(Kind::people, member))
          company = store_.link(Kind::people, member, fields::people::company);
      });
    }
    return company == no_row ? no_row : facts_.companies.root(company);
  }

  void deals();
  void count_deal(GuestRow& draft, RowId deal) const;
  [[nodiscard]] GuestPlace place_of_deal(RowId deal) const;
  void activities();
  void apply(std::uint32_t number, RowId activity, bool through_signal, bool about_event);

  [[nodiscard]] Cell day_of(const GuestRow& draft) const {
    if (draft.guest.came_at.has_value()) return to_us(*draft.guest.came_at);
    return starts_of(draft.place.event);
  }

  const FactsView facts_;
  const FactStore& store_;
  Postings postings_;
  Cell as_of_;  // null: facts count whatever their date
  Cell now_;
  std::vector<GuestRow> drafts_;
  std::unordered_map<GuestPlace, std::uint32_t, GuestPlaceHash> places_;
  std::vector<std::pair<GuestPlace, RowId>> invited_;  // companies
  Index of_company_;
  std::vector<std::uint32_t> guest_of_deal_;  // by the slot of the deal; no_slot: none
  std::vector<std::pair<std::uint32_t, RowId>> promises_;
  std::int64_t deals_without_event_ = 0;
};

// The event and guest of a sale: its registration's; else the event of its source announcement (of several the one that
// its count of 1 goes to) and who buys. no_slot: no event.
inline GuestPlace GuestRows::place_of_deal(RowId deal) const {
  namespace f = fields::deals;
  const RowId registration = store_.live_link(Kind::deals, deal, f::registration);
  if (registration != no_row) {
    namespace r = fields::registrations;
    if (const RowId event = store_.link(Kind::registrations, registration, r::event); event != no_row) {
      const Unit unit =
          postings_.unit_of_registration(registration, store_.link(Kind::registrations, registration, r::person));
      return {top(event), unit.slot, unit.kind == UnitKind::visitor ? GuestKind::person : GuestKind::registration};
    }
  }
  const EventShares shares = events_of(store_, postings_.sources().of_deal(deal).announcement);
  RowId event = shares.all().front().first;
  if (shares.all().size() > 1) {
    std::vector<std::uint64_t> weights;
    for (const auto& share : shares.all()) weights.push_back(share.second);
    const auto parts = split(1, weights);
    event = shares.all()[static_cast<std::size_t>(std::find(parts.begin(), parts.end(), 1) - parts.begin())].first;
  }
  if (event == no_row) return {};
  event = top(event);
  if (const RowId person = store_.link(Kind::deals, deal, f::person); person != no_row)
    return {event, facts_.people.root(person), GuestKind::person};
  const RowId company = store_.link(Kind::deals, deal, f::company);
  if (company == no_row) return {event, deal, GuestKind::deal};
  const GuestPlace place{event, facts_.companies.root(company), GuestKind::company};
  const auto found = of_company_.find(place);
  if (found == of_company_.end()) return place;
  const auto order = [&](std::uint32_t number) {
    const Guest& guest = drafts_[number].guest;
    const auto last = Timestamp::max();
    return std::tuple{!guest.came, guest.came_at.value_or(last), !guest.registered, guest.registered_at.value_or(last)};
  };
  const auto id_of = [&](std::uint32_t number) {
    const GuestPlace& of = drafts_[number].place;
    constexpr Kind kinds[] = {Kind::people,      Kind::companies,   Kind::registrations,
                              Kind::attendances, Kind::invitations, Kind::deals};
    return std::pair{store_.id(kinds[static_cast<std::size_t>(of.kind)], of.slot), of.kind};
  };
  std::uint32_t best = found->second.front();
  for (const std::uint32_t number : found->second) {
    const auto left = order(number);
    const auto right = order(best);
    if (left != right ? left < right : id_of(number) < id_of(best)) best = number;
  }
  return drafts_[best].place;
}

inline void GuestRows::deals() {
  namespace f = fields::deals;
  store_.for_each_row(Kind::deals, [&](RowId slot) {
    if (store_.link(Kind::deals, slot, f::parent) != no_row || postings_.is_refund(Kind::deals, slot)) return;
    if (!counts(store_.get(Kind::deals, slot, f::created_at))) return;
    const GuestPlace place = place_of_deal(slot);
    if (place.event == no_row) {
      ++deals_without_event_;
      return;
    }
    const std::uint32_t number = number_of(place);
    make_room(guest_of_deal_, slot, no_row);
    guest_of_deal_[slot] = number;
    count_deal(drafts_[number], slot);
  });
}

inline void GuestRows::count_deal(GuestRow& draft, RowId deal) const {
  namespace f = fields::deals;
  const auto cell = [&](std::size_t field) { return store_.get(Kind::deals, deal, field); };
  Guest& guest = draft.guest;
  ++guest.deals;
  if (draft.deal == no_row || earlier(store_, Kind::deals, f::created_at, deal, draft.deal)) draft.deal = deal;
  const Cell decided = postings_.outcomes().decided_at(deal);
  const std::string_view outcome = counts(decided) ? postings_.outcomes().of(deal) : std::string_view{"open"};
  if (outcome == "lost") {
    ++guest.lost;
    return;
  }
  ++(outcome == "won" ? guest.won : guest.open_deals);
  if (cell(f::amount) == null_cell) return;
  std::int64_t amount = cell(f::amount);
  if (facts_.vat == VatBasis::net && cell(f::vat) != null_cell) amount = checked_add(amount, -cell(f::vat));
  const auto counted = postings_.rates().convert(amount, postings_.rates().of(cell(f::currency)), decided);
  if (counted.has_value()) (outcome == "won" ? guest.amount_won : guest.amount_open).add(*counted);
}

inline void GuestRows::activities() {
  namespace f = fields::activities;
  if (store_.of(Kind::activities).rows == 0) return;
  std::unordered_map<GuestPlace, std::vector<std::uint32_t>, GuestPlaceHash>
      known;  // by person or company, event aside
  for (std::uint32_t i = 0; i < drafts_.size(); ++i) {
    const GuestPlace& place = drafts_[i].place;
    if (place.kind == GuestKind::person) known[{no_row, place.slot, GuestKind::person}].push_back(i);
    if (drafts_[i].company != no_row) known[{no_row, drafts_[i].company, GuestKind::company}].push_back(i);
  }
  store_.for_each_row(Kind::activities, [&](RowId slot) {
    const auto link = [&](std::size_t field) { return store_.link(Kind::activities, slot, field); };
    if (!counts(store_.get(Kind::activities, slot, f::at))) return;
    const RowId signal = store_.live_link(Kind::activities, slot, f::signal);
    if (signal != no_row) {
      if (store_.link(Kind::signals, signal, fields::signals::person) == no_row) return;
      const auto found = places_.find(place_of_signal(signal));
      if (found != places_.end()) apply(found->second, slot, true, true);
      return;
    }
    const RowId deal = store_.live_link(Kind::activities, slot, f::deal);
    if (deal != no_row && deal < guest_of_deal_.size() && guest_of_deal_[deal] != no_row) {
      apply(guest_of_deal_[deal], slot, false, false);
      return;
    }
    RowId person = link(f::person);
    RowId company = link(f::company);
    if (person == no_row && company == no_row && deal != no_row) {
      person = store_.link(Kind::deals, deal, fields::deals::person);
      company = store_.link(Kind::deals, deal, fields::deals::company);
    }
    const RowId lead = store_.live_link(Kind::activities, slot, f::lead);
    if (person == no_row && company == no_row && lead != no_row) {
      person = store_.link(Kind::leads, lead, fields::leads::person);
      company = store_.link(Kind::leads, lead, fields::leads::company);
    }
    GuestPlace who{no_row, no_row, GuestKind::person};
    if (person != no_row) {
      who.slot = facts_.people.root(person);
    } else if (company != no_row) {
      who = {no_row, facts_.companies.root(company), GuestKind::company};
    } else {
      return;
    }
    const auto found = known.find(who);
    if (found == known.end()) return;
    const RowId event = link(f::event) == no_row ? no_row : top(link(f::event));
    for (const std::uint32_t number : found->second) {
      if (event == no_row || drafts_[number].place.event == event) apply(number, slot, false, event != no_row);
    }
  });
}

inline void GuestRows::apply(std::uint32_t number, RowId activity, bool through_signal, bool about_event) {
  namespace f = fields::activities;
  const auto cell = [&](std::size_t field) { return store_.get(Kind::activities, activity, field); };
  GuestRow& draft = drafts_[number];
  Guest& guest = draft.guest;
  const auto since_the_day = [&](Cell at) { return draft.day == null_cell || (at != null_cell && at >= draft.day); };
  const auto keep_sooner = [](std::optional<Timestamp>& kept, Cell at) {
    if (at != null_cell && (!kept.has_value() || from_us(at) < *kept)) kept = from_us(at);
  };
  const Cell at = cell(f::at);
  const std::string_view kind = cell(f::kind) == null_cell ? std::string_view{} : store_.text(cell(f::kind));
  const bool done = cell(f::done_at) != null_cell && counts(cell(f::done_at));
  if (through_signal || since_the_day(at)) {
    ++guest.follow_ups;
    keep_sooner(guest.first_follow_up_at, at);
  }
  Cell contact = null_cell;
  if (cell(f::done_at) != null_cell) {
    if (done) contact = cell(f::done_at);
  } else if (cell(f::due_at) == null_cell && kind != "task") {
    contact = at;
  }
  if (contact != null_cell && since_the_day(contact)) {
    ++guest.contacts;
    keep_sooner(guest.first_contact_at, contact);
    if (kind == "offer") {
      ++guest.offers;
      keep_sooner(guest.first_offer_at, contact);
    }
  }
  if (cell(f::manager) != null_cell && at != null_cell) {
    const Cell kept = draft.contact == no_row ? null_cell : store_.get(Kind::activities, draft.contact, f::at);
    if (at > kept || (at == kept && store_.id(Kind::activities, activity) < store_.id(Kind::activities, draft.contact)))
      draft.contact = activity;
  }
  if (about_event && !done && now_ != null_cell && cell(f::due_at) != null_cell && cell(f::due_at) < now_)
    promises_.emplace_back(number, activity);
}

}  // namespace dealtrail::detail
