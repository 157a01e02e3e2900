#pragma once

#ifndef EIGEN_MPL2_ONLY
#define EIGEN_MPL2_ONLY
#endif
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <Eigen/Core>
#include <Eigen/IterativeLinearSolvers>
#include <Eigen/LU>
#include <Eigen/SparseCore>
#include <Eigen/SparseLU>

#include "dealtrail/attribution/markov/chain.hpp"
#include "dealtrail/attribution/markov/leave_one_out.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/core/error.hpp"

// With u the visits of states per journey, F the expected visits from state to state, b the conversions that follow
// from a state, and S the states of a channel: u_S inv(F_SS) b_S goes through the channel. u needs no solving: it is
// how often a state occurs. States here count without the start: state s of the chain is row s - 1.
namespace dealtrail::detail {

class ChainSolver {
 public:
  using Vector = Eigen::VectorXd;
  using Matrix = Eigen::MatrixXd;
  using Sparse = Eigen::SparseMatrix<double, Eigen::RowMajor>;
  using Places = std::span<const std::uint32_t>;

  ChainSolver(const MarkovChain& chain, bool has_values)
      : chain_(chain), size_(static_cast<Eigen::Index>(chain.states()) - 1), has_values_(has_values) {
    visits_ = Vector::Zero(size_);
    first_ = Vector::Zero(size_);
    rewards_ = Matrix::Zero(size_, has_values ? 2 : 1);
    const auto journeys = static_cast<double>(chain.leaving[0]);
    for (Eigen::Index row = 0; row < size_; ++row) {
      const auto state = static_cast<std::size_t>(row) + 1;
      if (chain.leaving[state] == 0) continue;
      const auto leaving = static_cast<double>(chain.leaving[state]);
      visits_(row) = leaving / journeys;
      rewards_(row, 0) = static_cast<double>(chain.conversions[state]) / leaving;
      if (has_values) rewards_(row, 1) = chain.values[state] / leaving;
    }
    for (std::size_t at = 0; at < chain.first[1]; ++at)
      first_(chain.steps[at].to - 1) = static_cast<double>(chain.steps[at].weight) / journeys;
  }

  ThroughChannels solve(std::span<const std::vector<std::uint32_t>> states_of, ChannelPaths* paths, bool dense) {
    ThroughChannels through;
    const std::size_t channels = states_of.size();
    through.conversions.resize(channels);
    if (has_values_) through.values.resize(channels);
    if (paths != nullptr) prepare(*paths, channels);
    if (dense) {
      solve_dense(states_of, paths, through);
    } else {
      solve_sparse(states_of, paths, through);
    }
    if (paths != nullptr) finish(*paths, through, channels);
    return through;
  }

 private:
  void solve_dense(std::span<const std::vector<std::uint32_t>> states_of, ChannelPaths* paths,
                   ThroughChannels& through) {
    Matrix system = Matrix::Identity(size_, size_);
    for (std::size_t at = chain_.first[1]; at < chain_.steps.size(); ++at) {
      const MarkovStep& step = chain_.steps[at];
      if (step.weight != 0) system(step.from - 1, step.to - 1) -= share_of(step);
    }
    const Matrix expected = system.partialPivLu().inverse();
    followed_ = expected * rewards_;
    for (std::size_t channel = 0; channel < states_of.size(); ++channel) {
      const auto& states = states_of[channel];
      Matrix by;      // the conversions and values that inv(F_SS) b_S are
      Vector visits;  // u_S inv(F_SS): journeys by the state they come to the channel in
      if (states.size() == 1) {
        const Eigen::Index only = states.front() - 1;
        by = followed_.row(only) / expected(only, only);
        visits = Vector::Constant(1, visits_(only) / expected(only, only));
      } else {
        const auto count = static_cast<Eigen::Index>(states.size());
        Matrix among(count, count);
        Matrix followed(count, followed_.cols());
        Vector visited(count);
        for (Eigen::Index i = 0; i < count; ++i) {
          const Eigen::Index row = states[static_cast<std::size_t>(i)] - 1;
          for (Eigen::Index j = 0; j < count; ++j) among(i, j) = expected(row, states[static_cast<std::size_t>(j)] - 1);
          followed.row(i) = followed_.row(row);
          visited(i) = visits_(row);
        }
        by = among.partialPivLu().solve(followed);
        if (paths != nullptr) visits = among.transpose().partialPivLu().solve(visited);
      }
      Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(followed_.cols());
      for (std::size_t i = 0; i < states.size(); ++i)
        sum += visits_(states[i] - 1) * by.row(static_cast<Eigen::Index>(i));
      keep(through, channel, sum);
      if (paths == nullptr) continue;
      Vector after = Vector::Zero(size_);
      Matrix follows = Matrix::Zero(size_, followed_.cols());
      for (std::size_t i = 0; i < states.size(); ++i) {
        const Eigen::Index place = states[i] - 1;
        after += visits(static_cast<Eigen::Index>(i)) * expected.row(place).transpose();
        follows += expected.col(place) * by.row(static_cast<Eigen::Index>(i));
      }
      keep(*paths, channel, after, follows);
    }
  }

