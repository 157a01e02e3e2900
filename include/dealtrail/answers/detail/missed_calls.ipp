#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "dealtrail/answers/missed_calls.hpp"
#include "dealtrail/cards/posting_keys.hpp"
#include "dealtrail/core/decimal.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/trail/phone_problems.hpp"

namespace dealtrail {

namespace detail {

// Contacts by who they were with.
class Contacts {
 public:
  struct Contact {
    Cell at;
    Kind kind;
    RowId slot;
  };

  Contacts(const FactsView& facts, Cell as_of) : store_(facts.store), callers_(facts), as_of_(as_of) {
    namespace cp = fields::contact_points;
    store_.for_each_row(Kind::contact_points, [&](RowId slot) {
      if (store_.get(Kind::contact_points, slot, cp::kind) != choice(Kind::contact_points, cp::kind, "phone")) return;
      const RowId person = store_.link(Kind::contact_points, slot, cp::person);
      const Cell value = store_.get(Kind::contact_points, slot, cp::value);
      if (person != no_row && value != null_cell)
        people_of_[normalised_number(store_.text(value))].push_back(callers_.of_person(person));
    });
    namespace t = fields::touches;
    store_.for_each_row(Kind::touches, [&](RowId slot) {
      if (!asks(slot) || store_.get(Kind::touches, slot, t::answered) != 1) return;
      add(marks(slot), store_.get(Kind::touches, slot, t::at), Kind::touches, slot);
    });
    store_.for_each_row(Kind::activities, [&](RowId slot) { activity(slot); });
    for (auto& [who, contacts] : by_mark_)
      std::sort(contacts.begin(), contacts.end(),
                [&](const Contact& lhs, const Contact& rhs) { return before(lhs, rhs); });
  }

  /// Whether a touch is a request: a call, form or chat.
  [[nodiscard]] bool asks(RowId touch) const {
    namespace f = fields::touches;
    const Cell kind = store_.get(Kind::touches, touch, f::kind);
    return kind == choice(Kind::touches, f::kind, "call") || kind == choice(Kind::touches, f::kind, "form") ||
           kind == choice(Kind::touches, f::kind, "chat");
  }

  /// The first contact with whoever is behind a touch, at its time or later.
  [[nodiscard]] std::optional<Contact> next(RowId touch) const {
    const Cell at = store_.get(Kind::touches, touch, fields::touches::at);
    std::optional<Contact> found;
    auto all = marks(touch);
    all.push_back("u" + std::string{store_.id(Kind::touches, touch)});
    for (const std::string& mark : all) {
      const auto contacts = by_mark_.find(mark);
      if (contacts == by_mark_.end()) continue;
      const auto first = std::lower_bound(contacts->second.begin(), contacts->second.end(), at,
                                          [](const Contact& one, Cell moment) { return one.at < moment; });
      if (first != contacts->second.end() && (!found.has_value() || before(*first, *found))) found = *first;
    }
    return found;
  }

 private:
  [[nodiscard]] bool before(const Contact& lhs, const Contact& rhs) const {
    const auto place = [&](const Contact& one) { return std::tuple{one.at, one.kind, store_.id(one.kind, one.slot)}; };
    return place(lhs) < place(rhs);
  }

  [[nodiscard]] std::vector<std::string> marks(RowId touch) const {
    auto all = callers_.marks(touch);
    const Cell phone = store_.get(Kind::touches, touch, fields::touches::phone);
    if (phone == null_cell) return all;
    const auto people = people_of_.find(normalised_number(store_.text(phone)));
    if (people != people_of_.end()) all.insert(all.end(), people->second.begin(), people->second.end());
    return all;
  }

  void add(const std::vector<std::string>& marks, Cell at, Kind kind, RowId slot) {
    if (at == null_cell || (as_of_ != null_cell && at > as_of_)) return;
    for (const std::string& mark : marks) by_mark_[mark].push_back({at, kind, slot});
  }

  void activity(RowId slot) {
    namespace f = fields::activities;
    const auto cell = [&](std::size_t field) { return store_.get(Kind::activities, slot, field); };
    Cell at = cell(f::done_at);
    if (at == null_cell) {
      if (cell(f::due_at) != null_cell || cell(f::kind) == null_cell || store_.text(cell(f::kind)) == "task") return;
      at = cell(f::at);
    }
    std::vector<std::string> marks;
    const auto person = [&](Kind kind, RowId fact, std::size_t field) {
      const RowId who = fact == no_row ? no_row : store_.link(kind, fact, field);
      if (who != no_row) marks.push_back(callers_.of_person(who));
    };
    const auto touch = [&](Kind kind, RowId fact, std::size_t field) {
      const RowId of = fact == no_row ? no_row : store_.link(kind, fact, field);
      if (of != no_row) marks.push_back("u" + std::string{store_.id(Kind::touches, of)});
    };
    const auto lead = [&](RowId fact) {
      person(Kind::leads, fact, fields::leads::person);
      touch(Kind::leads, fact, fields::leads::touch);
    };
    person(Kind::activities, slot, f::person);
    lead(store_.live_link(Kind::activities, slot, f::lead));
    if (const RowId deal = store_.live_link(Kind::activities, slot, f::deal); deal != no_row) {
      person(Kind::deals, deal, fields::deals::person);
      touch(Kind::deals, deal, fields::deals::touch);
      lead(store_.live_link(Kind::deals, deal, fields::deals::lead));
    }
    add(marks, at, Kind::activities, slot);
  }

