#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "dealtrail/budget/certificate.hpp"
#include "dealtrail/budget/detail/channel_state.hpp"
#include "dealtrail/budget/detail/dual_bound.hpp"

// The relaxed problem of one box (each curve replaced by its concave envelope), solved by the price of money: every
// channel answers a price, the sum of the answers falls as the price rises, and the price is searched at which the goal
// is met. A group has two prices of its own, found first and from the inside out: below the one its answers exceed its
// upper limit, above the other they fall short of the lower one; between them it follows the price around it.
namespace dealtrail::budget::detail {

/// The optimum of the relaxed problem.
struct Relaxed {
  bool empty = false;           // no plan in the box reaches the goal
  std::vector<double> money{};  // by channel, major units; amounts between two levels of an envelope are possible
  std::vector<double> low{};    // the ends of the chord that an amount stands on; equal to it when it stands on none
  std::vector<double> high{};
  std::vector<double> prices{};  // the root's, then by group
  double bound = 0;              // of weak duality
};

class PriceSearch {
 public:
  explicit PriceSearch(const Problem& problem) : problem_(problem), minors_(major_per_minor(problem.places)) {
    members_.resize(problem.groups.size() + 1);
    inner_.resize(problem.groups.size() + 1);
    for (std::size_t i = 0; i < problem.channels.size(); ++i)
      members_[static_cast<std::size_t>(problem.channels[i].group + std::int64_t{1})].push_back(i);
    for (std::size_t g = 0; g < problem.groups.size(); ++g)
      inner_[static_cast<std::size_t>(problem.groups[g].parent + std::int64_t{1})].push_back(g + 1);
    root_ = root_box(problem);
    root_states_ = states_of(root_);
    states_ = root_states_;
  }

  [[nodiscard]] double minors() const noexcept { return minors_; }
  [[nodiscard]] const Problem& problem() const noexcept { return problem_; }

  /// @param guess a price near the answer, 0 for none.
  [[nodiscard]] Relaxed solve(const Box& box, double guess, bool with_bound = true) {
    Relaxed result;
    if (box_is_empty(problem_, box)) {
      result.empty = true;
      return result;
    }
    set_states(box);
    clamps_.assign(problem_.groups.size() + 1, {});
    for (std::size_t g = problem_.groups.size(); g-- > 0;) close_group(g + 1, guess);
    Bracket bracket;
    if (!find_root(bracket, guess)) {
      result.empty = true;
    }
    fill(result, bracket);
    result.prices = prices_of(bracket.high.price);
    if (with_bound) result.bound = leaf_bound(problem_, box, result.prices);
    return result;
  }

 private:
  struct Side {
    double price = 0;
    std::vector<double> money{};
    double spent = 0;
    double response = 0;
    double excess = 0;
    bool has_response = false;  // computed only where it is needed
  };
  struct Bracket {
    Side low{};        // of the price: too much is spent
    Side high{};       // not too much
    double share = 0;  // of the low side in the answer
  };
  enum class Found : std::uint8_t { never_above, always_above, yes };
  struct Clamp {
    bool active = false;
    Bracket bracket{};
    double spent = 0;
    double response = 0;
  };
  struct Clamps {
    Clamp most{};
    Clamp least{};
  };

  [[nodiscard]] std::vector<ChannelState> states_of(const Box& box) const {
    std::vector<ChannelState> states;
    states.reserve(problem_.channels.size());
    for (std::size_t i = 0; i < problem_.channels.size(); ++i)
      states.emplace_back(problem_.channels[i], box.least[i], box.most[i], minors_);
    return states;
  }

  void set_states(const Box& box) {
    for (const std::size_t i : changed_) states_[i] = root_states_[i];
    changed_.clear();
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (box.least[i] == root_.least[i] && box.most[i] == root_.most[i]) continue;
      states_[i] = ChannelState(problem_.channels[i], box.least[i], box.most[i], minors_);
      changed_.push_back(i);
    }
  }

