#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/cards/channel_costs.hpp"
#include "dealtrail/cards/postings.hpp"
#include "dealtrail/facts/encode_fact.hpp"
#include "dealtrail/facts/finding_list.hpp"
#include "dealtrail/trail/detail/source_findings.hpp"
#include "dealtrail/trail/detail/time_findings.hpp"
#include "dealtrail/trail/detail/trail_state.hpp"
#include "dealtrail/trail/trail.hpp"

// What looks wrong in a Trail, computed from its state alone: the same facts in any order give the same findings.

namespace dealtrail {

namespace detail {

// Kinds of which a row must say whose it is, by one of these links at least.
struct OneOf {
  Kind kind;
  std::vector<std::size_t> fields;
};
[[nodiscard]] inline std::vector<OneOf> subjects_needed() {
  return {{Kind::moves,
           {fields::moves::deal, fields::moves::lead, fields::moves::channel, fields::moves::registration,
            fields::moves::company, fields::moves::partner}},
          {Kind::milestones, {fields::milestones::deal, fields::milestones::company}},
          {Kind::payments, {fields::payments::deal, fields::payments::company, fields::payments::event}},
          {Kind::contact_points, {fields::contact_points::person, fields::contact_points::company}},
          {Kind::roles,
           {fields::roles::of_deal, fields::roles::of_company, fields::roles::of_lead, fields::roles::of_partner,
            fields::roles::of_event}},
          {Kind::invitations, {fields::invitations::person, fields::invitations::company}},
          {Kind::source_keys, {fields::source_keys::announcement, fields::source_keys::channel}}};
}

class FindingScan {
 public:
  FindingScan(const FactsView& facts, FindingList& found)
      : facts_(facts), store_(facts.store), postings_(facts, View::marketing, Clock::activity), found_(found) {}

  void run() {
    for (std::size_t k = 0; k < kind_count; ++k) {
      entries(static_cast<Kind>(k));
      columns(static_cast<Kind>(k));
    }
    subjects();
    circles();
    identity();
    sources();
    invoices();
    money();
    channels();
  }

 private:
  void entries(Kind kind) {
    store_.for_each_row(kind, [&](RowId slot) {
      if (!store_.of(kind).entries[slot].conflict) return;
      found_.note("equal_version_conflict", "warning", kind, "version", store_.id(kind, slot),
                  "rows of one id and version say different things; one is kept by a fixed rule",
                  "let the source raise the version with each change");
    });
  }

  void columns(Kind kind) {
    const auto all = fields_of(kind);
    for (std::size_t column = 0; column < all.size(); ++column) {
      if (all[column].type == FieldType::link) broken_links(kind, column);
      if (all[column].type == FieldType::time) {
        store_.for_each_row(kind, [&](RowId slot) {
          const Cell at = store_.get(kind, slot, column);
          if (at == null_cell || is_plausible(at)) return;
          found_.note("absurd_time", "warning", kind, all[column].name, store_.id(kind, slot),
                      "a time before 1990 or after 2100; it does not move now", "mend it in the source");
        });
      }
    }
  }

  void broken_links(Kind kind, std::size_t column) {
    const FieldInfo& field = fields_of(kind)[column];
    std::int64_t rows = 0;
    std::set<std::string_view> missing;
    store_.for_each_row(kind, [&](RowId slot) {
      const RowId target = store_.link(kind, slot, column);
      if (target == no_row || store_.present(field.target, target)) return;
      ++rows;
      missing.insert(store_.id(field.target, target));
    });
    if (rows == 0) return;
    const std::string message =
        std::to_string(rows) + " rows name " + std::to_string(missing.size()) + " " +
        std::string{kind_name(field.target)} + " that are not in the Trail (first_ids are theirs); " +
        (field.target == Kind::people || field.target == Kind::companies || field.target == Kind::managers
             ? "they count under their ids all the same"
             : "what hangs on them counts in (unattributed) until they arrive");
    const bool reals = std::any_of(missing.begin(), missing.end(), is_real_number);
    const std::string hint =
        reals ? "ids written as reals? 410.0 and 410 are two texts: write the column as whole numbers"
              : "load the missing " + std::string{kind_name(field.target)} + " too";
    std::int64_t noted = 0;
    for (const std::string_view id : missing) {
      if (noted == 5) break;
      ++noted;
      found_.note("broken_link", "warning", kind, field.name, id, message, hint);
    }
    for (; noted < rows; ++noted)
      found_.note("broken_link", "warning", kind, field.name, *missing.begin(), message, {});
  }

