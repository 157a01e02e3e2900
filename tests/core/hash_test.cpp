// SP.4: hashes that are fixed for ever; content ids are made from them (design section 4, Ids).
#include "dealtrail/core/hash.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

std::string counted_bytes(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i % 251);
  return bytes;
}

// The widely published values of XXH64 with seed 0.
TEST(StableHash64Test, PublishedValues) {
  EXPECT_EQ(stable_hash64(""), 0xEF46DB3751D8E999U);
  EXPECT_EQ(stable_hash64("a"), 0xD24EC4F1A98C6E5BU);
  EXPECT_EQ(stable_hash64("abc"), 0x44BC2CF5AD770999U);
  EXPECT_EQ(stable_hash64("Nobody inspects the spammish repetition"), 0xFBCEA83C8A378BF1U);
}

TEST(StableHash64Test, SeedAndEveryByteMatter) {
  EXPECT_NE(stable_hash64("abc", 0), stable_hash64("abc", 1));
  std::set<std::uint64_t> seen;
  for (std::size_t length = 0; length <= 100; ++length) {
    const std::string bytes = counted_bytes(length);
    seen.insert(stable_hash64(bytes));
    for (std::size_t at = 0; at < length; ++at) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      seen.insert(stable_hash64(changed));
    }
  }
  EXPECT_EQ(seen.size(), 101U + 5050U);
}

// Values of Python's hashlib.blake2b(content, digest_size=16), an implementation of RFC 7693 that is not ours.
TEST(StableHash128Test, EqualsBlake2bOfRfc7693) {
  EXPECT_EQ(stable_hash128("").hex(), "cae66941d9efbd404e4d88758ea67670");
  EXPECT_EQ(stable_hash128("abc").hex(), "cf4ab791c62b8d2b2109c90275287816");
  EXPECT_EQ(stable_hash128(counted_bytes(127)).hex(), "28b1296c7d4807883de6ee4ec04dcc0a");
  EXPECT_EQ(stable_hash128(counted_bytes(128)).hex(), "a74787004ef589e31149183900d0294a");  // exactly one block
  EXPECT_EQ(stable_hash128(counted_bytes(129)).hex(), "aaf1b0371f6d4ee49ee4fb5ddd9c49ef");
  EXPECT_EQ(stable_hash128(counted_bytes(256)).hex(), "1142c504dcd26338b7cbcf41424540d0");
  EXPECT_EQ(stable_hash128(counted_bytes(1000)).hex(), "bca120dfd89cd95d82898473a5b01c90");
}

TEST(StableHash128Test, PiecesDoNotChangeTheDigest) {
  const std::string bytes = counted_bytes(500);
  for (const std::size_t step : {1U, 3U, 64U, 127U, 128U, 129U, 256U, 499U}) {
    StableHasher128 hasher;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      hasher.update(std::string_view(bytes).substr(at, step));
      static_cast<void>(hasher.digest());  // looking does not disturb
      hasher.update("");
    }
    EXPECT_EQ(hasher.digest(), stable_hash128(bytes)) << step;
  }
}

}  // namespace
}  // namespace dealtrail