  // What a part of the tree answers to a price: 0 is the whole, g + 1 a group.
  void answer(std::size_t node, double price, Side& side, bool with_response) const {
    for (const std::size_t i : members_[node]) {
      const double x = states_[i].at(price);
      side.money[i] = x;
      side.spent += x;
      if (with_response) side.response += states_[i].curve().value(x);
    }
    for (const std::size_t group : inner_[node]) {
      if (const Clamp* clamp = clamp_at(group, price)) {
        side.spent += clamp->spent;
        side.response += clamp->response;
      } else {
        answer(group, price, side, with_response);
      }
    }
  }
  [[nodiscard]] const Clamp* clamp_at(std::size_t group, double price) const {
    const Clamps& clamps = clamps_[group];
    if (clamps.most.active && price < clamps.most.bracket.high.price) return &clamps.most;
    if (clamps.least.active && price > clamps.least.bracket.low.price) return &clamps.least;
    return nullptr;
  }

  template <class Excess>
  void evaluate(std::size_t node, double price, Side& side, const Excess& excess, bool with_response = false) const {
    side.price = price;
    side.money.resize(states_.size());
    side.spent = 0;
    side.response = 0;
    side.has_response = with_response;
    answer(node, price, side, with_response);
    side.excess = excess(side);
  }

  // The response of the answers of a side, at the price that they were given to.
  void complete(std::size_t node, double price, Side& side) const {
    if (side.has_response) return;
    side.response = 0;
    add_response(node, price, side);
    side.has_response = true;
  }
  void add_response(std::size_t node, double price, Side& side) const {
    for (const std::size_t i : members_[node]) side.response += states_[i].curve().value(side.money[i]);
    for (const std::size_t group : inner_[node]) {
      if (const Clamp* clamp = clamp_at(group, price)) {
        side.response += clamp->response;
      } else {
        add_response(group, price, side);
      }
    }
  }

  // Brackets the price at which `excess`, which falls as the price rises, changes its sign.
  template <class Excess>
  [[nodiscard]] Found find(std::size_t node, Bracket& bracket, double guess, double size, double lowest,
                           const Excess& excess, bool with_response = false) const {
    Side& low = bracket.low;
    Side& high = bracket.high;
    Side next;
    evaluate(node, lowest, low, excess, with_response);
    complete(node, lowest, low);
    if (low.excess <= 0) {
      high = low;
      return Found::never_above;
    }
    low.price = std::max(lowest, 0.0);
    double price = guess > 0 ? guess : guessed_price(node);
    if (!(price > 0) || !std::isfinite(price)) price = 1;
    double factor = guess > 0 ? 1.2 : 4;
    evaluate(node, price, next, excess, with_response);
    if (next.excess > 0) {
      std::swap(low, next);
      for (;;) {
        price *= factor;
        factor = std::min(factor * factor, 1e30);
        if (!(price < 1e280)) {
          complete(node, low.price, low);
          bracket.high = low;
          return Found::always_above;
        }
        evaluate(node, price, next, excess, with_response);
        if (next.excess <= 0) break;
        std::swap(low, next);
      }
      std::swap(high, next);
    } else {
      std::swap(high, next);
      for (;;) {
        price /= factor;
        factor = std::min(factor * factor, 1e30);
        if (!(price > low.price && price > 1e-280)) break;  // the low side stays
        evaluate(node, price, next, excess, with_response);
        if (next.excess > 0) {
          std::swap(low, next);
          break;
        }
        std::swap(high, next);
      }
    }
    narrow(node, bracket, next, size, excess, with_response);
    complete(node, high.price, high);
    complete(node, low.price, low);
    return Found::yes;
  }

  template <class Excess>
  void narrow(std::size_t node, Bracket& bracket, Side& next, double size, const Excess& excess,
              bool with_response) const {
    Side& low = bracket.low;
    Side& high = bracket.high;
    constexpr double tiny = 0x1p-50;
    double weight_low = 1;
    double weight_high = 1;
    int last = 0;  // which side moved last
    for (int step = 0; step < 400; ++step) {
      if (!(high.price - low.price > tiny * high.price) || high.price < 1e-280) break;
      if (-high.excess <= 1e-15 * size) {
        low = high;
        break;
      }
      if (low.excess <= 1e-15 * size) {
        high = low;
        break;
      }
      double price = 0;
      if (low.price <= 0) {
        price = high.price * 1e-3;
      } else if (step % 3 == 2) {  // where the tangents of the dual function meet: exact for a jump
        complete(node, low.price, low);
        complete(node, high.price, high);
        price = (low.response - high.response) / (low.spent - high.spent);
      } else if (step % 9 == 7) {
        price = std::sqrt(low.price) * std::sqrt(high.price);
      } else {
        const double e_low = low.excess * weight_low;
        const double e_high = high.excess * weight_high;
        const double ratio = high.price / low.price;
        price = low.price * std::exp(std::log(ratio) * (e_low / (e_low - e_high)));
      }
      if (!std::isfinite(price)) price = std::sqrt(low.price) * std::sqrt(high.price);
      price = std::clamp(price, low.price * (1 + tiny / 2), high.price * (1 - tiny / 2));
      if (!(price > low.price && price < high.price)) break;
      evaluate(node, price, next, excess, with_response);
      if (next.excess > 0) {
        std::swap(low, next);
        weight_low = 1;
        weight_high = last < 0 ? 0.5 * weight_high : 1;
        last = -1;
      } else {
        std::swap(high, next);
        weight_high = 1;
        weight_low = last > 0 ? 0.5 * weight_low : 1;
        last = 1;
      }
    }
  }

