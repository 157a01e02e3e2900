#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/evidence/detail/channel_data.hpp"
#include "dealtrail/evidence/detail/drop_test.hpp"
#include "dealtrail/evidence/detail/sentence.hpp"
#include "dealtrail/evidence/judge.hpp"

// Order of work: placements -> data by channel -> pools of one unit -> a prior per pool -> a posterior, losses and a
// verdict per channel -> evidence for a drop, then e-BH over the channels of one state -> power and the sentence.

namespace dealtrail::evidence {

namespace detail {

inline constexpr double drop_level = 0.05;          // of one channel's e-value
inline constexpr double many_level = 0.10;          // of e-BH
inline constexpr double power_ratio = 0.7;          // power is told for a rate 30 % lower
inline constexpr std::size_t least_placements = 2;  // before a verdict: one says nothing of how they spread
inline constexpr std::size_t gain_pool = 10;        // channels from which a gain is told

// What a channel is compared with: a known rate, or one that other channels' counts leave open.
struct Benchmark {
  double mean = 0;               // in multiples of the pool's scale
  std::vector<double> points{};  // equally likely values
  bool estimated = false;
  double results = 0;  // of the others, where it is estimated
  double exposure = 0;
};

// One channel on its way to its row.
struct Case {
  const ChannelData* data = nullptr;
  const PoolOfChannels* pool = nullptr;
  std::optional<Benchmark> benchmark{};
  double safe = 1;             // dispersion of statements that must hold
  double log_e = 0;            // where the row has e_drop
  double minor_of_result = 0;  // what a result is worth at the benchmark; 0: not known
};

class Judge {
 public:
  Judge(const Placements& view, const JudgeOptions& options)
      : view_(view), options_(options), data_(channel_data(view)) {
    check();
  }

  [[nodiscard]] Judgement judged() {
    result_.currency = view_.currency();
    result_.rows.resize(data_.size());
    cases_.resize(data_.size());
    for (std::size_t i = 0; i < data_.size(); ++i) fill_counts(result_.rows[i], data_[i]);
    judge_pool({Basis::money, Basis::money});
    judge_pool({Basis::share, Basis::share});
    judge_pool({Basis::placement, Basis::exposure});
    settle();
    for (std::size_t i = 0; i < data_.size(); ++i) explain(result_.rows[i], cases_[i]);
    fill_meta();
    return std::move(result_);
  }

 private:
  void check() const {
    const auto refuse = [](const char* what, double value, const char* name, const char* hint) {
      throw Error(ErrorCode::invalid_argument, std::string{what} + ": " + short_number(value), {"judge", name, -1},
                  hint);
    };
    if (const auto given = options_.benchmark) {
      if (!std::isfinite(*given) || !(*given > 0))
        refuse("a benchmark is a number above 0, found", *given, "benchmark",
               "use None to compare with working channels");
      if (view_.has_trials() && *given >= 1)
        refuse("a benchmark of shares is below 1, found", *given, "benchmark", "use a fraction, 0.25 for 25 %");
    }
    if (!(options_.care >= 0 && options_.care <= 1))
      refuse("care is a part from 0 to 1, found", options_.care, "care", "use 0.05");
    if (options_.horizon < 1)
      refuse("a horizon is a number of placements from 1, found", static_cast<double>(options_.horizon), "horizon",
             "use 10");
    if (options_.most_placements < 1)
      refuse("most_placements is a number from 1, found", static_cast<double>(options_.most_placements),
             "most_placements", "use 20");
  }

  [[nodiscard]] double minor_per_major() const {
    double scale = 1;
    for (int i = 0; i < decimals(view_.currency()); ++i) scale *= 10;
    return scale;
  }