  // "410.0", whatever stands before the digits, such as the name of a source.
  [[nodiscard]] static bool is_real_number(std::string_view id) {
    if (!id.ends_with(".0")) return false;
    id.remove_suffix(2);
    return !id.empty() && id.back() >= '0' && id.back() <= '9';
  }

  void subjects() {
    for (const OneOf& one : subjects_needed()) {
      std::string names;
      for (const std::size_t field : one.fields)
        names += (names.empty() ? "" : ", ") + std::string{fields_of(one.kind)[field].name};
      store_.for_each_row(one.kind, [&](RowId slot) {
        // A pool's number may have no source but the visit's.
        if (one.kind == Kind::source_keys && store_.get(one.kind, slot, fields::source_keys::kind) ==
                                                 choice(Kind::source_keys, fields::source_keys::kind, "number_pool"))
          return;
        for (const std::size_t field : one.fields) {
          if (store_.link(one.kind, slot, field) != no_row) return;
        }
        found_.note("no_subject", "warning", one.kind, names, store_.id(one.kind, slot),
                    "a row that says of nothing what it is about", "fill one of " + names);
      });
    }
  }

  void circles() {
    for (const auto& [kind, field] : {std::pair{Kind::events, std::size_t{fields::events::parent}},
                                      std::pair{Kind::deals, std::size_t{fields::deals::parent}}}) {
      // Walk up from each row once; a row met again on the same walk is in a circle.
      std::vector<std::uint32_t> walked(store_.of(kind).slots(), 0);
      std::uint32_t walk = 0;
      store_.for_each_row(kind, [&](RowId start) {
        ++walk;
        RowId slot = start;
        while (slot != no_row && walked[slot] == 0) {
          walked[slot] = walk;
          slot = store_.live_link(kind, slot, field);
        }
        if (slot == no_row || walked[slot] != walk) return;
        const RowId first = slot;
        do {
          found_.note("circle", "error", kind, "parent", store_.id(kind, slot),
                      "parents in a circle; each counts as topmost itself", "mend the parent in the source");
          slot = store_.live_link(kind, slot, field);
        } while (slot != first);
      });
    }
  }

  void identity() {
    for (const auto& [kind, clusters] :
         {std::pair{Kind::people, &facts_.people}, std::pair{Kind::companies, &facts_.companies}}) {
      facts_.identity.for_each_said_same(kind, [&](RowId one, RowId other) {
        if (clusters->root(one) == clusters->root(other)) return;
        const auto left = store_.id(kind, one);
        const auto right = store_.id(kind, other);
        found_.note("identity_contradiction", "warning", Kind::identity_links, kind_name(kind),
                    std::string{std::min(left, right)} + " / " + std::string{std::max(left, right)},
                    "a pair that is said to be the same, and kept apart by a verdict different or by two INNs",
                    "remove the wrong verdict, or mend the INN");
      });
      const std::size_t field =
          kind == Kind::people ? std::size_t{fields::people::inn} : std::size_t{fields::companies::inn};
      store_.for_each_row(kind, [&](RowId slot) {
        const Cell inn = store_.get(kind, slot, field);
        if (inn == null_cell || trimmed(store_.text(inn)).empty() || normalise_inn(store_.text(inn)).has_value())
          return;
        found_.note("invalid_inn", "warning", kind, "inn", store_.id(kind, slot),
                    "no taxpayer number: its length or check digits are wrong; it identifies nobody",
                    "mend it in the source; keep it as text, so that a leading zero stays");
      });
      crowded_keys(kind);
    }
    namespace f = fields::contact_points;
    store_.for_each_row(Kind::contact_points, [&](RowId slot) {
      const Cell value = store_.get(Kind::contact_points, slot, f::value);
      const Cell kind = store_.get(Kind::contact_points, slot, f::kind);
      if (value == null_cell || kind == null_cell) return;
      if (!stated_contacts(static_cast<KeyKind>(kind + 1), store_.text(value)).empty()) return;
      if (is_placeholder(store_.text(value))) {
        found_.note("placeholder_contact", "info", Kind::contact_points, to_string(static_cast<KeyKind>(kind + 1)),
                    store_.text(value),
                    "values that stand for no contact; they identify nobody (first_ids are the values)",
                    "leave the column empty in the source where nothing is known; see identity.placeholders");
        return;
      }
      found_.note("invalid_contact", "warning", Kind::contact_points, to_string(static_cast<KeyKind>(kind + 1)),
                  store_.id(Kind::contact_points, slot), "no number, address or name of its sort; it identifies nobody",
                  "mend it in the source; write foreign phones with +");
    });
  }

