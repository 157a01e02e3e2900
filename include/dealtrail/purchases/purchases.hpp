#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/facts/outcome.hpp"
#include "dealtrail/table/row_problems.hpp"
#include "dealtrail/table/stream.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

class Trail;

/// What of a Trail is a purchase: a won deal, at the time it was won; or a payment, at the time it was paid.
enum class PurchaseSource : std::uint8_t { deals, payments };
inline constexpr detail::EnumNames<2> purchase_source_names{"deals", "payments"};

/// Who buys: the company (of the deal or payment, else the one its person works for), or the person of the deal.
enum class PurchaseCustomer : std::uint8_t { company, person };
inline constexpr detail::EnumNames<2> purchase_customer_names{"company", "person"};

struct PurchaseOptions {
  PurchaseSource source = PurchaseSource::deals;
  PurchaseCustomer customer = PurchaseCustomer::company;
  View view = View::marketing;       // whose eyes say what is won
  std::optional<Timestamp> as_of{};  // none: every fact counts
};

/// One purchase, refunds taken off.
struct Purchase {
  std::string customer{};  // id of the card that names the cluster
  Timestamp at{};
  std::optional<std::int64_t> amount_minor{};  // in the Trail's currency; nothing: not known
  std::optional<std::int64_t> margin_minor{};
  std::optional<std::string> channel{};
  std::optional<std::string> event{};   // what was sold, or where the deal began
  std::optional<Timestamp> event_at{};  // its start
  std::string order{};                  // id of the deal or payment
  friend bool operator==(const Purchase&, const Purchase&) = default;
};

/// Purchases of a Trail by customer: the view that `cohort` reads. By (customer, at, order).
struct Purchases {
  std::vector<Purchase> rows{};
  Currency currency{};
  std::int64_t refunds_minor = 0;  // taken off the orders that they belong to
  RowProblems problems{};          // rows are those of the Trail's table of deals or payments
  std::vector<std::pair<std::string, std::string>> meta{};

  /// customer, at, amount, margin, channel, event, event_at, order.
  [[nodiscard]] Table table() const;
  /// The same as an input of calculators.
  [[nodiscard]] TableInput input() const;
};

/// The purchases of a Trail (M4.6, M4.7). A refund (a payment below 0 or of kind refund) lowers the order it belongs
/// to: the deal, or the latest payment before it of the same deal, or of the same company for the same event; one that
/// belongs to none is left out and listed, and so is an order that was refunded in full. Credit notes (deals below 0)
/// lower the sale they take back. Claims (deals with a parent) are no purchases. Amounts are in the Trail's currency,
/// less tax where the Trail counts net. O(deals + payments).
[[nodiscard]] Purchases purchases(const Trail& trail, const PurchaseOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/purchases/detail/purchases.ipp"  // IWYU pragma: keep
#endif
