#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/budget/certificate.hpp"
#include "dealtrail/budget/detail/dual_bound.hpp"
#include "dealtrail/budget/detail/make_problem.hpp"
#include "dealtrail/budget/detail/price_search.hpp"
#include "dealtrail/core/detail/int128.hpp"
#include "dealtrail/core/error.hpp"

// How far money can go: an upper limit for channels that have none, and what to say when limits conflict.
namespace dealtrail::budget::detail {

inline constexpr std::int64_t widest_limit = 4'000'000'000'000'000'000;

/// The sum of the lower limits, and the conflict between the limits, if there is one, as an Error.
inline void require_room(const Made& made) {
  using dealtrail::detail::int128;
  const Problem& problem = made.problem;
  std::vector<int128> low(problem.groups.size() + 1, 0);
  std::vector<int128> high(problem.groups.size() + 1, 0);
  const auto shown = [&](int128 minor) {
    return ProblemMaker::shown(static_cast<std::int64_t>(std::min<int128>(minor, no_limit)), problem.places);
  };
  const auto fail = [](const std::string& message, const char* column, std::size_t row, const char* hint) {
    throw Error(ErrorCode::invalid_argument, message, {"allocate", column, static_cast<std::int64_t>(row)}, hint);
  };
  for (std::size_t i = 0; i < problem.channels.size(); ++i) {
    const auto group = static_cast<std::size_t>(problem.channels[i].group + std::int64_t{1});
    low[group] += problem.channels[i].least;
    high[group] += problem.channels[i].most;
  }
  for (std::size_t g = problem.groups.size(); g-- > 0;) {
    const ProblemGroup& group = problem.groups[g];
    if (group.least > group.most) {
      fail("the limits of group '" + group.name + "' conflict: at least " + shown(group.least) + ", at most " +
               shown(group.most),
           "groups", g, "lower the one or raise the other");
    }
    if (low[g + 1] > group.most) {
      fail("group '" + group.name + "' has at most " + shown(group.most) + ", its members need " + shown(low[g + 1]) +
               ", " + shown(low[g + 1] - group.most) + " more",
           "groups", g, "raise the limit of the group or lower those of its members");
    }
    if (high[g + 1] < group.least) {
      fail("group '" + group.name + "' needs at least " + shown(group.least) + ", its members take at most " +
               shown(high[g + 1]) + ", " + shown(group.least - high[g + 1]) + " less",
           "groups", g, "lower the limit of the group or raise those of its members");
    }
    const auto parent = static_cast<std::size_t>(group.parent + std::int64_t{1});
    low[parent] += std::max<int128>(low[g + 1], group.least);
    high[parent] += std::min<int128>(high[g + 1], group.most);
  }
  if (low[0] > problem.budget) {
    std::string names;
    int count = 0;
    for (const ProblemChannel& channel : problem.channels) {
      if (channel.least == 0 || ++count > 5) continue;
      names += (names.empty() ? "" : ", ") + channel.name + " " + shown(channel.least);
    }
    for (const ProblemGroup& group : problem.groups) {
      if (group.least == 0 || ++count > 5) continue;
      names += (names.empty() ? "" : ", ") + group.name + " " + shown(group.least);
    }
    throw Error(ErrorCode::invalid_argument,
                "the budget " + shown(problem.budget) + " is " + shown(low[0] - problem.budget) +
                    " below the minimums (" + names + (count > 5 ? ", ..." : "") + ")",
                {"allocate", "budget", -1}, "raise the budget or lower the minimums");
  }
}

class Reach {
 public:
  explicit Reach(Made& made) : made_(made), problem_(made.problem), minors_(major_per_minor(made.problem.places)) {}

  /// Gives each channel without an upper limit one that no best plan exceeds.
  /// @throws Error invalid_argument when the goal cannot be reached, or is reached by any amount.
  void set_limits() {
    std::int64_t in_groups = 0;
    for (const ProblemGroup& group : problem_.groups) in_groups = std::max(in_groups, group.least);
    switch (problem_.goal) {
      case Goal::most_response: fill(problem_.budget); break;
      case Goal::least_budget: by_response(in_groups); break;
      case Goal::target_cpa: by_average(in_groups); break;
      case Goal::marginal_return:
        if (problem_.budget != no_limit) {
          fill(problem_.budget);
        } else {
          by_slope(in_groups);
        }
        break;
    }
  }

  /// The least average cost that a plan can have, on the envelopes; infinite when nothing brings a response.
  [[nodiscard]] double least_average_cost() const {
    Problem relaxed = problem_;
    relaxed.goal = Goal::marginal_return;
    relaxed.budget = no_limit;
    for (std::size_t i = 0; i < relaxed.channels.size(); ++i) {
      if (made_.open_most[i]) relaxed.channels[i].most = widest_limit;
    }
    double price = 0;
    for (int step = 0; step < 100; ++step) {  // Dinkelbach: the ratio only rises
      relaxed.target = price;
      PriceSearch search(relaxed);
      const Relaxed found = search.solve(root_box(relaxed), 0);
      double money = 0;
      double response = 0;
      for (std::size_t i = 0; i < found.money.size(); ++i) {
        money += found.money[i];
        response += relaxed.channels[i].curve.value(found.money[i]);
      }
      if (!(money > 0) || !(response / money > price * (1 + 1e-12))) break;
      price = response / money;
    }
    return price > 0 ? 1 / price : std::numeric_limits<double>::infinity();
  }

