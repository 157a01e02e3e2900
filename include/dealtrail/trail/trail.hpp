#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/cards/card.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/pimpl.hpp"
#include "dealtrail/facts/batch_ids.hpp"
#include "dealtrail/facts/draft.hpp"
#include "dealtrail/facts/outcome.hpp"
#include "dealtrail/facts/put_report.hpp"
#include "dealtrail/table/stream.hpp"
#include "dealtrail/trail/trail_options.hpp"

namespace dealtrail {

namespace detail {
struct FactsView;
struct TrailState;
}  // namespace detail

/// The trail of facts channel → announcement → event → registration → attendance → deal, in memory, with live cards.
///
/// Guarantees (docs/trail/trail.md, docs/cards/cards.md; each is a property test):
/// - any order: the same versioned facts, removals and stubs in any order and any batches give the same snapshot bytes
/// and cards;
/// - live = batch: a card is always what it would be if computed from all facts anew;
/// - every kopeck once: sums of rows and `(unattributed)` equal the total, exactly;
/// - nothing is lost: what `put` does not keep is in its report, what looks wrong is in `findings`.
///
/// Not thread-safe for writers; any number of threads may read while nobody writes. A copy is a Trail of its own,
/// O(facts). One that was moved from may be copied, assigned to and destroyed, no more.
class Trail {
 public:
  /// An empty Trail that sums amounts in `currency`.
  /// @throws Error invalid_argument for an empty currency, a negative look-back, or a max_per_key out of range.
  explicit Trail(Currency currency, TrailOptions options = {});

  [[nodiscard]] Currency currency() const noexcept;
  [[nodiscard]] const TrailOptions& options() const noexcept;
  /// Facts in the Trail, stubs among them.
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::size_t size(Kind kind) const noexcept;
  [[nodiscard]] bool contains(Kind kind, std::string_view id) const noexcept;
  /// The latest time at which something happened; none if nothing did. See docs/cards/cards.md.
  [[nodiscard]] std::optional<Timestamp> now() const noexcept;

  /// Facts put one after another, with the cards settled once at the end: for loads. Facts without an id are numbered
  /// within it. Ends with `finish` or its destructor; one at a time. The Trail may be moved meanwhile, not assigned to
  /// or destroyed; cards, traces and copies of it are right when the batch has ended.
  class Batch {
   public:
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;
    ~Batch() {
      if (state_ != nullptr) settle(*state_);
    }
    /// Puts one fact; false when it is left out, with the reason in the report.
    /// @throws Error invalid_argument when the batch has ended.
    bool put(const Draft& draft) { return write(state(), draft, report_, ids_); }
    template <Fact F>
    bool put(const F& fact) {
      fill(draft_, fact);
      return put(draft_);
    }
    void remove(Kind kind, std::string_view id, std::optional<std::int64_t> version = {}) {
      write_removal(state(), kind, id, version);
    }
    [[nodiscard]] const PutReport& report() const noexcept { return report_; }
    PutReport finish() {
      settle(state());
      state_ = nullptr;
      return std::move(report_);
    }

   private:
    friend class Trail;
    explicit Batch(detail::TrailState& state) : state_(&state) {}
    [[nodiscard]] detail::TrailState& state() const {
      if (state_ == nullptr) throw Error(ErrorCode::invalid_argument, "the batch has ended", {}, "begin another");
      return *state_;
    }
    detail::TrailState* state_;
    Draft draft_;
    PutReport report_;
    detail::BatchIds ids_;
  };
  /// `expected_rows`: about how many facts will come; when they are more than the Trail holds, the cards are counted
  /// anew at the end, which is faster than fact by fact. The figures are the same.
  [[nodiscard]] Batch batch(std::size_t expected_rows = 0);

  /// States a whole fact: fields not given are null. Amortised O(1) and the facts that depend on it.
  /// @throws Error null_value, type_mismatch, ... when the fact cannot be kept; the Trail is unchanged then.
  template <Fact F>
  void put(const F& fact) {
    fill(draft_, fact);
    put(draft_);
  }
  /// The same for a fact whose kind is known at run time.
  void put(const Draft& draft);
  /// A table of one kind: `id`, `version` and the fields by name, a row per fact; see docs/facts/kinds.md for columns
  /// and types. Rows that cannot be kept are left out and reported; unknown columns are kept out and reported.
  /// @throws Error missing_column, type_mismatch: nothing is kept then.
  PutReport put(Kind kind, const TableInput& table, bool stub = false, std::string_view source = {});

