#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/evidence/detail/channel_data.hpp"
#include "dealtrail/evidence/detail/ranks.hpp"
#include "dealtrail/evidence/detail/sentence.hpp"
#include "dealtrail/evidence/rating.hpp"

// Order of work: facts by key -> the pool of the metric -> shrunk figures and ranks -> pools of leads and of activity,
// terms and training -> the likeliest cause of each ineffective key.

namespace dealtrail::evidence {

namespace detail {

inline constexpr double least_shortfall = 0.05;  // of a figure, as a logarithm, before it is a cause
inline constexpr double floor_of_terms = 0.1;    // terms are not taken as less than this part of the others'

// What a key's figure is beside that of all others, both in natural units, and how far it falls short.
struct Beside {
  std::optional<double> value{};
  std::optional<double> others{};
  double shortfall = 0;  // ln(others / own shrunk); 0 when it does not fall short
};

// One figure of every key, with partial pooling.
class RatedPool {
 public:
  RatedPool(Basis basis, std::size_t keys) : data_(keys) {
    for (std::size_t i = 0; i < keys; ++i) data_[i].channel = i, data_[i].basis = basis;
  }
  void add(std::size_t key, double results, double exposure) {
    if (!(exposure > 0)) return;
    data_[key].results.push_back(results);
    data_[key].exposure.push_back(exposure);
  }
  void finish() {
    std::vector<const ChannelData*> members;
    for (const ChannelData& one : data_) {
      results_ += one.all_results();
      exposure_ += one.all_exposure();
      if (!one.empty()) members.push_back(&one);
    }
    if (members.empty()) return;
    pool_.emplace(std::move(members), std::nullopt);
    if (pool_->known()) prior_.emplace(pool_->prior());
  }

  [[nodiscard]] std::optional<double> value(std::size_t key) const {
    if (data_[key].empty()) return std::nullopt;
    return data_[key].all_results() / data_[key].all_exposure();
  }
  [[nodiscard]] std::optional<double> others(std::size_t key) const {
    const double exposure = exposure_ - data_[key].all_exposure();
    if (!pool_ || pool_->with_data() < (data_[key].empty() ? 1U : 2U) || !(exposure > 0)) return std::nullopt;
    return std::max(results_ - data_[key].all_results(), 0.0) / exposure;
  }
  // In multiples of `scale`.
  [[nodiscard]] std::optional<Mixture> posterior(std::size_t key) const {
    if (!prior_ || data_[key].empty()) return std::nullopt;
    const Observation own = pool_->observation(data_[key], pool_->dispersion());
    return prior_->with(own.results, own.exposure);
  }
  [[nodiscard]] double scale() const { return pool_->scale(); }
  [[nodiscard]] double dispersion() const { return pool_ ? pool_->dispersion() : 1; }
  [[nodiscard]] double weight_own(std::size_t key) const {
    const Observation own = pool_->observation(data_[key], pool_->dispersion());
    double weight = 0;
    for (const Part& part : prior_->parts())
      weight +=
          part.weight * own.exposure / (own.exposure + (prior_->family() == Family::rate ? part.b : part.a + part.b));
    return weight;
  }
  [[nodiscard]] Beside beside(std::size_t key) const {
    Beside found{.value = value(key), .others = others(key)};
    const auto own = posterior(key);
    if (own && found.others && *found.others > 0)
      found.shortfall = std::max(std::log(*found.others / (own->mean() * scale())), 0.0);
    return found;
  }

