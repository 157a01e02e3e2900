#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/funnel/detail/deal_names.hpp"
#include "dealtrail/funnel/detail/quantile.hpp"
#include "dealtrail/funnel/stages.hpp"

namespace dealtrail {
namespace detail {

// The stages of the pipelines in their order: that of the caller, else that of the deals' own ways.
class StageOrder {
 public:
  struct Place {
    std::size_t rank = 0;  // within its pipeline
    DealOutcome closes = DealOutcome::open;
  };

  explicit StageOrder(const Histories& histories) {
    for (const ClosingStage& one : histories.closing) places_[one.pipeline][one.stage].closes = one.outcome;
  }

  /// Notes the stages of one deal in one pipeline, in the order in which it first entered them.
  void note(std::string_view pipeline, const std::vector<std::string_view>& way) {
    for (std::size_t i = 0; i < way.size(); ++i) {
      places_[pipeline][way[i]];
      for (std::size_t j = i + 1; j < way.size(); ++j) ++before_[pipeline][{way[i], way[j]}];
    }
  }

  void settle(const std::vector<std::string>& order) {
    for (auto& [pipeline, stages] : places_) {
      const auto& before = before_[pipeline];
      const auto count = [&](std::string_view first, std::string_view second) {
        const auto found = before.find({first, second});
        return found == before.end() ? std::int64_t{0} : found->second;
      };
      std::vector<std::tuple<std::size_t, DealOutcome, std::int64_t, std::string_view>> ranks;
      for (const auto& [stage, place] : stages) {
        const auto wanted = std::find(order.begin(), order.end(), stage);
        std::int64_t behind = 0;
        for (const auto& [other, unused] : stages) {
          const std::int64_t ahead = count(stage, other) - count(other, stage);
          behind += (ahead < 0) - (ahead > 0);
        }
        ranks.emplace_back(static_cast<std::size_t>(wanted - order.begin()), place.closes, behind, stage);
      }
      std::sort(ranks.begin(), ranks.end());
      for (std::size_t i = 0; i < ranks.size(); ++i) stages[std::get<3>(ranks[i])].rank = i;
    }
  }

  [[nodiscard]] const std::map<std::string_view, Place>& of(std::string_view pipeline) const {
    return places_.at(pipeline);
  }
  [[nodiscard]] bool knows(std::string_view stage) const {
    return std::any_of(places_.begin(), places_.end(), [&](const auto& one) { return one.second.count(stage) > 0; });
  }

 private:
  std::map<std::string_view, std::map<std::string_view, Place>> places_{};
  std::map<std::string_view, std::map<std::pair<std::string_view, std::string_view>, std::int64_t>> before_{};
};

struct StageVisit {
  std::string_view pipeline{};
  std::string_view stage{};
  std::string_view manager{};
  Timestamp from{};
};

// The stages of a deal one after another: what happens in one moment is one move.
inline void visits_of(const Histories& histories, const DealHistory& deal, std::vector<StageVisit>& visits) {
  visits.clear();
  DealState state = deal.created;
  Timestamp at = deal.created_at;
  const auto take = [&] {
    if (state.stage.empty()) return;
    if (!visits.empty() && visits.back().pipeline == state.pipeline && visits.back().stage == state.stage) return;
    visits.push_back({state.pipeline, state.stage, state.manager, at});
  };
  for (std::size_t i = deal.first; i < deal.last; ++i) {
    const DealChange& change = histories.changes[i];
    if (change.at != at) take();
    at = change.at;
    apply(state, change);
  }
  take();
}

class StageRows {
 public:
  StageRows(const Histories& histories, const StagesOptions& options)
      : histories_(histories), options_(options), order_(histories) {
    made_.has_history = histories.has(DealField::stage);
    made_.by = histories.options.by;
    made_.problems = histories.problems;
  }

