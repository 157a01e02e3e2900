// SP.4: large blocks that wait for the next job.
#include "dealtrail/core/memory.hpp"

#include <cstddef>
#include <cstring>
#include <new>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#if defined(__SANITIZE_ADDRESS__)
#define DEALTRAIL_TEST_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DEALTRAIL_TEST_ADDRESS_SANITIZER 1
#endif
#endif

namespace dealtrail {
namespace {

constexpr std::size_t mib = std::size_t{1} << 20U;

// Sets the limit for one test.
struct MemoryTest : ::testing::Test {
  void TearDown() override { set_buffer_cache_limit(0); }
};

TEST_F(MemoryTest, NothingWaitsUnlessAsked) {
  detail::give_large_block(detail::take_large_block(9 * mib), 9 * mib);
  EXPECT_EQ(buffer_cache_size(), 0U);
  EXPECT_EQ(set_buffer_cache_limit(0), 0U);
}

TEST_F(MemoryTest, ABlockIsTakenAgainByAJobOfItsSize) {
  set_buffer_cache_limit(100 * mib);
  void* const block = detail::take_large_block(9 * mib);
  detail::give_large_block(block, 9 * mib);
  EXPECT_EQ(buffer_cache_size(), 9 * mib);
  void* const other = detail::take_large_block(16 * mib);
  EXPECT_NE(other, block);
  void* const again = detail::take_large_block(9 * mib - 1000);  // rounded up to the same
  EXPECT_EQ(again, block);
  EXPECT_EQ(buffer_cache_size(), 0U);
  std::memset(again, 1, 9 * mib - 1000);
  detail::give_large_block(again, 9 * mib - 1000);
  detail::give_large_block(other, 16 * mib);
  EXPECT_EQ(buffer_cache_size(), 25 * mib);
  EXPECT_EQ(set_buffer_cache_limit(0), 100 * mib);
  EXPECT_EQ(buffer_cache_size(), 0U);
}

TEST_F(MemoryTest, InUseAndWaitingStayWithinTheLimitTogether) {
  set_buffer_cache_limit(32 * mib);
  void* const held = detail::take_large_block(16 * mib);
  void* const first = detail::take_large_block(10 * mib);
  void* const second = detail::take_large_block(10 * mib);
  detail::give_large_block(first, 10 * mib);  // 26 in use, and 10 would make 36
  EXPECT_EQ(buffer_cache_size(), 0U);
  detail::give_large_block(second, 10 * mib);
  EXPECT_EQ(buffer_cache_size(), 10 * mib);
  void* const third = detail::take_large_block(8 * mib);  // 16 + 8 + 10 would be 34: what waited goes
  EXPECT_EQ(buffer_cache_size(), 0U);
  detail::give_large_block(third, 8 * mib);
  detail::give_large_block(held, 16 * mib);
  EXPECT_EQ(buffer_cache_size(), 24 * mib);
}

TEST_F(MemoryTest, MoreBlocksThanAreCountedLeaveTheLatest) {
  set_buffer_cache_limit(std::size_t{1} << 40U);
  std::vector<void*> blocks(200);  // not written to: they take no room
  for (void*& block : blocks) block = detail::take_large_block(8 * mib);
  for (void* const block : blocks) detail::give_large_block(block, 8 * mib);
  EXPECT_LT(buffer_cache_size(), 200 * 8 * mib);
  void* const again = detail::take_large_block(8 * mib);
  EXPECT_EQ(again, blocks.back());
  detail::give_large_block(again, 8 * mib);
}

TEST_F(MemoryTest, WhatCannotBeHadIsAnErrorAndCountsNothing) {
#if defined(DEALTRAIL_TEST_ADDRESS_SANITIZER)
  GTEST_SKIP() << "the address sanitizer ends the program where memory cannot be had; other builds run this";
#endif
  set_buffer_cache_limit(100 * mib);
  detail::give_large_block(detail::take_large_block(8 * mib), 8 * mib);
  EXPECT_THROW((void)detail::take_large_block(std::size_t{1} << 60U), std::bad_alloc);
  detail::give_large_block(detail::take_large_block(8 * mib), 8 * mib);
  EXPECT_EQ(buffer_cache_size(), 8 * mib);
}

TEST_F(MemoryTest, ThreadsTakeAndGiveAtOnce) {
  set_buffer_cache_limit(64 * mib);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([thread] {
      for (int i = 0; i < 200; ++i) {
        const std::size_t size = (8 + static_cast<std::size_t>((thread + i) % 3)) * mib;
        auto* const block = static_cast<char*>(detail::take_large_block(size));
        block[0] = static_cast<char>(thread);
        block[size - 1] = static_cast<char>(i);
        EXPECT_EQ(block[0], static_cast<char>(thread));
        detail::give_large_block(block, size);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(buffer_cache_size(), 64 * mib);
}

}  // namespace
}  // namespace dealtrail