  [[nodiscard]] double guessed_price(std::size_t node) const {
    double sum = 0;
    double count = 0;
    for (const std::size_t i : members_[node]) {
      const double price = states_[i].middle_price();
      if (price > 0 && std::isfinite(price)) sum += std::log(price), ++count;
    }
    for (const std::size_t group : inner_[node]) {
      if (const double price = guessed_price(group); price > 0) sum += std::log(price), ++count;
    }
    return count > 0 ? std::exp(sum / count) : 0;
  }

  void close_group(std::size_t node, double guess) {
    const ProblemGroup& group = problem_.groups[node - 1];
    if (group.most != no_limit) {
      const double most = static_cast<double>(group.most) / minors_;
      Clamp clamp;
      const Found found =
          find(node, clamp.bracket, guess, most, -1, [&](const Side& side) { return side.spent - most; });
      clamp.active = found != Found::never_above;
      if (clamp.active) settle(clamp, most);
      clamps_[node].most = std::move(clamp);
    }
    if (group.least > 0) {
      const double least = static_cast<double>(group.least) / minors_;
      Clamp clamp;
      const Found found =
          find(node, clamp.bracket, guess, least, -1, [&](const Side& side) { return side.spent - least; });
      clamp.active = found != Found::always_above;  // the box is not empty: below price 0 the answers suffice
      if (clamp.active) settle(clamp, least);
      clamps_[node].least = std::move(clamp);
    }
  }
  static void settle(Clamp& clamp, double spent) {
    const Side& low = clamp.bracket.low;
    const Side& high = clamp.bracket.high;
    const double share = low.spent > high.spent ? (spent - high.spent) / (low.spent - high.spent) : 0;
    clamp.bracket.share = std::clamp(share, 0.0, 1.0);
    clamp.spent = spent;
    clamp.response = high.response + clamp.bracket.share * (low.response - high.response);
  }

  // The price of the whole. False when the goal cannot be reached.
  [[nodiscard]] bool find_root(Bracket& bracket, double guess) const {
    const auto set_share = [&](double low, double high) {
      bracket.share = low > high ? std::clamp(-high / (low - high), 0.0, 1.0) : 0;
    };
    const double budget = problem_.budget == no_limit ? std::numeric_limits<double>::infinity()
                                                      : static_cast<double>(problem_.budget) / minors_;
    const double target = problem_.target;
    switch (problem_.goal) {
      case Goal::most_response:
      case Goal::marginal_return: {
        const double lowest = problem_.goal == Goal::marginal_return ? target : 0;
        const auto excess = [&](const Side& side) { return side.spent - budget; };
        if (problem_.budget == no_limit) {
          evaluate(0, lowest, bracket.high, excess);
          bracket.low = bracket.high;
          return true;
        }
        if (find(0, bracket, std::max(guess, lowest), budget, lowest, excess) == Found::always_above) return false;
        break;
      }
      case Goal::least_budget: {
        const auto excess = [&](const Side& side) { return side.response - target; };
        const Found found = find(0, bracket, guess, std::max(std::fabs(target), 1e-300), 0, excess, true);
        if (found == Found::always_above) return true;  // the lower limits alone reach it
        if (found == Found::never_above && bracket.low.excess < -1e-12 * std::fabs(target)) return false;
        break;
      }
      case Goal::target_cpa: {
        const double highest = (1 - 1e-9) / target;  // above it the average cost rises again
        Side top;
        const auto excess = [&](const Side& side) {
          return side.price > highest ? top.excess : side.spent - target * side.response;
        };
        evaluate(0, highest, top, excess, true);
        if (top.excess > 0) {
          bracket.low = bracket.high = top;
          return top.excess <= 1e-9 * std::max(top.spent, target * std::fabs(top.response));
        }
        if (find(0, bracket, guess > 0 ? std::min(guess, highest) : 0.5 / target, std::max(top.spent, 1e-300), 0,
                 excess, true) == Found::never_above) {
          return true;
        }
        if (bracket.high.price > highest) bracket.high = top;
        if (bracket.low.price > highest) bracket.low = top;
        break;
      }
    }
    set_share(bracket.low.excess, bracket.high.excess);
    return true;
  }