 private:
  std::vector<ChannelData> data_;
  double results_ = 0;
  double exposure_ = 0;
  std::optional<PoolOfChannels> pool_{};
  std::optional<Mixture> prior_{};
};

[[nodiscard]] inline double sum_of(const std::vector<std::int64_t>& numbers) noexcept {
  double sum = 0;
  for (const std::int64_t number : numbers) sum += static_cast<double>(number);
  return sum;
}

class Rater {
 public:
  Rater(std::vector<RatingFacts> facts, Currency currency, const RatingOptions& options)
      : facts_(std::move(facts)),
        options_(options),
        metric_(metric_of(options.metric)),
        by_channel_(options.by == "channel"),
        pool_(metric_ == RatedMetric::lead_to_deal ? Basis::share : Basis::placement, facts_.size()),
        quality_(Basis::share, facts_.size()),
        leads_(Basis::placement, facts_.size()),
        meetings_(Basis::placement, facts_.size()) {
    if (options.by != "channel" && options.by != "partner")
      throw Error(ErrorCode::unknown_name, "nothing to rate by: '" + options.by + "'", {"rating", "by", -1},
                  "use partner or channel");
    if (!(options.certainty >= 0.5 && options.certainty <= 1))
      throw Error(ErrorCode::invalid_argument,
                  "a certainty is a chance from 0.5 to 1, found " + short_number(options.certainty),
                  {"rating", "certainty", -1}, "use 0.8");
    for (int i = 0; i < decimals(currency); ++i) minors_ *= 10;
    result_.currency = currency;
    std::sort(facts_.begin(), facts_.end(),
              [](const RatingFacts& lhs, const RatingFacts& rhs) { return lhs.key < rhs.key; });
    for (std::size_t i = 0; i < facts_.size(); ++i) check(i);
  }

  [[nodiscard]] Ratings rated() {
    for (std::size_t i = 0; i < facts_.size(); ++i) collect(i);
    for (RatedPool* pool : {&pool_, &quality_, &leads_, &meetings_}) pool->finish();
    for (std::size_t i = 0; i < facts_.size(); ++i) fill(i);
    rank();
    for (Rated& row : result_.rows) {
      if (row.ineffective) explain(row, index_of(row.key));
    }
    std::stable_sort(result_.rows.begin(), result_.rows.end(), [](const Rated& lhs, const Rated& rhs) {
      return lhs.rank.value_or(rank_of_none) < rhs.rank.value_or(rank_of_none);
    });
    result_.meta = {{"metric", options_.metric},
                    {"by", options_.by},
                    {"interval", "90 %"},
                    {"certainty", short_number(options_.certainty)},
                    {"dispersion", short_number(pool_.dispersion())}};
    return std::move(result_);
  }

 private:
  enum class RatedMetric : std::uint8_t { revenue_per_month, won_per_month, lead_to_deal, roi_revenue };
  static constexpr std::int64_t rank_of_none = std::numeric_limits<std::int64_t>::max();

  [[nodiscard]] static RatedMetric metric_of(std::string_view name) {
    constexpr std::array<std::string_view, 4> names{"revenue_per_month", "won_per_month", "lead_to_deal",
                                                    "roi_revenue"};
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
      throw Error(ErrorCode::unknown_name, "no figure to rate by is called '" + std::string{name} + "'",
                  {"rating", "metric", -1}, "revenue_per_month, won_per_month, lead_to_deal or roi_revenue");
    return static_cast<RatedMetric>(found - names.begin());
  }

  void check(std::size_t i) const {
    const RatingFacts& one = facts_[i];
    const auto refuse = [&](const char* column, const std::string& what) {
      throw Error(ErrorCode::invalid_argument, "'" + one.key + "': " + what,
                  {"rating", column, static_cast<std::int64_t>(i)}, "correct the row");
    };
    if (i > 0 && facts_[i - 1].key == one.key) refuse("key", "a second row of that key");
    if (one.won.size() != one.months.size() || one.revenue_minor.size() != one.months.size())
      refuse("months", "months, won and revenue have unlike lengths");
    for (const double month : one.months) {
      if (!(month > 0 && month <= 1))
        refuse("months", "a month is a part above 0 up to 1, found " + short_number(month));
    }
    for (const std::int64_t won : one.won) {
      if (won < 0) refuse("won", "fewer than no deals");
    }
    for (const std::int64_t amount : one.revenue_minor) {
      if (amount < 0) refuse("revenue", "revenue below 0");
    }
    if (one.leads_converted < 0 || one.leads_over < one.leads_converted || one.leads < one.leads_over)
      refuse("leads", "expected converted leads, leads over and leads in rising order from 0");
    if (one.meetings < 0 || one.trainings < 0 || one.cost_minor < 0 || one.payout_minor < 0)
      refuse("cost", "meetings, trainings, cost and payout are not below 0");
  }

