#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/cards/postings.hpp"
#include "dealtrail/cards/visits.hpp"
#include "dealtrail/journeys/detail/journey_columns.hpp"
#include "dealtrail/journeys/detail/touch_keys.hpp"

// Whose the facts of a Trail are, and the touches of each: what journeys of people, companies and deals are cut from.
namespace dealtrail::detail {

// Kinds of touch, then what else is a touch: what `kinds` and look-backs are told by.
inline constexpr std::array<std::string_view, 10> touch_kinds{
    "impression", "click", "call", "form", "chat", "visit", "registration", "attendance", "lead", "deal"};

/// A touch of somebody: `place` is its place in the chain, `channel` the number of its key, nearly always a channel,
/// `kind` a place among touch_kinds.
struct OwnedTouch {
  Cell at;
  std::uint8_t place;  // 0 touch, lead or deal, 1 registration, 2 arrival
  RowId channel;
  std::uint8_t kind;
};

// A person (a cluster); or somebody without a name: who stands behind a registration, lead or deal that names nobody,
// or behind a phone or client id that nobody has.
struct JourneyOwner {
  Kind kind = Kind::people;
  RowId fact = no_row;     // the name of the cluster, or the registration, lead or deal
  std::string_view key{};  // the phone or client id, as it is shown
  std::vector<OwnedTouch> touches{};
  VisitFacts facts{};
  std::vector<Visit> attended{};  // visits that are conversions
};

using OwnerNumber = std::uint32_t;
inline constexpr OwnerNumber no_owner = 0xFFFFFFFF;

class JourneyOwners {
 public:
  struct Options {
    Cell as_of = null_cell;
    bool attended_converts = false;
    std::vector<std::string> kinds{};
    std::string by = "channel";
  };

  JourneyOwners(const FactsView& facts, const Sources& sources, Options options)
      : facts_(facts), store_(facts.store), sources_(sources), options_(std::move(options)), keys_(facts, options_.by) {
    find_copies();
    own_touches();
    own_requests(Kind::leads);
    own_requests(Kind::deals);
    own_visits();
  }

  [[nodiscard]] std::vector<JourneyOwner>& all() noexcept { return owners_; }
  [[nodiscard]] std::vector<JourneyProblem>& problems() noexcept { return problems_; }
  /// What the touches are named by.
  [[nodiscard]] const TouchKeys& keys() const noexcept { return keys_; }

  void note(const char* code, const char* column, const char* message, const char* hint, std::string_view id) {
    auto same =
        std::find_if(problems_.begin(), problems_.end(), [&](const JourneyProblem& one) { return one.code == code; });
    if (same == problems_.end()) same = problems_.insert(same, JourneyProblem{code, column, 0, message, hint});
    ++same->count;
    if (same->first_rows.size() < 5) same->first_rows.emplace_back(id);
  }

  /// How a subject is shown; "" for nobody known.
  [[nodiscard]] std::string_view name(const JourneyOwner& owner) const {
    return owner.kind == Kind::people && owner.fact != no_row ? store_.id(Kind::people, owner.fact) : owner.key;
  }
  /// What is behind an owner, for problems.
  [[nodiscard]] std::string_view id(const JourneyOwner& owner) const {
    return owner.fact == no_row ? owner.key : store_.id(owner.kind, owner.fact);
  }