  // By channel: how often each state is visited before the channel is, where it is come to, and what follows then.
  void solve_sparse(std::span<const std::vector<std::uint32_t>> states_of, ChannelPaths* paths,
                    ThroughChannels& through) {
    std::vector<bool> removed(static_cast<std::size_t>(size_));
    const Sparse all = without(removed);
    followed_ = solved(all, rewards_);
    for (std::size_t channel = 0; channel < states_of.size(); ++channel) {
      for (const std::uint32_t state : states_of[channel]) removed[state - 1] = true;
      const Sparse rest = without(removed);
      Vector start = first_;
      for (const std::uint32_t state : states_of[channel]) start(state - 1) = 0;
      const Vector before = solved(Sparse(rest.transpose()), start);
      // Who comes to the channel, by state, and how much follows.
      Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(followed_.cols());
      for (std::size_t at = 0; at < chain_.steps.size(); ++at) {
        const MarkovStep& step = chain_.steps[at];
        if (!removed[step.to - 1] || (step.from != 0 && removed[step.from - 1]) || step.weight == 0) continue;
        const double come = step.from == 0 ? first_(step.to - 1) : before(step.from - 1) * share_of(step);
        sum += come * followed_.row(step.to - 1);
      }
      keep(through, channel, sum);
      if (paths != nullptr) {
        Matrix follows = Matrix::Zero(size_, followed_.cols());
        for (std::size_t at = chain_.first[1]; at < chain_.steps.size(); ++at) {
          const MarkovStep& step = chain_.steps[at];
          if (!removed[step.to - 1] || removed[step.from - 1] || step.weight == 0) continue;
          follows.row(step.from - 1) += share_of(step) * followed_.row(step.to - 1);
        }
        follows = solved(rest, follows);
        for (const std::uint32_t state : states_of[channel]) follows.row(state - 1) = followed_.row(state - 1);
        keep(*paths, channel, visits_ - before, follows);
      }
      for (const std::uint32_t state : states_of[channel]) removed[state - 1] = false;
    }
  }

  [[nodiscard]] double share_of(const MarkovStep& step) const noexcept {
    return static_cast<double>(step.weight) / static_cast<double>(chain_.leaving[step.from]);
  }

  // I - Q, the removed states cut off.
  [[nodiscard]] Sparse without(const std::vector<bool>& removed) const {
    Sparse system(size_, size_);
    std::vector<Eigen::Triplet<double, Sparse::StorageIndex>> cells;
    cells.reserve(chain_.steps.size() + static_cast<std::size_t>(size_));
    for (Eigen::Index row = 0; row < size_; ++row)
      cells.emplace_back(static_cast<Sparse::StorageIndex>(row), static_cast<Sparse::StorageIndex>(row), 1.0);
    for (std::size_t at = chain_.first[1]; at < chain_.steps.size(); ++at) {
      const MarkovStep& step = chain_.steps[at];
      if (removed[step.from - 1] || removed[step.to - 1] || step.weight == 0) continue;
      cells.emplace_back(static_cast<Sparse::StorageIndex>(step.from - 1),
                         static_cast<Sparse::StorageIndex>(step.to - 1), -share_of(step));
    }
    system.setFromTriplets(cells.begin(), cells.end());
    return system;
  }

