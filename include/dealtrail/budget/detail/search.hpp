#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <queue>
#include <utility>
#include <vector>

#include "dealtrail/budget/certificate.hpp"
#include "dealtrail/budget/detail/dual_bound.hpp"
#include "dealtrail/budget/detail/plan_check.hpp"
#include "dealtrail/budget/detail/price_search.hpp"
#include "dealtrail/budget/detail/rounding.hpp"

// Branch and bound over boxes, best bound first. The relaxed problem of a box gives its bound and a plan; the plan is
// improved by setting the channel inside its chord off, then on, and solving again. A box whose bound is not better
// than the best plan by more than the gap is closed; another one is split at the channel with the widest chord.
namespace dealtrail::budget::detail {

struct SearchOptions {
  double gap = 1e-6;
  std::size_t node_limit = 200'000;
  std::function<bool()> stop{};  // asked before each split
};

struct Searched {
  bool found = false;
  Certificate certificate{};
};

class Search {
 public:
  Search(const Problem& problem, const SearchOptions& options)
      : problem_(problem), options_(options), prices_(problem), rounding_(problem), next_(next_alike(problem)) {}

  /// @param offered plans that the result must not be worse than; those that break a limit are ignored.
  [[nodiscard]] Searched run(const std::vector<std::vector<std::int64_t>>& offered) {
    for (const auto& plan : offered) offer(plan);
    nodes_.push_back({});
    assess(0, root_box(problem_), -1);
    std::priority_queue<std::pair<double, std::int64_t>> open;  // of equal bounds the first node
    push(open, 0);
    while (!open.empty()) {
      const auto index = static_cast<std::size_t>(-open.top().second);
      if (closed(nodes_[index].bound)) break;
      if (nodes_.size() >= options_.node_limit || (options_.stop && options_.stop())) break;
      open.pop();
      split(index, open);
    }
    Searched result;
    result.found = found_;
    if (found_) result.certificate = certificate();
    return result;
  }

 private:
  struct Node {
    std::int32_t parent = -1;
    std::int32_t channel = -1;  // whose limit differs from the parent's
    bool upper = false;
    std::int64_t limit = 0;
    double bound = 0;
    bool empty = false;
    std::vector<double> prices{};
    std::int32_t cut = -1;  // the channel to split at, -1: no use
    std::int64_t left_most = 0;
    std::int64_t right_least = 0;
    std::int32_t left = -1;
    std::int32_t right = -1;
  };

  // Bounds and values are compared so that more is better.
  [[nodiscard]] double good(double value) const noexcept { return is_least(problem_.goal) ? -value : value; }
  [[nodiscard]] bool closed(double bound) const noexcept {
    if (!found_) return false;
    return good(bound) <= good(value_) || relative_gap(value_, bound) <= options_.gap;
  }

  void push(std::priority_queue<std::pair<double, std::int64_t>>& open, std::size_t index) const {
    const Node& node = nodes_[index];
    if (!node.empty && node.cut >= 0 && !closed(node.bound))
      open.emplace(good(node.bound), -static_cast<std::int64_t>(index));
  }

  [[nodiscard]] Box box_of(std::size_t index) const {
    Box box = root_box(problem_);
    for (auto i = static_cast<std::int32_t>(index); i > 0; i = nodes_[static_cast<std::size_t>(i)].parent) {
      const Node& node = nodes_[static_cast<std::size_t>(i)];
      if (node.upper) {
        lower_most(box, next_, static_cast<std::size_t>(node.channel), node.limit);
      } else {
        raise_least(box, next_, static_cast<std::size_t>(node.channel), node.limit);
      }
    }
    return box;
  }