  [[nodiscard]] OwnerNumber of_person(RowId person) {
    if (person == no_row) return no_owner;
    return owner_at(Kind::people, facts_.people.root(person));
  }
  [[nodiscard]] OwnerNumber of_registration(RowId registration) {
    if (!store_.present(Kind::registrations, registration)) return no_owner;
    const RowId person = store_.link(Kind::registrations, registration, fields::registrations::person);
    return person != no_row ? of_person(person) : owner_at(Kind::registrations, registration);
  }
  /// Whose a touch is by what is known of it, else of the deal or lead that names it, else of its phone or client id.
  [[nodiscard]] OwnerNumber of_touch(RowId touch) {
    if (!store_.present(Kind::touches, touch)) return no_owner;
    if (const OwnerNumber known = known_of_touch(touch); known != no_owner) return known;
    const RowId deal = naming(Kind::deals, fields::deals::touch, touch, no_field);
    if (deal != no_row) return of_deal(deal);
    const RowId lead = naming(Kind::leads, fields::leads::touch, touch, no_field);
    return lead != no_row ? of_lead(lead) : of_unknown_key(touch);
  }
  /// Its person's; else its touch's; else that of the deals that grew from it; else of its touch's phone or client id;
  /// else somebody without a name.
  [[nodiscard]] OwnerNumber of_lead(RowId lead) {
    namespace l = fields::leads;
    namespace d = fields::deals;
    if (!store_.present(Kind::leads, lead)) return no_owner;
    if (const RowId person = store_.link(Kind::leads, lead, l::person); person != no_row) return of_person(person);
    const RowId touch = store_.live_link(Kind::leads, lead, l::touch);
    if (const OwnerNumber known = known_of_touch(touch); known != no_owner) return known;
    if (const RowId deal = naming(Kind::deals, d::lead, lead, d::person); deal != no_row)
      return of_person(store_.link(Kind::deals, deal, d::person));
    if (const RowId deal = naming(Kind::deals, d::lead, lead, no_field); deal != no_row)
      return owner_at(Kind::deals, deal);
    const OwnerNumber key = of_unknown_key(touch);
    return key != no_owner ? key : owner_at(Kind::leads, lead);
  }
  /// Its person's; else of its lead, its registration, its touch; else somebody without a name, the same for all deals
  /// of a lead.
  [[nodiscard]] OwnerNumber of_deal(RowId deal) {
    namespace d = fields::deals;
    if (!store_.present(Kind::deals, deal)) return no_owner;
    if (const RowId person = store_.link(Kind::deals, deal, d::person); person != no_row) return of_person(person);
    const RowId lead = store_.live_link(Kind::deals, deal, d::lead);
    if (lead != no_row) {
      const RowId person = store_.link(Kind::leads, lead, fields::leads::person);
      if (person != no_row) return of_person(person);
    }
    const OwnerNumber guest = of_registration(store_.link(Kind::deals, deal, d::registration));
    if (guest != no_owner) return guest;
    const OwnerNumber known = known_of_touch(store_.live_link(Kind::deals, deal, d::touch));
    if (known != no_owner) return known;
    return lead != no_row ? of_lead(lead) : owner_at(Kind::deals, deal);
  }

  [[nodiscard]] bool event_time(Cell at) const noexcept {
    return at == null_cell || options_.as_of == null_cell || at <= options_.as_of;
  }

 private:
  static constexpr std::size_t no_field = static_cast<std::size_t>(-1);

  OwnerNumber owner_at(Kind kind, RowId slot) {
    std::vector<OwnerNumber>& places = places_[static_cast<std::size_t>(kind)];
    make_room(places, slot, no_owner);
    if (places[slot] == no_owner) {
      places[slot] = static_cast<OwnerNumber>(owners_.size());
      owners_.push_back({.kind = kind, .fact = slot});
    }
    return places[slot];
  }

  // Its person's; else of the earliest registration, lead or deal that names it and a person; else of who has its phone
  // or client id; else the guest without a name whose registration it is.
  [[nodiscard]] OwnerNumber known_of_touch(RowId touch) {
    if (touch == no_row) return no_owner;
    if (const RowId person = store_.link(Kind::touches, touch, fields::touches::person); person != no_row)
      return of_person(person);
    namespace r = fields::registrations;
    const RowId registration = naming(Kind::registrations, r::touch, touch, no_field);
    if (registration != no_row) {
      if (store_.link(Kind::registrations, registration, r::person) != no_row) return of_registration(registration);
    } else {
      namespace l = fields::leads;
      if (const RowId named = naming(Kind::leads, l::touch, touch, l::person); named != no_row)
        return of_person(store_.link(Kind::leads, named, l::person));
      namespace d = fields::deals;
      if (const RowId named = naming(Kind::deals, d::touch, touch, d::person); named != no_row)
        return of_person(store_.link(Kind::deals, named, d::person));
    }
    for (const TouchKey& key : keys_of(touch)) {
      if (key.holder != no_row) return of_person(key.holder);
    }
    return registration != no_row ? of_registration(registration) : no_owner;
  }

