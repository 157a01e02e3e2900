// AT.9: what paths become, by hand; times, milestones and conversions that stay; merging, bytes, mistakes.
#include "dealtrail/journeys/path_transforms.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/refusal.hpp"
#include "support/touch_rows.hpp"

namespace dealtrail {
namespace {

using testing::journeys_of;
using testing::PathRow;
using testing::refusal_code;
using testing::TouchRow;

// The path of each journey, and what came of it: "D A B = 2, 1 not, 500".
std::vector<std::string> told(const Journeys& journeys) {
  std::vector<std::string> lines;
  for (std::size_t journey = 0; journey < journeys.size(); ++journey) {
    std::string line;
    for (const std::uint32_t channel : journeys.path(journey)) line += journeys.channels()[channel] + ' ';
    line += "= " + std::to_string(journeys.conversions(journey)) + ", " + std::to_string(journeys.nulls(journey)) +
            " not, " + std::to_string(journeys.value_minor(journey));
    lines.push_back(line);
  }
  return lines;
}

// The path that other tools show these transforms with.
const std::vector<PathRow> known{{"D>A>B>B>C>D>C>C", 1, 2, 5}};

TEST(PathTransformsTest, TheKnownPathBecomesWhatItsNamesSay) {
  const Journeys journeys = journeys_of(known);
  const auto after = [&](PathTransform how) { return told(transform(journeys, how)).at(0); };
  EXPECT_EQ(after(PathTransform::as_is), "D A B B C D C C = 1, 2 not, 500");
  EXPECT_EQ(after(PathTransform::unique), "D A B B C D C C = 1, 2 not, 500");
  EXPECT_EQ(after(PathTransform::exposure), "D A B C D C = 1, 2 not, 500");
  EXPECT_EQ(after(PathTransform::first), "D A B C = 1, 2 not, 500");
  EXPECT_EQ(after(PathTransform::frequency), "D(2) A(1) B(2) C(3) = 1, 2 not, 500");
  EXPECT_EQ(transform(journeys, PathTransform::as_is), journeys);
  EXPECT_EQ(told(last_touches(journeys, 3)).at(0), "D C C = 1, 2 not, 500");
}

TEST(PathTransformsTest, NamesOfTransformsAreFoundAndOthersAreNot) {
  for (const std::string_view name : {"as_is", "unique", "first", "exposure", "frequency"})
    EXPECT_EQ(to_string(find_path_transform(name).value()), name);
  for (const std::string_view name : {"always", "not_alone", "last"})
    EXPECT_EQ(to_string(find_exclude_when(name).value()), name);
  EXPECT_EQ(find_path_transform("loops"), std::nullopt);
  EXPECT_EQ(find_exclude_when(""), std::nullopt);
}

TEST(PathTransformsTest, ExcludedChannelsGoAlwaysOrUnlessAloneOrOnlyAtTheEnd) {
  const Journeys journeys =
      journeys_of({{"direct>mail>direct>direct", 1, 0, 1}, {"direct>direct", 2, 0, 2}, {"mail", 4, 8, 4}});
  const std::vector<std::string> direct{"direct", "never seen", "direct"};
  EXPECT_EQ(told(exclude(journeys, direct)), (std::vector<std::string>{"= 2, 0 not, 200", "mail = 5, 8 not, 500"}));
  EXPECT_EQ(told(exclude(journeys, direct, ExcludeWhen::not_alone)),
            (std::vector<std::string>{"direct direct = 2, 0 not, 200", "mail = 5, 8 not, 500"}));
  EXPECT_EQ(told(exclude(journeys, direct, ExcludeWhen::last)),
            (std::vector<std::string>{"direct direct = 2, 0 not, 200", "direct mail = 1, 0 not, 100",
                                      "mail = 4, 8 not, 400"}));
  EXPECT_EQ(exclude(journeys, {}), journeys);
}

TEST(PathTransformsTest, TheTouchThatStaysKeepsItsTimeAndTheConversionItsOwn) {
  const Journeys journeys = journeys_of(std::vector<TouchRow>{
      {"ann", 1, "mail"}, {"ann", 2, "portal"}, {"ann", 3, "mail"}, {"ann", 4, "mail", 1, 10}, {"ann", 9, "mail"}});
  const Journeys first = transform(journeys, PathTransform::first);
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(std::vector<std::int64_t>(first.times_us(0).begin(), first.times_us(0).end()),
            (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(first.converted_at_us(0), 4);
  EXPECT_EQ(first.converted_at_us(1), std::nullopt);
  const std::vector<std::string> mail{"mail"};
  const Journeys without = exclude(journeys, mail);
  EXPECT_EQ(told(without), (std::vector<std::string>{"= 0, 1 not, 0", "portal = 1, 0 not, 1000"}));
  EXPECT_EQ(without.converted_at_us(1), 4);
  const std::vector<std::string> both{"mail", "portal"};
  const Journeys nobody = exclude(journeys, both);
  EXPECT_EQ(told(nobody), (std::vector<std::string>{"= 0, 1 not, 0", "= 1, 0 not, 1000"}));
  EXPECT_TRUE(nobody.channels().empty());
  EXPECT_EQ(nobody.converted_at_us(1), 4);
  const Table paths = nobody.paths();
  EXPECT_EQ(paths.text_at(0, "path"), "(unattributed)");
  EXPECT_EQ(Journeys::from_bytes(nobody.to_bytes()), nobody);
}

TEST(PathTransformsTest, MilestonesAndFactsOfATrailStay) {
  Trail trail{RUB};
  const auto day = [](std::int64_t number) { return from_us(1'767'225'600'000'000 + number * us_per_day); };
  trail.put(Channel{.id = "mail", .name = "Mail"});
  trail.put(Channel{.id = "portal", .name = "Portal"});
  trail.put(Announcement{.id = "am", .channel = "mail"});
  trail.put(Announcement{.id = "ap", .channel = "portal"});
  for (const std::int64_t at : {1, 2, 3}) {
    trail.put(Touch{.id = "t" + std::to_string(at),
                    .person = "ann",
                    .announcement = at == 2 ? "ap" : "am",
                    .at = day(at),
                    .kind = "click"});
  }
  trail.put(Deal{.id = "d",
                 .person = "ann",
                 .outcome = "won",
                 .created_at = day(4) + std::chrono::hours{9},
                 .closed_at = day(5),
                 .amount = Money{100'00, RUB}});
  const std::vector<std::string> mail{"mail"};
  const Journeys journeys = exclude(dealtrail::journeys(trail), mail, ExcludeWhen::last);
  const Table table = journeys.table();
  EXPECT_EQ(table.text_at(0, "path"), "mail > portal");
  EXPECT_EQ(table.text_at(0, "fact"), "d");
  EXPECT_EQ(table.time_at(0, "deal_created_at"), day(4) + std::chrono::hours{9});
  EXPECT_EQ(table.time_at(0, "converted_at"), day(5));
}

TEST(PathTransformsTest, ShardsGiveTheSameBytesBeforeAndAfter) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    Random random{seed};
    std::vector<std::vector<TouchRow>> rows(3);
    for (int i = 0; i < 200; ++i) {
      const auto part = static_cast<std::size_t>(random.uniform_int(0, 2));
      const bool converts = random.chance(0.2);
      rows[part].push_back({"who " + std::to_string(part) + std::to_string(random.uniform_int(0, 9)),
                            random.uniform_int(0, 40),
                            std::string(1, static_cast<char>('a' + random.uniform_int(0, 3))), converts ? 1 : 0,
                            converts ? random.uniform_int(0, 3) : 0});
    }
    const std::vector<std::string> some{"a", "c"};
    const auto done = [&](const Journeys& journeys) {
      return last_touches(transform(exclude(journeys, some, ExcludeWhen::always), PathTransform::frequency), 2);
    };
    Journeys before;
    Journeys after;
    for (const auto& part : rows) {
      before.merge(journeys_of(part));
      after.merge(done(journeys_of(part)));
    }
    EXPECT_EQ(done(before).to_bytes(), after.to_bytes());
    EXPECT_EQ(done(before.by_path()), after.by_path());
    EXPECT_EQ(Journeys::from_bytes(after.to_bytes()), after);
  }
}

TEST(PathTransformsTest, NothingStaysNothingAndMistakesAreNamed) {
  EXPECT_EQ(transform(Journeys{}, PathTransform::first), Journeys{});
  EXPECT_EQ(last_touches(Journeys{}, 1), Journeys{});
  const Journeys empty = journeys_of(std::vector<TouchRow>{});
  EXPECT_EQ(last_touches(empty, 1).size(), 0U);
  EXPECT_EQ(Journeys::from_bytes(last_touches(empty, 1).to_bytes()), last_touches(empty, 1));
  EXPECT_EQ(refusal_code([&] { static_cast<void>(last_touches(empty, 0)); }), ErrorCode::invalid_argument);
  Journeys journeys = journeys_of(known);
  const Journeys done = transform(transform(journeys, PathTransform::exposure), PathTransform::frequency);
  EXPECT_EQ(refusal_code([&] { journeys.merge(done); }), ErrorCode::invalid_argument);
  const Table paths = done.paths();
  EXPECT_EQ(paths.meta("transforms"), "exposure; frequency");
}

}  // namespace
}  // namespace dealtrail
