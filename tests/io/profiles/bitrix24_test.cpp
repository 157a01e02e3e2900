#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dealtrail/core/zone.hpp"
#include "dealtrail/io/load.hpp"
#include "dealtrail/io/profile.hpp"

// Every field is compared with a plain reader in tests/python/bitrix24 (SP.11); here: that it is a profile, whose files
// are whose, and that hand-written pages of a portal become cards.
namespace dealtrail {
namespace {

TEST(Bitrix24ProfileTest, IsBuiltInAndChecked) {
  const Profile profile = Profile::find("bitrix24");
  EXPECT_EQ(profile.name(), "bitrix24");
  EXPECT_EQ(profile.source(), "bitrix24");
  EXPECT_EQ(Profile::find(DEALTRAIL_TEST_DATA "/../../profiles/bitrix24.json").methods(), profile.methods());
}

TEST(Bitrix24ProfileTest, FilesFindTheirMethodInEverySpellingOfItsName) {
  const Profile profile = Profile::find("bitrix24");
  const std::vector<std::pair<std::string_view, std::string_view>> expected{
      {"crm.deal.list.json", "crm.deal.list"},
      {"deals__crm-deal-get.0.json", "crm.deal.list"},
      {"2026-03-01_CRM_Deal_List.jsonl", "crm.deal.list"},
      {"deals__contacts__crm-deal-contact-items-get.0.json", "crm.deal.contact.items.get"},
      {"deals__user-defined-fields__crm-deal-userfield-list.0.json", "own fields"},
      {"deals__crm-deal-fields.0.json", "fields"},
      {"crm_item_list_1040.json", "crm.item.list"},
      {"crm_item_list_deal.50.json", "crm.deal.list"},
      {"stagehistory.json", "crm.stagehistory.list"},
      {"crm_stagehistory_list_lead.json", "crm.stagehistory.list of leads"},
      {"voximplant.statistic.get.json", "voximplant.statistic.get"},
  };
  for (const auto& [file, method] : expected) {
    const auto* found = profile.method_of_file(file);
    ASSERT_NE(found, nullptr) << file;
    EXPECT_EQ(found->name, method) << file;
  }
  EXPECT_EQ(profile.method_of_file("call_batch.json"), nullptr);
}

TEST(Bitrix24ProfileTest, AMethodThatPutsNothingSaysWhy) {
  const Profile profile = Profile::find("bitrix24");
  EXPECT_TRUE(profile.method("crm.category.list").puts.empty());
  EXPECT_FALSE(profile.method("crm.deal.list").puts.empty());
}

TEST(Bitrix24ProfileTest, PagesOfAPortalBecomeFactsAndCards) {
  TrailOptions options;
  options.zone = Zone::fixed(10'800, "+03:00");
  Trail trail{RUB, options};
  const LoadReport report = load(trail, std::string(DEALTRAIL_TEST_DATA) + "/bitrix24", Profile::find("bitrix24"));
  // Deals 410, 411, 412 come in both spellings, and say the same: 3 deals, and 413 of the batch.
  EXPECT_EQ(trail.size(Kind::deals), 4U);
  EXPECT_EQ(trail.size(Kind::leads), 3U);
  EXPECT_EQ(trail.size(Kind::people), 3U);  // 84, 85, and 86 of whom only the deal's contacts tell
  EXPECT_EQ(trail.size(Kind::companies), 2U);
  EXPECT_EQ(trail.size(Kind::partners), 1U);
  EXPECT_EQ(trail.size(Kind::contact_points), 5U);  // four of contact 84, one of company 9
  EXPECT_EQ(trail.size(Kind::roles), 2U);
  EXPECT_EQ(trail.size(Kind::moves), 3U);
  EXPECT_EQ(trail.size(Kind::managers), 2U);
  EXPECT_EQ(trail.size(Kind::activities), 2U);
  EXPECT_EQ(trail.size(Kind::touches), 8U);  // 2 deals, 2 leads, 1 contact, 3 calls of clients
  std::vector<std::string> codes;
  for (const ReadProblem& problem : report.read.problems) codes.push_back(problem.code);
  // Methods that these pages are not of, and one command of the batch.
  EXPECT_EQ(codes, (std::vector<std::string>{"method_without_file", "source_error"}));
  EXPECT_TRUE(report.put.problems().empty());
  const Card total = trail.card("(total)");
  EXPECT_EQ(total.deals, 4);
  EXPECT_EQ(total.won, 1);
  EXPECT_EQ(total.amount_won, (Money{12'850'007, RUB}));
  EXPECT_EQ(total.leads, 3);
  EXPECT_EQ(total.leads_not_junk, 2);
}

TEST(Bitrix24ProfileTest, TheSamePagesAgainChangeNothing) {
  const std::string folder = std::string(DEALTRAIL_TEST_DATA) + "/bitrix24";
  const Profile profile = Profile::find("bitrix24");
  Trail once{RUB};
  load(once, folder, profile);
  Trail twice{RUB};
  load(twice, folder, profile);
  load(twice, folder, profile);
  EXPECT_EQ(once.snapshot(), twice.snapshot());
}

}  // namespace
}  // namespace dealtrail
