#pragma once

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "dealtrail/cards/postings.hpp"
#include "dealtrail/facts/event_time.hpp"
#include "dealtrail/journeys/detail/journey_order.hpp"
#include "dealtrail/journeys/detail/journey_owners.hpp"
#include "dealtrail/journeys/detail/paid_sales.hpp"
#include "dealtrail/journeys/detail/trail_journey_options.hpp"
#include "dealtrail/journeys/journeys.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/trail/trail.hpp"

// Journeys of a Trail: whose each fact is (journey_owners.hpp), what converts, and the cut.

namespace dealtrail {

namespace detail {

class TrailJourneys {
 public:
  TrailJourneys(const Trail& trail, const TrailJourneyOptions& options)
      : facts_(trail.view()),
        store_(facts_.store),
        options_(options),
        postings_(facts_, options.view, Clock::activity),
        owners_(facts_, postings_.sources(),
                {.as_of = options.as_of ? to_us(*options.as_of) : null_cell,
                 .attended_converts = options.to == "attended",
                 .kinds = options.kinds,
                 .by = options.by}),
        lookback_days_(options.lookback_days.value_or(trail.options().lookback_days)),
        priced_(options.to == "won" || options.to == "paid" || options.to == "deal_created") {
    lookbacks_us_.fill(lookback_days_ * us_per_day);
    for (const auto& [kind, days] : options.lookback_days_of)
      lookbacks_us_[static_cast<std::size_t>(std::find(touch_kinds.begin(), touch_kinds.end(), kind) -
                                             touch_kinds.begin())] = days * us_per_day;
    if (options.period) {
      from_ = to_us(begin(*options.period, facts_.zone));
      until_ = to_us(end(*options.period, facts_.zone));
    }
    raw_.of = JourneysOf::trail;
    raw_.milestones = {"lead_created", "deal_created"};
    raw_.milestone_at.resize(2);
    raw_.journey_first.push_back(0);
  }

  [[nodiscard]] Journeys make() {
    find_conversions();
    if (options_.subject == "deal") {
      of_deals();
    } else if (options_.subject == "company") {
      of_companies();
    } else {
      of_people();
    }
    return Journeys{in_order()};
  }

 private:
  struct Conversion {
    Cell at = null_cell;
    std::int64_t value = 0;  // that decides the order of equal times
    Kind kind = Kind::deals;
    RowId fact = no_row;
    RowId deal = no_row;     // whose lead and deal are its milestones
    RowId company = no_row;  // root
    OwnerNumber owner = no_owner;
    std::optional<std::int64_t> other_value{};  // what it is worth, where that is not its amount
  };

  [[nodiscard]] std::optional<std::int64_t> amount_at(RowId deal, Cell at, std::int64_t less = 0) const {
    namespace f = fields::deals;
    std::int64_t amount = store_.get(Kind::deals, deal, f::amount);
    if (amount == null_cell) return std::nullopt;
    const Cell vat = store_.get(Kind::deals, deal, f::vat);
    if (facts_.vat == VatBasis::net && vat != null_cell) amount = checked_add(amount, -vat);
    amount = checked_add(amount, -less);
    return postings_.rates().convert(amount, postings_.rates().of(store_.get(Kind::deals, deal, f::currency)), at);
  }

  // What a deal is worth beside its amount, as cards have it; nothing: it ends its journey, but has no such value.
  [[nodiscard]] std::optional<std::int64_t> other_value(RowId deal, Cell at) const {
    const std::optional<std::int64_t> amount = amount_at(deal, at);
    if (options_.value == "amount_won_left_out") {
      const bool left_out = !amount && store_.get(Kind::deals, deal, fields::deals::amount) != null_cell;
      return left_out ? std::optional<std::int64_t>{0} : std::nullopt;
    }
    if (options_.value == "won_unvalued") {
      const bool unvalued = store_.get(Kind::deals, deal, fields::deals::amount) == null_cell;
      return unvalued ? std::optional<std::int64_t>{0} : std::nullopt;
    }
    const Cell cost = store_.get(Kind::deals, deal, fields::deals::cost);
    if (!amount || cost == null_cell) return std::nullopt;
    const std::optional<std::int64_t> margin = amount_at(deal, at, cost);
    return options_.value == "margin" || !margin ? margin : amount;
  }