  [[nodiscard]] std::size_t index_of(const std::string& key) const {
    const auto found = std::lower_bound(facts_.begin(), facts_.end(), key,
                                        [](const RatingFacts& row, const std::string& name) { return row.key < name; });
    return static_cast<std::size_t>(found - facts_.begin());
  }

  [[nodiscard]] static double months_of(const RatingFacts& one) { return ChannelData::sum_of(one.months); }

  void collect(std::size_t i) {
    const RatingFacts& one = facts_[i];
    const double months = months_of(one);
    quality_.add(i, static_cast<double>(one.leads_converted), static_cast<double>(one.leads_over));
    leads_.add(i, static_cast<double>(one.leads), months);
    meetings_.add(i, static_cast<double>(one.meetings), months);
    if (metric_ == RatedMetric::lead_to_deal)
      return pool_.add(i, static_cast<double>(one.leads_converted), static_cast<double>(one.leads_over));
    // ROI: the cost is spread over the months, so that months show how far revenue spreads.
    const double unit = metric_ == RatedMetric::roi_revenue ? static_cast<double>(one.cost_minor) / months : 1;
    const auto& counted = metric_ == RatedMetric::won_per_month ? one.won : one.revenue_minor;
    for (std::size_t m = 0; m < one.months.size(); ++m)
      pool_.add(i, static_cast<double>(counted[m]), one.months[m] * unit);
  }

  // A figure of the pool as the metric shows it.
  [[nodiscard]] double shown(double figure) const {
    if (metric_ == RatedMetric::roi_revenue) return figure - 1;
    return metric_ == RatedMetric::revenue_per_month ? figure / minors_ : figure;
  }

  void fill(std::size_t i) {
    const RatingFacts& one = facts_[i];
    Rated row{.key = one.key};
    row.months = months_of(one);
    row.leads = one.leads;
    row.won = static_cast<std::int64_t>(sum_of(one.won));
    MoneySum revenue;
    for (const std::int64_t amount : one.revenue_minor) revenue.add(amount);
    row.revenue_minor = revenue.total();
    row.trainings = one.trainings;
    row.leads_per_month = leads_.value(i);
    row.meetings_per_month = meetings_.value(i);
    row.lead_to_deal = quality_.value(i);
    row.terms = terms_of(i);
    if (const auto value = pool_.value(i)) row.value = shown(*value);
    const auto others = pool_.others(i);
    if (others) row.others = shown(*others);
    if (const auto posterior = pool_.posterior(i)) {
      const double scale = pool_.scale();
      row.shrunk = shown(posterior->mean() * scale);
      row.low = shown(posterior->quantile(0.05) * scale);
      row.high = shown(posterior->quantile(0.95) * scale);
      row.weight_own = pool_.weight_own(i);
      if (others) {
        row.p_below = posterior->below(*others / scale);
        row.ineffective = *row.p_below >= options_.certainty;
      }
    }
    result_.rows.push_back(std::move(row));
  }

  void rank() {
    std::vector<Mixture> posteriors;
    std::vector<std::size_t> keys;
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      if (auto posterior = pool_.posterior(i)) {
        posteriors.push_back(std::move(*posterior));
        keys.push_back(i);
      }
    }
    const std::vector<RankInterval> ranks = rank_intervals(posteriors);
    for (std::size_t k = 0; k < keys.size(); ++k) {
      Rated& row = result_.rows[keys[k]];
      row.rank_low = ranks[k].low;
      row.rank_high = ranks[k].high;
    }
    std::stable_sort(keys.begin(), keys.end(), [&](std::size_t lhs, std::size_t rhs) {
      return *result_.rows[lhs].shrunk > *result_.rows[rhs].shrunk;
    });
    for (std::size_t k = 0; k < keys.size(); ++k) result_.rows[keys[k]].rank = static_cast<std::int64_t>(k) + 1;
  }