  // The phone and the client id of a touch, and the one cluster that has it then.
  struct TouchKey {
    std::string text;
    RowId holder = no_row;
    bool shared = false;  // by several
  };
  [[nodiscard]] std::vector<TouchKey> keys_of(RowId touch) const {
    namespace f = fields::touches;
    std::vector<TouchKey> keys;
    const Cell at = store_.get(Kind::touches, touch, f::at);
    for (const auto& [kind, field] :
         {std::pair{KeyKind::phone, std::size_t{f::phone}}, std::pair{KeyKind::client_id, std::size_t{f::client_id}}}) {
      const Cell cell = store_.get(Kind::touches, touch, field);
      if (cell == null_cell) continue;
      facts_.identity.for_each_stated(store_, kind, store_.text(cell), at, [&](std::string_view key, auto&& holders) {
        TouchKey& one = keys.emplace_back();
        one.text = std::string{to_string(kind)} + ':' + std::string{key};
        holders([&](RowId card) {
          const RowId root = facts_.people.root(card);
          one.shared = one.shared || (one.holder != no_row && one.holder != root);
          one.holder = root;
        });
        if (one.shared) one.holder = no_row;
      });
    }
    return keys;
  }

  // Somebody without a name whose phone, else client id, a touch has; nothing when it has none, or several people do.
  [[nodiscard]] OwnerNumber of_unknown_key(RowId touch) {
    if (touch == no_row) return no_owner;
    const auto keys = keys_of(touch);
    if (keys.empty() || std::any_of(keys.begin(), keys.end(), [](const TouchKey& key) { return key.shared; }))
      return no_owner;
    const auto [known, is_new] = unknown_.try_emplace(keys.front().text, static_cast<OwnerNumber>(owners_.size()));
    if (is_new) owners_.push_back({.key = known->first});
    return known->second;
  }

  // The earliest fact that names a touch (and a person, if that field is asked for); equal times: the smaller id.
  [[nodiscard]] RowId naming(Kind kind, std::size_t field, RowId touch, std::size_t person) const {
    const std::size_t at = *find_field(kind, kind == Kind::registrations ? "at" : "created_at");
    RowId best = no_row;
    store_.for_each_child(kind, field, touch, [&](RowId slot) {
      if (person != no_field && store_.link(kind, slot, person) == no_row) return;
      if (best == no_row || earlier(store_, kind, at, slot, best)) best = slot;
    });
    return best;
  }

  [[nodiscard]] bool wanted(std::string_view kind) const {
    return options_.kinds.empty() ||
           std::find(options_.kinds.begin(), options_.kinds.end(), kind) != options_.kinds.end();
  }
  [[nodiscard]] std::string_view kind_of_touch(RowId touch) const {
    const Cell kind = store_.get(Kind::touches, touch, fields::touches::kind);
    return kind == null_cell ? std::string_view{}
                             : choice_text(fields_of(Kind::touches)[fields::touches::kind].choices, kind);
  }
  [[nodiscard]] bool wanted_touch(RowId touch) const { return wanted(kind_of_touch(touch)); }

  void add(OwnerNumber owner, Kind kind, RowId fact, Cell at, std::uint8_t place, RowId channel) {
    const std::string_view id = store_.id(kind, fact);
    if (at != null_cell && !event_time(at)) return;
    if (owner == no_owner) {
      if (kind == Kind::touches && !keys_of(fact).empty())
        return note("shared_key", "phone", "touches of a phone or client id that several people have are left out",
                    "say which person it is, or bound the contact points in time", id);
      return note("no_subject", "person", "touches of nobody known are left out", "link them to a person", id);
    }
    if (at == null_cell) return note("no_time", "at", "touches without a time are left out", "fill it", id);
    if (channel == no_row)
      return note("no_channel", "channel", "touches without a known source are left out",
                  "link them to an announcement, or declare a source key", id);
    if (!owners_[owner].key.empty())
      note("unknown_key", "phone", "touches of phones and client ids that nobody has are subjects that never convert",
           "give people contact_points with them", id);
    const auto name = kind == Kind::touches         ? kind_of_touch(fact)
                      : kind == Kind::registrations ? std::string_view{"registration"}
                      : kind == Kind::leads         ? std::string_view{"lead"}
                      : kind == Kind::deals         ? std::string_view{"deal"}
                                                    : std::string_view{"attendance"};
    const auto of = std::find(touch_kinds.begin(), touch_kinds.end(), name) - touch_kinds.begin();
    owners_[owner].touches.push_back({at, place, channel, static_cast<std::uint8_t>(of)});
  }

