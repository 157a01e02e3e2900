// Certificates (BE.3): what they prove, and that a tampered one fails.
#include "dealtrail/budget/certificate.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/budget/allocate.hpp"
#include "dealtrail/core/random.hpp"

#include "budget/random_problems.hpp"

namespace dealtrail::budget {
namespace {

using testing::between;
using testing::name_of;

Certificate split_certificate() {
  std::vector<Channel> channels;
  Random random{5};
  for (std::size_t i = 0; i < 12; ++i) {
    // Drawn one by one: compilers call the arguments of a function in different orders.
    const double half = i % 2 == 0 ? 0 : between(random, 50, 90);
    const double scale = i % 2 == 0 ? between(random, 5, 9) : between(random, 5, 20);
    channels.push_back(
        {.name = name_of(i),
         .curve = i % 2 == 0 ? Curve::packages({{100 + static_cast<double>(i), scale}}) : Curve::hill(scale, half, 3)});
  }
  Certificate certificate = allocate(channels, {.budget = 505, .gap = 1e-9}).certificate;
  EXPECT_GT(certificate.nodes.size(), 3U);
  return certificate;
}

std::size_t first_leaf(const Certificate& certificate) {
  std::size_t leaf = 0;
  while (certificate.nodes[leaf].prices.empty()) ++leaf;
  return leaf;
}

TEST(CertificateTest, AValidOneGivesItsSumsAnew) {
  const Certificate certificate = split_certificate();
  const Verification checked = verify(certificate);
  EXPECT_TRUE(checked.valid) << checked.problem;
  EXPECT_EQ(checked.leaves, static_cast<std::int64_t>((certificate.nodes.size() + 1) / 2));
  EXPECT_NEAR(checked.value, certificate.value, 1e-12);
  EXPECT_LE(checked.bound, certificate.bound * (1 + 1e-12));
}

TEST(CertificateTest, ARaisedValueFails) {
  Certificate certificate = split_certificate();
  certificate.value *= 1 + 1e-8;
  EXPECT_EQ(verify(certificate).problem, "the value is not that of the plan");
}

TEST(CertificateTest, MovedMoneyFails) {
  Certificate certificate = split_certificate();
  std::size_t from = 0;
  while (certificate.spend[from] == 0 || certificate.problem.channels[from].curve.kind() == CurveKind::packages) ++from;
  certificate.spend[from] -= 200;
  EXPECT_FALSE(verify(certificate).valid);
  certificate.spend[from] += 100'000;
  EXPECT_EQ(verify(certificate).problem.substr(0, 15), "the plan breaks");
}

TEST(CertificateTest, ALoweredBoundFails) {
  Certificate certificate = split_certificate();
  certificate.bound = certificate.value;
  certificate.nodes.resize(certificate.nodes.size());
  certificate.gap = 0;
  const Verification checked = verify(certificate);
  const Certificate original = split_certificate();
  EXPECT_EQ(checked.valid, original.gap <= 1e-11);
  certificate.bound = certificate.value * (1 - 1e-6);
  EXPECT_FALSE(verify(certificate).valid);
}

TEST(CertificateTest, AMovedPriceFails) {
  for (const double factor : {0.5, 0.9, 1.1, 2.0, -1.0}) {
    Certificate certificate = split_certificate();
    for (SplitNode& node : certificate.nodes) {
      for (double& price : node.prices) price *= factor;
    }
    EXPECT_FALSE(verify(certificate).valid) << factor;
  }
}

TEST(CertificateTest, AMovedSplitFails) {
  Certificate certificate = split_certificate();
  ASSERT_GE(certificate.nodes[0].channel, 0);
  const auto channel = static_cast<std::size_t>(certificate.nodes[0].channel);
  Certificate hole = certificate;
  hole.nodes[0].left_most = -1;
  if (hole.problem.channels[channel].curve.kind() != CurveKind::packages) {
    EXPECT_EQ(verify(hole).problem, "a split leaves amounts out");
  }
  hole = certificate;
  hole.nodes[0].right_least = hole.problem.channels[channel].most + 1;
  EXPECT_FALSE(verify(hole).valid);
  Certificate loop = certificate;
  loop.nodes[0].right = loop.nodes[0].left;
  EXPECT_EQ(verify(loop).problem, "a node stands on two branches");
  loop.nodes[0].right = 1'000'000;
  EXPECT_EQ(verify(loop).problem, "a branch leads to no node");
}

TEST(CertificateTest, ALeafThatIsNotEmptyFails) {
  Certificate certificate = split_certificate();
  SplitNode& leaf = certificate.nodes[first_leaf(certificate)];
  leaf.empty = true;
  EXPECT_EQ(verify(certificate).problem, "a leaf is not empty");
  leaf.empty = false;
  leaf.prices.push_back(1);
  EXPECT_EQ(verify(certificate).problem, "a leaf does not have a price for each group");
}

TEST(CertificateTest, PricesOfAnyKindNeverProveTooMuch) {
  Random random{6};
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<Channel> channels;
    for (std::size_t i = 0; i < 4; ++i)
      channels.push_back({.name = name_of(i), .curve = testing::smooth_curve(random)});
    Certificate certificate = allocate(channels, {.budget = 80}).certificate;
    const double grid = testing::best_on_grid(channels, 80, 1);
    certificate.nodes.assign(1, SplitNode{.prices = {between(random, 0, 4) * certificate.value / 80}});
    certificate.bound = grid * (1 - 1e-9);  // a plan of the grid is better
    EXPECT_FALSE(verify(certificate).valid);
  }
}

TEST(CertificateTest, ASmallPriceDoesNotWidenTheToleranceOfTheLeastBudget) {
  const std::vector<Channel> channels{{.name = "a", .curve = Curve::log(1, 10)},
                                      {.name = "b", .curve = Curve::log(2, 10)}};
  Certificate certificate = allocate(channels, {.response = 2}).certificate;
  ASSERT_TRUE(verify(certificate).valid);
  certificate.spend[0] += 100'000;  // a plan that is a thousand units too dear, called the best one
  certificate.problem.channels[0].most = certificate.problem.channels[1].most = 1'000'000;
  std::int64_t spent = 0;
  for (const std::int64_t amount : certificate.spend) spent += amount;
  certificate.value = certificate.bound = static_cast<double>(spent) / 100;
  certificate.gap = 0;
  certificate.nodes.assign(1, SplitNode{.prices = {1e-300}});
  EXPECT_EQ(verify(certificate).problem, "a leaf may have a better plan than the bound");
}

TEST(CertificateTest, GreatPricesOfAFullGroupDoNotWidenTheTolerance) {
  const std::vector<Channel> channels{{.name = "a", .curve = Curve::log(1, 10), .fixed = 50},
                                      {.name = "b", .curve = Curve::log(2, 10)},
                                      {.name = "c", .curve = Curve::log(2, 10)}};
  const AllocateOptions options{.budget = 100, .groups = {{.name = "g", .members = {"a"}, .most = 50}}};
  for (const double price : {1e9, 1e12, 1e20, -1e12}) {
    Certificate certificate = allocate(channels, options).certificate;
    ASSERT_TRUE(verify(certificate).valid);
    for (std::size_t i = 0; i < 3; ++i) {  // nothing for b and c
      if (certificate.problem.channels[i].name != "a") certificate.spend[i] = 0;
    }
    certificate.value = certificate.bound = std::log(6);
    certificate.gap = 0;
    certificate.nodes.assign(1, SplitNode{.prices = {0, price}});
    EXPECT_EQ(verify(certificate).problem, "a leaf may have a better plan than the bound") << price;
  }
}

TEST(CertificateTest, JsonKeepsNumbersAndEscapesNames) {
  const std::vector<Channel> channels{{.name = "a\"\\\n\xff\xd1\x82", .curve = Curve::log(0.1, 3)}};
  const std::string json = to_json(allocate(channels, {.budget = 10}).certificate);
  EXPECT_NE(json.find(R"("name":"a\"\\\u000a\ufffdт")"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("scale":0.1,)"), std::string::npos);
  EXPECT_NE(json.find(R"("spend":[1000])"), std::string::npos);
}