  void fill_counts(Judged& row, const ChannelData& one) const {
    row.key = view_.channels()[one.channel];
    row.state = view_.state(one.channel);
    row.basis = to_string(one.basis);
    row.placements = one.placements;
    row.open = one.open;
    row.apart = one.apart;
    row.spend_minor = one.spend_sum.total();
    row.count = one.count_sum;
    if (view_.has_trials()) row.trials = static_cast<std::int64_t>(one.trials_sum);
    if (view_.has_spend() && one.count_sum > 0 && !one.empty())
      row.cost_per_minor = minor_of(one.spend_sum.approximate() / static_cast<double>(one.count_sum));
  }

  // The given benchmark as results per unit of exposure, where it is of this basis.
  [[nodiscard]] std::optional<double> given_rate(Basis basis) const {
    if (!options_.benchmark) return std::nullopt;
    if (basis == Basis::money) return 1 / (*options_.benchmark * minor_per_major());
    if (basis == Basis::share || !view_.has_spend()) return options_.benchmark;
    return std::nullopt;
  }

  void judge_pool(std::array<Basis, 2> bases) {
    std::vector<const ChannelData*> members;
    for (const ChannelData& one : data_) {
      if (one.basis == bases[0] || one.basis == bases[1]) members.push_back(&one);
    }
    if (members.empty()) return;
    pools_.emplace_back(std::make_unique<PoolOfChannels>(members, given_rate(members.front()->basis)));
    const PoolOfChannels& pool = *pools_.back();
    for (const ChannelData* one : members) {
      cases_[one->channel].data = one;
      cases_[one->channel].pool = &pool;
    }
    note_pool(pool, members.front()->basis);
    if (!pool.known()) return;
    const Mixture prior = pool.prior();
    const double safe = pool.safe_dispersion();
    for (const ChannelData* one : members) {
      Case& here = cases_[one->channel];
      here.safe = safe;
      here.benchmark = benchmark_of(pool, *one);
      judge_channel(result_.rows[one->channel], here, prior);
    }
  }

  [[nodiscard]] std::optional<Benchmark> benchmark_of(const PoolOfChannels& pool, const ChannelData& judged) const {
    Benchmark found;
    if (const auto given = given_rate(judged.basis)) {
      found.mean = *given / pool.scale();
      found.points = {found.mean};
      return found;
    }
    const auto add_others = [&](bool working_only) {
      for (const ChannelData* other : pool.channels()) {
        if (other->channel == judged.channel) continue;
        if (working_only && view_.state(other->channel) != ChannelState::working) continue;
        found.results += other->all_results();
        found.exposure += other->all_exposure() * pool.scale();
      }
    };
    add_others(true);
    if (!(found.exposure > 0)) add_others(false);
    if (!(found.results > 0) || (pool.family() == Family::share && found.results >= found.exposure))
      return std::nullopt;
    found.estimated = true;
    found.mean = found.results / found.exposure;
    const double wide = pool.dispersion();
    const Mixture open{pool.family(),
                       {{1, found.results / wide,
                         (pool.family() == Family::rate ? found.exposure : found.exposure - found.results) / wide}}};
    constexpr int points = 15;
    for (int i = 0; i < points; ++i) found.points.push_back(open.quantile((i + 0.5) / points));
    return found;
  }