  void split(std::size_t index, std::priority_queue<std::pair<double, std::int64_t>>& open) {
    for (const bool upper : {true, false}) {
      const auto child = nodes_.size();
      Node node;
      node.parent = static_cast<std::int32_t>(index);
      node.channel = nodes_[index].cut;
      node.upper = upper;
      node.limit = upper ? nodes_[index].left_most : nodes_[index].right_least;
      nodes_.push_back(std::move(node));
      (upper ? nodes_[index].left : nodes_[index].right) = static_cast<std::int32_t>(child);
      assess(child, box_of(child), static_cast<std::int32_t>(index));
      push(open, child);
    }
  }

  // Solves the relaxed problem of a node, takes its plans, and chooses where to split.
  void assess(std::size_t index, const Box& box, std::int32_t parent) {
    const double guess = parent >= 0 ? nodes_[static_cast<std::size_t>(parent)].prices[0] : 0;
    const Relaxed relaxed = prices_.solve(box, guess);
    Node& node = nodes_[index];
    if (relaxed.prices.empty()) {  // limits cross
      node.empty = true;
      return;
    }
    node.bound = relaxed.bound;
    node.prices = relaxed.prices;
    if (parent >= 0) {
      const Node& around = nodes_[static_cast<std::size_t>(parent)];
      if (good(around.bound) < good(node.bound)) {  // the parent's prices prove at least as much in a smaller box
        node.prices = around.prices;
        node.bound = leaf_bound(problem_, box, node.prices);
      }
    }
    if (relaxed.empty) return;  // its bound says so
    const std::int32_t inside = widest(relaxed);
    take(relaxed);
    if (inside >= 0 && !closed(node.bound) && (index < 64 || index % 8 == 0)) {
      dive(box, relaxed, inside, false);
      dive(box, relaxed, inside, true);
    }
    if (inside >= 0) choose_cut(nodes_[index], box, relaxed, static_cast<std::size_t>(inside));
  }

  // The channel whose curve lies furthest below its envelope at its amount.
  [[nodiscard]] std::int32_t widest(const Relaxed& relaxed) const {
    std::int32_t best = -1;
    double widest = 0;
    for (std::size_t i = 0; i < relaxed.money.size(); ++i) {
      const double low = relaxed.low[i];
      const double high = relaxed.high[i];
      const double x = relaxed.money[i];
      if (!(low < x && x < high)) continue;
      const Curve& curve = problem_.channels[i].curve;
      const double below = curve.value(low);
      const double envelope = below + (curve.value(high) - below) * ((x - low) / (high - low));
      double here = curve.value(x);
      if (problem_.channels[i].least_if_used > 0 &&
          x * prices_.minors() < static_cast<double>(problem_.channels[i].least_if_used)) {
        here = std::min(here, below);
      }
      const double gap = envelope - here;
      if (gap > widest && gap > 1e-15 * std::fabs(envelope)) {
        widest = gap;
        best = static_cast<std::int32_t>(i);
      }
    }
    return best;
  }

  void take(const Relaxed& relaxed) { offer(rounding_.whole(relaxed.money, is_least(problem_.goal))); }

  void offer(const std::vector<std::int64_t>& plan) {
    if (plan.size() != problem_.channels.size() || !broken_limit(problem_, plan).empty()) return;
    const double value = goal_value(problem_, sums_of(problem_, plan));
    if (!std::isfinite(value) || (found_ && good(value) <= good(value_))) return;
    found_ = true;
    value_ = value;
    plan_ = plan;
  }

  [[nodiscard]] std::int64_t minor_below(double money) const {
    return static_cast<std::int64_t>(std::floor(money * prices_.minors() + 1e-6));
  }
  [[nodiscard]] std::int64_t minor_above(double money) const {
    return static_cast<std::int64_t>(std::ceil(money * prices_.minors() - 1e-6));
  }

