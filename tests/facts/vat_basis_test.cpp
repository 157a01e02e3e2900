#include "dealtrail/facts/vat_basis.hpp"

#include <gtest/gtest.h>

namespace {

using namespace dealtrail;

TEST(VatBasisTest, NamesGoBothWaysAndNothingElseIsOne) {
  for (const VatBasis basis : {VatBasis::gross, VatBasis::net}) EXPECT_EQ(find_vat_basis(to_string(basis)), basis);
  EXPECT_EQ(find_vat_basis("Gross"), std::nullopt);
  EXPECT_EQ(find_vat_basis(""), std::nullopt);
}

}  // namespace