  [[nodiscard]] bool counts(const Conversion* conversion, std::span<const OwnedTouch> touches) const noexcept {
    if (conversion != nullptr && options_.value != "amount" && !conversion->other_value) return false;
    const Cell at = conversion != nullptr ? conversion->at : touches.back().at;
    return from_ == null_cell || (at != null_cell && at >= from_ && at < until_);
  }

  void convert(Conversion conversion, RowId company) {
    if (conversion.deal != no_row) {
      conversion.owner = owners_.of_deal(conversion.deal);
      if (company == no_row) company = store_.link(Kind::deals, conversion.deal, fields::deals::company);
    }
    if (company != no_row) conversion.company = facts_.companies.root(company);
    conversions_.push_back(conversion);
  }

  void find_conversions() {
    namespace d = fields::deals;
    if (options_.to == "attended") {
      for (OwnerNumber owner = 0; owner < owners_.all().size(); ++owner) {
        for (const Visit& visit : owners_.all()[owner].attended)
          conversions_.push_back(
              {.at = visit.arrived_at, .kind = Kind::attendances, .fact = visit.arrival, .owner = owner});
      }
    } else if (options_.to == "paid") {
      PaidSales{facts_, postings_, owners_}.find([&](RowId payment, std::int64_t value, RowId deal) {
        namespace p = fields::payments;
        convert({.at = store_.get(Kind::payments, payment, p::at),
                 .value = value,
                 .kind = Kind::payments,
                 .fact = payment,
                 .deal = deal},
                deal == no_row ? store_.link(Kind::payments, payment, p::company) : no_row);
      });
    } else if (options_.to == "won" || options_.to == "deal_created") {
      const bool won = options_.to == "won";
      for (const RowId deal : store_.sorted_rows(Kind::deals)) {
        if (store_.link(Kind::deals, deal, d::parent) != no_row || postings_.is_refund(Kind::deals, deal)) continue;
        if (won && !postings_.outcomes().won(deal)) continue;
        const Cell created = store_.get(Kind::deals, deal, d::created_at);
        const Cell dated = won ? postings_.outcomes().decided_at(deal) : created;
        if (!owners_.event_time(dated)) continue;
        // Where only the day is known, its touches came before.
        const Cell at = dated == created ? end_of_known_day(dated, facts_.zone) : dated;
        Conversion conversion{.at = at, .value = amount_at(deal, dated).value_or(0), .fact = deal, .deal = deal};
        if (options_.value != "amount") conversion.other_value = other_value(deal, dated);
        convert(conversion, no_row);
      }
    } else {
      namespace m = fields::milestones;
      const std::string_view kind = std::string_view{options_.to}.substr(std::string_view{"milestone:"}.size());
      for (const RowId row : store_.sorted_rows(Kind::milestones)) {
        const Cell said = store_.get(Kind::milestones, row, m::kind);
        const Cell at = store_.get(Kind::milestones, row, m::at);
        if (said == null_cell || store_.text(said) != kind || !owners_.event_time(at)) continue;
        convert(
            {.at = at, .kind = Kind::milestones, .fact = row, .deal = store_.live_link(Kind::milestones, row, m::deal)},
            store_.link(Kind::milestones, row, m::company));
      }
    }
  }

  // --- subjects ---

  void of_people() {
    std::vector<std::vector<Conversion>> by_owner(owners_.all().size());
    for (const Conversion& conversion : conversions_) {
      if (conversion.owner == no_owner) {
        cut({}, {}, {conversion}, true);
      } else {
        by_owner[conversion.owner].push_back(conversion);
      }
    }
    for (OwnerNumber owner = 0; owner < owners_.all().size(); ++owner) {
      JourneyOwner& who = owners_.all()[owner];
      cut(owners_.name(who), who.touches, std::move(by_owner[owner]), true);
    }
  }