  void crowded_keys(Kind kind) {
    std::vector<RowId> cards;
    for (RowId key = 0; key < facts_.identity.keys(); ++key) {
      if (facts_.max_per_key == 0 || !no_identity(kind, facts_.identity.text(key)).empty()) continue;
      if (facts_.identity.holders(store_, kind, key, facts_.max_per_key, cards)) continue;
      const std::string_view text = facts_.identity.text(key);
      found_.note("crowded_key", "info", kind, to_string(kind_of_key(text)), value_of_key(text),
                  "contacts that more cards have than max_per_key allows, such as a switchboard; they identify nobody",
                  "see identity.review; merge cards that are one by hand, or raise max_per_key");
    }
  }

  void sources() {
    const Sources& sources = postings_.sources();
    store_.for_each_row(Kind::touches, [&](RowId slot) {
      if (sources.of_touch(slot).rule != SourceRule::ambiguous) return;
      found_.note("ambiguous_source_key", "warning", Kind::touches, "keys", store_.id(Kind::touches, slot),
                  "equally good keys lead to different places; the touch is (unattributed)",
                  "make the keys differ, or bound them in time");
    });
    store_.for_each_row(Kind::source_keys, [&](RowId slot) {
      namespace f = fields::source_keys;
      const Cell value = store_.get(Kind::source_keys, slot, f::value);
      const std::string_view text = value == null_cell ? std::string_view{} : store_.text(value);
      const Cell sort = store_.get(Kind::source_keys, slot, f::kind);
      if (sort == choice(Kind::source_keys, f::kind, "utm")) {
        if (well_formed_utm(text)) return;
        found_.note("bad_source_key", "warning", Kind::source_keys, "value", store_.id(Kind::source_keys, slot),
                    "a utm key that names no tags; it matches nothing", "write it as utm_source=a&utm_campaign=b");
      }
      if (sort == choice(Kind::source_keys, f::kind, "number_pool")) {
        if (!is_number_span(text) || parse_number_span(text).has_value()) return;
        found_.note("bad_number_pool", "warning", Kind::source_keys, "value", store_.id(Kind::source_keys, slot),
                    "a pool that names no numbers; it matches nothing",
                    "a number, a beginning such as +7495111*, or +74951112200..+74951112299");
      }
    });
    const auto disagree = [&](Kind kind, std::initializer_list<Source> all, RowId slot) {
      const Source* first = nullptr;
      for (const Source& source : all) {
        if (!source.found()) continue;
        if (first == nullptr) first = &source;
        if (first->same_place(source)) continue;
        found_.note("disagreeing_sources", "info", kind, "source", store_.id(kind, slot),
                    "links lead to different sources; the first of the precedence is taken",
                    "correct the link that is wrong");
        return;
      }
    };
    store_.for_each_row(Kind::registrations, [&](RowId slot) {
      namespace f = fields::registrations;
      disagree(
          Kind::registrations,
          {sources.own(Kind::registrations, slot), sources.of_touch(store_.link(Kind::registrations, slot, f::touch))},
          slot);
    });
    store_.for_each_row(Kind::leads, [&](RowId slot) {
      namespace f = fields::leads;
      disagree(Kind::leads,
               {sources.own(Kind::leads, slot), sources.of_touch(store_.link(Kind::leads, slot, f::touch))}, slot);
    });
    store_.for_each_row(Kind::deals, [&](RowId slot) {
      namespace f = fields::deals;
      disagree(Kind::deals,
               {sources.own(Kind::deals, slot), sources.of_touch(store_.link(Kind::deals, slot, f::touch)),
                sources.of_registration(store_.link(Kind::deals, slot, f::registration)),
                sources.of_lead(store_.link(Kind::deals, slot, f::lead))},
               slot);
    });
  }

  [[nodiscard]] static bool well_formed_utm(std::string_view text) {
    FactStore scratch;
    return SourceIndex::parse_tags(scratch, text) != no_tags;
  }

