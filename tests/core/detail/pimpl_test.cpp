// SP.1: a header that shows a Trail does not show what it holds (docs/decisions/0001-plain-cpp.md).
#include "dealtrail/core/detail/pimpl.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace dealtrail::detail {
namespace {

struct Secret;  // complete only below what uses its holder

class Shows {
 public:
  explicit Shows(std::string word);
  [[nodiscard]] const std::string& word() const;
  void say(std::string word);

 private:
  Pimpl<Secret> pimpl_;
};

Shows copied_unseen(const Shows& shows) { return shows; }  // copies and destroys what it knows by name only

struct Secret {
  explicit Secret(std::string said) : word(std::move(said)) { ++alive; }
  Secret(const Secret& other) : word(other.word) { ++alive; }
  Secret& operator=(const Secret&) = delete;
  ~Secret() { --alive; }
  std::string word;
  static inline int alive = 0;
};

Shows::Shows(std::string word) : pimpl_(Pimpl<Secret>::make(std::move(word))) {}
const std::string& Shows::word() const { return pimpl_->word; }
void Shows::say(std::string word) { (*pimpl_).word = std::move(word); }

TEST(Pimpl, ACopyIsOneOfItsOwn) {
  {
    Shows one{"one"};
    Shows two = copied_unseen(one);
    two.say("two");
    EXPECT_EQ(one.word(), "one");
    EXPECT_EQ(two.word(), "two");
    EXPECT_EQ(Secret::alive, 2);
    one = two;
    EXPECT_EQ(one.word(), "two");
    EXPECT_EQ(Secret::alive, 2);
  }
  EXPECT_EQ(Secret::alive, 0);
}

TEST(Pimpl, WhatWasMovedFromMayBeAssignedToCopiedAndDestroyed) {
  {
    Shows one{"one"};
    Shows two = std::move(one);
    EXPECT_EQ(Secret::alive, 1);
    const Shows nothing = copied_unseen(one);  // NOLINT(bugprone-use-after-move): that is the question
    EXPECT_EQ(Secret::alive, 1);
    one = Shows{"again"};
    EXPECT_EQ(one.word(), "again");
    EXPECT_EQ(two.word(), "one");
    std::vector<Shows> many(3, two);
    many.erase(many.begin());
    EXPECT_EQ(Secret::alive, 4);
  }
  EXPECT_EQ(Secret::alive, 0);
}

}  // namespace
}  // namespace dealtrail::detail