  [[nodiscard]] double paid(std::size_t i) const {
    return static_cast<double>(by_channel_ ? facts_[i].cost_minor : facts_[i].payout_minor);
  }
  [[nodiscard]] std::optional<double> terms_of(std::size_t i) const {
    const double revenue = sum_of(facts_[i].revenue_minor);
    if (!(revenue > 0)) return std::nullopt;
    return paid(i) / revenue;
  }

  // Terms: a partner's payout per revenue is short when it is low, a channel's cost per revenue when it is high. One
  // typical deal of the others is added to both, so that one odd deal does not tell.
  [[nodiscard]] Beside terms(std::size_t i) const {
    double all_paid = 0;
    double all_revenue = 0;
    double all_won = 0;
    for (std::size_t j = 0; j < facts_.size(); ++j) {
      if (j == i) continue;
      all_paid += paid(j);
      all_revenue += sum_of(facts_[j].revenue_minor);
      all_won += sum_of(facts_[j].won);
    }
    Beside found{.value = terms_of(i)};
    if (!(all_revenue > 0) || !(all_paid > 0)) return found;
    found.others = all_paid / all_revenue;
    if (!found.value) return found;
    const double deal = all_revenue / std::max(all_won, 1.0);
    const double own = (paid(i) + *found.others * deal) / (sum_of(facts_[i].revenue_minor) + deal);
    const double ratio = by_channel_ ? own / *found.others : *found.others / own;
    found.shortfall = std::clamp(std::log(ratio), 0.0, -std::log(floor_of_terms));
    return found;
  }

  // Training: how far keys without any stand below those with some, both drawn to the pool by one average key.
  [[nodiscard]] double shortfall_of_training() const {
    std::array<double, 2> results{};
    std::array<double, 2> exposure{};
    std::array<double, 2> keys{};
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      const auto posterior = pool_.posterior(i);
      if (!posterior) continue;
      const std::size_t trained = facts_[i].trainings > 0 ? 1 : 0;
      const double weight = months_of(facts_[i]);
      results[trained] += posterior->mean() * weight;
      exposure[trained] += weight;
      ++keys[trained];
    }
    if (by_channel_ || !(keys[0] > 0) || !(keys[1] > 0)) return 0;
    const double one = (exposure[0] + exposure[1]) / (keys[0] + keys[1]);
    const double mean = (results[0] + results[1]) / (exposure[0] + exposure[1]);
    const auto drawn = [&](std::size_t group) { return (results[group] + mean * one) / (exposure[group] + one); };
    return drawn(0) > 0 ? std::max(std::log(drawn(1) / drawn(0)), 0.0) : 0;
  }