  /// Takes a fact away. With a version it beats rows of that version and earlier ones. An id that is not there is noted
  /// all the same.
  void remove(Kind kind, std::string_view id, std::optional<std::int64_t> version = {});

  /// Two cards are one: puts an identity link `same` (people or companies), with an id made of both.
  /// @throws Error invalid_argument for another kind, or an id with itself.
  void merge(Kind kind, std::string_view one, std::string_view other, std::optional<std::int64_t> version = {});

  /// Keeps a column of the host's beside the built-in ones of a kind. Before the first row of that kind that carries
  /// it; the same declaration again changes nothing.
  /// @throws Error invalid_argument for a taken name, another type, a link or a choice.
  void declare(Kind kind, std::string_view name, FieldType type);

  /// Outcome rules, first match first; they replace the earlier ones.
  /// @throws Error invalid_argument for an outcome that is none, unknown_name for a field that deals do not have.
  void set_rules(std::vector<OutcomeRule> rules);
  [[nodiscard]] const std::vector<OutcomeRule>& rules() const noexcept;

  /// The live card of one channel (announcement, event, partner, "2026-03" for by="month"), without a scan. Key
  /// "(unattributed)" and
  /// "(total)" have cards, too. @throws Error unknown_name for a key without a row.
  [[nodiscard]] Card card(std::string_view key, std::string_view by = "channel") const;
  /// A row per key, then "(unattributed)", then "(total)". Live for the five keys with default options, else a scan of
  /// all facts. By event there is the column part_of: of a session the event whose row counts it, too.
  [[nodiscard]] Table cards(const CardsOptions& options = {}) const;
  /// The postings behind one cell: their parts add up to it. A ratio gives its numerator and denominator.
  [[nodiscard]] Table trace(std::string_view key, std::string_view metric, const CardsOptions& options = {}) const;
  /// How each cell came to change from `before` (options `then`) to this Trail (options `now`), fact by fact.
  [[nodiscard]] Table diff(const Trail& before, const CardsOptions& now = {},
                           std::optional<CardsOptions> then = {}) const;
  /// What `facts` would change in the cards; nothing is kept.
  [[nodiscard]] Table preview(std::span<const Draft> facts, const CardsOptions& options = {}) const;
  /// Goals of events beside the facts (M1.5): a row per event that has a goal.
  [[nodiscard]] Table goals(const CardsOptions& options = {}) const;
  /// The story of one person, company or deal in order of time, with money (M5.2).
  /// @throws Error invalid_argument for another kind, unknown_name when no fact names it.
  [[nodiscard]] Table timeline(Kind kind, std::string_view id) const;
  /// What looks wrong, grouped: code, severity, kind, column, count, first_ids, message, hint. A scan.
  [[nodiscard]] Table findings() const;
  /// The facts of a kind back as a table, by id: id, version, stub, the fields, the own columns.
  [[nodiscard]] Table table(Kind kind) const;

  /// All of the Trail in bytes: canonical, so equal Trails have equal bytes.
  [[nodiscard]] std::string snapshot() const;
  /// The Trail of a snapshot. @throws Error corrupt_data, naming the place, for anything else.
  [[nodiscard]] static Trail restore(std::string_view bytes, std::uint64_t hash_seed = 0);

  // For rooms to the right of the model and for tests.
  [[nodiscard]] detail::FactsView view() const noexcept;
  /// Computes every live card anew. Never needed; it is what the live cards are tested against.
  void rebuild();

 private:
  [[nodiscard]] static bool write(detail::TrailState& state, const Draft& draft, PutReport& report,
                                  detail::BatchIds& ids);
  static void write_removal(detail::TrailState& state, Kind kind, std::string_view id,
                            std::optional<std::int64_t> version);
  static void settle(detail::TrailState& state);
  [[noreturn]] static void throw_refusal(const Draft& draft, const PutReport& report);

  detail::Pimpl<detail::TrailState> state_;
  Draft draft_;
};

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/trail/detail/trail_cards.ipp"
#include "dealtrail/trail/detail/trail_findings.ipp"
#include "dealtrail/trail/detail/trail_put_table.ipp"
#include "dealtrail/trail/detail/trail_snapshot.ipp"
#include "dealtrail/trail/detail/trail_state.ipp"
#include "dealtrail/trail/detail/trail_timeline.ipp"
#include "dealtrail/trail/detail/trail_write.ipp"
#endif
