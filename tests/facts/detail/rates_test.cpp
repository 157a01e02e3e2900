// SP.7, design §6: other currencies are kept and not summed until dated rates are given.
#include "dealtrail/facts/rates.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::cost_of;
using testing::finding;
using testing::live_is_batch;
using testing::rub;
using testing::utc;

TEST(RatesTest, HalvesGoToTheEvenNumber) {
  EXPECT_EQ(detail::divide_half_even(5, 2), 2);
  EXPECT_EQ(detail::divide_half_even(7, 2), 4);
  EXPECT_EQ(detail::divide_half_even(-5, 2), -2);
  EXPECT_EQ(detail::divide_half_even(-7, 2), -4);
  EXPECT_EQ(detail::divide_half_even(8, 3), 3);
  EXPECT_EQ(detail::divide_half_even(-8, 3), -3);
  EXPECT_EQ(detail::divide_half_even(0, 3), 0);
  EXPECT_EQ(detail::divide_half_even(static_cast<Int128>(std::numeric_limits<std::int64_t>::max()) + 1, 1),
            std::nullopt);
  EXPECT_EQ(detail::divide_half_even(std::numeric_limits<std::int64_t>::min(), 1), std::nullopt);  // that one is null
}

TEST(RatesTest, AForeignCostCountsWithTheLatestRateNotAfterIt) {
  Trail trail{RUB};
  trail.put(Cost{.id = "k", .kind = "marketing", .amount = Money{1'000, USD}, .at = utc("2026-03-15")});
  EXPECT_EQ(cost_of(trail, "(total)"), 0);
  EXPECT_EQ(finding(trail, "foreign_currency").ids, "k");
  trail.put(ExchangeRate{.id = "later", .currency = "USD", .at = utc("2026-03-16"), .rate = Decimal{100, 0}});
  EXPECT_EQ(cost_of(trail, "(total)"), 0);  // it does not hold yet
  trail.put(ExchangeRate{.id = "early", .currency = "USD", .at = utc("2026-03-01"), .rate = Decimal{801'235, 4}});
  EXPECT_EQ(cost_of(trail, "(total)"), 80'124);  // 10.00 × 80.1235 = 801.235: half, to the even 801.24
  EXPECT_EQ(finding(trail, "foreign_currency").count, 0);
  trail.put(ExchangeRate{.id = "same day", .currency = "USD", .at = utc("2026-03-15"), .rate = Decimal{81, 0}});
  EXPECT_EQ(cost_of(trail, "(total)"), 81'000);
  trail.put(ExchangeRate{.id = "same time", .currency = "USD", .at = utc("2026-03-15"), .rate = Decimal{82, 0}});
  EXPECT_EQ(cost_of(trail, "(total)"), 82'000);  // the greater id
  trail.put(ExchangeRate{.id = "same time", .currency = "USD", .at = utc("2026-03-15"), .rate = Decimal{0, 0}});
  EXPECT_EQ(cost_of(trail, "(total)"), 81'000);  // a rate that is not positive is none
  EXPECT_TRUE(live_is_batch(trail));
}

TEST(RatesTest, DecimalsOfBothCurrenciesAreMinded) {
  Trail trail{RUB};
  trail.put(ExchangeRate{.id = "y", .currency = "JPY", .at = utc("2026-01-01"), .rate = Decimal{6, 1}});
  trail.put(ExchangeRate{.id = "d", .currency = "KWD", .at = utc("2026-01-01"), .rate = Decimal{260, 0}});
  trail.put(Cost{.id = "yen", .kind = "x", .amount = Money{1'001, JPY}, .at = utc("2026-03-15")});
  EXPECT_EQ(cost_of(trail, "(total)"), 60'060);  // 1 001 yen × 0.6 = 600.60
  trail.put(Cost{.id = "yen", .kind = "x", .amount = Money{1'001, KWD}, .at = utc("2026-03-15")});
  EXPECT_EQ(cost_of(trail, "(total)"), 26'026);  // 1.001 dinars × 260 = 260.26
}

// A dollar invoice of 10.00, lines of 7.00 and 3.00, at 80: 560.00 and 240.00.
TEST(RatesTest, AForeignInvoiceIsSplitInItsOwnCurrencyAndCarriedOver) {
  Trail trail{RUB};
  trail.put(Channel{.id = "c", .name = "C"});
  trail.put(Announcement{.id = "a", .channel = "c", .published_at = utc("2026-03-01")});
  trail.put(Announcement{.id = "b", .channel = "c", .published_at = utc("2026-03-01")});
  trail.put(Invoice{.id = "i", .amount = Money{1'000, USD}, .issued_at = utc("2026-03-15")});
  trail.put(InvoiceLine{.id = "l1", .invoice = "i", .announcement = "a", .amount = Money{700, USD}});
  trail.put(InvoiceLine{.id = "l2", .invoice = "i", .announcement = "b"});
  EXPECT_EQ(cost_of(trail, "(total)"), 0);
  trail.put(ExchangeRate{.id = "r", .currency = "USD", .at = utc("2026-01-01"), .rate = Decimal{80, 0}});
  EXPECT_EQ(cost_of(trail, "a", "announcement"), 56'000);
  EXPECT_EQ(cost_of(trail, "b", "announcement"), 24'000);
  EXPECT_TRUE(live_is_batch(trail));
}

// IN.18: an invoice of one announcement, its line, and what the line costs in roubles at 0.5 a yen and 90 a dollar.
struct LineCase {
  Money invoice;
  Money line;
  std::int64_t on_line;
  std::int64_t unattributed;
  bool found;
};

TEST(RatesTest, ALineOfAnInvoiceIsInItsOwnTag) {
  for (const LineCase& one : {
           LineCase{{100'00, RUB}, {100'00, RUB}, 100'00, 0, false},
           {{100'00, RUB}, {100'00, {}}, 100'00, 0, false},
           {{100'00, RUB}, {100'00, USD}, 0, 100'00, true},
           {{100'00, USD}, {100'00, USD}, 9'000'00, 0, false},
           {{100'00, USD}, {100'00, {}}, 9'000'00, 0, false},
           {{100'00, USD}, {100'00, RUB}, 0, 9'000'00, true},
           {{10'000, JPY}, {10'000, JPY}, 5'000'00, 0, false},
           {{10'000, JPY}, {10'000, {}}, 5'000'00, 0, false},
           {{10'000, JPY}, {6'000, {}}, 3'000'00, 2'000'00, false},
           {{10'000, JPY}, {10'000, USD}, 0, 5'000'00, true},
       }) {
    const std::string text = to_text(one.line) + " of " + to_text(one.invoice);
    for (const bool line_first : {false, true}) {
      Trail trail{RUB};
      trail.put(ExchangeRate{.id = "y", .currency = "JPY", .at = utc("2026-01-01"), .rate = Decimal{5, 1}});
      trail.put(ExchangeRate{.id = "d", .currency = "USD", .at = utc("2026-01-01"), .rate = Decimal{90, 0}});
      trail.put(Channel{.id = "c", .name = "C"});
      trail.put(Announcement{.id = "a", .channel = "c", .published_at = utc("2026-03-01")});
      const Invoice invoice{.id = "i", .amount = one.invoice, .issued_at = utc("2026-03-15")};
      const InvoiceLine line{.id = "l", .invoice = "i", .announcement = "a", .amount = one.line};
      if (line_first) trail.put(line);
      trail.put(invoice);
      if (!line_first) trail.put(line);
      EXPECT_EQ(cost_of(trail, "a", "announcement"), one.on_line) << text;
      EXPECT_EQ(cost_of(trail, "(unattributed)", "announcement"), one.unattributed) << text;
      EXPECT_EQ(testing::finding(trail, "line_in_other_currency", "invoice_lines", "currency").ids,
                one.found ? "l" : "")
          << text;
      EXPECT_TRUE(live_is_batch(trail)) << text;
      if (one.line.currency.empty()) {  // in major units of the invoice's currency
        EXPECT_EQ(trail.table(Kind::invoice_lines).decimal_at(0, "amount").value().mantissa,
                  one.line.minor * (one.invoice.currency == JPY ? 100 : 1))
            << text;
      }
    }
  }
}

TEST(RatesTest, ADealIsConvertedWhenItIsWon) {
  Trail trail{RUB};
  trail.put(ExchangeRate{.id = "r1", .currency = "EUR", .at = utc("2026-01-01"), .rate = Decimal{90, 0}});
  trail.put(ExchangeRate{.id = "r2", .currency = "EUR", .at = utc("2026-02-01"), .rate = Decimal{95, 0}});
  trail.put(Deal{.id = "d",
                 .outcome = "won",
                 .created_at = utc("2026-01-10"),
                 .closed_at = utc("2026-02-10"),
                 .amount = Money{1'000, EUR},
                 .cost = Money{400, EUR}});
  EXPECT_EQ(trail.card("(total)").amount_won, rub(950));
  EXPECT_EQ(trail.card("(total)").margin, rub(570));
}

TEST(RatesTest, AResultBeyond64BitsIsNotSummedButFound) {
  Trail trail{RUB};
  trail.put(ExchangeRate{.id = "r", .currency = "USD", .at = utc("2026-01-01"), .rate = Decimal{9'000'000'000, 0}});
  trail.put(Cost{.id = "k", .kind = "x", .amount = Money{std::int64_t{1} << 61, USD}, .at = utc("2026-03-15")});
  EXPECT_EQ(cost_of(trail, "(total)"), 0);
  EXPECT_EQ(finding(trail, "foreign_currency").ids, "k");
}

}  // namespace
}  // namespace dealtrail