 private:
  void fill(std::int64_t most) {
    for (std::size_t i = 0; i < problem_.channels.size(); ++i) {
      ProblemChannel& channel = problem_.channels[i];
      if (made_.open_most[i]) channel.most = std::max(channel.least, most);
    }
  }
  [[nodiscard]] std::int64_t limit_of(double major, std::int64_t at_least) const {
    const double minor = std::ceil(major * minors_) + 1;
    return std::max(at_least,
                    minor < static_cast<double>(widest_limit) ? static_cast<std::int64_t>(minor) : widest_limit);
  }
  [[nodiscard]] double response_at_limits() const {
    double sum = 0;
    for (const ProblemChannel& channel : problem_.channels)
      sum += channel.curve.value(static_cast<double>(channel.most) / minors_);
    return sum;
  }
  [[noreturn]] static void fail(const std::string& message, const char* column, const char* hint) {
    throw Error(ErrorCode::invalid_argument, message, {"allocate", column, -1}, hint);
  }

  void by_response(std::int64_t in_groups) {
    std::int64_t limit = std::max<std::int64_t>(100, in_groups);
    for (;;) {
      fill(limit);
      if (response_at_limits() >= problem_.target) break;
      if (limit >= widest_limit / 4) {
        fail("the response " + std::to_string(problem_.target) +
                 " cannot be reached: all channels together bring at most " + std::to_string(response_at_limits()),
             "response", "lower the response, or raise the upper limits");
      }
      limit *= 4;
    }
    // With groups the limits of the members may not be reached together; room for any one of them to make up for it.
    double sum = 0;
    for (const ProblemChannel& channel : problem_.channels) sum += static_cast<double>(channel.most) / minors_;
    if (std::find(made_.open_most.begin(), made_.open_most.end(), true) != made_.open_most.end())
      fill(limit_of(sum * (problem_.groups.empty() ? 1 : 1e3), limit));
  }

  // T f(x) - x of a channel at its best, and where.
  [[nodiscard]] std::pair<double, double> best_margin(const ProblemChannel& channel, double price) const {
    const Curve& curve = channel.curve;
    double at = static_cast<double>(channel.least) / minors_;
    double best = curve.value(at) - price * at;
    const auto look = [&](double x) {
      if (x * minors_ < static_cast<double>(channel.least)) return;
      if (const double margin = curve.value(x) - price * x; margin > best) best = margin, at = x;
    };
    if (curve.has_corners()) {
      if (curve.kind() == CurveKind::linear) look(curve.fee());
      for (const CurvePoint& point : curve.points()) look(point.money);
    } else {
      const double x = curve.inverse_slope(price);
      if (std::isfinite(x)) look(x);
    }
    return {best, at};
  }

  // A curve that never flattens below the price.
  void require_flat_end(const ProblemChannel& channel, double price) const {
    const Curve& curve = channel.curve;
    const bool straight = curve.kind() == CurveKind::linear || curve.kind() == CurveKind::piecewise ||
                          (curve.kind() == CurveKind::power && curve.exponent() == 1);
    if (straight && curve.scale() >= price) {
      throw Error(ErrorCode::invalid_argument,
                  "channel '" + channel.name + "' reaches the target with any amount of money",
                  {"allocate", "curves", -1}, "give it an upper limit, or a budget");
    }
  }

  void by_average(std::int64_t in_groups) {
    const double price = 1 / problem_.target;
    double margins = 0;
    for (std::size_t i = 0; i < problem_.channels.size(); ++i) {
      if (made_.open_most[i]) require_flat_end(problem_.channels[i], price);
      margins += best_margin(problem_.channels[i], price).first;
    }
    for (std::size_t i = 0; i < problem_.channels.size(); ++i) {
      ProblemChannel& channel = problem_.channels[i];
      if (!made_.open_most[i]) continue;
      const auto [margin, at] = best_margin(channel, price);
      // The money of the others can make up for at most the sum of their margins.
      double x = std::max(at, 1 / minors_);
      while (x * minors_ < static_cast<double>(widest_limit) &&
             channel.curve.value(x) - price * x + (margins - margin) >= 0) {
        x *= 2;
      }
      channel.most = limit_of(x, std::max({channel.least, channel.least_if_used, in_groups}));
    }
  }

  void by_slope(std::int64_t in_groups) {
    for (std::size_t i = 0; i < problem_.channels.size(); ++i) {
      ProblemChannel& channel = problem_.channels[i];
      if (!made_.open_most[i]) continue;
      require_flat_end(channel, problem_.target);
      const double at = best_margin(channel, problem_.target).second;
      channel.most = limit_of(at, std::max({channel.least, channel.least_if_used, in_groups}));
    }
  }

  Made& made_;
  Problem& problem_;
  double minors_ = 100;
};

}  // namespace dealtrail::budget::detail