  void judge_channel(Judged& row, Case& here, const Mixture& prior) {
    const ChannelData& one = *here.data;
    const PoolOfChannels& pool = *here.pool;
    const double wide = pool.dispersion();
    const Observation own = pool.observation(one, wide);
    const Mixture posterior = prior.with(own.results, own.exposure);
    fill_rates(row, one, pool, posterior);
    double weight = 0;
    for (const Part& part : prior.parts()) {
      const double strength = pool.family() == Family::rate ? part.b : part.a + part.b;
      weight += part.weight * own.exposure / (own.exposure + strength);
    }
    row.weight_own = weight;
    if (!here.benchmark) return;
    const Benchmark& benchmark = *here.benchmark;
    fill_benchmark(row, one, pool, benchmark.mean);

    double better = 0;
    double keep = 0;
    double drop = 0;
    for (const double point : benchmark.points) {
      const double part = 1 / static_cast<double>(benchmark.points.size());
      better += part * posterior.above(point);
      const auto [shortfall, excess] = posterior.losses(point);
      keep += part * shortfall / benchmark.mean;
      drop += part * excess / benchmark.mean;
    }
    row.p_better = std::clamp(better, 0.0, 1.0);
    row.loss_keep = keep;
    row.loss_drop = drop;
    if (pool.with_data() >= gain_pool && !one.empty()) row.gain = posterior.mean() / benchmark.mean - 1;

    const double size = next_exposure(one, pool) * pool.scale();  // results times 1 / rate, of the next placement
    const double worth = next_worth(here, size * benchmark.mean);
    const auto money = [&](double part) { return worth > 0 ? minor_of(part * worth) : std::nullopt; };
    row.loss_keep_minor = money(keep);
    row.loss_drop_minor = money(drop);
    const Part collapsed = posterior.collapsed();
    const auto learnt = [&](double placements) {
      return value_of_information(pool.family(), collapsed, placements * size / wide, benchmark.mean) / benchmark.mean;
    };
    row.value_of_one_more_minor = money(learnt(1) * static_cast<double>(options_.horizon));

    const double smaller = std::min(keep, drop);
    if (smaller <= options_.care && one.results.size() >= least_placements) {
      // A channel that is as good as the benchmark for all that matters is no reason to change anything.
      row.verdict = keep <= options_.care ? Verdict::keep : Verdict::drop;
    } else {
      row.verdict = Verdict::test_again;
      for (std::int64_t more = 1; more <= options_.most_placements; ++more) {
        if (smaller - learnt(static_cast<double>(more)) > options_.care) continue;
        row.placements_more = more;
        break;
      }
    }
    if (one.empty() || std::isinf(here.safe)) return;
    here.log_e = log_e(here, one.all_results(), one.all_exposure() * pool.scale());
    row.e_drop = std::exp(std::min(here.log_e, 690.0));
  }

  void fill_rates(Judged& row, const ChannelData& one, const PoolOfChannels& pool, const Mixture& posterior) const {
    const double mean = posterior.mean();
    const double low = std::min(posterior.quantile(0.05), mean);
    const double high = std::max(posterior.quantile(0.95), mean);
    const double unit = pool.scale() * (one.basis == Basis::money ? minor_per_major() : 1);
    row.rate = mean * unit;
    row.rate_low = low * unit;
    row.rate_high = high * unit;
    if (one.basis != Basis::money) return;
    row.cost_expected_minor = minor_of(1 / (mean * pool.scale()));
    row.cost_low_minor = minor_of(1 / (high * pool.scale()));
    row.cost_high_minor = minor_of(1 / (low * pool.scale()));
  }

  void fill_benchmark(Judged& row, const ChannelData& one, const PoolOfChannels& pool, double benchmark) const {
    row.benchmark_rate = benchmark * pool.scale() * (one.basis == Basis::money ? minor_per_major() : 1);
    if (one.basis == Basis::money) row.benchmark_minor = minor_of(1 / (benchmark * pool.scale()));
  }

  // The exposure of the next placement: the channel's median, else that of the pool.
  [[nodiscard]] static double next_exposure(const ChannelData& one, const PoolOfChannels& pool) {
    if (const auto own = median_of(one.exposure)) return *own;
    std::vector<double> all;
    for (const ChannelData* other : pool.channels())
      all.insert(all.end(), other->exposure.begin(), other->exposure.end());
    return median_of(std::move(all)).value_or(1);
  }