  void of_companies() {
    const auto by_id = [&](RowId lhs, RowId rhs) {
      return store_.id(Kind::companies, lhs) < store_.id(Kind::companies, rhs);
    };
    std::map<RowId, std::set<OwnerNumber>, decltype(by_id)> people(by_id);
    std::map<OwnerNumber, RowId> company_of;  // the smallest id of an owner's
    const auto join = [&](RowId company, OwnerNumber owner) {
      if (company == no_row || owner == no_owner) return;
      company = facts_.companies.root(company);
      people[company].insert(owner);
      const auto [known, is_new] = company_of.try_emplace(owner, company);
      if (!is_new && by_id(company, known->second)) known->second = company;
    };
    store_.for_each_row(Kind::people, [&](RowId person) {
      join(store_.link(Kind::people, person, fields::people::company), owners_.of_person(person));
    });
    store_.for_each_row(Kind::registrations, [&](RowId row) {
      join(store_.link(Kind::registrations, row, fields::registrations::company), owners_.of_registration(row));
    });
    store_.for_each_row(Kind::leads, [&](RowId row) {
      join(store_.link(Kind::leads, row, fields::leads::company), owners_.of_lead(row));
    });
    store_.for_each_row(Kind::deals, [&](RowId row) {
      join(store_.link(Kind::deals, row, fields::deals::company), owners_.of_deal(row));
    });
    std::map<RowId, std::vector<Conversion>, decltype(by_id)> converted(by_id);
    for (Conversion conversion : conversions_) {
      if (conversion.company == no_row && company_of.contains(conversion.owner))
        conversion.company = company_of[conversion.owner];
      if (conversion.company == no_row) {
        cut({}, {}, {conversion}, true);
      } else {
        converted[conversion.company].push_back(conversion);
        people[conversion.company];  // it has a journey, also without people
      }
    }
    for (const auto& [company, owners] : people) {
      std::vector<OwnedTouch> touches;
      for (const OwnerNumber owner : owners) {
        const auto& more = owners_.all()[owner].touches;
        touches.insert(touches.end(), more.begin(), more.end());
      }
      cut(store_.id(Kind::companies, company), std::move(touches), std::move(converted[company]), true);
    }
    for (OwnerNumber owner = 0; owner < owners_.all().size(); ++owner) {
      const JourneyOwner& who = owners_.all()[owner];
      if (who.touches.empty() || company_of.contains(owner)) continue;
      owners_.note("no_company", "company", "people of no company: their touches are left out",
                   "link them to a company, or ask for journeys of people", owners_.id(who));
    }
  }

  void of_deals() {
    std::map<RowId, std::vector<Conversion>> by_deal;
    for (const Conversion& conversion : conversions_) {
      if (conversion.deal == no_row || store_.link(Kind::deals, conversion.deal, fields::deals::parent) != no_row) {
        cut({}, {}, {conversion}, false);
      } else {
        by_deal[conversion.deal].push_back(conversion);
      }
    }
    for (const RowId deal : store_.sorted_rows(Kind::deals)) {
      if (store_.link(Kind::deals, deal, fields::deals::parent) != no_row) continue;
      const Cell created = store_.get(Kind::deals, deal, fields::deals::created_at);
      if (!owners_.event_time(created)) continue;
      std::set<OwnerNumber> people;
      if (const OwnerNumber owner = owners_.of_deal(deal); owner != no_owner) people.insert(owner);
      store_.for_each_child(Kind::roles, fields::roles::of_deal, deal, [&](RowId role) {
        const OwnerNumber owner = owners_.of_person(store_.link(Kind::roles, role, fields::roles::person));
        if (owner != no_owner) people.insert(owner);
      });
      std::vector<OwnedTouch> touches;
      for (const OwnerNumber owner : people) {
        const auto& more = owners_.all()[owner].touches;
        touches.insert(touches.end(), more.begin(), more.end());
      }
      auto& conversions = by_deal[deal];
      if (conversions.empty()) {
        if (postings_.is_refund(Kind::deals, deal)) continue;
        // An open or lost deal: what touched its people up to its end.
        const Cell closed = store_.get(Kind::deals, deal, fields::deals::closed_at);
        if (closed != null_cell) std::erase_if(touches, [&](const OwnedTouch& one) { return one.at > closed; });
        keep_window(touches);
      }
      cut(store_.id(Kind::deals, deal), std::move(touches), std::move(conversions), false);
    }
  }
  // Only what lies in the look-back window before the last touch.
  void keep_window(std::vector<OwnedTouch>& touches) const {
    Cell last = null_cell;
    for (const OwnedTouch& one : touches) last = std::max(last, one.at);
    std::erase_if(touches, [&](const OwnedTouch& one) { return !in_window(one, last); });
  }