  void dive(Box box, Relaxed relaxed, std::int32_t inside, bool on) {
    for (int depth = 0; depth < 12 && inside >= 0; ++depth) {
      const auto i = static_cast<std::size_t>(inside);
      if (on) {
        const ProblemChannel& channel = problem_.channels[i];
        double least = relaxed.high[i];
        if (!channel.curve.has_corners()) least = std::min(least, std::max(relaxed.low[i], channel.curve.inflection()));
        raise_least(box, next_, i, std::max(minor_above(least), channel.least_if_used));
      } else {
        lower_most(box, next_, i, minor_below(relaxed.low[i]));
      }
      on = is_least(problem_.goal);  // the first step is the choice, further ones keep the goal in reach
      relaxed = prices_.solve(box, relaxed.prices[0], false);
      if (relaxed.empty) return;
      inside = widest(relaxed);
      take(relaxed);
    }
  }

  void choose_cut(Node& node, const Box& box, const Relaxed& relaxed, std::size_t i) const {
    const ProblemChannel& channel = problem_.channels[i];
    const Curve& curve = channel.curve;
    const std::int64_t least = box.least[i];
    const std::int64_t most = box.most[i];
    const double minors = prices_.minors();
    const double x = relaxed.money[i];
    if (curve.kind() == CurveKind::packages) {
      std::int64_t below = least;
      std::int64_t above = most;
      for (const CurvePoint& point : curve.points()) {
        const std::int64_t cost = std::llround(point.money * minors);
        if (cost < least || cost > most) continue;
        if (static_cast<double>(cost) <= x * minors) {
          below = cost;
        } else {
          above = cost;
          break;
        }
      }
      if (below >= above) return;
      node.left_most = below;
      node.right_least = above;
    } else if (channel.least_if_used > 0 && least == 0 && relaxed.low[i] <= 0) {
      node.left_most = 0;
      node.right_least = channel.least_if_used;
    } else {
      std::int64_t cut = std::llround(x * minors);
      if (!curve.has_corners()) {
        const double turn = curve.inflection();
        if (turn < x) cut = std::llround(turn * minors);
      } else {
        double nearest = std::numeric_limits<double>::infinity();
        const auto look = [&](double corner) {
          const std::int64_t minor = std::llround(corner * minors);
          if (minor > least && minor < most && std::fabs(corner - x) < nearest) {
            nearest = std::fabs(corner - x);
            cut = minor;
          }
        };
        if (curve.kind() == CurveKind::linear) look(curve.fee());
        for (const CurvePoint& point : curve.points()) look(point.money);
      }
      if (cut <= least || cut >= most) cut = std::llround(x * minors);
      if (cut <= least || cut >= most) cut = least + (most - least) / 2;
      if (cut <= least || cut >= most) return;
      node.left_most = cut;
      node.right_least = cut;
    }
    node.cut = static_cast<std::int32_t>(i);
  }

  [[nodiscard]] Certificate certificate() const {
    Certificate result;
    result.problem = problem_;
    result.spend = plan_;
    result.value = value_;
    double bound = value_;
    for (const Node& node : nodes_) {
      SplitNode split;
      if (node.left >= 0) {
        split.channel = node.cut;
        split.left_most = node.left_most;
        split.right_least = node.right_least;
        split.left = node.left;
        split.right = node.right;
      } else {
        split.empty = node.empty;
        split.prices = node.prices;
        if (!node.empty && good(node.bound) > good(bound)) bound = node.bound;
      }
      result.nodes.push_back(std::move(split));
    }
    if (!is_least(problem_.goal)) {  // a difference that is rounding
      double size = 0;
      for (const ProblemChannel& channel : problem_.channels) size += channel_size(channel, prices_.minors());
      if (std::fabs(bound - value_) <= 1e-13 * size) bound = value_;
    }
    result.bound = bound;
    result.gap = relative_gap(result.value, result.bound);
    return result;
  }

  const Problem& problem_;
  SearchOptions options_;
  PriceSearch prices_;
  Rounding rounding_;
  std::vector<std::int32_t> next_;
  std::vector<Node> nodes_{};
  bool found_ = false;
  double value_ = 0;
  std::vector<std::int64_t> plan_{};
};

}  // namespace dealtrail::budget::detail
