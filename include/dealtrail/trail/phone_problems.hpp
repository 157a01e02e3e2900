// engine
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "dealtrail/cards/card_sums.hpp"
#include "dealtrail/cards/posting_filter.hpp"
#include "dealtrail/sources/declared_keys.hpp"
#include "dealtrail/trail/detail/callers.hpp"

namespace dealtrail::detail {

enum class NumberTrouble : std::uint8_t { unknown, silent, moved, doubled };

[[nodiscard]] constexpr std::string_view to_string(NumberTrouble trouble) noexcept {
  constexpr std::array<std::string_view, 4> names{"unknown", "silent", "moved", "double"};
  return names[static_cast<std::size_t>(trouble)];
}

struct NumberProblem {
  NumberTrouble trouble;
  std::string number;
  const StatedKey* key = nullptr;
  const StatedKey* next = nullptr;
  Cell from = null_cell;
  Cell until = null_cell;
  std::vector<RowId> calls{};  // in order of time
  std::optional<std::int64_t> cost{};
};

/// The sums of cards as of a moment, by the live keys, computed anew.
[[nodiscard]] inline CardSums cells_of(const FactsView& facts, const CardsOptions& options, Cell latest) {
  CardSums cells;
  for_each_posting(facts, latest, options, [&](const Posting& posting) { cells.apply(posting, facts.zone, true); });
  return cells;
}

// Everything that is wrong with numbers; see answers/phone_audit.hpp.
class PhoneProblems {
 public:
  /// Calls after `as_of` (null: none) do not count; a number is silent by `now`.
  PhoneProblems(const FactsView& facts, const std::vector<StatedKey>& keys, const CardSums& cells, Cell as_of, Cell now,
                std::int64_t window_us)
      : store_(facts.store), sources_(facts.store, facts.index), callers_(facts), cells_(cells), now_(now) {
    window_from_ = now == null_cell || now < null_cell + window_us ? null_cell : now - window_us;
    for (const StatedKey& key : keys) {
      if (key.step == KeyStep::number) keys_.push_back(&key);
    }
    namespace f = fields::touches;
    store_.for_each_row(Kind::touches, [&](RowId slot) {
      const Cell cell = store_.get(Kind::touches, slot, f::dialled_number);
      if (cell == null_cell || store_.text(cell).empty()) return;
      if (store_.get(Kind::touches, slot, f::kind) == choice(Kind::touches, f::kind, "visit")) return;
      if (as_of != null_cell && at(slot) > as_of) return;
      calls_[normalised_number(store_.text(cell))].push_back(slot);
    });
    for (auto& [number, calls] : calls_) in_order(calls);
  }

  [[nodiscard]] std::vector<NumberProblem> unknown() const {
    std::vector<NumberProblem> found;
    for (const auto& [number, calls] : calls_) {
      NumberProblem problem{NumberTrouble::unknown, number};
      for (const RowId call : calls) {
        bool covered = false;
        sources_.for_each_matching(
            call, KeyStep::number, [&](const KeyRow& key) { covered = covered || sources_.valid(key, at(call)); },
            [] { return false; });
        if (!covered) problem.calls.push_back(call);
      }
      if (problem.calls.empty()) continue;
      const auto key =
          std::find_if(keys_.begin(), keys_.end(), [&](const StatedKey* one) { return covers(*one, number); });
      if (key != keys_.end()) problem.key = *key;
      found.push_back(std::move(problem));
    }
    return found;
  }

  [[nodiscard]] std::vector<NumberProblem> silent() const {
    std::vector<NumberProblem> found;
    for (const StatedKey* key : keys_) {
      if (!key->lead.has_value() || now_ == null_cell) continue;
      const Source& lead = *key->lead;
      const Sums* sums = lead.announcement != no_row ? cells_.by(CardKey::announcement).at(lead.announcement)
                                                     : cells_.by(CardKey::channel).at(lead.channel);
      if (sums == nullptr || (*sums)[Metric::cost].sign() <= 0) continue;
      NumberProblem problem{NumberTrouble::silent, key->text, key};
      problem.from = std::max(window_from_, key->from);
      if (lead.announcement != no_row)
        problem.from = std::max(
            problem.from, store_.get(Kind::announcements, lead.announcement, fields::announcements::published_at));
      problem.until = key->until == null_cell ? null_cell : std::min(key->until, now_);
      if (problem.from > now_ || (problem.until != null_cell && problem.from >= problem.until)) continue;
      if (!calls_to(*key, problem.from, problem.until).empty()) continue;
      problem.cost = (*sums)[Metric::cost].total();
      found.push_back(std::move(problem));
    }
    sort(found);
    return found;
  }