  [[nodiscard]] Stages make() {
    std::vector<StageVisit> visits;
    std::vector<std::string_view> way;
    for (const DealHistory& deal : histories_.deals) {
      visits_of(histories_, deal, visits);
      if (visits.empty()) {
        made_.problems.note("no_stage", "warning", Kind::deals, "stage", deal.id, "a deal without a stage is in no row",
                            "put the stages of the deals");
      }
      for (std::size_t i = 0; i < visits.size(); ++i) {
        const std::string_view pipeline = visits[i].pipeline;
        if (std::any_of(visits.begin(), visits.begin() + static_cast<std::ptrdiff_t>(i),
                        [&](const StageVisit& one) { return one.pipeline == pipeline; }))
          continue;
        way.clear();
        for (const StageVisit& one : visits) {
          if (one.pipeline == pipeline && std::find(way.begin(), way.end(), one.stage) == way.end())
            way.push_back(one.stage);
        }
        order_.note(pipeline, way);
      }
    }
    for (const std::string& stage : options_.order) {
      if (!order_.knows(stage)) {
        throw Error(ErrorCode::unknown_name, "no deal was in the stage '" + stage.substr(0, 64) + "'",
                    {"stages", "order", -1}, "the names of stages as the deals have them");
      }
    }
    order_.settle(options_.order);
    for (const DealHistory& deal : histories_.deals) {
      visits_of(histories_, deal, visits);
      count(deal, visits);
    }
    for (auto& [place, row] : rows_) {
      std::sort(row.times_us.begin(), row.times_us.end());
      made_.rows.push_back(std::move(row));
    }
    const auto rank = [&](const StageRow& row) { return order_.of(row.pipeline).at(row.stage).rank; };
    std::stable_sort(made_.rows.begin(), made_.rows.end(), [&](const StageRow& left, const StageRow& right) {
      // No key stands last.
      return std::tuple{left.key.empty(), std::string_view{left.key}, std::string_view{left.pipeline}, rank(left)} <
             std::tuple{right.key.empty(), std::string_view{right.key}, std::string_view{right.pipeline}, rank(right)};
    });
    return std::move(made_);
  }

 private:
  [[nodiscard]] std::string_view owner(const DealHistory& deal, const StageVisit& visit) const {
    return options_.owner == StageOwner::then ? visit.manager : deal.now.manager;
  }
  [[nodiscard]] bool is_left_out(std::string_view manager) const {
    if (std::find(options_.exclude_managers.begin(), options_.exclude_managers.end(), manager) !=
        options_.exclude_managers.end())
      return true;
    return options_.exclude_left && std::binary_search(histories_.left.begin(), histories_.left.end(), manager);
  }
  // The row of a stage in which, or over which, a visit counts; none when it is left out.
  [[nodiscard]] StageRow* row_of(const DealHistory& deal, const StageVisit& visit, std::string_view stage) {
    if (options_.pipeline.has_value() && visit.pipeline != *options_.pipeline) return nullptr;
    const std::string_view manager = owner(deal, visit);
    if (is_left_out(manager)) return nullptr;
    std::string_view key = deal.key;
    if (made_.by == "manager") key = manager;
    if (made_.by == "pipeline") key = {};
    StageRow& row = rows_[{key, visit.pipeline, stage}];
    if (row.stage.empty()) {
      row.key = key;
      row.pipeline = visit.pipeline;
      row.stage = stage;
      row.closes = order_.of(visit.pipeline).at(stage).closes;
    }
    return &row;
  }

  void count(const DealHistory& deal, const std::vector<StageVisit>& visits) {
    been_.clear();
    for (std::size_t i = 0; i < visits.size(); ++i) {
      const StageVisit& visit = visits[i];
      StageRow* row = row_of(deal, visit, visit.stage);
      if (row == nullptr) {
        const bool asked = !options_.pipeline.has_value() || visit.pipeline == *options_.pipeline;
        made_.left_out += asked ? 1 : 0;
        continue;
      }
      ++row->entered;
      if (std::find(been_.begin(), been_.end(), row) == been_.end()) {
        been_.push_back(row);
        row->won += deal.now.outcome == DealOutcome::won ? 1 : 0;
        row->lost += deal.now.outcome == DealOutcome::lost ? 1 : 0;
      }
      if (i + 1 == visits.size()) {
        ++(deal.now.outcome == DealOutcome::open ? row->open_now : row->closed_here);
        continue;
      }
      const StageVisit& next = visits[i + 1];
      row->times_us.push_back(to_us(next.from) - to_us(visit.from));
      if (next.pipeline != visit.pipeline) {
        ++row->left_elsewhere;
        continue;
      }
      const auto& places = order_.of(visit.pipeline);
      const StageOrder::Place& from = places.at(visit.stage);
      const StageOrder::Place& to = places.at(next.stage);
      if (to.closes == DealOutcome::lost) {
        ++row->left_lost;
      } else if (to.rank < from.rank) {
        ++row->left_back;
      } else {
        ++row->left_forward;
        for (const auto& [stage, place] : places) {
          if (place.rank > from.rank && place.rank < to.rank && place.closes == DealOutcome::open)
            ++row_of(deal, visit, stage)->skipped;
        }
      }
    }
  }