  // What the next placement is worth in minor units: its median spend, or its results at what paid channels pay for
  // one; 0 where neither is known.
  [[nodiscard]] double next_worth(Case& here, double results) {
    const ChannelData& one = *here.data;
    if (one.basis == Basis::money) return next_exposure(one, *here.pool);
    if (const auto spend = median_of(one.spend); spend && *spend > 0) return *spend;
    return results * price_of_result();
  }
  [[nodiscard]] double price_of_result() const {
    if (const auto given = given_rate(Basis::money); given && view_.has_spend() && !view_.has_trials())
      return 1 / *given;
    double spend = 0;
    double results = 0;
    for (const ChannelData& one : data_) {
      if (one.basis != Basis::money || view_.state(one.channel) != ChannelState::working) continue;
      spend += one.all_exposure();
      results += one.all_results();
    }
    return results > 0 ? spend / results : 0;
  }

  // Counts and exposures as they are; the dispersion is divided out here.
  [[nodiscard]] static double log_e(const Case& here, double results, double exposure) {
    const Benchmark& benchmark = *here.benchmark;
    const double y = results / here.safe;
    const double x = exposure / here.safe;
    if (here.pool->family() == Family::share) {
      return benchmark.estimated
                 ? log_e_of_two_shares(y, x, benchmark.results / here.safe, benchmark.exposure / here.safe)
                 : log_e_of_share(y, x, benchmark.mean);
    }
    return benchmark.estimated ? log_e_of_two_rates(y, x, benchmark.results / here.safe, benchmark.exposure / here.safe)
                               : log_e_of_rate(y, x * benchmark.mean);
  }

  // e-BH among the channels of each state, and the limit of one channel's e-value on top.
  void settle() {
    const double own = -std::log(drop_level);
    for (const ChannelState state : {ChannelState::working, ChannelState::test, ChannelState::archived}) {
      std::vector<std::size_t> family;
      for (std::size_t i = 0; i < result_.rows.size(); ++i) {
        if (result_.rows[i].e_drop && result_.rows[i].state == state) family.push_back(i);
      }
      std::sort(family.begin(), family.end(),
                [&](std::size_t lhs, std::size_t rhs) { return cases_[lhs].log_e > cases_[rhs].log_e; });
      const auto limit = [&](std::size_t rejected) {
        return std::log(static_cast<double>(family.size()) / (many_level * static_cast<double>(rejected)));
      };
      std::size_t rejected = 0;
      for (std::size_t k = 1; k <= family.size(); ++k) {
        if (cases_[family[k - 1]].log_e >= limit(k)) rejected = k;
      }
      for (std::size_t k = 0; k < family.size(); ++k) {
        Judged& row = result_.rows[family[k]];
        const Case& here = cases_[family[k]];
        row.settled = k < rejected && here.log_e >= own;
        if (row.settled) {
          row.verdict = Verdict::drop;
          row.placements_more = std::nullopt;
        }
        row.power = power(here, std::max(own, limit(std::min(k < rejected ? rejected : rejected + 1, family.size()))));
      }
    }
  }

  [[nodiscard]] double power(const Case& here, double threshold) const {
    const ChannelData& one = *here.data;
    const double scale = here.pool->scale();
    const double mean = here.benchmark->mean;
    if (here.pool->family() == Family::share) {
      const double trials = one.all_exposure();
      const double most = most_results([&](double y) { return y > trials ? -1e300 : log_e(here, y, trials); },
                                       threshold, trials * mean / 2);
      return most < 0 ? 0 : incomplete_beta(trials - most, most + 1, 1 - power_ratio * mean, power_ratio * mean).lower;
    }
    std::vector<double> expected;
    std::vector<double> most;
    double exposure = 0;
    const bool few = one.all_exposure() * scale * mean / here.safe < 3000;
    for (std::size_t i = 0; i < one.exposure.size(); ++i) {
      exposure += one.exposure[i] * scale;
      if (!few && i + 1 < one.exposure.size()) continue;
      expected.push_back(exposure * mean / here.safe);
      most.push_back(
          most_results([&](double y) { return log_e(here, y * here.safe, exposure); }, threshold, expected.back() / 2));
    }
    return power_of_drop(expected, most, power_ratio);
  }

