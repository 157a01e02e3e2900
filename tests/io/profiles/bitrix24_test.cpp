#include "dealtrail/io/profiles/bitrix24.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/io/profile.hpp"

// The profile's facts are tested on pages in tests/python/bitrix24 (SP.11); here: that it is a profile, and whose files are whose.
namespace dealtrail {
namespace {

TEST(Bitrix24ProfileTest, IsBuiltInAndChecked) {
  const Profile profile = Profile::find("bitrix24");
  EXPECT_EQ(profile.name(), "bitrix24");
  EXPECT_EQ(profile.source(), "bitrix24");
  EXPECT_EQ(Profile::parse(profiles::bitrix24).methods(), profile.methods());
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

}  // namespace
}  // namespace dealtrail
