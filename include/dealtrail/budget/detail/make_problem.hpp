#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "dealtrail/budget/allocate.hpp"
#include "dealtrail/budget/certificate.hpp"
#include "dealtrail/budget/detail/dual_bound.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"

// From channels and options as a caller writes them to a checked Problem in minor units.
namespace dealtrail::budget::detail {

/// The problem, and what it takes to report in the caller's terms.
struct Made {
  Problem problem{};
  std::vector<std::size_t> given{};  // by channel of the problem: its place in the list that was given
  std::vector<bool> open_most{};
  std::vector<std::optional<std::int64_t>> today{};
};

class ProblemMaker {
 public:
  ProblemMaker(std::span<const Channel> channels, const AllocateOptions& options)
      : channels_(channels), options_(options) {
    made_.problem.currency = options.currency;
    made_.problem.places = decimals(options.currency);
    minors_ = major_per_minor(made_.problem.places);
  }

  [[nodiscard]] Made make() {
    check_names();
    set_goal();
    set_groups();
    set_order();
    for (const std::size_t given : made_.given) add_channel(given);
    return std::move(made_);
  }

  [[nodiscard]] static std::string shown(std::int64_t minor, int places) { return to_decimal_text(minor, places); }

 private:
  enum class Round : std::uint8_t { nearest, up, down };

  [[noreturn]] static void fail(const std::string& message, const char* column, std::size_t row, std::string hint) {
    throw Error(ErrorCode::invalid_argument, message, {"allocate", column, static_cast<std::int64_t>(row)},
                std::move(hint));
  }
  [[noreturn]] static void fail(const std::string& message, const char* column, std::string hint) {
    throw Error(ErrorCode::invalid_argument, message, {"allocate", column, -1}, std::move(hint));
  }

  [[nodiscard]] std::int64_t minor_of(double major, Round round, const char* column, const std::string& of) const {
    if (!std::isfinite(major) || major < 0) {
      throw Error(ErrorCode::invalid_argument,
                  "expected money from 0 on for " + of + ", found " + std::to_string(major), {"allocate", column, -1},
                  "use major units of the currency");
    }
    const double amount = major * minors_;
    if (amount > 9e18) {
      throw Error(ErrorCode::overflow,
                  "the money of " + of + " does not fit in 64 bits of minor units: " + std::to_string(major),
                  {"allocate", column, -1}, "use a larger unit of money");
    }
    const double nearest = std::round(amount);
    if (round == Round::nearest || std::fabs(amount - nearest) <= 1e-6 + 1e-12 * amount)
      return static_cast<std::int64_t>(nearest);
    return static_cast<std::int64_t>(round == Round::up ? std::ceil(amount) : std::floor(amount));
  }
  [[nodiscard]] static std::string quoted(const std::string& name) { return "channel '" + name + "'"; }

  void check_names() {
    if (channels_.empty())
      fail("expected at least one channel, found none", "channels", "give a curve for each channel");
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      const Channel& channel = channels_[i];
      if (channel.name.empty()) fail("a channel has no name", "name", i, "use the key of the channel");
      if (const auto [at, fresh] = places_.emplace(channel.name, i); !fresh)
        fail("two channels have the name '" + channel.name + "'", "name", i, "join them or rename one");
      if (!channel.currency.empty() && channel.currency != options_.currency) {
        throw Error(ErrorCode::currency_mismatch,
                    "the curve of " + quoted(channel.name) + " is in " + std::string{channel.currency.code()} +
                        ", the budget in " +
                        (options_.currency.empty() ? "no currency" : std::string{options_.currency.code()}),
                    {"allocate", "currency", static_cast<std::int64_t>(i)}, "fit the curve on converted money");
      }
    }
  }

  [[nodiscard]] double positive(double number, const char* column) const {
    if (!std::isfinite(number) || number <= 0)
      fail("expected a number above 0, found " + std::to_string(number), column, "give a target that can be compared");
    return number;
  }
  // What a unit of money brings at a return on it.
  [[nodiscard]] double brought(double roi, const char* column) const {
    if (!std::isfinite(roi) || roi <= -1)
      fail("expected a return above -1, found " + std::to_string(roi), column,
           "0 is the money back, 1 twice the money");
    return 1 + roi;
  }
  [[nodiscard]] double worth(const char* goal) const {
    if (!options_.value.has_value())
      fail(std::string{"a target "} + goal + " needs the money value of one response", "value",
           "give value, or use a target cpa");
    return positive(*options_.value, "value");
  }