  void explain(Judged& row, const Case& here) const {
    if (here.data->empty()) {
      row.why = here.data->open > 0 ? "no placement is over yet" : "no placement has the figures to judge it by";
      if (row.verdict) row.placements_more = std::max<std::int64_t>(row.placements_more.value_or(2), 2);
      return;
    }
    if (!row.verdict) {
      row.why = here.pool->known() ? "nothing to compare with: no other channel has results; give a benchmark"
                                   : "no channel has results; give a benchmark";
      return;
    }
    const std::string chance = percent(*row.p_better) + " likely better than the benchmark";
    switch (*row.verdict) {
      case Verdict::keep:
        row.why = chance + "; keeping it risks " + percent(*row.loss_keep) + " of a placement, dropping it " +
                  percent(*row.loss_drop);
        break;
      case Verdict::drop:
        row.why = row.settled ? "settled: so few results at the benchmark's rate are a matter of less than 1 in 20, at "
                                "whatever look (e = " +
                                    short_number(*row.e_drop) + ")"
                              : chance + "; keeping it loses " + percent(*row.loss_keep) +
                                    " of a placement on average; provisional";
        break;
      default:
        row.why =
            chance + ": cannot tell yet; " +
            (row.placements_more ? std::to_string(*row.placements_more) + " more placements are expected to decide"
                                 : "more than " + std::to_string(options_.most_placements) +
                                       " more placements would be needed to decide");
    }
    if (!row.settled && row.power) {
      row.why += "; one that is 30 % worse would be settled by now with " + percent(*row.power);
    } else if (!row.settled) {
      row.why += "; nothing is settled before two placements of a channel are over";
    }
    if (row.open > 0) row.why += "; open placements are not judged: " + std::to_string(row.open);
  }

  void note_pool(const PoolOfChannels& pool, Basis basis) {
    const std::string name = "pool_" + std::string{to_string(basis)};
    result_.meta.emplace_back(name + "_channels", std::to_string(pool.with_data()));
    result_.meta.emplace_back(name + "_dispersion", short_number(pool.dispersion()));
    const double safe = pool.safe_dispersion();
    result_.meta.emplace_back(name + "_dispersion_for_drops", std::isinf(safe) ? "not known" : short_number(safe));
  }

  void fill_meta() {
    std::vector<std::pair<std::string, std::string>> meta{
        {"metric", options_.metric},
        {"by", options_.by},
        {"benchmark", options_.benchmark ? short_number(*options_.benchmark)
                                         : "pooled rate of the other working channels; of all others if none works"},
        {"interval", "90 %"},
        {"care", short_number(options_.care)},
        {"horizon", std::to_string(options_.horizon)},
        {"settled", "e-value of 20 and e-BH at 10 % among the channels of the same state"},
        {"power", "at a rate 30 % below the benchmark"}};
    meta.insert(meta.end(), result_.meta.begin(), result_.meta.end());
    meta.emplace_back("rows", std::to_string(view_.rows()));
    meta.emplace_back("left_out", std::to_string(view_.left_out()));
    for (const PlacementProblem& one : view_.problems())
      meta.emplace_back("problem_" + one.code, std::to_string(one.count) + ": " + one.message);
    result_.meta = std::move(meta);
  }

  const Placements& view_;
  const JudgeOptions& options_;
  std::vector<ChannelData> data_;
  std::vector<std::unique_ptr<PoolOfChannels>> pools_{};
  std::vector<Case> cases_{};
  Judgement result_{};
};

}  // namespace detail

DEALTRAIL_INLINE std::string_view to_string(Verdict verdict) noexcept {
  constexpr std::array<std::string_view, 3> names{"keep", "drop", "test_again"};
  return names[static_cast<std::size_t>(verdict)];
}

DEALTRAIL_INLINE Judgement judge(const Placements& placements, const JudgeOptions& options) {
  return detail::Judge{placements, options}.judged();
}

}  // namespace dealtrail::evidence