  const FactStore& store_;
  const Callers callers_;
  Cell as_of_;
  std::map<std::string, std::vector<std::string>> people_of_;
  std::map<std::string, std::vector<Contact>> by_mark_;
};

}  // namespace detail

DEALTRAIL_INLINE Table missed_calls(const Trail& trail, const MissedCallsOptions& options) {
  using namespace detail;
  namespace f = fields::touches;
  const FactsView facts = trail.view();
  const FactStore& store = facts.store;
  const Cell latest = trail.now().has_value() ? to_us(*trail.now()) : null_cell;
  CardsOptions cards;
  cards.as_of = options.as_of;
  cards.view = options.view;
  const PostingFilter times(cards, facts.zone, latest);
  const CardSums cells = cells_of(facts, cards, latest);
  const Sources found(store, facts.index);
  const Contacts contacts(facts, times.as_of);
  const PostingKeys brands(store, facts.index, facts.zone, "brand");
  const PostingKeys pipelines(store, facts.index, facts.zone, "pipeline");

  std::vector<RowId> rows;
  store.for_each_row(Kind::touches, [&](RowId slot) {
    const Cell at = store.get(Kind::touches, slot, f::at);
    const Cell answered = store.get(Kind::touches, slot, f::answered);
    const bool call = store.get(Kind::touches, slot, f::kind) == choice(Kind::touches, f::kind, "call");
    if (at == null_cell || at > times.now || !contacts.asks(slot) || answered == 1 || (call && answered == null_cell))
      return;
    rows.push_back(slot);
  });
  std::sort(rows.begin(), rows.end(), [&](RowId lhs, RowId rhs) {
    const Cell left = store.get(Kind::touches, lhs, f::at);
    const Cell right = store.get(Kind::touches, rhs, f::at);
    return left != right ? left < right : store.id(Kind::touches, lhs) < store.id(Kind::touches, rhs);
  });

  TableBuilder builder{"missed_calls"};
  add_times(builder, options.as_of, latest);
  builder.meta("state", options.state == MissedState::all ? "all" : "waiting");
  builder.meta("view", std::string{to_string(options.view)});
  builder.meta("currency", std::string{trail.currency().code()});
  builder.meta("won_per_lead", "won amount of the channel / all its leads");
  auto& touch = builder.text("touch");
  auto& kind = builder.text("kind");
  auto& person = builder.text("person");
  auto& phone = builder.text("phone");
  auto& client = builder.text("client_id");
  auto& at = builder.time("at");
  auto& answered_at = builder.time("answered_at");
  auto& answered_by = builder.text("answered_by");
  auto& minutes = builder.real("minutes_waited", "minutes");
  auto& called_back = builder.boolean("called_back");
  auto& channel = builder.text("channel");
  auto& announcement = builder.text("announcement");
  auto& brand = builder.text("brand");
  auto& pipeline = builder.text("pipeline");
  auto& manager = builder.text("manager");
  auto& won = builder.money("won_of_channel", trail.currency());
  auto& leads = builder.integer("leads_of_channel");
  auto& average = builder.real("won_per_lead", std::string{trail.currency().code()});
  const auto place = [&](ColumnBuilder& to, Kind of, RowId slot) {
    to.append_text(slot == no_row ? std::nullopt : std::optional{store.id(of, slot)});
  };
  const Sums nothing{};
  for (const RowId slot : rows) {
    const auto next = contacts.next(slot);
    if (options.state == MissedState::waiting && next.has_value()) continue;
    const auto text = [&](ColumnBuilder& to, std::size_t field) {
      const Cell cell = store.get(Kind::touches, slot, field);
      to.append_text(cell == null_cell ? std::nullopt : std::optional{store.text(cell)});
    };
    const Cell came = store.get(Kind::touches, slot, f::at);
    touch.append_text(store.id(Kind::touches, slot));
    kind.append_text(choice_text(fields_of(Kind::touches)[f::kind].choices, store.get(Kind::touches, slot, f::kind)));
    place(person, Kind::people, store.link(Kind::touches, slot, f::person));
    text(phone, f::phone);
    text(client, f::client_id);
    at.append_time(from_us(came));
    answered_at.append_time(next.has_value() ? std::optional{from_us(next->at)} : std::nullopt);
    answered_by.append_text(next.has_value() ? std::optional{store.id(next->kind, next->slot)} : std::nullopt);
    minutes.append_real(static_cast<double>((next.has_value() ? next->at : times.now) - came) / 60e6);
    called_back.append_boolean(next.has_value());
    const Source source = found.of_touch(slot);
    place(channel, Kind::channels, source.channel);
    place(announcement, Kind::announcements, source.announcement);
    const Posting posting{
        .fact = slot, .channel = source.channel, .announcement = source.announcement, .kind = Kind::touches};
    for (const auto& [keys, to] : {std::pair{&brands, &brand}, std::pair{&pipelines, &pipeline}}) {
      const auto said = keys->of(posting);
      to->append_text(said == unattributed_key ? std::nullopt : said);
    }
    place(manager, Kind::managers, store.link(Kind::touches, slot, f::manager));
    const KeySums& channels = cells.by(CardKey::channel);
    const Sums* sums = source.channel == no_row ? &channels.unattributed() : channels.at(source.channel);
    const Sums& brought = sums == nullptr ? nothing : *sums;
    const std::int64_t count = brought[Metric::leads].total();
    const bool known = !all_left_out(Metric::amount_won, brought);
    won.append_minor(known ? std::optional{brought[Metric::amount_won].total()} : std::nullopt);
    leads.append_integer(count);
    average.append_real(count == 0 || !known
                            ? std::nullopt
                            : std::optional{brought[Metric::amount_won].approximate() / static_cast<double>(count) /
                                            static_cast<double>(power_of_ten(decimals(trail.currency())))});
  }
  return builder.finish();
}

}  // namespace dealtrail
