// Two tables compared by key (M4.1).
#include "dealtrail/reconcile/reconcile.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

#include "reconcile/slow_reconcile.hpp"
#include "support/refusal.hpp"

namespace dealtrail::reconcile {
namespace {

using dealtrail::testing::refusal_code;
using dealtrail::testing::refusal_of;
using dealtrail::testing::Sale;
using dealtrail::testing::slow_side;
using dealtrail::testing::SlowSide;
using dealtrail::testing::table_of;

ReconcileOptions by_contract() {
  ReconcileOptions options;
  options.on = {{"contract", "contract"}};
  options.amount = {"amount", "amount"};
  options.at = {"at", "at"};
  options.by = {"by", "by"};
  return options;
}

Reconciliation compared(const std::vector<Sale>& a, const std::vector<Sale>& b,
                        const ReconcileOptions& options = by_contract()) {
  return reconcile(table_of(a), table_of(b), options);
}

std::string text(const Table& table, std::int64_t row, const char* column) {
  return std::string{table.text_at(row, column).value_or("")};
}

std::string reason_of(std::int64_t a, std::int64_t b, std::int64_t day = 20'454) {
  const Reconciliation found = compared({{"k", a, day, "x"}}, {{"k", b, day, "x"}});
  return found.matched.rows() == 1 ? text(found.matched, 0, "reason") : "?";
}

TEST(Reconcile, AmountsThatDifferHaveTheReasonThatHoldsFirst) {
  EXPECT_EQ(reason_of(1'000'00, 1'000'00), "");
  EXPECT_EQ(reason_of(1'234'00, 12'34), "factor_100");
  EXPECT_EQ(reason_of(1'220'00, 1'000'00), "vat");          // 2026: 22 %
  EXPECT_EQ(reason_of(1'000'00, 1'220'00), "vat");          // the other way round
  EXPECT_EQ(reason_of(1'200'00, 1'000'00), "unexplained");  // 20 % is over
  EXPECT_EQ(reason_of(1'200'00, 1'000'00, 20'000), "vat");  // 2024: 20 %
  EXPECT_EQ(reason_of(99'99, 83'33, 20'000), "vat");        // 99.99 / 1.2 = 83.325, rounded
  EXPECT_EQ(reason_of(99'99, 83'31, 20'000), "unexplained");
  EXPECT_EQ(reason_of(500'00, -500'00), "refund");
}

TEST(Reconcile, RowsOfOneKeyAreComparedBySum) {
  const auto paid_twice = compared({{"k", 1'000, 20'460, "x"}}, {{"k", 400, 20'460, "x"}, {"k", 600, 20'500, "x"}});
  EXPECT_EQ(paid_twice.differences.rows(), 0);
  EXPECT_EQ(paid_twice.duplicates_b.rows(), 2);
  ASSERT_EQ(paid_twice.lines.rows(), 2);  // January 2026 has 6.00 less in b, February 6.00 more
  EXPECT_EQ(paid_twice.lines.minor_at(0, "difference"), 600);
  EXPECT_EQ(text(paid_twice.lines, 1, "reason"), "one_to_many");
  const auto twice = compared({{"k", 700, 1, "x"}, {"k", 700, 1, "x"}}, {{"k", 700, 1, "x"}});
  EXPECT_EQ(text(twice.matched, 0, "reason"), "duplicate");
  const auto given_back = compared({{"k", 700, 1, "x"}}, {{"k", 700, 1, "x"}, {"k", -700, 5, "x"}});
  EXPECT_EQ(text(given_back.matched, 0, "reason"), "refund");
}

TEST(Reconcile, ACommissionIsAShareThatSeveralKeysHave) {
  std::vector<Sale> turnover;
  std::vector<Sale> own;
  for (int i = 0; i < 4; ++i) {
    const std::int64_t amount = 1'234'567 + i * 98'765;
    turnover.push_back({"k" + std::to_string(i), amount, 20'460, "x"});
    own.push_back({"k" + std::to_string(i), (amount * 7 + 500) / 1000, 20'460, "x"});
  }
  const auto found = compared(turnover, own);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(text(found.matched, i, "reason"), "commission");
  turnover.resize(2);
  own.resize(2);
  EXPECT_EQ(text(compared(turnover, own).matched, 0, "reason"), "unexplained");  // two are chance
  ReconcileOptions given = by_contract();
  given.commission = {70};
  EXPECT_EQ(text(compared(turnover, own, given).matched, 0, "reason"), "commission");
}

TEST(Reconcile, DaysDifferByTheZoneOrByMore) {
  const auto column = [](std::vector<std::pair<const char*, const char*>> rows) {
    TableBuilder builder{"sales"};
    ColumnBuilder& key = builder.text("contract");
    ColumnBuilder& at = builder.text("at");
    for (const auto& [contract, time] : rows) {
      key.append_text(contract);
      at.append_text(time);
    }
    return read_all(builder.finish().to_stream(), "sales");
  };
  ReconcileOptions options;
  options.on = {{"contract", "contract"}};
  options.at = {"at", "at"};
  const auto found = reconcile(column({{"zone", "2026-03-31T22:10:05"},
                                       {"same", "31.03.2026 10:00"},
                                       {"shift", "2026-03-31T22:10:05"},
                                       {"day", "2026-03-31"}}),
                               column({{"zone", "2026-04-01T01:10:05"},
                                       {"same", "2026-03-31T10:07:00"},
                                       {"shift", "2026-04-01T01:13:44"},
                                       {"day", "01.04.2026"}}),
                               options);
  ASSERT_EQ(found.differences.rows(), 3);
  EXPECT_EQ(text(found.differences, 0, "reason"), "time_zone");
  EXPECT_EQ(text(found.differences, 1, "reason"), "date_shift");
  EXPECT_EQ(text(found.differences, 2, "b"), "2026-04-01");
}

TEST(Reconcile, KeysThatAreBlankOrRepeatAreShown) {
  const auto found = compared({{"", 100, 1, "x"}, {" a ", 5, 1, "x"}, {"test-7", 9, 1, "x"}}, {{"a", 5, 1, "x"}});
  EXPECT_EQ(found.matched.rows(), 1);  // blanks around a key do not matter
  ASSERT_EQ(found.only_a.rows(), 2);
  EXPECT_EQ(text(found.only_a, 0, "reason"), "test_sale");
  EXPECT_EQ(text(found.only_a, 1, "reason"), "blank_key");
  EXPECT_EQ(found.problems.text_at(0, "code"), "blank_key");
  EXPECT_EQ(found.sums.minor_at(0, "difference"), 109);
  EXPECT_EQ(found.sums.minor_at(0, "explained"), 109);
}

TEST(Reconcile, AToleranceKeepsSmallDifferencesOutOfTheListButNotOutOfTheLines) {
  ReconcileOptions options = by_contract();
  options.tolerance = {1, 0};
  const auto found = compared({{"k", 10'050, 1, "x"}}, {{"k", 10'000, 1, "x"}}, options);
  EXPECT_EQ(found.differences.rows(), 0);
  ASSERT_EQ(found.lines.rows(), 1);
  EXPECT_EQ(text(found.lines, 0, "reason"), "within_tolerance");
  options.tolerance = {};
  options.relative = {5, 3};
  EXPECT_EQ(compared({{"k", 10'050, 1, "x"}}, {{"k", 10'000, 1, "x"}}, options).differences.rows(), 0);
  EXPECT_EQ(compared({{"k", 10'051, 1, "x"}}, {{"k", 10'000, 1, "x"}}, options).differences.rows(), 1);
}

TEST(Reconcile, PreferNamesTheSystemToCorrect) {
  ReconcileOptions options = by_contract();
  options.names = {"crm", "admin"};
  options.prefer = {{"amount", "admin"}};
  const auto found = compared({{"k", 10, 1, "x"}}, {{"k", 35, 1, "y"}}, options);
  EXPECT_EQ(found.differences.rows(), 2);
  ASSERT_EQ(found.corrections.rows(), 1);
  EXPECT_EQ(text(found.corrections, 0, "system"), "crm");
  EXPECT_EQ(text(found.corrections, 0, "to"), "0.35");
  options.prefer = {{"amoun", "admin"}};
  EXPECT_EQ(refusal_code([&] { return compared({}, {}, options); }), ErrorCode::unknown_name);
}

TEST(Reconcile, TwoCurrenciesAreRefusedOrListed) {
  const auto column = [](const char* one, const char* other) {
    TableBuilder builder{"sales"};
    ColumnBuilder& key = builder.text("contract");
    ColumnBuilder& amount = builder.text("amount");
    key.append_text("k");
    amount.append_text(one);
    key.append_text("l");
    amount.append_text(other);
    return read_all(builder.finish().to_stream(), "sales");
  };
  ReconcileOptions options;
  options.on = {{"contract", "contract"}};
  options.amount = {"amount", "amount"};
  const TableInput a = column("1 204,50 RUB", "7");
  const TableInput b = column("1204.5", "7 USD");
  const Error error = refusal_of([&] { return reconcile(a, b, options); });
  EXPECT_EQ(error.code(), ErrorCode::currency_mismatch);
  EXPECT_EQ(error.where(), (Where{"b", "amount", 1}));
  options.currency = RUB;
  const auto found = reconcile(a, b, options);
  ASSERT_EQ(found.differences.rows(), 1);
  EXPECT_EQ(text(found.differences, 0, "reason"), "currency");
  EXPECT_EQ(text(found.differences, 0, "b"), "7 USD");
  EXPECT_EQ(found.sums.minor_at(0, "difference"), 700);
}

TEST(Reconcile, Refusals) {
  ReconcileOptions options = by_contract();
  options.on.clear();
  EXPECT_EQ(refusal_code([&] { return compared({}, {}, options); }), ErrorCode::invalid_argument);
  options = by_contract();
  options.tolerance = {-1, 0};
  EXPECT_EQ(refusal_code([&] { return compared({}, {}, options); }), ErrorCode::invalid_argument);
  options = by_contract();
  options.status = {"stage", "stage"};
  EXPECT_EQ(refusal_code([&] { return compared({}, {}, options); }), ErrorCode::missing_column);
  options = by_contract();
  options.names = {"crm", "crm"};
  EXPECT_EQ(refusal_code([&] { return compared({}, {}, options); }), ErrorCode::invalid_argument);
  EXPECT_EQ(compared({}, {}).sums.rows(), 0);
}

std::vector<Sale> drawn(Random& random, std::uint64_t keys) {
  std::vector<Sale> sales;
  const std::uint64_t count = random.index(40);
  for (std::uint64_t i = 0; i < count; ++i) {
    Sale sale;
    const std::uint64_t key = random.index(keys + 2);
    if (key > 0) sale.key = "k" + std::to_string(key);
    if (random.index(10) != 0) sale.minor = static_cast<std::int64_t>(random.index(7)) * 500 - 500;
    sale.day = static_cast<std::int64_t>(random.index(150));
    sale.by = std::string(1, static_cast<char>('p' + random.index(3)));
    sales.push_back(sale);
  }
  return sales;
}

// The difference of the sums of each cell is the sum of its lines, and both are those of the maps.
TEST(Reconcile, LinesAddUpToTheDifferenceOfTheSumsAsMapsFindIt) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random{seed};
    const std::uint64_t keys = 1 + random.index(30);
    const std::vector<Sale> a = drawn(random, keys);
    const std::vector<Sale> b = drawn(random, keys);
    ReconcileOptions options = by_contract();
    options.tolerance = {static_cast<std::int64_t>(random.index(2)) * 5, 0};
    const Reconciliation found = compared(a, b, options);
    SlowSide slow_a = slow_side(a);
    SlowSide slow_b = slow_side(b);

    std::map<std::pair<std::string, std::string>, std::int64_t> lines;
    for (std::int64_t row = 0; row < found.lines.rows(); ++row) {
      const std::int64_t apart = found.lines.minor_at(row, "difference").value();
      lines[{text(found.lines, row, "by"), text(found.lines, row, "period")}] += apart;
      EXPECT_EQ(apart, found.lines.minor_at(row, "a").value() - found.lines.minor_at(row, "b").value());
      EXPECT_NE(text(found.lines, row, "reason"), "");
    }
    std::set<std::pair<std::string, std::string>> cells;
    for (const auto& [cell, sum] : slow_a.cells) cells.insert(cell);
    for (const auto& [cell, sum] : slow_b.cells) cells.insert(cell);
    ASSERT_EQ(found.sums.rows(), static_cast<std::int64_t>(cells.size()));
    for (std::int64_t row = 0; row < found.sums.rows(); ++row) {
      const auto cell = std::pair{text(found.sums, row, "by"), text(found.sums, row, "period")};
      EXPECT_EQ(found.sums.minor_at(row, "a"), slow_a.cells[cell]);
      EXPECT_EQ(found.sums.minor_at(row, "b"), slow_b.cells[cell]);
      EXPECT_EQ(found.sums.minor_at(row, "difference"), slow_a.cells[cell] - slow_b.cells[cell]);
      EXPECT_EQ(found.sums.minor_at(row, "explained"), found.sums.minor_at(row, "difference"));
      EXPECT_EQ(lines[cell], found.sums.minor_at(row, "difference"));
    }

    std::map<std::string, std::int64_t> both;
    for (std::int64_t row = 0; row < found.matched.rows(); ++row) {
      const std::string key = text(found.matched, row, "key");
      both[key] =
          found.matched.integer_at(row, "rows_a").value() * 1000 + found.matched.integer_at(row, "rows_b").value();
      EXPECT_EQ(found.matched.minor_at(row, "a").value_or(0), slow_a.sums[key]);
      EXPECT_EQ(found.matched.minor_at(row, "b").value_or(0), slow_b.sums[key]);
    }
    std::map<std::string, std::int64_t> expected;
    std::int64_t alone_a = 0;
    std::int64_t repeated_a = 0;
    for (const auto& [key, rows] : slow_a.rows) {
      if (slow_b.rows.contains(key)) {
        expected[key] = rows * 1000 + slow_b.rows[key];
      } else {
        alone_a += rows;
      }
      repeated_a += rows > 1 ? rows : 0;
    }
    for (const Sale& sale : a) alone_a += sale.key.empty() ? 1 : 0;
    EXPECT_EQ(both, expected);
    EXPECT_EQ(found.only_a.rows(), alone_a);
    EXPECT_EQ(found.duplicates_a.rows(), repeated_a);
  }
}

}  // namespace
}  // namespace dealtrail::reconcile