TEST(CertificateTest, AnAmountBetweenTwoPackagesIsNotForSale) {
  const std::vector<Channel> channels{{.name = "expo", .curve = Curve::packages({{10, 5}, {50, 9}})},
                                      {.name = "log", .curve = Curve::log(1, 10), .most = 5}};
  const Plan plan = allocate(channels, {.budget = 20});
  EXPECT_TRUE(plan.verify().valid);
  Certificate tampered = plan.certificate;
  for (std::size_t i = 0; i < 2; ++i) {
    if (tampered.problem.channels[i].name == "expo") tampered.spend[i] += 200;
  }
  EXPECT_EQ(verify(tampered).problem, "the plan breaks packages of channel 'expo'");
}

TEST(CertificateTest, APlanThatCostsNothingIsProvedByNothing) {
  const std::vector<Channel> channels{{.name = "a", .curve = Curve::log(1, 10).with_base(5)},
                                      {.name = "b", .curve = Curve::hill(3, 10, 2)}};
  const Plan plan = allocate(channels, {.response = 4});
  EXPECT_EQ(plan.spent, 0);
  EXPECT_EQ(plan.bound, 0);
  EXPECT_EQ(plan.gap, 0);
  const Verification checked = plan.verify();
  EXPECT_TRUE(checked.valid) << checked.problem;
  EXPECT_EQ(checked.bound, 0);
  const std::string json = to_json(plan.certificate);
  EXPECT_EQ(json.find("inf"), std::string::npos);
  EXPECT_EQ(json.find("nan"), std::string::npos);
}

}  // namespace
}  // namespace dealtrail::budget
