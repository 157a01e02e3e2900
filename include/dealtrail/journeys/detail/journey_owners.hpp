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
inline constexpr std::array<std::string_view, 8> touch_kinds{"impression", "click", "call",         "form",
                                                             "chat",       "visit", "registration", "attendance"};

/// A touch of somebody: `place` is its place in the chain, `channel` the number of its key, nearly always a channel,
/// `kind` a place among touch_kinds.
struct OwnedTouch {
  Cell at;
  std::uint8_t place;  // 0 touch, 1 registration, 2 arrival
  RowId channel;
  std::uint8_t kind;
};

// A person (a cluster), or a guest without a name: a registration that names nobody.
struct JourneyOwner {
  RowId person = no_row;        // name of the cluster
  RowId registration = no_row;  // of a guest without a name
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
    own_touches();
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

  [[nodiscard]] OwnerNumber of_person(RowId person) {
    if (person == no_row) return no_owner;
    return owner_at(people_, facts_.people.root(person), true);
  }
  [[nodiscard]] OwnerNumber of_registration(RowId registration) {
    if (!store_.present(Kind::registrations, registration)) return no_owner;
    const RowId person = store_.link(Kind::registrations, registration, fields::registrations::person);
    return person != no_row ? of_person(person) : owner_at(guests_, registration, false);
  }
  /// Its person's; else that of the registration, lead or deal that names it, the earliest.
  [[nodiscard]] OwnerNumber of_touch(RowId touch) {
    if (!store_.present(Kind::touches, touch)) return no_owner;
    if (const RowId person = store_.link(Kind::touches, touch, fields::touches::person); person != no_row)
      return of_person(person);
    if (const RowId named = naming(Kind::registrations, fields::registrations::touch, touch, no_field); named != no_row)
      return of_registration(named);
    namespace l = fields::leads;
    if (const RowId named = naming(Kind::leads, l::touch, touch, l::person); named != no_row)
      return of_person(store_.link(Kind::leads, named, l::person));
    namespace d = fields::deals;
    if (const RowId named = naming(Kind::deals, d::touch, touch, d::person); named != no_row)
      return of_person(store_.link(Kind::deals, named, d::person));
    return no_owner;
  }
  /// Its person's; else of its lead, its registration, its touch.
  [[nodiscard]] OwnerNumber of_deal(RowId deal) {
    namespace d = fields::deals;
    if (!store_.present(Kind::deals, deal)) return no_owner;
    if (const RowId person = store_.link(Kind::deals, deal, d::person); person != no_row) return of_person(person);
    if (const RowId lead = store_.live_link(Kind::deals, deal, d::lead); lead != no_row) {
      const RowId person = store_.link(Kind::leads, lead, fields::leads::person);
      if (person != no_row) return of_person(person);
    }
    const OwnerNumber guest = of_registration(store_.link(Kind::deals, deal, d::registration));
    return guest != no_owner ? guest : of_touch(store_.link(Kind::deals, deal, d::touch));
  }

  [[nodiscard]] bool event_time(Cell at) const noexcept {
    return at == null_cell || options_.as_of == null_cell || at <= options_.as_of;
  }

 private:
  static constexpr std::size_t no_field = static_cast<std::size_t>(-1);

  OwnerNumber owner_at(std::vector<OwnerNumber>& places, RowId slot, bool person) {
    make_room(places, slot, no_owner);
    if (places[slot] == no_owner) {
      places[slot] = static_cast<OwnerNumber>(owners_.size());
      owners_.push_back(person ? JourneyOwner{.person = slot} : JourneyOwner{.registration = slot});
    }
    return places[slot];
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
    if (owner == no_owner)
      return note("no_subject", "person", "touches of nobody known are left out", "link them to a person", id);
    if (at == null_cell) return note("no_time", "at", "touches without a time are left out", "fill it", id);
    if (channel == no_row)
      return note("no_channel", "channel", "touches without a known source are left out",
                  "link them to an announcement, or declare a source key", id);
    const auto name = kind == Kind::touches         ? kind_of_touch(fact)
                      : kind == Kind::registrations ? std::string_view{"registration"}
                                                    : std::string_view{"attendance"};
    const auto of = std::find(touch_kinds.begin(), touch_kinds.end(), name) - touch_kinds.begin();
    owners_[owner].touches.push_back({at, place, channel, static_cast<std::uint8_t>(of)});
  }

  void own_touches() {
    for (const RowId touch : store_.sorted_rows(Kind::touches)) {
      if (!wanted_touch(touch)) continue;
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
  std::vector<OwnerNumber> people_;
  std::vector<OwnerNumber> guests_;
};

}  // namespace dealtrail::detail
