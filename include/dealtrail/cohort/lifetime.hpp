#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/cohort/summary.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::cohort {

/// BG/NBD: a customer may leave after a repeat purchase. MBG/NBD: after the first purchase, too.
enum class PurchasesModel : std::uint8_t { bg_nbd, mbg_nbd };
inline constexpr dealtrail::detail::EnumNames<2> purchases_model_names{"bg_nbd", "mbg_nbd"};

/// How the amount of a purchase is modelled, if at all.
enum class SpendingModel : std::uint8_t { none, gamma_gamma };
inline constexpr dealtrail::detail::EnumNames<2> spending_model_names{"none", "gamma_gamma"};

struct LifetimeOptions {
  PurchasesModel model = PurchasesModel::bg_nbd;
  SpendingModel spend = SpendingModel::gamma_gamma;  // used where the summary has amounts
  double horizon = 52;                               // units of the summary ahead
  double discount = 0;                               // per unit
  std::optional<double> margin{};                    // part of spend; none: all of it
  bool intervals = true;                             // of the value; microseconds for each distinct history
  std::size_t threads = 1;
};

/// A fitted parameter.
struct LifetimeParameter {
  std::string name{};
  double value = 0;
  std::optional<double> se{};  // nothing where the data leave it open
  bool ridge = false;          // the likelihood is flat: the standard error is above the value, or there is none
};

/// A fitted model, and what it expects of the customers of one base.
struct Lifetime {
  LifetimeOptions options{};
  std::vector<LifetimeParameter> parameters{};  // r, alpha, a, b, then with spend p, q, gamma
  double log_likelihood = 0;                    // of purchases
  std::optional<double> spend_log_likelihood{};
  Summary base{};
  std::vector<double> p_alive{};
  std::vector<double> expected{};  // purchases within the horizon
  std::vector<std::optional<double>> clv{};
  std::vector<std::optional<double>> clv_low{};  // 90 % of what the customer will bring, given the parameters
  std::vector<std::optional<double>> clv_high{};
  RowProblems problems{};
  std::vector<std::pair<std::string, std::string>> meta{};

  /// name, value, se, ridge.
  [[nodiscard]] Table parameters_table() const;
  /// customer, p_alive, expected, and with spend clv, clv_low, clv_high.
  [[nodiscard]] Table table() const;
  /// Purchases expected of a newcomer in the first `span` units, the first purchase not counted.
  /// @throws Error invalid_argument for a span below 0.
  [[nodiscard]] double expected_of_new(double span) const;
  /// The mean of a purchase of a customer with these repeats; nothing without spend, or where the mean is infinite.
  [[nodiscard]] std::optional<double> expected_spend(std::int64_t frequency, double monetary) const;
  /// The same model on another base.
  /// @throws Error invalid_argument if the base is in other units of time than the fit.
  [[nodiscard]] Lifetime predict(const Summary& other) const;
};

/// Fits a model of purchases, and one of spend, to a summary (M2.5, M4.6), and tells for each customer the chance to be
/// a customer still, the purchases expected and their discounted value. Customers with equal figures are fitted as one.
/// Definitions: docs/cohort/lifetime.md. O(customers) to group them, O(distinct histories) a step, some ten steps.
/// @throws Error not_converged for a base that says nothing (nobody bought again, no time passed, fewer than two
///   customers) or on which no maximum is found; invalid_argument for options out of range.
[[nodiscard]] Lifetime lifetime(const Summary& base, const LifetimeOptions& options = {});

}  // namespace dealtrail::cohort

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/cohort/detail/lifetime.ipp"  // IWYU pragma: keep
#endif