  const Histories& histories_;
  const StagesOptions& options_;
  StageOrder order_;
  Stages made_{};
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, StageRow> rows_{};
  std::vector<const StageRow*> been_{};
};

}  // namespace detail

DEALTRAIL_INLINE Stages stages(const Histories& histories, const StagesOptions& options) {
  using namespace detail;
  require_name("stages", options.pipeline, &DealState::pipeline, "pipeline", {&histories});
  for (const std::string& manager : options.exclude_managers)
    require_name("stages", manager, &DealState::manager, "manager", {&histories});
  Stages made = StageRows(histories, options).make();
  if (!made.has_history) {
    made.problems.note("no_history", "warning", Kind::moves, "stage", "stage",
                       "no move of `stage`: what stands in the stages is known, not how it came there",
                       "load the moves of the deals");
  }
  std::string excluded;
  for (const std::string& manager : options.exclude_managers) excluded += (excluded.empty() ? "" : ", ") + manager;
  made.meta = {{"by", made.by},
               {"pipeline", options.pipeline.value_or("")},
               {"owner", std::string{enum_name(stage_owner_names, options.owner)}},
               {"exclude_managers", excluded},
               {"exclude_left", options.exclude_left ? "true" : "false"},
               {"visits_left_out", std::to_string(made.left_out)},
               {"order", options.order.empty() ? "of the deals' first entries" : "given"},
               {"view", std::string{to_string(histories.options.view)}},
               {"claims", std::to_string(histories.claims)},
               {"conversion_won", "won / (won + lost) of the deals that were in the stage; open deals do not count"},
               {"days", "of visits that ended"}};
  return made;
}

DEALTRAIL_INLINE Table Stages::table() const {
  TableBuilder builder{"stages"};
  for (const auto& [name, value] : meta) builder.meta(name, value);
  ColumnBuilder* key = by.empty() || by == "pipeline" ? nullptr : &builder.text(by);
  ColumnBuilder& pipeline = builder.text("pipeline");
  ColumnBuilder& stage = builder.text("stage");
  std::vector<ColumnBuilder*> counts;
  for (const char* name : {"entered", "left_forward", "left_back", "left_lost", "left_elsewhere", "skipped"})
    counts.push_back(&builder.integer(name));
  ColumnBuilder& open_now = builder.integer("open_now");
  ColumnBuilder& closed_here = builder.integer("closed_here");
  ColumnBuilder& median = builder.real("median_days", "day");
  ColumnBuilder& p90 = builder.real("p90_days", "day");
  ColumnBuilder& conversion = builder.real("conversion_won", "ratio");
  const auto days = [](std::optional<double> us) {
    return us.has_value() ? std::optional{*us / static_cast<double>(us_per_day)} : std::nullopt;
  };
  for (const StageRow& row : rows) {
    if (key != nullptr) key->append_text(row.key.empty() ? std::string_view{"(unattributed)"} : row.key);
    pipeline.append_text(row.pipeline.empty() ? std::nullopt : std::optional<std::string_view>{row.pipeline});
    stage.append_text(row.stage);
    const std::int64_t values[] = {row.entered,   row.left_forward,   row.left_back,
                                   row.left_lost, row.left_elsewhere, row.skipped};
    for (std::size_t i = 0; i < counts.size(); ++i)
      counts[i]->append_integer(has_history ? std::optional{values[i]} : std::nullopt);
    open_now.append_integer(row.open_now);
    closed_here.append_integer(row.closed_here);
    median.append_real(days(detail::quantile_of(row.times_us, 0.5)));
    p90.append_real(days(detail::quantile_of(row.times_us, 0.9)));
    const std::int64_t closed = row.won + row.lost;
    const bool rate = has_history && closed > 0 && row.closes == DealOutcome::open;
    conversion.append_real(rate ? std::optional{static_cast<double>(row.won) / static_cast<double>(closed)}
                                : std::nullopt);
  }
  return builder.finish();
}

}  // namespace dealtrail