  void set_goal() {
    Problem& problem = made_.problem;
    const int goals = options_.response.has_value() + options_.cpa.has_value() + options_.roi.has_value() +
                      options_.marginal_roi.has_value();
    const bool capped = options_.budget.has_value();
    if (goals > 1 || (goals == 0 && !capped) || (capped && goals == 1 && !options_.marginal_roi.has_value())) {
      fail(goals == 0 ? "expected a goal, found none" : "expected one goal, found several", "goal",
           "give one of budget, response, cpa, roi, marginal_roi; a budget may cap marginal_roi");
    }
    if (!std::isfinite(options_.gap) || options_.gap < 0)
      fail("expected a gap from 0 on, found " + std::to_string(options_.gap), "gap", "1e-6 is one millionth");
    if (capped) problem.budget = minor_of(*options_.budget, Round::down, "budget", "the budget");
    if (options_.response.has_value()) {
      problem.goal = Goal::least_budget;
      problem.target = positive(*options_.response, "response");
    } else if (options_.cpa.has_value()) {
      problem.goal = Goal::target_cpa;
      problem.target = positive(*options_.cpa, "cpa");
    } else if (options_.roi.has_value()) {
      problem.goal = Goal::target_cpa;
      problem.target = worth("roi") / brought(*options_.roi, "roi");
    } else if (options_.marginal_roi.has_value()) {
      problem.goal = Goal::marginal_return;
      problem.target = brought(*options_.marginal_roi, "marginal_roi") / worth("marginal_roi");
    }
  }

