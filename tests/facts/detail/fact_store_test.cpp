// SP.7: what is kept of an id. The four rules of docs/trail/trail.md one by one, by hand.
#include "dealtrail/facts/fact_store.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::finding;
using testing::live_is_batch;

std::string name_of(const Trail& trail, std::string_view id = "c") {
  const Table channels = trail.table(Kind::channels);
  const auto row = channels.find_row("id", id);
  return row.has_value() ? std::string{channels.text_at(*row, "name").value_or("(null)")} : "(gone)";
}

void put(Trail& trail, std::string name, std::optional<std::int64_t> version = {}) {
  trail.put(Channel{.id = "c", .version = version, .name = std::move(name)});
}
void put_stub(Trail& trail, std::optional<std::string> name = {}, std::optional<std::int64_t> version = {}) {
  Draft draft{Kind::channels};
  draft.id = "c";
  draft.version = version;
  draft.stub = true;
  if (name.has_value()) draft.set(fields::channels::name, Datum::text(*name));
  trail.put(draft);
}

TEST(TrailEntryTest, TheGreatestVersionIsKept) {
  Trail trail{RUB};
  put(trail, "second", 2);
  put(trail, "first", 1);
  EXPECT_EQ(name_of(trail), "second");
  put(trail, "third", 3);
  EXPECT_EQ(name_of(trail), "third");
  put(trail, "negative", -7);
  EXPECT_EQ(name_of(trail), "third");
  EXPECT_EQ(trail.size(Kind::channels), 1U);
  EXPECT_EQ(trail.table(Kind::channels).integer_at(0, "version"), 3);
  EXPECT_TRUE(testing::codes(trail).empty());
}

TEST(TrailEntryTest, EqualVersionsWithEqualContentAreOneFact) {
  Trail trail{RUB};
  put(trail, "one", 1);
  const std::string before = trail.snapshot();
  put(trail, "one", 1);
  trail.put(
      Channel{.id = "c", .version = 1, .name = "one", .state = "working", .paid = "paid"});  // the defaults, said aloud
  EXPECT_EQ(trail.snapshot(), before);
  EXPECT_EQ(finding(trail, "equal_version_conflict").count, 0);
}

// Canonical bytes: 0x01, eight bytes of length, text; so the longer name is the greater, whatever its letters.
TEST(TrailEntryTest, EqualVersionsThatDisagreeAreDecidedByBytesAndAFinding) {
  for (const bool short_first : {true, false}) {
    Trail trail{RUB};
    put(trail, short_first ? "zz" : "aaa", 1);
    put(trail, short_first ? "aaa" : "zz", 1);
    EXPECT_EQ(name_of(trail), "aaa");
    const auto found = finding(trail, "equal_version_conflict");
    EXPECT_EQ(found.ids, "c");
    EXPECT_EQ(found.kind, "channels");
    EXPECT_EQ(found.severity, "warning");
    put(trail, "mended", 2);  // a greater version clears the mark
    EXPECT_EQ(finding(trail, "equal_version_conflict").count, 0);
    EXPECT_EQ(name_of(trail), "mended");
  }
}

TEST(TrailEntryTest, ARemovalBeatsRowsOfItsVersionAndBefore) {
  for (const bool removal_first : {true, false}) {
    Trail trail{RUB};
    if (removal_first) trail.remove(Kind::channels, "c", 2);
    put(trail, "row", 2);
    if (!removal_first) trail.remove(Kind::channels, "c", 2);
    EXPECT_FALSE(trail.contains(Kind::channels, "c"));
    put(trail, "older", 1);
    EXPECT_FALSE(trail.contains(Kind::channels, "c"));
    put(trail, "back", 3);
    EXPECT_EQ(name_of(trail), "back");
    trail.remove(Kind::channels, "c", 2);  // comes late
    EXPECT_EQ(name_of(trail), "back");
  }
}

TEST(TrailEntryTest, ARemovalOfEqualVersionClearsTheConflictToo) {
  Trail trail{RUB};
  put(trail, "one", 1);
  put(trail, "other", 1);
  ASSERT_EQ(finding(trail, "equal_version_conflict").count, 1);
  trail.remove(Kind::channels, "c", 1);
  EXPECT_EQ(finding(trail, "equal_version_conflict").count, 0);
  EXPECT_FALSE(trail.contains(Kind::channels, "c"));
}

TEST(TrailEntryTest, WithoutAVersionThePutWinsAndKeepsTheStoredVersion) {
  Trail trail{RUB};
  put(trail, "five", 5);
  put(trail, "by hand");
  EXPECT_EQ(name_of(trail), "by hand");
  EXPECT_EQ(trail.table(Kind::channels).integer_at(0, "version"), 5);
  put(trail, "five again", 5);  // not greater
  EXPECT_EQ(name_of(trail), "by hand");
  trail.remove(Kind::channels, "c", 5);
  EXPECT_EQ(name_of(trail), "by hand");
  put(trail, "by hand again");
  EXPECT_EQ(name_of(trail), "by hand again");
  put(trail, "six", 6);
  EXPECT_EQ(name_of(trail), "six");
}