  // By iteration, to the last digits; where that does not come near, by elimination.
  template <class Right>
  [[nodiscard]] static Right solved(const Sparse& system, const Right& right) {
    constexpr double wanted = 1e-15;
    constexpr double enough = 1e-13;
    Eigen::BiCGSTAB<Sparse, Eigen::DiagonalPreconditioner<double>> iteration;
    iteration.setTolerance(wanted);
    iteration.setMaxIterations(500);
    iteration.compute(system);
    Right solution = right;
    bool near = true;
    for (Eigen::Index column = 0; column < right.cols() && near; ++column) {
      const double size = right.col(column).norm();
      if (size == 0) {
        solution.col(column).setZero();
        continue;
      }
      const Vector begun = right.col(column);
      const Vector one = iteration.solveWithGuess(begun, begun);
      near = one.allFinite() && (begun - system * one).norm() <= enough * size;
      solution.col(column) = one;
    }
    if (near) return solution;
    Eigen::SparseLU<Eigen::SparseMatrix<double>> elimination;
    elimination.compute(Eigen::SparseMatrix<double>(system));
    if (elimination.info() != Eigen::Success)
      throw Error(ErrorCode::not_converged, "the chain of " + std::to_string(system.rows()) + " states is not solved");
    return elimination.solve(right);
  }

  void keep(ThroughChannels& through, std::size_t channel, const Eigen::RowVectorXd& sum) const {
    through.conversions[channel] = sum(0);
    if (has_values_) through.values[channel] = sum(1);
  }
  void prepare(ChannelPaths& paths, std::size_t channels) const {
    constexpr std::size_t strip = ChannelPaths::strip;
    const std::size_t cells = (channels + strip - 1) / strip * strip * chain_.states();
    paths.after.resize(cells);
    paths.conversions_by.resize(cells);
    if (has_values_) paths.values_by.resize(cells);
  }
  [[nodiscard]] std::size_t cell_of(std::size_t state, std::size_t channel) const noexcept {
    constexpr std::size_t strip = ChannelPaths::strip;
    return (channel / strip * chain_.states() + state) * strip + channel % strip;
  }
  void keep(ChannelPaths& paths, std::size_t channel, const Vector& after, const Matrix& follows) const {
    for (Eigen::Index row = 0; row < size_; ++row) {
      const std::size_t at = cell_of(static_cast<std::size_t>(row) + 1, channel);
      paths.after[at] = static_cast<float>(after(row));
      paths.conversions_by[at] = static_cast<float>(follows(row, 0));
      if (has_values_) paths.values_by[at] = static_cast<float>(follows(row, 1));
    }
  }
  void finish(ChannelPaths& paths, const ThroughChannels& through, std::size_t channels) const {
    paths.visits.assign(1, 1.0);
    paths.visits.insert(paths.visits.end(), visits_.begin(), visits_.end());
    const Eigen::RowVectorXd all = first_.transpose() * followed_;
    paths.conversions.assign(1, all(0));
    for (Eigen::Index row = 0; row < size_; ++row) paths.conversions.push_back(followed_(row, 0));
    for (std::size_t channel = 0; channel < channels; ++channel)
      paths.conversions_by[cell_of(0, channel)] = static_cast<float>(through.conversions[channel]);
    if (!has_values_) return;
    paths.values.assign(1, all(1));
    for (Eigen::Index row = 0; row < size_; ++row) paths.values.push_back(followed_(row, 1));
    for (std::size_t channel = 0; channel < channels; ++channel)
      paths.values_by[cell_of(0, channel)] = static_cast<float>(through.values[channel]);
  }

