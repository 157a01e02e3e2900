#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/facts/finding_list.hpp"
#include "dealtrail/trail/phone_problems.hpp"
#include "dealtrail/trail/unmeasured.hpp"
#include "dealtrail/trail/venue_rows.hpp"

namespace dealtrail::detail {

// What looks wrong about numbers, keys, announcements without them, and venues' claims.
class SourceFindings {
 public:
  SourceFindings(const FactsView& facts, Cell now, FindingList& found)
      : facts_(facts),
        store_(facts_.store),
        now_(now),
        keys_(declared_keys(store_, Sources(store_, facts_.index))),
        cells_(cells_of(facts_, {}, now_)),
        found_(found) {}

  void run() {
    numbers();
    tags();
    keys();
    announcements();
    claims();
  }

 private:
  static constexpr std::int64_t silent_days = 30;

  [[nodiscard]] std::string id(const StatedKey& key) const {
    return std::string{store_.id(key.row.kind, key.row.slot)};
  }

  void numbers() {
    const PhoneProblems problems(facts_, keys_, cells_, null_cell, now_, silent_days * us_per_day);
    for (const NumberProblem& problem : problems.unknown()) {
      for (std::size_t i = 0; i < problem.calls.size(); ++i)
        found_.note("unknown_number", "warning", Kind::touches, "dialled_number", problem.number,
                    "calls to numbers that no key covers at their time (first_ids are the numbers)",
                    "say by source_keys whose number it is, and from when until when; see phone_audit");
    }
    for (const NumberProblem& problem : problems.silent()) {
      found_.note("silent_number", "info", problem.key->row.kind,
                  problem.key->row.kind == Kind::source_keys ? "value" : "phone_number", id(*problem.key),
                  "a placement that costs money, and nobody called its number for 30 days",
                  "call it: does it ring, and is it the number that is shown? see phone_audit");
    }
  }

  // Touches whose tags no key knows, by the first tag that keys would be compared with, and the commonest values.
  void tags() {
    namespace f = fields::touches;
    struct Tag {
      const char* code;
      const char* message;
      std::vector<std::size_t> fields;
      std::map<std::string_view, std::vector<RowId>> touches{};  // by value
    };
    std::array<Tag, 4> all{
        Tag{"unknown_code", "promo codes", {f::promo_code}}, Tag{"unknown_form", "forms", {f::form}},
        Tag{"unknown_utm", "tags", {f::utm_source, f::utm_campaign, f::utm_medium, f::utm_content, f::utm_term}},
        Tag{"unknown_referrer", "referrers", {f::referrer}}};
    const Sources sources(store_, facts_.index);
    store_.for_each_row(Kind::touches, [&](RowId touch) {
      const auto tagged = [&](std::size_t field) { return store_.get(Kind::touches, touch, field) != null_cell; };
      const bool any = std::any_of(all.begin(), all.end(), [&](const Tag& tag) {
        return std::any_of(tag.fields.begin(), tag.fields.end(), tagged);
      });
      if (!any || tagged(f::announcement) || tagged(f::channel) || sources.of_touch(touch).rule != SourceRule::none)
        return;
      for (Tag& tag : all) {
        const auto field = std::find_if(tag.fields.begin(), tag.fields.end(), tagged);
        if (field == tag.fields.end()) continue;
        tag.touches[store_.text(store_.get(Kind::touches, touch, *field))].push_back(touch);
        return;
      }
    });
    for (const Tag& tag : all) {
      if (tag.touches.empty()) continue;
      std::vector<std::pair<std::string_view, std::size_t>> values;
      for (const auto& [value, touches] : tag.touches) values.emplace_back(value, touches.size());
      std::stable_sort(values.begin(), values.end(),
                       [](const auto& lhs, const auto& rhs) { return lhs.second > rhs.second; });
      std::string message = std::string{"touches have "} + tag.message + " that no key knows:";
      for (std::size_t i = 0; i < values.size() && i < 5; ++i)
        message += (i == 0 ? " " : ", ") + std::string{values[i].first} + " " + std::to_string(values[i].second);
      if (values.size() > 5) message += " and " + std::to_string(values.size() - 5) + " more";
      for (const auto& [value, touches] : tag.touches) {
        for (const RowId touch : touches)
          found_.note(tag.code, "warning", Kind::touches, field_name(tag.fields.front()),
                      store_.id(Kind::touches, touch), message,
                      "say by source_keys or in the announcement whose they are; until then no channel has them");
      }
    }
  }
  [[nodiscard]] static std::string_view field_name(std::size_t field) { return fields_of(Kind::touches)[field].name; }

  void keys() {
    for (const auto& [one, other] : overlapping(keys_)) {
      const StatedKey& first = one->row.kind == Kind::source_keys ? *one : *other;
      const StatedKey& second = &first == one ? *other : *one;
      const std::string left = id(first);
      const std::string right = id(second);
      const bool swap = first.row.kind == second.row.kind && right < left;
      found_.note("overlapping_keys", "warning", first.row.kind, "value",
                  swap ? right + " / " + left : left + " / " + right,
                  "keys that match the same touch at the same time and lead elsewhere; such touches are (unattributed)",
                  "end the one before the other begins, or make them differ");
    }
  }

  void announcements() {
    namespace f = fields::announcements;
    for (const RowId slot : unmeasured(store_, keys_)) {
      // What is out already is told by `unmeasurable`: it may just have brought nothing.
      if (store_.get(Kind::announcements, slot, f::status) != choice(Kind::announcements, f::status, "planned"))
        continue;
      found_.note("unmeasurable_announcement", "warning", Kind::announcements, "status",
                  store_.id(Kind::announcements, slot),
                  "it will go out without a tagged link, number or code; nothing will be traced to it", measure_cure);
    }
  }

  // By more than a quarter of the greater one, and by three at least.
  void claims() {
    CardsOptions options;
    options.by = "announcement";
    const PostingFilter filter(options, facts_.zone, now_);
    for (const VenueRow& row : venue_rows(facts_, cells_, CardKey::announcement, filter)) {
      if (!row.claimed.has_value() || !row.registrations.has_value()) continue;
      const Int128 apart = Int128{*row.claimed} - *row.registrations;
      const Int128 size = apart < 0 ? -apart : apart;
      if (size < 3 || size * 4 <= std::max(*row.claimed, *row.registrations)) continue;
      found_.note("claimed_registrations_differ", "info", Kind::announcements, "registrations_claimed",
                  store_.id(Kind::announcements, row.key),
                  "the venue claims other registrations than were counted, by more than a quarter",
                  "compare with venue_report: are its links tagged, does it count clicks?");
    }
  }

  const FactsView facts_;
  const FactStore& store_;
  Cell now_;
  std::vector<StatedKey> keys_;
  CardSums cells_;
  FindingList& found_;
};

}  // namespace dealtrail::detail
