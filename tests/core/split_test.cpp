// SP.4, law 3: split is the only way money is divided.
#include "dealtrail/core/split.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

#include "support/refusal.hpp"

namespace dealtrail {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t heaviest = std::numeric_limits<std::uint64_t>::max();

using Weights = std::vector<std::uint64_t>;
using Parts = std::vector<std::int64_t>;

// Unsigned numbers in base 2^16, by the school's long-hand: nothing here is shared with the library.
class Long {
 public:
  Long() = default;
  explicit Long(std::size_t size) : size_(size) {}
  [[nodiscard]] static Long one() {
    Long number;
    number.push_back(1);
    return number;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::uint32_t back() const { return digits_.at(size_ - 1); }
  void push_back(std::uint32_t digit) { digits_.at(size_++) = digit; }
  void pop_back() { digits_.at(--size_) = 0; }
  [[nodiscard]] std::uint32_t& operator[](std::size_t at) { return digits_.at(at); }
  [[nodiscard]] std::uint32_t operator[](std::size_t at) const { return digits_.at(at); }

 private:
  std::array<std::uint32_t, 16> digits_{};  // low digit first; 256 bits are more than 2^63 * 2^64 needs
  std::size_t size_ = 0;
};

Long long_of(std::uint64_t number) {
  Long digits;
  for (; number != 0; number >>= 16U) digits.push_back(number & 0xFFFFU);
  return digits;
}
void tidy(Long& number) {
  while (!number.empty() && number.back() == 0) number.pop_back();
}
int compare(const Long& left, const Long& right) {
  if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
  for (std::size_t i = left.size(); i-- > 0;) {
    if (left[i] != right[i]) return left[i] < right[i] ? -1 : 1;
  }
  return 0;
}
Long sum_of(const Long& left, const Long& right) {
  Long sum(std::max(left.size(), right.size()) + 1);
  std::uint32_t carry = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const std::uint32_t column = (i < left.size() ? left[i] : 0) + (i < right.size() ? right[i] : 0) + carry;
    sum[i] = column & 0xFFFFU;
    carry = column >> 16U;
  }
  tidy(sum);
  return sum;
}
Long product_of(const Long& left, const Long& right) {
  Long product(left.size() + right.size() + 1);
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < right.size() || carry != 0; ++j) {
      const std::uint64_t column = product[i + j] + std::uint64_t{left[i]} * (j < right.size() ? right[j] : 0) + carry;
      product[i + j] = static_cast<std::uint32_t>(column & 0xFFFFU);
      carry = column >> 16U;
    }
  }
  tidy(product);
  return product;
}
Long difference_of(Long left, const Long& right) {
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::int64_t column = std::int64_t{left[i]} - (i < right.size() ? std::int64_t{right[i]} : 0) - borrow;
    borrow = column < 0 ? 1 : 0;
    left[i] = static_cast<std::uint32_t>(column + borrow * 0x10000);
  }
  tidy(left);
  return left;
}
// Quotient and remainder bit by bit from the top.
std::pair<std::uint64_t, Long> divided(const Long& number, const Long& divisor) {
  std::uint64_t quotient = 0;
  Long rest;
  for (std::size_t bit = number.size() * 16; bit-- > 0;) {
    rest = sum_of(rest, rest);
    if ((number[bit / 16] >> (bit % 16) & 1U) != 0) rest = sum_of(rest, Long::one());
    quotient <<= 1U;
    if (compare(rest, divisor) >= 0) {
      rest = difference_of(rest, divisor);
      quotient |= 1U;
    }
  }
  return {quotient, rest};
}

// Law 3 as it is written: floors of the magnitudes, then one unit at a time to the greatest remainder, the lower index
// first.
Parts slow_split(std::int64_t total, const Weights& weights) {
  const std::uint64_t magnitude = total < 0 ? 0 - static_cast<std::uint64_t>(total) : static_cast<std::uint64_t>(total);
  Long weight_sum;
  for (const std::uint64_t weight : weights) weight_sum = sum_of(weight_sum, long_of(weight));
  std::vector<std::uint64_t> owed;
  std::vector<Long> remainders;
  std::uint64_t left = magnitude;
  for (const std::uint64_t weight : weights) {
    const auto [whole, remainder] = divided(product_of(long_of(magnitude), long_of(weight)), weight_sum);
    owed.push_back(whole);
    remainders.push_back(remainder);
    left -= whole;
  }
  std::vector<bool> raised(weights.size());
  for (; left > 0; --left) {
    std::size_t best = weights.size();
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (!raised[i] && (best == weights.size() || compare(remainders[i], remainders[best]) > 0)) best = i;
    }
    raised[best] = true;
    ++owed[best];
  }
  Parts parts;
  for (const std::uint64_t part : owed) parts.push_back(static_cast<std::int64_t>(total < 0 ? 0 - part : part));
  return parts;
}