  // --- the cut ---

  [[nodiscard]] bool in_window(const OwnedTouch& touch, Cell until) const noexcept {
    Cell first = 0;
    return __builtin_sub_overflow(until, lookbacks_us_[touch.kind], &first) || touch.at >= first;
  }

  // One subject's journeys; `rest`: what converts nothing is a journey, too, beside others that convert.
  void cut(std::string_view subject, std::vector<OwnedTouch> touches, std::vector<Conversion> conversions, bool rest) {
    const auto channel_id = [&](RowId channel) { return owners_.keys().name(channel); };
    std::sort(touches.begin(), touches.end(), [&](const OwnedTouch& lhs, const OwnedTouch& rhs) {
      if (lhs.at != rhs.at) return lhs.at < rhs.at;
      if (lhs.place != rhs.place) return lhs.place < rhs.place;
      return channel_id(lhs.channel) < channel_id(rhs.channel);
    });
    std::sort(conversions.begin(), conversions.end(), [&](const Conversion& lhs, const Conversion& rhs) {
      if (lhs.at != rhs.at) return sooner(lhs.at, rhs.at);
      if (lhs.value != rhs.value) return lhs.value < rhs.value;
      return store_.id(lhs.kind, lhs.fact) < store_.id(rhs.kind, rhs.fact);
    });
    const bool converts = !conversions.empty();
    std::size_t next = 0;
    for (const Conversion& conversion : conversions) {
      std::vector<OwnedTouch> before;
      std::vector<OwnedTouch> inside;
      for (; conversion.at != null_cell && next < touches.size() && touches[next].at <= conversion.at; ++next)
        (in_window(touches[next], conversion.at) ? inside : before).push_back(touches[next]);
      if (!before.empty() && rest) write(subject, before, nullptr);
      write(subject, inside, &conversion);
    }
    if (next < touches.size() && (rest || !converts)) write(subject, std::span{touches}.subspan(next), nullptr);
  }

  void write(std::string_view subject, std::span<const OwnedTouch> touches, const Conversion* conversion) {
    if (!counts(conversion, touches)) return;
    subjects_.push_back(subject);
    for (const OwnedTouch& touch : touches) {
      raw_.touch_channel.push_back(touch.channel);
      raw_.touch_at.push_back(touch.at);
    }
    raw_.journey_first.push_back(raw_.touch_channel.size());
    raw_.converted.push_back(conversion != nullptr ? 1 : 0);
    if (priced_) raw_.values.push_back(conversion != nullptr ? conversion->other_value.value_or(conversion->value) : 0);
    raw_.converted_at.push_back(conversion != nullptr ? conversion->at : null_cell);
    raw_.facts.push_back(conversion != nullptr ? store_.id(conversion->kind, conversion->fact) : std::string_view{});
    Cell lead_at = null_cell;
    Cell deal_at = null_cell;
    if (conversion != nullptr && conversion->deal != no_row) {
      deal_at = end_of_known_day(store_.get(Kind::deals, conversion->deal, fields::deals::created_at), facts_.zone);
      const RowId lead = store_.live_link(Kind::deals, conversion->deal, fields::deals::lead);
      if (lead != no_row)
        lead_at = end_of_known_day(store_.get(Kind::leads, lead, fields::leads::created_at), facts_.zone);
    }
    raw_.milestone_at[0].push_back(lead_at);
    raw_.milestone_at[1].push_back(deal_at);
  }

  // "90", or of kinds that have one of their own: "impression 1, click 7, other 90".
  [[nodiscard]] std::string lookback_text() const {
    std::string text;
    for (std::size_t kind = 0; kind < touch_kinds.size(); ++kind) {
      for (const auto& [name, days] : options_.lookback_days_of)
        if (name == touch_kinds[kind]) text += name + ' ' + std::to_string(days) + ", ";
    }
    return text.empty() ? std::to_string(lookback_days_) : text + "other " + std::to_string(lookback_days_);
  }