  [[nodiscard]] std::vector<double> prices_of(double root) const {
    std::vector<double> prices(problem_.groups.size() + 1, std::max(0.0, root));
    for (std::size_t g = 0; g < problem_.groups.size(); ++g) {
      const double around = prices[static_cast<std::size_t>(problem_.groups[g].parent + std::int64_t{1})];
      prices[g + 1] = around;
      if (const Clamp* clamp = clamp_at(g + 1, around)) {
        prices[g + 1] = clamp == &clamps_[g + 1].most ? std::max(around, clamp->bracket.high.price)
                                                      : std::clamp(clamp->bracket.low.price, 0.0, around);
      }
    }
    return prices;
  }

  // The answer between the two sides of a bracket: channels on a chord are raised one after the other, so that at most
  // one for each limit stays inside its chord.
  void fill(Relaxed& result, const Bracket& bracket) const {
    const std::size_t n = states_.size();
    result.money.assign(n, 0);
    result.low.assign(n, 0);
    result.high.assign(n, 0);
    const double spent = bracket.high.spent + bracket.share * (bracket.low.spent - bracket.high.spent);
    fill_node(result, 0, bracket.low.price, bracket.high.price, bracket.low.money, bracket.high.money, spent);
  }
  void fill_node(Relaxed& result, std::size_t node, double low_price, double high_price,
                 const std::vector<double>& most, const std::vector<double>& least, double target) const {
    double rest = target;
    for (const std::size_t i : members_[node]) rest -= least[i];
    struct Part {
      std::size_t group = 0;
      double from = 0;
      double to = 0;
      Side low{};
      Side high{};
    };
    std::vector<Part> parts;
    for (const std::size_t group : inner_[node]) {
      Part part{.group = group};
      const auto none = [](const Side&) { return 0.0; };
      // A side at a limit of the group is that of the group's own bracket: its price lies a rounding error apart.
      if (const Clamp* clamp = clamp_at(group, high_price)) {
        part.high = clamp->bracket.high;
        part.from = clamp->spent;
      } else {
        evaluate(group, high_price, part.high, none);
        part.from = part.high.spent;
      }
      if (const Clamp* clamp = clamp_at(group, low_price)) {
        part.low = clamp->bracket.low;
        part.to = std::max(part.from, clamp->spent);
      } else {
        evaluate(group, low_price, part.low, none);
        part.to = std::max(part.from, part.low.spent);
      }
      rest -= part.from;
      parts.push_back(std::move(part));
    }
    const double small = 1e-9 * std::fabs(target);
    for (const bool chords : {false, true}) {
      for (const std::size_t i : members_[node]) {
        const double step = std::max(0.0, most[i] - least[i]);
        if ((step > small) != chords) continue;
        const double given = std::clamp(rest, 0.0, step);
        rest -= given;
        result.money[i] = least[i] + given;
        result.low[i] = chords ? least[i] : result.money[i];
        result.high[i] = chords ? most[i] : result.money[i];
      }
      if (chords) break;
      for (Part& part : parts) {
        const double given = std::clamp(rest, 0.0, part.to - part.from);
        rest -= given;
        fill_node(result, part.group, part.low.price, part.high.price, part.low.money, part.high.money,
                  part.from + given);
      }
    }
  }

  const Problem& problem_;
  double minors_ = 100;
  std::vector<std::vector<std::size_t>> members_{};
  std::vector<std::vector<std::size_t>> inner_{};
  Box root_{};
  std::vector<ChannelState> root_states_{};
  std::vector<ChannelState> states_{};
  std::vector<std::size_t> changed_{};
  std::vector<Clamps> clamps_{};
};

}  // namespace dealtrail::budget::detail