  void own_touches() {
    for (const RowId touch : store_.sorted_rows(Kind::touches)) {
      if (!wanted_touch(touch)) continue;
      if (copied_.contains(touch)) {
        note("copied_touch", "utm_source", "tags that a lead, its deal and its contact share are one touch",
             "nothing to do: the first of them counts", store_.id(Kind::touches, touch));
        continue;
      }
      const OwnerNumber owner = of_touch(touch);
      namespace r = fields::registrations;
      Source source = sources_.of_touch(touch);
      std::optional<RowId> event;
      if (source.channel == no_row || !keys_.are_channels()) {  // a registration that is this touch may know
        const RowId named = naming(Kind::registrations, r::touch, touch, no_field);
        if (named != no_row && of_registration(named) == owner) {
          if (source.channel == no_row) source = sources_.of_registration(named);
          const RowId own = store_.link(Kind::registrations, named, r::event);
          if (own != no_row) event = topmost(store_, own);
        }
      }
      add(owner, Kind::touches, touch, store_.get(Kind::touches, touch, fields::touches::at), 0,
          keys_.of(Kind::touches, touch, source, event));
    }
  }

  // A lead or deal that names its source itself and no touch has one at its creation; of a lead and its deal with the
  // same source, the lead.
  void own_requests(Kind kind) {
    if (!wanted(kind == Kind::leads ? "lead" : "deal")) return;
    for (const RowId slot : store_.sorted_rows(kind)) {
      const Source source = sources_.own(kind, slot);
      if (!source.found() || touch_of(kind, slot) != no_row || is_claim(kind, slot)) continue;
      const OwnerNumber owner = kind == Kind::leads ? of_lead(slot) : of_deal(slot);
      if (kind == Kind::deals) {
        const RowId lead = store_.live_link(kind, slot, fields::deals::lead);
        if (lead != no_row && of_lead(lead) == owner && sources_.of_lead(lead).same_place(source)) continue;
      }
      add(owner, kind, slot, created_at(kind, slot), 0, keys_.of(kind, slot, source, std::nullopt));
    }
  }

  [[nodiscard]] bool is_claim(Kind kind, RowId slot) const {
    return kind == Kind::deals && store_.link(kind, slot, fields::deals::parent) != no_row;
  }
  // The touch that a lead or deal names, if it is there.
  [[nodiscard]] RowId touch_of(Kind kind, RowId slot) const {
    return kind == Kind::leads ? store_.live_link(kind, slot, fields::leads::touch)
                               : store_.live_link(kind, slot, fields::deals::touch);
  }
  [[nodiscard]] Cell created_at(Kind kind, RowId slot) const {
    return kind == Kind::leads ? store_.get(kind, slot, fields::leads::created_at)
                               : store_.get(kind, slot, fields::deals::created_at);
  }

  // Whether what a touch carries is another's: some tags, the same ones, and nothing that the other has not.
  [[nodiscard]] bool has_tags_of(RowId touch, RowId other) const {
    namespace f = fields::touches;
    const auto cell = [&](RowId of, std::size_t field) { return store_.get(Kind::touches, of, field); };
    const auto tag_of = [&](RowId of, std::size_t field) {
      const Cell text = cell(of, field);
      return text == null_cell ? no_row : facts_.index.form_of_tag(static_cast<RowId>(text));
    };
    bool tagged = false;
    for (std::size_t field = f::utm_source; field < f::utm_source + utm_names.size(); ++field) {
      if (tag_of(touch, field) != tag_of(other, field)) return false;
      tagged = tagged || cell(touch, field) != null_cell;
    }
    for (const std::size_t field :
         {f::announcement, f::channel, f::form, f::promo_code, f::referrer, f::dialled_number})
      if (cell(touch, field) != null_cell && cell(touch, field) != cell(other, field)) return false;
    return tagged;
  }

