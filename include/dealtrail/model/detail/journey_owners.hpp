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

#include "dealtrail/model/detail/journey_columns.hpp"
#include "dealtrail/model/detail/postings.hpp"
#include "dealtrail/model/detail/touch_keys.hpp"
#include "dealtrail/model/detail/visits.hpp"

// Whose the facts of a Trail are, and the touches of each: what journeys of people, companies and deals are cut from.
namespace dealtrail::detail {

// Kinds of touch, then what else is a touch: what `kinds` and look-backs are told by.
inline constexpr std::array<std::string_view, 8> touch_kinds{"impression", "click", "call",         "form",
                                                             "chat",       "visit", "registration", "attendance"};

/// A touch of somebody: `place` is its place in the chain, `channel` the number of its key, nearly always a channel,
/// `kind` a place among touch_kinds.
struct OwnedTouch {
  Stored at;
  std::uint8_t place;  // 0 touch, 1 registration, 2 arrival
  Slot channel;
  std::uint8_t kind;
};

// A person (a cluster), or a guest without a name: a registration that names nobody.
struct JourneyOwner {
  Slot person = no_slot;        // name of the cluster
  Slot registration = no_slot;  // of a guest without a name
  std::vector<OwnedTouch> touches{};
  VisitFacts facts{};
  std::vector<Visit> attended{};  // visits that are conversions
};

using OwnerNumber = std::uint32_t;
inline constexpr OwnerNumber no_owner = 0xFFFFFFFF;

template <class = void>
class BasicJourneyOwners {
 public:
  struct Options {
    Stored as_of = null_cell;
    bool attended_converts = false;
    std::vector<std::string> kinds{};
    std::string by = "channel";
  };

  BasicJourneyOwners(const Books& books, const Sources& sources, Options options)
      : books_(books), store_(books.store), sources_(sources), options_(std::move(options)), keys_(books, options_.by) {
    own_touches();
    own_visits();
  }

  [[nodiscard]] std::vector<JourneyOwner>& all() noexcept { return owners_; }
  [[nodiscard]] std::vector<JourneyNote>& notes() noexcept { return notes_; }
  /// What the touches are named by.
  [[nodiscard]] const TouchKeys& keys() const noexcept { return keys_; }

  void note(const char* code, const char* column, const char* message, const char* cure, std::string_view id) {
    auto same = std::find_if(notes_.begin(), notes_.end(), [&](const JourneyNote& one) { return one.code == code; });
    if (same == notes_.end()) same = notes_.insert(same, JourneyNote{code, column, 0, message, cure});
    ++same->count;
    if (same->first_rows.size() < 5) same->first_rows.emplace_back(id);
  }

  [[nodiscard]] OwnerNumber of_person(Slot person) {
    if (person == no_slot) return no_owner;
    return owner_at(people_, books_.people.root(person), true);
  }
  [[nodiscard]] OwnerNumber of_registration(Slot registration) {
    if (!store_.present(Kind::registrations, registration)) return no_owner;
    const Slot person = store_.link(Kind::registrations, registration, fields::registrations::person);
    return person != no_slot ? of_person(person) : owner_at(guests_, registration, false);
  }
  /// Its person's; else that of the registration, lead or deal that names it, the earliest.
  [[nodiscard]] OwnerNumber of_touch(Slot touch) {
    if (!store_.present(Kind::touches, touch)) return no_owner;
    if (const Slot person = store_.link(Kind::touches, touch, fields::touches::person); person != no_slot)
      return of_person(person);
    if (const Slot named = naming(Kind::registrations, fields::registrations::touch, touch, no_field); named != no_slot)
      return of_registration(named);
    namespace l = fields::leads;
    if (const Slot named = naming(Kind::leads, l::touch, touch, l::person); named != no_slot)
      return of_person(store_.link(Kind::leads, named, l::person));
    namespace d = fields::deals;
    if (const Slot named = naming(Kind::deals, d::touch, touch, d::person); named != no_slot)
      return of_person(store_.link(Kind::deals, named, d::person));
    return no_owner;
  }
  /// Its person's; else of its lead, its registration, its touch.
  [[nodiscard]] OwnerNumber of_deal(Slot deal) {
    namespace d = fields::deals;
    if (!store_.present(Kind::deals, deal)) return no_owner;
    if (const Slot person = store_.link(Kind::deals, deal, d::person); person != no_slot) return of_person(person);
    if (const Slot lead = store_.live_link(Kind::deals, deal, d::lead); lead != no_slot) {
      const Slot person = store_.link(Kind::leads, lead, fields::leads::person);
      if (person != no_slot) return of_person(person);
    }
    const OwnerNumber guest = of_registration(store_.link(Kind::deals, deal, d::registration));
    return guest != no_owner ? guest : of_touch(store_.link(Kind::deals, deal, d::touch));
  }

  [[nodiscard]] bool happened(Stored at) const noexcept {
    return at == null_cell || options_.as_of == null_cell || at <= options_.as_of;
  }

 private:
  static constexpr std::size_t no_field = static_cast<std::size_t>(-1);

  OwnerNumber owner_at(std::vector<OwnerNumber>& places, Slot slot, bool person) {
    make_room(places, slot, no_owner);
    if (places[slot] == no_owner) {
      places[slot] = static_cast<OwnerNumber>(owners_.size());
      owners_.push_back(person ? JourneyOwner{.person = slot} : JourneyOwner{.registration = slot});
    }
    return places[slot];
  }

