#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "dealtrail/facts/finding_list.hpp"
#include "dealtrail/trail/phone_problems.hpp"
#include "dealtrail/trail/unmeasured.hpp"
#include "dealtrail/trail/venue_rows.hpp"

namespace dealtrail::detail {

// What looks wrong about numbers, keys, announcements without them, and venues' claims.
class SourceFindings {
 public:
  SourceFindings(const FactsView& facts, Cell as_of, FindingList& found)
      : facts_(facts),
        store_(facts_.store),
        as_of_(as_of),
        keys_(declared_keys(store_, Sources(store_, facts_.index))),
        cells_(cells_of(facts_, {}, as_of_)),
        found_(found) {}

  void run() {
    numbers();
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
    const PhoneProblems problems(facts_, keys_, cells_, as_of_, silent_days * us_per_day);
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
    const PostingFilter filter(options, facts_.zone, as_of_);
    for (const VenueRow& row : venue_rows(facts_, cells_, CardKey::announcement, filter, false)) {
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
  Cell as_of_;
  std::vector<StatedKey> keys_;
  CardSums cells_;
  FindingList& found_;
};

}  // namespace dealtrail::detail