TEST(TrailEntryTest, NoVersionIsLessThanEveryVersion) {
  Trail trail{RUB};
  put(trail, "by hand");
  EXPECT_EQ(trail.table(Kind::channels).integer_at(0, "version"), std::nullopt);
  put(trail, "versioned", -1'000);
  EXPECT_EQ(name_of(trail), "versioned");
}

TEST(TrailEntryTest, ARemovalWithoutAVersionIsBeatenOnlyByAGreaterOne) {
  Trail trail{RUB};
  put(trail, "two", 2);
  trail.remove(Kind::channels, "c");
  EXPECT_FALSE(trail.contains(Kind::channels, "c"));
  put(trail, "two again", 2);
  EXPECT_FALSE(trail.contains(Kind::channels, "c"));
  put(trail, "three", 3);
  EXPECT_EQ(name_of(trail), "three");
}

TEST(TrailEntryTest, AnyFullFactBeatsAnyStub) {
  for (const bool stub_first : {true, false}) {
    Trail trail{RUB};
    if (stub_first) put_stub(trail, "stub", 99);  // a stub has no version
    put(trail, "full", -5);
    if (!stub_first) put_stub(trail, "stub", 99);
    EXPECT_EQ(name_of(trail), "full");
    EXPECT_EQ(trail.table(Kind::channels).boolean_at(0, "stub"), false);
  }
  Trail trail{RUB};
  trail.remove(Kind::channels, "c", -5);
  put_stub(trail, "stub");
  EXPECT_FALSE(trail.contains(Kind::channels, "c"));
}

TEST(TrailEntryTest, OfStubsTheSmallerBytesAreKept) {
  for (const bool short_first : {true, false}) {
    Trail trail{RUB};
    put_stub(trail, short_first ? "zz" : "aaa");
    put_stub(trail, short_first ? "aaa" : "zz");
    EXPECT_EQ(name_of(trail), "zz");  // two letters are fewer bytes than three
    put_stub(trail);                  // a null is smaller than any name
    EXPECT_EQ(name_of(trail), "(null)");
    EXPECT_TRUE(trail.contains(Kind::channels, "c"));
    EXPECT_EQ(trail.table(Kind::channels).boolean_at(0, "stub"), true);
    EXPECT_EQ(finding(trail, "equal_version_conflict").count, 0);
  }
}

TEST(TrailEntryTest, AnIdThatIsNotThereIsNotedWhenRemoved) {
  Trail trail{RUB};
  const std::string empty = trail.snapshot();
  trail.remove(Kind::channels, "c", 7);
  EXPECT_EQ(trail.size(), 0U);
  EXPECT_NE(trail.snapshot(), empty);
  put(trail, "late", 7);
  EXPECT_FALSE(trail.contains(Kind::channels, "c"));
}

// A removed fact hides: what links to it counts in (unattributed) until a greater version brings it back.
TEST(TrailEntryTest, ARemovalBreaksLinksAndAGreaterVersionMendsThem) {
  Trail trail{RUB};
  put(trail, "one", 1);
  trail.put(Cost{
      .id = "k", .kind = "marketing", .channel = "c", .amount = testing::rub(5), .at = testing::utc("2026-01-01")});
  EXPECT_EQ(testing::cost_of(trail, "c"), 500);
  trail.remove(Kind::channels, "c", 2);
  EXPECT_EQ(testing::cost_of(trail, "(unattributed)"), 500);
  EXPECT_EQ(finding(trail, "broken_link").ids, "c");
  EXPECT_TRUE(live_is_batch(trail));
  put(trail, "back", 3);
  EXPECT_EQ(testing::cost_of(trail, "c"), 500);
  EXPECT_EQ(finding(trail, "broken_link").count, 0);
  EXPECT_TRUE(live_is_batch(trail));
}

// Law 1 in the small: every order of four versioned statements about one id ends in the same bytes.
TEST(TrailEntryTest, EveryOrderOfAFewStatementsEndsAlike) {
  std::vector<int> order{0, 1, 2, 3, 4, 5};
  std::string expected;
  do {
    Trail trail{RUB};
    for (const int step : order) {
      switch (step) {
        case 0: put(trail, "one", 1); break;
        case 1: put(trail, "other", 1); break;
        case 2: trail.remove(Kind::channels, "c", 2); break;
        case 3: put(trail, "three", 3); break;
        case 4: put(trail, "tie", 3); break;
        default: put_stub(trail, "stub"); break;
      }
    }
    const std::string bytes = trail.snapshot();
    if (expected.empty()) expected = bytes;
    ASSERT_EQ(bytes, expected);
  } while (std::next_permutation(order.begin(), order.end()));
}

}  // namespace
}  // namespace dealtrail