  // Touches that are tags copied from a lead to the deal that names it, or to the contact of a lead or deal.
  void find_copies() {
    namespace d = fields::deals;
    struct Request {
      RowId touch;
      Cell created;
    };
    std::map<OwnerNumber, std::vector<Request>> requests;
    for (const Kind kind : {Kind::leads, Kind::deals}) {
      for (const RowId slot : store_.sorted_rows(kind)) {
        const RowId touch = touch_of(kind, slot);
        if (touch == no_row) continue;
        const OwnerNumber owner = of_touch(touch);
        if (owner == no_owner) continue;
        requests[owner].push_back({touch, created_at(kind, slot)});
        const RowId lead = kind == Kind::deals ? store_.live_link(kind, slot, d::lead) : no_row;
        if (lead == no_row || is_registration(touch) || of_lead(lead) != owner) continue;
        const RowId first = touch_of(Kind::leads, lead);
        const Source own = first == no_row ? sources_.own(Kind::leads, lead) : Source{};
        if ((first != no_row && first != touch && of_touch(first) == owner && has_tags_of(touch, first)) ||
            (own.found() && sources_.of_touch(touch).same_place(own)))
          copied_.insert(touch);
      }
    }
    for (const RowId touch : store_.sorted_rows(Kind::touches)) {
      const RowId person = store_.link(Kind::touches, touch, fields::touches::person);
      if (person == no_row || !may_be_of_a_card(touch)) continue;
      const auto of = requests.find(of_person(person));
      if (of == requests.end()) continue;
      const Cell at = store_.get(Kind::touches, touch, fields::touches::at);
      for (const Request& one : of->second) {
        if (at == null_cell || one.created == null_cell || !has_tags_of(touch, one.touch)) continue;
        if (at <= one.created ? at >= one.created - us_per_day : one.created >= at - us_per_day) copied_.insert(touch);
      }
    }
  }
  [[nodiscard]] bool is_registration(RowId touch) const {
    return naming(Kind::registrations, fields::registrations::touch, touch, no_field) != no_row;
  }
  // Tags alone, which no fact names and no tracker or call brought: they may stand on the card of a contact.
  [[nodiscard]] bool may_be_of_a_card(RowId touch) const {
    namespace f = fields::touches;
    for (const std::size_t field : {f::phone, f::client_id, f::dialled_number})
      if (store_.get(Kind::touches, touch, field) != null_cell) return false;
    const std::string_view kind = kind_of_touch(touch);
    return (kind == "visit" || kind == "form") && !is_registration(touch) &&
           naming(Kind::leads, fields::leads::touch, touch, no_field) == no_row &&
           naming(Kind::deals, fields::deals::touch, touch, no_field) == no_row;
  }

  void own_visits() {
    for (const RowId registration : store_.sorted_rows(Kind::registrations))
      owners_[of_registration(registration)].facts.registrations.push_back(registration);
    for (const RowId arrival : store_.sorted_rows(Kind::attendances)) {
      namespace f = fields::attendances;
      OwnerNumber owner = of_registration(store_.link(Kind::attendances, arrival, f::registration));
      if (owner == no_owner) owner = of_person(store_.link(Kind::attendances, arrival, f::person));
      if (owner == no_owner) {
        if (wanted("attendance"))
          add(owner, Kind::attendances, arrival, store_.get(Kind::attendances, arrival, f::at), 2, no_row);
        continue;
      }
      owners_[owner].facts.arrivals.push_back(arrival);
    }
    for (OwnerNumber owner = 0; owner < owners_.size(); ++owner) {
      const auto visits = visits_of(store_, facts_.zone, owners_[owner].facts,
                                    [&](RowId event) { return std::optional<RowId>{topmost(store_, event)}; });
      for (const Visit& visit : visits.all()) own_visit(owner, visit);
    }
  }

  void own_visit(OwnerNumber owner, const Visit& visit) {
    namespace r = fields::registrations;
    const Source source = visit.counted != no_row   ? sources_.of_registration(visit.counted)
                          : visit.arrival != no_row ? sources_.of(Kind::attendances, visit.arrival)
                                                    : Source{};
    if (visit.counted != no_row && wanted("registration")) {
      const RowId touch = store_.live_link(Kind::registrations, visit.counted, r::touch);
      const bool is_touch = touch != no_row && wanted_touch(touch) && of_touch(touch) == owner;
      if (!is_touch)
        add(owner, Kind::registrations, visit.counted, store_.get(Kind::registrations, visit.counted, r::at), 1,
            keys_.of(Kind::registrations, visit.counted, source, visit.event));
    }
    if (visit.arrival == no_row) return;
    if (options_.attended_converts && visit.counted != no_row) {
      if (event_time(visit.arrived_at)) owners_[owner].attended.push_back(visit);
    } else if (wanted("attendance")) {
      add(owner, Kind::attendances, visit.arrival, visit.arrived_at, 2,
          keys_.of(Kind::attendances, visit.arrival, source, visit.event));
    }
  }

  const FactsView& facts_;
  const FactStore& store_;
  const Sources& sources_;
  Options options_;
  TouchKeys keys_;
  std::vector<JourneyOwner> owners_;
  std::vector<JourneyProblem> problems_;
  std::array<std::vector<OwnerNumber>, kind_count> places_;  // by kind: the owner of each slot
  std::map<std::string, OwnerNumber> unknown_;               // by phone or client id
  std::set<RowId> copied_;                                   // touches that are another's tags
};

}  // namespace dealtrail::detail
