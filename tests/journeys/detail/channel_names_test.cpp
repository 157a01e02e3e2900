// PF.3: names of channels get dense numbers, whatever they look like and however many there are.

#include "dealtrail/journeys/partition/channel_names.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"

namespace dealtrail::detail {
namespace {

TEST(ChannelNamesTest, NumbersNamesInOrderOfArrival) {
  Random random{17};
  for (int round = 0; round < 40; ++round) {
    // Few letters and any length around those where reading changes: names differ in one letter, anywhere.
    std::vector<std::string> pool;
    const std::int64_t count = round < 20 ? 20 : random.uniform_int(100, 3'000);
    for (std::int64_t i = 0; i < count; ++i) {
      std::string name(static_cast<std::size_t>(random.uniform_int(1, 40)), 'a');
      for (int k = 0; k < 3; ++k) {
        name[static_cast<std::size_t>(random.uniform_int(0, static_cast<std::int64_t>(name.size()) - 1))] =
            static_cast<char>('a' + random.uniform_int(0, 3));
      }
      pool.push_back(name);
    }
    ChannelNames names;
    std::map<std::string, std::uint32_t> seen;
    for (int look = 0; look < 10'000; ++look) {
      const std::string& name = pool[static_cast<std::size_t>(random.uniform_int(0, count - 1))];
      const std::uint32_t expected = seen.try_emplace(name, static_cast<std::uint32_t>(seen.size())).first->second;
      ASSERT_EQ(names.code_of(name), expected) << name;
    }
    ASSERT_EQ(names.names().size(), seen.size());
    for (const auto& [name, code] : seen) EXPECT_EQ(names.names()[code], name);
  }
}

TEST(ChannelNamesTest, KnowsNoNameAndNoText) {
  ChannelNames names;
  EXPECT_EQ(names.code_of(""), no_code);
  EXPECT_EQ(names.code_of("tg"), 0U);
  EXPECT_EQ(names.code_of("\xFF\xFE"), bad_code);
  EXPECT_EQ(names.code_of("\xFF\xFE"), bad_code);
  EXPECT_EQ(names.code_of("t"), 2U);
  EXPECT_EQ(names.code_of("tg"), 0U);
}

}  // namespace
}  // namespace dealtrail::detail