  void invoices() {
    const InvoiceSplit split(store_, postings_.rates(), facts_.vat);
    store_.for_each_row(Kind::invoices, [&](RowId slot) {
      const InvoiceParts parts = split.parts(slot);
      if (!parts.counts) return;
      const std::string_view id = store_.id(Kind::invoices, slot);
      if (parts.lines.empty()) {
        found_.note("unplaced_invoice", "warning", Kind::invoices, "lines", id,
                    "an invoice without lines; all of it is (unattributed)",
                    "say by a line which channel and event, or announcement, it pays for");
      }
      if (parts.lines_exceed) {
        found_.note("invoice_over_lines", "warning", Kind::invoices, "amount", id,
                    "its lines come to more than the invoice; the difference is (unattributed)",
                    "mend the lines or the invoice");
      }
      for (const RowId foreign : parts.foreign) {
        found_.note("line_in_other_currency", "warning", Kind::invoice_lines, "currency",
                    store_.id(Kind::invoice_lines, foreign),
                    "amounts in another currency than their invoice's; they are in no sum",
                    "state the line in the currency of its invoice, or mend the invoice's");
      }
      for (std::size_t i = 0; i < parts.lines.size(); ++i) line(split, parts.lines[i], parts.parts[i]);
    });
  }
  void line(const InvoiceSplit& split, RowId slot, std::int64_t value) {
    namespace f = fields::invoice_lines;
    const std::string_view id = store_.id(Kind::invoice_lines, slot);
    if (store_.link(Kind::invoice_lines, slot, f::announcement) != no_row) return;  // an absent one is a broken link
    bool keys_zero = false;
    const bool has_channel = store_.link(Kind::invoice_lines, slot, f::channel) != no_row;
    if (!has_channel || split.shares(slot, value, keys_zero).empty()) {
      found_.note("unplaced_line", "warning", Kind::invoice_lines, "channel", id,
                  "no announcement to place the money on",
                  "name an announcement, or a channel and event that has one in the service period");
    }
    if (keys_zero) {
      found_.note("split_keys_zero", "info", Kind::invoice_lines, "split", id,
                  "no announcement has the key of this split; it is equal instead",
                  "fill planned_cost or budget_share of the announcements, or split equally");
    }
  }

  void money() {
    const Rates& rates = postings_.rates();
    struct Dated {
      Kind kind;
      std::size_t currency;
      std::size_t amount;
      std::size_t at;
      std::size_t vat;
    };
    constexpr Dated all[] = {
        {Kind::invoices, fields::invoices::currency, fields::invoices::amount, fields::invoices::issued_at,
         fields::invoices::vat},
        {Kind::costs, fields::costs::currency, fields::costs::amount, fields::costs::at, fields::costs::vat},
        {Kind::payments, fields::payments::currency, fields::payments::amount, fields::payments::at,
         fields::payments::vat},
        {Kind::deals, fields::deals::currency, fields::deals::amount, fields::deals::created_at, fields::deals::vat}};
    for (const Dated& one : all) {
      std::vector<RowId> without_rate;
      std::set<std::string> currencies;
      store_.for_each_row(one.kind, [&](RowId slot) {
        const Cell amount = store_.get(one.kind, slot, one.amount);
        if (amount == null_cell) return;
        const Currency currency = rates.of(store_.get(one.kind, slot, one.currency));
        const Cell at =
            one.kind == Kind::deals ? postings_.outcomes().decided_at(slot) : store_.get(one.kind, slot, one.at);
        if (!rates.convert(amount, currency, at).has_value()) {
          without_rate.push_back(slot);
          currencies.insert(std::string{currency.code()});
        }
        if (facts_.vat == VatBasis::net && store_.get(one.kind, slot, one.vat) == null_cell) {
          found_.note("vat_unknown", "info", one.kind, "vat", store_.id(one.kind, slot),
                      "net figures are asked for, but the source does not say the tax part; taken as 0",
                      "fill vat, or use vat=\"gross\"");
        }
      });
      foreign(one.kind, without_rate, currencies);
    }
    store_.for_each_row(Kind::payments, [&](RowId slot) {
      namespace f = fields::payments;
      const Cell kind = store_.get(Kind::payments, slot, f::kind);
      if (kind == null_cell || store_.text(kind) != "refund" || store_.get(Kind::payments, slot, f::amount) <= 0)
        return;
      found_.note("positive_refund", "info", Kind::payments, "amount", store_.id(Kind::payments, slot),
                  "a refund above zero; it is taken as negative", "write refunds with a minus");
    });
    const auto refund = [&](Kind kind, RowId slot) {
      if (!postings_.is_refund(kind, slot) || postings_.sale_of_refund(kind, slot) != no_row) return;
      found_.note("refund_without_sale", "warning", kind, "deal", store_.id(kind, slot),
                  "refunds of which it is not known what was sold; they are (unattributed)",
                  "name the deal of a payment, or the parent of a credit note");
    };
    store_.for_each_row(Kind::payments, [&](RowId slot) { refund(Kind::payments, slot); });
    store_.for_each_row(Kind::deals, [&](RowId slot) {
      if (!postings_.outcomes().won(slot)) return;
      refund(Kind::deals, slot);
      if (store_.get(Kind::deals, slot, fields::deals::amount) != null_cell ||
          store_.link(Kind::deals, slot, fields::deals::parent) != no_row)
        return;
      found_.note("won_without_amount", "warning", Kind::deals, "amount", store_.id(Kind::deals, slot),
                  "deals won that do not say what they are worth; they are in won, and not in amount_won",
                  "fill the amount in the source");
    });
    store_.for_each_row(Kind::costs, [&](RowId slot) {
      namespace f = fields::costs;
      const Cell at = store_.get(Kind::costs, slot, f::at);
      const Cell until = store_.get(Kind::costs, slot, f::until);
      if (spread_days(at, until, facts_.zone) <= longest_spread_days) return;
      found_.note("absurd_span", "warning", Kind::costs, "until", store_.id(Kind::costs, slot),
                  "a cost over more than ten years; it counts at its start", "mend until in the source");
    });
  }