  const MarkovChain& chain_;
  Eigen::Index size_;
  bool has_values_;
  Vector visits_;
  Vector first_;
  Matrix rewards_;   // conversions per visit that are the last touch, and their value
  Matrix followed_;  // what follows from each state: inv(I - Q) rewards
};

DEALTRAIL_INLINE ThroughChannels through_channels(const MarkovChain& chain,
                                                  std::span<const std::vector<std::uint32_t>> states_of,
                                                  bool has_values, ChannelPaths* paths, std::size_t dense_up_to) {
  return ChainSolver(chain, has_values).solve(states_of, paths, chain.states() <= dense_up_to + 1);
}

// A group changes the row of each state that it was in: the row of the rest is the whole row less the group's steps,
// over how often the rest leaves the state. What goes through a channel moves by what is after the channel times the
// change of all conversions, and by what is before it times the change of those through the channel.
DEALTRAIL_INLINE ThroughChannels through_without(const MarkovChain& chain, const ThroughChannels& whole,
                                                 const ChannelPaths& paths, const MarkovGroup& group, bool has_values) {
  constexpr std::size_t strip = ChannelPaths::strip;
  const std::size_t channels = whole.conversions.size();
  std::vector<LeaveOneOutState> states;
  std::vector<RemovedStep> steps;
  steps.reserve(group.steps.size() + group.ends.size());
  std::size_t step = 0;
  std::size_t end = 0;
  while (step < group.steps.size() || end < group.ends.size()) {
    LeaveOneOutState one;
    const std::uint32_t state =
        std::min(step < group.steps.size() ? group.steps[step].from : static_cast<std::uint32_t>(-1),
                 end < group.ends.size() ? group.ends[end].window : static_cast<std::uint32_t>(-1));
    const std::size_t kept = steps.size();
    std::int64_t left = 0;
    for (; step < group.steps.size() && group.steps[step].from == state; ++step) {
      const MarkovStep& taken = group.steps[step];
      left += taken.weight;
      one.all -= static_cast<double>(taken.weight) * paths.conversions[taken.to];
      if (has_values) one.all_value -= static_cast<double>(taken.weight) * paths.values[taken.to];
      steps.push_back({taken.to * static_cast<std::uint32_t>(strip), static_cast<float>(taken.weight)});
    }
    if (end < group.ends.size() && group.ends[end].window == state) {
      const MarkovEnd& ended = group.ends[end++];
      left += ended.conversions + ended.nulls;
      one.all -= static_cast<double>(ended.conversions);
      one.all_value -= static_cast<double>(ended.value);
    }
    const std::int64_t rest = chain.leaving[state] - left;
    if (rest == 0) {  // nobody else comes here, and the steps to here say so
      steps.resize(kept);
      continue;
    }
    const auto weight = static_cast<double>(left);
    one.state = state;
    steps.push_back({state * static_cast<std::uint32_t>(strip), -static_cast<float>(weight)});  // its own way
    one.steps_end = steps.size();
    one.per_rest = 1 / static_cast<double>(rest);
    one.all += weight * paths.conversions[state];
    if (has_values) one.all_value += weight * paths.values[state];
    states.push_back(one);
  }
  ThroughChannels without = whole;
  const StripWork work = widest_strip_work();
  for (std::size_t first = 0; first < channels; first += strip) {
    const float* const after = paths.after.data() + first * chain.states();
    const std::size_t count = std::min(strip, channels - first);
    const auto add = [&](const std::vector<float>& rows, double LeaveOneOutState::* all_of, std::vector<double>& to) {
      std::array<double, strip> sums{};
      std::copy_n(to.begin() + static_cast<std::ptrdiff_t>(first), count, sums.begin());
      std::size_t begun = 0;
      for (const LeaveOneOutState& one : states) {
        std::array<float, strip> change;
        work.take(rows.data() + first * chain.states(), {steps.data() + begun, one.steps_end - begun}, change.data());
        begun = one.steps_end;
        work.add(one, one.*all_of, paths.visits[one.state], after + one.state * strip, change.data(), sums.data());
      }
      std::copy_n(sums.begin(), count, to.begin() + static_cast<std::ptrdiff_t>(first));
    };
    add(paths.conversions_by, &LeaveOneOutState::all, without.conversions);
    if (has_values) add(paths.values_by, &LeaveOneOutState::all_value, without.values);
  }
  return without;
}

}  // namespace dealtrail::detail