TEST(SplitTest, HandWorkedThirds) {
  // 100 / 3 = 33 rest 1 for each of three equal weights; the one odd unit goes to the first of the tie.
  EXPECT_EQ(split(100, Weights{1, 1, 1}), (Parts{34, 33, 33}));
  // 100 * 2/7 = 28 4/7, 100 * 1/7 = 14 2/7, 100 * 4/7 = 57 1/7: 99 given, the odd unit to the rest of 4/7.
  EXPECT_EQ(split(100, Weights{2, 1, 4}), (Parts{29, 14, 57}));
  // 10 * 1/6 = 1 4/6, 10 * 2/6 = 3 2/6, 10 * 3/6 = 5: 9 given, the odd unit to the first.
  EXPECT_EQ(split(10, Weights{1, 2, 3}), (Parts{2, 3, 5}));
  // 2 * 3/8 = 6/8, 2 * 3/8 = 6/8, 2 * 2/8 = 4/8: nothing given, two odd units to the two rests of 6/8.
  EXPECT_EQ(split(2, Weights{3, 3, 2}), (Parts{1, 1, 0}));
  // 5 * 3/10 = 1 5/10, 5 * 5/10 = 2 5/10, 5 * 2/10 = 1: 4 given, a tie of two rests, the lower index wins.
  EXPECT_EQ(split(5, Weights{3, 5, 2}), (Parts{2, 2, 1}));
  // An invoice of 45 000.00 over announcements planned at 12 000, 18 000 and 7 000 (sum 37 000):
  // 4 500 000 * 12/37 = 1 459 459 17/37, * 18/37 = 2 189 189 7/37, * 7/37 = 851 351 13/37; 4 499 999 given, one to
  // 17/37.
  EXPECT_EQ(split(Money{4'500'000, RUB}, Weights{1'200'000, 1'800'000, 700'000}),
            (std::vector<Money>{{1'459'460, RUB}, {2'189'189, RUB}, {851'351, RUB}}));
}

TEST(SplitTest, ARefundMirrorsTheCharge) {
  EXPECT_EQ(split(-100, Weights{2, 1, 4}), (Parts{-29, -14, -57}));
  EXPECT_EQ(split(-100, Weights{1, 1, 1}), (Parts{-34, -33, -33}));
}

TEST(SplitTest, AZeroWeightGetsNothing) {
  EXPECT_EQ(split(7, Weights{0, 3, 0, 2, 0}), (Parts{0, 4, 0, 3, 0}));  // 21/5 = 4 1/5, 14/5 = 2 4/5
  EXPECT_EQ(split(greatest, Weights{0, heaviest}), (Parts{0, greatest}));
  EXPECT_EQ(split(0, Weights{1, 2}), (Parts{0, 0}));
}

TEST(SplitTest, OneWeightTakesAll) {
  for (const std::int64_t total : {least, std::int64_t{-1}, std::int64_t{0}, greatest}) {
    EXPECT_EQ(split(total, Weights{heaviest}), Parts{total});
  }
}

TEST(SplitTest, Extremes) {
  // 2^63 over weights 2^64-1 twice: halves without a rest.
  EXPECT_EQ(split(least, Weights{heaviest, heaviest}), (Parts{least / 2, least / 2}));
  // 2^63 - 1 is odd: the first of the tie has one more.
  EXPECT_EQ(split(greatest, Weights{heaviest, heaviest}), (Parts{greatest / 2 + 1, greatest / 2}));
  // Weights 2^64-1 and 1: 2^63 * (2^64-1) / 2^64 = 2^63 - 1/2 and 1/2: a tie, the lower index gets the odd unit, all of
  // it.
  EXPECT_EQ(split(least, Weights{heaviest, 1}), (Parts{least, 0}));
  EXPECT_EQ(split(least, Weights{1, heaviest}), (Parts{-1, least + 1}));
  for (const Weights& weights :
       {Weights{heaviest, heaviest, heaviest - 1}, Weights{1, heaviest, 2}, Weights{3, 5, 7}}) {
    for (const std::int64_t total : {least, least + 1, greatest, greatest - 1}) {
      EXPECT_EQ(split(total, weights), slow_split(total, weights));
    }
  }
}

// SP done-when: 100 000 cases up to 2^62, against a reference that shares nothing with the library.
TEST(SplitTest, EqualsTheLongHandReference) {
  Random random{20'260'314};
  for (int i = 0; i < 100'000; ++i) {
    const auto size = static_cast<std::size_t>(random.uniform_int(1, i % 1000 == 0 ? 90 : 6));
    const auto magnitude_bits = random.uniform_int(0, 62);
    const std::int64_t bound = std::int64_t{1} << magnitude_bits;
    const std::int64_t total = random.uniform_int(-bound, bound);
    const auto weight_bits = static_cast<unsigned>(random.uniform_int(1, 64));
    Weights weights(size);
    for (std::uint64_t& weight : weights) weight = random.chance(0.1) ? 0 : random() >> (64U - weight_bits);
    if (std::ranges::all_of(weights, [](std::uint64_t weight) { return weight == 0; })) weights[0] = 1;
    ASSERT_EQ(split(total, weights), slow_split(total, weights)) << "case " << i << ", total " << total;
  }
}

TEST(SplitTest, PartsAddUpAndStayWithinOneUnitOfTheirDue) {
  Random random{7};
  for (int i = 0; i < 500; ++i) {
    Weights weights(static_cast<std::size_t>(random.uniform_int(1, 300)));
    for (std::uint64_t& weight : weights) weight = static_cast<std::uint64_t>(random.uniform_int(0, 1'000'000));
    weights[0] += 1;
    const std::int64_t total = random.uniform_int(-1'000'000'000, 1'000'000'000);
    const Parts parts = split(total, weights);
    ASSERT_EQ(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}), total);
    const auto weight_sum =
        static_cast<std::int64_t>(std::accumulate(weights.begin(), weights.end(), std::uint64_t{0}));
    for (std::size_t k = 0; k < parts.size(); ++k) {
      // |part * sum - total * weight| < sum, in 128 bits
      const auto distance = static_cast<detail::int128>(parts[k]) * weight_sum -
                            static_cast<detail::int128>(total) * static_cast<std::int64_t>(weights[k]);
      ASSERT_LT(distance < 0 ? -distance : distance, weight_sum);
    }
  }
}

TEST(SplitTest, ScalingAllWeightsChangesNothing) {
  Random random{11};
  for (int i = 0; i < 500; ++i) {
    Weights weights(static_cast<std::size_t>(random.uniform_int(2, 20)));
    for (std::uint64_t& weight : weights) weight = static_cast<std::uint64_t>(random.uniform_int(1, 1'000'000));
    Weights scaled = weights;
    for (std::uint64_t& weight : scaled) weight *= 1'000'000'000'000;
    const std::int64_t total = random.uniform_int(-1'000'000, 1'000'000);
    ASSERT_EQ(split(total, weights), split(total, scaled));
  }
}

TEST(SplitIntoTest, FillsTheCallersRoom) {
  const std::array<std::uint64_t, 3> weights{1, 2, 3};
  std::array<std::int64_t, 3> parts{-1, -1, -1};
  split_into(10, weights, parts);
  EXPECT_EQ(parts, (std::array<std::int64_t, 3>{2, 3, 5}));
}

TEST(SplitIntoTest, Refusals) {
  const auto code = [](const Weights& weights, std::size_t room) {
    Parts parts(room);
    return testing::refusal_code([&] { split_into(1, weights, parts); });
  };
  EXPECT_EQ(code({}, 0), ErrorCode::invalid_argument);
  EXPECT_EQ(code({0}, 1), ErrorCode::invalid_argument);
  EXPECT_EQ(code({0, 0, 0}, 3), ErrorCode::invalid_argument);
  EXPECT_EQ(code({1, 2}, 3), ErrorCode::invalid_argument);
  EXPECT_EQ(testing::refusal_code([] { return split(Money{1, RUB}, Weights{}); }), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