  void explain(Rated& row, std::size_t i) const {
    struct Cause {
      const char* name;
      double shortfall;
      std::string figure;
      const char* cure;
    };
    const Beside quality = quality_.beside(i);
    const Beside leads = leads_.beside(i);
    const Beside meetings = meetings_.beside(i);
    const Beside paid_out = terms(i);
    const auto number = [](const std::optional<double>& figure) { return short_number(figure.value_or(0)); };
    const auto share = [](const std::optional<double>& figure) { return percent(figure.value_or(0)); };
    std::int64_t trained = 0;
    for (const RatingFacts& one : facts_) trained += one.trainings > 0 ? 1 : 0;
    const bool met = meetings.others.value_or(0) > 0;
    const bool has_leads = leads.others.value_or(0) > 0;
    std::vector<Cause> causes;
    causes.push_back({"leads", quality.shortfall,
                      share(quality.value) + " of " + std::to_string(facts_[i].leads_over) +
                          " leads became deals, elsewhere " + share(quality.others),
                      "requirements and qualification"});
    std::string active = has_leads ? number(leads.value) + " leads a month, elsewhere " + number(leads.others) : "";
    if (met) {
      active += (active.empty() ? "" : "; ") + number(meetings.value) + " meetings a month, elsewhere " +
                number(meetings.others);
    }
    causes.push_back({"activity", (leads.shortfall + meetings.shortfall) / (has_leads && met ? 2 : 1),
                      std::move(active), "support and bonuses"});
    causes.push_back({"terms", paid_out.shortfall,
                      (by_channel_ ? "cost is " : "commission and bonus are ") + share(paid_out.value) +
                          " of revenue, elsewhere " + share(paid_out.others),
                      "commission, discounts, simpler payout"});
    causes.push_back({"training", facts_[i].trainings == 0 ? shortfall_of_training() : 0,
                      "no training cost or milestone; " + std::to_string(trained) + " of " +
                          std::to_string(facts_.size() - 1) + " others have one",
                      "trainings, knowledge base, consultations"});
    const Cause* likeliest = &causes.front();
    for (const Cause& cause : causes) {
      if (cause.shortfall > likeliest->shortfall) likeliest = &cause;
    }
    if (likeliest->shortfall < least_shortfall) {
      row.figure = "leads, activity, terms and training do not fall short of the others'";
      return;
    }
    row.cause = likeliest->name;
    row.figure = likeliest->figure;
    row.cure = likeliest->cure;
  }

  std::vector<RatingFacts> facts_;
  const RatingOptions& options_;
  RatedMetric metric_;
  bool by_channel_ = false;
  double minors_ = 1;
  RatedPool pool_;
  RatedPool quality_;
  RatedPool leads_;
  RatedPool meetings_;
  Ratings result_{};
};

}  // namespace detail

DEALTRAIL_INLINE Ratings rating(std::vector<RatingFacts> facts, Currency currency, const RatingOptions& options) {
  return detail::Rater(std::move(facts), currency, options).rated();
}

DEALTRAIL_INLINE Table Ratings::table() const {
  TableBuilder builder{"rating"};
  const auto texts = [&](const char* name, auto member) {
    ColumnBuilder& column = builder.text(name);
    for (const Rated& row : rows) {
      const std::string& text = row.*member;
      column.append_text(text.empty() ? std::nullopt : std::optional<std::string_view>{text});
    }
  };
  const auto integers = [&](const char* name, auto member) {
    ColumnBuilder& column = builder.integer(name);
    for (const Rated& row : rows) column.append_integer(row.*member);
  };
  const auto reals = [&](const char* name, auto member, const char* unit = "") {
    ColumnBuilder& column = builder.real(name, unit);
    for (const Rated& row : rows) column.append_real(row.*member);
  };
  texts("key", &Rated::key);
  integers("rank", &Rated::rank);
  integers("rank_low", &Rated::rank_low);
  integers("rank_high", &Rated::rank_high);
  reals("value", &Rated::value);
  reals("shrunk", &Rated::shrunk);
  reals("low", &Rated::low);
  reals("high", &Rated::high);
  reals("others", &Rated::others);
  reals("weight_own", &Rated::weight_own, "ratio");
  reals("p_below", &Rated::p_below, "ratio");
  ColumnBuilder& ineffective = builder.boolean("ineffective");
  for (const Rated& row : rows) ineffective.append_boolean(row.ineffective);
  texts("cause", &Rated::cause);
  texts("figure", &Rated::figure);
  texts("cure", &Rated::cure);
  reals("months", &Rated::months);
  integers("leads", &Rated::leads);
  integers("won", &Rated::won);
  ColumnBuilder& revenue = builder.money("revenue", currency);
  for (const Rated& row : rows) revenue.append_minor(row.revenue_minor);
  reals("leads_per_month", &Rated::leads_per_month);
  reals("meetings_per_month", &Rated::meetings_per_month);
  reals("lead_to_deal", &Rated::lead_to_deal, "ratio");
  reals("terms", &Rated::terms, "ratio");
  integers("trainings", &Rated::trainings);
  for (const auto& [key, value] : meta) builder.meta(key, value);
  return builder.finish();
}

}  // namespace dealtrail::evidence