  // By (hash, subject), then time; channels by id, only those that occur.
  JourneyColumns in_order() {
    JourneyColumns out;
    std::vector<RowId> channels(raw_.touch_channel.begin(), raw_.touch_channel.end());
    const auto by_id = [&](RowId lhs, RowId rhs) { return owners_.keys().name(lhs) < owners_.keys().name(rhs); };
    std::sort(channels.begin(), channels.end());
    channels.erase(std::unique(channels.begin(), channels.end()), channels.end());
    std::sort(channels.begin(), channels.end(), by_id);
    std::vector<std::uint32_t> places(owners_.keys().size());
    for (const RowId channel : channels) {
      places[channel] = static_cast<std::uint32_t>(out.channels.size());
      out.channels.emplace_back(owners_.keys().name(channel));
    }
    std::vector<std::size_t> order(subjects_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::vector<std::uint64_t> hashes;
    for (const std::string_view subject : subjects_) hashes.push_back(text_hash(subject));
    std::sort(order.begin(), order.end(), [&](std::size_t lhs, std::size_t rhs) {
      if (hashes[lhs] != hashes[rhs]) return hashes[lhs] < hashes[rhs];
      if (subjects_[lhs] != subjects_[rhs]) return subjects_[lhs] < subjects_[rhs];
      return journey_order({raw_, lhs, places}, {raw_, rhs, places}) < 0;
    });
    out.of = JourneysOf::trail;
    out.subject_type = SubjectType::text;
    if (priced_) out.currency = facts_.currency;
    out.milestones = raw_.milestones;
    out.milestone_at.resize(out.milestones.size());
    JourneyWriter writer{out};
    out.subject_first.push_back(0);
    for (std::size_t i = 0; i < order.size(); ++i) {
      writer.add({raw_, order[i], places});
      if (i + 1 < order.size() && subjects_[order[i + 1]] == subjects_[order[i]]) continue;
      out.subject_texts.push_back(subjects_[order[i]]);
      out.subject_first.push_back(i + 1);
    }
    out.rows = static_cast<std::int64_t>(store_.of(Kind::touches).rows + store_.of(Kind::registrations).rows +
                                         store_.of(Kind::attendances).rows);
    out.problems = std::move(owners_.problems());
    std::string kinds;
    for (const std::string& kind : options_.kinds) kinds += (kinds.empty() ? "" : ", ") + kind;
    out.options = {{"made_from", "trail"},
                   {"to", options_.to},
                   {"subject", options_.subject},
                   {"lookback_days", lookback_text()},
                   {"kinds", kinds.empty() ? "all" : kinds},
                   {"by", options_.by},
                   {"as_of", options_.as_of ? to_text(Datum::time(to_us(*options_.as_of))) : ""},
                   {"view", std::string{to_string(options_.view)}},
                   {"values", !priced_                     ? "none"
                              : options_.value == "amount" ? "of conversions"
                                                           : options_.value}};
    if (options_.period) out.options.emplace_back("period", to_text(*options_.period));
    return out;
  }

  const FactsView facts_;
  const FactStore& store_;
  const TrailJourneyOptions& options_;
  Postings postings_;
  JourneyOwners owners_;
  std::int64_t lookback_days_;
  std::array<std::int64_t, touch_kinds.size() + 1> lookbacks_us_{};  // by kind of touch, then of any other
  bool priced_;                                                      // attending and milestones have no value
  Cell from_ = null_cell;                                            // of the period
  Cell until_ = null_cell;
  std::vector<Conversion> conversions_;
  JourneyColumns raw_;                      // in order of making, channels by slot
  std::vector<std::string_view> subjects_;  // of the raw ones; empty for nobody known
};

}  // namespace detail

DEALTRAIL_INLINE Journeys journeys(const Trail& trail, const TrailJourneyOptions& options) {
  detail::check_journey_options(options);
  return detail::TrailJourneys{trail, options}.make();
}

}  // namespace dealtrail