  // The earliest fact that names a touch (and a person, if that field is asked for); equal times: the smaller id.
  [[nodiscard]] Slot naming(Kind kind, std::size_t field, Slot touch, std::size_t person) const {
    const std::size_t at = *find_field(kind, kind == Kind::registrations ? "at" : "created_at");
    Slot best = no_slot;
    store_.for_each_child(kind, field, touch, [&](Slot slot) {
      if (person != no_field && store_.link(kind, slot, person) == no_slot) return;
      if (best == no_slot || earlier(store_, kind, at, slot, best)) best = slot;
    });
    return best;
  }

  [[nodiscard]] bool wanted(std::string_view kind) const {
    return options_.kinds.empty() ||
           std::find(options_.kinds.begin(), options_.kinds.end(), kind) != options_.kinds.end();
  }
  [[nodiscard]] std::string_view kind_of_touch(Slot touch) const {
    const Stored kind = store_.get(Kind::touches, touch, fields::touches::kind);
    return kind == null_cell ? std::string_view{}
                             : choice_text(fields_of(Kind::touches)[fields::touches::kind].choices, kind);
  }
  [[nodiscard]] bool wanted_touch(Slot touch) const { return wanted(kind_of_touch(touch)); }

  void add(OwnerNumber owner, Kind kind, Slot fact, Stored at, std::uint8_t place, Slot channel) {
    const std::string_view id = store_.id(kind, fact);
    if (at != null_cell && !happened(at)) return;
    if (owner == no_owner)
      return note("no_subject", "person", "touches of nobody known are left out", "link them to a person", id);
    if (at == null_cell) return note("no_time", "at", "touches without a time are left out", "fill it", id);
    if (channel == no_slot)
      return note("no_channel", "channel", "touches without a known source are left out",
                  "link them to an announcement, or declare a source key", id);
    const auto name = kind == Kind::touches         ? kind_of_touch(fact)
                      : kind == Kind::registrations ? std::string_view{"registration"}
                                                    : std::string_view{"attendance"};
    const auto of = std::find(touch_kinds.begin(), touch_kinds.end(), name) - touch_kinds.begin();
    owners_[owner].touches.push_back({at, place, channel, static_cast<std::uint8_t>(of)});
  }

  void own_touches() {
    for (const Slot touch : store_.sorted_rows(Kind::touches)) {
      if (!wanted_touch(touch)) continue;
      const OwnerNumber owner = of_touch(touch);
      namespace r = fields::registrations;
      Source source = sources_.of_touch(touch);
      std::optional<Slot> event;
      if (source.channel == no_slot || !keys_.are_channels()) {  // a registration that is this touch may know
        const Slot named = naming(Kind::registrations, r::touch, touch, no_field);
        if (named != no_slot && of_registration(named) == owner) {
          if (source.channel == no_slot) source = sources_.of_registration(named);
          const Slot own = store_.link(Kind::registrations, named, r::event);
          if (own != no_slot) event = topmost(store_, own);
        }
      }
      add(owner, Kind::touches, touch, store_.get(Kind::touches, touch, fields::touches::at), 0,
          keys_.of(Kind::touches, touch, source, event));
    }
  }

  void own_visits() {
    for (const Slot registration : store_.sorted_rows(Kind::registrations))
      owners_[of_registration(registration)].facts.registrations.push_back(registration);
    for (const Slot arrival : store_.sorted_rows(Kind::attendances)) {
      namespace f = fields::attendances;
      OwnerNumber owner = of_registration(store_.link(Kind::attendances, arrival, f::registration));
      if (owner == no_owner) owner = of_person(store_.link(Kind::attendances, arrival, f::person));
      if (owner == no_owner) {
        if (wanted("attendance"))
          add(owner, Kind::attendances, arrival, store_.get(Kind::attendances, arrival, f::at), 2, no_slot);
        continue;
      }
      owners_[owner].facts.arrivals.push_back(arrival);
    }
    for (OwnerNumber owner = 0; owner < owners_.size(); ++owner) {
      const auto visits = visits_of(store_, owners_[owner].facts,
                                    [&](Slot event) { return std::optional<Slot>{topmost(store_, event)}; });
      for (const Visit& visit : visits.all()) own_visit(owner, visit);
    }
  }

  void own_visit(OwnerNumber owner, const Visit& visit) {
    namespace r = fields::registrations;
    const Source source = visit.counted != no_slot   ? sources_.of_registration(visit.counted)
                          : visit.arrival != no_slot ? sources_.of(Kind::attendances, visit.arrival)
                                                     : Source{};
    if (visit.counted != no_slot && wanted("registration")) {
      const Slot touch = store_.live_link(Kind::registrations, visit.counted, r::touch);
      const bool is_touch = touch != no_slot && wanted_touch(touch) && of_touch(touch) == owner;
      if (!is_touch)
        add(owner, Kind::registrations, visit.counted, store_.get(Kind::registrations, visit.counted, r::at), 1,
            keys_.of(Kind::registrations, visit.counted, source, visit.event));
    }
    if (visit.arrival == no_slot) return;
    if (options_.attended_converts && visit.counted != no_slot) {
      if (happened(visit.arrived_at)) owners_[owner].attended.push_back(visit);
    } else if (wanted("attendance")) {
      add(owner, Kind::attendances, visit.arrival, visit.arrived_at, 2,
          keys_.of(Kind::attendances, visit.arrival, source, visit.event));
    }
  }

  const Books& books_;
  const FactStore& store_;
  const Sources& sources_;
  Options options_;
  TouchKeys keys_;
  std::vector<JourneyOwner> owners_;
  std::vector<JourneyNote> notes_;
  std::vector<OwnerNumber> people_;
  std::vector<OwnerNumber> guests_;
};
using JourneyOwners = BasicJourneyOwners<>;

}  // namespace dealtrail::detail