  void foreign(Kind kind, const std::vector<RowId>& without_rate, const std::set<std::string>& currencies) {
    std::string names;
    for (const std::string& name : currencies) names += (names.empty() ? "" : ", ") + name;
    const std::string message = "amounts in " + names + " have no rate to " + std::string{facts_.currency.code()} +
                                ": they are kept, and left out of every figure";
    for (const RowId slot : without_rate) {
      found_.note("foreign_currency", "warning", kind, "currency", store_.id(kind, slot), message,
                  "put exchange_rates that hold at their dates; if these are all amounts, the Trail has the wrong "
                  "currency: make it anew");
    }
  }

  void channels() {
    store_.for_each_row(Kind::channels, [&](RowId slot) {
      const Cell name = store_.get(Kind::channels, slot, fields::channels::name);
      if (name == null_cell || !FactEncoder::is_reserved(store_.text(name))) return;
      found_.note("reserved_name", "warning", Kind::channels, "name", store_.id(Kind::channels, slot),
                  "a channel named as a row that tables of results have besides the channels; its key is its id",
                  "rename it, or remove it if it is a total of the source");
    });
    store_.for_each_row(Kind::channels, [&](RowId slot) {
      if (!is_unpriced(store_, slot)) return;
      bool named = false;
      for (const auto& [kind, field] :
           {std::pair<Kind, std::size_t>{Kind::announcements, fields::announcements::channel},
            {Kind::touches, fields::touches::channel},
            {Kind::registrations, fields::registrations::channel},
            {Kind::leads, fields::leads::channel},
            {Kind::deals, fields::deals::channel}})
        store_.for_each_child(kind, field, slot, [&](RowId) { named = true; });
      if (!named) return;
      found_.note(
          "no_cost", "info", Kind::channels, "paid", store_.id(Kind::channels, slot),
          "channels that facts name and that have no cost at any date; what they cost is not known, which is not 0",
          "own or barter? say so in paid; else load what they cost");
    });
    const std::size_t asked =
        store_.of(Kind::registrations).rows + store_.of(Kind::leads).rows + store_.of(Kind::deals).rows;
    if (asked == 0 || store_.of(Kind::channels).rows != 0) return;
    found_.note("no_channels", "warning", Kind::channels, "", "",
                "registrations, leads or deals, but no channel: all figures are (unattributed)",
                "load channels and announcements; of a CRM, say in a profile which of its processes they are");
  }

  const FactsView& facts_;
  const FactStore& store_;
  Postings postings_;
  FindingList& found_;
};

}  // namespace detail

DEALTRAIL_INLINE Table Trail::findings() const {
  detail::FindingList found;
  const detail::FactsView read = view();
  detail::FindingScan(read, found).run();
  detail::SourceFindings(read, state_->live.now(), found).run();
  detail::TimeFindings(read, state_->live.now(), found).run();
  return found.table();
}

}  // namespace dealtrail