  // Groups by size, the largest first, so that a group stands after the one around it.
  void set_groups() {
    group_of_.assign(channels_.size(), -1);
    std::vector<std::vector<std::size_t>> members;
    for (std::size_t g = 0; g < options_.groups.size(); ++g) {
      const Group& group = options_.groups[g];
      if (group.name.empty()) fail("a group has no name", "groups", g, "name it, so that its limit can be reported");
      if (!group_names_.emplace(group.name, g).second)
        fail("two groups have the name '" + group.name + "'", "groups", g, "rename one");
      std::vector<std::size_t> places;
      for (const std::string& name : group.members) {
        const auto found = places_.find(name);
        if (found == places_.end()) {
          throw Error(ErrorCode::unknown_name, "group '" + group.name + "' has an unknown channel '" + name + "'",
                      {"allocate", "groups", static_cast<std::int64_t>(g)}, "use the names of the curves");
        }
        places.push_back(found->second);
      }
      std::sort(places.begin(), places.end());
      places.erase(std::unique(places.begin(), places.end()), places.end());
      if (places.empty()) fail("group '" + group.name + "' has no members", "groups", g, "leave it out");
      members.push_back(std::move(places));
    }
    std::vector<std::size_t> order(members.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t lhs, std::size_t rhs) {
      if (members[lhs].size() != members[rhs].size()) return members[lhs].size() > members[rhs].size();
      return options_.groups[lhs].name < options_.groups[rhs].name;
    });
    for (const std::size_t g : order) {
      const Group& group = options_.groups[g];
      const std::int32_t parent = group_of_[members[g].front()];
      for (const std::size_t member : members[g]) {
        if (group_of_[member] == parent) continue;
        const std::int32_t other = group_of_[member] >= 0 ? group_of_[member] : parent;
        fail("groups '" + group.name + "' and '" + made_.problem.groups[static_cast<std::size_t>(other)].name +
                 "' share a part of their channels",
             "groups", g, "nest one in the other, or divide them");
      }
      ProblemGroup made{.name = group.name, .parent = parent};
      if (group.least.has_value())
        made.least = minor_of(*group.least, Round::up, "groups", "group '" + group.name + "'");
      if (group.most.has_value())
        made.most = minor_of(*group.most, Round::down, "groups", "group '" + group.name + "'");
      for (const std::size_t member : members[g])
        group_of_[member] = static_cast<std::int32_t>(made_.problem.groups.size());
      made_.problem.groups.push_back(std::move(made));
    }
  }

  // By groups from the outside in, then alike curves side by side, then by name: any order of the input is one problem.
  void set_order() {
    std::vector<std::vector<std::int32_t>> paths(channels_.size());
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      for (std::int32_t g = group_of_[i]; g >= 0; g = made_.problem.groups[static_cast<std::size_t>(g)].parent)
        paths[i].insert(paths[i].begin(), g);
    }
    const auto shape = [](const Channel& channel) {
      const Curve& curve = channel.curve;
      double sum = 0;
      for (const CurvePoint& point : curve.points()) sum = sum * 3 + point.money + 2 * point.response;
      return std::tuple{curve.kind(), curve.scale(), curve.unit(), curve.exponent(), curve.fee(), curve.base(), sum};
    };
    made_.given.resize(channels_.size());
    std::iota(made_.given.begin(), made_.given.end(), std::size_t{0});
    std::sort(made_.given.begin(), made_.given.end(), [&](std::size_t lhs, std::size_t rhs) {
      if (paths[lhs] != paths[rhs]) return paths[lhs] < paths[rhs];
      const auto left = shape(channels_[lhs]);
      const auto right = shape(channels_[rhs]);
      if (left != right) return left < right;
      return channels_[lhs].name < channels_[rhs].name;
    });
  }

  [[nodiscard]] Curve in_whole_units(const Curve& curve, std::size_t row) const {
    if (curve.kind() != CurveKind::packages) return curve;
    std::vector<CurvePoint> points;
    for (const CurvePoint& point : curve.points()) {
      const double amount = point.money * minors_;
      if (std::fabs(amount - std::round(amount)) > 1e-6 + 1e-12 * amount || amount > 9e18) {
        fail("a package of " + quoted(channels_[row].name) +
                 " does not cost whole minor units: " + std::to_string(point.money),
             "curves", row, "use a price that can be paid");
      }
      points.push_back({std::round(amount) / minors_, point.response});
    }
    return Curve::packages(std::move(points)).with_base(curve.base());
  }

  void add_channel(std::size_t row) {
    const Channel& channel = channels_[row];
    const std::string of = quoted(channel.name);
    std::optional<std::int64_t> today;
    if (channel.today.has_value()) today = minor_of(*channel.today, Round::nearest, "today", of);
    const auto relative = [&](double factor, Round round, const char* column) {
      if (!today.has_value())
        fail(of + " has a limit relative to today, and no money today", "today", row, "give today, or use amounts");
      if (!std::isfinite(factor) || factor < 0)
        fail("expected a factor from 0 on for " + of + ", found " + std::to_string(factor), column, row,
             "1 is as today");
      return minor_of(*channel.today * factor, round, column, of);
    };
    ProblemChannel made{.name = channel.name, .curve = in_whole_units(channel.curve, row), .group = group_of_[row]};
    std::int64_t most = no_limit;
    if (channel.least.has_value()) made.least = minor_of(*channel.least, Round::up, "least", of);
    if (channel.most.has_value()) most = minor_of(*channel.most, Round::down, "most", of);
    if (channel.least_of_today.has_value())
      made.least = std::max(made.least, relative(*channel.least_of_today, Round::up, "least_of_today"));
    if (channel.most_of_today.has_value())
      most = std::min(most, relative(*channel.most_of_today, Round::down, "most_of_today"));
    if (channel.least_if_used.has_value())
      made.least_if_used = minor_of(*channel.least_if_used, Round::up, "least_if_used", of);
    if (channel.fixed.has_value()) made.least = most = minor_of(*channel.fixed, Round::nearest, "fixed", of);
    if (made.least > 0 && made.least_if_used > 0) {  // it is used
      made.least = std::max(made.least, channel.fixed.has_value() ? 0 : made.least_if_used);
      made.least_if_used = 0;
    }
    const int places = made_.problem.places;
    if (made.least > most) {
      fail("the limits of " + of + " conflict: at least " + shown(made.least, places) + ", at most " +
               shown(most, places) + ", " + shown(made.least - most, places) + " too much",
           "least", row, "lower the one or raise the other");
    }
    made_.open_most.push_back(most == no_limit);
    if (made.curve.kind() == CurveKind::packages) snap_to_packages(made, most, row);
    made.most = made_.open_most.back() ? no_limit : most;
    made_.problem.channels.push_back(std::move(made));
    made_.today.push_back(today);
  }

  // Limits of packages become prices of packages.
  void snap_to_packages(ProblemChannel& made, std::int64_t& most, std::size_t row) const {
    std::int64_t least = no_limit;
    std::int64_t greatest = -1;
    made.least = std::max(made.least, std::int64_t{0});
    for (const CurvePoint& point : made.curve.points()) {
      const std::int64_t cost = std::llround(point.money * minors_);
      if (cost < made.least || cost > most || (cost > 0 && cost < made.least_if_used)) continue;
      least = std::min(least, cost);
      greatest = cost;
    }
    if (greatest < 0) {
      fail("no package of " + quoted(made.name) + " is within its limits, from " +
               shown(made.least, made_.problem.places) +
               (most == no_limit ? "" : " to " + shown(most, made_.problem.places)),
           "curves", row, "widen the limits, or fix the price of a package");
    }
    made.least = least;
    most = greatest;
  }

  std::span<const Channel> channels_;
  const AllocateOptions& options_;
  Made made_{};
  double minors_ = 100;
  std::map<std::string, std::size_t, std::less<>> places_{};
  std::map<std::string, std::size_t, std::less<>> group_names_{};
  std::vector<std::int32_t> group_of_{};
};

}  // namespace dealtrail::budget::detail