  [[nodiscard]] std::vector<NumberProblem> moved() const {
    std::vector<NumberProblem> found;
    for (const StatedKey* next : keys_) {
      if (!next->lead.has_value() || next->from == null_cell) continue;
      const StatedKey* before = nullptr;
      for (const StatedKey* key : keys_) {
        if (key == next || key->text != next->text || !key->lead.has_value() || key->until == null_cell ||
            key->until > next->from)
          continue;
        if (before == nullptr || key->until > before->until) before = key;
      }
      if (before == nullptr || before->lead->same_place(*next->lead)) continue;
      NumberProblem problem{NumberTrouble::moved, next->text, before, next, next->from, next->until};
      std::set<std::string> old;
      for (const RowId call : calls_to(*before, before->from, before->until)) old.insert(callers_.name(call));
      for (const RowId call : calls_to(*next, next->from, next->until)) {
        if (old.count(callers_.name(call)) != 0) problem.calls.push_back(call);
      }
      found.push_back(std::move(problem));
    }
    sort(found);
    return found;
  }

  [[nodiscard]] std::vector<NumberProblem> doubled(const std::vector<StatedKey>& keys) const {
    std::vector<NumberProblem> found;
    for (const auto& [one, other] : overlapping(keys)) {
      if (one->step != KeyStep::number) continue;
      NumberProblem problem{NumberTrouble::doubled, one->text, one, other};
      problem.from = std::max(one->from, other->from);
      problem.until = one->until == null_cell     ? other->until
                      : other->until == null_cell ? one->until
                                                  : std::min(one->until, other->until);
      const auto of_other = calls_to(*other, problem.from, problem.until);
      for (const RowId call : calls_to(*one, problem.from, problem.until)) {
        if (std::find(of_other.begin(), of_other.end(), call) != of_other.end()) problem.calls.push_back(call);
      }
      found.push_back(std::move(problem));
    }
    sort(found);
    return found;
  }

  [[nodiscard]] Cell at(RowId call) const { return store_.get(Kind::touches, call, fields::touches::at); }
  [[nodiscard]] const Callers& callers() const noexcept { return callers_; }

 private:
  [[nodiscard]] static bool covers(const StatedKey& key, std::string_view number) {
    return key.span.has_value() ? key.span->covers(number) : key.text == number;
  }

  void in_order(std::vector<RowId>& calls) const {
    std::sort(calls.begin(), calls.end(), [&](RowId lhs, RowId rhs) {
      if (at(lhs) != at(rhs)) return at(lhs) < at(rhs);
      return store_.id(Kind::touches, lhs) < store_.id(Kind::touches, rhs);
    });
  }

  /// Calls to what a key covers, with their time in [from, until); open where null.
  [[nodiscard]] std::vector<RowId> calls_to(const StatedKey& key, Cell from, Cell until) const {
    std::vector<RowId> found;
    const auto take = [&](const std::vector<RowId>& calls) {
      for (const RowId call : calls) {
        const Cell moment = at(call);
        if (moment == null_cell ? from == null_cell && until == null_cell
                                : moment >= from && (until == null_cell || moment < until))
          found.push_back(call);
      }
    };
    if (!key.span.has_value()) {
      if (const auto calls = calls_.find(key.text); calls != calls_.end()) take(calls->second);
      return found;
    }
    for (const auto& [number, calls] : calls_) {
      if (key.span->covers(number)) take(calls);
    }
    in_order(found);
    return found;
  }

  void sort(std::vector<NumberProblem>& found) const {
    const auto id = [&](const StatedKey* key) { return store_.id(key->row.kind, key->row.slot); };
    const auto place = [&](const NumberProblem& problem) {
      return std::tuple{std::string_view{problem.number}, problem.key->row.kind != Kind::source_keys, id(problem.key),
                        problem.next == nullptr ? std::string_view{} : id(problem.next)};
    };
    std::sort(found.begin(), found.end(),
              [&](const NumberProblem& lhs, const NumberProblem& rhs) { return place(lhs) < place(rhs); });
  }

  const FactStore& store_;
  const Sources sources_;
  const Callers callers_;
  const CardSums& cells_;
  Cell now_;
  Cell window_from_ = null_cell;
  std::vector<const StatedKey*> keys_;
  std::map<std::string, std::vector<RowId>> calls_;
};

}  // namespace dealtrail::detail
